#include "provider/sops_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "net/url.h"
#include "provider/vault_settings.h"

namespace helmme::provider {
namespace {

using placeholder::FetchedValue;

constexpr std::string_view k_map_separator = "__map_";
constexpr std::string_view k_list_separator = "__list_";
constexpr std::string_view k_dotenv_prefix = "sops_";

// Those of stores/stores.go. age and PGP keys are here; all others are with a service.
constexpr std::array<std::string_view, 2> k_own_keys = {"age", "pgp"};
constexpr std::array<std::string_view, 5> k_service_keys = {"kms", "gcp_kms", "hckms", "azure_kv", "hc_vault"};
constexpr std::array<std::string_view, 5> k_vault_fields = {"vault_address", "engine_path", "key_name", "created_at",
                                                            "enc"};
constexpr std::array<std::string_view, 5> k_azure_fields = {"vault_url", "name", "version", "created_at", "enc"};
// Key Vault and Managed HSM of Azure's public cloud and of its sovereign ones.
constexpr std::array<std::string_view, 7> k_azure_domains = {
    ".vault.azure.net",      ".vault.azure.cn",      ".vault.usgovcloudapi.net",     ".vault.microsoftazure.de",
    ".managedhsm.azure.net", ".managedhsm.azure.cn", ".managedhsm.usgovcloudapi.net"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

base::Error about(const std::string& name, std::string_view what, std::string help) {
  return {.kind = base::ErrorKind::bad_input,
          .message = base::printable(name).append(": ").append(what),
          .help = std::move(help)};
}

base::Error not_understood(const std::string& name, const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& one : names) {
    path.append(path.empty() ? "" : ".").append(one);
  }
  return about(name, "its metadata have " + base::printable(path) + ", which is not known here",
               "sops rotate -i FILE writes them anew");
}

// As the readers of Go's programs compare names.
std::string folded(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

void collect(const FetchedValue& value, std::vector<std::string>& names, std::vector<SopsLeaf>& leaves) {
  if (value.is_scalar()) {
    leaves.push_back({.names = names, .value = std::string(value.scalar.reveal())});
    return;
  }
  if (value.kind == FetchedValue::Kind::map && value.entries.empty() && !names.empty()) {
    leaves.push_back({.names = names, .value = {}});
  }
  for (const FetchedValue& item : value.items) {
    collect(item, names, leaves);
  }
  for (const auto& [key, inner] : value.entries) {
    names.push_back(folded(key));
    collect(inner, names, leaves);
    names.pop_back();
  }
}

// {hc_vault, vault_address} of "hc_vault__list_0__map_vault_address".
std::vector<std::string> names_of(std::string_view flat) {
  std::vector<std::string> names;
  bool is_index = false;
  while (true) {
    const std::size_t map = flat.find(k_map_separator);
    const std::size_t list = flat.find(k_list_separator);
    const std::size_t end = std::min({map, list, flat.size()});
    if (!is_index) {
      names.push_back(folded(flat.substr(0, end)));
    }
    if (end == flat.size()) {
      return names;
    }
    is_index = list < map;
    flat.remove_prefix(end + (is_index ? k_list_separator.size() : k_map_separator.size()));
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

template <typename Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

class Check {
 public:
  Check(const std::string& name, const SopsRules& rules) : name_(name), rules_(rules) {}

  std::optional<base::Error> leaf(const SopsLeaf& leaf) const {
    const std::vector<std::string>& names = leaf.names;
    if (names.size() < 2) {
      return std::nullopt;  // a setting, or a list of keys that has none
    }
    const std::size_t at = names[0] == "key_groups" ? 1 : 0;
    const std::string& kind = names[at];
    if (contains(k_own_keys, kind)) {
      return std::nullopt;
    }
    if (!contains(k_service_keys, kind)) {
      return not_understood(name_, names);
    }
    if (rules_.offline) {
      return about(name_, "a key service may be asked to open it, and this run is offline", "run without --offline");
    }
    const std::string_view field = names.size() == at + 2 ? std::string_view(names[at + 1]) : std::string_view();
    if (kind == "hc_vault") {
      return vault(field, leaf);
    }
    return kind == "azure_kv" ? azure(field, leaf) : std::nullopt;
  }

 private:
  std::optional<base::Error> vault(std::string_view field, const SopsLeaf& leaf) const {
    if (!contains(k_vault_fields, field)) {
      return not_understood(name_, leaf.names);
    }
    if (field == "vault_address" && !is_operators_vault(*rules_.environment, leaf.value, rules_.addresses)) {
      return foreign(leaf.value, "neither VAULT_ADDR nor allowed by the policy");
    }
    if ((field == "engine_path" || field == "key_name") && is_odd(leaf.value)) {
      return about(name_, "its " + std::string(field) + " is another path to Vault than it says", "sops edit FILE");
    }
    return std::nullopt;
  }

  std::optional<base::Error> azure(std::string_view field, const SopsLeaf& leaf) const {
    if (!contains(k_azure_fields, field)) {
      return not_understood(name_, leaf.names);
    }
    if (field != "vault_url") {
      return std::nullopt;
    }
    const std::optional<net::Url> url = net::parse_url(leaf.value);
    const bool is_azures = url && url->tls && url->target.find('?') == std::string::npos &&
                           std::any_of(k_azure_domains.begin(), k_azure_domains.end(),
                                       [&](std::string_view domain) { return url->host.ends_with(domain); });
    if (is_azures || is_in(leaf.value, rules_.addresses)) {
      return std::nullopt;
    }
    return foreign(leaf.value, "neither a Key Vault of Azure's nor allowed by the policy");
  }

  base::Error foreign(const std::string& address, const std::string& why) const {
    const std::optional<std::string> normal = normal_address(address);
    return about(name_,
                 "sops would ask " + (normal ? base::printable(*normal) : "an odd address") + ", which is " + why,
                 "allow: {address: [" + (normal ? base::printable(*normal) : "URL") + "]} in the policy");
  }

  // sops joins them with path.Join, and writes there with the operator's token.
  static bool is_odd(std::string_view path) {
    constexpr std::string_view k_odd = "\\\"'`%?#;";
    while (path.ends_with("/")) {
      path.remove_suffix(1);
    }
    while (path.starts_with("/")) {
      path.remove_prefix(1);
    }
    return net::has_odd_part(path) || std::any_of(path.begin(), path.end(), [&](char c) {
             return static_cast<unsigned char>(c) < 0x20 || k_odd.find(c) != std::string_view::npos;
           });
  }

  const std::string& name_;
  const SopsRules& rules_;
};

}  // namespace

std::vector<SopsLeaf> sops_leaves(const FetchedValue& metadata) {
  std::vector<SopsLeaf> leaves;
  std::vector<std::string> names;
  collect(metadata, names, leaves);
  return leaves;
}

std::vector<SopsLeaf> sops_leaves_of_dotenv(std::string_view text) {
  std::vector<SopsLeaf> leaves;
  each_line(text, [&](std::string_view line) {
    const std::size_t end = line.find('=');
    if (line.starts_with(k_dotenv_prefix) && end != std::string_view::npos) {
      leaves.push_back({.names = names_of(line.substr(k_dotenv_prefix.size(), end - k_dotenv_prefix.size())),
                        .value = std::string(trimmed(line.substr(end + 1)))});
    }
  });
  return leaves;
}

std::vector<SopsLeaf> sops_leaves_of_ini(std::string_view text) {
  std::vector<SopsLeaf> leaves;
  bool is_encrypted = false;
  each_line(text, [&](std::string_view line) {
    line = trimmed(line);
    is_encrypted = is_encrypted || line == "[sops]";
    const std::size_t end = std::min(line.find_first_of("=:"), line.size());
    const std::string_view key = trimmed(line.substr(0, end));
    const bool is_flat =
        key.find(k_map_separator) != std::string_view::npos || key.find(k_list_separator) != std::string_view::npos;
    if (is_flat && !line.starts_with("#") && !line.starts_with(";")) {
      leaves.push_back(
          {.names = names_of(key), .value = std::string(trimmed(line.substr(std::min(end + 1, line.size()))))});
    }
  });
  return is_encrypted ? leaves : std::vector<SopsLeaf>();
}

std::optional<base::Error> check_sops_keys(const std::vector<SopsLeaf>& leaves, const std::string& name,
                                           const SopsRules& rules) {
  const Check check(name, rules);
  for (const SopsLeaf& leaf : leaves) {
    if (std::optional<base::Error> wrong = check.leaf(leaf)) {
      return wrong;
    }
  }
  return std::nullopt;
}

}  // namespace helmme::provider
