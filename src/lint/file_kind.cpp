#include "lint/file_kind.h"

#include <algorithm>
#include <array>

#include "lint/characters.h"

namespace helmme::lint {
namespace {

// As git decides: a NUL byte near the beginning.
bool is_binary(std::string_view text) {
  const std::string_view head = text.substr(0, 8000);
  return contains(head, std::string_view("\0", 1)) || head.starts_with("\x1F\x8B") || head.starts_with("PK\x03\x04");
}

bool has_extension(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() && name.ends_with(extension);
}

bool is_yaml_name(std::string_view name) {
  return has_extension(name, ".yaml") || has_extension(name, ".yml") || has_extension(name, ".json");
}

bool is_in_folder(std::string_view path, std::string_view folder) {
  const std::string middle = "/" + std::string(folder) + "/";
  return path.starts_with(middle.substr(1)) || contains(path, middle);
}

bool is_ci_file(std::string_view path, std::string_view name) {
  constexpr std::array<std::string_view, 10> k_names = {
      ".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml", "bitbucket-pipelines.yml",
      ".drone.yml",     ".travis.yml",     "cloudbuild.yaml",     "action.yml",           "action.yaml"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end() ||
         (is_yaml_name(name) && (is_in_folder(path, ".github/workflows") || is_in_folder(path, ".circleci") ||
                                 is_in_folder(path, ".gitlab/ci"))) ||
         (contains(name, "gitlab-ci") && is_yaml_name(name)) ||
         (name.starts_with("azure-pipelines") && is_yaml_name(name));
}

bool is_script(std::string_view name, std::string_view text) {
  return has_extension(name, ".sh") || has_extension(name, ".bash") || name.starts_with("Jenkinsfile") ||
         has_extension(name, ".jenkinsfile") || has_extension(name, ".groovy") || name == "Makefile" ||
         has_extension(name, ".mk") || name.starts_with("Dockerfile") ||
         (text.starts_with("#!") && contains(text.substr(0, std::min(text.find('\n'), std::size_t{80})), "sh"));
}

bool is_helmfile(std::string_view path, std::string_view name) {
  return (name.starts_with("helmfile") && (is_yaml_name(name) || has_extension(name, ".gotmpl"))) ||
         is_in_folder(path, "helmfile.d");
}

// What was decrypted or kept beside a file is read as the file: "secrets.yaml.dec".
std::string_view without_copy_ending(std::string_view name) {
  constexpr std::array<std::string_view, 7> k_endings = {".dec", ".decrypted", ".bak", ".backup", ".old", ".orig", "~"};
  for (const std::string_view ending : k_endings) {
    if (has_extension(name, ending)) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return name;
}

// Files that hold what a program is set to, in whatever form.
bool is_settings(std::string_view file) {
  constexpr std::array<std::string_view, 15> k_extensions = {".properties", ".ini",   ".conf",   ".cfg",    ".cnf",
                                                             ".toml",       ".xml",   ".tfvars", ".config", ".acl",
                                                             ".secrets",    ".json5", ".hcl",    ".envs",   ".creds"};
  constexpr std::array<std::string_view, 22> k_names = {
      ".npmrc",      ".yarnrc",      ".pypirc",      ".netrc",        "_netrc",       "netrc",
      ".pgpass",     "pgpass",       ".my.cnf",      ".s3cfg",        ".boto",        ".dockercfg",
      "credentials", "userlist.txt", ".htpasswd",    "htpasswd",      "chap-secrets", ".git-credentials",
      "sasl_passwd", "pap-secrets",  ".vault-token", ".erlang.cookie"};
  return std::find(k_names.begin(), k_names.end(), file) != k_names.end() ||
         std::any_of(k_extensions.begin(), k_extensions.end(),
                     [&](std::string_view extension) { return has_extension(file, extension); });
}

}  // namespace

std::string_view file_name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

FileKind kind_of(std::string_view name, std::string_view text) {
  if (is_binary(text)) {
    return FileKind::binary;
  }
  name = without_copy_ending(name);
  const std::string_view file = file_name_of(name);
  if (file == "NOTES.txt") {
    return FileKind::notes;
  }
  if (file == "Chart.yaml" || file == "requirements.yaml") {
    return FileKind::chart;
  }
  if (is_helmfile(name, file)) {
    return FileKind::helmfile;
  }
  if (is_ci_file(name, file)) {
    return FileKind::ci;
  }
  const bool expressions = contains(text, "{{");
  if (has_extension(file, ".tpl") || (has_extension(file, ".gotmpl") && expressions) ||
      (is_in_folder(name, "templates") && expressions && (is_yaml_name(file) || has_extension(file, ".txt")))) {
    return FileKind::templates;
  }
  if (is_yaml_name(file) || name == "-" || name == "stdin") {
    return FileKind::yaml;
  }
  if (file == ".env" || has_extension(file, ".env") || file.starts_with(".env.") || file == ".envrc") {
    return FileKind::dotenv;
  }
  if (has_extension(file, ".tf")) {
    return FileKind::terraform;
  }
  if (is_settings(file)) {
    return FileKind::settings;
  }
  return is_script(file, text) ? FileKind::script : FileKind::text;
}

}  // namespace helmme::lint
