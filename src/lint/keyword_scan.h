// Finds many words in a text in one pass (Aho and Corasick, "Efficient string matching", CACM 18(6), 1975), without
// regard to the case of ASCII letters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace helmme::lint {

class KeywordScan {
 public:
  // `words`: not empty, in lower case. The automaton has one row of bytes' classes a state.
  explicit KeywordScan(const std::vector<std::string_view>& words);

  // Calls hit(index of the word, offset of its first byte) for every occurrence, by its end.
  template <typename Hit>
  void scan(std::string_view text, Hit&& hit) const {
    std::uint32_t state = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      // Most bytes of most texts begin no word.
      if (state == 0 && !begins_word_[static_cast<unsigned char>(text[i])]) {
        continue;
      }
      state = next_[state * classes_ + class_[static_cast<unsigned char>(text[i])]];
      for (std::uint32_t at = outputs_begin_[state]; at < outputs_begin_[state + 1]; ++at) {
        const std::uint32_t word = outputs_[at];
        hit(word, i + 1 - lengths_[word]);
      }
    }
  }

 private:
  void number_bytes(const std::vector<std::string_view>& words);
  void build(const std::vector<std::string_view>& words);

  std::array<std::uint8_t, 256> class_{};  // 0: in no word
  std::size_t classes_ = 1;
  std::array<bool, 256> begins_word_{};
  std::vector<std::uint32_t> next_;           // by state and class
  std::vector<std::uint32_t> outputs_begin_;  // by state, into outputs_
  std::vector<std::uint32_t> outputs_;
  std::vector<std::size_t> lengths_;
};

}  // namespace helmme::lint
