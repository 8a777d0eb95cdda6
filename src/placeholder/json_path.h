// JSONPath as kubectl knows it (https://kubernetes.io/docs/reference/kubectl/jsonpath/,
// k8s.io/client-go/util/jsonpath): text with actions in braces.
//
//   {.a.b}  {$.a}  {@}            fields; `\.` is a dot in a name; {['a']} too
//   {[0]} {[-1]} {[1:3]} {[::2]}  items of a list
//   {[*]} {.*}                    all items, all fields
//   {[0,2]} {['a','b']}           several
//   {..a}                         at any depth
//   {[?(@.a=="x")]} {[?(@.a)]}    items for which that holds: == != < <= > >=, or which have the field
//   {"\n"} {'text'}               text
//   {range .items[*]}…{end}       once for each
//
// Several results are written with a blank between them, lists and maps as JSON.
//
// Unlike there: a number equals the number however each is written (1 and 1.0), map entries come in the order in which
// they were read, ['tls.crt'] finds a key of that name before it is taken for .tls.crt, {.} is {@}, and an expression
// without braces that begins with ".", "[", "$" or "@" stands for the one in braces.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

struct JsonPathBlock;

class JsonPath {
 public:
  // bad_input, with the expression's byte at which reading stopped.
  [[nodiscard]] static base::Result<JsonPath> parse(std::string_view expression);
  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;
  ~JsonPath();

  // not_found: a field that none of the values has. bad_input: an index out of bounds, an index or filter of what is no
  // list, two values that cannot be compared, more than k_json_path_step_limit steps.
  [[nodiscard]] base::Result<base::Secret> execute(const FetchedValue& value) const;

 private:
  explicit JsonPath(std::unique_ptr<JsonPathBlock> block);
  std::unique_ptr<JsonPathBlock> block_;
};

// Expressions can multiply: {..}{..} in a range, `..` behind `..`.
inline constexpr std::size_t k_json_path_step_limit = 1'000'000;
inline constexpr std::size_t k_json_path_depth_limit = 32;

}  // namespace helmme::placeholder
