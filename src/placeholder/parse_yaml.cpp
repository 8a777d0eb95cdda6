// By libyaml: the parser that Go's was ported from, so what it takes is what Kubernetes takes.
#include <yaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "crypto/base64.h"
#include "placeholder/fetched_value.h"
#include "placeholder/value_builder.h"
#include "placeholder/yaml_scalar.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;

// In bytes of scalars and keys, with what a node takes beside them.
constexpr std::size_t k_alias_limit = 4U << 20U;
constexpr std::size_t k_node_weight = sizeof(FetchedValue);
constexpr std::string_view k_tag_prefix = "tag:yaml.org,2002:";

struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;  // NOLINT(cppcoreguidelines-owning-memory)
  }
};

struct EventDeleter {
  void operator()(yaml_event_t* event) const {
    if (event->type == YAML_SCALAR_EVENT) {
      base::cleanse({reinterpret_cast<char*>(event->data.scalar.value), event->data.scalar.length});
    }
    yaml_event_delete(event);
  }
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::size_t weight(const FetchedValue& value) {
  std::size_t out = k_node_weight + value.scalar.size();
  for (const FetchedValue& item : value.items) {
    out += weight(item);
  }
  for (const FetchedValue::Entry& entry : value.entries) {
    out += entry.first.size() + weight(entry.second);
  }
  return out;
}

class YamlReader {
 public:
  explicit YamlReader(std::string_view text) : text_(text) {}

  base::Result<FetchedValue> read() {
    const std::unique_ptr<yaml_parser_t, ParserDeleter> parser(new yaml_parser_t{});
    if (yaml_parser_initialize(parser.get()) == 0) {
      return base::fail({.kind = base::ErrorKind::internal, .message = "out of memory"});
    }
    yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
    for (bool done = false; !done;) {
      yaml_event_t room;
      if (yaml_parser_parse(parser.get(), &room) == 0) {
        return problem(parser->error == YAML_READER_ERROR ? parser->problem_offset : byte(parser->problem_mark.index));
      }
      const std::unique_ptr<yaml_event_t, EventDeleter> event(&room);
      done = event->type == YAML_STREAM_END_EVENT;
      if (std::string why = take(*event); !why.empty()) {
        return problem(byte(event->start_mark.index), why);
      }
    }
    return std::move(builder_.root());
  }

 private:
  struct Level {
    Kind kind;
    std::string anchor;
    bool at_key;
    std::optional<FetchedValue> merged = std::nullopt;  // what stands behind "<<"
    bool merging = false;
  };

  base::Result<FetchedValue> problem(std::size_t at, const std::string& why = {}) const {
    return base::fail(
        {.kind = base::ErrorKind::bad_input,
         .message = "not valid YAML: " + (why.empty() ? std::string() : why + " ") + "at byte " + std::to_string(at)});
  }

  // libyaml counts characters.
  [[nodiscard]] std::size_t byte(std::size_t character) const {
    std::size_t at = 0;
    for (; at < text_.size() && (character > 0 || (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U); ++at) {
      if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) {
        --character;
      }
    }
    return at;
  }

  // What is wrong, if anything.
  std::string take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ > 1 ? "a second document begins" : "";
      case YAML_ALIAS_EVENT:
        return alias(view(event.data.alias.anchor));
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(Kind::list, view(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        return open(Kind::map, view(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return close();
      default:
        return {};
    }
  }

  [[nodiscard]] bool at_key() const { return !levels_.empty() && levels_.back().at_key; }

  std::string open(Kind kind, std::string_view anchor) {
    if (at_key()) {
      return "a list or map as a key";
    }
    if (!builder_.open(kind)) {
      return "nested more than " + std::to_string(k_value_depth_limit) + " levels deep";
    }
    levels_.push_back({.kind = kind, .anchor = std::string(anchor), .at_key = kind == Kind::map});
    return {};
  }

  std::string close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (level.merged) {
      if (std::string why = merge(std::move(*level.merged)); !why.empty()) {
        return why;
      }
    }
    builder_.close();
    return added(level.anchor);
  }

  std::string scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    if (at_key()) {
      return key(text, plain && data.tag == nullptr && text == "<<", view(data.anchor));
    }
    std::optional<FetchedValue> value = typed(text, view(data.tag), plain);
    if (!value) {
      return "a scalar does not fit its tag";
    }
    builder_.add(std::move(*value));
    return added(view(data.anchor));
  }

