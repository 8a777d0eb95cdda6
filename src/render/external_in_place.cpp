// Under `delivery: externalSecret`, a Secret that the chart renders with placeholders in it gives way to an
// ExternalSecret of its name: whoever uses it goes on using it.
#include "base/text.h"
#include "crypto/base64.h"
#include "render/context.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Entry;

std::map<std::string, std::string> texts_at(const manifest::Document& document, const Object& object,
                                            std::string_view path) {
  std::map<std::string, std::string> out;
  for (const Entry& entry : document.entries(document.at(object.root, path))) {
    out.emplace(document.text(entry.key), document.text(entry.value));
  }
  return out;
}

// Said to tools that read this object, or to Helm about it.
bool is_of_the_object_alone(std::string_view annotation) {
  for (const std::string_view prefix : {"avp.kubernetes.io/", "helm-me.io/", "helm.sh/", "postrenderer.helm.sh/",
                                        "kubectl.kubernetes.io/", "meta.helm.sh/", "vault.security.banzaicloud.io/"}) {
    if (annotation.starts_with(prefix)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::unique_ptr<ExternalSecret> external_secret_of(Context& context, const Object& object, SecretKeys& keys) {
  const manifest::Document& document = context.loaded.document;
  if (!keys.moved.empty() || !keys.filled.empty()) {
    context.error(ErrorKind::bad_input,
                  "this Secret holds placeholders that External Secrets reads, and others that it does not",
                  context.plan.places.of(context.loaded, object, object.root),
                  "put the keys into two Secrets, or deliver all of them in one way");
    return nullptr;
  }
  auto out = std::make_unique<ExternalSecret>();
  out->name = object.name;
  out->namespace_name = object.namespace_name;
  out->type = document.text_at(object.root, "type");
  out->labels = texts_at(document, object, "metadata.labels");
  out->annotations = texts_at(document, object, "metadata.annotations");
  std::erase_if(out->annotations, [](const auto& entry) { return is_of_the_object_alone(entry.first); });
  out->composed = std::move(keys.composed);
  for (const std::string_view section : {"data", "stringData"}) {
    for (const Entry& entry : document.entries(document.at(object.root, section))) {
      const std::string key(document.text(entry.key));
      if (out->composed.contains(key) || keys.missing.contains(key)) {
        continue;
      }
      std::optional<base::Secret> literal = section == "data" ? crypto::decode_base64(document.text(entry.value))
                                                              : base::Secret(document.text(entry.value));
      if (literal) {
        out->literals.insert_or_assign(key, *std::move(literal));
      }
    }
  }
  return out;
}

}  // namespace helmme::render
