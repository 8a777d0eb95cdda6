// Adds values to a secrets file, .env or YAML by its name (policy/secrets_file.h), and leaves the rest as it stands.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "policy/secrets_file.h"

namespace helmme::cli {

struct SecretsFileText {
  base::Secret text;
  policy::SecretValues values;
};

// An empty file where there is none. Problems go to `diagnostics`; nullopt: there was one.
[[nodiscard]] std::optional<SecretsFileText> read_secrets_file(const std::string& path, base::Diagnostics& diagnostics);

// The text with `added` at its end, each on a line of its own; a line that begins with one of its keys goes. The result
// is read again and must say what it should: else bad_input, for instance where the file is a YAML map in braces.
[[nodiscard]] base::Result<base::Secret> add_to_secrets_file(const std::string& path, const SecretsFileText& file,
                                                             const std::map<std::string, base::Secret>& added);

}  // namespace helmme::cli
