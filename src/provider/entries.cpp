#include "provider/entries.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace helmme::provider {
namespace {

std::string quoted(const std::string& text) { return '"' + text + '"'; }

tl::unexpected<base::Error> bad(std::string message, std::string help) {
  return base::fail({.kind = base::ErrorKind::bad_input, .message = std::move(message), .help = std::move(help)});
}

base::Error not_found(std::string message, const std::string& word, const std::vector<std::string>& candidates) {
  const std::optional<std::string> near = base::nearest(word, candidates);
  return {.kind = base::ErrorKind::not_found,
          .message = std::move(message),
          .help = near                 ? "did you mean " + *near + "?"
                  : candidates.empty() ? ""
                                       : "there is " + base::join_words(candidates)};
}

// How large the entry will be, and whether it may.
base::Result<void> check_size(const Entry* before, const Change& change) {
  std::size_t size = 0;
  for (const auto& [key, value] : change.values) {
    size += value.size();
  }
  if (before != nullptr && change.reconcile == Reconcile::apply) {
    for (const auto& [key, stored] : before->keys) {
      size += change.values.contains(key) ? 0 : stored.value.size();
    }
  }
  if (size > k_entry_limit) {
    return bad("entry " + quoted(change.name) + " would hold more than 1 MiB, which no Secret of Kubernetes may",
               "spread its keys over several entries");
  }
  return {};
}

base::Result<void> check(const Entry* before, const Change& change) {
  if (before != nullptr && change.reconcile == Reconcile::fail_if_exists) {
    return bad("entry " + quoted(change.name) + " is there already", "--reconcile apply adds to it");
  }
  if (before != nullptr && change.reconcile == Reconcile::apply && change.type && *change.type != before->type) {
    return bad("entry " + quoted(change.name) + " has type " + before->type + ", which does not change",
               "--reconcile replace, or leave --type out");
  }
  return check_size(before, change);
}

}  // namespace

std::size_t Entry::size() const noexcept {
  std::size_t size = 0;
  for (const auto& [key, stored] : keys) {
    size += stored.value.size();
  }
  return size;
}

std::int64_t Entry::changed() const noexcept {
  std::int64_t latest = 0;
  for (const auto& [key, stored] : keys) {
    latest = std::max(latest, stored.changed);
  }
  return latest;
}

std::vector<std::string> Entry::key_names() const {
  std::vector<std::string> names;
  for (const auto& [key, stored] : keys) {
    names.push_back(key);
  }
  return names;
}

base::Result<Applied> apply(Entries& entries, Change change, std::int64_t now) {
  const auto found = entries.find(change.name);
  Entry* before = found == entries.end() ? nullptr : &found->second;
  Applied applied;
  if (before != nullptr && change.reconcile == Reconcile::create_if_missing) {
    applied.left_alone = true;
    return applied;
  }
  TRY(check(before, change));
  applied.anything = before == nullptr;
  Entry& entry = before != nullptr ? *before : entries[change.name];
  if (change.reconcile == Reconcile::replace) {
    const std::size_t erased =
        std::erase_if(entry.keys, [&](const auto& item) { return !change.values.contains(item.first); });
    const std::string type = change.type.value_or(k_default_type);
    applied.anything = applied.anything || erased > 0 || entry.type != type;
    entry.type = type;
  } else if (change.type) {
    entry.type = *change.type;
  }
  for (auto& [key, value] : change.values) {
    const auto [stored, is_new] = entry.keys.try_emplace(key);
    if (is_new) {
      stored->second.created = now;
    } else if (stored->second.value.equals(value)) {
      continue;
    }
    stored->second.value = std::move(value);
    stored->second.changed = now;
    applied.written.push_back(key);
  }
  applied.anything = applied.anything || !applied.written.empty();
  return applied;
}

base::Result<void> remove(Entries& entries, const std::string& name, const std::vector<std::string>& keys) {
  TRY(find_entry(entries, name));
  Entry& entry = entries.at(name);
  for (const std::string& key : keys) {
    TRY(find_value(entry, name, key));
  }
  for (const std::string& key : keys) {
    entry.keys.erase(key);
  }
  if (keys.empty() || entry.keys.empty()) {
    entries.erase(name);
  }
  return {};
}

base::Result<const Entry*> find_entry(const Entries& entries, const std::string& name) {
  const auto found = entries.find(name);
  if (found != entries.end()) {
    return &found->second;
  }
  std::vector<std::string> names;
  for (const auto& [other, entry] : entries) {
    names.push_back(other);
  }
  base::Error error = not_found("the local store has no entry " + quoted(name), name, names);
  if (names.size() > 8 && error.help.starts_with("there is")) {
    error.help = "helm me secret list --store local";
  }
  return base::fail(std::move(error));
}

base::Result<const StoredValue*> find_value(const Entry& entry, const std::string& name, const std::string& key) {
  const auto found = entry.keys.find(key);
  if (found != entry.keys.end()) {
    return &found->second;
  }
  return base::fail(
      not_found("entry " + quoted(name) + " of the local store has no key " + quoted(key), key, entry.key_names()));
}

}  // namespace helmme::provider
