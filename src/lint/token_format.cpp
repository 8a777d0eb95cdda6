#include "lint/token_format.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string>

#include "base/secret.h"
#include "crypto/base64.h"
#include "lint/characters.h"
#include "lint/keyword_scan.h"
#include "lint/value.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_pem_begin = "-----begin ";
// Beyond this a token is none.
constexpr std::size_t k_window = 8192;
constexpr std::size_t k_before = 64;
constexpr std::size_t k_longest_key = 65536;
constexpr std::size_t k_shortest_key = 40;
constexpr std::size_t k_shortest_whole_key = 128;
constexpr std::size_t k_shortest_run = 16;
constexpr std::size_t k_shortest_encoded = 20;
constexpr std::size_t k_longest_encoded = std::size_t{1} << 20U;

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("+/=_-.:~").find(c) != std::string_view::npos;
}

// A documentation's token: the vendor's own example, or one that nobody could use.
bool is_known_example(std::string_view token) {
  // The signature of the example at jwt.io.
  return contains(token, "EXAMPLE") || contains(token, "example") || contains(token, "xxxx") ||
         contains(token, "XXXX") || contains(token, "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c") ||
         contains(token, "1234567890abcdef1234567890abcdef") || contains(token, "your") || contains(token, "fake");
}

bool is_base64(std::string_view value) {
  return value.size() >= k_shortest_encoded && value.size() <= k_longest_encoded &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return is_token_character(c) ? std::string_view("_-.:~").find(c) == std::string_view::npos
                                        : c == '\n' || c == '\r';
         });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::optional<base::Secret> decode_hex(std::string_view value) {
  if (value.size() < 2 * k_shortest_encoded || value.size() % 2 != 0 || value.size() > k_longest_encoded) {
    return std::nullopt;
  }
  std::string out;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    const int high = hex_digit(value[i]);
    const int low = hex_digit(value[i + 1]);
    if (high < 0 || low < 0) {
      base::cleanse(out);
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
  }
  base::Secret secret(out);
  base::cleanse(out);
  return secret;
}

std::optional<base::Secret> decode_percent(std::string_view value) {
  if (!contains(value, "%") || value.size() > k_longest_encoded) {
    return std::nullopt;
  }
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escape =
        value[i] == '%' && i + 2 < value.size() && hex_digit(value[i + 1]) >= 0 && hex_digit(value[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_digit(value[i + 1]) * 16 + hex_digit(value[i + 2])) : value[i];
    i += escape ? 2 : 0;
  }
  base::Secret secret(out);
  base::cleanse(out);
  return secret;
}

// The base64 of a key.
struct Body {
  std::size_t characters = 0;  // in runs as long as only base64 has them
  std::size_t end = 0;         // behind the last such run
  bool whole = true;           // nothing else stands in it: no prose, no template, no example's "..."
};

Body read_body(std::string_view text) {
  Body body;
  std::size_t run = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    const bool escape = c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r');
    if (!escape && is_token_character(c) && std::string_view("_-.:~").find(c) == std::string_view::npos) {
      ++run;
      continue;
    }
    if (run >= k_shortest_run) {
      body.characters += run;
      body.end = i;
    }
    run = 0;
    if (escape) {
      ++i;
    } else if (std::string_view(" \t\r\n#\"',:-").find(c) == std::string_view::npos) {
      body.whole = false;
      // Documentation shows a key's first line, and dots for the others.
      if (body.characters < k_shortest_whole_key && text.substr(i, 3) == "...") {
        body.characters = 0;
      }
      return body;
    }
  }
  return body;
}

}  // namespace

std::optional<Span> private_key_at(std::string_view text, std::size_t begin) {
  std::string_view rest = text.substr(begin, k_longest_key);
  const std::size_t label_end = rest.substr(0, 80).find("-----", 5);
  if (label_end == std::string_view::npos || !rest.starts_with("-----BEGIN ")) {
    return std::nullopt;
  }
  const std::string_view label = rest.substr(0, label_end);
  if (!contains(label, "PRIVATE KEY")) {
    return std::nullopt;
  }
  // No further than the next key, so that many open ones take no longer than one.
  rest = rest.substr(0, rest.find("-----BEGIN ", label_end + 5));
  const std::size_t end = rest.find("-----END ", label_end);
  const std::size_t closed = end == std::string_view::npos ? end : rest.find("-----", end + 8);
  const std::size_t body = label_end + 5;
  const Body read = read_body(rest.substr(body, std::min(end, rest.size()) - body));
  if (read.characters < k_shortest_key) {
    return std::nullopt;
  }
  return Span{begin, begin + (closed != std::string_view::npos && read.whole ? closed + 5 : body + read.end)};
}

// The automaton, and each format's pattern once it is needed.
class TokenScanner::Patterns {
 public:
  Patterns() : scan_(words_of(formats_)), compiled_(formats_.size()), once_(formats_.size()) {
    for (std::uint32_t format = 0; format < formats_.size(); ++format) {
      format_of_word_.insert(format_of_word_.end(), formats_[format].keywords.size(), format);
    }
  }

