#include "cli/lint_render.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "cli/child.h"
#include "cli/stream.h"

namespace helmme::cli {
namespace {

namespace fs = std::filesystem;

base::Error cannot_render(const std::string& chart, const std::string& why, const std::string& help) {
  return {.kind = base::ErrorKind::bad_input,
          .message = "cannot render " + base::printable(chart) + ": " + why,
          .help = help};
}

base::Result<std::string> run_helm(const std::string& chart, const std::vector<std::string>& values,
                                   const base::Environment& environment) {
  std::string helm = environment.get("HELM_BIN").value_or("");
  if (helm.empty()) {
    helm = "helm";
  }
  std::vector<std::string> words = {helm, "template", "lint", chart};
  for (const std::string& file : values) {
    words.emplace_back("--values");
    words.push_back(file);
  }
  const base::Result<Ended> ended =
      SignalGuard().run({.words = std::move(words), .variables = {}, .take_output = true});
  if (!ended) {
    return base::fail(cannot_render(chart, ended.error().message, "put helm on PATH, or name it by HELM_BIN"));
  }
  if (ended->code != 0) {
    return base::fail(cannot_render(chart, "helm template ended with " + std::to_string(ended->code),
                                    "mend what Helm says above; helm dependency build brings missing dependencies"));
  }
  return ended->output;
}

base::Result<lint::SourceFile> read_source(const fs::path& path) {
  base::Result<std::string> text = read_text("file", path.string());
  if (!text) {
    base::Error error = std::move(text).error();
    error.kind = base::ErrorKind::bad_input;
    return base::fail(std::move(error));
  }
  return lint::SourceFile{.name = path.lexically_normal().generic_string(), .text = *std::move(text)};
}

// "shop/templates/secret.yaml" of "# Source:" is CHART/templates/secret.yaml; a packaged dependency's are not on disk.
void read_templates(const fs::path& chart, lint::RenderedChart& rendered) {
  constexpr std::string_view k_source = "# Source: ";
  const std::string_view stream = rendered.stream;
  for (std::size_t at = stream.find(k_source); at != std::string_view::npos; at = stream.find(k_source, at + 1)) {
    const std::size_t begin = at + k_source.size();
    const std::string name(stream.substr(begin, stream.find_first_of("\r\n", begin) - begin));
    const fs::path path = fs::path(name).lexically_normal();
    std::error_code ignored;
    const fs::path file = chart / path.lexically_relative(*path.begin());
    const bool below = path.is_relative() && !path.empty() && *path.begin() != "..";
    if (below && !rendered.templates.contains(name) && fs::is_regular_file(file, ignored)) {
      if (base::Result<lint::SourceFile> source = read_source(file)) {
        rendered.templates[name] = *std::move(source);
      }
    }
  }
}

}  // namespace

base::Result<lint::RenderedChart> render_chart(const std::string& chart, const std::vector<std::string>& values,
                                               const base::Environment& environment) {
  lint::RenderedChart rendered;
  TRY_ASSIGN(rendered.stream, run_helm(chart, values, environment));
  std::error_code ignored;
  if (const fs::path own = fs::path(chart) / "values.yaml"; fs::exists(own, ignored)) {
    TRY_ASSIGN(lint::SourceFile file, read_source(own));
    rendered.values.push_back(std::move(file));
  }
  for (const std::string& path : values) {
    TRY_ASSIGN(lint::SourceFile file, read_source(path));
    rendered.values.push_back(std::move(file));
  }
  read_templates(chart, rendered);
  return rendered;
}

}  // namespace helmme::cli
