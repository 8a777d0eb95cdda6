#include "policy/resolve.h"

#include <algorithm>
#include <utility>

#include "placeholder/vals.h"
#include "policy/contract.h"
#include "policy/form.h"
#include "policy/names.h"
#include "policy/node.h"
#include "policy/values.h"

namespace helmme::policy {
namespace {

std::vector<SourceKind> configured_sources(const Bundle& bundle) {
  std::vector<SourceKind> out;
  if (bundle.existing_secret) {
    out.push_back(SourceKind::existing_secret);
  }
  if (!bundle.secrets.empty()) {
    out.push_back(SourceKind::secrets);
  }
  if (!bundle.secrets_files.empty()) {
    out.push_back(SourceKind::secrets_files);
  }
  return out;
}

std::string words_of(const std::vector<SourceKind>& sources) {
  std::vector<std::string> words;
  words.reserve(sources.size());
  for (const SourceKind source : sources) {
    words.emplace_back(name_of(source));
  }
  return base::join_words(words);
}

// A key of the bundle, and what the source that lacks it should call it.
struct MissingKey {
  std::string key;
  std::string name;
};

class BundleResolver {
 public:
  BundleResolver(const Bundle& bundle, const ResolveInput& input, base::Diagnostics& diagnostics)
      : bundle_(bundle), input_(input), diagnostics_(diagnostics), where_("bundle " + quoted(bundle.name)) {
    resolved_.bundle = &bundle;
  }

  ResolvedBundle resolve() {
    const std::vector<SourceKind> sources = configured_sources(bundle_);
    if (sources.empty()) {
      error(base::ErrorKind::not_found, "no source is configured for " + where_, bundle_.location,
            "set one of existingSecret, secrets and secretsFiles");
      return std::move(resolved_);
    }
    resolved_.winner = sources.front();
    resolved_.shadowed.assign(sources.begin() + 1, sources.end());
    report_shadowed();
    if (resolved_.winner == SourceKind::existing_secret) {
      take_existing_secret();
    } else {
      resolved_.delivery = input_.deliver.value_or(bundle_.delivery.value_or(Delivery::reference));
      take_target();
      if (resolved_.delivery == Delivery::external_secret) {
        take_references();
      } else {
        take_values();
      }
    }
    return std::move(resolved_);
  }

 private:
  void error(base::ErrorKind kind, std::string message, base::Location location, std::string help,
             std::vector<std::string> notes = {}) {
    diagnostics_.error({.kind = kind,
                        .message = std::move(message),
                        .location = std::move(location),
                        .notes = std::move(notes),
                        .help = std::move(help)});
  }

  void report_shadowed() {
    if (resolved_.shadowed.empty()) {
      return;
    }
    const std::string winner(name_of(resolved_.winner));
    if (bundle_.strict) {
      error(base::ErrorKind::bad_input,
            where_ +
                " has more than one source, which precedence: strict forbids: " + words_of(configured_sources(bundle_)),
            bundle_.location, "keep one of them, or set precedence: warn", places_of_sources());
      return;
    }
    diagnostics_.warning({.message = where_ + " takes all from " + winner + "; " + words_of(resolved_.shadowed) +
                                     (resolved_.shadowed.size() == 1 ? " is" : " are") + " shadowed and not consulted",
                          .location = bundle_.location,
                          .notes = places_of_sources(),
                          .help = "keep one source a bundle"});
  }

  // Of merged files and Helm values, the sources may come from anywhere.
  [[nodiscard]] std::vector<std::string> places_of_sources() const {
    std::vector<std::string> out;
    const auto add = [&](SourceKind source, const base::Location& place) {
      out.push_back(std::string(name_of(source)) + " is set in " + place.file + ":" + std::to_string(place.line));
    };
    if (bundle_.existing_secret) {
      add(SourceKind::existing_secret, bundle_.existing_secret->location);
    }
    if (!bundle_.secrets.empty()) {
      const auto first = std::min_element(
          bundle_.secrets.begin(), bundle_.secrets.end(),
          [](const auto& a, const auto& b) { return a.second.location.line < b.second.location.line; });
      add(SourceKind::secrets, first->second.location);
    }
    if (!bundle_.secrets_files.empty()) {
      add(SourceKind::secrets_files, bundle_.secrets_files.front().location);
    }
    return out;
  }

