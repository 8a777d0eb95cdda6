#include "manifest/document.h"

#include <yaml.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "manifest/plain_yaml.h"

namespace helmme::manifest {
namespace {

constexpr std::size_t k_max_depth = 512;
constexpr std::size_t k_bytes_a_node = 8;  // manifests have more, so that seldom any grows
constexpr std::string_view k_bom = "\xEF\xBB\xBF";

// libyaml's marks count characters. A checkpoint every 64 characters keeps the table small.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view bytes) : bytes_(bytes) {
    ascii_ = std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii_) {
      return;
    }
    std::size_t characters = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (begins_character(i) && characters++ % k_step == 0) {
        checkpoints_.push_back(i);
      }
    }
  }

  [[nodiscard]] std::size_t of(std::size_t character) const {
    if (ascii_) {
      return std::min(character, bytes_.size());
    }
    const std::size_t checkpoint = character / k_step;
    if (checkpoint >= checkpoints_.size()) {
      return bytes_.size();
    }
    std::size_t byte = checkpoints_[checkpoint];
    for (std::size_t left = character % k_step; left > 0 && byte < bytes_.size(); --left) {
      do {
        ++byte;
      } while (byte < bytes_.size() && !begins_character(byte));
    }
    return byte;
  }

 private:
  static constexpr std::size_t k_step = 64;
  [[nodiscard]] bool begins_character(std::size_t i) const {
    return (static_cast<unsigned char>(bytes_[i]) & 0xC0U) != 0x80U;
  }

  std::string_view bytes_;
  bool ascii_ = true;
  std::vector<std::size_t> checkpoints_;
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

Style scalar_style(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;  // NOLINT(cppcoreguidelines-owning-memory)
  }
};

}  // namespace

// Turns libyaml's events into nodes.
class DocumentBuilder {
 public:
  DocumentBuilder(std::string_view bytes, std::string_view file, std::string_view stream, std::size_t offset)
      : file_(file),
        stream_(stream),
        offset_(offset),
        bom_(bytes.starts_with(k_bom) ? k_bom.size() : 0),
        offsets_(bytes.substr(bom_)) {
    document_.bytes_ = bytes;
  }

  base::Result<Document> build() {
    if (document_.bytes_.size() > UINT32_MAX) {
      return base::fail(error_at(0, "a document of 4 GiB and more"));
    }
    // A vector that doubles holds up to three times what it needs; pages that are never written cost nothing.
    document_.nodes_.reserve(document_.bytes_.size() / k_bytes_a_node + 1);
    const std::unique_ptr<yaml_parser_t, ParserDeleter> parser(new yaml_parser_t{});
    if (yaml_parser_initialize(parser.get()) == 0) {
      return base::fail({.kind = base::ErrorKind::internal, .message = "out of memory"});
    }
    const std::string_view text = document_.bytes_.substr(bom_);
    yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    yaml_parser_set_encoding(parser.get(), YAML_UTF8_ENCODING);
    for (bool done = false; !done;) {
      yaml_event_t event;
      if (yaml_parser_parse(parser.get(), &event) == 0) {
        return base::fail(syntax_error(*parser));
      }
      base::Result<void> added = add(event);
      done = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
      if (!added) {
        return base::fail(std::move(added).error());
      }
    }
    mark_shared();
    return std::move(document_);
  }

 private:
  base::Result<void> add(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ > 1 ? base::Result<void>(base::fail(error_at(
                                      event.start_mark.index, "a second document begins without a \"---\" line")))
                                : base::Result<void>();
      case YAML_ALIAS_EVENT:
        return add_alias(event);
      case YAML_SCALAR_EVENT:
        add_scalar(event);
        return {};
      case YAML_SEQUENCE_START_EVENT: {
        const auto& data = event.data.sequence_start;
        return open(event, NodeKind::sequence, data.style == YAML_FLOW_SEQUENCE_STYLE, data.anchor, data.tag);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& data = event.data.mapping_start;
        return open(event, NodeKind::mapping, data.style == YAML_FLOW_MAPPING_STYLE, data.anchor, data.tag);
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close(event);
        return {};
      default:
        return {};
    }
  }

