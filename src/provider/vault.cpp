#include "provider/vault.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "net/url.h"
#include "provider/vault_failure.h"
#include "provider/vault_login.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::FetchedValue;
using placeholder::Locator;
using Kind = VaultAnswer::Kind;

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('/')); }

bool is_under(std::string_view path, const VaultMount& mount) {
  return path.starts_with(mount.path) && path.size() > mount.path.size();
}

const VaultMount* mount_of(const std::vector<VaultMount>& mounts, std::string_view path) {
  const VaultMount* best = nullptr;  // the longest, should one stand in another
  for (const VaultMount& mount : mounts) {
    if (is_under(path, mount) && (best == nullptr || best->path.size() < mount.path.size())) {
      best = &mount;
    }
  }
  return best;
}

}  // namespace

// One call of read_all().
class VaultProvider::Reading {
 public:
  Reading(VaultProvider& provider, std::span<const Locator> locators) : provider_(provider), locators_(locators) {}

  std::vector<Result<Answer>> run() {
    for (const Locator& locator : locators_) {
      wanted_.push_back(want(locator));
    }
    find_mounts();
    plan();
    send();
    retry_other_candidates();
    ask_about_failures();
    std::vector<Result<Answer>> results;
    for (std::size_t i = 0; i < locators_.size(); ++i) {
      results.push_back(result_of(locators_[i], wanted_[i]));
    }
    return results;
  }

 private:
  struct Wanted {
    Result<std::size_t> session;
    std::string path;
    std::vector<std::size_t> reads = {};  // what to try, in order; each is in reads_
    std::size_t tried = 0;                // of those
    std::optional<std::string> near = {};
  };
  struct Read {
    std::size_t session = 0;
    std::string url;  // below /v1/
    VaultLayers layers = VaultLayers::by_look;
    bool sent = false;
    std::optional<base::Error> error = {};
    VaultAnswer answer = {};
  };

  Wanted want(const Locator& locator) {
    Result<std::string> path = vault_path(locator);
    if (!path) {
      return {.session = base::fail(path.error()), .path = {}};
    }
    Result<std::size_t> session = provider_.session_of(locator);
    if (session && !provider_.sessions_[*session].token) {
      base::Error error = provider_.sessions_[*session].token.error();
      session = base::fail(error_about(locator, error.kind, error.message, error.help));
    }
    return {.session = std::move(session), .path = *std::move(path)};
  }

  // One look-up for each first part of a path, until each path's mount is known, or known not to be told. Where a
  // mount's name has slashes, its first look-up tells that, and the next round asks for others of that first part.
  void find_mounts() {
    std::set<std::pair<std::size_t, std::string>> refused;  // session and first part
    while (true) {
      std::vector<std::pair<std::size_t, std::string>> asked;  // session and path
      std::set<std::pair<std::size_t, std::string>> firsts;
      for (const Wanted& wanted : wanted_) {
        if (!wanted.session || is_settled(*wanted.session, wanted.path)) {
          continue;
        }
        const std::pair<std::size_t, std::string> first{*wanted.session, std::string(first_part(wanted.path))};
        const std::pair<std::size_t, std::string> whole{*wanted.session, wanted.path};
        if ((firsts.insert(first).second || refused.contains(first)) &&
            std::find(asked.begin(), asked.end(), whole) == asked.end()) {
          asked.push_back(whole);
        }
      }
      if (asked.empty()) {
        return;
      }
      look_up(asked, refused);
    }
  }

  [[nodiscard]] bool is_settled(std::size_t session, const std::string& path) const {
    const Session& one = provider_.sessions_[session];
    return mount_of(one.mounts, path) != nullptr ||
           std::find(one.unknown.begin(), one.unknown.end(), path) != one.unknown.end();
  }

