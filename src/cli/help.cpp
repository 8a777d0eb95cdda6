#include "cli/help.h"

namespace helmme::cli {
namespace {

#define HELMME_EXAMPLES                                                 \
  "  helm template shop ./chart | helm-me-post --policy helm-me.yaml\n" \
  "  helm me --policy helm-me.yaml upgrade --install shop ./chart\n"    \
  "  helm me run -- upgrade --install shop ./chart --atomic\n"

#define HELMME_COMMANDS                                                                                     \
  "deploy:\n"                                                                                               \
  "  install, upgrade, template    run Helm with the post-renderer wired in: our options stand before\n"    \
  "                                the word, everything after it is Helm's\n"                               \
  "  run -- ANY HELM COMMAND       the same for any Helm command\n"                                         \
  "  post                          rendered manifests on stdin, manifests on stdout\n"                      \
  "keep:\n"                                                                                                 \
  "  secret                        values in the local store: set, get, list, delete, generate, rekey\n"    \
  "look:\n"                                                                                                 \
  "  explain                       which source wins for each key and why, what each placeholder becomes\n" \
  "  diff                          what the post-renderer changes, without values\n"                        \
  "check:\n"                                                                                                \
  "  lint [PATH… or -]             plaintext tokens in charts, values, manifests and CI files\n"          \
  "else:\n"                                                                                                 \
  "  init --schema                 the JSON Schema of helm-me.yaml, for editors\n"                          \
  "  version                       print the version\n"

#define HELMME_SHARED_FLAGS                                                                                        \
  "  --policy FILE                 policy; repeat it to merge files as Helm merges -f\n"                           \
  "                                (HELM_ME_POLICY, then a SecretPolicy in the stream, then ./helm-me.yaml)\n"     \
  "  --values FILE                 Helm values; a mapping in them with existingSecret, secrets or secretsFiles\n"  \
  "                                is a bundle named by its path, or fills the policy's bundle of that name;\n"    \
  "                                repeat it to merge files as Helm merges -f\n"                                   \
  "  --release NAME                what ${release} in the policy stands for\n"                                     \
  "                                (HELM_ME_RELEASE; install, upgrade and template know it themselves)\n"          \
  "  --secret-keys FILE            map of NAME or NAMESPACE/NAME to the keys that Secrets in the cluster have;\n"  \
  "                                existing Secrets are checked against it (default: not checked)\n"               \
  "  --dialect WORD                placeholders that count, repeatable: native, vals, argocd-vault-plugin or\n"    \
  "                                bank-vaults (default: the policy's, else all)\n"                                \
  "  --deliver WORD                how the values of secrets, secretsFiles and fetched references reach their\n"   \
  "                                workloads, instead of what the policy says: reference (default),\n"             \
  "                                externalSecret (an ExternalSecret joins the stream, and nothing is read),\n"    \
  "                                secret (a Secret does) or inline (the value itself does)\n"                     \
  "  --offline                     never touch the network (HELM_ME_OFFLINE)\n"                                    \
  "  --timeout DURATION            for all reading from providers together (HELM_ME_TIMEOUT, default 30s)\n"       \
  "  --diagnostics-format FORMAT   text or json (HELM_ME_DIAGNOSTICS_FORMAT, default text)\n"                      \
  "  --log-level LEVEL             off, error, warn, info, debug or trace, on stderr (HELM_ME_LOG_LEVEL, default " \
  "off)\n"                                                                                                         \
  "  -h, --help                    this text\n"

#define HELMME_VARIABLES                                                                                         \
  "environment:\n"                                                                                               \
  "  HELM_ME_DIAGNOSTICS           file that all messages are appended to as well\n"                             \
  "  HELM_ME_VERSION_KEY           random text; keys the annotation that rolls workloads when a value changes\n" \
  "  NO_COLOR, TERM=dumb           no colour\n"

#define HELMME_EXIT_CODES                                                                                           \
  "exit codes:\n"                                                                                                   \
  "  0 done  1 findings  2 usage  3 bad input or policy  4 denied  5 not found  6 backend unavailable, output not " \
  "writable  70 our bug\n"

}  // namespace

std::string_view short_help() {
  return "helm-me keeps plaintext tokens out of Helm: charts write placeholders, the cluster gets references.\n\n"
         "examples:\n" HELMME_EXAMPLES "\n" HELMME_COMMANDS "\nhelm-me --help has the flags\n";
}

std::string_view program_help() {
  return "examples:\n" HELMME_EXAMPLES
         "\n"
         "usage: helm-me [FLAGS] COMMAND …\n\n" HELMME_COMMANDS
         "\n"
         "flags:\n" HELMME_SHARED_FLAGS
         "  --version                     print the version\n"
         "\n" HELMME_VARIABLES
         "  HELM_BIN                      the Helm to run (default: helm on PATH)\n"
         "\n" HELMME_EXIT_CODES "  once Helm has started, its own code\n";
}

std::string_view post_help() {
  return "examples:\n"
         "  helm template shop ./chart | helm-me-post --policy helm-me.yaml\n"
         "  helm install shop ./chart --post-renderer helm-me-post\n"
         "  helm-me-post --diagnostics-format json manifests.yaml\n"
         "\n"
         "usage: helm-me-post [FLAGS] [FILE]      FILE: rendered manifests; - is stdin, the default\n"
         "       helm-me post [FLAGS] [FILE]\n"
         "\n"
         "flags:\n"
         "  --namespace NAME              the release's namespace, what ${namespace} in the policy stands for\n"
         "                                (HELM_NAMESPACE)\n" HELMME_SHARED_FLAGS "\n" HELMME_VARIABLES
         "\n" HELMME_EXIT_CODES;
}

std::string_view explain_help() {
  return "examples:\n"
         "  helm template shop ./chart | helm me explain --policy helm-me.yaml\n"
         "  helm me explain -o json manifests.yaml\n"
         "\n"
         "usage: helm-me explain [FLAGS] [FILE]   FILE: rendered manifests; - is stdin, the default\n"
         "\n"
         "Says which source wins for each key and why, and what each placeholder becomes. Writes nothing.\n"
         "\n"
         "flags:\n"
         "  -o, --output FORMAT           text (default) or json\n"
         "  --namespace NAME              the release's namespace (HELM_NAMESPACE)\n" HELMME_SHARED_FLAGS
         "\n" HELMME_EXIT_CODES;
}

std::string_view diff_help() {
  return "examples:\n"
         "  helm template shop ./chart | helm me diff --policy helm-me.yaml\n"
         "  helm me diff --exit-code manifests.yaml\n"
         "\n"
         "usage: helm-me diff [FLAGS] [FILE]      FILE: rendered manifests; - is stdin, the default\n"
         "\n"
         "Shows what the post-renderer changes as a unified diff. Secrets' values are shown as ****.\n"
         "\n"
         "flags:\n"
         "  --exit-code                   end with 1 where there are changes\n"
         "  --namespace NAME              the release's namespace (HELM_NAMESPACE)\n" HELMME_SHARED_FLAGS
         "\n" HELMME_EXIT_CODES;
}

std::string_view init_help() {
  return "examples:\n"
         "  helm me init --schema > helm-me.schema.json\n"
         "\n"
         "usage: helm-me init --schema\n"
         "\n"
         "An editor completes and checks a policy whose first line is\n"
         "  # yaml-language-server: $schema=helm-me.schema.json\n"
         "\n"
         "flags:\n"
         "  --schema                      print the JSON Schema (draft 2020-12) of the policy file\n"
         "  -h, --help                    this text\n"
         "\n"
         "exit codes:\n"
         "  0 done  2 usage  6 output not writable  70 our bug\n";
}

std::string_view run_help() {
  return "examples:\n"
         "  helm me run -- upgrade --install shop ./chart --atomic\n"
         "  helm me --policy helm-me.yaml run -- diff upgrade shop ./chart\n"
         "\n"
         "usage: helm-me [FLAGS] run [FLAGS] -- ANY HELM COMMAND\n"
         "\n"
         "flags:\n" HELMME_SHARED_FLAGS;
}

}  // namespace helmme::cli
