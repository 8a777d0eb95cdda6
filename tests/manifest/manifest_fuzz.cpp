// Splitting covers any bytes without gap or overlap; an edited document is the original but for the edit.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "manifest/edit.h"
#include "manifest/split.h"

using helmme::manifest::Document;
using helmme::manifest::Editor;
using helmme::manifest::NodeId;
using helmme::manifest::NodeKind;
using helmme::manifest::Span;
using helmme::manifest::Value;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  for (std::size_t at = 0; at < stream.size();) {
    const Span span = helmme::manifest::document_at(stream, at);
    if (span.begin != at || span.end <= at || span.end > stream.size()) {
      std::abort();
    }
    const auto parsed = Document::parse(stream.substr(span.begin, span.size()), "fuzz", stream, span.begin);
    if (parsed) {
      for (NodeId id = 0; id < parsed->nodes().size() && id < 16; ++id) {
        Editor editor(*parsed);
        const auto edited =
            (*parsed)[id].kind == NodeKind::sequence  ? editor.insert_items(id, 0, {Value::string("new")})
            : (*parsed)[id].kind == NodeKind::mapping ? editor.add_entry(id, "new", Value::string("new"))
                                                      : editor.replace(id, Value::string("new"));
        if (edited) {
          (void)editor.apply();  // taken and checked, or found wrong: never a crash
        }
      }
    }
    at = span.end;
  }
  return 0;
}
