#include "policy/allow.h"

#include <algorithm>

#include "policy/names.h"

namespace helmme::policy {
namespace {

const std::vector<std::string> k_schemes = {
    "vault",    "file",  "env",     "exec",         "https",     "http",          "address",   "awssecrets",
    "awsssm",   "awss3", "awskms",  "gcpsecrets",   "gcs",       "azurekeyvault", "k8s",       "kubernetes",
    "sops",     "local", "echo",    "onepassword",  "doppler",   "conjur",        "bitwarden", "gitlab",
    "keychain", "gkms",  "tfstate", "googlesheets", "infisical", "openbao"};

}  // namespace

std::optional<Allow> read_allow(const Node& node, Form& form) {
  if (!form.is_mapping(node, "allow")) {
    return std::nullopt;
  }
  Allow allow;
  for (const NodeEntry& entry : node.entries) {
    if (!form.is_known(entry.key, "allow", k_schemes)) {
      continue;
    }
    const std::string what = entry.key.text + " of allow";
    std::vector<std::string>& patterns = allow[entry.key.text];
    if (!form.is_sequence(entry.value, what)) {
      continue;  // `exec: []` names the scheme and opens nothing
    }
    for (const Node& item : entry.value.items) {
      if (std::optional<std::string> pattern = form.text(item, "an item of " + what)) {
        patterns.push_back(*std::move(pattern));
      }
    }
  }
  return allow;
}

bool is_allowed(const std::optional<Allow>& allow, std::string_view scheme, std::string_view text) {
  if (!allow) {
    return true;
  }
  const auto found = allow->find(scheme);
  return found != allow->end() && std::any_of(found->second.begin(), found->second.end(),
                                              [&](const std::string& item) { return glob_matches(item, text); });
}

}  // namespace helmme::policy
