#include "render/annotation.h"

namespace helmme::render {

base::Result<void> annotate(Loaded& loaded, manifest::NodeId owner, std::string_view name, const std::string& value) {
  const manifest::Document& document = loaded.document;
  const manifest::Value text = manifest::Value::string(value);
  const manifest::Value annotations = manifest::Value::mapping({{std::string(name), text}});
  const manifest::Entry metadata = document.find(owner, "metadata");
  if (!metadata) {
    return loaded.editor.add_entry(owner, "metadata", manifest::Value::mapping({{"annotations", annotations}}));
  }
  const manifest::Entry present = document.find(metadata.value, "annotations");
  if (!present) {
    return loaded.editor.add_entry(metadata.value, "annotations", annotations);
  }
  const manifest::Entry own = document.find(present.value, name);
  return own ? loaded.editor.replace(own.value, text) : loaded.editor.add_entry(present.value, name, text);
}

}  // namespace helmme::render
