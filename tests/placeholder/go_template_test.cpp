#include "placeholder/go_template.h"

#include <gtest/gtest.h>

#include <string>

#include "placeholder/template_function.h"

namespace helmme::placeholder {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string result;
};

const std::string k_data = R"({"user":"root","pw":"p@ss w:rd/1","b64":"c2VjcmV0","n":42,"big":12345678901234567890123,
  "f":1.50,"yes":true,"no":false,"nil":null,"empty":"","list":["a","b"],"map":{"k":"v","n":{"d":1}},"a-b":"dash",
  "lines":"a\nb\n","zero":0,"colon":"x:y:z","json":"{\"k\":[1,2]}"})";

std::string executed(const std::string& text, const std::string& json) {
  const auto data = parse_json(json);
  if (!data) {
    return "no JSON";
  }
  const auto parsed = GoTemplate::parse(text);
  if (!parsed) {
    return "bad: " + parsed.error().message + (parsed.error().help.empty() ? "" : " (" + parsed.error().help + ")");
  }
  const auto out = parsed->execute(*data);
  if (!out) {
    return "error: " + out.error().message + (out.error().help.empty() ? "" : " (" + out.error().help + ")");
  }
  return std::string(out->reveal());
}

class Template : public testing::TestWithParam<Case> {};

TEST_P(Template, IsExecuted) { EXPECT_EQ(executed(GetParam().text, k_data), GetParam().result); }

