#include <algorithm>
#include <utility>

#include "base/private_file.h"
#include "base/text.h"
#include "cli/secret_command.h"
#include "cli/secret_wanted.h"
#include "cli/secrets_file_edit.h"
#include "policy/contract.h"
#include "policy/form.h"
#include "token/generate.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;
using base::Result;
using base::Secret;
using Names = std::set<std::string>;

std::vector<std::string> names_of(const std::map<std::string, Secret>& values) {
  std::vector<std::string> names;
  names.reserve(values.size());
  for (const auto& [name, value] : values) {
    names.push_back(name);
  }
  return names;
}

// What is said once all is written.
class Account {
 public:
  void add(const Wanted& wanted, const token::Generated& generated, const std::string& where) {
    const std::vector<std::string> names = names_of(generated.values);
    lines_.push_back(names.empty() ? where + " has all keys of bundle " + policy::quoted(wanted.bundle.name) +
                                         " that can be generated: none was"
                                   : "generated " + base::join_words(names) + " for " + where);
  }

  void warn_without(const Wanted& wanted, const token::Generated& generated, const std::string& where,
                    const std::string& help) {
    if (!generated.without.empty()) {
      warnings_.push_back({.message = where + " lacks " + base::join_words(generated.without) + " of bundle " +
                                      policy::quoted(wanted.bundle.name) + ", which the policy does not generate",
                           .location = wanted.bundle.location,
                           .notes = {},
                           .help = help});
    }
  }

  // A value that was there and is left alone, though the contract has changed since.
  void warn_broken(const Wanted& wanted, const std::string& key, const Secret& value) {
    const auto contract = wanted.bundle.required.find(key);
    if (contract == wanted.bundle.required.end() || !contract->second.generate || wanted.force.contains(key)) {
      return;
    }
    if (const auto broken = policy::breaches(contract->second, value.reveal()); !broken.empty()) {
      warnings_.push_back({.message = "the value of " + policy::quoted(key) +
                                      " that is there breaks its contract in bundle " +
                                      policy::quoted(wanted.bundle.name) + ": " + base::join_words(broken),
                           .location = contract->second.location,
                           .notes = {},
                           .help = "--force " + key});
    }
  }

  void tell(SecretRun& run) const {
    for (const std::string& line : lines_) {
      run.say(line);
    }
    for (const base::Warning& warning : warnings_) {
      run.diagnostics.warning(warning);
    }
  }

 private:
  std::vector<std::string> lines_;
  std::vector<base::Warning> warnings_;
};

Result<void> generate_into_store(SecretRun& run, const std::vector<Wanted>& all) {
  TRY_ASSIGN(provider::LocalStore store, chosen_store(run));
  Account account;
  const auto fill = [&](provider::Entries& entries) -> Result<bool> {
    bool anything = false;
    for (const Wanted& wanted : all) {
      Names there;
      if (const auto entry = entries.find(wanted.entry); entry != entries.end()) {
        for (const auto& [key, stored] : entry->second.keys) {
          there.insert(key);
          account.warn_broken(wanted, key, stored.value);
        }
      }
      TRY_ASSIGN(token::Generated generated, token::generate_missing(wanted.bundle, there, wanted.force, run.random));
      const std::string where = "entry " + policy::quoted(wanted.entry) + " of the local store";
      account.add(wanted, generated, where);
      account.warn_without(wanted, generated, where,
                           "helm me secret set " + wanted.entry + " --from-stdin " +
                               (generated.without.empty() ? std::string() : generated.without.front()) +
                               " --store local");
      if (!generated.values.empty()) {
        TRY(provider::apply(entries, {.name = wanted.entry, .type = {}, .values = std::move(generated.values)},
                            run.clock.now()));
        anything = true;
      }
    }
    return anything;
  };
  TRY(store.update(fill));
  account.tell(run);
  return {};
}

