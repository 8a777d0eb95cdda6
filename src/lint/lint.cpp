#include "lint/lint.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <tuple>

#include "base/text.h"
#include "lint/archive.h"
#include "lint/gitleaks_findings.h"
#include "lint/lines.h"
#include "lint/suppression.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_largest_file = std::size_t{256} << 20U;
constexpr std::size_t k_read_size = std::size_t{1} << 20U;

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Characters are counted from the place before, since many findings may stand on one long line.
class Placer {
 public:
  Placer(const SourceFile& file, const Lines& lines) : file_(file), lines_(lines) {}

  void place(Finding& finding) {
    finding.file = file_.name;
    finding.line = lines_.number_of(finding.span.begin);
    finding.column = finding.span.begin - lines_.begin_of(finding.line) + 1;
    finding.end_line = lines_.number_of(finding.span.end);
    finding.end_column = finding.span.end - lines_.begin_of(finding.end_line) + 1;
    finding.character_column = column_at(finding.line, finding.span.begin);
    finding.character_end_column = column_at(finding.end_line, finding.span.end);
  }

 private:
  std::size_t column_at(std::size_t line, std::size_t offset) {
    if (line != line_ || offset < offset_) {
      line_ = line;
      offset_ = lines_.begin_of(line);
      characters_ = 0;
    }
    characters_ += characters_in(std::string_view(file_.text).substr(offset_, offset - offset_));
    offset_ = offset;
    return characters_ + 1;
  }

  const SourceFile& file_;
  const Lines& lines_;
  std::size_t line_ = 0;
  std::size_t offset_ = 0;
  std::size_t characters_ = 0;
};

// What the configuration says of a rule; false: it is off.
bool apply_rules(const Config& config, Finding& finding) {
  const auto rule = config.rules.find(finding.rule->id);
  if (rule == config.rules.end()) {
    return true;
  }
  finding.severity = rule->second.value_or(finding.severity);
  return rule->second.has_value();
}

auto order_of(const Finding& finding) {
  return std::tie(finding.file, finding.span.begin, finding.span.end, finding.rule->id, finding.message);
}

struct Descriptor {
  explicit Descriptor(int number_opened) : number(number_opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
  int number;
};

base::Error unreadable(const std::string& name, const std::string& why) {
  return {.kind = base::ErrorKind::bad_input,
          .message = "cannot read " + base::printable(name) + ": " + why,
          .help = "name files or folders that are there and may be read"};
}

base::Result<std::string> read_file(const InputFile& file) {
  const Descriptor descriptor(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (descriptor.number < 0 || ::fstat(descriptor.number, &status) != 0) {
    return base::fail(unreadable(file.name, std::generic_category().message(errno)));
  }
  std::string text;
  const bool regular = S_ISREG(status.st_mode) && status.st_size > 0;
  if (regular) {
    text.reserve(std::min(static_cast<std::size_t>(status.st_size) + 1, k_largest_file));
  }
  for (std::size_t used = 0;; used = text.size()) {
    const std::size_t room = std::max(text.capacity() - used, std::min(used + 1, k_read_size));
    text.resize(used + room);
    const ssize_t count = ::read(descriptor.number, text.data() + used, room);
    text.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno != EINTR) {
      return base::fail(unreadable(file.name, std::generic_category().message(errno)));
    }
    if (text.size() > k_largest_file) {
      return base::fail(unreadable(file.name, "it has more than 256 MiB"));
    }
    // A regular file's read is only short at its end.
    if (count == 0 || (regular && count > 0 && static_cast<std::size_t>(count) < room)) {
      return text;
    }
  }
}

// What one file brought.
struct Outcome {
  std::vector<Finding> findings;
  std::vector<base::Error> errors;
  std::vector<base::Warning> warnings;
  std::size_t suppressed = 0;
  std::size_t files = 0;
  [[nodiscard]] bool is_empty() const noexcept {
    return findings.empty() && errors.empty() && warnings.empty() && suppressed == 0;
  }
};

class Worker {
 public:
  Worker(const TokenScanner& scanner, const Config& config) : scanner_(scanner), config_(config) {}

