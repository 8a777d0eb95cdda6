// A document that is being worked on: its place in the stream, its objects and its edits.
#pragma once

#include <functional>
#include <vector>

#include "manifest/document.h"
#include "manifest/edit.h"
#include "manifest/split.h"
#include "render/object.h"

namespace helmme::render {

struct Loaded {
  Loaded(manifest::Span where, manifest::Document parsed);
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  manifest::Span span;
  manifest::Document document;
  std::vector<Object> objects;
  std::vector<manifest::Span> secrets;  // the bytes of the Secrets among them, in order
  manifest::Editor editor;
};

// Calls `work(i)` for all i below `count`, on all cores; what it throws is thrown here.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace helmme::render
