// What holds for any input: made at random from a fixed seed, so a failure comes again.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/environment.h"
#include "manifest/document.h"
#include "render/render.h"

namespace helmme::render {
namespace {

constexpr const char* k_policy = R"(apiVersion: helm-me/v1alpha1
kind: SecretPolicy
bundles:
  shop: {existingSecret: shop-secrets}
)";

// Values that mean something to Kubernetes' expansion where they stand in the open.
constexpr const char* k_value_of_k = "k$(A)$$";
constexpr const char* k_value_of_l = "l$x";
constexpr const char* k_inline_policy = R"(apiVersion: helm-me/v1alpha1
kind: SecretPolicy
bundles:
  shop: {secrets: {K: "k$(A)$$", L: "l$x"}, delivery: inline}
)";

class NoVariables final : public base::Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& /*name*/) const override { return std::nullopt; }
};

// The output, or nullopt with the first error's message in `problem`.
std::optional<std::string> run(const std::string& stream, std::string* problem = nullptr,
                               base::ErrorKind* kind = nullptr, const char* policy = k_policy) {
  static const NoVariables k_no_variables;
  Input input;
  input.stream = stream;
  input.policies.push_back({.source = {"helm-me.yaml", policy}, .folder = ".", .origin = {}, .object = {}});
  input.environment = &k_no_variables;
  base::Diagnostics diagnostics;
  const std::optional<Rendered> rendered = render(input, diagnostics);
  if (!rendered) {
    if (problem != nullptr) {
      *problem = diagnostics.errors.front().message;
    }
    if (kind != nullptr) {
      *kind = diagnostics.errors.front().kind;
    }
    return std::nullopt;
  }
  std::string out;
  for (const std::string_view piece : rendered->pieces) {
    out += piece;
  }
  return out;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_); }
  std::string text(const std::vector<std::string>& parts, std::size_t most) {
    std::string out;
    for (std::size_t i = below(most + 1); i > 0; --i) {
      out += parts[below(parts.size())];
    }
    return out;
  }

 private:
  std::mt19937 engine_;
};

// A model of Kubernetes' expansion, written from expand.go line by line and apart from render/expansion.cpp.
std::string expand(const std::string& input, const std::function<std::string(const std::string&)>& mapping) {
  std::string out;
  for (std::size_t cursor = 0; cursor < input.size(); ++cursor) {
    if (input[cursor] != '$' || cursor + 1 >= input.size()) {
      out += input[cursor];
      continue;
    }
    const char next = input[cursor + 1];
    const std::size_t close = next == '(' ? input.find(')', cursor + 2) : std::string::npos;
    if (next == '$') {
      out += '$';
      ++cursor;
    } else if (close != std::string::npos) {
      out += mapping(input.substr(cursor + 2, close - cursor - 2));
      cursor = close;
    } else {
      out += {'$', next};
      ++cursor;
    }
  }
  return out;
}

// What the container sees: values of valueFrom are "<secret/key>", `$(NAME)` is expanded as Kubernetes does.
std::map<std::string, std::string> environment_of(const std::string& manifest) {
  const auto document = manifest::Document::parse(manifest, "stdin", manifest, 0);
  EXPECT_TRUE(document);
  std::map<std::string, std::string> seen;
  const manifest::NodeId containers = document->at(0, "spec.containers");
  for (const manifest::NodeId entry : document->items(document->at(document->items(containers)[0], "env"))) {
    const std::string name(document->text_at(entry, "name"));
    EXPECT_FALSE(seen.contains(name)) << "doubled";
    const manifest::NodeId reference = document->at(entry, "valueFrom.secretKeyRef");
    seen[name] = reference != manifest::k_no_node
                     ? "<" + std::string(document->text_at(reference, "name")) + "/" +
                           std::string(document->text_at(reference, "key")) + ">"
                     : expand(std::string(document->text_at(entry, "value")), [&](const std::string& variable) {
                         return seen.contains(variable) ? seen[variable] : "$(" + variable + ")";
                       });
  }
  return seen;
}

