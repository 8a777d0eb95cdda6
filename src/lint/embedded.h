// Secrets inside longer text: assignments of properties, INI, JSON, YAML, XML and shell; passwords in URLs and DSNs;
// options of commands; headers. All are pure functions in time linear to the text, and all judge what they find: what
// is a reference, an example or prose is left out.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "lint/key_name.h"
#include "lint/value.h"

namespace helmme::lint {

enum class Verdict { clean, common, secret };

// What a key and its value amount to. `common`: a default that everybody knows.
[[nodiscard]] Verdict judge(KeyClass key, std::string_view value);
// The same by the key's name; a value that only repeats the key is `common`.
[[nodiscard]] Verdict judge(std::string_view key, std::string_view value);
// The same where more is known of a key than its name says.
[[nodiscard]] Verdict judge(std::string_view name, KeyClass key, std::string_view value);

struct EmbeddedSecret {
  std::string_view name;  // of the key, option or header; "" where it has none
  Span span;
  Verdict verdict = Verdict::secret;
};

// Adds what `span` of the text holds, where it is judged to be one.
void add_judged(std::vector<EmbeddedSecret>& found, std::string_view name, KeyClass key, std::string_view text,
                Span span);

enum class TextStyle {
  config,  // a bare word behind "=" or ":" is a value
  code,    // only what stands in quotes is one
  shell,   // a bare word behind "=" without a space is one
};

[[nodiscard]] std::vector<EmbeddedSecret> find_assignments(std::string_view text, TextStyle style);

// "scheme://user:PASSWORD@host", "user:PASSWORD@tcp(host)", "host=… password=PASSWORD", "…;Password=PASSWORD;".
[[nodiscard]] std::vector<EmbeddedSecret> find_url_passwords(std::string_view text);

// "--password=X", "--password X", "-H 'Authorization: Bearer X'", "curl -u name:X", "mysql -pX", "redis-cli -a X".
[[nodiscard]] std::vector<EmbeddedSecret> find_command_secrets(std::string_view text);
// The same of words that stand apart, [mongosh, -p, X]. Spans are those in the text that they make with one character
// between each. `program`: what they are handed to, where it is not the first of them.
[[nodiscard]] std::vector<EmbeddedSecret> find_argument_secrets(const std::vector<std::string_view>& arguments,
                                                                std::string_view program);

// "--set a.password=X,b=Y", also --set-string, --set-literal and --set-json.
[[nodiscard]] std::vector<EmbeddedSecret> find_set_secrets(std::string_view text);
// "a.password=X,b=Y", one or more lines of it: what other tools hand to --set.
[[nodiscard]] std::vector<EmbeddedSecret> find_set_values(std::string_view text);

// What follows "Bearer ", "Basic " or "token " in a header's value; empty spans are left out.
[[nodiscard]] std::vector<EmbeddedSecret> find_header_secret(std::string_view header, std::string_view value);

// "Authorization=Bearer%20X,x-api-key=Y": headers as OpenTelemetry's exporters take them.
[[nodiscard]] std::vector<EmbeddedSecret> find_header_list(std::string_view text);

// "Authorization: Bearer X" and `Authorization "Basic X"` in the settings of a server.
[[nodiscard]] std::vector<EmbeddedSecret> find_authorizations(std::string_view text);

// "name:PASSWORD" of a key such as basicAuth, "neo4j/PASSWORD" of NEO4J_AUTH.
[[nodiscard]] std::vector<EmbeddedSecret> find_name_and_password(std::string_view key, std::string_view value);

// Formats that put no name before a credential: Redis' users, PgBouncer's userlist, .pgpass, htpasswd …
[[nodiscard]] std::vector<EmbeddedSecret> find_by_format(std::string_view file_name, std::string_view text);

// All that a text of that name assigns, by its format as well; texts that an interface shows are left out. By rising
// begin. Passwords in URLs are not among them.
[[nodiscard]] std::vector<EmbeddedSecret> find_in_text(std::string_view file_name, std::string_view text);

// How the text of a file of that name is read.
[[nodiscard]] TextStyle style_of(std::string_view file_name);

}  // namespace helmme::lint
