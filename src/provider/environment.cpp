#include "provider/environment.h"

#include <algorithm>
#include <array>
#include <optional>

#include "placeholder/wiped_text.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Secret;
using placeholder::FetchedValue;
using placeholder::Locator;

constexpr std::array<std::string_view, 16> k_credentials = {"VAULT_TOKEN",
                                                            "VAULT_SECRET_ID",
                                                            "BAO_TOKEN",
                                                            "BAO_SECRET_ID",
                                                            "AVP_SECRET_ID",
                                                            "AVP_PASSWORD",
                                                            "AVP_GITHUB_TOKEN",
                                                            "AWS_SECRET_ACCESS_KEY",
                                                            "AWS_SESSION_TOKEN",
                                                            "SOPS_AGE_KEY",
                                                            "AZURE_CLIENT_SECRET",
                                                            "GOOGLE_CREDENTIALS",
                                                            "GOOGLE_OAUTH_ACCESS_TOKEN",
                                                            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                                                            "VAULT_ID_TOKEN",
                                                            "VAULT_JWT"};

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
  if (name.starts_with("HELM_ME_") ||
      std::find(k_credentials.begin(), k_credentials.end(), name) != k_credentials.end()) {
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
