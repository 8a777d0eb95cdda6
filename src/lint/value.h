// What a literal says about itself: is it a secret, or something that only stands where one might.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace helmme::lint {

enum class ValueClass {
  nothing,      // empty, null, blank
  flag,         // true, none, auto, a small number
  reference,    // a template, a placeholder of any dialect, $VARIABLE, a path of a vault, something encrypted
  example,      // <your-token>, xxxx, ****, REPLACE_ME
  file,         // /var/run/secrets/token, ./key.pem
  url,          // without a password
  certificate,  // or a public key, a checksum, an image digest
  prose,        // "Enter your password"
  name,         // redis-password, my-registry: what Kubernetes objects and keys are called
  common,       // changeme, guest, admin: a default that everybody knows
  literal,      // anything else
};

[[nodiscard]] ValueClass classify_value(std::string_view value);

// True where a value of an ambiguous key is a secret all the same.
[[nodiscard]] bool is_secret_of_ambiguous_key(std::string_view value);

// Letters, digits and signs in a mix that no word has: nothing that a person made up to be read.
[[nodiscard]] bool looks_random(std::string_view value);

// Bits a character, of the value's own distribution (Shannon).
[[nodiscard]] double entropy(std::string_view value);

// What stands for a secret instead of being one: every dialect of placeholders, templates, variables.
[[nodiscard]] bool is_reference(std::string_view value);

// 8-4-4-4-12 hexadecimal digits (RFC 9562).
[[nodiscard]] bool is_uuid(std::string_view value);

// "Forgot your password?": begins with a capital and has letters, blanks and a sentence's signs alone.
[[nodiscard]] bool is_title(std::string_view value);

// A title that says what the key says: "One-time token" of login.token.
[[nodiscard]] bool is_title_of(std::string_view key, std::string_view value);

// The value without white space around it.
[[nodiscard]] std::string_view trim(std::string_view value);

}  // namespace helmme::lint
