#include "render/context.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace helmme::render {

bool Plan::searches(const manifest::Document& document, const Object& object) const {
  constexpr std::string_view k_native = "native";
  if (object.kind == "CustomResourceDefinition") {
    return false;
  }
  const manifest::NodeId annotations = document.at(object.root, "metadata.annotations");
  if (const manifest::Entry own = document.find(annotations, "helm-me.io/dialects"); own) {
    std::string_view words = document.text(own.value);
    while (!words.empty()) {
      const std::size_t end = std::min(words.find_first_of(", "), words.size());
      if (words.substr(0, end) == k_native) {
        return true;
      }
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
  }
  const std::optional<std::vector<std::string>>& chosen = input.dialects || !policy ? input.dialects : policy->dialects;
  return !chosen || std::find(chosen->begin(), chosen->end(), k_native) != chosen->end();
}

const base::Secret* Plan::version_key() const {
  if (input.version_key) {
    return &*input.version_key;
  }
  return input.references == nullptr ? nullptr : input.references->digest_key();
}

void Plan::index_rewrites() {
  for (const SecretRewrite& rewrite : rewrites) {
    if (!rewrite.name.empty()) {
      rewrites_by_name_[rewrite.name].push_back(&rewrite);
    }
  }
}

std::span<const SecretRewrite* const> Plan::rewrites_named(std::string_view secret_name) const {
  const auto found = rewrites_by_name_.find(secret_name);
  return found == rewrites_by_name_.end() ? std::span<const SecretRewrite* const>() : found->second;
}

const SecretRewrite* Plan::rewrite_of(const Object& object) const {
  const auto found = std::find_if(rewrites.begin(), rewrites.end(),
                                  [&](const SecretRewrite& rewrite) { return rewrite.rendered == object.id; });
  return found == rewrites.end() ? nullptr : &*found;
}

std::string Plan::namespace_of(const Object& object) const { return filled_in(object.namespace_name); }

std::string Plan::filled_in(const std::string& namespace_name) const {
  return namespace_name.empty() ? input.variables.namespace_name.value_or("") : namespace_name;
}

const SecretRewrite* Context::rewrite_for(const Object& object, std::string_view secret_name, manifest::NodeId node) {
  repointed.insert(node);
  const SecretRewrite* unsure = nullptr;
  const std::string wanted = plan.namespace_of(object);
  for (const SecretRewrite* rewrite : plan.rewrites_named(secret_name)) {
    if (rewrite->rendered == object.id) {
      continue;
    }
    const std::string own = plan.filled_in(rewrite->namespace_name);
    if (own == wanted) {
      return rewrite;
    }
    if (own.empty() || wanted.empty()) {
      unsure = rewrite;
    }
  }
  if (unsure != nullptr) {
    error(base::ErrorKind::bad_input,
          "whether this is the Secret " + base::printable(secret_name) +
              " that is rewritten depends on the release's namespace",
          plan.places.of(loaded, object, node), "add --post-renderer-args --namespace --post-renderer-args NAMESPACE");
  }
  return nullptr;
}

void Exposure::merge(Exposure other) {
  delivered.merge(other.delivered);
  filled.merge(other.filled);
  inlined += other.inlined;
}

void Context::record(const Object& object, manifest::NodeId node, std::string_view written, std::string_view becomes) {
  if (!plan.input.explain) {
    return;
  }
  const base::Location place = plan.places.of(loaded, object, node, written);
  outcomes.push_back({.template_file = object.template_file,
                      .object = object.name.empty() ? object.kind : object.kind + "/" + object.name,
                      .path = loaded.document.path(node, object.root),
                      .line = place.line,
                      .column = place.column,
                      .written = std::string(written),
                      .becomes = std::string(becomes)});
}

void Context::use(const Object& object, const SecretKey& key, manifest::NodeId node) {
  edited.insert(&object);
  use_by_name(object, key, node);
}

void Context::use_by_name(const Object& object, const SecretKey& key, manifest::NodeId node) {
  if (key.bundle == nullptr) {
    return;
  }
  count(key);
  if (key.bundle->delivery == policy::Delivery::secret) {
    exposure.delivered.insert({object.namespace_name, key.bundle});
    if (plan.helm_4 && is_pre_hook(loaded.document, object) && too_early.emplace(&object, key.bundle).second) {
      error(base::ErrorKind::bad_input,
            "this hook runs before Secret " + base::printable(key.secret_name) + " of this release exists",
            plan.places.of(loaded, object, node),
            "deliver bundle " + key.bundle->bundle->name + " by reference, from a Secret that is in the cluster");
    }
  }
  if (const base::Secret* value = value_of(key); value != nullptr && rolls_out(object)) {
    uses[&object][key.secret_name + "/" + key.key] = value;
  }
}

void Context::count(const SecretKey& key) {
  if (plan.input.explain) {
    ++key_uses[{key.bundle->bundle->name, key.bundle_key}];
  }
}

void Context::use_filled(const Object& object, const SecretRewrite& rewrite, std::optional<std::string_view> key) {
  if (!rolls_out(object)) {
    return;
  }
  for (const auto& [name, filled] : rewrite.filled) {
    if (key && *key != name) {
      continue;
    }
    for (const SecretKey& part : filled.values) {
      if (const base::Secret* value = value_of(part); value != nullptr) {
        uses[&object][rewrite.name + "/" + name + "/" + part.bundle->bundle->name + "/" + part.bundle_key] = value;
      }
    }
  }
}

bool Context::accept(const base::Result<void>& edit, const Object& object, manifest::NodeId node) {
  if (edit) {
    return true;
  }
  base::Error problem = edit.error();
  problem.message = "this " + problem.message;
  problem.location = plan.places.of(loaded, object, node);
  problem.help = "write the place out in the chart's template";
  diagnostics.error(std::move(problem));
  return false;
}

void Context::error(base::ErrorKind kind, std::string message, base::Location location, std::string help) {
  diagnostics.error(
      {.kind = kind, .message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

void Context::warning(std::string message, base::Location location, std::string help) {
  diagnostics.warning({.message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

std::deque<Container> Context::containers_of(const Object& object) {
  std::deque<Container> containers;
  std::set<manifest::NodeId> seen;
  const manifest::Document& document = loaded.document;
  const manifest::NodeId spec = document.at(pod_template_of(document, object), "spec");
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    for (const manifest::NodeId item : document.items(document.at(spec, list))) {
      const manifest::NodeId node = document.resolve(item);
      if (seen.insert(node).second) {
        containers.emplace_back(loaded, node, plan.namespace_of(object), plan.visible);
      }
    }
  }
  return containers;
}

}  // namespace helmme::render
