#include "policy/values.h"

#include <optional>
#include <utility>
#include <variant>

#include "base/inside_file.h"
#include "policy/form.h"
#include "policy/secrets_file.h"

namespace helmme::policy {
namespace {

base::Result<base::Secret> load_variable(const FromEnvironment& from, const base::Environment* environment) {
  std::optional<std::string> value = environment == nullptr ? std::nullopt : environment->get(from.variable);
  if (!value || value->empty()) {
    return base::fail({.kind = base::ErrorKind::not_found,
                       .message = "environment variable " + from.variable + (value ? " is empty" : " is not set"),
                       .location = std::nullopt,
                       .notes = {},
                       .help = "export " + from.variable + "=…"});
  }
  base::Secret secret(*value);
  base::cleanse(*value);
  return secret;
}

base::Result<base::Secret> read_file(const std::string& folder, const std::string& path) {
  return base::read_inside("file " + quoted(path), folder, path, k_file_limit);
}

base::Result<base::Secret> load_file(const FromFile& from, const std::string& folder) {
  TRY_ASSIGN(const base::Secret content, read_file(folder, from.path));
  std::string_view text = content.reveal();
  if (!from.raw && text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) {
      text.remove_suffix(1);
    }
  }
  if (text.empty()) {
    return base::fail({.kind = base::ErrorKind::not_found,
                       .message = "file " + quoted(from.path) + " is empty",
                       .location = std::nullopt,
                       .notes = {},
                       .help = {}});
  }
  return base::Secret(text);
}

std::string origin_of(const ValueSource& source) {
  if (const auto* variable = std::get_if<FromEnvironment>(&source.value)) {
    return "environment variable " + variable->variable;
  }
  if (const auto* file = std::get_if<FromFile>(&source.value)) {
    return "file " + file->path;
  }
  if (const auto* reference = std::get_if<FromReference>(&source.value)) {
    return reference->text.substr(0, reference->text.find('?'));
  }
  return "literal in " + source.location.file + ":" + std::to_string(source.location.line);
}

}  // namespace

LoadedValues load_secrets(const Bundle& bundle, const base::Environment* environment, References* references,
                          base::Diagnostics& diagnostics) {
  LoadedValues loaded;
  const auto keep = [&](const std::string& key, const ValueSource& source, base::Result<base::Secret> value) {
    if (value) {
      loaded.values.emplace(key, *std::move(value));
      return;
    }
    base::Error error = std::move(value).error();
    error.message += " (\"" + key + "\" of bundle \"" + bundle.name + "\")";
    error.location = source.location;
    diagnostics.error(std::move(error));
    loaded.failed.insert(key);
  };
  std::vector<std::string> wanted;
  for (const auto& [key, source] : bundle.secrets) {
    loaded.places.emplace(key, source.location);
    loaded.origins.emplace(key, origin_of(source));
    if (const auto* literal = std::get_if<base::Secret>(&source.value)) {
      keep(key, source, literal->clone());
    } else if (const auto* variable = std::get_if<FromEnvironment>(&source.value)) {
      keep(key, source, load_variable(*variable, environment));
    } else if (const auto* file = std::get_if<FromFile>(&source.value)) {
      keep(key, source, load_file(*file, source.folder));
    } else {
      wanted.push_back(std::get<FromReference>(source.value).text);
    }
  }
  if (wanted.empty() || references == nullptr) {
    return loaded;
  }
  std::vector<base::Result<base::Secret>> read = references->read_all(wanted);
  auto next = read.begin();
  for (const auto& [key, source] : bundle.secrets) {
    if (std::holds_alternative<FromReference>(source.value)) {
      keep(key, source, std::move(*next++));
    }
  }
  return loaded;
}

namespace {

base::Result<SecretValues> decrypt(const SecretsFile& file, References* references) {
  if (references == nullptr) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = quoted(file.path) + " is encrypted by SOPS",
                       .location = std::nullopt,
                       .notes = {},
                       .help = {}});
  }
  const bool relative = !file.folder.empty() && !file.path.starts_with('/');
  return references->decrypt(relative ? file.folder + "/" + file.path : file.path, file.path);
}

}  // namespace

LoadedValues load_secrets_files(const Bundle& bundle, References* references, base::Diagnostics& diagnostics) {
  LoadedValues loaded;
  for (const SecretsFile& file : bundle.secrets_files) {
    base::Result<base::Secret> content = read_file(file.folder, file.path);
    if (!content) {
      base::Error error = std::move(content).error();
      error.message += " (secretsFiles of bundle \"" + bundle.name + "\")";
      error.location = file.location;
      diagnostics.error(std::move(error));
      loaded.complete = false;
      continue;
    }
    std::optional<SecretValues> values;
    if (is_sops_encrypted(file.path, content->reveal())) {
      base::Result<SecretValues> decrypted = decrypt(file, references);
      if (decrypted) {
        values = *std::move(decrypted);
      } else {
        decrypted.error().location = file.location;
        diagnostics.error(std::move(decrypted).error());
      }
    } else {
      values = parse_secrets_file(file.path, content->reveal(), diagnostics);
    }
    if (!values) {
      loaded.complete = false;
      continue;
    }
    for (auto& [key, value] : *values) {
      loaded.values.insert_or_assign(key, std::move(value));
      base::Location place;
      place.file = file.path;
      loaded.places.insert_or_assign(key, std::move(place));
      loaded.origins.insert_or_assign(key, "file " + file.path);
    }
  }
  return loaded;
}

}  // namespace helmme::policy
