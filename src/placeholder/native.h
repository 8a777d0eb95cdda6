// The native grammar:
//
//   placeholder = "${secret:" [ bundle "/" ] key [ "?" ] "}"
//   bundle, key = 1*( ALPHA / DIGIT / "." / "_" / "-" )
//   literal     = "$${secret:"          comes out as "${secret:"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "placeholder/reference.h"

namespace helmme::placeholder {

inline constexpr std::string_view k_native_marker = "${secret:";
inline constexpr std::string_view k_native_escape = "$${secret:";

// Something of the native grammar in a scalar's value, in order.
struct NativeMatch {
  enum class Kind {
    reference,
    escape,     // reference.begin and .length: the "$${secret:"
    malformed,  // reference.begin and .length: as far as it goes; `problem` says what is wrong
  };
  Kind kind = Kind::reference;
  Reference reference;
  std::string problem;
};

[[nodiscard]] std::vector<NativeMatch> find_native(std::string_view value);

// True where `text` may be base64 of something that holds the marker: at each of the three offsets at which a
// byte can stand in base64's groups of three, the marker's middle has one spelling. Go's base64 reader skips line ends,
// so they do not count, nor what a manifest writes beside or for them: blanks, `\n` and `\r` in double quotes.
[[nodiscard]] bool may_hold_base64_marker(std::string_view text);

}  // namespace helmme::placeholder
