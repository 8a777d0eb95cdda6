// Which Vault or OpenBao is asked, and as whom: from the variables of their own clients, of argocd-vault-plugin and of
// CI systems, and from a reference's options, as vals has them. See `vault_settings`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "net/http.h"
#include "placeholder/locator.h"

namespace helmme::provider {

enum class VaultMethod { token, approle, kubernetes, jwt, userpass, cert, github };
// "token", "approle", …: the word, and where it is mounted unless something else is said.
[[nodiscard]] std::string_view name_of(VaultMethod method) noexcept;

// Where a credential is, by name: settings hold no values, so that they can be compared.
struct VaultCredential {
  enum class Kind {
    none,
    variable,     // `name` is the variable
    file,         // `name` is the path, as the operator's own variables have it
    option_file,  // `name` is the path, and a reference's option has it: see VaultRules
    text,         // `name` is the value itself: a reference's option has it
    github_token  // the identity token of a GitHub workflow, asked for at the login
  };
  Kind kind = Kind::none;
  std::string name = {};
  [[nodiscard]] auto operator<=>(const VaultCredential&) const = default;
};

// One server and one identity: what is equal shares one login.
struct VaultSettings {
  std::string product = {};  // "Vault", "OpenBao": for messages
  std::string address = {};  // "https://vault.example.com:8200", with the path it stands behind, without "/" at its end
  std::string name_space = {};  // X-Vault-Namespace; empty: none
  net::Tls tls = {};
  VaultMethod method = VaultMethod::token;
  std::string mount = {};           // of the login: "approle"
  std::string role = {};            // role id, role, user or certificate role
  VaultCredential credential = {};  // the token, secret id, JWT or password
  std::string audience = {};        // of a GitHub identity token; empty: GitHub's usual one
  std::string kv_version = {};      // of mounts that the server does not tell about: "1" or "2"; empty: both are tried
  bool hidden = false;              // a value was read into the options: no message shows what they name
  [[nodiscard]] auto operator<=>(const VaultSettings&) const = default;
};

// What a reference's options may name; whoever wrote them may be anybody.
struct VaultRules {
  std::vector<std::string> addresses = {};  // servers besides the operator's own
  // The files of `…_file` are below it. Of a policy with `allow`, which then has been asked about them: relative to it.
  std::string folder = ".";
  bool has_allow = false;
};

// An address as addresses are compared: "https://vault.example.com:8200/behind". nullopt: it is none, or has a query.
[[nodiscard]] std::optional<std::string> normal_address(std::string_view text);
// True where it is one of `addresses`.
[[nodiscard]] bool is_in(std::string_view address, const std::vector<std::string>& addresses);
// True where it is what VAULT_ADDR or BAO_ADDR says, or one of `addresses`.
[[nodiscard]] bool is_operators_vault(const base::Environment& environment, std::string_view address,
                                      const std::vector<std::string>& addresses);

// True of a variable that a login takes a credential from, in this environment.
[[nodiscard]] bool is_vault_credential(const base::Environment& environment, std::string_view variable);

// Variables: VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT, VAULT_CAPATH (else SSL_CERT_FILE), VAULT_CLIENT_CERT,
// VAULT_CLIENT_KEY, VAULT_TLS_SERVER_NAME, AVP_KV_VERSION; BAO_… likewise, first for scheme openbao or bao, else
// second.
//
// The login is what option auth_method, VAULT_AUTH_METHOD or AVP_AUTH_TYPE names; else the first of these that is
// there:
//   token       token_env=VARIABLE, token_file=FILE; VAULT_TOKEN
//   approle     role_id=, secret_id= or secret_id_env=; VAULT_ROLE_ID and VAULT_SECRET_ID; AVP_ROLE_ID, AVP_SECRET_ID
//   jwt         a role (role_id=, VAULT_AUTH_ROLE, VAULT_ROLE) and a JWT: jwt_env=, jwt_file=; VAULT_JWT,
//               VAULT_ID_TOKEN, VAULT_JWT_FILE; in a GitHub workflow with `id-token: write` its own
//               (ACTIONS_ID_TOKEN_REQUEST_URL; audience VAULT_JWT_AUDIENCE)
//   token       the file that VAULT_TOKEN_FILE names, else ~/.vault-token
// and, when they are named: kubernetes (role: role_id=, VAULT_K8S_ROLE, AVP_K8S_ROLE; token: the pod's own, or what
// VAULT_KUBERNETES_JWT_TOKEN_PATH or AVP_K8S_TOKEN_PATH names), userpass (VAULT_USERNAME; password_env=,
// password_file=, VAULT_PASSWORD_ENV, VAULT_PASSWORD_FILE, VAULT_PASSWORD; AVP_USERNAME, AVP_PASSWORD), cert (the
// client certificate), github (AVP_GITHUB_TOKEN). Its mount: option mountpoint=; VAULT_AUTH_PATH,
// VAULT_LOGIN_MOUNT_POINT, VAULT_KUBERNETES_MOUNT_POINT, AVP_MOUNT_PATH, AVP_K8S_MOUNT_PATH.
//
// bad_input: no address or an odd one; an option `address`, or `proto` and `host`, that is neither the operator's own
// server nor in the rules; an option `…_env` that names a variable of this program, or without `allow` one that does
// not begin with VAULT_, BAO_, AVP_ or ARGOCD_ENV_AVP_; a mountpoint or namespace with a part that is empty, "." or
// ".."; VAULT_SKIP_VERIFY; an unknown login. denied: no credentials are there.
[[nodiscard]] base::Result<VaultSettings> vault_settings(const base::Environment& environment,
                                                         const placeholder::Locator& locator, const VaultRules& rules);

// True of what Vault tells about tokens, the asking one too: that is no secret of an application.
[[nodiscard]] bool is_of_own_token(std::string_view path) noexcept;
inline constexpr std::string_view k_own_token = "is about tokens of the backend itself, which are no values";

// A locator's path without slashes around it. bad_input: an unknown option, a version that is no number, or a path with
// a part that is empty, "." or "..", which would be another one to the server, or one that is the token's own.
[[nodiscard]] base::Result<std::string> vault_path(const placeholder::Locator& locator);

}  // namespace helmme::provider
