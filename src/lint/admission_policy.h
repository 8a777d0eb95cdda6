// What the API server can refuse by itself: a ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1, Kubernetes
// 1.30 and later) in CEL that knows the plainest of lint's findings, and placeholders that nobody has resolved.
#pragma once

#include <string>
#include <string_view>

namespace helmme::lint {

// The policy and its binding, as YAML to be applied.
[[nodiscard]] std::string admission_policy();

// Its patterns, in RE2's syntax: names of credentials, those among them that are none after all, and tokens.
[[nodiscard]] std::string_view admission_name_pattern();
[[nodiscard]] std::string_view admission_other_name_pattern();
[[nodiscard]] std::string_view admission_token_pattern();

}  // namespace helmme::lint
