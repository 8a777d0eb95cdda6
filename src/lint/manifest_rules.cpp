// HM201 to HM211: objects for the API server, rendered or committed.
#include <algorithm>
#include <array>
#include <string>

#include "base/secret.h"
#include "lint/characters.h"
#include "lint/check.h"
#include "lint/keyword_scan.h"
#include "lint/named_value.h"
#include "lint/secret_rules.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The leaves of one object.
class ObjectCheck {
 public:
  ObjectCheck(Check& check, const Document& document, std::size_t offset, ObjectTitle title)
      : check_(check), document_(document), offset_(offset), title_(std::move(title)) {}

  void run(NodeId root) {
    visit_leaves(
        document_, root, [&](const Leaf& leaf) { visit(leaf); },
        [&](NodeId, const std::vector<Frame>& frames) { return enter(frames); });
  }

 private:
  static constexpr std::array<std::string_view, 2> k_config_data = {"data", "binaryData"};

  [[nodiscard]] bool enter(const std::vector<Frame>& frames) const {
    if (frames.empty() || frames.back().key == k_no_node) {
      return true;
    }
    const std::string_view key = document_[frames.back().key].value;
    return !holds_no_values(key) && key != "managedFields" && key != "matchLabels";
  }

  void visit(const Leaf& leaf) {
    if (leaf.value().empty()) {
      return;
    }
    if (title_.kind == "ConfigMap" && leaf.frames().size() == 2 && is_one_of(leaf.key_above(1), k_config_data)) {
      config_value(leaf);
    } else if (is_metadata(leaf)) {
      metadata_value(leaf);
    } else if (leaf.is_item() && (leaf.key() == "args" || leaf.key() == "command")) {
      argument(leaf);
    } else if (leaf.is_item() && leaf.key() == "literals") {
      report_named(leaf.key_above(1) == "configMapGenerator" ? "HM204" : "HM201", leaf,
                   find_assignments(leaf.value(), TextStyle::config));
    } else if (leaf.key() == "value" && leaf.mapping() != k_no_node) {
      named_value(leaf);
    } else {
      other_value(leaf);
    }
  }

  // Labels and annotations, of the object or of a pod template.
  [[nodiscard]] static bool is_metadata(const Leaf& leaf) {
    const std::string_view around = leaf.key_above(1);
    return (around == "labels" || around == "annotations") && leaf.key_above(2) == "metadata";
  }

  void metadata_value(const Leaf& leaf) {
    const Span span = written_span(document_, leaf.id(), offset_);
    const std::string where = shown(leaf.path());
    if (const TokenMatch* token = check_.token_in(span)) {
      report("HM205", token->span, std::string(token->what) + " in " + where, leaf, leaf.key());
      return;
    }
    report_urls("HM205", leaf, "a password in a URL in ");
    report_named("HM205", leaf, find_authorizations(leaf.value()));
    if (contains(leaf.value(), " -")) {
      report_named("HM205", leaf, find_set_secrets(leaf.value()));
      report_named("HM205", leaf, find_command_secrets(leaf.value()));
    }
    const std::string_view key = leaf.key().substr(leaf.key().rfind('/') + 1);
    const bool sum = contains(leaf.key(), "checksum") || contains(leaf.key(), "digest") || contains(leaf.key(), "hash");
    if (!sum && judge(key, leaf.value()) != Verdict::clean && looks_random(leaf.value())) {
      report("HM205", span, "a credential in " + where, leaf, leaf.key());
    }
  }

