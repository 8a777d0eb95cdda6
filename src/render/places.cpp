#include "render/places.h"

#include <algorithm>

#include "base/text.h"

namespace helmme::render {
namespace {

constexpr std::size_t k_step = 1024;
// A longer line is not shown, so nothing of it has to be looked at.
constexpr std::size_t k_long_line = 4096;

// What YAML readers take is UTF-8: each character has one byte that continues none.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

void Places::build() const {
  lines_.push_back(0);
  for (std::size_t at = stream_.find('\n'); at != std::string_view::npos; at = stream_.find('\n', at + 1)) {
    lines_.push_back(at + 1);
  }
  std::size_t count = 0;
  for (std::size_t at = 0; at < stream_.size(); at += k_step) {
    characters_.push_back(count);
    count += count_characters(stream_.substr(at, k_step));
  }
  characters_.push_back(count);
}

const std::vector<std::size_t>& Places::lines() const {
  std::call_once(built_, [this] { build(); });
  return lines_;
}

std::size_t Places::line_of(std::size_t offset) const {
  const std::vector<std::size_t>& begins = lines();
  return static_cast<std::size_t>(std::upper_bound(begins.begin(), begins.end(), offset) - begins.begin());
}

std::size_t Places::characters_before(std::size_t offset) const {
  std::call_once(built_, [this] { build(); });
  const std::size_t step = offset / k_step;
  return characters_[step] + count_characters(stream_.substr(step * k_step, offset % k_step));
}

std::size_t Places::characters(std::size_t begin, std::size_t end) const {
  return characters_before(end) - characters_before(begin);
}

base::Location Places::of(const Loaded& loaded, const Object& object, manifest::NodeId node,
                          std::string_view excerpt) const {
  const manifest::Node& found = loaded.document[node];
  const std::string_view written = loaded.document.bytes().substr(found.begin, found.end - found.begin);
  std::size_t offset = loaded.span.begin + found.begin;
  std::size_t length = std::min(written.find_first_of("\r\n"), written.size());
  if (const std::size_t at = excerpt.empty() ? std::string_view::npos : written.find(excerpt);
      at != std::string_view::npos) {
    offset += at;
    length = excerpt.size();
  }
  const std::size_t line = line_of(offset);
  const std::size_t begin = lines()[line - 1];
  const std::size_t end = line < lines().size() ? lines()[line] : stream_.size();
  // A line may hold a part of a Secret beside the object that is spoken of, as in a List on one line.
  const auto secret =
      std::lower_bound(loaded.secrets.begin(), loaded.secrets.end(), begin,
                       [&](const manifest::Span& one, std::size_t at) { return loaded.span.begin + one.end <= at; });
  const bool shows_secret = secret != loaded.secrets.end() && loaded.span.begin + secret->begin < end;
  base::Location location;
  if (end - begin > k_long_line) {
    location.file = stream_name_;
    location.column = 1 + characters(begin, offset);
  } else {
    location = base::locate(stream_name_, stream_.substr(begin, end - begin), offset - begin, length, shows_secret);
  }
  location.line = line;
  const std::string path = loaded.document.path(node, object.root);
  location.object = object.title() + (path.empty() ? "" : " " + path);
  return location;
}

}  // namespace helmme::render
