#include "render/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <unordered_set>

#include "placeholder/fetched_reference.h"
#include "placeholder/native.h"
#include "render/docker_auth.h"

namespace helmme::render {
namespace {

// The next `needle` at or after `from`. memchr for one byte of it that is seldom in manifests beats any search for
// the whole needle.
std::size_t find_next(std::string_view stream, std::string_view needle, std::size_t rare, std::size_t from) {
  std::size_t at = from + rare;
  while (at < stream.size()) {
    const void* hit = std::memchr(stream.data() + at, needle[rare], stream.size() - at);
    if (hit == nullptr) {
      break;
    }
    at = static_cast<std::size_t>(static_cast<const char*>(hit) - stream.data());
    if (stream.compare(at - rare, needle.size(), needle) == 0) {
      return at - rare;
    }
    ++at;
  }
  return std::string_view::npos;
}

// The byte of `needle` that is seldom in manifests: upper case, "$" and digits before lower case.
std::size_t rare_byte(std::string_view needle) {
  const auto rank = [](char c) {
    const std::string_view rarest = "$QZXJKVWYUGHBFOTNLMDRSEICAP0123456789/jqzxkvwbyfghumdlcpisrntaoe";
    return std::min(rarest.find(c), rarest.size());
  };
  return static_cast<std::size_t>(
      std::min_element(needle.begin(), needle.end(), [&](char a, char b) { return rank(a) < rank(b); }) -
      needle.begin());
}

// A text to look for, and the two of its bytes that seldom stand so far from each other in manifests.
struct Needle {
  std::string_view text;
  std::size_t first;
  std::size_t second;
};

// What placeholders of all dialects begin with.
constexpr std::array<Needle, 7> k_markers = {{{placeholder::k_native_marker, 0, 1},
                                              {"ref+", 2, 3},
                                              {"<path:", 0, 1},
                                              {"3cpath:", 0, 2},  // "\u003cpath:", as Helm's toJson has it
                                              {"vault:", 0, 2},
                                              {"bao:", 1, 2},
                                              {"avp.kubernetes.io/path", 1, 2}}};

// Sixteen bytes at a time: where both bytes of a needle may stand, the text is compared.
using Block = unsigned char __attribute__((vector_size(16)));

Block load(const char* bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return block;
}

bool is_any_set(const Block& block) {
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), &block, sizeof block);
  return (halves[0] | halves[1]) != 0;
}

bool stands_at(std::string_view stream, std::size_t at) {
  return std::any_of(k_markers.begin(), k_markers.end(),
                     [&](const Needle& needle) { return stream.compare(at, needle.text.size(), needle.text) == 0; });
}

// The first place at or after `from` where a placeholder's marker stands.
std::size_t find_marker(std::string_view stream, std::size_t from) {
  constexpr std::size_t k_reach = sizeof(Block) + 3;  // no byte that is looked at stands further behind
  std::size_t at = from;
  for (; at + k_reach <= stream.size(); at += sizeof(Block)) {
    Block hits = {};
    for (const Needle& needle : k_markers) {
      const auto first = static_cast<unsigned char>(needle.text[needle.first]);
      const auto second = static_cast<unsigned char>(needle.text[needle.second]);
      hits |= reinterpret_cast<Block>((load(stream.data() + at + needle.first) == first) &
                                      (load(stream.data() + at + needle.second) == second));
    }
    for (std::size_t i = 0; is_any_set(hits) && i < sizeof(Block); ++i) {
      if (hits[i] != 0 && stands_at(stream, at + i)) {
        return at + i;
      }
    }
  }
  for (; at < stream.size(); ++at) {
    if (stands_at(stream, at)) {
      return at;
    }
  }
  return std::string_view::npos;
}

// What Kubernetes' names are made of. In YAML such a name stands between other bytes.
bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::vector<manifest::Span> documents_with_words(std::string_view stream,
                                                 const std::unordered_set<std::string_view>& words) {
  std::vector<manifest::Span> spans;
  for (std::size_t at = 0; at < stream.size();) {
    const auto begin = static_cast<std::size_t>(
        std::find_if(stream.begin() + static_cast<std::ptrdiff_t>(at), stream.end(), is_word_byte) - stream.begin());
    const auto end = static_cast<std::size_t>(
        std::find_if_not(stream.begin() + static_cast<std::ptrdiff_t>(begin), stream.end(), is_word_byte) -
        stream.begin());
    at = end;
    if (words.contains(stream.substr(begin, end - begin))) {
      spans.push_back(manifest::document_at(stream, begin));
      at = std::max(spans.back().end, end);
    }
  }
  return spans;
}

}  // namespace

