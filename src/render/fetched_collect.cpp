#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/base64.h"
#include "render/context.h"
#include "render/docker_auth.h"
#include "render/fetched.h"

namespace helmme::render {
namespace {

using placeholder::FetchedMatch;

// So many documents are read side by side before what is found in them is counted: more would only take memory.
constexpr std::size_t k_batch = 256;

struct Found {
  std::string text;                         // as it is written
  placeholder::FetchedReference reference;  // counted from the begin of `text`
  bool strict;                              // its object can't do without it
  FetchedPlace place;
};

// Looks for references in one document.
class Collector {
 public:
  Collector(const Plan& plan, const Loaded& loaded) : plan_(plan), loaded_(loaded) {}

  std::vector<Found> collect() && {
    for (const Object& object : loaded_.objects) {
      collect_in(object);
    }
    return std::move(found_);
  }

 private:
  void collect_in(const Object& object) {
    const manifest::Document& document = loaded_.document;
    const Scope scope = plan_.scope_of(document, object);
    const manifest::NodeId end = object.root + document[object.root].size;
    const bool is_secret = object.is_core("Secret");
    const bool is_docker = document.text_at(object.root, "type") == k_docker_type;
    const manifest::NodeId data = is_secret ? document.at(object.root, "data") : manifest::k_no_node;
    for (manifest::NodeId node = object.root; node < end; ++node) {
      if (document[node].kind != manifest::NodeKind::scalar) {
        continue;
      }
      const std::string_view value = document[node].value;
      const bool in_data = data != manifest::k_no_node && node > data && node < data + document[data].size;
      const bool may_be_encoded =
          in_data && (is_docker || !scope.annotations.path.empty() || placeholder::may_hold_base64_fetched(value));
      const std::optional<base::Secret> decoded = may_be_encoded ? crypto::decode_base64(value) : std::nullopt;
      const std::string_view text = decoded ? decoded->reveal() : value;
      collect_in(object, scope, node, text);
      if (const std::optional<WrittenOut> with_auths = is_secret ? write_out_auths(text) : std::nullopt) {
        for (const manifest::Span& auth : with_auths->auths) {
          collect_in(object, scope, node, with_auths->text.reveal().substr(auth.begin, auth.size()));
        }
      }
    }
  }

  void collect_in(const Object& object, const Scope& scope, manifest::NodeId node, std::string_view value) {
    for (const FetchedMatch& match : plan_.fetched_in(value, scope)) {
      if (match.kind != FetchedMatch::Kind::reference) {
        continue;  // reported where it is edited
      }
      const std::string_view text = value.substr(match.reference.begin, match.reference.length);
      const bool can_leave = scope.annotations.remove_missing &&
                             match.reference.dialect == placeholder::Dialect::argocd_vault_plugin &&
                             (object.is_core("Secret") || object.is_core("ConfigMap"));
      found_.push_back({std::string(text),
                        placeholder::counted_from(match.reference, match.reference.begin),
                        !can_leave,
                        {loaded_.span, node}});
    }
  }

  const Plan& plan_;
  const Loaded& loaded_;
  std::vector<Found> found_;
};

std::vector<Found> collect(const Plan& plan, const manifest::Span& span) {
  const std::string_view bytes = plan.input.stream.substr(span.begin, span.size());
  if (!placeholder::may_hold_fetched(bytes) && !placeholder::may_hold_base64_fetched(bytes) &&
      bytes.find(k_docker_type) == std::string_view::npos) {
    return {};
  }
  base::Result<manifest::Document> parsed =
      manifest::Document::parse(bytes, plan.input.stream_name, plan.input.stream, span.begin);
  if (!parsed) {
    return {};  // reported where it is edited
  }
  return Collector(plan, Loaded(span, *std::move(parsed))).collect();
}

}  // namespace

void collect_references(Plan& plan, std::span<const manifest::Span> documents) {
  while (!documents.empty()) {
    std::vector<std::vector<Found>> found(std::min(documents.size(), k_batch));
    for_each_in_parallel(found.size(), [&](std::size_t i) { found[i] = collect(plan, documents[i]); });
    for (std::vector<Found>& in_document : found) {
      for (Found& one : in_document) {
        plan.fetched.add(std::move(one.text), std::move(one.reference), one.strict, one.place);
      }
    }
    documents = documents.subspan(found.size());
  }
}

}  // namespace helmme::render
