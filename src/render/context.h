// What the steps of one run share: a Plan, made once from the whole stream, and a Context for each document that is
// edited by it. Documents are edited side by side, so a Plan does not change any more by then.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "policy/policy.h"
#include "policy/resolve.h"
#include "render/container.h"
#include "render/fetched.h"
#include "render/loaded.h"
#include "render/match.h"
#include "render/places.h"
#include "render/render.h"
#include "render/secret_rewrite.h"

namespace helmme::render {

// A bundle's Secret that has to join the stream, since something in that namespace uses it.
struct Delivered {
  std::string namespace_name;  // as the user's manifest has it; empty: the release's
  const policy::ResolvedBundle* bundle = nullptr;
  [[nodiscard]] bool operator<(const Delivered& other) const {
    const auto identity = [](const Delivered& one) {
      return std::tuple(std::string_view(one.namespace_name), std::string_view(one.bundle->bundle->name), one.bundle);
    };
    return identity(*this) < identity(other);
  }
};

// The values that one or more documents put into the stream, and so into Helm's release.
struct Exposure {
  std::map<Delivered, std::set<std::string>> delivered;  // the keys of the bundle that are used there
  std::set<std::string> filled;                          // rendered Secrets, by name
  std::size_t inlined = 0;                               // placeholders that gave way to a value
  [[nodiscard]] bool empty() const { return delivered.empty() && filled.empty() && inlined == 0; }
  void merge(Exposure other);
};

// Deliveries that put a document into the stream.
[[nodiscard]] inline bool adds_document(policy::Delivery delivery) {
  return delivery == policy::Delivery::secret || delivery == policy::Delivery::external_secret;
}

// Stands for a value where none may be shown.
inline constexpr std::string_view k_redacted = "****";

// Bundle and key → how often the stream uses it; counted where a run is explained.
using KeyUses = std::map<std::pair<const policy::ResolvedBundle*, std::string>, std::size_t>;

struct Plan {
  explicit Plan(const Input& given) : input(given), places(given.stream, given.stream_name) {}

  const Input& input;
  Places places;
  bool helm_4 = false;
  std::optional<policy::Policy> policy;
  std::map<std::string, policy::ResolvedBundle> bundles;  // the policy's
  Fetched fetched;                                        // what the stream itself asks providers for
  std::deque<SecretRewrite> rewrites;
  VisibleKeys visible;

  // Which dialects count in an object: --dialect, else the policy's `dialects`, else all of them; of these, the ones
  // that its annotation helm-me.io/dialects names (words between commas), which may add `native`. None in a
  // CustomResourceDefinition.
  [[nodiscard]] Scope scope_of(const manifest::Document& document, const Object& object) const;
  // True where `value` may hold a placeholder; cheap.
  [[nodiscard]] static bool may_match(std::string_view value, const Scope& scope);
  // All placeholders of a value, in order and without overlap.
  [[nodiscard]] std::vector<Match> matches(std::string_view value, const Scope& scope) const;
  // Those of them that are fetched. argocd-vault-plugin's name no backend: AVP_TYPE does
  // (https://argocd-vault-plugin.readthedocs.io/en/stable/config/), Vault where it is not set.
  [[nodiscard]] std::vector<placeholder::FetchedMatch> fetched_in(std::string_view value, const Scope& scope) const;
  // How people know a key of a bundle: "shop/PASSWORD", or what is written for something fetched.
  [[nodiscard]] std::string in_words(const SecretKey& key) const;
  // The policy's bundles, and the one of what is fetched.
  [[nodiscard]] std::vector<const policy::ResolvedBundle*> all_bundles() const;
  // Keys the rollout annotation: HELM_ME_VERSION_KEY, else what the local store lends; nullptr: there is none.
  [[nodiscard]] const base::Secret* version_key() const;
  // For rewrites_named(): once all of them are known.
  void index_rewrites();
  [[nodiscard]] std::span<const SecretRewrite* const> rewrites_named(std::string_view secret_name) const;
  // The rewrite of the rendered Secret itself; nullptr: it stays as it is.
  [[nodiscard]] const SecretRewrite* rewrite_of(const Object& object) const;
  // An object's namespace, the release's filled in; empty where it is not known.
  [[nodiscard]] std::string namespace_of(const Object& object) const;
  [[nodiscard]] std::string filled_in(const std::string& namespace_name) const;

