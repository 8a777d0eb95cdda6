// manifest: documents, their events and byte-exact edits. Knows YAML and nothing of Kubernetes or secrets.
// Uses base and libyaml.
//
// Splitting is by lines, as YAML's c-forbidden rule (YAML 1.2.2, 9.1.2) demands: a line that starts with "---" or
// "..." followed by white space or its end always ends a document, even inside a block scalar.
#pragma once

#include <cstddef>
#include <string_view>

namespace helmme::manifest {

// A document in a stream, in bytes: from its "---" line (or from the end of what came before) up to the next
// document. Never empty.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
  [[nodiscard]] bool operator==(const Span&) const = default;
};

// The document that holds the byte at `offset` (< stream.size()). Looks only at that document's own lines.
[[nodiscard]] Span document_at(std::string_view stream, std::size_t offset);

// True where nothing but white space, comments and document markers stands.
[[nodiscard]] bool has_no_content(std::string_view bytes);

}  // namespace helmme::manifest
