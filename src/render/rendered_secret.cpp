// Secrets that the chart renders. Under `reference`, a key whose whole value is a placeholder moves to the Secret that
// has it. Under `secret` and `inline`, and where `replaces` says so, the rendered Secret keeps its name, type and
// labels, and its key gets the value.
#include <algorithm>

#include "base/text.h"
#include "crypto/base64.h"
#include "placeholder/native.h"
#include "render/docker_auth.h"
#include "render/secret_document.h"
#include "render/written_value.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Entry;
using manifest::NodeId;

class RenderedSecret {
 public:
  RenderedSecret(Context& context, const Object& object)
      : context_(context), object_(object), document_(context.loaded.document), values_(context, object) {}

  SecretKeys keys() {
    SecretKeys out;
    for (const std::string_view section : {"data", "stringData"}) {
      const NodeId mapping = document_.at(object_.root, section);
      std::set<NodeId> values;
      for (const Entry& entry : document_.entries(mapping)) {
        const Written written = values_.read(entry.value, section == "data");
        values.insert(written.node);
        if (holds_placeholder(written) &&
            (section == "stringData" || !is_overruled(document_.text(entry.key), written))) {
          decide(std::string(document_.text(entry.key)), written, out);
        }
      }
      refuse_others(mapping, values, section == "data");
    }
    return out;
  }

  void edit(const SecretRewrite& rewrite) {
    edit_section(rewrite, "data");
    edit_section(rewrite, "stringData");
    for (const auto& [key, filled] : rewrite.filled) {
      if (filled.whole && !done_.contains(key)) {
        if (context_.plan.input.redact) {
          added_.push_back({key, manifest::Value::string(redacted(context_.plan, filled))});
        } else {
          add(key, whole(filled));
        }
      }
    }
    finish(rewrite);
  }

 private:
  bool holds_placeholder(const Written& written) const {
    return Plan::may_match(written.text, values_.scope()) && !values_.matches_in(written).empty();
  }

  // stringData wins over data where both have a key, so a placeholder in data means nothing there; that is reported.
  bool is_overruled(std::string_view key, const Written& written) {
    if (!document_.find(document_.at(object_.root, "stringData"), key)) {
      return false;
    }
    context_.error(ErrorKind::bad_input,
                   "this placeholder has no effect: stringData has the key " + base::printable(key) +
                       " too, and Kubernetes takes that",
                   context_.plan.places.of(context_.loaded, object_, written.node),
                   "take the key out of data or out of stringData");
    return true;
  }

  // What is in a section and is no key's value: behind a merge key, in a list or a mapping.
  void refuse_others(NodeId section, const std::set<NodeId>& values, bool is_data) {
    const NodeId end = section == manifest::k_no_node ? 0 : section + document_[section].size;
    for (NodeId node = section; node < end; ++node) {
      if (document_[node].kind != manifest::NodeKind::scalar || values.contains(node)) {
        continue;
      }
      const Written written = values_.read(node, is_data);
      const std::vector<Match> matches = values_.matches_in(written);
      const bool only_escapes = std::all_of(matches.begin(), matches.end(),
                                            [](const Match& match) { return match.kind == Match::Kind::escape; });
      if (!only_escapes && !document_.is_key(node)) {
        context_.error(ErrorKind::bad_input,
                       "a placeholder in a Secret is a value right below its key, and this is not",
                       context_.plan.places.of(context_.loaded, object_, node),
                       "write it as stringData: {KEY: VALUE}, without a merge key, a list or a mapping");
      }
    }
  }

