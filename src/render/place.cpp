// Where a placeholder stands decides what it becomes: README's table "What a placeholder becomes".
#include <algorithm>
#include <set>

#include "base/text.h"
#include "crypto/base64.h"
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

std::string_view excerpt(std::string_view value, const NativeMatch& match) {
  return value.substr(match.reference.begin, match.reference.length);
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

  // The key that a reference means; reports what is wrong with it.
  std::optional<SecretKey> key_of(const NativeMatch& match, NodeId node, std::string_view value) {
    if (match.kind == NativeMatch::Kind::malformed) {
      error(ErrorKind::bad_input, "not a placeholder: " + match.problem, node, excerpt(value, match),
            "write ${secret:KEY} or ${secret:BUNDLE/KEY}; $${secret: stands for the text itself");
      return std::nullopt;
    }
    if (!context_.plan.policy) {
      error(ErrorKind::bad_input, "no policy says what this placeholder means", node, excerpt(value, match),
            "write helm-me.yaml and name it with --policy FILE");
      return std::nullopt;
    }
    base::Result<policy::KeyUse> found = policy::find_key(context_.plan.bundles, match.reference);
    if (!found) {
      base::Error problem = std::move(found).error();
      problem.location = context_.plan.places.of(loaded_, object_, node, excerpt(value, match));
      context_.diagnostics.error(std::move(problem));
      return std::nullopt;
    }
    return SecretKey{found->secret_name, found->secret_key, match.reference.optional, found->bundle, found->key};
  }

 private:
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
    const std::optional<SecretKey> key = key_of(matches.front(), node, value);
    if (key && accept(loaded_.editor.rename_key(entry.value.key, "valueFrom"), node) &&
        accept(loaded_.editor.replace(entry.value.value, secret_key_ref(*key)), node)) {
      context_.use(object_, *key);
    }
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

  // References inside a text that Kubernetes expands become `$(NAME)`.
  void part_of_text(Container& container, NodeId node, const std::vector<NativeMatch>& matches) {
    const std::string_view value = document_.text(node);
    std::vector<std::string> replacements;
    for (const NativeMatch& match : matches) {
      if (match.kind == NativeMatch::Kind::escape) {
        replacements.emplace_back(k_native_marker);
        continue;
      }
      const std::optional<SecretKey> key = key_of(match, node, value);
      if (!key) {
        return;
      }
      if (key->optional) {
        error(ErrorKind::bad_input, "an optional placeholder stands for a whole env value only", node,
              excerpt(value, match), "take out the \"?\", or make it the whole value");
        return;
      }
      replacements.push_back("$(" + container.variable_for(*key) + ")");
      context_.use(object_, *key);
    }
    if (!keeps_meaning(value, matches, replacements)) {
      error(ErrorKind::bad_input,
            "Kubernetes would read a \"$(\" before this placeholder and its \")\" as one variable", node,
            excerpt(value, matches.front()), "write $$( where no variable is meant");
      return;
    }
    splice(node, matches, replacements);
  }

  // Every variable that Kubernetes read before is read after, and each new one where it was put.
  static bool keeps_meaning(std::string_view value, const std::vector<NativeMatch>& matches,
                            const std::vector<std::string>& replacements) {
    std::string result;
    std::vector<std::size_t> inserted;
    std::vector<std::pair<std::size_t, std::size_t>> moved;  // from that offset on, moved to this one
    std::size_t done = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      result += value.substr(done, matches[i].reference.begin - done);
      if (matches[i].kind == NativeMatch::Kind::reference) {
        inserted.push_back(result.size());
      }
      result += replacements[i];
      done = matches[i].reference.begin + matches[i].reference.length;
      moved.emplace_back(done, result.size());
    }
    result += value.substr(done);
    std::vector<std::size_t> expected = inserted;
    for (const VariableUse& use : variable_uses(value)) {
      std::size_t offset = use.begin;
      for (const auto& [from, to] : moved) {
        if (use.begin >= from) {
          offset = to + (use.begin - from);
        }
      }
      expected.push_back(offset);
    }
    std::sort(expected.begin(), expected.end());
    std::vector<std::size_t> actual;
    for (const VariableUse& use : variable_uses(result)) {
      actual.push_back(use.begin);
    }
    return actual == expected;
  }

  void splice(NodeId node, const std::vector<NativeMatch>& matches, const std::vector<std::string>& replacements) {
    for (std::size_t i = 0; i < matches.size(); ++i) {
      if (!accept(loaded_.editor.splice(node, matches[i].reference.begin, matches[i].reference.length, replacements[i]),
                  node)) {
        return;
      }
    }
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
    if (document_.is_key(node)) {
      error(ErrorKind::bad_input, "a mapping key holds no placeholder", node, excerpt(value, matches.front()),
            "put the placeholder into a value");
      return;
    }
    std::vector<std::string> replacements;
    for (const NativeMatch& match : matches) {
      if (match.kind != NativeMatch::Kind::escape) {
        refuse(node, match);
        return;
      }
      replacements.emplace_back(k_native_marker);
    }
    splice(node, matches, replacements);
  }

  void refuse(NodeId node, const NativeMatch& match) {
    const std::string_view value = document_[node].value;
    if (match.kind == NativeMatch::Kind::malformed || !context_.plan.policy) {
      key_of(match, node, value);  // says what is wrong with the placeholder itself
      return;
    }
    const std::string path = document_.path(node, object_.root);
    if (object_.is_core("Secret") && (path.starts_with("data") || path.starts_with("stringData"))) {
      return;  // placeholder_keys() has said what is wrong
    }
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
};

