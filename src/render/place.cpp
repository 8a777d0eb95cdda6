// Where a placeholder stands decides what it becomes: README's table "What a placeholder becomes".
#include <algorithm>
#include <set>

#include "base/text.h"
#include "placeholder/native.h"
#include "render/annotation.h"
#include "render/expansion.h"
#include "render/replacement.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Entry;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;
using placeholder::k_native_marker;

class Placer {
 public:
  explicit Placer(Placing& placing)
      : placing_(placing),
        context_(placing.context),
        loaded_(placing.context.loaded),
        object_(placing.object),
        document_(placing.context.loaded.document) {}

  void place(std::deque<Container>& containers) {
    for (Container& container : containers) {
      for (const EnvEntry& entry : container.env()) {
        env_value(container, entry);
      }
      for (const std::string_view list : {"args", "command"}) {
        for (const NodeId item : document_.items(document_.at(container.node(), list))) {
          argument(container, document_.resolve(item));
        }
      }
    }
  }

 private:
  void env_value(Container& container, const EnvEntry& entry) {
    const NodeId node = document_.resolve(entry.value.value);
    if (node == k_no_node || !Plan::may_match(document_.text(node), placing_.scope) ||
        !placing_.seen.insert(node).second) {
      return;
    }
    const std::string_view value = document_.text(node);
    const std::vector<Match> matches = context_.plan.matches(value, placing_.scope);
    if (matches.empty()) {
      return;
    }
    if (matches.size() != 1 || !is_whole(value, document_[node], matches.front())) {
      part_of_text(container, node, matches);
      return;
    }
    const std::optional<SecretKey> key = key_of(context_, object_, node, matches.front());
    if (!key) {
      return;
    }
    if (key->bundle->delivery == policy::Delivery::inline_value) {
      if (const std::optional<std::string> text = placing_.value_text(*key, node, matches.front(), true)) {
        placing_.accept(loaded_.editor.replace(node, manifest::Value::string(*text)), node);
      }
    } else if (make_room(entry, node) &&
               placing_.accept(loaded_.editor.rename_key(entry.value.key, "valueFrom"), node) &&
               placing_.accept(loaded_.editor.replace(entry.value.value, secret_key_ref(*key)), node)) {
      context_.use(object_, *key, node);
      context_.record(object_, node, excerpt(value, matches.front()),
                      "secretKeyRef to " + in_words(key->secret_name, key->key));
    }
  }

  // An empty `valueFrom` beside the value leaves, so that it is not there twice.
  bool make_room(const EnvEntry& entry, NodeId node) {
    const Entry present = document_.find(entry.node, "valueFrom");
    if (!present) {
      return true;
    }
    const NodeId content = document_.resolve(present.value);
    const bool is_empty = document_.is_null(content) ||
                          (document_[content].kind == NodeKind::mapping && document_.entries(content).empty());
    const std::vector<Entry> own = document_.entries(entry.node);
    const auto found = std::find_if(own.begin(), own.end(), [&](const Entry& one) { return one.key == present.key; });
    if (!is_empty || found == own.end()) {
      placing_.error(ErrorKind::bad_input, "this env entry has a value and a valueFrom", node, document_.text(node),
                     "take one of the two out of the chart");
      return false;
    }
    return placing_.accept(loaded_.editor.remove(entry.node, {static_cast<std::size_t>(found - own.begin())}), node);
  }

  void argument(Container& container, NodeId node) {
    const std::string_view value = document_.text(node);
    if (!Plan::may_match(value, placing_.scope) || !placing_.seen.insert(node).second) {
      return;
    }
    const std::vector<Match> matches = context_.plan.matches(value, placing_.scope);
    if (matches.empty()) {
      return;
    }
    const auto reference = std::find_if(matches.begin(), matches.end(),
                                        [](const Match& match) { return match.kind == Match::Kind::reference; });
    const bool has_meaning = reference != matches.end() && (reference->fetched != nullptr || context_.plan.policy);
    if (has_meaning) {
      const std::string message =
          "the value ends in the container's process list, and under sh -c in the shell's hands";
      const std::string help = "set it as an env value and use \"$NAME\" in the shell";
      base::Location place = context_.plan.places.of(loaded_, object_, node, excerpt(value, *reference));
      if (context_.plan.policy && context_.plan.policy->arguments == policy::Arguments::error) {
        context_.error(ErrorKind::bad_input, message + " (the policy says arguments: error)", std::move(place), help);
        return;
      }
      context_.warning(message, std::move(place), help);
    }
    part_of_text(container, node, matches);
  }

