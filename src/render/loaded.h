// A document that is being worked on: its place in the stream, its objects, its edits, and how to speak of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "manifest/document.h"
#include "manifest/edit.h"
#include "manifest/split.h"
#include "render/object.h"

namespace helmme::render {

struct Loaded {
  Loaded(manifest::Span where, manifest::Document parsed)
      : span(where), document(std::move(parsed)), objects(objects_of(document, where.begin)), editor(document) {}
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  manifest::Span span;
  manifest::Document document;
  std::vector<Object> objects;
  manifest::Editor editor;
};

// Calls `work(i)` for all i below `count`, on all cores; what it throws is thrown here.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

// Makes locations in one stream.
class Places {
 public:
  Places(std::string_view stream, std::string stream_name) : stream_(stream), stream_name_(std::move(stream_name)) {}

  // The place of a node; `excerpt`, where given, is the part of the scalar to underline. A Secret's lines are not
  // shown.
  [[nodiscard]] base::Location of(const Loaded& loaded, const Object& object, manifest::NodeId node,
                                  std::string_view excerpt = {}) const;

 private:
  std::string_view stream_;
  std::string stream_name_;
};

}  // namespace helmme::render
