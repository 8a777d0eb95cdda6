// Secrets and ExternalSecrets that join the stream: one for each namespace and name, with the keys of all bundles that
// name it.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "crypto/base64.h"
#include "render/context.h"
#include "render/external_secret.h"
#include "render/scan.h"
#include "render/secret_document.h"

namespace helmme::render {
namespace {

using base::ErrorKind;

// A document without its "---" and the line ends around it.
std::string_view body_of(std::string_view document) {
  const std::size_t begin = document.starts_with("---") ? 3 : 0;
  document.remove_prefix(std::min(document.find_first_not_of("\r\n", begin), document.size()));
  return document.substr(0, document.find_last_not_of("\r\n") + 1);
}

struct NewSecret {
  std::string name;
  std::string namespace_name;  // empty: the release's
  std::vector<const policy::ResolvedBundle*> bundles;
  SecretData values;
  ExternalSecret external;  // instead of values, where a bundle is delivered so
  bool is_external = false;
};

class Deliverer {
 public:
  Deliverer(const Plan& plan, base::Diagnostics& diagnostics) : plan_(plan), diagnostics_(diagnostics) {}

  std::vector<std::string> documents(const Exposure& exposure) {
    for (const auto& [one, keys] : exposure.delivered) {
      add(one, keys);
    }
    std::vector<std::string> out;
    for (const SecretRewrite& rewrite : plan_.rewrites) {
      if (rewrite.external) {
        add_in_place(rewrite, out);
      }
    }
    for (const auto& [identity, secret] : secrets_) {
      check(secret);
      if (secret.is_external) {
        add_external(secret, out);
      } else if (!is_rendered(secret)) {
        out.emplace_back(
            secret_document(secret.name, secret.namespace_name, secret.values, plan_.input.redact).reveal());
        read_back(out.back(), secret);
      }
    }
    return out;
  }

 private:
  void error(std::string message, const NewSecret& secret, std::string help) {
    diagnostics_.error({.kind = ErrorKind::bad_input,
                        .message = std::move(message),
                        .location = secret.bundles.front()->bundle->location,
                        .help = std::move(help)});
  }

  void add(const Delivered& delivered, const std::set<std::string>& keys) {
    const std::optional<std::string>& release = plan_.input.variables.namespace_name;
    const bool in_release = delivered.namespace_name.empty() || delivered.namespace_name == release;
    const std::string& name = delivered.bundle->secret_name;
    NewSecret& secret = secrets_[{in_release ? "" : delivered.namespace_name, name}];
    secret.name = name;
    secret.namespace_name = in_release ? "" : delivered.namespace_name;
    const bool is_external = delivered.bundle->delivery == policy::Delivery::external_secret;
    if (!secret.bundles.empty() && is_external != secret.is_external) {
      const std::string bundles =
          base::join_words({secret.bundles.front()->bundle->name, delivered.bundle->bundle->name});
      error("Secret " + name + " would be delivered in two ways, by bundles " + bundles, secret,
            "target: NAME in one of the two bundles");
      return;
    }
    secret.is_external = is_external;
    secret.bundles.push_back(delivered.bundle);
    if (is_external) {
      refer(*delivered.bundle, keys, secret);
    }
    for (const auto& [key, value] : delivered.bundle->values) {
      if (!is_delivered(*delivered.bundle, key, keys)) {
        continue;
      }
      const auto [place, added] = secret.values.emplace(key, &value);
      if (!added && place->second != &value && !place->second->equals(value)) {
        const std::string bundles =
            base::join_words({secret.bundles.front()->bundle->name, delivered.bundle->bundle->name});
        std::string message = "key ";
        message.append(key).append(" of Secret ").append(name).append(" has different values in bundles ");
        error(message.append(bundles), secret, "target: NAME in one of the two bundles");
      }
    }
  }

  // A bundle is one thing to its users. What is fetched is not: no namespace gets a value that only others use.
  bool is_delivered(const policy::ResolvedBundle& bundle, const std::string& key,
                    const std::set<std::string>& used) const {
    return &bundle != &plan_.fetched.resolved || used.contains(key);
  }

