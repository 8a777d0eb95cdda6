// ref+exec://PROGRAM/ARGUMENT/…?args=A,B, or ref+exec:///absolute/PROGRAM?args=A,B, as vals has it
// (https://github.com/helmfile/vals, pkg/providers/exec): what a program writes.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "net/http.h"
#include "provider/provider.h"

namespace helmme::provider {

// Only programs that `allowed` names, as they are written there, are run: without a shell, with PATH and HOME for its
// only variables. The answer is text, without blanks and line ends at its end (option trim=false keeps them). bad_input
// where it is not allowed, or an option (`env_X`, `timeout`) would give a chart more say than that; unavailable where
// it fails. What it writes to standard error is never shown.
class ExecProvider final : public EachProvider {
 public:
  // `environment` must outlive it.
  ExecProvider(const base::Environment& environment, std::vector<std::string> allowed, net::Deadline deadline)
      : environment_(environment), allowed_(std::move(allowed)), deadline_(deadline) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  const base::Environment& environment_;
  std::vector<std::string> allowed_;
  net::Deadline deadline_;
};

}  // namespace helmme::provider
