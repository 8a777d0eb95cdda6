// Placeholders outside of env values, args and command: where a value may stand in the open, where a mapping key or a
// name holds none, and what is said of all other places.
#include <algorithm>
#include <array>

#include "placeholder/native.h"
#include "render/replacement.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Entry;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;
using placeholder::k_native_marker;

// A list, map, number or truth as YAML of its own.
manifest::Value typed_value(const placeholder::FetchedValue& value) {
  using Kind = placeholder::FetchedValue::Kind;
  switch (value.kind) {
    case Kind::map: {
      std::vector<manifest::Field> fields;
      for (const auto& [key, item] : value.entries) {
        fields.push_back({key, typed_value(item)});
      }
      return manifest::Value::mapping(std::move(fields));
    }
    case Kind::list: {
      std::vector<manifest::Value> items;
      for (const placeholder::FetchedValue& item : value.items) {
        items.push_back(typed_value(item));
      }
      return manifest::Value::sequence(std::move(items));
    }
    case Kind::text:
      return manifest::Value::string(value.scalar.reveal());
    case Kind::null:
      return manifest::Value::plain("null");
    case Kind::boolean:
    case Kind::number:
      break;
  }
  return manifest::Value::plain(value.scalar.reveal());
}

class Elsewhere {
 public:
  explicit Elsewhere(Placing& placing)
      : placing_(placing),
        context_(placing.context),
        object_(placing.object),
        document_(placing.context.loaded.document) {}

  void place() {
    const NodeId end = object_.root + document_[object_.root].size;
    for (NodeId node = object_.root; node < end; ++node) {
      if (document_[node].kind == NodeKind::scalar && Plan::may_match(document_[node].value, placing_.scope) &&
          placing_.seen.insert(node).second && !context_.loaded.editor.touches(node)) {
        elsewhere(node);
      }
    }
  }

 private:
  void elsewhere(NodeId node) {
    const std::string_view value = document_[node].value;
    const std::vector<Match> matches = context_.plan.matches(value, placing_.scope);
    if (matches.empty()) {
      return;
    }
    if (document_.is_key(node)) {
      placing_.error(ErrorKind::bad_input, "a mapping key holds no placeholder", node, excerpt(value, matches.front()),
                     "put the placeholder into a value");
      return;
    }
    const bool only_escapes = std::all_of(matches.begin(), matches.end(),
                                          [](const Match& match) { return match.kind == Match::Kind::escape; });
    if (!only_escapes && in_secret_data(node)) {
      return;  // placeholder_keys() has said what is wrong
    }
    if (matches.size() == 1 && is_whole(value, document_[node], matches.front()) && leaves(node, matches.front())) {
      return;
    }
    std::vector<Replacement> replacements;
    for (const Match& match : matches) {
      std::optional<std::string> text =
          match.kind == Match::Kind::escape ? std::string(k_native_marker) : exposed_value(node, match);
      if (!text) {
        return;
      }
      replacements.push_back({*std::move(text)});
    }
    manifest::Editor& editor = context_.loaded.editor;
    if (matches.size() != 1 || !is_whole(value, document_[node], matches.front())) {
      placing_.replace(node, matches, replacements);
    } else if (keeps_type(node, matches.front())) {
      placing_.accept(editor.replace(node, typed_value(matches.front().fetched->value)), node);
    } else {
      // A final line end of a block scalar leaves with it, as it does in Secrets and env values.
      placing_.accept(editor.replace_parts(node, {{0, value.size(), std::move(replacements.front().text)}}), node);
    }
  }

