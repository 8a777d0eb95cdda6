// All backends of this program behind one door: which scheme is whose, each locator once a run.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "net/http.h"
#include "placeholder/fetched_reference.h"
#include "provider/provider.h"

namespace helmme::provider {

// What a run says of reading. What `allow` in a policy says is checked before a locator gets here.
struct Settings {
  const base::Environment* environment = nullptr;  // must outlive the Providers
  std::string folder = ".";        // what `ref+file://PATH` is relative to, and may not leave, not even by a symlink
  std::vector<std::string> exec;   // programs that `ref+exec://` may run; empty: none
  std::vector<std::string> https;  // hosts that `ref+https://` may ask; empty: none
  std::vector<std::string> addresses;  // servers besides the operator's own that `address=` and files of sops may name
  bool bridge_to_vals = false;         // schemes that are not ours go to an installed `vals`
  bool has_allow = false;              // what options name beside that was held against `allow`
  bool offline = false;                // what needs the network is bad_input, without a request
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  // for all of a run's reading together
};

// What a policy permits, where it is known later than the rest.
struct Permissions {
  std::vector<std::string> exec;
  std::vector<std::string> https;
  std::vector<std::string> addresses;
  bool bridge_to_vals = false;
  bool has_allow = false;
};

// A reference as providers are asked for it: what an installed vals reads, it also walks, for some of its backends
// answer for a key only.
[[nodiscard]] placeholder::FetchedReference as_asked(placeholder::FetchedReference reference);

// True where a reference that goes to vals says itself which server, file or identity it is read with: a chart's may
// only where the policy's `allow` names it. Of schemes that are read here, false.
[[nodiscard]] bool chooses_how_it_is_read(const placeholder::Locator& locator);

class Providers {
 public:
  explicit Providers(Settings settings);
  // For tests: requests go to `client`, which must outlive it.
  Providers(Settings settings, net::HttpClient& client);
  Providers(const Providers&) = delete;
  Providers& operator=(const Providers&) = delete;
  ~Providers();

  // Before the first reading.
  void permit(Permissions permissions);

  // One answer for each locator, in their order; the answers live as long as this object. What was read before is not
  // read again, nor is what has failed. Backends that wait for others are asked at the same time; `timeout` counts from
  // the first call. Errors as Provider::read_all's; of a scheme that nobody serves: bad_input naming `bridge: vals`.
  [[nodiscard]] std::vector<base::Result<const Answer*>> read_all(std::span<const placeholder::Locator> locators);

  // A file of sops that the operator names, see decrypt_sops_file.
  [[nodiscard]] base::Result<placeholder::FetchedValue> decrypt(const std::string& path, const std::string& name) const;

  // True where reading it needs the network, or may: a program that `ref+exec://` or the bridge to vals runs does what
  // it likes. A file of sops does not, unless a key service may be asked for a key, which the reading finds out.
  [[nodiscard]] static bool needs_network(const placeholder::Locator& locator);

  // Once the local store was read: a key of its own that does not change from run to run. nullptr: it was not.
  [[nodiscard]] const base::Secret* digest_key() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace helmme::provider
