#include "render/render.h"

#include <algorithm>

#include "base/text.h"
#include "placeholder/native.h"
#include "render/context.h"
#include "render/scan.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Span;

// Helm 4 takes neither an empty output nor a lone line end.
constexpr std::string_view k_no_resources = "# helm-me: no resources\n";

class Run {
 public:
  Run(const Input& input, base::Diagnostics& diagnostics) : input_(input), context_(input, diagnostics) {}

  std::optional<Rendered> render() {
    if (is_utf_16(input_.stream)) {
      context_.diagnostics.error({.kind = ErrorKind::bad_input,
                                  .message = input_.stream_name + " is UTF-16 or UTF-32",
                                  .help = "Helm renders UTF-8: convert the template's file, e.g. with iconv -t UTF-8"});
      return std::nullopt;
    }
    load(documents_with_markers(input_.stream));
    read_policy();
    if (context_.diagnostics.failed()) {
      return std::nullopt;
    }
    plan_replaces();
    plan_rendered_secrets(context_);
    load_consumers();
    load_environment();
    place();
    if (context_.diagnostics.failed()) {
      sort_errors();
      return std::nullopt;
    }
    return assemble();
  }

 private:
  void load(const std::vector<Span>& spans) { load(spans, context_.diagnostics); }

  void load(const std::vector<Span>& spans, base::Diagnostics& diagnostics) {
    std::vector<Span> fresh;
    std::set_difference(spans.begin(), spans.end(), loaded_.begin(), loaded_.end(), std::back_inserter(fresh),
                        [](const Span& a, const Span& b) { return a.begin < b.begin; });
    const std::size_t before = context_.documents.size();
    load_documents(input_.stream, input_.stream_name, fresh, context_.documents, diagnostics);
    loaded_ = merge_spans(std::move(loaded_), fresh);
    for (std::size_t i = before; i < context_.documents.size(); ++i) {
      for (const Object& object : context_.documents[i].objects) {
        context_.visible.add(context_.documents[i], object);
      }
    }
  }

  // Our own documents leave the stream: a SecretPolicy joins the operator's policies.
  void read_policy() {
    std::vector<policy::PolicyText> texts = input_.policies;
    bool in_stream = false;
    for (Loaded& loaded : context_.documents) {
      for (const Object& object : loaded.objects) {
        if (object.api_version != k_own_api_version) {
          continue;
        }
        if (object.kind != "SecretPolicy") {
          own_document_error(loaded, object, "a document of kind " + base::printable(object.kind) + " is not in this version",
                             "take it out of the chart");
        } else if (object.list != manifest::k_no_node) {
          own_document_error(loaded, object, "a SecretPolicy stands in a List", "render it as a document of its own");
        } else {
          in_stream = true;
          loaded.drop = true;
          texts.push_back({.source = {input_.stream_name, std::string(loaded.document.bytes())},
                           .folder = {},
                           .origin = policy::Origin::stream_document,
                           .object = object.title()});
        }
      }
    }
    if (!in_stream && input_.policies.empty() && input_.fallback_policy) {
      texts.push_back(*input_.fallback_policy);
    }
    if (texts.empty()) {
      return;
    }
    context_.policy = policy::read_policies(texts, input_.variables, context_.diagnostics);
    if (context_.policy) {
      context_.bundles = policy::resolve_bundles(*context_.policy,
                                                 {.environment = input_.environment,
                                                  .secret_keys = input_.secret_keys ? &*input_.secret_keys : nullptr,
                                                  .namespace_name = input_.variables.namespace_name},
                                                 context_.diagnostics);
    }
  }

  void own_document_error(const Loaded& loaded, const Object& object, std::string message, std::string help) {
    context_.error(ErrorKind::bad_input, std::move(message), context_.places.of(loaded, object, object.root), std::move(help));
  }

  // The policy's `replaces`, one rewrite for each Secret of that name in the stream, or one for the name alone.
  void plan_replaces() {
    if (!context_.policy) {
      return;
    }
    for (const auto& [name, resolved] : context_.bundles) {
      for (const auto& [secret, keys] : resolved.bundle->replaces) {
        load(documents_with(input_.stream, secret));
        std::vector<SecretRewrite*> made;
        for (Loaded& loaded : context_.documents) {
          for (const Object& object : loaded.objects) {
            if (object.is_core("Secret") && object.name == secret) {
              SecretRewrite& rewrite = rewrite_of(secret, loaded, object);
              made.push_back(&rewrite);
            }
          }
        }
        if (made.empty()) {
          made.push_back(&context_.rewrites.emplace_back());
          made.back()->name = secret;
        }
        for (SecretRewrite* rewrite : made) {
          add_keys(*rewrite, resolved, keys);
        }
      }
    }
  }

