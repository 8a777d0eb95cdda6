// HM101 to HM110: values files and everything else that is a tree of YAML and no manifest.
#include <algorithm>
#include <array>

#include "base/secret.h"
#include "crypto/base64.h"
#include "lint/characters.h"
#include "lint/check.h"
#include "lint/embedded_pair.h"
#include "lint/named_value.h"
#include "lint/secret_rules.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::Node;
using manifest::NodeId;
using manifest::NodeKind;
using manifest::Style;

// One tree of values.
class ValuesCheck {
 public:
  ValuesCheck(Check& check, const Document& document, std::size_t offset, std::string object)
      : check_(check), document_(document), offset_(offset), object_(std::move(object)) {}

  void run(NodeId root) {
    const NodeId sops = root == Document::root() ? child(document_, root, "sops") : k_no_node;
    sops_ = sops != k_no_node && child(document_, sops, "mac") != k_no_node;
    visit_leaves(
        document_, root, [&](const Leaf& leaf) { visit(leaf); },
        [&](NodeId node, const std::vector<Frame>& frames) { return enter(node, frames); });
  }

 private:
  bool enter(NodeId node, const std::vector<Frame>& frames) {
    // The mappings around a leaf are asked often for an existing Secret: the answer is kept.
    existing_.resize(frames.size() + 1);
    existing_.back() = {has_existing_secret(document_, node, false), has_existing_secret(document_, node, true)};
    if (frames.empty()) {
      return true;
    }
    if (check_secret_object(node)) {
      return false;
    }
    if (frames.back().key == k_no_node) {
      return true;
    }
    const std::string_view key = document_[frames.back().key].value;
    const bool none = holds_no_values(key) && !(key == "properties" && !is_schema(node));
    return !none && !(frames.size() == 1 && sops_ && key == "sops");
  }

  // JSON Schema's properties describe; others' are set.
  [[nodiscard]] bool is_schema(NodeId properties) const {
    constexpr std::array<std::string_view, 7> k_describing = {"type",       "$ref",  "description", "enum",
                                                              "properties", "anyOf", "oneOf"};
    if (document_[properties].kind != NodeKind::mapping || document_[properties].size < 3) {
      return true;
    }
    const NodeId key = properties + 1;
    const NodeId first = key + document_[key].size;
    return std::any_of(k_describing.begin(), k_describing.end(),
                       [&](std::string_view word) { return sibling(document_, first, word) != k_no_node; });
  }

  // A Secret that is given as a value: extraObjects and the like.
  bool check_secret_object(NodeId node) {
    if (document_[node].kind != NodeKind::mapping || sops_) {
      return false;
    }
    const NodeId kind = sibling(document_, node, "kind");
    if (kind == k_no_node || document_[kind].value != "Secret" || sibling(document_, node, "apiVersion") == k_no_node) {
      return false;
    }
    SecretValues values;
    const ObjectTitle title{"Secret", std::string(child_text(document_, child(document_, node, "metadata"), "name"))};
    check_secret(check_, document_, node, offset_, title, false, values);
    return true;
  }

  void visit(const Leaf& leaf) {
    if (has_foreign_tag(leaf)) {
      return;
    }
    const std::string_view value = leaf.value();
    const Span span = written_span(document_, leaf.id(), offset_);
    if (check_token(leaf, span) || value.empty()) {
      // A longer text may hold more than its token.
      if (contains(value, "\n")) {
        check_longer_text(leaf, value);
      }
      check_alternative(leaf, value);
      return;
    }
    const auto [name, key] = name_of_value(leaf);
    const bool registry = check_registry_entry(leaf, value, span) || check_registry_config(leaf, value, span);
    if (contains(value, "\n")) {
      check_longer_text(leaf, value);
    }
    check_urls(leaf, value);
    check_words(leaf, value);
    check_pairs(leaf, name, value, span);
    if (registry || holds_no_values(leaf.key())) {
      return;
    }
    Verdict verdict = is_number_or_flag(leaf) ? Verdict::clean : judge(name, key, value);
    if (verdict != Verdict::clean && (is_longer_text(key, value) || is_text_of_interface(leaf))) {
      verdict = Verdict::clean;
    }
    if (verdict == Verdict::clean) {
      check_alternative(leaf, value);
      check_encoded(leaf, value, span);
      return;
    }
    report_literal(leaf, name, verdict, span);
  }

  // `maxTokens: 4096` and `salt: 16` count something; a password of digits is one all the same.
  [[nodiscard]] bool is_number_or_flag(const Leaf& leaf) const {
    const std::string_view value = leaf.value();
    const bool number = leaf.node().style == Style::plain && !value.empty() &&
                        value.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
    return number && classify_key(leaf.key()) == KeyClass::ambiguous;
  }

  // A file of settings below a key such as "secret".
  static bool is_longer_text(KeyClass key, std::string_view value) {
    const std::size_t line = trim(value).find('\n');
    return line != std::string_view::npos && key == KeyClass::ambiguous;
  }

  Place place(const Leaf& leaf, std::string_view key) const { return {leaf.path(), object_, key}; }

