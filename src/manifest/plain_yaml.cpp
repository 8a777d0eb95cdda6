#include "manifest/plain_yaml.h"

#include <algorithm>
#include <array>

namespace helmme::manifest {
namespace {

constexpr std::size_t k_bytes_a_node = 8;
constexpr std::size_t k_deepest = 256;  // libyaml's tree has 512 levels at most
constexpr std::size_t k_deepest_flow = 16;
constexpr std::size_t k_longest_key = 512;  // libyaml finds the ':' of a key among 1024 characters

using Bytes = std::array<bool, 256>;

constexpr Bytes except(std::string_view characters) {
  Bytes bytes{};
  bytes.fill(true);
  for (const char c : characters) {
    bytes[static_cast<unsigned char>(c)] = false;
  }
  return bytes;
}

constexpr Bytes letters_digits_and(std::string_view characters) {
  Bytes bytes{};
  for (std::size_t c = 0; c < bytes.size(); ++c) {
    bytes[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  for (const char c : characters) {
    bytes[static_cast<unsigned char>(c)] = true;
  }
  return bytes;
}

// YAML 1.1, "Indicator Characters"; '-' is looked at before.
constexpr Bytes k_begins_plain = except("?:,[]{}#&*!|>'\"%@` ");
constexpr Bytes k_begins_flow_plain = letters_digits_and("_/.");
constexpr Bytes k_in_flow_plain = letters_digits_and("_/.+-=");

bool is_in(const Bytes& bytes, char c) { return bytes[static_cast<unsigned char>(c)]; }

// Neither tabs and other control characters nor anything beyond ASCII, so that a byte is a character.
bool is_printable_ascii(std::string_view bytes) {
  unsigned bad = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    bad |= static_cast<unsigned>((byte < 0x20U && byte != '\n') || byte > 0x7EU);
  }
  return bad == 0;
}

class PlainReader {
 public:
  explicit PlainReader(std::string_view bytes) : bytes_(bytes) { nodes_.reserve(bytes.size() / k_bytes_a_node + 1); }

  std::optional<std::vector<Node>> read() {
    while (next_line()) {
      if (!read_line()) {
        return std::nullopt;
      }
    }
    while (!levels_.empty()) {
      close_level();
    }
    return nodes_.empty() ? std::nullopt : std::optional(std::move(nodes_));
  }

 private:
  // A block collection that is open.
  struct Level {
    NodeId node = k_no_node;
    std::size_t column = 0;
    bool list = false;
    bool at_key = false;       // a list whose dashes stand below the first letter of its key
    bool waits = false;        // for the value of a key, or for an item
    std::size_t empty_at = 0;  // where that is if none comes
    std::size_t empty_column = 0;
  };

  struct Scalar {
    Style style = Style::plain;
    std::size_t begin = 0;  // with the quotes
    std::size_t end = 0;
  };

  // To the next line that says something.
  bool next_line() {
    while (next_ < bytes_.size()) {
      line_ = next_;
      end_ = std::min(bytes_.find('\n', line_), bytes_.size());
      next_ = end_ + 1;
      at_ = skip_blanks(line_);
      if (at_ < end_ && bytes_[at_] != '#') {
        return true;
      }
    }
    return false;
  }

  bool read_line() {
    const std::size_t column = at_ - line_;
    if (column == 0 && is_marker()) {
      const bool first = nodes_.empty() && !marked_ && bytes_[at_] == '-';
      marked_ = true;
      return first && is_line_end(at_ + 3);
    }
    while (!levels_.empty() && levels_.back().column > column) {
      close_level();
    }
    if (levels_.empty()) {
      return nodes_.empty() && read_block();
    }
    if (levels_.back().column < column) {
      return levels_.back().waits && read_block();
    }
    if (levels_.back().list && !is_dash(at_)) {
      if (!levels_.back().at_key) {
        return false;
      }
      close_level();
      return read_entry();
    }
    if (!levels_.back().list && is_dash(at_)) {
      return levels_.back().waits && open_level(NodeKind::sequence, true) && read_item();
    }
    return levels_.back().list ? read_item() : read_entry();
  }

  bool read_block() {
    return is_dash(at_) ? open_level(NodeKind::sequence, false) && read_item()
                        : open_level(NodeKind::mapping, false) && read_entry();
  }

  bool read_item() {
    wait_at(at_ + 1);
    if (is_line_end(at_ + 1)) {
      return true;
    }
    at_ = skip_blanks(at_ + 1);
    Scalar scalar;
    if (is_dash(at_) || (read_scalar(scalar) && is_colon(scalar.end))) {
      return read_block();
    }
    return read_value();
  }

  bool read_entry() {
    Scalar key;
    if (!read_scalar(key) || !is_colon(key.end) || key.end - key.begin > k_longest_key) {
      return false;
    }
    settle();
    append(key);
    wait_at(key.end + 1);
    if (is_line_end(key.end + 1)) {
      return true;
    }
    at_ = skip_blanks(key.end + 1);
    return !is_dash(at_) && read_value();
  }

  // A scalar or a flow collection, and nothing behind it.
  bool read_value() {
    levels_.back().waits = false;
    parent_ = levels_.back().node;
    if (is_flow_begin()) {
      return read_flow(1) && is_line_end(at_);
    }
    Scalar scalar;
    if (!read_scalar(scalar)) {
      return false;
    }
    append(scalar);
    return is_line_end(scalar.end);
  }

  bool read_flow(std::size_t depth) {
    if (depth > k_deepest_flow) {
      return false;
    }
    const bool mapping = bytes_[at_] == '{';
    const NodeId around = parent_;
    const NodeId node = append(mapping ? NodeKind::mapping : NodeKind::sequence, Style::flow, at_, at_ + 1);
    parent_ = node;
    at_ = skip_blanks(at_ + 1);
    bool more = at_ < end_ && bytes_[at_] != (mapping ? '}' : ']');
    at_ += more ? 0U : 1U;
    while (more) {
      if ((mapping && !read_flow_key()) || !(is_flow_begin() ? read_flow(depth + 1) : read_flow_scalar())) {
        return false;
      }
      at_ = skip_blanks(at_);
      more = at_ < end_ && bytes_[at_] == ',';
      if (!more && (at_ >= end_ || bytes_[at_] != (mapping ? '}' : ']'))) {
        return false;
      }
      at_ = more ? skip_blanks(at_ + 1) : at_ + 1;
    }
    if (at_ > end_) {
      return false;
    }
    parent_ = around;
    nodes_[node].size = static_cast<std::uint32_t>(nodes_.size() - node);
    nodes_[node].end = static_cast<std::uint32_t>(at_);
    last_end_ = at_;
    return true;
  }

  bool read_flow_key() {
    const std::size_t begin = at_;
    if (!read_flow_scalar() || !is_colon(at_) || at_ - begin > k_longest_key) {
      return false;
    }
    at_ = skip_blanks(at_ + 1);
    return true;
  }

  bool read_flow_scalar() {
    Scalar scalar{.begin = at_, .end = at_};
    if (at_ < end_ && (bytes_[at_] == '"' || bytes_[at_] == '\'')) {
      if (!read_quoted(scalar)) {
        return false;
      }
    } else if (at_ < end_ && is_in(k_begins_flow_plain, bytes_[at_])) {
      while (scalar.end < end_ && is_in(k_in_flow_plain, bytes_[scalar.end])) {
        ++scalar.end;
      }
    } else {
      return false;
    }
    append(scalar);
    at_ = scalar.end;
    return true;
  }

  bool read_scalar(Scalar& scalar) const {
    scalar = {.begin = at_, .end = at_};
    if (bytes_[at_] == '"' || bytes_[at_] == '\'') {
      return read_quoted(scalar);
    }
    if (!is_in(k_begins_plain, bytes_[at_])) {
      return false;
    }
    for (std::size_t at = at_; at < end_; ++at) {
      const char c = bytes_[at];
      if ((c == ':' && is_colon(at)) || (c == '#' && bytes_[at - 1] == ' ')) {
        break;
      }
      scalar.end = c == ' ' ? scalar.end : at + 1;
    }
    return true;
  }

  bool read_quoted(Scalar& scalar) const {
    const char quote = bytes_[scalar.begin];
    const std::string_view rest = bytes_.substr(scalar.begin + 1, end_ - scalar.begin - 1);
    const std::size_t size = rest.find(quote);
    if (size == std::string_view::npos || rest.substr(0, size).find('\\') != std::string_view::npos) {
      return false;
    }
    scalar.style = quote == '"' ? Style::double_quoted : Style::single_quoted;
    scalar.end = scalar.begin + size + 2;
    return true;
  }

  bool open_level(NodeKind kind, bool at_key) {
    if (levels_.size() >= k_deepest) {
      return false;
    }
    if (!levels_.empty()) {
      levels_.back().waits = false;
      parent_ = levels_.back().node;
    }
    const NodeId node = append(kind, Style::block, at_, at_);
    levels_.push_back({.node = node, .column = at_ - line_, .list = kind == NodeKind::sequence, .at_key = at_key});
    return true;
  }

  void close_level() {
    settle();
    Node& node = nodes_[levels_.back().node];
    node.size = static_cast<std::uint32_t>(nodes_.size() - levels_.back().node);
    node.end = static_cast<std::uint32_t>(last_end_);
    levels_.pop_back();
  }

  // The innermost collection's value comes next.
  void wait_at(std::size_t at) {
    settle();
    levels_.back().waits = true;
    levels_.back().empty_at = at;
    levels_.back().empty_column = at - line_;
  }

  // What was waited for did not come: it is empty.
  void settle() {
    Level& level = levels_.back();
    parent_ = level.node;
    if (level.waits) {
      level.waits = false;
      const NodeId node = append(NodeKind::scalar, Style::plain, level.empty_at, level.empty_at);
      nodes_[node].column = static_cast<std::uint32_t>(level.empty_column);
      nodes_[node].value = bytes_.substr(level.empty_at, 0);
    }
  }

  void append(const Scalar& scalar) {
    const NodeId node = append(NodeKind::scalar, scalar.style, scalar.begin, scalar.end);
    const std::size_t quote = scalar.style == Style::plain ? 0 : 1;
    nodes_[node].value = bytes_.substr(scalar.begin + quote, scalar.end - scalar.begin - 2 * quote);
  }

  NodeId append(NodeKind kind, Style style, std::size_t begin, std::size_t end) {
    // Until its end a collection's size counts its children.
    const std::uint32_t index = parent_ == k_no_node ? 0 : nodes_[parent_].size++ - 1;
    Node node;
    node.kind = kind;
    node.style = style;
    node.parent = parent_;
    node.index = index;
    node.column = static_cast<std::uint32_t>(begin - line_);
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(end);
    nodes_.push_back(node);
    last_end_ = end;
    return static_cast<NodeId>(nodes_.size() - 1);
  }

  [[nodiscard]] std::size_t skip_blanks(std::size_t at) const {
    while (at < end_ && bytes_[at] == ' ') {
      ++at;
    }
    return at;
  }
  // Nothing, or a comment.
  [[nodiscard]] bool is_line_end(std::size_t at) const {
    const std::size_t next = skip_blanks(at);
    return next >= end_ || (next > at && bytes_[next] == '#');
  }
  [[nodiscard]] bool is_blank_or_end(std::size_t at) const { return at >= end_ || bytes_[at] == ' '; }
  [[nodiscard]] bool is_dash(std::size_t at) const { return bytes_[at] == '-' && is_blank_or_end(at + 1); }
  [[nodiscard]] bool is_colon(std::size_t at) const {
    return at < end_ && bytes_[at] == ':' && is_blank_or_end(at + 1);
  }
  [[nodiscard]] bool is_marker() const {
    const std::string_view three = bytes_.substr(at_, 3);
    return (three == "---" || three == "...") && is_blank_or_end(at_ + 3);
  }
  [[nodiscard]] bool is_flow_begin() const { return at_ < end_ && (bytes_[at_] == '{' || bytes_[at_] == '['); }

  std::string_view bytes_;
  std::size_t next_ = 0;  // line
  std::size_t line_ = 0;
  std::size_t end_ = 0;  // of the line
  std::size_t at_ = 0;
  std::size_t last_end_ = 0;  // of what was read last
  bool marked_ = false;       // "---" was read
  NodeId parent_ = k_no_node;
  std::vector<Level> levels_;
  std::vector<Node> nodes_;
};

}  // namespace

std::optional<std::vector<Node>> read_plain_yaml(std::string_view bytes) {
  if (bytes.size() > UINT32_MAX || !is_printable_ascii(bytes)) {
    return std::nullopt;
  }
  return PlainReader(bytes).read();
}

}  // namespace helmme::manifest
