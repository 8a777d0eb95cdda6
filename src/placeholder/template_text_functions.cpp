// Functions that make a text of texts (strings.go and crypto.go of sprig, funcs.go of text/template).
#include <algorithm>
#include <array>
#include <cstdint>

#include "crypto/base64.h"
#include "crypto/sha256.h"
#include "placeholder/go_template.h"
#include "placeholder/template_function.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

using Arguments = TemplateArguments;
using Made = base::Result<TemplateValue>;
constexpr std::string_view k_hex = "0123456789abcdef";
constexpr std::string_view k_blanks = " \t\n\v\f\r";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The text of the last operand, through `make(text, out)`.
template <typename Make>
Made map_text(const Arguments& arguments, const Make& make) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments.back()));
  WipedText out;
  make(text.reveal(), out);
  return template_text(out.view());
}

// The same with the first operand's text.
template <typename Make>
Made map_two(const Arguments& arguments, const Make& make) {
  TRY_ASSIGN(const base::Secret first, text_of(arguments.front()));
  return map_text(arguments, [&](std::string_view text, WipedText& out) { make(first.reveal(), text, out); });
}

// Go knows the case of all letters. A wrong secret is worse than none.
template <typename Make>
Made map_case(const Arguments& arguments, const Make& make) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments.back()));
  const std::string_view all = text.reveal();
  if (std::any_of(all.begin(), all.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return template_error("upper, lower and title know letters of ASCII only");
  }
  return map_text(arguments, make);
}

Made upper(const Arguments& arguments) {
  return map_case(arguments, [](std::string_view text, WipedText& out) {
    for (const char c : text) {
      out += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    }
  });
}

Made lower(const Arguments& arguments) {
  return map_case(arguments, [](std::string_view text, WipedText& out) {
    for (const char c : text) {
      out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
  });
}

Made title(const Arguments& arguments) {
  return map_case(arguments, [](std::string_view text, WipedText& out) {
    bool first = true;
    for (const char c : text) {
      out += first && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
      first = !is_lower(c) && !is_upper(c) && !is_digit(c) && c != '_' && c != '\'';
    }
  });
}

std::string_view trimmed(std::string_view text, std::string_view cut) {
  text.remove_prefix(std::min(text.find_first_not_of(cut), text.size()));
  return text.substr(0, text.find_last_not_of(cut) + 1);
}

Made trim(const Arguments& arguments) {
  return map_text(arguments, [](std::string_view text, WipedText& out) { out += trimmed(text, k_blanks); });
}

Made trim_all(const Arguments& arguments) {
  return map_two(arguments, [](auto cut, auto text, WipedText& out) { out += trimmed(text, cut); });
}

Made trim_prefix(const Arguments& arguments) {
  return map_two(arguments, [](auto cut, auto text, WipedText& out) {
    out += text.substr(text.starts_with(cut) ? cut.size() : 0);
  });
}

Made trim_suffix(const Arguments& arguments) {
  return map_two(arguments, [](auto cut, auto text, WipedText& out) {
    out += text.substr(0, text.size() - (text.ends_with(cut) ? cut.size() : 0));
  });
}

Made nospace(const Arguments& arguments) {
  return map_text(arguments, [](std::string_view text, WipedText& out) {
    for (const char c : text) {
      if (k_blanks.find(c) == std::string_view::npos) {
        out += c;
      }
    }
  });
}

Made replace(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret from, text_of(arguments[0]));
  TRY_ASSIGN(const base::Secret to, text_of(arguments[1]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[2]));
  if (from.empty()) {
    return template_error("replace has an empty text to look for");
  }
  WipedText out;
  std::string_view rest = text.reveal();
  for (std::size_t at = rest.find(from.reveal()); at != std::string_view::npos; at = rest.find(from.reveal())) {
    out += rest.substr(0, at);
    out += to.reveal();
    rest.remove_prefix(at + from.size());
    if (out.size() > k_template_text_limit) {
      return template_error("more text than 16 MiB");
    }
  }
  out += rest;
  return template_text(out.view());
}

Made repeat(const Arguments& arguments) {
  TRY_ASSIGN(const long long count, integer_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  if (count < 0 || (!text.empty() && static_cast<std::size_t>(count) > k_template_text_limit / text.size())) {
    return template_error("repeat makes less than nothing, or more text than 16 MiB");
  }
  WipedText out;
  for (long long i = 0; i < count && !text.empty(); ++i) {
    out += text.reveal();
  }
  return template_text(out.view());
}

// substring() of sprig: a negative start is none, a negative end the text's.
Made substr(const Arguments& arguments) {
  TRY_ASSIGN(const long long start, integer_of(arguments[0]));
  TRY_ASSIGN(const long long end, integer_of(arguments[1]));
  return map_text(arguments, [&](std::string_view text, WipedText& out) {
    const auto size = static_cast<long long>(text.size());
    const long long from = std::clamp(start, 0LL, size);
    const long long to = end < 0 || end > size ? size : end;
    out += from < to ? text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)) : "";
  });
}