  Node& append(const yaml_event_t& event, NodeKind kind, const yaml_char_t* anchor, const yaml_char_t* tag) {
    Node node;
    node.kind = kind;
    if (!open_.empty()) {
      node.parent = open_.back().node;
      node.index = open_.back().children++;
    }
    node.begin = byte(event.start_mark.index);
    node.end = byte(event.end_mark.index);
    node.column = static_cast<std::uint32_t>(event.start_mark.column);
    node.has_properties = anchor != nullptr || tag != nullptr;
    const auto id = static_cast<NodeId>(document_.nodes_.size());
    if (node.has_properties) {
      document_.properties_[id] = {std::string(view(anchor)), std::string(view(tag))};
    }
    if (anchor != nullptr) {
      anchors_[std::string(view(anchor))] = id;
    }
    document_.nodes_.push_back(node);
    return document_.nodes_.back();
  }

  void add_scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(data.value), data.length);
    Node& node = append(event, NodeKind::scalar, data.anchor, data.tag);
    node.style = scalar_style(data.style);
    const std::string_view bytes = document_.bytes_;
    if (node.style == Style::literal || node.style == Style::folded) {
      while (node.end > node.begin && std::string_view(" \t\r\n").find(bytes[node.end - 1]) != std::string_view::npos) {
        --node.end;
      }
    }
    const std::size_t quote = node.style == Style::plain ? 0 : 1;
    const std::string_view written = bytes.substr(node.begin, node.end - node.begin);
    if (!node.has_properties && written.size() == value.size() + 2 * quote &&
        written.substr(quote, value.size()) == value) {
      node.value = written.substr(quote, value.size());
    } else {
      node.value = own(value);
    }
  }

  base::Result<void> add_alias(const yaml_event_t& event) {
    Node& node = append(event, NodeKind::alias, nullptr, nullptr);
    node.value = own(view(event.data.alias.anchor));
    const auto anchor = anchors_.find(std::string(node.value));
    if (anchor == anchors_.end()) {
      return base::fail(error_at(event.start_mark.index, "an alias of an anchor that is not there"));
    }
    if (std::any_of(open_.begin(), open_.end(), [&](const Open& one) { return one.node == anchor->second; })) {
      return base::fail(error_at(event.start_mark.index, "an alias inside the node that it repeats"));
    }
    node.target = anchor->second;
    return {};
  }

  base::Result<void> open(const yaml_event_t& event, NodeKind kind, bool flow, const yaml_char_t* anchor,
                          const yaml_char_t* tag) {
    if (open_.size() >= k_max_depth) {
      return base::fail(error_at(event.start_mark.index, "nested more than 512 levels deep"));
    }
    append(event, kind, anchor, tag).style = flow ? Style::flow : Style::block;
    open_.push_back({.node = static_cast<NodeId>(document_.nodes_.size() - 1)});
    return {};
  }

  void close(const yaml_event_t& event) {
    Node& node = document_.nodes_[open_.back().node];
    node.size = static_cast<std::uint32_t>(document_.nodes_.size() - open_.back().node);
    // A block collection has no end of its own in the text: its last child's is the one that counts.
    node.end = node.style == Style::flow ? byte(event.end_mark.index) : document_.nodes_.back().end;
    if (node.style != Style::flow && node.size > 1) {
      for (NodeId child = open_.back().node + 1; child < document_.nodes_.size();
           child += document_.nodes_[child].size) {
        node.end = std::max(node.end, document_.nodes_[child].end);
      }
    }
    open_.pop_back();
  }

  void mark_shared() {
    for (const Node& alias : document_.nodes_) {
      if (alias.kind == NodeKind::alias) {
        const NodeId end = alias.target + document_.nodes_[alias.target].size;
        for (NodeId id = alias.target; id < end && !document_.nodes_[id].shared; ++id) {
          document_.nodes_[id].shared = true;
        }
      }
    }
  }

  base::Error syntax_error(const yaml_parser_t& parser) const {
    const bool reader = parser.error == YAML_READER_ERROR;
    const std::size_t local = reader ? bom_ + parser.problem_offset : byte(parser.problem_mark.index);
    base::Error error{.kind = base::ErrorKind::bad_input,
                      .message = "not valid YAML: " + std::string(parser.problem == nullptr ? "" : parser.problem)};
    if (parser.context != nullptr) {
      error.message.append(" ").append(parser.context);
    }
    error.location = base::locate(file_, stream_, offset_ + local, 1, true);
    error.help = "a document that holds a placeholder must be YAML; mend the template";
    return error;
  }

  base::Error error_at(std::size_t character, std::string message) const {
    return {.kind = base::ErrorKind::bad_input,
            .message = std::move(message),
            .location = base::locate(file_, stream_, offset_ + byte(character), 1, true),
            .help = "mend the template"};
  }

  [[nodiscard]] std::uint32_t byte(std::size_t character) const {
    return static_cast<std::uint32_t>(bom_ + offsets_.of(character));
  }
  std::string_view own(std::string_view text) { return document_.texts_.emplace_back(text); }

  std::string_view file_;
  std::string_view stream_;
  std::size_t offset_;
  std::size_t bom_;
  ByteOffsets offsets_;
  Document document_;
  // A collection whose end has not come.
  struct Open {
    NodeId node = k_no_node;
    std::uint32_t children = 0;
  };
  std::vector<Open> open_;
  std::unordered_map<std::string, NodeId> anchors_;
  int documents_ = 0;
};

