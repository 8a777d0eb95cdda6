// A v1/Secret as a document of its own: what joins a stream, and what other tools are given.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace helmme::render {

// Kubernetes' limit for all values of a Secret together, in bytes (k8s.io/api/core/v1, MaxSecretSize).
inline constexpr std::size_t k_secret_size_limit = std::size_t{1} << 20U;

// By key. Kubernetes takes keys of [-._a-zA-Z0-9]+ and 1 MiB of values.
using SecretData = std::map<std::string, const base::Secret*>;

// "---\napiVersion: v1\nkind: Secret…", values in base64. Its type follows from its keys: kubernetes.io/tls,
// kubernetes.io/dockerconfigjson, else Opaque (k8s.io/api/core/v1, SecretType). `namespace_name` may be empty.
// `redact`: "****" for each value.
[[nodiscard]] base::Secret secret_document(std::string_view name, std::string_view namespace_name,
                                           const SecretData& data, bool redact = false);

}  // namespace helmme::render