std::vector<manifest::Span> documents_with(std::string_view stream, std::string_view needle) {
  std::vector<manifest::Span> spans;
  const std::size_t rare = rare_byte(needle);
  for (std::size_t at = find_next(stream, needle, rare, 0); at != std::string_view::npos;) {
    spans.push_back(manifest::document_at(stream, at));
    at = find_next(stream, needle, rare, std::max(spans.back().end, at + 1));
  }
  return spans;
}

std::vector<manifest::Span> documents_naming(std::string_view stream, const std::set<std::string>& names) {
  // Beyond these, one look at each word is faster than one search for each name.
  constexpr std::size_t k_few = 8;
  std::vector<manifest::Span> spans;
  std::unordered_set<std::string_view> words;
  for (const std::string& name : names) {
    const bool is_word = std::all_of(name.begin(), name.end(), is_word_byte);
    if (is_word && names.size() > k_few) {
      words.insert(name);
    } else if (!name.empty()) {
      spans = merge_spans(std::move(spans), documents_with(stream, name));
    }
  }
  return words.empty() ? spans : merge_spans(std::move(spans), documents_with_words(stream, words));
}

std::vector<manifest::Span> documents_with_markers(std::string_view stream) {
  std::vector<manifest::Span> found;
  for (std::size_t at = find_marker(stream, 0); at != std::string_view::npos;) {
    const manifest::Span span = manifest::document_at(stream, at);
    const std::string_view bytes = stream.substr(span.begin, span.size());
    if (bytes.find(placeholder::k_native_marker) != std::string_view::npos || placeholder::may_hold_fetched(bytes)) {
      found.push_back(span);
    }
    at = find_marker(stream, std::max(span.end, at + 1));
  }
  std::vector<manifest::Span> hidden;
  // One look for "Secret" finds the documents in which base64 may hide a placeholder.
  for (const manifest::Span& span : documents_with(stream, "Secret")) {
    const std::string_view bytes = stream.substr(span.begin, span.size());
    // In a docker configuration they may be in base64 twice.
    if (placeholder::may_hold_base64_marker(bytes) || placeholder::may_hold_base64_fetched(bytes) ||
        bytes.find(k_docker_type) != std::string_view::npos) {
      hidden.push_back(span);
    }
  }
  return merge_spans(merge_spans(std::move(found), hidden), documents_with(stream, k_own_api_version));
}

bool is_from_helm_4(std::string_view stream) {
  return stream.find("postrenderer.helm.sh/postrender-filename") != std::string_view::npos;
}

std::string instance_of(std::string_view stream) {
  constexpr std::string_view k_label = "app.kubernetes.io/instance";
  std::string_view instance;
  for (std::size_t at = stream.find(k_label); at != std::string_view::npos; at = stream.find(k_label, at)) {
    at += k_label.size();
    std::string_view rest = stream.substr(at, std::min(stream.find('\n', at), stream.size()) - at);
    const std::size_t begin = rest.find_first_not_of("\"': ");
    if (begin == std::string_view::npos) {
      continue;
    }
    rest.remove_prefix(begin);
    const std::string_view name = rest.substr(0, rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-."));
    if (!instance.empty() && name != instance) {
      return {};
    }
    instance = name;
  }
  return std::string(instance);
}

bool is_utf_16(std::string_view stream) {
  return stream.starts_with("\xFF\xFE") || stream.starts_with("\xFE\xFF") ||
         (stream.size() > 1 && (stream[0] == '\0' || stream[1] == '\0'));
}

std::vector<manifest::Span> merge_spans(std::vector<manifest::Span> a, const std::vector<manifest::Span>& b) {
  std::vector<manifest::Span> out;
  out.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out),
             [](const manifest::Span& x, const manifest::Span& y) { return x.begin < y.begin; });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace helmme::render
