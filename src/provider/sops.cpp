#include "provider/sops.h"

#include <algorithm>
#include <array>
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

bool is_text_format(std::string_view format) { return format == "binary" || format == "ini" || format == "dotenv"; }

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

// age and PGP keys are here; all others are with a service. sops tries those last.
bool has_own_keys(const FetchedValue& metadata) {
  return std::any_of(metadata.entries.begin(), metadata.entries.end(), [](const auto& entry) {
    return (entry.first == "age" || entry.first == "pgp") && !entry.second.items.empty();
  });
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

std::optional<base::Error> check_sops_text(std::string_view text, const std::string& name, bool offline) {
  const base::Result<FetchedValue> parsed = placeholder::parse_yaml(text);
  const FetchedValue* const metadata = parsed ? parsed->find("sops") : nullptr;
  if (!parsed) {
    return about(name, ErrorKind::bad_input, "is no YAML or JSON", "format=dotenv or format=binary, if it is one");
  }
  if (metadata == nullptr || metadata->kind != FetchedValue::Kind::map) {
    return about(name, ErrorKind::bad_input, "is not encrypted by sops", "sops encrypt -i FILE");
  }
  if (offline && !has_own_keys(*metadata)) {
    return about(name, ErrorKind::bad_input, "only a key service can open it, and this run is offline",
                 "run without --offline");
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

base::Result<FetchedValue> decrypt_sops_file(const std::string& path, const std::string& name,
                                             const std::string& format, net::Deadline deadline, bool offline) {
  const bool to_text = format == "binary";
  const bool by_name = format.empty() && (path.ends_with(".env") || path.ends_with(".ini"));
  if (!by_name && !is_text_format(format)) {
    TRY_ASSIGN(const base::Secret encrypted, base::read_inside(base::printable(name) + ":", "/", path, k_file_limit));
    if (std::optional<base::Error> wrong = check_sops_text(encrypted.reveal(), name, offline)) {
      return base::fail(*std::move(wrong));
    }
  }
  Program program{.words = {"sops", "--decrypt", "--output-type", to_text ? "binary" : "json"}};
  if (!format.empty()) {
    program.words.insert(program.words.end(), {"--input-type", format});
  }
  program.words.push_back(path);
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
  TRY_ASSIGN(const std::string path, base::path_inside(base::printable(locator.text()) + ":", folder_, locator.path));
  TRY_ASSIGN(FetchedValue value, decrypt_sops_file(path, locator.text(), format, deadline_, offline_));
  return Answer{.value = std::move(value)};
}

}  // namespace helmme::provider
