#include "lint/named_value.h"

#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded_pair.h"
#include "lint/value.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;

constexpr std::size_t k_most_neighbours = 32;

// Asks the first entries of the leaf's mapping; true ends it.
template <typename Test>
bool any_neighbour(const Leaf& leaf, Test test) {
  const Document& document = leaf.document();
  const NodeId end = leaf.mapping() + document[leaf.mapping()].size;
  std::size_t left = k_most_neighbours;
  for (NodeId key = leaf.mapping() + 1; key < end && left > 0; --left) {
    const NodeId value = key + document[key].size;
    if (document[key].kind == NodeKind::scalar && document[value].kind == NodeKind::scalar && value != leaf.id() &&
        test(document[key].value, document[value].value)) {
      return true;
    }
    key = value + document[value].size;
  }
  return false;
}

// "app.auth.password" counts by its last step.
KeyClass class_of_path(std::string_view name) { return classify_key(name.substr(name.rfind('.') + 1)); }

// The value of `name`, or of another naming word that is called as a credential.
std::string_view name_beside(const Leaf& leaf) {
  std::string_view name;
  any_neighbour(leaf, [&](std::string_view key, std::string_view value) {
    const bool naming = is_naming_word(key);
    if (naming && (name.empty() || class_of_path(value) != KeyClass::other)) {
      name = value;
    }
    return naming && class_of_path(value) != KeyClass::other;
  });
  return name;
}

// Below it every entry is a credential, whatever its name: "passwords: {shop: x}".
bool holds_credentials(std::string_view parent) {
  if (parent == "secureJsonData") {
    return true;
  }
  return parent.size() > 8 &&
         (parent.ends_with("asswords") || parent.ends_with("piTokens") || parent.ends_with("ccessTokens")) &&
         words_of(parent).size() <= 2;
}

// Settings of passwords, not passwords.
bool is_setting(std::string_view key) {
  constexpr std::array<std::string_view, 29> k_words = {
      "policy", "length", "min",      "max",    "algorithm", "encoder", "hash",   "enabled", "charset", "file",
      "secret", "name",   "key",      "create", "mode",      "ttl",     "rotate", "format",  "type",    "regex",
      "expiry", "path",   "existing", "size",   "username",  "user",    "email",  "id",      "enable"};
  const std::vector<std::string> words = words_of(key);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(k_words.begin(), k_words.end(), word) != k_words.end();
  });
}

// The mapping around is itself a value of a mapping, and no item.
bool is_in_mapping(const Leaf& leaf) {
  return leaf.frames().size() > 1 && leaf.frames()[leaf.frames().size() - 2].key != k_no_node;
}

// "session: {secret: x}", "api: {key: x}": the name is made of both keys.
bool is_credential_with_parent(const Leaf& leaf) {
  const std::string_view key = leaf.key();
  if ((key != "secret" && key != "key" && key != "SECRET" && key != "KEY") || !is_in_mapping(leaf)) {
    return false;
  }
  const std::string_view value = trim(leaf.value());
  const bool common = classify_value(value) == ValueClass::common && key == "secret";
  if (!common && !is_value_beside_identity("secret", value)) {
    return false;
  }
  const std::string name = std::string(leaf.key_above(1)) + "_" + std::string(key);
  return classify_key(name) == KeyClass::credential &&
         !any_neighbour(leaf, [](std::string_view beside, std::string_view) {
           return beside == "name" || beside == "secretName" || beside == "secret";
         });
}

// A secret key beside its access key, a client's secret beside its id: no name of a Secret.
bool is_given_with_identity(const Leaf& leaf) {
  const std::string_view value = trim(leaf.value());
  return is_value_beside_identity(leaf.key(), value) &&
         any_neighbour(leaf, [](std::string_view key, std::string_view identity) {
           return is_identity(key) && !trim(identity).empty() && !is_name_of_key(identity);
         });
}

}  // namespace

