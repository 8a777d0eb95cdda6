// References of other dialects in the stream, as one bundle of their own: a key for each thing that is read. What
// becomes of a placeholder is then the same whatever its dialect.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "manifest/document.h"
#include "manifest/split.h"
#include "placeholder/fetched_reference.h"
#include "policy/resolve.h"
#include "provider/providers.h"

namespace helmme::render {

struct Plan;

// A scalar of the stream.
struct FetchedPlace {
  manifest::Span document = {};
  manifest::NodeId node = manifest::k_no_node;
};

struct FetchedKey {
  std::string name;                         // in the bundle, and in a Secret that is delivered
  std::string text;                         // as it is written
  placeholder::FetchedReference reference;  // counted from the begin of `text`
  placeholder::FetchedValue value;          // once it is read
  bool missing = false;                     // it is not there, and all who use it said they can do without
  bool failed = false;                      // it could not be read, which is reported
  std::size_t uses = 0;
  std::size_t strict_uses = 0;  // by objects that can't do without it
  FetchedPlace place;           // of the first use; a strict one, where there is any
};

class Fetched {
 public:
  // One more use of a reference, which is all of `text`. `strict`: its object can't do without it.
  void add(std::string text, placeholder::FetchedReference reference, bool strict, FetchedPlace place);
  // nullptr: it was never added.
  [[nodiscard]] const FetchedKey* find(const placeholder::FetchedReference& reference, std::string_view value) const;
  // How what a key stands for is written in the stream.
  [[nodiscard]] std::string text_of(std::string_view key_name) const;
  [[nodiscard]] bool empty() const noexcept { return keys_.empty(); }

  std::deque<FetchedKey>& keys() noexcept { return keys_; }

  // Gives each key its name: the last step of what it reads; where two would have the same, the whole of it. What two
  // dialects read alike has one name.
  void name_keys();
  // What was read for it. Where a dialect makes another text of it than the one before, it gets a name of its own.
  void take(FetchedKey& key, placeholder::FetchedValue value);

  policy::Bundle bundle;            // for messages: it stands in no policy
  policy::ResolvedBundle resolved;  // `values`, or `references` under externalSecret, by the keys' names

 private:
  // The name, or one like it that no key has.
  std::string unused(const std::string& name);

  std::deque<FetchedKey> keys_;
  std::set<std::string> names_;
  std::map<std::string, FetchedKey*, std::less<>> by_identity_;
};

// What a policy's `allow` and `bridge` permit the providers.
[[nodiscard]] provider::Permissions permissions_of(const policy::Policy& policy);

// Collects the references of these documents into `plan.fetched` (fetched_collect.cpp).
void collect_references(Plan& plan, std::span<const manifest::Span> documents);

// Decides how what was collected is delivered, and reads it, all at once. Whatever is wrong with it is reported. False:
// no delivery is chosen, and nothing can be placed (fetched_read.cpp).
[[nodiscard]] bool read_references(Plan& plan, base::Diagnostics& diagnostics);

}  // namespace helmme::render
