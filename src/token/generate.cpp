#include "token/generate.h"

#include <array>
#include <bitset>
#include <utility>

#include "base/text.h"
#include "crypto/base64.h"
#include "policy/contract.h"

namespace helmme::token {
namespace {

constexpr std::size_t k_uuid_size = 16;
constexpr unsigned k_byte_values = 256;
constexpr std::size_t k_most = std::size_t{256} << 10U;  // bytes or characters: a Secret holds 1 MiB
constexpr std::string_view k_hex_digits = "0123456789abcdef";

// Bytes that are wiped when they go.
class RandomBytes {
 public:
  RandomBytes(std::size_t count, crypto::Random& random) : bytes_(count) { random.fill(bytes_); }
  RandomBytes(const RandomBytes&) = delete;
  RandomBytes& operator=(const RandomBytes&) = delete;
  ~RandomBytes() { base::cleanse({reinterpret_cast<char*>(bytes_.data()), bytes_.size()}); }
  [[nodiscard]] std::vector<unsigned char>& get() noexcept { return bytes_; }
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::vector<unsigned char> bytes_;
};

void append_hex(std::string& out, unsigned char byte) {
  out += k_hex_digits[byte >> 4U];
  out += k_hex_digits[byte & 0xFU];
}

void append_uuid(std::string& out, crypto::Random& random) {
  RandomBytes bytes(k_uuid_size, random);
  std::vector<unsigned char>& octets = bytes.get();
  octets[6] = static_cast<unsigned char>((octets[6] & 0x0FU) | 0x40U);
  octets[8] = static_cast<unsigned char>((octets[8] & 0x3FU) | 0x80U);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      out += '-';
    }
    append_hex(out, octets[i]);
  }
}

bool is_good_alphabet(std::string_view alphabet) {
  std::bitset<k_byte_values> seen;
  for (const char c : alphabet) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || seen.test(byte)) {
      return false;
    }
    seen.set(byte);
  }
  return alphabet.size() >= 2;
}

// Bytes at and above the largest multiple of the alphabet's size are thrown away: a remainder of them would favour its
// first characters.
void append_characters(std::string& out, std::string_view alphabet, std::size_t count, crypto::Random& random) {
  const std::size_t fair = k_byte_values - k_byte_values % alphabet.size();
  while (count > 0) {
    RandomBytes bytes(count, random);
    for (const unsigned char byte : bytes.get()) {
      if (byte < fair) {
        out += alphabet[byte % alphabet.size()];
        --count;
      }
    }
  }
}

}  // namespace

base::Result<base::Secret> generate(const policy::Generate& how, crypto::Random& random) {
  using Kind = policy::Generate::Kind;
  if (how.kind == Kind::alphabet && !is_good_alphabet(how.alphabet)) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "an alphabet must hold two or more ASCII characters, each once",
                       .help = "{alphabet: abcdefghjkmnpqrstuvwxyz23456789, length: 32}"});
  }
  if (how.count > k_most) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "a generated value would have more than " + std::to_string(k_most) + " bytes",
                       .help = "32 bytes are enough"});
  }
  std::string out;
  out.reserve(how.prefix.size() + 2 * how.count + 4 * k_uuid_size);  // so that it leaves no copies behind
  out += how.prefix;
  if (how.kind == Kind::hex) {
    RandomBytes bytes(how.count, random);
    for (const unsigned char byte : bytes.get()) {
      append_hex(out, byte);
    }
  } else if (how.kind == Kind::base64) {
    const RandomBytes bytes(how.count, random);
    out += crypto::encode_base64(bytes.view()).reveal();
  } else if (how.kind == Kind::alphabet) {
    append_characters(out, how.alphabet, how.count, random);
  } else {
    append_uuid(out, random);
  }
  base::Secret value{std::string_view(out)};
  base::cleanse(out);
  return value;
}

base::Result<Generated> generate_missing(const policy::Bundle& bundle, const std::set<std::string>& there,
                                         const std::set<std::string>& force, crypto::Random& random) {
  Generated generated;
  for (const auto& [key, contract] : bundle.required) {
    if (there.contains(key) && !force.contains(key)) {
      continue;
    }
    if (!contract.generate) {
      if (!contract.default_value) {
        generated.without.push_back(key);
      }
      continue;
    }
    base::Result<base::Secret> value = generate(*contract.generate, random);
    if (!value) {
      value.error().location = contract.location;
      return base::fail(std::move(value).error());
    }
    if (const std::vector<std::string> broken = policy::breaches(contract, value->reveal()); !broken.empty()) {
      return base::fail({.kind = base::ErrorKind::bad_input,
                         .message = "generate of \"" + key + "\" in bundle \"" + bundle.name +
                                    "\" makes values that break its contract: " + base::join_words(broken),
                         .location = contract.location,
                         .help = "change generate, or the contract"});
    }
    generated.values.emplace(key, *std::move(value));
  }
  return generated;
}

}  // namespace helmme::token