  void take_existing_secret() {
    const ExistingSecret& existing = *bundle_.existing_secret;
    resolved_.secret_name = existing.name;
    for (const auto& [key, name] : existing.keys) {
      if (key != name) {
        resolved_.key_names.emplace(key, name);
      }
    }
    if (input_.secret_keys == nullptr) {
      return;
    }
    const std::set<std::string>* keys = find_secret(existing.name);
    if (keys == nullptr) {
      std::vector<std::string> names;
      for (const auto& [name, unused] : *input_.secret_keys) {
        names.push_back(name);
      }
      error(base::ErrorKind::not_found,
            "existing Secret " + quoted(existing.name) + " of " + where_ + " does not exist", existing.location,
            did_you_mean(existing.name, names));
      return;
    }
    resolved_.known_keys = *keys;
    std::vector<MissingKey> missing;
    for (const auto& [key, contract] : bundle_.required) {
      const auto named = existing.keys.find(key);
      const std::string& name = named == existing.keys.end() ? key : named->second;
      if (!contract.default_value && !keys->contains(name)) {
        missing.push_back({key, name});
      }
    }
    if (!missing.empty()) {
      report_missing("existing Secret " + quoted(existing.name), existing.location, missing,
                     {keys->begin(), keys->end()});
    }
  }

  const std::set<std::string>* find_secret(const std::string& name) const {
    const SecretKeys& all = *input_.secret_keys;
    if (input_.namespace_name) {
      if (const auto found = all.find(*input_.namespace_name + "/" + name); found != all.end()) {
        return &found->second;
      }
    }
    if (const auto found = all.find(name); found != all.end()) {
      return &found->second;
    }
    if (input_.namespace_name) {
      return nullptr;
    }
    // Without a namespace, a Secret of this name counts where only one namespace has it.
    const std::set<std::string>* only = nullptr;
    for (const auto& [candidate, keys] : all) {
      if (candidate.ends_with("/" + name)) {
        if (only != nullptr) {
          return nullptr;
        }
        only = &keys;
      }
    }
    return only;
  }

  void take_target() {
    const std::string winner(name_of(resolved_.winner));
    if (resolved_.delivery != Delivery::reference) {
      resolved_.secret_name = bundle_.target.value_or("");
      return;
    }
    if (!bundle_.target) {
      error(base::ErrorKind::bad_input, where_ + " is won by " + winner + " and has no target", bundle_.location,
            bundle_.declared ? "target: NAME, the Secret that helm me secret apply makes of it; or --deliver secret"
                             : "a policy with bundles: {" + bundle_.name + ": {target: NAME}}, or --deliver secret");
      return;
    }
    resolved_.secret_name = *bundle_.target;
    diagnostics_.warning({.message = where_ + " is won by " + winner + ": Secret " + quoted(*bundle_.target) +
                                     " must be there before Helm runs",
                          .location = bundle_.location,
                          .notes = {},
                          .help = "helm me secret apply " + bundle_.name + " -o yaml | kubectl apply -f -"});
  }

  void take_values() {
    LoadedValues loaded = resolved_.winner == SourceKind::secrets
                              ? load_secrets(bundle_, input_.environment, input_.references, diagnostics_)
                              : load_secrets_files(bundle_, input_.references, diagnostics_);
    std::vector<MissingKey> missing;
    for (const auto& [key, contract] : bundle_.required) {
      const auto value = loaded.values.find(key);
      if (value != loaded.values.end()) {
        check(key, contract, value->second, loaded.places[key]);
      } else if (loaded.failed.contains(key) || !loaded.complete) {
        continue;
      } else if (contract.default_value) {
        loaded.values.emplace(key, base::Secret(*contract.default_value));
        loaded.origins.emplace(key, "default of its contract");
      } else {
        missing.push_back({key, key});
      }
    }
    if (!missing.empty()) {
      std::vector<std::string> there;
      for (const auto& [key, value] : loaded.values) {
        there.push_back(key);
      }
      report_missing(std::string(name_of(resolved_.winner)), bundle_.location, missing, there);
    }
    resolved_.values = std::move(loaded.values);
    resolved_.origins = std::move(loaded.origins);
  }

