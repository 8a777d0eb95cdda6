#include "render/written_value.h"

#include <algorithm>

#include "crypto/base64.h"
#include "placeholder/native.h"
#include "render/docker_auth.h"

namespace helmme::render {
namespace {

// That much of the text, with the parts in it replaced.
void append(const Written& written, const std::vector<manifest::Part>& parts, const manifest::Span& span,
            std::string& out) {
  std::size_t done = span.begin;
  for (const manifest::Part& part : parts) {
    if (part.begin >= span.begin && part.begin + part.length <= span.end) {
      out += written.text.substr(done, part.begin - done);
      out += part.text;
      done = part.begin + part.length;
    }
  }
  out += written.text.substr(done, span.end - done);
}

}  // namespace

WrittenValues::WrittenValues(const Context& context, const Object& object)
    : plan_(context.plan),
      document_(context.loaded.document),
      scope_(plan_.scope_of(document_, object)),
      is_docker_(document_.text_at(object.root, "type") == k_docker_type) {}

Written WrittenValues::read(manifest::NodeId node, bool is_data) const {
  Written written;
  written.node = document_.resolve(node);
  written.text = document_.text(written.node);
  const bool may_be_encoded = is_docker_ || !scope_.annotations.path.empty() ||
                              placeholder::may_hold_base64_marker(written.text) ||
                              placeholder::may_hold_base64_fetched(written.text);
  if (is_data && may_be_encoded) {
    written.decoded = crypto::decode_base64(written.text);
    if (written.decoded) {
      written.is_base64 = true;
      written.text = written.decoded->reveal();
    }
  }
  if (written.text.find("\"auth\"") != std::string_view::npos) {
    if (std::optional<WrittenOut> out = write_out_auths(written.text)) {
      written.decoded = std::move(out->text);
      written.text = written.decoded->reveal();
      written.auths = std::move(out->auths);
    }
  }
  return written;
}

std::vector<Match> WrittenValues::matches_in(const Written& written) const {
  std::vector<Match> out = plan_.matches(written.text, scope_);
  for (const manifest::Span& auth : written.auths) {
    std::erase_if(out, [&](const Match& match) { return match.begin < auth.end && match.begin >= auth.begin; });
    for (Match& match : plan_.matches(written.text.substr(auth.begin, auth.size()), scope_)) {
      match.begin += auth.begin;
      out.push_back(std::move(match));
    }
  }
  std::sort(out.begin(), out.end(), [](const Match& a, const Match& b) { return a.begin < b.begin; });
  return out;
}

bool WrittenValues::is_whole(const Written& written, const Match& match) const {
  const manifest::Style style = document_[written.node].style;
  std::string_view text = written.text;
  if ((written.is_base64 || style == manifest::Style::literal || style == manifest::Style::folded) &&
      text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  return match.begin == 0 && match.length == text.size();
}

base::Secret composed(const Written& written, const std::vector<manifest::Part>& parts) {
  std::string text;
  std::size_t done = 0;
  for (const manifest::Span& auth : written.auths) {
    append(written, parts, {done, auth.begin}, text);
    std::string decoded;
    append(written, parts, auth, decoded);
    text += crypto::encode_base64(decoded).reveal();
    base::cleanse(decoded);
    done = auth.end;
  }
  append(written, parts, {done, written.text.size()}, text);
  base::Secret value(text);
  base::cleanse(text);
  return value;
}

}  // namespace helmme::render
