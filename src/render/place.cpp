// Where a placeholder stands decides what it becomes: README's table "What a placeholder becomes".
#include <algorithm>
#include <set>

#include "base/text.h"
#include "placeholder/native.h"
#include "render/context.h"
#include "render/expansion.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Entry;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;
using placeholder::find_native;
using placeholder::k_native_marker;
using placeholder::NativeMatch;

bool holds_marker(std::string_view text) { return text.find(k_native_marker) != std::string_view::npos; }

// What a placeholder looks like in the value that it was found in; "" where the node's own text is another, as in
// base64.
std::string_view excerpt(std::string_view value, const NativeMatch& match) {
  return match.reference.begin < value.size() ? value.substr(match.reference.begin, match.reference.length)
                                              : std::string_view();
}

// True where the value is that one reference; a block scalar's final line end does not count.
bool is_whole(std::string_view value, const manifest::Node& node, const NativeMatch& match) {
  if (node.style == manifest::Style::literal || node.style == manifest::Style::folded) {
    while (value.ends_with('\n')) {
      value.remove_suffix(1);
    }
  }
  return match.kind == NativeMatch::Kind::reference && match.reference.length == value.size();
}

class Placer {
 public:
  Placer(Context& context, const Object& object)
      : context_(context), loaded_(context.loaded), object_(object), document_(context.loaded.document) {}

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
    everything_else();
  }

 private:
  // What a match gives way to.
  struct Replacement {
    std::string text;
    bool is_variable = false;  // `$(NAME)`
  };

  void env_value(Container& container, const EnvEntry& entry) {
    const NodeId node = document_.resolve(entry.value.value);
    if (node == k_no_node || !holds_marker(document_.text(node)) || !seen_.insert(node).second) {
      return;
    }
    const std::string_view value = document_.text(node);
    const std::vector<NativeMatch> matches = find_native(value);
    if (matches.size() != 1 || !is_whole(value, document_[node], matches.front())) {
      part_of_text(container, node, matches);
      return;
    }
    const std::optional<SecretKey> key = key_of(context_, object_, node, matches.front());
    if (!key) {
      return;
    }
    if (key->bundle->delivery == policy::Delivery::inline_value) {
      if (const std::optional<std::string> text = value_text(*key, node, matches.front(), true)) {
        accept(loaded_.editor.replace(node, manifest::Value::string(*text)), node);
      }
    } else if (make_room(entry, node) && accept(loaded_.editor.rename_key(entry.value.key, "valueFrom"), node) &&
               accept(loaded_.editor.replace(entry.value.value, secret_key_ref(*key)), node)) {
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
      error(ErrorKind::bad_input, "this env entry has a value and a valueFrom", node, document_.text(node),
            "take one of the two out of the chart");
      return false;
    }
    return accept(loaded_.editor.remove(entry.node, {static_cast<std::size_t>(found - own.begin())}), node);
  }

  void argument(Container& container, NodeId node) {
    const std::string_view value = document_.text(node);
    if (!holds_marker(value) || !seen_.insert(node).second) {
      return;
    }
    const std::vector<NativeMatch> matches = find_native(value);
    const auto reference = std::find_if(matches.begin(), matches.end(), [](const NativeMatch& match) {
      return match.kind == NativeMatch::Kind::reference;
    });
    if (reference != matches.end() && context_.plan.policy) {
      const std::string message =
          "the value ends in the container's process list, and under sh -c in the shell's hands";
      const std::string help = "set it as an env value and use \"$NAME\" in the shell";
      base::Location place = context_.plan.places.of(loaded_, object_, node, excerpt(value, *reference));
      if (context_.plan.policy->arguments == policy::Arguments::error) {
        context_.error(ErrorKind::bad_input, message + " (the policy says arguments: error)", std::move(place), help);
        return;
      }
      context_.warning(message, std::move(place), help);
    }
    part_of_text(container, node, matches);
  }

  // Placeholders inside a text that Kubernetes expands become `$(NAME)`, or the value where that is wanted.
  void part_of_text(Container& container, NodeId node, const std::vector<NativeMatch>& matches) {
    const std::string_view value = document_.text(node);
    std::vector<Replacement> replacements;
    for (const NativeMatch& match : matches) {
      std::optional<Replacement> replacement = in_expanded_text(container, node, match);
      if (!replacement) {
        return;
      }
      replacements.push_back(*std::move(replacement));
    }
    if (!keeps_meaning(value, matches, replacements)) {
      error(ErrorKind::bad_input,
            "Kubernetes would read a \"$(\" before this placeholder and its \")\" as one variable", node,
            excerpt(value, matches.front()), "write $$( where no variable is meant");
      return;
    }
    replace(node, matches, replacements);
  }

  std::optional<Replacement> in_expanded_text(Container& container, NodeId node, const NativeMatch& match) {
    if (match.kind == NativeMatch::Kind::escape) {
      return Replacement{std::string(k_native_marker)};
    }
    const std::optional<SecretKey> key = key_of(context_, object_, node, match);
    if (!key) {
      return std::nullopt;
    }
    if (key->optional) {
      error(ErrorKind::bad_input, "an optional placeholder stands for a whole env value only", node,
            excerpt(document_.text(node), match), "take out the \"?\", or make it the whole value");
      return std::nullopt;
    }
    if (key->bundle->delivery == policy::Delivery::inline_value) {
      std::optional<std::string> text = value_text(*key, node, match, true);
      return text ? std::optional(Replacement{*std::move(text)}) : std::nullopt;
    }
    context_.use(object_, *key, node);
    Replacement replacement{"$(" + container.variable_for(*key) + ")", true};
    context_.record(object_, node, excerpt(document_.text(node), match),
                    replacement.text + ", an env entry from " + in_words(key->secret_name, key->key));
    return replacement;
  }

  // The value as text; `expanded`: where Kubernetes expands variables, in a way that it comes out of that as it is.
  // What is no text is reported.
  std::optional<std::string> value_text(const SecretKey& key, NodeId node, const NativeMatch& match, bool expanded) {
    ++context_.exposure.inlined;
    context_.count(key);
    context_.record(object_, node, excerpt(document_.text(node), match), "its value");
    if (context_.plan.input.redact) {
      return std::string(k_redacted);
    }
    const base::Secret* value = value_of(key);
    std::string text(value == nullptr ? std::string_view() : value->reveal());
    if (!base::is_utf8(text) || text.find('\0') != std::string::npos) {
      error(ErrorKind::bad_input, "the value of " + base::printable(key.bundle_key) + " is binary and fits in no text",
            node, excerpt(document_.text(node), match), "deliver it by reference or secret, and mount it as a file");
      return std::nullopt;
    }
    for (std::size_t at = expanded ? text.find('$') : std::string::npos; at != std::string::npos;
         at = text.find('$', at + 2)) {
      text.insert(at, 1, '$');
    }
    return text;
  }

  // Every variable that Kubernetes read before is read after, and each new one where it was put; no placeholder is a
  // part of a variable's name.
  static bool keeps_meaning(std::string_view value, const std::vector<NativeMatch>& matches,
                            const std::vector<Replacement>& replacements) {
    using Range = std::pair<std::size_t, std::size_t>;
    const std::vector<VariableUse> uses = variable_uses(value);
    std::string result;
    std::vector<Range> expected;
    std::vector<std::pair<std::size_t, std::size_t>> moved;  // from that offset on, moved to this one
    std::size_t done = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const std::size_t begin = matches[i].reference.begin;
      result += value.substr(done, begin - done);
      if (replacements[i].is_variable) {
        expected.emplace_back(result.size(), result.size() + replacements[i].text.size());
      }
      result += replacements[i].text;
      done = begin + matches[i].reference.length;
      moved.emplace_back(done, result.size());
      if (matches[i].kind == NativeMatch::Kind::reference && is_inside(uses, begin)) {
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

  void replace(NodeId node, const std::vector<NativeMatch>& matches, std::vector<Replacement>& replacements) {
    std::vector<manifest::Part> parts;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      parts.push_back({matches[i].reference.begin, matches[i].reference.length, std::move(replacements[i].text)});
    }
    accept(loaded_.editor.replace_parts(node, parts), node);
  }

  void everything_else() {
    const NodeId end = object_.root + document_[object_.root].size;
    for (NodeId node = object_.root; node < end; ++node) {
      if (document_[node].kind == NodeKind::scalar && holds_marker(document_[node].value) &&
          seen_.insert(node).second && !loaded_.editor.touches(node)) {
        elsewhere(node);
      }
    }
  }

  void elsewhere(NodeId node) {
    const std::string_view value = document_[node].value;
    const std::vector<NativeMatch> matches = find_native(value);
    if (is_key(node)) {
      error(ErrorKind::bad_input, "a mapping key holds no placeholder", node, excerpt(value, matches.front()),
            "put the placeholder into a value");
      return;
    }
    const bool only_escapes = std::all_of(matches.begin(), matches.end(), [](const NativeMatch& match) {
      return match.kind == NativeMatch::Kind::escape;
    });
    if (!only_escapes && in_secret_data(node)) {
      return;  // placeholder_keys() has said what is wrong
    }
    std::vector<Replacement> replacements;
    for (const NativeMatch& match : matches) {
      std::optional<std::string> text =
          match.kind == NativeMatch::Kind::escape ? std::string(k_native_marker) : exposed_value(node, match);
      if (!text) {
        return;
      }
      replacements.push_back({*std::move(text)});
    }
    replace(node, matches, replacements);
  }

  // Document::is_key(), but each mapping is gone through once.
  bool is_key(NodeId node) {
    const NodeId parent = document_[node].parent;
    if (mappings_.insert(parent).second) {
      for (const Entry& entry : document_.entries(parent)) {
        keys_.insert(entry.key);
      }
    }
    return keys_.contains(node);
  }

  bool in_secret_data(NodeId node) const {
    const auto holds = [&](std::string_view section) {
      const NodeId begin = document_.at(object_.root, section);
      return begin != k_no_node && node >= begin && node < begin + document_[begin].size;
    };
    return object_.is_core("Secret") && (holds("data") || holds("stringData"));
  }

  // The value in the open, where the operator wants it there; anything else is reported.
  std::optional<std::string> exposed_value(NodeId node, const NativeMatch& match) {
    const bool allowed = may_hold_value(node);
    const std::string path = document_.path(node, object_.root);
    const bool is_name = path.ends_with(".name") && path.find("env[") != std::string::npos;
    if (match.kind == NativeMatch::Kind::malformed || !context_.plan.policy || is_name) {
      refuse(node, match);
      return std::nullopt;
    }
    const bool anywhere = std::any_of(context_.plan.bundles.begin(), context_.plan.bundles.end(), [](const auto& one) {
      return one.second.delivery == policy::Delivery::inline_value;
    });
    if (!allowed && !anywhere) {
      refuse(node, match);
      return std::nullopt;
    }
    const std::optional<SecretKey> key = key_of(context_, object_, node, match);
    if (!key) {
      return std::nullopt;
    }
    if (!allowed && key->bundle->delivery != policy::Delivery::inline_value) {
      refuse(node, match);
      return std::nullopt;
    }
    if (key->bundle->winner == policy::SourceKind::existing_secret) {
      error(ErrorKind::bad_input, "the value of an existing Secret is not known here", node,
            excerpt(document_[node].value, match),
            "configure secrets or secretsFiles for bundle " + key->bundle->bundle->name);
      return std::nullopt;
    }
    return value_text(*key, node, match, false);
  }

  // True where the policy's allowValues names the node, or what it stands in.
  bool may_hold_value(NodeId node) const {
    const std::vector<std::string>* fields = context_.plan.policy ? &context_.plan.policy->allow_values : nullptr;
    return fields != nullptr && std::any_of(fields->begin(), fields->end(), [&](const std::string& field) {
             const std::vector<NodeId> named = nodes_at(document_, object_, field);
             return std::any_of(named.begin(), named.end(),
                                [&](NodeId one) { return node >= one && node < one + document_[one].size; });
           });
  }

  void refuse(NodeId node, const NativeMatch& match) {
    const std::string_view value = document_[node].value;
    if (match.kind == NativeMatch::Kind::malformed || !context_.plan.policy) {
      (void)key_of(context_, object_, node, match);  // says what is wrong with the placeholder itself
      return;
    }
    const std::string path = document_.path(node, object_.root);
    if (object_.is_core("ConfigMap") && !path.starts_with("metadata")) {
      error(ErrorKind::bad_input, "a ConfigMap holds no secret", node, excerpt(value, match),
            "move the key into a Secret and mount that, or give the value to the container as an env value");
    } else if (path.ends_with(".name") && path.find("env[") != std::string::npos) {
      error(ErrorKind::bad_input, "the name of an env variable holds no placeholder", node, excerpt(value, match),
            "put the placeholder into its value");
    } else if (path.find("Probe.") != std::string::npos || path.find("lifecycle.") != std::string::npos) {
      error(ErrorKind::bad_input, "Kubernetes expands no secret environment in probe and lifecycle commands", node,
            excerpt(value, match), "set an env value and read it as \"$NAME\" in a shell: [sh, -c, …]");
    } else {
      error(ErrorKind::bad_input, "a value here would be in the release for all to read", node, excerpt(value, match),
            "placeholders stand in env values, args, command and Secrets; $${secret: stands for the text itself");
    }
  }

  bool accept(const base::Result<void>& edit, NodeId node) { return context_.accept(edit, object_, node); }

  void error(ErrorKind kind, std::string message, NodeId node, std::string_view part, std::string help) {
    context_.error(kind, std::move(message), context_.plan.places.of(loaded_, object_, node, part), std::move(help));
  }

  Context& context_;
  Loaded& loaded_;
  const Object& object_;
  const manifest::Document& document_;
  std::set<NodeId> seen_;
  std::set<NodeId> mappings_;  // whose keys are in keys_
  std::set<NodeId> keys_;
};

}  // namespace

