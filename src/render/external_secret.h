// An ExternalSecret as a document of its own: what joins a stream under `delivery: externalSecret`
// (https://external-secrets.io/latest/api/externalsecret/, external-secrets.io/v1).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "placeholder/fetched_reference.h"
#include "policy/policy.h"

namespace helmme::render {

// Text with references in it: one value of a Secret.
struct Composed {
  struct Piece {
    std::string text;  // before the reference
    placeholder::FetchedReference reference;
  };
  std::vector<Piece> pieces;
  std::string rest;  // behind the last reference
};

struct ExternalSecret {
  std::string name;
  std::string namespace_name;  // empty: the release's
  policy::SecretStore store;
  std::map<std::string, placeholder::FetchedReference> references;  // by the Secret's key
  std::map<std::string, Composed> composed;
  // Of a Secret that the chart renders, in whose place it comes.
  std::string type;  // empty: by its keys
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::map<std::string, base::Secret> literals;
};

// "---\napiVersion: external-secrets.io/v1…". bad_input, without a location: a reference that External Secrets can't
// read: of a local scheme, of another scheme than the others, or with a modifier that its templates do not have.
[[nodiscard]] base::Result<std::string> external_secret_document(const ExternalSecret& secret);

}  // namespace helmme::render
