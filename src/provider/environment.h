// Providers that read this process's own variables: ref+env://NAME and vals' ref+envsubst://TEXT; and ref+echo://TEXT,
// which is its own answer.
#pragma once

#include "base/environment.h"
#include "provider/provider.h"

namespace helmme::provider {

// A variable that is not set is not_found. Those that hold this program's own keys, and the backends' credentials
// (HELM_ME_STORE_KEY, VAULT_TOKEN and the like, also behind ARGOCD_ENV_), are bad_input: whoever writes a chart may not
// read them.
class EnvProvider final : public EachProvider {
 public:
  // Must outlive it.
  explicit EnvProvider(const base::Environment& environment) : environment_(environment) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  const base::Environment& environment_;
};

// `$NAME`, `${NAME}`, `${NAME-WORD}` and `${NAME:-WORD}` in the text, as the shell and vals have them; `$$` is a
// dollar. Other forms are bad_input.
class EnvsubstProvider final : public EachProvider {
 public:
  // Must outlive it.
  explicit EnvsubstProvider(const base::Environment& environment) : environment_(environment) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  const base::Environment& environment_;
};

class EchoProvider final : public EachProvider {
 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;
};

}  // namespace helmme::provider
