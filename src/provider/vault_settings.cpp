#include "provider/vault_settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <utility>

#include "base/text.h"
#include "net/url.h"
#include "provider/provider.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::Locator;
using Kind = VaultCredential::Kind;

constexpr std::array<std::string_view, 7> k_methods = {"token",    "approle", "kubernetes", "jwt",
                                                       "userpass", "cert",    "github"};
// What holds a credential itself, behind VAULT_ or BAO_, and behind AVP_ or ARGOCD_ENV_AVP_.
constexpr const char* k_token = "TOKEN";
constexpr const char* k_secret_id = "SECRET_ID";
constexpr const char* k_jwt = "JWT";
constexpr const char* k_id_token = "ID_TOKEN";
constexpr const char* k_password = "PASSWORD";
constexpr const char* k_password_env = "PASSWORD_ENV";
constexpr const char* k_avp_github_token = "GITHUB_TOKEN";
constexpr std::array<const char*, 6> k_credentials = {k_token,    k_secret_id, k_jwt,
                                                      k_id_token, k_password,  k_avp_github_token};
constexpr std::array<std::string_view, 4> k_prefixes = {"ARGOCD_ENV_AVP_", "AVP_", "VAULT_", "BAO_"};
constexpr const char* k_github_bearer = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
constexpr std::size_t k_version_digits = 9;
constexpr const char* k_pod_token = "/var/run/secrets/kubernetes.io/serviceaccount/token";

std::optional<VaultMethod> method_named(std::string word) {
  // argocd-vault-plugin's word, the names of the like methods, and that of Vault's own documentation.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> k_others = {
      {{"k8s", "kubernetes"}, {"oidc", "jwt"}, {"tls", "cert"}}};
  for (const auto& [other, name] : k_others) {
    word = word == other ? std::string(name) : word;
  }
  const auto* const found = std::find(k_methods.begin(), k_methods.end(), word);
  return found == k_methods.end() ? std::nullopt : std::optional(static_cast<VaultMethod>(found - k_methods.begin()));
}

