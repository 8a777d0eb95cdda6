// Repoints the consumers of rewritten Secrets, key by key. The table of places is README's "What is repointed".
#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "policy/names.h"
#include "render/context.h"
#include "render/expansion.h"

namespace helmme::render {
namespace {

using manifest::Entry;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::Value;

// Kubernetes skipped envFrom keys that are no such name before 1.34 (apimachinery validation, IsEnvVarName).
bool is_variable_name(std::string_view name) {
  const auto first = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && first(name[0]) && name != "." && !name.starts_with("..") &&
         std::all_of(name.begin(), name.end(), [&](char c) { return first(c) || (c >= '0' && c <= '9'); });
}

// One object's uses of rewritten Secrets.
class Repointer {
 public:
  Repointer(Context& context, const Object& object)
      : context_(context), loaded_(context.loaded), object_(object), document_(context.loaded.document) {}

  void pods(std::deque<Container>& containers) {
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

  void others() {
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

 private:
  // {name: SECRET, key: KEY}. Where the key is now; nullptr: nothing changed.
  const SecretKey* key_selector(NodeId selector) {
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

  // What an optional placeholder asks of whoever names its key, or all keys where all are optional.
  void make_optional(NodeId holder) {
    if (is_true(document_, holder, "optional")) {
      return;
    }
    const Entry present = document_.find(holder, "optional");
    context_.accept(present ? loaded_.editor.replace(present.value, Value::plain("true"))
                            : loaded_.editor.add_entry(holder, "optional", Value::plain("true")),
                    object_, holder);
  }

  static bool all_optional(const SecretRewrite& rewrite) {
    return !rewrite.moved.empty() && std::all_of(rewrite.moved.begin(), rewrite.moved.end(),
                                                 [](const auto& entry) { return entry.second.optional; });
  }

  void env_from(Container& container) {
    const NodeId list = document_.at(container.node(), "envFrom");
    const std::vector<NodeId> items = document_.items(list);
    std::vector<std::size_t> removed;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Entry name = document_.find(document_.at(items[i], "secretRef"), "name");
      const SecretRewrite* rewrite = name ? moving(name.value) : nullptr;
      if (rewrite == nullptr || !covers_all(*rewrite, name.value)) {
        continue;
      }
      if (const SecretKey* renamed = rewrite->plain_rename(); renamed != nullptr) {
        set_text(name.value, renamed->secret_name);
        if (all_optional(*rewrite)) {
          make_optional(document_.at(items[i], "secretRef"));
        }
        use_all(*rewrite, name.value);
        record(name.value, *rewrite, renamed->secret_name);
        continue;
      }
      expand(container, *rewrite, items, i);
      context_.record(object_, name.value, "Secret " + rewrite->name, "an env entry for each key");
      if (rewrite->kept_keys().empty()) {
        removed.push_back(i);
      }
    }
    if (!removed.empty()) {
      context_.accept(loaded_.editor.remove(list, removed), object_, list);
    }
  }

  // An envFrom of renamed keys becomes entries of `env`, which Kubernetes lets win over every envFrom.
  void expand(Container& container, const SecretRewrite& rewrite, const std::vector<NodeId>& items, std::size_t index) {
    const std::string prefix(document_.text_at(items[index], "prefix"));
    const bool optional = is_true(document_, items[index], "secretRef.optional");
    for (const auto& [key, target] : rewrite.moved) {
      const std::string name = prefix + key;
      if (!is_variable_name(name)) {
        context_.warning(
            "the key " + base::printable(key) + " is no name of a variable and is left out of the environment",
            context_.plan.places.of(loaded_, object_, items[index]));
        continue;
      }
      if (container.own(name) != nullptr) {
        check_earlier_use(container, name, items[index]);
        continue;
      }
      if (set_later(items, index, name)) {
        continue;
      }
      SecretKey used = target;
      used.optional = used.optional || optional;
      container.add(name, used);
      context_.use(object_, used, items[index]);
    }
    warn_of_unseen(items, index);
  }

  // A name that the container sets itself is left out; whoever used it before that entry saw the envFrom's value.
  void check_earlier_use(const Container& container, const std::string& name, NodeId place) {
    for (const EnvEntry& entry : container.env()) {
      for (const VariableUse& use : variable_uses(document_.text(entry.value.value))) {
        if (use.name == name) {
          context_.error(base::ErrorKind::bad_input,
                         "the env value of " + base::printable(entry.name) + " uses $(" + base::printable(name) +
                             "), which comes from this envFrom and is set again below it",
                         context_.plan.places.of(loaded_, object_, place),
                         "give one of the two variables another name in the chart");
        }
      }
      if (entry.name == name) {
        return;
      }
    }
  }

  bool set_later(const std::vector<NodeId>& items, std::size_t index, const std::string& name) const {
    for (std::size_t i = index + 1; i < items.size(); ++i) {
      const std::optional<std::set<std::string>> keys = visible(items[i]);
      const std::string_view prefix = document_.text_at(items[i], "prefix");
      if (keys && name.starts_with(prefix) && keys->contains(name.substr(prefix.size()))) {
        return true;
      }
    }
    return false;
  }

  void warn_of_unseen(const std::vector<NodeId>& items, std::size_t index) {
    for (std::size_t i = index + 1; i < items.size(); ++i) {
      if (!visible(items[i])) {
        context_.warning(
            "this envFrom stood below one that became env entries, which win over it where a name is in both",
            context_.plan.places.of(loaded_, object_, items[i]), "see that it has none of those names");
      }
    }
  }

  // The keys that an envFrom gives: what this stream or the policy says of it; nullopt: neither does.
  std::optional<std::set<std::string>> visible(NodeId item) const {
    const std::string_view secret = document_.text_at(item, "secretRef.name");
    const std::string namespace_name = context_.plan.namespace_of(object_);
    const std::set<std::string>* keys = context_.plan.visible.find("Secret", namespace_name, secret);
    if (keys == nullptr) {
      keys = context_.plan.visible.find("ConfigMap", namespace_name, document_.text_at(item, "configMapRef.name"));
    }
    if (keys != nullptr) {
      return *keys;
    }
    for (const SecretRewrite* rewrite : context_.plan.rewrites_named(secret)) {
      if (!rewrite->rendered) {
        const std::vector<std::string> all = rewrite->all_keys();
        return std::set<std::string>(all.begin(), all.end());
      }
    }
    return std::nullopt;
  }

  // volumes[].secret
  void secret_volume(NodeId volume) {
    const Entry secret = document_.find(volume, "secret");
    const Entry name = document_.find(secret.value, "secretName");
    const std::vector<NodeId> items = document_.items(document_.at(secret.value, "items"));
    const SecretRewrite* rewrite = name ? moving(name.value, items) : nullptr;
    if (rewrite == nullptr) {
      return;
    }
    if (!items.empty() ? !covers_items(*rewrite, items) : !covers_all(*rewrite, name.value)) {
      return;
    }
    if (const SecretKey* target = target_of(*rewrite, items); target != nullptr) {
      set_text(name.value, target->secret_name);
      record(name.value, *rewrite, target->secret_name);
      rename_items(*rewrite, secret.value, items);
    } else {
      context_.record(object_, name.value, "Secret " + rewrite->name, "a projected volume of the same files");
      become_projected(*rewrite, secret, items);
    }
  }

  // {name: SECRET, items: […]} of a projected volume.
  void projected_source(NodeId sources, std::size_t index, NodeId secret) {
    const Entry name = document_.find(secret, "name");
    const std::vector<NodeId> items = document_.items(document_.at(secret, "items"));
    const SecretRewrite* rewrite = name ? moving(name.value, items) : nullptr;
    if (rewrite == nullptr) {
      return;
    }
    if (!items.empty() ? !covers_items(*rewrite, items) : !covers_all(*rewrite, name.value)) {
      return;
    }
    const SecretKey* target = target_of(*rewrite, items);
    if (target == nullptr) {
      std::vector<Value> parts = split_sources(*rewrite, secret, items);
      if (context_.accept(loaded_.editor.replace(secret, parts.front()), object_, secret)) {
        std::vector<Value> others;
        for (std::size_t i = 1; i < parts.size(); ++i) {
          others.push_back(Value::mapping({{"secret", std::move(parts[i])}}));
        }
        context_.accept(loaded_.editor.insert_items(sources, index + 1, others), object_, secret);
      }
      use_all(*rewrite, name.value);
      context_.record(object_, name.value, "Secret " + rewrite->name, "several sources with the same files");
      return;
    }
    set_text(name.value, target->secret_name);
    record(name.value, *rewrite, target->secret_name);
    rename_items(*rewrite, secret, items);
  }

  // The one Secret in which the items (or, without items, all keys) are now. Listed keys that may be absent and those
  // that must be there can't share one.
  const SecretKey* target_of(const SecretRewrite& rewrite, const std::vector<NodeId>& items) const {
    if (items.empty() && (rewrite.single_target() == nullptr || rewrite.plain_rename() != nullptr)) {
      return rewrite.single_target();
    }
    std::vector<const SecretKey*> targets;
    targets.reserve(std::max(items.size(), rewrite.moved.size()));
    for (const NodeId item : items) {
      const auto found = rewrite.moved.find(std::string(document_.text_at(item, "key")));
      if (found == rewrite.moved.end()) {
        return nullptr;
      }
      targets.push_back(&found->second);
    }
    for (const auto& [key, target] : rewrite.moved) {
      if (items.empty()) {
        targets.push_back(&target);
      }
    }
    return std::all_of(targets.begin(), targets.end(),
                       [&](const SecretKey* one) {
                         return one->secret_name == targets.front()->secret_name &&
                                one->optional == targets.front()->optional;
                       })
               ? targets.front()
               : nullptr;
  }

  // A renamed key gets an item, so that the file keeps its name.
  void rename_items(const SecretRewrite& rewrite, NodeId secret, const std::vector<NodeId>& items) {
    for (const NodeId item : items) {
      const Entry key = document_.find(item, "key");
      const SecretKey& target = rewrite.moved.at(std::string(document_.text(key.value)));
      set_text(key.value, target.key);
      context_.use(object_, target, key.value);
    }
    if (items.empty()) {
      if (rewrite.plain_rename() == nullptr) {
        const Entry empty = document_.find(secret, "items");
        const Value listed = items_value(rewrite.moved);
        context_.accept(
            empty ? loaded_.editor.replace(empty.value, listed) : loaded_.editor.add_entry(secret, "items", listed),
            object_, secret);
      }
      use_all(rewrite, secret);
    }
    const SecretKey* target = items.empty() ? nullptr : target_of(rewrite, items);
    if (target == nullptr ? all_optional(rewrite) : target->optional) {
      make_optional(secret);
    }
  }

  static Value items_value(const std::map<std::string, SecretKey>& moved) {
    std::vector<Value> items;
    items.reserve(moved.size());
    for (const auto& [path, target] : moved) {
      items.push_back(Value::mapping({{"key", Value::string(target.key)}, {"path", Value::string(path)}}));
    }
    return Value::sequence(std::move(items));
  }

  // The same files out of several Secrets: {name, items, optional} for each.
  std::vector<Value> split_sources(const SecretRewrite& rewrite, NodeId secret,
                                   const std::vector<NodeId>& items) const {
    std::map<std::pair<std::string, bool>, std::vector<Value>> by_secret;  // by its name, and whether it is optional
    const bool optional = is_true(document_, secret, "optional");
    const auto put = [&](const std::string& key, std::string_view path, std::string_view mode) {
      const auto found = rewrite.moved.find(key);
      const bool stays = found == rewrite.moved.end();
      std::vector<manifest::Field> item = {{"key", Value::string(stays ? key : found->second.key)},
                                           {"path", Value::string(path)}};
      if (!mode.empty()) {
        item.push_back({"mode", Value::plain(mode)});
      }
      by_secret[{stays ? rewrite.name : found->second.secret_name, optional || (!stays && found->second.optional)}]
          .push_back(Value::mapping(std::move(item)));
    };
    for (const NodeId item : items) {
      put(std::string(document_.text_at(item, "key")), document_.text_at(item, "path"),
          document_.text_at(item, "mode"));
    }
    for (const std::string& key : items.empty() ? rewrite.all_keys() : std::vector<std::string>()) {
      put(key, key, {});
    }
    std::vector<Value> sources;
    for (auto& [from, listed] : by_secret) {
      std::vector<manifest::Field> source = {{"name", Value::string(from.first)},
                                             {"items", Value::sequence(std::move(listed))}};
      if (from.second) {
        source.push_back({"optional", Value::plain("true")});
      }
      sources.push_back(Value::mapping(std::move(source)));
    }
    return sources;
  }

  // Keys that are now in several Secrets: a `secret` volume becomes a `projected` one of the same files.
  void become_projected(const SecretRewrite& rewrite, const Entry& secret, const std::vector<NodeId>& items) {
    std::vector<Value> sources;
    for (Value& part : split_sources(rewrite, secret.value, items)) {
      sources.push_back(Value::mapping({{"secret", std::move(part)}}));
    }
    std::vector<manifest::Field> projected = {{"sources", Value::sequence(std::move(sources))}};
    if (const std::string_view mode = document_.text_at(secret.value, "defaultMode"); !mode.empty()) {
      projected.push_back({"defaultMode", Value::plain(mode)});
    }
    if (context_.accept(loaded_.editor.rename_key(secret.key, "projected"), object_, secret.key)) {
      context_.accept(loaded_.editor.replace(secret.value, Value::mapping(std::move(projected))), object_,
                      secret.value);
    }
    use_all(rewrite, secret.value);
  }

  // A place that names a whole Secret and its keys by convention.
  void whole_name(NodeId holder, std::string_view field, std::string_view what) {
    if (const Entry name = document_.find(holder, field); name) {
      whole_name(name.value, what);
    }
  }

  void whole_name(NodeId name, std::string_view what) {
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

  // "Kind/name:spec.path.*" of the policy: a Secret's name, or a {name, key}.
  void policy_field(std::string_view field) {
    for (const NodeId node : nodes_at(document_, object_, field)) {
      if (document_[node].kind == manifest::NodeKind::mapping) {
        key_selector(node);
      } else if (document_[node].parent != k_no_node && !loaded_.editor.touches(node)) {
        whole_name(node, "a Secret that is named alone");
      }
    }
  }

  // The rewrite of a Secret that is named with those items, or as a whole; nullptr: nothing of it moves.
  const SecretRewrite* moving(NodeId name, const std::vector<NodeId>& items = {}) {
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

  const SecretRewrite* rewrite_of(NodeId name) { return context_.rewrite_for(object_, document_.text(name), name); }

  // Where the key is now; nullptr: it stays, or it is missing, which is an error.
  const SecretKey* moved(const SecretRewrite& rewrite, std::string_view key, NodeId place) {
    const auto found = rewrite.moved.find(std::string(key));
    if (found != rewrite.moved.end()) {
      return &found->second;
    }
    if (rewrite.dropped) {
      missing(rewrite, {std::string(key)}, place);
    }
    return nullptr;
  }

  bool covers_all(const SecretRewrite& rewrite, NodeId place) {
    std::vector<std::string> lacking;
    for (const std::string& key : rewrite.all_keys()) {
      if (rewrite.dropped && !rewrite.moved.contains(key)) {
        lacking.push_back(key);
      }
    }
    return lacking.empty() || missing(rewrite, lacking, place);
  }

  bool covers_items(const SecretRewrite& rewrite, const std::vector<NodeId>& items) {
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

  bool missing(const SecretRewrite& rewrite, const std::vector<std::string>& keys, NodeId place) {
    const bool fits = std::all_of(keys.begin(), keys.end(), policy::is_key_name);
    std::vector<std::string> names;
    std::transform(keys.begin(), keys.end(), std::back_inserter(names),
                   [](const std::string& key) { return base::printable(key); });
    context_.error(base::ErrorKind::bad_input,
                   "this uses the " + std::string(keys.size() == 1 ? "key " : "keys ") + base::join_words(names) +
                       " of Secret " + base::printable(rewrite.name) + ", which `replaces` does not map",
                   context_.plan.places.of(loaded_, object_, place),
                   fits ? "add to the policy: replaces: {" + base::printable(rewrite.name) + ": {" + keys.front() +
                              ": BUNDLE_KEY}}"
                        : "rename the key in the chart: a Secret's keys hold letters, digits, \".\", \"_\" and \"-\"");
    return false;
  }

  void record(NodeId name, const SecretRewrite& rewrite, const std::string& secret_name) {
    context_.record(object_, name, "Secret " + rewrite.name, "Secret " + secret_name);
  }

  void set_text(NodeId scalar, std::string_view text) {
    if (document_.text(scalar) != text) {
      context_.accept(loaded_.editor.replace(scalar, Value::string(text)), object_, scalar);
    }
  }

  void use_all(const SecretRewrite& rewrite, NodeId place) {
    for (const auto& [key, target] : rewrite.moved) {
      context_.use(object_, target, place);
    }
  }

  Context& context_;
  Loaded& loaded_;
  const Object& object_;
  const manifest::Document& document_;
};

}  // namespace

void repoint_object(Context& context, const Object& object, std::deque<Container>& containers) {
  if (context.plan.rewrites.empty()) {
    return;
  }
  Repointer repointer(context, object);
  repointer.pods(containers);
  repointer.others();
}

}  // namespace helmme::render