  std::vector<TokenMatch> find(std::string_view text) {
    std::vector<TokenMatch> matches;
    std::vector<std::size_t> covered(formats_.size(), 0);
    std::size_t key_end = 0;
    scan_.scan(text, [&](std::uint32_t word, std::size_t begin) {
      if (word >= format_of_word_.size()) {
        const std::optional<Span> key = begin < key_end ? std::nullopt : private_key_at(text, begin);
        if (key) {
          key_end = key->end;
          matches.push_back({k_private_key, *key});
        }
        return;
      }
      search(format_of_word_[word], text, begin, covered, matches);
    });
    std::stable_sort(matches.begin(), matches.end(),
                     [](const TokenMatch& a, const TokenMatch& b) { return a.span.begin < b.span.begin; });
    drop_overlaps(matches);
    return matches;
  }

 private:
  static std::vector<std::string_view> words_of(std::span<const TokenFormat> formats) {
    std::vector<std::string_view> words;
    for (const TokenFormat& format : formats) {
      words.insert(words.end(), format.keywords.begin(), format.keywords.end());
    }
    words.push_back(k_pem_begin);
    return words;
  }

  const RE2& pattern(std::uint32_t format) {
    std::call_once(once_[format], [&] {
      RE2::Options options;
      options.set_log_errors(false);
      compiled_[format] = std::make_unique<RE2>(
          re2::StringPiece(formats_[format].pattern.data(), formats_[format].pattern.size()), options);
    });
    return *compiled_[format];
  }

  // Looks at the word around a keyword, never twice at the same bytes.
  void search(std::uint32_t format, std::string_view text, std::size_t keyword, std::vector<std::size_t>& covered,
              std::vector<TokenMatch>& matches) {
    if (keyword < covered[format]) {
      return;
    }
    std::size_t begin = keyword;
    while (begin > covered[format] && keyword - begin < k_before && text[begin - 1] != '\n') {
      --begin;
    }
    std::size_t end = keyword + 8 < text.size() ? keyword + 8 : text.size();
    while (end < text.size() && end - keyword < k_window &&
           (is_token_character(text[end]) || text[end] == '@' || text[end] == ',')) {
      ++end;
    }
    end = std::min(end + 1, text.size());
    const RE2& compiled = pattern(format);
    const re2::StringPiece piece(text.data(), text.size());
    std::array<re2::StringPiece, 2> groups;
    const int wanted = 1 + std::min(1, compiled.NumberOfCapturingGroups());
    std::size_t from = begin;
    while (from < end && compiled.Match(piece, from, end, RE2::UNANCHORED, groups.data(), wanted)) {
      const re2::StringPiece& secret = groups[static_cast<std::size_t>(wanted) - 1];
      const auto at = static_cast<std::size_t>(secret.data() - text.data());
      const std::string_view token = text.substr(at, secret.size());
      if (!is_known_example(token) && entropy(token) >= formats_[format].entropy) {
        matches.push_back({formats_[format].what, {at, at + token.size()}});
      }
      from = std::max(static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size(), from + 1);
    }
    covered[format] = end;
  }

  // Of two that overlap, the longer one.
  static void drop_overlaps(std::vector<TokenMatch>& matches) {
    std::vector<TokenMatch> kept;
    for (const TokenMatch& match : matches) {
      if (kept.empty() || !kept.back().span.overlaps(match.span)) {
        kept.push_back(match);
      } else if (match.span.end - match.span.begin > kept.back().span.end - kept.back().span.begin) {
        kept.back() = match;
      }
    }
    matches = std::move(kept);
  }

  std::span<const TokenFormat> formats_ = token_formats();
  KeywordScan scan_;
  std::vector<std::uint32_t> format_of_word_;
  std::vector<std::unique_ptr<RE2>> compiled_;
  std::vector<std::once_flag> once_;
};

TokenScanner::TokenScanner() : patterns_(std::make_unique<Patterns>()) {}
TokenScanner::~TokenScanner() = default;

std::vector<TokenMatch> TokenScanner::find(std::string_view text) const { return patterns_->find(text); }

std::optional<std::string_view> TokenScanner::find_encoded(std::string_view value, int depth) const {
  value = trim(value);
  if (depth <= 0 || value.size() < k_shortest_encoded) {
    return std::nullopt;
  }
  std::array<std::optional<base::Secret>, 3> decoded = {is_base64(value) ? crypto::decode_base64(value) : std::nullopt,
                                                        decode_hex(value), decode_percent(value)};
  for (const std::optional<base::Secret>& secret : decoded) {
    if (!secret || secret->reveal() == value) {
      continue;
    }
    const std::vector<TokenMatch> inside = find(secret->reveal());
    if (!inside.empty()) {
      return inside.front().what;
    }
    if (const auto deeper = find_encoded(secret->reveal(), depth - 1)) {
      return deeper;
    }
  }
  return std::nullopt;
}

}  // namespace helmme::lint
