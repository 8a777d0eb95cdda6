// Functions that write several values as one text (print of text/template, strings.go of sprig).
#include <algorithm>
#include <array>

#include "placeholder/template_function.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

using Arguments = TemplateArguments;
using Made = base::Result<TemplateValue>;
constexpr std::size_t k_any = 100;  // operands
constexpr std::string_view k_hex = "0123456789abcdef";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// strconv.Quote, for texts in ASCII and UTF-8.
void append_quoted(std::string_view text, WipedText& out) {
  constexpr std::string_view k_escaped = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view k_letters = "abfnrtv\\\"";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t at = k_escaped.find(c); at != std::string_view::npos) {
      out += '\\';
      out += k_letters[at];
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += k_hex[byte >> 4U];
      out += k_hex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

Made quote(const Arguments& arguments) {
  WipedText out;
  for (const TemplateValue& argument : arguments) {
    TRY_ASSIGN(const base::Secret text, text_of(argument));
    out += &argument == arguments.data() ? "" : " ";
    append_quoted(text.reveal(), out);
  }
  return template_text(out.view());
}

Made squote(const Arguments& arguments) {
  WipedText out;
  for (const TemplateValue& argument : arguments) {
    TRY_ASSIGN(const base::Secret text, text_of(argument));
    out += &argument == arguments.data() ? "'" : " '";
    out += text.reveal();
    out += '\'';
  }
  return template_text(out.view());
}

Made cat(const Arguments& arguments) {
  WipedText out;
  for (const TemplateValue& argument : arguments) {
    out += &argument == arguments.data() ? "" : " ";
    out += to_text(argument.value).reveal();
  }
  return template_text(out.view());
}

Made print(const Arguments& arguments) {
  WipedText out;
  for (const TemplateValue& argument : arguments) {
    // Go's Sprint: a blank between two that are both no text.
    const bool apart = &argument != arguments.data() && argument.value.kind != FetchedValue::Kind::text &&
                       (&argument - 1)->value.kind != FetchedValue::Kind::text;
    out += apart ? " " : "";
    out += to_text(argument.value).reveal();
  }
  return template_text(out.view());
}

// A verb's width, as in %-8s and %05d.
struct Verb {
  char letter = '\0';
  bool left = false;
  bool zero = false;
  std::size_t width = 0;
};

void append_padded(std::string_view text, const Verb& verb, WipedText& out) {
  const auto characters = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  const std::string fill(verb.width > characters ? verb.width - characters : 0, verb.zero && !verb.left ? '0' : ' ');
  out += verb.left ? "" : std::string_view(fill);
  out += text;
  out += verb.left ? std::string_view(fill) : "";
}

base::Result<Verb> read_verb(std::string_view& format) {
  constexpr std::size_t k_width_limit = 1000;
  Verb verb;
  for (; !format.empty() && (format[0] == '-' || format[0] == '0'); format.remove_prefix(1)) {
    verb.left = verb.left || format[0] == '-';
    verb.zero = verb.zero || format[0] == '0';
  }
  for (; !format.empty() && is_digit(format[0]) && verb.width < k_width_limit; format.remove_prefix(1)) {
    verb.width = verb.width * 10 + static_cast<std::size_t>(format[0] - '0');
  }
  if (format.empty() || std::string_view("svdtq%").find(format[0]) == std::string_view::npos) {
    return template_error("printf knows %s, %v, %d, %t, %q and %%, with a width");
  }
  verb.letter = format[0];
  format.remove_prefix(1);
  return verb;
}

Made printf(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments[0]));
  std::string_view format = text.reveal();
  std::size_t next = 1;
  WipedText out;
  while (!format.empty()) {
    const std::size_t percent = format.find('%');
    out += format.substr(0, percent);
    if (percent == std::string_view::npos) {
      break;
    }
    format.remove_prefix(percent + 1);
    TRY_ASSIGN(const Verb verb, read_verb(format));
    if (verb.letter == '%') {
      out += '%';
      continue;
    }
    if (next == arguments.size()) {
      return template_error("printf has too few values");
    }
    const FetchedValue& value = arguments[next++].value;
    if ((verb.letter == 'd' && value.kind != FetchedValue::Kind::number) ||
        (verb.letter == 't' && value.kind != FetchedValue::Kind::boolean)) {
      return template_error("printf has a value of another type than its verb");
    }
    WipedText quoted;
    const base::Secret plain = to_text(value);
    if (verb.letter == 'q') {
      append_quoted(plain.reveal(), quoted);
    }
    append_padded(verb.letter == 'q' ? quoted.view() : plain.reveal(), verb, out);
  }
  return next == arguments.size() ? Made(template_text(out.view())) : template_error("printf has too many values");
}

constexpr std::array k_functions = {
    TemplateFunction{"quote", 1, k_any, false, quote},   TemplateFunction{"squote", 1, k_any, false, squote},
    TemplateFunction{"cat", 1, k_any, false, cat},       TemplateFunction{"print", 1, k_any, false, print},
    TemplateFunction{"printf", 1, k_any, false, printf},
};

}  // namespace

std::span<const TemplateFunction> template_format_functions() { return k_functions; }

}  // namespace helmme::placeholder