Result<void> generate_into_file(SecretRun& run, const std::vector<Wanted>& all) {
  const std::string& path = run.secret.out;
  if (path.ends_with(".json")) {
    return base::fail(usage_error("--out writes .env or YAML, not JSON", "--out secrets.yaml"));
  }
  const std::optional<SecretsFileText> file = read_secrets_file(path, run.diagnostics);
  if (!file) {
    return {};
  }
  Account account;
  std::map<std::string, Secret> added;
  std::map<std::string, std::string> owners;
  for (const Wanted& wanted : all) {
    Names there;
    for (const auto& [key, value] : file->values) {
      there.insert(key);
      account.warn_broken(wanted, key, value);
    }
    TRY_ASSIGN(token::Generated generated, token::generate_missing(wanted.bundle, there, wanted.force, run.random));
    account.add(wanted, generated, base::printable(path));
    account.warn_without(wanted, generated, base::printable(path), "add it to " + path);
    for (auto& [key, value] : generated.values) {
      if (!owners.emplace(key, wanted.bundle.name).second) {
        return base::fail(usage_error("bundles " + policy::quoted(owners[key]) + " and " +
                                          policy::quoted(wanted.bundle.name) + " both have " + policy::quoted(key) +
                                          ", and a file is flat",
                                      "name one BUNDLE, and another --out for the other"));
      }
      added.emplace(key, std::move(value));
    }
  }
  if (!added.empty()) {
    TRY_ASSIGN(const Secret text, add_to_secrets_file(path, *file, added));
    TRY(base::write_private_file("the secrets file", path, text.reveal()));
  }
  account.tell(run);
  return {};
}

Result<void> generate_to_stdout(SecretRun& run, const std::vector<Wanted>& all) {
  if (!run.secret.force.empty()) {
    return base::fail(usage_error("--force has nothing to replace with -o yaml", "leave --force out"));
  }
  Account account;
  std::map<std::string, std::map<std::string, Secret>> made;
  for (const Wanted& wanted : all) {
    Names there;
    for (const auto& [key, value] : made[wanted.entry]) {
      there.insert(key);
    }
    TRY_ASSIGN(token::Generated generated, token::generate_missing(wanted.bundle, there, {}, run.random));
    const std::string where = "Secret " + policy::quoted(wanted.entry);
    account.add(wanted, generated, where);
    account.warn_without(wanted, generated, where, "add it before the Secret is used");
    made[wanted.entry].merge(generated.values);
  }
  std::map<std::string, render::SecretData> documents;
  for (const auto& [name, values] : made) {
    for (const auto& [key, value] : values) {
      documents[name].emplace(key, &value);
    }
  }
  TRY(print_secrets(run, documents));
  account.tell(run);
  return {};
}

// Where the values go is said once: by --out, by -o yaml or by the store.
Result<void> generate_into_destination(SecretRun& run, const std::vector<Wanted>& all) {
  const SecretOptions& options = run.secret;
  const int given = (options.out.empty() ? 0 : 1) + (options.output.empty() ? 0 : 1) + (options.store.empty() ? 0 : 1);
  if (given > 1) {
    return base::fail(usage_error("values go to one place, and more than one is named",
                                  "one of --store local, --out FILE and -o yaml"));
  }
  if (!options.out.empty()) {
    return generate_into_file(run, all);
  }
  if (!options.output.empty()) {
    TRY(word_of("--output", options.output, {"yaml"}));
    return generate_to_stdout(run, all);
  }
  Result<void> done = generate_into_store(run, all);
  if (!done && done.error().help == "--store local") {
    done.error().help = "--store local, --out FILE or -o yaml";
  }
  return done;
}

}  // namespace

void run_secret_generate(SecretRun& run) {
  const std::vector<Wanted> all = choose_wanted(run);
  if (run.diagnostics.failed()) {
    return;
  }
  if (const Result<void> done = generate_into_destination(run, all); !done) {
    run.diagnostics.error(done.error());
  }
}

}  // namespace helmme::cli
