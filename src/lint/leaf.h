// The scalars of a parsed document, each visited once, where it is written, in linear time: an alias is not followed,
// so no document grows by being read.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "manifest/document.h"

namespace helmme::lint {

// A collection that is open around a leaf.
struct Frame {
  manifest::NodeId node = manifest::k_no_node;
  manifest::NodeId end = 0;                    // the first node after it
  manifest::NodeId key = manifest::k_no_node;  // of a mapping: the key whose value is being read
  std::size_t index = 0;                       // of a sequence: of the item that is being read
};

class Leaf {
 public:
  Leaf(const manifest::Document& document, const std::vector<Frame>& frames, manifest::NodeId node)
      : document_(document), frames_(frames), node_(node) {}

  [[nodiscard]] const manifest::Document& document() const noexcept { return document_; }
  [[nodiscard]] manifest::NodeId id() const noexcept { return node_; }
  [[nodiscard]] const manifest::Node& node() const { return document_[node_]; }
  [[nodiscard]] std::string_view value() const { return node().value; }
  // The key in the mapping that holds the leaf, or holds the list that it is an item of; "" at the root.
  [[nodiscard]] std::string_view key() const;
  // The key `up` levels of mappings above key(); "" beyond the root.
  [[nodiscard]] std::string_view key_above(std::size_t up) const;
  [[nodiscard]] bool is_item() const;
  // The mapping that it is a value of, directly; k_no_node.
  [[nodiscard]] manifest::NodeId mapping() const;
  [[nodiscard]] const std::vector<Frame>& frames() const noexcept { return frames_; }
  // "spec.containers[0].args[1]"; cut where it gets longer than a person reads.
  [[nodiscard]] std::string path() const;

 private:
  const manifest::Document& document_;
  const std::vector<Frame>& frames_;
  manifest::NodeId node_;
};

// Visits every scalar that is no key, in document order. `enter` is asked at each collection, with the frames around
// it; false: nothing below it is visited.
void visit_leaves(const manifest::Document& document, manifest::NodeId root,
                  const std::function<void(const Leaf&)>& visit,
                  const std::function<bool(manifest::NodeId, const std::vector<Frame>&)>& enter);

// The scalar at that key of a mapping as it is written there: merge keys and aliases are not followed.
[[nodiscard]] manifest::NodeId child(const manifest::Document& document, manifest::NodeId mapping,
                                     std::string_view key);
[[nodiscard]] std::string_view child_text(const manifest::Document& document, manifest::NodeId mapping,
                                          std::string_view key);
// The same among the first entries only, so that asking for every entry of a large mapping stays linear.
[[nodiscard]] manifest::NodeId sibling(const manifest::Document& document, manifest::NodeId mapping,
                                       std::string_view key);

// The bytes that a scalar's value is written in, less quotes, anchor, tag and the head of a block, plus `offset`.
[[nodiscard]] Span written_span(const manifest::Document& document, manifest::NodeId scalar, std::size_t offset);

// The bytes in which parts of a scalar's value are written. Ask by rising begin: then all questions together take time
// linear to the scalar.
class WrittenParts {
 public:
  // `document` must outlive this object.
  WrittenParts(const manifest::Document& document, manifest::NodeId scalar, std::size_t offset)
      : document_(document), scalar_(scalar), offset_(offset) {}

  // `part` in bytes of the value. Where escapes or folding stand in the way, the whole scalar's bytes.
  [[nodiscard]] Span of(Span part);

 private:
  void prepare();
  [[nodiscard]] std::size_t in_block(std::size_t at) const;
  [[nodiscard]] Span by_search(Span part);

  const manifest::Document& document_;
  manifest::NodeId scalar_;
  std::size_t offset_;
  bool prepared_ = false;
  bool as_it_is_ = false;  // written as it reads
  Span whole_;             // in the document
  std::string_view value_;
  std::string_view written_;
  std::vector<std::size_t> value_lines_;   // of a literal block: where the lines of its value begin …
  std::vector<std::size_t> written_ends_;  // … and where their writing ends
  std::size_t value_at_ = 0;               // of a search: how far both have been read
  std::size_t written_at_ = 0;
  bool lost_ = false;
};

}  // namespace helmme::lint
