#include "policy/hide.h"

#include <algorithm>
#include <map>
#include <string>

#include "policy/names.h"

namespace helmme::policy {
namespace {

// What stands somewhere in a policy, as far as it may be shown.
struct Shape {
  bool text = false;                           // text may be shown
  bool list = false;                           // a list of texts may be shown
  bool origin = false;                         // {env: VARIABLE} and {file: PATH} may be shown
  const Shape* each = nullptr;                 // a mapping may be shown, whatever its keys, each value so, or
  std::map<std::string, const Shape*> fields;  // where it has these keys, each value so
};

// The format, from the leaves up.
struct PolicyShapes {
  Shape text{.text = true, .fields = {}};
  Shape texts{.list = true, .fields = {}};
  Shape map_of_texts{.each = &text, .fields = {}};
  Shape generate{
      .fields = {{"hex", &text}, {"base64", &text}, {"alphabet", &text}, {"length", &text}, {"uuid", &text}}};
  Shape contract{.fields = {{"length", &text},
                            {"minLength", &text},
                            {"maxLength", &text},
                            {"charset", &text},
                            {"pattern", &text},
                            {"generate", &generate}}};
  Shape contracts{.each = &contract, .fields = {}};
  Shape existing_secret{.text = true, .fields = {{"name", &text}, {"keys", &map_of_texts}}};
  Shape source{.origin = true, .fields = {}};
  Shape secrets{.each = &source, .fields = {}};
  Shape replaces{.each = &map_of_texts, .fields = {}};
  Shape bundle{.fields = {{"required", &contracts},
                          {"existingSecret", &existing_secret},
                          {"secrets", &secrets},
                          {"secretsFiles", &texts},
                          {"delivery", &text},
                          {"target", &text},
                          {"replaces", &replaces},
                          {"precedence", &text}}};
  Shape bundles{.each = &bundle, .fields = {}};
  Shape metadata{.fields = {{"name", &text}, {"namespace", &text}}};
  Shape defaults{.fields = {{"delivery", &text}, {"target", &text}, {"precedence", &text}, {"arguments", &text}}};
  Shape allow{.each = &texts, .fields = {}};
  Shape policy{.fields = {{"apiVersion", &text},
                          {"kind", &text},
                          {"metadata", &metadata},
                          {"bundles", &bundles},
                          {"allow", &allow},
                          {"defaults", &defaults},
                          {"arguments", &text},
                          {"dialects", &texts},
                          {"allowValues", &texts},
                          {"secretNameFields", &texts}}};
};

// Where VARIABLE is the name of none, it may be the value itself.
bool names_an_origin(const Node& node) {
  return std::all_of(node.entries.begin(), node.entries.end(), [](const NodeEntry& field) {
    return field.value.kind == Node::Kind::scalar && ((field.key.text == "env" && is_variable_name(field.value.text)) ||
                                                      field.key.text == "file" || field.key.text == "raw");
  });
}

bool may_be_shown(const Node& node, const Shape& shape) {
  switch (node.kind) {
    case Node::Kind::null:
      return true;
    case Node::Kind::scalar:
      return shape.text;
    case Node::Kind::sequence:
      return shape.list && std::all_of(node.items.begin(), node.items.end(), [](const Node& item) {
               return item.kind == Node::Kind::null || item.kind == Node::Kind::scalar;
             });
    case Node::Kind::mapping:
      break;
  }
  return shape.origin ? names_an_origin(node) : shape.each != nullptr || !shape.fields.empty();
}

// `key`: what the value stands under, hidden with it; nullptr for the root.
void hide(const Node* key, const Node& node, const Shape* shape, TextFile& file) {
  if (shape == nullptr || !may_be_shown(node, *shape)) {
    file.hidden.push_back({node.offset, node.end});
    if (key != nullptr) {
      file.hidden.push_back({key->offset, key->end});
    }
    return;
  }
  if (shape->origin) {
    return;
  }
  for (const NodeEntry& entry : node.entries) {
    const auto field = shape->fields.find(entry.key.text);
    hide(&entry.key, entry.value, field == shape->fields.end() ? shape->each : field->second, file);
  }
}

}  // namespace

void hide_values(const Node& root, TextFile& file) {
  const PolicyShapes shapes;
  hide(nullptr, root, &shapes.policy, file);
}

}  // namespace helmme::policy