  // Placeholders inside a text that Kubernetes expands become `$(NAME)`, or the value where that is wanted.
  void part_of_text(Container& container, NodeId node, const std::vector<Match>& matches) {
    const std::string_view value = document_.text(node);
    std::vector<Replacement> replacements;
    for (const Match& match : matches) {
      std::optional<Replacement> replacement = in_expanded_text(container, node, match);
      if (!replacement) {
        return;
      }
      replacements.push_back(*std::move(replacement));
    }
    if (!keeps_meaning(value, matches, replacements)) {
      placing_.error(ErrorKind::bad_input,
                     "Kubernetes would read a \"$(\" before this placeholder and its \")\" as one variable", node,
                     excerpt(value, matches.front()), "write $$( where no variable is meant");
      return;
    }
    placing_.replace(node, matches, replacements);
  }

  std::optional<Replacement> in_expanded_text(Container& container, NodeId node, const Match& match) {
    if (match.kind == Match::Kind::escape) {
      return Replacement{std::string(k_native_marker)};
    }
    const std::optional<SecretKey> key = key_of(context_, object_, node, match);
    if (!key) {
      return std::nullopt;
    }
    if (key->optional) {
      placing_.error(ErrorKind::bad_input, "an optional placeholder stands for a whole env value only", node,
                     excerpt(document_.text(node), match), "take out the \"?\", or make it the whole value");
      return std::nullopt;
    }
    if (key->bundle->delivery == policy::Delivery::inline_value) {
      std::optional<std::string> text = placing_.value_text(*key, node, match, true);
      return text ? std::optional(Replacement{*std::move(text)}) : std::nullopt;
    }
    context_.use(object_, *key, node);
    Replacement replacement{"$(" + container.variable_for(*key) + ")", true};
    context_.record(object_, node, excerpt(document_.text(node), match),
                    replacement.text + ", an env entry from " + in_words(key->secret_name, key->key));
    return replacement;
  }

  // Every variable that Kubernetes read before is read after, and each new one where it was put; no placeholder is a
  // part of a variable's name.
  static bool keeps_meaning(std::string_view value, const std::vector<Match>& matches,
                            const std::vector<Replacement>& replacements) {
    using Range = std::pair<std::size_t, std::size_t>;
    const std::vector<VariableUse> uses = variable_uses(value);
    std::string result;
    std::vector<Range> expected;
    std::vector<std::pair<std::size_t, std::size_t>> moved;  // from that offset on, moved to this one
    std::size_t done = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const std::size_t begin = matches[i].begin;
      result += value.substr(done, begin - done);
      if (replacements[i].is_variable) {
        expected.emplace_back(result.size(), result.size() + replacements[i].text.size());
      }
      result += replacements[i].text;
      done = begin + matches[i].length;
      moved.emplace_back(done, result.size());
      if (matches[i].kind == Match::Kind::reference && is_inside(uses, begin)) {
        return false;
      }
    }
    result += value.substr(done);
    const auto place_of = [&](std::size_t offset) {
      const auto after = std::upper_bound(moved.begin(), moved.end(), std::pair(offset, std::string::npos));
      return after == moved.begin() ? offset : std::prev(after)->second + (offset - std::prev(after)->first);
    };
    for (const VariableUse& use : uses) {
      expected.emplace_back(place_of(use.begin), place_of(use.end));
    }
    std::sort(expected.begin(), expected.end());
    std::vector<Range> actual;
    for (const VariableUse& use : variable_uses(result)) {
      actual.emplace_back(use.begin, use.end);
    }
    return actual == expected;
  }

  static bool is_inside(const std::vector<VariableUse>& uses, std::size_t offset) {
    const auto after = std::upper_bound(uses.begin(), uses.end(), offset,
                                        [](std::size_t at, const VariableUse& use) { return at < use.begin; });
    return after != uses.begin() && offset < std::prev(after)->end;
  }

  Placing& placing_;
  Context& context_;
  Loaded& loaded_;
  const Object& object_;
  const manifest::Document& document_;
};

}  // namespace

void place_object(Context& context, const Object& object, std::deque<Container>& containers) {
  const manifest::Document& document = context.loaded.document;
  const Scope scope = context.plan.scope_of(document, object);
  if (!scope.unknown.empty()) {
    const Entry own = document.find(document.at(object.root, "metadata.annotations"), k_dialects_annotation);
    context.warning(
        "there is no dialect " + base::printable(scope.unknown) + ": the placeholders that it means are text here",
        context.plan.places.of(context.loaded, object, own.value, scope.unknown),
        "native, vals, argocd-vault-plugin, bank-vaults or none");
  }
  if (!scope.dialects.empty()) {
    Placing placing{.context = context, .object = object, .scope = scope};
    Placer(placing).place(containers);
    place_elsewhere(placing);
  }
}

}  // namespace helmme::render
