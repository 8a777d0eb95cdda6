// References and values as short text, so that tables of cases can hold them.
#pragma once

#include <string>
#include <vector>

#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {

// z null, b: boolean, n: number, t: text, [lists], {maps}: `8080` and `"8080"` differ.
inline std::string shown(const FetchedValue& value) {
  std::string out;
  switch (value.kind) {
    case FetchedValue::Kind::null:
      return "z";
    case FetchedValue::Kind::boolean:
      return "b:" + std::string(value.scalar.reveal());
    case FetchedValue::Kind::number:
      return "n:" + std::string(value.scalar.reveal());
    case FetchedValue::Kind::text:
      return "t:" + std::string(value.scalar.reveal());
    case FetchedValue::Kind::list:
      for (const FetchedValue& item : value.items) {
        out += (out.empty() ? "" : " ") + shown(item);
      }
      return "[" + out + "]";
    case FetchedValue::Kind::map:
      break;
  }
  for (const auto& [key, item] : value.entries) {
    out += (out.empty() ? "" : " ") + key + "=" + shown(item);
  }
  return "{" + out + "}";
}

inline std::string shown(const base::Result<FetchedValue>& value) {
  if (value) {
    return shown(*value);
  }
  return "error: " + value.error().message + (value.error().help.empty() ? "" : " (" + value.error().help + ")");
}

// "scheme:path version 3 ?name=value #/a/b |modifier(x,y) <template>{nested}"
inline std::string shown(const FetchedReference& reference) {
  std::string out = reference.nested.empty() ? reference.locator.text() : reference.locator.scheme;
  for (const auto& [name, value] : reference.locator.options) {
    out += " ?" + name + "=" + value;
  }
  if (!reference.path.empty()) {
    out += " #";
    for (const std::string& key : reference.path) {
      out += "/" + key;
    }
  }
  for (const Modifier& modifier : reference.modifiers) {
    out += " |" + modifier.name;
    for (const std::string& argument : modifier.arguments) {
      out += " (" + argument + ")";
    }
  }
  if (!reference.key_template.empty()) {
    out += " <" + reference.key_template + ">";
  }
  for (const FetchedReference& nested : reference.nested) {
    out += " {" + shown(nested) + "}";
  }
  return out;
}

// The text with "[…]" for each match: `user:[vault:x #/a]@host`.
inline std::string shown(const std::string& value, const std::vector<FetchedMatch>& matches) {
  std::string out;
  std::size_t at = 0;
  for (const FetchedMatch& match : matches) {
    const FetchedReference& found = match.reference;
    out += value.substr(at, found.begin - at);
    out += match.kind == FetchedMatch::Kind::refused ? "[! " + match.problem + "]" : "[" + shown(found) + "]";
    at = found.begin + found.length;
  }
  return out + value.substr(at);
}

}  // namespace helmme::placeholder
