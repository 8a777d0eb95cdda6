#include "lint/keyword_scan.h"

#include <deque>

namespace helmme::lint {

KeywordScan::KeywordScan(const std::vector<std::string_view>& words) {
  number_bytes(words);
  build(words);
  for (std::size_t c = 0; c < begins_word_.size(); ++c) {
    begins_word_[c] = next_[class_[c]] != 0;
  }
}

void KeywordScan::number_bytes(const std::vector<std::string_view>& words) {
  for (const std::string_view word : words) {
    lengths_.push_back(word.size());
    for (const char c : word) {
      std::uint8_t& number = class_[static_cast<unsigned char>(c)];
      if (number == 0) {
        number = static_cast<std::uint8_t>(classes_++);
      }
    }
  }
  for (unsigned char c = 'a'; c <= 'z'; ++c) {
    class_[static_cast<std::size_t>(c) - 'a' + 'A'] = class_[c];
  }
}

void KeywordScan::build(const std::vector<std::string_view>& words) {
  next_.assign(classes_, 0);
  std::vector<std::vector<std::uint32_t>> outputs(1);
  for (std::uint32_t word = 0; word < words.size(); ++word) {
    std::uint32_t state = 0;
    for (const char c : words[word]) {
      const std::size_t at = state * classes_ + class_[static_cast<unsigned char>(c)];
      if (next_[at] == 0) {
        const auto made = static_cast<std::uint32_t>(outputs.size());
        next_[at] = made;
        next_.resize(next_.size() + classes_, 0);
        outputs.emplace_back();
      }
      state = next_[at];
    }
    outputs[state].push_back(word);
  }
  // Breadth first, so that the state that a failure leads to is complete before it is used.
  std::vector<std::uint32_t> failure(outputs.size(), 0);
  std::deque<std::uint32_t> open;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (next_[c] != 0) {
      open.push_back(next_[c]);
    }
  }
  while (!open.empty()) {
    const std::uint32_t state = open.front();
    open.pop_front();
    outputs[state].insert(outputs[state].end(), outputs[failure[state]].begin(), outputs[failure[state]].end());
    for (std::size_t c = 0; c < classes_; ++c) {
      const std::uint32_t after_failure = next_[failure[state] * classes_ + c];
      std::uint32_t& after = next_[state * classes_ + c];
      if (after == 0) {
        after = after_failure;
      } else {
        failure[after] = after_failure;
        open.push_back(after);
      }
    }
  }
  for (const std::vector<std::uint32_t>& of_state : outputs) {
    outputs_begin_.push_back(static_cast<std::uint32_t>(outputs_.size()));
    outputs_.insert(outputs_.end(), of_state.begin(), of_state.end());
  }
  outputs_begin_.push_back(static_cast<std::uint32_t>(outputs_.size()));
}

}  // namespace helmme::lint
