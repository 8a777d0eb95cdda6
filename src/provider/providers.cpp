#include "provider/providers.h"

#include <algorithm>
#include <array>
#include <future>
#include <set>
#include <utility>

#include "base/heap.h"
#include "base/text.h"
#include "crypto/random.h"
#include "net/curl_client.h"
#include "provider/environment.h"
#include "provider/exec.h"
#include "provider/file.h"
#include "provider/https.h"
#include "provider/local_provider.h"
#include "provider/sops.h"
#include "provider/vals_bridge.h"
#include "provider/vault.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::Locator;

enum class Backend { local, file, env, envsubst, echo, sops, exec, https, vault, vals };

struct Scheme {
  std::string_view name;
  Backend backend;
  bool needs_network;
};

// All that this program reads itself. What is not here goes to `vals`, where the policy says so.
constexpr std::array<Scheme, 11> k_schemes = {{{"local", Backend::local, false},
                                               {"file", Backend::file, false},
                                               {"env", Backend::env, false},
                                               {"envsubst", Backend::envsubst, false},
                                               {"echo", Backend::echo, false},
                                               {"sops", Backend::sops, false},
                                               {"exec", Backend::exec, true},
                                               {"https", Backend::https, true},
                                               {"vault", Backend::vault, true},
                                               {"openbao", Backend::vault, true},
                                               {"bao", Backend::vault, true}}};

const Scheme* scheme_of(const Locator& locator) {
  const auto* const found =
      std::find_if(k_schemes.begin(), k_schemes.end(), [&](const Scheme& one) { return one.name == locator.scheme; });
  return found == k_schemes.end() ? nullptr : found;
}

// Those that may take their time, and are asked at the same time.
bool waits(Backend backend) {
  return backend == Backend::sops || backend == Backend::exec || backend == Backend::https ||
         backend == Backend::vault || backend == Backend::vals;
}

base::Error unknown_scheme(const Locator& locator) {
  std::vector<std::string> names;
  names.reserve(k_schemes.size());
  for (const Scheme& scheme : k_schemes) {
    names.emplace_back(scheme.name);
  }
  const std::optional<std::string> near = base::nearest(locator.scheme, names);
  return error_about(
      locator, ErrorKind::bad_input, "nothing here reads scheme \"" + base::printable(locator.scheme) + "\"",
      near ? "did you mean " + *near + "? otherwise bridge: vals in the policy has an installed vals read it"
           : "bridge: vals in the policy has an installed vals read it");
}

}  // namespace

placeholder::FetchedReference as_asked(placeholder::FetchedReference reference) {
  if (reference.dialect == placeholder::Dialect::vals && scheme_of(reference.locator) == nullptr) {
    reference.locator.keys = std::move(reference.path);
    reference.path.clear();
  }
  return reference;
}

