// The values in a Secret that the chart renders, as they stand in the manifest: in base64 or not, with an `auth` in it
// that is base64 once more.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "manifest/edit.h"
#include "render/context.h"

namespace helmme::render {

// A key's value as it stands in the manifest.
struct Written {
  manifest::NodeId node = manifest::k_no_node;
  bool is_base64 = false;               // the text is a placeholder's only once it is decoded
  std::optional<base::Secret> decoded;  // of base64 that holds a placeholder
  std::string_view text;                // what is searched for placeholders
  std::vector<manifest::Span> auths;    // parts of it that are base64 in the manifest
};

class WrittenValues {
 public:
  WrittenValues(const Context& context, const Object& object);

  // What stands at a node of `data` or of `stringData`.
  [[nodiscard]] Written read(manifest::NodeId node, bool is_data) const;
  // Its placeholders, in order. Each `auth` is a value of its own.
  [[nodiscard]] std::vector<Match> matches_in(const Written& written) const;
  // True where a placeholder is all of it. One final line end of a block scalar or of decoded text does not count.
  [[nodiscard]] bool is_whole(const Written& written, const Match& match) const;
  [[nodiscard]] const Scope& scope() const noexcept { return scope_; }
  // True in a Secret of a registry's credentials, whose values are JSON.
  [[nodiscard]] bool is_docker() const noexcept { return is_docker_; }

 private:
  const Plan& plan_;
  const manifest::Document& document_;
  Scope scope_;
  bool is_docker_;
};

// The text with parts of it replaced, each `auth` in base64 again.
[[nodiscard]] base::Secret composed(const Written& written, const std::vector<manifest::Part>& parts);

}  // namespace helmme::render
