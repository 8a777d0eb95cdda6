// ref+vault://PATH, ref+openbao://PATH: HashiCorp Vault and OpenBao. The answer is the map of a secret's keys, of KV v1
// and v2, or the data of any other path that can be read (dynamic secrets). Which KV it is, and where it is mounted,
// the server says, once a mount; `data/` behind a KV v2 mount may be there or not.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "net/http.h"
#include "provider/provider.h"
#include "provider/vault_answer.h"
#include "provider/vault_failure.h"
#include "provider/vault_settings.h"

namespace helmme::provider {

class VaultProvider final : public Provider {
 public:
  // Environment and client must outlive it.
  VaultProvider(const base::Environment& environment, net::HttpClient& client, VaultRules rules,
                net::Deadline deadline);
  ~VaultProvider() override;

  // All logins, then what is needed of the mounts, then one read for each URL of the API, each step at once. Where
  // something is denied or missing, what can be said about it is asked too.
  [[nodiscard]] std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) override;

 private:
  // One server and identity, for the rest of the run.
  struct Session {
    VaultSettings settings;
    base::Result<base::Secret> token;
    std::vector<VaultMount> mounts = {};
    std::vector<std::string> unknown = {};  // paths whose mount may not be known
    VaultIdentity identity = {};
  };
  class Reading;

  [[nodiscard]] base::Result<std::size_t> session_of(const placeholder::Locator& locator);

  const base::Environment& environment_;
  net::HttpClient& client_;
  VaultRules rules_;
  net::Deadline deadline_;
  std::deque<Session> sessions_;
};

}  // namespace helmme::provider
