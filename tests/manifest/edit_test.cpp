#include "manifest/edit.h"

#include <gtest/gtest.h>

#include <functional>

namespace helmme::manifest {
namespace {

struct EditCase {
  std::string name;
  std::string before;
  std::function<base::Result<void>(Editor&, const Document&)> edit;
  std::string after;  // or "refused: …"
};

class Edit : public testing::TestWithParam<EditCase> {};

TEST_P(Edit, ChangesWhatItSaysAndNothingElse) {
  const std::string& before = GetParam().before;
  const base::Result<Document> document = Document::parse(before, "stdin", before, 0);
  ASSERT_TRUE(document) << document.error().message;
  Editor editor(*document);
  const base::Result<void> edited = GetParam().edit(editor, *document);
  if (!edited) {
    EXPECT_EQ("refused: " + edited.error().message, GetParam().after);
    EXPECT_EQ(edited.error().kind, base::ErrorKind::bad_input);
    return;
  }
  const base::Result<std::string> after = editor.apply();
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(*after, GetParam().after);
}

Value reference() { return Value::mapping({{"name", Value::string("s")}, {"key", Value::string("0")}}); }

auto replace_a(const Value& value) {
  return [value](Editor& editor, const Document& document) {
    return editor.replace(document.find(Document::root(), "a").value, value);
  };
}

auto splice_a(std::string_view what, std::string_view with) {
  return [what, with](Editor& editor, const Document& document) {
    const NodeId id = document.find(Document::root(), "a").value;
    return editor.replace_parts(id, {{document[id].value.find(what), what.size(), std::string(with)}});
  };
}

auto insert_a(std::size_t index) {
  return [index](Editor& editor, const Document& document) {
    return editor.insert_items(document.find(Document::root(), "a").value, index, {Value::string("item"), reference()});
  };
}

auto remove_a(std::vector<std::size_t> indices) {
  return [indices](Editor& editor, const Document& document) {
    return editor.remove(document.find(Document::root(), "a").value, indices);
  };
}

auto add_two_a() {
  return [](Editor& editor, const Document& document) {
    return editor.add_entries(document.find(Document::root(), "a").value,
                              {{"one", Value::string("v")}, {"two", reference()}});
  };
}

auto add_a() {
  return [](Editor& editor, const Document& document) {
    return editor.add_entry(document.find(Document::root(), "a").value, "new", Value::string("v"));
  };
}

INSTANTIATE_TEST_SUITE_P(
    Replace, Edit,
    testing::Values(
        EditCase{"plain", "a: x # c\nb: 1\n", replace_a(reference()), "a: {name: s, key: \"0\"} # c\nb: 1\n"},
        EditCase{"block_scalar", "a: | # c\n  x\n  y\nb: 1\n", replace_a(reference()),
                 "a: {name: s, key: \"0\"} # c\nb: 1\n"},
        EditCase{"on_the_next_line", "a: # c\n  'x'\n", replace_a(reference()), "a: # c\n  {name: s, key: \"0\"}\n"},
        EditCase{"json", "{\"a\": \"x\"}", replace_a(reference()), "{\"a\": {\"name\": \"s\", \"key\": \"0\"}}"},
        EditCase{"null", "a:\nb: 1\n", replace_a(reference()), "a: {name: s, key: \"0\"}\nb: 1\n"},
        EditCase{"block_mapping", "a:\n  x: 1\n  y: 2\nb: 1\n", replace_a(reference()),
                 "a: {name: s, key: \"0\"}\nb: 1\n"},
        EditCase{"block_mapping_below_a_comment", "a: # c:\n  x: 1\nb: 1\n", replace_a(reference()),
                 "a: # c:\n   {name: s, key: \"0\"}\nb: 1\n"},
        EditCase{"block_mapping_crlf", "a:\r\n  x: 1\r\nb: 1\r\n", replace_a(reference()),
                 "a: {name: s, key: \"0\"}\r\nb: 1\r\n"},
        EditCase{"word", "a: x\n", replace_a(Value::string("true")), "a: \"true\"\n"},
        EditCase{"anchored", "a: &x y\n", replace_a(reference()), "refused: has a YAML anchor or tag"},
        EditCase{"tagged", "a: !!str y\n", replace_a(reference()), "refused: has a YAML anchor or tag"},
        EditCase{"shared", "b: &x {a: 1}\nc: *x\n",
                 [](Editor& editor, const Document& document) {
                   return editor.replace(document.at(Document::root(), "b.a"), Value::string("z"));
                 },
                 "refused: stands in a YAML anchor that an alias repeats, so an edit would change both"},
        EditCase{"crlf", "a: x\r\nb: 1\r\n", replace_a(reference()), "a: {name: s, key: \"0\"}\r\nb: 1\r\n"},
        EditCase{"key", "x: 1\na: 2\n",
                 [](Editor& editor, const Document& document) {
                   return editor.rename_key(document.find(Document::root(), "a").key, "other");
                 },
                 "x: 1\nother: 2\n"},
        EditCase{"key_in_quotes", "b: {\"a\":2}\n",
                 [](Editor& editor, const Document& document) {
                   const NodeId b = document.find(Document::root(), "b").value;
                   return editor.rename_key(document.find(b, "a").key, "other");
                 },
                 "b: {\"other\":2}\n"},
        EditCase{"anchor_used_elsewhere", "a: {x: &x 1}\nb: *x\n", replace_a(reference()),
                 "refused: holds a YAML anchor that is used elsewhere"},
        EditCase{"anchor_used_inside", "a: {x: &x 1, y: *x}\n", replace_a(reference()), "a: {name: s, key: \"0\"}\n"},
        EditCase{"key_without_colon", "{b: 1, ? a}\n", replace_a(reference()), "refused: has a key without a colon"},
        EditCase{"explicit_key", "? a\n: 2\n",
                 [](Editor& editor, const Document& document) {
                   return editor.rename_key(document.find(Document::root(), "a").key, "other");
                 },
                 "? other\n: 2\n"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Splice, Edit,
    testing::Values(EditCase{"plain", "a: x${s}y\n", splice_a("${s}", "$(N)"), "a: x$(N)y\n"},
                    EditCase{"single", "a: 'it''s ${s}'\n", splice_a("${s}", "$(N)"), "a: 'it''s $(N)'\n"},
                    EditCase{"double", "a: \"\\t${s}\"\n", splice_a("${s}", "$(N)"), "a: \"\\t$(N)\"\n"},
                    EditCase{"literal", "a: |\n  x\n  ${s} y\n", splice_a("${s}", "$(N)"), "a: |\n  x\n  $(N) y\n"},
                    EditCase{"folded", "a: >\n  x\n  ${s} y\n", splice_a("${s}", "$(N)"), "a: >\n  x\n  $(N) y\n"},
                    EditCase{"wide", "a: \U0001F511 ${s}\n", splice_a("${s}", "$(N)"), "a: \U0001F511 $(N)\n"},
                    EditCase{"escaped", "a: \"\\x24{s}\"\n", splice_a("${s}", "$(N)"), "a: \"$(N)\"\n"},
                    EditCase{"plain_typed", "a: 1${s}\n", splice_a("${s}", "2"), "a: \"12\"\n"},
                    EditCase{"plain_word", "a: ${s}es\n", splice_a("${s}", "y"), "a: \"yes\"\n"},
                    EditCase{"plain_indicator", "a: x ${s}\n", splice_a("${s}", "#"), "a: \"x #\"\n"},
                    EditCase{"single_quote", "a: 'x ${s}'\n", splice_a("${s}", "it's"), "a: 'x it''s'\n"},
                    EditCase{"double_quote", "a: \"x ${s}\"\n", splice_a("${s}", "\"\n\""), "a: \"x \\\"\\n\\\"\"\n"},
                    EditCase{"literal_lines", "a: |\n  ${s}\n", splice_a("${s}", "x\ny"), "a: \"x\\ny\\n\"\n"},
                    EditCase{"no_text", "a: x${s}\n", splice_a("${s}", "\xFF"),
                             "refused: would hold bytes that are no text"},
                    EditCase{"shortened", "a: $${s} x\n", splice_a("$${s}", "${s}"), "a: ${s} x\n"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Insert, Edit,
    testing::Values(
        EditCase{"front", "a:\n  - x\n  - y\n", insert_a(0), "a:\n  - item\n  - {name: s, key: \"0\"}\n  - x\n  - y\n"},
        EditCase{"middle", "a:\n- x\n# c\n- y\n", insert_a(1), "a:\n- x\n# c\n- item\n- {name: s, key: \"0\"}\n- y\n"},
        EditCase{"end", "a:\n- x # c\nb: 1\n", insert_a(1), "a:\n- x # c\n- item\n- {name: s, key: \"0\"}\nb: 1\n"},
        EditCase{"end_without_line_end", "a:\n- x", insert_a(1), "a:\n- x\n- item\n- {name: s, key: \"0\"}"},
        EditCase{"flow", "a: [x]\n", insert_a(0), "a: [item, {name: s, key: \"0\"}, x]\n"},
        EditCase{"empty", "a: []\n", insert_a(0), "a: [item, {name: s, key: \"0\"}]\n"},
        EditCase{"null", "a:\n", insert_a(0), "a: [item, {name: s, key: \"0\"}]\n"},
        EditCase{"crlf", "a:\r\n- x\r\n", insert_a(0), "a:\r\n- item\r\n- {name: s, key: \"0\"}\r\n- x\r\n"},
        EditCase{"dash_in_a_comment", "a:\n  # - c\n  -\n    # -\n    x: 1\n", insert_a(0),
                 "a:\n  # - c\n  - item\n  - {name: s, key: \"0\"}\n  -\n    # -\n    x: 1\n"},
        EditCase{"no_list", "a: x\n", insert_a(0), "refused: is not a list"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Remove, Edit,
    testing::Values(EditCase{"first", "a:\n  - x\n  # c\n  - y\n", remove_a({0}), "a:\n  # c\n  - y\n"},
                    EditCase{"last", "a:\n- x\n- k: v\n  l: w\nb: 1\n", remove_a({1}), "a:\n- x\nb: 1\n"},
                    EditCase{"all", "a:\n- x\n- y\nb: 1\n", remove_a({0, 1}), "a: []\nb: 1\n"},
                    EditCase{"below_kept_blank_lines", "a:\n  x: |+\n    one\n\n  y: 2\n\n  z: 3\n", remove_a({1}),
                             "a:\n  x: |+\n    one\n\n  z: 3\n"},
                    EditCase{"block_scalar_below_kept_blank_lines", "a:\n  x: |+\n    one\n  y: |\n    two\n\n  z: 3\n",
                             remove_a({1}), "a:\n  x: |+\n    one\n  z: 3\n"},
                    EditCase{"anchor_used_later", "a:\n- &x 1\n- 2\nb: *x\n", remove_a({0}),
                             "refused: holds a YAML anchor that is used elsewhere"},
                    EditCase{"flow_first", "a: [x, y]\n", remove_a({0}), "a: [y]\n"},
                    EditCase{"flow_last", "a: [x, y]\n", remove_a({1}), "a: [x]\n"},
                    EditCase{"flow_middle_and_last", "a: [x, y, z]\n", remove_a({1, 2}), "a: [x]\n"},
                    EditCase{"entry", "a:\n  x: 1\n  y: 2 # c\n  z: 3\n", remove_a({1}), "a:\n  x: 1\n  z: 3\n"},
                    EditCase{"all_entries", "a:\n  x: 1\nb: 1\n", remove_a({0}), "a: {}\nb: 1\n"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    AddEntry, Edit,
    testing::Values(
        EditCase{"block", "a:\n  x: 1\n  y: 2 # c\n", add_a(), "a:\n  x: 1\n  new: v\n  y: 2 # c\n"},
        EditCase{"flow", "a: {x: 1}\n", add_a(), "a: {x: 1, new: v}\n"},
        EditCase{"empty", "a: {}\n", add_a(), "a: {new: v}\n"}, EditCase{"null", "a:\n", add_a(), "a: {new: v}\n"},
        EditCase{"two", "a:\n  x: 1\n", add_two_a(), "a:\n  one: v\n  two: {name: s, key: \"0\"}\n  x: 1\n"},
        EditCase{"two_in_an_empty_one", "a: {}\n", add_two_a(), "a: {one: v, two: {name: s, key: \"0\"}}\n"},
        EditCase{"two_in_flow", "a: {x: 1}\n", add_two_a(), "a: {x: 1, one: v, two: {name: s, key: \"0\"}}\n"},
        EditCase{"in_a_list", "b:\n  - x: 1\n",
                 [](Editor& editor, const Document& document) {
                   return editor.add_entry(document.items(document.at(Document::root(), "b"))[0], "new",
                                           Value::string("v"));
                 },
                 "b:\n  - new: v\n    x: 1\n"}),
    [](const auto& named) { return named.param.name; });

// Whatever the scalar's style and whatever the text: what is read back is what was meant.
TEST(ReplaceParts, HoldsAnyText) {
  const std::vector<std::string> scalars = {"pre-${s}-post",
                                            "pre ${s}",
                                            "${s} post",
                                            "'pre ${s} post'",
                                            "\"pre ${s} post\"",
                                            "|\n  pre\n  ${s}\n",
                                            "|-\n  ${s}\n  post\n",
                                            ">\n  pre ${s}\n  post\n",
                                            "'pre\n  ${s}\n  post'",
                                            "\"pre\n  ${s} post\"",
                                            "pre\n  ${s} post",
                                            "${s}",
                                            "|+\n  x\n  ${s}\n\n"};
  const std::vector<std::string> texts = {
      "",       " ",      "x",          "it's",    "\"",        "\\",         "a: b", "# c",  "- d",    "{e}",
      "[f]",    "&g",     "*h",         "!i",      "%j",        "@k",         "`l",   "|",    ">",      "~",
      "null",   "yes",    "0644",       "81111e1", "1:30",      "2001-01-01", ".inf", "<<",   "=",      "line\nline",
      "line\n", "\nline", "  lead",     "trail  ", "tab\there", "\r\n",       "\x01", "\x7F", "\u0085", "\u2028",
      "\u2029", "\uFEFF", "\U0001F511", "---",     "...",       "\n---\n",    "${s}", "$$",   "$(X)"};
  for (const std::string& scalar : scalars) {
    for (const std::string& text : texts) {
      const std::string bytes = "a: " + scalar + (scalar.ends_with('\n') ? "" : "\n") + "b: {c: x}\n";
      const base::Result<Document> document = Document::parse(bytes, "stdin", bytes, 0);
      ASSERT_TRUE(document) << bytes;
      const NodeId id = document->find(Document::root(), "a").value;
      const std::string value((*document)[id].value);
      const std::size_t at = value.find("${s}");
      Editor editor(*document);
      ASSERT_TRUE(editor.replace_parts(id, {{at, 4, text}}));
      const base::Result<std::string> after = editor.apply();
      ASSERT_TRUE(after) << bytes << "with " << text << ": " << after.error().message;
      const base::Result<Document> read = Document::parse(*after, "output", *after, 0);
      ASSERT_TRUE(read);
      const Node& node = (*read)[read->find(Document::root(), "a").value];
      EXPECT_EQ(node.value, value.substr(0, at) + text + value.substr(at + 4)) << *after;
      EXPECT_TRUE(node.style != Style::plain || !may_be_typed(node.value)) << *after;
    }
  }
}

TEST(Verify, FindsAnEditThatDoesNotComeOutAsMeant) {
  const std::string bytes = "a: 'x'\n";
  const base::Result<Document> document = Document::parse(bytes, "stdin", bytes, 0);
  Editor editor(*document);
  const NodeId id = document->find(Document::root(), "a").value;
  ASSERT_TRUE(editor.replace(id, Value::plain("[]")));  // said to be a scalar
  const base::Result<std::string> after = editor.apply();
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().kind, base::ErrorKind::internal);
}

}  // namespace
}  // namespace helmme::manifest
