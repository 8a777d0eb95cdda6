// token: the life of a token; so far its birth. Makes values as a policy's `generate` says. Uses policy, provider,
// crypto and base.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "policy/policy.h"

namespace helmme::token {

// A value as `how` says: hex (lower case), base64 (RFC 4648, section 4, with padding), characters of an alphabet, each
// as likely as any other, or a UUID of version 4 (RFC 9562, section 5.4); the prefix before it. bad_input: an alphabet
// that is not of two or more different ASCII characters.
[[nodiscard]] base::Result<base::Secret> generate(const policy::Generate& how, crypto::Random& random);

struct Generated {
  std::map<std::string, base::Secret> values;
  std::vector<std::string> without;  // keys that are missing and have neither `generate` nor `default`
};

// Values for the keys that the bundle requires, that have `generate`, and that `there` lacks or `force` names. Each is
// held against its contract: what the bundle itself forbids is bad_input, and nothing is made.
[[nodiscard]] base::Result<Generated> generate_missing(const policy::Bundle& bundle, const std::set<std::string>& there,
                                                       const std::set<std::string>& force, crypto::Random& random);

}  // namespace helmme::token
