#include "policy/read.h"

#include <deque>
#include <utility>

#include "policy/bundle.h"
#include "policy/form.h"
#include "policy/hide.h"
#include "policy/merge.h"
#include "policy/names.h"
#include "policy/node.h"

namespace helmme::policy {
namespace {

const std::vector<std::string> k_dialects = {"native", "vals", "argocd-vault-plugin", "bank-vaults"};

class PolicyReader {
 public:
  PolicyReader(const Variables& variables, base::Diagnostics& diagnostics)
      : form_(variables, diagnostics), diagnostics_(diagnostics) {}

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
    Defaults defaults;
    if (const Node* allow = root.find("allow")) {
      defaults.allow = read_allow(*allow, form_);
    }
    if (const Node* node = root.find("defaults")) {
      read_defaults(*node, defaults);
    }
    for (const NodeEntry& entry : root.entries) {
      if (is_later_work(entry, "the policy", form_) || !form_.is_known(entry.key, "the policy", k_top_keys)) {
        continue;
      }
      if (entry.key.text == "bundles") {
        read_bundles(entry.value, defaults);
      } else if (entry.key.text == "arguments") {
        read_arguments(entry.value, "arguments");
      } else if (entry.key.text == "dialects") {
        read_dialects(entry.value);
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
        read_bundles(entry.value, {});
      } else if (key != "apiVersion" && key != "kind" && key != "metadata" && !entry.value.is_empty()) {
        form_.problem(entry.key, "a policy that a chart brings may not set " + key,
                      "set it in the operator's own policy: --policy FILE");
      }
    }
  }

  Policy take() { return std::move(policy_); }

 private:
  void read_defaults(const Node& node, Defaults& defaults) {
    if (!form_.is_mapping(node, "defaults")) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      const std::string& key = entry.key.text;
      const std::string what = key + " of defaults";
      if (is_later_work(entry, "defaults", form_) ||
          !form_.is_known(entry.key, "defaults", {"delivery", "target", "precedence", "arguments"})) {
        continue;
      }
      if (key == "delivery") {
        defaults.delivery = read_delivery(entry.value, what, form_);
      } else if (key == "target") {
        defaults.target = form_.secret_name(entry.value, what);
      } else if (key == "precedence") {
        defaults.strict = form_.word(entry.value, what, {"warn", "strict"}).value_or("warn") == "strict";
      } else {
        read_arguments(entry.value, what);
      }
    }
  }

  void read_bundles(const Node& node, const Defaults& defaults) {
    if (!form_.is_mapping(node, "bundles")) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      if (!form_.key_name(entry.key, "a bundle's name")) {
        continue;
      }
      if (const auto found = policy_.bundles.find(entry.key.text); found != policy_.bundles.end()) {
        diagnostics_.error({.kind = base::ErrorKind::bad_input,
                            .message = "bundle " + quoted(entry.key.text) + " is there twice",
                            .location = entry.key.location(),
                            .notes = {"the other is in " + place(found->second.location)},
                            .help = "a chart's policy adds bundles, it changes none: rename one of the two"});
        continue;
      }
      policy_.bundles.emplace(entry.key.text, read_bundle(entry, defaults, form_));
    }
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

  Form form_;
  base::Diagnostics& diagnostics_;
  Policy policy_;
};

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
    case Delivery::inline_value:
      return "inline";
    case Delivery::reference:
      break;
  }
  return "reference";
}

std::optional<Delivery> delivery_named(std::string_view word) noexcept {
  for (const Delivery delivery : {Delivery::reference, Delivery::secret, Delivery::inline_value}) {
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
  std::optional<Node> merged;
  std::vector<Node> stream;
  for (const PolicyText& text : texts) {
    TextFile& file = files.emplace_back(TextFile{.name = text.source.name,
                                                 .object = text.object,
                                                 .folder = text.folder,
                                                 .origin = text.origin,
                                                 .text = text.source.text,
                                                 .first_line = text.first_line});
    Node root;
    if (!parse_node(file, root, diagnostics, hide_values)) {
      continue;
    }
    if (root.kind != Node::Kind::mapping && root.kind != Node::Kind::null) {
      diagnostics.error({.kind = base::ErrorKind::bad_input,
                         .message = "a policy must be a mapping, not " + std::string(root.kind_name()),
                         .location = file.locate(root.offset, 1),
                         .notes = {},
                         .help = {}});
      continue;
    }
    reader.check_header(root);
    if (text.origin == Origin::stream_document) {
      stream.push_back(std::move(root));
    } else if (merged) {
      merge(*merged, std::move(root));
    } else {
      merged = std::move(root);
    }
  }
  if (merged) {
    reader.read_operator(*merged);
    wipe(*merged);
  }
  for (const Node& root : stream) {
    reader.read_stream(root);
  }
  if (diagnostics.errors.size() != errors_before) {
    return std::nullopt;
  }
  return reader.take();
}

}  // namespace helmme::policy
