#include "lint/archive_library.h"

#include <optional>
#include <string>
#include <utility>

#include "base/shared_library.h"

namespace helmme::lint {
namespace {

// The ABI of libarchive 3.
constexpr const char* k_file = "libarchive.so.13";

tl::unexpected<base::Error> not_here(std::string what) {
  return base::fail({.kind = base::ErrorKind::unavailable,
                     .message = std::move(what),
                     .help = "install libarchive 3: apt-get install libarchive13"});
}

}  // namespace

base::Result<ArchiveLibrary> ArchiveLibrary::load() {
  const std::optional<base::SharedLibrary> file = base::SharedLibrary::load(k_file);
  if (!file) {
    return not_here("libarchive, which opens packaged charts, is not installed");
  }
  ArchiveLibrary library;
  const bool all = file->bind(library.read_new, "archive_read_new") &&
                   file->bind(library.read_free, "archive_read_free") &&
                   file->bind(library.read_support_filter_gzip, "archive_read_support_filter_gzip") &&
                   file->bind(library.read_support_format_tar, "archive_read_support_format_tar") &&
                   file->bind(library.read_open_memory, "archive_read_open_memory") &&
                   file->bind(library.read_next_header, "archive_read_next_header") &&
                   file->bind(library.read_data, "archive_read_data") &&
                   file->bind(library.entry_pathname, "archive_entry_pathname") &&
                   file->bind(library.entry_filetype, "archive_entry_filetype");
  if (!all) {
    return not_here("the libarchive that is installed cannot be used");
  }
  return library;
}

}  // namespace helmme::lint
