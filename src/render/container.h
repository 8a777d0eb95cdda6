// A container of a pod template, and the environment that edits add to it. All added entries go above the
// container's own, in one splice, so `$(NAME)` in any of them is defined.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "render/loaded.h"
#include "render/secret_rewrite.h"

namespace helmme::render {

// One entry of a container's own `env`.
struct EnvEntry {
  manifest::NodeId node = manifest::k_no_node;
  std::string_view name;
  manifest::Entry value;  // the entry `value`, if any
  manifest::NodeId value_from = manifest::k_no_node;
};

// `valueFrom`'s content: {secretKeyRef: {name: …, key: …}}.
[[nodiscard]] manifest::Value secret_key_ref(const SecretKey& key);

class Container {
 public:
  // `namespace_name`: the object's, as `visible` knows it.
  Container(Loaded& loaded, manifest::NodeId node, std::string_view namespace_name, const VisibleKeys& visible);

  [[nodiscard]] const std::vector<EnvEntry>& env() const noexcept { return env_; }
  [[nodiscard]] manifest::NodeId node() const noexcept { return node_; }
  [[nodiscard]] manifest::NodeId env_node() const noexcept { return env_node_; }
  // nullptr: it does not set that name itself.
  [[nodiscard]] const EnvEntry* own(std::string_view name) const;

  // The name of a variable that holds this key: one for each key, never one that is set, seen or used elsewhere.
  std::string variable_for(const SecretKey& key);
  // An entry of a given name; the last one of a name counts, as of Kubernetes' envFrom.
  void add(std::string name, const SecretKey& key);
  // Puts what was added into the document.
  [[nodiscard]] base::Result<void> finish();

 private:
  struct Added {
    std::string name;
    SecretKey key;
    bool ours = false;  // named by variable_for
  };

  Loaded& loaded_;
  manifest::NodeId node_;
  manifest::NodeId env_node_;
  std::vector<EnvEntry> env_;
  std::set<std::string, std::less<>> taken_;
  std::vector<Added> added_;
};

}  // namespace helmme::render
