// What post, explain and diff read before they render.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/environment.h"
#include "base/error.h"
#include "cli/options.h"
#include "cli/references.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "render/render.h"

namespace helmme::cli {

struct RenderInput {
  InputBytes bytes;                                // what input.stream points into
  std::unique_ptr<provider::Providers> providers;  // what input.providers points to
  std::unique_ptr<ProviderReferences> references;  // what input.references points to
  render::Input input;
};

// The stream and everything that the options name. Every problem is reported, not just the first. `output`: where the
// result will be written, or -1.
[[nodiscard]] RenderInput read_render_input(const PostOptions& options, const base::Environment& environment,
                                            int output, base::Diagnostics& diagnostics);

// What explain and diff have in common: reads what the options name, prints what `look` makes of it (nullopt: the
// diagnostics say why not), and reports. Returns the exit code. `program`: as one would type it.
using Look = std::function<std::optional<std::string>(RenderInput&, const Surroundings&, base::Diagnostics&)>;
[[nodiscard]] int look_at_render(PostOptions options, const base::Environment& environment, const std::string& program,
                                 const Look& look);

// True where the manifests would be waited for at a terminal.
[[nodiscard]] bool reads_terminal(const PostOptions& options);
// `program`: as one would type it, "helm-me-post" or "helm me explain".
[[nodiscard]] base::Error terminal_error(const std::string& program);

}  // namespace helmme::cli
