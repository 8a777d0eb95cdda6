#include "cli/diagnostics.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace helmme::cli {
namespace {

using base::Diagnostics;
using base::Error;
using base::ErrorKind;
using base::Location;
using base::Warning;

Diagnostics one(Error error) {
  Diagnostics diagnostics;
  diagnostics.error(std::move(error));
  return diagnostics;
}

Diagnostics one(Warning warning) {
  Diagnostics diagnostics;
  diagnostics.warning(std::move(warning));
  return diagnostics;
}

Diagnostics at(Location location) {
  return one(Error{.kind = ErrorKind::bad_input, .message = "wrong", .location = std::move(location)});
}

const Location k_in_stream = {.object = "shop/templates/deploy.yaml: Deployment/shop spec.x[0].value",
                              .file = "stdin",
                              .line = 42,
                              .column = 12,
                              .snippet = "    value: ${secret:PASWORD}",
                              .length = 17};

Diagnostics several() {
  Diagnostics diagnostics;
  diagnostics.error({.kind = ErrorKind::not_found, .message = "first"});
  diagnostics.warning({.message = "third"});
  diagnostics.error({.kind = ErrorKind::usage, .message = "second", .help = "do this"});
  return diagnostics;
}

struct TextCase {
  std::string name;
  Diagnostics diagnostics;
  std::string expected;
};
std::ostream& operator<<(std::ostream& out, const TextCase& value) { return out << value.name; }

class Text : public testing::TestWithParam<TextCase> {};

TEST_P(Text, IsByteForByte) { EXPECT_EQ(format_text(GetParam().diagnostics, false), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Diagnostics, Text,
    testing::Values(
        TextCase{"nothing", {}, ""},
        TextCase{"message_alone", one(Error{.kind = ErrorKind::usage, .message = "no command"}), "error: no command\n"},
        TextCase{"in_the_stream",
                 one(Error{.kind = ErrorKind::not_found,
                           .message = "no key PASWORD",
                           .location = k_in_stream,
                           .notes = {"bundle shop has 3 keys"},
                           .help = "did you mean PASSWORD?"}),
                 "error: no key PASWORD\n"
                 "  --> shop/templates/deploy.yaml: Deployment/shop spec.x[0].value\n"
                 "   |\n"
                 "42 |     value: ${secret:PASWORD}      (stdin:42:12)\n"
                 "   |            ^^^^^^^^^^^^^^^^^\n"
                 "note: bundle shop has 3 keys\n"
                 "help: did you mean PASSWORD?\n"},
        TextCase{"warning_in_a_file",
                 one(Warning{.message = "odd",
                             .location = Location{.object = "",
                                                  .file = "helm-me.yaml",
                                                  .line = 7,
                                                  .column = 3,
                                                  .snippet = "  shop:",
                                                  .length = 4}}),
                 "warning: odd\n"
                 "  --> helm-me.yaml:7:3\n"
                 "   |\n"
                 " 7 |   shop:\n"
                 "   |   ^^^^\n"},
        TextCase{"a_line_that_may_hold_a_value_is_not_shown",
                 at({.object = "Secret/shop data.x", .file = "stdin", .line = 9, .column = 5, .snippet = {}}),
                 "error: wrong\n  --> Secret/shop data.x (stdin:9:5)\n"},
        TextCase{"a_file_without_a_line", at({.object = "", .file = "helm-me.yaml", .snippet = {}}),
                 "error: wrong\n  --> helm-me.yaml\n"},
        TextCase{"a_large_line_number",
                 at({.object = "", .file = "f", .line = 12345, .column = 1, .snippet = "x", .length = 1}),
                 "error: wrong\n"
                 "     --> f:12345:1\n"
                 "      |\n"
                 "12345 | x\n"
                 "      | ^\n"},
        TextCase{"escapes_move_the_caret",
                 at({.object = "", .file = "f", .line = 1, .column = 2, .snippet = "\x1b\x07!", .length = 1}),
                 "error: wrong\n"
                 "  --> f:1:2\n"
                 "   |\n"
                 " 1 | \\x1b\\x07!\n"
                 "   |     ^^^^\n"},
        TextCase{"columns_are_characters",
                 at({.object = "", .file = "f", .line = 1, .column = 4, .snippet = "ünï€x", .length = 2}),
                 "error: wrong\n"
                 "  --> f:1:4\n"
                 "   |\n"
                 " 1 | ünï€x\n"
                 "   |    ^^\n"},
        TextCase{"a_caret_behind_the_end",
                 at({.object = "", .file = "f", .line = 1, .column = 9, .snippet = "ab", .length = 5}),
                 "error: wrong\n"
                 "  --> f:1:9\n"
                 "   |\n"
                 " 1 | ab\n"
                 "   |   ^\n"},
        TextCase{"no_line_break_of_a_chart_survives",
                 one(Error{.kind = ErrorKind::bad_input,
                           .message = "a\n::error::b\x1b[2J",
                           .location = Location{.object = "x\ny", .file = "stdin", .snippet = {}},
                           .notes = {"n\rm"},
                           .help = "h\ni"}),
                 "error: a\\x0a::error::b\\x1b[2J\n"
                 "  --> x\\x0ay (stdin)\n"
                 "note: n\\x0dm\n"
                 "help: h\\x0ai\n"},
        TextCase{"errors_lead", several(), "error: first\n\nerror: second\nhelp: do this\n\nwarning: third\n"}),
    [](const testing::TestParamInfo<TextCase>& test) { return test.param.name; });

TEST(Diagnostics, InColour) {
  const Diagnostics diagnostics =
      one(Error{.kind = ErrorKind::bad_input,
                .message = "m",
                .location = Location{.object = "", .file = "f", .line = 1, .column = 1, .snippet = "x", .length = 1},
                .help = "h"});
  EXPECT_EQ(format_text(diagnostics, true),
            "\033[1;31merror\033[0m: m\n"
            "  \033[1;34m-->\033[0m f:1:1\n"
            "\033[1;34m   |\033[0m\n"
            "\033[1;34m 1 |\033[0m x\n"
            "\033[1;34m   |\033[0m \033[1;31m^\033[0m\n"
            "\033[1;36mhelp\033[0m: h\n");
}

TEST(Diagnostics, AsJson) {
  Diagnostics diagnostics;
  diagnostics.error({.kind = ErrorKind::not_found,
                     .message = "no key \x1b\xff é\x7f",
                     .location = k_in_stream,
                     .notes = {"n"},
                     .help = "h"});
  diagnostics.warning({.message = "w"});
  EXPECT_EQ(format_json(diagnostics),
            "{\"errors\":[{\"kind\":\"not_found\",\"message\":\"no key \\u001b\\ufffd \\u00e9\\u007f\","
            "\"object\":\"shop/templates/deploy.yaml: Deployment/shop spec.x[0].value\",\"file\":\"stdin\","
            "\"line\":42,\"column\":12,\"notes\":[\"n\"],\"help\":\"h\"}],"
            "\"warnings\":[{\"message\":\"w\",\"object\":null,\"file\":null,\"line\":null,\"column\":null,"
            "\"notes\":[],\"help\":null}]}\n");
  EXPECT_EQ(format_json({}), "");
}

TEST(Diagnostics, TheFirstErrorDecidesTheExitCode) {
  EXPECT_EQ(exit_code_of(several()), 5);
  EXPECT_EQ(exit_code_of(one(Warning{.message = "w"})), 0);
  EXPECT_EQ(exit_code_of(one(Error{.kind = ErrorKind::internal, .message = "m"})), 70);
}

TEST(Diagnostics, FormatWords) {
  EXPECT_EQ(diagnostics_format("text"), DiagnosticsFormat::text);
  EXPECT_EQ(diagnostics_format("json"), DiagnosticsFormat::json);
  EXPECT_EQ(diagnostics_format("yaml"), std::nullopt);
}

}  // namespace
}  // namespace helmme::cli
