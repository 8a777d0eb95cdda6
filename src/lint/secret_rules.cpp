#include "lint/secret_rules.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/secret.h"
#include "crypto/base64.h"
#include "lint/characters.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;

constexpr std::size_t k_shortest_repeated = 8;
constexpr std::size_t k_longest_repeated = 256;
constexpr std::size_t k_shortest_sealed = 100;
constexpr std::string_view k_last_applied = "kubectl.kubernetes.io/last-applied-configuration";

// Keys of a Secret that say who and where, not the secret itself.
bool is_beside_the_secret(std::string_view key) {
  constexpr std::array<std::string_view, 121> k_last = {
      "username",  "user",     "login",    "email",   "host",       "hostname", "port",      "server",   "database",
      "db",        "dbname",   "name",     "url",     "uri",        "endpoint", "region",    "bucket",   "type",
      "namespace", "enabled",  "version",  "id",      "crt",        "cert",     "ca",        "pub",      "mode",
      "path",      "provider", "driver",   "scheme",  "protocol",   "address",  "domain",    "tenant",   "project",
      "insecure",  "sslmode",  "schema",   "zone",    "issuer",     "charset",  "registry",  "mtime",    "time",
      "date",      "hosts",    "owner",    "org",     "repository", "repo",     "image",     "tag",      "level",
      "locale",    "language", "timezone", "tz",      "size",       "timeout",  "interval",  "ttl",      "prefix",
      "suffix",    "format",   "role",     "group",   "class",      "audience", "scope",     "scopes",   "realm",
      "authority", "callback", "origin",   "ip",      "cidr",       "dialect",  "engine",    "encoding", "environment",
      "env",       "release",  "channel",  "title",   "from",       "sender",   "base",      "dn",       "filter",
      "topic",     "queue",    "exchange", "vhost",   "broker",     "brokers",  "service",   "cluster",  "node",
      "nodes",     "master",   "replicas", "workers", "threads",    "max",      "min",       "count",    "limit",
      "retries",   "debug",    "verbose",  "tls",     "ssl",        "method",   "algorithm", "alg",      "site",
      "theme",     "currency", "country",  "account"};
  const std::vector<std::string> words = words_of(key);
  return words.empty() || std::find(k_last.begin(), k_last.end(), words.back()) != k_last.end();
}

// A file of settings: only what it sets can be a secret.
bool is_configuration(std::string_view key, std::string_view value) {
  const std::size_t line = value.find('\n');
  return line != std::string_view::npos && line + 1 < value.size() && !contains(value, "-----BEGIN") &&
         (contains(key, ".") || contains(value, ": ") || contains(value, "=") || contains(value, "</"));
}

class SecretCheck {
 public:
  SecretCheck(Check& check, const Document& document, std::size_t offset, const ObjectTitle& title, bool rendered,
              SecretValues& values)
      : check_(check), document_(document), offset_(offset), title_(title), rendered_(rendered), values_(values) {}

  void run(NodeId root) {
    if (child_text(document_, root, "type") == "helm.sh/release.v1") {
      release(root);
      return;
    }
    visit_leaves(
        document_, root, [&](const Leaf& leaf) { visit(leaf); },
        [](NodeId, const std::vector<Frame>&) { return true; });
  }

 private:
  void release(NodeId root) {
    const NodeId release = child(document_, child(document_, root, "data"), "release");
    if (release != k_no_node && document_[release].kind == NodeKind::scalar) {
      check_.report("HM208", written_span(document_, release, offset_),
                    "a Helm release, with all its values, in " + title_.text(),
                    {"data.release", title_.text(), "release"});
    }
  }

  void visit(const Leaf& leaf) {
    const std::string_view around = leaf.key_above(1);
    if (leaf.key() == k_last_applied) {
      check_.report("HM209", written_span(document_, leaf.id(), offset_),
                    "the last applied configuration of " + title_.text(), {leaf.path(), title_.text(), leaf.key()});
    } else if (leaf.frames().size() == 2 && around == "stringData") {
      literal(leaf, leaf.value(), false);
    } else if (leaf.frames().size() == 2 && around == "data" && classify_value(leaf.value()) != ValueClass::example) {
      const std::optional<base::Secret> decoded = crypto::decode_base64(trim(leaf.value()));
      if (decoded) {
        literal(leaf, decoded->reveal(), true);
      } else if (!is_reference(leaf.value())) {
        literal(leaf, leaf.value(), false);
      }
    }
  }

  void literal(const Leaf& leaf, std::string_view value, bool encoded) {
    // A registry's name may look like an example: "r.example.com".
    const bool registry =
        contains(value, "\"auths\"") && (contains(value, "\"auth\"") || contains(value, "\"password\""));
    const ValueClass kind = registry ? ValueClass::literal : classify_value(value);
    const bool none = kind == ValueClass::nothing || kind == ValueClass::flag || kind == ValueClass::reference ||
                      kind == ValueClass::example || kind == ValueClass::certificate || kind == ValueClass::file;
    if (none || is_reference(leaf.value())) {
      return;
    }
    if (is_configuration(leaf.key(), value)) {
      configuration(leaf, value, encoded);
      return;
    }
    const bool url = !find_url_passwords(value).empty();
    if (!url && (kind == ValueClass::url || is_beside_the_secret(leaf.key()) || is_hash(leaf.key()))) {
      return;
    }
    remember(leaf, value);
    const Span span = written_span(document_, leaf.id(), offset_);
    report(leaf, span, kind == ValueClass::common, leaf.key());
    if (encoded && is_encoded_twice(value)) {
      twice(leaf, span);
    }
  }

