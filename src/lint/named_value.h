// What a value in a tree is called, and what its neighbours say of it.
#pragma once

#include <string_view>

#include "lint/key_name.h"
#include "lint/leaf.h"

namespace helmme::lint {

struct NamedValue {
  std::string_view name;
  KeyClass key = KeyClass::other;
};

// The key's name, or what stands beside the value or above it: {name: DB_PASSWORD, value: x}, {type: password, value:
// x}, DB_PASSWORD: {value: x}, {accessKey: x, secretKey: y}, secureJsonData: {anything: x}, passwords: {shop: x}.
[[nodiscard]] NamedValue name_of_value(const Leaf& leaf);

// True where a tag of another program's, such as !vault or !Ref, says that the scalar stands for something else.
[[nodiscard]] bool has_foreign_tag(const Leaf& leaf);

// "New password" for newPassword, and any title below "texts", "translations" and the like.
[[nodiscard]] bool is_text_of_interface(const Leaf& leaf);

// True below a key that holds sentences, queries and patterns.
[[nodiscard]] bool is_described(std::string_view key);

// True where credentials are those of a registry of images.
[[nodiscard]] bool is_registry(const Leaf& leaf);

// True where a key of the mapping names a Secret that is in the cluster; `with_name`: and says which.
[[nodiscard]] bool has_existing_secret(const manifest::Document& document, manifest::NodeId mapping, bool with_name);

}  // namespace helmme::lint
