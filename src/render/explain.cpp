// What a run decided about its bundles, in words.
#include "render/context.h"

namespace helmme::render {
namespace {

std::string check_of(const policy::ResolvedBundle& bundle, const std::string& key) {
  if (bundle.winner == policy::SourceKind::existing_secret) {
    return bundle.known_keys ? "is among the Secret's keys" : "not seen: --secret-keys FILE checks that it is there";
  }
  return bundle.bundle->required.contains(key) ? "meets its contract" : "there; no contract";
}

BundleExplanation explain(const policy::ResolvedBundle& bundle, const KeyUses& uses) {
  const std::string& name = bundle.bundle->name;
  BundleExplanation out;
  out.name = name;
  out.winner = policy::name_of(bundle.winner);
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
  for (const auto& [used, count] : uses) {
    if (used.first == name) {
      keys.insert(used.second);
    }
  }
  for (const std::string& key : keys) {
    const auto renamed = bundle.key_names.find(key);
    const auto origin = bundle.origins.find(key);
    const auto used = uses.find({name, key});
    out.keys.push_back(
        {.key = key,
         .secret_key = out.secret_name.empty()             ? ""
                       : renamed == bundle.key_names.end() ? key
                                                           : renamed->second,
         .origin = origin == bundle.origins.end() ? "existing Secret " + bundle.secret_name : origin->second,
         .check = check_of(bundle, key),
         .uses = used == uses.end() ? 0 : used->second});
  }
  return out;
}

}  // namespace

std::vector<BundleExplanation> explain_bundles(const Plan& plan, const KeyUses& uses) {
  std::vector<BundleExplanation> out;
  for (const auto& [name, bundle] : plan.bundles) {
    out.push_back(explain(bundle, uses));
  }
  return out;
}

}  // namespace helmme::render