  void config_value(const Leaf& leaf) {
    const Span span = written_span(document_, leaf.id(), offset_);
    const std::string where = shown(leaf.path());
    if (const Verdict verdict = judge(leaf.key(), leaf.value()); verdict != Verdict::clean) {
      report("HM204", span, "a credential in a ConfigMap: " + where, leaf, leaf.key());
      return;
    }
    report_urls("HM204", leaf, "a password in a URL or DSN in a ConfigMap: ");
    report_named("HM204", leaf, find_in_text(leaf.key(), leaf.value()), "a ConfigMap: ");
    if (const TokenMatch* token = check_.token_in(span)) {
      report("HM204", token->span, std::string(token->what) + " in a ConfigMap: " + where, leaf, leaf.key());
    } else if (const auto what = check_.scanner().find_encoded(leaf.value())) {
      report("HM204", span, std::string(*what) + ", encoded, in a ConfigMap: " + where, leaf, leaf.key());
    }
  }

  // One word of args or command. All of them are read at the first, since one says what the next is.
  void argument(const Leaf& leaf) {
    const std::string_view rule = in_probe(leaf) ? "HM206" : "HM203";
    if (list_ != leaf.frames().back().node) {
      list_ = leaf.frames().back().node;
      read_arguments(leaf, rule);
    }
    report_named(rule, leaf, find_command_secrets(leaf.value()));
    report_named(rule, leaf, find_assignments(leaf.value(), TextStyle::shell));
    shared_text(leaf, rule);
  }

  void read_arguments(const Leaf& leaf, std::string_view rule) {
    std::vector<NodeId> words;
    std::vector<std::string_view> texts;
    const NodeId end = list_ + document_[list_].size;
    for (NodeId word = list_ + 1; word < end; word += document_[word].size) {
      if (document_[word].kind == NodeKind::scalar) {
        words.push_back(word);
        texts.push_back(document_[word].value);
      }
    }
    // args are handed to what command names.
    const Frame* around = leaf.frames().size() > 1 ? &leaf.frames()[leaf.frames().size() - 2] : nullptr;
    const NodeId command =
        leaf.key() == "args" && around != nullptr ? sibling(document_, around->node, "command") : k_no_node;
    const bool named =
        command != k_no_node && document_[command].kind == NodeKind::sequence && document_[command].size > 1;
    const std::string_view program = named ? std::string_view(document_[command + 1].value) : std::string_view();
    std::size_t at = 0;
    std::size_t begin = 0;
    for (const EmbeddedSecret& secret : find_argument_secrets(texts, program)) {
      while (begin + texts[at].size() < secret.span.end) {
        begin += texts[at++].size() + 1;
      }
      WrittenParts parts(document_, words[at], offset_);
      check_.report(rule, parts.of({secret.span.begin - begin, secret.span.end - begin}),
                    "a credential behind " + shown(secret.name) + " in " + shown(leaf.path()),
                    {leaf.path(), title_.text(), secret.name});
    }
  }

  [[nodiscard]] static bool in_probe(const Leaf& leaf) {
    constexpr std::array<std::string_view, 6> k_places = {"livenessProbe", "readinessProbe", "startupProbe",
                                                          "lifecycle",     "postStart",      "preStop"};
    for (std::size_t up = 1; up < 6; ++up) {
      if (is_one_of(leaf.key_above(up), k_places)) {
        return true;
      }
    }
    return false;
  }

  // {name: X, value: Y}: a container's environment, a header, a parameter.
  void named_value(const Leaf& leaf) {
    const NodeId sibling_name = sibling(document_, leaf.mapping(), "name");
    const std::string_view name = sibling_name == k_no_node ? std::string_view() : document_[sibling_name].value;
    const Span span = written_span(document_, leaf.id(), offset_);
    const std::string where = shown(leaf.path());
    if (leaf.key_above(1) == "httpHeaders") {
      report_named("HM206", leaf, find_header_secret(name, leaf.value()));
      return;
    }
    if (judge_environment(name, leaf.value()) != Verdict::clean) {
      report(title_.kind == "Application" ? "HM401" : "HM202", span, "a credential, " + shown(name) + ", in " + where,
             leaf, name);
      return;
    }
    if (leaf.value().find_first_of("\n=:") != std::string_view::npos) {
      report_named("HM202", leaf, find_assignments(leaf.value(), TextStyle::config));
    }
    if (leaf.value().starts_with("-") || contains(leaf.value(), " -")) {
      report_named("HM202", leaf, find_command_secrets(leaf.value()));
    }
    report_named("HM202", leaf, find_header_list(leaf.value()));
    shared_text(leaf, leaf.key_above(1) == "env" ? "HM202" : "HM102");
  }

