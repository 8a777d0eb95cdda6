// `helm-me diff`: what the post-renderer changes, as a unified diff without values.
#include <unistd.h>

#include <CLI/App.hpp>
#include <dtl/dtl.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/render_input.h"

namespace helmme::cli {
namespace {

using Lines = std::vector<std::string_view>;
using LineDiff = dtl::Diff<std::string_view, Lines>;
using Hunk = dtl::uniHunk<std::pair<std::string_view, dtl::elemInfo>>;

constexpr int k_differs = 1;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// What a hunk is about: the nearest line above it that says so.
std::string_view title_of(const Lines& before, std::size_t line) {
  for (std::size_t i = std::min(line + 3, before.size()); i-- > 0;) {
    if (before[i].starts_with("# Source: ") || before[i].starts_with("kind: ")) {
      return before[i];
    }
  }
  return {};
}

class Printer {
 public:
  explicit Printer(bool colour) : colour_(colour) {}

  std::string print(const Lines& before, const std::vector<Hunk>& hunks) {
    line("1", "--- what the chart renders");
    line("1", "+++ what helm-me makes of it");
    for (const Hunk& hunk : hunks) {
      const std::string_view title = title_of(before, static_cast<std::size_t>(hunk.a > 0 ? hunk.a - 1 : 0));
      line("36", "@@ -" + std::to_string(hunk.a) + "," + std::to_string(hunk.b) + " +" + std::to_string(hunk.c) + "," +
                     std::to_string(hunk.d) + " @@" + (title.empty() ? "" : " " + base::printable(title)));
      for (const auto& common : hunk.common[0]) {
        line("", " " + base::printable(common.first));
      }
      for (const auto& [text, info] : hunk.change) {
        const bool gone = info.type == dtl::SES_DELETE;
        const bool added = info.type == dtl::SES_ADD;
        line(gone ? "31" : added ? "32" : "", (gone ? "-" : added ? "+" : " ") + base::printable(text));
      }
      for (const auto& common : hunk.common[1]) {
        line("", " " + base::printable(common.first));
      }
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& colour, const std::string& text) {
    out_ += colour_ && !colour.empty() ? "\x1b[" + colour + "m" + text + "\x1b[0m\n" : text + "\n";
  }

  bool colour_;
  std::string out_;
};

// The unified diff; empty where there is none.
std::string difference(const render::Comparison& comparison, bool colour) {
  if (comparison.before == comparison.after) {
    return {};
  }
  const Lines before = lines_of(comparison.before);
  const Lines after = lines_of(comparison.after);
  LineDiff diff(before, after);
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  return Printer(colour).print(before, diff.getUniHunks());
}

int run_diff(const PostOptions& options, const base::Environment& environment) {
  bool differs = false;
  const int code = look_at_render(options, environment, "helm me diff",
                                  [&](RenderInput& read, const Surroundings& surroundings,
                                      base::Diagnostics& diagnostics) -> std::optional<std::string> {
                                    const auto comparison = render::compare(std::move(read.input), diagnostics);
                                    if (!comparison) {
                                      return std::nullopt;
                                    }
                                    std::string text =
                                        difference(*comparison, surroundings.may_colour && isatty(STDOUT_FILENO) == 1);
                                    differs = !text.empty();
                                    return text;
                                  });
  return code == 0 && differs && options.exit_code ? k_differs : code;
}

}  // namespace

void set_diff_command(CLI::App& command, Config& config) {
  command.footer(std::string(diff_help()));
  add_post_options(command, config.options);
  command.add_flag("--exit-code", config.options.exit_code);
  command.callback([&config] { config.action = [&config] { return run_diff(config.options, config.environment); }; });
}

}  // namespace helmme::cli
