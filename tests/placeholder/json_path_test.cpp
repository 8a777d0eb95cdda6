#include "placeholder/json_path.h"

#include <gtest/gtest.h>

#include <string>

namespace helmme::placeholder {
namespace {

struct Case {
  std::string name;
  std::string expression;
  std::string json;
  std::string text;  // "error: …" where it fails
};

std::string executed(const std::string& expression, const std::string& json) {
  const auto value = parse_json(json);
  if (!value) {
    return "no JSON";
  }
  const auto path = JsonPath::parse(expression);
  if (!path) {
    return "error: " + path.error().message;
  }
  const auto text = path->execute(*value);
  return text ? std::string(text->reveal()) : "error: " + text.error().message;
}

class JsonPathCase : public testing::TestWithParam<Case> {};

TEST_P(JsonPathCase, IsExecuted) { EXPECT_EQ(executed(GetParam().expression, GetParam().json), GetParam().text); }

// jsonpath_test.go of k8s.io/client-go v0.34.2
const std::string k_types = R"({"bools":[true,false,true,false],"integers":[1,2,3,4],"floats":[1,2.2,3.3,4],
  "strings":["one","two","three","four"],"interfaces":[true,"one",1,1.1],
  "maps":[{"name":"one","value":1},{"name":"two","value":2.02},{"name":"three","value":3.03},{"name":"four","value":4.04}]})";

INSTANTIATE_TEST_SUITE_P(TypesInput, JsonPathCase,
                         testing::Values(Case{"bools", "{ .bools }", k_types, "[true,false,true,false]"},
                                         Case{"bool", "{ .bools[0] }", k_types, "true"},
                                         Case{"bool_reverse", "{ .bools[-1] }", k_types, "false"},
                                         Case{"bools_from_to", "{ .bools[0:2] }", k_types, "true false"},
                                         Case{"bools_to", "{ .bools[:2] }", k_types, "true false"},
                                         Case{"bools_step", "{ .bools[:4:2] }", k_types, "true true"},
                                         Case{"integers", "{ .integers }", k_types, "[1,2,3,4]"},
                                         Case{"integer_reverse", "{ .integers[-2] }", k_types, "3"},
                                         Case{"integers_step", "{ .integers[:4:2] }", k_types, "1 3"},
                                         Case{"floats", "{ .floats }", k_types, "[1,2.2,3.3,4]"},
                                         Case{"floats_from_to", "{ .floats[0:2] }", k_types, "1 2.2"},
                                         Case{"strings", "{ .strings }", k_types, R"(["one","two","three","four"])"},
                                         Case{"string", "{ .strings[0] }", k_types, "one"},
                                         Case{"strings_step", "{ .strings[:4:2] }", k_types, "one three"},
                                         Case{"mixed", "{ .interfaces }", k_types, R"([true,"one",1,1.1])"},
                                         Case{"mixed_step", "{ .interfaces[:4:2] }", k_types, "true 1"},
                                         Case{"map", "{ .maps[0] }", k_types, R"({"name":"one","value":1})"},
                                         Case{"maps_odd", "{ .maps[::2] }", k_types,
                                              R"({"name":"one","value":1} {"name":"three","value":3.03})"},
                                         Case{"maps_even", "{ .maps[1::2] }", k_types,
                                              R"({"name":"two","value":2.02} {"name":"four","value":4.04})"}),
                         [](const auto& named) { return named.param.name; });

const std::string k_store = R"({"Name":"jsonpath",
  "Book":[{"Category":"reference","Author":"Nigel Rees","Price":8.95},
          {"Category":"fiction","Author":"Evelyn Waugh","Price":12.99},
          {"Category":"fiction","Author":"Herman Melville","Price":8.99}],
  "Bicycle":[{"Color":"red","Price":19.95,"IsNew":true},{"Color":"green","Price":20.01,"IsNew":false}],
  "Labels":{"engieer":10,"web/html":15,"k8s-app":20},"Employees":{"jason":"manager","dan":"clerk"}})";

