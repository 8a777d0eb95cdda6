// envFrom of a rewritten Secret.
#include <algorithm>

#include "base/text.h"
#include "render/expansion.h"
#include "render/repoint.h"

namespace helmme::render {

using manifest::Entry;
using manifest::NodeId;

namespace {

// Kubernetes skipped envFrom keys that are no such name before 1.34 (apimachinery validation, IsEnvVarName).
bool is_variable_name(std::string_view name) {
  const auto first = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && first(name[0]) && name != "." && !name.starts_with("..") &&
         std::all_of(name.begin(), name.end(), [&](char c) { return first(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

void Repointer::env_from(Container& container) {
  const NodeId list = document_.at(container.node(), "envFrom");
  const std::vector<NodeId> items = document_.items(list);
  std::vector<std::size_t> removed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Entry name = document_.find(document_.at(items[i], "secretRef"), "name");
    const SecretRewrite* rewrite = name ? moving(name.value) : nullptr;
    if (rewrite == nullptr || !covers_all(*rewrite, name.value)) {
      continue;
    }
    if (const SecretKey* renamed = rewrite->plain_rename(); renamed != nullptr) {
      set_text(name.value, renamed->secret_name);
      if (all_optional(*rewrite)) {
        make_optional(document_.at(items[i], "secretRef"));
      }
      use_all(*rewrite, name.value);
      record(name.value, *rewrite, renamed->secret_name);
      continue;
    }
    expand(container, *rewrite, items, i);
    context_.record(object_, name.value, "Secret " + rewrite->name, "an env entry for each key");
    if (rewrite->kept_keys().empty()) {
      removed.push_back(i);
    }
  }
  if (!removed.empty()) {
    context_.accept(loaded_.editor.remove(list, removed), object_, list);
  }
}

void Repointer::expand(Container& container, const SecretRewrite& rewrite, const std::vector<NodeId>& items,
                       std::size_t index) {
  const std::string prefix(document_.text_at(items[index], "prefix"));
  const bool optional = is_true(document_, items[index], "secretRef.optional");
  for (const auto& [key, target] : rewrite.moved) {
    const std::string name = prefix + key;
    if (!is_variable_name(name)) {
      context_.warning(
          "the key " + base::printable(key) + " is no name of a variable and is left out of the environment",
          context_.plan.places.of(loaded_, object_, items[index]));
      continue;
    }
    if (container.own(name) != nullptr) {
      check_earlier_use(container, name, items[index]);
      continue;
    }
    if (set_later(items, index, name)) {
      continue;
    }
    SecretKey used = target;
    used.optional = used.optional || optional;
    container.add(name, used);
    context_.use(object_, used, items[index]);
  }
  warn_of_unseen(items, index);
}

void Repointer::check_earlier_use(const Container& container, const std::string& name, NodeId place) {
  for (const EnvEntry& entry : container.env()) {
    for (const VariableUse& use : variable_uses(document_.text(entry.value.value))) {
      if (use.name == name) {
        context_.error(base::ErrorKind::bad_input,
                       "the env value of " + base::printable(entry.name) + " uses $(" + base::printable(name) +
                           "), which comes from this envFrom and is set again below it",
                       context_.plan.places.of(loaded_, object_, place),
                       "give one of the two variables another name in the chart");
      }
    }
    if (entry.name == name) {
      return;
    }
  }
}

bool Repointer::set_later(const std::vector<NodeId>& items, std::size_t index, const std::string& name) const {
  for (std::size_t i = index + 1; i < items.size(); ++i) {
    const std::optional<std::set<std::string>> keys = visible(items[i]);
    const std::string_view prefix = document_.text_at(items[i], "prefix");
    if (keys && name.starts_with(prefix) && keys->contains(name.substr(prefix.size()))) {
      return true;
    }
  }
  return false;
}

void Repointer::warn_of_unseen(const std::vector<NodeId>& items, std::size_t index) {
  for (std::size_t i = index + 1; i < items.size(); ++i) {
    if (!visible(items[i])) {
      context_.warning(
          "this envFrom stood below one that became env entries, which win over it where a name is in both",
          context_.plan.places.of(loaded_, object_, items[i]), "see that it has none of those names");
    }
  }
}

std::optional<std::set<std::string>> Repointer::visible(NodeId item) const {
  const std::string_view secret = document_.text_at(item, "secretRef.name");
  const std::string namespace_name = context_.plan.namespace_of(object_);
  const std::set<std::string>* keys = context_.plan.visible.find("Secret", namespace_name, secret);
  if (keys == nullptr) {
    keys = context_.plan.visible.find("ConfigMap", namespace_name, document_.text_at(item, "configMapRef.name"));
  }
  if (keys != nullptr) {
    return *keys;
  }
  for (const SecretRewrite* rewrite : context_.plan.rewrites_named(secret)) {
    if (!rewrite->rendered) {
      const std::vector<std::string> all = rewrite->all_keys();
      return std::set<std::string>(all.begin(), all.end());
    }
  }
  return std::nullopt;
}

}  // namespace helmme::render
