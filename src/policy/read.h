// Reads policies in three steps: text → Node tree with places (libyaml and yaml-cpp), merge as Helm merges `-f`, Node
// tree → Policy. Every problem of every file is reported, each with file:line:column, snippet, caret and suggestion.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "policy/policy.h"

namespace helmme::policy {

enum class Origin {
  operator_file,    // may say everything
  stream_document,  // brought by the chart: required, existingSecret, replaces, target and precedence only
  helm_values,      // no policy, but Helm values that hold sources: see helm_values.h
};

struct PolicyText {
  base::Source source;  // name as printed in errors
  std::string folder;   // what its relative paths are relative to; unused for Origin::stream_document
  Origin origin = Origin::operator_file;
  std::string object;          // for stream documents: the object line of locations, e.g. "shop/templates/policy.yaml:
                               // SecretPolicy/shop"
  std::size_t first_line = 1;  // the line of source.name that the text begins on
};

// What `${release}` and `${namespace}` stand for; nullopt: not known, its use is an error that names the flag.
struct Variables {
  std::optional<std::string> release;
  std::optional<std::string> namespace_name;
};

// Operator texts merge in order, maps key by key, null deletes, lists and scalars replace. Stream documents are
// then added: distinct bundles merge; beside an operator's policy a doubled bundle, and of two stream documents
// a doubled bundle, is an error. Helm values merge in order too: a bundle that they configure a source for takes all
// its sources from them and the rest from the policy that has it, or is one of its own.
// Returns nullopt when there was an error; all are in `diagnostics`.
[[nodiscard]] std::optional<Policy> read_policies(const std::vector<PolicyText>& texts, const Variables& variables,
                                                  base::Diagnostics& diagnostics);

}  // namespace helmme::policy