INSTANTIATE_TEST_SUITE_P(
    Syntax, Template,
    testing::Values(Case{"text", "no action", "no action"}, Case{"key", "${.user}", "root"},
                    Case{"blanks", "${ .user }", "root"}, Case{"text_around", "a${.user}b${.n}c", "arootb42c"},
                    Case{"below", "${.map.n.d}", "1"}, Case{"root", "${$.user}", "root"},
                    Case{"dot", "${. | len}", "17"}, Case{"pipe", "${.b64 | b64dec | upper}", "SECRET"},
                    Case{"call", "${printf \"%s:%s\" .user .b64}", "root:c2VjcmV0"},
                    Case{"parentheses", "${upper (b64dec .b64)}", "SECRET"},
                    Case{"field_of_parentheses", "${(split \":\" .colon)._1}", "y"},
                    Case{"index", "${index . \"a-b\"}", "dash"}, Case{"index_below", "${index .map \"n\" \"d\"}", "1"},
                    Case{"index_of_a_list", "${index .list 1}", "b"}, Case{"raw_quotes", "${`a\\n}` | print}", "a\\n}"},
                    Case{"brace_in_quotes", "${replace \"/\" \"}\" .pw}", "p@ss w:rd}1"},
                    Case{"escapes", "${\"a\\t\\x41\\u00e9\" | print}", "a\tA\xC3\xA9"},
                    Case{"constants", "${true}${nil}${-5}", "truenull-5"},
                    Case{"trim_markers", "a \n ${- .user -} \n b", "arootb"}, Case{"comment", "a${/* x */}b", "ab"},
                    Case{"if", "${if .yes}Y${else}N${end}", "Y"}, Case{"if_not", "${if .no}Y${else}N${end}", "N"},
                    Case{"if_missing", "${if .gone}Y${end}", ""},
                    Case{"else_if", "${if .no}1${else if .zero}2${else if .n}3${end}", "3"},
                    Case{"nested_if", "${if .yes}${if .no}1${else}2${end}3${end}", "23"},
                    Case{"numbers_as_written", "${.big} ${.f}", "12345678901234567890123 1.50"},
                    Case{"list_as_json", "${.list}", R"(["a","b"])"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Refused, Template,
    testing::Values(
        Case{"open", "${.user", "bad: template: an open \"${\""},
        Case{"open_quote", "${\"a}", "bad: template: an open \"${\""},
        Case{"unknown_function", "${.user | b64ecn}",
             "bad: template: unknown function \"b64ecn\" (did you mean b64enc?)"},
        Case{"unknown_as_operand", "${print now}", "bad: template: unknown function \"now\" (did you mean not?)"},
        Case{"kms", "${awskms .user}", "bad: template: unknown function \"awskms\""},
        Case{"file", "${file \"/etc/passwd\"}", "bad: template: unknown function \"file\""},
        Case{"environment", "${env \"HOME\"}", "bad: template: unknown function \"env\""},
        Case{"too_few", "${replace \"a\" .user}", "bad: template: function replace has too few operands"},
        Case{"too_many", "${upper .user .user}", "bad: template: function upper has too many operands"},
        Case{"operands_of_a_value", "${.user .n}", "bad: template: a value that is no function has operands"},
        Case{"value_behind_a_pipe", "${.user | .n}", "bad: template: a value that is no function has operands"},
        Case{"range", "${range .list}x${end}",
             "bad: template: \"range\" is not known here (bank-vaults' keys mostly need pipelines only)"},
        Case{"variable", "${$x := .user}", "bad: template: variables are not known here"},
        Case{"end_alone", "${end}", "bad: template: an end without an if"},
        Case{"if_alone", "${if .user}x", "bad: template: an if without an end"},
        Case{"two_elses", "${if .user}${else}${else}${end}", "bad: template: a second else"},
        Case{"nothing", "${}", "bad: template: an action ends too early"},
        Case{"pipe_at_end", "${.user |}", "bad: template: an action ends too early"},
        Case{"dash", "${.a-b}",
             "bad: template: unexpected \"-\" behind a value (a key of other characters than letters, digits and _: "
             "index . \"a-b\")"},
        Case{"open_parenthesis", "${(.user}", "bad: template: an open \"(\""},
        Case{"close_parenthesis", "${.user)}", "bad: template: unexpected \")\" in an action"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Missing, Template,
    testing::Values(
        Case{"key", "${.usr}", "error: secret not found: no key \"usr\" for the template (did you mean .user?)"},
        Case{"below", "${.map.q}", "error: secret not found: no key \"q\" for the template"},
        Case{"in_a_function", "${.gone | upper}", "error: secret not found: no key \"gone\" for the template"},
        Case{"default", "${.gone | default \"x\"}", "x"}, Case{"default_of_empty", "${default \"x\" .empty}", "x"},
        Case{"default_of_a_value", "${default \"x\" .user}", "root"},
        Case{"coalesce", "${coalesce .gone .empty .n}", "42"},
        Case{"item", "${index .list 5}", "error: secret not found: no key \"5\" for the template"},
        Case{"computed_key", "${index . .user}", "error: secret not found: no such key or item for the template"},
        Case{"computed_member", "${get .map (b64dec .b64)}",
             "error: secret not found: no such key or item for the template"},
        Case{"piped_key", "${.user | index .map}", "error: secret not found: no such key or item for the template"},
        Case{"computed_names", "${(dict .user 1).rot}", "error: secret not found: no key \"rot\" for the template"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Functions, Template,
    testing::Values(
        Case{"b64enc", "${b64enc .user}", "cm9vdA=="}, Case{"b64dec", "${b64dec .b64}", "secret"},
        Case{"b64dec_of_none", "${b64dec .user | b64dec}", "error: template: b64dec of what is no base64"},
        Case{"urlquery", "${.pw | urlquery}", "p%40ss+w%3Ard%2F1"}, Case{"upper", "${upper .user}", "ROOT"},
        Case{"upper_of_more_than_ascii", "${upper \"\u00e9\"}",
             "error: template: upper, lower and title know letters of ASCII only"},
        Case{"printf_width_of_characters", "${printf \"%3s|\" \"\u00e9\"}", "  \xC3\xA9|"},
        Case{"lower", "${lower \"ABc\"}", "abc"}, Case{"title", "${title \"ab cd-ef\"}", "Ab Cd-Ef"},
        Case{"trim", "${trim \" a b \\n\"}", "a b"}, Case{"trimAll", "${trimAll \"$\" \"$5$\"}", "5"},
        Case{"trimPrefix", "${trimPrefix \"ro\" .user}", "ot"},
        Case{"trimSuffix", "${.lines | trimSuffix \"\\n\"}", "a\nb"}, Case{"nospace", "${nospace .pw}", "p@ssw:rd/1"},
        Case{"replace", "${.pw | replace \"s\" \"$\"}", "p@$$ w:rd/1"}, Case{"repeat", "${repeat 3 \"ab\"}", "ababab"},
        Case{"substr", "${substr 1 3 .user}", "oo"}, Case{"trunc", "${trunc 2 .user}${trunc -2 .user}", "root"},
        Case{"quote", "${quote .pw \"a\\\"\\n\"}", R"("p@ss w:rd/1" "a\"\n")"},
        Case{"squote", "${squote .user .n}", "'root' '42'"}, Case{"cat", "${cat .user .n}", "root 42"},
        Case{"print", "${print .user .n .f}", "root42 1.50"},
        Case{"printf", "${printf \"%5s|%-5v|%05d|%t|%q|%%\" .user .user .n .yes .user}",
             " root|root |00042|true|\"root\"|%"},
        Case{"printf_too_few", "${printf \"%s\"}", "error: template: printf has too few values"},
        Case{"printf_too_many", "${printf \"x\" .user}", "error: template: printf has too many values"},
        Case{"printf_type", "${printf \"%d\" .user}",
             "error: template: printf has a value of another type than its verb"},
        Case{"indent", "${indent 2 .lines}", "  a\n  b\n  "}, Case{"nindent", "${.user | nindent 2}", "\n  root"},
        Case{"html", "${html \"<a&'\"}", "&lt;a&amp;&#39;"},
        Case{"sha256sum", "${sha256sum \"abc\"}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        Case{"contains", "${contains \"oo\" .user}${hasPrefix \"x\" .user}${hasSuffix \"ot\" .user}", "truefalsetrue"},
        Case{"logic", "${and .yes .no}${or .no .user}${not .no}", "falseroottrue"},
        Case{"eq", "${eq .user \"x\" \"root\"}${ne .n 42}${eq .n \"42\"}", "truefalsefalse"},
        Case{"order", "${lt .n 43}${le .n 42}${gt .f 1}${ge \"a\" \"b\"}", "truetruetruefalse"},
        Case{"no_order", "${lt .n \"43\"}", "error: template: two values that have no order"},
        Case{"empty", "${empty .zero}${empty .nil}${empty .list}", "truetruefalse"},
        Case{"ternary", "${ternary \"a\" \"b\" .yes}${.no | ternary \"a\" \"b\"}", "ab"},
        Case{"numbers", "${add .n 1 2}${sub 1 2}${mul 2 3}${div 7 2}${mod 7 2}${add1 .n}", "45-163143"},
        Case{"overflow", "${mul .n 9223372036854775807}",
             "error: template: a number beyond 64 bits, or a division by 0"},
        Case{"division_by_zero", "${mod 1 .zero}", "error: template: a number beyond 64 bits, or a division by 0"},
        Case{"no_number", "${add .user 1}", "error: template: a whole number is wanted"},
        Case{"lists", "${first .list}${last .list}${rest .list}${join \"-\" .list}${len .list}${has \"b\" .list}",
             R"(ab["b"]a-b2true)"},
        Case{"maps", "${get .map \"k\"}${hasKey .map \"q\"}${keys .map | join \",\"}", "vfalsek,n"},
        Case{"split", "${splitList \":\" .colon | last}", "z"},
        Case{"made", "${list 1 \"a\"}${dict \"k\" .n}", R"([1,"a"]{"k":42})"},
        Case{"json", "${(fromJson .json).k | toJson}${toJson .user}", R"([1,2]"root")"},
        Case{"no_json", "${fromJson .user}", "error: template: fromJson: not valid JSON: at byte 1"},
        Case{"kindOf", "${kindOf .user}${kindOf .n}${kindOf .map}", "stringfloat64map"},
        Case{"fail", "${fail \"hunter2\"}", "error: template: its function fail was reached"},
        Case{"text_of_a_map", "${upper .map}", "error: template: text is wanted where there is null, a list or a map"},
        Case{"repeat_too_much", "${repeat 1000000 .pw | repeat 1000}",
             "error: template: repeat makes less than nothing, or more text than 16 MiB"}),
    [](const auto& named) { return named.param.name; });

TEST(TemplateFunctions, HaveDistinctNames) {
  std::vector<std::string> names = template_function_names();
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(TemplateDepth, HasALimit) {
  const std::string deep(k_template_depth_limit + 1, '(');
  EXPECT_EQ(executed("${" + deep + ".user" + std::string(deep.size(), ')') + "}", k_data),
            "bad: template: too many parentheses inside each other");
  std::string ifs;
  for (std::size_t i = 0; i <= k_template_depth_limit; ++i) {
    ifs += "${if .user}";
  }
  EXPECT_EQ(executed(ifs, k_data), "bad: template: too many ifs inside each other");
}

struct BracesCase {
  std::string name;
  std::string text;
  std::optional<std::string> result;
};

class DoubleBraces : public testing::TestWithParam<BracesCase> {};

TEST_P(DoubleBraces, AreWritten) { EXPECT_EQ(with_double_braces(GetParam().text), GetParam().result); }

INSTANTIATE_TEST_SUITE_P(
    Placeholder, DoubleBraces,
    testing::Values(BracesCase{"action", "a${.user | b64enc}b", "a{{.user | b64enc}}b"},
                    BracesCase{"brace_as_text", "{a}${.b}", "{{\"{\"}}a}{{.b}}"},
                    BracesCase{"quotes", "${replace \"$}\" \"\" .b}", "{{replace \"$}\" \"\" .b}}"},
                    BracesCase{"root", "${$.a}", std::nullopt}, BracesCase{"none", "${.a", std::nullopt}),
    [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace helmme::placeholder
