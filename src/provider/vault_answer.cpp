#include "provider/vault_answer.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace helmme::provider {
namespace {

using placeholder::FetchedValue;
using Kind = VaultAnswer::Kind;

constexpr std::string_view k_needs_tls = "HTTP request to an HTTPS server";
constexpr std::string_view k_sealed = "sealed";
constexpr std::string_view k_data = "data/";

// Scalars that are no secrets: versions, times, ids of leases.
std::string text_of(const FetchedValue& value, std::string_view key) {
  const FetchedValue* const found = value.find(key);
  return found == nullptr || !found->is_scalar() || found->kind == FetchedValue::Kind::null
             ? std::string()
             : std::string(found->scalar.reveal());
}

bool is_true(const FetchedValue& value, std::string_view key) { return text_of(value, key) == "true"; }

FetchedValue* find(FetchedValue& value, std::string_view key) {
  const auto found =
      std::find_if(value.entries.begin(), value.entries.end(), [&](const auto& entry) { return entry.first == key; });
  return found == value.entries.end() ? nullptr : &found->second;
}

bool mentions(const FetchedValue& body, std::string_view list, std::string_view text) {
  const FetchedValue* const found = body.find(list);
  return found != nullptr && std::any_of(found->items.begin(), found->items.end(), [&](const FetchedValue& item) {
           return item.is_scalar() && item.scalar.reveal().find(text) != std::string_view::npos;
         });
}

// `data` of KV v2: {"data": {…} or null, "metadata": {"version": 3, "deletion_time": "", "destroyed": false, …}}.
bool is_two_layers(const FetchedValue& data) {
  const FetchedValue* const inner = data.find("data");
  const FetchedValue* const metadata = data.find("metadata");
  return inner != nullptr && metadata != nullptr && metadata->find("version") != nullptr &&
         metadata->find("created_time") != nullptr &&
         (inner->kind == FetchedValue::Kind::map || inner->kind == FetchedValue::Kind::null);
}

// A deleted version comes with status 404 and the same two layers, the inner one null.
void open_layers(FetchedValue&& data, VaultAnswer& answer) {
  const FetchedValue& metadata = *data.find("metadata");
  answer.version = text_of(metadata, "version");
  answer.deleted_at = text_of(metadata, "deletion_time");
  FetchedValue& inner = *find(data, "data");
  if (inner.kind == FetchedValue::Kind::map) {
    // A deletion_time may also lie ahead (delete_version_after).
    answer.kind = Kind::data;
    answer.data = std::move(inner);
  } else {
    answer.kind = is_true(metadata, "destroyed") ? Kind::destroyed : Kind::deleted;
  }
}

VaultAnswer read_good(FetchedValue&& body, VaultAnswer answer, VaultLayers layers) {
  answer.lease_id = text_of(body, "lease_id");
  FetchedValue* const data = find(body, "data");
  if (data == nullptr || data->kind != FetchedValue::Kind::map) {
    answer.kind = data == nullptr || data->kind == FetchedValue::Kind::null ? Kind::missing : Kind::malformed;
    return answer;
  }
  const bool two = is_two_layers(*data);
  if (layers == VaultLayers::two && !two) {
    return answer;
  }
  if (two && layers != VaultLayers::one) {
    open_layers(std::move(*data), answer);
    return answer;
  }
  answer.kind = Kind::data;
  answer.data = std::move(*data);
  return answer;
}

VaultAnswer read_missing(FetchedValue&& body, VaultAnswer answer) {
  answer.kind = Kind::missing;
  if (FetchedValue* const data = find(body, "data"); data != nullptr && is_two_layers(*data)) {
    open_layers(std::move(*data), answer);
    if (answer.kind == Kind::data) {
      answer.kind = Kind::malformed;
    }
  }
  return answer;
}

}  // namespace

VaultAnswer read_vault_answer(int status, std::string_view body, VaultLayers layers) {
  VaultAnswer answer{.status = status};
  if (status == 204) {
    answer.kind = Kind::missing;
    return answer;
  }
  base::Result<FetchedValue> parsed = placeholder::parse_json(body);
  const bool is_map = parsed && parsed->kind == FetchedValue::Kind::map;
  switch (status) {
    case 200:
      return is_map ? read_good(*std::move(parsed), std::move(answer), layers) : std::move(answer);
    case 404:
      return is_map ? read_missing(*std::move(parsed), std::move(answer)) : std::move(answer);
    case 400:
      answer.kind = body.find(k_needs_tls) != std::string_view::npos ? Kind::needs_tls : Kind::refused;
      return answer;
    case 403:
      answer.kind = Kind::denied;
      return answer;
    case 429:
      answer.kind = Kind::throttled;
      return answer;
    case 501:
      answer.kind = Kind::uninitialized;
      return answer;
    case 503:
      answer.kind = is_map && mentions(*parsed, "errors", k_sealed) ? Kind::sealed : Kind::failed;
      return answer;
    default:
      answer.kind = Kind::failed;
      return answer;
  }
}

std::optional<VaultMount> read_vault_mount(const VaultAnswer& answer) {
  if (answer.kind != Kind::data) {
    return std::nullopt;
  }
  VaultMount mount{.path = text_of(answer.data, "path")};
  if (mount.path.empty()) {
    return std::nullopt;
  }
  if (!mount.path.ends_with("/")) {
    mount.path += '/';
  }
  const std::string type = text_of(answer.data, "type");
  const FetchedValue* const options = answer.data.find("options");
  mount.keeps_keys = type == "kv" || type == "generic";  // the name before Vault 0.9
  mount.has_versions = mount.keeps_keys && options != nullptr && text_of(*options, "version") == "2";
  return mount;
}

std::string vault_secret_path(const VaultMount& mount, std::string_view path) {
  path.remove_prefix(std::min(mount.path.size(), path.size()));
  if (mount.has_versions && path.starts_with(k_data) && path.size() > k_data.size()) {
    path.remove_prefix(k_data.size());
  }
  return std::string(path);
}

std::string vault_api_path(const VaultMount& mount, std::string_view path) {
  if (!mount.has_versions) {
    return std::string(path);
  }
  return (mount.path + std::string(k_data)).append(vault_secret_path(mount, path));
}

}  // namespace helmme::provider
