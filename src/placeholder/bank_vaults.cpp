#include "placeholder/bank_vaults.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "placeholder/go_template.h"
#include "placeholder/missing_key.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_left = "${";

struct Engine {
  std::string_view prefix;
  std::string_view scheme;
};
constexpr std::array<Engine, 2> k_engines = {{{"vault:", "vault"}, {"bao:", "openbao"}}};

const Engine* engine_of(std::string_view text) {
  const auto* const found = std::find_if(k_engines.begin(), k_engines.end(),
                                         [&](const Engine& engine) { return text.starts_with(engine.prefix); });
  return found == k_engines.end() ? nullptr : found;
}

bool is_path_character(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
         std::string_view("{}\"'`<>").find(c) == std::string_view::npos;
}

// What stands behind the engine, and where.
struct Parts {
  std::string_view path;
  std::string_view key;
  std::optional<std::string_view> version;
  std::size_t end = 0;
};

// Up to `close`, a "}", or to the end of the text where `close` is '\0'. nullopt: it is text.
std::optional<Parts> split(std::string_view text, std::size_t begin, char close) {
  Parts parts;
  std::size_t at = begin;
  while (at < text.size() && is_path_character(text[at]) && text[at] != '#') {
    ++at;
  }
  if (at == begin || at == text.size() || text[at] != '#') {
    return std::nullopt;
  }
  parts.path = text.substr(begin, at - begin);
  const std::size_t limit = std::min(text.size(), begin + k_bank_vaults_length_limit);
  const std::size_t key = ++at;
  std::size_t hash = std::string_view::npos;
  for (; at < limit && text[at] != close; ++at) {
    if (text[at] == '\n' || text[at] == '\r') {
      return std::nullopt;
    }
    if (hash == std::string_view::npos && text.substr(at, k_left.size()) == k_left) {
      const std::size_t end = template_action_end(text.substr(0, limit), at);
      if (end == std::string_view::npos && close != '\0') {
        return std::nullopt;
      }
      at = std::min(end, limit) - 1;
    } else if (hash == std::string_view::npos && text[at] == '#') {
      hash = at;
    }
  }
  if (at == limit && (close != '\0' || limit < text.size())) {
    return std::nullopt;
  }
  parts.key = text.substr(key, std::min(hash, at) - key);
  if (hash != std::string_view::npos) {
    parts.version = text.substr(hash + 1, at - hash - 1);
  }
  parts.end = at + (close == '\0' ? 0 : 1);
  return parts;
}

void refuse(FetchedMatch& match, std::string problem, std::string help) {
  match.kind = FetchedMatch::Kind::refused;
  match.problem = std::move(problem);
  match.help = std::move(help);
}

FetchedMatch match_of(const Engine& engine, const Parts& parts, std::size_t begin, bool writes) {
  FetchedMatch match;
  FetchedReference& reference = match.reference;
  reference.dialect = Dialect::bank_vaults;
  reference.begin = begin;
  reference.length = parts.end - begin;
  reference.locator.scheme = engine.scheme;
  reference.locator.path = parts.path;
  reference.locator.version = parts.version.value_or("");
  const std::string prefix(engine.prefix);
  if (writes) {
    refuse(match, "bank-vaults' >>" + prefix + " writes to the backend, and rendering writes nothing",
           "write the secret before, and ask for it: " + prefix + "PATH#KEY");
  } else if (parts.key.empty() || (parts.version && parts.version->empty())) {
    refuse(match, "a reference of bank-vaults without a key or a version",
           prefix + "PATH#KEY or " + prefix + "PATH#KEY#VERSION");
  } else if (parts.version &&
             !std::all_of(parts.version->begin(), parts.version->end(), [](char c) { return c >= '0' && c <= '9'; })) {
    refuse(match, "the version in a reference of bank-vaults is no number", prefix + "PATH#KEY#3");
  } else if (parts.key.find(k_left) == std::string_view::npos) {
    reference.path = {std::string(parts.key)};
  } else if (const auto parsed = GoTemplate::parse(parts.key); !parsed) {
    refuse(match, parsed.error().message, parsed.error().help);
  } else {
    reference.key_template = parts.key;
  }
  return match;
}

// From `begin` to the end of `text`. nullopt: it is text.
std::optional<FetchedMatch> whole(std::string_view text, std::size_t begin) {
  const bool writes = text.substr(begin).starts_with(">>");
  const std::size_t at = begin + (writes ? 2 : 0);
  const Engine* const engine = engine_of(text.substr(at));
  const std::optional<Parts> parts = engine == nullptr ? std::nullopt : split(text, at + engine->prefix.size(), '\0');
  return parts ? std::optional(match_of(*engine, *parts, begin, writes)) : std::nullopt;
}

