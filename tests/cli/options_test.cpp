#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "cli/help.h"
#include "map_environment.h"

namespace helmme::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What `post` makes of a command line and of variables.
struct Read {
  PostOptions options;
  base::Diagnostics diagnostics;

  explicit Read(std::vector<std::string> arguments, const MapEnvironment& environment = {}) {
    CLI::App app;
    add_post_options(app, options);
    const base::Result<Parsed> parsed = parse(app, std::move(arguments));
    if (!parsed) {
      diagnostics.error(parsed.error());
      return;
    }
    complete(options, environment, diagnostics);
  }
};

TEST(Options, All) {
  const Read read({"--policy",
                   "a",
                   "--policy=b",
                   "--values",
                   "v",
                   "--values=w",
                   "--release",
                   "r",
                   "--namespace",
                   "n",
                   "--secret-keys",
                   "k",
                   "--dialect",
                   "native",
                   "--deliver",
                   "reference",
                   "--offline",
                   "--diagnostics-format",
                   "json",
                   "--log-level",
                   "debug",
                   "in.yaml"});
  EXPECT_FALSE(read.diagnostics.failed());
  EXPECT_THAT(read.options.policies, ElementsAre("a", "b"));
  EXPECT_THAT(read.options.values, ElementsAre("v", "w"));
  EXPECT_EQ(read.options.release, "r");
  EXPECT_EQ(read.options.namespace_name, "n");
  EXPECT_EQ(read.options.secret_keys, "k");
  EXPECT_THAT(read.options.dialects, ElementsAre("native"));
  EXPECT_EQ(read.options.deliver, "reference");
  EXPECT_TRUE(read.options.offline);
  EXPECT_EQ(read.options.diagnostics_format, "json");
  EXPECT_EQ(read.options.log_level, "debug");
  EXPECT_EQ(read.options.file, "in.yaml");
}

TEST(Options, ARepeatableOptionTakesOneWordATime) {
  const Read read({"--policy", "a", "in.yaml"});
  EXPECT_THAT(read.options.policies, ElementsAre("a"));
  EXPECT_EQ(read.options.file, "in.yaml");
}

TEST(Options, TheLastOfTwoCounts) { EXPECT_EQ(Read({"--release", "a", "--release", "b"}).options.release, "b"); }

TEST(Options, DashIsStandardInput) { EXPECT_EQ(Read({"-"}).options.file, "-"); }

TEST(Options, VariablesFillIn) {
  const MapEnvironment environment{{"HELM_ME_POLICY", "p"},
                                   {"HELM_ME_RELEASE", "r"},
                                   {"HELM_NAMESPACE", "n"},
                                   {"HELM_ME_DIAGNOSTICS_FORMAT", "json"},
                                   {"HELM_ME_LOG_LEVEL", "info"}};
  const Read filled({}, environment);
  EXPECT_THAT(filled.options.policies, ElementsAre("p"));
  EXPECT_EQ(filled.options.release, "r");
  EXPECT_EQ(filled.options.namespace_name, "n");
  EXPECT_EQ(filled.options.log_level, "info");
  EXPECT_EQ(format_of({}, environment), DiagnosticsFormat::json);
  const Read given({"--policy", "q", "--release", "s", "--namespace", "m", "--log-level", "off"}, environment);
  EXPECT_THAT(given.options.policies, ElementsAre("q"));
  EXPECT_EQ(given.options.release, "s");
  EXPECT_EQ(given.options.namespace_name, "m");
  EXPECT_EQ(given.options.log_level, "off");
}

struct WrongCase {
  std::vector<std::string> arguments;
  std::string message;
  std::string help;
  base::ErrorKind kind = base::ErrorKind::usage;
};
std::ostream& operator<<(std::ostream& out, const WrongCase& value) { return out << value.message; }

class Wrong : public testing::TestWithParam<WrongCase> {};

