#include "provider/vault_failure.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "provider/provider.h"
#include "provider/vault_login.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using placeholder::FetchedValue;
using Kind = VaultAnswer::Kind;

std::vector<std::string> texts_of(const FetchedValue* list) {
  std::vector<std::string> texts;
  if (list != nullptr) {
    for (const FetchedValue& item : list->items) {
      if (item.kind == FetchedValue::Kind::text) {
        texts.emplace_back(item.scalar.reveal());
      }
    }
  }
  return texts;
}

base::Error denied(const VaultFailure& failure) {
  const std::string& address = failure.settings.address;
  if (!failure.identity.token_is_good) {
    return error_about(failure.locator, ErrorKind::denied, address + " does not know this token, or not any more",
                       "vault login, or a new VAULT_TOKEN");
  }
  base::Error error = error_about(failure.locator, ErrorKind::denied, address + " denies to read it");
  if (!failure.identity.text.empty()) {
    error.notes.push_back("asked as " + failure.identity.text);
  }
  error.help = "ask for a policy with: path \"" + shown_of(failure.locator, failure.api_path) +
               "\" { capabilities = [\"read\"] }";
  return error;
}

}  // namespace

VaultIdentity vault_identity(const VaultAnswer& lookup) {
  VaultIdentity identity{.is_known = true, .token_is_good = lookup.kind != Kind::denied};
  if (lookup.kind != Kind::data) {
    return identity;
  }
  const FetchedValue* const name = lookup.data.find("display_name");
  identity.text = name != nullptr && name->kind == FetchedValue::Kind::text ? base::printable(name->scalar.reveal())
                                                                            : std::string("a token");
  std::vector<std::string> policies = texts_of(lookup.data.find("policies"));
  for (std::string& policy : policies) {
    policy = base::printable(policy);
  }
  identity.text += policies.empty()       ? " without policies"
                   : policies.size() == 1 ? " with policy " + policies.front()
                                          : " with policies " + base::join_words(policies);
  return identity;
}

std::optional<std::string> nearest_secret(std::string_view path, const VaultAnswer& list) {
  const std::size_t name = path.rfind('/') + 1;
  const std::optional<std::string> near = base::nearest(path.substr(name), texts_of(list.data.find("keys")));
  return near && *near != path.substr(name) ? std::optional(std::string(path.substr(0, name)) + *near) : std::nullopt;
}

base::Error vault_failure(const VaultFailure& failure) {
  const VaultAnswer& answer = failure.answer;
  const placeholder::Locator& locator = failure.locator;
  switch (answer.kind) {
    case Kind::missing:
      return {.kind = ErrorKind::not_found,
              .message = "secret not found: " + base::printable(locator.text()) + " at " + failure.settings.address,
              .help = failure.near              ? "did you mean " + shown_of(locator, *failure.near) + "?"
                      : locator.version.empty() ? ""
                                                : "vault kv metadata get " + shown_of(locator, failure.path) +
                                                      " lists the versions that are there"};
    case Kind::deleted:
      return error_about(
          locator, ErrorKind::not_found,
          "version " + shown_of(locator, answer.version) + " was deleted at " + base::printable(answer.deleted_at),
          "vault kv undelete -versions=" + shown_of(locator, answer.version) + " " + shown_of(locator, failure.path));
    case Kind::destroyed:
      return error_about(locator, ErrorKind::not_found,
                         "version " + shown_of(locator, answer.version) + " was destroyed", "name another version");
    case Kind::denied:
      return denied(failure);
    case Kind::refused:
      return error_about(locator, ErrorKind::bad_input,
                         failure.settings.address + " refuses this request: can that path be read?");
    default:
      break;
  }
  const std::optional<base::Error> outage = vault_outage(failure.settings, answer);
  return outage ? error_about(locator, outage->kind, outage->message, outage->help)
                : error_about(locator, ErrorKind::unavailable, "the answer is not understood");
}

}  // namespace helmme::provider
