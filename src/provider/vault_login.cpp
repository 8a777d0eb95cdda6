#include "provider/vault_login.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/inside_file.h"
#include "base/text.h"
#include "net/url.h"
#include "placeholder/wiped_text.h"
#include "provider/file.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using base::Secret;
using placeholder::FetchedValue;

tl::unexpected<base::Error> failed(const VaultSettings& settings, ErrorKind kind, const std::string& what,
                                   std::string help = {}) {
  return base::fail({.kind = kind, .message = settings.address + ": " + what, .help = std::move(help)});
}

Secret trimmed(const Secret& text) {
  std::string_view view = text.reveal();
  view = view.substr(std::min(view.find_first_not_of(" \t\r\n"), view.size()));
  return Secret(view.substr(0, view.find_last_not_of(" \t\r\n") + 1));
}

// A name or path for messages.
std::string shown(const VaultSettings& settings, std::string_view text) {
  return settings.hidden ? "…" : base::printable(text);
}

Result<Secret> from_variable(const VaultSettings& settings, const base::Environment& environment) {
  const std::string& name = settings.credential.name;
  std::optional<std::string> text = environment.get(name);
  if (!text || text->empty()) {
    return failed(settings, ErrorKind::denied, "variable " + shown(settings, name) + ", for the login, is not set",
                  "export " + shown(settings, name) + "=…");
  }
  Secret value{std::string_view(*text)};
  base::cleanse(*text);
  return trimmed(value);
}

Result<Secret> from_file(const VaultSettings& settings, const VaultRules& rules) {
  const bool is_option = settings.credential.kind == VaultCredential::Kind::option_file;
  const std::string& name = settings.credential.name;
  const std::string what = "the file " + shown(settings, name) + ", for the login,";
  // The operator's own file, or what `allow` admits, wherever it is.
  const std::filesystem::path path =
      std::filesystem::absolute(is_option ? std::filesystem::path(rules.folder) / name : std::filesystem::path(name));
  const Result<Secret> bytes = is_option && !rules.has_allow
                                   ? base::read_inside(what, rules.folder, name, k_file_limit)
                                   : base::read_inside(what, "/", path.string(), k_file_limit);
  if (!bytes && is_option && !rules.has_allow && bytes.error().kind == ErrorKind::bad_input) {
    return base::fail({.kind = ErrorKind::bad_input,
                       .message = settings.address + ": " + bytes.error().message,
                       .help = bytes.error().help});
  }
  if (!bytes || trimmed(*bytes).empty()) {
    return failed(settings, ErrorKind::denied,
                  what + " is " +
                      (bytes                                        ? "empty"
                       : bytes.error().kind == ErrorKind::not_found ? "not there"
                                                                    : "not to be read"));
  }
  return trimmed(*bytes);
}

// https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments
Result<Secret> from_github(const VaultSettings& settings, const base::Environment& environment, net::HttpClient& client,
                           net::Deadline deadline) {
  net::Request request{.url = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL").value_or("")};
  if (!settings.audience.empty()) {
    request.url += (request.url.find('?') == std::string::npos ? "?audience=" : "&audience=");
    request.url += net::encode_part(settings.audience);
  }
  std::string bearer = "Bearer " + environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN").value_or("");
  request.headers.push_back({.name = "Authorization", .value = Secret(std::string_view(bearer))});
  base::cleanse(bearer);
  TRY_ASSIGN(const net::Response response, client.send(request, deadline));
  const Result<FetchedValue> body = placeholder::parse_json(response.body.reveal());
  const FetchedValue* const token = body ? body->find("value") : nullptr;
  if (response.status != 200 || token == nullptr || token->kind != FetchedValue::Kind::text) {
    return failed(settings, response.status == 200 ? ErrorKind::unavailable : ErrorKind::denied,
                  "GitHub gives this workflow no identity token", "permissions: {id-token: write}");
  }
  return token->scalar.clone();
}

Result<Secret> credential_of(const VaultSettings& settings, const VaultRules& rules,
                             const base::Environment& environment, net::HttpClient& client, net::Deadline deadline) {
  switch (settings.credential.kind) {
    case VaultCredential::Kind::none:
      return Secret();
    case VaultCredential::Kind::variable:
      return from_variable(settings, environment);
    case VaultCredential::Kind::file:
    case VaultCredential::Kind::option_file:
      return from_file(settings, rules);
    case VaultCredential::Kind::text:
      return Secret(std::string_view(settings.credential.name));
    case VaultCredential::Kind::github_token:
      return from_github(settings, environment, client, deadline);
  }
  return Secret();
}

// {"name": "value", …}, without the members whose value is empty.
Secret json_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  placeholder::WipedText text;
  for (const auto& [name, value] : members) {
    if (!value.empty()) {
      std::string quoted = nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
      ((text += text.size() == 0 ? "{\"" : ",\"") += name) += "\":";
      text += quoted;
      base::cleanse(quoted);
    }
  }
  text += text.size() == 0 ? "{}" : "}";
  return text.secret();
}