  SecretRewrite& rewrite_of(const std::string& secret, Loaded& loaded, const Object& object) {
    for (SecretRewrite& rewrite : context_.rewrites) {
      if (rewrite.object == &object) {
        return rewrite;
      }
    }
    SecretRewrite& rewrite = context_.rewrites.emplace_back();
    rewrite.name = secret;
    rewrite.namespace_name = object.namespace_name;
    rewrite.rendered = &loaded;
    rewrite.object = &object;
    rewrite.rendered_keys = data_keys(loaded, object);
    rewrite.dropped = true;
    return rewrite;
  }

  void add_keys(SecretRewrite& rewrite, const policy::ResolvedBundle& resolved, const std::map<std::string, std::string>& keys) {
    rewrite.dropped = true;
    for (const auto& [key, bundle_key] : keys) {
      placeholder::Reference reference;
      reference.bundle = resolved.bundle->name;
      reference.key = bundle_key;
      base::Result<policy::KeyUse> found = policy::find_key(context_.bundles, reference);
      if (!found) {
        base::Error error = std::move(found).error();
        error.message = "replaces maps " + base::printable(key) + " of Secret " + base::printable(rewrite.name) + ": " + error.message;
        error.location = resolved.bundle->location;
        context_.diagnostics.error(std::move(error));
        continue;
      }
      rewrite.moved.insert_or_assign(key, SecretKey{found->secret_name, found->secret_key, false, found->bundle, found->key});
    }
  }

  void load_consumers() {
    context_.helm_4 = !context_.rewrites.empty() && is_from_helm_4(input_.stream);
    for (const SecretRewrite& rewrite : context_.rewrites) {
      load(documents_with(input_.stream, rewrite.name));
    }
  }

