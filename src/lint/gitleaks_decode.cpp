#include "lint/gitleaks_decode.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/secret.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_shortest_hex = 32;
constexpr std::size_t k_shortest_base64 = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hex_digit(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_hex(char c) { return hex_digit(c) >= 0; }

// Of base64 and base64url; '=' only closes.
bool is_base64(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '/' || c == '+' || c == '-'; }

// 9 to 126: what gitleaks takes for printable.
bool is_shown(int byte) { return byte > 0x08 && byte < 0x7F; }

// In the order of precedence, the strongest first.
enum class Encoding : std::uint8_t { percent, unicode, hex, base64 };

struct Encoded {
  Encoding encoding = Encoding::base64;
  Span span;
};

// The matches of
//   %[0-9A-Fa-f]{2}(?:.*%[0-9A-Fa-f]{2})?  |  (?:U\+[a-fA-F0-9]{4}(?:\s|$))+  |  (?:\\{1,2}u[a-fA-F0-9]{4})+
//   |  [0-9A-Fa-f]{32,}  |  [\w\/+-]{16,}={0,2}
// as FindAll gives them: leftmost, the first alternative that matches, greedy. Linear to the text.
class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::vector<Encoded> find() {
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      std::size_t end = at;
      if (c == '%') {
        end = add(Encoding::percent, at, percent_end(at));
      } else if (c == '\\') {
        end = add(Encoding::unicode, at, escapes_end(at));
      } else if (is_base64(c)) {
        end = run(at);
      }
      at = std::max(end, at + 1);
    }
    return std::move(found_);
  }

 private:
  std::size_t add(Encoding encoding, std::size_t begin, std::size_t end) {
    if (end > begin) {
      found_.push_back({encoding, {begin, end}});
    }
    return end;
  }

  // A run of base64's characters, which a hexadecimal one or code points may begin.
  std::size_t run(std::size_t at) {
    if (text_[at] == 'U') {
      if (const std::size_t end = code_points_end(at); end > at) {
        return add(Encoding::unicode, at, end);
      }
    }
    if (const std::size_t end = end_of(at, is_hex, hex_end_); end - at >= k_shortest_hex) {
      return add(Encoding::hex, at, end);
    }
    std::size_t end = end_of(at, is_base64, run_end_);
    if (end - at < k_shortest_base64) {
      return at;
    }
    for (std::size_t closing = 0; closing < 2 && end < text_.size() && text_[end] == '='; ++closing) {
      ++end;
    }
    return add(Encoding::base64, at, end);
  }

  // The end of the run of such characters that `at` stands in; `known` is the last run's.
  template <typename Is>
  std::size_t end_of(std::size_t at, Is is, std::size_t& known) const {
    if (at >= known) {
      known = at;
      while (known < text_.size() && is(text_[known])) {
        ++known;
      }
    }
    return known;
  }

  [[nodiscard]] bool is_escape(std::size_t at) const {
    return at + 2 < text_.size() && text_[at] == '%' && is_hex(text_[at + 1]) && is_hex(text_[at + 2]);
  }

  // To the last escape of the line; `at` where there is none.
  [[nodiscard]] std::size_t percent_end(std::size_t at) const {
    if (!is_escape(at)) {
      return at;
    }
    std::size_t end = at + 3;
    for (std::size_t i = end; i < text_.size() && text_[i] != '\n'; ++i) {
      end = is_escape(i) ? i + 3 : end;
    }
    return end;
  }

  [[nodiscard]] bool are_hex(std::size_t at, std::size_t count) const {
    return at + count <= text_.size() && std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(at),
                                                     text_.begin() + static_cast<std::ptrdiff_t>(at + count), is_hex);
  }

  [[nodiscard]] std::size_t escapes_end(std::size_t at) const {
    for (;;) {
      std::size_t next = at;
      while (next < text_.size() && next < at + 2 && text_[next] == '\\') {
        ++next;
      }
      const bool whole = next > at && next < text_.size() && (text_[next] == 'u' || text_[next] == 'U');
      if (!whole || !are_hex(next + 1, 4)) {
        return at;
      }
      at = next + 5;
    }
  }

  [[nodiscard]] std::size_t code_points_end(std::size_t at) const {
    for (;;) {
      if (text_.substr(at, 2) != "U+" || !are_hex(at + 2, 4)) {
        return at;
      }
      const std::size_t end = at + 6;
      if (end == text_.size()) {
        return end;
      }
      if (std::string_view(" \t\n\r\f").find(text_[end]) == std::string_view::npos) {
        return at;
      }
      at = end + 1;
    }
  }

  std::string_view text_;
  std::vector<Encoded> found_;
  std::size_t hex_end_ = 0;
  std::size_t run_end_ = 0;
};

