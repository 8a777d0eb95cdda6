// The log for people who look into a run: counts and times, never a value. Off unless asked for.
#pragma once

#include <string>

namespace helmme::cli {

// `level`: off, error, warn, info, debug, trace; empty is off. `descriptor` must stay open for the rest of the run.
void start_log(const std::string& level, int descriptor);

}  // namespace helmme::cli