std::optional<SecretKey> key_of(Context& context, const Object& object, NodeId node, const NativeMatch& match) {
  const auto place = [&] {
    return context.plan.places.of(context.loaded, object, node, excerpt(context.loaded.document.text(node), match));
  };
  if (match.kind == NativeMatch::Kind::malformed) {
    context.error(ErrorKind::bad_input, "not a placeholder: " + match.problem, place(),
                  "write ${secret:KEY} or ${secret:BUNDLE/KEY}; $${secret: stands for the text itself");
    return std::nullopt;
  }
  if (!context.plan.policy) {
    context.error(ErrorKind::bad_input, "no policy says what this placeholder means", place(),
                  "write helm-me.yaml and name it with --policy FILE");
    return std::nullopt;
  }
  base::Result<policy::KeyUse> found = policy::find_key(context.plan.bundles, match.reference);
  if (!found) {
    base::Error problem = std::move(found).error();
    problem.location = place();
    context.diagnostics.error(std::move(problem));
    return std::nullopt;
  }
  return SecretKey{found->secret_name, found->secret_key, match.reference.optional, found->bundle, found->key};
}

const base::Secret* value_of(const SecretKey& key) {
  if (key.bundle == nullptr) {
    return nullptr;
  }
  const auto found = key.bundle->values.find(key.bundle_key);
  return found == key.bundle->values.end() ? nullptr : &found->second;
}

void place_object(Context& context, const Object& object, std::deque<Container>& containers) {
  if (context.plan.searches(context.loaded.document, object)) {
    Placer(context, object).place(containers);
  }
}

}  // namespace helmme::render
