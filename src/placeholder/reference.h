// placeholder: the grammars of text that stands for a secret. Pure functions over a scalar's value; one file
// a grammar. Uses base only.
#pragma once

#include <cstddef>
#include <string>

namespace helmme::placeholder {

// A parsed placeholder and where it stands, in bytes of the scalar's value.
struct Reference {
  std::string bundle;  // empty: the bundle is not named
  std::string key;
  bool optional = false;  // `?` at the end
  std::size_t begin = 0;
  std::size_t length = 0;

  [[nodiscard]] bool operator==(const Reference&) const = default;
};

}  // namespace helmme::placeholder
