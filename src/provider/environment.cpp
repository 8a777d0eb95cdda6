#include "provider/environment.h"

#include <algorithm>
#include <array>
#include <optional>

#include "placeholder/wiped_text.h"
#include "provider/vault_settings.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Secret;
using placeholder::FetchedValue;
using placeholder::Locator;

// Credentials of the backends that vals and argocd-vault-plugin read, of sops' key services, of Helm and of CI systems:
// their documentation, and what vals asks its environment for (pkg/providers). Vault's own are with its settings.
constexpr std::array k_credentials = std::to_array<std::string_view>({
    "AVP_IBM_API_KEY",
    "AVP_SECRET_KEY",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_SECRET",
    "AZURE_PASSWORD",
    "BWS_ACCESS_TOKEN",
    "BW_CLIENTSECRET",
    "BW_PASSWORD",
    "BW_SESSION",
    "CI_JOB_JWT",
    "CI_JOB_JWT_V2",
    "CI_JOB_TOKEN",
    "CONJUR_AUTHN_API_KEY",
    "CONJUR_AUTHN_TOKEN",
    "DOPPLER_TOKEN",
    "GCP_ID_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_TOKEN",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "HCP_CLIENT_SECRET",
    "HELM_KUBETOKEN",
    "HUAWEICLOUD_SDK_SK",
    "OP_CONNECT_TOKEN",
    "OP_CONNET_TOKEN",  // as vals' documentation has it
    "OP_SERVICE_ACCOUNT_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "SCW_SECRET_KEY",
    "SERVERCORE_PASSWORD",
    "TFE_TOKEN",
    "TSS_PASSWORD",
    "TSS_TOKEN",
    "YC_TOKEN",
});
constexpr std::array k_credential_prefixes =
    std::to_array<std::string_view>({"HELM_ME_", "SOPS_AGE_KEY", "SOPS_AGE_SSH_PRIVATE_KEY", "INFISICAL_",
                                     "OP_SESSION_", "TF_TOKEN_", "VAULT_TOKEN_", "BAO_TOKEN_"});
constexpr std::string_view k_argo_cd_prefix = "ARGOCD_ENV_";

// Argo CD puts that before the names of an application's variables.
bool is_credential(const base::Environment& environment, std::string_view name) {
  if (name.starts_with(k_argo_cd_prefix) && is_credential(environment, name.substr(k_argo_cd_prefix.size()))) {
    return true;
  }
  return is_vault_credential(environment, name) ||
         std::find(k_credentials.begin(), k_credentials.end(), name) != k_credentials.end() ||
         std::any_of(k_credential_prefixes.begin(), k_credential_prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_name(std::string_view text) {
  return !text.empty() && (text[0] < '0' || text[0] > '9') && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// nullopt: not set.
base::Result<std::optional<Secret>> variable(const base::Environment& environment, const Locator& locator,
                                             const std::string& name) {
  if (!is_name(name)) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "names no variable", "ref+env://NAME"));
  }
  if (is_credential(environment, name)) {
    return base::fail(
        error_about(locator, ErrorKind::bad_input,
                    "variable " + shown_of(locator, name) + " holds credentials of this program or a backend",
                    "copy it to a variable of another name, where it is to be a value"));
  }
  std::optional<std::string> text = environment.get(name);
  if (!text) {
    return std::optional<Secret>();
  }
  Secret value{std::string_view(*text)};
  base::cleanse(*text);
  return std::optional<Secret>(std::move(value));
}

base::Error not_set(const Locator& locator, const std::string& name) {
  return error_about(locator, ErrorKind::not_found, "variable " + shown_of(locator, name) + " is not set",
                     "export " + shown_of(locator, name) + "=…");
}

// The text of an envsubst locator, step by step.
class Substitution {
 public:
  Substitution(const base::Environment& environment, const Locator& locator)
      : environment_(environment), locator_(locator), rest_(locator.path) {}

  base::Result<Secret> run() {
    while (!rest_.empty()) {
      const std::size_t dollar = std::min(rest_.find('$'), rest_.size());
      text_ += rest_.substr(0, dollar);
      rest_.remove_prefix(dollar);
      if (!rest_.empty()) {
        TRY(substitute());
      }
    }
    return text_.secret();
  }

 private:
  // At "$".
  base::Result<void> substitute() {
    rest_.remove_prefix(1);
    if (rest_.starts_with("$")) {
      text_ += '$';
      rest_.remove_prefix(1);
      return {};
    }
    if (rest_.starts_with("{")) {
      const std::size_t end = rest_.find('}');
      if (end == std::string_view::npos) {
        return base::fail(error_about(locator_, ErrorKind::bad_input, "a \"${\" is not closed"));
      }
      const std::string_view inner = rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
      return braced(inner);
    }
    std::size_t end = 0;
    while (end < rest_.size() && is_name(rest_.substr(0, end + 1))) {
      ++end;
    }
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return put(std::string(name), std::nullopt, false);
  }

  base::Result<void> braced(std::string_view inner) {
    const std::size_t dash = inner.find('-');
    if (dash == std::string_view::npos) {
      return put(std::string(inner), std::nullopt, false);
    }
    const bool or_empty = dash > 0 && inner[dash - 1] == ':';
    return put(std::string(inner.substr(0, dash - (or_empty ? 1 : 0))), inner.substr(dash + 1), or_empty);
  }

  base::Result<void> put(const std::string& name, std::optional<std::string_view> otherwise, bool or_empty) {
    TRY_ASSIGN(const std::optional<Secret> value, variable(environment_, locator_, name));
    if (value && (!value->empty() || !or_empty)) {
      text_ += value->reveal();
    } else if (otherwise) {
      text_ += *otherwise;
    } else {
      return base::fail(not_set(locator_, name));
    }
    return {};
  }

  const base::Environment& environment_;
  const Locator& locator_;
  std::string_view rest_;
  placeholder::WipedText text_;
};

}  // namespace

base::Result<Answer> EnvProvider::read(const Locator& locator) {
  TRY(check_options(locator, {}));
  TRY_ASSIGN(const std::optional<Secret> value, variable(environment_, locator, locator.path));
  if (!value) {
    return base::fail(not_set(locator, locator.path));
  }
  return Answer{.value = FetchedValue::text(value->reveal())};
}

base::Result<Answer> EnvsubstProvider::read(const Locator& locator) {
  TRY(check_options(locator, {}));
  TRY_ASSIGN(const Secret text, Substitution(environment_, locator).run());
  return Answer{.value = FetchedValue::text(text.reveal())};
}

base::Result<Answer> EchoProvider::read(const Locator& locator) {
  TRY(check_options(locator, {}));
  return Answer{.value = FetchedValue::text(locator.path)};
}

}  // namespace helmme::provider
