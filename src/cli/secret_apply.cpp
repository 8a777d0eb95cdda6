// `secret apply`: the Secrets that a policy's bundles make.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/policy_files.h"
#include "cli/references.h"
#include "cli/reveal.h"
#include "cli/secret_command.h"
#include "crypto/base64.h"
#include "policy/form.h"
#include "policy/resolve.h"
#include "render/fetched.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;
using policy::ResolvedBundle;
using Bundles = std::map<std::string, ResolvedBundle>;

// The bundles that are named, else all. What is unknown is reported.
std::vector<const ResolvedBundle*> choose(SecretRun& run, const Bundles& bundles) {
  std::vector<const ResolvedBundle*> chosen;
  std::vector<std::string> known;
  for (const auto& [name, bundle] : bundles) {
    known.push_back(name);
    // Of Helm values, much is not meant: what makes a Secret of a policy's target is.
    const bool meant = bundle.bundle->declared || (bundle.problems.empty() && bundle.bundle->target);
    if (run.secret.words.empty() && meant) {
      chosen.push_back(&bundle);
    }
  }
  for (const std::string& name : run.secret.words) {
    if (const auto found = bundles.find(name); found != bundles.end()) {
      chosen.push_back(&found->second);
      continue;
    }
    std::string help = policy::did_you_mean(name, known);
    run.diagnostics.error({.kind = ErrorKind::not_found,
                           .message = "unknown bundle " + policy::quoted(base::printable(name)),
                           .help = help.empty() ? "the policy has " + base::join_words(known) : std::move(help)});
  }
  return chosen;
}

// What one bundle adds to the Secrets; one that is in the cluster already adds nothing, which is said.
void add(SecretRun& run, const ResolvedBundle& bundle, std::map<std::string, render::SecretData>& secrets) {
  const policy::Bundle& said = *bundle.bundle;
  const auto error = [&](std::string message, std::string help) {
    run.diagnostics.error({.kind = ErrorKind::bad_input,
                           .message = std::move(message),
                           .location = said.location,
                           .help = std::move(help)});
  };
  if (!bundle.problems.empty()) {
    std::copy(bundle.problems.begin(), bundle.problems.end(), std::back_inserter(run.diagnostics.errors));
    return;
  }
  if (bundle.winner == policy::SourceKind::existing_secret) {
    run.say("bundle " + policy::quoted(said.name) + " is won by existingSecret: Secret " +
            policy::quoted(bundle.secret_name) + " is in the cluster already");
    return;
  }
  if (!said.target) {
    error("bundle " + policy::quoted(said.name) + " has no target", "target: NAME, the Secret to make");
    return;
  }
  render::SecretData& data = secrets[*said.target];
  for (const auto& [key, value] : bundle.values) {
    const auto [there, added] = data.emplace(key, &value);
    if (!added && !there->second->equals(value)) {
      error("key " + policy::quoted(key) + " of Secret " + policy::quoted(*said.target) +
                " has different values in two bundles",
            "target: NAME in one of the two bundles");
    }
  }
}

base::Result<void> apply(SecretRun& run) {
  if (run.secret.output.empty()) {
    return base::fail(usage_error("writing to the cluster is not in this version",
                                  "helm me secret apply --policy FILE -o yaml | kubectl apply -f -"));
  }
  TRY(word_of("--output", run.secret.output, {"yaml"}));
  const std::optional<policy::Policy> policy = read_chosen_policies(run.options, run.diagnostics);
  if (!policy && !run.diagnostics.failed()) {
    return base::fail({.kind = ErrorKind::bad_input,
                       .message = "there is no policy, which says what to apply",
                       .help = "--policy FILE"});
  }
  if (!policy) {
    return {};
  }
  const provider::Settings settings = provider_settings(run.options, run.environment);
  provider::Providers providers(settings);
  providers.permit(render::permissions_of(*policy));
  ProviderReferences references(providers);
  // A Secret is what is wanted, however the policy delivers its values to a stream.
  const Bundles bundles = policy::resolve_bundles(
      *policy, {.environment = &run.environment, .references = &references, .deliver = policy::Delivery::secret},
      run.diagnostics);
  std::map<std::string, render::SecretData> secrets;
  for (const ResolvedBundle* bundle : choose(run, bundles)) {
    add(run, *bundle, secrets);
  }
  if (run.diagnostics.failed()) {
    return {};
  }
  TRY(print_secrets(run, secrets));
  if (!secrets.empty()) {
    run.diagnostics.warning({.message = "what was printed holds values",
                             .help = "send it on at once, … | kubectl apply -f -, and keep no copy"});
  }
  return {};
}

}  // namespace

base::Result<void> print_secrets(SecretRun& run, const std::map<std::string, render::SecretData>& secrets) {
  std::vector<base::Secret> encoded;
  std::vector<std::string_view> masked;
  for (const auto& [name, data] : secrets) {
    for (const auto& [key, value] : data) {
      masked.push_back(value->reveal());
      masked.push_back(encoded.emplace_back(crypto::encode_base64(value->reveal())).reveal());
    }
  }
  TRY(mask_in_log(run.environment, masked));
  std::vector<base::Secret> documents;
  std::vector<std::string_view> pieces;
  documents.reserve(secrets.size());
  pieces.reserve(secrets.size());
  for (const auto& [name, data] : secrets) {
    documents.push_back(render::secret_document(name, {}, data));
  }
  for (const base::Secret& document : documents) {
    pieces.push_back(document.reveal());
  }
  print(run, pieces);
  return {};
}

void run_secret_apply(SecretRun& run) {
  if (const base::Result<void> done = apply(run); !done) {
    run.diagnostics.error(done.error());
  }
}

}  // namespace helmme::cli
