#include "cli/help.h"

namespace helmme::cli {
namespace {

#define HELMME_EXAMPLES                                                 \
  "  helm template shop ./chart | helm-me-post --policy helm-me.yaml\n" \
  "  helm me --policy helm-me.yaml upgrade --install shop ./chart\n"    \
  "  helm me run -- upgrade --install shop ./chart --atomic\n"

#define HELMME_COMMANDS                                                                                  \
  "deploy:\n"                                                                                            \
  "  install, upgrade, template    run Helm with the post-renderer wired in: our options stand before\n" \
  "                                the word, everything after it is Helm's\n"                            \
  "  run -- ANY HELM COMMAND       the same for any Helm command\n"                                      \
  "  post                          rendered manifests on stdin, manifests on stdout\n"                   \
  "check:\n"                                                                                             \
  "  lint [PATH… or -]             plaintext tokens in charts, values, manifests and CI files\n"       \
  "else:\n"                                                                                              \
  "  version                       print the version\n"

#define HELMME_SHARED_FLAGS                                                                                         \
  "  --policy FILE                 policy; repeat it to merge files as Helm merges -f\n"                            \
  "                                (HELM_ME_POLICY, then a SecretPolicy in the stream, then ./helm-me.yaml)\n"      \
  "  --release NAME                what ${release} in the policy stands for\n"                                      \
  "                                (HELM_ME_RELEASE; install, upgrade and template know it themselves)\n"           \
  "  --secret-keys FILE            map of NAME or NAMESPACE/NAME to the keys that Secrets in the cluster have;\n"   \
  "                                existing Secrets are checked against it (default: not checked)\n"                \
  "  --dialect WORD                placeholders that count, repeatable: native (default: the policy's, else all)\n" \
  "  --deliver WORD                how a secret reaches its workload: reference (default)\n"                        \
  "  --offline                     never touch the network (HELM_ME_OFFLINE); this version never does\n"            \
  "  --diagnostics-format FORMAT   text or json (HELM_ME_DIAGNOSTICS_FORMAT, default text)\n"                       \
  "  --log-level LEVEL             off, error, warn, info, debug or trace, on stderr (HELM_ME_LOG_LEVEL, default "  \
  "off)\n"                                                                                                          \
  "  -h, --help                    this text\n"

#define HELMME_VARIABLES                                                                                         \
  "environment:\n"                                                                                               \
  "  HELM_ME_DIAGNOSTICS           file that all messages are appended to as well\n"                             \
  "  HELM_ME_VERSION_KEY           random text; keys the annotation that rolls workloads when a value changes\n" \
  "  NO_COLOR, TERM=dumb           no colour\n"

#define HELMME_EXIT_CODES \
  "exit codes:\n"         \
  "  0 done  1 findings  2 usage  3 bad input or policy  4 denied  5 not found  6 output not writable  70 our bug\n"

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

std::string_view lint_help() {
  return "examples:\n"
         "  helm me lint                                     all that git does not ignore, below this folder\n"
         "  helm me lint ./chart values-prod.yaml\n"
         "  helm template shop ./chart | helm me lint -\n"
         "  helm me lint --format text --format sarif=lint.sarif\n"
         "  helm me lint --explain HM203\n"
         "\n"
         "usage: helm-me lint [FLAGS] [PATH… | -]      - is a stream of manifests on stdin (default: this folder)\n"
         "\n"
         "flags:\n"
         "  --format FORMAT[=FILE]        text, json, sarif, gitlab, junit, rdjson or github; repeatable, one of them "
         "may\n"
         "                                go to stdout (default: text)\n"
         "  --fail-on SEVERITY            info, warning or error: from which on a finding fails the run (default: "
         "warning)\n"
         "  --staged                      only lines that are staged, as they are staged\n"
         "  --since REVISION              only lines that are new since the branch left that revision\n"
         "  --baseline FILE               findings that are known and left out\n"
         "  --write-baseline FILE         write the baseline of this run, and end with 0\n"
         "  --explain RULE                what a rule finds, why it matters and how to mend it\n"
         "  --list-rules                  all rules\n"
         "  --diagnostics-format FORMAT   text or json, of errors on stderr (HELM_ME_DIAGNOSTICS_FORMAT, default "
         "text)\n"
         "  -h, --help                    this text\n"
         "\n"
         "suppress one finding, on its line or above it:\n"
         "  # helm-me:allow HM103 the demo's own password\n"
         "\n"
         ".helm-me-lint.yaml, in the working directory or in the one folder that is named:\n"
         "  salt: any text                                   keys the fingerprints\n"
         "  exclude: [docs/**, \"*.golden.yaml\"]\n"
         "  rules: {HM105: off, HM103: error}\n"
         "  allow:\n"
         "    - {fingerprint: 64 HEX DIGITS, reason: TEXT, expires: 2027-01-31}\n"
         "\n"
         "exit codes:\n"
         "  0 clean  1 findings  2 usage  3 unreadable input  6 output not writable  70 our bug\n";
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
