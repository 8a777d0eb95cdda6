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

// It leads elsewhere than it says, and past a symlink nobody knows where.
bool leads_elsewhere(std::string_view text) {
  const std::filesystem::path path(text);
  return std::find(path.begin(), path.end(), "..") != path.end();
}

// What stands behind "://" of these is a text or a variable, whatever characters it holds.
bool is_text(std::string_view scheme) { return scheme == "env" || scheme == "envsubst" || scheme == "echo"; }

// "namespace=team&role_id=x": the options that a pattern has to name. Those of servers, variables and files are judged
// by themselves.
std::string options_of(const placeholder::Locator& locator) {
  const bool is_vault = locator.scheme == "vault" || locator.scheme == "openbao" || locator.scheme == "bao";
  std::string out;
  for (const auto& [name, value] : locator.options) {
    const bool is_server = is_vault && (name == "address" || name == "host" || name == "proto");
    if (!placeholder::only_selects(name) && !is_server && !name.ends_with("_env") && !name.ends_with("_file")) {
      out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
    }
  }
  return out;
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
  const auto found = allow->find(scheme);
  if (found == allow->end() || (scheme == "file" && leads_elsewhere(text))) {
    return false;
  }
  const std::string asked = as_matched(scheme, text);
  const std::string api_path = scheme == "vault" ? with_data(asked) : asked;
  return std::any_of(found->second.begin(), found->second.end(), [&](const std::string& item) {
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
  if (is_text(scheme)) {
    return is_allowed(allow, scheme, locator.path);
  }
  const bool is_openbao = scheme == "openbao" || scheme == "bao";
  const auto found = allow->find(is_openbao ? std::string_view("openbao") : std::string_view(scheme));
  if (found == allow->end() || leads_elsewhere(locator.path)) {
    return false;
  }
  const std::string path = as_matched(scheme, locator.path);
  const std::string options = options_of(locator);
  const bool may_lack_data = is_openbao || scheme == "vault";
  return std::any_of(found->second.begin(), found->second.end(), [&](const std::string& item) {
    const std::size_t mark = item.find('?');
    const std::string path_pattern = item.substr(0, mark);
    const std::string options_pattern = mark == std::string::npos ? std::string() : item.substr(mark + 1);
    return glob_matches(options_pattern, options) &&
           (glob_matches(path_pattern, path) || (may_lack_data && glob_matches(path_pattern, with_data(path))));
  });
}

std::string pattern_for(const placeholder::Locator& locator) {
  const std::string options = is_text(locator.scheme) ? std::string() : options_of(locator);
  return locator.path + (options.empty() ? "" : "?" + options);
}

}  // namespace helmme::policy
