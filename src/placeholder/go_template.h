// Templates of bank-vaults: text with actions of Go's text/template between "${" and "}"
// (https://pkg.go.dev/text/template, https://masterminds.github.io/sprig/).
//
//   ${.AWS_ID}  ${.login.user}  ${index . "a-b"}  ${(split ":" .x)._0}
//   ${.password | urlquery}  ${printf "%s:%s" .user .pw | b64enc}  ${default "x" .y}
//   ${if .a}…${else if .b}…${else}…${end}
//
// `range`, `with`, variables and templates in templates are none of it. Which functions there are says
// template_function.h. All of it takes the data as it was read: numbers as they are written, lists and maps as JSON.
//
// Unlike there a key that is missing is an error where its text would be written or worked on; `default`, `coalesce`,
// `empty`, `and`, `or`, `not`, `eq`, `ne`, `hasKey` and `if` may meet it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

struct TemplateBlock;

class GoTemplate {
 public:
  // bad_input: the syntax, a function that is not known, by name.
  [[nodiscard]] static base::Result<GoTemplate> parse(std::string_view text);
  GoTemplate(GoTemplate&&) noexcept;
  GoTemplate& operator=(GoTemplate&&) noexcept;
  ~GoTemplate();

  // not_found: a key, with the nearest name in `help`. bad_input: what does not fit a function.
  [[nodiscard]] base::Result<base::Secret> execute(const FetchedValue& data) const;

 private:
  explicit GoTemplate(std::unique_ptr<TemplateBlock> block);
  std::unique_ptr<TemplateBlock> block_;
};

// `text[at]` begins "${": behind the "}" that ends the action, whatever its texts in quotes hold; npos: none does.
[[nodiscard]] std::size_t template_action_end(std::string_view text, std::size_t at);

// The same template between "{{" and "}}". nullopt: it is none, or uses `$`, the whole data.
[[nodiscard]] std::optional<std::string> with_double_braces(std::string_view text);

inline constexpr std::size_t k_template_depth_limit = 32;         // parentheses and ifs
inline constexpr std::size_t k_template_text_limit = 16U << 20U;  // of a result, in bytes

}  // namespace helmme::placeholder