base::Result<Document> Document::parse(std::string_view bytes, std::string_view file, std::string_view stream,
                                       std::size_t offset) {
  return DocumentBuilder(bytes, file, stream, offset).build();
}

base::Result<Document> Document::read(std::string_view bytes, std::string_view file, std::string_view stream,
                                      std::size_t offset) {
  std::optional<std::vector<Node>> nodes = read_plain_yaml(bytes);
  if (!nodes) {
    return parse(bytes, file, stream, offset);
  }
  Document document;
  document.bytes_ = bytes;
  document.nodes_ = *std::move(nodes);
  return document;
}

const Properties& Document::properties(NodeId id) const {
  static const Properties k_none;
  const auto found = nodes_[id].has_properties ? properties_.find(id) : properties_.end();
  return found == properties_.end() ? k_none : found->second;
}

NodeId Document::resolve(NodeId id) const {
  while (id != k_no_node && nodes_[id].kind == NodeKind::alias) {
    id = nodes_[id].target;
  }
  return id;
}

Entry Document::find(NodeId mapping, std::string_view key) const {
  // Depth first, as merge keys are read; a mapping that is merged more than once says nothing new the second time.
  std::vector<NodeId> next = {resolve(mapping)};
  std::unordered_set<NodeId> seen;
  bool merging = false;
  while (!next.empty()) {
    const NodeId now = next.back();
    next.pop_back();
    if (now >= nodes_.size() || nodes_[now].kind != NodeKind::mapping || (merging && !seen.insert(now).second)) {
      continue;
    }
    NodeId merge = k_no_node;
    const NodeId end = now + nodes_[now].size;
    for (NodeId entry_key = now + 1; entry_key < end;) {
      const NodeId value = entry_key + nodes_[entry_key].size;
      const std::string_view name = text(entry_key);
      if (name == key) {
        return {entry_key, value};
      }
      if (is_merge_key(entry_key)) {
        merge = resolve(value);
      }
      entry_key = value + nodes_[value].size;
    }
    if (merge == k_no_node) {
      continue;
    }
    merging = true;
    if (nodes_[merge].kind == NodeKind::mapping) {
      next.push_back(merge);
    } else {
      const std::vector<NodeId> merged = items(merge);
      std::transform(merged.rbegin(), merged.rend(), std::back_inserter(next),
                     [&](NodeId item) { return resolve(item); });
    }
  }
  return {};
}

bool Document::is_merge_key(NodeId key) const {
  return nodes_[key].kind == NodeKind::scalar && nodes_[key].style == Style::plain && nodes_[key].value == "<<";
}

