// Puts a FetchedValue together from a parser's events; the parsers of JSON and YAML share it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

// A FetchedValue is built, copied and destroyed by recursion.
inline constexpr std::size_t k_value_depth_limit = 256;

class ValueBuilder {
 public:
  // False: nested deeper than k_value_depth_limit.
  [[nodiscard]] bool open(FetchedValue::Kind kind);
  // The list or map that was opened last; it goes to where it stands, or is root().
  void close();
  // The key of what comes next. False: the map that is open has it already.
  [[nodiscard]] bool key(std::string_view name);
  void add(FetchedValue value);

  [[nodiscard]] FetchedValue& root() noexcept { return root_; }
  // What was added or closed last; valid until the next call.
  [[nodiscard]] const FetchedValue& last() const noexcept;
  // Takes it out again, with its key's place; the key may then be given anew.
  [[nodiscard]] FetchedValue take_last();

 private:
  struct Open {
    FetchedValue value;
    std::string key;
    std::unordered_set<std::string> names;
  };
  std::vector<Open> open_;
  FetchedValue root_;
};

}  // namespace helmme::placeholder