NamedValue name_of_value(const Leaf& leaf) {
  const std::string_view key = leaf.key();
  if (leaf.mapping() != k_no_node && is_value_word(key)) {
    if (const std::string_view name = name_beside(leaf); !name.empty()) {
      return {name, class_of_path(name)};
    }
    // DB_PASSWORD: {value: x}
    const KeyClass above = classify_key(leaf.key_above(1));
    return above == KeyClass::credential ? NamedValue{leaf.key_above(1), above} : NamedValue{key, classify_key(key)};
  }
  KeyClass found = classify_key(key);
  if (leaf.mapping() != k_no_node && found != KeyClass::credential && is_credential_with_parent(leaf)) {
    return {key, KeyClass::credential};
  }
  if (leaf.mapping() == k_no_node || found == KeyClass::credential) {
    return {key, found};
  }
  if (found == KeyClass::ambiguous) {
    const bool bearer =
        key == "credentials" && any_neighbour(leaf, [](std::string_view beside, std::string_view value) {
          return beside == "type" && (value == "Bearer" || value == "Basic" || value == "Token");
        });
    found = bearer || is_given_with_identity(leaf) ? KeyClass::credential : found;
  } else if (is_in_mapping(leaf) && holds_credentials(leaf.key_above(1)) && !is_setting(key)) {
    found = KeyClass::credential;
  }
  return {key, found};
}

bool has_foreign_tag(const Leaf& leaf) {
  if (!leaf.node().has_properties) {
    return false;
  }
  const std::string& tag = leaf.document().properties(leaf.id()).tag;
  return tag.size() > 1 && tag[0] == '!' && tag[1] != '!';
}

bool is_text_of_interface(const Leaf& leaf) {
  constexpr std::size_t k_highest = 4;
  constexpr std::array<std::string_view, 11> k_texts = {"texts",    "text",     "messages", "translations",
                                                        "i18n",     "locales",  "strings",  "placeholders",
                                                        "captions", "tooltips", "labels"};
  const std::string_view value = trim(leaf.value());
  if (!is_title(value)) {
    return false;
  }
  if (contains(value, " ") && is_title_of(leaf.key(), value)) {
    return true;
  }
  for (std::size_t up = 1; up <= k_highest; ++up) {
    if (std::find(k_texts.begin(), k_texts.end(), leaf.key_above(up)) != k_texts.end()) {
      return true;
    }
  }
  return false;
}

bool is_described(std::string_view key) {
  constexpr std::array<std::string_view, 16> k_keys = {
      "expr", "query", "description", "summary", "message",  "pattern", "regex", "help",
      "doc",  "title", "example",     "usage",   "selector", "comment", "notes", "tooltip"};
  return std::find(k_keys.begin(), k_keys.end(), key) != k_keys.end();
}

bool is_registry(const Leaf& leaf) {
  const Document& document = leaf.document();
  if (leaf.key_above(2) == "auths") {
    return true;
  }
  const NodeId registry = leaf.mapping() == k_no_node ? k_no_node : sibling(document, leaf.mapping(), "registry");
  if (registry != k_no_node && document[registry].kind == NodeKind::scalar) {
    return true;
  }
  for (std::size_t up = 1; up <= 3; ++up) {
    for (const std::string& word : words_of(leaf.key_above(up))) {
      if (word == "registry" || word == "dockerconfigjson" || word == "dockerconfig") {
        return true;
      }
    }
    if (contains(leaf.key_above(up), "mageCredential") || contains(leaf.key_above(up), "magePullSecret")) {
      return true;
    }
  }
  return false;
}

bool has_existing_secret(const Document& document, NodeId mapping, bool with_name) {
  if (mapping == k_no_node || document[mapping].kind != NodeKind::mapping) {
    return false;
  }
  const NodeId end = mapping + document[mapping].size;
  for (NodeId key = mapping + 1; key < end;) {
    const NodeId value = key + document[key].size;
    if (document[key].kind == NodeKind::scalar && names_existing_secret(document[key].value)) {
      const bool named = document[value].kind == NodeKind::mapping
                             ? !trim(child_text(document, value, "name")).empty()
                             : !document.is_null(value) && !trim(document[value].value).empty() &&
                                   document[value].kind == NodeKind::scalar && document[value].value != "false";
      if (!with_name || named) {
        return true;
      }
    }
    key = value + document[value].size;
  }
  return false;
}

}  // namespace helmme::lint
