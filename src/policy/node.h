// Text → a tree of nodes, each with its place. libyaml says whether the text is YAML, as Go's YAML would, and where a
// node begins and ends; yaml-cpp reads it; what the two read differently is refused. So is what YAML leaves open:
// doubled keys, mapping keys that are no scalars, aliases that contain themselves or multiply without end, a second
// document, foreign tags (but in Helm values, where they may be another's).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "policy/read.h"

namespace helmme::policy {

// Bytes of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A text that nodes point into; it outlives them.
struct TextFile {
  std::string name;    // as printed
  std::string object;  // for a document of the stream
  std::string folder;  // what relative paths are relative to
  Origin origin = Origin::operator_file;
  std::string_view text;
  std::size_t first_line = 1;          // the line that the text begins on
  bool all_hidden = true;              // no line is printed: the text is not understood yet, or holds secrets
  std::vector<TextRange> hidden = {};  // where a value may stand: lines that touch one are never printed

  [[nodiscard]] base::Location locate(std::size_t offset, std::size_t length) const;
};

struct NodeEntry;

struct Node {
  enum class Kind { null, scalar, sequence, mapping } kind = Kind::null;
  std::string text;     // a scalar's value
  bool plain = false;   // not quoted, no block scalar: its type is YAML's to choose
  bool tagged = false;  // its type is what a tag says, which is not read here; in Helm values only
  const TextFile* file = nullptr;
  std::size_t offset = 0;  // an anchor or tag included; of an alias: what it stands for
  std::size_t end = 0;
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

inline constexpr std::size_t k_text_limit = std::size_t{1024} * 1024;

// Says which parts of a tree may hold a value. Called before an error about the tree is reported: from then on, all
// other lines are printed in errors.
using HideLines = void (*)(const Node& root, TextFile& file);

// Parses one document. Errors go to `diagnostics`; false: there was one. An empty text is a null node. A byte order
// mark leaves file.text. No `hide_lines`: no line is ever printed.
[[nodiscard]] bool parse_node(TextFile& file, Node& out, base::Diagnostics& diagnostics, HideLines hide_lines);

// Overwrites the scalars of a tree that held values.
void wipe(Node& node) noexcept;

}  // namespace helmme::policy
