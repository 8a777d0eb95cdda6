#include "policy/allow.h"

#include <algorithm>
#include <filesystem>

#include "policy/form.h"
#include "policy/names.h"
#include "policy/node.h"

namespace helmme::policy {
namespace {

const std::vector<std::string> k_schemes = {"vault",
                                            "file",
                                            "env",
                                            "exec",
                                            "https",
                                            "http",
                                            "address",
                                            "awssecrets",
                                            "awsssm",
                                            "awss3",
                                            "awskms",
                                            "gcpsecrets",
                                            "gcs",
                                            "azurekeyvault",
                                            "k8s",
                                            "kubernetes",
                                            "sops",
                                            "local",
                                            "echo",
                                            "onepassword",
                                            "doppler",
                                            "conjur",
                                            "bitwarden",
                                            "gitlab",
                                            "keychain",
                                            "gkms",
                                            "tfstate",
                                            "googlesheets",
                                            "infisical",
                                            "openbao",
                                            "envsubst",
                                            "s3",
                                            "httpjson",
                                            "oci",
                                            "op",
                                            "onepasswordconnect",
                                            "bw",
                                            "hcpvaultsecrets",
                                            "pulumistateapi",
                                            "tfstategs",
                                            "tfstates3",
                                            "tfstateazurerm",
                                            "tfstateremote",
                                            "tfstategitlab",
                                            "tss",
                                            "yclockbox",
                                            "scw",
                                            "servercore"};

// Of a path, "./" and "//" say nothing.
std::string as_matched(std::string_view scheme, std::string_view text) {
  return scheme == "file" ? std::filesystem::path(text).lexically_normal().string() : std::string(text);
}

// "secret/shop" as "secret/data/shop".
std::string with_data(const std::string& path) {
  const std::size_t slash = path.find('/');
  return slash == std::string::npos ? path : path.substr(0, slash) + "/data" + path.substr(slash);
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
  const std::string api_path = scheme == "vault" ? with_data(asked) : asked;
  const auto found = allow->find(scheme);
  return found != allow->end() && std::any_of(found->second.begin(), found->second.end(), [&](const std::string& item) {
           return glob_matches(item, asked) || glob_matches(item, api_path);
         });
}

bool is_allowed(const std::optional<Allow>& allow, const placeholder::Locator& locator) {
  const std::string& scheme = locator.scheme;
  if (!allow) {
    return true;
  }
  // Options such as token_env and jwt_file send a variable or a file to the backend.
  for (const auto& [option, value] : locator.options) {
    if ((option.ends_with("_env") && !is_allowed(allow, "env", value)) ||
        (option.ends_with("_file") && !is_allowed(allow, "file", value))) {
      return false;
    }
  }
  if (scheme == "exec" || scheme == "https") {
    return true;
  }
  const bool is_openbao = scheme == "openbao" || scheme == "bao";
  const std::string_view name = is_openbao ? std::string_view("openbao") : std::string_view(scheme);
  const bool may_lack_data = is_openbao || scheme == "vault";
  return is_allowed(allow, name, locator.path) || (may_lack_data && is_allowed(allow, name, with_data(locator.path)));
}

}  // namespace helmme::policy
