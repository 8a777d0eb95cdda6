// Where the lines of a text begin.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace helmme::lint {

class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    begins_.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      begins_.push_back(at + 1);
    }
  }

  // From 1.
  [[nodiscard]] std::size_t number_of(std::size_t offset) const {
    return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), offset) - begins_.begin());
  }
  [[nodiscard]] std::size_t count() const noexcept { return begins_.size(); }
  [[nodiscard]] std::size_t begin_of(std::size_t number) const { return begins_[number - 1]; }
  // Without its line end.
  [[nodiscard]] std::string_view line(std::size_t number) const {
    const std::size_t begin = begins_[number - 1];
    std::size_t end = number < begins_.size() ? begins_[number] - 1 : text_.size();
    end -= end > begin && text_[end - 1] == '\r' ? 1U : 0U;
    return text_.substr(begin, end - begin);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

}  // namespace helmme::lint
