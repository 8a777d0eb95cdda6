// A folder that only we can enter, gone with all it holds at the end of its life.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace helmme::cli {

class TemporaryFolder {
 public:
  // Below $TMPDIR, else /tmp; mode 0700.
  [[nodiscard]] static base::Result<TemporaryFolder> make();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace helmme::cli
