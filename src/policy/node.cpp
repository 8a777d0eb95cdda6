#include "policy/node.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/secret.h"
#include "base/text.h"
#include "manifest/document.h"
#include "manifest/split.h"
#include "policy/node_builder.h"

namespace helmme::policy {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

base::Error problem(const TextFile& file, std::size_t offset, std::string message, std::string help = {}) {
  return {.kind = base::ErrorKind::bad_input,
          .message = std::move(message),
          .location = file.locate(offset, 1),
          .notes = {},
          .help = std::move(help)};
}

struct Parsed {
  manifest::Span span;
  manifest::Document document;
};

base::Result<Parsed> parse_span(const TextFile& file, const manifest::Span& span) {
  base::Result<manifest::Document> document =
      manifest::Document::parse(file.text.substr(span.begin, span.size()), file.name, file.text, span.begin);
  if (!document) {
    base::Error error = std::move(document).error();
    error.help.clear();  // it speaks of templates
    if (error.location) {
      error.location->object = file.object;
      error.location->line += file.first_line - 1;
    }
    return base::fail(std::move(error));
  }
  return Parsed{span, *std::move(document)};
}

// The text's one document, nullopt where it has none.
base::Result<std::optional<Parsed>> parse_text(const TextFile& file) {
  if (file.text.size() > k_text_limit) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = file.name + " is larger than 1 MiB",
                       .location = base::Location{.object = file.object, .file = file.name, .snippet = {}}});
  }
  if (file.text.starts_with("\xFF\xFE") || file.text.starts_with("\xFE\xFF")) {
    return base::fail(problem(file, 0, "the text is UTF-16", "iconv -f UTF-16 -t UTF-8"));
  }
  std::optional<Parsed> parsed;
  for (std::size_t at = 0; at < file.text.size();) {
    const manifest::Span span = manifest::document_at(file.text, at);
    at = span.end;
    if (manifest::has_no_content(file.text.substr(span.begin, span.size()))) {
      continue;
    }
    if (parsed) {
      return base::fail(problem(file, span.begin, "a second document stands in the file", "one document a file"));
    }
    TRY_ASSIGN(parsed, parse_span(file, span));
  }
  return parsed;
}

// Gives `node` the place that libyaml saw it in. Where the two readers saw different things, the node of the first.
const Node* first_difference(const Parsed& parsed, manifest::NodeId id, Node& node) {
  const manifest::Document& document = parsed.document;
  const manifest::Node& seen = document[document.resolve(id)];
  node.offset = parsed.span.begin + seen.begin;
  node.end = parsed.span.begin + seen.end;
  switch (node.kind) {
    case Node::Kind::null:
      return document.is_null(id) ? nullptr : &node;
    case Node::Kind::scalar: {
      const bool plain = seen.style == manifest::Style::plain && document.properties(document.resolve(id)).tag.empty();
      const bool same = seen.kind == manifest::NodeKind::scalar && seen.value == node.text && plain == node.plain;
      return same ? nullptr : &node;
    }
    case Node::Kind::sequence: {
      const std::vector<manifest::NodeId> items = document.items(id);
      if (seen.kind != manifest::NodeKind::sequence || items.size() != node.items.size()) {
        return &node;
      }
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (const Node* difference = first_difference(parsed, items[i], node.items[i])) {
          return difference;
        }
      }
      return nullptr;
    }
    case Node::Kind::mapping:
      break;
  }
  const std::vector<manifest::Entry> entries = document.entries(id);
  if (seen.kind != manifest::NodeKind::mapping || entries.size() != node.entries.size()) {
    return &node;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Node* difference = first_difference(parsed, entries[i].key, node.entries[i].key);
    difference = difference == nullptr ? first_difference(parsed, entries[i].value, node.entries[i].value) : difference;
    if (difference != nullptr) {
      return difference;
    }
  }
  return nullptr;
}

base::Result<BuiltNodes> read_text(const TextFile& file) {
  TRY_ASSIGN(const std::optional<Parsed> parsed, parse_text(file));
  if (!parsed) {
    BuiltNodes nothing;
    nothing.root.file = &file;
    return nothing;
  }
  TRY_ASSIGN(BuiltNodes built, build_nodes(file, parsed->span));
  const Node* difference =
      parsed->document.empty() ? &built.root : first_difference(*parsed, manifest::Document::root(), built.root);
  if (difference != nullptr) {
    base::Error error = problem(file, difference->offset, "readers of YAML do not agree on what is written here",
                                "write it on one line, text in double quotes");
    wipe(built.root);
    return base::fail(std::move(error));
  }
  return built;
}

}  // namespace

base::Location TextFile::locate(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, text.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find('\n', offset), text.size());
  const bool redact = all_hidden || std::any_of(hidden.begin(), hidden.end(), [&](const TextRange& range) {
                        return range.begin <= end && range.end >= begin;
                      });
  base::Location location = base::locate(name, text, offset, length, redact);
  location.object = object;
  location.line += first_line - 1;
  return location;
}

const Node* Node::find(std::string_view key) const {
  for (const NodeEntry& entry : entries) {
    if (entry.key.text == key) {
      return &entry.value;
    }
  }
  return nullptr;
}

bool Node::is_empty() const noexcept { return text.empty() && items.empty() && entries.empty(); }

base::Location Node::location() const {
  return file == nullptr ? base::Location{} : file->locate(offset, kind == Kind::scalar ? end - offset : 1);
}

std::string_view Node::kind_name() const noexcept {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "text";
    case Kind::sequence:
      return "a list";
    case Kind::mapping:
      break;
  }
  return "a mapping";
}

bool parse_node(TextFile& file, Node& out, base::Diagnostics& diagnostics, HideLines hide_lines) {
  if (file.text.starts_with(k_byte_order_mark)) {
    file.text.remove_prefix(k_byte_order_mark.size());  // yaml-cpp's marks do not count it
  }
  base::Result<BuiltNodes> built = read_text(file);
  if (!built) {
    diagnostics.error(std::move(built).error());
    return false;
  }
  if (hide_lines != nullptr) {
    hide_lines(built->root, file);
    file.all_hidden = false;
  }
  for (const Node& key : built->doubled) {
    diagnostics.error({.kind = base::ErrorKind::bad_input,
                       .message = "key \"" + key.text + "\" stands twice in its mapping",
                       .location = key.location(),
                       .notes = {},
                       .help = "keep one of the two"});
  }
  out = std::move(built->root);
  return built->doubled.empty();
}

void wipe(Node& node) noexcept {
  base::cleanse(node.text);
  for (Node& item : node.items) {
    wipe(item);
  }
  for (NodeEntry& entry : node.entries) {
    wipe(entry.value);
  }
}

}  // namespace helmme::policy