INSTANTIATE_TEST_SUITE_P(
    StructInput, JsonPathCase,
    testing::Values(
        Case{"plain", "hello jsonpath", "null", "hello jsonpath"}, Case{"recursive", "{..}", "[1,2,3]", "[1,2,3]"},
        Case{"filter", "{[?(@<5)]}", "[2,6,3,7]", "2 3"}, Case{"quote", R"({"{"})", "null", "{"},
        Case{"several", "{[1,3,4]}", "[0,1,2,3,4]", "1 3 4"},
        Case{"array", "{[0:2]}", R"(["Monday","Tuesday"])", "Monday Tuesday"},
        Case{"variable", "hello {.Name}", k_store, "hello jsonpath"},
        Case{"slash", "{$.Labels.web/html}", k_store, "15"}, Case{"dash", "{.Labels.k8s-app}", k_store, "20"},
        Case{"dollar", "{$.Employees.jason}", k_store, "manager"},
        Case{"nest", "{.Bicycle[*].Color}", k_store, "red green"},
        Case{"all_of_a_list", "{.Book[*].Author}", k_store, "Nigel Rees Evelyn Waugh Herman Melville"},
        Case{"all_fields", R"({range .Bicycle[*]}{ "{" }{ @.* }{ "} " }{end})", k_store,
             "{red 19.95 true} {green 20.01 false} "},
        Case{"recursive_field", "{..Price}", k_store, "8.95 12.99 8.99 19.95 20.01"},
        Case{"recursive_dot_field", "{...Price}", k_store, "8.95 12.99 8.99 19.95 20.01"},
        Case{"many_dots", "{............................Price}", k_store,
             "error: jsonPath: more than one \"..\" at byte 3"},
        Case{"all_in_a_range", R"({range .Bicycle[*]}{ @ }{ " " }{end})", k_store,
             R"({"Color":"red","Price":19.95,"IsNew":true} {"Color":"green","Price":20.01,"IsNew":false} )"},
        Case{"last", "{.Book[-1:]}", k_store, R"({"Category":"fiction","Author":"Herman Melville","Price":8.99})"},
        Case{"recursive_item", "{..Book[2]}", k_store,
             R"({"Category":"fiction","Author":"Herman Melville","Price":8.99})"},
        Case{"boolean", "{.Bicycle[?(@.IsNew==true)].Color}", k_store, "red"},
        Case{"unknown_word", "{hello}", k_store, "error: jsonPath: unknown word \"hello\" at byte 1"},
        Case{"missing", "{.hello}", k_store, "error: jsonPath: no key \"hello\" is there"},
        Case{"index_of_a_map", "{.Labels[0]}", k_store, "error: jsonPath: an index into what is no list"},
        Case{"unknown_comparison", "{.Book[?(@.Price<>10)]}", k_store,
             "error: jsonPath: unknown comparison \"<>\" at byte 16"},
        Case{"end_without_range", "{range .Labels.*}{@}{end}{end}", k_store,
             "error: jsonPath: an end without a range at byte 30"}),
    [](const auto& named) { return named.param.name; });

const std::string k_points = R"([{"id":"i1","x":4,"y":-5},{"id":"i2","x":-2,"y":-5,"z":1},{"id":"i3","x":8,"y":3},
  {"id":"i5","x":0,"y":2,"z":1},{"id":"i7","x":null,"y":4}])";
const std::string k_nodes = R"({"kind":"List","items":[
  {"metadata":{"name":"127.0.0.1","labels":{"kubernetes.io/hostname":"127.0.0.1"}},
   "status":{"capacity":{"cpu":"4"},"ready":true,"addresses":[{"type":"Legacy","address":"127.0.0.1"}]},"kind":"None"},
  {"metadata":{"name":"127.0.0.2","labels":{"kubernetes.io/hostname":"127.0.0.2"}},
   "status":{"capacity":{"cpu":"8"},"ready":false,"addresses":[{"type":"Legacy","address":"127.0.0.2"},
     {"type":"another","address":"127.0.0.3"}]},"kind":"None"}],
  "users":[{"name":"myself","user":{}},{"name":"e2e","user":{"username":"admin","password":"secret"}}]})";