 private:
  std::map<std::string_view, std::vector<const SecretRewrite*>> rewrites_by_name_;
};

struct Context {
  const Plan& plan;
  Loaded& loaded;
  base::Diagnostics& diagnostics;
  // Values that an object's pods use and that are known here, for the rollout annotation: "secret/key" → value.
  std::map<const Object*, std::map<std::string, const base::Secret*>> uses = {};
  std::set<const Object*> edited = {};  // objects that use a key by an edit of this run
  // Objects that got a value which reads as a placeholder. It is none: another run must leave it alone.
  std::set<const Object*> misread = {};
  std::set<manifest::NodeId> repointed = {};  // names of Secrets that were looked at: what has to change there does
  std::set<std::pair<const Object*, const policy::ResolvedBundle*>> too_early = {};  // reported by use_by_name()
  bool lacks_version_key = false;
  Exposure exposure = {};
  std::vector<Outcome> outcomes = {};
  KeyUses key_uses = {};

  // The rewrite of a Secret that an object names; nullptr: none. Where it depends on the release's namespace, which
  // is not known, that is an error at `node`.
  const SecretRewrite* rewrite_for(const Object& object, std::string_view secret_name, manifest::NodeId node);
  // For an explanation: what stood at a node, and what it becomes.
  void record(const Object& object, manifest::NodeId node, std::string_view written, std::string_view becomes);
  // Remembers that the object's pods use that key, by an edit of this run or by the Secret's name, and that its
  // bundle's Secret has to be there. An object that runs before a Secret of this stream exists is an error at `node`.
  void use(const Object& object, const SecretKey& key, manifest::NodeId node);
  void use_by_name(const Object& object, const SecretKey& key, manifest::NodeId node);
  // Counts one use of a key, for an explanation.
  void count(const SecretKey& key);
  // Remembers that the object's pods use keys that a rendered Secret gets its values for: that one, or all of them.
  void use_filled(const Object& object, const SecretRewrite& rewrite, std::optional<std::string_view> key = {});
  // Turns an edit's refusal into an error with its place; true where the edit was taken.
  bool accept(const base::Result<void>& edit, const Object& object, manifest::NodeId node);
  void error(base::ErrorKind kind, std::string message, base::Location location, std::string help = {});
  void warning(std::string message, base::Location location, std::string help = {});
  // The containers of an object's pod template, each once.
  [[nodiscard]] std::deque<Container> containers_of(const Object& object);
};

// Fills the plan and carries it out: what render() does.
[[nodiscard]] std::optional<Rendered> run(Plan& plan, base::Diagnostics& diagnostics);

// Repoints every use of a rewritten Secret in one object (repoint.cpp). `containers` get what their envFrom becomes.
void repoint_object(Context& context, const Object& object, std::deque<Container>& containers);
// Warns of uses that stay, in an object that is already repointed (other_uses.cpp).
void warn_of_other_uses(Context& context, const Object& object);

// Places every placeholder of one object (place.cpp).
void place_object(Context& context, const Object& object, std::deque<Container>& containers);

// The key that a placeholder of an object means, at `node`; what is wrong with it is reported.
[[nodiscard]] std::optional<SecretKey> key_of(Context& context, const Object& object, manifest::NodeId node,
                                              const Match& match);
// Its value, where this run knows it; else nullptr.
[[nodiscard]] const base::Secret* value_of(const SecretKey& key);

// What becomes of the keys of a rendered Secret that hold placeholders: those that are one, delivered by reference,
// move; the others are filled. Any other placeholder in data and stringData is reported (rendered_secret.cpp).
struct SecretKeys {
  std::map<std::string, SecretKey> moved;
  std::map<std::string, SecretRewrite::Filled> filled;
  std::set<std::string> missing;
  std::map<std::string, Composed> composed;  // of what External Secrets reads, and text around it
};
[[nodiscard]] SecretKeys placeholder_keys(Context& context, const Object& object);
// What comes in the place of a rendered Secret whose keys External Secrets composes. bad_input, reported: some of its
// placeholders are for someone else. nullptr then.
[[nodiscard]] std::unique_ptr<ExternalSecret> external_secret_of(Context& context, const Object& object,
                                                                 SecretKeys& keys);
// Takes the moved keys out of a Secret that stays, and fills the others.
void edit_rendered_secret(Context& context, const Object& object, const SecretRewrite& rewrite);

// What stands for the value of a filled key where none may be shown: "**** of shop/API_KEY".
[[nodiscard]] std::string redacted(const Plan& plan, const SecretRewrite::Filled& filled);

// Finds uses of Secrets that join the stream by their own names, which need no edit (delivered_secret.cpp).
void use_delivered_secrets(Context& context, const Object& object);

// For an explanation (explain.cpp).
[[nodiscard]] std::vector<BundleExplanation> explain_bundles(const Plan& plan, const KeyUses& uses);

// The documents of the Secrets that join the stream (delivered_secret.cpp).
[[nodiscard]] std::vector<std::string> delivered_documents(const Plan& plan, const Exposure& exposure,
                                                           base::Diagnostics& diagnostics);

// Annotates the pod templates in context.uses (rollout.cpp).
void annotate_rollouts(Context& context);

}  // namespace helmme::render
