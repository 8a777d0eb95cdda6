#include "manifest/edit.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"

namespace helmme::manifest {
namespace {

base::Error refusal(std::string why) { return {.kind = base::ErrorKind::bad_input, .message = std::move(why)}; }

// White space, line ends and comments from `offset` on.
std::size_t skip_trivia(std::string_view bytes, std::size_t offset) {
  while (offset < bytes.size()) {
    if (bytes[offset] == '#') {
      offset = std::min(bytes.find('\n', offset), bytes.size());
    } else if (std::string_view(" \t\r\n").find(bytes[offset]) != std::string_view::npos) {
      ++offset;
    } else {
      break;
    }
  }
  return offset;
}

std::size_t line_begin(std::string_view bytes, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string_view::npos : bytes.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

// True where the text before `offset` on its line is indentation and "- " only: a new line may be put there.
bool begins_entry(std::string_view bytes, std::size_t offset) {
  const std::size_t begin = line_begin(bytes, offset);
  std::string_view before = bytes.substr(begin, offset - begin);
  while (!before.empty()) {
    if (before[0] == '-' && before.size() > 1 && before[1] == ' ') {
      before.remove_prefix(2);
    } else if (before[0] == ' ') {
      before.remove_prefix(1);
    } else {
      return false;
    }
  }
  return true;
}

// More than that is not searched for the parts of one scalar: it is written anew instead.
constexpr std::size_t k_most_searched = std::size_t{256} << 20U;

// Where the parts of a value stand in the text that it is written in: the n-th time in one is the n-th time in the
// other, where both count the same.
class PartPlaces {
 public:
  PartPlaces(std::string_view value, std::string_view written) : value_(value), written_(written) {}

  // nullopt: it is not sure, or too much to search.
  std::optional<std::size_t> of(std::string_view part, std::size_t begin) {
    const auto [known, is_new] = found_.try_emplace(part);
    std::map<std::size_t, std::size_t>& places = known->second;
    if (is_new) {
      searched_ += written_.size();
      if (searched_ > k_most_searched) {
        return std::nullopt;
      }
      search(part, places);
    }
    const auto place = places.find(begin);
    return place == places.end() ? std::nullopt : std::optional(place->second);
  }

 private:
  void search(std::string_view part, std::map<std::size_t, std::size_t>& places) const {
    std::size_t in_text = written_.find(part);
    std::size_t in_value = value_.find(part);
    while (in_value != std::string_view::npos && in_text != std::string_view::npos) {
      places.emplace(in_value, in_text);
      in_value = value_.find(part, in_value + 1);
      in_text = written_.find(part, in_text + 1);
    }
    if (in_value != in_text) {
      places.clear();
    }
  }

  std::string_view value_;
  std::string_view written_;
  std::size_t searched_ = 0;
  std::map<std::string_view, std::map<std::size_t, std::size_t>> found_;  // by part: in the value → in the text
};

// True where an empty value's place is behind a ":", "-" or "," or at the begin of the text.
bool follows_indicator(std::string_view bytes, std::size_t offset) {
  const std::size_t at = offset == 0 ? std::string_view::npos : bytes.find_last_not_of(" \t\r\n", offset - 1);
  return at == std::string_view::npos || bytes[at] == ':' || bytes[at] == '-';
}

// The colon at the end of the line above, where nothing but white space stands behind it and no comment may hold it;
// else npos.
std::size_t colon_above(std::string_view bytes, std::size_t offset) {
  const std::size_t at = offset == 0 ? std::string_view::npos : bytes.find_last_not_of(" \t\r\n", offset - 1);
  if (at == std::string_view::npos || bytes[at] != ':') {
    return std::string_view::npos;
  }
  const std::size_t line = line_begin(bytes, at);
  return bytes.substr(line, at - line).find('#') == std::string_view::npos ? at : std::string_view::npos;
}

}  // namespace

base::Result<void> Editor::editable(NodeId node) const {
  if (node == k_no_node || document_[node].kind == NodeKind::alias) {
    return base::fail(refusal("stands behind a YAML alias, which can't be edited for one place alone"));
  }
  if (document_[node].shared) {
    return base::fail(refusal("stands in a YAML anchor that an alias repeats, so an edit would change both"));
  }
  return {};
}

base::Result<void> Editor::removable(NodeId first, NodeId last) const {
  const std::vector<Node>& nodes = document_.nodes();
  const auto range = [&](NodeId id) { return nodes.begin() + static_cast<std::ptrdiff_t>(id); };
  if (std::none_of(range(first), range(last), [](const Node& node) { return node.has_properties; })) {
    return {};
  }
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (nodes[id].kind == NodeKind::alias && (id < first || id >= last) && nodes[id].target >= first &&
        nodes[id].target < last) {
      return base::fail(refusal("holds a YAML anchor that is used elsewhere"));
    }
  }
  return {};
}

bool Editor::is_json() const { return document_[Document::root()].style == Style::flow; }

std::string_view Editor::line_end() const {
  const std::size_t newline = document_.bytes().find('\n');
  return newline != std::string_view::npos && newline > 0 && document_.bytes()[newline - 1] == '\r' ? "\r\n" : "\n";
}

bool Editor::touches(NodeId node) const { return node < touched_.size() && touched_[node]; }

void Editor::add(Edit edit) {
  touched_.resize(document_.nodes().size());
  for (NodeId node = edit.first; node < edit.last; ++node) {
    touched_[node] = true;
  }
  edits_.push_back(std::move(edit));
}

base::Result<void> Editor::rename_key(NodeId key, std::string_view name) {
  TRY(editable(key));
  const Node& node = document_[key];
  if (node.has_properties || node.style == Style::literal || node.style == Style::folded) {
    return base::fail(refusal("has a key with an anchor, a tag or a block scalar"));
  }
  // A key in quotes may touch its colon in a flow mapping, as {{ toJson }} writes it; a plain one may not.
  const bool quoted = is_json() || node.style == Style::double_quoted || node.style == Style::single_quoted;
  add({node.begin, node.end, write_string(name, quoted), key, key + 1, {Value::string(name)}});
  return {};
}

base::Result<void> Editor::replace(NodeId id, const Value& value) {
  TRY(editable(id));
  const Node& node = document_[id];
  if (node.has_properties) {
    return base::fail(refusal("has a YAML anchor or tag"));
  }
  if (node.begin == node.end && !follows_indicator(document_.bytes(), node.begin)) {
    return base::fail(refusal("has a key without a colon"));
  }
  TRY(removable(id, id + node.size));
  std::string text = write(value, is_json());
  std::size_t begin = node.begin;
  if (node.style == Style::literal || node.style == Style::folded) {
    // The comment of a block scalar's header outlives the scalar.
    const std::string_view written = document_.bytes().substr(node.begin, node.end - node.begin);
    const std::string_view header = written.substr(0, std::min(written.find_first_of("\r\n"), written.size()));
    if (const std::size_t comment = header.find('#'); comment != std::string_view::npos) {
      text += " " + std::string(header.substr(comment));
    }
  } else if (node.kind != NodeKind::scalar && node.style != Style::flow) {
    // A block collection begins on a line of its own; in its place the new value stands as deep as it did.
    if (value.kind == NodeKind::scalar || !begins_entry(document_.bytes(), node.begin)) {
      return base::fail(refusal("is written in a way that can't be replaced"));
    }
    if (const std::size_t colon = colon_above(document_.bytes(), node.begin); colon != std::string_view::npos) {
      begin = colon + 1;
    }
    text.insert(0, " ");  // behind the colon; below it, a list may stand no deeper than its key, other values may not
  }
  if (node.begin > 0 && node.begin == node.end &&
      std::string_view(" \t\r\n").find(document_.bytes()[node.begin - 1]) == std::string_view::npos) {
    text.insert(0, " ");  // an empty value right after its colon or dash
  }
  add({begin, node.end, std::move(text), id, id + node.size, {value}});
  return {};
}

std::optional<std::vector<Editor::Edit>> Editor::spliced(NodeId scalar, const std::vector<Part>& parts) const {
  const Node& node = document_[scalar];
  const std::string_view written = document_.bytes().substr(node.begin, node.end - node.begin);
  const bool verbatim = node.value.data() >= written.data() && node.value.data() < written.data() + written.size();
  const std::size_t quote = verbatim ? static_cast<std::size_t>(node.value.data() - written.data()) : 0;
  const bool several_lines = written.find('\n') != std::string_view::npos;
  PartPlaces places(node.value, written);
  std::vector<Edit> edits;
  for (const Part& part : parts) {
    const std::string_view old = node.value.substr(part.begin, part.length);
    const std::optional<std::size_t> place = verbatim ? std::optional(quote + part.begin) : places.of(old, part.begin);
    // What stays of the old text stays as it is written.
    const bool shortened = !part.text.empty() && old.ends_with(part.text);
    std::optional<std::string> text = shortened ? part.text : write_part(part.text, node.style, several_lines);
    if (!text || !place) {
      return std::nullopt;
    }
    const std::size_t at = node.begin + *place;
    edits.push_back({at,
                     at + part.length,
                     *std::move(text),
                     scalar,
                     scalar + 1,
                     {},
                     scalar,
                     part.begin,
                     part.begin + part.length,
                     part.text});
  }
  return edits;
}

base::Result<void> Editor::replace_parts(NodeId scalar, const std::vector<Part>& parts) {
  TRY(editable(scalar));
  const Node& node = document_[scalar];
  std::string result;
  std::size_t done = 0;
  for (const Part& part : parts) {
    result += std::string(node.value.substr(done, part.begin - done)) + part.text;
    done = part.begin + part.length;
  }
  result += node.value.substr(done);
  if (!base::is_utf8(result) || result.find('\0') != std::string::npos) {
    return base::fail(refusal("would hold bytes that are no text"));
  }
  std::optional<std::vector<Edit>> edits = spliced(scalar, parts);
  if (!edits || (node.style == Style::plain && may_be_typed(result))) {
    return replace(scalar, Value::string(result));
  }
  for (Edit& edit : *edits) {
    add(std::move(edit));
  }
  return {};
}

std::size_t Editor::dash_of(NodeId sequence, std::size_t index, const std::vector<NodeId>& present) const {
  const std::size_t from = index == 0 ? document_[sequence].begin : document_[present[index - 1]].end;
  std::size_t at = from;
  if (index == 0 && (document_[sequence].has_properties)) {
    at = std::min(document_.bytes().find_first_of("\r\n", from), document_.bytes().size());
  }
  at = skip_trivia(document_.bytes(), at);
  return at < document_[present[index]].begin || (at < document_.bytes().size() && document_.bytes()[at] == '-')
             ? at
             : std::string_view::npos;
}

base::Result<void> Editor::insert_items(NodeId sequence, std::size_t index, const std::vector<Value>& items) {
  TRY(editable(sequence));
  const Node& node = document_[sequence];
  const std::vector<NodeId> present = document_.items(sequence);
  if (document_.is_null(sequence) || (present.empty() && node.kind == NodeKind::sequence)) {
    return replace(sequence, Value::sequence(items));
  }
  if (node.kind != NodeKind::sequence) {
    return base::fail(refusal("is not a list"));
  }
  return node.style == Style::flow ? insert_flow_items(sequence, index, present, items)
                                   : insert_block_items(sequence, index, present, items);
}

base::Result<void> Editor::insert_flow_items(NodeId sequence, std::size_t index, const std::vector<NodeId>& present,
                                             const std::vector<Value>& items) {
  const bool at_end = index >= present.size();
  std::string text;
  for (const Value& item : items) {
    text += at_end ? ", " + write(item, is_json()) : write(item, is_json()) + ", ";
  }
  const std::size_t at = at_end ? document_[present.back()].end : document_[present[index]].begin;
  const NodeId before = at_end ? sequence + document_[sequence].size : present[index];
  add({at, at, std::move(text), before, before, items});
  return {};
}

base::Result<void> Editor::insert_block_items(NodeId sequence, std::size_t index, const std::vector<NodeId>& present,
                                              const std::vector<Value>& items) {
  // At the end: before the last item's successor there is no dash, so new items go behind the last line.
  const bool at_end = index >= present.size();
  const std::size_t dash = dash_of(sequence, at_end ? present.size() - 1 : index, present);
  if (dash == std::string_view::npos || document_.bytes()[dash] != '-' || !begins_entry(document_.bytes(), dash)) {
    return base::fail(refusal("stands in a list that is written in a way that can't be extended"));
  }
  const std::size_t column = dash - line_begin(document_.bytes(), dash);
  std::string text;
  for (const Value& item : items) {
    const std::string line = "- " + write(item, false);
    text += at_end ? std::string(column, ' ') + line + std::string(line_end())
                   : line + std::string(line_end()) + std::string(column, ' ');
  }
  std::size_t at = dash;
  NodeId before = at_end ? sequence + document_[sequence].size : present[index];
  if (at_end) {
    const std::size_t newline = document_.bytes().find('\n', document_[present.back()].end);
    at = newline == std::string_view::npos ? document_.bytes().size() : newline + 1;
    if (newline == std::string_view::npos) {
      text.insert(0, line_end());
      text.erase(text.size() - line_end().size());
    }
  }
  add({at, at, std::move(text), before, before, items});
  return {};
}

base::Result<void> Editor::add_entry(NodeId mapping, std::string_view key, const Value& value) {
  return add_entries(mapping, {{std::string(key), value}});
}

base::Result<void> Editor::add_entries(NodeId mapping, const std::vector<Field>& fields) {
  TRY(editable(mapping));
  const Node& node = document_[mapping];
  const std::vector<Entry> present = document_.entries(mapping);
  if (document_.is_null(mapping) || (node.kind == NodeKind::mapping && present.empty())) {
    return replace(mapping, Value::mapping(fields));
  }
  if (node.kind != NodeKind::mapping) {
    return base::fail(refusal("is not a mapping"));
  }
  if (node.style != Style::flow) {
    return add_block_entries(mapping, fields);
  }
  const NodeId after = mapping + node.size;
  const std::size_t at = document_[present.back().value].end;
  std::string text;
  std::vector<Value> nodes;
  for (const Field& field : fields) {
    text += ", " + write_string(field.key, is_json()) + ": " + write(field.value, is_json());
    nodes.push_back(Value::string(field.key));
    nodes.push_back(field.value);
  }
  add({at, at, std::move(text), after, after, std::move(nodes)});
  return {};
}

base::Result<void> Editor::add_block_entries(NodeId mapping, const std::vector<Field>& fields) {
  // Before the last key that begins a line: what stands behind a value (a comment, a block scalar's end) is no concern.
  const std::vector<Entry> present = document_.entries(mapping);
  for (auto entry = present.rbegin(); entry != present.rend(); ++entry) {
    const Node& next = document_[entry->key];
    if (begins_entry(document_.bytes(), next.begin)) {
      const std::size_t column = next.begin - line_begin(document_.bytes(), next.begin);
      std::string text;
      std::vector<Value> nodes;
      for (const Field& field : fields) {
        text += write_string(field.key, false) + ": " + write(field.value, false) + std::string(line_end()) +
                std::string(column, ' ');
        nodes.push_back(Value::string(field.key));
        nodes.push_back(field.value);
      }
      add({next.begin, next.begin, std::move(text), entry->key, entry->key, std::move(nodes)});
      return {};
    }
  }
  return base::fail(refusal("is a mapping that is written in a way that can't be extended"));
}

base::Result<void> Editor::remove(NodeId collection, const std::vector<std::size_t>& indices) {
  TRY(editable(collection));
  const Node& node = document_[collection];
  const bool sequence = node.kind == NodeKind::sequence;
  struct Child {
    NodeId first;
    NodeId last;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Child> children;
  const std::vector<NodeId> present = document_.items(collection);
  children.reserve(present.size());
  for (const NodeId item : present) {
    children.push_back({item, item + document_[item].size, document_[item].begin, document_[item].end});
  }
  for (const Entry& entry : document_.entries(collection)) {
    children.push_back({entry.key, entry.value + document_[entry.value].size, document_[entry.key].begin,
                        std::max(document_[entry.key].end, document_[entry.value].end)});
  }
  for (const std::size_t index : indices) {
    TRY(removable(children[index].first, children[index].last));
  }
  if (indices.size() == children.size()) {
    return replace(collection, sequence ? Value::sequence({}) : Value::mapping({}));
  }
  // In a flow collection a removed run at the end takes the comma before it, any other the comma behind it.
  std::size_t tail = children.size();
  for (auto index = indices.rbegin(); index != indices.rend() && *index + 1 == tail; ++index) {
    --tail;
  }
  for (const std::size_t index : indices) {
    const Child& child = children[index];
    if (node.style != Style::flow) {
      TRY(remove_lines(sequence ? dash_of(collection, index, present) : child.begin, child.end, child.first,
                       child.last));
      continue;
    }
    const std::size_t begin = index == tail ? children[index - 1].end : child.begin;
    const std::size_t end = index + 1 < children.size() ? children[index + 1].begin : child.end;
    add({begin, end, "", child.first, child.last, {}});
  }
  return {};
}

bool Editor::keeps_blank_lines(NodeId next) const {
  const Node& above = document_[next == 0 ? 0 : next - 1];
  if (above.style != Style::literal && above.style != Style::folded) {
    return false;
  }
  const std::string_view written = document_.bytes().substr(above.begin, above.end - above.begin);
  return written.substr(0, written.find_first_of("\r\n#")).find('+') != std::string_view::npos;
}

base::Result<void> Editor::remove_lines(std::size_t begin, std::size_t end, NodeId first, NodeId last) {
  const std::string_view bytes = document_.bytes();
  const std::size_t line = begin == std::string_view::npos ? begin : line_begin(bytes, begin);
  if (begin == std::string_view::npos ||
      bytes.substr(line, begin - line).find_first_not_of(' ') != std::string_view::npos) {
    return base::fail(refusal("is written in a way that can't be taken out"));
  }
  const std::size_t newline = bytes.find('\n', end);
  std::size_t after = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (keeps_blank_lines(first)) {
    // Left behind, they would be lines of the scalar above.
    const std::size_t text = bytes.find_first_not_of(" \r\n", after);
    after = text == std::string_view::npos ? bytes.size() : line_begin(bytes, text);
  }
  add({line, after, "", first, last, {}});
  return {};
}

}  // namespace helmme::manifest
