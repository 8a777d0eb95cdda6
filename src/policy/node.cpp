#include "policy/node.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <streambuf>
#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace helmme::policy {
namespace {

constexpr std::size_t k_node_limit = 100'000;
constexpr std::size_t k_depth_limit = 64;

// Ends the parse from inside yaml-cpp's callbacks; caught in parse_node.
struct Refusal {
  std::string message;
  std::size_t offset;
  std::string help;
};

// Reads from the text in place: a stringstream would keep a copy that nobody wipes.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const TextFile& file) : file_(file) {}

  Node root;
  std::vector<Node> doubled;  // keys that stood in their mapping before

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(mark, anchor, Node::Kind::null, {}, true);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag, "tag:yaml.org,2002:str");
    leaf(mark, anchor, Node::Kind::scalar, value, tag == "?");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Refusal{"an alias stands inside what it stands for", offset(mark), {}};
    }
    close_ends(offset(mark));
    Node copy = found->second;
    count(copy, mark, stack_.size());
    add(std::move(copy));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "tag:yaml.org,2002:seq");
    open(mark, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "tag:yaml.org,2002:map");
    open(mark, anchor, Node::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    Node key;
    std::set<std::string, std::less<>> seen;
  };

  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), file_.text.size());
  }

  static bool is_plain_tag(const std::string& tag) { return tag.empty() || tag == "?" || tag == "!"; }

  void check_tag(const YAML::Mark& mark, const std::string& tag, std::string_view own) const {
    if (!is_plain_tag(tag) && tag != own) {
      throw Refusal{"tags are not read here", offset(mark), "write the value without its tag, text in quotes"};
    }
  }

  Node make(const YAML::Mark& mark, Node::Kind kind) {
    if (++nodes_ > k_node_limit) {
      throw Refusal{"too many nodes", offset(mark), {}};
    }
    if (stack_.size() >= k_depth_limit) {
      throw Refusal{"nested too deeply", offset(mark), {}};
    }
    Node node;
    node.kind = kind;
    node.file = &file_;
    node.offset = offset(mark);
    node.end = file_.text.size();
    return node;
  }

  // yaml-cpp gives no end marks: a finished node ends, at the latest, where the next one begins.
  void close_ends(std::size_t begin) {
    for (Frame& frame : stack_) {
      if (frame.has_key) {
        frame.key.end = std::min(frame.key.end, begin);
      }
      if (!frame.node.items.empty()) {
        close_end(frame.node.items.back(), begin);
      }
      if (!frame.node.entries.empty()) {
        close_end(frame.node.entries.back().value, begin);
      }
    }
  }
  void close_end(Node& node, std::size_t begin) const {
    if (node.end == file_.text.size()) {
      node.end = std::max(begin, node.offset);
    }
  }

  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind, const std::string& value, bool plain) {
    close_ends(offset(mark));
    Node node = make(mark, kind);
    node.text = value;
    node.plain = plain;
    keep(anchor, node);
    add(std::move(node));
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    close_ends(offset(mark));
    Frame frame;
    frame.node = make(mark, kind);
    frame.anchor = anchor;
    stack_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    keep(frame.anchor, frame.node);
    add(std::move(frame.node));
  }

  void keep(YAML::anchor_t anchor, const Node& node) {
    if (anchor != 0) {
      anchors_[anchor] = node;
    }
  }

  void count(const Node& node, const YAML::Mark& mark, std::size_t depth) {
    if (++nodes_ > k_node_limit || depth > k_depth_limit) {
      throw Refusal{"aliases multiply without end", offset(mark), {}};
    }
    for (const Node& item : node.items) {
      count(item, mark, depth + 1);
    }
    for (const NodeEntry& entry : node.entries) {
      count(entry.value, mark, depth + 1);
    }
  }

  void add(Node node) {
    if (stack_.empty()) {
      root = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == Node::Kind::sequence) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      if (node.kind != Node::Kind::scalar) {
        throw Refusal{"a key must be text", node.offset, {}};
      }
      if (!frame.seen.insert(node.text).second) {
        doubled.push_back(node);
      }
      frame.key = std::move(node);
      frame.has_key = true;
    } else {
      frame.node.entries.push_back({std::move(frame.key), std::move(node)});
      frame.has_key = false;
    }
  }

  const TextFile& file_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

