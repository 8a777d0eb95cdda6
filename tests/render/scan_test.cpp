#include "render/scan.h"

#include <gtest/gtest.h>

namespace helmme::render {
namespace {

using manifest::Span;

TEST(Scan, FindsTheDocumentsThatHoldSomethingOfOurs) {
  const std::string plain = "---\na: 1\n";
  const std::string marked = "---\nb: ${secret:K}${secret:L}\n";
  const std::string hidden = "---\nkind: Secret\ndata: {a: eCR7c2VjcmV0Okt9}\n";  // base64 of "x${secret:K}"
  const std::string own = "---\napiVersion: helm-me/v1alpha1\n";
  const std::string stream = plain + marked + plain + hidden + own + plain;
  const std::size_t at_marked = plain.size();
  const std::size_t at_hidden = 2 * plain.size() + marked.size();
  const std::size_t at_own = at_hidden + hidden.size();
  EXPECT_EQ(
      documents_with_markers(stream),
      (std::vector<Span>{{at_marked, at_marked + marked.size()}, {at_hidden, at_own}, {at_own, at_own + own.size()}}));
  EXPECT_TRUE(documents_with_markers(plain + plain).empty());
  EXPECT_TRUE(documents_with("", "x").empty());
  EXPECT_EQ(documents_with("xx", "xx"), (std::vector<Span>{{0, 2}}));
}

// Sixteen bytes are looked at in one go: wherever in them a marker begins, and however near the end it stands.
TEST(Scan, FindsEachMarkerWhereverItStands) {
  for (const std::string_view marker :
       {"${secret:K}", "ref+env://A", "<path:p#k>", "vault:p#k", "bao:p#k", "avp.kubernetes.io/path: <k>"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (const std::size_t behind : {0U, 1U, 7U, 16U, 33U}) {
        std::string stream(before, 'v');
        stream.append("\n").append(marker).append(behind, 'a');
        EXPECT_EQ(documents_with_markers(stream), (std::vector<Span>{{0, stream.size()}}))
            << marker << " behind " << before << " before " << behind;
        stream.replace(before + 1, 1, "x");
        EXPECT_TRUE(documents_with_markers(stream).empty()) << stream;
      }
    }
  }
}

TEST(Scan, FindsTheDocumentsOfFewNamesAndOfMany) {
  const std::vector<std::string> documents = {"---\na: n1\n",        "---\nb: \"n2\"\n",  "---\nc: n20x\n",
                                              "---\nd: [n3,'n4']\n", "---\n- odd name\n", "---\nn5"};
  std::string stream;
  std::vector<Span> spans;
  for (const std::string& document : documents) {
    spans.push_back({stream.size(), stream.size() + document.size()});
    stream += document;
  }
  std::set<std::string> names = {"", "n2", "n4", "odd name", "n5"};
  const std::vector<Span> expected = {spans[1], spans[3], spans[4], spans[5]};
  EXPECT_EQ(documents_naming(stream, names).size(), 5) << "few: n2 is a part of n20x";
  for (int i = 0; i < 100; ++i) {
    names.insert(std::string("absent-").append(std::to_string(i)));
  }
  EXPECT_EQ(documents_naming(stream, names), expected);
  EXPECT_TRUE(documents_naming(stream, {""}).empty());
}

TEST(Scan, TellsUtf16AndHelm4) {
  EXPECT_TRUE(
      is_utf_16("\xFF\xFE"
                "a"));
  EXPECT_TRUE(is_utf_16(std::string_view("\0a", 2)));
  EXPECT_FALSE(is_utf_16("a: 1"));
  EXPECT_FALSE(is_utf_16(""));
  EXPECT_TRUE(is_from_helm_4("annotations: {postrenderer.helm.sh/postrender-filename: 'a'}"));
}

TEST(Scan, MergesSpansInOrder) {
  EXPECT_EQ(merge_spans({{0, 1}, {5, 6}}, {{2, 3}, {5, 6}}), (std::vector<Span>{{0, 1}, {2, 3}, {5, 6}}));
}

}  // namespace
}  // namespace helmme::render
