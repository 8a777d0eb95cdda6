// A parsed document: libyaml's events as a tree in document order, each node with the bytes it was written in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace helmme::manifest {

using NodeId = std::uint32_t;
inline constexpr NodeId k_no_node = UINT32_MAX;

enum class NodeKind : std::uint8_t { scalar, mapping, sequence, alias };
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, block, flow };

struct Node {
  NodeKind kind = NodeKind::scalar;
  Style style = Style::plain;
  bool shared = false;          // inside an anchored node that an alias repeats: an edit here would change both
  bool has_properties = false;  // an anchor or a tag: see Document::properties()
  NodeId parent = k_no_node;
  std::uint32_t index = 0;    // among its parent's children, from 0: of a mapping's, keys are even
  std::uint32_t size = 1;     // nodes in this subtree; children follow in document order
  NodeId target = k_no_node;  // of an alias: the anchored node
  std::uint32_t column = 0;   // of begin, in characters from 0
  std::uint32_t begin = 0;    // bytes in the document, properties (anchor, tag) included
  std::uint32_t end = 0;      // scalars and flow collections: exact, a block scalar without its final line ends
  std::string_view value;     // scalar: the decoded text; alias: the anchor's name
};

// What few nodes have.
struct Properties {
  std::string anchor;  // empty: none
  std::string tag;     // as resolved, empty where none was written
  [[nodiscard]] bool operator==(const Properties&) const = default;
};

// One key with its value in a mapping.
struct Entry {
  NodeId key = k_no_node;
  NodeId value = k_no_node;
  [[nodiscard]] explicit operator bool() const noexcept { return value != k_no_node; }
};

class Document {
 public:
  // `bytes`: one document as split, which must outlive this object. Errors (bad_input): not YAML as libyaml reads
  // it, more than one document, nested too deep, 4 GiB and more; located in `file` by `stream` and `offset`, the
  // document's place there.
  static base::Result<Document> parse(std::string_view bytes, std::string_view file, std::string_view stream,
                                      std::size_t offset);

  // The same for who only reads: plain YAML takes the short way of plain_yaml.h. What is edited is parsed by libyaml.
  static base::Result<Document> read(std::string_view bytes, std::string_view file, std::string_view stream,
                                     std::size_t offset);

  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool empty() const noexcept { return nodes_.empty(); }
  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] static constexpr NodeId root() noexcept { return 0; }
  [[nodiscard]] const Properties& properties(NodeId id) const;

  // Follows an alias to the anchored node.
  [[nodiscard]] NodeId resolve(NodeId id) const;
  // The entry of that key, looking through aliases and merge keys ("<<", YAML 1.1 merge type). k_no_node in,
  // nothing out, so look-ups chain.
  [[nodiscard]] Entry find(NodeId mapping, std::string_view key) const;
  // A dotted path of plain keys, e.g. "spec.template.metadata"; k_no_node where it ends early.
  [[nodiscard]] NodeId at(NodeId from, std::string_view path) const;
  // A scalar's text, or "".
  [[nodiscard]] std::string_view text(NodeId id) const;
  // The scalar's text at a path, or "".
  [[nodiscard]] std::string_view text_at(NodeId from, std::string_view path) const { return text(at(from, path)); }
  // Children of a sequence, or entries of a mapping (merge keys not followed); aliases are followed to reach them.
  [[nodiscard]] std::vector<NodeId> items(NodeId sequence) const;
  [[nodiscard]] std::vector<Entry> entries(NodeId mapping) const;
  // "spec.template.spec.containers[0].env[2].value"; `from` is where the path starts (exclusive).
  [[nodiscard]] std::string path(NodeId id, NodeId from = root()) const;
  // A key that stands twice in its mapping, or a merge key over one that stands above it; k_no_node: there is none.
  // Readers differ in which of the two counts (Kubernetes' takes the last), so such a document can't be edited.
  [[nodiscard]] NodeId repeated_key() const;
  [[nodiscard]] bool is_null(NodeId id) const;
  [[nodiscard]] bool is_key(NodeId id) const;

 private:
  friend class DocumentBuilder;
  [[nodiscard]] bool is_merge_key(NodeId key) const;
  // The last step of a path to the node: ".name" or "[2]".
  [[nodiscard]] std::string step(NodeId id) const;
  [[nodiscard]] NodeId key_of(NodeId value) const;
  // True where a list of merged mappings has that key.
  [[nodiscard]] bool merges(NodeId list, std::string_view name) const;

  std::string_view bytes_;
  std::vector<Node> nodes_;
  std::deque<std::string> texts_;  // what is not written in the bytes as it is read
  std::unordered_map<NodeId, Properties> properties_;
};

}  // namespace helmme::manifest