bool chooses_how_it_is_read(const Locator& locator) {
  if (scheme_of(locator) != nullptr) {
    return false;
  }
  // Of these the path names a secret at the operator's own account; of any other it may name a host or a file.
  constexpr std::array<std::string_view, 22> k_plain = {"awssecrets",
                                                        "awsssm",
                                                        "awskms",
                                                        "s3",
                                                        "gcpsecrets",
                                                        "gcs",
                                                        "gkms",
                                                        "googlesheets",
                                                        "k8s",
                                                        "doppler",
                                                        "op",
                                                        "bw",
                                                        "onepasswordconnect",
                                                        "conjur",
                                                        "hcpvaultsecrets",
                                                        "infisical",
                                                        "scw",
                                                        "servercore",
                                                        "oci",
                                                        "yclockbox",
                                                        "keychain",
                                                        "pulumistateapi"};
  // They name a part of that account.
  constexpr std::array<std::string_view, 16> k_parts = {
      "project", "project_id", "location",     "keyring",     "key",  "crypto_key", "alg",      "context",
      "path",    "stack",      "organization", "environment", "trim", "recursive",  "optional", "generation"};
  const auto is_in = [](const auto& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  return !is_in(k_plain, locator.scheme) ||
         std::any_of(locator.options.begin(), locator.options.end(), [&](const auto& option) {
           return !placeholder::only_selects(option.first) && !is_in(k_parts, option.first);
         });
}

struct Providers::State {
  Settings settings;
  net::HttpClient* client = nullptr;  // nullptr: each backend has one of its own
  std::optional<net::Deadline> deadline = std::nullopt;
  crypto::SystemRandom random = {};
  std::map<Backend, std::unique_ptr<net::HttpClient>> clients = {};
  std::map<Backend, std::unique_ptr<Provider>> backends = {};
  const LocalProvider* local = nullptr;
  std::map<Locator, Result<Answer>> answers = {};

  net::HttpClient& client_of(Backend backend) {
    if (client != nullptr) {
      return *client;
    }
    std::unique_ptr<net::HttpClient>& own = clients[backend];
    if (!own) {
      own = std::make_unique<net::CurlClient>();
    }
    return *own;
  }

  [[nodiscard]] VaultRules vault_rules() const {
    return {.addresses = settings.addresses, .folder = settings.folder, .has_allow = settings.has_allow};
  }

  [[nodiscard]] SopsRules sops_rules() const {
    return {.environment = settings.environment, .addresses = settings.addresses, .offline = settings.offline};
  }

  std::unique_ptr<Provider> make(Backend backend) {
    const base::Environment& environment = *settings.environment;
    switch (backend) {
      case Backend::local: {
        auto made = std::make_unique<LocalProvider>(environment, random);
        local = made.get();
        return made;
      }
      case Backend::file:
        return std::make_unique<FileProvider>(settings.folder);
      case Backend::env:
        return std::make_unique<EnvProvider>(environment);
      case Backend::envsubst:
        return std::make_unique<EnvsubstProvider>(environment);
      case Backend::echo:
        return std::make_unique<EchoProvider>();
      case Backend::sops:
        return std::make_unique<SopsProvider>(settings.folder, *deadline, sops_rules());
      case Backend::exec:
        return std::make_unique<ExecProvider>(environment, settings.exec, *deadline);
      case Backend::https:
        return std::make_unique<HttpsProvider>(client_of(backend), settings.https,
                                               // As Go's programs have it.
                                               net::Tls{.ca_file = environment.get("SSL_CERT_FILE").value_or("")},
                                               *deadline);
      case Backend::vault:
        return std::make_unique<VaultProvider>(environment, client_of(backend), vault_rules(), *deadline);
      case Backend::vals:
        return std::make_unique<ValsBridge>(*deadline);
    }
    return nullptr;
  }

  Provider& backend_of(Backend backend) {
    std::unique_ptr<Provider>& one = backends[backend];
    if (!one) {
      one = make(backend);
    }
    return *one;
  }

  // Who reads it; an error: nobody may.
  [[nodiscard]] Result<Backend> reader_of(const Locator& locator) const {
    const Scheme* const scheme = scheme_of(locator);
    if (scheme == nullptr && !settings.bridge_to_vals) {
      return base::fail(unknown_scheme(locator));
    }
    if (settings.offline && needs_network(locator)) {
      return base::fail(error_about(locator, ErrorKind::bad_input, "needs the network, and this run is offline",
                                    "run without --offline"));
    }
    return scheme == nullptr ? Backend::vals : scheme->backend;
  }

  void read(const std::map<Backend, std::vector<Locator>>& wanted) {
    using Results = std::vector<Result<Answer>>;
    std::vector<std::pair<Backend, std::future<Results>>> waited;
    for (const auto& [backend, locators] : wanted) {
      Provider& provider = backend_of(backend);
      const auto how = waits(backend) && wanted.size() > 1 ? std::launch::async : std::launch::deferred;
      waited.emplace_back(backend, std::async(how, [&provider, &of = locators] { return provider.read_all(of); }));
    }
    for (auto& [backend, future] : waited) {
      Results results = future.get();
      const std::vector<Locator>& locators = wanted.at(backend);
      for (std::size_t i = 0; i < locators.size(); ++i) {
        answers.emplace(locators[i], std::move(results[i]));
      }
    }
  }
};

Providers::Providers(Settings settings) : state_(std::make_unique<State>(State{.settings = std::move(settings)})) {}

Providers::Providers(Settings settings, net::HttpClient& client) : Providers(std::move(settings)) {
  state_->client = &client;
}

Providers::~Providers() = default;

void Providers::permit(Permissions permissions) {
  Settings& settings = state_->settings;
  settings.exec = std::move(permissions.exec);
  settings.https = std::move(permissions.https);
  settings.addresses = std::move(permissions.addresses);
  settings.bridge_to_vals = permissions.bridge_to_vals;
  settings.has_allow = permissions.has_allow;
}

std::vector<Result<const Answer*>> Providers::read_all(std::span<const Locator> locators) {
  State& state = *state_;
  if (!state.deadline) {
    base::wipe_freed_memory();
    state.deadline = std::chrono::steady_clock::now() + state.settings.timeout;
  }
  std::map<Backend, std::vector<Locator>> wanted;
  std::set<Locator> asked;
  for (const Locator& locator : locators) {
    if (state.answers.contains(locator)) {
      continue;
    }
    if (const Result<Backend> backend = state.reader_of(locator); !backend) {
      state.answers.emplace(locator, base::fail(backend.error()));
    } else if (asked.insert(locator).second) {
      wanted[*backend].push_back(locator);
    }
  }
  state.read(wanted);
  std::vector<Result<const Answer*>> results;
  for (const Locator& locator : locators) {
    const Result<Answer>& answer = state.answers.at(locator);
    results.push_back(answer ? Result<const Answer*>(&*answer) : base::fail(answer.error()));
  }
  return results;
}

Result<placeholder::FetchedValue> Providers::decrypt(const std::string& path, const std::string& name) const {
  return decrypt_sops_file(path, name, std::chrono::steady_clock::now() + state_->settings.timeout,
                           state_->sops_rules());
}

bool Providers::needs_network(const Locator& locator) {
  const Scheme* const scheme = scheme_of(locator);
  return scheme == nullptr || scheme->needs_network;
}

const base::Secret* Providers::digest_key() const {
  return state_->local != nullptr ? state_->local->digest_key() : nullptr;
}

}  // namespace helmme::provider
