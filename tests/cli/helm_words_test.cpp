#include "cli/helm_words.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace helmme::cli {
namespace {

struct Case {
  std::string name;
  std::vector<std::string> words;
  std::size_t options_at = 0;
  std::optional<std::string> release = std::nullopt;
  std::optional<std::string> namespace_name = std::nullopt;
  bool has_post_renderer = false;
};
std::ostream& operator<<(std::ostream& out, const Case& value) { return out << value.name; }

class Words : public testing::TestWithParam<Case> {};

TEST_P(Words, AreRead) {
  const HelmWords found = read_helm_words(GetParam().words);
  EXPECT_EQ(found.options_at, GetParam().options_at);
  EXPECT_EQ(found.release, GetParam().release);
  EXPECT_EQ(found.namespace_name, GetParam().namespace_name);
  EXPECT_EQ(found.has_post_renderer, GetParam().has_post_renderer);
}

INSTANTIATE_TEST_SUITE_P(
    HelmWords, Words,
    testing::Values(
        Case{"none", {}}, Case{"install", {"install", "demo", "./c"}, 1, "demo"},
        Case{"upgrade", {"upgrade", "--install", "demo", "./c", "-f", "v.yaml", "--wait"}, 1, "demo"},
        Case{"template_without_a_name", {"template", "./c"}, 1, "release-name"},
        Case{"flags_first", {"template", "--set", "a=b", "-f", "x", "--dry-run", "demo", "./c"}, 1, "demo"},
        Case{"generated_name", {"install", "./c", "-g"}, 1},
        Case{"generated_name_in_a_cluster", {"install", "./c", "x", "-ig"}, 1},
        Case{"name_template", {"install", "--name-template", "x-{{1}}", "./c"}, 1},
        Case{"an_unknown_flag_may_take_a_word", {"install", "--new-flag", "demo", "./c"}, 1},
        Case{"an_unknown_short_flag", {"install", "-z", "demo", "./c"}, 1},
        Case{"namespace_behind", {"install", "demo", "./c", "-n", "blue"}, 1, "demo", "blue"},
        Case{"namespace_attached", {"install", "demo", "./c", "-nblue"}, 1, "demo", "blue"},
        Case{"namespace_by_equals", {"install", "demo", "./c", "-n=blue"}, 1, "demo", "blue"},
        Case{"long_namespace", {"install", "demo", "./c", "--namespace=blue"}, 1, "demo", "blue"},
        Case{"the_last_namespace", {"install", "-n", "a", "demo", "./c", "--namespace", "b"}, 1, "demo", "b"},
        Case{"a_flag_s_value_is_no_flag", {"install", "demo", "./c", "--set", "--namespace"}, 1, "demo"},
        Case{"behind_the_dashes_all_are_names", {"install", "--", "demo", "-n"}, 1, "demo"},
        Case{"its_own_post_renderer", {"install", "demo", "./c", "--post-renderer", "x"}, 1, "demo", {}, true},
        Case{"its_own_post_renderer_by_equals", {"install", "demo", "./c", "--post-renderer=x"}, 1, "demo", {}, true},
        Case{"more_arguments_for_ours",
             {"install", "demo", "./c", "--post-renderer-args", "--post-renderer"},
             1,
             "demo"},
        Case{"a_flag_before_the_verb", {"--kube-context", "x", "--debug", "upgrade", "demo", "./c"}, 4, "demo"},
        Case{"a_value_that_is_a_verb", {"--kube-context", "install", "list"}}, Case{"list", {"list", "install"}},
        Case{"version", {"version", "--short"}}, Case{"diff", {"diff", "upgrade", "demo", "./c"}, 2, "demo"},
        Case{"secrets", {"secrets", "upgrade", "demo", "./c"}, 2, "demo"},
        Case{"secrets_for_itself", {"secrets", "decrypt", "install"}},
        Case{"a_value_that_is_missing", {"install", "demo", "./c", "--namespace"}, 1, "demo", ""},
        Case{"stdin_as_values", {"install", "demo", "./c", "-f", "-"}, 1, "demo"}),
    [](const testing::TestParamInfo<Case>& test) { return test.param.name; });

}  // namespace
}  // namespace helmme::cli
