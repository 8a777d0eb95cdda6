// Who SOPS would ask for the key of a file: the file's own metadata says so, and whoever wrote the file wrote those.
// sops sends the operator's credentials there, so it is run only where all of it is the operator's own, or allowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "placeholder/fetched_value.h"

namespace helmme::provider {

struct SopsRules {
  const base::Environment* environment = nullptr;  // VAULT_ADDR and BAO_ADDR are the operator's own
  std::vector<std::string> addresses = {};         // servers besides those
  bool offline = false;                            // no key may need a service
};

// A scalar of the metadata: {hc_vault, vault_address}, without the indexes of lists.
struct SopsLeaf {
  std::vector<std::string> names;
  std::string value;
};

[[nodiscard]] std::vector<SopsLeaf> sops_leaves(const placeholder::FetchedValue& metadata);
// Of formats without maps and lists, where sops writes "hc_vault__list_0__map_vault_address" (stores/flatten.go). Of an
// INI file also such keys that stand outside of [sops]: where a section really begins, only its own parser knows.
[[nodiscard]] std::vector<SopsLeaf> sops_leaves_of_dotenv(std::string_view text);
[[nodiscard]] std::vector<SopsLeaf> sops_leaves_of_ini(std::string_view text);

// bad_input: a Vault's address that is neither the operator's nor allowed, a Key Vault that is none of Azure's nor
// allowed, a path that would be another one to Vault, a key that is not known, or one that needs a service offline.
// nullopt: nothing of that. `name` is the file's, for messages.
[[nodiscard]] std::optional<base::Error> check_sops_keys(const std::vector<SopsLeaf>& leaves, const std::string& name,
                                                         const SopsRules& rules);

}  // namespace helmme::provider
