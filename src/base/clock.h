// The time as rooms below cli see it, so that tests can hold it.
#pragma once

#include <cstdint>

namespace helmme::base {

class Clock {
 public:
  virtual ~Clock() = default;
  // Seconds since 1970-01-01 UTC.
  [[nodiscard]] virtual std::int64_t now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now() const override;
};

}  // namespace helmme::base
