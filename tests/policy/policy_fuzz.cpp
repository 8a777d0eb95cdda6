// Any bytes as a policy of the operator, of a chart, merged with another, as Helm values, and as secrets files: no
// crash, and nothing wrong without an error.
#include <cstddef>
#include <cstdint>
#include <string>

#include "policy/read.h"
#include "policy/resolve.h"
#include "policy/secrets_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const policy::Variables variables{.release = "release", .namespace_name = "namespace"};
  policy::PolicyText source{.source = {"policy", text}, .folder = "/nowhere", .object = {}};
  policy::PolicyText values = source;
  values.origin = policy::Origin::helm_values;
  for (const policy::Origin origin :
       {policy::Origin::operator_file, policy::Origin::stream_document, policy::Origin::helm_values}) {
    source.origin = origin;
    base::Diagnostics diagnostics;
    const auto policy = policy::read_policies({source, source, values}, variables, diagnostics);
    if (policy.has_value() == diagnostics.failed()) {
      __builtin_trap();
    }
    if (policy) {
      (void)policy::resolve_bundles(*policy, {}, diagnostics);
    }
  }
  for (const char* name : {"secrets.yaml", "secrets.env"}) {
    base::Diagnostics diagnostics;
    if (policy::parse_secrets_file(name, text, diagnostics).has_value() == diagnostics.failed()) {
      __builtin_trap();
    }
  }
  (void)policy::read_secret_keys({"keys", text});
  return 0;
}
