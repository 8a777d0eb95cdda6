// `helm-me explain`: which source wins for each key and why, and what each placeholder becomes. Nothing is written.
#include <CLI/App.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/render_input.h"

namespace helmme::cli {
namespace {

using nlohmann::ordered_json;
using render::BundleExplanation;
using render::Explanation;
using render::KeyExplanation;
using render::Outcome;

std::string how_it_arrives(const BundleExplanation& bundle) {
  if (bundle.delivery == "inline") {
    return "the values stand where the placeholders stood";
  }
  return bundle.delivery == "secret"           ? "Secret " + bundle.secret_name + " joins the stream"
         : bundle.delivery == "externalSecret" ? "ExternalSecret " + bundle.secret_name + " joins the stream"
                                               : "references to Secret " + bundle.secret_name;
}

std::string in_text(const KeyExplanation& key) {
  std::string out = "  " + key.key;
  if (!key.secret_key.empty() && key.secret_key != key.key) {
    out += " (there " + key.secret_key + ")";
  }
  out += ": from " + base::printable(key.origin) + "; " + key.check + "; ";
  return out + (key.uses == 0   ? "not used in this stream\n"
                : key.uses == 1 ? "used once\n"
                                : "used " + std::to_string(key.uses) + " times\n");
}

std::string in_text(const Explanation& explanation) {
  std::string out;
  for (const BundleExplanation& bundle : explanation.bundles) {
    if (!bundle.problem.empty()) {
      out += "bundle " + bundle.name + " cannot be used: " + base::printable(bundle.problem) + "\n\n";
      continue;
    }
    out += (bundle.winner == render::k_placeholders ? "what placeholders have read"
                                                    : "bundle " + bundle.name + ": " + bundle.winner + " wins") +
           "; delivery " + bundle.delivery + ": " + how_it_arrives(bundle) + "\n";
    if (!bundle.shadowed.empty()) {
      out += "  shadowed, not consulted: " + base::join_words(bundle.shadowed) + "\n";
    }
    for (const KeyExplanation& key : bundle.keys) {
      out += in_text(key);
    }
    out += "\n";
  }
  if (explanation.bundles.empty()) {
    out += "no bundles: no policy says where secrets come from\n\n";
  }
  for (const Outcome& outcome : explanation.outcomes) {
    out += (outcome.template_file.empty() ? "" : base::printable(outcome.template_file) + ": ") +
           base::printable(outcome.object) + (outcome.path.empty() ? "" : " " + outcome.path) + " (line " +
           std::to_string(outcome.line) + ")\n  " + base::printable(outcome.written) + " -> " +
           base::printable(outcome.becomes) + "\n";
  }
  if (explanation.outcomes.empty()) {
    out += "nothing in this stream changes\n";
  }
  return out;
}

ordered_json in_json(const BundleExplanation& bundle) {
  if (!bundle.problem.empty()) {
    return {{"name", bundle.name}, {"problem", bundle.problem}};
  }
  ordered_json keys = ordered_json::array();
  for (const KeyExplanation& key : bundle.keys) {
    keys.push_back({{"key", key.key},
                    {"secretKey", key.secret_key},
                    {"origin", key.origin},
                    {"check", key.check},
                    {"uses", key.uses}});
  }
  return {{"name", bundle.name},         {"winner", bundle.winner},      {"shadowed", bundle.shadowed},
          {"delivery", bundle.delivery}, {"secret", bundle.secret_name}, {"keys", std::move(keys)}};
}

std::string in_json(const Explanation& explanation) {
  ordered_json bundles = ordered_json::array();
  for (const BundleExplanation& bundle : explanation.bundles) {
    bundles.push_back(in_json(bundle));
  }
  ordered_json changes = ordered_json::array();
  for (const Outcome& outcome : explanation.outcomes) {
    changes.push_back({{"template", outcome.template_file},
                       {"object", outcome.object},
                       {"path", outcome.path},
                       {"line", outcome.line},
                       {"column", outcome.column},
                       {"written", outcome.written},
                       {"becomes", outcome.becomes}});
  }
  const ordered_json all = {{"version", 1}, {"bundles", std::move(bundles)}, {"changes", std::move(changes)}};
  return all.dump(2, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

int run_explain(const PostOptions& options, const base::Environment& environment) {
  return look_at_render(options, environment, "helm me explain",
                        [&](RenderInput& read, const Surroundings&, base::Diagnostics& diagnostics) {
                          read.input.explain = true;
                          const auto rendered = render::render(read.input, diagnostics);
                          return !rendered                  ? std::nullopt
                                 : options.output == "json" ? std::optional(in_json(rendered->explanation))
                                                            : std::optional(in_text(rendered->explanation));
                        });
}

}  // namespace

void set_explain_command(CLI::App& command, Config& config) {
  command.footer(std::string(explain_help()));
  add_post_options(command, config.options);
  add_output_option(command, config.options);
  command.callback(
      [&config] { config.action = [&config] { return run_explain(config.options, config.environment); }; });
}

}  // namespace helmme::cli
