// Edits: splices over a document's bytes. Each also says what it does to the tree, and apply() parses the result
// again and compares (promise 4): every node outside the edits must be the same, every node of an edit as said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "manifest/document.h"
#include "manifest/value.h"

namespace helmme::manifest {

// `length` bytes at `begin` of Node::value become `text`.
struct Part {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::string text;
};

class Editor {
 public:
  // `document` must outlive the editor.
  explicit Editor(const Document& document) : document_(document) {}

  // Every operation fails with bad_input (message only: the caller knows the place) where the text can't be edited
  // without a doubt: inside a node that an alias repeats, an explicit "? key", a scalar written with escapes.
  base::Result<void> rename_key(NodeId key, std::string_view name);
  // A scalar, or any node in flow style, gives way to a new value; anchors and tags are refused.
  base::Result<void> replace(NodeId id, const Value& value);
  // Parts of a scalar's value give way to other text, in order and without overlap: in the scalar's own style where
  // that holds the text as it is, else the whole scalar is written anew. Text that is not UTF-8 or holds a NUL is
  // refused.
  base::Result<void> replace_parts(NodeId scalar, const std::vector<Part>& parts);
  // New items before item `index` of a sequence (its size: at the end). Several calls keep their order.
  base::Result<void> insert_items(NodeId sequence, std::size_t index, const std::vector<Value>& items);
  // New entries in a mapping that does not have their keys; a null gives way to a mapping.
  base::Result<void> add_entry(NodeId mapping, std::string_view key, const Value& value);
  base::Result<void> add_entries(NodeId mapping, const std::vector<Field>& fields);
  // Children of a sequence or entries of a mapping, by ascending index; where all go, an empty collection stays.
  base::Result<void> remove(NodeId collection, const std::vector<std::size_t>& indices);

  [[nodiscard]] bool empty() const noexcept { return edits_.empty(); }
  [[nodiscard]] bool touches(NodeId node) const;

  // The edited document. Fails with `internal` where the check finds a difference.
  [[nodiscard]] base::Result<std::string> apply();

 private:
  struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
    NodeId first;  // nodes [first, last) …
    NodeId last;
    std::vector<Value> nodes;    // … become these, or
    NodeId part_of = k_no_node;  // a splice inside this scalar, at [value_begin, value_end) of its value
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
    std::string value_text = {};
  };

  [[nodiscard]] base::Result<void> editable(NodeId node) const;
  // Whether nodes [first, last) may leave: no alias outside of them repeats one of them.
  [[nodiscard]] base::Result<void> removable(NodeId first, NodeId last) const;
  // The places in the bytes of the parts of a scalar, each with its text as the scalar's style has it; nullopt where
  // the scalar has to be written anew.
  [[nodiscard]] std::optional<std::vector<Edit>> spliced(NodeId scalar, const std::vector<Part>& parts) const;
  // A document in flow style from its root on: new text is JSON too.
  [[nodiscard]] bool is_json() const;
  [[nodiscard]] std::size_t dash_of(NodeId sequence, std::size_t index, const std::vector<NodeId>& present) const;
  [[nodiscard]] std::string_view line_end() const;
  base::Result<void> insert_block_items(NodeId sequence, std::size_t index, const std::vector<NodeId>& present,
                                        const std::vector<Value>& items);
  base::Result<void> insert_flow_items(NodeId sequence, std::size_t index, const std::vector<NodeId>& present,
                                       const std::vector<Value>& items);
  // True where the leaf before that node is a block scalar whose blank lines at the end count ("|+").
  [[nodiscard]] bool keeps_blank_lines(NodeId next) const;
  base::Result<void> remove_lines(std::size_t begin, std::size_t end, NodeId first, NodeId last);
  base::Result<void> add_block_entries(NodeId mapping, const std::vector<Field>& fields);
  [[nodiscard]] base::Result<void> verify(const std::string& result) const;
  void add(Edit edit);

  const Document& document_;
  std::vector<Edit> edits_;
  std::vector<bool> touched_;  // by node; empty until the first edit
};

}  // namespace helmme::manifest
