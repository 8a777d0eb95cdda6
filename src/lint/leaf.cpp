#include "lint/leaf.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::Node;
using manifest::NodeId;
using manifest::NodeKind;
using manifest::Style;

constexpr std::size_t k_longest_path = 512;
constexpr std::size_t k_longest_step = 128;
constexpr std::size_t k_most_siblings = 64;

bool is_plain_key(std::string_view name) {
  return !name.empty() && name.size() <= k_longest_step && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string step_of(const Document& document, const Frame& frame) {
  if (frame.key == k_no_node) {
    return "[" + std::to_string(frame.index) + "]";
  }
  const std::string_view name = document[frame.key].value;
  return is_plain_key(name) ? "." + std::string(name) : "[\"" + base::printable(name.substr(0, k_longest_step)) + "\"]";
}

// Behind "&anchor" and "!tag".
std::size_t skip_properties(std::string_view bytes, const Node& node) {
  std::size_t at = node.begin;
  while (at < node.end && (bytes[at] == '&' || bytes[at] == '!')) {
    at = std::min<std::size_t>(bytes.find_first_of(" \t\r\n", at), node.end);
    at = std::min<std::size_t>(bytes.find_first_not_of(" \t\r\n", at), node.end);
  }
  return at;
}

class Walker {
 public:
  Walker(const Document& document, const std::function<void(const Leaf&)>& visit,
         const std::function<bool(NodeId, const std::vector<Frame>&)>& enter)
      : document_(document), visit_(visit), enter_(enter) {}

  void walk(NodeId root) {
    const NodeId end = root + document_[root].size;
    for (NodeId id = root; id < end;) {
      while (!frames_.empty() && id >= frames_.back().end) {
        frames_.pop_back();
        next_child();
      }
      id = step(id);
    }
  }

 private:
  NodeId step(NodeId id) {
    const Node& node = document_[id];
    if (is_key_here()) {
      frames_.back().key = id;
      expects_key_.back() = false;
      return id + node.size;
    }
    if (node.kind == NodeKind::scalar || node.kind == NodeKind::alias) {
      if (node.kind == NodeKind::scalar) {
        visit_(Leaf(document_, frames_, id));
      }
      next_child();
      return id + 1;
    }
    if (!enter_(id, frames_)) {
      next_child();
      return id + node.size;
    }
    if (node.size == 1) {
      next_child();
      return id + 1;
    }
    frames_.push_back({id, id + node.size, k_no_node, 0});
    expects_key_.resize(frames_.size());
    expects_key_.back() = node.kind == NodeKind::mapping;
    return id + 1;
  }

  [[nodiscard]] bool is_key_here() const { return !frames_.empty() && expects_key_[frames_.size() - 1]; }

  void next_child() {
    if (frames_.empty()) {
      return;
    }
    expects_key_.resize(frames_.size());
    if (document_[frames_.back().node].kind == NodeKind::mapping) {
      expects_key_.back() = true;
    } else {
      ++frames_.back().index;
    }
  }

  const Document& document_;
  const std::function<void(const Leaf&)>& visit_;
  const std::function<bool(NodeId, const std::vector<Frame>&)>& enter_;
  std::vector<Frame> frames_;
  std::vector<bool> expects_key_;
};

NodeId find_among(const Document& document, NodeId mapping, std::string_view key, std::size_t most) {
  // A document without content has no root.
  if (mapping >= document.nodes().size() || document[mapping].kind != NodeKind::mapping) {
    return k_no_node;
  }
  const NodeId end = mapping + document[mapping].size;
  for (NodeId name = mapping + 1; name < end && most > 0; --most) {
    const NodeId value = name + document[name].size;
    if (document[name].kind == NodeKind::scalar && document[name].value == key) {
      return value;
    }
    name = value + document[value].size;
  }
  return k_no_node;
}

}  // namespace

std::string_view Leaf::key() const { return key_above(0); }

std::string_view Leaf::key_above(std::size_t up) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if (frame->key != k_no_node && up-- == 0) {
      return document_[frame->key].value;
    }
  }
  return {};
}

bool Leaf::is_item() const { return !frames_.empty() && frames_.back().key == k_no_node; }

NodeId Leaf::mapping() const { return frames_.empty() || is_item() ? k_no_node : frames_.back().node; }

std::string Leaf::path() const {
  std::string out;
  for (const Frame& frame : frames_) {
    if (out.size() > k_longest_path) {
      return out + "…";
    }
    const std::string step = step_of(document_, frame);
    out += out.empty() && step.starts_with('.') ? step.substr(1) : step;
  }
  return out;
}

