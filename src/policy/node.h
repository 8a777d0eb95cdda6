// Text → a tree of nodes, each with its place, by yaml-cpp's event parser. What yaml-cpp leaves open is refused here:
// doubled keys, mapping keys that are no scalars, aliases that contain themselves or multiply without end, control
// characters (yaml-cpp takes U+0004 for the end of the file), a second document, foreign tags.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "policy/read.h"

namespace helmme::policy {

// A text that nodes point into; it outlives them.
struct TextFile {
  std::string name;    // as printed
  std::string object;  // for a document of the stream
  std::string folder;  // what relative paths are relative to
  Origin origin = Origin::operator_file;
  std::string_view text;
  std::vector<bool> hidden = {};  // by line, from 1: true where a value may stand, never to be printed
  std::size_t first_line = 1;     // the line that the text begins on
  bool all_hidden = false;        // a secrets file: no line is printed

  [[nodiscard]] base::Location locate(std::size_t offset, std::size_t length) const;
};

struct NodeEntry;

struct Node {
  enum class Kind { null, scalar, sequence, mapping } kind = Kind::null;
  std::string text;    // a scalar's value
  bool plain = false;  // not quoted, no block scalar: its type is YAML's to choose
  const TextFile* file = nullptr;
  std::size_t offset = 0;
  std::size_t end = 0;  // where the next node begins: an upper bound of this one
  std::vector<Node> items;
  std::vector<NodeEntry> entries;  // in the order written

  [[nodiscard]] const Node* find(std::string_view key) const;
  // null, "", {} and []: "not configured".
  [[nodiscard]] bool is_empty() const noexcept;
  [[nodiscard]] base::Location location() const;
  // "a mapping", "a list", "text", "nothing"
  [[nodiscard]] std::string_view kind_name() const noexcept;
};

struct NodeEntry {
  Node key;
  Node value;
};

inline constexpr std::size_t k_text_limit = 1024 * 1024;

// Sets `hidden` for the lines of a parsed tree that may hold a value, before an error is reported.
using HideLines = void (*)(const Node& root, TextFile& file);

// Parses one document. Errors go to `diagnostics`; false: there was one. An empty text is a null node. A byte order
// mark leaves file.text.
[[nodiscard]] bool parse_node(TextFile& file, Node& out, base::Diagnostics& diagnostics, HideLines hide_lines);

// Overwrites the scalars of a tree that held values.
void wipe(Node& node) noexcept;

}  // namespace helmme::policy
