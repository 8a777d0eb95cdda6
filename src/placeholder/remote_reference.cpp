// A reference as External Secrets reads it: its remoteRef.property, and its templates
// (https://external-secrets.io/latest/guides/templating/, template engine v2).
#include <algorithm>

#include "placeholder/fetched_reference.h"
#include "placeholder/go_template.h"

namespace helmme::placeholder {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && (text[0] < '0' || text[0] > '9') && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// `value` piped into a function of sprig.
std::string piped(std::string_view value, std::string_view function) {
  return std::string("(").append(value).append(" | ").append(function).append(")");
}

// sprig's own indent begins with the first line and fills empty ones.
std::string indented(std::string_view value, std::string_view level) {
  return std::string(R"x((regexReplaceAll "\n([^\n])" )x")
      .append(value)
      .append(R"x( (print "\n" (repeat )x")
      .append(level)
      .append(R"x( " ") "${1}")))x");
}

// The modifiers one after another around `value`. nullopt: one of them cannot be said.
std::optional<std::string> modified(std::string value, const std::vector<Modifier>& modifiers) {
  for (const Modifier& modifier : modifiers) {
    if (modifier.name == "base64encode") {
      value = piped(value, "b64enc");
    } else if (modifier.name == "base64decode") {
      value = piped(value, "b64dec");
    } else if (modifier.name == "sha256sum") {
      value = piped(value, "sha256sum");
    } else if (modifier.name == "indent" && modifier.arguments.size() == 1) {
      value = indented(value, modifier.arguments[0]);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

std::optional<std::string> remote_selection(const FetchedReference& reference) {
  if (!reference.nested.empty()) {
    return std::nullopt;
  }
  if (reference.dialect == Dialect::bank_vaults && !reference.key_template.empty()) {
    return "";
  }
  std::string out;
  for (const std::string& key : reference.path) {
    // What means something to gjson, which reads the property.
    if (key.empty() || key.find_first_of("*?|#@\\!{}[]()=<>%") != std::string::npos ||
        (reference.path.size() > 1 && key.find('.') != std::string::npos)) {
      return std::nullopt;
    }
    out += (out.empty() ? "" : ".") + key;
  }
  return out;
}

std::optional<std::string> remote_property(const FetchedReference& reference) {
  return reference.modifiers.empty() && reference.key_template.empty() ? remote_selection(reference) : std::nullopt;
}

std::optional<std::string> remote_template(const FetchedReference& reference, std::string_view variable) {
  const std::string value =
      is_name(variable) ? "." + std::string(variable) : "(index . \"" + std::string(variable) + "\")";
  if (!remote_selection(reference) || variable.find_first_of("\"\\") != std::string_view::npos) {
    return std::nullopt;
  }
  if (!reference.key_template.empty()) {
    const std::optional<std::string> text = with_double_braces(reference.key_template);
    return text ? std::optional("{{with " + value + " | fromJson}}" + *text + "{{end}}") : std::nullopt;
  }
  const std::optional<std::string> text = modified(value, reference.modifiers);
  return text ? std::optional("{{" + *text + "}}") : std::nullopt;
}

}  // namespace helmme::placeholder