std::string single_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? "''" : std::string(1, c);
  }
  return out + "'";
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(Property, WithoutAMarkerAnyBytesComeOutAsTheyWentIn) {
  Random random(1);
  const std::vector<std::string> parts = {
      "---\n", "\n", "a: ",      "- ", "{", "}",        "[",    "\"",    "'",   "|\n", "  ",     "\t",
      "\r\n",  "$",  "${secret", ":",  "#", "\xc3\xa9", "\xff", "...\n", "&x ", "*x ", "Secret", "kind: Secret\n",
      "x"};
  for (int i = 0; i < 3000; ++i) {
    const std::string stream = "# \n" + random.text(parts, 40);
    if (stream.find("${secret:") == std::string::npos) {
      EXPECT_EQ(run(stream), stream);
    }
  }
}

TEST(Property, EveryEnvValueMeansAfterTheEditWhatItMeantBefore) {
  Random random(2);
  const std::vector<std::string> parts = {"${secret:K}", "${secret:L}", "$", "$$", "$(A)", "$(B)", "$(",
                                          ")",           "(",           "x", " ",  "'",    "{",    "}"};
  int edited = 0;
  int filled = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::vector<std::string> values = {random.text(parts, 5), random.text(parts, 6), random.text(parts, 6)};
    std::string before = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: c\n      env:\n";
    std::string model = before;
    const std::vector<std::string> names = {"A", "B", "C"};
    for (std::size_t v = 0; v < values.size(); ++v) {
      before += "        - name: " + names[v] + "\n          value: " + single_quoted(values[v]) + "\n";
      // In the model a placeholder is a character that means nothing to Kubernetes, an escape the text it stands for.
      std::string opaque = replace_all(values[v], "$${secret:", "$\x02");
      opaque = replace_all(replace_all(opaque, "${secret:K}", "\x03"), "${secret:L}", "\x04");
      const bool whole = opaque == "\x03" || opaque == "\x04";
      const std::string key = opaque == "\x03" ? "K" : "L";
      opaque = replace_all(replace_all(opaque, "\x03", "\u00a7K"), "\x04", "\u00a7L");
      opaque = replace_all(opaque, "\x02", "{secret:");
      model += "        - name: " + names[v] + "\n          " +
               (whole ? "valueFrom: {secretKeyRef: {name: shop-secrets, key: " + key + "}}"
                      : "value: " + single_quoted(opaque)) +
               "\n";
    }
    const auto expected = environment_of(model);
    const auto meant_with = [&](const std::string& name, const std::string& k, const std::string& l) {
      std::string meant = replace_all(expected.at(name), "<shop-secrets/K>", "\u00a7K");
      meant = replace_all(replace_all(meant, "<shop-secrets/L>", "\u00a7L"), "\u00a7K", k);
      return replace_all(meant, "\u00a7L", l);
    };
    if (const std::optional<std::string> in_the_open = run(before, nullptr, nullptr, k_inline_policy)) {
      ++filled;
      const auto open = environment_of(*in_the_open);
      for (const std::string& name : names) {
        EXPECT_EQ(open.at(name), meant_with(name, k_value_of_k, k_value_of_l)) << before << *in_the_open;
      }
    }
    std::string problem;
    base::ErrorKind kind = base::ErrorKind::internal;
    const std::optional<std::string> after = run(before, &problem, &kind);
    if (!after) {
      EXPECT_EQ(kind, base::ErrorKind::bad_input) << problem << "\n" << before;
      continue;
    }
    ++edited;
    const auto actual = environment_of(*after);
    for (const std::string& name : names) {
      EXPECT_EQ(actual.at(name), meant_with(name, "<shop-secrets/K>", "<shop-secrets/L>")) << before << *after;
    }
    EXPECT_EQ(run(before), after) << "two runs are equal";
    if (before.find("$${secret:") == std::string::npos) {
      EXPECT_EQ(run(*after), after) << "a second run changes nothing";
    }
  }
  EXPECT_GT(edited, 1000);
  EXPECT_GT(filled, 1000);
}

}  // namespace
}  // namespace helmme::render
