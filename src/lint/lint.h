// A run of lint: files in, findings out, in an order that does not depend on the threads that found them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "lint/check.h"
#include "lint/config.h"
#include "lint/finding.h"

namespace helmme::lint {

// A file to be read, or text that is there already.
struct InputFile {
  std::string name;  // as shown
  std::string path;  // where it is on disk; empty: `text` is all
  std::string text = {};
  bool named = false;            // on the command line, so it must be readable, and YAML where its name says so
  bool values_of_chart = false;  // a Chart.yaml stands beside it
  // The only lines that count, from 1, in order; nullopt: all.
  std::optional<std::vector<std::size_t>> lines = std::nullopt;
};

struct Report {
  std::vector<Finding> findings;             // by file, place and rule
  std::size_t files = 0;                     // that were read
  std::size_t suppressed = 0;                // by comments, allow entries, the baseline and .gitleaksignore
  std::vector<const Rule*> more_rules = {};  // that the run brought along
};

// Reads and checks all files, on all cores. Unreadable files are errors, of kind bad_input.
// `more`: findings that were made elsewhere and count as well.
[[nodiscard]] Report run(std::vector<InputFile> files, const Config& config, base::Diagnostics& diagnostics,
                         std::vector<Finding> more = {});

// One text: check, suppressions, places, fingerprints.
struct CheckedText {
  std::vector<Finding> findings;
  std::size_t suppressed = 0;
  std::optional<base::Error> problem;  // the file should have been YAML
  std::optional<base::Warning> remark;
};
[[nodiscard]] CheckedText check_text(const SourceFile& file, const TokenScanner& scanner, const Config& config);

// Gives findings of a file, by span, what the configuration says of their rules, their places and fingerprints, and
// their order.
void finish(std::vector<Finding>& findings, const SourceFile& file, const Config& config);

// The most severe finding's; nullopt: there is none.
[[nodiscard]] std::optional<Severity> worst(const Report& report);

}  // namespace helmme::lint