Made trunc(const Arguments& arguments) {
  TRY_ASSIGN(const long long count, integer_of(arguments[0]));
  return map_text(arguments, [&](std::string_view text, WipedText& out) {
    const auto size = static_cast<long long>(text.size());
    if (count < 0 && size + count > 0) {
      text.remove_prefix(static_cast<std::size_t>(size + count));
    } else if (count >= 0 && count < size) {
      text = text.substr(0, static_cast<std::size_t>(count));
    }
    out += text;
  });
}

// Each line, the first too.
Made indent_after(const Arguments& arguments, std::string_view before) {
  TRY_ASSIGN(const long long count, integer_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  const std::string_view all = text.reveal();
  const auto lines = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) + 1;
  if (count < 0 || static_cast<std::size_t>(count) > k_template_text_limit / lines) {
    return template_error("indent makes less than nothing, or more text than 16 MiB");
  }
  const std::string blanks(static_cast<std::size_t>(count), ' ');
  WipedText out;
  out += before;
  out += blanks;
  for (const char c : all) {
    out += c;
    out += c == '\n' ? std::string_view(blanks) : "";
  }
  return template_text(out.view());
}

Made indent(const Arguments& arguments) { return indent_after(arguments, ""); }
Made nindent(const Arguments& arguments) { return indent_after(arguments, "\n"); }

// url.QueryEscape.
Made urlquery(const Arguments& arguments) {
  return map_text(arguments, [](std::string_view text, WipedText& out) {
    constexpr std::string_view k_digits = "0123456789ABCDEF";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (is_lower(c) || is_upper(c) || is_digit(c) || std::string_view("-_.~").find(c) != std::string_view::npos) {
        out += c;
      } else if (c == ' ') {
        out += '+';
      } else {
        out += '%';
        out += k_digits[byte >> 4U];
        out += k_digits[byte & 0xFU];
      }
    }
  });
}

// template.HTMLEscapeString.
Made html(const Arguments& arguments) {
  return map_text(arguments, [](std::string_view text, WipedText& out) {
    constexpr std::string_view k_special = "&<>\"'";
    constexpr std::array<std::string_view, 5> k_names = {"&amp;", "&lt;", "&gt;", "&#34;", "&#39;"};
    for (const char c : text) {
      const std::size_t at = k_special.find(c);
      out += at == std::string_view::npos ? std::string_view(&c, 1) : k_names.at(at);
    }
  });
}

Made b64enc(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments[0]));
  return TemplateValue{.value = FetchedValue::text(crypto::encode_base64(text.reveal()).reveal())};
}

// sprig gives the error's text where it is no base64; here it is an error.
Made b64dec(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments[0]));
  const std::optional<base::Secret> decoded = crypto::decode_base64(text.reveal());
  return decoded ? Made(template_text(decoded->reveal())) : template_error("b64dec of what is no base64");
}

Made sha256sum(const Arguments& arguments) {
  return map_text(arguments, [](std::string_view text, WipedText& out) {
    for (const char c : crypto::sha256(text)) {
      out += k_hex[static_cast<unsigned char>(c) >> 4U];
      out += k_hex[static_cast<unsigned char>(c) & 0xFU];
    }
  });
}

Made to_string(const Arguments& arguments) { return template_text(to_text(arguments[0].value).reveal()); }

Made contains(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret part, text_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  return template_boolean(text.reveal().find(part.reveal()) != std::string_view::npos);
}

Made has_prefix(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret part, text_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  return template_boolean(text.reveal().starts_with(part.reveal()));
}

Made has_suffix(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret part, text_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  return template_boolean(text.reveal().ends_with(part.reveal()));
}

constexpr std::array k_functions = {
    TemplateFunction{"upper", 1, 1, false, upper},
    TemplateFunction{"lower", 1, 1, false, lower},
    TemplateFunction{"title", 1, 1, false, title},
    TemplateFunction{"trim", 1, 1, false, trim},
    TemplateFunction{"trimAll", 2, 2, false, trim_all},
    TemplateFunction{"trimall", 2, 2, false, trim_all},
    TemplateFunction{"trimPrefix", 2, 2, false, trim_prefix},
    TemplateFunction{"trimSuffix", 2, 2, false, trim_suffix},
    TemplateFunction{"nospace", 1, 1, false, nospace},
    TemplateFunction{"replace", 3, 3, false, replace},
    TemplateFunction{"repeat", 2, 2, false, repeat},
    TemplateFunction{"substr", 3, 3, false, substr},
    TemplateFunction{"trunc", 2, 2, false, trunc},
    TemplateFunction{"indent", 2, 2, false, indent},
    TemplateFunction{"nindent", 2, 2, false, nindent},
    TemplateFunction{"urlquery", 1, 1, false, urlquery},
    TemplateFunction{"html", 1, 1, false, html},
    TemplateFunction{"b64enc", 1, 1, false, b64enc},
    TemplateFunction{"b64dec", 1, 1, false, b64dec},
    TemplateFunction{"sha256sum", 1, 1, false, sha256sum},
    TemplateFunction{"toString", 1, 1, false, to_string},
    TemplateFunction{"contains", 2, 2, false, contains},
    TemplateFunction{"hasPrefix", 2, 2, false, has_prefix},
    TemplateFunction{"hasSuffix", 2, 2, false, has_suffix},
};

}  // namespace

std::span<const TemplateFunction> template_text_functions() { return k_functions; }

}  // namespace helmme::placeholder
