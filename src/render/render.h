// render: the post-renderer. Bytes in, the same bytes out but for the places that hold a secret:
//
//   bytes ─scan→ documents ─find→ references ─policy→ plan ─place→ edits ─apply→ bytes
//
// May use policy, provider, placeholder, manifest, crypto and base.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "policy/read.h"
#include "policy/resolve.h"
#include "provider/providers.h"
#include "render/explanation.h"

namespace helmme::render {

struct Input {
  std::string_view stream;                            // rendered manifests; must outlive the Rendered
  std::string stream_name = "stdin";                  // in error messages
  std::vector<policy::PolicyText> policies;           // the operator's; those in the stream are found here
  std::optional<policy::PolicyText> fallback_policy;  // ./helm-me.yaml: counts where neither is there
  std::vector<policy::PolicyText> values;             // --values: Helm values that hold sources
  policy::Variables variables;
  std::optional<policy::SecretKeys> secret_keys;     // --secret-keys
  std::optional<std::vector<std::string>> dialects;  // --dialect; nullopt: the policy's, else all
  std::optional<policy::Delivery> deliver;           // --deliver: wins over what the policy says
  std::optional<base::Secret> version_key;           // HELM_ME_VERSION_KEY, keys the rollout annotation
  const base::Environment* environment = nullptr;    // for `{env:}`
  policy::References* references = nullptr;          // for `ref+…` in bundles
  provider::Providers* providers = nullptr;          // for other dialects' placeholders; nullptr: none is read
  bool explain = false;                              // fill Rendered::explanation
  bool redact = false;                               // "****" where a value would stand: for compare()
};

// The output as pieces, to be written one after the other. They point into Input::stream or into `owned`, which is
// wiped at the end: it may hold values.
struct Rendered {
  Rendered() = default;
  Rendered(const Rendered&) = delete;
  Rendered& operator=(const Rendered&) = delete;
  Rendered(Rendered&&) = default;
  Rendered& operator=(Rendered&&) = default;
  ~Rendered();

  std::vector<std::string_view> pieces;
  std::deque<std::string> owned;
  Explanation explanation;
};

// nullopt when there was an error: all of them are in `diagnostics`, and nothing may be written. No placeholder
// and no policy hit: the one piece is the stream itself.
[[nodiscard]] std::optional<Rendered> render(const Input& input, base::Diagnostics& diagnostics);

// What `helm me diff` compares: the stream and what becomes of it, with "****" for every value that a Secret of the
// stream holds or that this run knows.
struct Comparison {
  std::string before;
  std::string after;
};
// nullopt as render() (redact.cpp).
[[nodiscard]] std::optional<Comparison> compare(Input input, base::Diagnostics& diagnostics);

}  // namespace helmme::render
