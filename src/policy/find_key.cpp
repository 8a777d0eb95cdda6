#include <utility>

#include "policy/form.h"
#include "policy/resolve.h"

namespace helmme::policy {
namespace {

using Bundles = std::map<std::string, ResolvedBundle>;

tl::unexpected<base::Error> fail(base::ErrorKind kind, std::string message, std::string help) {
  return base::fail(
      {.kind = kind, .message = std::move(message), .location = std::nullopt, .notes = {}, .help = std::move(help)});
}

template <typename Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> out;
  out.reserve(map.size());
  for (const auto& [name, value] : map) {
    out.push_back(name);
  }
  return out;
}

std::string known(const std::vector<std::string>& names) {
  return names.empty() ? std::string() : "known are " + base::join_words(names);
}

std::string suggestion(const std::string& word, const std::vector<std::string>& names) {
  std::string out = did_you_mean(word, names);
  return out.empty() ? known(names) : out;
}

std::string example(const std::string& bundle) {
  return "bundles: {" + bundle + ": {existingSecret: SECRET}} in a policy; in Helm values, " + bundle +
         ": {existingSecret: SECRET}";
}

base::Result<const ResolvedBundle*> find_bundle(const Bundles& bundles, const placeholder::Reference& reference) {
  if (!reference.bundle.empty()) {
    const auto found = bundles.find(reference.bundle);
    if (found == bundles.end()) {
      return fail(base::ErrorKind::not_found, "unknown bundle " + quoted(reference.bundle),
                  bundles.empty() ? example(reference.bundle) : suggestion(reference.bundle, names_of(bundles)));
    }
    return &found->second;
  }
  std::vector<std::string> candidates;
  std::vector<std::string> keys;
  const ResolvedBundle* last = nullptr;
  for (const auto& [name, bundle] : bundles) {
    for (const auto& [key, contract] : bundle.bundle->required) {
      keys.push_back(key);
    }
    if (bundle.bundle->required.contains(reference.key)) {
      candidates.push_back(name);
      last = &bundle;
    }
  }
  if (candidates.size() == 1) {
    return last;
  }
  if (candidates.size() > 1) {
    return fail(base::ErrorKind::bad_input,
                "key " + quoted(reference.key) + " is required by several bundles: " + base::join_words(candidates),
                "${secret:" + candidates.front() + "/" + reference.key + "}");
  }
  if (bundles.size() == 1) {
    return &bundles.begin()->second;
  }
  if (bundles.empty()) {
    return fail(base::ErrorKind::not_found, "the policy has no bundle for key " + quoted(reference.key),
                example("NAME"));
  }
  std::string help = did_you_mean(reference.key, keys);
  return fail(base::ErrorKind::not_found,
              "key " + quoted(reference.key) + " is required by no bundle: name the bundle that has it",
              help.empty() ? "${secret:" + bundles.begin()->first + "/" + reference.key + "}" : std::move(help));
}

// The caller puts its own place into the error: a problem's goes to the notes.
base::Error unusable(const ResolvedBundle& bundle) {
  base::Error error = bundle.problems.front();
  for (const base::Error& problem : bundle.problems) {
    const std::string place =
        problem.location ? " in " + problem.location->file + ":" + std::to_string(problem.location->line) : "";
    error.notes.push_back((&problem == &bundle.problems.front() ? "it is" : problem.message) + place);
  }
  return error;
}

}  // namespace

base::Result<KeyUse> find_key(const Bundles& bundles, const placeholder::Reference& reference) {
  TRY_ASSIGN(const ResolvedBundle* bundle, find_bundle(bundles, reference));
  if (!bundle->problems.empty()) {
    return base::fail(unusable(*bundle));
  }
  const std::string& key = reference.key;
  const std::string where = "bundle " + quoted(bundle->bundle->name);
  const auto& required = bundle->bundle->required;
  if (!required.empty() && !required.contains(key)) {
    return fail(base::ErrorKind::not_found, "unknown key " + quoted(key) + " in " + where,
                suggestion(key, names_of(required)));
  }
  const auto renamed = bundle->key_names.find(key);
  const std::string& secret_key = renamed == bundle->key_names.end() ? key : renamed->second;
  if (!reference.optional) {  // an optional key may be absent
    const auto& in_secret = bundle->known_keys;
    if (in_secret && !in_secret->contains(secret_key)) {
      return fail(
          base::ErrorKind::not_found,
          "existing Secret " + quoted(bundle->secret_name) + " of " + where + " has no key " + quoted(secret_key),
          suggestion(secret_key, {in_secret->begin(), in_secret->end()}));
    }
    if (bundle->winner != SourceKind::existing_secret && !bundle->values.contains(key) &&
        !bundle->references.contains(key)) {
      return fail(base::ErrorKind::not_found, "unknown key " + quoted(key) + " in " + where,
                  suggestion(key, names_of(bundle->values)));
    }
  }
  return KeyUse{bundle, key, bundle->secret_name, secret_key};
}

}  // namespace helmme::policy
