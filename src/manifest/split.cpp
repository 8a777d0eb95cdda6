#include "manifest/split.h"

#include <algorithm>

namespace helmme::manifest {
namespace {

enum class Marker { none, start, end };

Marker marker_at(std::string_view stream, std::size_t line) {
  const std::string_view head = stream.substr(line, 4);
  if (head.size() < 3 ||
      (head.size() == 4 && head[3] != ' ' && head[3] != '\t' && head[3] != '\r' && head[3] != '\n')) {
    return Marker::none;
  }
  const std::string_view three = head.substr(0, 3);
  return three == "---" ? Marker::start : three == "..." ? Marker::end : Marker::none;
}

std::size_t line_begin(std::string_view stream, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string_view::npos : stream.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t next_line(std::string_view stream, std::size_t offset) {
  const std::size_t newline = stream.find('\n', offset);
  return newline == std::string_view::npos ? stream.size() : newline + 1;
}

}  // namespace

Span document_at(std::string_view stream, std::size_t offset) {
  Span span;
  std::size_t line = line_begin(stream, offset);
  const std::size_t own_line = line;
  for (;;) {
    const Marker marker = marker_at(stream, line);
    if (marker == Marker::start) {
      span.begin = line;
      break;
    }
    if (marker == Marker::end && line != own_line) {
      span.begin = next_line(stream, line);
      break;
    }
    if (line == 0) {
      span.begin = 0;
      break;
    }
    line = line_begin(stream, line - 1);
  }
  line = own_line;
  for (;;) {
    const Marker marker = marker_at(stream, line);
    if (marker == Marker::end) {
      span.end = next_line(stream, line);
      break;
    }
    line = next_line(stream, line);
    if (line >= stream.size() || marker_at(stream, line) == Marker::start) {
      span.end = line;
      break;
    }
  }
  return span;
}

bool has_no_content(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  }
  std::size_t line = 0;
  while (line < bytes.size()) {
    const std::size_t next = next_line(bytes, line);
    std::string_view text = bytes.substr(line, next - line);
    if (marker_at(bytes, line) != Marker::none) {
      text.remove_prefix(3);
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] != '#') {
      return false;
    }
    line = next;
  }
  return true;
}

}  // namespace helmme::manifest
