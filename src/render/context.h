// What the steps of one run share: a Plan, made once from the whole stream, and a Context for each document that is
// edited by it. Documents are edited side by side, so a Plan does not change any more by then.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "policy/policy.h"
#include "policy/resolve.h"
#include "render/container.h"
#include "render/loaded.h"
#include "render/render.h"
#include "render/secret_rewrite.h"

namespace helmme::render {

struct Plan {
  explicit Plan(const Input& given) : input(given), places(given.stream, given.stream_name) {}

  const Input& input;
  Places places;
  bool helm_4 = false;
  std::optional<policy::Policy> policy;
  std::map<std::string, policy::ResolvedBundle> bundles;
  std::deque<SecretRewrite> rewrites;
  VisibleKeys visible;

  // The rewrite of the rendered Secret itself; nullptr: it stays as it is.
  [[nodiscard]] const SecretRewrite* rewrite_of(const Object& object) const;
  // An object's namespace, the release's filled in; empty where it is not known.
  [[nodiscard]] std::string namespace_of(const Object& object) const;
};

struct Context {
  const Plan& plan;
  Loaded& loaded;
  base::Diagnostics& diagnostics;
  // Values that an object's pods use and that are known here, for the rollout annotation: "secret/key" → value.
  std::map<const Object*, std::map<std::string, const base::Secret*>> uses = {};
  bool lacks_version_key = false;

  // The rewrite of a Secret that an object names; nullptr: none. Where it depends on the release's namespace, which
  // is not known, that is an error at `node`.
  const SecretRewrite* rewrite_for(const Object& object, std::string_view secret_name, manifest::NodeId node);
  // Remembers that the object's pods use that key.
  void use(const Object& object, const SecretKey& key);
  // Turns an edit's refusal into an error with its place; true where the edit was taken.
  bool accept(const base::Result<void>& edit, const Object& object, manifest::NodeId node);
  void error(base::ErrorKind kind, std::string message, base::Location location, std::string help = {});
  void warning(std::string message, base::Location location, std::string help = {});
  // The containers of an object's pod template, each once.
  [[nodiscard]] std::deque<Container> containers_of(const Object& object);
};

// Repoints every use of a rewritten Secret in one object (repoint.cpp). `containers` get what their envFrom becomes.
void repoint_object(Context& context, const Object& object, std::deque<Container>& containers);
// Warns of uses that stay, in an object that is already repointed.
void warn_of_other_uses(Context& context, const Object& object);

// Places every placeholder of one object (place.cpp).
void place_object(Context& context, const Object& object, std::deque<Container>& containers);

// The keys of a rendered Secret whose whole value is a placeholder, and where they are found from now on; reports
// values of which a placeholder is a part (place.cpp).
[[nodiscard]] std::map<std::string, SecretKey> placeholder_keys(Context& context, const Object& object);
// Takes those keys out of a Secret that stays.
void remove_placeholder_keys(Context& context, const Object& object, const SecretRewrite& rewrite);

// Annotates the pod templates in context.uses (rollout.cpp).
void annotate_rollouts(Context& context);

}  // namespace helmme::render