  void edit_section(const SecretRewrite& rewrite, std::string_view section) {
    const NodeId mapping = document_.at(object_.root, section);
    const std::vector<Entry> entries = document_.entries(mapping);
    std::vector<std::size_t> leaving;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string key(document_.text(entries[i].key));
      const auto filled = rewrite.filled.find(key);
      const bool stays = filled == rewrite.filled.end() || (section == "data" && is_overwritten(key, filled->second));
      if (const auto moved = rewrite.moved.find(key); moved != rewrite.moved.end()) {
        leaving.push_back(i);
        context_.record(object_, entries[i].value, in_words(object_.name, key),
                        in_words(moved->second.secret_name, moved->second.key));
      } else if (rewrite.missing.contains(key) ||
                 (!stays && !fill(key, entries[i].value, filled->second, section == "data"))) {
        leaving.push_back(i);
      } else if (stays) {
        size_ += document_.text(entries[i].value).size();  // of data: a little more than it is
      }
    }
    if (section == "data") {
      data_leaving_ = std::move(leaving);  // what is added may take their place
    } else if (!leaving.empty()) {
      context_.accept(context_.loaded.editor.remove(mapping, leaving), object_, mapping);
    }
  }

  // True where stringData has the key too: it is what is filled, and stays unless it turns out to be no text.
  bool is_overwritten(const std::string& key, const SecretRewrite::Filled& filled) const {
    return !filled.whole && document_.find(document_.at(object_.root, "stringData"), key);
  }

  // Puts the value where the key stands; false where stringData can't hold it, and it goes into data.
  bool fill(const std::string& key, NodeId node, const SecretRewrite::Filled& filled, bool is_data) {
    const bool in_data_too = !done_.insert(key).second;
    explain(key, node, filled);
    if (context_.plan.input.redact) {
      context_.accept(context_.loaded.editor.replace(node, manifest::Value::string(redacted(context_.plan, filled))),
                      object_, node);
      return true;
    }
    const Written written = values_.read(node, is_data);
    const std::vector<manifest::Part> parts = filled.whole ? std::vector<manifest::Part>() : parts_of(written);
    const base::Secret value = filled.whole ? whole(filled) : composed(written, parts);
    if (!is_data && !is_text(value.reveal())) {
      const Entry beside = document_.find(document_.at(object_.root, "data"), key);
      if (!in_data_too && beside) {
        put(beside.value, value);
      } else if (!in_data_too) {
        add(key, value);
      }
      return false;
    }
    if (is_data) {
      put(node, value);
      return true;
    }
    size_ += value.size();
    manifest::Editor& editor = context_.loaded.editor;
    if (filled.whole || !written.auths.empty()) {
      context_.accept(editor.replace(node, manifest::Value::string(value.reveal())), object_, node);
    } else {
      context_.accept(editor.replace_parts(written.node, parts), object_, node);
    }
    return true;
  }

  void explain(const std::string& key, NodeId node, const SecretRewrite::Filled& filled) {
    for (const SecretKey& value : filled.values) {
      context_.count(value);
      const std::string name = context_.plan.in_words(value);
      const bool is_fetched = value.bundle == &context_.plan.fetched.resolved;
      context_.record(object_, node,
                      filled.whole ? in_words(object_.name, key)
                      : is_fetched ? name
                                   : "${secret:" + name + "}",
                      is_fetched ? "its value" : "the value of " + name);
    }
  }

  // Where the value of a key of `data` stands.
  void put(NodeId node, const base::Secret& value) {
    size_ += value.size();
    const base::Secret encoded = crypto::encode_base64(value.reveal());
    context_.accept(context_.loaded.editor.replace(node, manifest::Value::string(encoded.reveal())), object_, node);
  }

  void add(const std::string& key, const base::Secret& value) {
    size_ += value.size();
    const base::Secret encoded = crypto::encode_base64(value.reveal());
    added_.push_back({key, manifest::Value::string(encoded.reveal())});
  }

  void decide(const std::string& name, const Written& written, SecretKeys& out) {
    const std::vector<Match> matches = values_.matches_in(written);
    SecretRewrite::Filled filled;
    bool by_reference = false;
    for (const Match& match : matches) {
      if (match.kind == Match::Kind::escape) {
        continue;
      }
      std::optional<SecretKey> key = key_of(context_, object_, written.node, match);
      if (!key) {
        return;
      }
      if (match.fetched != nullptr && !is_there(match, written)) {
        if (matches.size() == 1 && values_.is_whole(written, match)) {
          out.missing.insert(name);
        }
        return;
      }
      if (key->optional && (matches.size() != 1 || !values_.is_whole(written, match))) {
        context_.error(ErrorKind::bad_input, "an optional placeholder stands for a whole value only",
                       context_.plan.places.of(context_.loaded, object_, written.node),
                       "take out the \"?\", or make it the whole value");
        return;
      }
      by_reference = by_reference || key->bundle->delivery == policy::Delivery::reference ||
                     key->bundle->delivery == policy::Delivery::external_secret;
      filled.values.push_back(*std::move(key));
    }
    if (!filled.values.empty() && all_external(filled) && !written.auths.empty()) {
      context_.error(ErrorKind::bad_input, "External Secrets has no template for an auth field in base64",
                     context_.plan.places.of(context_.loaded, object_, written.node),
                     "put the placeholders into username and password beside it, or --deliver secret");
    } else if (!filled.values.empty() && all_external(filled)) {
      out.composed.emplace(name, composed_of(written, matches));
    } else if (!by_reference && (!filled.values.empty() || written.is_base64)) {
      out.filled.insert_or_assign(name, std::move(filled));
    } else if (by_reference && matches.size() == 1 && values_.is_whole(written, matches.front())) {
      out.moved.insert_or_assign(name, std::move(filled.values.front()));
    } else if (by_reference) {
      context_.error(ErrorKind::bad_input, "a placeholder is a part of this Secret's value, which a reference can't be",
                     context_.plan.places.of(context_.loaded, object_, written.node),
                     "make the placeholder the whole value of its key, or compose the text in an env value");
    }
  }

  bool all_external(const SecretRewrite::Filled& filled) const {
    const policy::ResolvedBundle& fetched = context_.plan.fetched.resolved;
    return fetched.delivery == policy::Delivery::external_secret &&
           std::all_of(filled.values.begin(), filled.values.end(),
                       [&](const SecretKey& key) { return key.bundle == &fetched; });
  }

  Composed composed_of(const Written& written, const std::vector<Match>& matches) const {
    Composed composed;
    std::size_t done = 0;
    for (const Match& match : matches) {
      if (match.fetched != nullptr) {
        composed.pieces.push_back(
            {composed.rest + std::string(written.text.substr(done, match.begin - done)), match.fetched->reference});
        composed.rest.clear();
      } else {
        composed.rest.append(written.text.substr(done, match.begin - done)).append(placeholder::k_native_marker);
      }
      done = match.begin + match.length;
    }
    const bool whole = matches.size() == 1 && values_.is_whole(written, matches.front());
    composed.rest.append(whole ? std::string_view() : written.text.substr(done));
    return composed;
  }

  // False where it is missing, or no text can hold it, which is reported.
  bool is_there(const Match& match, const Written& written) const {
    const bool whole = values_.is_whole(written, match);
    const auto place = [&] { return context_.plan.places.of(context_.loaded, object_, written.node); };
    if (match.fetched->missing && !whole) {
      context_.error(ErrorKind::not_found, "what a placeholder in this text stands for is not there", place(),
                     "remove-missing takes out a key that is nothing but the placeholder");
    } else if (!match.fetched->value.is_scalar() && !whole) {
      context_.error(ErrorKind::bad_input, "what a placeholder in this text stands for is a list or map", place(),
                     "name one value of it, or make the placeholder the whole value");
      return false;
    }
    return !match.fetched->missing;
  }

  base::Secret whole(const SecretRewrite::Filled& filled) { return copy_of(value_of(filled.values.front())); }

  base::Secret copy_of(const base::Secret* value) {
    if (value != nullptr && Plan::may_match(value->reveal(), values_.scope())) {
      context_.misread.insert(&object_);
    }
    return value == nullptr ? base::Secret() : value->clone();
  }

  // Each placeholder's value, to stand in its place. One that is all of the text takes a final line end with it.
  std::vector<manifest::Part> parts_of(const Written& written) {
    const std::vector<Match> matches = values_.matches_in(written);
    std::vector<manifest::Part> parts;
    for (const Match& match : matches) {
      if (match.kind == Match::Kind::escape) {
        parts.push_back({match.begin, match.length, std::string(placeholder::k_native_marker)});
        continue;
      }
      const bool all = matches.size() == 1 && values_.is_whole(written, match);
      const bool in_auth = std::any_of(written.auths.begin(), written.auths.end(), [&](const manifest::Span& auth) {
        return match.begin >= auth.begin && match.begin < auth.end;
      });
      base::Secret value = value_at(written, match);
      if (values_.is_docker() && !all && !in_auth) {
        value = as_json_text(written.text, match.begin, value);
      }
      parts.push_back({match.begin, all ? written.text.size() : match.length, std::string(value.reveal())});
    }
    return parts;
  }

  base::Secret value_at(const Written& written, const Match& match) {
    const std::optional<SecretKey> key = key_of(context_, object_, written.node, match);
    return copy_of(key ? value_of(*key) : nullptr);
  }

  static bool is_text(std::string_view bytes) {
    return base::is_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
  }

  // Entries that leave `data` and entries that join it, in one: an added one takes the place of one that leaves, so
  // that there is never something to take out and something to add beside it.
  void edit_data() {
    manifest::Editor& editor = context_.loaded.editor;
    const NodeId data = document_.at(object_.root, "data");
    const std::vector<Entry> entries = document_.entries(data);
    const std::size_t shared = std::min(data_leaving_.size(), added_.size());
    const auto in_place = static_cast<std::ptrdiff_t>(shared);
    for (std::size_t i = 0; i < shared; ++i) {
      const Entry& entry = entries[data_leaving_[i]];
      if (context_.accept(editor.rename_key(entry.key, added_[i].key), object_, entry.key)) {
        context_.accept(editor.replace(entry.value, added_[i].value), object_, entry.value);
      }
    }
    added_.erase(added_.begin(), added_.begin() + in_place);
    data_leaving_.erase(data_leaving_.begin(), data_leaving_.begin() + in_place);
    if (!data_leaving_.empty()) {
      context_.accept(editor.remove(data, data_leaving_), object_, data);
    } else if (!added_.empty() && data == manifest::k_no_node) {
      context_.accept(editor.add_entry(object_.root, "data", manifest::Value::mapping(std::move(added_))), object_,
                      object_.root);
    } else if (!added_.empty()) {
      context_.accept(editor.add_entries(data, added_), object_, data);
    }
  }

  void finish(const SecretRewrite& rewrite) {
    edit_data();
    const bool has_values = std::any_of(rewrite.filled.begin(), rewrite.filled.end(),
                                        [](const auto& entry) { return !entry.second.values.empty(); });
    if (has_values) {
      context_.exposure.filled.insert(object_.name);
    }
    if (size_ > k_secret_size_limit) {
      context_.error(ErrorKind::bad_input, "the values of this Secret are larger than 1 MiB, which Kubernetes refuses",
                     context_.plan.places.of(context_.loaded, object_, object_.root),
                     "spread them over several Secrets");
    }
  }

  Context& context_;
  const Object& object_;
  const manifest::Document& document_;
  WrittenValues values_;
  std::set<std::string> done_;             // filled keys that the chart renders
  std::vector<std::size_t> data_leaving_;  // entries of `data`
  std::vector<manifest::Field> added_;     // values that are no text, and keys that the chart does not render
  std::size_t size_ = 0;                   // of all values, in bytes
};

}  // namespace

std::string redacted(const Plan& plan, const SecretRewrite::Filled& filled) {
  std::vector<std::string> names;
  for (const SecretKey& key : filled.values) {
    names.push_back(plan.in_words(key));
  }
  return std::string(k_redacted) + " of " + base::join_words(names);
}

SecretKeys placeholder_keys(Context& context, const Object& object) { return RenderedSecret(context, object).keys(); }

void edit_rendered_secret(Context& context, const Object& object, const SecretRewrite& rewrite) {
  RenderedSecret(context, object).edit(rewrite);
}

}  // namespace helmme::render
