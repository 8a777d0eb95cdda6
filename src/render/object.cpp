#include "render/object.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace helmme::render {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;

constexpr std::string_view k_source_comment = "# Source: ";
constexpr std::string_view k_filename_annotation = "postrenderer.helm.sh/postrender-filename";

std::string template_of(const Document& document, NodeId root) {
  const NodeId annotations = document.at(root, "metadata.annotations");
  const std::string_view annotated = document.text(document.find(annotations, k_filename_annotation).value);
  if (!annotated.empty()) {
    return std::string(annotated);
  }
  const std::string_view bytes = document.bytes();
  for (std::size_t line = 0; line < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', line), bytes.size());
    std::string_view text = bytes.substr(line, end - line);
    if (text.ends_with('\r')) {
      text.remove_suffix(1);
    }
    if (text.starts_with(k_source_comment)) {
      return std::string(text.substr(k_source_comment.size()));
    }
    if (!text.empty() && text[0] != '#' && !text.starts_with("---")) {
      break;
    }
    line = end + 1;
  }
  return {};
}

Object object_at(const Document& document, NodeId root) {
  Object object;
  object.root = root;
  object.api_version = document.text_at(root, "apiVersion");
  object.kind = document.text_at(root, "kind");
  object.name = document.text_at(root, "metadata.name");
  object.namespace_name = document.text_at(root, "metadata.namespace");
  object.template_file = template_of(document, root);
  return object;
}

}  // namespace

std::string Object::title() const {
  std::string out = template_file.empty() ? "" : base::printable(template_file) + ": ";
  out += kind.empty() ? "document" : base::printable(kind);
  return name.empty() ? out : out + "/" + base::printable(name);
}

std::string_view Object::group() const {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(api_version).substr(0, slash);
}

std::vector<Object> objects_of(const Document& document, std::size_t offset) {
  std::vector<Object> out;
  if (document.empty() || document[Document::root()].kind != manifest::NodeKind::mapping) {
    return out;
  }
  Object whole = object_at(document, Document::root());
  whole.id = {offset, 0};
  const NodeId items = document.at(Document::root(), "items");
  if (!whole.kind.ends_with("List") || items == k_no_node || document[items].kind != manifest::NodeKind::sequence) {
    out.push_back(std::move(whole));
    return out;
  }
  std::size_t index = 0;
  for (const NodeId item : document.items(items)) {
    Object object = object_at(document, document.resolve(item));
    object.list = items;
    object.id = {offset, index++};
    if (object.template_file.empty()) {
      object.template_file = whole.template_file;
    }
    out.push_back(std::move(object));
  }
  return out;
}

NodeId pod_template_of(const Document& document, const Object& object) {
  const std::string_view group = object.group();
  const std::string_view kind = object.kind;
  if (object.is_core("Pod")) {
    return object.root;
  }
  if (object.is_core("PodTemplate")) {
    return document.at(object.root, "template");
  }
  if (group == "batch" && kind == "CronJob") {
    return document.at(object.root, "spec.jobTemplate.spec.template");
  }
  const bool apps = (group == "apps" || group == "extensions") &&
                    (kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet" || kind == "ReplicaSet");
  if (apps || object.is_core("ReplicationController") || (group == "batch" && kind == "Job")) {
    return document.at(object.root, "spec.template");
  }
  return k_no_node;
}

std::vector<NodeId> nodes_at(const Document& document, const Object& object, std::string_view field) {
  const std::size_t slash = field.find('/');
  const std::size_t colon = field.find(':');
  const auto matches = [](std::string_view pattern, std::string_view text) {
    return pattern == "*" || pattern == text;
  };
  if (!matches(field.substr(0, slash), object.kind) ||
      !matches(field.substr(slash + 1, colon - slash - 1), object.name)) {
    return {};
  }
  std::vector<NodeId> nodes = {object.root};
  for (std::string_view path = field.substr(colon + 1); !path.empty();) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string_view step = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    std::vector<NodeId> next;
    for (const NodeId node : nodes) {
      if (step != "*") {
        next.push_back(document.at(node, step));
        continue;
      }
      const std::vector<NodeId> items = document.items(node);
      next.insert(next.end(), items.begin(), items.end());
      for (const manifest::Entry& entry : document.entries(node)) {
        next.push_back(entry.value);
      }
    }
    nodes.clear();
    std::copy_if(next.begin(), next.end(), std::back_inserter(nodes), [](NodeId node) { return node != k_no_node; });
  }
  return nodes;
}

bool is_true(const Document& document, NodeId from, std::string_view path) {
  constexpr std::array<std::string_view, 11> k_true = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                       "True", "TRUE", "on",  "On",  "ON"};
  const NodeId node = document.at(from, path);
  return node != k_no_node && document[node].style == manifest::Style::plain &&
         std::find(k_true.begin(), k_true.end(), document.text(node)) != k_true.end();
}

bool mentions_secret(std::string_view path) {
  return path.find("secret") != std::string_view::npos || path.find("Secret") != std::string_view::npos;
}

bool is_pre_hook(const Document& document, const Object& object) {
  const NodeId annotations = document.at(object.root, "metadata.annotations");
  return document.text(document.find(annotations, "helm.sh/hook").value).find("pre-") != std::string_view::npos;
}

bool rolls_out(const Object& object) {
  const std::string_view group = object.group();
  const std::string_view kind = object.kind;
  return ((group == "apps" || group == "extensions") &&
          (kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet")) ||
         (group == "batch" && kind == "CronJob");
}

}  // namespace helmme::render