// Whether some word before a colon is `secrets`, or near enough to be a slip of the hand. A text with escapes may
// spell it in ways that are not looked for.
bool may_hold_values(std::string_view text) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.find('\\') != std::string_view::npos) {
    return true;
  }
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
    std::size_t end = colon;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '"' || text[end - 1] == '\'')) {
      --end;
    }
    std::size_t begin = end;
    while (begin > 0 && is_word(text[begin - 1])) {
      --begin;
    }
    if (base::nearest(text.substr(begin, std::min<std::size_t>(end - begin, 32)), {"secrets"})) {
      return true;
    }
  }
  return false;
}

base::Error problem(const TextFile& file, std::size_t offset, std::string message, std::string help = {}) {
  return {.kind = base::ErrorKind::bad_input,
          .message = std::move(message),
          .location = file.locate(offset, 1),
          .notes = {},
          .help = std::move(help)};
}

// What yaml-cpp would misread or read in another encoding.
std::optional<base::Error> check_bytes(const TextFile& file) {
  const std::string_view text = file.text;
  if (text.size() > k_text_limit) {
    return base::Error{.kind = base::ErrorKind::bad_input,
                       .message = file.name + " is larger than 1 MiB",
                       .location = base::Location{.object = file.object, .file = file.name, .snippet = {}}};
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return problem(file, 0, "the text is UTF-16", "iconv -f UTF-16 -t UTF-8");
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
      return problem(file, i, "a control character stands in the text", "in double quotes, write it as \\xNN");
    }
  }
  return std::nullopt;
}

}  // namespace

base::Location TextFile::locate(std::size_t offset, std::size_t length) const {
  base::Location location = base::locate(name, text, offset, length, all_hidden);
  if (location.line < hidden.size() && hidden[location.line]) {
    location.snippet.clear();
    location.length = 1;
  }
  location.object = object;
  location.line += first_line - 1;
  return location;
}

const Node* Node::find(std::string_view key) const {
  for (const NodeEntry& entry : entries) {
    if (entry.key.text == key) {
      return &entry.value;
    }
  }
  return nullptr;
}

bool Node::is_empty() const noexcept { return text.empty() && items.empty() && entries.empty(); }

base::Location Node::location() const {
  return file == nullptr ? base::Location{} : file->locate(offset, kind == Kind::scalar ? text.size() : 1);
}

std::string_view Node::kind_name() const noexcept {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "text";
    case Kind::sequence:
      return "a list";
    case Kind::mapping:
      break;
  }
  return "a mapping";
}

bool parse_node(TextFile& file, Node& out, base::Diagnostics& diagnostics, HideLines hide_lines) {
  if (file.text.starts_with("\xEF\xBB\xBF")) {
    file.text.remove_prefix(3);  // a byte order mark; yaml-cpp's marks do not count it
  }
  if (std::optional<base::Error> error = check_bytes(file)) {
    diagnostics.error(*std::move(error));
    return false;
  }
  Builder builder(file);
  builder.root.file = &file;
  std::optional<base::Error> failure;
  try {
    ViewBuffer buffer(file.text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    if (Builder second(file); parser.HandleNextDocument(second) && second.root.kind != Node::Kind::null) {
      throw Refusal{"a second document stands in the file", second.root.offset, "one document a file"};
    }
  } catch (const Refusal& refusal) {
    failure = problem(file, refusal.offset, refusal.message, refusal.help);
  } catch (const YAML::Exception& exception) {
    const std::size_t offset = exception.mark.is_null() ? 0 : static_cast<std::size_t>(std::max(exception.mark.pos, 0));
    failure = problem(file, offset, "not valid YAML: " + exception.msg);
  }
  if (failure) {
    // Nothing is known of what a line of a broken text holds, but that a text without secrets holds none.
    if (may_hold_values(file.text)) {
      failure->location->snippet.clear();
    }
    diagnostics.error(*std::move(failure));
    return false;
  }
  if (hide_lines != nullptr) {
    hide_lines(builder.root, file);
  }
  for (const Node& key : builder.doubled) {
    diagnostics.error({.kind = base::ErrorKind::bad_input,
                       .message = "key \"" + key.text + "\" stands twice in its mapping",
                       .location = key.location(),
                       .notes = {},
                       .help = "keep one of the two"});
  }
  out = std::move(builder.root);
  return builder.doubled.empty();
}

void wipe(Node& node) noexcept {
  base::cleanse(node.text);
  for (Node& item : node.items) {
    wipe(item);
  }
  for (NodeEntry& entry : node.entries) {
    wipe(entry.value);
  }
}

}  // namespace helmme::policy