  // Which names an envFrom gives must be known where env entries are added.
  // A document that is read for this alone may be no YAML: it passes untouched.
  void load_environment() {
    base::Diagnostics ignored;
    std::set<std::string> names;
    for (const Loaded& loaded : context_.documents) {
      for (const Object& object : loaded.objects) {
        const manifest::NodeId spec = loaded.document.at(pod_template_of(loaded.document, object), "spec");
        for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
          for (const manifest::NodeId container : loaded.document.items(loaded.document.at(spec, list))) {
            for (const manifest::NodeId item : loaded.document.items(loaded.document.find(container, "envFrom").value)) {
              names.emplace(loaded.document.text_at(item, "secretRef.name"));
              names.emplace(loaded.document.text_at(item, "configMapRef.name"));
            }
          }
        }
      }
    }
    names.erase("");
    for (const std::string& name : names) {
      std::vector<Span> sources;
      for (const Span& span : documents_with(input_.stream, name)) {
        const std::string_view bytes = input_.stream.substr(span.begin, span.size());
        if (bytes.find("Secret") != std::string_view::npos || bytes.find("ConfigMap") != std::string_view::npos) {
          sources.push_back(span);
        }
      }
      load(sources, ignored);
    }
  }

  void place() {
    // In the order of the stream, so that problems are told in that order.
    std::vector<Loaded*> ordered;
    for (Loaded& loaded : context_.documents) {
      ordered.push_back(&loaded);
    }
    std::sort(ordered.begin(), ordered.end(), [](const Loaded* a, const Loaded* b) { return a->span.begin < b->span.begin; });
    for (Loaded* loaded : ordered) {
      for (const Object& object : loaded->objects) {
        if (loaded->drop || context_.drops(object)) {
          continue;
        }
        std::deque<Container> containers = containers_of(context_, *loaded, object);
        repoint_object(context_, *loaded, object, containers);
        place_object(context_, *loaded, object, containers);
        for (Container& container : containers) {
          context_.accept(container.finish(), *loaded, object, container.node());
        }
      }
    }
    drop_secrets();
    if (!context_.diagnostics.failed()) {
      for (Loaded* loaded : ordered) {
        for (const Object& object : loaded->objects) {
          if (!loaded->drop && !context_.drops(object)) {
            warn_of_other_uses(context_, *loaded, object);
          }
        }
      }
    }
    annotate_rollouts(context_);
  }

  void drop_secrets() {
    std::map<Loaded*, std::map<manifest::NodeId, std::vector<std::size_t>>> from_lists;
    for (const SecretRewrite& rewrite : context_.rewrites) {
      if (rewrite.rendered == nullptr) {
        unused(rewrite);
        continue;
      }
      if (!rewrite.dropped) {
        continue;
      }
      if (rewrite.object->list == manifest::k_no_node) {
        rewrite.rendered->drop = true;
      } else {
        from_lists[rewrite.rendered][rewrite.object->list].push_back(rewrite.object->list_index);
      }
      check_drop(rewrite);
    }
    for (auto& [loaded, lists] : from_lists) {
      for (auto& [list, indices] : lists) {
        std::sort(indices.begin(), indices.end());
        context_.accept(loaded->editor.remove(list, indices), *loaded, loaded->objects[indices.front()], list);
      }
    }
  }

  void check_drop(const SecretRewrite& rewrite) {
    const std::string shown = base::printable(rewrite.name);
    base::Location place = context_.places.of(*rewrite.rendered, *rewrite.object, rewrite.object->root);
    place.line = 0;
    for (const auto& [key, target] : rewrite.moved) {
      if (target.secret_name == rewrite.name) {
        context_.error(ErrorKind::bad_input,
                       "Secret " + shown + " is the one that workloads are to use and also the one that is replaced: Helm "
                       "deletes what leaves the manifest, so nothing would be left",
                       std::move(place), "give the existing Secret another name than the chart's");
        return;
      }
    }
    base::Warning warning{.message = "Secret " + shown + " leaves the release: the next upgrade deletes the live one",
                          .location = std::move(place),
                          .help = "to keep it until its last user is gone: kubectl annotate secret " + shown +
                                  " helm.sh/resource-policy=keep"};
    if (!context_.helm_4) {
      warning.notes.push_back("Helm 3 sends no hooks to a post-renderer: a hook that uses it is not repointed");
    }
    context_.diagnostics.warning(std::move(warning));
  }

  void unused(const SecretRewrite& rewrite) {
    base::Warning warning{.message = "replaces names Secret " + base::printable(rewrite.name) + ", which this stream does not render"};
    if (!context_.helm_4) {
      warning.notes.push_back("Helm 3 sends no hooks to a post-renderer: a hook that uses it is not repointed");
    }
    context_.diagnostics.warning(std::move(warning));
  }

  // Of several kinds of errors in manifests, the first by document order decides the exit code.
  void sort_errors() {
    const auto line = [&](const base::Error& error) {
      return error.location && error.location->file == input_.stream_name ? error.location->line : 0;
    };
    std::stable_sort(context_.diagnostics.errors.begin(), context_.diagnostics.errors.end(),
                     [&](const base::Error& a, const base::Error& b) { return line(a) < line(b); });
  }

  std::optional<Rendered> assemble() {
    std::vector<Loaded*> changed;
    for (Loaded& loaded : context_.documents) {
      if (loaded.drop || !loaded.editor.empty()) {
        changed.push_back(&loaded);
      }
    }
    std::sort(changed.begin(), changed.end(), [](const Loaded* a, const Loaded* b) { return a->span.begin < b->span.begin; });
    Rendered rendered;
    rendered.owned.resize(changed.size());
    std::vector<std::optional<base::Error>> failures(changed.size());
    for_each_in_parallel(changed.size(), [&](std::size_t i) {
      if (changed[i]->drop) {
        return;
      }
      base::Result<std::string> text = changed[i]->editor.apply();
      if (text) {
        rendered.owned[i] = *std::move(text);
      } else {
        failures[i] = std::move(text).error();
      }
    });
    for (std::size_t i = 0; i < changed.size(); ++i) {
      if (failures[i]) {
        if (!changed[i]->objects.empty()) {
          failures[i]->location = context_.places.of(*changed[i], changed[i]->objects.front(), changed[i]->objects.front().root);
        }
        context_.diagnostics.error(*std::move(failures[i]));
      }
    }
    if (context_.diagnostics.failed()) {
      return std::nullopt;
    }
    std::size_t done = 0;
    for (std::size_t i = 0; i < changed.size(); ++i) {
      rendered.pieces.push_back(input_.stream.substr(done, changed[i]->span.begin - done));
      rendered.pieces.push_back(rendered.owned[i]);
      done = changed[i]->span.end;
    }
    rendered.pieces.push_back(input_.stream.substr(done));
    if (std::all_of(rendered.pieces.begin(), rendered.pieces.end(), manifest::has_no_content)) {
      // Comments alone, Helm takes as they are.
      const bool comments = changed.empty() && input_.stream.find('#') != std::string_view::npos;
      if (!comments) {
        rendered.pieces = {k_no_resources};
      }
    }
    return rendered;
  }

  const Input& input_;
  Context context_;
  std::vector<Span> loaded_;
};

}  // namespace

std::optional<Rendered> render(const Input& input, base::Diagnostics& diagnostics) {
  return Run(input, diagnostics).render();
}

}  // namespace helmme::render
