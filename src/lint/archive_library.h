// libarchive, loaded when the first packaged chart is opened: linked, it and the libraries that it brings (libxml2,
// ICU) were measured to cost 1.4 ms of each start, also of the runs that open none.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/error.h"

namespace helmme::lint {

// libarchive's functions, under their names without "archive_".
struct ArchiveLibrary {
  decltype(&archive_read_new) read_new = nullptr;
  decltype(&archive_read_free) read_free = nullptr;
  decltype(&archive_read_support_filter_gzip) read_support_filter_gzip = nullptr;
  decltype(&archive_read_support_format_tar) read_support_format_tar = nullptr;
  decltype(&archive_read_open_memory) read_open_memory = nullptr;
  decltype(&archive_read_next_header) read_next_header = nullptr;
  decltype(&archive_read_data) read_data = nullptr;
  decltype(&archive_entry_pathname) entry_pathname = nullptr;
  decltype(&archive_entry_filetype) entry_filetype = nullptr;

  // unavailable where it is not installed.
  [[nodiscard]] static base::Result<ArchiveLibrary> load();
};

}  // namespace helmme::lint
