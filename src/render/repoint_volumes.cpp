// Volumes and projected sources of a rewritten Secret.
#include <algorithm>
#include <utility>

#include "render/repoint.h"

namespace helmme::render {

using manifest::Entry;
using manifest::NodeId;
using manifest::Value;

void Repointer::secret_volume(NodeId volume) {
  const Entry secret = document_.find(volume, "secret");
  const Entry name = document_.find(secret.value, "secretName");
  const std::vector<NodeId> items = document_.items(document_.at(secret.value, "items"));
  const SecretRewrite* rewrite = name ? moving(name.value, items) : nullptr;
  if (rewrite == nullptr) {
    return;
  }
  if (!items.empty() ? !covers_items(*rewrite, items) : !covers_all(*rewrite, name.value)) {
    return;
  }
  if (const SecretKey* target = target_of(*rewrite, items); target != nullptr) {
    set_text(name.value, target->secret_name);
    record(name.value, *rewrite, target->secret_name);
    rename_items(*rewrite, secret.value, items);
  } else {
    context_.record(object_, name.value, "Secret " + rewrite->name, "a projected volume of the same files");
    become_projected(*rewrite, secret, items);
  }
}

void Repointer::projected_source(NodeId sources, std::size_t index, NodeId secret) {
  const Entry name = document_.find(secret, "name");
  const std::vector<NodeId> items = document_.items(document_.at(secret, "items"));
  const SecretRewrite* rewrite = name ? moving(name.value, items) : nullptr;
  if (rewrite == nullptr) {
    return;
  }
  if (!items.empty() ? !covers_items(*rewrite, items) : !covers_all(*rewrite, name.value)) {
    return;
  }
  const SecretKey* target = target_of(*rewrite, items);
  if (target == nullptr) {
    std::vector<Value> parts = split_sources(*rewrite, secret, items);
    if (context_.accept(loaded_.editor.replace(secret, parts.front()), object_, secret)) {
      std::vector<Value> others;
      for (std::size_t i = 1; i < parts.size(); ++i) {
        others.push_back(Value::mapping({{"secret", std::move(parts[i])}}));
      }
      context_.accept(loaded_.editor.insert_items(sources, index + 1, others), object_, secret);
    }
    use_all(*rewrite, name.value);
    context_.record(object_, name.value, "Secret " + rewrite->name, "several sources with the same files");
    return;
  }
  set_text(name.value, target->secret_name);
  record(name.value, *rewrite, target->secret_name);
  rename_items(*rewrite, secret, items);
}

const SecretKey* Repointer::target_of(const SecretRewrite& rewrite, const std::vector<NodeId>& items) const {
  if (items.empty() && (rewrite.single_target() == nullptr || rewrite.plain_rename() != nullptr)) {
    return rewrite.single_target();
  }
  std::vector<const SecretKey*> targets;
  targets.reserve(std::max(items.size(), rewrite.moved.size()));
  for (const NodeId item : items) {
    const auto found = rewrite.moved.find(std::string(document_.text_at(item, "key")));
    if (found == rewrite.moved.end()) {
      return nullptr;
    }
    targets.push_back(&found->second);
  }
  for (const auto& [key, target] : rewrite.moved) {
    if (items.empty()) {
      targets.push_back(&target);
    }
  }
  return std::all_of(targets.begin(), targets.end(),
                     [&](const SecretKey* one) {
                       return one->secret_name == targets.front()->secret_name &&
                              one->optional == targets.front()->optional;
                     })
             ? targets.front()
             : nullptr;
}

void Repointer::rename_items(const SecretRewrite& rewrite, NodeId secret, const std::vector<NodeId>& items) {
  for (const NodeId item : items) {
    const Entry key = document_.find(item, "key");
    const SecretKey& target = rewrite.moved.at(std::string(document_.text(key.value)));
    set_text(key.value, target.key);
    context_.use(object_, target, key.value);
  }
  if (items.empty()) {
    if (rewrite.plain_rename() == nullptr) {
      const Entry empty = document_.find(secret, "items");
      const Value listed = items_value(rewrite.moved);
      context_.accept(
          empty ? loaded_.editor.replace(empty.value, listed) : loaded_.editor.add_entry(secret, "items", listed),
          object_, secret);
    }
    use_all(rewrite, secret);
  }
  const SecretKey* target = items.empty() ? nullptr : target_of(rewrite, items);
  if (target == nullptr ? all_optional(rewrite) : target->optional) {
    make_optional(secret);
  }
}

Value Repointer::items_value(const std::map<std::string, SecretKey>& moved) {
  std::vector<Value> items;
  items.reserve(moved.size());
  for (const auto& [path, target] : moved) {
    items.push_back(Value::mapping({{"key", Value::string(target.key)}, {"path", Value::string(path)}}));
  }
  return Value::sequence(std::move(items));
}

std::vector<Value> Repointer::split_sources(const SecretRewrite& rewrite, NodeId secret,
                                            const std::vector<NodeId>& items) const {
  std::map<std::pair<std::string, bool>, std::vector<Value>> by_secret;  // by its name, and whether it is optional
  const bool optional = is_true(document_, secret, "optional");
  const auto put = [&](const std::string& key, std::string_view path, std::string_view mode) {
    const auto found = rewrite.moved.find(key);
    const bool stays = found == rewrite.moved.end();
    std::vector<manifest::Field> item = {{"key", Value::string(stays ? key : found->second.key)},
                                         {"path", Value::string(path)}};
    if (!mode.empty()) {
      item.push_back({"mode", Value::plain(mode)});
    }
    by_secret[{stays ? rewrite.name : found->second.secret_name, optional || (!stays && found->second.optional)}]
        .push_back(Value::mapping(std::move(item)));
  };
  for (const NodeId item : items) {
    put(std::string(document_.text_at(item, "key")), document_.text_at(item, "path"), document_.text_at(item, "mode"));
  }
  for (const std::string& key : items.empty() ? rewrite.all_keys() : std::vector<std::string>()) {
    put(key, key, {});
  }
  std::vector<Value> sources;
  for (auto& [from, listed] : by_secret) {
    std::vector<manifest::Field> source = {{"name", Value::string(from.first)},
                                           {"items", Value::sequence(std::move(listed))}};
    if (from.second) {
      source.push_back({"optional", Value::plain("true")});
    }
    sources.push_back(Value::mapping(std::move(source)));
  }
  return sources;
}

void Repointer::become_projected(const SecretRewrite& rewrite, const Entry& secret, const std::vector<NodeId>& items) {
  std::vector<Value> sources;
  for (Value& part : split_sources(rewrite, secret.value, items)) {
    sources.push_back(Value::mapping({{"secret", std::move(part)}}));
  }
  std::vector<manifest::Field> projected = {{"sources", Value::sequence(std::move(sources))}};
  if (const std::string_view mode = document_.text_at(secret.value, "defaultMode"); !mode.empty()) {
    projected.push_back({"defaultMode", Value::plain(mode)});
  }
  if (context_.accept(loaded_.editor.rename_key(secret.key, "projected"), object_, secret.key)) {
    context_.accept(loaded_.editor.replace(secret.value, Value::mapping(std::move(projected))), object_, secret.value);
  }
  use_all(rewrite, secret.value);
}

}  // namespace helmme::render
