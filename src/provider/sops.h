// ref+sops://PATH: a file that SOPS has encrypted (https://getsops.io), opened by the installed `sops` program, with
// the keys that the user's own set-up gives it.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"
#include "placeholder/fetched_value.h"
#include "provider/provider.h"

namespace helmme::provider {

// What a file decrypts to: a map, or for `format` binary its text. `path` is what is opened, `name` is what messages
// call it. `format` is what it is inside: yaml, json, dotenv, ini, binary; empty: by its name, as sops does. not_found:
// no such file, or no sops; denied: none of our keys opens it; bad_input: it is not encrypted, or only in part (a
// value that sops would have encrypted stands there in the clear), or it was changed by hand; unavailable: sops fails
// otherwise. What sops says is not repeated: it may hold values. `offline`: bad_input where only a service can open it.
[[nodiscard]] base::Result<placeholder::FetchedValue> decrypt_sops_file(const std::string& path,
                                                                        const std::string& name,
                                                                        const std::string& format,
                                                                        net::Deadline deadline, bool offline = false);

// The part of the above that looks at an encrypted YAML or JSON text. nullopt: nothing is wrong with it. Public for
// tests.
[[nodiscard]] std::optional<base::Error> check_sops_text(std::string_view text, const std::string& name, bool offline);

// Files below the policy's folder, see FileProvider. Options as vals has them: `format`, and `key_type=filepath`, which
// changes nothing.
class SopsProvider final : public EachProvider {
 public:
  SopsProvider(std::string folder, net::Deadline deadline, bool offline)
      : folder_(std::move(folder)), deadline_(deadline), offline_(offline) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  std::string folder_;
  net::Deadline deadline_;
  bool offline_;
};

}  // namespace helmme::provider