TEST_P(Wrong, IsSaid) {
  const Read read(GetParam().arguments);
  ASSERT_EQ(read.diagnostics.errors.size(), 1U);
  EXPECT_EQ(read.diagnostics.errors[0].message, GetParam().message);
  EXPECT_EQ(read.diagnostics.errors[0].help, GetParam().help);
  EXPECT_EQ(read.diagnostics.errors[0].kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Options, Wrong,
    testing::Values(
        WrongCase{{"--polcy", "x"}, "unknown option --polcy", "did you mean --policy?"},
        WrongCase{{"--polcy=x"}, "unknown option --polcy", "did you mean --policy?"},
        WrongCase{{"--zzzzzzz"}, "unknown option --zzzzzzz", "helm-me --help lists the options"},
        WrongCase{{"--z\x1b[2J"}, "unknown option --z\\x1b[2J", "helm-me --help lists the options"},
        WrongCase{{"-p"}, "unknown option -p", "helm-me --help lists the options"},
        WrongCase{{"--policy"}, "option --policy needs a FILE", "--policy FILE"},
        WrongCase{{"a", "b"}, "one argument too many: b", "it takes one FILE of rendered manifests, or -"},
        WrongCase{{"--values"}, "option --values needs a FILE", "--values FILE"},
        WrongCase{{"--app=a"}, "--app is not in this version", "helm-me --help lists what is"},
        WrongCase{{"--apply"}, "--apply is not in this version", "helm-me --help lists what is"},
        WrongCase{{"--check-cluster"}, "--check-cluster is not in this version", "helm-me --help lists what is"},
        WrongCase{{"--dialect", "valz"}, "unknown word for --dialect: valz", "did you mean vals?"},
        WrongCase{{"--timeout", "30"}, "--timeout takes a duration, not 30", "--timeout 30s"},
        WrongCase{{"--dialect", "nativ"}, "unknown word for --dialect: nativ", "did you mean native?"},
        WrongCase{{"--deliver", "apply"},
                  "--deliver apply is not in this version",
                  "--deliver reference, externalSecret, secret or inline",
                  base::ErrorKind::bad_input},
        WrongCase{{"--deliver", "referense"}, "unknown word for --deliver: referense", "did you mean reference?"},
        WrongCase{
            {"--diagnostics-format", "xml"}, "unknown word for --diagnostics-format: xml", "it takes text and json"},
        WrongCase{{"--log-level", "debugg"}, "unknown word for --log-level: debugg", "did you mean debug?"}));

TEST(Options, AWordFromTheEnvironmentIsNamedByItsVariable) {
  const Read read({}, MapEnvironment{{"HELM_ME_LOG_LEVEL", "loud"}});
  ASSERT_EQ(read.diagnostics.errors.size(), 1U);
  EXPECT_EQ(read.diagnostics.errors[0].message, "unknown word for HELM_ME_LOG_LEVEL: loud");
}

TEST(Options, AllThatIsWrongIsSaid) {
  EXPECT_EQ(Read({"--log-level", "x", "--deliver", "y", "--dialect", "z"}).diagnostics.errors.size(), 3U);
}

TEST(Options, HelpNamesEachOption) {
  CLI::App app;
  PostOptions options;
  add_post_options(app, options);
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      EXPECT_THAT(std::string(post_help()), HasSubstr("--" + name + " "));
      if (name != "namespace") {
        EXPECT_THAT(std::string(program_help()), HasSubstr("--" + name + " "));
      }
    }
  }
  for (const char* variable :
       {"HELM_ME_POLICY", "HELM_ME_RELEASE", "HELM_NAMESPACE", "HELM_ME_OFFLINE", "HELM_ME_DIAGNOSTICS",
        "HELM_ME_DIAGNOSTICS_FORMAT", "HELM_ME_LOG_LEVEL", "HELM_ME_VERSION_KEY"}) {
    EXPECT_THAT(std::string(post_help()), HasSubstr(variable));
  }
}

}  // namespace
}  // namespace helmme::cli