// Of two that touch, the weaker one waits for the next pass.
std::vector<Encoded> without_weaker(const std::vector<Encoded>& all) {
  std::vector<Encoded> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto yields = [&](const Encoded& other) {
      return touches(all[i].span, other.span) && other.encoding < all[i].encoding;
    };
    if ((i > 0 && yields(all[i - 1])) || (i + 1 < all.size() && yields(all[i + 1]))) {
      continue;
    }
    kept.push_back(all[i]);
  }
  return kept;
}

// All return "" where nothing is to be read from it.
std::string decode_percent(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escape = value[i] == '%' && i + 2 < value.size() && is_hex(value[i + 1]) && is_hex(value[i + 2]);
    const int byte = escape ? hex_digit(value[i + 1]) * 16 + hex_digit(value[i + 2]) : 0;
    if (escape && !is_shown(byte)) {
      base::cleanse(out);
      return "";
    }
    out += escape ? static_cast<char>(byte) : value[i];
    i += escape ? 2U : 0U;
  }
  return out;
}

std::string decode_hex(std::string_view value) {
  if (value.size() % 2 != 0 || std::none_of(value.begin(), value.end(), is_digit)) {
    return "";
  }
  std::string out;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    const int byte = hex_digit(value[i]) * 16 + hex_digit(value[i + 1]);
    if (!is_shown(byte)) {
      base::cleanse(out);
      return "";
    }
    out += static_cast<char>(byte);
  }
  return out;
}

void add_utf8(std::string& out, unsigned code) {
  const auto byte = [](unsigned bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code >= 0xD800U && code <= 0xDFFFU) {
    code = 0xFFFDU;  // half a pair says nothing by itself
  }
  if (code < 0x80U) {
    out += byte(code);
  } else if (code < 0x800U) {
    out += byte(0xC0U | (code >> 6U));
    out += byte(0x80U | (code & 0x3FU));
  } else {
    out += byte(0xE0U | (code >> 12U));
    out += byte(0x80U | ((code >> 6U) & 0x3FU));
    out += byte(0x80U | (code & 0x3FU));
  }
}

// Four digits after each 'u', 'U' or '+'; what stands between is form.
std::string decode_unicode(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i + 4 < value.size(); ++i) {
    const bool mark = value[i] == '+' || (value[i] == 'u' || (value[i] == 'U' && value[i + 1] != '+'));
    if (!mark) {
      continue;
    }
    unsigned code = 0;
    for (std::size_t digit = i + 1; digit <= i + 4; ++digit) {
      code = code * 16U + static_cast<unsigned>(hex_digit(value[digit]));
    }
    add_utf8(out, code);
    i += 4;
  }
  return out;
}

constexpr std::uint8_t k_no_value = 0xFF;

// RFC 4648's alphabets; `url`: '-' and '_' for '+' and '/'.
std::uint8_t base64_value(char c, bool url) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<std::uint8_t>(c - 'A');
  }
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint8_t>(c - 'a' + 26);
  }
  if (is_digit(c)) {
    return static_cast<std::uint8_t>(c - '0' + 52);
  }
  if (c == (url ? '-' : '+')) {
    return 62;
  }
  return c == (url ? '_' : '/') ? 63 : k_no_value;
}

