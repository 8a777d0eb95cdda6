#include "policy/secrets_file.h"

#include <utility>

#include "policy/names.h"
#include "policy/node.h"
#include "policy/scalar.h"

namespace helmme::policy {
namespace {

bool is_provider_reference(std::string_view value) {
  return value.starts_with("ref+") || value.starts_with("secretref+");
}

base::Error problem(base::Location location, std::string message, std::string help = {}) {
  return {.kind = base::ErrorKind::bad_input,
          .message = std::move(message),
          .location = std::move(location),
          .notes = {},
          .help = std::move(help)};
}

// One entry of a YAML file into `values`, or a problem.
std::optional<base::Error> read_entry(const NodeEntry& entry, SecretValues& values) {
  const Node& value = entry.value;
  if (!is_key_name(entry.key.text)) {
    return problem(entry.key.location(), "a key may hold letters, digits, \".\", \"_\" and \"-\" only");
  }
  const std::string key = '"' + entry.key.text + '"';
  if (value.kind == Node::Kind::mapping || value.kind == Node::Kind::sequence) {
    if (value.is_empty()) {
      return std::nullopt;
    }
    const std::string path = value.kind == Node::Kind::mapping && is_key_name(value.entries.front().key.text)
                                 ? entry.key.text + "." + value.entries.front().key.text
                                 : entry.key.text;
    return problem(value.location(), "the value of \"" + path + "\" is nested: a secrets file is flat",
                   "write each value as KEY: VALUE");
  }
  if (value.is_empty()) {
    return std::nullopt;
  }
  if (value.plain && is_typed(value.text) && !keeps_its_text(value.text)) {
    return problem(value.location(), "the value of " + key + " is no text to YAML, which may change what is written",
                   "put it in quotes");
  }
  if (is_provider_reference(value.text)) {
    return problem(value.location(), "a reference to a provider (" + key + ") is not in this version");
  }
  values.emplace(entry.key.text, base::Secret(value.text));
  return std::nullopt;
}

std::optional<SecretValues> parse_yaml(const std::string& name, std::string_view text, base::Diagnostics& diagnostics) {
  TextFile file{.name = name, .object = {}, .folder = {}, .text = text};
  Node root;
  if (!parse_node(file, root, diagnostics, nullptr)) {
    wipe(root);
    return std::nullopt;
  }
  SecretValues values;
  bool good = true;
  const auto report = [&](base::Error error) {
    good = false;
    diagnostics.error(std::move(error));
  };
  if (root.kind == Node::Kind::mapping) {
    for (const NodeEntry& entry : root.entries) {
      if (std::optional<base::Error> error = read_entry(entry, values)) {
        report(*std::move(error));
      }
    }
  } else if (root.kind != Node::Kind::null) {
    report(problem(file.locate(root.offset, 1), "a secrets file must be a mapping of keys to text"));
  }
  wipe(root);
  return good ? std::optional(std::move(values)) : std::nullopt;
}

// Reads KEY=VALUE lines; the format is documented in the header.
class EnvParser {
 public:
  EnvParser(const std::string& name, std::string_view text, base::Diagnostics& diagnostics)
      : name_(name), text_(text), diagnostics_(diagnostics) {}

  std::optional<SecretValues> parse() {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      text_.remove_prefix(3);
    }
    while (at_ < text_.size()) {
      read_line();
    }
    return good_ ? std::optional(std::move(values_)) : std::nullopt;
  }