  void check(InputFile& file, Outcome& outcome) const {
    std::string text = std::move(file.text);
    if (!file.path.empty()) {
      base::Result<std::string> read = read_file(file);
      if (!read) {
        outcome.errors.push_back(std::move(read).error());
        return;
      }
      text = *std::move(read);
    }
    if (is_archive(file.name, text)) {
      check_archive(file, text, outcome);
      return;
    }
    check_one({.name = file.name, .text = std::move(text), .values_of_chart = file.values_of_chart}, file, outcome);
  }

 private:
  void check_archive(const InputFile& file, std::string_view bytes, Outcome& outcome) const {
    base::Result<std::vector<SourceFile>> members = read_archive(file.name, bytes);
    if (!members) {
      outcome.errors.push_back(std::move(members).error());
      return;
    }
    for (const SourceFile& member : *members) {
      check_one(member, file, outcome);
    }
  }

  void check_one(const SourceFile& source, const InputFile& file, Outcome& outcome) const {
    ++outcome.files;
    CheckedText checked = check_text(source, scanner_, config_);
    outcome.suppressed += checked.suppressed;
    if (checked.problem && (file.named || source.values_of_chart)) {
      outcome.errors.push_back(*std::move(checked.problem));
    } else if (checked.problem) {
      base::Error& problem = *checked.problem;
      outcome.warnings.push_back(
          {.message = problem.message + ", so it was read as text", .location = problem.location});
    }
    if (checked.remark) {
      outcome.warnings.push_back(*std::move(checked.remark));
    }
    for (Finding& finding : checked.findings) {
      const bool counts = !file.lines || is_about_whole_file(finding) ||
                          std::binary_search(file.lines->begin(), file.lines->end(), finding.line);
      if (counts) {
        outcome.findings.push_back(std::move(finding));
      }
    }
  }

  const TokenScanner& scanner_;
  const Config& config_;
};

// Allow entries and the baseline, over all files; entries that are wrong are findings in the configuration.
class Acceptance {
 public:
  explicit Acceptance(const Config& config) : config_(config), used_(config.allow.size(), false) {}

  void apply(Report& report) {
    std::erase_if(report.findings, [&](const Finding& finding) {
      const bool accepted = is_allowed(finding) || config_.baseline.contains(finding.fingerprint);
      report.suppressed += accepted ? 1U : 0U;
      return accepted;
    });
    if (!config_.own_rules) {
      return;  // what it allows may be findings of rules that did not run
    }
    const SourceFile file{.name = config_.name, .text = config_.text};
    const Lines lines(file.text);
    Findings wrong;
    for (std::size_t i = 0; i < config_.allow.size(); ++i) {
      const AllowEntry& entry = config_.allow[i];
      if (entry.reason.empty()) {
        wrong.add("HM404", entry.span, "an allow entry without a reason, so it allows nothing");
      } else if (has_expired(entry)) {
        wrong.add("HM404", entry.span, "an allow entry that expired on " + entry.expires);
      } else if (!used_[i]) {
        wrong.add("HM404", entry.span, "an allow entry that allows nothing that was found");
      }
    }
    for (Finding& finding : wrong.all()) {
      Placer(file, lines).place(finding);
      finding.key = "fingerprint";
      finding.fingerprint = fingerprint_of(finding, config_.text.substr(finding.span.begin, 64), config_.salt);
      if (apply_rules(config_, finding)) {
        report.findings.push_back(std::move(finding));
      }
    }
  }

 private:
  [[nodiscard]] bool has_expired(const AllowEntry& entry) const {
    return !entry.expires.empty() && !config_.today.empty() && entry.expires < config_.today;
  }

  bool is_allowed(const Finding& finding) {
    bool allowed = false;
    for (std::size_t i = 0; i < config_.allow.size(); ++i) {
      const AllowEntry& entry = config_.allow[i];
      if (entry.fingerprint == finding.fingerprint && !entry.reason.empty() && !has_expired(entry)) {
        used_[i] = allowed = true;
      }
    }
    return allowed;
  }

  const Config& config_;
  std::vector<bool> used_;
};

}  // namespace