std::string without_slashes(std::string_view text) {
  while (text.starts_with("/")) {
    text.remove_prefix(1);
  }
  while (text.ends_with("/")) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

// What stands for "false" to Go's strconv.ParseBool, which reads VAULT_SKIP_VERIFY.
bool is_false(std::string_view text) {
  constexpr std::array<std::string_view, 7> k_false = {"", "0", "f", "F", "FALSE", "false", "False"};
  return std::find(k_false.begin(), k_false.end(), text) != k_false.end();
}

class SettingsReader {
 public:
  SettingsReader(const base::Environment& environment, const Locator& locator, const VaultRules& rules)
      : environment_(environment), locator_(locator), rules_(rules) {
    const bool bao = locator.scheme == "openbao" || locator.scheme == "bao";
    prefixes_ = bao ? std::array<const char*, 2>{"BAO_", "VAULT_"} : std::array<const char*, 2>{"VAULT_", "BAO_"};
    settings_.product = bao ? "OpenBao" : "Vault";
    settings_.hidden = locator.hidden && !locator.options.empty();
  }

  Result<VaultSettings> read() {
    TRY(check_named());
    TRY(read_server());
    TRY(read_login());
    if (settings_.mount.empty()) {
      settings_.mount = name_of(settings_.method);
    }
    return std::move(settings_);
  }

 private:
  // What the options name, before anything is sent there.
  [[nodiscard]] Result<void> check_named() const {
    for (const auto& [name, value] : locator_.options) {
      const bool is_ours = value.starts_with("HELM_ME_");
      const bool is_theirs = std::any_of(k_prefixes.begin(), k_prefixes.end(),
                                         [&, &of = value](std::string_view prefix) { return of.starts_with(prefix); });
      if (name.ends_with("_env") && (is_ours || (!is_theirs && !rules_.has_allow))) {
        return failed(ErrorKind::bad_input,
                      "option \"" + name + "\" may not name variable " + shown_of(locator_, value),
                      is_ours ? ""
                              : "a variable that begins with VAULT_, BAO_ or AVP_; or allow: {env: [" +
                                    (locator_.hidden ? "PATTERN" : base::printable(value)) + "]} in the policy");
      }
      if ((name == "mountpoint" || name == "namespace") && !value.empty() &&
          net::has_odd_part(without_slashes(value))) {
        return failed(ErrorKind::bad_input, "option \"" + name + "\" has a part that is empty, \".\" or \"..\"");
      }
    }
    return {};
  }

  [[nodiscard]] tl::unexpected<base::Error> failed(ErrorKind kind, const std::string& what,
                                                   std::string help = {}) const {
    return base::fail(error_about(locator_, kind, what, std::move(help)));
  }

  [[nodiscard]] std::string option(const char* name) const {
    const auto found = locator_.options.find(name);
    return found == locator_.options.end() ? std::string() : found->second;
  }
  [[nodiscard]] bool is_set(const std::string& name) const { return !environment_.get(name).value_or("").empty(); }

  // The name of VAULT_X or BAO_X, whichever is set; empty: neither.
  [[nodiscard]] std::string name(const char* rest) const {
    for (const char* prefix : prefixes_) {
      if (is_set(std::string(prefix) + rest)) {
        return std::string(prefix) + rest;
      }
    }
    return {};
  }
  [[nodiscard]] std::string own(const char* rest) const {
    const std::string found = name(rest);
    return found.empty() ? found : environment_.get(found).value_or("");
  }
  // Of argocd-vault-plugin; Argo CD puts ARGOCD_ENV_ before the names of an application's variables.
  [[nodiscard]] std::string avp_name(const char* rest) const {
    for (const char* prefix : {"AVP_", "ARGOCD_ENV_AVP_"}) {
      if (is_set(std::string(prefix) + rest)) {
        return std::string(prefix) + rest;
      }
    }
    return {};
  }
  [[nodiscard]] std::string avp(const char* rest) const {
    const std::string found = avp_name(rest);
    return found.empty() ? found : environment_.get(found).value_or("");
  }

  static std::string first_of(std::initializer_list<std::string> texts) {
    const auto* const found = std::find_if(texts.begin(), texts.end(), [](const auto& text) { return !text.empty(); });
    return found == texts.end() ? std::string() : *found;
  }

  Result<void> read_server() {
    for (const char* prefix : prefixes_) {
      const std::string variable = std::string(prefix) + "SKIP_VERIFY";
      if (!is_false(environment_.get(variable).value_or(""))) {
        return failed(ErrorKind::bad_input, variable + " is set, and certificates are always checked",
                      "unset " + variable + "; " + prefix + "CACERT=FILE names your own authority");
      }
    }
    const std::string variable = name("ADDR");
    const std::optional<std::string> operators = normal_address(own("ADDR"));
    if (!variable.empty() && !operators) {
      return failed(ErrorKind::bad_input, variable + " is no address of a server",
                    variable + "=https://vault.example.com:8200");
    }
    TRY_ASSIGN(settings_.address, address(operators));
    settings_.kv_version = avp("KV_VERSION");
    settings_.name_space = without_slashes(first_of({option("namespace"), own("NAMESPACE")}));
    settings_.tls = {.ca_file = own("CACERT"),
                     .ca_folder = own("CAPATH"),
                     .certificate_file = own("CLIENT_CERT"),
                     .key_file = own("CLIENT_KEY"),
                     .server_name = own("TLS_SERVER_NAME")};
    if (settings_.tls.ca_file.empty() && settings_.tls.ca_folder.empty()) {
      settings_.tls.ca_file = environment_.get("SSL_CERT_FILE").value_or("");  // as Go's programs have it
    }
    return {};
  }

  [[nodiscard]] Result<std::string> address(const std::optional<std::string>& operators) const {
    std::string asked = option("address");
    if (asked.empty() && !option("host").empty()) {
      asked = first_of({option("proto"), "https"}) + "://" + option("host");
    }
    if (asked.empty()) {
      if (operators) {
        return *operators;
      }
      return failed(ErrorKind::bad_input, "VAULT_ADDR is not set", "VAULT_ADDR=https://vault.example.com:8200");
    }
    const std::optional<std::string> normal = normal_address(asked);
    if (!normal || (normal != operators && !is_in(asked, rules_.addresses))) {
      const std::string shown = normal && !locator_.hidden ? *normal : "URL";
      return failed(ErrorKind::bad_input, "the address in it is neither VAULT_ADDR nor allowed by the policy",
                    "allow: {address: [" + shown + "]} in the policy");
    }
    return *normal;
  }

  Result<void> read_login() {
    const std::string word = first_of({option("auth_method"), own("AUTH_METHOD"), avp("AUTH_TYPE")});
    if (word.empty()) {
      return guess_login();
    }
    const std::optional<VaultMethod> method = method_named(word);
    if (!method) {
      return failed(ErrorKind::bad_input, "there is no login \"" + shown_of(locator_, word) + "\"",
                    "there is token, approle, kubernetes, jwt, userpass, cert and github");
    }
    settings_.method = *method;
    return read_method();
  }

  Result<void> guess_login() {
    constexpr std::array<VaultMethod, 3> k_in_order = {VaultMethod::token, VaultMethod::approle, VaultMethod::jwt};
    for (const VaultMethod method : k_in_order) {
      settings_.method = method;
      // A token file that is left from a login by hand comes last.
      if ((method == VaultMethod::token ? read_named_token() : read_method()).has_value()) {
        return {};
      }
    }
    settings_.method = VaultMethod::token;
    settings_.mount.clear();
    settings_.role.clear();
    settings_.audience.clear();
    return read_token();
  }

  Result<void> read_method() {
    settings_.mount = without_slashes(first_of({option("mountpoint"), own("AUTH_PATH"), own("LOGIN_MOUNT_POINT")}));
    switch (settings_.method) {
      case VaultMethod::token:
        return read_token();
      case VaultMethod::approle:
        settings_.role = first_of({option("role_id"), own("ROLE_ID"), avp("ROLE_ID")});
        settings_.credential = first({{Kind::text, option("secret_id")},
                                      {Kind::variable, option("secret_id_env")},
                                      {Kind::variable, name(k_secret_id)},
                                      {Kind::variable, avp_name(k_secret_id)}});
        return complete("VAULT_ROLE_ID and VAULT_SECRET_ID");
      case VaultMethod::kubernetes:
        return read_kubernetes();
      case VaultMethod::jwt:
        return read_jwt();
      case VaultMethod::userpass:
        settings_.role = first_of({option("username"), own("USERNAME"), avp("USERNAME")});
        settings_.credential = first({{Kind::variable, option("password_env")},
                                      {Kind::option_file, option("password_file")},
                                      {Kind::variable, own(k_password_env)},
                                      {Kind::file, own("PASSWORD_FILE")},
                                      {Kind::variable, name(k_password)},
                                      {Kind::variable, avp_name(k_password)}});
        return complete("VAULT_USERNAME and VAULT_PASSWORD");
      case VaultMethod::cert:
        settings_.role = first_of({option("role_id"), own("AUTH_ROLE"), own("ROLE")});
        if (settings_.tls.certificate_file.empty()) {
          return failed(ErrorKind::denied, "a login by certificate needs one",
                        "VAULT_CLIENT_CERT=FILE and VAULT_CLIENT_KEY=FILE");
        }
        use_avp_mount();
        return {};
      case VaultMethod::github:
        settings_.role = "github";
        settings_.credential = first({{Kind::variable, avp_name(k_avp_github_token)}});
        return complete("AVP_GITHUB_TOKEN");
    }
    return {};
  }

  Result<void> read_kubernetes() {
    settings_.role = first_of({option("role_id"), own("K8S_ROLE"), own("ROLE"), own("ROLE_ID"), avp("K8S_ROLE")});
    settings_.credential = first({{Kind::file, own("KUBERNETES_JWT_TOKEN_PATH")},
                                  {Kind::file, avp("K8S_TOKEN_PATH")},
                                  {Kind::file, k_pod_token}});
    settings_.mount = without_slashes(
        first_of({option("mountpoint"), own("KUBERNETES_MOUNT_POINT"), own("AUTH_PATH"), avp("K8S_MOUNT_PATH")}));
    return complete("VAULT_K8S_ROLE");
  }

  Result<void> read_jwt() {
    settings_.role = first_of({option("role_id"), own("AUTH_ROLE"), own("ROLE")});
    settings_.credential = first({{Kind::variable, option("jwt_env")},
                                  {Kind::option_file, option("jwt_file")},
                                  {Kind::variable, name(k_jwt)},
                                  {Kind::variable, name(k_id_token)},
                                  {Kind::file, own("JWT_FILE")}});
    if (settings_.credential.kind == Kind::none && is_set("ACTIONS_ID_TOKEN_REQUEST_URL") && is_set(k_github_bearer)) {
      settings_.credential.kind = Kind::github_token;
      settings_.audience = own("JWT_AUDIENCE");
    }
    return complete("VAULT_AUTH_ROLE, and VAULT_JWT or VAULT_JWT_FILE");
  }

  // What a reference or a variable names; denied: nothing does.
  Result<void> read_named_token() {
    settings_.credential = first({{Kind::variable, option("token_env")},
                                  {Kind::option_file, option("token_file")},
                                  {Kind::variable, name(k_token)}});
    return settings_.credential.kind == Kind::none ? no_credentials() : Result<void>();
  }

  Result<void> read_token() {
    if (read_named_token()) {
      return {};
    }
    const std::string home = environment_.get("HOME").value_or("");
    settings_.credential =
        first({{Kind::file, own("TOKEN_FILE")}, {Kind::file, home.empty() ? "" : home + "/.vault-token"}});
    const bool there =
        settings_.credential.kind != Kind::none && ::access(settings_.credential.name.c_str(), F_OK) == 0;
    return there ? Result<void>() : no_credentials();
  }

  [[nodiscard]] Result<void> no_credentials() const {
    return failed(
        ErrorKind::denied, "there are no credentials for " + settings_.product,
        "VAULT_TOKEN=…, or vault login; VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_AUTH_METHOD names another "
        "login");
  }

  static VaultCredential first(std::initializer_list<VaultCredential> sources) {
    const auto* const found =
        std::find_if(sources.begin(), sources.end(), [](const auto& source) { return !source.name.empty(); });
    return found == sources.end() ? VaultCredential{} : *found;
  }

  void use_avp_mount() {
    if (settings_.mount.empty()) {
      // argocd-vault-plugin's has "auth/" before it.
      std::string mount = without_slashes(avp("MOUNT_PATH"));
      settings_.mount = mount.starts_with("auth/") ? mount.substr(5) : mount;
    }
    if (settings_.mount.starts_with("auth/")) {
      settings_.mount.erase(0, 5);
    }
  }

  Result<void> complete(const char* what) {
    use_avp_mount();
    if (settings_.role.empty() || settings_.credential.kind == Kind::none) {
      return failed(ErrorKind::denied,
                    "the login " + std::string(name_of(settings_.method)) + " lacks credentials or a role",
                    "set " + std::string(what));
    }
    return {};
  }

  const base::Environment& environment_;
  const Locator& locator_;
  const VaultRules& rules_;
  std::array<const char*, 2> prefixes_{};
  VaultSettings settings_;
};

}  // namespace

