// What the tests of policy share: a policy from one line of text, an environment and a folder that they own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../base/folder_for_tests.h"
#include "base/environment.h"
#include "base/error.h"
#include "policy/read.h"

namespace helmme::policy {

inline const std::string k_header = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\n";

inline PolicyText operator_text(const std::string& body, const std::string& folder = {}) {
  return {.source = {"helm-me.yaml", k_header + body}, .folder = folder, .origin = Origin::operator_file, .object = {}};
}

inline PolicyText stream_text(const std::string& body) {
  return {.source = {"stdin", k_header + body},
          .folder = {},
          .origin = Origin::stream_document,
          .object = "shop/templates/policy.yaml: SecretPolicy/shop"};
}

inline PolicyText values_text(const std::string& text, const std::string& folder = {}) {
  return {.source = {"values.yaml", text}, .folder = folder, .origin = Origin::helm_values, .object = {}};
}

// Everything that a person would read, in one text: what a canary must not be in.
inline std::string printed(const base::Diagnostics& diagnostics) {
  std::string out;
  const auto add = [&](const auto& item) {
    out += item.message + "\n" + item.help + "\n";
    for (const std::string& note : item.notes) {
      out += note + "\n";
    }
    if (item.location) {
      out += item.location->file + item.location->object + item.location->snippet + "\n";
    }
  };
  for (const base::Error& error : diagnostics.errors) {
    add(error);
  }
  for (const base::Warning& warning : diagnostics.warnings) {
    add(warning);
  }
  return out;
}

class MapEnvironment final : public base::Environment {
 public:
  std::map<std::string, std::string> variables;
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
};

using base::Folder;

}  // namespace helmme::policy
