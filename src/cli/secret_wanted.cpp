#include "cli/secret_wanted.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "cli/policy_files.h"
#include "policy/form.h"
#include "policy/names.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;
using base::Result;
using policy::Bundle;

bool generates(const Bundle& bundle) {
  return std::any_of(bundle.required.begin(), bundle.required.end(),
                     [](const auto& item) { return item.second.generate.has_value(); });
}

Result<std::size_t> number(const std::string& option, const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0) {
    return base::fail(usage_error(option + " needs a number above 0", option + " 32"));
  }
  return value;
}

// NAME --key KEY --hex 32: the contract is on the command line.
Result<Wanted> wanted_by_options(const SecretOptions& options) {
  using Kind = policy::Generate::Kind;
  Wanted wanted;
  TRY_ASSIGN(wanted.entry, single_name("generate", options.words));
  if (!policy::is_key_name(options.key)) {
    return base::fail(usage_error("--key needs a KEY of letters, digits, \".\", \"_\" and \"-\"", "--key API_KEY"));
  }
  policy::Generate how{.kind = Kind::uuid, .count = 0, .alphabet = options.alphabet, .prefix = options.prefix};
  const int kinds = (options.hex.empty() ? 0 : 1) + (options.base64.empty() ? 0 : 1) +
                    (options.alphabet.empty() ? 0 : 1) + (options.uuid ? 1 : 0);
  if (kinds != 1 || options.alphabet.empty() != options.length.empty()) {
    return base::fail(usage_error("--key needs one of --hex, --base64, --alphabet with --length, and --uuid",
                                  "--key " + options.key + " --hex 32"));
  }
  if (!options.hex.empty()) {
    how.kind = Kind::hex;
    TRY_ASSIGN(how.count, number("--hex", options.hex));
  } else if (!options.base64.empty()) {
    how.kind = Kind::base64;
    TRY_ASSIGN(how.count, number("--base64", options.base64));
  } else if (!options.alphabet.empty()) {
    how.kind = Kind::alphabet;
    TRY_ASSIGN(how.count, number("--length", options.length));
  }
  wanted.bundle.name = wanted.entry;
  wanted.bundle.required[options.key].generate = std::move(how);
  return wanted;
}

Result<Wanted> wanted_of(Bundle bundle) {
  Wanted wanted;
  wanted.entry = bundle.target.value_or(bundle.name);
  wanted.bundle = std::move(bundle);
  if (!policy::is_secret_name(wanted.entry)) {
    return base::fail(
        {.kind = ErrorKind::bad_input,
         .message = "bundle " + policy::quoted(wanted.bundle.name) + " has no target, and its name is no Secret's",
         .location = wanted.bundle.location,
         .help = "target: NAME"});
  }
  return wanted;
}

// The bundles that are named, else all that generate something. Problems go to the diagnostics.
std::vector<Wanted> wanted_by_policy(SecretRun& run) {
  std::vector<Wanted> out;
  std::optional<policy::Policy> policy = read_chosen_policies(run.options, run.diagnostics);
  if (!policy && !run.diagnostics.failed()) {
    run.diagnostics.error({.kind = ErrorKind::bad_input,
                           .message = "there is no policy, which says what to generate",
                           .help = "--policy FILE, or NAME --key KEY --hex 32"});
  }
  if (!policy) {
    return out;
  }
  std::vector<std::string> names = run.secret.words;
  std::vector<std::string> known;
  for (const auto& [name, bundle] : policy->bundles) {
    known.push_back(name);
    if (run.secret.words.empty() && generates(bundle)) {
      names.push_back(name);
    }
  }
  if (names.empty()) {
    run.diagnostics.error({.kind = ErrorKind::bad_input,
                           .message = "no bundle of the policy has a key with generate",
                           .help = "required: {KEY: {generate: {hex: 32}}}"});
  }
  for (const std::string& name : names) {
    const auto found = policy->bundles.find(name);
    if (found == policy->bundles.end()) {
      const std::optional<std::string> near = base::nearest(name, known);
      run.diagnostics.error(
          {.kind = ErrorKind::not_found,
           .message = "unknown bundle " + policy::quoted(base::printable(name)),
           .help = near ? "did you mean " + *near + "?" : "the policy has " + base::join_words(known)});
    } else if (!generates(found->second)) {
      run.diagnostics.error({.kind = ErrorKind::bad_input,
                             .message = "bundle " + policy::quoted(name) + " has no key with generate",
                             .location = found->second.location,
                             .help = "required: {KEY: {generate: {hex: 32}}}"});
    } else {
      Result<Wanted> wanted = wanted_of(std::move(found->second));
      policy->bundles.erase(found);  // a bundle that is named twice is unknown the second time
      if (wanted) {
        out.push_back(*std::move(wanted));
      } else {
        run.diagnostics.error(std::move(wanted).error());
      }
    }
  }
  return out;
}

// --force KEY or BUNDLE/KEY: the one bundle that generates it.
Result<void> take_force(const std::string& word, std::vector<Wanted>& all) {
  const std::size_t slash = word.find('/');
  const std::string key = word.substr(slash == std::string::npos ? 0 : slash + 1);
  std::vector<std::string> known;
  std::vector<Wanted*> found;
  for (Wanted& wanted : all) {
    for (const auto& [name, contract] : wanted.bundle.required) {
      if (!contract.generate) {
        continue;
      }
      known.push_back(name);
      if (name == key && (slash == std::string::npos || word.substr(0, slash) == wanted.bundle.name)) {
        found.push_back(&wanted);
      }
    }
  }
  if (found.empty()) {
    const std::optional<std::string> near = base::nearest(key, known);
    return base::fail({.kind = ErrorKind::not_found,
                       .message = "no bundle here generates " + policy::quoted(base::printable(word)),
                       .help = near ? "did you mean " + *near + "?" : "--force " + base::join_words(known)});
  }
  if (found.size() > 1) {
    return base::fail(usage_error(policy::quoted(key) + " is generated by bundles " +
                                      policy::quoted(found[0]->bundle.name) + " and " +
                                      policy::quoted(found[1]->bundle.name),
                                  "--force " + found[0]->bundle.name + "/" + key));
  }
  found.front()->force.insert(key);
  return {};
}

}  // namespace

std::vector<Wanted> choose_wanted(SecretRun& run) {
  std::vector<Wanted> all;
  const SecretOptions& options = run.secret;
  if (!options.key.empty()) {
    Result<Wanted> wanted = wanted_by_options(options);
    if (wanted) {
      all.push_back(*std::move(wanted));
    } else {
      run.diagnostics.error(std::move(wanted).error());
    }
  } else if (!options.hex.empty() || !options.base64.empty() || !options.alphabet.empty() || options.uuid) {
    run.diagnostics.error(
        usage_error("--hex, --base64, --alphabet and --uuid go with --key", "NAME --key KEY --hex 32"));
  } else {
    all = wanted_by_policy(run);
  }
  if (run.diagnostics.failed()) {
    return all;
  }
  for (const std::string& word : options.force) {
    if (const Result<void> taken = take_force(word, all); !taken) {
      run.diagnostics.error(taken.error());
    }
  }
  return all;
}

}  // namespace helmme::cli
