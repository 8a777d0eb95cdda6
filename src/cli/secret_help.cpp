#include "cli/secret_command.h"

namespace helmme::cli {
namespace {

#define HELMME_STORE_FLAGS                                                                                            \
  "  --store STORE                 local: the embedded store (HELM_ME_STORE; default: the cluster, which is not in\n" \
  "                                this version)\n"                                                                   \
  "  --diagnostics-format FORMAT   text or json (HELM_ME_DIAGNOSTICS_FORMAT, default text)\n"                         \
  "  --log-level LEVEL             off, error, warn, info, debug or trace, on stderr (HELM_ME_LOG_LEVEL, default "    \
  "off)\n"                                                                                                            \
  "  -h, --help                    this text\n"

#define HELMME_STORE_VARIABLES                                                                           \
  "environment:\n"                                                                                       \
  "  HELM_ME_STORE                 local: what --store is without the flag\n"                            \
  "  HELM_ME_STORE_KEY             the store's key, 32 bytes in base64 (openssl rand -base64 32)\n"      \
  "  HELM_ME_STORE_PASSPHRASE      or a passphrase; with neither, the file store.key beside the store\n" \
  "  XDG_DATA_HOME                 the store is helm-me/store below it (default: ~/.local/share)\n"

constexpr std::string_view k_secret_help =
    "examples:\n"
    "  helm me secret set shop-secrets --from-stdin API_KEY --store local < api-key.txt\n"
    "  helm me secret generate shop --policy helm-me.yaml --store local\n"
    "  helm me secret get shop-secrets --store local\n"
    "\n"
    "usage: helm-me secret COMMAND …      helm-me secret COMMAND --help has its flags\n"
    "\n"
    "commands:\n"
    "  set        put values into an entry\n"
    "  get        an entry's keys, sizes and ages; a value only with --reveal\n"
    "  list       all entries\n"
    "  delete     an entry, or some of its keys\n"
    "  generate   make the values that a policy's contract asks for and that are missing\n"
    "  apply      print the Secrets that a policy's bundles make, for kubectl apply -f -\n"
    "  rekey      change the key of the store\n"
    "\n"
    "In the local store, one encrypted file, an entry is the like of a Kubernetes Secret: a name, a type, keys with\n"
    "values.\n"
    "\n"
    "flags:\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_apply_help =
    "examples:\n"
    "  helm me secret apply --policy helm-me.yaml -o yaml | kubectl apply -f -\n"
    "  helm me secret apply shop -o yaml | kubeseal -o yaml > sealed.yaml\n"
    "\n"
    "usage: helm-me secret apply [BUNDLE…] [FLAGS]      no BUNDLE: all of the policy\n"
    "\n"
    "Prints a v1/Secret of each target with the values of its bundles. Bundles that existingSecret wins have theirs "
    "in\n"
    "the cluster already. The output holds values.\n"
    "\n"
    "flags:\n"
    "  --policy FILE                 policy; repeat it to merge files (HELM_ME_POLICY, then ./helm-me.yaml)\n"
    "  --values FILE                 Helm values that bundles have their sources in, repeatable, as post reads them\n"
    "  --release NAME                what ${release} in the policy stands for (HELM_ME_RELEASE)\n"
    "  -o, --output FORMAT           yaml; needed: writing to the cluster is not in this version\n" HELMME_STORE_FLAGS;

constexpr std::string_view k_set_help =
    "examples:\n"
    "  helm me secret set shop-secrets --from-stdin API_KEY --store local < api-key.txt\n"
    "  helm me secret set shop-secrets --from-env API_KEY=SHOP_API_KEY --store local\n"
    "  helm me secret set shop-tls --from-file tls.crt=crt.pem --from-file tls.key=key.pem --type kubernetes.io/tls\n"
    "\n"
    "usage: helm-me secret set NAME [FLAGS]\n"
    "\n"
    "flags:\n"
    "  --from-stdin KEY              the value is standard input, without one final line end\n"
    "  --raw                         with it\n"
    "  --from-env KEY=VARIABLE       the value of a variable, repeatable\n"
    "  --from-file KEY=PATH          the bytes of a file as they are, repeatable\n"
    "  --data KEY=VALUE              a value in the command line, where others may see it, repeatable\n"
    "  --type TYPE                   the Secret's type (default: as it is, else Opaque)\n"
    "  --reconcile WORD              what happens to an entry that is there: apply keeps the keys that are not named\n"
    "                                (default), replace drops them, create_if_missing leaves it as it is,\n"
    "                                fail_if_exists is an error\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_get_help =
    "examples:\n"
    "  helm me secret get shop-secrets --store local\n"
    "  helm me secret get shop-secrets --reveal API_KEY --store local | program-that-needs-it\n"
    "\n"
    "usage: helm-me secret get NAME [FLAGS]\n"
    "\n"
    "flags:\n"
    "  --reveal KEY                  print this value and nothing else, no line end either. In GitHub Actions it is\n"
    "                                masked in the log first\n"
    "  --yes                         even where the variable CI is set and standard output is no terminal\n"
    "  -o, --output FORMAT           table or json (default table); AGE counts from the last change of a "
    "value\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_list_help =
    "examples:\n"
    "  helm me secret list --store local\n"
    "  helm me secret list --store local -o json\n"
    "\n"
    "usage: helm-me secret list [FLAGS]\n"
    "\n"
    "flags:\n"
    "  -o, --output FORMAT           table or json (default table); AGE counts from the last change of a "
    "value\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_delete_help =
    "examples:\n"
    "  helm me secret delete shop-secrets --store local\n"
    "  helm me secret delete shop-secrets API_KEY --store local\n"
    "\n"
    "usage: helm-me secret delete NAME [KEY…] [FLAGS]      without KEY the whole entry\n"
    "\n"
    "flags:\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_generate_help =
    "examples:\n"
    "  helm me secret generate shop --policy helm-me.yaml --store local\n"
    "  helm me secret generate --out env/shop.env\n"
    "  helm me secret generate shop -o yaml | kubectl apply -f -\n"
    "  helm me secret generate shop-secrets --key API_KEY --hex 32 --store local\n"
    "\n"
    "usage: helm-me secret generate [BUNDLE…] [FLAGS]      without BUNDLE all of the policy's\n"
    "       helm-me secret generate NAME --key KEY --hex BYTES [FLAGS]\n"
    "\n"
    "Keys that are there stay as they are. The entry is named as the bundle's target, else as the bundle.\n"
    "\n"
    "flags:\n"
    "  --policy FILE                 policy, repeatable (HELM_ME_POLICY, then ./helm-me.yaml)\n"
    "  --release NAME                what ${release} in the policy stands for (HELM_ME_RELEASE)\n"
    "  --out FILE                    into a secrets file, .env or YAML by its name, for its owner alone\n"
    "  -o, --output yaml             a v1/Secret with the values on standard output\n"
    "  --force KEY                   make this one anew, repeatable; BUNDLE/KEY where several have it\n"
    "  --key KEY                     one key, without a policy; with one of\n"
    "  --hex BYTES, --base64 BYTES     random bytes, written in hex or base64\n"
    "  --alphabet CHARACTERS           characters of it, as many as --length says\n"
    "  --uuid                          a UUID of version 4\n"
    "  --prefix TEXT                 what the value begins with\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

constexpr std::string_view k_rekey_help =
    "examples:\n"
    "  helm me secret rekey --store local\n"
    "  helm me secret rekey --to passphrase --store local\n"
    "\n"
    "usage: helm-me secret rekey [FLAGS]\n"
    "\n"
    "flags:\n"
    "  --to WORD                     what opens the store from now on: key-file, a new one beside the store "
    "(default);\n"
    "                                key, that of HELM_ME_STORE_NEW_KEY; passphrase, that of\n"
    "                                HELM_ME_STORE_NEW_PASSPHRASE\n" HELMME_STORE_FLAGS "\n" HELMME_STORE_VARIABLES;

}  // namespace

std::string_view secret_help(std::string_view command) {
  return command == "set"        ? k_set_help
         : command == "get"      ? k_get_help
         : command == "list"     ? k_list_help
         : command == "delete"   ? k_delete_help
         : command == "generate" ? k_generate_help
         : command == "rekey"    ? k_rekey_help
         : command == "apply"    ? k_apply_help
                                 : k_secret_help;
}

}  // namespace helmme::cli