  // Where the object says so, a key of a ConfigMap leaves with the value that is missing.
  bool leaves(NodeId node, const Match& match) {
    if (match.fetched == nullptr || !match.fetched->missing) {
      return false;
    }
    const NodeId mapping = document_[node].parent;
    const std::vector<Entry> entries = document_.entries(mapping);
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.value == node; });
    if (found == entries.end()) {
      return false;
    }
    placing_.accept(context_.loaded.editor.remove(mapping, {static_cast<std::size_t>(found - entries.begin())}), node);
    context_.record(object_, node, excerpt(document_.text(node), match), "nothing: its value is missing");
    return true;
  }

  // True where a value may be more than text: not where Kubernetes wants text.
  bool keeps_type(NodeId node, const Match& match) const {
    if (match.fetched == nullptr || !placeholder::keeps_type(match.fetched->reference) || context_.plan.input.redact ||
        match.fetched->value.kind == placeholder::FetchedValue::Kind::text) {
      return false;
    }
    return !object_.is_core("ConfigMap") && !object_.is_core("Secret") && !is_in_text_map(node);
  }

  // True within the object's metadata, and within maps of texts to texts
  // (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/, ObjectMeta, LabelSelector, PodSpec).
  bool is_in_text_map(NodeId node) const {
    const std::string path = document_.path(node, object_.root);
    constexpr std::array<std::string_view, 4> k_maps = {"metadata.labels", "metadata.annotations", "matchLabels",
                                                        "nodeSelector"};
    return path.starts_with("metadata.") || std::any_of(k_maps.begin(), k_maps.end(), [&](std::string_view map) {
             const std::size_t at = path.find(map);
             return at != std::string::npos && path.find_first_of(".[", at + map.size()) == at + map.size();
           });
  }

  bool in_secret_data(NodeId node) const {
    const auto holds = [&](std::string_view section) {
      const NodeId begin = document_.at(object_.root, section);
      return begin != k_no_node && node >= begin && node < begin + document_[begin].size;
    };
    return object_.is_core("Secret") && (holds("data") || holds("stringData"));
  }

  // The value in the open, where the operator wants it there; anything else is reported.
  std::optional<std::string> exposed_value(NodeId node, const Match& match) {
    const bool allowed = may_hold_value(node);
    const std::string path = document_.path(node, object_.root);
    const bool is_name = path.ends_with(".name") && path.find("env[") != std::string::npos;
    const bool has_meaning = match.fetched != nullptr || context_.plan.policy;
    if (match.kind == Match::Kind::malformed || !has_meaning || is_name) {
      refuse(node, match);
      return std::nullopt;
    }
    const std::vector<const policy::ResolvedBundle*> bundles = context_.plan.all_bundles();
    const bool anywhere = std::any_of(bundles.begin(), bundles.end(), [](const policy::ResolvedBundle* one) {
      return one->delivery == policy::Delivery::inline_value;
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
    if (key->bundle->delivery == policy::Delivery::external_secret) {
      placing_.error(ErrorKind::bad_input, "a value that External Secrets reads in the cluster is not known here", node,
                     excerpt(document_[node].value, match), "--deliver secret or inline");
      return std::nullopt;
    }
    if (key->bundle->winner == policy::SourceKind::existing_secret) {
      placing_.error(ErrorKind::bad_input, "the value of an existing Secret is not known here", node,
                     excerpt(document_[node].value, match),
                     "configure secrets or secretsFiles for bundle " + key->bundle->bundle->name);
      return std::nullopt;
    }
    return placing_.value_text(*key, node, match, false);
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

  void refuse(NodeId node, const Match& match) {
    const std::string_view value = document_[node].value;
    if (match.kind == Match::Kind::malformed || (match.fetched == nullptr && !context_.plan.policy)) {
      (void)key_of(context_, object_, node, match);  // says what is wrong with the placeholder itself
      return;
    }
    const std::string path = document_.path(node, object_.root);
    if (object_.is_core("ConfigMap") && !path.starts_with("metadata")) {
      placing_.error(ErrorKind::bad_input, "a ConfigMap holds no secret", node, excerpt(value, match),
                     "move the key into a Secret and mount that, or give the value to the container as an env value");
    } else if (path.ends_with(".name") && path.find("env[") != std::string::npos) {
      placing_.error(ErrorKind::bad_input, "the name of an env variable holds no placeholder", node,
                     excerpt(value, match), "put the placeholder into its value");
    } else if (path.find("Probe.") != std::string::npos || path.find("lifecycle.") != std::string::npos) {
      placing_.error(ErrorKind::bad_input, "Kubernetes expands no secret environment in probe and lifecycle commands",
                     node, excerpt(value, match), "set an env value and read it as \"$NAME\" in a shell: [sh, -c, …]");
    } else {
      placing_.error(ErrorKind::bad_input, "a value here would be in the release for all to read", node,
                     excerpt(value, match),
                     std::string("placeholders stand in env values, args, command and Secrets; ") +
                         (match.fetched != nullptr ? "--dialect native lets this pass as text"
                                                   : "$${secret: stands for the text itself"));
    }
  }

  Placing& placing_;
  Context& context_;
  const Object& object_;
  const manifest::Document& document_;
};

}  // namespace

void place_elsewhere(Placing& placing) { Elsewhere(placing).place(); }

}  // namespace helmme::render
