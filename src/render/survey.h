// The first look at a stream: what has to be known of the whole of it before any document is edited. Documents are
// parsed one by one and let go, so that memory holds no more than a handful at a time.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "manifest/split.h"
#include "render/context.h"

namespace helmme::render {

struct Survey {
  std::vector<manifest::Span> documents;  // those to edit, in order
  std::vector<manifest::Span> policies;   // SecretPolicy documents, which leave the stream
};

// Reads policies, resolves bundles, finds which Secrets are rewritten and who may name them. nullopt: the
// diagnostics say why.
[[nodiscard]] std::optional<Survey> survey(Plan& plan, base::Diagnostics& diagnostics);

}  // namespace helmme::render
