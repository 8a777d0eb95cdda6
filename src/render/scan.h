// Finds the documents that have to be parsed, at the speed of memchr: all others are never looked into.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/split.h"

namespace helmme::render {

// apiVersion of the documents that are ours.
inline constexpr std::string_view k_own_api_version = "helm-me/v1alpha1";

// The documents in which `needle` occurs, in order. `needle` is not empty.
[[nodiscard]] std::vector<manifest::Span> documents_with(std::string_view stream, std::string_view needle);

// The documents in which one of `names` occurs, in order. However many names there are, the stream is gone through a few
// times only. Empty names occur nowhere.
[[nodiscard]] std::vector<manifest::Span> documents_naming(std::string_view stream, const std::set<std::string>& names);

// The documents that hold something of ours whatever the policy: a placeholder, one in base64, a helm-me document.
[[nodiscard]] std::vector<manifest::Span> documents_with_markers(std::string_view stream);

// True where some document carries Helm 4's file name annotation.
[[nodiscard]] bool is_from_helm_4(std::string_view stream);

// The release's name as all labels app.kubernetes.io/instance of the stream say it; empty where there is none, or more
// than one.
[[nodiscard]] std::string instance_of(std::string_view stream);

// True where the stream begins as UTF-16 or UTF-32 does (YAML 1.2.2, 5.2).
[[nodiscard]] bool is_utf_16(std::string_view stream);

// Sorted union.
[[nodiscard]] std::vector<manifest::Span> merge_spans(std::vector<manifest::Span> a,
                                                      const std::vector<manifest::Span>& b);

}  // namespace helmme::render
