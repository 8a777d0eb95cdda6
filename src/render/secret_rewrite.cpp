#include "render/secret_rewrite.h"

#include <algorithm>

namespace helmme::render {
namespace {

std::string identity(std::string_view kind, std::string_view namespace_name, std::string_view name) {
  return std::string(kind) + "/" + std::string(namespace_name) + "/" + std::string(name);
}

}  // namespace

std::string in_words(std::string_view secret_name, std::string_view key) {
  return std::string("Secret ").append(secret_name).append(", key ").append(key);
}

bool SecretRewrite::replaces_itself() const {
  return dropped && rendered &&
         std::any_of(moved.begin(), moved.end(), [&](const auto& entry) { return entry.second.secret_name == name; });
}

std::vector<std::string> SecretRewrite::all_keys() const {
  if (rendered) {
    return rendered_keys;
  }
  std::vector<std::string> keys;
  for (const auto& [key, target] : moved) {
    keys.push_back(key);
  }
  return keys;
}

std::vector<std::string> SecretRewrite::kept_keys() const {
  std::vector<std::string> kept;
  for (const std::string& key : rendered_keys) {
    if (!dropped && !moved.contains(key)) {
      kept.push_back(key);
    }
  }
  return kept;
}

const SecretKey* SecretRewrite::single_target() const {
  if (moved.empty() || !kept_keys().empty()) {
    return nullptr;
  }
  const SecretKey& first = moved.begin()->second;
  return std::all_of(moved.begin(), moved.end(),
                     [&](const auto& entry) { return entry.second.secret_name == first.secret_name; })
             ? &first
             : nullptr;
}

const SecretKey* SecretRewrite::plain_rename() const {
  const bool same_names =
      std::all_of(moved.begin(), moved.end(), [](const auto& entry) { return entry.first == entry.second.key; });
  return same_names ? single_target() : nullptr;
}

void VisibleKeys::add(const Loaded& loaded, const Object& object, std::string_view namespace_name) {
  if (object.is_core("Secret") || object.is_core("ConfigMap")) {
    std::set<std::string>& keys = keys_[identity(object.kind, namespace_name, object.name)];
    for (std::string& key : data_keys(loaded, object)) {
      keys.insert(std::move(key));
    }
  }
}

const std::set<std::string>* VisibleKeys::find(std::string_view kind, std::string_view namespace_name,
                                               std::string_view name) const {
  const auto found = keys_.find(identity(kind, namespace_name, name));
  return found == keys_.end() ? nullptr : &found->second;
}

std::vector<std::string> data_keys(const Loaded& loaded, const Object& object) {
  std::set<std::string> keys;
  for (const std::string_view section : {"data", "stringData", "binaryData"}) {
    for (const manifest::Entry& entry : loaded.document.entries(loaded.document.at(object.root, section))) {
      keys.emplace(loaded.document.text(entry.key));
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace helmme::render
