#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace helmme::base {
namespace {

constexpr std::size_t k_snippet_limit = 160;

void append_escaped(std::string& out, unsigned char byte) {
  constexpr std::array<char, 16> k_digits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                             '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  out += "\\x";
  out += k_digits[byte >> 4U];
  out += k_digits[byte & 0xFU];
}

// Optimal string alignment: how many letters are wrong, missing, too many, or swapped with the one before.
std::size_t slips_between(std::string_view word, std::string_view candidate) {
  std::vector<std::size_t> two_up(candidate.size() + 1);
  std::vector<std::size_t> up(candidate.size() + 1);
  std::vector<std::size_t> row(candidate.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < word.size(); ++i) {
    two_up.swap(up);
    up.swap(row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < candidate.size(); ++j) {
      const std::size_t substituted = up[j] + (word[i] == candidate[j] ? 0U : 1U);
      row[j + 1] = std::min({substituted, row[j] + 1, up[j + 1] + 1});
      if (i > 0 && j > 0 && word[i] == candidate[j - 1] && word[i - 1] == candidate[j]) {
        row[j + 1] = std::min(row[j + 1], two_up[j - 1] + 1);
      }
    }
  }
  return row.back();
}

// How many characters `text` has; a byte that is no UTF-8 counts as one.
std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
    ++count;
  }
  return count;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0U) == 0x80U; };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF && continues(1)) {
    return 2;
  }
  if ((first & 0xF0U) == 0xE0U && continues(1) && continues(2)) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3)) {
    const bool out_of_range = (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90);
    return out_of_range ? 0 : 4;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t length = utf8_length(text);
    const bool c1_control = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (text[0] == '\t') {
      out += ' ';
      text.remove_prefix(1);
    } else if (length == 0 || first < 0x20 || first == 0x7F || c1_control) {
      const std::size_t taken = std::max<std::size_t>(length, 1);
      for (const char c : text.substr(0, taken)) {
        append_escaped(out, static_cast<unsigned char>(c));
      }
      text.remove_prefix(taken);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

Location locate(std::string_view file, std::string_view text, std::size_t offset, std::size_t length, bool redact) {
  offset = std::min(offset, text.size());
  Location location;
  location.file = std::string(file);
  location.line =
      1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > begin && text[end - 1] == '\r') {
    --end;
  }
  location.column = 1 + character_count(text.substr(begin, offset - begin));
  if (redact) {
    return location;
  }
  const std::string_view line = text.substr(begin, end - begin);
  location.length =
      std::max<std::size_t>(1, character_count(text.substr(offset, std::min(length, end > offset ? end - offset : 0))));
  if (line.size() <= k_snippet_limit) {
    location.snippet = std::string(line);
  }
  return location;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    // A word that was cut short is as near as one wrong letter.
    const bool cut = word.size() >= 3 && candidate.starts_with(word);
    const std::size_t distance = cut ? 1 : slips_between(word, candidate);
    // Of a word whose every letter is wrong, nothing is left that could be meant.
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) {
      out += i + 1 == words.size() ? " and " : ", ";
    }
    out += words[i];
  }
  return out;
}

std::string percent_encode(std::string_view text, std::string_view kept) {
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += k_digits[byte >> 4U];
      out += k_digits[byte & 0xFU];
    }
  }
  return out;
}

}  // namespace helmme::base
