// What gitleaks decodes before it looks again (detect/codec of gitleaks 8): runs of percent encoding, \uXXXX and
// U+XXXX, hexadecimal digits and base64, decoded where they stand, one layer a pass.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace helmme::lint {

// How often what was decoded is decoded again; gitleaks' own default for --max-decode-depth.
inline constexpr std::size_t k_decode_depth = 5;

// A piece of a pass that was decoded.
struct DecodedSegment {
  Span original;  // in the text of the first pass
  Span encoded;   // in the pass before
  Span decoded;   // in this pass
};

struct DecodedPass {
  std::string text;
  std::vector<DecodedSegment> segments;  // by place; none: nothing was decoded
};

// `before`: all passes so far, whose last one `text` is the text of; empty: `text` is the original.
[[nodiscard]] DecodedPass decode_once(std::string_view text, const std::vector<DecodedPass>& before);

// Where a piece of the last pass comes from. It overlaps a segment.
[[nodiscard]] Span to_original(const std::vector<DecodedPass>& passes, Span piece);

// Ends that touch count, as in gitleaks.
[[nodiscard]] inline bool touches(Span a, Span b) { return b.begin <= a.end && b.end >= a.begin; }

}  // namespace helmme::lint