  // What External Secrets reads in the cluster is not read here.
  void take_references() {
    std::vector<MissingKey> missing;
    std::vector<std::string> there;
    if (resolved_.winner == SourceKind::secrets_files) {
      no_external_secret("secretsFiles", bundle_.secrets_files.front().location);
      return;
    }
    for (const auto& [key, source] : bundle_.secrets) {
      const auto* reference = std::get_if<FromReference>(&source.value);
      base::Result<placeholder::FetchedReference> parsed =
          reference == nullptr ? placeholder::FetchedReference() : placeholder::parse_vals(reference->text);
      if (reference == nullptr || !parsed) {
        no_external_secret(quoted(key) + " of secrets", source.location);
        continue;
      }
      resolved_.references.emplace(key, *std::move(parsed));
      resolved_.origins.emplace(key, reference->text.substr(0, reference->text.find('?')));
      there.push_back(key);
    }
    for (const auto& [key, contract] : bundle_.required) {
      if (!bundle_.secrets.contains(key)) {
        missing.push_back({key, key});
      }
    }
    if (!missing.empty()) {
      report_missing("secrets", bundle_.location, missing, there);
    }
  }

  void no_external_secret(const std::string& what, const base::Location& location) {
    error(base::ErrorKind::bad_input,
          what + " of " + where_ + " is nothing that External Secrets could read in the cluster", location,
          "KEY: ref+vault://PATH#/KEY, or delivery: secret");
  }

  void check(const std::string& key, const KeyContract& contract, const base::Secret& value,
             const base::Location& place) {
    const std::vector<std::string> broken = breaches(contract, value.reveal());
    if (broken.empty()) {
      return;
    }
    error(base::ErrorKind::bad_input,
          "the value of " + quoted(key) + " breaks its contract in " + where_ + ": " + base::join_words(broken), place,
          contract.generate ? "helm me secret generate " + bundle_.name : "",
          {"the contract is in " + contract.location.file + ":" + std::to_string(contract.location.line)});
  }

  // One error that names every key the winner lacks, what it has that is near, and who else has them.
  void report_missing(const std::string& winner, const base::Location& location, const std::vector<MissingKey>& missing,
                      const std::vector<std::string>& there) {
    std::vector<std::string> names;
    std::vector<std::string> notes;
    std::map<std::string, std::string> near_keys;
    for (const MissingKey& key : missing) {
      names.push_back(quoted(key.name));
      if (const std::optional<std::string> near = base::nearest(key.name, there)) {
        notes.push_back(winner + " has " + quoted(*near) + ", near " + quoted(key.name));
        near_keys.insert_or_assign(key.key, *near);
      }
    }
    for (const SourceKind source : resolved_.shadowed) {
      if (std::string note = held_by(source, missing); !note.empty()) {
        notes.push_back(std::move(note));
      }
    }
    const bool maps = !near_keys.empty() && resolved_.winner == SourceKind::existing_secret;
    error(base::ErrorKind::not_found, winner + " of " + where_ + " lacks " + base::join_words(names), location,
          maps ? mapped_to(std::move(near_keys)) : "add " + base::join_words(names) + " to " + winner,
          std::move(notes));
  }

  // existingSecret as written, but for these keys.
  [[nodiscard]] std::string mapped_to(std::map<std::string, std::string> keys) const {
    keys.insert(bundle_.existing_secret->keys.begin(), bundle_.existing_secret->keys.end());
    std::string out;
    for (const auto& [key, name] : keys) {
      out.append(out.empty() ? "" : ", ").append(key).append(": ").append(name);
    }
    return "existingSecret: {name: " + resolved_.secret_name + ", keys: {" + out + "}}";
  }

