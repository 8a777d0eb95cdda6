// Promise 4: what the edits make is parsed again, and its nodes must be the original's except where an edit says
// otherwise. They are compared one by one, so that nothing is held besides the two trees.
#include <algorithm>
#include <tuple>
#include <utility>

#include "manifest/edit.h"

namespace helmme::manifest {
namespace {

base::Error broken(std::string why) {
  return {.kind = base::ErrorKind::internal,
          .message = "an edit did not come out as meant: " + std::move(why),
          .help = "nothing was written; report the manifest to the project, with its secrets taken out"};
}

// Walks the parsed result.
class Comparison {
 public:
  explicit Comparison(const Document& result) : result_(result) {}

  // The next node of the result is the original's node `id`, with `value`.
  void expect(const Document& original, NodeId id, std::string_view value) {
    const Node& want = original[id];
    const Node* node = next();
    same_ = same_ && node->kind == want.kind && node->style == want.style &&
            (node->kind == NodeKind::mapping || node->kind == NodeKind::sequence || node->value == value) &&
            result_.properties(at_ - 1) == original.properties(id);
  }

  // The next nodes are that value.
  void expect(const Value& value) {
    const Node* node = next();
    same_ = same_ && node->kind == value.kind && !node->has_properties &&
            (value.kind != NodeKind::scalar || node->value == value.scalar);
    for (std::size_t i = 0; same_ && i < value.items.size(); ++i) {
      if (value.kind == NodeKind::mapping) {
        expect(Value::string(value.keys[i]));
      }
      expect(value.items[i]);
    }
  }

  [[nodiscard]] base::Result<void> verdict() const {
    return same_ && at_ == result_.nodes().size() ? base::Result<void>() : base::fail(broken("a node differs"));
  }

 private:
  // nullptr, and nothing is the same any more, where the result has no more of them.
  const Node* next() {
    same_ = same_ && at_ < result_.nodes().size();
    return same_ ? &result_[at_++] : nullptr;
  }

  const Document& result_;
  NodeId at_ = 0;
  bool same_ = true;
};

}  // namespace

base::Result<void> Editor::verify(const std::string& result) const {
  const base::Result<Document> parsed = Document::parse(result, "output", result, 0);
  if (!parsed) {
    return base::fail(broken(parsed.error().message));
  }
  std::vector<const Edit*> by_node;
  by_node.reserve(edits_.size());
  for (const Edit& edit : edits_) {
    by_node.push_back(&edit);
  }
  std::stable_sort(by_node.begin(), by_node.end(), [](const Edit* a, const Edit* b) {
    return std::tuple(a->first, a->last, a->part_of == k_no_node ? std::size_t{0} : a->value_begin) <
           std::tuple(b->first, b->last, b->part_of == k_no_node ? std::size_t{0} : b->value_begin);
  });
  const std::vector<Node>& nodes = document_.nodes();
  Comparison comparison(*parsed);
  auto edit = by_node.begin();
  for (NodeId id = 0; id <= nodes.size();) {
    NodeId next = id + 1;
    bool keep = id < nodes.size();
    std::string value;
    std::size_t value_done = 0;
    bool in_scalar = false;
    for (; edit != by_node.end() && (*edit)->first == id; ++edit) {
      const Edit& now = **edit;
      if (now.part_of != k_no_node) {
        value.append(nodes[id].value.substr(value_done, now.value_begin - value_done)).append(now.value_text);
        value_done = now.value_end;
        in_scalar = true;
        continue;
      }
      for (const Value& node : now.nodes) {
        comparison.expect(node);
      }
      if (now.last > now.first) {
        keep = false;
        next = now.last;
      }
    }
    if (in_scalar) {
      value.append(nodes[id].value.substr(value_done));
      comparison.expect(document_, id, value);
    } else if (keep) {
      comparison.expect(document_, id, nodes[id].value);
    }
    id = next;
  }
  return comparison.verdict();
}

base::Result<std::string> Editor::apply() {
  std::stable_sort(edits_.begin(), edits_.end(),
                   [](const Edit& a, const Edit& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  const std::string_view bytes = document_.bytes();
  std::string out;
  std::size_t growth = 0;
  for (const Edit& edit : edits_) {
    growth += edit.text.size();
  }
  out.reserve(bytes.size() + growth);
  std::size_t done = 0;
  for (const Edit& edit : edits_) {
    if (edit.begin < done) {
      return base::fail(broken("two edits overlap"));
    }
    out += bytes.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  out += bytes.substr(done);
  TRY(verify(out));
  return out;
}

}  // namespace helmme::manifest
