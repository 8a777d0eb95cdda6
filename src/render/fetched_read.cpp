#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/text.h"
#include "policy/allow.h"
#include "render/context.h"
#include "render/fetched.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::FetchedReference;
using placeholder::FetchedValue;
using placeholder::Locator;

constexpr const char* k_bundle_name = "fetched";

// Says where a key stands. Only what goes wrong needs that, so the document is parsed once more for it.
class KeyPlaces {
 public:
  explicit KeyPlaces(const Plan& plan) : plan_(plan) {}

  base::Location of(const FetchedKey& key) {
    const manifest::Span& span = key.place.document;
    if (loaded_ == nullptr || loaded_->span != span) {
      const std::string_view stream = plan_.input.stream;
      loaded_ = std::make_unique<Loaded>(span, *manifest::Document::parse(stream.substr(span.begin, span.size()),
                                                                          plan_.input.stream_name, stream, span.begin));
    }
    const auto after = std::find_if(loaded_->objects.begin() + 1, loaded_->objects.end(),
                                    [&](const Object& object) { return object.root > key.place.node; });
    return plan_.places.of(*loaded_, *(after - 1), key.place.node, key.text);
  }

 private:
  const Plan& plan_;
  std::unique_ptr<Loaded> loaded_;  // the document that was asked for last
};

class Fetcher {
 public:
  Fetcher(Plan& plan, base::Diagnostics& diagnostics)
      : plan_(plan), fetched_(plan.fetched), diagnostics_(diagnostics), places_(plan) {}

  // False: there is none, which is reported.
  bool choose_delivery() {
    const std::optional<policy::Policy>& policy = plan_.policy;
    std::optional<policy::Delivery> delivery = plan_.input.deliver;
    if (!delivery && policy) {
      delivery = policy->delivery;
    }
    if (!delivery || *delivery == policy::Delivery::reference) {
      std::vector<std::string> notes = {
          "externalSecret: an ExternalSecret joins the stream, and External Secrets reads the value in the cluster",
          "secret: the value is read now and put into a Secret of the stream, which Helm keeps in the release",
          "inline: the value is read now and stands where the placeholder stood, for all to read"};
      diagnostics_.error(
          {.kind = ErrorKind::bad_input,
           .message = "no delivery is chosen for " + count_of(all_uses(), "fetched reference"),
           .location = places_.of(fetched_.keys().front()),
           .notes = std::move(notes),
           .help = "--deliver externalSecret, secret or inline; --dialect native lets them pass as text"});
      return false;
    }
    fetched_.bundle.name = k_bundle_name;
    fetched_.bundle.location = places_.of(fetched_.keys().front());
    fetched_.bundle.store = policy ? policy->store : std::nullopt;
    fetched_.resolved.bundle = &fetched_.bundle;
    fetched_.resolved.winner = policy::SourceKind::secrets;
    fetched_.resolved.delivery = *delivery;
    fetched_.resolved.secret_name = policy ? policy->target.value_or("") : "";
    fetched_.name_keys();
    return true;
  }

  void read() {
    if (fetched_.resolved.delivery == policy::Delivery::external_secret) {
      refer();
      return;
    }
    if (plan_.input.providers == nullptr) {
      diagnostics_.error({.kind = ErrorKind::bad_input,
                          .message = "this run reads nothing that a placeholder names",
                          .location = places_.of(fetched_.keys().front())});
      for (FetchedKey& key : fetched_.keys()) {
        key.failed = true;
      }
      return;
    }
    std::vector<Item> items;
    for (const FetchedKey& key : fetched_.keys()) {
      items.push_back({key.text, &key.reference});
    }
    std::vector<Result<FetchedValue>> values = read(items);
    auto value = values.begin();
    for (FetchedKey& key : fetched_.keys()) {
      take(key, std::move(*value++));
    }
    report();
  }

 private:
  struct Item {
    std::string_view text;
    const FetchedReference* reference;
  };
  // What went wrong, said once for all who need it.
  struct Problem {
    base::Error error;
    std::size_t uses = 0;
  };

  static std::string count_of(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
  }

  std::size_t all_uses() const {
    std::size_t count = 0;
    for (const FetchedKey& key : plan_.fetched.keys()) {
      count += key.uses;
    }
    return count;
  }

  // Under externalSecret nothing is read: the locators themselves are delivered.
  void refer() {
    for (FetchedKey& key : fetched_.keys()) {
      if (!key.reference.nested.empty()) {
        diagnostics_.error({.kind = ErrorKind::bad_input,
                            .message = "External Secrets can't read a reference inside a reference",
                            .location = places_.of(key),
                            .help = "--deliver secret, or name what is read in full"});
        key.failed = true;
      } else if (const Result<void> allowed = permitted(key.reference.locator); !allowed) {
        base::Error error = allowed.error();
        error.location = places_.of(key);
        diagnostics_.error(std::move(error));
        key.failed = true;
      } else {
        fetched_.resolved.references.emplace(key.name, key.reference);
        fetched_.resolved.origins.emplace(key.name, key.reference.locator.text());
      }
    }
  }