  // "app.auth.password" of a Helm parameter counts by its last step.
  static Verdict judge_environment(std::string_view name, std::string_view value) {
    return judge(name.substr(name.rfind('.') + 1), value);
  }

  void other_value(const Leaf& leaf) {
    if (leaf.key() == "path" && in_probe(leaf)) {
      report_named("HM206", leaf, find_assignments(leaf.value(), TextStyle::config));
    }
    if (title_.kind == "Application" && (leaf.key() == "repoURL" || leaf.key() == "values")) {
      application_value(leaf);
      return;
    }
    const Span span = written_span(document_, leaf.id(), offset_);
    if (check_.token_in(span) == nullptr && judge(leaf.key(), leaf.value()) == Verdict::secret && !is_status(leaf)) {
      report("HM101", span, "a plaintext credential: " + shown(leaf.path()), leaf, leaf.key());
      return;
    }
    // A patch of kustomize, settings that an operator reads.
    if (contains(leaf.value(), "\n") && !is_described(leaf.key())) {
      report_named("HM101", leaf, find_in_text(leaf.key(), leaf.value()), "the text of ");
    }
    shared_text(leaf, "HM102");
  }

  [[nodiscard]] bool is_status(const Leaf& leaf) const {
    return !leaf.frames().empty() && leaf.frames().front().key != k_no_node &&
           document_[leaf.frames().front().key].value == "status";
  }

  // Argo CD: a repository's address, and values given as text.
  void application_value(const Leaf& leaf) {
    if (leaf.key() == "repoURL") {
      report_urls("HM403", leaf, "a credential in a repository's address: ");
      return;
    }
    report_named("HM401", leaf, find_assignments(leaf.value(), TextStyle::config));
    shared_text(leaf, "HM102");
  }

  // Passwords in URLs, and tokens, wherever they stand.
  void shared_text(const Leaf& leaf, std::string_view token_rule) {
    report_urls("HM107", leaf, "a password in the URL or DSN of ");
    const Span span = written_span(document_, leaf.id(), offset_);
    const TokenMatch* token = check_.token_in(span);
    if (token == nullptr) {
      if (const auto what = check_.scanner().find_encoded(leaf.value())) {
        report("HM102", span, std::string(*what) + ", encoded, in " + shown(leaf.path()), leaf, leaf.key());
      }
    } else if (token_rule == "HM102") {
      check_.report_token(*token, {leaf.path(), title_.text(), leaf.key()});
    } else {
      report(token->what == k_private_key ? "HM106" : token_rule, token->span,
             std::string(token->what) + " in " + shown(leaf.path()), leaf, leaf.key());
    }
  }

  void report_named(std::string_view rule, const Leaf& leaf, const std::vector<EmbeddedSecret>& found,
                    std::string_view what = "") {
    if (found.empty()) {
      return;
    }
    WrittenParts parts(document_, leaf.id(), offset_);
    const std::string path = leaf.path();
    for (const EmbeddedSecret& secret : found) {
      check_.report(rule, parts.of(secret.span),
                    "a credential, " + shown(secret.name) + ", in " + std::string(what) + shown(path),
                    {path, title_.text(), secret.name});
    }
  }

  void report_urls(std::string_view rule, const Leaf& leaf, std::string_view what) {
    const std::vector<EmbeddedSecret> found = find_url_passwords(leaf.value());
    if (found.empty()) {
      return;
    }
    WrittenParts parts(document_, leaf.id(), offset_);
    const std::string path = leaf.path();
    for (const EmbeddedSecret& secret : found) {
      check_.report(rule, parts.of(secret.span), std::string(what) + shown(path), {path, title_.text(), leaf.key()},
                    severity_of(secret.verdict));
    }
  }