void visit_leaves(const Document& document, NodeId root, const std::function<void(const Leaf&)>& visit,
                  const std::function<bool(NodeId, const std::vector<Frame>&)>& enter) {
  if (!document.empty() && root != k_no_node) {
    Walker(document, visit, enter).walk(root);
  }
}

NodeId child(const Document& document, NodeId mapping, std::string_view key) {
  return find_among(document, mapping, key, SIZE_MAX);
}

NodeId sibling(const Document& document, NodeId mapping, std::string_view key) {
  return find_among(document, mapping, key, k_most_siblings);
}

std::string_view child_text(const Document& document, NodeId mapping, std::string_view key) {
  const NodeId id = child(document, mapping, key);
  return id != k_no_node && document[id].kind == NodeKind::scalar ? document[id].value : std::string_view();
}

Span written_span(const Document& document, NodeId scalar, std::size_t offset) {
  const Node& node = document[scalar];
  const std::string_view bytes = document.bytes();
  std::size_t begin = skip_properties(bytes, node);
  std::size_t end = node.end;
  if ((node.style == Style::single_quoted || node.style == Style::double_quoted) && end - begin >= 2) {
    ++begin;
    --end;
  } else if (node.style == Style::literal || node.style == Style::folded) {
    const std::size_t line = bytes.find('\n', begin);
    begin = line == std::string_view::npos ? begin : std::min(bytes.find_first_not_of(" \t\r\n", line), end);
  }
  return {offset + begin, offset + std::max(begin, end)};
}

void WrittenParts::prepare() {
  prepared_ = true;
  whole_ = written_span(document_, scalar_, 0);
  value_ = document_[scalar_].value;
  written_ = document_.bytes().substr(whole_.begin, whole_.end - whole_.begin);
  as_it_is_ = written_ == value_;
  if (document_[scalar_].style != Style::literal || as_it_is_) {
    return;
  }
  // The block's first line may be empty; its own begin is where the head's line ends.
  const std::size_t head = document_.bytes().find('\n', skip_properties(document_.bytes(), document_[scalar_]));
  std::size_t line = head == std::string_view::npos ? document_.bytes().size() : head + 1;
  for (std::size_t at = 0; at < value_.size() && line < document_.bytes().size();) {
    std::size_t end = std::min(document_.bytes().find('\n', line), document_.bytes().size());
    const std::size_t next = end + 1;
    end -= end > line && document_.bytes()[end - 1] == '\r' ? 1U : 0U;
    value_lines_.push_back(at);
    written_ends_.push_back(end);
    at = std::min(value_.find('\n', at), value_.size() - 1) + 1;
    line = next;
  }
}

// A line of the value is the end of the line that it is written in.
std::size_t WrittenParts::in_block(std::size_t at) const {
  const auto next = std::upper_bound(value_lines_.begin(), value_lines_.end(), at);
  const auto line = static_cast<std::size_t>(next - value_lines_.begin()) - 1;
  std::size_t end = next == value_lines_.end() ? value_.size() : *next - 1;
  if (next == value_lines_.end() && value_.ends_with("\n")) {
    end = std::min(value_.find('\n', value_lines_[line]), end);
  }
  return written_ends_[line] - std::min(written_ends_[line], end - at);
}

Span WrittenParts::by_search(Span part) {
  const std::string_view text = value_.substr(part.begin, part.end - part.begin);
  std::size_t at = lost_ ? std::string_view::npos : written_.find(text, written_at_);
  for (std::size_t same = value_.find(text, value_at_); at != std::string_view::npos && same < part.begin;
       same = value_.find(text, same + 1)) {
    at = written_.find(text, at + 1);
  }
  if (at == std::string_view::npos) {
    lost_ = true;
    return {offset_ + whole_.begin, offset_ + whole_.end};
  }
  value_at_ = part.begin;
  written_at_ = at;
  return {offset_ + whole_.begin + at, offset_ + whole_.begin + at + text.size()};
}

Span WrittenParts::of(Span part) {
  if (!prepared_) {
    prepare();
  }
  if (as_it_is_) {
    return {offset_ + whole_.begin + part.begin, offset_ + whole_.begin + part.end};
  }
  if (part.begin >= part.end || part.begin < value_at_) {
    return {offset_ + whole_.begin, offset_ + whole_.end};
  }
  if (!value_lines_.empty() && value_lines_.size() == written_ends_.size()) {
    return {offset_ + in_block(part.begin), offset_ + in_block(part.end - 1) + 1};
  }
  return by_search(part);
}

}  // namespace helmme::lint
