#include "provider/sops.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/inside_file.h"
#include "base/text.h"
#include "provider/file.h"
#include "provider/process.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using placeholder::FetchedValue;
using placeholder::Locator;

// Exit codes of sops (cmd/sops/codes/codes.go).
constexpr int k_cannot_read = 2;
constexpr int k_cannot_decrypt_mac = 24;
constexpr int k_cannot_decrypt_tree = 25;
constexpr int k_mac_mismatch = 51;
constexpr int k_mac_not_found = 52;
constexpr int k_no_key = 128;

constexpr std::string_view k_encrypted = "ENC[";
constexpr std::string_view k_usual_suffix = "_unencrypted";

base::Error about(const std::string& name, ErrorKind kind, std::string_view what, std::string help = {}) {
  return {.kind = kind, .message = base::printable(name).append(": ").append(what), .help = std::move(help)};
}

// True where the file says itself which of its values stand in the clear. That they do is then what its author wants,
// and sops' own checksum covers them.
bool chooses_by_itself(const FetchedValue& metadata) {
  constexpr std::array<std::string_view, 6> k_choices = {"encrypted_regex",           "encrypted_suffix",
                                                         "unencrypted_regex",         "encrypted_comment_regex",
                                                         "unencrypted_comment_regex", "unencrypted_suffix"};
  return std::any_of(k_choices.begin(), k_choices.end(), [&](std::string_view choice) {
    const FetchedValue* const value = metadata.find(choice);
    return value != nullptr && value->is_scalar() && !value->scalar.empty() &&
           !(choice == "unencrypted_suffix" && value->scalar.reveal() == k_usual_suffix);
  });
}

// The path of a value that stands in the clear; empty: there is none. sops leaves null and empty text as they are.
std::string clear_value(const FetchedValue& value, const std::string& path) {
  for (const auto& [key, item] : value.entries) {
    if (key.ends_with(k_usual_suffix)) {
      continue;
    }
    const std::string inner = path.empty() ? key : std::string(path).append(".").append(key);
    if (std::string found = clear_value(item, inner); !found.empty()) {
      return found;
    }
  }
  for (const FetchedValue& item : value.items) {
    if (std::string found = clear_value(item, std::string(path).append("[]")); !found.empty()) {
      return found;
    }
  }
  const bool may_stand = !value.is_scalar() || value.kind == FetchedValue::Kind::null || value.scalar.empty() ||
                         value.scalar.reveal().starts_with(k_encrypted);
  return may_stand ? "" : path;
}

// As sops has it (cmd/sops/formats/formats.go).
std::string format_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, const char*>, 5> k_endings = {
      {{".yaml", "yaml"}, {".yml", "yaml"}, {".json", "json"}, {".env", "dotenv"}, {".ini", "ini"}}};
  const auto* const found = std::find_if(k_endings.begin(), k_endings.end(),
                                         [&](const auto& ending) { return path.ends_with(ending.first); });
  return found == k_endings.end() ? "binary" : found->second;
}

// "SOPS" and the like, which some versions of sops take for "sops".
bool is_odd_metadata_key(std::string_view key) {
  constexpr std::string_view k_long_s = "\xC5\xBF";
  std::string plain(key);
  for (std::size_t at = plain.find(k_long_s); at != std::string::npos; at = plain.find(k_long_s)) {
    plain.replace(at, k_long_s.size(), "s");
  }
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key != "sops" && plain == "sops";
}

base::Error not_encrypted(const std::string& name) {
  return about(name, ErrorKind::bad_input, "is not encrypted by sops", "sops encrypt -i FILE");
}

base::Error failure(int code, const std::string& name) {
  switch (code) {
    case k_no_key:
      return about(name, ErrorKind::denied, "none of the keys that sops has here opens it",
                   "SOPS_AGE_KEY_FILE=FILE, or the credentials of the key service");
    case k_mac_mismatch:
    case k_mac_not_found:
    case k_cannot_decrypt_mac:
    case k_cannot_decrypt_tree:
      return about(name, ErrorKind::bad_input, "was changed after sops had encrypted it", "sops edit FILE");
    case k_cannot_read:
      return about(name, ErrorKind::not_found, "sops cannot read it");
    default:
      return about(name, ErrorKind::unavailable, "sops has failed with exit code " + std::to_string(code),
                   "sops decrypt FILE: what it says is not shown here, for it may hold values");
  }
}

}  // namespace