  void report(std::string_view rule, Span span, std::string message, const Leaf& leaf, std::string_view key) {
    check_.report(rule, span, std::move(message), {leaf.path(), title_.text(), key});
  }

  Check& check_;
  const Document& document_;
  std::size_t offset_;
  ObjectTitle title_;
  NodeId list_ = k_no_node;  // the arguments that were read last
};

bool is_described_only(std::string_view kind) {
  constexpr std::array<std::string_view, 4> k_kinds = {"CustomResourceDefinition", "APIService",
                                                       "ValidatingAdmissionPolicy", "ClusterRole"};
  return is_one_of(kind, k_kinds);
}

void check_object(Check& check, const Document& document, NodeId root, std::size_t offset, bool rendered,
                  SecretValues& values) {
  const ObjectTitle title{std::string(child_text(document, root, "kind")),
                          std::string(child_text(document, child(document, root, "metadata"), "name"))};
  if (is_described_only(title.kind)) {
    return;
  }
  if (title.kind == "Secret") {
    check_secret(check, document, root, offset, title, rendered, values);
  } else if (title.kind == "SealedSecret" || title.kind == "ExternalSecret" || title.kind == "ClusterExternalSecret") {
    check_secret_template(check, document, root, offset, title);
  } else if (title.kind == "HelmRelease" || title.kind == "HelmChart" || title.kind == "HelmChartConfig") {
    check_values_below(check, document, child(document, root, "spec"), offset, title.text());
  } else if (title.kind == "SecretPolicy") {
    check_values_below(check, document, root, offset, title.text());
  } else {
    ObjectCheck(check, document, offset, title).run(root);
  }
}

// A stream with more Secrets than this is searched for the first ones.
constexpr std::size_t k_most_values = 512;

// What a Secret holds, found again elsewhere in the stream.
class Repeated {
 public:
  Repeated(Check& check, const SecretValues& values) : check_(check), values_(values) {
    for (const auto& [where, value] : values.values) {
      if (lowered_.size() == k_most_values) {
        break;
      }
      std::string& lowered = lowered_.emplace_back(value.reveal());
      std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
  }
  Repeated(const Repeated&) = delete;
  Repeated& operator=(const Repeated&) = delete;
  ~Repeated() {
    for (std::string& one : lowered_) {
      base::cleanse(one);
    }
  }

  void run(const std::vector<Span>& secret_documents) {
    const KeywordScan scan(std::vector<std::string_view>(lowered_.begin(), lowered_.end()));
    std::size_t document = 0;
    scan.scan(check_.text(), [&](std::uint32_t index, std::size_t begin) {
      const auto& [where, value] = values_.values[index];
      const Span span{begin, begin + value.size()};
      while (document < secret_documents.size() && secret_documents[document].end <= begin) {
        ++document;
      }
      const bool at_home = document < secret_documents.size() && secret_documents[document].overlaps(span);
      if (!at_home && check_.text().substr(begin, value.size()) == value.reveal()) {
        check_.report("HM207", span, "the value of " + where + " stands here as well", {});
      }
    });
  }

 private:
  Check& check_;
  const SecretValues& values_;
  std::vector<std::string> lowered_;
};

}  // namespace

void check_manifest(Check& check, const Document& document, std::size_t offset, bool rendered, SecretValues& values) {
  const NodeId root = Document::root();
  const NodeId items =
      child_text(document, root, "kind").ends_with("List") ? child(document, root, "items") : k_no_node;
  if (items == k_no_node || document[items].kind != NodeKind::sequence) {
    check_object(check, document, root, offset, rendered, values);
    return;
  }
  for (const NodeId item : document.items(items)) {
    check_object(check, document, item, offset, rendered, values);
  }
}

void check_repeated(Check& check, const SecretValues& values, const std::vector<Span>& secret_documents) {
  if (!values.values.empty()) {
    Repeated(check, values).run(secret_documents);
  }
}

}  // namespace helmme::lint