  // What a shadowed source has of the keys that the winner lacks. No value is asked for, and what is wrong with a
  // source that is not consulted is nobody's problem.
  [[nodiscard]] std::string held_by(SourceKind source, const std::vector<MissingKey>& missing) const {
    base::Diagnostics unheard;
    const LoadedValues in_files =
        source == SourceKind::secrets_files ? load_secrets_files(bundle_, nullptr, unheard) : LoadedValues();
    std::vector<std::string> held;
    for (const MissingKey& key : missing) {
      if (in_files.values.contains(key.key) || (source == SourceKind::secrets && bundle_.secrets.contains(key.key))) {
        held.push_back(quoted(key.key));
      }
    }
    return held.empty() ? std::string()
                        : std::string(name_of(source)) + " has " + base::join_words(held) +
                              ", but is shadowed and not consulted";
  }

  const Bundle& bundle_;
  const ResolveInput& input_;
  base::Diagnostics& diagnostics_;
  std::string where_;
  ResolvedBundle resolved_;
};

ResolvedBundle resolve_undeclared(const Bundle& bundle, const ResolveInput& input, base::Diagnostics& diagnostics) {
  ResolvedBundle resolved;
  resolved.bundle = &bundle;
  resolved.problems = bundle.problems;
  if (!resolved.problems.empty()) {
    return resolved;
  }
  base::Diagnostics own;
  resolved = BundleResolver(bundle, input, own).resolve();
  resolved.problems = std::move(own.errors);
  for (base::Warning& warning : own.warnings) {
    diagnostics.warning(std::move(warning));
  }
  return resolved;
}

tl::unexpected<base::Error> bad_secret_keys(const Node& at, std::string message) {
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = std::move(message),
                     .location = at.location(),
                     .notes = {},
                     .help = "NAMESPACE/NAME: [KEY, …]"});
}

}  // namespace

base::Result<SecretKeys> read_secret_keys(const base::Source& source) {
  TextFile file{.name = source.name, .object = {}, .folder = {}, .text = source.text};
  Node root;
  base::Diagnostics diagnostics;
  if (!parse_node(file, root, diagnostics, nullptr)) {
    return base::fail(std::move(diagnostics.errors.front()));
  }
  SecretKeys out;
  if (root.kind != Node::Kind::mapping && root.kind != Node::Kind::null) {
    return bad_secret_keys(root, "a file of Secrets' keys must be a mapping");
  }
  for (const NodeEntry& entry : root.entries) {
    const std::string& name = entry.key.text;
    const std::size_t slash = name.find('/');
    const bool good = slash == std::string::npos
                          ? is_secret_name(name)
                          : is_secret_name(name.substr(0, slash)) && is_secret_name(name.substr(slash + 1));
    if (!good) {
      return bad_secret_keys(entry.key, "no name of a Secret: " + quoted(name));
    }
    std::set<std::string>& keys = out[name];
    if (entry.value.kind != Node::Kind::sequence && !entry.value.is_empty()) {
      return bad_secret_keys(entry.value, "the keys of Secret " + quoted(name) + " must be a list");
    }
    for (const Node& item : entry.value.items) {
      if (item.kind != Node::Kind::scalar || !is_key_name(item.text)) {
        return bad_secret_keys(item, "no key of a Secret stands in the list of " + quoted(name));
      }
      keys.insert(item.text);
    }
  }
  return out;
}

std::map<std::string, ResolvedBundle> resolve_bundles(const Policy& policy, const ResolveInput& input,
                                                      base::Diagnostics& diagnostics) {
  std::map<std::string, ResolvedBundle> out;
  for (const auto& [name, bundle] : policy.bundles) {
    out.emplace(name, bundle.declared ? BundleResolver(bundle, input, diagnostics).resolve()
                                      : resolve_undeclared(bundle, input, diagnostics));
  }
  return out;
}

}  // namespace helmme::policy
