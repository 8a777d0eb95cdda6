// What argocd-vault-plugin can make of a value
// (https://argocd-vault-plugin.readthedocs.io/en/stable/howitworks/#modifiers, pkg/kube/modifiers.go):
//
//   base64encode, base64decode, sha256sum   of text, and of numbers and booleans as they are written
//   indent N                                N blanks before each line but the first and the empty ones
//   jsonParse, yamlParse                    a text's value
//   jsonPath EXPRESSION                     of a value, or of a text that is JSON; see json_path.h. Gives text
//
// Unlike there a base64decode of what is no base64 is an error, and indent changes nothing else about the lines.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

// Of `indent`: more is a slip of the hand.
inline constexpr int k_indent_limit = 1000;

// What is wrong with it, before anything is read: an unknown name, wrong arguments. bad_input.
[[nodiscard]] base::Result<void> check_modifier(const Modifier& modifier);

// bad_input: it does not fit the value. not_found: jsonPath's field.
[[nodiscard]] base::Result<FetchedValue> apply_modifier(const Modifier& modifier, FetchedValue value);

}  // namespace helmme::placeholder
