#include "lint/render_trace.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "crypto/base64.h"
#include "lint/leaf.h"
#include "manifest/document.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_source = "# Source: ";
// A shorter value stands in too many places to say where it came from.
constexpr std::size_t k_shortest_traced = 4;

// A scalar of a values file.
struct Origin {
  const SourceFile* file = nullptr;
  Span span;
  std::string path;
};

// All scalars of the values files by what they say; later files win, as Helm merges them.
class Origins {
 public:
  explicit Origins(const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) {
      add(file);
    }
  }

  [[nodiscard]] const Origin* find(std::string_view value) const {
    const auto origin = by_value_.find(std::string(trim(value)));
    return origin == by_value_.end() ? nullptr : &origin->second;
  }

 private:
  void add(const SourceFile& file) {
    const base::Result<manifest::Document> document = manifest::Document::parse(file.text, file.name, file.text, 0);
    if (!document || document->empty()) {
      return;
    }
    visit_leaves(
        *document, manifest::Document::root(),
        [&](const Leaf& leaf) {
          if (leaf.value().size() >= k_shortest_traced) {
            by_value_[std::string(trim(leaf.value()))] = {&file, written_span(*document, leaf.id(), 0), leaf.path()};
          }
        },
        [](manifest::NodeId, const std::vector<Frame>&) { return true; });
  }

  std::unordered_map<std::string, Origin> by_value_;
};

// Which template wrote which part of the stream.
class Sources {
 public:
  explicit Sources(std::string_view stream) {
    for (std::size_t at = stream.find(k_source); at != std::string_view::npos; at = stream.find(k_source, at + 1)) {
      if (at == 0 || stream[at - 1] == '\n') {
        const std::size_t begin = at + k_source.size();
        names_.emplace_back(at, std::string(trim(stream.substr(begin, stream.find('\n', begin) - begin))));
      }
    }
  }

  [[nodiscard]] std::string at(std::size_t offset) const {
    const auto next = std::upper_bound(names_.begin(), names_.end(), offset,
                                       [](std::size_t wanted, const auto& name) { return wanted < name.first; });
    return next == names_.begin() ? std::string() : std::prev(next)->second;
  }

 private:
  std::vector<std::pair<std::size_t, std::string>> names_;
};

// Where a template names a value: ".Values.auth.password", or less of the path in a chart's dependency.
std::optional<Span> use_of(std::string_view text, std::string_view path) {
  while (!path.empty()) {
    const std::string field = ".Values." + std::string(path);
    if (const std::size_t at = text.find(field); at != std::string_view::npos) {
      return Span{at, at + field.size()};
    }
    const std::size_t dot = path.find('.');
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return std::nullopt;
}

Span first_line_of(std::string_view text) {
  return {0, std::max<std::size_t>(1, std::min(text.find('\n'), text.size()))};
}

class Tracer {
 public:
  Tracer(const RenderedChart& chart, const Config& config)
      : chart_(chart), config_(config), origins_(chart.values), sources_(chart.stream) {}

  std::vector<Finding> run() {
    const TokenScanner scanner;
    const SourceFile stream{.name = "stdin", .text = chart_.stream};
    for (const Finding& finding : check_text(stream, scanner, config_).findings) {
      if (finding.rule->id != "HM404") {
        add(finding);
      }
    }
    std::vector<Finding> all;
    for (auto& [file, findings] : found_) {
      finish(findings, *file, config_);
      std::move(findings.begin(), findings.end(), std::back_inserter(all));
    }
    return all;
  }

 private:
  void add(const Finding& finding) {
    const std::string_view written =
        std::string_view(chart_.stream).substr(finding.span.begin, finding.span.end - finding.span.begin);
    const std::optional<base::Secret> decoded = crypto::decode_base64(trim(written));
    const Origin* origin = origins_.find(written);
    if (origin == nullptr && decoded) {
      origin = origins_.find(decoded->reveal());
    }
    const std::string name = sources_.at(finding.span.begin);
    if (origin != nullptr) {
      Finding in_values = finding;
      in_values.span = origin->span;
      in_values.yaml_path = origin->path;
      in_values.severity = std::max(finding.severity, finding.rule->severity);
      in_values.message =
          "this value ends in plain sight: " + finding.message + (name.empty() ? "" : ", by " + shown(name));
      push(*origin->file, std::move(in_values));
    }
    const auto file = chart_.templates.find(name);
    if (file != chart_.templates.end()) {
      Finding in_template = finding;
      in_template.span = (origin == nullptr ? std::nullopt : use_of(file->second.text, origin->path))
                             .value_or(first_line_of(file->second.text));
      in_template.severity = origin == nullptr ? finding.severity : std::max(finding.severity, finding.rule->severity);
      in_template.message = "this template writes it out: " + finding.message;
      push(file->second, std::move(in_template));
    }
  }

  // One value may be rendered many times; it is reported once a rule.
  void push(const SourceFile& file, Finding finding) {
    std::vector<Finding>& findings = found_[&file];
    const bool known = std::any_of(findings.begin(), findings.end(), [&](const Finding& one) {
      return one.rule == finding.rule && one.span == finding.span && one.object == finding.object;
    });
    if (!known) {
      findings.push_back(std::move(finding));
    }
  }

  const RenderedChart& chart_;
  const Config& config_;
  Origins origins_;
  Sources sources_;
  std::map<const SourceFile*, std::vector<Finding>> found_;
};

}  // namespace

std::vector<Finding> trace(const RenderedChart& chart, const Config& config) { return Tracer(chart, config).run(); }

}  // namespace helmme::lint
