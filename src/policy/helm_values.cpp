#include "policy/helm_values.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "policy/names.h"
#include "policy/scalar.h"

namespace helmme::policy {
namespace {

constexpr const char* k_root_name = "values";

bool is_source(const std::string& key) { return key == "existingSecret" || key == "secrets" || key == "secretsFiles"; }

bool is_text(const Node& node) {
  return node.kind == Node::Kind::scalar && !node.tagged && !node.text.empty() && !(node.plain && is_typed(node.text));
}

bool has_only(const Node& node, const std::vector<std::string_view>& keys) {
  return std::all_of(node.entries.begin(), node.entries.end(), [&](const NodeEntry& entry) {
    return std::find(keys.begin(), keys.end(), entry.key.text) != keys.end();
  });
}

bool is_existing_secret(const Node& node) {
  if (node.kind != Node::Kind::mapping) {
    return is_text(node);
  }
  const Node* name = node.find("name");
  const Node* keys = node.find("keys");
  return has_only(node, {"name", "keys"}) && name != nullptr && is_text(*name) &&
         (keys == nullptr || keys->is_empty() ||
          (keys->kind == Node::Kind::mapping &&
           std::all_of(keys->entries.begin(), keys->entries.end(),
                       [](const NodeEntry& entry) { return entry.value.is_empty() || is_text(entry.value); })));
}

bool is_origin(const Node& node) {
  const Node* env = node.find("env");
  const Node* file = node.find("file");
  return (env != nullptr && is_text(*env) && has_only(node, {"env"})) ||
         (file != nullptr && is_text(*file) && has_only(node, {"file", "raw"}));
}

// One value of `secrets`.
bool is_value(const NodeEntry& entry, Form& form) {
  const Node& node = entry.value;
  if (!is_key_name(entry.key.text) || node.is_empty() || node.tagged || node.kind == Node::Kind::sequence) {
    return false;
  }
  if (node.kind == Node::Kind::mapping) {
    return is_origin(node);
  }
  if (node.plain && (node.text == "true" || node.text == "false")) {
    return false;  // a switch of the chart's
  }
  if (node.plain && is_typed(node.text) && !keeps_its_text(node.text)) {
    form.warning(node, quoted(entry.key.text) + " of secrets is no text to YAML and is not taken", "put it in quotes");
    return false;
  }
  return true;
}

// The source as a policy would have it; nullopt: not configured, or another thing.
std::optional<NodeEntry> source_of(const NodeEntry& entry, Form& form) {
  NodeEntry source{entry.key, {}};
  if (entry.key.text == "existingSecret") {
    source.value = entry.value;
    return is_existing_secret(entry.value) ? std::optional(std::move(source)) : std::nullopt;
  }
  source.value.kind = entry.value.kind;
  source.value.file = entry.value.file;
  source.value.offset = entry.value.offset;
  source.value.end = entry.value.end;
  if (entry.key.text == "secrets" && entry.value.kind == Node::Kind::mapping) {
    std::copy_if(entry.value.entries.begin(), entry.value.entries.end(), std::back_inserter(source.value.entries),
                 [&](const NodeEntry& value) { return is_value(value, form); });
  }
  if (entry.key.text == "secretsFiles" && entry.value.kind == Node::Kind::sequence) {
    std::copy_if(entry.value.items.begin(), entry.value.items.end(), std::back_inserter(source.value.items), is_text);
  }
  return source.value.is_empty() ? std::nullopt : std::optional(std::move(source));
}

class Collector {
 public:
  explicit Collector(Form& form) : form_(form) {}

  void collect(const Node& root) {
    add(root, root, k_root_name);
    collect_below(root, {});
  }

  std::vector<NodeEntry> take() { return std::move(bundles_); }

 private:
  void collect_below(const Node& node, const std::string& prefix) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      collect_at(node.items[i], node.items[i], prefix + std::to_string(i));
    }
    for (const NodeEntry& entry : node.entries) {
      collect_at(entry.value, entry.key, prefix + entry.key.text);
    }
  }

  void collect_at(const Node& node, const Node& place, const std::string& path) {
    if (is_key_name(path)) {
      add(node, place, path);
      collect_below(node, path + ".");
    }
  }

  // `place`: what stands for the bundle in messages, the key of the mapping where it has one.
  void add(const Node& node, const Node& place, const std::string& name) {
    NodeEntry bundle;
    bundle.value.kind = Node::Kind::mapping;
    bundle.value.file = node.file;
    bundle.value.offset = node.offset;
    bundle.value.end = node.end;
    for (const NodeEntry& entry : node.entries) {
      if (!is_source(entry.key.text)) {
        continue;
      }
      if (std::optional<NodeEntry> source = source_of(entry, form_)) {
        bundle.value.entries.push_back(*std::move(source));
      }
    }
    if (!bundle.value.entries.empty()) {
      bundle.key.kind = Node::Kind::scalar;
      bundle.key.text = name;
      bundle.key.file = place.file;
      bundle.key.offset = place.offset;
      bundle.key.end = place.end;
      bundles_.push_back(std::move(bundle));
    }
  }

  Form& form_;
  std::vector<NodeEntry> bundles_;
};

// A policy's source, where the values configure one. What a chart's policy may not set stays, to be refused.
bool gives_way(const NodeEntry& entry) {
  return is_source(entry.key.text) &&
         (entry.key.text == "existingSecret" || entry.key.file->origin != Origin::stream_document);
}

void add_absent(Node& mapping, Node merged) {
  for (NodeEntry& entry : merged.entries) {
    if (mapping.find(entry.key.text) == nullptr) {
      mapping.entries.push_back(std::move(entry));
    }
  }
}

}  // namespace

void resolve_merge_keys(Node& node) {
  for (Node& item : node.items) {
    resolve_merge_keys(item);
  }
  for (NodeEntry& entry : node.entries) {
    resolve_merge_keys(entry.value);
  }
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [](const NodeEntry& entry) { return entry.key.plain && entry.key.text == "<<"; });
  if (found == node.entries.end()) {
    return;
  }
  Node merged = std::move(found->value);
  node.entries.erase(found);
  for (Node& item : merged.items) {
    add_absent(node, std::move(item));  // an earlier one wins
  }
  add_absent(node, std::move(merged));
}

std::vector<NodeEntry> bundles_in_values(const Node& root, Form& form) {
  Collector collector(form);
  collector.collect(root);
  return collector.take();
}

void take_sources(Node& policy, std::vector<NodeEntry>& from_values) {
  const auto bundles = std::find_if(policy.entries.begin(), policy.entries.end(),
                                    [](const NodeEntry& entry) { return entry.key.text == "bundles"; });
  if (bundles == policy.entries.end()) {
    return;
  }
  for (NodeEntry& bundle : bundles->value.entries) {
    const auto found = std::find_if(from_values.begin(), from_values.end(),
                                    [&](const NodeEntry& entry) { return entry.key.text == bundle.key.text; });
    if (found == from_values.end() || (bundle.value.kind != Node::Kind::mapping && !bundle.value.is_empty())) {
      continue;
    }
    std::vector<NodeEntry>& entries = bundle.value.entries;
    for (NodeEntry& entry : entries) {
      if (gives_way(entry)) {
        wipe(entry.value);
      }
    }
    std::erase_if(entries, gives_way);
    bundle.value.kind = Node::Kind::mapping;
    std::move(found->value.entries.begin(), found->value.entries.end(), std::back_inserter(entries));
    from_values.erase(found);
  }
}

}  // namespace helmme::policy
