// One object's uses of rewritten Secrets. The table of places is README's "What is repointed".
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "render/context.h"

namespace helmme::render {

class Repointer {
 public:
  Repointer(Context& context, const Object& object)
      : context_(context), loaded_(context.loaded), object_(object), document_(context.loaded.document) {}
  // In the object's pod template.
  void pods(std::deque<Container>& containers);
  // In an object that has none, and where the policy says.
  void others();

 private:
  // {name: SECRET, key: KEY}. Where the key is now; nullptr: nothing changed.
  const SecretKey* key_selector(manifest::NodeId selector);
  // What an optional placeholder asks of whoever names its key, or all keys where all are optional.
  void make_optional(manifest::NodeId holder);
  static bool all_optional(const SecretRewrite& rewrite);

  // envFrom (repoint_env_from.cpp).
  void env_from(Container& container);
  // An envFrom of renamed keys becomes entries of `env`, which Kubernetes lets win over every envFrom.
  void expand(Container& container, const SecretRewrite& rewrite, const std::vector<manifest::NodeId>& items,
              std::size_t index);
  // A name that the container sets itself is left out; whoever used it before that entry saw the envFrom's value.
  void check_earlier_use(const Container& container, const std::string& name, manifest::NodeId place);
  bool set_later(const std::vector<manifest::NodeId>& items, std::size_t index, const std::string& name) const;
  void warn_of_unseen(const std::vector<manifest::NodeId>& items, std::size_t index);
  // The keys that an envFrom gives: what this stream or the policy says of it; nullopt: neither does.
  std::optional<std::set<std::string>> visible(manifest::NodeId item) const;

  // Volumes and projected sources (repoint_volumes.cpp). volumes[].secret
  void secret_volume(manifest::NodeId volume);
  // {name: SECRET, items: […]} of a projected volume.
  void projected_source(manifest::NodeId sources, std::size_t index, manifest::NodeId secret);
  // The one Secret in which the items (or, without items, all keys) are now. Listed keys that may be absent and those
  // that must be there can't share one.
  const SecretKey* target_of(const SecretRewrite& rewrite, const std::vector<manifest::NodeId>& items) const;
  // A renamed key gets an item, so that the file keeps its name.
  void rename_items(const SecretRewrite& rewrite, manifest::NodeId secret, const std::vector<manifest::NodeId>& items);
  static manifest::Value items_value(const std::map<std::string, SecretKey>& moved);
  // The same files out of several Secrets: {name, items, optional} for each.
  std::vector<manifest::Value> split_sources(const SecretRewrite& rewrite, manifest::NodeId secret,
                                             const std::vector<manifest::NodeId>& items) const;
  // Keys that are now in several Secrets: a `secret` volume becomes a `projected` one of the same files.
  void become_projected(const SecretRewrite& rewrite, const manifest::Entry& secret,
                        const std::vector<manifest::NodeId>& items);

  // A place that names a whole Secret and its keys by convention.
  void whole_name(manifest::NodeId holder, std::string_view field, std::string_view what);
  void whole_name(manifest::NodeId name, std::string_view what);
  // "Kind/name:spec.path.*" of the policy: a Secret's name, or a {name, key}.
  void policy_field(std::string_view field);

  // The rewrite of a Secret that is named with those items, or as a whole; nullptr: nothing of it moves.
  const SecretRewrite* moving(manifest::NodeId name, const std::vector<manifest::NodeId>& items = {});
  const SecretRewrite* rewrite_of(manifest::NodeId name);
  // Where the key is now; nullptr: it stays, or it is missing, which is an error.
  const SecretKey* moved(const SecretRewrite& rewrite, std::string_view key, manifest::NodeId place);
  // False where a key that is named has not moved while it must, which is an error.
  bool covers_all(const SecretRewrite& rewrite, manifest::NodeId place);
  bool covers_items(const SecretRewrite& rewrite, const std::vector<manifest::NodeId>& items);
  bool missing(const SecretRewrite& rewrite, const std::vector<std::string>& keys, manifest::NodeId place);
  void record(manifest::NodeId name, const SecretRewrite& rewrite, const std::string& secret_name);
  void set_text(manifest::NodeId scalar, std::string_view text);
  void use_all(const SecretRewrite& rewrite, manifest::NodeId place);

  Context& context_;
  Loaded& loaded_;
  const Object& object_;
  const manifest::Document& document_;
};

}  // namespace helmme::render
