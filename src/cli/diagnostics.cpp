#include "cli/diagnostics.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"

namespace helmme::cli {
namespace {

using base::Location;
using base::printable;

// SGR codes (ECMA-48, 8.3.117).
constexpr std::string_view k_red = "\033[1;31m";
constexpr std::string_view k_yellow = "\033[1;33m";
constexpr std::string_view k_blue = "\033[1;34m";
constexpr std::string_view k_cyan = "\033[1;36m";
constexpr std::string_view k_plain = "\033[0m";

constexpr std::size_t k_least_gutter = 2;

// The bytes that the first `count` characters take; a byte that continues no character counts as one.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
      ++at;
    }
  }
  return at;
}

// The columns of text that went through printable(), which is UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class TextPrinter {
 public:
  explicit TextPrinter(bool colour) : colour_(colour) {}

  void add(std::string_view word, std::string_view word_colour, const std::string& message,
           const std::optional<Location>& location, const std::vector<std::string>& notes, const std::string& help) {
    if (!text_.empty()) {
      text_ += '\n';
    }
    paint(word, word_colour);
    line(": ", message);
    if (location) {
      place(*location, word_colour);
    }
    for (const std::string& note : notes) {
      paint("note", k_cyan);
      line(": ", note);
    }
    if (!help.empty()) {
      paint("help", k_cyan);
      line(": ", help);
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void paint(std::string_view text, std::string_view with) {
    if (colour_) {
      text_.append(with).append(text).append(k_plain);
    } else {
      text_ += text;
    }
  }

  void line(std::string_view before, std::string_view text) { text_.append(before).append(printable(text)) += '\n'; }

  static std::string file_position(const Location& location) {
    std::string text = printable(location.file);
    if (location.line > 0) {
      text += ':' + std::to_string(location.line);
      if (location.column > 0) {
        text += ':' + std::to_string(location.column);
      }
    }
    return text;
  }

  void place(const Location& location, std::string_view caret_colour) {
    const bool with_snippet = location.line > 0 && !location.snippet.empty();
    const std::string position = file_position(location);
    const std::string number = std::to_string(location.line);
    const std::size_t gutter = with_snippet ? std::max(k_least_gutter, number.size()) : k_least_gutter;
    text_.append(gutter, ' ');
    paint("-->", k_blue);
    // Lines of Helm's stdin mean little to the user: the object leads, its place in the stream stands behind.
    if (location.object.empty()) {
      line(" ", location.file.empty() ? std::string("?") : position);
    } else if (with_snippet || location.file.empty()) {
      line(" ", location.object);
    } else {
      line(" ", location.object + " (" + position + ")");
    }
    if (with_snippet) {
      snippet(location, gutter, number, location.object.empty() ? std::string() : "      (" + position + ")",
              caret_colour);
    }
  }

  void snippet(const Location& location, std::size_t gutter, const std::string& number, const std::string& behind,
               std::string_view caret_colour) {
    const std::string_view text = location.snippet;
    const std::size_t begin = bytes_of(text, location.column > 0 ? location.column - 1 : 0);
    const std::size_t end = begin + bytes_of(text.substr(begin), location.length);
    const std::size_t before = width_of(printable(text.substr(0, begin)));
    const std::size_t under = std::max<std::size_t>(1, width_of(printable(text.substr(begin, end - begin))));
    const std::string empty_gutter = std::string(gutter + 1, ' ') + "|";
    paint(empty_gutter, k_blue);
    text_ += '\n';
    paint(std::string(gutter - number.size(), ' ') + number + " |", k_blue);
    line(" ", std::string(text) + behind);
    paint(empty_gutter, k_blue);
    text_.append(1 + before, ' ');
    paint(std::string(under, '^'), caret_colour);
    text_ += '\n';
  }

  std::string text_;
  bool colour_;
};

std::string_view name_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::usage:
      return "usage";
    case base::ErrorKind::bad_input:
      return "bad_input";
    case base::ErrorKind::denied:
      return "denied";
    case base::ErrorKind::not_found:
      return "not_found";
    case base::ErrorKind::unavailable:
      return "unavailable";
    case base::ErrorKind::internal:
      break;
  }
  return "internal";
}

// What both kinds of diagnostic have. Every key is always there; null where nothing is known.
nlohmann::ordered_json json_of(const std::string& message, const std::optional<Location>& location,
                               const std::vector<std::string>& notes, const std::string& help) {
  const auto text = [](const std::string& value) {
    return value.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
  };
  const auto number = [](std::size_t value) {
    return value == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
  };
  const Location place = location.value_or(Location{});
  return {{"message", message},         {"object", text(place.object)},   {"file", text(place.file)},
          {"line", number(place.line)}, {"column", number(place.column)}, {"notes", notes},
          {"help", text(help)}};
}

}  // namespace

std::optional<DiagnosticsFormat> diagnostics_format(std::string_view word) {
  if (word == "text") {
    return DiagnosticsFormat::text;
  }
  if (word == "json") {
    return DiagnosticsFormat::json;
  }
  return std::nullopt;
}

std::string format_text(const base::Diagnostics& diagnostics, bool colour) {
  TextPrinter printer(colour);
  for (const base::Error& error : diagnostics.errors) {
    printer.add("error", k_red, error.message, error.location, error.notes, error.help);
  }
  for (const base::Warning& warning : diagnostics.warnings) {
    printer.add("warning", k_yellow, warning.message, warning.location, warning.notes, warning.help);
  }
  return printer.take();
}

std::string format_json(const base::Diagnostics& diagnostics) {
  if (diagnostics.errors.empty() && diagnostics.warnings.empty()) {
    return {};
  }
  nlohmann::ordered_json all = {{"errors", nlohmann::ordered_json::array()},
                                {"warnings", nlohmann::ordered_json::array()}};
  for (const base::Error& error : diagnostics.errors) {
    nlohmann::ordered_json one = {{"kind", name_of(error.kind)}};
    one.update(json_of(error.message, error.location, error.notes, error.help));
    all["errors"].push_back(std::move(one));
  }
  for (const base::Warning& warning : diagnostics.warnings) {
    all["warnings"].push_back(json_of(warning.message, warning.location, warning.notes, warning.help));
  }
  // ASCII alone, so that no control character of a chart reaches a terminal.
  return all.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int exit_code_of(const base::Diagnostics& diagnostics) {
  return diagnostics.failed() ? base::exit_code(diagnostics.errors.front().kind) : 0;
}

}  // namespace helmme::cli
