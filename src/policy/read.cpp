#include "policy/read.h"

#include <deque>
#include <utility>

#include "policy/bundle.h"
#include "policy/form.h"
#include "policy/helm_values.h"
#include "policy/hide.h"
#include "policy/merge.h"
#include "policy/names.h"
#include "policy/node.h"

namespace helmme::policy {
namespace {

const std::vector<std::string> k_dialects = {"native", "vals", "argocd-vault-plugin", "bank-vaults"};

// The texts as trees, those of one kind merged; wiped at the end.
class Roots {
 public:
  Roots() = default;
  Roots(const Roots&) = delete;
  Roots& operator=(const Roots&) = delete;
  ~Roots() {
    wipe(operator_policy);
    wipe(values);
    for (NodeEntry& bundle : from_values) {
      wipe(bundle.value);
    }
  }

  void add(Node root, Origin origin) {
    if (origin == Origin::stream_document) {
      stream.push_back(std::move(root));
    } else if (origin == Origin::helm_values) {
      resolve_merge_keys(root);
      merge_into(values, std::move(root));
    } else {
      merge_into(operator_policy, std::move(root));
    }
  }

  Node operator_policy;
  std::vector<Node> stream;
  Node values;
  std::vector<NodeEntry> from_values;  // bundles

 private:
  static void merge_into(Node& place, Node root) {
    if (root.kind != Node::Kind::null) {  // a file without anything changes nothing
      merge(place, std::move(root));
    }
  }
};

class PolicyReader {
 public:
  PolicyReader(const Variables& variables, base::Diagnostics& diagnostics)
      : variables_(variables), form_(variables, diagnostics), diagnostics_(diagnostics) {}

  void read(Roots& roots) {
    roots.from_values = bundles_in_values(roots.values, form_);
    take_sources(roots.operator_policy, roots.from_values);
    read_operator(roots.operator_policy);
    for (Node& root : roots.stream) {
      take_sources(root, roots.from_values);
      read_stream(root);
    }
    read_values(roots.from_values);
  }

  // What makes a text one of ours. Of merged files, each says so itself.
  void check_header(const Node& root) {
    const auto must_be = [&](const char* key, const std::string& wanted) {
      const Node* node = root.find(key);
      if (node == nullptr) {
        form_.problem(root, std::string(key) + " is missing", std::string(key) + ": " + wanted);
      } else if (node->kind != Node::Kind::scalar || node->text != wanted) {
        form_.problem(*node, std::string(key) + " must be " + wanted, std::string(key) + ": " + wanted);
      }
    };
    must_be("apiVersion", "helm-me/v1alpha1");
    must_be("kind", "SecretPolicy");
    if (const Node* metadata = root.find("metadata"); metadata != nullptr && form_.is_mapping(*metadata, "metadata")) {
      for (const NodeEntry& entry : metadata->entries) {
        form_.is_known(entry.key, "metadata", {"name", "namespace", "labels", "annotations"});
      }
    }
  }

  void read_operator(const Node& root) {
    if (const Node* allow = root.find("allow")) {
      defaults_.allow = read_allow(*allow, form_);
    }
    if (const Node* node = root.find("defaults")) {
      read_defaults(*node);
    }
    for (const NodeEntry& entry : root.entries) {
      if (is_later_work(entry, "the policy", form_) || !form_.is_known(entry.key, "the policy", k_top_keys)) {
        continue;
      }
      if (entry.key.text == "bundles") {
        read_bundles(entry.value);
      } else if (entry.key.text == "arguments") {
        read_arguments(entry.value, "arguments");
      } else if (entry.key.text == "dialects") {
        read_dialects(entry.value);
      } else if (entry.key.text == "bridge") {
        policy_.bridge_to_vals = form_.word(entry.value, "bridge", {"vals"}).has_value();
      } else if (entry.key.text == "secretNameFields") {
        read_fields(entry, "Certificate/*:spec.secretName", policy_.secret_name_fields);
      } else if (entry.key.text == "allowValues") {
        read_fields(entry, "Application/shop:spec.source.*", policy_.allow_values);
      }
    }
  }