  static bool is_hash(std::string_view key) {
    const std::vector<std::string> words = words_of(key);
    return !words.empty() && (words.back() == "hash" || words.back() == "checksum");
  }

  void configuration(const Leaf& leaf, std::string_view value, bool encoded) {
    std::vector<EmbeddedSecret> found = find_in_text(leaf.key(), value);
    const std::vector<EmbeddedSecret> urls = find_url_passwords(value);
    found.insert(found.end(), urls.begin(), urls.end());
    std::sort(found.begin(), found.end(),
              [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span.begin < b.span.begin; });
    WrittenParts parts(document_, leaf.id(), offset_);
    for (const EmbeddedSecret& secret : found) {
      const Span span = encoded ? written_span(document_, leaf.id(), offset_) : parts.of(secret.span);
      report(leaf, span, secret.verdict == Verdict::common, secret.name);
    }
    const Span span = written_span(document_, leaf.id(), offset_);
    if (const TokenMatch* token = encoded ? nullptr : check_.token_in(span)) {
      report(leaf, token->span, false, leaf.key());
    }
  }

  void report(const Leaf& leaf, Span span, bool common, std::string_view key) {
    const Severity severity = rendered_ && !common ? Severity::info : Severity::error;
    std::string message = common ? "a default password that everybody knows in " : "a literal in ";
    message += title_.text() + ": " + shown(leaf.path());
    const bool registry = leaf.key() == ".dockerconfigjson" || leaf.key() == ".dockercfg";
    check_.report(registry ? "HM108" : "HM201", span, std::move(message), {leaf.path(), title_.text(), key}, severity);
  }

  // HM211 stands beside HM201: at the key, since the value's bytes are HM201's.
  void twice(const Leaf& leaf, Span span) {
    check_.report_beside("HM211", span, "a value that is encoded twice in " + title_.text() + ": " + shown(leaf.path()),
                         {leaf.path(), title_.text(), leaf.key()});
  }

  static bool is_encoded_twice(std::string_view value) {
    value = trim(value);
    if (value.size() < 12) {
      return false;
    }
    const std::optional<base::Secret> decoded = crypto::decode_base64(value);
    return decoded && !decoded->empty() && std::all_of(decoded->reveal().begin(), decoded->reveal().end(), [](char c) {
             return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
           });
  }

  void remember(const Leaf& leaf, std::string_view value) {
    value = trim(value);
    const bool made_up = looks_random(value) || (classify_key(leaf.key()) == KeyClass::credential &&
                                                 value.find_first_of("0123456789") != std::string_view::npos);
    if (value.size() >= k_shortest_repeated && value.size() <= k_longest_repeated && !contains(value, "\n") &&
        made_up) {
      values_.values.emplace_back(title_.text() + " " + shown(leaf.path()), base::Secret(value));
    }
  }

  Check& check_;
  const Document& document_;
  std::size_t offset_;
  const ObjectTitle& title_;
  bool rendered_;
  SecretValues& values_;
};

}  // namespace

void check_secret(Check& check, const Document& document, NodeId root, std::size_t offset, const ObjectTitle& title,
                  bool rendered, SecretValues& values) {
  SecretCheck(check, document, offset, title, rendered, values).run(root);
}

namespace {

// The template of an ExternalSecret or SealedSecret, and what should be sealed.
class SecretTemplateCheck {
 public:
  SecretTemplateCheck(Check& check, const Document& document, std::size_t offset, const ObjectTitle& title)
      : check_(check), document_(document), offset_(offset), title_(title) {}

  void visit(const Leaf& leaf) {
    const std::string_view around = leaf.key_above(1);
    if (around == "encryptedData") {
      sealed(leaf);
      return;
    }
    const bool in_template = leaf.key_above(2) == "template" || leaf.key_above(3) == "template";
    if (!in_template || (around != "data" && around != "stringData" && around != "templateFrom")) {
      return;
    }
    if (contains(leaf.value(), "\n")) {
      report_parts(leaf, find_in_text(leaf.key(), leaf.value()), "a literal in the template of ");
    } else if (judge(leaf.key(), leaf.value()) != Verdict::clean) {
      report(leaf, written_span(document_, leaf.id(), offset_), "a literal in the template of ");
    }
    report_parts(leaf, find_url_passwords(leaf.value()), "a password in a URL in the template of ");
  }

 private:
  // Sealed values are long base64; what is not was put there by hand.
  void sealed(const Leaf& leaf) {
    const bool sealed = leaf.value().size() >= k_shortest_sealed || is_reference(leaf.value());
    if (!sealed && judge(KeyClass::credential, leaf.value()) != Verdict::clean) {
      report(leaf, written_span(document_, leaf.id(), offset_), "a value that is not sealed in ");
    }
  }

  void report_parts(const Leaf& leaf, const std::vector<EmbeddedSecret>& found, std::string_view what) {
    WrittenParts parts(document_, leaf.id(), offset_);
    for (const EmbeddedSecret& secret : found) {
      report(leaf, parts.of(secret.span), what);
    }
  }

  void report(const Leaf& leaf, Span span, std::string_view what) {
    check_.report("HM210", span, std::string(what) + title_.text() + ": " + shown(leaf.path()),
                  {leaf.path(), title_.text(), leaf.key()});
  }

  Check& check_;
  const Document& document_;
  std::size_t offset_;
  const ObjectTitle& title_;
};

}  // namespace

void check_secret_template(Check& check, const Document& document, NodeId root, std::size_t offset,
                           const ObjectTitle& title) {
  SecretTemplateCheck templates(check, document, offset, title);
  visit_leaves(
      document, root, [&](const Leaf& leaf) { templates.visit(leaf); },
      [](NodeId, const std::vector<Frame>&) { return true; });
}

}  // namespace helmme::lint