  Result<void> permitted(const Locator& locator) const {
    const bool has_allow = plan_.policy && plan_.policy->allow;
    const bool named = has_allow && policy::is_allowed(plan_.policy->allow, locator);
    const bool goes_to_vals = plan_.policy && plan_.policy->bridge_to_vals;
    if (named || (!has_allow && !(goes_to_vals && provider::chooses_how_it_is_read(locator)))) {
      return {};
    }
    // A pattern in quotes, for "?" and "*" are YAML's, too.
    const std::string pattern = locator.hidden ? "PATTERN" : base::printable(policy::pattern_for(locator));
    return base::fail({.kind = ErrorKind::bad_input,
                       .message = base::printable(locator.text()) +
                                  (has_allow ? " is outside of the policy's allow"
                                             : ": it says itself where and how vals reads it, and no allow names that"),
                       .help = "allow: {" + locator.scheme + ": [\"" + pattern + "\"]}" +
                               (has_allow ? "" : " in the policy, with every other scheme that is read")});
  }

  // Level by level: what stands inside other references first.
  std::vector<Result<FetchedValue>> read(const std::vector<Item>& items) {
    std::vector<Result<FetchedReference>> references = with_nested_read(items);
    std::vector<Locator> locators;
    for (Result<FetchedReference>& reference : references) {
      if (!reference) {
        continue;
      }
      if (Result<void> allowed = permitted(reference->locator); !allowed) {
        reference = base::fail(std::move(allowed).error());
      } else {
        reference = provider::as_asked(*std::move(reference));
        locators.push_back(reference->locator);
      }
    }
    const std::vector<Result<const provider::Answer*>> answers = plan_.input.providers->read_all(locators);
    auto answer = answers.begin();
    std::vector<Result<FetchedValue>> values;
    for (const Result<FetchedReference>& reference : references) {
      if (!reference) {
        values.emplace_back(base::fail(reference.error()));
        continue;
      }
      const Result<const provider::Answer*>& read = *answer++;
      values.push_back(read ? placeholder::evaluate(*reference, as_document(*reference, (*read)->value))
                            : base::fail(read.error()));
    }
    return values;
  }

  // A file that many references walk into is parsed once. What is none is left to evaluate(), which says so.
  const FetchedValue& as_document(const FetchedReference& reference, const FetchedValue& read) {
    const bool walks = reference.dialect == placeholder::Dialect::vals && !reference.path.empty() &&
                       reference.locator.scheme != "echo" && read.kind == FetchedValue::Kind::text;
    if (!walks) {
      return read;
    }
    const auto [place, added] = documents_.try_emplace(&read);
    if (added) {
      if (Result<FetchedValue> parsed = placeholder::parse_yaml(read.scalar.reveal())) {
        place->second = *std::move(parsed);
      }
    }
    return place->second ? *place->second : read;
  }

  std::vector<Result<FetchedReference>> with_nested_read(const std::vector<Item>& items) {
    std::vector<Item> inner;
    for (const Item& item : items) {
      for (const FetchedReference& nested : item.reference->nested) {
        inner.push_back({item.text, &nested});
      }
    }
    std::vector<Result<FetchedValue>> inner_values = inner.empty() ? std::vector<Result<FetchedValue>>() : read(inner);
    auto next = inner_values.begin();
    std::vector<Result<FetchedReference>> out;
    for (const Item& item : items) {
      std::vector<FetchedValue> values;
      std::optional<base::Error> error;
      for (std::size_t i = 0; i < item.reference->nested.size(); ++i, ++next) {
        if (*next) {
          values.push_back(std::move(**next));
        } else {
          error = std::move(*next).error();
        }
      }
      if (error) {
        out.emplace_back(base::fail(*std::move(error)));
      } else if (values.empty()) {
        out.emplace_back(*item.reference);
      } else {
        out.push_back(placeholder::with_nested(item.text, *item.reference, values));
      }
    }
    return out;
  }

  void take(FetchedKey& key, Result<FetchedValue> value) {
    if (value) {
      fetched_.take(key, *std::move(value));
      return;
    }
    if (value.error().kind == ErrorKind::not_found && key.strict_uses == 0) {
      key.missing = true;
      return;
    }
    key.failed = true;
    const auto same = [&](const Problem& one) {
      return one.error.message == value.error().message && one.error.help == value.error().help;
    };
    auto problem = std::find_if(problems_.begin(), problems_.end(), same);
    if (problem == problems_.end()) {
      value.error().location = places_.of(key);
      problem = problems_.insert(problems_.end(), {std::move(value).error()});
    }
    problem->uses += key.uses;
  }

  void report() {
    for (Problem& problem : problems_) {
      if (problem.uses > 1) {
        problem.error.notes.push_back(count_of(problem.uses, "placeholder") + " need it");
      }
      diagnostics_.error(std::move(problem.error));
    }
  }

  Plan& plan_;
  Fetched& fetched_;
  base::Diagnostics& diagnostics_;
  KeyPlaces places_;
  std::vector<Problem> problems_;
  std::map<const FetchedValue*, std::optional<FetchedValue>> documents_;  // texts as YAML
};

}  // namespace

provider::Permissions permissions_of(const policy::Policy& policy) {
  provider::Permissions permissions;
  permissions.bridge_to_vals = policy.bridge_to_vals;
  permissions.has_allow = policy.allow.has_value();
  const auto patterns = [&](const char* scheme) {
    const auto found = policy.allow ? policy.allow->find(scheme) : policy::Allow::const_iterator();
    return policy.allow && found != policy.allow->end() ? found->second : std::vector<std::string>();
  };
  permissions.exec = patterns("exec");
  permissions.https = patterns("https");
  permissions.addresses = patterns("address");
  return permissions;
}

bool read_references(Plan& plan, base::Diagnostics& diagnostics) {
  if (plan.fetched.empty()) {
    return true;
  }
  Fetcher fetcher(plan, diagnostics);
  if (!fetcher.choose_delivery()) {
    return false;
  }
  fetcher.read();
  return true;
}

}  // namespace helmme::render
