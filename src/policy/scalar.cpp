#include "policy/scalar.h"

#include <re2/re2.h>

namespace helmme::policy {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

bool is_typed(std::string_view text) {
  static const RE2 typed(R"((?i)(y|n|yes|no|on|off|true|false|~|null|<<|=)"
                         R"(|[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?0x[0-9a-f_]+|[-+]?[0-9][0-9_]*)"
                         R"(|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)"
                         R"(|[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(e[-+]?[0-9]+)?)"
                         R"(|[-+]?\.inf|\.nan)"
                         R"(|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?))");
  return text.empty() || RE2::FullMatch(piece(text), typed);
}

bool keeps_its_text(std::string_view text) {
  // Up to 15 digits: what a double, and so JSON, holds exactly.
  static const RE2 steady(R"(true|false|0|-?[1-9][0-9]{0,14})");
  return RE2::FullMatch(piece(text), steady);
}

}  // namespace helmme::policy
