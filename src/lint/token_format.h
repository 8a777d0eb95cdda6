// Tokens that show by their form who made them: formats as data, behind one pass for their keywords. A pattern is
// compiled when its keyword is first seen.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace helmme::lint {

struct TokenFormat {
  std::string_view what;                   // "a GitHub token"
  std::string_view pattern;                // RE2; the first group, where there is one, is the secret
  std::vector<std::string_view> keywords;  // lower case; a token holds at least one of them
  double entropy = 3.0;                    // bits a character that a real one has at least
};

[[nodiscard]] std::span<const TokenFormat> token_formats();

struct TokenMatch {
  std::string_view what;
  Span span;
};

// Finds tokens and private keys in a text, in order, none twice. Linear in the text; safe to use from many threads.
class TokenScanner {
 public:
  TokenScanner();
  TokenScanner(const TokenScanner&) = delete;
  TokenScanner& operator=(const TokenScanner&) = delete;
  ~TokenScanner();

  [[nodiscard]] std::vector<TokenMatch> find(std::string_view text) const;

  // What a value holds once it is decoded: base64, hexadecimal or percent encoding, in each other up to two deep.
  // "an encoded …" stands for itself in messages; the span is the whole value's.
  [[nodiscard]] std::optional<std::string_view> find_encoded(std::string_view value, int depth = 2) const;

 private:
  class Patterns;
  std::unique_ptr<Patterns> patterns_;
};

inline constexpr std::string_view k_private_key = "a private key";

// The private key in PEM that begins at `begin` ("-----BEGIN …"): up to and with its end line. nullopt: it is a public
// key, a template, or has no body.
[[nodiscard]] std::optional<Span> private_key_at(std::string_view text, std::size_t begin);

}  // namespace helmme::lint