INSTANTIATE_TEST_SUITE_P(
    Kubernetes, JsonPathCase,
    testing::Values(
        Case{"exists", "{[?(@.z)].id}", k_points, "i2 i5"}, Case{"bracket_key", "{[0]['id']}", k_points, "i1"},
        Case{"null", "{[-1]['x']}", k_points, "null"},
        Case{"range", "{range .items[*]}{.metadata.name}, {end}{.kind}", k_nodes, "127.0.0.1, 127.0.0.2, List"},
        Case{"range_with_quote", R"({range .items[*]}{.metadata.name}{"\t"}{end})", k_nodes, "127.0.0.1\t127.0.0.2\t"},
        Case{"addresses", "{.items[*].status.addresses[*].address}", k_nodes, "127.0.0.1 127.0.0.2 127.0.0.3"},
        Case{"double_range", "{range .items[*]}{range .status.addresses[*]}{.address}, {end}{end}", k_nodes,
             "127.0.0.1, 127.0.0.2, 127.0.0.3, "},
        Case{"several_keys", "{.items[*]['metadata.name', 'status.capacity']}", k_nodes,
             R"(127.0.0.1 127.0.0.2 {"cpu":"4"} {"cpu":"8"})"},
        Case{"text_in_a_range", "{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}", k_nodes,
             R"([127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] )"},
        Case{"password", R"({.users[?(@.name=="e2e")].user.password})", k_nodes, "secret"},
        Case{"escaped_dot", R"({.items[0].metadata.labels.kubernetes\.io/hostname})", k_nodes, "127.0.0.1"},
        Case{"escaped_dot_in_filter", R"({.items[?(@.metadata.labels.kubernetes\.io/hostname=="127.0.0.1")].kind})",
             k_nodes, "None"},
        Case{"recursive_in_filter", "{.items[?(@..ready==true)].metadata.name}", k_nodes, "127.0.0.1"},
        Case{"recursive_name", "{..name}", k_nodes, "127.0.0.1 127.0.0.2 myself e2e"},
        Case{"nested_range",
             R"({range .items[*]}{.metadata.name}{":"}{range @.status.addresses[*]}{.type}{","}{end}{"+"}{end})",
             k_nodes, "127.0.0.1:Legacy,+127.0.0.2:Legacy,another,+"},
        Case{"empty_range", "{range .items[*]}{.metadata.name}{end}", R"({"items":[]})", ""}),
    [](const auto& named) { return named.param.name; });

const std::string k_four = R"(["f0","f1","f2","f3"])";

INSTANTIATE_TEST_SUITE_P(
    Slices, JsonPathCase,
    testing::Values(Case{"from_0_to_0", "{[0:0]}", k_four, ""}, Case{"to_minus_1", "{[0:-1]}", k_four, "f0 f1 f2"},
                    Case{"minus_1_to_0", "{[-1:0]}", k_four, "error: jsonPath: a slice ends before it begins"},
                    Case{"minus_1", "{[-1]}", k_four, "f3"}, Case{"from_minus_2", "{[-2:]}", k_four, "f2 f3"},
                    Case{"minus_4", "{[-4]}", k_four, "f0"},
                    Case{"minus_5", "{[-5]}", k_four, "error: jsonPath: an index is out of bounds"},
                    Case{"behind", "{[4]}", k_four, "error: jsonPath: an index is out of bounds"},
                    Case{"behind_and_empty", "{[5:5]}", k_four, ""},
                    Case{"backwards", "{[3:1]}", k_four, "error: jsonPath: a slice ends before it begins"},
                    Case{"step_2", "{[1:4:2]}", k_four, "f1 f3"}, Case{"step_large", "{[0:4:9]}", k_four, "f0"},
                    Case{"step_0", "{[0:4:0]}", k_four, "error: jsonPath: a step below 1 at byte 2"},
                    Case{"step_minus_1", "{[0:4:-1]}", k_four, "error: jsonPath: a step below 1 at byte 2"},
                    Case{"of_nothing", "{[]}", k_four, "error: jsonPath: an index that is none at byte 2"}),
    [](const auto& named) { return named.param.name; });

