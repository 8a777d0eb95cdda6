#include "placeholder/native.h"

#include <algorithm>
#include <array>

namespace helmme::placeholder {
namespace {

// base64 of "${secret:" at offsets 0, 1 and 2 of a group of three bytes, less the characters that also depend on
// what stands beside it (RFC 4648, section 4).
constexpr std::array<std::string_view, 3> k_base64_markers = {"JHtzZWNyZXQ6", "R7c2VjcmV0O", "ke3NlY3JldD"};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::size_t name_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_name_character) - text.begin());
}

bool holds_base64_marker(std::string_view text) {
  return std::any_of(k_base64_markers.begin(), k_base64_markers.end(),
                     [&](std::string_view marker) { return text.find(marker) != std::string_view::npos; });
}

// Behind the "}" on this line and before the next marker, else where the name ended. No byte is looked at for two
// markers.
std::size_t end_of_malformed(std::string_view value, std::size_t at) {
  for (std::size_t stop = at; (stop = value.find_first_of("}$\r\n", stop)) != std::string_view::npos; ++stop) {
    if (value[stop] == '}') {
      return stop + 1;
    }
    if (value[stop] != '$' || value.substr(stop).starts_with(k_native_marker)) {
      break;
    }
  }
  return at;
}

NativeMatch parse(std::string_view value, std::size_t begin) {
  NativeMatch match;
  match.reference.begin = begin;
  std::size_t at = begin + k_native_marker.size();
  const auto name = [&] {
    const std::size_t length = name_length(value.substr(at));
    std::string out(value.substr(at, length));
    at += length;
    return out;
  };
  const auto next_is = [&](char c) { return at < value.size() && value[at] == c; };
  const auto malformed = [&](std::string problem) {
    match.kind = NativeMatch::Kind::malformed;
    match.problem = std::move(problem);
    match.reference.length = end_of_malformed(value, at) - begin;
    return match;
  };
  match.reference.key = name();
  if (next_is('/')) {
    ++at;
    match.reference.bundle = std::move(match.reference.key);
    match.reference.key = name();
    if (match.reference.bundle.empty()) {
      return malformed("the bundle's name before \"/\" is missing");
    }
  }
  if (match.reference.key.empty()) {
    return malformed("the key's name is missing");
  }
  if (next_is('?')) {
    ++at;
    match.reference.optional = true;
  }
  if (!next_is('}')) {
    return malformed(at >= value.size() ? "the closing \"}\" is missing"
                                        : "a name holds letters, digits, \".\", \"_\" and \"-\" only");
  }
  match.reference.length = at + 1 - begin;
  return match;
}

}  // namespace

std::vector<NativeMatch> find_native(std::string_view value) {
  std::vector<NativeMatch> matches;
  for (std::size_t at = value.find(k_native_marker); at != std::string_view::npos;) {
    if (at > 0 && value[at - 1] == '$') {
      NativeMatch match;
      match.kind = NativeMatch::Kind::escape;
      match.reference.begin = at - 1;
      match.reference.length = k_native_escape.size();
      matches.push_back(std::move(match));
      at = value.find(k_native_marker, at + k_native_marker.size());
      continue;
    }
    matches.push_back(parse(value, at));
    at = value.find(k_native_marker, at + std::max(matches.back().reference.length, k_native_marker.size()));
  }
  return matches;
}

bool may_hold_base64_marker(std::string_view text) {
  constexpr std::string_view k_between = " \t\r\n\\";
  if (holds_base64_marker(text)) {
    return true;
  }
  if (text.find_first_of("\r\n\\") == std::string_view::npos) {
    return false;
  }
  std::string packed;
  packed.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find_first_of(k_between, at), text.size());
    packed += text.substr(at, stop - at);
    const bool line_end_escape = text.substr(stop, 2) == "\\n" || text.substr(stop, 2) == "\\r";
    at = stop + (line_end_escape ? 2 : 1);
  }
  return holds_base64_marker(packed);
}

}  // namespace helmme::placeholder