  bool check_token(const Leaf& leaf, Span span) {
    const TokenMatch* token = check_.token_in(span);
    if (token == nullptr || (sops_ && is_reference(leaf.value()))) {
      return false;
    }
    check_.report_token(*token, place(leaf, name_of_value(leaf).name));
    return true;
  }

  void check_encoded(const Leaf& leaf, std::string_view value, Span span) {
    if (const auto what = check_.scanner().find_encoded(value)) {
      check_.report(*what == k_private_key ? "HM106" : "HM102", span,
                    std::string(*what) + ", encoded, in " + shown(leaf.path()), place(leaf, leaf.key()));
    }
  }

  void check_longer_text(const Leaf& leaf, std::string_view value) {
    if (is_described(leaf.key())) {
      return;
    }
    const std::vector<EmbeddedSecret> found = find_in_text(leaf.key(), value);
    WrittenParts parts(document_, leaf.id(), offset_);
    const std::string path = found.empty() ? std::string() : leaf.path();
    for (const EmbeddedSecret& secret : found) {
      check_.report(rule_of(secret.verdict), parts.of(secret.span),
                    "a plaintext credential, " + shown(secret.name) + ", in the text of " + shown(path),
                    {path, object_, secret.name});
    }
  }

  // What one line holds besides: NAME=value, options, JSON, headers.
  void check_words(const Leaf& leaf, std::string_view value) {
    if (leaf.is_item() && list_ != leaf.frames().back().node) {
      list_ = leaf.frames().back().node;
      read_arguments(leaf);
    }
    if (is_described(leaf.key())) {
      return;
    }
    if (value.starts_with("-") || (value.size() <= k_longest_command && contains(value, " -"))) {
      report_parts(leaf, find_command_secrets(value));
    }
    const bool line = !contains(value, "\n");
    if (line && (contains(value, "=") || contains(value, "\":") || contains(value, "\" :") || contains(value, "{"))) {
      report_parts(leaf, find_assignments(value, TextStyle::config));
    }
    if (line && contains(value, "uthorization")) {
      report_parts(leaf, find_authorizations(value));
    }
    if (classify_key(leaf.key()) == KeyClass::other) {
      report_parts(leaf, find_header_secret(leaf.key(), value));
    }
    if (is_value_word(leaf.key())) {
      report_parts(leaf, find_header_secret(name_of_value(leaf).name, value));
    } else if (leaf.key().starts_with("httpHeaderValue")) {
      report_parts(leaf, find_header_secret("Authorization", value));
    }
  }

  // Words of a command in a list: one says what the next is.
  void read_arguments(const Leaf& leaf) {
    std::vector<NodeId> words;
    std::vector<std::string_view> texts;
    bool options = false;
    const NodeId end = list_ + document_[list_].size;
    for (NodeId word = list_ + 1; word < end; word += document_[word].size) {
      if (document_[word].kind == NodeKind::scalar) {
        words.push_back(word);
        texts.push_back(document_[word].value);
        options = options || texts.back().starts_with("-");
      }
    }
    if (!options) {
      return;
    }
    std::size_t at = 0;
    std::size_t begin = 0;
    for (const EmbeddedSecret& secret : find_argument_secrets(texts, {})) {
      while (begin + texts[at].size() < secret.span.end) {
        begin += texts[at++].size() + 1;
      }
      WrittenParts parts(document_, words[at], offset_);
      check_.report(rule_of(secret.verdict), parts.of({secret.span.begin - begin, secret.span.end - begin}),
                    "a plaintext credential behind " + shown(secret.name) + " in " + shown(leaf.path()),
                    place(leaf, secret.name));
    }
  }

  void report_parts(const Leaf& leaf, const std::vector<EmbeddedSecret>& found) {
    WrittenParts parts(document_, leaf.id(), offset_);
    for (const EmbeddedSecret& secret : found) {
      check_.report(rule_of(secret.verdict), parts.of(secret.span),
                    "a plaintext credential, " + shown(secret.name) + ", in " + shown(leaf.path()),
                    place(leaf, secret.name));
    }
  }

  [[nodiscard]] std::string_view rule_of(Verdict verdict) const {
    return sops_ ? "HM110" : verdict == Verdict::common ? "HM103" : "HM101";
  }

  // "name:password" in one, and the private number of a JSON Web Key (RFC 7518, section 6).
  void check_pairs(const Leaf& leaf, std::string_view name, std::string_view value, Span span) {
    WrittenParts parts(document_, leaf.id(), offset_);
    for (const EmbeddedSecret& secret : find_name_and_password(name, value)) {
      check_.report(rule_of(secret.verdict), parts.of(secret.span), "a plaintext credential: " + shown(leaf.path()),
                    place(leaf, name));
    }
    constexpr std::size_t k_shortest_number = 40;
    if (leaf.key() == "d" && value.size() >= k_shortest_number && leaf.mapping() != k_no_node &&
        sibling(document_, leaf.mapping(), "kty") != k_no_node && looks_random(value)) {
      check_.report("HM106", span, "a private key, as a JSON Web Key, in " + shown(leaf.path()), place(leaf, "d"));
    }
  }

