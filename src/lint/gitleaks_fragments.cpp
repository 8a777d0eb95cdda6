// sources/file.go and sources/common.go of gitleaks 8: a file is read through a bufio.Reader into a buffer of 100 kB;
// what was read is extended byte by byte to the next blank line, no further than 25 kB; and what the reader had read
// ahead for that, up to 4096 bytes, is all that the next read gets.
#include <algorithm>

#include "lint/gitleaks_scan.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_buffer = 100000;
constexpr std::size_t k_most_more = 25000;
constexpr std::size_t k_reader = 4096;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Two line breaks with nothing but white space around them.
bool ends_in_blank_line(std::string_view text) {
  int breaks = 0;
  for (; !text.empty() && is_space(text.back()); text.remove_suffix(1)) {
    breaks += text.back() == '\n' ? 1 : 0;
    if (breaks == 2) {
      return true;
    }
  }
  return false;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // The next piece; empty at the end.
  Span next() {
    const std::size_t begin = at_;
    const std::size_t count = std::min(ahead_ > 0 ? std::min(ahead_, k_buffer) : k_buffer, text_.size() - at_);
    ahead_ -= std::min(ahead_, count);
    at_ += count;
    if (count > 0 && !ends_in_blank_line(text_.substr(begin, count))) {
      extend(begin + count);
    }
    return {begin, at_};
  }

 private:
  void extend(std::size_t read) {
    for (int breaks = 0; at_ < text_.size() && at_ - read < k_most_more;) {
      const char last = text_[at_ - 1];
      breaks = last == '\n' ? breaks + 1 : is_space(last) ? breaks : 0;
      if (breaks == 2) {
        return;
      }
      if (ahead_ == 0) {
        ahead_ = std::min(k_reader, text_.size() - at_);
      }
      ++at_;
      --ahead_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t ahead_ = 0;
};

}  // namespace

std::vector<Span> gitleaks_fragments(std::string_view text) {
  std::vector<Span> pieces;
  Reader reader(text);
  for (Span piece = reader.next(); piece.begin < piece.end; piece = reader.next()) {
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace helmme::lint
