// HM401 to HM403: CI files, helmfiles, scripts, and files that hold secrets in plain text by their name.
#include <algorithm>
#include <array>
#include <functional>

#include "lint/characters.h"
#include "lint/check.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;

// What a command line, in a script or in a value, gives away. A part maps a span of the text to the file's bytes;
// `parts` makes such a mapping; it is asked by rising begin.
template <typename Parts>
void check_commands(Check& check, std::string_view text, const Place& place, Parts&& parts) {
  auto part = parts();
  for (const EmbeddedSecret& secret : find_set_secrets(text)) {
    check.report("HM401", part(secret.span), "a literal credential for --set: " + shown(secret.name),
                 {place.yaml_path, place.object, secret.name});
  }
  part = parts();
  for (const EmbeddedSecret& secret : find_command_secrets(text)) {
    check.report("HM403", part(secret.span), "a credential on a command line: " + shown(secret.name),
                 {place.yaml_path, place.object, secret.name}, severity_of(secret.verdict));
  }
  part = parts();
  for (const EmbeddedSecret& secret : find_url_passwords(text)) {
    check.report("HM403", part(secret.span), "a credential in an address",
                 {place.yaml_path, place.object, secret.name});
  }
}

class CiCheck {
 public:
  CiCheck(Check& check, const Document& document, std::size_t offset)
      : check_(check), document_(document), offset_(offset) {}

  void run() {
    visit_leaves(
        document_, Document::root(), [&](const Leaf& leaf) { visit(leaf); },
        [&](NodeId, const std::vector<Frame>& frames) {
          return frames.empty() || frames.back().key == k_no_node ||
                 !holds_no_values(document_[frames.back().key].value);
        });
  }

 private:
  void visit(const Leaf& leaf) {
    const std::string_view value = leaf.value();
    if (value.empty()) {
      return;
    }
    const auto parts = [&]() -> std::function<Span(Span)> {
      return [parts = WrittenParts(document_, leaf.id(), offset_)](Span span) mutable { return parts.of(span); };
    };
    const Place place{leaf.path(), "", leaf.key()};
    if (contains(value, " ") || contains(value, "://")) {
      check_commands(check_, value, place, parts);
      const std::function<Span(Span)> part = parts();
      for (const EmbeddedSecret& secret : find_assignments(value, TextStyle::shell)) {
        check_.report("HM101", part(secret.span),
                      "a plaintext credential, " + shown(secret.name) + ", in " + shown(leaf.path()),
                      {leaf.path(), "", secret.name});
      }
    }
    if (leaf.key() == "overrideValues") {
      // Azure's HelmDeploy hands it to --set.
      const std::function<Span(Span)> part = parts();
      for (const EmbeddedSecret& secret : find_set_values(value)) {
        check_.report("HM401", part(secret.span), "a literal credential for --set: " + shown(secret.name),
                      {leaf.path(), "", secret.name});
      }
    }
    const Span span = written_span(document_, leaf.id(), offset_);
    const std::string_view name = name_of_leaf(leaf);
    if (check_.token_in(span) == nullptr && judge(name.substr(name.rfind('.') + 1), value) != Verdict::clean) {
      const bool set = leaf.key() == "value" && name != leaf.key() && leaf.key_above(1).starts_with("set");
      const bool repository = leaf.key_above(1) == "repositories" || leaf.key_above(1) == "helmRepositories";
      check_.report(set          ? "HM401"
                    : repository ? "HM403"
                                 : "HM101",
                    span, "a plaintext credential, " + shown(name) + ", in " + shown(leaf.path()),
                    {leaf.path(), "", name});
    }
    if (const TokenMatch* token = check_.token_in(span)) {
      check_.report_token(*token, place);
    }
  }

  [[nodiscard]] std::string_view name_of_leaf(const Leaf& leaf) const {
    const NodeId name = leaf.key() == "value" ? sibling(document_, leaf.mapping(), "name") : k_no_node;
    return name == k_no_node || document_[name].value.empty() ? leaf.key() : document_[name].value;
  }

  Check& check_;
  const Document& document_;
  std::size_t offset_;
};

// helm-secrets' and sops' habits: secrets.yaml, secrets.prod.yaml, values.dec.yaml, secrets.yaml.dec.
bool is_named_for_secrets(std::string_view path) {
  const std::string_view name = file_name_of(path);
  if (contains(path, "templates/")) {
    return false;
  }
  const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".dec");
  const bool decrypted = name.ends_with(".dec") || contains(name, ".dec.") || contains(name, ".decrypted.");
  return yaml && (decrypted || name.starts_with("secrets.") || name.starts_with("secrets-") ||
                  name.starts_with("secrets_") || contains(name, ".secrets.") || contains(name, "-secrets."));
}

}  // namespace

void check_ci(Check& check, const Document& document, std::size_t offset) {
  if (!document.empty()) {
    CiCheck(check, document, offset).run();
  }
}

void check_script(Check& check) {
  const std::string_view text = check.text();
  check_commands(check, text, {}, [] { return std::function<Span(Span)>([](Span span) { return span; }); });
  const std::string_view name = file_name_of(check.file().name);
  const bool groovy = name.starts_with("Jenkinsfile") || name.ends_with(".groovy") || name.ends_with(".jenkinsfile");
  check_assignments(check, text, 0, groovy ? TextStyle::code : TextStyle::shell);
}

void check_repository_urls(Check& check) {
  for (const EmbeddedSecret& secret : find_url_passwords(check.text())) {
    check.report("HM403", secret.span, "a credential in a repository's address", {.key = "repository"});
  }
}

void check_plaintext_file(Check& check, const Document& document, std::size_t offset) {
  const NodeId root = Document::root();
  if (!is_named_for_secrets(check.file().name) || document.empty() || child(document, root, "sops") != k_no_node ||
      child(document, root, "kind") != k_no_node) {
    return;
  }
  bool found = false;
  visit_leaves(
      document, root,
      [&](const Leaf& leaf) {
        if (!found && judge(leaf.key(), leaf.value()) != Verdict::clean) {
          found = true;
          check.report_beside("HM402", written_span(document, leaf.id(), offset),
                              "a file of secrets in plain text, here " + shown(leaf.path()),
                              {leaf.path(), "", leaf.key()});
        }
      },
      [&](NodeId, const std::vector<Frame>&) { return !found; });
}

}  // namespace helmme::lint
