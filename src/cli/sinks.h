// Where diagnostics go. Helm throws away the stderr of a post-renderer that succeeds, and Helm 4 also that of one that
// fails (tried on 3.21.4, 4.2.4 and 4.3.1), so our own stderr is not enough.
#pragma once

#include <string>

#include "base/environment.h"
#include "base/error.h"
#include "cli/diagnostics.h"

namespace helmme::cli {

inline constexpr const char* k_diagnostics_variable = "HELM_ME_DIAGNOSTICS";
// Set by our wrapper around Helm, which prints what HELM_ME_DIAGNOSTICS gets once Helm has ended: "plain" or "colour".
inline constexpr const char* k_wrapped_variable = "HELM_ME_WRAPPED";
// The wrapper's post-renderer plugin for Helm 4 has a name that begins with this, as the installed one's does.
inline constexpr const char* k_post_name = "helm-me-post";

// Who runs us.
struct Surroundings {
  std::string diagnostics_file = {};  // $HELM_ME_DIAGNOSTICS
  std::string helm_stderr = {};       // "/proc/123/fd/2" where Helm runs us as a post-renderer, else empty
  bool helm_4 = false;
  bool wrapped = false;
  bool may_colour = false;  // neither NO_COLOR nor TERM=dumb (no-color.org)
  bool wrapper_colours = false;
};

[[nodiscard]] Surroundings look_around(const base::Environment& environment);

// Opens a path for appending, whatever it is: a device, a pipe or what a symlink names is written, never replaced.
// A pipe that nobody reads is waited for, but not for ever. Returns the descriptor, or -1 with errno.
[[nodiscard]] int open_for_append(const std::string& path);

// Our own stderr; $HELM_ME_DIAGNOSTICS; and Helm's own stderr, unless Helm shows ours already. A place that is the
// same file as an earlier one is left out. Returns the exit code of the run.
int report(const base::Diagnostics& diagnostics, DiagnosticsFormat format, const Surroundings& surroundings);

// The same for a run that ends with one error.
int fail_with(base::Error error, DiagnosticsFormat format, const Surroundings& surroundings);

}  // namespace helmme::cli
