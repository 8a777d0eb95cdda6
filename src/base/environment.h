// The outside world as rooms below cli see it, so that tests can hold it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace helmme::base {

class Environment {
 public:
  virtual ~Environment() = default;
  // nullopt: not set. A variable that is set and empty is an empty string.
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& name) const = 0;
};

// The process's own variables.
class ProcessEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override;
};

}  // namespace helmme::base
