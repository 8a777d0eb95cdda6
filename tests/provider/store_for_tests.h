// What the tests of the store share: random bytes that are always the same, a folder, an environment.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "../base/folder_for_tests.h"
#include "base/environment.h"
#include "crypto/random.h"
#include "provider/entries.h"

namespace helmme::provider {

// Never the same bytes twice, and in each run the same.
class CountingRandom final : public crypto::Random {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      byte = static_cast<unsigned char>(state_ >> 56U);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

class MapEnvironment final : public base::Environment {
 public:
  std::map<std::string, std::string> variables;
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
};

using base::Folder;

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void put(Entries& entries, const std::string& name, const std::string& key, const std::string& value,
                std::int64_t time = 1000) {
  Entry& entry = entries[name];
  entry.keys[key] = {.value = base::Secret(value), .created = time, .changed = time};
}

// Everything in one text, for comparisons.
inline std::string dump(const Entries& entries) {
  std::string out;
  for (const auto& [name, entry] : entries) {
    out += name + " (" + entry.type + ")\n";
    for (const auto& [key, stored] : entry.keys) {
      out += "  " + key + "=" + std::string(stored.value.reveal()) + " @" + std::to_string(stored.created) + "," +
             std::to_string(stored.changed) + "\n";
    }
  }
  return out;
}

}  // namespace helmme::provider