  void read_stream(const Node& root) {
    for (const NodeEntry& entry : root.entries) {
      const std::string& key = entry.key.text;
      if (is_later_work(entry, "the policy", form_) || !form_.is_known(entry.key, "the policy", k_top_keys)) {
        continue;
      }
      if (key == "bundles") {
        read_bundles(entry.value);
      } else if (key != "apiVersion" && key != "kind" && key != "metadata" && !entry.value.is_empty()) {
        form_.problem(entry.key, "a policy that a chart brings may not set " + key,
                      "set it in the operator's own policy: --policy FILE");
      }
    }
  }

  // The bundles that no policy has.
  void read_values(const std::vector<NodeEntry>& bundles) {
    for (const NodeEntry& entry : bundles) {
      if (is_there_twice(entry)) {
        continue;
      }
      base::Diagnostics own;
      Form form(variables_, own);
      Bundle bundle = read_bundle(entry, defaults_, form);
      bundle.declared = false;
      bundle.problems = std::move(own.errors);
      for (base::Warning& warning : own.warnings) {
        diagnostics_.warning(std::move(warning));
      }
      policy_.bundles.emplace(entry.key.text, std::move(bundle));
    }
  }

  Policy take() {
    policy_.delivery = defaults_.delivery;
    policy_.target = std::move(defaults_.target);
    policy_.store = std::move(defaults_.store);
    policy_.allow = std::move(defaults_.allow);
    return std::move(policy_);
  }

 private:
  void read_defaults(const Node& node) {
    if (!form_.is_mapping(node, "defaults")) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      const std::string& key = entry.key.text;
      const std::string what = key + " of defaults";
      if (is_later_work(entry, "defaults", form_) ||
          !form_.is_known(entry.key, "defaults",
                          {"delivery", "target", "precedence", "arguments", "secretStoreRef", "refreshInterval"})) {
        continue;
      }
      if (key == "delivery") {
        defaults_.delivery = read_delivery(entry.value, what, form_);
      } else if (key == "target") {
        defaults_.target = form_.secret_name(entry.value, what);
      } else if (key == "secretStoreRef" || key == "refreshInterval") {
        read_store(entry, what, defaults_.store, form_);
      } else if (key == "precedence") {
        defaults_.strict = form_.word(entry.value, what, {"warn", "strict"}).value_or("warn") == "strict";
      } else {
        read_arguments(entry.value, what);
      }
    }
  }

  void read_bundles(const Node& node) {
    if (!form_.is_mapping(node, "bundles")) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      if (form_.key_name(entry.key, "a bundle's name") && !is_there_twice(entry)) {
        policy_.bundles.emplace(entry.key.text, read_bundle(entry, defaults_, form_));
      }
    }
  }

  bool is_there_twice(const NodeEntry& entry) {
    const auto found = policy_.bundles.find(entry.key.text);
    if (found == policy_.bundles.end()) {
      return false;
    }
    const bool values = entry.key.file->origin == Origin::helm_values;
    diagnostics_.error({.kind = base::ErrorKind::bad_input,
                        .message = "bundle " + quoted(entry.key.text) + " is there twice",
                        .location = entry.key.location(),
                        .notes = {"the other is in " + place(found->second.location)},
                        .help = values ? "a key with a dot in it is written like a path: rename one of the two"
                                       : "a chart's policy adds bundles, it changes none: rename one of the two"});
    return true;
  }

  static std::string place(const base::Location& location) {
    return location.object.empty() ? location.file + ":" + std::to_string(location.line) : location.object;
  }

  void read_arguments(const Node& node, const std::string& what) {
    if (const std::optional<std::string> word = form_.word(node, what, {"warn", "error"})) {
      policy_.arguments = *word == "error" ? Arguments::error : Arguments::warn;
    }
  }

  void read_dialects(const Node& node) {
    if (!form_.is_sequence(node, "dialects")) {
      return;
    }
    policy_.dialects.emplace();
    for (const Node& item : node.items) {
      if (std::optional<std::string> word = form_.word(item, "an item of dialects", k_dialects)) {
        policy_.dialects->push_back(*std::move(word));
      }
    }
  }