std::optional<FetchedMatch> inline_at(std::string_view value, std::size_t begin) {
  std::size_t at = begin + k_left.size();
  while (at < value.size() && value[at] == '>' && at < begin + k_left.size() + 2) {
    ++at;
  }
  const Engine* const engine = engine_of(value.substr(at));
  const std::optional<Parts> parts = engine == nullptr ? std::nullopt : split(value, at + engine->prefix.size(), '}');
  return parts ? std::optional(match_of(*engine, *parts, begin, at > begin + k_left.size())) : std::nullopt;
}

// Where ":vault:" or ":bao:" begins the second of two references; npos: nowhere.
std::size_t second_reference(std::string_view text) {
  if (std::count(text.begin(), text.end(), ':') != 3) {
    return std::string_view::npos;
  }
  const std::size_t colon = text.find(':', text.find(':') + 1);
  return engine_of(text.substr(colon + 1)) != nullptr ? colon : std::string_view::npos;
}

std::string_view without_line_end(std::string_view text) {
  text.remove_suffix(text.ends_with('\n') ? 1 : 0);
  text.remove_suffix(text.ends_with('\r') ? 1 : 0);
  return text;
}

}  // namespace

std::vector<FetchedMatch> find_bank_vaults(std::string_view value) {
  std::vector<FetchedMatch> matches;
  for (std::size_t at = value.find(k_left); at != std::string_view::npos;) {
    std::optional<FetchedMatch> match = inline_at(value, at);
    at = value.find(k_left, match ? at + match->reference.length : at + k_left.size());
    if (match) {
      matches.push_back(std::move(*match));
    }
  }
  if (!matches.empty()) {
    return matches;
  }
  const std::string_view text = without_line_end(value);
  if (engine_of(text) != nullptr) {
    if (const std::size_t colon = second_reference(text); colon != std::string_view::npos) {
      std::optional<FetchedMatch> first = whole(text.substr(0, colon), 0);
      std::optional<FetchedMatch> second = whole(text, colon + 1);
      if (first && second) {
        matches.push_back(std::move(*first));
        matches.push_back(std::move(*second));
        return matches;
      }
    }
  }
  if (std::optional<FetchedMatch> match = whole(text, 0)) {
    matches.push_back(std::move(*match));
  }
  return matches;
}

base::Result<FetchedValue> evaluate_bank_vaults(const FetchedReference& reference, const FetchedValue& read) {
  if (!reference.key_template.empty()) {
    TRY_ASSIGN(const GoTemplate parsed, GoTemplate::parse(reference.key_template));
    base::Result<base::Secret> text = parsed.execute(read);
    if (!text) {
      base::Error error = std::move(text).error();
      error.notes.push_back("in a template over " + base::printable(reference.locator.text()));
      return base::fail(std::move(error));
    }
    return FetchedValue::text(text->reveal());
  }
  const std::string& key = reference.path.at(0);
  const FetchedValue* const found = read.find(key);
  if (found == nullptr) {
    return base::fail(missing_key(reference.locator, {}, key, read.keys(), "#"));
  }
  if (!found->is_scalar()) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "bank-vaults' dialect takes text, and \"" + base::printable(key) + "\" of " +
                                  base::printable(reference.locator.text()) + " is a list or a map",
                       .help = "name what is in it: #${." + base::printable(key) + ".KEY}, or write it as JSON: #${." +
                               base::printable(key) + " | toJson}"});
  }
  return found->kind == FetchedValue::Kind::null ? FetchedValue::text("") : FetchedValue::text(found->scalar.reveal());
}

bool may_hold_bank_vaults(std::string_view bytes) {
  // "#" is rare; the path before it is looked at once.
  std::size_t looked = 0;
  for (std::size_t hash = bytes.find('#'); hash != std::string_view::npos; hash = bytes.find('#', hash + 1)) {
    std::size_t begin = hash;
    while (begin > looked && is_path_character(bytes[begin - 1])) {
      --begin;
    }
    looked = hash + 1;
    const std::string_view word = bytes.substr(begin, hash - begin);
    if (word.find(k_engines[0].prefix) != std::string_view::npos ||
        word.find(k_engines[1].prefix) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace helmme::placeholder
