#include "lint/file_kind.h"

#include <algorithm>
#include <array>

namespace helmme::lint {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

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

}  // namespace

std::string_view file_name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

FileKind kind_of(std::string_view name, std::string_view text) {
  if (is_binary(text)) {
    return FileKind::binary;
  }
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
  return is_script(file, text) ? FileKind::script : FileKind::text;
}

}  // namespace helmme::lint