 private:
  [[nodiscard]] bool at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n'; }
  [[nodiscard]] std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  void skip_blanks() {
    while (!at_line_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  void next_line() { at_ = std::min(line_end() + 1, text_.size()); }

  void report(base::Error error) {
    good_ = false;
    diagnostics_.error(std::move(error));
  }
  void report(std::size_t offset, std::string message, std::string help = {}) {
    report(problem(base::locate(name_, text_, offset, 1, true), std::move(message), std::move(help)));
  }

  void read_line() {
    skip_blanks();
    if (at_line_end() || text_[at_] == '#') {
      next_line();
      return;
    }
    if (text_.substr(at_).starts_with("export ")) {
      at_ += 7;
      skip_blanks();
    }
    const std::size_t begin = at_;
    const std::size_t equals = text_.substr(0, line_end()).find('=', at_);
    if (equals == std::string_view::npos) {
      report(begin, "a line has no \"=\"", "KEY=VALUE");
      next_line();
      return;
    }
    const std::string key(text_.substr(begin, equals - begin));
    at_ = equals + 1;
    if (!is_key_name(key)) {
      // The text before "=" is not shown: it may be the rest of a value.
      report(begin, "a key may hold letters, digits, \".\", \"_\" and \"-\" only",
             "KEY=VALUE, without blanks around =");
    }
    std::string value;
    const bool read = read_value(begin, value);
    if (read && is_key_name(key)) {
      keep(begin, key, value);
    }
    base::cleanse(value);
  }

  void keep(std::size_t begin, const std::string& key, const std::string& value) {
    if (!seen_.emplace(key, begin).second) {
      report(begin, "key \"" + key + "\" stands twice", "keep one of the two");
    } else if (value.find('\0') != std::string::npos) {
      report(begin, "the value of \"" + key + "\" holds a NUL");
    } else if (is_provider_reference(value)) {
      report(begin, "a reference to a provider (\"" + key + "\") is not in this version");
    } else if (!value.empty()) {
      values_.emplace(key, base::Secret(value));
    }
  }

  bool read_value(std::size_t begin, std::string& value) {
    value.reserve(line_end() - at_);  // so that a growing string leaves no copies behind
    skip_blanks();
    if (at_line_end() || (text_[at_] != '"' && text_[at_] != '\'')) {
      read_bare(value);
      return true;
    }
    const char quote = text_[at_++];
    value.reserve(text_.size() - at_);
    for (;; ++at_) {
      if (at_ >= text_.size()) {
        report(begin, "a quote is not closed");
        return false;
      }
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        break;
      }
      if (c != '\\' || quote == '\'') {
        value += c;
      } else if (++at_ >= text_.size() || !append_escape(text_[at_], value)) {
        report(at_ - 1, "an unknown escape stands in double quotes",
               "write \\\\ for a backslash, or use single quotes");
        next_line();
        return false;
      }
    }
    skip_blanks();
    if (!at_line_end() && text_[at_] != '#') {
      report(at_, "text stands after the closing quote");
      next_line();
      return false;
    }
    next_line();
    return true;
  }

  void read_bare(std::string& value) {
    std::string_view rest = text_.substr(at_, line_end() - at_);
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (rest[i] == '#' && (i == 0 || rest[i - 1] == ' ' || rest[i - 1] == '\t')) {
        rest = rest.substr(0, i);
      }
    }
    const std::size_t last = rest.find_last_not_of(" \t\r");
    value += rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
    next_line();
  }

  static bool append_escape(char c, std::string& value) {
    switch (c) {
      case 'n':
        value += '\n';
        return true;
      case 'r':
        value += '\r';
        return true;
      case 't':
        value += '\t';
        return true;
      case '\\':
      case '"':
      case '\'':
      case '$':
        value += c;
        return true;
      default:
        return false;
    }
  }

  const std::string& name_;
  std::string_view text_;
  base::Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  bool good_ = true;
  std::map<std::string, std::size_t> seen_;
  SecretValues values_;
};

}  // namespace

bool is_sops_encrypted(const std::string& name, std::string_view text) {
  if (is_env_file(name)) {
    return text.starts_with("sops_version=") || text.find("\nsops_version=") != std::string_view::npos;
  }
  if (text.find("sops") == std::string_view::npos) {
    return false;
  }
  TextFile file{.name = name, .object = {}, .folder = {}, .text = text};
  Node root;
  base::Diagnostics unheard;
  const bool parsed = parse_node(file, root, unheard, nullptr);
  const Node* sops = parsed ? root.find("sops") : nullptr;
  const bool encrypted = sops != nullptr && sops->kind == Node::Kind::mapping;
  wipe(root);
  return encrypted;
}

bool is_env_file(std::string_view name) noexcept {
  const std::size_t slash = name.rfind('/');
  const std::string_view base = slash == std::string_view::npos ? name : name.substr(slash + 1);
  return base.ends_with(".env") || base.starts_with(".env.");
}

std::optional<SecretValues> parse_secrets_file(const std::string& name, std::string_view text,
                                               base::Diagnostics& diagnostics) {
  return is_env_file(name) ? EnvParser(name, text, diagnostics).parse() : parse_yaml(name, text, diagnostics);
}

}  // namespace helmme::policy
