#include "policy/bundle.h"

#include <algorithm>
#include <utility>

#include "base/duration.h"
#include "placeholder/vals.h"
#include "policy/allow.h"
#include "policy/contract.h"
#include "policy/names.h"

namespace helmme::policy {

const std::vector<std::string> k_top_keys = {"apiVersion", "kind",      "metadata", "bundles",          "allow",
                                             "defaults",   "arguments", "dialects", "secretNameFields", "allowValues",
                                             "bridge"};

namespace {

const std::vector<std::string> k_bundle_keys = {"required",       "existingSecret", "secrets",  "secretsFiles",
                                                "delivery",       "target",         "replaces", "precedence",
                                                "secretStoreRef", "refreshInterval"};
const std::vector<std::string> k_later_keys = {"promote", "certificate"};

bool is_one_of(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void not_in_this_version(const Node& at, const std::string& what, Form& form) {
  form.problem(at, what + " is not in this version");
}

class BundleReader {
 public:
  BundleReader(const NodeEntry& entry, const Defaults& defaults, Form& form)
      : node_(entry.value), defaults_(defaults), form_(form), where_("bundle " + quoted(entry.key.text)) {
    bundle_.name = entry.key.text;
    bundle_.location = entry.key.location();
    bundle_.delivery = defaults.delivery;
    bundle_.target = defaults.target;
    bundle_.strict = defaults.strict;
    bundle_.store = defaults.store;
  }

  Bundle read() {
    if (!form_.is_mapping(node_, where_)) {
      return std::move(bundle_);
    }
    if (const Node* required = node_.find("required")) {
      read_required(*required);  // first: the others are checked against it
    }
    for (const NodeEntry& entry : node_.entries) {
      const std::string& key = entry.key.text;
      if (is_later_work(entry, where_, form_) || !form_.is_known(entry.key, where_, k_bundle_keys)) {
        continue;
      }
      const std::string what = key + " of " + where_;
      if (entry.key.file->origin == Origin::stream_document && !entry.value.is_empty() &&
          (key == "secrets" || key == "secretsFiles" || key == "delivery" || key == "secretStoreRef" ||
           key == "refreshInterval")) {
        form_.problem(entry.key, "a policy that a chart brings may not set " + what,
                      "set it in the operator's own policy: --policy FILE");
      } else if (key == "existingSecret") {
        read_existing_secret(entry.value, what);
      } else if (key == "secrets") {
        read_secrets(entry.value, what);
      } else if (key == "secretsFiles") {
        read_secrets_files(entry.value, what);
      } else if (key == "delivery") {
        if (const std::optional<Delivery> delivery = read_delivery(entry.value, what, form_)) {
          bundle_.delivery = delivery;
        }
      } else if (key == "target") {
        if (std::optional<std::string> target = form_.secret_name(entry.value, what)) {
          bundle_.target = std::move(target);
        }
      } else if (key == "replaces") {
        read_replaces(entry.value, what);
      } else if (key == "secretStoreRef" || key == "refreshInterval") {
        read_store(entry, what, bundle_.store, form_);
      } else if (key == "precedence") {
        if (const std::optional<std::string> word = form_.word(entry.value, what, {"warn", "strict"})) {
          bundle_.strict = *word == "strict";
        }
      }
    }
    return std::move(bundle_);
  }

 private:
  void read_required(const Node& node) {
    if (!form_.is_mapping(node, "required of " + where_)) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      if (form_.key_name(entry.key, "a key of required")) {
        bundle_.required.emplace(entry.key.text, read_contract(entry.value, entry.key.text, form_));
        if (entry.value.is_empty()) {
          bundle_.required.at(entry.key.text).location = entry.key.location();
        }
      }
    }
  }

  // A bundle's key that something maps to or from: with `required` present, one of it.
  bool is_bundle_key(const Node& node, const std::string& what) {
    if (!form_.key_name(node, what)) {
      return false;
    }
    if (bundle_.required.empty() || bundle_.required.contains(node.text)) {
      return true;
    }
    std::vector<std::string> known;
    for (const auto& [key, contract] : bundle_.required) {
      known.push_back(key);
    }
    form_.problem(node, what + " is not in required of " + where_ + ": " + quoted(node.text),
                  did_you_mean(node.text, known));
    return false;
  }

  void read_existing_secret(const Node& node, const std::string& what) {
    if (node.is_empty()) {
      return;
    }
    ExistingSecret existing;
    existing.location = node.location();
    const Node* name = &node;
    if (node.kind == Node::Kind::mapping) {
      for (const NodeEntry& entry : node.entries) {
        form_.is_known(entry.key, what, {"name", "keys"});
      }
      name = node.find("name");
      if (name == nullptr) {
        form_.problem(node, what + " has no name", "existingSecret: {name: NAME, keys: {KEY: KEY-IN-THE-SECRET}}");
        return;
      }
      if (const Node* keys = node.find("keys"); keys != nullptr && form_.is_mapping(*keys, "keys of " + what)) {
        for (const NodeEntry& entry : keys->entries) {
          if (!entry.value.is_empty() && is_bundle_key(entry.key, "a key of keys") &&
              form_.key_name(entry.value, quoted(entry.key.text) + " of keys")) {
            existing.keys.emplace(entry.key.text, entry.value.text);
          }
        }
      }
    }
    if (std::optional<std::string> filled = form_.secret_name(*name, what)) {
      existing.name = *std::move(filled);
      bundle_.existing_secret = std::move(existing);
    }
  }

  void read_secrets(const Node& node, const std::string& what) {
    if (!form_.is_mapping(node, what)) {
      return;
    }
    const Node* first_literal = nullptr;
    for (const NodeEntry& entry : node.entries) {
      if (!form_.key_name(entry.key, "a key of " + what) || entry.value.is_empty()) {
        continue;
      }
      const std::string name = quoted(entry.key.text) + " of " + what;
      ValueSource source;
      source.folder = entry.value.file->folder;
      source.location = entry.key.location();
      if (entry.value.kind == Node::Kind::mapping) {
        if (!read_origin(entry.value, name, source)) {
          continue;
        }
      } else {
        std::optional<std::string> literal = form_.text(entry.value, name);
        if (!literal) {
          continue;
        }
        if (literal->starts_with("ref+") || literal->starts_with("secretref+")) {
          if (!read_reference(entry.value, name, *literal, source)) {
            continue;
          }
        } else {
          source.value = base::Secret(*literal);
          base::cleanse(*literal);
          first_literal = first_literal == nullptr ? &entry.key : first_literal;
        }
      }
      bundle_.secrets.emplace(entry.key.text, std::move(source));
    }
    if (first_literal != nullptr && first_literal->file->origin == Origin::helm_values) {
      form_.warning(*first_literal, what + " holds a value in plaintext: what Helm gets by -f, it keeps in the release",
                    "existingSecret: NAME; or, in a policy, secrets: {" + first_literal->text + ": {env: VARIABLE}}");
    } else if (first_literal != nullptr) {
      form_.warning(*first_literal, what + " holds a value in plaintext",
                    "take it from the environment, {env: VARIABLE}, or from a file, {file: PATH}");
    }
  }

  // ref+SCHEME://PATH#/KEY.
  bool read_reference(const Node& node, const std::string& what, const std::string& text, ValueSource& source) {
    const base::Result<placeholder::FetchedReference> reference = placeholder::parse_vals(text);
    if (!reference) {
      form_.problem(node, what + ": " + reference.error().message, reference.error().help);
      return false;
    }
    if (!reference->nested.empty()) {
      form_.problem(node, what + " has a reference inside a reference", "name what is read in full");
      return false;
    }
    source.value = FromReference{text};
    if (is_allowed(defaults_.allow, reference->locator)) {
      return true;
    }
    not_in_allow(node, reference->locator.scheme, reference->locator.path);
    return false;
  }

  // {env: VARIABLE} or {file: PATH, raw: true}.
  bool read_origin(const Node& node, const std::string& what, ValueSource& source) {
    bool known = true;
    for (const NodeEntry& entry : node.entries) {
      known = form_.is_known(entry.key, what, {"env", "file", "raw"}) && known;
    }
    if (!known) {
      return false;
    }
    const Node* env = node.find("env");
    const Node* file = node.find("file");
    const Node* raw = node.find("raw");
    if ((env == nullptr) == (file == nullptr) || (env != nullptr && raw != nullptr)) {
      form_.problem(node, what + " must be text, {env: VARIABLE} or {file: PATH}");
      return false;
    }
    if (env != nullptr) {
      const std::optional<std::string> variable = form_.text(*env, "env of " + what);
      if (!variable || !is_variable_name(*variable)) {
        form_.problem(*env, "env of " + what + " is no name of a variable", "{env: VARIABLE}");
        return false;
      }
      source.value = FromEnvironment{*variable};
      return is_in_allow(*env, "env", *variable);
    }
    const bool keep_line_end = raw != nullptr && form_.boolean(*raw, "raw of " + what).value_or(false);
    const std::optional<std::string> path = read_path(*file, "file of " + what);
    source.value = FromFile{path.value_or(""), keep_line_end};
    return path.has_value();
  }

  void read_secrets_files(const Node& node, const std::string& what) {
    if (!form_.is_sequence(node, what)) {
      return;
    }
    for (const Node& item : node.items) {
      if (item.is_empty()) {
        continue;
      }
      if (std::optional<std::string> path = read_path(item, "an item of " + what)) {
        bundle_.secrets_files.push_back({*std::move(path), item.file->folder, item.location()});
      }
    }
  }

  std::optional<std::string> read_path(const Node& node, const std::string& what) {
    std::optional<std::string> path = form_.text(node, what);
    if (!path) {
      if (node.is_empty()) {
        form_.problem(node, what + " is empty");
      }
      return std::nullopt;
    }
    if (path->starts_with("ref+") || path->starts_with("secretref+")) {
      not_in_this_version(node, "a reference to a provider (" + what + ")", form_);
      return std::nullopt;
    }
    return is_in_allow(node, "file", *path) ? std::move(path) : std::nullopt;
  }

  bool is_in_allow(const Node& at, const std::string& scheme, const std::string& text) {
    if (is_allowed(defaults_.allow, scheme, text)) {
      return true;
    }
    not_in_allow(at, scheme, text);
    return false;
  }

  void not_in_allow(const Node& at, const std::string& scheme, const std::string& text) {
    form_.problem(at, scheme + " " + quoted(text) + " is outside of allow", "allow: {" + scheme + ": [" + text + "]}");
  }

  void read_replaces(const Node& node, const std::string& what) {
    if (!form_.is_mapping(node, what)) {
      return;
    }
    for (const NodeEntry& entry : node.entries) {
      const std::string name = quoted(entry.key.text) + " of " + what;
      const std::optional<std::string> secret = form_.secret_name(entry.key, "a Secret of " + what);
      if (!secret || entry.value.kind == Node::Kind::null) {
        continue;
      }
      auto [mapped, added] = bundle_.replaces.try_emplace(*secret);
      if (!added) {
        form_.problem(entry.key, "Secret " + quoted(*secret) + " stands twice in " + what);
      }
      if (!form_.is_mapping(entry.value, name)) {
        continue;
      }
      for (const NodeEntry& key : entry.value.entries) {
        if (form_.key_name(key.key, "a key of " + name) &&
            is_bundle_key(key.value, quoted(key.key.text) + " of " + name)) {
          mapped->second.emplace(key.key.text, key.value.text);
        }
      }
    }
  }

  const Node& node_;
  const Defaults& defaults_;
  Form& form_;
  std::string where_;
  Bundle bundle_;
};

}  // namespace

Bundle read_bundle(const NodeEntry& entry, const Defaults& defaults, Form& form) {
  return BundleReader(entry, defaults, form).read();
}

bool is_later_work(const NodeEntry& entry, const std::string& where, Form& form) {
  if (!is_one_of(k_later_keys, entry.key.text)) {
    return false;
  }
  if (!entry.value.is_empty()) {
    not_in_this_version(entry.key, entry.key.text + " of " + where, form);
  }
  return true;
}

void read_store(const NodeEntry& entry, const std::string& what, std::optional<SecretStore>& store, Form& form) {
  if (entry.value.is_empty()) {
    return;
  }
  SecretStore next = store.value_or(SecretStore{});
  if (entry.key.text == "refreshInterval") {
    const std::optional<std::string> interval = form.text(entry.value, what);
    if (interval && !base::parse_duration(*interval)) {
      form.problem(entry.value, what + " is no duration", "refreshInterval: 1h");
    }
    next.refresh_interval = interval.value_or("");
  } else if (form.is_mapping(entry.value, what)) {
    for (const NodeEntry& field : entry.value.entries) {
      if (!form.is_known(field.key, what, {"name", "kind"})) {
        continue;
      }
      if (field.key.text == "name") {
        next.name = form.secret_name(field.value, "name of " + what).value_or("");
      } else {
        next.kind =
            form.word(field.value, "kind of " + what, {"SecretStore", "ClusterSecretStore"}).value_or(next.kind);
      }
    }
    if (entry.value.find("name") == nullptr) {
      form.problem(entry.value, what + " has no name", "secretStoreRef: {name: NAME, kind: ClusterSecretStore}");
    }
  }
  store = std::move(next);
}

std::optional<Delivery> read_delivery(const Node& node, const std::string& what, Form& form) {
  const std::optional<std::string> word = form.word(node, what, k_delivery_words);
  if (!word) {
    return std::nullopt;
  }
  const std::optional<Delivery> delivery = delivery_named(*word);
  if (!delivery) {
    form.problem(node, "delivery " + quoted(*word) + " is not in this version",
                 "delivery: reference, externalSecret, secret or inline");
  }
  return delivery;
}

}  // namespace helmme::policy