NodeId Document::repeated_key() const {
  for (NodeId mapping = 0; mapping < nodes_.size(); ++mapping) {
    if (nodes_[mapping].kind != NodeKind::mapping) {
      continue;
    }
    std::unordered_set<std::string_view> names;
    for (const Entry& entry : entries(mapping)) {
      if (!names.insert(text(entry.key)).second) {
        return entry.key;
      }
      if (!is_merge_key(entry.key)) {
        continue;
      }
      // Go's reader lets a merge win over what stands above it.
      for (const std::string_view name : names) {
        if (name != "<<" && (find(resolve(entry.value), name) || merges(entry.value, name))) {
          return entry.key;
        }
      }
    }
  }
  return k_no_node;
}

bool Document::merges(NodeId list, std::string_view name) const {
  const std::vector<NodeId> merged = items(list);
  return std::any_of(merged.begin(), merged.end(), [&](NodeId item) { return static_cast<bool>(find(item, name)); });
}

NodeId Document::at(NodeId from, std::string_view path) const {
  if (from >= nodes_.size()) {
    return k_no_node;
  }
  while (!path.empty() && from != k_no_node) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    from = resolve(find(from, path.substr(0, dot)).value);
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return resolve(from);
}

std::string_view Document::text(NodeId id) const {
  id = resolve(id);
  return id != k_no_node && nodes_[id].kind == NodeKind::scalar ? nodes_[id].value : std::string_view();
}

std::vector<NodeId> Document::items(NodeId sequence) const {
  std::vector<NodeId> out;
  sequence = resolve(sequence);
  if (sequence == k_no_node || nodes_[sequence].kind != NodeKind::sequence) {
    return out;
  }
  const NodeId end = sequence + nodes_[sequence].size;
  for (NodeId child = sequence + 1; child < end; child += nodes_[child].size) {
    out.push_back(child);
  }
  return out;
}

std::vector<Entry> Document::entries(NodeId mapping) const {
  std::vector<Entry> out;
  mapping = resolve(mapping);
  if (mapping == k_no_node || nodes_[mapping].kind != NodeKind::mapping) {
    return out;
  }
  const NodeId end = mapping + nodes_[mapping].size;
  for (NodeId key = mapping + 1; key < end;) {
    const NodeId value = key + nodes_[key].size;
    out.push_back({key, value});
    key = value + nodes_[value].size;
  }
  return out;
}

std::string Document::step(NodeId id) const {
  const NodeId parent = nodes_[id].parent;
  if (nodes_[parent].kind == NodeKind::sequence) {
    return std::string("[").append(std::to_string(nodes_[id].index)).append("]");
  }
  const std::string_view name = text(nodes_[id].index % 2 == 0 ? id : key_of(id));
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return plain ? std::string(".").append(name) : std::string("[\"").append(base::printable(name)).append("\"]");
}

std::string Document::path(NodeId id, NodeId from) const {
  std::vector<std::string> steps;
  while (id != k_no_node && id != from && nodes_[id].parent != k_no_node) {
    steps.push_back(step(id));
    id = nodes_[id].parent;
  }
  std::string out;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    out += out.empty() && step->starts_with('.') ? step->substr(1) : *step;
  }
  return out;
}

bool Document::is_null(NodeId id) const {
  id = resolve(id);
  if (id == k_no_node) {
    return true;
  }
  const Node& node = nodes_[id];
  return node.kind == NodeKind::scalar && node.style == Style::plain &&
         (node.value.empty() || node.value == "~" || node.value == "null" || node.value == "Null" ||
          node.value == "NULL");
}

bool Document::is_key(NodeId id) const {
  const NodeId parent = nodes_[id].parent;
  return parent != k_no_node && nodes_[parent].kind == NodeKind::mapping && nodes_[id].index % 2 == 0;
}

NodeId Document::key_of(NodeId value) const {
  NodeId key = value - 1;  // or the last node in it
  while (nodes_[key].parent != nodes_[value].parent) {
    key = nodes_[key].parent;
  }
  return key;
}

}  // namespace helmme::manifest
