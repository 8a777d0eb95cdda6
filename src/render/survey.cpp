#include "render/survey.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "policy/names.h"
#include "render/scan.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Span;

constexpr std::string_view k_default_secret = "helm-me";

class Surveyor {
 public:
  Surveyor(Plan& plan, base::Diagnostics& diagnostics)
      : plan_(plan), stream_(plan.input.stream), diagnostics_(diagnostics) {}

  std::optional<Survey> survey() {
    result_.documents = documents_with_markers(stream_);
    own_documents();
    if (diagnostics_.failed() || !read_policies()) {
      return std::nullopt;
    }
    collect_references(plan_, result_.documents);
    if (!read_references(plan_, diagnostics_)) {
      return std::nullopt;
    }
    name_delivered_secrets();
    rewrites_by_policy();
    rewrites_by_placeholder();
    plan_.index_rewrites();
    std::set<std::string> names;
    for (const SecretRewrite& rewrite : plan_.rewrites) {
      names.insert(rewrite.name);
    }
    bool delivers = false;
    for (const policy::ResolvedBundle* bundle : plan_.all_bundles()) {
      if (adds_document(bundle->delivery)) {
        delivers = true;
        names.insert(bundle->secret_name);
      }
    }
    result_.documents = merge_spans(std::move(result_.documents), documents_naming(stream_, names));
    plan_.helm_4 = (delivers || !plan_.rewrites.empty()) && is_from_helm_4(stream_);
    see_environment();
    std::erase_if(result_.documents, [&](const Span& span) {
      return std::find(result_.policies.begin(), result_.policies.end(), span) != result_.policies.end();
    });
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::string_view bytes(const Span& span) const { return stream_.substr(span.begin, span.size()); }

  // Parses a document for one look; a document that is not YAML is an error where `report` is given.
  template <typename Look>
  void look_at(const Span& span, base::Diagnostics* report, const Look& look) {
    base::Result<manifest::Document> parsed =
        manifest::Document::parse(bytes(span), plan_.input.stream_name, stream_, span.begin);
    if (parsed) {
      Loaded loaded(span, *std::move(parsed));
      for (const Object& object : loaded.objects) {
        look(loaded, object);
      }
    } else if (report != nullptr) {
      report->error(std::move(parsed).error());
    }
  }

  // Our own documents leave the stream: a SecretPolicy joins the operator's policies.
  void own_documents() {
    for (const Span& span : result_.documents) {
      if (bytes(span).find(k_own_api_version) == std::string_view::npos) {
        continue;
      }
      look_at(span, &diagnostics_, [&](const Loaded& loaded, const Object& object) {
        if (object.api_version != k_own_api_version) {
          return;
        }
        const base::Location place = plan_.places.of(loaded, object, object.root);
        if (object.kind != "SecretPolicy") {
          diagnostics_.error(
              {.kind = ErrorKind::bad_input,
               .message = "a document of kind " + base::printable(object.kind) + " is not in this version",
               .location = place,
               .help = "take it out of the chart"});
        } else if (object.list != manifest::k_no_node) {
          diagnostics_.error({.kind = ErrorKind::bad_input,
                              .message = "a SecretPolicy stands in a List",
                              .location = place,
                              .help = "render it as a document of its own"});
        } else {
          result_.policies.push_back(span);
          from_stream_.push_back({.source = {plan_.input.stream_name, std::string(bytes(span))},
                                  .folder = {},
                                  .origin = policy::Origin::stream_document,
                                  .object = object.title(),
                                  .first_line = plan_.places.line_of(span.begin)});
        }
      });
    }
  }

  bool read_policies() {
    std::vector<policy::PolicyText> texts = plan_.input.policies;
    if (texts.empty() && from_stream_.empty() && plan_.input.fallback_policy) {
      texts.push_back(*plan_.input.fallback_policy);
    }
    texts.insert(texts.end(), from_stream_.begin(), from_stream_.end());
    texts.insert(texts.end(), plan_.input.values.begin(), plan_.input.values.end());
    if (texts.empty()) {
      return true;
    }
    plan_.policy = policy::read_policies(texts, plan_.input.variables, diagnostics_);
    if (plan_.policy && plan_.input.providers != nullptr) {
      plan_.input.providers->permit(permissions_of(*plan_.policy));
    }
    if (plan_.policy) {
      plan_.bundles =
          policy::resolve_bundles(*plan_.policy,
                                  {.environment = plan_.input.environment,
                                   .references = plan_.input.references,
                                   .secret_keys = plan_.input.secret_keys ? &*plan_.input.secret_keys : nullptr,
                                   .namespace_name = plan_.input.variables.namespace_name,
                                   .deliver = plan_.input.deliver},
                                  diagnostics_);
    }
    return !diagnostics_.failed();
  }

  // A delivered Secret without a target has the release's name.
  void name_delivered_secrets() {
    std::optional<std::string> name;
    const auto give_name = [&](policy::ResolvedBundle& bundle) {
      if (!adds_document(bundle.delivery) || !bundle.secret_name.empty()) {
        return;
      }
      if (!name) {
        std::string release = plan_.input.variables.release.value_or(instance_of(stream_));
        name =
            release.empty() ? std::string(k_default_secret) : std::move(release) + "-" + std::string(k_default_secret);
        if (!policy::is_secret_name(*name)) {
          diagnostics_.error({.kind = ErrorKind::bad_input,
                              .message = "the Secret of bundle " + bundle.bundle->name + " would be named " +
                                         base::printable(*name) +
                                         ", after the release, and Kubernetes takes no such name",
                              .location = bundle.bundle->location,
                              .help = "--release NAME, or target: NAME in the bundle"});
        }
      }
      bundle.secret_name = *name;
    };
    for (auto& [bundle_name, bundle] : plan_.bundles) {
      give_name(bundle);
    }
    give_name(plan_.fetched.resolved);
  }

  // The policy's `replaces`: one rewrite for each Secret of that name in the stream, or one for the name alone.
  void rewrites_by_policy() {
    for (const auto& bundle : plan_.bundles) {
      const policy::ResolvedBundle& resolved = bundle.second;
      for (const auto& replaced : resolved.bundle->replaces) {
        const std::string& secret = replaced.first;
        const std::map<std::string, std::string>& keys = replaced.second;
        bool rendered = false;
        for (const Span& span : documents_with(stream_, secret)) {
          look_at(span, nullptr, [&](Loaded& loaded, const Object& object) {
            if (object.is_core("Secret") && object.name == secret) {
              rendered = true;
              add_keys(rewrite_of(loaded, object), resolved, keys);
            }
          });
        }
        if (!rendered) {
          add_keys(rewrite_named(secret), resolved, keys);
        }
      }
    }
  }

  SecretRewrite& rewrite_of(const Loaded& loaded, const Object& object) {
    SecretRewrite*& known = rewrites_[object.id];
    if (known != nullptr) {
      return *known;
    }
    SecretRewrite& rewrite = *(known = &plan_.rewrites.emplace_back());
    rewrite.name = object.name;
    rewrite.namespace_name = object.namespace_name;
    rewrite.rendered = object.id;
    rewrite.location = plan_.places.of(loaded, object, object.root);
    rewrite.rendered_keys = data_keys(loaded, object);
    return rewrite;
  }

  SecretRewrite& rewrite_named(const std::string& name) {
    for (SecretRewrite& rewrite : plan_.rewrites) {
      if (!rewrite.rendered && rewrite.name == name) {
        return rewrite;
      }
    }
    SecretRewrite& rewrite = plan_.rewrites.emplace_back();
    rewrite.name = name;
    return rewrite;
  }

  void add_keys(SecretRewrite& rewrite, const policy::ResolvedBundle& resolved,
                const std::map<std::string, std::string>& keys) {
    const bool fills = rewrite.rendered && (resolved.delivery == policy::Delivery::secret ||
                                            resolved.delivery == policy::Delivery::inline_value);
    for (const auto& [key, bundle_key] : keys) {
      placeholder::Reference reference;
      reference.bundle = resolved.bundle->name;
      reference.key = bundle_key;
      base::Result<policy::KeyUse> found = policy::find_key(plan_.bundles, reference);
      if (!found) {
        base::Error error = std::move(found).error();
        error.message = "replaces maps " + base::printable(key) + " of Secret " + base::printable(rewrite.name) + ": " +
                        error.message;
        error.location = resolved.bundle->location;
        diagnostics_.error(std::move(error));
        continue;
      }
      SecretKey target{found->secret_name, found->secret_key, false, found->bundle, found->key};
      if (fills) {
        rewrite.filled[key] = {.whole = true, .values = {std::move(target)}};
      } else {
        rewrite.moved.insert_or_assign(key, std::move(target));
      }
    }
    // Who still gets a value keeps the Secret that it gets it in.
    rewrite.dropped = rewrite.filled.empty();
  }

  // Secrets that the chart renders with placeholders as values.
  void rewrites_by_placeholder() {
    for (const Span& span : result_.documents) {
      const bool may_be_secret = bytes(span).find("Secret") != std::string_view::npos ||
                                 bytes(span).find('\\') != std::string_view::npos;  // written with escapes
      if (!may_be_secret) {
        continue;
      }
      look_at(span, nullptr, [&](Loaded& loaded, const Object& object) {
        if (!object.is_core("Secret")) {
          return;
        }
        Context context{.plan = plan_, .loaded = loaded, .diagnostics = diagnostics_};
        SecretKeys keys = placeholder_keys(context, object);
        std::unique_ptr<ExternalSecret> external =
            keys.composed.empty() ? nullptr : external_secret_of(context, object, keys);
        if (external != nullptr) {
          SecretRewrite& rewrite = rewrite_of(loaded, object);
          rewrite.external = std::move(external);
          rewrite.dropped = true;
          return;
        }
        if (keys.moved.empty() && keys.filled.empty() && keys.missing.empty()) {
          return;
        }
        SecretRewrite& rewrite = rewrite_of(loaded, object);
        rewrite.moved.merge(keys.moved);
        rewrite.missing.merge(keys.missing);
        if (!rewrite.dropped) {
          rewrite.filled.merge(keys.filled);
        }
        const bool all_move =
            !rewrite.moved.empty() && std::all_of(rewrite.rendered_keys.begin(), rewrite.rendered_keys.end(),
                                                  [&](const std::string& key) { return rewrite.moved.contains(key); });
        rewrite.dropped = rewrite.dropped || (all_move && rewrite.filled.empty());
      });
    }
  }

  // Which names an envFrom gives must be known where env entries are added. A document that is read for this alone
  // may be no YAML: it passes untouched.
  void see_environment() {
    const bool needed = std::any_of(result_.documents.begin(), result_.documents.end(), [&](const Span& span) {
      return bytes(span).find("envFrom") != std::string_view::npos;
    });
    if (!needed) {
      return;
    }
    for (const Span& span : merge_spans(documents_with(stream_, "ConfigMap"), documents_with(stream_, "Secret"))) {
      look_at(span, nullptr, [&](const Loaded& loaded, const Object& object) {
        plan_.visible.add(loaded, object, plan_.namespace_of(object));
      });
    }
  }

  Plan& plan_;
  std::string_view stream_;
  base::Diagnostics& diagnostics_;
  std::vector<policy::PolicyText> from_stream_;
  std::map<ObjectId, SecretRewrite*> rewrites_;  // by the id of the rendered Secret
  Survey result_;
};

}  // namespace

std::optional<Survey> survey(Plan& plan, base::Diagnostics& diagnostics) {
  return Surveyor(plan, diagnostics).survey();
}

}  // namespace helmme::render
