// The `auth` fields of a .dockerconfigjson: base64 of USER:PASSWORD inside JSON
// (https://docs.docker.com/reference/cli/docker/login/), where bank-vaults finds references too.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "manifest/split.h"

namespace helmme::render {

// The type of the Secrets that hold one (k8s.io/api/core/v1, SecretTypeDockerConfigJson).
inline constexpr std::string_view k_docker_type = "kubernetes.io/dockerconfigjson";

struct WrittenOut {
  base::Secret text;                  // with each `auth` that may hold a placeholder decoded in its place
  std::vector<manifest::Span> auths;  // where those stand in it, to be encoded again
};

// nullopt: no `auth` of the text may hold one.
[[nodiscard]] std::optional<WrittenOut> write_out_auths(std::string_view text);

// The value as a JSON string writes it (RFC 8259, section 7), where byte `at` of the JSON text lies in a string; else
// as it is.
[[nodiscard]] base::Secret as_json_text(std::string_view json, std::size_t at, const base::Secret& value);

}  // namespace helmme::render
