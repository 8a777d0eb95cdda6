// Kubernetes objects in a document: who they are and where their pods are described.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/document.h"

namespace helmme::render {

// Which object of a stream: its document's first byte, and its place in a List.
struct ObjectId {
  std::size_t document = 0;
  std::size_t index = 0;
  [[nodiscard]] auto operator<=>(const ObjectId&) const = default;
};

struct Object {
  ObjectId id;
  manifest::NodeId root = manifest::k_no_node;
  std::string api_version;
  std::string kind;
  std::string name;
  std::string namespace_name;                   // empty: the release's
  std::string template_file;                    // the chart's, from Helm's comment or annotation; may be empty
  manifest::NodeId list = manifest::k_no_node;  // the `items` of the List that it stands in, at id.index

  // "shop/templates/deploy.yaml: Deployment/shop", ready to print.
  [[nodiscard]] std::string title() const;
  // The API group: "apps" of "apps/v1", "" of "v1".
  [[nodiscard]] std::string_view group() const;
  [[nodiscard]] bool is_core(std::string_view wanted_kind) const { return group().empty() && kind == wanted_kind; }
};

// The document's object, or all objects of a List. A document that is no mapping has none. `offset`: where it begins.
[[nodiscard]] std::vector<Object> objects_of(const manifest::Document& document, std::size_t offset);

// The pod template (the mapping with `metadata` and `spec`) of a kind that has one; for a Pod the object itself; else
// k_no_node. Kinds: Pod, PodTemplate, ReplicationController; apps: Deployment, StatefulSet, DaemonSet, ReplicaSet;
// batch: Job, CronJob.
[[nodiscard]] manifest::NodeId pod_template_of(const manifest::Document& document, const Object& object);

// The nodes that a policy's "Kind/name:spec.path.*" means in an object: `*` stands for any kind, any name, and each
// item or entry of one level.
[[nodiscard]] std::vector<manifest::NodeId> nodes_at(const manifest::Document& document, const Object& object,
                                                     std::string_view field);

// True where the field at a path is a boolean that Kubernetes reads as true: its YAML is 1.1, where `yes` and `on` are
// (https://yaml.org/type/bool.html).
[[nodiscard]] bool is_true(const manifest::Document& document, manifest::NodeId from, std::string_view path);

// True where a path or a key speaks of Secrets: a name alone says little, since Services and labels share it.
[[nodiscard]] bool mentions_secret(std::string_view path);

// True for an object that Helm runs before it installs or upgrades what the release renders (annotation helm.sh/hook).
[[nodiscard]] bool is_pre_hook(const manifest::Document& document, const Object& object);

// True for kinds whose controllers replace pods when the pod template changes: Deployment, StatefulSet, DaemonSet,
// CronJob.
[[nodiscard]] bool rolls_out(const Object& object);

}  // namespace helmme::render
