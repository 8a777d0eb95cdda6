// Annotations that we set.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "manifest/document.h"
#include "render/loaded.h"

namespace helmme::render {

// Which dialects count in an object: words between commas, or "none".
inline constexpr std::string_view k_dialects_annotation = "helm-me.io/dialects";

inline constexpr std::string_view k_no_dialect = "none";

// Sets an annotation of an object, or of a pod template: of what holds `metadata`.
[[nodiscard]] base::Result<void> annotate(Loaded& loaded, manifest::NodeId owner, std::string_view name,
                                          const std::string& value);

}  // namespace helmme::render
