// HM301 to HM308, as data.
#include <array>

#include "lint/rule.h"

namespace helmme::lint {
namespace {

#define HELMME_SECRET "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\n"
#define HELMME_CONFIG "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
#define HELMME_DEPLOYMENT                                                                                              \
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n    " \
  "  containers:\n        - name: c\n"

constexpr std::array k_hm301_found = {
    Example{"templates/secret.yaml",
            HELMME_SECRET "data:\n  password: {{ .Values.password | default \"«kd93kfo2xd»\" | b64enc }}\n"},
    Example{"templates/secret.yaml",
            HELMME_SECRET "data:\n  password: {{ default \"«changeme»\" .Values.auth.password | b64enc }}\n"},
    Example{"templates/secret.yaml", HELMME_SECRET "data:\n  password: {{ \"«kd93kfo2xd»\" | b64enc | quote }}\n"},
    Example{"templates/secret.yaml", HELMME_SECRET "data:\n  apiKey: {{ b64enc \"«kd93kfo2xd»\" }}\n"},
    Example{"templates/secret.yaml",
            "{{- $password := \"«kd93kfo2xd»\" -}}\n" HELMME_SECRET "data:\n  password: {{ $password | b64enc }}\n"},
    Example{"templates/_helpers.tpl",
            "{{- define \"shop.dbPassword\" -}}\n{{- if .Values.password -}}\n{{ .Values.password }}\n{{- else -}}\n"
            "«kd93kfo2xd»\n{{- end -}}\n{{- end -}}\n"},
};
constexpr std::array k_hm301_clean = {
    Example{"templates/secret.yaml", HELMME_SECRET
            "data:\n  password: {{ required \"a password is required\" .Values.password | b64enc | quote }}\n"},
    Example{"templates/secret.yaml", HELMME_SECRET "data:\n  password: {{ include \"shop.password\" . | b64enc }}\n  "
                                                   "user: {{ default \"app\" .Values.user | b64enc }}\n"},
    Example{"templates/_helpers.tpl",
            "{{- define \"shop.passwordKey\" -}}\npostgres-password\n{{- end -}}\n{{- define \"shop.password\" -}}\n"
            "prefix-{{ .Values.password }}\n{{- end -}}\nkd93kfo2xd\n{{- define \"shop.name\" -}}shop-1{{- end -}}\n"},
};
constexpr std::array k_hm302_found = {
    Example{
        "templates/deployment.yaml", HELMME_DEPLOYMENT
        "          env:\n            - name: DB_PASSWORD\n              value: {{ «.Values.db.password» | quote }}\n"},
    Example{"templates/deployment.yaml",
            HELMME_DEPLOYMENT "          args:\n            - --password={{ «.Values.db.password» }}\n"},
    Example{"templates/config.yaml", HELMME_CONFIG "data:\n  app.ini: |\n    password = {{ «.Values.db.password» }}\n"},
};
constexpr std::array k_hm302_clean = {
    Example{"templates/secret.yaml", HELMME_SECRET "stringData:\n  password: {{ .Values.db.password | quote }}\n"},
    Example{"templates/deployment.yaml", HELMME_DEPLOYMENT
            "          env:\n            {{- if .Values.db.password }}\n            - name: DB_PASSWORD\n"
            "              valueFrom:\n                secretKeyRef: {name: {{ .Release.Name }}, key: password}\n      "
            "      {{- end }}\n"},
};
constexpr std::array k_hm303_found = {
    Example{"templates/secret.yaml", HELMME_SECRET "data:\n  password: {{ «randAlphaNum» 32 | b64enc }}\n"},
    Example{"templates/tls.yaml",
            "{{- $ca := «genCA» \"shop\" 365 }}\n" HELMME_SECRET "data:\n  ca.crt: {{ $ca.Cert | b64enc }}\n"},
    Example{"templates/_helpers.tpl", "{{- define \"shop.password\" -}}\n{{ «randAlphaNum» 16 }}\n{{- end -}}\n"},
};
constexpr std::array k_hm303_clean = {
    Example{"templates/job.yaml",
            "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate-{{ randAlphaNum 5 | lower }}\n"},
    Example{"templates/tls.yaml",
            "{{- $ca := genCA \"shop-ca\" 365 }}\n" HELMME_SECRET
            "data:\n  ca.crt: {{ include \"common.secrets.lookup\" (dict \"secret\" \"shop-tls\" \"key\" \"ca.crt\" "
            "\"defaultValue\" $ca.Cert \"context\" $) }}\n"},
};
constexpr std::array k_hm304_found = {
    Example{
        "templates/secret.yaml",
        "{{- $old := «lookup» \"v1\" \"Secret\" .Release.Namespace \"shop\" }}\n" HELMME_SECRET
        "data:\n  password: {{ if $old }}{{ $old.data.password }}{{ else }}{{ randAlphaNum 32 | b64enc }}{{ end }}\n"},
};
constexpr std::array k_hm304_clean = {
    Example{
        "templates/job.yaml",
        "{{- $node := lookup \"v1\" \"Node\" \"\" \"\" }}\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\n"},
};
constexpr std::array k_hm305_found = {
    Example{"templates/NOTES.txt", "Log in with admin and {{ «.Values.auth.password» }}\n"},
    Example{"templates/NOTES.txt", "The password is {{ include \"«shop.password»\" . }}\n"},
};
constexpr std::array k_hm305_clean = {
    Example{"templates/NOTES.txt",
            "{{- if .Values.auth.password }}\nkubectl get secret {{ .Release.Name }} -o jsonpath='{.data.password}' | "
            "base64 -d\n{{- end }}\n"},
    Example{"templates/NOTES.txt",
            "kubectl create secret generic {{ .Values.token.secret | default (printf \"%s-admin-token\" (include "
            "\"shop.name\" .)) }} --from-literal=token=<token>\n"},
};
constexpr std::array k_hm306_found = {
    Example{"templates/auth.yaml", HELMME_SECRET "data:\n  auth: {{ htpasswd \"admin\" \"«kd93kfo2xd»\" | b64enc }}\n"},
};
constexpr std::array k_hm306_clean = {
    Example{"templates/auth.yaml",
            HELMME_SECRET "data:\n  auth: {{ htpasswd .Values.user .Values.password | b64enc }}\n"},
};
constexpr std::array k_hm307_found = {
    Example{"templates/config.yaml",
            HELMME_CONFIG "data:\n  values.yaml: |\n    {{- toYaml «.Values» | nindent 4 }}\n"},
};
constexpr std::array k_hm307_clean = {
    Example{"templates/config.yaml",
            HELMME_CONFIG "data:\n  values.yaml: |\n    {{- toYaml .Values.config | nindent 4 }}\n"},
};
constexpr std::array k_hm308_found = {
    Example{"templates/check.yaml",
            "{{- if lt (len .Values.auth.password) 8 }}\n{{- fail (printf \"too short: %s\" «.Values.auth.password») "
            "}}\n{{- end }}\n"},
};
constexpr std::array k_hm308_clean = {
    Example{"templates/check.yaml",
            "{{- if not .Values.auth.password }}\n{{- fail \"auth.password is required\" }}\n{{- end }}\n"},
};

constexpr std::array k_rules = {
    Rule{"HM301", "literal credential in a template", Severity::error,
         "A template gives a credential a literal by default, quote, b64enc or the like: every installation that sets "
         "no "
         "value of its own shares it.",
         "fail without a value: {{ required \"auth.password is required\" .Values.auth.password }}",
         "password: {{ required \"auth.password is required\" .Values.auth.password | b64enc }}", k_hm301_found,
         k_hm301_clean},
    Rule{"HM302", "credential from values in a plain place", Severity::warning,
         "A credential of the values goes into an environment value, an argument or a ConfigMap instead of a Secret.",
         "render it into a Secret and refer to that",
         "valueFrom: {secretKeyRef: {name: {{ include \"shop.secretName\" . }}, key: password}}", k_hm302_found,
         k_hm302_clean},
    Rule{"HM303", "secret that changes at every upgrade", Severity::warning,
         "A generator without lookup makes another value at every render: each upgrade changes the secret under its "
         "users, "
         "and GitOps tools never come to rest.",
         "let an existing Secret be named, and make the value once outside of Helm",
         "{{- if not .Values.auth.existingSecret }}…{{- end }}", k_hm303_found, k_hm303_clean},
    Rule{"HM304", "secret kept by lookup", Severity::info,
         "lookup answers nothing under helm template, --dry-run and GitOps tools, so there the secret is made anew.",
         "let an existing Secret be named for these cases", "{{- if not .Values.auth.existingSecret }}…{{- end }}",
         k_hm304_found, k_hm304_clean},
    Rule{"HM305", "NOTES.txt prints a credential", Severity::error,
         "Notes are printed by install and upgrade, into every CI log, and kept in the release.",
         "print the command that reads the Secret instead",
         "kubectl get secret {{ .Release.Name }} -o jsonpath='{.data.password}' | base64 -d", k_hm305_found,
         k_hm305_clean},
    Rule{
        "HM306", "hash of a literal password", Severity::warning,
        "The template hashes a literal: the password stands in the chart, and the hash has a new salt at every render.",
        "take the hash itself from an existing Secret", "auth: {{ .Values.auth.htpasswd | b64enc }}", k_hm306_found,
        k_hm306_clean},
    Rule{"HM307", "all values in a ConfigMap", Severity::warning,
         "Whatever credential is ever added to the values ends in the ConfigMap.",
         "write only the values that are meant", "{{- toYaml .Values.config | nindent 4 }}", k_hm307_found,
         k_hm307_clean},
    Rule{"HM308", "credential in a message", Severity::warning,
         "What fail says is printed by Helm, and what printf makes outside of a Secret is plain text.",
         "name the value in the message, do not print it", "{{- fail \"auth.password is too short\" }}", k_hm308_found,
         k_hm308_clean},
};

}  // namespace

std::span<const Rule> template_rule_table() { return k_rules; }

}  // namespace helmme::lint
