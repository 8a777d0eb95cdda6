// HM201 and HM208 to HM211: what stands in Secrets, and in what becomes one.
#pragma once

#include <cstddef>
#include <string>

#include "lint/check.h"

namespace helmme::lint {

struct ObjectTitle {
  std::string kind;
  std::string name;
  [[nodiscard]] std::string text() const { return shown(kind) + "/" + shown(name.empty() ? "?" : name); }
};

// `rendered`: Helm made it, so its literals stand in values or templates, where they are found as errors.
void check_secret(Check& check, const manifest::Document& document, manifest::NodeId root, std::size_t offset,
                  const ObjectTitle& title, bool rendered, SecretValues& values);

// ExternalSecret and SealedSecret.
void check_secret_template(Check& check, const manifest::Document& document, manifest::NodeId root, std::size_t offset,
                           const ObjectTitle& title);

}  // namespace helmme::lint
