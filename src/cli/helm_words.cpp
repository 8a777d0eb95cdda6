#include "cli/helm_words.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace helmme::cli {
namespace {

// Flags whose value is the next word, unless it stands behind "=". `--dry-run` and `--wait` take theirs by "=" alone.
constexpr std::array<std::string_view, 44> k_with_value = {"api-versions",
                                                           "burst-limit",
                                                           "ca-file",
                                                           "cert-file",
                                                           "color",
                                                           "colour",
                                                           "content-cache",
                                                           "description",
                                                           "history-max",
                                                           "key-file",
                                                           "keyring",
                                                           "kube-apiserver",
                                                           "kube-as-group",
                                                           "kube-as-user",
                                                           "kube-ca-file",
                                                           "kube-context",
                                                           "kube-token",
                                                           "kube-version",
                                                           "kube-tls-server-name",
                                                           "kubeconfig",
                                                           "labels",
                                                           "name-template",
                                                           "namespace",
                                                           "output",
                                                           "output-dir",
                                                           "password",
                                                           "post-renderer",
                                                           "post-renderer-args",
                                                           "qps",
                                                           "registry-config",
                                                           "repo",
                                                           "repository-cache",
                                                           "repository-config",
                                                           "server-side",
                                                           "set",
                                                           "set-file",
                                                           "set-json",
                                                           "set-literal",
                                                           "set-string",
                                                           "show-only",
                                                           "timeout",
                                                           "username",
                                                           "values",
                                                           "version"};
constexpr std::array<std::string_view, 37> k_without_value = {"atomic",
                                                              "cleanup-on-fail",
                                                              "create-namespace",
                                                              "debug",
                                                              "dependency-update",
                                                              "devel",
                                                              "disable-openapi-validation",
                                                              "dry-run",
                                                              "enable-dns",
                                                              "force",
                                                              "force-conflicts",
                                                              "force-replace",
                                                              "generate-name",
                                                              "help",
                                                              "hide-notes",
                                                              "hide-secret",
                                                              "include-crds",
                                                              "insecure-skip-tls-verify",
                                                              "install",
                                                              "is-upgrade",
                                                              "kube-insecure-skip-tls-verify",
                                                              "no-hooks",
                                                              "pass-credentials",
                                                              "plain-http",
                                                              "release-name",
                                                              "render-subchart-notes",
                                                              "replace",
                                                              "reset-then-reuse-values",
                                                              "reset-values",
                                                              "reuse-values",
                                                              "rollback-on-failure",
                                                              "skip-crds",
                                                              "skip-schema-validation",
                                                              "skip-tests",
                                                              "take-ownership",
                                                              "validate",
                                                              "verify"};
constexpr std::array<std::string_view, 2> k_waits = {"wait", "wait-for-jobs"};
constexpr std::string_view k_short_with_value = "nfoals";
constexpr std::string_view k_short_without_value = "ghi";

constexpr std::array<std::string_view, 3> k_verbs = {"install", "upgrade", "template"};
// Plugins that take a verb as their next word and hand its flags on: helm-secrets and helm-diff.
constexpr std::array<std::string_view, 2> k_passing_plugins = {"secrets", "diff"};

template <typename Set>
bool has(const Set& set, std::string_view word) {
  return std::find(set.begin(), set.end(), word) != set.end();
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  HelmWords read() {
    for (at_ = 0; at_ < words_.size(); ++at_) {
      const std::string_view word = words_[at_];
      if (only_positionals_ || word == "-" || !word.starts_with("-")) {
        positional(word);
      } else if (word == "--") {
        only_positionals_ = true;
      } else if (word.starts_with("--")) {
        long_flag(word.substr(2));
      } else {
        short_flags(word.substr(1));
      }
    }
    if (found_.options_at > 0 && name_is_certain_) {
      if (positionals_.size() == 2) {
        found_.release = positionals_.front();
      } else if (positionals_.size() == 1 && verb_ == "template") {
        found_.release = "release-name";  // what Helm calls it (pkg/cmd/template.go)
      }
    }
    return found_;
  }

 private:
  void positional(std::string_view word) {
    if (found_.options_at > 0) {
      positionals_.emplace_back(word);
      return;
    }
    if (decided_) {
      return;
    }
    const bool passes = has(k_passing_plugins, word) && at_ + 1 < words_.size() && has(k_verbs, words_[at_ + 1]);
    at_ += passes ? 1 : 0;
    verb_ = words_[at_];
    decided_ = true;
    if (has(k_verbs, verb_)) {
      found_.options_at = at_ + 1;
    }
  }

  // The value of a flag that takes one: behind "=", or the next word.
  std::string value(std::optional<std::string_view> attached) {
    if (attached) {
      return std::string(*attached);
    }
    return ++at_ < words_.size() ? words_[at_] : std::string();
  }

  void long_flag(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const std::optional<std::string_view> attached =
        equals == std::string_view::npos ? std::nullopt : std::optional(text.substr(equals + 1));
    if (has(k_with_value, name)) {
      const std::string given = value(attached);
      if (name == "namespace") {
        found_.namespace_name = given;
      }
      found_.has_post_renderer = found_.has_post_renderer || name == "post-renderer";
    }
    const bool known = has(k_with_value, name) || has(k_without_value, name) || has(k_waits, name);
    if (!known || name == "generate-name" || name == "name-template") {
      name_is_certain_ = false;
    }
  }

  void short_flags(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == 'g' || (k_short_with_value.find(text[i]) == std::string_view::npos &&
                             k_short_without_value.find(text[i]) == std::string_view::npos)) {
        name_is_certain_ = false;
      }
      if (k_short_with_value.find(text[i]) != std::string_view::npos) {
        std::string_view rest = text.substr(i + 1);
        rest.remove_prefix(rest.starts_with("=") ? 1 : 0);
        const std::string given = value(i + 1 < text.size() ? std::optional(rest) : std::nullopt);
        if (text[i] == 'n') {
          found_.namespace_name = given;
        }
        return;
      }
    }
  }

  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  bool only_positionals_ = false;
  bool decided_ = false;
  bool name_is_certain_ = true;
  std::string verb_;
  std::vector<std::string> positionals_;
  HelmWords found_;
};

}  // namespace

HelmWords read_helm_words(const std::vector<std::string>& words) { return Reader(words).read(); }

}  // namespace helmme::cli
