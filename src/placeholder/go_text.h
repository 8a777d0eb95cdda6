// Text as Go writes it in source and templates.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace helmme::placeholder {

// What stands between two quotes, its escapes read (strconv.UnquoteChar): \n, \x41, \u00e9, \101, \" and the like.
// nullopt: an escape that is none.
[[nodiscard]] std::optional<std::string> unquote_go(std::string_view inside);

// `text[at]` is a quote, one of " ' `: the offset of the one that closes it, npos: none.
[[nodiscard]] std::size_t closing_go_quote(std::string_view text, std::size_t at);

// `code` as UTF-8; what is no character as U+FFFD.
void append_utf8(std::string& out, char32_t code);

}  // namespace helmme::placeholder
