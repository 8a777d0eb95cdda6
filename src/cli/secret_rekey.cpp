#include <utility>

#include "base/text.h"
#include "cli/secret_command.h"

namespace helmme::cli {
namespace {

using base::Result;
using base::Secret;

constexpr const char* k_new_key_variable = "HELM_ME_STORE_NEW_KEY";
constexpr const char* k_new_passphrase_variable = "HELM_ME_STORE_NEW_PASSPHRASE";

Result<Secret> new_secret(const base::Environment& environment, const std::string& word, const char* variable,
                          const std::string& help) {
  std::optional<std::string> text = environment.get(variable);
  if (!text || text->empty()) {
    return base::fail({.kind = base::ErrorKind::not_found,
                       .message = std::string("variable ") + variable + " is not set, which --to " + word + " needs",
                       .help = help});
  }
  Secret secret{std::string_view(*text)};
  base::cleanse(*text);
  return secret;
}

// The variable that opens the store afterwards, empty: the key file does. A variable that opened it before and does
// not any more is said, since it would be tried first.
void say_what_opens_it(SecretRun& run, const provider::LocalStore& store, const std::string& variable) {
  run.say("the local store is opened by " +
          (variable.empty() ? "key file " + base::printable(store.key_path()) : "the new " + variable) + " now");
  for (const char* old : {provider::k_store_key_variable, provider::k_store_passphrase_variable}) {
    if (old != variable && !run.environment.get(old).value_or("").empty()) {
      run.diagnostics.warning({.message = std::string(old) + " is still set, and does not open the store any more",
                               .location = std::nullopt,
                               .notes = {},
                               .help = std::string("unset ") + old});
    }
  }
}

Result<void> rekey(SecretRun& run) {
  if (!run.secret.words.empty()) {
    return base::fail(usage_error("secret rekey takes no NAME: it changes the key of the whole store",
                                  "helm me secret rekey --store local"));
  }
  TRY_ASSIGN(const std::string word, word_of("--to", run.secret.to, {"key-file", "key", "passphrase"}));
  TRY_ASSIGN(provider::LocalStore store, chosen_store(run));
  provider::NewStoreKey to;
  std::string variable;
  if (word == "key") {
    variable = provider::k_store_key_variable;
    TRY_ASSIGN(const Secret text,
               new_secret(run.environment, word, k_new_key_variable,
                          std::string("export ") + k_new_key_variable + "=\"$(openssl rand -base64 32)\""));
    TRY_ASSIGN(to.key, provider::read_store_key(k_new_key_variable, text));
  } else if (word == "passphrase") {
    variable = provider::k_store_passphrase_variable;
    TRY_ASSIGN(to.passphrase, new_secret(run.environment, word, k_new_passphrase_variable,
                                         std::string("export ") + k_new_passphrase_variable));
  }
  TRY(store.rekey(to));
  say_what_opens_it(run, store, variable);
  return {};
}

}  // namespace

void run_secret_rekey(SecretRun& run) {
  if (const Result<void> done = rekey(run); !done) {
    run.diagnostics.error(done.error());
  }
}

}  // namespace helmme::cli