  void refer(const policy::ResolvedBundle& bundle, const std::set<std::string>& keys, NewSecret& secret) {
    const std::optional<policy::SecretStore>& store = bundle.bundle->store;
    if (!store || store->name.empty()) {
      const bool is_fetched = &bundle == &plan_.fetched.resolved;
      error("which store External Secrets reads" + (is_fetched ? "" : " for bundle " + bundle.bundle->name) +
                " is not said",
            secret, "defaults: {secretStoreRef: {name: NAME, kind: ClusterSecretStore}} in the policy");
      return;
    }
    secret.external.name = secret.name;
    secret.external.namespace_name = secret.namespace_name;
    secret.external.store = *store;
    for (const auto& [key, reference] : bundle.references) {
      if (!is_delivered(bundle, key, keys)) {
        continue;
      }
      const auto [place, added] = secret.external.references.emplace(key, reference);
      if (!added && !placeholder::reads_the_same(place->second, reference)) {
        error("key " + key + " of ExternalSecret " + secret.name + " is another one in bundles " +
                  base::join_words({secret.bundles.front()->bundle->name, bundle.bundle->name}),
              secret, "target: NAME in one of the two bundles");
      }
    }
  }

  void add_external(const NewSecret& secret, std::vector<std::string>& out) {
    if (secret.external.name.empty()) {
      return;  // reported
    }
    base::Result<std::string> document = external_secret_document(secret.external);
    if (!document) {
      error(document.error().message, secret, document.error().help);
      return;
    }
    for (const manifest::Span& span : documents_with(plan_.input.stream, "ExternalSecret")) {
      const std::string_view bytes = plan_.input.stream.substr(span.begin, span.size());
      const base::Result<manifest::Document> parsed =
          manifest::Document::parse(bytes, plan_.input.stream_name, plan_.input.stream, span.begin);
      for (const Object& object : parsed ? objects_of(*parsed, span.begin) : std::vector<Object>()) {
        if (object.kind != "ExternalSecret" || object.name != secret.name ||
            plan_.namespace_of(object) != plan_.filled_in(secret.namespace_name)) {
          continue;
        }
        if (body_of(bytes) == body_of(*document)) {
          return;  // an earlier run's
        }
        error("the chart renders ExternalSecret " + secret.name + ", which is to be delivered as well", secret,
              "give the bundle another target");
        return;
      }
    }
    (void)is_rendered(secret);  // reports a Secret of that name
    out.push_back(*std::move(document));
  }

  // In the place of a Secret that the chart renders.
  void add_in_place(const SecretRewrite& rewrite, std::vector<std::string>& out) {
    const std::optional<policy::SecretStore>& store = plan_.fetched.bundle.store;
    if (!store || store->name.empty()) {
      if (plan_.fetched.resolved.references.empty()) {
        return;
      }
      diagnostics_.error(
          {.kind = ErrorKind::bad_input,
           .message = "which store External Secrets reads for Secret " + base::printable(rewrite.name) + " is not said",
           .location = rewrite.location,
           .help = "defaults: {secretStoreRef: {name: NAME, kind: ClusterSecretStore}} in the policy"});
      return;
    }
    ExternalSecret& secret = *rewrite.external;
    secret.store = *store;
    base::Result<std::string> document = external_secret_document(secret);
    if (document) {
      out.push_back(*std::move(document));
    } else {
      base::Error error = std::move(document).error();
      error.location = rewrite.location;
      diagnostics_.error(std::move(error));
    }
  }

  void check(const NewSecret& secret) {
    std::size_t size = 0;
    for (const auto& [key, value] : secret.values) {
      size += value->size();
      if (key.starts_with("..") || key == ".") {
        error(key + " can't be a key of Secret " + secret.name, secret, "give the key another name");
      }
    }
    if (size > k_secret_size_limit) {
      error("the values of Secret " + secret.name + " are larger than 1 MiB, which Kubernetes refuses", secret,
            "target: NAME, another one for some of the bundles");
    }
    if (!plan_.input.variables.namespace_name && !secret.namespace_name.empty() &&
        secrets_.contains({"", secret.name})) {
      error("whether Secret " + secret.name + " is one or two depends on the release's namespace", secret,
            "add --post-renderer-args --namespace --post-renderer-args NAMESPACE");
    }
  }

