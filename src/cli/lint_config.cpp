#include "cli/lint_config.h"

#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "cli/stream.h"
#include "lint/gitleaks_config.h"

namespace helmme::cli {
namespace {

constexpr std::string_view k_gitleaks_name = ".gitleaks.toml";

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  std::string text(sizeof "2026-11-24", '\0');
  text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%d", &date));
  return text;
}

// In the working directory, else in the one folder that is asked for.
std::optional<std::filesystem::path> find_config(const LintOptions& options) {
  std::error_code ignored;
  std::filesystem::path path(lint::k_config_name);
  if (std::filesystem::exists(path, ignored)) {
    return path;
  }
  if (options.paths.size() == 1) {
    path = std::filesystem::path(options.paths.front()) / path;
    if (std::filesystem::exists(path, ignored)) {
      return path;
    }
  }
  return std::nullopt;
}

// Names as find_files makes them, so that they can be compared.
std::string name_of(const std::filesystem::path& path) { return path.lexically_normal().generic_string(); }

// The folders that are asked for, and the working directory.
std::vector<std::filesystem::path> roots_of(const LintOptions& options) {
  std::vector<std::filesystem::path> roots;
  std::error_code ignored;
  for (const std::string& path : options.paths) {
    if (std::filesystem::is_directory(path, ignored)) {
      roots.emplace_back(path);
    }
  }
  roots.emplace_back(".");
  return roots;
}

// What was named, else what stands at the root of what is read; "": there is none.
std::string find_gitleaks_config(const LintOptions& options) {
  if (!options.gitleaks_config.empty()) {
    return options.gitleaks_config;
  }
  std::error_code ignored;
  for (const std::filesystem::path& root : roots_of(options)) {
    if (std::filesystem::exists(root / k_gitleaks_name, ignored)) {
      return name_of(root / k_gitleaks_name);
    }
  }
  return "";
}

void add_gitleaks_ignore(const LintOptions& options, lint::Config& config, base::Diagnostics& diagnostics) {
  std::set<std::string> files;
  std::error_code ignored;
  for (const std::filesystem::path& root : roots_of(options)) {
    const std::string file = name_of(root / lint::k_gitleaks_ignore_name);
    if (!std::filesystem::exists(file, ignored) || !files.insert(file).second) {
      continue;
    }
    base::Result<std::string> text = read_text("list of gitleaks' fingerprints", file);
    if (text) {
      config.gitleaks_ignore.add({file, *std::move(text)}, diagnostics.warnings);
    } else {
      diagnostics.error(as_bad_input(std::move(text).error()));
    }
  }
}

base::Result<base::Source> read_gitleaks_file(const std::string& path) {
  base::Result<std::string> text = read_text("gitleaks configuration", path);
  if (!text) {
    base::Error error = as_bad_input(std::move(text).error());
    error.help = "name a file that is there; what extend names is relative to the working directory";
    return base::fail(std::move(error));
  }
  return base::Source{name_of(path), *std::move(text)};
}

// nullptr: they are not asked for, or something is wrong with them.
std::shared_ptr<const lint::GitleaksScanner> read_gitleaks(const LintOptions& options, base::Diagnostics& diagnostics) {
  if (options.rules == "helm-me" || (options.rules.empty() && options.gitleaks_config.empty())) {
    return nullptr;
  }
  const std::string file = find_gitleaks_config(options);
  if (file.empty()) {
    diagnostics.error(
        {.kind = base::ErrorKind::bad_input,
         .message = "gitleaks' rules are asked for, and there is no .gitleaks.toml; gitleaks' own rules are "
                    "no part of helm-me",
         .help = "name them with --gitleaks-config FILE: config/gitleaks.toml of gitleaks' repository, or "
                 "your own"});
    return nullptr;
  }
  base::Result<lint::GitleaksConfig> read =
      lint::read_gitleaks_config(file, {.read = read_gitleaks_file, .built_in = options.gitleaks_default});
  if (!read) {
    diagnostics.error(std::move(read).error());
    return nullptr;
  }
  for (base::Warning& warning : read->warnings) {
    diagnostics.warning(std::move(warning));
  }
  return std::make_shared<const lint::GitleaksScanner>(*std::move(read));
}

}  // namespace

base::Error as_bad_input(base::Error error) {
  error.kind = base::ErrorKind::bad_input;
  return error;
}

lint::Config make_lint_config(const LintOptions& options, base::Diagnostics& diagnostics) {
  lint::Config config;
  std::shared_ptr<const lint::GitleaksScanner> gitleaks = read_gitleaks(options, diagnostics);
  if (const auto path = find_config(options)) {
    const std::vector<const lint::Rule*> none;
    base::Result<std::string> text = read_text("lint configuration", path->string());
    base::Result<lint::Config> read =
        text ? lint::read_config({path->generic_string(), *std::move(text)}, gitleaks ? gitleaks->rules() : none)
             : base::fail(std::move(text).error());
    if (read) {
      config = *std::move(read);
    } else {
      diagnostics.error(as_bad_input(std::move(read).error()));
    }
  }
  if (!options.baseline.empty()) {
    base::Result<std::string> text = read_text("baseline", options.baseline);
    auto read = text ? lint::read_baseline({options.baseline, *std::move(text)}) : base::fail(std::move(text).error());
    if (read) {
      config.baseline = *std::move(read);
    } else {
      diagnostics.error(as_bad_input(std::move(read).error()));
    }
  }
  config.today = today();
  config.own_rules = options.rules != "gitleaks";
  config.gitleaks = std::move(gitleaks);
  if (config.gitleaks) {
    add_gitleaks_ignore(options, config, diagnostics);
  }
  return config;
}

}  // namespace helmme::cli
