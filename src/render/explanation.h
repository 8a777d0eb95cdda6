// What a run decides and why, for people who ask: recorded where Input::explain is set. Holds no values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace helmme::render {

struct KeyExplanation {
  std::string key;         // the bundle's name for it
  std::string secret_key;  // its name in the Secret that workloads point at; empty where no Secret has it
  std::string origin;      // where the value comes from: "environment variable JWT_SECRET"
  std::string check;       // what was made sure of: "meets its contract"
  std::size_t uses = 0;    // in this stream
};

// The winner of a bundle that no policy has: the stream's own placeholders say what is read.
inline constexpr std::string_view k_placeholders = "placeholders";

struct BundleExplanation {
  std::string name;                   // of what placeholders have read: "fetched"
  std::string winner;                 // existingSecret, secrets, secretsFiles or k_placeholders
  std::vector<std::string> shadowed;  // configured, but not consulted
  std::string delivery;               // reference, secret, inline or externalSecret
  std::string secret_name;            // the Secret that workloads point at; empty under inline
  std::vector<KeyExplanation> keys;   // by name
  std::string problem;                // why it cannot be used; then nothing but its name counts
};

// One place that changes.
struct Outcome {
  std::string template_file;  // "shop/templates/deploy.yaml"; empty where the stream does not say
  std::string object;         // "Deployment/shop"
  std::string path;           // "spec.template.spec.containers[0].env[2].value"
  std::size_t line = 0;       // in the stream, from 1
  std::size_t column = 0;
  std::string written;  // "${secret:JWT_SECRET}", or "Secret shop-chart, key password"
  std::string becomes;  // "secretKeyRef to Secret shop-secrets, key JWT_SECRET"
};

struct Explanation {
  std::vector<BundleExplanation> bundles;  // by name
  std::vector<Outcome> outcomes;           // in the stream's order
};

}  // namespace helmme::render
