// A placeholder of any dialect where it stands in a scalar's value, and which dialects count there.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "placeholder/fetched_reference.h"
#include "placeholder/reference.h"

namespace helmme::render {

struct FetchedKey;

// What an object says of placeholders in it.
struct Scope {
  std::set<placeholder::Dialect> dialects;  // empty: nothing in it is one
  placeholder::ObjectAnnotations annotations;
  std::string unknown = {};  // a word of its annotation helm-me.io/dialects that is no dialect
};

struct Match {
  enum class Kind {
    reference,
    escape,     // "$${secret:"
    malformed,  // `problem` says what is wrong, and `help` what to do
  };
  Kind kind = Kind::reference;
  std::size_t begin = 0;  // in bytes of the value
  std::size_t length = 0;
  placeholder::Reference native;        // of a reference where `fetched` is nullptr
  const FetchedKey* fetched = nullptr;  // what another dialect's reference comes to
  std::string problem = {};
  std::string help = {};
};

}  // namespace helmme::render
