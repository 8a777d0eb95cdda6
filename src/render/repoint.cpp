#include "render/repoint.h"

#include <algorithm>

#include "base/text.h"
#include "policy/names.h"

namespace helmme::render {

using manifest::Entry;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::Value;

void Repointer::pods(std::deque<Container>& containers) {
  const NodeId spec = document_.at(pod_template_of(document_, object_), "spec");
  for (Container& container : containers) {
    for (const EnvEntry& entry : container.env()) {
      const NodeId selector = document_.at(entry.value_from, "secretKeyRef");
      if (const SecretKey* target = key_selector(selector); target != nullptr && target->optional) {
        make_optional(selector);
      }
    }
    env_from(container);
  }
  for (const NodeId volume : document_.items(document_.at(spec, "volumes"))) {
    secret_volume(volume);
    const NodeId sources = document_.at(volume, "projected.sources");
    const std::vector<NodeId> all = document_.items(sources);
    for (std::size_t i = 0; i < all.size(); ++i) {
      projected_source(sources, i, document_.at(all[i], "secret"));
    }
    whole_name(document_.at(volume, "csi.nodePublishSecretRef"), "name", "a CSI driver's Secret");
  }
  for (const NodeId secret : document_.items(document_.at(spec, "imagePullSecrets"))) {
    whole_name(secret, "name", "an image pull Secret");
  }
}

void Repointer::others() {
  if (object_.is_core("ServiceAccount")) {
    for (const NodeId secret : document_.items(document_.at(object_.root, "imagePullSecrets"))) {
      whole_name(secret, "name", "an image pull Secret");
    }
  }
  if (object_.kind == "Ingress") {
    for (const NodeId tls : document_.items(document_.at(object_.root, "spec.tls"))) {
      whole_name(tls, "secretName", "an Ingress' TLS Secret");
    }
  }
  if (context_.plan.policy) {
    for (const std::string& field : context_.plan.policy->secret_name_fields) {
      policy_field(field);
    }
  }
}

const SecretKey* Repointer::key_selector(NodeId selector) {
  const Entry name = document_.find(selector, "name");
  const Entry key = document_.find(selector, "key");
  const SecretRewrite* rewrite = name ? rewrite_of(name.value) : nullptr;
  if (rewrite == nullptr || !key) {
    return nullptr;
  }
  context_.use_filled(object_, *rewrite, document_.text(key.value));
  const SecretKey* target = moved(*rewrite, document_.text(key.value), key.value);
  if (target != nullptr) {
    set_text(name.value, target->secret_name);
    set_text(key.value, target->key);
    context_.use(object_, *target, key.value);
    context_.record(object_, key.value, in_words(rewrite->name, document_.text(key.value)),
                    in_words(target->secret_name, target->key));
  }
  return target;
}

void Repointer::make_optional(NodeId holder) {
  if (is_true(document_, holder, "optional")) {
    return;
  }
  const Entry present = document_.find(holder, "optional");
  context_.accept(present ? loaded_.editor.replace(present.value, Value::plain("true"))
                          : loaded_.editor.add_entry(holder, "optional", Value::plain("true")),
                  object_, holder);
}

bool Repointer::all_optional(const SecretRewrite& rewrite) {
  return !rewrite.moved.empty() && std::all_of(rewrite.moved.begin(), rewrite.moved.end(),
                                               [](const auto& entry) { return entry.second.optional; });
}

void Repointer::whole_name(NodeId holder, std::string_view field, std::string_view what) {
  if (const Entry name = document_.find(holder, field); name) {
    whole_name(name.value, what);
  }
}

void Repointer::whole_name(NodeId name, std::string_view what) {
  const SecretRewrite* rewrite = moving(name);
  if (rewrite == nullptr || !covers_all(*rewrite, name)) {
    return;
  }
  const SecretKey* renamed = rewrite->plain_rename();
  if (renamed == nullptr) {
    context_.error(base::ErrorKind::bad_input,
                   std::string(what) + " is read by the names of its keys, which can't be renamed here",
                   context_.plan.places.of(loaded_, object_, name),
                   "give the keys of the Secret that replaces " + base::printable(rewrite->name) + " the same names");
    return;
  }
  set_text(name, renamed->secret_name);
  use_all(*rewrite, name);
  record(name, *rewrite, renamed->secret_name);
}

void Repointer::policy_field(std::string_view field) {
  for (const NodeId node : nodes_at(document_, object_, field)) {
    if (document_[node].kind == manifest::NodeKind::mapping) {
      key_selector(node);
    } else if (document_[node].parent != k_no_node && !loaded_.editor.touches(node)) {
      whole_name(node, "a Secret that is named alone");
    }
  }
}

const SecretRewrite* Repointer::moving(NodeId name, const std::vector<NodeId>& items) {
  const SecretRewrite* rewrite = rewrite_of(name);
  if (rewrite == nullptr) {
    return nullptr;
  }
  for (const NodeId item : items) {
    context_.use_filled(object_, *rewrite, document_.text_at(item, "key"));
  }
  if (items.empty()) {
    context_.use_filled(object_, *rewrite);
  }
  return rewrite->moved.empty() && !rewrite->dropped ? nullptr : rewrite;
}

const SecretRewrite* Repointer::rewrite_of(NodeId name) {
  return context_.rewrite_for(object_, document_.text(name), name);
}

const SecretKey* Repointer::moved(const SecretRewrite& rewrite, std::string_view key, NodeId place) {
  const auto found = rewrite.moved.find(std::string(key));
  if (found != rewrite.moved.end()) {
    return &found->second;
  }
  if (rewrite.dropped) {
    missing(rewrite, {std::string(key)}, place);
  }
  return nullptr;
}

bool Repointer::covers_all(const SecretRewrite& rewrite, NodeId place) {
  std::vector<std::string> lacking;
  for (const std::string& key : rewrite.all_keys()) {
    if (rewrite.dropped && !rewrite.moved.contains(key)) {
      lacking.push_back(key);
    }
  }
  return lacking.empty() || missing(rewrite, lacking, place);
}

bool Repointer::covers_items(const SecretRewrite& rewrite, const std::vector<NodeId>& items) {
  bool any_moved = false;
  for (const NodeId item : items) {
    const NodeId key = document_.at(item, "key");
    any_moved |= rewrite.moved.contains(std::string(document_.text(key)));
    if (rewrite.dropped && moved(rewrite, document_.text(key), key) == nullptr) {
      return false;
    }
  }
  return any_moved;
}

bool Repointer::missing(const SecretRewrite& rewrite, const std::vector<std::string>& keys, NodeId place) {
  const bool fits = std::all_of(keys.begin(), keys.end(), policy::is_key_name);
  std::vector<std::string> names;
  std::transform(keys.begin(), keys.end(), std::back_inserter(names),
                 [](const std::string& key) { return base::printable(key); });
  context_.error(
      base::ErrorKind::bad_input,
      "this uses the " + std::string(keys.size() == 1 ? "key " : "keys ") + base::join_words(names) + " of Secret " +
          base::printable(rewrite.name) + ", which `replaces` does not map",
      context_.plan.places.of(loaded_, object_, place),
      fits ? "add to the policy: replaces: {" + base::printable(rewrite.name) + ": {" + keys.front() + ": BUNDLE_KEY}}"
           : "rename the key in the chart: a Secret's keys hold letters, digits, \".\", \"_\" and \"-\"");
  return false;
}

void Repointer::record(NodeId name, const SecretRewrite& rewrite, const std::string& secret_name) {
  context_.record(object_, name, "Secret " + rewrite.name, "Secret " + secret_name);
}

void Repointer::set_text(NodeId scalar, std::string_view text) {
  if (document_.text(scalar) != text) {
    context_.accept(loaded_.editor.replace(scalar, Value::string(text)), object_, scalar);
  }
}

void Repointer::use_all(const SecretRewrite& rewrite, NodeId place) {
  for (const auto& [key, target] : rewrite.moved) {
    context_.use(object_, target, place);
  }
}

void repoint_object(Context& context, const Object& object, std::deque<Container>& containers) {
  if (context.plan.rewrites.empty()) {
    return;
  }
  Repointer repointer(context, object);
  repointer.pods(containers);
  repointer.others();
}

}  // namespace helmme::render
