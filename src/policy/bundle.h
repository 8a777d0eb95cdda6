// One bundle of a policy: Node → Bundle.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/form.h"
#include "policy/node.h"
#include "policy/policy.h"

namespace helmme::policy {

// What every bundle falls back to.
struct Defaults {
  std::optional<Delivery> delivery;
  std::optional<std::string> target;
  bool strict = false;
  std::optional<SecretStore> store;
  std::optional<Allow> allow;
};

// The keys of the whole policy that this version serves.
extern const std::vector<std::string> k_top_keys;

[[nodiscard]] Bundle read_bundle(const NodeEntry& entry, const Defaults& defaults, Form& form);

// Keys of the format that this version reads, but does not serve: reports them where they are configured.
// `true`: the key is one of them.
bool is_later_work(const NodeEntry& entry, const std::string& where, Form& form);

// `secretStoreRef: {name, kind}` and `refreshInterval` change what there is of a store.
void read_store(const NodeEntry& entry, const std::string& what, std::optional<SecretStore>& store, Form& form);

// `delivery`. nullopt: not configured, or a problem.
[[nodiscard]] std::optional<Delivery> read_delivery(const Node& node, const std::string& what, Form& form);

}  // namespace helmme::policy
