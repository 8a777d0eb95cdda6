#include "render/container.h"

#include <algorithm>

#include "render/expansion.h"

namespace helmme::render {
namespace {

using manifest::Document;
using manifest::Entry;
using manifest::NodeId;
using manifest::Value;

// HELM_ME_ and the key with every character that no shell variable may hold replaced.
std::string variable_name(std::string_view key) {
  std::string name = "HELM_ME_";
  for (const char c : key) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += allowed ? c : '_';
  }
  return name;
}

}  // namespace

Value secret_key_ref(const SecretKey& key) {
  std::vector<manifest::Field> entries = {{"name", Value::string(key.secret_name)}, {"key", Value::string(key.key)}};
  if (key.optional) {
    entries.push_back({"optional", Value::plain("true")});
  }
  return Value::mapping({{"secretKeyRef", Value::mapping(std::move(entries))}});
}

Container::Container(Loaded& loaded, NodeId node, std::string_view namespace_name, const VisibleKeys& visible)
    : loaded_(loaded), node_(node), env_node_(loaded.document.find(node, "env").value) {
  const Document& document = loaded.document;
  const auto take_uses = [&](std::string_view text) {
    for (const VariableUse& use : variable_uses(text)) {
      taken_.emplace(use.name);
    }
  };
  for (const NodeId item : document.items(env_node_)) {
    EnvEntry entry;
    entry.node = document.resolve(item);
    entry.name = document.text_at(entry.node, "name");
    entry.value = document.find(entry.node, "value");
    entry.value_from = document.at(entry.node, "valueFrom");
    taken_.emplace(entry.name);
    take_uses(document.text(entry.value.value));
    env_.push_back(entry);
  }
  for (const std::string_view list : {"args", "command"}) {
    for (const NodeId item : document.items(document.at(node, list))) {
      take_uses(document.text(item));
    }
  }
  for (const NodeId item : document.items(document.at(node, "envFrom"))) {
    const std::string prefix(document.text_at(item, "prefix"));
    for (const auto& [kind, field] :
         {std::pair("Secret", "secretRef.name"), std::pair("ConfigMap", "configMapRef.name")}) {
      const std::set<std::string>* keys = visible.find(kind, namespace_name, document.text_at(item, field));
      if (keys != nullptr) {
        for (const std::string& key : *keys) {
          taken_.emplace(prefix + key);
        }
      }
    }
  }
}

const EnvEntry* Container::own(std::string_view name) const {
  const auto found = std::find_if(env_.begin(), env_.end(), [&](const EnvEntry& entry) { return entry.name == name; });
  return found == env_.end() ? nullptr : &*found;
}

std::string Container::variable_for(const SecretKey& key) {
  for (const Added& added : added_) {
    if (added.ours && added.key.secret_name == key.secret_name && added.key.key == key.key) {
      return added.name;
    }
  }
  const std::string wanted = variable_name(key.bundle_key);
  std::string name = wanted;
  for (int number = 2; taken_.contains(name); ++number) {
    name = wanted + "_" + std::to_string(number);
  }
  taken_.insert(name);
  added_.push_back({name, key, true});
  return name;
}

void Container::add(std::string name, const SecretKey& key) {
  const auto present =
      std::find_if(added_.begin(), added_.end(), [&](const Added& added) { return added.name == name; });
  if (present != added_.end()) {
    present->key = key;
    return;
  }
  taken_.insert(name);
  added_.push_back({std::move(name), key, false});
}

base::Result<void> Container::finish() {
  if (added_.empty()) {
    return {};
  }
  std::vector<Value> items;
  for (const Added& added : added_) {
    items.push_back(Value::mapping({{"name", Value::string(added.name)}, {"valueFrom", secret_key_ref(added.key)}}));
  }
  if (env_node_ == manifest::k_no_node) {
    return loaded_.editor.add_entry(node_, "env", Value::sequence(std::move(items)));
  }
  return loaded_.editor.insert_items(env_node_, 0, items);
}

}  // namespace helmme::render
