// Secrets files: what `secretsFiles` names.
//
// YAML or JSON: one flat mapping of KEY to text. Plain numbers and booleans are text where YAML's type does not change
// what is written (`8080`, `true`); where it would (`0123`, `1e3`, `yes`), quotes are asked for. Null and empty values
// mean "not configured" and are left out.
//
// .env (a file whose name is `.env`, ends with `.env` or begins with `.env.`): lines of KEY=VALUE. Empty lines and
// lines that begin with `#` are skipped; `export ` before KEY is too. VALUE is
//   - without quotes: up to the end of the line or ` #`, outer blanks dropped, taken as it stands;
//   - 'in single quotes': taken as it stands, may span lines;
//   - "in double quotes": may span lines; \n \r \t \\ \" \' \$ are escapes, any other \ is an error;
// after a closing quote only blanks and a comment may stand. Nothing is expanded: `$X` is two characters.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::policy {

// What a file of secrets may have, in bytes.
inline constexpr std::size_t k_file_limit = std::size_t{1} << 20U;

using SecretValues = std::map<std::string, base::Secret>;

// `name` is the file's path as written: it chooses the format and is printed in errors. Every problem goes to
// `diagnostics`, without a snippet; nullopt: there was one.
[[nodiscard]] std::optional<SecretValues> parse_secrets_file(const std::string& name, std::string_view text,
                                                             base::Diagnostics& diagnostics);

// True where SOPS has encrypted it (https://getsops.io): YAML and JSON with a mapping `sops`, .env with sops_version.
[[nodiscard]] bool is_sops_encrypted(const std::string& name, std::string_view text);

[[nodiscard]] bool is_env_file(std::string_view name) noexcept;

}  // namespace helmme::policy
