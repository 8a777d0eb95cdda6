// Kubernetes' own expansion of `$(NAME)` in env values, args and command.
//
// Source: k8s.io/kubernetes v1.34.2, third_party/forked/golang/expansion/expand.go (Expand, tryReadVariableName)
// and pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables). The rules, as read there:
//   "$$"      is "$", and the second "$" begins nothing
//   "$(NAME)" is the variable's value, where NAME is all up to the next ")"; an unknown NAME stays as written
//   "$("      without a ")" behind it stays as written
//   "$" + x   with any other x stays as written, and x is consumed
// One pass: values are not expanded again. In env values NAME may come from envFrom or from an entry above; values from
// valueFrom are never expanded. In args and command every variable of the container is known. Probe and lifecycle
// commands are not expanded at all.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace helmme::render {

struct VariableUse {
  std::size_t begin = 0;  // of "$("
  std::size_t end = 0;    // behind ")"
  std::string_view name;  // points into the text
};

[[nodiscard]] std::vector<VariableUse> variable_uses(std::string_view text);

}  // namespace helmme::render
