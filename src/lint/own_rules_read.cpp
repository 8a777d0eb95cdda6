#include <re2/re2.h>

#include <algorithm>

#include "lint/own_rules.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::Entry;
using manifest::NodeId;
using manifest::NodeKind;

constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

// A text of the configuration and where it stands.
struct Text {
  std::string text;
  NodeId node;
};

class RuleReader {
 public:
  RuleReader(const base::Source& source, const Document& document) : source_(source), document_(document) {}

  base::Result<std::shared_ptr<const OwnRule>> read(const Entry& entry) {
    spec_.id = std::string(document_.text(entry.key));
    const bool reserved = spec_.id.starts_with("HM");
    if (spec_.id.empty() || reserved || spec_.id.find_first_not_of(k_letters) != std::string::npos) {
      return base::fail(wrong(entry.key,
                              "a rule of your own is named by letters, digits, \"-\", \"_\" and \".\", and does "
                              "not begin with HM"));
    }
    for (const Entry& field : document_.entries(entry.value)) {
      TRY(read_field(document_.text(field.key), field));
    }
    if (spec_.pattern.empty() && spec_.keys.empty()) {
      return base::fail(wrong(entry.key, spec_.id + " has neither pattern nor keys, so it finds nothing"));
    }
    spec_.title = spec_.title.empty() ? spec_.id : spec_.title;
    auto rule = std::make_shared<const OwnRule>(spec_);
    TRY(try_examples(*rule));
    return rule;
  }

 private:
  base::Result<void> read_field(std::string_view name, const Entry& field) {
    if (name == "title" || name == "help") {
      TRY_ASSIGN(const Text text, text_of(name, field.value));
      (name == "title" ? spec_.title : spec_.help) = base::printable(text.text);
    } else if (name == "severity") {
      TRY_ASSIGN(const Text text, text_of(name, field.value));
      const std::optional<Severity> severity = severity_named(text.text);
      if (!severity) {
        return base::fail(wrong(field.value, "severity is info, warning or error"));
      }
      spec_.severity = *severity;
    } else if (name == "pattern") {
      TRY(read_pattern(field));
    } else if (name == "keywords" || name == "keys") {
      TRY_ASSIGN(const std::vector<Text> texts, texts_of(name, field.value));
      for (const Text& one : texts) {
        (name == "keys" ? spec_.keys : spec_.keywords).push_back(lower(one.text));
      }
    } else if (name == "found" || name == "clean") {
      TRY_ASSIGN((name == "found" ? found_ : clean_), texts_of(name, field.value));
    } else {
      return base::fail(unknown(name, field));
    }
    return {};
  }

  base::Result<void> read_pattern(const Entry& field) {
    TRY_ASSIGN(const Text text, text_of("pattern", field.value));
    spec_.pattern = text.text;
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 compiled(spec_.pattern, options);
    if (!compiled.ok()) {
      base::Error error = wrong(field.value, "RE2 does not take this pattern: " + base::printable(compiled.error()));
      error.help = "write it in RE2's syntax; in YAML, single quotes keep \\ as it is";
      return base::fail(std::move(error));
    }
    return {};
  }

  base::Error unknown(std::string_view name, const Entry& field) const {
    const std::vector<std::string> known = {"title", "severity", "pattern", "keywords",
                                            "keys",  "help",     "found",   "clean"};
    base::Error error = wrong(field.key, "unknown key " + base::printable(name) + " of a rule of your own");
    const std::optional<std::string> near = base::nearest(name, known);
    error.help = near ? "did you mean " + *near + "?" : "it takes " + base::join_words(known);
    return error;
  }

  base::Result<Text> text_of(std::string_view name, NodeId node) const {
    const NodeId resolved = document_.resolve(node);
    if (document_[resolved].kind != NodeKind::scalar || trim_is_empty(document_.text(node))) {
      return base::fail(wrong(node, std::string(name) + " is a text"));
    }
    return Text{std::string(document_.text(node)), node};
  }

  static bool trim_is_empty(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  // A list of texts; one text stands for a list of one.
  base::Result<std::vector<Text>> texts_of(std::string_view name, NodeId node) const {
    std::vector<Text> out;
    if (document_[document_.resolve(node)].kind == NodeKind::scalar) {
      TRY_ASSIGN(Text one, text_of(name, node));
      out.push_back(std::move(one));
      return out;
    }
    if (document_[document_.resolve(node)].kind != NodeKind::sequence) {
      return base::fail(wrong(node, std::string(name) + " is a list of texts"));
    }
    for (const NodeId item : document_.items(node)) {
      TRY_ASSIGN(Text one, text_of(name, item));
      out.push_back(std::move(one));
    }
    return out;
  }

  base::Result<void> try_examples(const OwnRule& rule) const {
    for (const auto* examples : {&found_, &clean_}) {
      for (const Text& example : *examples) {
        const bool is_found = !rule.find({.name = "values.yaml", .text = example.text}).empty();
        if (is_found != (examples == &found_)) {
          return base::fail(wrong(example.node, spec_.id + (is_found ? " finds something in what it calls clean"
                                                                     : " finds nothing in what it calls found")));
        }
      }
    }
    return {};
  }

  [[nodiscard]] base::Error wrong(NodeId node, std::string message) const {
    return {.kind = base::ErrorKind::bad_input,
            .message = std::move(message),
            .location = base::locate(source_.name, source_.text, document_[node].begin, 1, true),
            .help = "helm-me lint --help shows a configuration"};
  }

  const base::Source& source_;
  const Document& document_;
  OwnRuleSpec spec_;
  std::vector<Text> found_;
  std::vector<Text> clean_;
};

}  // namespace

base::Result<std::shared_ptr<const OwnRule>> read_own_rule(const base::Source& source, const Document& document,
                                                           const Entry& entry) {
  return RuleReader(source, document).read(entry);
}

}  // namespace helmme::lint