  void look_up(const std::vector<std::pair<std::size_t, std::string>>& asked,
               std::set<std::pair<std::size_t, std::string>>& refused) {
    std::vector<net::Request> requests;
    requests.reserve(asked.size());
    for (const auto& [session, path] : asked) {
      requests.push_back(request(session, "sys/internal/ui/mounts/" + net::encode_path(path)));
    }
    const std::vector<Result<net::Response>> responses = provider_.client_.send_all(requests, provider_.deadline_);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto& [session, path] = asked[i];
      Session& one = provider_.sessions_[session];
      if (!responses[i]) {
        fail_session(session, responses[i].error());
        continue;
      }
      const VaultAnswer answer = read_answer(*responses[i], VaultLayers::one);
      if (std::optional<VaultMount> mount = read_vault_mount(answer); mount && is_under(path, *mount)) {
        if (std::find(one.mounts.begin(), one.mounts.end(), *mount) == one.mounts.end()) {
          one.mounts.push_back(*std::move(mount));
        }
        continue;
      }
      if (std::optional<base::Error> outage = vault_outage(one.settings, answer);
          outage && answer.status != 404 && answer.status != 405) {
        fail_session(session, *outage);
        continue;
      }
      // Not permitted, or not known to this server: the reading itself will tell.
      one.unknown.push_back(path);
      refused.emplace(session, first_part(path));
    }
  }

  // What no reading of that session can go on with.
  void fail_session(std::size_t session, const base::Error& error) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (wanted_[i].session && *wanted_[i].session == session) {
        wanted_[i].session = base::fail(error_about(locators_[i], error.kind, error.message, error.help));
      }
    }
  }

  void plan() {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      Wanted& wanted = wanted_[i];
      if (!wanted.session) {
        continue;
      }
      const VaultMount* const mount = mount_of(provider_.sessions_[*wanted.session].mounts, wanted.path);
      const std::string& version = locators_[i].version;
      // Behind the name of a namespace; a secret of KV may have any name.
      if (wanted.path.find("/auth/token/") != std::string::npos && (mount == nullptr || !mount->keeps_keys)) {
        wanted.session = base::fail(error_about(locators_[i], ErrorKind::bad_input, k_own_token));
      } else if (mount == nullptr) {
        plan_unknown(wanted, locators_[i]);
      } else if (mount->has_versions) {
        add_read(wanted, vault_api_path(*mount, wanted.path), version, VaultLayers::two);
      } else if (!version.empty()) {
        wanted.session = base::fail(error_about(locators_[i], ErrorKind::bad_input,
                                                "mount " + shown_of(locators_[i], mount->path) + " keeps no versions",
                                                "leave the version out"));
      } else {
        add_read(wanted, wanted.path, version, VaultLayers::one);
      }
    }
  }

  // The mount is not told: KV v2 at the first part is most likely, and a path with `data/` is as the API has it.
  void plan_unknown(Wanted& wanted, const Locator& locator) {
    const std::size_t slash = wanted.path.find('/');
    const auto own = locator.options.find("kv_version");
    const std::string& version =
        own == locator.options.end() ? provider_.sessions_[*wanted.session].settings.kv_version : own->second;
    const bool as_it_is =
        slash == std::string::npos || wanted.path.substr(slash).starts_with("/data/") || version == "1";
    if (!as_it_is) {
      const VaultMount guess{.path = wanted.path.substr(0, slash + 1), .keeps_keys = true, .has_versions = true};
      add_read(wanted, vault_api_path(guess, wanted.path), locator.version, VaultLayers::two);
    }
    add_read(wanted, wanted.path, locator.version, VaultLayers::by_look);
  }

  void add_read(Wanted& wanted, const std::string& path, const std::string& version, VaultLayers layers) {
    const std::string url = net::encode_path(path) + (version.empty() ? "" : "?version=" + version);
    const auto [place, is_new] = by_url_.try_emplace({*wanted.session, url}, reads_.size());
    if (is_new) {
      reads_.push_back({.session = *wanted.session, .url = url, .layers = layers});
    }
    wanted.reads.push_back(place->second);
  }

  // What each locator tries at the moment, as far as it was not asked yet.
  void send() {
    std::vector<std::size_t> which;
    std::vector<net::Request> requests;
    for (const Wanted& wanted : wanted_) {
      if (wanted.session && !reads_[wanted.reads[wanted.tried]].sent) {
        Read& read = reads_[wanted.reads[wanted.tried]];
        read.sent = true;
        which.push_back(wanted.reads[wanted.tried]);
        requests.push_back(request(read.session, read.url));
      }
    }
    const std::vector<Result<net::Response>> responses = provider_.client_.send_all(requests, provider_.deadline_);
    for (std::size_t i = 0; i < which.size(); ++i) {
      Read& read = reads_[which[i]];
      if (responses[i]) {
        read.answer = read_answer(*responses[i], read.layers);
      } else {
        read.error = responses[i].error();
      }
    }
  }

  void retry_other_candidates() {
    bool any = false;
    for (Wanted& wanted : wanted_) {
      if (!wanted.session || wanted.tried + 1 >= wanted.reads.size()) {
        continue;
      }
      const Read& read = reads_[wanted.reads[wanted.tried]];
      const Kind kind = read.answer.kind;
      if (!read.error && (kind == Kind::missing || kind == Kind::denied || kind == Kind::refused ||
                          kind == Kind::malformed || read.answer.status == 405)) {
        ++wanted.tried;
        any = true;
      }
    }
    if (any) {
      send();
    }
  }

  // Who we are, where something is denied; what is near, where something is missing. No answer, no remark.
  void ask_about_failures() {
    std::vector<net::Request> requests;
    std::vector<std::size_t> sessions;
    std::map<std::pair<std::size_t, std::string>, std::size_t> folders;
    for (const Wanted& wanted : wanted_) {
      const Read* const read = read_of(wanted);
      if (read == nullptr || read->error) {
        continue;
      }
      if (read->answer.kind == Kind::denied && !provider_.sessions_[read->session].identity.is_known &&
          std::find(sessions.begin(), sessions.end(), read->session) == sessions.end()) {
        sessions.push_back(read->session);
      }
      if (const std::optional<std::string> folder = folder_url(wanted); folder && read->answer.kind == Kind::missing) {
        folders.try_emplace({read->session, *folder}, folders.size());
      }
    }
    requests.reserve(sessions.size());
    for (const std::size_t session : sessions) {
      requests.push_back(request(session, "auth/token/lookup-self"));
    }
    std::vector<net::Request> lists(folders.size());
    for (const auto& [place, index] : folders) {
      lists[index] = request(place.first, place.second);
    }
    std::move(lists.begin(), lists.end(), std::back_inserter(requests));
    if (requests.empty()) {
      return;
    }
    const std::vector<Result<net::Response>> responses = provider_.client_.send_all(requests, provider_.deadline_);
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (responses[i]) {
        provider_.sessions_[sessions[i]].identity = vault_identity(read_answer(*responses[i], VaultLayers::one));
      }
    }
    for (Wanted& wanted : wanted_) {
      const std::optional<std::string> folder = wanted.session ? folder_url(wanted) : std::nullopt;
      const auto place = folder ? folders.find({*wanted.session, *folder}) : folders.end();
      if (place != folders.end() && responses[sessions.size() + place->second]) {
        wanted.near =
            nearest_secret(wanted.path, read_answer(*responses[sessions.size() + place->second], VaultLayers::one));
      }
    }
  }

  // Where the names beside a KV secret can be listed.
  [[nodiscard]] std::optional<std::string> folder_url(const Wanted& wanted) const {
    const VaultMount* const mount = mount_of(provider_.sessions_[*wanted.session].mounts, wanted.path);
    if (mount == nullptr || !mount->keeps_keys) {
      return std::nullopt;
    }
    const std::string inside = vault_secret_path(*mount, wanted.path);
    const std::size_t slash = inside.rfind('/');
    return net::encode_path(mount->path + (mount->has_versions ? "metadata/" : "") +
                            inside.substr(0, slash == std::string::npos ? 0 : slash)) +
           "?list=true";
  }

  static VaultAnswer read_answer(const net::Response& response, VaultLayers layers) {
    return read_vault_answer(response.status, response.body.reveal(), layers);
  }

  [[nodiscard]] net::Request request(std::size_t session, const std::string& url) const {
    const Session& one = provider_.sessions_[session];
    return vault_request(one.settings, url, &*one.token);
  }

  [[nodiscard]] const Read* read_of(const Wanted& wanted) const {
    return wanted.session ? &reads_[wanted.reads[wanted.tried]] : nullptr;
  }

  [[nodiscard]] Result<Answer> result_of(const Locator& locator, const Wanted& wanted) const {
    const Read* const read = read_of(wanted);
    if (read == nullptr) {
      return base::fail(wanted.session.error());
    }
    if (read->error) {
      return base::fail(error_about(locator, read->error->kind, read->error->message, read->error->help));
    }
    if (read->answer.kind == Kind::data) {
      return Answer{
          .value = read->answer.data.clone(), .version = read->answer.version, .lease_id = read->answer.lease_id};
    }
    const Session& session = provider_.sessions_[read->session];
    return base::fail(vault_failure({.locator = locator,
                                     .settings = session.settings,
                                     .answer = read->answer,
                                     .path = wanted.path,
                                     .api_path = read->url.substr(0, read->url.find('?')),
                                     .near = wanted.near,
                                     .identity = session.identity}));
  }

  VaultProvider& provider_;
  std::span<const Locator> locators_;
  std::vector<Wanted> wanted_;
  std::deque<Read> reads_;
  std::map<std::pair<std::size_t, std::string>, std::size_t> by_url_;
};

VaultProvider::VaultProvider(const base::Environment& environment, net::HttpClient& client, VaultRules rules,
                             net::Deadline deadline)
    : environment_(environment), client_(client), rules_(std::move(rules)), deadline_(deadline) {}

VaultProvider::~VaultProvider() = default;

Result<std::size_t> VaultProvider::session_of(const Locator& locator) {
  TRY_ASSIGN(VaultSettings settings, vault_settings(environment_, locator, rules_));
  const std::string product = settings.product;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    settings.product = sessions_[i].settings.product;  // one server may be asked as vault and as openbao
    if (sessions_[i].settings == settings) {
      return i;
    }
  }
  settings.product = product;
  Result<base::Secret> token = vault_login(settings, rules_, environment_, client_, deadline_);
  sessions_.push_back({.settings = std::move(settings), .token = std::move(token)});
  return sessions_.size() - 1;
}

std::vector<Result<Answer>> VaultProvider::read_all(std::span<const Locator> locators) {
  return Reading(*this, locators).run();
}

}  // namespace helmme::provider