net::Request login_request(const VaultSettings& settings, const Secret& credential) {
  std::string path = "auth/" + net::encode_path(settings.mount) + "/login";
  if (settings.method == VaultMethod::userpass) {
    path += "/" + net::encode_part(settings.role);
  }
  net::Request request = vault_request(settings, path, nullptr);
  request.method = "POST";
  request.headers.push_back({.name = "Content-Type", .value = Secret("application/json")});
  switch (settings.method) {
    case VaultMethod::token:
      break;
    case VaultMethod::approle:
      request.body = json_of({{"role_id", settings.role}, {"secret_id", credential.reveal()}});
      break;
    case VaultMethod::kubernetes:
    case VaultMethod::jwt:
      request.body = json_of({{"role", settings.role}, {"jwt", credential.reveal()}});
      break;
    case VaultMethod::userpass:
      request.body = json_of({{"password", credential.reveal()}});
      break;
    case VaultMethod::cert:
      request.body = json_of({{"name", settings.role}});
      break;
    case VaultMethod::github:
      request.body = json_of({{"token", credential.reveal()}});
      break;
  }
  return request;
}

}  // namespace

net::Request vault_request(const VaultSettings& settings, std::string_view path, const Secret* token) {
  net::Request request{.url = std::string(settings.address).append("/v1/").append(path), .tls = settings.tls};
  request.headers.push_back({.name = "X-Vault-Request", .value = Secret("true")});
  if (!settings.name_space.empty()) {
    request.headers.push_back({.name = "X-Vault-Namespace", .value = Secret(std::string_view(settings.name_space))});
  }
  if (token != nullptr) {
    request.headers.push_back({.name = "X-Vault-Token", .value = token->clone()});
  }
  return request;
}

std::optional<base::Error> vault_outage(const VaultSettings& settings, const VaultAnswer& answer) {
  const auto outage = [&](const std::string& what, std::string help = {}) {
    return base::Error{
        .kind = ErrorKind::unavailable, .message = settings.address + ": " + what, .help = std::move(help)};
  };
  switch (answer.kind) {
    case VaultAnswer::Kind::throttled:
      return outage("asks for fewer requests than these (429)", "try again later, or raise its rate limit quota");
    case VaultAnswer::Kind::sealed:
      return outage(settings.product + " is sealed", "vault operator unseal");
    case VaultAnswer::Kind::uninitialized:
      return outage(settings.product + " is not initialised", "vault operator init");
    case VaultAnswer::Kind::needs_tls:
      return outage("the server speaks TLS at this port", "https:// in place of http://");
    case VaultAnswer::Kind::failed:
      return outage("the server answers " + std::to_string(answer.status));
    case VaultAnswer::Kind::malformed:
      return outage("the answer is not one of " + settings.product + "'s", "is that the address of its API?");
    default:
      return std::nullopt;
  }
}

Result<Secret> vault_login(const VaultSettings& settings, const VaultRules& rules, const base::Environment& environment,
                           net::HttpClient& client, net::Deadline deadline) {
  TRY_ASSIGN(Secret credential, credential_of(settings, rules, environment, client, deadline));
  if (settings.method == VaultMethod::token) {
    return credential;
  }
  TRY_ASSIGN(const net::Response response, client.send(login_request(settings, credential), deadline));
  const std::string what = std::string(name_of(settings.method)) + " at auth/" + shown(settings, settings.mount);
  const Result<FetchedValue> body = placeholder::parse_json(response.body.reveal());
  const FetchedValue* const auth = body ? body->find("auth") : nullptr;
  const FetchedValue* const token = auth != nullptr ? auth->find("client_token") : nullptr;
  if (response.status == 200 && token != nullptr && token->kind == FetchedValue::Kind::text && !token->scalar.empty()) {
    return token->scalar.clone();
  }
  const FetchedValue* const factor = auth != nullptr ? auth->find("mfa_requirement") : nullptr;
  if (factor != nullptr && factor->kind == FetchedValue::Kind::map) {
    return failed(settings, ErrorKind::denied, "the login " + what + " asks for a second factor",
                  "take a login without one for machines");
  }
  const VaultAnswer answer = read_vault_answer(response.status, response.body.reveal(), VaultLayers::one);
  switch (answer.kind) {
    case VaultAnswer::Kind::denied:
    case VaultAnswer::Kind::refused:
    case VaultAnswer::Kind::missing:  // of a mount or a user
      return failed(settings, ErrorKind::denied, "the login " + what + " was refused",
                    "are role and credential right, and not expired? does the login stand at that path?");
    case VaultAnswer::Kind::data:
      break;
    default:
      if (std::optional<base::Error> outage = vault_outage(settings, answer)) {
        return base::fail(*std::move(outage));
      }
  }
  return failed(settings, ErrorKind::unavailable, "the answer to the login " + what + " has no token");
}

}  // namespace helmme::provider
