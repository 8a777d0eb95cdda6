#include "render/expansion.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace helmme::render {
namespace {

struct UseCase {
  std::string name;
  std::string text;
  std::vector<std::string> uses;
};

class VariableUses : public testing::TestWithParam<UseCase> {};

TEST_P(VariableUses, AreWhatKubernetesReads) {
  std::vector<std::string> names;
  for (const VariableUse& use : variable_uses(GetParam().text)) {
    EXPECT_EQ(GetParam().text.substr(use.begin, use.end - use.begin), "$(" + std::string(use.name) + ")");
    names.emplace_back(use.name);
  }
  EXPECT_EQ(names, GetParam().uses);
}

// The cases of k8s.io/kubernetes v1.34.2, third_party/forked/golang/expansion/expand_test.go, by what they refer to.
INSTANTIATE_TEST_SUITE_P(
    Kubernetes, VariableUses,
    testing::Values(UseCase{"whole", "$(VAR_A)", {"VAR_A"}}, UseCase{"escaped", "$$(VAR_B)_$(VAR_A)", {"VAR_A"}},
                    UseCase{"escaped_twice", "$$$(VAR_A)", {"VAR_A"}}, UseCase{"escaped_three", "$$$$(VAR_A)", {}},
                    UseCase{"middle", "___$(VAR_B)___", {"VAR_B"}},
                    UseCase{"adjacent", "$(VAR_A)$(VAR_B)", {"VAR_A", "VAR_B"}},
                    UseCase{"nested", "$(VAR_B_$(VAR_A))", {"VAR_B_$(VAR_A"}}, UseCase{"open", "$(VAR_A", {}},
                    UseCase{"open_after_text", "foo$(VAR_A", {}}, UseCase{"operator_at_the_end", "foo$", {}},
                    UseCase{"operator_then_text", "$VAR_A)", {}}, UseCase{"shell_braces", "${VAR_A}", {}},
                    UseCase{"operator_consumes", "$a$(VAR_A)", {"VAR_A"}}, UseCase{"empty", "$()", {""}},
                    UseCase{"odd_operators", "foo$$$(VAR_A)$$(VAR_B)", {"VAR_A"}}),
    [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace helmme::render
