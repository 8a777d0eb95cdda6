#include "cli/secrets_file_edit.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/private_file.h"
#include "base/text.h"
#include "policy/scalar.h"
#include "policy/secrets_file.h"

namespace helmme::cli {
namespace {

using base::Secret;

// In double quotes, as both formats read them: YAML 1.2, section 5.7, and policy/secrets_file.h.
void append_quoted(std::string& out, std::string_view value, bool env) {
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\' || (env && c == '$')) {
      out += '\\';
    }
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

void append_line(std::string& out, const std::string& key, std::string_view value, bool env) {
  if (env) {
    out += key + '=';
  } else if (policy::is_typed(key) || key.find_first_of("-.") == 0) {
    out += '"' + key + "\": ";
  } else {
    out += key + ": ";
  }
  append_quoted(out, value, env);
  out += '\n';
}

// The key that a line sets, where it is written plainly; a key in the middle of a value that spans lines is taken for
// one too, which the second reading finds.
std::string_view key_of(std::string_view line, bool env) {
  if (env) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with("export ")) {
      line.remove_prefix(7);
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    }
    return line.substr(0, line.find('='));
  }
  std::string_view key = line.substr(0, line.find(':'));
  if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'') && key.back() == key.front()) {
    key = key.substr(1, key.size() - 2);
  }
  return key;
}

bool says(const policy::SecretValues& found, const policy::SecretValues& before,
          const std::map<std::string, Secret>& added) {
  std::size_t expected = added.size();
  for (const auto& [key, value] : before) {
    if (!added.contains(key)) {
      ++expected;
      const auto same = found.find(key);
      if (same == found.end() || !same->second.equals(value)) {
        return false;
      }
    }
  }
  return found.size() == expected && std::all_of(added.begin(), added.end(), [&](const auto& item) {
           const auto same = found.find(item.first);
           return same != found.end() && same->second.equals(item.second);
         });
}

}  // namespace

std::optional<SecretsFileText> read_secrets_file(const std::string& path, base::Diagnostics& diagnostics) {
  base::Result<std::optional<base::PrivateFile>> file =
      base::read_private_file("the secrets file", path, policy::k_file_limit);
  if (!file) {
    diagnostics.error(std::move(file).error());
    return std::nullopt;
  }
  SecretsFileText out;
  if (!*file) {
    return out;
  }
  out.text = std::move((*file)->bytes);
  std::optional<policy::SecretValues> values = policy::parse_secrets_file(path, out.text.reveal(), diagnostics);
  if (!values) {
    return std::nullopt;
  }
  out.values = *std::move(values);
  return out;
}

base::Result<Secret> add_to_secrets_file(const std::string& path, const SecretsFileText& file,
                                         const std::map<std::string, Secret>& added) {
  const bool env = policy::is_env_file(path);
  std::string_view rest = file.text.reveal();
  std::size_t size = rest.size() + 1;
  for (const auto& [key, value] : added) {
    size += key.size() + 2 * value.size() + 8;
  }
  std::string out;
  out.reserve(size);  // so that a growing string leaves no copies behind
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    if (!added.contains(std::string(key_of(line, env)))) {
      out += line;
    }
  }
  if (!out.empty() && out.back() != '\n') {
    out += '\n';
  }
  for (const auto& [key, value] : added) {
    append_line(out, key, value.reveal(), env);
  }
  Secret text{std::string_view(out)};
  base::cleanse(out);
  base::Diagnostics unheard;
  const std::optional<policy::SecretValues> found = policy::parse_secrets_file(path, text.reveal(), unheard);
  if (!found || !says(*found, file.values, added)) {
    std::vector<std::string> keys;
    keys.reserve(added.size());
    for (const auto& [key, value] : added) {
      keys.push_back(key);
    }
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "lines for " + base::join_words(keys) + " cannot be added to " +
                                  base::printable(path) + ": it has another form than KEY" +
                                  (env ? "=VALUE" : ": VALUE") + " lines",
                       .help = "--out another file, or bring it into that form"});
  }
  return text;
}

}  // namespace helmme::cli
