// Cheap looks at a document that tell whether it is worth parsing.
#include <array>
#include <cstdint>

#include "placeholder/argocd_vault_plugin.h"
#include "placeholder/bank_vaults.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/vals.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_docker_config = ".dockerconfigjson";
constexpr std::array<std::string_view, 4> k_markers = {"ref+", "<path:", "vault:", "bao:"};
constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The last eight characters as a number: `value` under `mask` is a marker's base64.
struct Spelling {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
};

// base64 (RFC 4648, section 4) of `marker` where it begins at byte `offset` of a group of three, less the characters
// that also depend on what stands beside it: at most eight for six bytes.
constexpr Spelling spelling_of(std::string_view marker, std::size_t offset) {
  Spelling out;
  const std::size_t bits = 8 * (offset + marker.size());
  for (std::size_t digit = (8 * offset + 5) / 6; digit < bits / 6; ++digit) {
    std::size_t value = 0;
    for (std::size_t bit = 6 * digit; bit < 6 * digit + 6; ++bit) {
      const auto byte = static_cast<unsigned char>(marker[bit / 8 - offset]);
      value = value * 2 + ((byte >> (7 - bit % 8)) & 1U);
    }
    out.mask = out.mask << 8U | 0xFFU;
    out.value = out.value << 8U | static_cast<unsigned char>(k_digits[value]);
  }
  return out;
}

constexpr std::array<Spelling, 12> spellings() {
  std::array<Spelling, 12> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.at(i) = spelling_of(k_markers.at(i / 3), i % 3);
  }
  return out;
}

constexpr std::array<Spelling, 12> k_spellings = spellings();

// Whether a spelling ends with this character.
constexpr std::array<bool, 256> last_characters() {
  std::array<bool, 256> out = {};
  for (const Spelling& spelling : k_spellings) {
    out.at(spelling.value & 0xFFU) = true;
  }
  return out;
}

constexpr std::array<bool, 256> k_last = last_characters();

bool holds_spelling(std::string_view text) {
  std::uint64_t last = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    // What a manifest writes beside and for line ends; see may_hold_base64_marker().
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\\') {
      const char next = at + 1 < text.size() ? text[at + 1] : '\0';
      at += c == '\\' && (next == 'n' || next == 'r') ? 1 : 0;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    last = last << 8U | byte;
    if (k_last[byte]) {
      for (const Spelling& spelling : k_spellings) {
        if ((last & spelling.mask) == spelling.value) {
          return true;
        }
      }
    }
  }
  return false;
}

}  // namespace

bool may_hold_fetched(std::string_view bytes) {
  return may_hold_vals(bytes) || may_hold_argocd_vault_plugin(bytes) || may_hold_bank_vaults(bytes);
}

bool may_hold_base64_fetched(std::string_view bytes) {
  // With the annotation any "<" counts, which base64 hides well; in a docker configuration base64 stands in base64.
  return holds_spelling(bytes) || bytes.find(k_avp_path_annotation) != std::string_view::npos ||
         bytes.find(k_docker_config) != std::string_view::npos;
}

}  // namespace helmme::placeholder