// parser_test.go
INSTANTIATE_TEST_SUITE_P(
    Syntax, JsonPathCase,
    testing::Values(Case{"unclosed", "{.hello", "{}", "error: jsonPath: an open \"{\" at byte 7"},
                    Case{"star", "{*}", "{}", "error: jsonPath: a character that means nothing here at byte 1"},
                    Case{"invalid_number", "{+12.3.0}", "{}", "error: jsonPath: a number that is none at byte 1"},
                    Case{"unclosed_bracket", "{[1}", "{}", "error: jsonPath: an open \"[\" at byte 1"},
                    Case{"unclosed_filter", "{[?(.price]}", "{}", "error: jsonPath: an open \"[?(\" at byte 1"},
                    Case{"backslashes", R"({\\\})", "{}",
                         "error: jsonPath: a character that means nothing here at byte 1"},
                    Case{"parentheses_in_quotes", R"({[?(@.t=="())(")].t})", R"([{"t":"())("},{"t":"x"}])", "())("},
                    Case{"brackets_in_quotes", R"({[?(@.t=="{[()]}")].t})", R"([{"t":"{[()]}"}])", "{[()]}"},
                    Case{"single_in_double", R"({[?(@.t=="''")].t})", R"([{"t":"''"}])", "''"},
                    Case{"escaped_single", R"({[?(@.t=='\'')].t})", R"([{"t":"'"}])", "'"},
                    Case{"and", "{[?(@.a==1 && @.b==2)]}", R"([{"a":1,"b":2}])",
                         "error: jsonPath: a character that means nothing here at byte 11"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Own, JsonPathCase,
    testing::Values(Case{"big_number", "{.a}", R"({"a":12345678901234567890123})", "12345678901234567890123"},
                    Case{"number_as_written", "{.a} {.b}", R"({"a":1.50,"b":81111e1})", "1.50 81111e1"},
                    Case{"equal_numbers", "{[?(@==1)]}", "[1,1.0,1e0,2]", "1 1.0 1e0"},
                    Case{"less_of_texts", "{[?(@<'b')]}", R"(["a","b","c"])", "a"},
                    Case{"not_equal_to_null", "{[?(@.a!=1)].b}", R"([{"a":null,"b":1},{"a":1,"b":2}])", "1"},
                    Case{"text_and_number", "{[?(@==1)]}", R"(["1"])",
                         "error: jsonPath: two values of types that cannot be compared"},
                    Case{"field_of_null", "{.a.b}", R"({"a":null})", "error: jsonPath: no key \"b\" is there"},
                    Case{"key_with_a_dot", "{['tls.crt']}", R"({"tls.crt":"x"})", "x"},
                    Case{"key_with_comma_and_bracket", "{['a,]']}", R"({"a,]":"x"})", "x"},
                    Case{"dot", "{.}", R"({"a":1})", R"({"a":1})"},
                    Case{"without_braces", ".a.b", R"({"a":{"b":1}})", "1"},
                    Case{"near", "{.pasword}", R"({"password":"hunter2"})",
                         "error: jsonPath: no key \"pasword\" is there"}),
    [](const auto& named) { return named.param.name; });

TEST(JsonPathLimits, HoldWhatMultiplies) {
  std::string json = "1";
  for (int i = 0; i < 200; ++i) {
    json = R"({"a":)" + json + R"(,"b":[1,2,3]})";
  }
  EXPECT_EQ(executed("{..b..a..b..a}", json).substr(0, 6), "error:");
  std::string ranges;
  for (std::size_t i = 0; i <= k_json_path_depth_limit; ++i) {
    ranges += "{range .[*]}";
  }
  EXPECT_EQ(executed(ranges, "[]").substr(0, 6), "error:");
  std::string list = "[0";
  for (int i = 0; i < 2000; ++i) {
    list += ",0";
  }
  EXPECT_EQ(executed("{range [*]}{range $[*]}{end}{end}{[?(@..x)]}", list + "]").substr(0, 6), "error:");
}

}  // namespace
}  // namespace helmme::placeholder
