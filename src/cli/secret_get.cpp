#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "cli/reveal.h"
#include "cli/secret_command.h"

namespace helmme::cli {
namespace {

using base::Result;
using provider::Entries;
using provider::Entry;
using provider::StoredValue;
using Row = std::vector<std::string>;

constexpr std::int64_t k_minute = 60;
constexpr std::int64_t k_hour = 60 * k_minute;
constexpr std::int64_t k_day = 24 * k_hour;

// "42s", "5m", "3h", "12d".
std::string age(std::int64_t since, std::int64_t now) {
  const std::int64_t seconds = std::max<std::int64_t>(0, now - since);
  return seconds < 2 * k_minute ? std::to_string(seconds) + "s"
         : seconds < 2 * k_hour ? std::to_string(seconds / k_minute) + "m"
         : seconds < 2 * k_day  ? std::to_string(seconds / k_hour) + "h"
                                : std::to_string(seconds / k_day) + "d";
}

// RFC 3339, in UTC.
std::string timestamp(std::int64_t time) {
  std::tm parts{};
  const auto seconds = static_cast<std::time_t>(time);
  if (gmtime_r(&seconds, &parts) == nullptr) {
    return {};
  }
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

// Columns as wide as they must be, two spaces apart.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      out.append(i + 1 == row.size() ? 0 : widths[i] - row[i].size() + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

nlohmann::ordered_json json_of(const std::string& name, const Entry& entry) {
  nlohmann::ordered_json keys = nlohmann::ordered_json::array();
  for (const auto& [key, stored] : entry.keys) {
    keys.push_back({{"name", key},
                    {"size", stored.value.size()},
                    {"created", timestamp(stored.created)},
                    {"changed", timestamp(stored.changed)}});
  }
  return {{"name", name}, {"type", entry.type}, {"size", entry.size()}, {"keys", std::move(keys)}};
}

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<void> reveal(SecretRun& run, const std::string& name, const Entry& entry) {
  TRY_ASSIGN(const StoredValue* const stored, provider::find_value(entry, name, run.secret.reveal));
  TRY(check_reveal(run.environment, run.secret.yes));
  TRY(mask_in_log(run.environment, {stored->value.reveal()}));
  print(run, {stored->value.reveal()});
  return {};
}

Result<void> get(SecretRun& run) {
  TRY_ASSIGN(const std::string name, single_name("get", run.secret.words));
  TRY_ASSIGN(const std::string format, word_of("--output", run.secret.output, {"table", "json"}));
  if (!run.secret.reveal.empty() && !run.secret.output.empty()) {
    return base::fail(usage_error("--reveal prints just the value, and --output does not go with it", "leave one out"));
  }
  TRY_ASSIGN(const provider::LocalStore store, chosen_store(run));
  TRY_ASSIGN(const Entries entries, store.read());
  TRY_ASSIGN(const Entry* const entry, provider::find_entry(entries, name));
  if (!run.secret.reveal.empty()) {
    return reveal(run, name, *entry);
  }
  if (format == "json") {
    print(run, {text_of(json_of(name, *entry))});
    return {};
  }
  std::vector<Row> rows = {{"KEY", "SIZE", "AGE", "CREATED"}};
  for (const auto& [key, stored] : entry->keys) {
    rows.push_back(
        {key, std::to_string(stored.value.size()), age(stored.changed, run.clock.now()), timestamp(stored.created)});
  }
  print(run, {table(rows)});
  return {};
}

Result<void> list(SecretRun& run) {
  if (!run.secret.words.empty()) {
    return base::fail(usage_error("secret list takes no NAME", "helm me secret get NAME --store local"));
  }
  TRY_ASSIGN(const std::string format, word_of("--output", run.secret.output, {"table", "json"}));
  TRY_ASSIGN(const provider::LocalStore store, chosen_store(run));
  TRY_ASSIGN(const Entries entries, store.read());
  if (format == "json") {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const auto& [name, entry] : entries) {
      all.push_back(json_of(name, entry));
    }
    print(run, {text_of({{"entries", std::move(all)}})});
    return {};
  }
  if (entries.empty()) {
    run.say("the local store has no entries");
    return {};
  }
  std::vector<Row> rows = {{"NAME", "TYPE", "KEYS", "SIZE", "AGE"}};
  for (const auto& [name, entry] : entries) {
    rows.push_back({name, entry.type, std::to_string(entry.keys.size()), std::to_string(entry.size()),
                    age(entry.changed(), run.clock.now())});
  }
  print(run, {table(rows)});
  return {};
}

void report_to(SecretRun& run, const Result<void>& result) {
  if (!result) {
    run.diagnostics.error(result.error());
  }
}

}  // namespace

void run_secret_get(SecretRun& run) { report_to(run, get(run)); }

void run_secret_list(SecretRun& run) { report_to(run, list(run)); }

}  // namespace helmme::cli
