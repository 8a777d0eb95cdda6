// Files that hold secrets. They are written whole or not at all: into a new file beside the old one, 0600 whatever the
// umask says, synced, then renamed over it. No symlink is followed at the last step of a path: a rename would replace
// the link and leave what it names behind.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::base {

struct PrivateFile {
  Secret bytes;
  mode_t mode = 0;  // the permission bits
};

// nullopt: there is no such file. A symlink, another kind of file, or more than `limit` bytes are bad_input; what may
// not be read is denied. `what` names the file in messages: "local store".
[[nodiscard]] Result<std::optional<PrivateFile>> read_private_file(const std::string& what, const std::string& path,
                                                                   std::size_t limit);

// Where it fails, the old file stands as it was. The new one is PATH.new until it is whole; a leftover of that name,
// from a run that was killed, is replaced: callers that may meet hold a lock.
[[nodiscard]] Result<void> write_private_file(const std::string& what, const std::string& path, std::string_view bytes);

// Renames, and makes that last: the folder is synced.
[[nodiscard]] Result<void> rename_private_file(const std::string& what, const std::string& from, const std::string& to);

// Removes a file that may not be there, and makes that last.
[[nodiscard]] Result<void> remove_private_file(const std::string& what, const std::string& path);

// Makes a folder, 0700, and those above it.
[[nodiscard]] Result<void> make_private_folder(const std::string& what, const std::string& path);

// A lock on a file that processes share, held until this object goes or the process ends, however it ends (flock(2)).
class FileLock {
 public:
  enum class Kind { shared, exclusive };
  // Waits for others up to `patience_ms`, then is unavailable. exclusive makes the file where it is not there; shared
  // takes no lock where it is not there or cannot be opened: then nobody writes.
  [[nodiscard]] static Result<FileLock> take(const std::string& what, const std::string& path, Kind kind,
                                             int patience_ms = 30000);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace helmme::base
