// ref+sops://PATH: a file that SOPS has encrypted (https://getsops.io), opened by the installed `sops` program, with
// the keys that the user's own set-up gives it.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"
#include "placeholder/fetched_value.h"
#include "provider/provider.h"
#include "provider/sops_keys.h"

namespace helmme::provider {

// What a file's bytes decrypt to: a map, or for `format` binary their text. `path` says the format where `format` is
// empty, as sops has it; `name` is what messages call the file. `format` is what it is inside: yaml, json, dotenv, ini,
// binary. sops gets the very bytes that were checked. not_found: no sops; denied: none of our keys opens it; bad_input:
// it is not encrypted, or only in part (a value that sops would have encrypted stands there in the clear), it was
// changed by hand, or its keys are not what `rules` admit; unavailable: sops fails otherwise. What sops says is not
// repeated: it may hold values.
[[nodiscard]] base::Result<placeholder::FetchedValue> decrypt_sops(const base::Secret& encrypted,
                                                                   const std::string& path, const std::string& name,
                                                                   const std::string& format, net::Deadline deadline,
                                                                   const SopsRules& rules);

// The same of a file that the operator names, wherever it is; not_found: no such file.
[[nodiscard]] base::Result<placeholder::FetchedValue> decrypt_sops_file(const std::string& path,
                                                                        const std::string& name, net::Deadline deadline,
                                                                        const SopsRules& rules);

// The part of the above that looks at an encrypted text. nullopt: nothing is wrong with it. Public for tests.
[[nodiscard]] std::optional<base::Error> check_sops_text(std::string_view text, const std::string& name,
                                                         const std::string& format, const SopsRules& rules);

// Files below the policy's folder, see FileProvider. Options as vals has them: `format`, and `key_type=filepath`, which
// changes nothing.
class SopsProvider final : public EachProvider {
 public:
  // The environment in `rules` must outlive it.
  SopsProvider(std::string folder, net::Deadline deadline, SopsRules rules)
      : folder_(std::move(folder)), deadline_(deadline), rules_(std::move(rules)) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  std::string folder_;
  net::Deadline deadline_;
  SopsRules rules_;
};

}  // namespace helmme::provider
