// The grammar of vals (https://github.com/helmfile/vals, pkg/expansion/expand_match.go and vals.go):
//
//   reference = ( "ref+" / "secretref+" ) scheme "://" path [ "?" name "=" value *( "&" name "=" value ) ]
//               [ "#" [ "/" ] key *( "/" key ) ] [ "+" ]
//
// It ends at "+", which goes with it, at blanks and line ends, and at the end of the text. `secretref` reads what `ref`
// reads. A reference may stand inside another: `ref+vault://ref+env://MOUNT+/shop#/key`; it is read first.
//
// The path is what stands between "://" and "?" or "#", with %XX decoded and nothing else done to it:
//
//   vault, openbao       secret/shop, secret/data/shop: the mount and the path in it, as vals or as the API has it
//   awssecrets           a name (myteam/mykey) or an ARN, whose colons and slashes stay
//   awsssm               a name, mostly without its first "/" (foo/bar for /foo/bar)
//   gcpsecrets           PROJECT/SECRET, or SECRET
//   azurekeyvault        VAULT/SECRET, VAULT/SECRET/VERSION
//   k8s                  v1/Secret/NAMESPACE/NAME, .../NAME/KEY
//   file, sops           /home/shop/x of file:///home/shop/x; ./x and x, relative, of file://./x and file://x
//   env, envsubst        NAME; $NAME or ${NAME}
//   exec                 PROGRAM/ARGUMENT/ARGUMENT, or an absolute path; options args, timeout, trim, env_NAME
//   echo                 the text itself; with keys behind "#", foo/bar/baz is {foo: {bar: baz}} (evaluate() knows)
//   local                a Secret's name
//
// Where vals reads on into what cannot be meant, this does not:
//
//   - quotes, "<", ">", ";", "\", tab and other control characters end a reference, and so does ")", "]" or "}" that
//   closes
//     what was opened before it: (ref+env://X). Inside brackets they stay: state["value"].id. A "," ends it too, except
//     in an option's value (args=a,b), where only a last one and one before another reference do.
//   - one letter is a path. A first path segment may hold "@", "%2B" and colons; vals loses or refuses them.
//   - %2F in a key is no separator.
//   - a value that is read into another reference is taken whole, whatever characters it holds; a "/", "?", "#", "&" or
//     "=" in it still counts.
//   - a missing key is an error, not "<nil>"; null is null; a map is JSON, not Go's map[…]; no message shows a value.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {

// vals' own (maxNestingDepth).
inline constexpr std::size_t k_vals_nesting_limit = 10;

[[nodiscard]] std::vector<FetchedMatch> find_vals(std::string_view value);

// A whole text that is one reference. bad_input: it is none.
[[nodiscard]] base::Result<FetchedReference> parse_vals(std::string_view text);

// See with_nested().
[[nodiscard]] base::Result<FetchedReference> vals_with_nested(std::string_view value, const FetchedReference& reference,
                                                              const std::vector<FetchedValue>& nested);

// See evaluate().
[[nodiscard]] base::Result<FetchedValue> evaluate_vals(const FetchedReference& reference, const FetchedValue& read);

// True where a reference begins in `bytes`.
[[nodiscard]] bool may_hold_vals(std::string_view bytes);

}  // namespace helmme::placeholder