  // Keys are names: as they are written, whatever their type would be.
  std::string key(std::string_view name, bool is_merge, std::string_view anchor) {
    if (!anchor.empty()) {
      anchors_[std::string(anchor)] = FetchedValue::text(name);
    }
    Level& level = levels_.back();
    level.at_key = false;
    level.merging = is_merge;
    return builder_.key(name) && !(is_merge && level.merged) ? "" : "a key stands twice in one map";
  }

  static std::optional<FetchedValue> typed(std::string_view text, std::string_view tag, bool plain) {
    if (tag.starts_with(k_tag_prefix)) {
      tag.remove_prefix(k_tag_prefix.size());
    } else if (!tag.empty()) {
      return FetchedValue::text(text);
    }
    if (tag == "binary") {
      const std::optional<base::Secret> bytes = crypto::decode_base64(text);
      return bytes ? std::optional(FetchedValue::text(bytes->reveal())) : std::nullopt;
    }
    constexpr std::string_view k_typed_tags = " null bool int float ";
    const bool typed_tag = !tag.empty() && k_typed_tags.find(" " + std::string(tag) + " ") != std::string_view::npos;
    if (!typed_tag && (!tag.empty() || !plain)) {
      return FetchedValue::text(text);
    }
    const YamlType type = type_of_plain(text);
    const Kind wanted = tag == "null" ? Kind::null : tag == "bool" ? Kind::boolean : Kind::number;
    if (typed_tag && type.kind != wanted) {
      return std::nullopt;
    }
    FetchedValue value = FetchedValue::text(type.kind == Kind::boolean ? (type.truth ? "true" : "false")
                                            : type.kind == Kind::null  ? ""
                                                                       : text);
    value.kind = type.kind;
    return value;
  }

  std::string alias(std::string_view name) {
    const auto found = anchors_.find(std::string(name));
    if (found == anchors_.end()) {
      return "an alias of an anchor that is not there";
    }
    if (at_key()) {
      if (found->second.kind == Kind::list || found->second.kind == Kind::map) {
        return "a list or map as a key";
      }
      const base::Secret text = to_text(found->second);
      return key(text.reveal(), false, {});
    }
    return copy(found->second, [&](FetchedValue value) { builder_.add(std::move(value)); }, {});
  }

  template <typename Use>
  std::string copy(const FetchedValue& value, const Use& use, std::string_view anchor) {
    copied_ += weight(value);
    if (copied_ > k_alias_limit) {
      return "anchors and aliases repeat more than 4 MiB";
    }
    use(value.clone());
    return anchor.empty() ? added({}) : "";
  }

  // Behind everything that was put into the level that is open now.
  std::string added(std::string_view anchor) {
    if (!anchor.empty()) {
      if (std::string why = copy(
              builder_.last(), [&](FetchedValue value) { anchors_[std::string(anchor)] = std::move(value); }, anchor);
          !why.empty()) {
        return why;
      }
    }
    if (levels_.empty() || levels_.back().kind != Kind::map) {
      return {};
    }
    Level& level = levels_.back();
    level.at_key = true;
    if (level.merging) {
      level.merging = false;
      level.merged = builder_.take_last();
    }
    return {};
  }

  // https://yaml.org/type/merge.html: what the map says itself wins, then what stands first. Called with the map's
  // level closed and the builder's map still open.
  std::string merge(FetchedValue merged) {
    std::vector<FetchedValue> maps;
    if (merged.kind == Kind::list) {
      maps = std::move(merged.items);
    } else {
      maps.push_back(std::move(merged));
    }
    for (FetchedValue& map : maps) {
      if (map.kind != Kind::map) {
        return "a merge (<<) of something that is no map";
      }
      for (FetchedValue::Entry& entry : map.entries) {
        if (builder_.key(entry.first)) {
          builder_.add(std::move(entry.second));
        }
      }
    }
    return {};
  }

  std::string_view text_;
  ValueBuilder builder_;
  std::vector<Level> levels_;
  std::map<std::string, FetchedValue> anchors_;
  std::size_t copied_ = 0;
  int documents_ = 0;
};

}  // namespace

base::Result<FetchedValue> parse_yaml(std::string_view text) { return YamlReader(text).read(); }

}  // namespace helmme::placeholder
