#include "placeholder/vals.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_ref = "ref+";
constexpr std::string_view k_secret = "secret";
constexpr std::string_view k_help = "ref+SCHEME://PATH#/KEY, for example ref+vault://secret/shop#/API_KEY";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }

// Where a reference ends unless brackets are open.
bool is_stop(char c) { return std::string_view("\"'`<>;\\").find(c) != std::string_view::npos; }
bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }
char closing_of(char c) { return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : '\0'; }

struct Start {
  std::size_t begin = 0;  // of "ref+" or "secretref+"
  std::size_t body = 0;   // behind "://"
  std::string scheme;
};

// RFC 3986, section 3.1, less "+"; in lower case, as Go's net/url has it.
std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) {
    return 0;
  }
  const auto* const end = std::find_if_not(text.begin(), text.end(),
                                           [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
  return static_cast<std::size_t>(end - text.begin());
}

// The next reference's beginning at `from` or behind it.
std::optional<Start> find_start(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(k_ref, from); at != std::string_view::npos; at = text.find(k_ref, at + 1)) {
    const std::size_t scheme = at + k_ref.size();
    const std::size_t length = scheme_length(text.substr(scheme));
    const std::size_t body = scheme + length + 3;
    if (length == 0 || text.substr(scheme + length, 3) != "://" || body >= text.size() || text[body] == '+' ||
        text[body] == ',' || is_blank(text[body]) || is_stop(text[body]) || is_closing(text[body])) {
      continue;
    }
    Start start{.begin = at, .body = body, .scheme = std::string(text.substr(scheme, length))};
    std::transform(start.scheme.begin(), start.scheme.end(), start.scheme.begin(),
                   [](char c) { return static_cast<char>(is_letter(c) ? c | 0x20 : c); });
    if (at >= from + k_secret.size() && text.substr(at - k_secret.size(), k_secret.size()) == k_secret) {
      start.begin -= k_secret.size();
    }
    return start;
  }
  return std::nullopt;
}

std::optional<std::string> decode_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    unsigned byte = 0;
    const std::string_view digits = text.substr(at + 1, 2);
    const char* end = digits.data() + digits.size();
    if (digits.size() < 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end) {
      return std::nullopt;
    }
    out += static_cast<char>(byte);
    at += 2;
  }
  return out;
}

// False: a "%" without its two digits.
bool read_options(std::string_view query, Locator& locator) {
  while (!query.empty()) {
    const std::string_view option = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(option.size() + 1, query.size()));
    const std::size_t equals = std::min(option.find('='), option.size());
    std::optional<std::string> name = decode_percent(option.substr(0, equals));
    std::optional<std::string> value = decode_percent(option.substr(std::min(equals + 1, option.size())));
    if (!name || !value) {
      return false;
    }
    if (*name == "version" && locator.version.empty()) {
      locator.version = std::move(*value);
    } else if (!name->empty() && *name != "version") {
      locator.options.emplace(std::move(*name), std::move(*value));  // of two, the first counts
    }
  }
  return true;
}

bool read_keys(std::string_view fragment, std::vector<std::string>& keys) {
  for (const char before : {'#', '/'}) {
    if (fragment.starts_with(before)) {
      fragment.remove_prefix(1);
    }
  }
  while (!fragment.empty()) {
    const std::size_t slash = std::min(fragment.find('/'), fragment.size());
    std::optional<std::string> key = decode_percent(fragment.substr(0, slash));
    if (!key) {
      return false;
    }
    keys.push_back(std::move(*key));
    fragment.remove_prefix(slash);
    if (fragment == "/") {
      keys.emplace_back();
    }
    fragment.remove_prefix(std::min<std::size_t>(1, fragment.size()));
  }
  return true;
}

// What stands behind "://", into the reference. False: a "%" without its two digits.
bool read_body(std::string_view body, FetchedReference& reference) {
  const std::size_t hash = std::min(body.find('#'), body.size());
  const std::string_view place = body.substr(0, hash);
  const std::size_t question = std::min(place.find('?'), place.size());
  std::optional<std::string> path = decode_percent(place.substr(0, question));
  if (!path) {
    return false;
  }
  reference.locator.path = std::move(*path);
  return read_options(place.substr(std::min(question + 1, place.size())), reference.locator) &&
         read_keys(body.substr(std::min(hash + 1, body.size())), reference.path);
}

struct Parsed {
  FetchedMatch match;
  std::size_t end = 0;
  bool plus = false;  // the last byte is the "+" that ends it
};

class ValsParser {
 public:
  explicit ValsParser(std::string_view text) : text_(text) {}

  [[nodiscard]] Parsed parse(const Start& start, std::size_t depth) const {
    Parsed parsed;
    FetchedReference& reference = parsed.match.reference;
    reference.dialect = Dialect::vals;
    reference.begin = start.begin;
    reference.locator.scheme = start.scheme;
    if (depth > k_vals_nesting_limit) {
      parsed.end = start.body;
      while (parsed.end < text_.size() && !is_blank(text_[parsed.end])) {
        ++parsed.end;
      }
      return refused(std::move(parsed), "references stand inside each other more than 10 deep", {});
    }
    std::size_t at = start.body;
    if (!read_to_end(at, start, depth, parsed)) {
      return parsed;
    }
    parsed.plus = at < text_.size() && text_[at] == '+';
    while (!parsed.plus && text_[at - 1] == ',') {
      --at;
    }
    parsed.end = at + (parsed.plus ? 1 : 0);
    reference.length = parsed.end - start.begin;
    if (reference.nested.empty() && !read_body(text_.substr(start.body, at - start.body), reference)) {
      return refused(std::move(parsed), "a \"%\" without two hexadecimal digits behind it", "write %25 for a \"%\"");
    }
    return parsed;
  }

