// TOML as viper hands it to gitleaks: keys in any case, and values that are taken for what is wanted where they can be.
#pragma once

// In this room alone, and as headers: one library less to load at each start.
#define TOML_HEADER_ONLY 1  // NOLINT(cppcoreguidelines-macro-usage): toml++ is set up so
#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace helmme::lint {

class GitleaksToml {
 public:
  explicit GitleaksToml(std::string file) : file_(std::move(file)) {}

  // bad_input with the place: not TOML.
  [[nodiscard]] base::Result<toml::table> parse(std::string_view text) const;

  [[nodiscard]] base::Location place_of(const toml::node& node) const;
  [[nodiscard]] base::Error wrong(const toml::node& node, std::string message) const;

  // `name`: in lower case. nullptr: there is none.
  [[nodiscard]] static const toml::node* find(const toml::table& table, std::string_view name);

  // nullopt: there is none. bad_input: something else stands there.
  [[nodiscard]] base::Result<std::optional<std::string>> text(const toml::table& table, std::string_view name) const;
  [[nodiscard]] base::Result<std::optional<double>> number(const toml::table& table, std::string_view name) const;
  [[nodiscard]] base::Result<std::optional<std::int64_t>> whole(const toml::table& table, std::string_view name) const;
  [[nodiscard]] base::Result<bool> flag(const toml::table& table, std::string_view name) const;

  struct Text {
    std::string text;
    base::Location place;
  };
  // A list of texts; a single text is taken apart at its commas.
  [[nodiscard]] base::Result<std::vector<Text>> texts(const toml::table& table, std::string_view name) const;
  // A table, or a list of tables.
  [[nodiscard]] base::Result<std::vector<const toml::table*>> tables(const toml::table& table,
                                                                     std::string_view name) const;

 private:
  [[nodiscard]] base::Error not_a(const toml::node& node, std::string_view name, std::string_view what) const;

  std::string file_;
};

}  // namespace helmme::lint
