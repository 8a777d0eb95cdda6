// What a file is, from its name and its text.
#pragma once

#include <string>
#include <string_view>

namespace helmme::lint {

enum class FileKind {
  yaml,       // values, manifests and everything else in YAML or JSON: told apart document by document
  templates,  // a chart's template, as text
  notes,      // a chart's NOTES.txt
  chart,      // Chart.yaml
  helmfile,
  ci,         // a CI file in YAML
  script,     // a shell script, Jenkinsfile, Makefile or Dockerfile
  dotenv,     // NAME=value lines
  settings,   // any other configuration in text: properties, INI, TOML, XML, tfvars, netrc …
  terraform,  // its files in HCL
  text,       // anything else that is text
  binary,
};

struct SourceFile {
  std::string name;  // as shown: relative, with "/"
  std::string text;
  bool values_of_chart = false;  // a chart's own values.yaml: a Chart.yaml stands beside it
};

[[nodiscard]] FileKind kind_of(std::string_view name, std::string_view text);

// "values.yaml" of "shop/values.yaml".
[[nodiscard]] std::string_view file_name_of(std::string_view path);

}  // namespace helmme::lint
