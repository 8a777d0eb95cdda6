#include "render/places.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "manifest/split.h"

namespace helmme::render {
namespace {

// Each scalar of a stream, spoken of by Places and by base::locate(), which counts from the stream's start.
void expect_same_places(const std::string& stream) {
  const Places places(stream, "stdin");
  for (std::size_t at = 0; at < stream.size();) {
    const manifest::Span span = manifest::document_at(stream, at);
    at = span.end;
    const std::string_view bytes = std::string_view(stream).substr(span.begin, span.size());
    base::Result<manifest::Document> parsed = manifest::Document::parse(bytes, "stdin", stream, span.begin);
    ASSERT_TRUE(parsed);
    const Loaded loaded(span, *std::move(parsed));
    for (manifest::NodeId node = 0; node < loaded.document.nodes().size(); ++node) {
      const base::Location place = places.of(loaded, loaded.objects.front(), node);
      const base::Location counted =
          base::locate("stdin", stream, span.begin + loaded.document[node].begin, 1, place.snippet.empty());
      EXPECT_EQ(place.line, counted.line);
      EXPECT_EQ(place.column, counted.column);
      EXPECT_EQ(place.snippet, counted.snippet);
      EXPECT_EQ(places.line_of(span.begin + loaded.document[node].begin), counted.line);
    }
  }
}

TEST(Places, CountLinesAndCharactersAsLocateDoes) {
  std::string stream = "---\nkind: A\nmetadata: {name: \xc3\xa9, of: \xe2\x82\xac}\n";
  std::string flow = "{kind: A, list: [x";
  for (int i = 0; i < 700; ++i) {
    stream += "a" + std::to_string(i) + ": '\xc3\xa9\xc3\xa9' # \xf0\x9f\x94\x91\r\n";
    flow += ", '\xc3\xa9" + std::to_string(i) + "'";
  }
  stream += "---\n" + flow + "]}\n---\n" + flow + ", last]}";
  expect_same_places(stream);
  expect_same_places("kind: A");
}

}  // namespace
}  // namespace helmme::render
