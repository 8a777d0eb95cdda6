// What happens to the keys of a Secret that the chart names: each moved key is found in another Secret from now on.
// Comes from a policy's `replaces`, and from a rendered Secret whose values are placeholders.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/resolve.h"
#include "render/external_secret.h"
#include "render/loaded.h"

namespace helmme::render {

// A key in a Secret, as a workload names it.
struct SecretKey {
  std::string secret_name;
  std::string key;
  bool optional = false;
  const policy::ResolvedBundle* bundle = nullptr;  // whose value it is
  std::string bundle_key;
};

// "Secret shop-secrets, key JWT_SECRET"
[[nodiscard]] std::string in_words(std::string_view secret_name, std::string_view key);

struct SecretRewrite {
  // A key that gets a value where it stands (deliveries `secret` and `inline`): the Secret keeps it under its name.
  struct Filled {
    bool whole = false;             // `replaces`: the value is that one key's, whatever the chart rendered there
    std::vector<SecretKey> values;  // what it is made of
  };

  std::string name;
  std::string namespace_name;        // empty: the release's
  std::optional<ObjectId> rendered;  // nullopt: this stream does not hold it; then it is one of the release's namespace
  base::Location location;           // of the rendered Secret
  std::vector<std::string> rendered_keys;
  std::map<std::string, SecretKey> moved;
  std::map<std::string, Filled> filled;
  std::set<std::string> missing;             // keys that leave, since what they name is not there
  std::unique_ptr<ExternalSecret> external;  // what comes in its place, under its name: nobody is repointed
  bool dropped = false;                      // the rendered Secret leaves the stream

  // True where a key would move to a Secret of the very name that is dropped: Helm deletes what leaves the manifest,
  // so nothing would be left of it.
  [[nodiscard]] bool replaces_itself() const;
  // All keys that a whole mount or a whole envFrom sees.
  [[nodiscard]] std::vector<std::string> all_keys() const;
  // Those that stay where they are, in a Secret that is not dropped.
  [[nodiscard]] std::vector<std::string> kept_keys() const;
  // The one Secret that all keys move to under their own names; nullptr where it is not so.
  [[nodiscard]] const SecretKey* plain_rename() const;
  // The one Secret that all keys move to, also under other names.
  [[nodiscard]] const SecretKey* single_target() const;
};

// What this stream says of itself: which keys its Secrets and ConfigMaps have. Namespaces are as Plan::namespace_of()
// gives them.
class VisibleKeys {
 public:
  void add(const Loaded& loaded, const Object& object, std::string_view namespace_name);
  // nullptr: this stream does not hold it.
  [[nodiscard]] const std::set<std::string>* find(std::string_view kind, std::string_view namespace_name,
                                                  std::string_view name) const;

 private:
  std::map<std::string, std::set<std::string>> keys_;
};

// The keys of a Secret's or ConfigMap's data, stringData and binaryData.
[[nodiscard]] std::vector<std::string> data_keys(const Loaded& loaded, const Object& object);

}  // namespace helmme::render