std::optional<base::Error> check_sops_text(std::string_view text, const std::string& name, const std::string& format,
                                           const SopsRules& rules) {
  if (format == "dotenv" || format == "ini") {
    const std::vector<SopsLeaf> leaves = format == "ini" ? sops_leaves_of_ini(text) : sops_leaves_of_dotenv(text);
    return leaves.empty() ? not_encrypted(name) : check_sops_keys(leaves, name, rules);
  }
  const base::Result<FetchedValue> parsed =
      format == "yaml" ? placeholder::parse_yaml(text) : placeholder::parse_json(text);
  const FetchedValue* const metadata = parsed ? parsed->find("sops") : nullptr;
  if (!parsed) {
    return about(name, ErrorKind::bad_input, "is no " + std::string(format == "yaml" ? "YAML" : "JSON"),
                 "format=yaml, dotenv, ini or binary, if it is one");
  }
  if (metadata == nullptr || metadata->kind != FetchedValue::Kind::map ||
      std::any_of(parsed->entries.begin(), parsed->entries.end(),
                  [](const auto& entry) { return is_odd_metadata_key(entry.first); })) {
    return not_encrypted(name);
  }
  if (std::optional<base::Error> wrong = check_sops_keys(sops_leaves(*metadata), name, rules)) {
    return wrong;
  }
  if (chooses_by_itself(*metadata)) {
    return std::nullopt;
  }
  for (const auto& [key, value] : parsed->entries) {
    const std::string found = key == "sops" || key.ends_with(k_usual_suffix) ? "" : clear_value(value, key);
    if (!found.empty()) {
      return about(name, ErrorKind::bad_input,
                   "is encrypted in part only: the value of " + base::printable(found) + " stands in the clear",
                   "sops edit FILE, and write it there");
    }
  }
  return std::nullopt;
}

base::Result<FetchedValue> decrypt_sops(const base::Secret& encrypted, const std::string& path, const std::string& name,
                                        const std::string& format, net::Deadline deadline, const SopsRules& rules) {
  const bool to_text = format == "binary";
  const std::string input = format.empty() ? format_of(path) : format;
  if (std::optional<base::Error> wrong = check_sops_text(encrypted.reveal(), name, input, rules)) {
    return base::fail(*std::move(wrong));
  }
  Program program{
      .words = {"sops", "--decrypt", "--input-type", input, "--output-type", to_text ? "binary" : "json", "/dev/stdin"},
      .input = encrypted.clone()};
  base::Result<ProgramEnd> end = run_program(program, deadline);
  if (!end && end.error().kind == ErrorKind::not_found) {
    return base::fail(about(name, ErrorKind::not_found, "the program sops, which opens it, is not installed",
                            "https://getsops.io: put sops on PATH"));
  }
  if (!end) {
    return base::fail(std::move(end).error());
  }
  if (end->code != 0) {
    return base::fail(failure(end->code, name));
  }
  if (to_text) {
    return FetchedValue::text(end->output.reveal());
  }
  base::Result<FetchedValue> value = placeholder::parse_json(end->output.reveal());
  if (!value) {
    return base::fail(about(name, ErrorKind::unavailable, "what sops answers is no JSON"));
  }
  return value;
}

base::Result<FetchedValue> decrypt_sops_file(const std::string& path, const std::string& name, net::Deadline deadline,
                                             const SopsRules& rules) {
  TRY_ASSIGN(const base::Secret encrypted, base::read_inside(base::printable(name) + ":", "/",
                                                             std::filesystem::absolute(path).string(), k_file_limit));
  return decrypt_sops(encrypted, path, name, {}, deadline, rules);
}

base::Result<Answer> SopsProvider::read(const Locator& locator) {
  TRY(check_options(locator, {"format", "key_type"}));
  const auto option = [&](const char* name) {
    const auto found = locator.options.find(name);
    return found == locator.options.end() ? std::string() : found->second;
  };
  const std::string format = option("format");
  constexpr std::array<std::string_view, 6> k_formats = {"", "yaml", "json", "dotenv", "ini", "binary"};
  if (std::find(k_formats.begin(), k_formats.end(), format) == k_formats.end()) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "there is no such format",
                                  "there is yaml, json, dotenv, ini and binary"));
  }
  if (const std::string type = option("key_type"); !type.empty() && type != "filepath") {
    return base::fail(
        error_about(locator, ErrorKind::bad_input, "sops files are read by their path only", "leave key_type out"));
  }
  TRY_ASSIGN(const base::Secret encrypted,
             base::read_inside(base::printable(locator.text()) + ":", folder_, locator.path, k_file_limit));
  TRY_ASSIGN(FetchedValue value, decrypt_sops(encrypted, locator.path, locator.text(), format, deadline_, rules_));
  return Answer{.value = std::move(value)};
}

}  // namespace helmme::provider
