// What a reference of vals makes of what was read.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "placeholder/missing_key.h"
#include "placeholder/vals.h"

namespace helmme::placeholder {
namespace {

constexpr std::size_t k_echo_depth_limit = 64;

tl::unexpected<base::Error> bad(std::string message, std::string help) {
  return base::fail({.kind = base::ErrorKind::bad_input, .message = std::move(message), .help = std::move(help)});
}

// {foo: {bar: baz}} of "foo/bar/baz" (pkg/providers/echo).
FetchedValue echo_document(std::string_view text) {
  std::size_t slash = text.rfind('/');
  FetchedValue out = FetchedValue::text(text.substr(slash == std::string_view::npos ? 0 : slash + 1));
  for (std::size_t depth = 0; slash != std::string_view::npos && depth < k_echo_depth_limit; ++depth) {
    text = text.substr(0, slash);
    slash = text.rfind('/');
    FetchedValue map;
    map.kind = FetchedValue::Kind::map;
    map.entries.emplace_back(text.substr(slash == std::string_view::npos ? 0 : slash + 1), std::move(out));
    out = std::move(map);
  }
  return out;
}

// YAML, or JSON that is none: the escape of half a character (a surrogate) means nothing to YAML.
base::Result<FetchedValue> parse_document(std::string_view text) {
  base::Result<FetchedValue> document = parse_yaml(text);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (document || begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '[')) {
    return document;
  }
  base::Result<FetchedValue> json = parse_json(text);
  return json ? std::move(json) : std::move(document);
}

const FetchedValue* item_at(const FetchedValue& list, std::string_view key) {
  std::size_t index = 0;
  const char* end = key.data() + key.size();
  const auto [stop, problem] = std::from_chars(key.data(), end, index);
  return problem == std::errc() && stop == end && index < list.items.size() ? &list.items[index] : nullptr;
}

// "#/pw@db" where there is a key "pw": text that follows was meant not to belong to the reference.
base::Error missing(const FetchedReference& reference, std::size_t depth, const FetchedValue& at) {
  const std::vector<std::string> before(reference.path.begin(),
                                        reference.path.begin() + static_cast<std::ptrdiff_t>(depth));
  const std::string& key = reference.path[depth];
  base::Error error = missing_key(reference.locator, before, key, at.keys(), "#/");
  const std::size_t name =
      static_cast<std::size_t>(std::find_if_not(key.begin(), key.end(),
                                                [](char c) {
                                                  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                                         (c >= '0' && c <= '9') || c == '_' || c == '-';
                                                }) -
                               key.begin());
  if (!reference.locator.hidden && at.find(std::string_view(key).substr(0, name)) != nullptr) {
    error.help = "end the reference with \"+\" where text follows it: #/" + key.substr(0, name) + "+";
  } else if (at.kind == FetchedValue::Kind::list) {
    error.help = "a list's items are counted from 0; it has " + std::to_string(at.items.size());
  }
  return error;
}

base::Result<const FetchedValue*> walk(const FetchedReference& reference, const FetchedValue& from) {
  const FetchedValue* at = &from;
  for (std::size_t depth = 0; depth < reference.path.size(); ++depth) {
    if (at->is_scalar()) {
      return bad("a scalar has no keys: " + base::printable(reference.locator.text()) +
                     (depth == 0 ? " is one" : " has one where a list or map is asked for"),
                 depth == 0 ? "leave out the part behind #" : "");
    }
    const std::string& key = reference.path[depth];
    const FetchedValue* const next = at->kind == FetchedValue::Kind::list ? item_at(*at, key) : at->find(key);
    if (next == nullptr) {
      return base::fail(missing(reference, depth, *at));
    }
    at = next;
  }
  return at;
}

}  // namespace

base::Result<FetchedValue> evaluate_vals(const FetchedReference& reference, const FetchedValue& read) {
  if (reference.path.empty() || read.kind != FetchedValue::Kind::text) {
    TRY_ASSIGN(const FetchedValue* const found, walk(reference, read));
    return found->clone();
  }
  base::Result<FetchedValue> document = reference.locator.scheme == "echo"
                                            ? base::Result<FetchedValue>(echo_document(read.scalar.reveal()))
                                            : parse_document(read.scalar.reveal());
  if (!document) {
    return bad(
        "no keys can be read from " + base::printable(reference.locator.text()) + ": " + document.error().message,
        "leave out the part behind #");
  }
  TRY_ASSIGN(const FetchedValue* const found, walk(reference, *document));
  return found->clone();
}

}  // namespace helmme::placeholder
