// `helm-me.io/secret-version`: a keyed digest of the values that a pod template uses, so that a changed value rolls
// exactly the workloads that use it. Never from a live look-up: two renders are equal.
#include "crypto/hmac.h"
#include "render/annotation.h"
#include "render/context.h"

namespace helmme::render {
namespace {

using manifest::NodeId;

constexpr std::string_view k_annotation = "helm-me.io/secret-version";

// Each part with its length before it, so that no two lists of values read the same.
base::Secret message_of(const std::map<std::string, const base::Secret*>& values) {
  std::string message;
  const auto append = [&](std::string_view part) {
    message += std::to_string(part.size()) + ":";
    message += part;
  };
  std::size_t size = 0;
  for (const auto& [name, value] : values) {
    size += name.size() + value->size() + 48;
  }
  message.reserve(size);  // no reallocation leaves a copy behind
  for (const auto& [name, value] : values) {
    append(name);
    append(value->reveal());
  }
  base::Secret secret(message);
  base::cleanse(message);
  return secret;
}

// An annotation of an earlier run covers what that run edited, of which this one may see less: it stays.
bool is_settled(const Context& context, const Object& object, NodeId pod_template) {
  const manifest::Document& document = context.loaded.document;
  return !context.edited.contains(&object) &&
         document.find(document.at(pod_template, "metadata.annotations"), k_annotation);
}

}  // namespace

void annotate_rollouts(Context& context) {
  const base::Secret* key = context.plan.version_key();
  for (const auto& [object, values] : context.uses) {
    const NodeId pod_template = pod_template_of(context.loaded.document, *object);
    if (is_settled(context, *object, pod_template)) {
      continue;
    }
    if (key == nullptr || key->empty()) {
      context.lacks_version_key = true;
      continue;
    }
    const std::string version = crypto::hmac_sha256_hex(*key, message_of(values)).substr(0, 32);
    context.accept(annotate(context.loaded, pod_template, k_annotation, version), *object, pod_template);
  }
}

}  // namespace helmme::render
