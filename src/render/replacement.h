// What a placeholder of an object gives way to in the text around it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "render/context.h"

namespace helmme::render {

struct Replacement {
  std::string text;
  bool is_variable = false;  // `$(NAME)`
};

// An object while its placeholders are placed.
struct Placing {
  Context& context;
  const Object& object;
  const Scope& scope;
  std::set<manifest::NodeId> seen = {};  // scalars that are done

  [[nodiscard]] const manifest::Document& document() const { return context.loaded.document; }
  bool accept(const base::Result<void>& edit, manifest::NodeId node) { return context.accept(edit, object, node); }
  void error(base::ErrorKind kind, std::string message, manifest::NodeId node, std::string_view part, std::string help);
  // Puts the texts where the matches of a scalar stand.
  void replace(manifest::NodeId node, const std::vector<Match>& matches, std::vector<Replacement>& replacements);
  // The value as text; `expanded`: where Kubernetes expands variables, in a way that it comes out of that as it is.
  // What is no text is reported.
  std::optional<std::string> value_text(const SecretKey& key, manifest::NodeId node, const Match& match, bool expanded);
};

// What a placeholder looks like in the value that it was found in; "" where the node's own text is another, as in
// base64.
[[nodiscard]] std::string_view excerpt(std::string_view value, const Match& match);

// True where the value is that one reference; a block scalar's final line end does not count.
[[nodiscard]] bool is_whole(std::string_view value, const manifest::Node& node, const Match& match);

// Places whatever stands neither in env values nor in args and command (place_elsewhere.cpp).
void place_elsewhere(Placing& placing);

}  // namespace helmme::render
