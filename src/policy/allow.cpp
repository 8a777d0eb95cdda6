#include "policy/allow.h"

#include <algorithm>
#include <filesystem>

#include "policy/names.h"

namespace helmme::policy {
namespace {

const std::vector<std::string> k_schemes = {
    "vault",    "file",  "env",     "exec",         "https",     "http",          "address",   "awssecrets",
    "awsssm",   "awss3", "awskms",  "gcpsecrets",   "gcs",       "azurekeyvault", "k8s",       "kubernetes",
    "sops",     "local", "echo",    "onepassword",  "doppler",   "conjur",        "bitwarden", "gitlab",
    "keychain", "gkms",  "tfstate", "googlesheets", "infisical", "openbao"};

// Of a path, "./" and "//" say nothing.
std::string as_matched(std::string_view scheme, std::string_view text) {
  return scheme == "file" ? std::filesystem::path(text).lexically_normal().string() : std::string(text);
}

}  // namespace

std::optional<Allow> read_allow(const Node& node, Form& form) {
  if (node.kind == Node::Kind::null) {
    return std::nullopt;
  }
  Allow allow;
  if (node.kind != Node::Kind::mapping) {
    form.problem(node, "allow must be a mapping, not " + std::string(node.kind_name()), "allow: {env: [PATTERN, …]}");
  }
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
      if (const std::optional<std::string> pattern = form.text(item, "an item of " + what)) {
        patterns.push_back(as_matched(entry.key.text, *pattern));
      }
    }
  }
  return allow;
}

bool is_allowed(const std::optional<Allow>& allow, std::string_view scheme, std::string_view text) {
  if (!allow) {
    return true;
  }
  const std::filesystem::path path(text);
  if (scheme == "file" && std::find(path.begin(), path.end(), "..") != path.end()) {
    return false;  // it leads elsewhere than it says, and past a symlink nobody knows where
  }
  const std::string asked = as_matched(scheme, text);
  const auto found = allow->find(scheme);
  return found != allow->end() && std::any_of(found->second.begin(), found->second.end(),
                                              [&](const std::string& item) { return glob_matches(item, asked); });
}

}  // namespace helmme::policy