  // True where the stream has it already, as the output of an earlier run does. Another Secret of that name would be
  // there twice, which is reported.
  bool is_rendered(const NewSecret& secret) {
    bool found = false;
    for (const manifest::Span& span : documents_with(plan_.input.stream, secret.name)) {
      const base::Result<manifest::Document> parsed = manifest::Document::parse(
          plan_.input.stream.substr(span.begin, span.size()), plan_.input.stream_name, plan_.input.stream, span.begin);
      if (!parsed) {
        continue;
      }
      for (const Object& object : objects_of(*parsed, span.begin)) {
        const SecretRewrite* rewrite = plan_.rewrite_of(object);
        const std::string& release = plan_.input.variables.namespace_name.value_or("");
        const bool same = object.is_core("Secret") && object.name == secret.name &&
                          (object.namespace_name == release ? "" : object.namespace_name) == secret.namespace_name;
        if (same && holds(*parsed, object, secret)) {
          found = true;
        } else if (same && (rewrite == nullptr || !rewrite->dropped)) {
          error("the chart renders Secret " + secret.name + ", which is to be delivered as well", secret,
                "give the bundle another target, or map the chart's Secret: replaces: {" + secret.name + ": {…}}");
        }
      }
    }
    return found;
  }

  // Promise 4, for a document that is new as a whole.
  void read_back(std::string_view text, const NewSecret& secret) {
    const base::Result<manifest::Document> parsed = manifest::Document::parse(text, "output", text, 0);
    const std::vector<Object> objects = parsed ? objects_of(*parsed, 0) : std::vector<Object>();
    const bool same = objects.size() == 1 && objects.front().is_core("Secret") && objects.front().name == secret.name &&
                      objects.front().namespace_name == secret.namespace_name &&
                      (plan_.input.redact || holds(*parsed, objects.front(), secret));
    if (!same) {
      diagnostics_.error({.kind = ErrorKind::internal,
                          .message = "Secret " + base::printable(secret.name) + " did not come out as meant",
                          .location = secret.bundles.front()->bundle->location,
                          .help = "nothing was written; report the policy to the project, with its secrets taken out"});
    }
  }

  static bool holds(const manifest::Document& document, const Object& object, const NewSecret& secret) {
    const manifest::NodeId data = document.at(object.root, "data");
    return !secret.is_external && document.entries(data).size() == secret.values.size() &&
           std::all_of(secret.values.begin(), secret.values.end(), [&](const auto& entry) {
             const std::optional<base::Secret> there =
                 crypto::decode_base64(document.text(document.find(data, entry.first).value));
             return there && there->equals(*entry.second);
           });
  }

  const Plan& plan_;
  base::Diagnostics& diagnostics_;
  std::map<std::pair<std::string, std::string>, NewSecret> secrets_;
};

// What one {name: SECRET, key: KEY} uses, or a name without a key: all of it.
void use_by_name(Context& context, const Object& object, const policy::ResolvedBundle& bundle, manifest::NodeId name) {
  const manifest::Document& document = context.loaded.document;
  const std::string_view wanted = document.text_at(document[name].parent, "key");
  const auto use = [&](const std::string& key) {
    if (wanted.empty() || wanted == key) {
      context.use_by_name(object, {.secret_name = bundle.secret_name, .key = key, .bundle = &bundle, .bundle_key = key},
                          name);
    }
  };
  for (const auto& [key, value] : bundle.values) {
    use(key);
  }
  for (const auto& [key, reference] : bundle.references) {
    use(key);
  }
}

}  // namespace

void use_delivered_secrets(Context& context, const Object& object) {
  const manifest::Document& document = context.loaded.document;
  const manifest::NodeId end = object.root + document[object.root].size;
  for (const policy::ResolvedBundle* one : context.plan.all_bundles()) {
    const policy::ResolvedBundle& bundle = *one;
    if (!adds_document(bundle.delivery)) {
      continue;
    }
    for (manifest::NodeId id = object.root; id < end; ++id) {
      const manifest::Node& node = document[id];
      if (node.kind == manifest::NodeKind::scalar && node.value == bundle.secret_name &&
          !context.loaded.editor.touches(id) && !document.is_key(id) &&
          mentions_secret(document.path(id, object.root))) {
        use_by_name(context, object, bundle, id);
      }
    }
  }
}

std::vector<std::string> delivered_documents(const Plan& plan, const Exposure& exposure,
                                             base::Diagnostics& diagnostics) {
  return Deliverer(plan, diagnostics).documents(exposure);
}

}  // namespace helmme::render
