#include "render/scan.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "placeholder/native.h"

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
  std::vector<manifest::Span> found = documents_with(stream, placeholder::k_native_marker);
  std::vector<manifest::Span> hidden;
  // One look for "Secret" finds the documents in which base64 may hide a placeholder.
  for (const manifest::Span& span : documents_with(stream, "Secret")) {
    if (placeholder::may_hold_base64_marker(stream.substr(span.begin, span.size()))) {
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
