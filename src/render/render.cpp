#include "render/render.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "policy/names.h"
#include "render/annotation.h"
#include "render/context.h"
#include "render/scan.h"
#include "render/survey.h"

namespace helmme::render {
namespace {

using base::ErrorKind;
using manifest::Span;

// Helm 4 takes neither an empty output nor a lone line end.
constexpr std::string_view k_no_resources = "# helm-me: no resources\n";

// What there is to say of a document.
struct Findings {
  base::Diagnostics diagnostics;
  bool lacks_version_key = false;
  Exposure exposure;
  std::vector<Outcome> outcomes;
  KeyUses key_uses;

  [[nodiscard]] bool empty() const {
    return diagnostics.errors.empty() && diagnostics.warnings.empty() && !lacks_version_key && exposure.empty() &&
           outcomes.empty() && key_uses.empty();
  }
};

// What becomes of one document. A stream has many, of most of which there is nothing to say.
struct Edited {
  std::optional<std::string> text;  // nullopt: its bytes stay
  bool drop = false;
  std::unique_ptr<Findings> findings;
};

// The Secrets of a List that leave it; true where the document's only object leaves.
bool drop_secrets(Context& context) {
  std::vector<std::size_t> leaving;
  const Object* in_list = nullptr;
  for (const Object& object : context.loaded.objects) {
    const SecretRewrite* rewrite = context.plan.rewrite_of(object);
    if (rewrite != nullptr && rewrite->dropped) {
      for (const auto& [key, target] : rewrite->moved) {
        context.record(object, object.root, in_words(rewrite->name, key), in_words(target.secret_name, target.key));
      }
      if (object.list == manifest::k_no_node) {
        return true;
      }
      leaving.push_back(object.id.index);
      in_list = &object;
    }
  }
  if (in_list != nullptr) {
    context.accept(context.loaded.editor.remove(in_list->list, leaving), *in_list, in_list->list);
  }
  return false;
}

void edit_objects(Context& context) {
  for (const Object& object : context.loaded.objects) {
    const SecretRewrite* rewrite = context.plan.rewrite_of(object);
    if (rewrite != nullptr && rewrite->dropped) {
      continue;
    }
    std::deque<Container> containers = context.containers_of(object);
    repoint_object(context, object, containers);
    if (rewrite != nullptr) {
      edit_rendered_secret(context, object, *rewrite);
    }
    place_object(context, object, containers);
    use_delivered_secrets(context, object);
    for (Container& container : containers) {
      context.accept(container.finish(), object, container.node());
    }
    if (!context.diagnostics.failed()) {
      warn_of_other_uses(context, object);
    }
  }
  for (const Object* object : context.misread) {
    context.accept(annotate(context.loaded, object->root, k_dialects_annotation, std::string(k_no_dialect)), *object,
                   object->root);
  }
  annotate_rollouts(context);
}

// A document that changes must mean one thing to every reader.
void refuse_repeated_key(Context& context) {
  const manifest::NodeId key = context.loaded.document.repeated_key();
  if (key == manifest::k_no_node) {
    return;
  }
  const std::vector<Object>& objects = context.loaded.objects;
  const auto after =
      std::find_if(objects.begin() + 1, objects.end(), [&](const Object& object) { return object.root > key; });
  context.error(ErrorKind::bad_input, "this key stands twice in its mapping, and Kubernetes takes the last",
                context.plan.places.of(context.loaded, *(after - 1), key), "keep one of the two in the template");
}

Edited edit_document(const Plan& plan, const Span& span, Findings& findings) {
  Edited edited;
  const std::string_view bytes = plan.input.stream.substr(span.begin, span.size());
  base::Result<manifest::Document> parsed =
      manifest::Document::parse(bytes, plan.input.stream_name, plan.input.stream, span.begin);
  if (!parsed) {
    findings.diagnostics.error(std::move(parsed).error());
    return edited;
  }
  Loaded loaded(span, *std::move(parsed));
  Context context{.plan = plan, .loaded = loaded, .diagnostics = findings.diagnostics};
  edited.drop = drop_secrets(context);
  if (!edited.drop) {
    edit_objects(context);
  }
  findings.lacks_version_key = context.lacks_version_key;
  findings.exposure = std::move(context.exposure);
  findings.outcomes = std::move(context.outcomes);
  findings.key_uses = std::move(context.key_uses);
  if (edited.drop || !loaded.editor.empty()) {
    refuse_repeated_key(context);
  }
  if (edited.drop || loaded.editor.empty() || findings.diagnostics.failed()) {
    return edited;
  }
  base::Result<std::string> text = loaded.editor.apply();
  if (text) {
    edited.text = *std::move(text);
  } else {
    base::Error error = std::move(text).error();
    error.location = plan.places.of(loaded, loaded.objects.front(), loaded.objects.front().root);
    findings.diagnostics.error(std::move(error));
  }
  return edited;
}

Edited edit_document(const Plan& plan, const Span& span) {
  Findings findings;
  Edited edited = edit_document(plan, span, findings);
  if (!findings.empty()) {
    edited.findings = std::make_unique<Findings>(std::move(findings));
  }
  return edited;
}

// Of several kinds of errors in manifests, the first by document order decides the exit code.
void sort_errors(const Input& input, base::Diagnostics& diagnostics) {
  const auto line = [&](const base::Error& error) {
    return error.location && error.location->file == input.stream_name ? error.location->line : 0;
  };
  std::stable_sort(diagnostics.errors.begin(), diagnostics.errors.end(),
                   [&](const base::Error& a, const base::Error& b) { return line(a) < line(b); });
}

// How the live Secret is kept. Empty where a name is none that Kubernetes takes: it comes from the chart, and the help
// is there to be typed.
std::string how_to_keep(const SecretRewrite& rewrite) {
  const bool has_namespace = !rewrite.namespace_name.empty();
  if (!policy::is_secret_name(rewrite.name) || (has_namespace && !policy::is_secret_name(rewrite.namespace_name))) {
    return {};
  }
  return "to keep it until its last user is gone: kubectl annotate secret " + rewrite.name +
         (has_namespace ? " -n " + rewrite.namespace_name : std::string()) + " helm.sh/resource-policy=keep";
}

// What the policy's `replaces` and rendered placeholders mean for the release.
void speak_of_rewrites(const Plan& plan, base::Diagnostics& diagnostics) {
  for (const SecretRewrite& rewrite : plan.rewrites) {
    const std::string shown = rewrite.name.empty() ? "without a name" : base::printable(rewrite.name);
    base::Warning warning;
    if (!rewrite.rendered) {
      warning.message = "replaces names Secret " + shown + ", which this stream does not render";
    } else if (!rewrite.dropped) {
      continue;
    } else if (rewrite.external != nullptr) {
      warning.message = "Secret " + shown + " is made by External Secrets from now on: the next upgrade deletes Helm's";
      warning.location = rewrite.location;
    } else if (rewrite.replaces_itself()) {
      diagnostics.error({.kind = ErrorKind::bad_input,
                         .message = "Secret " + shown +
                                    " is to be used and to be replaced: Helm deletes what leaves the "
                                    "manifest, so nothing would be left of it",
                         .location = rewrite.location,
                         .help = "give the existing Secret another name than the chart's"});
      continue;
    } else {
      warning.message = "Secret " + shown + " leaves the release: the next upgrade deletes the live one";
      warning.location = rewrite.location;
      warning.help = how_to_keep(rewrite);
    }
    if (!plan.helm_4) {
      warning.notes.push_back("Helm 3 sends no hooks to a post-renderer: a hook that uses it is not repointed");
    }
    diagnostics.warning(std::move(warning));
  }
}

// That values are in Helm's release is said once for each way they got there.
void speak_of_exposure(const Exposure& exposure, base::Diagnostics& diagnostics) {
  std::set<std::string> secrets = exposure.filled;
  for (const auto& [delivered, keys] : exposure.delivered) {
    if (delivered.bundle->delivery == policy::Delivery::external_secret) {
      continue;
    }
    secrets.insert(delivered.bundle->secret_name);
  }
  if (!secrets.empty()) {
    diagnostics.warning({.message = "values are put into the stream, and Helm keeps them in the release: " +
                                    std::string(secrets.size() == 1 ? "Secret " : "Secrets ") +
                                    base::printable(base::join_words({secrets.begin(), secrets.end()})),
                         .help = "deliver by reference from a Secret that is in the cluster: existingSecret: NAME"});
  }
  if (exposure.inlined > 0) {
    diagnostics.warning({.message = "values stand in the open in " + std::to_string(exposure.inlined) +
                                    (exposure.inlined == 1 ? " place" : " places") +
                                    " of the stream, and Helm keeps them in the release for all to read",
                         .help = "deliver by reference or secret; inline is for moving over"});
  }
}

// What stands where a document was. A "..." at its end left with it: what follows without a "---" of its own would join
// the document above.
std::string_view seam_before(std::string_view rest) {
  const bool has_marker = rest.starts_with("---") &&
                          (rest.size() == 3 || std::string_view(" \t\r\n").find(rest[3]) != std::string_view::npos);
  if (rest.empty() || has_marker) {
    return {};
  }
  return rest.starts_with('%') ? "...\n" : "---\n";  // "%": a directive, which only the end of a document may precede
}

// New documents, at the end. Where the last line has no end of its own, one more would be text of a block scalar: then
// they stand in front.
void add_documents(Rendered& rendered, std::string_view stream, std::vector<std::string> added) {
  std::vector<std::string_view> texts;
  texts.reserve(added.size());
  for (std::string& document : added) {
    texts.emplace_back(rendered.owned.emplace_back(std::move(document)));
  }
  if (texts.empty() || stream.ends_with('\n')) {
    rendered.pieces.insert(rendered.pieces.end(), texts.begin(), texts.end());
    return;
  }
  constexpr std::string_view k_bom = "\xEF\xBB\xBF";
  const auto first = std::find_if_not(rendered.pieces.begin(), rendered.pieces.end(),
                                      [](std::string_view piece) { return piece.empty(); });
  if (stream.starts_with(k_bom) && first != rendered.pieces.end() && first->starts_with(k_bom)) {
    first->remove_prefix(k_bom.size());  // it begins the stream, whatever comes first
    stream.remove_prefix(k_bom.size());
    texts.insert(texts.begin(), k_bom);
  }
  texts.push_back(seam_before(stream));
  rendered.pieces.insert(rendered.pieces.begin(), texts.begin(), texts.end());
}

Rendered assemble(std::string_view stream, const Survey& survey, std::vector<Edited>& edited,
                  std::vector<std::string> added) {
  Rendered rendered;
  std::size_t done = 0;
  const auto replace = [&](const Span& span, std::string_view text) {
    rendered.pieces.push_back(stream.substr(done, span.begin - done));
    rendered.pieces.push_back(text);
    done = span.end;
  };
  const auto drop = [&](const Span& span) { replace(span, seam_before(stream.substr(span.end))); };
  bool changed = !survey.policies.empty();
  auto policy = survey.policies.begin();
  for (std::size_t i = 0; i < edited.size(); ++i) {
    for (; policy != survey.policies.end() && policy->begin < survey.documents[i].begin; ++policy) {
      drop(*policy);
    }
    if (edited[i].drop) {
      drop(survey.documents[i]);
    } else if (edited[i].text) {
      replace(survey.documents[i], rendered.owned.emplace_back(*std::move(edited[i].text)));
    }
    changed = changed || edited[i].drop;
  }
  for (; policy != survey.policies.end(); ++policy) {
    drop(*policy);
  }
  rendered.pieces.push_back(stream.substr(done));
  add_documents(rendered, stream, std::move(added));
  // Comments alone, Helm takes as they are.
  const bool empty = std::all_of(rendered.pieces.begin(), rendered.pieces.end(), manifest::has_no_content);
  if (empty && (changed || stream.find('#') == std::string_view::npos)) {
    rendered.pieces = {k_no_resources};
  }
  return rendered;
}

}  // namespace

std::optional<Rendered> render(const Input& input, base::Diagnostics& diagnostics) {
  Plan plan(input);
  return run(plan, diagnostics);
}

std::optional<Rendered> run(Plan& plan, base::Diagnostics& diagnostics) {
  const Input& input = plan.input;
  if (is_utf_16(input.stream)) {
    diagnostics.error({.kind = ErrorKind::bad_input,
                       .message = input.stream_name + " is UTF-16 or UTF-32",
                       .help = "Helm renders UTF-8: convert the template's file, e.g. with iconv -t UTF-8"});
    return std::nullopt;
  }
  const std::optional<Survey> found = survey(plan, diagnostics);
  if (!found) {
    return std::nullopt;
  }
  std::vector<Edited> edited(found->documents.size());
  for_each_in_parallel(edited.size(), [&](std::size_t i) { edited[i] = edit_document(plan, found->documents[i]); });
  bool lacks_version_key = false;
  Exposure exposure;
  std::vector<Outcome> outcomes;
  KeyUses key_uses;
  for (Edited& one : edited) {
    if (one.findings == nullptr) {
      continue;
    }
    Findings& found_here = *one.findings;
    std::move(found_here.diagnostics.errors.begin(), found_here.diagnostics.errors.end(),
              std::back_inserter(diagnostics.errors));
    std::move(found_here.diagnostics.warnings.begin(), found_here.diagnostics.warnings.end(),
              std::back_inserter(diagnostics.warnings));
    lacks_version_key = lacks_version_key || found_here.lacks_version_key;
    exposure.merge(std::move(found_here.exposure));
    std::move(found_here.outcomes.begin(), found_here.outcomes.end(), std::back_inserter(outcomes));
    for (const auto& [key, count] : found_here.key_uses) {
      key_uses[key] += count;
    }
  }
  speak_of_rewrites(plan, diagnostics);
  std::vector<std::string> added = delivered_documents(plan, exposure, diagnostics);
  if (lacks_version_key) {
    diagnostics.warning(
        {.message = "workloads do not restart when a secret's value changes: no key for the rollout annotation",
         .help = "set HELM_ME_VERSION_KEY to a random text and keep it, e.g. openssl rand -hex 32"});
  }
  if (diagnostics.failed()) {
    sort_errors(input, diagnostics);
    return std::nullopt;
  }
  speak_of_exposure(exposure, diagnostics);
  Rendered rendered = assemble(input.stream, *found, edited, std::move(added));
  if (input.explain) {
    rendered.explanation.bundles = explain_bundles(plan, key_uses);
    std::stable_sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) {
      return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    rendered.explanation.outcomes = std::move(outcomes);
  }
  return rendered;
}

Rendered::~Rendered() {
  for (std::string& text : owned) {
    base::cleanse(text);
  }
}

}  // namespace helmme::render
