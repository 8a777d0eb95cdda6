#include "render/context.h"

#include <algorithm>

#include "base/text.h"

namespace helmme::render {

std::string Context::namespace_of(const Object& object) const {
  return object.namespace_name.empty() ? input.variables.namespace_name.value_or("") : object.namespace_name;
}

bool Context::drops(const Object& object) const {
  return std::any_of(rewrites.begin(), rewrites.end(),
                     [&](const SecretRewrite& rewrite) { return rewrite.dropped && rewrite.object == &object; });
}

SecretRewrite* Context::rewrite_for(const Loaded& loaded, const Object& object, std::string_view secret_name,
                                    manifest::NodeId node) {
  SecretRewrite* unsure = nullptr;
  const std::string wanted = namespace_of(object);
  for (SecretRewrite& rewrite : rewrites) {
    if (rewrite.name != secret_name || rewrite.object == &object) {
      continue;
    }
    const bool anywhere = rewrite.rendered == nullptr;
    const std::string_view own = rewrite.namespace_name.empty() && input.variables.namespace_name
                                     ? std::string_view(*input.variables.namespace_name)
                                     : std::string_view(rewrite.namespace_name);
    if (anywhere || own == wanted) {
      return &rewrite;
    }
    if (own.empty() || wanted.empty()) {
      unsure = &rewrite;
    }
  }
  if (unsure != nullptr) {
    error(base::ErrorKind::bad_input,
          "whether this is the Secret " + base::printable(secret_name) + " that is rewritten depends on the release's namespace",
          places.of(loaded, object, node), "add --post-renderer-args --namespace --post-renderer-args NAMESPACE");
  }
  return nullptr;
}

void Context::use(Loaded& loaded, const Object& object, const SecretKey& key) {
  if (key.bundle == nullptr || pod_template_of(loaded.document, object) == manifest::k_no_node) {
    return;
  }
  const auto value = key.bundle->values.find(key.bundle_key);
  if (value == key.bundle->values.end()) {
    return;
  }
  auto found = std::find_if(uses.begin(), uses.end(), [&](const Uses& one) { return one.object == &object; });
  if (found == uses.end()) {
    found = uses.insert(uses.end(), Uses{&loaded, &object, {}});
  }
  found->values[key.secret_name + "/" + key.key] = &value->second;
}

bool Context::accept(const base::Result<void>& edit, const Loaded& loaded, const Object& object, manifest::NodeId node) {
  if (edit) {
    return true;
  }
  base::Error problem = edit.error();
  problem.message = "this " + problem.message;
  problem.location = places.of(loaded, object, node);
  problem.help = "write the place out in the chart's template";
  diagnostics.error(std::move(problem));
  return false;
}

void Context::error(base::ErrorKind kind, std::string message, base::Location location, std::string help) {
  diagnostics.error({.kind = kind, .message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

void Context::warning(std::string message, base::Location location, std::string help) {
  diagnostics.warning({.message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

std::deque<Container> containers_of(Context& context, Loaded& loaded, const Object& object) {
  std::deque<Container> containers;
  std::set<manifest::NodeId> seen;
  const manifest::NodeId spec = loaded.document.at(pod_template_of(loaded.document, object), "spec");
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    for (const manifest::NodeId item : loaded.document.items(loaded.document.at(spec, list))) {
      const manifest::NodeId node = loaded.document.resolve(item);
      if (seen.insert(node).second) {
        containers.emplace_back(loaded, object, node, context.visible);
      }
    }
  }
  return containers;
}

}  // namespace helmme::render
