#include "lint/check.h"

#include <algorithm>

#include "base/text.h"
#include "lint/characters.h"
#include "manifest/split.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;

constexpr std::size_t k_longest_shown = 120;
constexpr std::size_t k_most_findings = 10000;  // of a file
// A document beyond this is read as text: the tree would take many times its size.
constexpr std::size_t k_largest_tree = std::size_t{16} << 20U;
// Where a document says from which template Helm rendered it.
constexpr std::string_view k_source_comment = "# Source: ";

// A mapping with apiVersion and kind: an object for the API server, or something that looks like one.
bool is_object(const Document& document) {
  const NodeId root = Document::root();
  return !document.empty() && !child_text(document, root, "apiVersion").empty() &&
         !child_text(document, root, "kind").empty();
}

bool is_rendered(const Document& document) {
  const std::string_view bytes = document.bytes();
  if (contains(bytes.substr(0, 4096), k_source_comment)) {
    return true;
  }
  const NodeId metadata = child(document, Document::root(), "metadata");
  const NodeId labels = child(document, metadata, "labels");
  const NodeId annotations = child(document, metadata, "annotations");
  return child_text(document, labels, "app.kubernetes.io/managed-by") == "Helm" ||
         child_text(document, labels, "heritage") == "Helm" || !child_text(document, labels, "helm.sh/chart").empty() ||
         !child_text(document, annotations, "meta.helm.sh/release-name").empty() ||
         !child_text(document, annotations, "postrenderer.helm.sh/postrender-filename").empty();
}

// Every document of a file in YAML or JSON.
class StreamCheck {
 public:
  StreamCheck(Check& check, FileKind kind) : check_(check), kind_(kind) {}

  void run() {
    const std::string_view text = check_.text();
    for (std::size_t at = 0; at < text.size();) {
      const manifest::Span span = manifest::document_at(text, at);
      document(text.substr(span.begin, span.end - span.begin), span.begin);
      at = std::max(span.end, at + 1);
    }
    check_repeated(check_, values_, secret_documents_);
  }

 private:
  void document(std::string_view bytes, std::size_t offset) {
    if (manifest::has_no_content(bytes)) {
      return;
    }
    if (bytes.size() > k_largest_tree) {
      too_large(offset);
      check_assignments(check_, bytes, offset, TextStyle::config);
      return;
    }
    const base::Result<Document> parsed = Document::read(bytes, check_.file().name, check_.text(), offset);
    if (!parsed) {
      // Other tools' JSON allows comments, and their templates are not ours to judge.
      const bool judged = !check_.file().name.ends_with(".json") && !contains(bytes, "{{") && !contains(bytes, "{%");
      if (!check_.problem && judged) {
        check_.problem = parsed.error();
        check_.problem->help = "mend the file, or leave it out of the paths";
      }
      check_assignments(check_, bytes, offset, TextStyle::config);
      return;
    }
    check_plaintext_file(check_, *parsed, offset);
    // What SOPS has encrypted is judged by what it left out, manifest or not.
    const NodeId sops = child(*parsed, Document::root(), "sops");
    if (is_object(*parsed) && kind_ != FileKind::ci && child(*parsed, sops, "mac") == k_no_node) {
      if (child_text(*parsed, Document::root(), "kind") == "Secret") {
        secret_documents_.push_back({offset, offset + bytes.size()});
      }
      check_manifest(check_, *parsed, offset, is_rendered(*parsed), values_);
    } else if (kind_ == FileKind::ci || kind_ == FileKind::helmfile) {
      check_ci(check_, *parsed, offset);
    } else {
      check_values(check_, *parsed, offset);
    }
  }

  void too_large(std::size_t offset) {
    check_.problem = base::Error{.kind = base::ErrorKind::bad_input,
                                 .message = "a YAML document of more than 16 MiB",
                                 .location = base::locate(check_.file().name, check_.text(), offset, 1, true),
                                 .help = "split the file with \"---\" lines, or leave it out of the paths"};
  }

  Check& check_;
  FileKind kind_;
  SecretValues values_;
  std::vector<Span> secret_documents_;
};

void check_by_kind(Check& check, FileKind kind) {
  switch (kind) {
    case FileKind::yaml:
    case FileKind::ci:
    case FileKind::helmfile:
      StreamCheck(check, kind).run();
      check_comments(check);
      break;
    case FileKind::chart:
      check_repository_urls(check);
      break;
    case FileKind::templates:
      check_template(check);
      break;
    case FileKind::notes:
      check_notes(check);
      break;
    case FileKind::script:
      check_script(check);
      break;
    case FileKind::dotenv:
    case FileKind::settings:
      check_settings(check);
      break;
    case FileKind::terraform:
      check_terraform(check);
      break;
    case FileKind::text:
    case FileKind::binary:
      break;
  }
}

}  // namespace

Check::Check(const SourceFile& file, const TokenScanner& scanner) : file_(file), scanner_(scanner) {
  tokens_ = scanner_.find(file_.text);
}

const TokenMatch* Check::token_in(Span span) const {
  const auto token = std::lower_bound(tokens_.begin(), tokens_.end(), span.begin,
                                      [](const TokenMatch& one, std::size_t begin) { return one.span.end <= begin; });
  return token != tokens_.end() && token->span.overlaps(span) ? &*token : nullptr;
}

bool Check::is_reported(Span span) const { return reported_.contains(span); }

void Check::report(std::string_view rule, Span span, std::string message, Place place,
                   std::optional<Severity> severity) {
  if (span.begin >= span.end || !reported_.add(span)) {
    return;
  }
  if (findings_.all().size() == k_most_findings) {
    remark = base::Warning{.message = base::printable(file_.name) + ": more than " + std::to_string(k_most_findings) +
                                      " findings: the first ones are reported"};
    return;
  }
  add(rule, span, std::move(message), std::move(place)).severity = severity.value_or(find_rule(rule)->severity);
}

void Check::report_beside(std::string_view rule, Span span, std::string message, Place place) {
  add(rule, span, std::move(message), std::move(place));
}

Finding& Check::add(std::string_view rule, Span span, std::string message, Place place) {
  Finding& finding = findings_.add(rule, span, std::move(message));
  finding.yaml_path = std::move(place.yaml_path);
  finding.object = std::move(place.object);
  finding.key = shown(place.key);
  return finding;
}

void Check::report_token(const TokenMatch& token, Place place) {
  const bool key = token.what == k_private_key;
  std::string message = std::string(token.what) + " in plain text";
  if (!place.yaml_path.empty()) {
    message += ": " + shown(place.yaml_path);
  }
  report(key ? "HM106" : "HM102", token.span, std::move(message), std::move(place));
}

void Check::report_left_tokens() {
  for (const TokenMatch& token : tokens_) {
    report_token(token, {});
  }
}

std::string shown(std::string_view name) {
  return base::printable(name.size() > k_longest_shown ? name.substr(0, k_longest_shown) : name);
}

Checked check_file(const SourceFile& file, const TokenScanner& scanner) {
  const FileKind kind = kind_of(file.name, file.text);
  if (kind == FileKind::binary) {
    return {};
  }
  Check check(file, scanner);
  check_by_kind(check, kind);
  check.report_left_tokens();
  return {check.take(), std::move(check.problem), std::move(check.remark)};
}

}  // namespace helmme::lint