// The characters, less '=' at the end; the bits that are left over may be anything, as in Go.
std::string decode_base64(std::string_view value, bool url) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : value) {
    const std::uint8_t sextet = base64_value(c, url);
    bool bad = sextet == k_no_value;
    bits = (bits << 6U) | sextet;
    count += 6;
    if (!bad && count >= 8) {
      count -= 8;
      const auto byte = static_cast<unsigned char>(bits >> count);
      bad = !is_shown(byte);
      out += static_cast<char>(byte);
    }
    if (bad) {
      base::cleanse(out);
      return "";
    }
  }
  return out;
}

std::string decode_base64(std::string_view value) {
  const bool likely = std::any_of(value.begin(), value.end(), [](char c) { return is_base64(c) && !is_letter(c); });
  if (!likely) {
    return "";
  }
  const std::string_view bare = value.substr(0, value.find('='));
  if (value.size() % 4 == 0) {
    if (std::string out = decode_base64(bare, false); !out.empty()) {
      return out;
    }
  }
  // base64url comes without '='.
  return bare.size() == value.size() && value.size() % 4 != 1 ? decode_base64(value, true) : "";
}

std::string decode(const Encoded& one, std::string_view value) {
  switch (one.encoding) {
    case Encoding::percent:
      return decode_percent(value);
    case Encoding::unicode:
      return decode_unicode(value);
    case Encoding::hex:
      return decode_hex(value);
    case Encoding::base64:
      break;
  }
  return decode_base64(value);
}

Span merged(Span a, Span b) { return {std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

// A piece of the pass in `passes[count - 1]`.
Span original_of(const std::vector<DecodedPass>& passes, std::size_t count, Span piece) {
  for (; count > 0; --count) {
    const std::vector<DecodedSegment>& segments = passes[count - 1].segments;
    std::optional<Span> encoded;
    // By place, so that the first that may touch is found by halving.
    auto segment =
        std::lower_bound(segments.begin(), segments.end(), piece.begin,
                         [](const DecodedSegment& one, std::size_t begin) { return one.decoded.end < begin; });
    for (; segment != segments.end() && segment->decoded.begin <= piece.end; ++segment) {
      if (segment->decoded.begin <= piece.begin && piece.end <= segment->decoded.end) {
        return segment->original;
      }
      // As far beyond the encoded bytes as the piece reaches beyond the decoded ones.
      const std::size_t before = segment->decoded.begin - std::min(piece.begin, segment->decoded.begin);
      const std::size_t after = std::max(piece.end, segment->decoded.end) - segment->decoded.end;
      const Span one{segment->encoded.begin - std::min(before, segment->encoded.begin), segment->encoded.end + after};
      encoded = encoded ? merged(*encoded, one) : one;
    }
    if (!encoded) {
      return piece;
    }
    piece = *encoded;
  }
  return piece;
}

}  // namespace

DecodedPass decode_once(std::string_view text, const std::vector<DecodedPass>& before) {
  DecodedPass pass;
  std::size_t copied = 0;
  for (const Encoded& one : without_weaker(Finder(text).find())) {
    std::string value = decode(one, text.substr(one.span.begin, one.span.end - one.span.begin));
    if (value.empty()) {
      continue;
    }
    pass.text.append(text.substr(copied, one.span.begin - copied));
    const std::size_t begin = pass.text.size();
    pass.text += value;
    base::cleanse(value);
    pass.segments.push_back({original_of(before, before.size(), one.span), one.span, {begin, pass.text.size()}});
    copied = one.span.end;
  }
  if (!pass.segments.empty()) {
    pass.text.append(text.substr(copied));
  }
  return pass;
}

Span to_original(const std::vector<DecodedPass>& passes, Span piece) {
  return original_of(passes, passes.size(), piece);
}

}  // namespace helmme::lint
