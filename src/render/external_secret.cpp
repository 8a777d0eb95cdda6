#include "render/external_secret.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crypto/base64.h"
#include "manifest/value.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using base::Result;
using manifest::Field;
using manifest::Value;
using placeholder::FetchedReference;

// What only this machine can read.
constexpr std::array<std::string_view, 8> k_local_schemes = {"local", "file", "env",  "envsubst",
                                                             "echo",  "exec", "sops", "https"};

tl::unexpected<base::Error> refuse(std::string message) {
  return base::fail({.kind = ErrorKind::bad_input,
                     .message = std::move(message),
                     .help = "deliver it as a Secret: --deliver secret, or delivery: secret"});
}

// Text that Go's templates leave as it is, also where an action stands behind it: "{" and "{{" would begin one too
// early.
std::string as_template_text(std::string_view text, bool before_action = false) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t brace = std::min(text.find("{{", at), text.size());
    out.append(text.substr(at, brace - at));
    at = brace;
    if (at < text.size()) {
      out.append("{{ \"{{\" }}");
      at += 2;
    }
  }
  if (before_action && out.ends_with('{')) {
    out.pop_back();
    out.append("{{ \"{\" }}");
  }
  return out;
}

class Writer {
 public:
  explicit Writer(const ExternalSecret& secret) : secret_(secret) {}

  Result<std::string> write() {
    templated_ = !secret_.composed.empty() || !secret_.literals.empty() ||
                 std::any_of(secret_.references.begin(), secret_.references.end(),
                             [](const auto& one) { return !placeholder::remote_property(one.second); });
    for (const auto& [key, reference] : secret_.references) {
      TRY(add(key, reference));
    }
    for (const auto& [key, composed] : secret_.composed) {
      TRY(add(key, composed));
    }
    for (const auto& [key, literal] : secret_.literals) {
      const bool is_text = base::is_utf8(literal.reveal()) && literal.reveal().find('\0') == std::string_view::npos;
      const base::Secret encoded = is_text ? base::Secret() : crypto::encode_base64(literal.reveal());
      template_.push_back({key, Value::string(is_text ? as_template_text(literal.reveal())
                                                      : "{{ \"" + std::string(encoded.reveal()) + "\" | b64dec }}")});
    }
    return text();
  }

 private:
  Result<void> add(const std::string& key, const FetchedReference& reference) {
    if (!templated_) {
      return read(key, reference, placeholder::remote_property(reference).value_or(""));
    }
    TRY_ASSIGN(std::string expression, expression_of(reference));
    template_.push_back({key, Value::string(expression)});
    return {};
  }

  Result<void> add(const std::string& key, const Composed& composed) {
    std::string out;
    for (const Composed::Piece& piece : composed.pieces) {
      TRY_ASSIGN(const std::string expression, expression_of(piece.reference));
      out.append(as_template_text(piece.text, true)).append(expression);
    }
    template_.push_back({key, Value::string(out + as_template_text(composed.rest))});
    return {};
  }

  // What a template says for the reference, which is read into a variable.
  Result<std::string> expression_of(const FetchedReference& reference) {
    if (const std::optional<std::string> property = placeholder::remote_property(reference)) {
      TRY_ASSIGN(const std::string variable, variable_for(reference, *property));
      return "{{ ." + variable + " }}";
    }
    const std::optional<std::string> selection = placeholder::remote_selection(reference);
    TRY_ASSIGN(const std::string variable, variable_for(reference, selection.value_or("")));
    std::optional<std::string> expression = placeholder::remote_template(reference, variable);
    if (!expression || !selection) {
      return refuse("External Secrets has no template for what is made of " +
                    base::printable(reference.locator.text()));
    }
    return *std::move(expression);
  }

  // Reads it once, however many templates use it.
  Result<std::string> variable_for(const FetchedReference& reference, const std::string& property) {
    std::string& variable = variables_[{reference.locator, property}];
    if (variable.empty()) {
      variable = "value" + std::to_string(data_.size());
      TRY(read(variable, reference, property));
    }
    return variable;
  }