  void check_urls(const Leaf& leaf, std::string_view value) {
    const std::vector<EmbeddedSecret> found = find_url_passwords(value);
    WrittenParts parts(document_, leaf.id(), offset_);
    const std::string path = found.empty() ? std::string() : leaf.path();
    for (const EmbeddedSecret& secret : found) {
      check_.report(sops_ ? "HM110" : "HM107", parts.of(secret.span), "a password in the URL or DSN of " + shown(path),
                    {path, object_, leaf.key()}, severity_of(secret.verdict));
    }
  }

  // {auths: {r.example.com: {auth: …}}}
  bool check_registry_entry(const Leaf& leaf, std::string_view value, Span span) {
    if (leaf.key_above(2) != "auths" || leaf.mapping() == k_no_node ||
        (leaf.key() != "auth" && leaf.key() != "identitytoken" && leaf.key() != "registrytoken") ||
        judge(KeyClass::credential, value) == Verdict::clean) {
      return false;
    }
    check_.report("HM108", span, "a registry's password in the docker configuration of " + shown(leaf.path()),
                  place(leaf, leaf.key()));
    return true;
  }

  bool check_registry_config(const Leaf& leaf, std::string_view value, Span span) {
    if (!contains(value, "auth") && !trim(value).starts_with("ey")) {
      return false;
    }
    const std::optional<base::Secret> decoded =
        trim(value).starts_with("ey") ? crypto::decode_base64(trim(value)) : std::nullopt;
    const std::string_view json = decoded ? decoded->reveal() : value;
    if (!contains(json, "\"auths\"")) {
      return false;
    }
    bool found = false;
    for (const std::string_view name : {std::string_view("\"auth\""), std::string_view("\"password\"")}) {
      const std::size_t at = json.find(name);
      const std::size_t open = at == std::string_view::npos ? at : json.find('"', json.find(':', at));
      const std::size_t close = open == std::string_view::npos ? open : json.find('"', open + 1);
      if (close == std::string_view::npos || close == open + 1 ||
          is_reference(json.substr(open + 1, close - open - 1))) {
        continue;
      }
      const Span part = decoded ? span : WrittenParts(document_, leaf.id(), offset_).of({open + 1, close});
      check_.report("HM108", part, "a registry's password in the docker configuration of " + shown(leaf.path()),
                    place(leaf, leaf.key()));
      found = true;
    }
    return found;
  }

  void report_literal(const Leaf& leaf, std::string_view name, Verdict verdict, Span span) {
    const std::string where = shown(leaf.path());
    const bool beside = leaf.mapping() != k_no_node && existing_[leaf.frames().size() - 1].named;
    if (sops_) {
      check_.report("HM110", span, "a credential that SOPS left in plain text: " + where, place(leaf, name));
    } else if (beside) {
      check_.report("HM104", span, "a plaintext credential beside an existing Secret: " + where, place(leaf, name));
    } else if (is_registry(leaf)) {
      check_.report("HM108", span, "a registry's password in plain text: " + where, place(leaf, name));
    } else if (verdict == Verdict::common) {
      check_.report("HM103", span, "a default password that everybody knows: " + where, place(leaf, name));
    } else {
      check_.report("HM101", span, "a plaintext credential: " + where, place(leaf, name));
    }
  }

  // HM105: only in a chart's own values, where an alternative can be added.
  void check_alternative(const Leaf& leaf, std::string_view value) {
    if (!check_.file().values_of_chart || leaf.is_item() || classify_key(leaf.key()) != KeyClass::credential ||
        is_reference(value) || leaf.mapping() == k_no_node) {
      return;
    }
    const ValueClass kind = classify_value(value);
    const bool credential = kind == ValueClass::nothing || kind == ValueClass::example;
    const bool alternative =
        std::any_of(existing_.begin(), existing_.begin() + static_cast<std::ptrdiff_t>(leaf.frames().size()),
                    [](const Existing& one) { return one.any; });
    if (credential && !alternative) {
      const Span key = written_span(document_, leaf.frames().back().key, offset_);
      check_.report("HM105", key, shown(leaf.path()) + " has no existing Secret beside it that could be named instead",
                    place(leaf, leaf.key()));
    }
  }

  static constexpr std::size_t k_longest_command = 4096;

  struct Existing {
    bool any = false;
    bool named = false;
  };

  Check& check_;
  const Document& document_;
  std::size_t offset_;
  std::string object_;
  bool sops_ = false;
  std::vector<Existing> existing_;  // by depth
  NodeId list_ = k_no_node;         // the one whose arguments were read
};

}  // namespace

void check_values(Check& check, const Document& document, std::size_t offset) {
  if (document.empty()) {
    return;
  }
  // A schema describes values and holds none.
  const NodeId root = Document::root();
  if (child(document, root, "$schema") != k_no_node || child(document, root, "openapi") != k_no_node ||
      child(document, root, "swagger") != k_no_node) {
    return;
  }
  check_values_below(check, document, root, offset, "");
}

void check_values_below(Check& check, const Document& document, NodeId root, std::size_t offset,
                        const std::string& object) {
  ValuesCheck(check, document, offset, object).run(root);
}

}  // namespace helmme::lint
