// How to speak of a place in the stream.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "render/loaded.h"

namespace helmme::render {

// Makes locations in one stream. What it takes to count lines and characters is built once, when the first location is
// asked for; any number of threads may ask.
class Places {
 public:
  Places(std::string_view stream, std::string stream_name) : stream_(stream), stream_name_(std::move(stream_name)) {}

  // The place of a node; `excerpt`, where given, is the part of the scalar to underline. Lines that hold a part
  // of a Secret are not shown.
  [[nodiscard]] base::Location of(const Loaded& loaded, const Object& object, manifest::NodeId node,
                                  std::string_view excerpt = {}) const;
  // The line, from 1, of a byte of the stream.
  [[nodiscard]] std::size_t line_of(std::size_t offset) const;

 private:
  struct Before {
    std::size_t lines = 0;
    std::size_t characters = 0;
  };
  // What the stream has before its step-th piece.
  [[nodiscard]] const Before& before_step(std::size_t step) const;
  [[nodiscard]] std::size_t characters_before(std::size_t offset) const;
  void build() const;

  std::string_view stream_;
  std::string stream_name_;
  mutable std::once_flag built_;
  mutable std::vector<Before> before_;
};

}  // namespace helmme::render
