#include "render/context.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "placeholder/native.h"
#include "render/annotation.h"

namespace helmme::render {

namespace {

using placeholder::Dialect;

// Words between commas; one that is no dialect goes to `unknown`.
std::set<Dialect> dialects_in(std::string_view words, std::string& unknown) {
  std::set<Dialect> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find_first_of(", "), words.size());
    const std::string_view word = words.substr(0, end);
    if (const std::optional<Dialect> dialect = placeholder::dialect_named(word)) {
      out.insert(*dialect);
    } else if (!word.empty() && word != k_no_dialect) {
      unknown = word;
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

// argocd-vault-plugin's words for backends, and our schemes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> k_avp_types = {
    {{"vault", "vault"},
     {"awssecretsmanager", "awssecrets"},
     {"gcpsecretmanager", "gcpsecrets"},
     {"azurekeyvault", "azurekeyvault"},
     {"sops", "sops"}}};

// Argo CD puts ARGOCD_ENV_ before the names of an application's variables.
std::string avp_type(const base::Environment& environment) {
  const std::string own = environment.get("AVP_TYPE").value_or("");
  return own.empty() ? environment.get("ARGOCD_ENV_AVP_TYPE").value_or("") : own;
}

void name_backend(placeholder::FetchedMatch& match, const std::string& avp_type) {
  const auto* const known =
      std::find_if(k_avp_types.begin(), k_avp_types.end(), [&](const auto& one) { return one.first == avp_type; });
  if (known != k_avp_types.end()) {
    match.reference.locator.scheme = known->second;
  } else if (!avp_type.empty()) {
    match.kind = placeholder::FetchedMatch::Kind::refused;
    match.problem = "AVP_TYPE names a backend that is not known here: " + base::printable(avp_type);
    match.help = "AVP_TYPE=vault, awssecretsmanager, gcpsecretmanager, azurekeyvault or sops";
  }
}

Match native_match(const placeholder::NativeMatch& match) {
  Match out{.begin = match.reference.begin, .length = match.reference.length, .native = match.reference};
  if (match.kind == placeholder::NativeMatch::Kind::escape) {
    out.kind = Match::Kind::escape;
  } else if (match.kind == placeholder::NativeMatch::Kind::malformed) {
    out.kind = Match::Kind::malformed;
    out.problem = match.problem;
    out.help = "write ${secret:KEY} or ${secret:BUNDLE/KEY}; $${secret: stands for the text itself";
  }
  return out;
}

}  // namespace

Scope Plan::scope_of(const manifest::Document& document, const Object& object) const {
  Scope scope;
  if (object.kind == "CustomResourceDefinition") {
    return scope;
  }
  const std::optional<std::vector<std::string>>& chosen = input.dialects || !policy ? input.dialects : policy->dialects;
  if (chosen) {
    for (const std::string& word : *chosen) {
      scope.dialects.merge(dialects_in(word, scope.unknown));
    }
  } else {
    scope.dialects = {Dialect::native, Dialect::vals, Dialect::argocd_vault_plugin, Dialect::bank_vaults};
  }
  // The chart's word, so it has nothing read that the operator wants as text; native placeholders mean the policy's.
  const manifest::NodeId annotations = document.at(object.root, "metadata.annotations");
  if (const manifest::Entry own = document.find(annotations, k_dialects_annotation); own) {
    const std::set<Dialect> wanted = dialects_in(document.text(own.value), scope.unknown);
    std::erase_if(scope.dialects, [&](Dialect dialect) { return !wanted.contains(dialect); });
    if (wanted.contains(Dialect::native)) {
      scope.dialects.insert(Dialect::native);
    }
  }
  if (scope.dialects.contains(Dialect::argocd_vault_plugin)) {
    const auto annotation = [&](std::string_view name) {
      return std::string(document.text(document.find(annotations, name).value));
    };
    scope.annotations = {.path = annotation("avp.kubernetes.io/path"),
                         .kv_version = annotation("avp.kubernetes.io/kv-version"),
                         .secret_version = annotation("avp.kubernetes.io/secret-version"),
                         .ignore = annotation("avp.kubernetes.io/ignore") == "true",
                         .remove_missing = annotation("avp.kubernetes.io/remove-missing") == "true"};
  }
  return scope;
}

bool Plan::may_match(std::string_view value, const Scope& scope) {
  if (scope.dialects.empty()) {
    return false;
  }
  const bool key_alone = !scope.annotations.path.empty() && value.find('<') != std::string_view::npos;
  return key_alone || value.find(placeholder::k_native_marker) != std::string_view::npos ||
         placeholder::may_hold_fetched(value);
}

std::vector<placeholder::FetchedMatch> Plan::fetched_in(std::string_view value, const Scope& scope) const {
  std::set<Dialect> dialects = scope.dialects;
  dialects.erase(Dialect::native);
  if (dialects.empty() || !may_match(value, scope)) {
    return {};
  }
  std::vector<placeholder::FetchedMatch> matches = placeholder::find_fetched(value, dialects, scope.annotations);
  for (placeholder::FetchedMatch& match : matches) {
    if (match.reference.dialect == Dialect::argocd_vault_plugin && input.environment != nullptr) {
      name_backend(match, avp_type(*input.environment));
    }
  }
  return matches;
}

std::vector<Match> Plan::matches(std::string_view value, const Scope& scope) const {
  std::vector<Match> out;
  if (scope.dialects.contains(Dialect::native)) {
    for (const placeholder::NativeMatch& match : placeholder::find_native(value)) {
      out.push_back(native_match(match));
    }
  }
  for (placeholder::FetchedMatch& match : fetched_in(value, scope)) {
    Match one{.begin = match.reference.begin, .length = match.reference.length, .native = {}};
    if (match.kind == placeholder::FetchedMatch::Kind::reference) {
      one.fetched = fetched.find(match.reference, value);
    } else {
      one.problem = std::move(match.problem);
      one.help = std::move(match.help);
    }
    if (one.fetched == nullptr) {
      one.kind = Match::Kind::malformed;
      one.problem = one.problem.empty() ? "it is written with escapes" : one.problem;
    }
    out.push_back(std::move(one));
  }
  std::stable_sort(out.begin(), out.end(), [](const Match& a, const Match& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    Match& before = out[i - 1];
    if (out[i].begin < before.begin + before.length) {
      before.kind = Match::Kind::malformed;
      before.problem = "another placeholder stands inside it";
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(i--));
    }
  }
  return out;
}

std::string Plan::in_words(const SecretKey& key) const {
  return key.bundle == &fetched.resolved ? fetched.text_of(key.bundle_key)
                                         : key.bundle->bundle->name + "/" + key.bundle_key;
}

std::vector<const policy::ResolvedBundle*> Plan::all_bundles() const {
  std::vector<const policy::ResolvedBundle*> out;
  for (const auto& [name, bundle] : bundles) {
    out.push_back(&bundle);
  }
  if (fetched.resolved.bundle != nullptr) {
    out.push_back(&fetched.resolved);
  }
  return out;
}

const base::Secret* Plan::version_key() const {
  if (input.version_key) {
    return &*input.version_key;
  }
  return input.references == nullptr ? nullptr : input.references->digest_key();
}

void Plan::index_rewrites() {
  for (const SecretRewrite& rewrite : rewrites) {
    if (!rewrite.name.empty() && rewrite.external == nullptr) {
      rewrites_by_name_[rewrite.name].push_back(&rewrite);
    }
  }
}

std::span<const SecretRewrite* const> Plan::rewrites_named(std::string_view secret_name) const {
  const auto found = rewrites_by_name_.find(secret_name);
  return found == rewrites_by_name_.end() ? std::span<const SecretRewrite* const>() : found->second;
}

const SecretRewrite* Plan::rewrite_of(const Object& object) const {
  const auto found = std::find_if(rewrites.begin(), rewrites.end(),
                                  [&](const SecretRewrite& rewrite) { return rewrite.rendered == object.id; });
  return found == rewrites.end() ? nullptr : &*found;
}

std::string Plan::namespace_of(const Object& object) const { return filled_in(object.namespace_name); }

std::string Plan::filled_in(const std::string& namespace_name) const {
  return namespace_name.empty() ? input.variables.namespace_name.value_or("") : namespace_name;
}

const SecretRewrite* Context::rewrite_for(const Object& object, std::string_view secret_name, manifest::NodeId node) {
  repointed.insert(node);
  const SecretRewrite* unsure = nullptr;
  const std::string wanted = plan.namespace_of(object);
  for (const SecretRewrite* rewrite : plan.rewrites_named(secret_name)) {
    if (rewrite->rendered == object.id) {
      continue;
    }
    const std::string own = plan.filled_in(rewrite->namespace_name);
    if (own == wanted) {
      return rewrite;
    }
    if (own.empty() || wanted.empty()) {
      unsure = rewrite;
    }
  }
  if (unsure != nullptr) {
    error(base::ErrorKind::bad_input,
          "whether this is the Secret " + base::printable(secret_name) +
              " that is rewritten depends on the release's namespace",
          plan.places.of(loaded, object, node), "add --post-renderer-args --namespace --post-renderer-args NAMESPACE");
  }
  return nullptr;
}

void Exposure::merge(Exposure other) {
  for (auto& [one, keys] : other.delivered) {
    delivered[one].merge(keys);
  }
  filled.merge(other.filled);
  inlined += other.inlined;
}

void Context::record(const Object& object, manifest::NodeId node, std::string_view written, std::string_view becomes) {
  if (!plan.input.explain) {
    return;
  }
  const base::Location place = plan.places.of(loaded, object, node, written);
  outcomes.push_back({.template_file = object.template_file,
                      .object = object.name.empty() ? object.kind : object.kind + "/" + object.name,
                      .path = loaded.document.path(node, object.root),
                      .line = place.line,
                      .column = place.column,
                      .written = std::string(written),
                      .becomes = std::string(becomes)});
}

void Context::use(const Object& object, const SecretKey& key, manifest::NodeId node) {
  edited.insert(&object);
  use_by_name(object, key, node);
}

void Context::use_by_name(const Object& object, const SecretKey& key, manifest::NodeId node) {
  if (key.bundle == nullptr) {
    return;
  }
  count(key);
  if (adds_document(key.bundle->delivery)) {
    exposure.delivered[{object.namespace_name, key.bundle}].insert(key.bundle_key);
    if (plan.helm_4 && is_pre_hook(loaded.document, object) && too_early.emplace(&object, key.bundle).second) {
      error(base::ErrorKind::bad_input,
            "this hook runs before Secret " + base::printable(key.secret_name) + " of this release exists",
            plan.places.of(loaded, object, node),
            key.bundle == &plan.fetched.resolved
                ? "let the hook name a Secret that is in the cluster by then, or --deliver inline"
                : "deliver bundle " + key.bundle->bundle->name + " by reference, from a Secret that is in the cluster");
    }
  }
  if (const base::Secret* value = value_of(key); value != nullptr && rolls_out(object)) {
    uses[&object][key.secret_name + "/" + key.key] = value;
  }
}

void Context::count(const SecretKey& key) {
  if (plan.input.explain) {
    ++key_uses[{key.bundle, key.bundle_key}];
  }
}

void Context::use_filled(const Object& object, const SecretRewrite& rewrite, std::optional<std::string_view> key) {
  if (!rolls_out(object)) {
    return;
  }
  for (const auto& [name, filled] : rewrite.filled) {
    if (key && *key != name) {
      continue;
    }
    for (const SecretKey& part : filled.values) {
      if (const base::Secret* value = value_of(part); value != nullptr) {
        uses[&object][rewrite.name + "/" + name + "/" + part.bundle->bundle->name + "/" + part.bundle_key] = value;
      }
    }
  }
}

bool Context::accept(const base::Result<void>& edit, const Object& object, manifest::NodeId node) {
  if (edit) {
    return true;
  }
  base::Error problem = edit.error();
  problem.message = "this " + problem.message;
  problem.location = plan.places.of(loaded, object, node);
  problem.help = "write the place out in the chart's template";
  diagnostics.error(std::move(problem));
  return false;
}

void Context::error(base::ErrorKind kind, std::string message, base::Location location, std::string help) {
  diagnostics.error(
      {.kind = kind, .message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

void Context::warning(std::string message, base::Location location, std::string help) {
  diagnostics.warning({.message = std::move(message), .location = std::move(location), .help = std::move(help)});
}

std::deque<Container> Context::containers_of(const Object& object) {
  std::deque<Container> containers;
  std::set<manifest::NodeId> seen;
  const manifest::Document& document = loaded.document;
  const manifest::NodeId spec = document.at(pod_template_of(document, object), "spec");
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    for (const manifest::NodeId item : document.items(document.at(spec, list))) {
      const manifest::NodeId node = document.resolve(item);
      if (seen.insert(node).second) {
        containers.emplace_back(loaded, node, plan.namespace_of(object), plan.visible);
      }
    }
  }
  return containers;
}

}  // namespace helmme::render