// Secret.data and stringData under `reference`: a key whose whole value is a placeholder moves to the Secret that has
// it.
class RenderedSecret {
 public:
  RenderedSecret(Context& context, const Object& object)
      : context_(context), object_(object), document_(context.loaded.document), placer_(context, object) {}

  std::map<std::string, SecretKey> keys() {
    std::map<std::string, SecretKey> moved;
    for (const std::string_view section : {"data", "stringData"}) {
      for (const Entry& entry : document_.entries(document_.at(object_.root, section))) {
        if (std::optional<SecretKey> key = whole_value(entry.value, section == "data")) {
          moved.insert_or_assign(std::string(document_.text(entry.key)), *std::move(key));
        }
      }
    }
    return moved;
  }

 private:
  std::optional<SecretKey> whole_value(NodeId node, bool base64) {
    node = document_.resolve(node);
    const std::string_view written = document_.text(node);
    std::optional<base::Secret> decoded;
    if (base64 && placeholder::may_hold_base64_marker(written)) {
      decoded = crypto::decode_base64(written);
    }
    const std::string_view value = decoded ? decoded->reveal() : written;
    if (!holds_marker(value)) {
      return std::nullopt;
    }
    const std::vector<NativeMatch> matches = find_native(value);
    std::string_view trimmed = value;
    if (decoded && trimmed.ends_with('\n')) {
      trimmed.remove_suffix(1);
    }
    if (is_whole(trimmed, document_[node], matches.front())) {
      return placer_.key_of(matches.front(), node, value);
    }
    const auto reference = std::find_if(matches.begin(), matches.end(), [](const NativeMatch& match) {
      return match.kind != NativeMatch::Kind::escape;
    });
    if (reference != matches.end() || decoded) {
      context_.error(ErrorKind::bad_input,
                     reference == matches.end()
                         ? "a literal $${secret: can't stand in base64"
                         : "a placeholder is a part of this Secret's value, which a reference can't be",
                     context_.plan.places.of(context_.loaded, object_, node),
                     "make the placeholder the whole value of its key, or compose the text in an env value");
    }
    return std::nullopt;
  }

  Context& context_;
  const Object& object_;
  const manifest::Document& document_;
  Placer placer_;
};

}  // namespace

std::map<std::string, SecretKey> placeholder_keys(Context& context, const Object& object) {
  return RenderedSecret(context, object).keys();
}

void remove_placeholder_keys(Context& context, const Object& object, const SecretRewrite& rewrite) {
  const manifest::Document& document = context.loaded.document;
  for (const std::string_view section : {"data", "stringData"}) {
    const NodeId mapping = document.at(object.root, section);
    const std::vector<Entry> entries = document.entries(mapping);
    std::vector<std::size_t> gone;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (rewrite.moved.contains(std::string(document.text(entries[i].key)))) {
        gone.push_back(i);
      }
    }
    if (!gone.empty()) {
      context.accept(context.loaded.editor.remove(mapping, gone), object, mapping);
    }
  }
}

void place_object(Context& context, const Object& object, std::deque<Container>& containers) {
  if (object.kind != "CustomResourceDefinition") {
    Placer(context, object).place(containers);
  }
}

}  // namespace helmme::render
