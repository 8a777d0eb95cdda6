#include "render/places.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace helmme::render {
namespace {

constexpr std::size_t k_step = 1024;
// A longer line is not shown, so nothing of it has to be looked at.
constexpr std::size_t k_long_line = 4096;

// How many bytes of a step, or of less, are wanted: a narrow counter lets the compiler count many at once.
template <typename Wanted>
std::size_t count(std::string_view step, const Wanted& wanted) {
  std::uint16_t found = 0;
  for (const char c : step) {
    found = static_cast<std::uint16_t>(found + (wanted(c) ? 1 : 0));
  }
  return found;
}

constexpr auto ends_line = [](char c) { return c == '\n'; };

// What YAML readers take is UTF-8: each character has one byte that continues none.
constexpr auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };

}  // namespace

void Places::build() const {
  Before sum;
  for (std::size_t at = 0; at < stream_.size(); at += k_step) {
    before_.push_back(sum);
    const std::string_view step = stream_.substr(at, k_step);
    sum.lines += count(step, ends_line);
    sum.characters += count(step, begins_character);
  }
  before_.push_back(sum);
}

const Places::Before& Places::before_step(std::size_t step) const {
  std::call_once(built_, [this] { build(); });
  return before_[step];
}

std::size_t Places::line_of(std::size_t offset) const {
  const std::size_t step = offset / k_step;
  return 1 + before_step(step).lines + count(stream_.substr(step * k_step, offset % k_step), ends_line);
}

std::size_t Places::characters_before(std::size_t offset) const {
  const std::size_t step = offset / k_step;
  return before_step(step).characters + count(stream_.substr(step * k_step, offset % k_step), begins_character);
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
  const std::size_t begin = offset == 0 ? 0 : stream_.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  const std::size_t end = std::min(stream_.find('\n', offset), stream_.size() - 1) + 1;
  // A line may hold a part of a Secret beside the object that is spoken of, as in a List on one line.
  const auto secret =
      std::lower_bound(loaded.secrets.begin(), loaded.secrets.end(), begin,
                       [&](const manifest::Span& one, std::size_t at) { return loaded.span.begin + one.end <= at; });
  const bool shows_secret = secret != loaded.secrets.end() && loaded.span.begin + secret->begin < end;
  base::Location location;
  if (end - begin > k_long_line) {
    location.file = stream_name_;
    location.column = 1 + characters_before(offset) - characters_before(begin);
  } else {
    location = base::locate(stream_name_, stream_.substr(begin, end - begin), offset - begin, length, shows_secret);
  }
  location.line = line_of(offset);
  const std::string path = loaded.document.path(node, object.root);
  location.object = object.title() + (path.empty() ? "" : " " + path);
  return location;
}

}  // namespace helmme::render