std::optional<std::string> normal_address(std::string_view text) {
  std::optional<net::Url> url = net::parse_url(text);
  if (!url || url->target.find('?') != std::string::npos) {
    return std::nullopt;
  }
  const std::string path = without_slashes(url->target);
  return url->origin() + (path.empty() ? "" : "/" + path);
}

bool is_in(std::string_view address, const std::vector<std::string>& addresses) {
  const std::optional<std::string> normal = normal_address(address);
  return normal && std::any_of(addresses.begin(), addresses.end(),
                               [&](const std::string& one) { return normal_address(one) == normal; });
}

bool is_operators_vault(const base::Environment& environment, std::string_view address,
                        const std::vector<std::string>& addresses) {
  std::vector<std::string> known = addresses;
  for (const char* variable : {"VAULT_ADDR", "BAO_ADDR"}) {
    known.push_back(environment.get(variable).value_or(""));
  }
  return is_in(address, known);
}

std::string_view name_of(VaultMethod method) noexcept { return k_methods.at(static_cast<std::size_t>(method)); }

bool is_vault_credential(const base::Environment& environment, std::string_view variable) {
  for (const char* prefix : {"VAULT_", "BAO_"}) {
    if (variable == environment.get(std::string(prefix) + k_password_env).value_or("")) {
      return true;
    }
  }
  const auto is_one = [&](std::string_view rest) {
    return std::any_of(k_credentials.begin(), k_credentials.end(), [&](const char* name) { return rest == name; });
  };
  return variable == k_github_bearer || std::any_of(k_prefixes.begin(), k_prefixes.end(), [&](std::string_view prefix) {
           return variable.starts_with(prefix) && is_one(variable.substr(prefix.size()));
         });
}

bool is_of_own_token(std::string_view path) noexcept { return path == "auth/token" || path.starts_with("auth/token/"); }

Result<VaultSettings> vault_settings(const base::Environment& environment, const Locator& locator,
                                     const VaultRules& rules) {
  return SettingsReader(environment, locator, rules).read();
}

Result<std::string> vault_path(const Locator& locator) {
  TRY(check_options(
      locator,
      {"address", "proto", "host", "namespace", "auth_method", "token_env", "token_file", "role_id", "secret_id",
       "secret_id_env", "username", "password_env", "password_file", "jwt_env", "jwt_file", "mountpoint", "kv_version"},
      true));
  std::string path = without_slashes(locator.path);
  if (net::has_odd_part(path)) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "the path has a part that is empty, \".\" or \"..\""));
  }
  if (is_of_own_token(path)) {
    return base::fail(error_about(locator, ErrorKind::bad_input, k_own_token));
  }
  const std::string& version = locator.version;
  if (!version.empty() &&
      (version.size() > k_version_digits || version.find_first_not_of("0123456789") != std::string::npos)) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "a version is a number", "version=3"));
  }
  return path;
}

}  // namespace helmme::provider