  // A list of "Kind/name:spec.path.*".
  void read_fields(const NodeEntry& entry, const std::string& example, std::vector<std::string>& fields) {
    const std::string& name = entry.key.text;
    if (!form_.is_sequence(entry.value, name)) {
      return;
    }
    for (const Node& item : entry.value.items) {
      std::optional<std::string> field = form_.text(item, "an item of " + name);
      if (!field) {
        continue;
      }
      const std::size_t colon = field->find(':');
      const std::size_t slash = field->find('/');
      if (colon == std::string::npos || slash == std::string::npos || slash == 0 || slash > colon ||
          colon + 1 == field->size()) {
        form_.problem(item, "an item of " + name + " must be a kind, a name and a path",
                      "\"Kind/name:spec.path\", for example " + quoted(example));
      } else {
        fields.push_back(*std::move(field));
      }
    }
  }

  const Variables& variables_;
  Form form_;
  base::Diagnostics& diagnostics_;
  Defaults defaults_;  // the operator's
  Policy policy_;
};

// What a text holds; nullopt: it is reported what is wrong.
std::optional<Node> parse_root(TextFile& file, base::Diagnostics& diagnostics) {
  const bool values = file.origin == Origin::helm_values;
  Node root;
  // Of values nothing is ever shown: what is ours among them is but a part.
  if (!parse_node(file, root, diagnostics, values ? nullptr : hide_values)) {
    wipe(root);
    return std::nullopt;
  }
  if (root.kind != Node::Kind::mapping && root.kind != Node::Kind::null) {
    diagnostics.error(
        {.kind = base::ErrorKind::bad_input,
         .message = (values ? "Helm values must be a mapping, not " : "a policy must be a mapping, not ") +
                    std::string(root.kind_name()),
         .location = file.locate(root.offset, 1),
         .notes = {},
         .help = {}});
    wipe(root);
    return std::nullopt;
  }
  return root;
}

}  // namespace

std::string_view name_of(SourceKind kind) noexcept {
  switch (kind) {
    case SourceKind::existing_secret:
      return "existingSecret";
    case SourceKind::secrets:
      return "secrets";
    case SourceKind::secrets_files:
      break;
  }
  return "secretsFiles";
}

const std::vector<std::string> k_delivery_words = {"reference", "externalSecret", "sealedSecret",
                                                   "apply",     "secret",         "inline"};

std::string_view name_of(Delivery delivery) noexcept {
  switch (delivery) {
    case Delivery::secret:
      return "secret";
    case Delivery::external_secret:
      return "externalSecret";
    case Delivery::inline_value:
      return "inline";
    case Delivery::reference:
      break;
  }
  return "reference";
}

std::optional<Delivery> delivery_named(std::string_view word) noexcept {
  for (const Delivery delivery :
       {Delivery::reference, Delivery::external_secret, Delivery::secret, Delivery::inline_value}) {
    if (word == name_of(delivery)) {
      return delivery;
    }
  }
  return std::nullopt;
}

std::optional<Policy> read_policies(const std::vector<PolicyText>& texts, const Variables& variables,
                                    base::Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.errors.size();
  PolicyReader reader(variables, diagnostics);
  std::deque<TextFile> files;  // nodes point into it
  Roots roots;
  for (const PolicyText& text : texts) {
    TextFile& file = files.emplace_back(TextFile{.name = text.source.name,
                                                 .object = text.object,
                                                 .folder = text.folder,
                                                 .origin = text.origin,
                                                 .text = text.source.text,
                                                 .first_line = text.first_line});
    if (std::optional<Node> root = parse_root(file, diagnostics)) {
      if (text.origin != Origin::helm_values) {
        reader.check_header(*root);
      }
      roots.add(*std::move(root), text.origin);
    }
  }
  reader.read(roots);
  if (diagnostics.errors.size() != errors_before) {
    return std::nullopt;
  }
  return reader.take();
}

}  // namespace helmme::policy
