#include "render/replacement.h"

#include "base/text.h"

namespace helmme::render {

using base::ErrorKind;
using manifest::NodeId;

std::string_view excerpt(std::string_view value, const Match& match) {
  return match.begin < value.size() ? value.substr(match.begin, match.length) : std::string_view();
}

bool is_whole(std::string_view value, const manifest::Node& node, const Match& match) {
  if (node.style == manifest::Style::literal || node.style == manifest::Style::folded) {
    while (value.ends_with('\n')) {
      value.remove_suffix(1);
    }
  }
  return match.kind == Match::Kind::reference && match.length == value.size();
}

void Placing::error(ErrorKind kind, std::string message, NodeId node, std::string_view part, std::string help) {
  context.error(kind, std::move(message), context.plan.places.of(context.loaded, object, node, part), std::move(help));
}

void Placing::replace(NodeId node, const std::vector<Match>& matches, std::vector<Replacement>& replacements) {
  std::vector<manifest::Part> parts;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    parts.push_back({matches[i].begin, matches[i].length, std::move(replacements[i].text)});
  }
  accept(context.loaded.editor.replace_parts(node, parts), node);
}

std::optional<std::string> Placing::value_text(const SecretKey& key, NodeId node, const Match& match, bool expanded) {
  ++context.exposure.inlined;
  context.count(key);
  context.record(object, node, excerpt(document().text(node), match), "its value");
  if (context.plan.input.redact) {
    return std::string(k_redacted);
  }
  const std::string_view written = document().text(node);
  if (match.fetched != nullptr && match.fetched->missing) {
    error(ErrorKind::not_found, "what this placeholder stands for is not there", node, excerpt(written, match),
          "remove-missing takes out a key of data that is nothing but the placeholder");
    return std::nullopt;
  }
  const bool is_collection = match.fetched != nullptr && !match.fetched->value.is_scalar();
  if (is_collection && !is_whole(written, document()[node], match)) {
    error(ErrorKind::bad_input, "what this placeholder stands for is a list or map, which fits in no text", node,
          excerpt(written, match), "name one value of it, or make the placeholder the whole value");
    return std::nullopt;
  }
  const base::Secret* value = value_of(key);
  std::string text(value == nullptr ? std::string_view() : value->reveal());
  if (!base::is_utf8(text) || text.find('\0') != std::string::npos) {
    error(ErrorKind::bad_input, "the value of " + base::printable(key.bundle_key) + " is binary and fits in no text",
          node, excerpt(document().text(node), match), "deliver it by reference or secret, and mount it as a file");
    return std::nullopt;
  }
  if (Plan::may_match(text, scope)) {
    context.misread.insert(&object);
  }
  for (std::size_t at = expanded ? text.find('$') : std::string::npos; at != std::string::npos;
       at = text.find('$', at + 2)) {
    text.insert(at, 1, '$');
  }
  return text;
}

std::optional<SecretKey> key_of(Context& context, const Object& object, NodeId node, const Match& match) {
  const auto place = [&] {
    return context.plan.places.of(context.loaded, object, node, excerpt(context.loaded.document.text(node), match));
  };
  if (match.kind == Match::Kind::malformed) {
    context.error(ErrorKind::bad_input, "not a placeholder: " + match.problem, place(),
                  match.help.empty() ? "--dialect native lets it pass as text" : match.help);
    return std::nullopt;
  }
  if (match.fetched != nullptr && match.fetched->failed) {
    return std::nullopt;
  }
  if (match.fetched != nullptr) {
    const policy::ResolvedBundle& bundle = context.plan.fetched.resolved;
    return SecretKey{bundle.secret_name, match.fetched->name, false, &bundle, match.fetched->name};
  }
  if (!context.plan.policy) {
    context.error(ErrorKind::bad_input, "no policy says what this placeholder means", place(),
                  "write helm-me.yaml and name it with --policy FILE");
    return std::nullopt;
  }
  base::Result<policy::KeyUse> found = policy::find_key(context.plan.bundles, match.native);
  if (!found) {
    base::Error problem = std::move(found).error();
    problem.location = place();
    context.diagnostics.error(std::move(problem));
    return std::nullopt;
  }
  return SecretKey{found->secret_name, found->secret_key, match.native.optional, found->bundle, found->key};
}

const base::Secret* value_of(const SecretKey& key) {
  if (key.bundle == nullptr) {
    return nullptr;
  }
  const auto found = key.bundle->values.find(key.bundle_key);
  return found == key.bundle->values.end() ? nullptr : &found->second;
}

}  // namespace helmme::render
