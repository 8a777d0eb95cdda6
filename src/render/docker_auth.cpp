#include "render/docker_auth.h"

#include <string>

#include "crypto/base64.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/native.h"

namespace helmme::render {
namespace {

constexpr std::string_view k_auth = "\"auth\"";

// The value of the next field `auth` at or after `from`: its bytes between the quotes; npos where there is none.
manifest::Span next_auth(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(k_auth, from); at != std::string_view::npos; at = text.find(k_auth, at + 1)) {
    const std::size_t colon = text.find_first_not_of(" \t\r\n", at + k_auth.size());
    if (colon == std::string_view::npos || text[colon] != ':') {
      continue;
    }
    const std::size_t quote = text.find_first_not_of(" \t\r\n", colon + 1);
    if (quote == std::string_view::npos || text[quote] != '"') {
      continue;
    }
    if (const std::size_t end = text.find('"', quote + 1); end != std::string_view::npos) {
      return {quote + 1, end};
    }
  }
  return {std::string_view::npos, std::string_view::npos};
}

}  // namespace

base::Secret as_json_text(std::string_view json, std::size_t at, const base::Secret& value) {
  bool in_string = false;
  for (std::size_t i = 0; i < at; ++i) {
    in_string = in_string != (json[i] == '"');
    if (in_string && json[i] == '\\') {
      ++i;
    }
  }
  if (!in_string) {
    return value.clone();
  }
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  text.reserve(value.size() * 6);  // no reallocation leaves a copy behind
  for (const char c : value.reveal()) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text.append("\\").push_back(c);
    } else if (byte < 0x20) {
      text.append("\\u00").push_back(k_digits[byte >> 4U]);
      text.push_back(k_digits[byte & 0xFU]);
    } else {
      text.push_back(c);
    }
  }
  base::Secret out(text);
  base::cleanse(text);
  return out;
}

std::optional<WrittenOut> write_out_auths(std::string_view text) {
  std::string out;
  WrittenOut result;
  std::size_t done = 0;
  for (manifest::Span auth = next_auth(text, 0); auth.begin != std::string_view::npos;
       auth = next_auth(text, auth.end)) {
    const std::string_view written = text.substr(auth.begin, auth.size());
    if (!placeholder::may_hold_base64_fetched(written) && !placeholder::may_hold_base64_marker(written)) {
      continue;
    }
    if (const std::optional<base::Secret> decoded = crypto::decode_base64(written)) {
      out.append(text.substr(done, auth.begin - done));
      result.auths.push_back({out.size(), out.size() + decoded->size()});
      out.append(decoded->reveal());
      done = auth.end;
    }
  }
  if (result.auths.empty()) {
    return std::nullopt;
  }
  out.append(text.substr(done));
  result.text = base::Secret(out);
  base::cleanse(out);
  return result;
}

}  // namespace helmme::render
