#include "base/text.h"
#include "cli/secret_command.h"

namespace helmme::cli {
namespace {

base::Result<void> delete_words(SecretRun& run) {
  std::vector<std::string> keys = run.secret.words;
  if (keys.size() > 1) {
    keys.resize(1);
  }
  TRY_ASSIGN(const std::string name, single_name("delete", keys));
  keys.assign(run.secret.words.begin() + 1, run.secret.words.end());
  TRY_ASSIGN(provider::LocalStore store, chosen_store(run));
  const auto remove = [&](provider::Entries& entries) -> base::Result<bool> {
    TRY(provider::remove(entries, name, keys));
    return true;
  };
  TRY(store.update(remove));
  run.say(keys.empty() ? "deleted entry \"" + name + "\" of the local store"
                       : "deleted " + base::join_words(keys) + " of entry \"" + name + "\" in the local store");
  return {};
}

}  // namespace

void run_secret_delete(SecretRun& run) {
  if (const base::Result<void> deleted = delete_words(run); !deleted) {
    run.diagnostics.error(deleted.error());
  }
}

}  // namespace helmme::cli
