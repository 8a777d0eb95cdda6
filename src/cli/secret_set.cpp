#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.h"
#include "cli/secret_command.h"
#include "cli/stream.h"
#include "policy/names.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;
using base::Result;
using base::Secret;
using Values = std::map<std::string, Secret>;

constexpr std::size_t k_type_limit = 253;

// Kubernetes takes any text; what stands in ours is printed in tables.
Result<std::optional<std::string>> type_of(const std::string& word) {
  if (word.empty()) {
    return std::nullopt;
  }
  const bool good = word.size() <= k_type_limit && std::all_of(word.begin(), word.end(), [](char c) {
                      return c == '/' || policy::is_key_name({&c, 1});
                    });
  if (!good) {
    return base::fail(usage_error("no type of a Secret: " + base::printable(word), "--type kubernetes.io/tls"));
  }
  return word;
}

Result<provider::Reconcile> reconcile_of(const std::string& word) {
  using provider::Reconcile;
  TRY_ASSIGN(const std::string known,
             word_of("--reconcile", word, {"apply", "replace", "create_if_missing", "fail_if_exists"}));
  return known == "apply"               ? Reconcile::apply
         : known == "replace"           ? Reconcile::replace
         : known == "create_if_missing" ? Reconcile::create_if_missing
                                        : Reconcile::fail_if_exists;
}

// What stands before "=" may be a value whose key was forgotten: nothing of it is shown.
Result<std::pair<std::string, std::string_view>> split(const std::string& option, const std::string& type,
                                                       std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !policy::is_key_name(text.substr(0, equals))) {
    return base::fail(usage_error(
        option + " needs " + type + ", and a key holds letters, digits, \".\", \"_\" and \"-\"", option + " " + type));
  }
  return std::pair(std::string(text.substr(0, equals)), text.substr(equals + 1));
}

Result<Secret> not_empty(const std::string& key, const std::string& from, Secret value) {
  if (value.empty()) {
    return base::fail({.kind = ErrorKind::bad_input,
                       .message = "the value of \"" + key + "\" is empty in " + from,
                       .help = "--data " + key + "= sets it to nothing"});
  }
  return value;
}

Result<Secret> from_file(const std::string& key, std::string_view path) {
  TRY_ASSIGN(const InputBytes bytes, open_input(path == "-" ? "./-" : std::string(path), -1));
  return not_empty(key, "file " + base::printable(path), Secret(bytes.view()));
}

Result<Secret> from_environment(const std::string& key, std::string_view variable,
                                const base::Environment& environment) {
  if (!policy::is_variable_name(variable)) {
    return base::fail(
        usage_error("--from-env of \"" + key + "\" names no variable", "--from-env " + key + "=VARIABLE"));
  }
  const std::string name(variable);
  std::optional<std::string> text = environment.get(name);
  if (!text) {
    return base::fail({.kind = ErrorKind::not_found,
                       .message = "variable " + name + " is not set, which \"" + key + "\" is taken from",
                       .help = "export " + name});
  }
  Secret value{std::string_view(*text)};
  base::cleanse(*text);
  return not_empty(key, "variable " + name, std::move(value));
}

// echo and people end a value with a line end that is no part of it.
Result<Secret> from_stdin(const std::string& key, bool raw) {
  if (isatty(STDIN_FILENO) == 1) {
    return base::fail(usage_error("standard input is a terminal, where the value of \"" + key + "\" is read from it",
                                  "helm me secret set NAME --from-stdin " + key + " --store local < FILE"));
  }
  TRY_ASSIGN(const InputBytes bytes, open_input("-", -1));
  std::string_view text = bytes.view();
  if (!raw && text.ends_with('\n')) {
    text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  }
  return not_empty(key, "standard input", Secret(text));
}

class Collector {
 public:
  explicit Collector(SecretRun& run) : run_(run) {}

