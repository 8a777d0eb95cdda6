#include "lint/archive.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "lint/archive_library.h"

namespace helmme::lint {
namespace {

// A chart may hold packaged ones below charts/; those in a package that is deeper are left closed.
constexpr int k_deepest = 3;
constexpr std::size_t k_most_files = 10000;
constexpr std::size_t k_most_bytes = std::size_t{100} << 20U;
constexpr std::size_t k_block = std::size_t{64} << 10U;

base::Error broken(std::string_view name, std::string why) {
  return {.kind = base::ErrorKind::bad_input,
          .message = "cannot read the packaged chart " + base::printable(name) + ": " + std::move(why),
          .help = "package it again with helm package, or leave it out of the paths"};
}

bool leads_out(std::string_view path) {
  return path.starts_with("/") || path == ".." || path.starts_with("../") ||
         path.find("/../") != std::string_view::npos || path.ends_with("/..") ||
         path.find('\\') != std::string_view::npos;
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

void mark_values(std::vector<SourceFile>& files) {
  std::vector<std::string_view> charts;
  for (const SourceFile& file : files) {
    if (file_name_of(file.name) == "Chart.yaml") {
      charts.push_back(folder_of(file.name));
    }
  }
  std::sort(charts.begin(), charts.end());
  for (SourceFile& file : files) {
    file.values_of_chart = file_name_of(file.name) == "values.yaml" &&
                           std::binary_search(charts.begin(), charts.end(), folder_of(file.name));
  }
}

// A package and the packages in it, whose files count together.
class ArchiveReader {
 public:
  ArchiveReader(const ArchiveLibrary& library, std::string_view name) : library_(library), name_(name) {}

  base::Result<void> read(const std::string& name, std::string_view bytes, int depth) {
    const auto free = [this](archive* handle) { library_.read_free(handle); };
    const std::unique_ptr<archive, decltype(free)> handle(library_.read_new(), free);
    library_.read_support_filter_gzip(handle.get());
    library_.read_support_format_tar(handle.get());
    if (library_.read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
      return base::fail(broken(name_, "it is no gzipped tar file"));
    }
    archive_entry* entry = nullptr;
    int status = ARCHIVE_OK;
    while ((status = library_.read_next_header(handle.get(), &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
      TRY(add(name, handle.get(), entry, depth));
    }
    return status == ARCHIVE_EOF ? base::Result<void>() : base::fail(broken(name_, "it ends early or is damaged"));
  }

  std::vector<SourceFile> take() {
    mark_values(files_);
    return std::move(files_);
  }

 private:
  base::Result<void> add(const std::string& name, archive* handle, archive_entry* entry, int depth) {
    const char* path = library_.entry_pathname(entry);
    if (path == nullptr || leads_out(path)) {
      return base::fail(broken(name_, "a name in it leads out of it"));
    }
    if (++entries_ > k_most_files) {
      return base::fail(broken(name_, "it has more than 10000 files"));
    }
    // Folders and links have no bytes of their own.
    SourceFile file{.name = name + "/" + path, .text = {}};
    for (la_ssize_t count = 0; (count = library_.read_data(handle, block_.data(), block_.size())) != 0;) {
      if (count < 0) {
        return base::fail(broken(name_, "it ends early or is damaged"));
      }
      total_ += static_cast<std::size_t>(count);
      if (total_ > k_most_bytes) {
        return base::fail(broken(name_, "it has more than 100 MiB unpacked"));
      }
      file.text.append(block_.data(), static_cast<std::size_t>(count));
    }
    if (depth < k_deepest && is_archive(file.name, file.text)) {
      return read(file.name, file.text, depth + 1);
    }
    if (library_.entry_filetype(entry) == AE_IFREG) {
      files_.push_back(std::move(file));
    }
    return {};
  }

  const ArchiveLibrary& library_;
  std::string_view name_;
  std::vector<SourceFile> files_;
  std::string block_ = std::string(k_block, '\0');
  std::size_t total_ = 0;
  std::size_t entries_ = 0;
};

}  // namespace

bool is_archive(std::string_view name, std::string_view bytes) {
  return (name.ends_with(".tgz") || name.ends_with(".tar.gz")) && bytes.starts_with("\x1F\x8B");
}

base::Result<std::vector<SourceFile>> read_archive(std::string_view name, std::string_view bytes) {
  TRY_ASSIGN(const ArchiveLibrary library, ArchiveLibrary::load());
  ArchiveReader reader(library, name);
  TRY(reader.read(std::string(name), bytes, 0));
  return reader.take();
}

}  // namespace helmme::lint