 private:
  // Moves `at` behind the last byte. False: refused.
  bool read_to_end(std::size_t& at, const Start& start, std::size_t depth, Parsed& parsed) const {
    std::optional<Start> inner = find_start(text_, start.body);
    std::string open;  // what closes the brackets that are open
    bool in_options = false;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (inner && at == inner->begin) {
        Parsed nested = parse(*inner, depth + 1);
        at = nested.end;
        if (nested.match.kind == FetchedMatch::Kind::refused) {
          parsed = refused({.match = std::move(parsed.match), .end = at}, nested.match.problem, nested.match.help);
          return false;
        }
        parsed.match.reference.nested.push_back(std::move(nested.match.reference));
        if (!nested.plus) {
          return true;
        }
        inner = find_start(text_, at--);
        continue;
      }
      if (c == '+' || is_blank(c) || ends_here(at, c, open, in_options, inner)) {
        return true;
      }
      in_options = c == '#' ? false : in_options || c == '?';
      if (closing_of(c) != '\0') {
        open += closing_of(c);
      } else if (!open.empty() && c == open.back()) {
        open.pop_back();
      }
    }
    return true;
  }

  [[nodiscard]] static bool ends_here(std::size_t at, char c, std::string_view open, bool in_options,
                                      const std::optional<Start>& next) {
    if (!open.empty()) {
      return false;
    }
    if (c == ',') {
      return !in_options || (next && next->begin == at + 1);
    }
    return is_stop(c) || is_closing(c);
  }

  static Parsed refused(Parsed parsed, std::string problem, std::string help) {
    parsed.match.kind = FetchedMatch::Kind::refused;
    parsed.match.reference.length = parsed.end - parsed.match.reference.begin;
    parsed.match.problem = std::move(problem);
    parsed.match.help = std::move(help);
    return parsed;
  }

  std::string_view text_;
};

tl::unexpected<base::Error> bad(std::string message, std::string help = std::string(k_help)) {
  return base::fail({.kind = base::ErrorKind::bad_input, .message = std::move(message), .help = std::move(help)});
}

// Kept where a value goes into another reference: what neither ends one nor begins one.
constexpr std::string_view k_kept = "-._~/?#&=:@$!*";

}  // namespace

std::vector<FetchedMatch> find_vals(std::string_view value) {
  std::vector<FetchedMatch> matches;
  const ValsParser parser(value);
  for (std::optional<Start> start = find_start(value, 0); start;) {
    Parsed parsed = parser.parse(*start, 1);
    matches.push_back(std::move(parsed.match));
    start = find_start(value, parsed.end);
  }
  return matches;
}

base::Result<FetchedReference> parse_vals(std::string_view text) {
  const std::optional<Start> start = find_start(text, 0);
  if (!start || start->begin != 0) {
    return bad("no reference to a provider");
  }
  Parsed parsed = ValsParser(text).parse(*start, 1);
  if (parsed.match.kind == FetchedMatch::Kind::refused) {
    return bad(parsed.match.problem, parsed.match.help);
  }
  if (parsed.end != text.size()) {
    return bad("something stands behind a reference to a provider");
  }
  return std::move(parsed.match.reference);
}

base::Result<FetchedReference> vals_with_nested(std::string_view value, const FetchedReference& reference,
                                                const std::vector<FetchedValue>& nested) {
  if (nested.size() != reference.nested.size()) {
    return base::fail({.kind = base::ErrorKind::internal, .message = "not one value for each nested reference"});
  }
  std::string text;
  std::size_t at = reference.begin;
  for (std::size_t i = 0; i < nested.size(); ++i) {
    const FetchedReference& inner = reference.nested[i];
    if (!nested[i].is_scalar() || nested[i].kind == FetchedValue::Kind::null) {
      return bad("a reference inside another gave no text, number or boolean", "name a key behind its #");
    }
    text += value.substr(at, inner.begin - at);
    std::string encoded = base::percent_encode(nested[i].scalar.reveal(), k_kept);
    text += encoded;
    base::cleanse(encoded);
    at = inner.begin + inner.length;
  }
  text += value.substr(at, reference.begin + reference.length - at);
  base::Result<FetchedReference> out = parse_vals(text);
  base::cleanse(text);
  if (!out) {
    return bad("with the values of the references inside it, a reference is none any more", "");
  }
  out->begin = reference.begin;
  out->length = reference.length;
  out->locator.hidden = true;
  return out;
}

bool may_hold_vals(std::string_view bytes) {
  // "+" is rarer than "r": memchr does most of the work.
  for (std::size_t at = bytes.find('+'); at != std::string_view::npos; at = bytes.find('+', at + 1)) {
    if (at >= 3 && bytes.substr(at - 3, 3) == "ref") {
      const std::size_t length = scheme_length(bytes.substr(at + 1));
      if (length > 0 && bytes.substr(at + 1 + length, 3) == "://") {
        return true;
      }
    }
  }
  return false;
}

}  // namespace helmme::placeholder