  Values collect() {
    const SecretOptions& given = run_.secret;
    if (given.data.empty() && given.from_files.empty() && given.from_stdin.empty() && given.from_environment.empty()) {
      run_.diagnostics.error(usage_error("secret set needs a value",
                                         "--from-stdin KEY, --from-env KEY=VARIABLE, --from-file KEY=PATH or --data "
                                         "KEY=VALUE"));
    }
    each("--data", "KEY=VALUE", given.data,
         [](const std::string&, std::string_view text) -> Result<Secret> { return Secret(text); });
    each("--from-file", "KEY=PATH", given.from_files, from_file);
    each("--from-env", "KEY=VARIABLE", given.from_environment, [&](const std::string& key, std::string_view variable) {
      return from_environment(key, variable, run_.environment);
    });
    if (given.from_stdin.size() > 1) {
      run_.diagnostics.error(usage_error("--from-stdin stands twice, and there is one standard input",
                                         "--from-env KEY=VARIABLE, or --from-file KEY=PATH"));
    } else if (!given.from_stdin.empty()) {
      const std::string& key = given.from_stdin.front();
      if (!policy::is_key_name(key)) {
        run_.diagnostics.error(
            usage_error("--from-stdin needs a KEY of letters, digits, \".\", \"_\" and \"-\"", "--from-stdin KEY"));
      } else {
        add(key, from_stdin(key, given.raw));
      }
    }
    return std::move(values_);
  }

 private:
  using Reader = std::function<Result<Secret>(const std::string& key, std::string_view text)>;

  void each(const std::string& option, const std::string& type, const std::vector<std::string>& texts,
            const Reader& read) {
    for (const std::string& text : texts) {
      const auto parts = split(option, type, text);
      if (!parts) {
        run_.diagnostics.error(parts.error());
      } else {
        add(parts->first, read(parts->first, parts->second));
      }
    }
  }

  void add(const std::string& key, Result<Secret> value) {
    if (!value) {
      run_.diagnostics.error(std::move(value).error());
    } else if (!values_.emplace(key, *std::move(value)).second) {
      run_.diagnostics.error(usage_error("key \"" + key + "\" is given twice", "give each key once"));
    }
  }

  SecretRun& run_;
  Values values_;
};

Result<void> write(SecretRun& run, provider::Change change) {
  TRY_ASSIGN(provider::LocalStore store, chosen_store(run));
  const std::string name = change.name;
  provider::Applied applied;
  TRY(store.update([&](provider::Entries& entries) -> Result<bool> {
    TRY_ASSIGN(applied, provider::apply(entries, std::move(change), run.clock.now()));
    return applied.anything;
  }));
  if (applied.left_alone) {
    run.say("entry \"" + name + "\" is there already and was left as it is");
  } else if (applied.written.empty()) {
    run.say("entry \"" + name + "\" " + (applied.anything ? "was changed" : "holds these values already"));
  } else {
    run.say("set " + base::join_words(applied.written) + " of entry \"" + name + "\" in the local store");
  }
  return {};
}

}  // namespace

void run_secret_set(SecretRun& run) {
  const auto take = [&](auto result, auto& into) {
    if (result) {
      into = *std::move(result);
    } else {
      run.diagnostics.error(std::move(result).error());
    }
  };
  provider::Change change;
  take(single_name("set", run.secret.words), change.name);
  take(type_of(run.secret.type), change.type);
  take(reconcile_of(run.secret.reconcile), change.reconcile);
  change.values = Collector(run).collect();
  if (!run.secret.data.empty()) {
    run.diagnostics.warning({.message = "--data puts a value into the command line, where other processes and the "
                                        "shell's history have it",
                             .location = std::nullopt,
                             .notes = {},
                             .help = "--from-stdin KEY, or --from-env KEY=VARIABLE"});
  }
  if (run.diagnostics.failed()) {
    return;
  }
  if (const Result<void> written = write(run, std::move(change)); !written) {
    run.diagnostics.error(written.error());
  }
}

}  // namespace helmme::cli
