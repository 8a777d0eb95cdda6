#include "lint/walk.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "base/text.h"
#include "lint/file_kind.h"
#include "lint/git.h"

namespace helmme::lint {
namespace {

namespace fs = std::filesystem;

// As shown: relative to the working directory where it is below it, without "./".
std::string name_of_path(const fs::path& path) {
  std::error_code error;
  const fs::path normal = path.lexically_normal();
  const fs::path relative = normal.is_absolute() ? normal.lexically_relative(fs::current_path(error)) : normal;
  const bool below = !relative.empty() && *relative.begin() != "..";
  return (below ? relative : normal).generic_string();
}

// name_of_path() of many files of one folder, without taking each path apart.
class FolderNames {
 public:
  explicit FolderNames(const fs::path& folder) {
    std::error_code error;
    folder_ = with_slash(folder.lexically_normal().generic_string());
    here_ = with_slash(fs::current_path(error).generic_string());
  }

  // `file`: relative to the folder, in normal form.
  [[nodiscard]] std::string name_of(const std::string& file) const {
    const std::string name = folder_ == "./" ? file : folder_ + file;
    return !here_.empty() && name.starts_with(here_) ? name.substr(here_.size()) : name;
  }

 private:
  static std::string with_slash(const std::string& path) {
    return path.empty() || path.ends_with('/') ? path : path + "/";
  }

  std::string folder_;
  std::string here_;
};

// All regular files below a folder, relative to it. Folders that cannot be read are skipped by git as well.
std::vector<std::string> walk(const fs::path& folder) {
  std::vector<std::string> files;
  const std::size_t below = folder.native().size() + (folder.native().ends_with('/') ? 0U : 1U);
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename() == ".git") {
      entry.disable_recursion_pending();
    } else if (!entry->is_symlink(ignored) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path().native().substr(below));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Finder {
 public:
  Finder(const Config& config, base::Diagnostics& diagnostics) : config_(config), diagnostics_(diagnostics) {}

  void add_path(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      diagnostics_.error({.kind = base::ErrorKind::bad_input,
                          .message = "cannot read " + base::printable(path) + ": no such file or folder",
                          .help = "name files or folders that are there, or - for standard input"});
    } else if (fs::is_directory(status)) {
      add_folder(path);
    } else {
      add({.name = name_of_path(path), .path = path, .named = true});
    }
  }

  std::vector<InputFile> take() {
    // What was named on the command line comes before the same file in a folder.
    std::stable_sort(files_.begin(), files_.end(), [](const InputFile& a, const InputFile& b) {
      return std::tie(a.name, b.named) < std::tie(b.name, a.named);
    });
    const auto last = std::unique(files_.begin(), files_.end(),
                                  [](const InputFile& a, const InputFile& b) { return a.name == b.name; });
    files_.erase(last, files_.end());
    for (InputFile& file : files_) {
      std::error_code error;
      file.values_of_chart = file_name_of(file.name) == "values.yaml" && !file.path.empty() &&
                             fs::exists(fs::path(file.path).parent_path() / "Chart.yaml", error);
    }
    return std::move(files_);
  }

  void add(InputFile file) {
    if (file.named || !config_.is_excluded(file.name)) {
      files_.push_back(std::move(file));
    }
  }

 private:
  void add_folder(const fs::path& folder) {
    const std::optional<std::vector<std::string>> tracked = git_files(folder.string());
    const FolderNames names(folder);
    for (const std::string& file : tracked ? *tracked : walk(folder)) {
      std::string path = (folder / file).string();
      std::error_code error;
      // What is tracked may be gone, a link, or another repository.
      if (!tracked || fs::is_regular_file(fs::symlink_status(path, error))) {
        add({.name = names.name_of(file), .path = std::move(path)});
      }
    }
  }

  const Config& config_;
  base::Diagnostics& diagnostics_;
  std::vector<InputFile> files_;
};

}  // namespace

std::vector<InputFile> find_files(const std::vector<std::string>& paths, const Config& config,
                                  base::Diagnostics& diagnostics) {
  Finder finder(config, diagnostics);
  for (const std::string& path : paths) {
    finder.add_path(path);
  }
  return finder.take();
}

std::vector<InputFile> find_changed(const std::vector<std::string>& paths, const std::string& revision,
                                    const Config& config, base::Diagnostics& diagnostics) {
  Finder finder(config, diagnostics);
  for (const std::string& path : paths) {
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    const fs::path base = folder ? fs::path(path) : fs::path(path).parent_path();
    base::Result<ChangedLines> changes = git_changes(base.string(), revision);
    if (!changes) {
      diagnostics.error(std::move(changes).error());
      return {};
    }
    for (auto& [name, lines] : *changes) {
      if (!folder && name != fs::path(path).filename().string()) {
        continue;
      }
      const fs::path full = base / name;
      InputFile file{.name = name_of_path(full), .path = full.string(), .lines = std::move(lines)};
      if (revision.empty()) {
        base::Result<std::string> text = git_staged_text(base.string(), name);
        if (!text) {
          diagnostics.error(std::move(text).error());
          continue;
        }
        file.path.clear();
        file.text = *std::move(text);
      } else if (!fs::is_regular_file(fs::symlink_status(full, error))) {
        continue;
      }
      finder.add(std::move(file));
    }
  }
  return finder.take();
}

}  // namespace helmme::lint
