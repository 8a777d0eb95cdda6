// What a run decided about its bundles, in words.
#include "render/context.h"

namespace helmme::render {
namespace {

const std::string& secret_key_of(const policy::ResolvedBundle& bundle, const std::string& key) {
  const auto renamed = bundle.key_names.find(key);
  return renamed == bundle.key_names.end() ? key : renamed->second;
}

std::string check_of(const policy::ResolvedBundle& bundle, const std::string& key) {
  const bool existing = bundle.winner == policy::SourceKind::existing_secret;
  if (existing && !bundle.known_keys) {
    return "not seen: --secret-keys FILE checks that it is there";
  }
  if (!(existing ? bundle.known_keys->contains(secret_key_of(bundle, key))
                 : bundle.values.contains(key) || bundle.references.contains(key))) {
    return "absent, which its placeholders allow";
  }
  if (bundle.references.contains(key)) {
    return "read in the cluster";
  }
  if (existing) {
    return "is among the Secret's keys";
  }
  return bundle.bundle->required.contains(key) ? "meets its contract" : "there; no contract";
}

std::string origin_of(const policy::ResolvedBundle& bundle, const std::string& key) {
  if (bundle.winner == policy::SourceKind::existing_secret) {
    return "existing Secret " + bundle.secret_name;
  }
  const auto origin = bundle.origins.find(key);
  return origin == bundle.origins.end() ? std::string(policy::name_of(bundle.winner)) : origin->second;
}

BundleExplanation explain(const Plan& plan, const policy::ResolvedBundle& bundle, const KeyUses& uses) {
  BundleExplanation out;
  out.name = bundle.bundle->name;
  if (!bundle.problems.empty()) {
    out.problem = bundle.problems.front().message;
    return out;
  }
  out.winner = &bundle == &plan.fetched.resolved ? k_placeholders : policy::name_of(bundle.winner);
  out.delivery = policy::name_of(bundle.delivery);
  out.secret_name = bundle.delivery == policy::Delivery::inline_value ? "" : bundle.secret_name;
  for (const policy::SourceKind source : bundle.shadowed) {
    out.shadowed.emplace_back(policy::name_of(source));
  }
  std::set<std::string> keys;
  for (const auto& [key, contract] : bundle.bundle->required) {
    keys.insert(key);
  }
  for (const auto& [key, value] : bundle.values) {
    keys.insert(key);
  }
  for (const auto& [key, reference] : bundle.references) {
    keys.insert(key);
  }
  for (const auto& [used, count] : uses) {
    if (used.first == &bundle) {
      keys.insert(used.second);
    }
  }
  for (const std::string& key : keys) {
    const auto used = uses.find({&bundle, key});
    out.keys.push_back({.key = key,
                        .secret_key = out.secret_name.empty() ? "" : secret_key_of(bundle, key),
                        .origin = origin_of(bundle, key),
                        .check = check_of(bundle, key),
                        .uses = used == uses.end() ? 0 : used->second});
  }
  return out;
}

}  // namespace

std::vector<BundleExplanation> explain_bundles(const Plan& plan, const KeyUses& uses) {
  std::vector<BundleExplanation> out;
  for (const policy::ResolvedBundle* bundle : plan.all_bundles()) {
    out.push_back(explain(plan, *bundle, uses));
  }
  return out;
}

}  // namespace helmme::render
