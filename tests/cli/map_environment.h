#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/environment.h"

namespace helmme::cli {

// Variables that a test sets.
class MapEnvironment final : public base::Environment {
 public:
  MapEnvironment() = default;
  MapEnvironment(std::initializer_list<std::pair<const std::string, std::string>> variables) : variables_(variables) {}
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace helmme::cli