CheckedText check_text(const SourceFile& file, const TokenScanner& scanner, const Config& config) {
  CheckedText out;
  Checked checked = config.own_rules ? check_file(file, scanner) : Checked{};
  out.problem = std::move(checked.problem);
  out.remark = std::move(checked.remark);
  out.findings = std::move(checked.findings);
  std::erase_if(out.findings, [&](Finding& finding) { return !apply_rules(config, finding); });
  if (config.own_rules && !config.team_rules.empty() && file.name != config.name &&
      kind_of(file.name, file.text) != FileKind::binary) {
    add_own_findings(file, config.team_rules, out.findings);
  }
  if (config.gitleaks && kind_of(file.name, file.text) != FileKind::binary) {
    out.suppressed = add_gitleaks_findings(file, config, out.findings);
    std::erase_if(out.findings, [&](Finding& finding) { return !apply_rules(config, finding); });
  }
  if (out.findings.empty() && !has_suppressions(file.text)) {
    return out;
  }
  const Lines lines(file.text);
  for (Finding& finding : out.findings) {
    finding.line = lines.number_of(finding.span.begin);
  }
  out.suppressed += apply_suppressions(file, lines, config, out.findings);
  finish(out.findings, file, config);
  return out;
}

void finish(std::vector<Finding>& findings, const SourceFile& file, const Config& config) {
  std::erase_if(findings, [&](Finding& finding) { return !apply_rules(config, finding); });
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return order_of(a) < order_of(b); });
  const Lines lines(file.text);
  Placer placer(file, lines);
  for (Finding& finding : findings) {
    placer.place(finding);
    const std::string_view text = file.text;
    finding.fingerprint =
        fingerprint_of(finding, text.substr(finding.span.begin, finding.span.end - finding.span.begin), config.salt);
  }
}

Report run(std::vector<InputFile> files, const Config& config, base::Diagnostics& diagnostics,
           std::vector<Finding> more) {
  const TokenScanner scanner;
  const Worker worker(scanner, config);
  std::vector<std::unique_ptr<Outcome>> outcomes(files.size());  // nullptr: there is nothing to say
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> read = 0;
  std::exception_ptr failure;  // of any thread; main is where it is caught
  std::mutex failing;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < files.size(); i = next++) {
        Outcome outcome;
        worker.check(files[i], outcome);
        read += outcome.files;
        if (!outcome.is_empty()) {
          outcomes[i] = std::make_unique<Outcome>(std::move(outcome));
        }
      }
    } catch (...) {
      const std::lock_guard lock(failing);
      failure = std::current_exception();
    }
  };
  const std::size_t threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), files.size());
  std::vector<std::jthread> pool;
  for (std::size_t i = 1; i < threads; ++i) {
    pool.emplace_back(work);
  }
  work();
  pool.clear();
  if (failure) {
    std::rethrow_exception(failure);
  }
  Report report;
  report.findings = std::move(more);
  report.files = read;
  for (const std::unique_ptr<Outcome>& one : outcomes) {
    if (!one) {
      continue;
    }
    Outcome& outcome = *one;
    std::move(outcome.findings.begin(), outcome.findings.end(), std::back_inserter(report.findings));
    std::move(outcome.errors.begin(), outcome.errors.end(), std::back_inserter(diagnostics.errors));
    std::move(outcome.warnings.begin(), outcome.warnings.end(), std::back_inserter(diagnostics.warnings));
    report.suppressed += outcome.suppressed;
  }
  report.more_rules = config.more_rules();
  Acceptance(config).apply(report);
  if (config.gitleaks) {
    for (base::Error& problem : config.gitleaks->problems()) {
      diagnostics.error(std::move(problem));
    }
  }
  std::sort(report.findings.begin(), report.findings.end(),
            [](const Finding& a, const Finding& b) { return order_of(a) < order_of(b); });
  return report;
}

std::optional<Severity> worst(const Report& report) {
  std::optional<Severity> severity;
  for (const Finding& finding : report.findings) {
    severity = std::max(severity.value_or(Severity::info), finding.severity);
  }
  return severity;
}

}  // namespace helmme::lint
