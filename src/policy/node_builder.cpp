#include "policy/node_builder.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/node/node.h>  // parser.h names it; without its definition, clang-tidy takes ours for it
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <set>
#include <streambuf>
#include <utility>

namespace helmme::policy {
namespace {

constexpr std::size_t k_node_limit = 100'000;
constexpr std::size_t k_depth_limit = 64;

// Ends the parse from inside yaml-cpp's callbacks; caught in build_nodes.
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
  Builder(const TextFile& file, const manifest::Span& span) : file_(file), span_(span) {}
  ~Builder() override {
    for (auto& [anchor, node] : anchors_) {
      wipe(node);
    }
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  BuiltNodes built;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(mark, anchor, Node::Kind::null, {}, true, false);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool tagged = is_foreign(mark, tag, "tag:yaml.org,2002:str");
    leaf(mark, anchor, Node::Kind::scalar, value, tag == "?", tagged);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Refusal{"an alias stands inside what it stands for", offset(mark), {}};
    }
    count(found->second, mark, stack_.size());
    add(found->second);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::sequence, is_foreign(mark, tag, "tag:yaml.org,2002:seq"));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Node::Kind::mapping, is_foreign(mark, tag, "tag:yaml.org,2002:map"));
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return span_.begin + std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), span_.size());
  }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    Node key;
    std::set<std::string, std::less<>> seen;
  };

  bool is_foreign(const YAML::Mark& mark, const std::string& tag, std::string_view own) const {
    const bool foreign = !tag.empty() && tag != "?" && tag != "!" && tag != own;
    if (foreign && file_.origin != Origin::helm_values) {
      throw Refusal{"tags are not read here", offset(mark), "write the value without its tag, text in quotes"};
    }
    return foreign;
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
    return node;
  }

  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind, const std::string& value, bool plain,
            bool tagged) {
    Node node = make(mark, kind);
    node.text = value;
    node.plain = plain;
    node.tagged = tagged;
    keep(anchor, node);
    add(std::move(node));
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind, bool tagged) {
    Frame frame;
    frame.node = make(mark, kind);
    frame.node.tagged = tagged;
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
      built.root = std::move(node);
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
        built.doubled.push_back(node);
      }
      frame.key = std::move(node);
      frame.has_key = true;
    } else {
      frame.node.entries.push_back({std::move(frame.key), std::move(node)});
      frame.has_key = false;
    }
  }

  const TextFile& file_;
  manifest::Span span_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

tl::unexpected<base::Error> refuse(const TextFile& file, std::size_t offset, std::string message, std::string help) {
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = std::move(message),
                     .location = file.locate(offset, 1),
                     .notes = {},
                     .help = std::move(help)});
}

}  // namespace

base::Result<BuiltNodes> build_nodes(const TextFile& file, const manifest::Span& span) {
  Builder builder(file, span);
  try {
    ViewBuffer buffer(file.text.substr(span.begin, span.size()));
    std::istream stream(&buffer);
    YAML::Parser(stream).HandleNextDocument(builder);
  } catch (const Refusal& refusal) {
    return refuse(file, refusal.offset, refusal.message, refusal.help);
  } catch (const YAML::Exception& exception) {
    return refuse(file, builder.offset(exception.mark), "not valid YAML: " + exception.msg, {});
  }
  return std::move(builder.built);
}

}  // namespace helmme::policy
