// Uses of rewritten Secrets that stay as they are, and so name what is no longer there: RBAC's resourceNames, fields of
// custom resources, checksums.
#include <algorithm>

#include "base/text.h"
#include "render/context.h"

namespace helmme::render {
namespace {

using manifest::k_no_node;
using manifest::NodeId;

class OtherUses {
 public:
  OtherUses(Context& context, const Object& object)
      : context_(context),
        object_(object),
        document_(context.loaded.document),
        has_pods_(pod_template_of(document_, object) != k_no_node),
        // An object without a namespace may belong to none, unless it has pods.
        namespace_name_(has_pods_ ? context.plan.namespace_of(object) : object.namespace_name) {}

  void warn() {
    const NodeId end = object_.root + document_[object_.root].size;
    for (NodeId node = object_.root; node < end; ++node) {
      if (document_[node].kind == manifest::NodeKind::scalar && !context_.loaded.editor.touches(node)) {
        checksum(node);
        name(node);
      }
    }
  }

 private:
  void checksum(NodeId node) {
    const std::string_view text = document_[node].value;
    if (has_pods_ && text.starts_with("checksum/") && mentions_secret(text) && document_.is_key(node)) {
      context_.warning("this checksum was computed over what the chart renders and no longer follows the Secret",
                       context_.plan.places.of(context_.loaded, object_, node));
    }
  }

  void name(NodeId node) {
    const auto named = context_.plan.rewrites_named(document_[node].value);
    const auto found =
        std::find_if(named.begin(), named.end(), [&](const SecretRewrite* one) { return concerns(*one, node); });
    if (found == named.end()) {
      return;
    }
    const SecretRewrite* rewrite = *found;
    const std::string path = document_.path(node, object_.root);
    const bool role =
        (object_.kind == "Role" || object_.kind == "ClusterRole") && path.find("resourceNames") != std::string::npos;
    if (!role && (!mentions_secret(path) || document_.is_key(node))) {
      return;
    }
    context_.warning(
        "this still names Secret " + base::printable(rewrite->name) + ", which " + fate_of(*rewrite),
        context_.plan.places.of(context_.loaded, object_, node),
        role ? "let the role name the Secret that replaces it" : "add the field to the policy's secretNameFields");
  }

  // True where the Secret or a key that is used here is gone.
  bool concerns(const SecretRewrite& rewrite, NodeId node) const {
    const std::string own = context_.plan.filled_in(rewrite.namespace_name);
    const bool elsewhere = !own.empty() && !namespace_name_.empty() && own != namespace_name_;
    if (elsewhere || rewrite.rendered == object_.id || rewrite.replaces_itself()) {
      return false;
    }
    if (rewrite.dropped) {
      return true;
    }
    const NodeId key = document_.at(document_[node].parent, "key");  // beside a name
    const bool stays = key != k_no_node && !rewrite.moved.contains(std::string(document_.text(key)));
    return !rewrite.moved.empty() && !stays && !context_.repointed.contains(node);
  }

  static std::string fate_of(const SecretRewrite& rewrite) {
    if (rewrite.dropped) {
      return rewrite.rendered ? "leaves the release" : "the policy replaces";
    }
    std::vector<std::string> keys;
    for (const auto& [key, target] : rewrite.moved) {
      keys.push_back(base::printable(key));
    }
    return "no longer has the " + std::string(keys.size() == 1 ? "key " : "keys ") + base::join_words(keys);
  }

  Context& context_;
  const Object& object_;
  const manifest::Document& document_;
  bool has_pods_;
  std::string namespace_name_;
};

}  // namespace

void warn_of_other_uses(Context& context, const Object& object) {
  if (!context.plan.rewrites.empty()) {
    OtherUses(context, object).warn();
  }
}

}  // namespace helmme::render
