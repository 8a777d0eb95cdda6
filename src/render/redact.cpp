// Both sides of a comparison, without values.
#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "crypto/base64.h"
#include "render/context.h"
#include "render/scan.h"

namespace helmme::render {
namespace {

using manifest::Document;
using manifest::NodeId;

// A shorter value is found in too many words that have nothing to do with it.
constexpr std::size_t k_shortest = 6;
constexpr std::string_view k_unreadable = "# helm-me: a document that can't be shown without the values in it\n";

// What this run itself writes for a value.
using Written = std::set<std::string, std::less<>>;

// Hides the values of a Secret; false where an edit was refused.
bool hide(const Document& document, const Object& object, const Written& written, manifest::Editor& editor) {
  std::vector<NodeId> values;
  for (const std::string_view section : {"data", "stringData"}) {
    for (const manifest::Entry& entry : document.entries(document.at(object.root, section))) {
      values.push_back(entry.value);
    }
  }
  const NodeId annotations = document.at(object.root, "metadata.annotations");
  values.push_back(document.find(annotations, "kubectl.kubernetes.io/last-applied-configuration").value);
  return std::all_of(values.begin(), values.end(), [&](NodeId value) {
    return value == manifest::k_no_node || written.contains(document.text(value)) || document.is_null(value) ||
           editor.replace(value, manifest::Value::string(k_redacted)).has_value();
  });
}

// One document without the values of its Secrets.
std::string without_values(std::string_view bytes, const Written& written) {
  const base::Result<Document> document = Document::parse(bytes, "", bytes, 0);
  if (!document) {
    return std::string(k_unreadable);
  }
  manifest::Editor editor(*document);
  for (const Object& object : objects_of(*document, 0)) {
    if (object.is_core("Secret") && !hide(*document, object, written, editor)) {
      return std::string(k_unreadable);
    }
  }
  base::Result<std::string> text = editor.empty() ? std::string(bytes) : editor.apply();
  return text ? *std::move(text) : std::string(k_unreadable);
}

std::string without_secrets(std::string_view stream, const Written& written) {
  std::string out;
  std::size_t done = 0;
  for (const manifest::Span& span : documents_with(stream, "Secret")) {
    out += stream.substr(done, span.begin - done);
    out += without_values(stream.substr(span.begin, span.size()), written);
    done = span.end;
  }
  return out += stream.substr(done);
}

void hide_all(std::string& text, std::string_view value) {
  for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + k_redacted.size())) {
    text.replace(at, value.size(), k_redacted);
  }
}

// Wherever else a known value stands, as it is or in base64.
void hide_known(std::string& text, const Plan& plan) {
  for (const policy::ResolvedBundle* bundle : plan.all_bundles()) {
    for (const auto& [key, value] : bundle->values) {
      const auto contract = bundle->bundle->required.find(key);
      const bool no_secret = contract != bundle->bundle->required.end() && contract->second.default_value;
      if (!no_secret && value.size() >= k_shortest) {
        hide_all(text, value.reveal());
        hide_all(text, crypto::encode_base64(value.reveal()).reveal());
      }
    }
  }
}

}  // namespace

std::optional<Comparison> compare(Input input, base::Diagnostics& diagnostics) {
  input.redact = true;
  Plan plan(input);
  const std::optional<Rendered> rendered = run(plan, diagnostics);
  if (!rendered) {
    return std::nullopt;
  }
  std::string after;
  for (const std::string_view piece : rendered->pieces) {
    after += piece;
  }
  Written written;
  for (const SecretRewrite& rewrite : plan.rewrites) {
    for (const auto& [key, filled] : rewrite.filled) {
      written.insert(redacted(plan, filled));
    }
  }
  Comparison out{without_secrets(input.stream, {}), without_secrets(after, written)};
  hide_known(out.before, plan);
  hide_known(out.after, plan);
  return out;
}

}  // namespace helmme::render
