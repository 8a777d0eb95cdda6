#include "render/context.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace helmme::render {

const SecretRewrite* Plan::rewrite_of(const Object& object) const {
  const auto found = std::find_if(rewrites.begin(), rewrites.end(),
                                  [&](const SecretRewrite& rewrite) { return rewrite.rendered == object.id; });
  return found == rewrites.end() ? nullptr : &*found;
}

std::string Plan::namespace_of(const Object& object) const {
  return object.namespace_name.empty() ? input.variables.namespace_name.value_or("") : object.namespace_name;
}

const SecretRewrite* Context::rewrite_for(const Object& object, std::string_view secret_name, manifest::NodeId node) {
  const SecretRewrite* unsure = nullptr;
  const std::string wanted = plan.namespace_of(object);
  for (const SecretRewrite& rewrite : plan.rewrites) {
    if (rewrite.name != secret_name || rewrite.rendered == object.id) {
      continue;
    }
    const std::string own =
        rewrite.namespace_name.empty() ? plan.input.variables.namespace_name.value_or("") : rewrite.namespace_name;
    if (!rewrite.rendered || own == wanted) {
      return &rewrite;
    }
    if (own.empty() || wanted.empty()) {
      unsure = &rewrite;
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

void Context::use(const Object& object, const SecretKey& key) {
  if (key.bundle == nullptr || !rolls_out(object)) {
    return;
  }
  const auto value = key.bundle->values.find(key.bundle_key);
  if (value != key.bundle->values.end()) {
    uses[&object][key.secret_name + "/" + key.key] = &value->second;
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
        containers.emplace_back(loaded, object, node, plan.visible);
      }
    }
  }
  return containers;
}

}  // namespace helmme::render