  Result<void> read(const std::string& key, const FetchedReference& reference, const std::string& property) {
    const std::string& scheme = reference.locator.scheme;
    if (std::find(k_local_schemes.begin(), k_local_schemes.end(), scheme) != k_local_schemes.end()) {
      return refuse("External Secrets can't read " + base::printable(reference.locator.text()) + " in the cluster");
    }
    if (!scheme_.empty() && scheme_ != scheme) {
      return refuse("ExternalSecret " + secret_.name + " would read from " + scheme_ + " and from " + scheme +
                    ", and has one store");
    }
    scheme_ = scheme;
    const auto& options = reference.locator.options;
    const auto other =
        std::find_if(options.begin(), options.end(), [](const auto& option) { return option.first != "kv_version"; });
    if (other != options.end()) {
      return refuse("option " + base::printable(other->first) + " of " + base::printable(reference.locator.text()) +
                    " is none of an ExternalSecret: its store says where and as whom it reads");
    }
    std::vector<Field> remote = {{"key", Value::string(reference.locator.path)}};
    if (!property.empty()) {
      remote.push_back({"property", Value::string(property)});
    }
    if (!reference.locator.version.empty()) {
      remote.push_back({"version", Value::string(reference.locator.version)});
    }
    data_.push_back(
        Value::mapping({{"secretKey", Value::string(key)}, {"remoteRef", Value::mapping(std::move(remote))}}));
    return {};
  }

  std::string text() const {
    const auto written = [](const std::string& text) { return manifest::write_string(text, false); };
    std::string out = "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: ";
    out.append(written(secret_.name)).append("\n");
    if (!secret_.namespace_name.empty()) {
      out.append("  namespace: ").append(written(secret_.namespace_name)).append("\n");
    }
    if (!secret_.labels.empty()) {
      out.append("  labels: ").append(manifest::write(as_value(secret_.labels), false)).append("\n");
    }
    out.append("spec:\n");
    if (!secret_.store.refresh_interval.empty()) {
      out.append("  refreshInterval: ").append(written(secret_.store.refresh_interval)).append("\n");
    }
    const Value store =
        Value::mapping({{"name", Value::string(secret_.store.name)}, {"kind", Value::string(secret_.store.kind)}});
    out.append("  secretStoreRef: ").append(manifest::write(store, false)).append("\n");
    out.append("  target:\n    name: ").append(written(secret_.name)).append("\n");
    out.append(template_text());
    out.append("  data:\n");
    for (const Value& item : data_) {
      out.append("    - ").append(manifest::write(item, false)).append("\n");
    }
    return out;
  }

  std::string template_text() const {
    const std::string type = secret_type();
    if (template_.empty() && type.empty() && secret_.labels.empty() && secret_.annotations.empty()) {
      return {};
    }
    std::string out = "    template:\n";
    if (!type.empty()) {
      out.append("      type: ").append(type).append("\n");
    }
    if (!secret_.labels.empty() || !secret_.annotations.empty()) {
      std::vector<Field> metadata;
      if (!secret_.labels.empty()) {
        metadata.push_back({"labels", as_value(secret_.labels)});
      }
      if (!secret_.annotations.empty()) {
        metadata.push_back({"annotations", as_value(secret_.annotations)});
      }
      out.append("      metadata: ").append(manifest::write(Value::mapping(std::move(metadata)), false)).append("\n");
    }
    if (!template_.empty()) {
      out.append("      engineVersion: v2\n      data:\n");
      for (const Field& field : template_) {
        out.append("        ").append(manifest::write_string(field.key, false)).append(": ");
        out.append(manifest::write(field.value, false)).append("\n");
      }
    }
    return out;
  }

  static Value as_value(const std::map<std::string, std::string>& texts) {
    std::vector<Field> fields;
    fields.reserve(texts.size());
    for (const auto& [key, text] : texts) {
      fields.push_back({key, Value::string(text)});
    }
    return Value::mapping(std::move(fields));
  }

  // As secret_document() has it; empty: Opaque.
  std::string secret_type() const {
    if (!secret_.type.empty()) {
      return secret_.type == "Opaque" ? "" : manifest::write_string(secret_.type, false);
    }
    const auto has = [&](const char* key) {
      return secret_.references.contains(key) || secret_.composed.contains(key);
    };
    if (secret_.references.size() + secret_.composed.size() == 1 && has(".dockerconfigjson")) {
      return "kubernetes.io/dockerconfigjson";
    }
    return has("tls.crt") && has("tls.key") ? "kubernetes.io/tls" : "";
  }

  const ExternalSecret& secret_;
  bool templated_ = false;
  std::string scheme_;
  std::vector<Value> data_;
  std::vector<Field> template_;
  std::map<std::pair<placeholder::Locator, std::string>, std::string> variables_;
};

}  // namespace

Result<std::string> external_secret_document(const ExternalSecret& secret) { return Writer(secret).write(); }

}  // namespace helmme::render
