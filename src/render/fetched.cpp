#include "render/fetched.h"

#include <algorithm>
#include <utility>

namespace helmme::render {
namespace {

using placeholder::FetchedReference;

constexpr std::size_t k_longest_name = 253;

// Two references for which this is the same are one thing to read, however they are written.
std::string what_is_read(const FetchedReference& reference, std::string_view text) {
  std::string out;
  const auto add = [&](std::string_view part) { out.append(part).push_back('\0'); };
  if (!reference.nested.empty()) {
    return std::string("nested").append(text);
  }
  add(reference.locator.scheme);
  add(reference.locator.path);
  add(reference.locator.version);
  for (const auto& [name, value] : reference.locator.options) {
    add(name);
    add(value);
  }
  add({});
  for (const std::string& step : reference.path) {
    add(step);
  }
  add({});
  add(reference.key_template);
  for (const placeholder::Modifier& modifier : reference.modifiers) {
    add(modifier.name);
    for (const std::string& argument : modifier.arguments) {
      add(argument);
    }
    add({});
  }
  return out;
}

// What is read may mean different things to dialects: null, a map, a number.
std::string identity_of(const FetchedReference& reference, std::string_view text) {
  return std::string(placeholder::name_of(reference.dialect)).append("\0", 1).append(what_is_read(reference, text));
}

// What Kubernetes takes as a key of a Secret.
std::string as_key(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, k_longest_name)) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    out.push_back(fits ? c : '.');
  }
  const std::size_t begin = std::min(out.find_first_not_of('.'), out.size());
  return out.substr(begin, out.find_last_not_of('.') + 1 - begin);
}

std::string short_name(const FetchedKey& key) {
  const FetchedReference& reference = key.reference;
  if (!reference.path.empty()) {
    return as_key(reference.path.back());
  }
  const std::string& path = reference.nested.empty() ? reference.locator.path : key.text;
  return as_key(std::string_view(path).substr(path.find_last_of('/') + 1));
}

std::string long_name(const FetchedKey& key) {
  const FetchedReference& reference = key.reference;
  std::string text = reference.nested.empty() ? reference.locator.path : key.text;
  for (const std::string& step : reference.path) {
    text.append(".").append(step);
  }
  if (!reference.locator.version.empty()) {
    text.append(".").append(reference.locator.version);
  }
  text.append(reference.key_template.empty() ? "" : ".").append(reference.key_template);
  for (const placeholder::Modifier& modifier : reference.modifiers) {
    text.append(".").append(modifier.name);
    for (const std::string& argument : modifier.arguments) {
      text.append(".").append(argument);
    }
  }
  return as_key(text);
}

}  // namespace

void Fetched::add(std::string text, FetchedReference reference, bool strict, FetchedPlace place) {
  FetchedKey*& known = by_identity_[identity_of(reference, text)];
  if (known == nullptr) {
    known = &keys_.emplace_back();
    known->text = std::move(text);
    known->reference = std::move(reference);
  }
  if (known->uses++ == 0 || (strict && known->strict_uses == 0)) {
    known->place = place;
  }
  known->strict_uses += strict ? 1 : 0;
}

const FetchedKey* Fetched::find(const FetchedReference& reference, std::string_view value) const {
  const auto found = by_identity_.find(identity_of(reference, value.substr(reference.begin, reference.length)));
  return found == by_identity_.end() ? nullptr : found->second;
}

std::string Fetched::text_of(std::string_view key_name) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const FetchedKey& key) { return key.name == key_name; });
  return found == keys_.end() ? std::string() : found->text;
}

void Fetched::name_keys() {
  std::map<std::string, const FetchedKey*> first;  // of those that are one thing to read
  std::map<std::string, std::size_t> wanted;
  for (const FetchedKey& key : keys_) {
    if (first.emplace(what_is_read(key.reference, key.text), &key).second) {
      ++wanted[short_name(key)];
    }
  }
  for (FetchedKey& key : keys_) {
    const FetchedKey* const same = first.at(what_is_read(key.reference, key.text));
    if (same != &key) {
      key.name = same->name;
      continue;
    }
    std::string name = short_name(key);
    if (name.empty() || wanted[name] > 1) {
      name = long_name(key);
    }
    key.name = unused(name.empty() ? "value" : name);
  }
}

void Fetched::take(FetchedKey& key, placeholder::FetchedValue value) {
  key.value = std::move(value);
  base::Secret text = placeholder::to_text(key.value);
  const auto known = resolved.values.find(key.name);
  if (known != resolved.values.end() && !known->second.equals(text)) {
    key.name = unused(key.name);
  }
  resolved.origins.emplace(key.name, key.reference.locator.text());
  resolved.values.emplace(key.name, std::move(text));
}

std::string Fetched::unused(const std::string& name) {
  std::string unique = name;
  for (std::size_t i = 2; !names_.insert(unique).second; ++i) {
    unique = name.substr(0, k_longest_name - 8) + "-" + std::to_string(i);
  }
  return unique;
}

}  // namespace helmme::render
