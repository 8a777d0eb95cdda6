// What the steps of one run share.
#pragma once

#include <deque>
#include <map>
#include <set>
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

struct Context {
  Context(const Input& given, base::Diagnostics& report)
      : input(given), diagnostics(report), places(given.stream, given.stream_name) {}

  const Input& input;
  base::Diagnostics& diagnostics;
  Places places;
  bool helm_4 = false;
  std::deque<Loaded> documents;
  std::optional<policy::Policy> policy;
  std::map<std::string, policy::ResolvedBundle> bundles;
  std::deque<SecretRewrite> rewrites;
  VisibleKeys visible;
  // Values that a pod template uses and that are known here, for the rollout annotation: by template node.
  struct Uses {
    Loaded* loaded = nullptr;
    const Object* object = nullptr;
    std::map<std::string, const base::Secret*> values;  // "secret/key" → value
  };
  std::vector<Uses> uses;

  // The rewrite of a Secret that an object names; nullptr: none. Where it depends on the release's namespace, which
  // is not known, that is an error at `node`.
  SecretRewrite* rewrite_for(const Loaded& loaded, const Object& object, std::string_view secret_name, manifest::NodeId node);
  // True where the object leaves the stream.
  [[nodiscard]] bool drops(const Object& object) const;
  // Remembers that the object's pods use that key.
  void use(Loaded& loaded, const Object& object, const SecretKey& key);
  // Turns an edit's refusal into an error with its place; true where the edit was taken.
  bool accept(const base::Result<void>& edit, const Loaded& loaded, const Object& object, manifest::NodeId node);
  void error(base::ErrorKind kind, std::string message, base::Location location, std::string help = {});
  void warning(std::string message, base::Location location, std::string help = {});
  // An object's namespace, the release's filled in; empty where it is not known.
  [[nodiscard]] std::string namespace_of(const Object& object) const;
};

// Repoints every use of a rewritten Secret in one object (repoint.cpp). `containers` get what their envFrom becomes.
void repoint_object(Context& context, Loaded& loaded, const Object& object, std::deque<Container>& containers);
// Warns of uses that stay, in documents that are already repointed.
void warn_of_other_uses(Context& context, Loaded& loaded, const Object& object);

// Places every placeholder of one object (place.cpp).
void place_object(Context& context, Loaded& loaded, const Object& object, std::deque<Container>& containers);

// Finds the Secrets that the chart renders with placeholders as values and makes rewrites of them (place.cpp).
void plan_rendered_secrets(Context& context);

// Annotates the pod templates in context.uses (rollout.cpp).
void annotate_rollouts(Context& context);

// The containers of an object's pod template, each once.
[[nodiscard]] std::deque<Container> containers_of(Context& context, Loaded& loaded, const Object& object);

}  // namespace helmme::render
