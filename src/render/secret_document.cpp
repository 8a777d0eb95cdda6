#include "render/secret_document.h"

#include <algorithm>

#include "crypto/base64.h"
#include "manifest/value.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/native.h"
#include "render/annotation.h"
#include "render/context.h"

namespace helmme::render {
namespace {

std::string_view type_of(const SecretData& data) {
  if (data.size() == 1 && data.contains(".dockerconfigjson")) {
    return "kubernetes.io/dockerconfigjson";
  }
  return data.contains("tls.crt") && data.contains("tls.key") ? "kubernetes.io/tls" : "Opaque";
}

// A value that reads as a placeholder is none: another run over the output leaves it alone.
bool looks_like_placeholder(const SecretData& data) {
  return std::any_of(data.begin(), data.end(), [](const auto& entry) {
    const std::string_view value = entry.second->reveal();
    return value.find(placeholder::k_native_marker) != std::string_view::npos || placeholder::may_hold_fetched(value);
  });
}

}  // namespace

base::Secret secret_document(std::string_view name, std::string_view namespace_name, const SecretData& data,
                             bool redact) {
  std::string text = "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: ";
  text.append(manifest::write_string(name, false)).append("\n");
  if (!namespace_name.empty()) {
    text.append("  namespace: ").append(manifest::write_string(namespace_name, false)).append("\n");
  }
  if (!redact && looks_like_placeholder(data)) {
    text.append("  annotations: {").append(k_dialects_annotation).append(": none}\n");
  }
  text.append("type: ").append(type_of(data)).append(data.empty() ? "\n" : "\ndata:\n");
  std::size_t size = text.size();
  for (const auto& [key, value] : data) {
    size += key.size() + value->size() / 3 * 4 + 16;
  }
  text.reserve(size);  // no reallocation leaves a copy of a value behind
  for (const auto& [key, value] : data) {
    const base::Secret shown = redact ? base::Secret(k_redacted) : crypto::encode_base64(value->reveal());
    text.append("  ").append(manifest::write_string(key, false)).append(": \"").append(shown.reveal()).append("\"\n");
  }
  base::Secret document(text);
  base::cleanse(text);
  return document;
}

}  // namespace helmme::render
