// Reads, and never changes, the words that are Helm's: where our options have to go, and what Helm will know of the
// release that no post-renderer is told.
//
// The flags are those of `helm install|upgrade|template --help` of 3.14.4, 3.21.4 and 4.3.1; their grammar is pflag's
// (github.com/spf13/pflag, "Command line flag syntax").
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace helmme::cli {

struct HelmWords {
  std::size_t options_at = 0;                 // where to insert; 0: this command takes no post-renderer
  std::optional<std::string> release;         // nullopt: not known for sure
  std::optional<std::string> namespace_name;  // nullopt: not among the words
  bool has_post_renderer = false;             // the user's own
};

[[nodiscard]] HelmWords read_helm_words(const std::vector<std::string>& words);

}  // namespace helmme::cli
