// The data path: manifests in, manifests out, with as few copies as may be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace helmme::cli {

// The bytes of an input: a private map of a file, or memory that grew while a pipe was read.
class InputBytes {
 public:
  InputBytes() = default;
  InputBytes(void* map, std::size_t map_size, std::size_t begin, std::size_t size) noexcept
      : map_(map), map_size_(map_size), begin_(begin), size_(size) {}
  InputBytes(const InputBytes&) = delete;
  InputBytes& operator=(const InputBytes&) = delete;
  InputBytes(InputBytes&& other) noexcept;
  InputBytes& operator=(InputBytes&& other) noexcept;
  ~InputBytes();

  // Valid as long as this object.
  [[nodiscard]] std::string_view view() const noexcept;

 private:
  void* map_ = nullptr;
  std::size_t map_size_ = 0;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

// All that is left to read, from the descriptor's offset on. `output`: where the result will be written; an input
// that is the same file is copied, since a map would change under our hands.
[[nodiscard]] base::Result<InputBytes> read_input(int descriptor, int output, const std::string& name);

// The file, or standard input for "-".
[[nodiscard]] base::Result<InputBytes> open_input(const std::string& path, int output);

// A small file, as text.
[[nodiscard]] base::Result<std::string> read_text(const std::string& what, const std::string& path);

enum class Written { all, reader_left };

// Writes the pieces one after the other. A reader that left early is no error; a full disk is `unavailable`.
[[nodiscard]] base::Result<Written> write_output(int descriptor, const std::vector<std::string_view>& pieces);

}  // namespace helmme::cli
