#include "lint/admission_policy.h"

#include <array>
#include <utility>

namespace helmme::lint {
namespace {

// CEL counts what an expression costs while it runs, and gives up at 1 000 000 (Kubernetes, celconfig.PerCallLimit). A
// match costs a tenth of the text times a quarter of the pattern, so the patterns are short: 1000 variables of 50
// characters pass. Long texts are left alone, by the sizes below. What gives up is admitted: see failurePolicy.

// The last words of a credential's name; key_name.cpp knows more of them.
constexpr std::string_view k_name =
    R"((?:(?i:passw(?:ord|d|ort)|passphrase|(?:^|[_.-])(?:pass|pwd|psk)|requirepass|connection[_.-]?string)"
    R"(|(?:api|secret|private|encryption|signing|master|shared|storage|session|hmac|jwt|fernet|secret[_.-]?access)[_.-]?key)"
    R"(|(?:client|api|jwt|cookie|session|shared|webhook|signing|hmac|oauth|encryption|otp|app)[_.-]?secret)"
    R"(|(?:^|[_.-])token|(?:auth|access|api|bearer|refresh|bot|secret)token)|[a-z0-9](?:Token|Pass|Pwd))(?:[_.-]?[0-9]+)?$)";

// Words in front that turn it into something else.
constexpr std::string_view k_other_name =
    R"(^(?i:existing|use|create|generate|enable|has|is|no|allow|skip|need|require|reset|forgot|public|mount|from))"
    R"((?:[_.-]|[A-Z])|(?i:account|page|next|automount)[_.-]?(?i:token)$)";

// What says nothing: flags, small numbers, paths, addresses, and what stands for something else.
constexpr std::string_view k_fine =
    R"(^(?:(?i:true|false|yes|no|on|off|null|none|auto)|[0-9]{1,4}|/\S*|[a-z][a-z0-9+.-]*://[^@]*)$)"
    R"(|\$\(|\$\{|^<path:|ref\+|vault:)";

constexpr std::string_view k_token =
    R"(\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{70}|glpat-[\w-]{20}|A[KS]IA[A-Z2-7]{16}\b|AIza[\w-]{35}|GOCSPX-[\w-]{28})"
    R"(|xox[abeoprs]-[\w-]{10}|xapp-\d-[A-Z0-9]+-|hooks\.slack\.com/services/T|[sr]k_live_[A-Za-z0-9]{10}|npm_[A-Za-z0-9]{36})"
    R"(|pypi-AgE[\w-]{50}|sk-(?:proj|ant|svcacct|admin)[\w-]{20}|hf_[A-Za-z0-9]{34}|SG\.[\w-]{22}\.|do[opr]_v1_[a-f0-9]{64})"
    R"(|dckr_[op]at_[\w-]{27}|hv[sb]\.[\w-]{24}|glsa_\w{32}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|AGE-SECRET-KEY-1)|-----BEGIN [A-Z ]*PRIVATE KEY)";

constexpr std::string_view k_url = R"(://[^/\s:@$]*:[^/\s@$<][^/\s@]*@)";

// An option or a header, and behind it what is neither a variable, a path nor another option.
constexpr std::string_view k_argument =
    R"((?i)(?:^|\s)--?[a-z0-9._-]*(?:password|passwd|passphrase|(?:api|secret|private|access)[_.-]?key|token|client[_.-]?secret))"
    R"((?:=|\s+)['"]?[^$'"\s/<-][^'"\s]{5}|(?:authorization|x-api-key):\s*(?:bearer\s|basic\s)?\s*[\w+/=.-]{16})";

// Native, vals', argocd-vault-plugin's and bank-vaults' placeholders.
constexpr std::string_view k_placeholder =
    R"(\$\{secret:[\w./-]+\??\}|(?:^|[^A-Za-z0-9])(?:secret)?ref\+[a-z][a-z0-9+.-]*://|<path:[^>\s]+#|(?:^|[^\w./-])vault:[^\s#"']+#)";

// The same in base64: the native one at each of its three offsets, the others at the beginning of a value.
constexpr std::string_view k_encoded =
    R"(JHtzZWNyZXQ6|R7c2VjcmV0O|ke3NlY3JldD|^(?:PHBhdGg6|dmF1bHQ6|Pj52YXVsdD|cmVmK[23]|c2VjcmV0cmVmK[23]))";

constexpr std::string_view k_template =
    R"(# Refuses credentials in plain text, and placeholders that nobody has resolved: printed by helm-me lint
# --admission-policy. Try it with validationActions: [Warn] first. Secrets may hold values; custom resources are looked at
# in labels and annotations alone.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: helm-me-lint
spec:
  # What is too large to be looked at within the API server's limits is let in.
  failurePolicy: Ignore
  matchConstraints:
    resourceRules:
      - {apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: ["*"]}
    excludeResourceRules:
      - {apiGroups: [coordination.k8s.io], apiVersions: ["*"], operations: ["*"], resources: [leases]}
      - {apiGroups: ["", events.k8s.io], apiVersions: ["*"], operations: ["*"], resources: [events]}
      - {apiGroups: [discovery.k8s.io], apiVersions: ["*"], operations: ["*"], resources: [endpointslices]}
  matchConditions:
    - name: is-not-being-deleted
      expression: object != null && has(object.metadata) && !has(object.metadata.deletionTimestamp)
  variables:
    - name: template
      expression: >-
        object.kind == 'CronJob' && has(object.spec.jobTemplate) ? object.spec.jobTemplate.spec.template
        : object.kind == 'Pod' ? dyn(object)
        : object.kind == 'PodTemplate' ? object.template
        : object.kind in ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job']
          && has(object.spec) && has(object.spec.template) ? object.spec.template : dyn({})
    - name: containers
      expression: >-
        !has(variables.template.spec) ? dyn([]) :
        (has(variables.template.spec.containers) ? variables.template.spec.containers : [])
        + (has(variables.template.spec.initContainers) ? variables.template.spec.initContainers : [])
        + (has(variables.template.spec.ephemeralContainers) ? variables.template.spec.ephemeralContainers : [])
    - name: commands
      expression: >-
        variables.containers.map(c, {'name': string(c.name),
          'text': ((has(c.command) ? c.command : []) + (has(c.args) ? c.args : [])).join(' ')})
    - name: environment
      expression: >-
        variables.containers.map(c, !has(c.env) ? '' : c.env.filter(e, has(e.value) && e.value.size() < 65536
          && ((e.name.matches(r'@NAME@') && !e.name.matches(r'@OTHER_NAME@')
              && e.value != '' && !e.value.matches(r'@FINE@'))
            || e.value.matches(r'@TOKEN@')
            || e.value.matches(r'@URL@')))
        .map(e, c.name + '/' + e.name).join(', ')).filter(found, found != '').join(', ')
    - name: arguments
      expression: >-
        variables.commands.filter(c, c.text.size() < 32768 && (c.text.matches(r"""@ARGUMENT@""")
          || c.text.matches(r'@TOKEN@')
          || c.text.matches(r'@URL@'))).map(c, c.name).join(', ')
    - name: settings
      expression: >-
        object.kind != 'ConfigMap' || !has(object.data) ? '' :
        object.data.filter(key, key.matches(r'@NAME@') && !key.matches(r'@OTHER_NAME@')
          && object.data[key] != '' && object.data[key].size() < 65536
          && !object.data[key].matches(r'@FINE@')).join(', ')
    - name: metadata
      expression: >-
        [object.metadata] + (object.kind != 'Pod' && has(variables.template.metadata) ? [variables.template.metadata] : [])
    - name: notes
      expression: >-
        variables.metadata.map(m, (has(m.labels) ? m.labels.filter(key, m.labels[key].matches(r'@TOKEN@')) : [])
          + (has(m.annotations) ? m.annotations.filter(key, key != 'kubectl.kubernetes.io/last-applied-configuration'
              && m.annotations[key].size() < 16384
              && m.annotations[key].matches(r'@TOKEN@')) : []))
        .map(keys, keys.join(', ')).filter(found, found != '').join(', ')
    - name: unresolvedInContainers
      expression: >-
        (variables.containers.map(c, !has(c.env) ? '' : c.env.filter(e, has(e.value)
            && (e.value.contains('${') || e.value.contains('ref+') || e.value.contains('<path:') || e.value.contains('vault:'))
            && e.value.matches(r"""@PLACEHOLDER@""")).map(e, c.name + '/' + e.name).join(', '))
        + variables.commands.filter(c, c.text.matches(r"""@PLACEHOLDER@""")).map(c, c.name))
        .filter(found, found != '').join(', ')
    - name: unresolvedInSettings
      expression: >-
        object.kind != 'ConfigMap' || !has(object.data) ? '' :
        object.data.filter(key, (object.data[key].contains('${secret:') || object.data[key].contains('ref+')
            || object.data[key].contains('<path:') || object.data[key].contains('vault:'))
          && object.data[key].matches(r"""@PLACEHOLDER@""")).join(', ')
    - name: unresolvedInNotes
      expression: >-
        variables.metadata.map(m, (has(m.labels) ? m.labels.filter(key, m.labels[key].contains('vault:')) : [])
          + (has(m.annotations) ? m.annotations.filter(key, key != 'kubectl.kubernetes.io/last-applied-configuration'
              && m.annotations[key].size() < 16384
              && m.annotations[key].matches(r"""@PLACEHOLDER@""")) : []))
        .map(keys, keys.join(', ')).filter(found, found != '').join(', ')
    - name: unresolvedInSecret
      expression: >-
        object.kind != 'Secret' || !has(object.data) || object.type == 'helm.sh/release.v1' ? '' :
        object.data.filter(key, object.data[key].size() < 65536
          && object.data[key].matches(r'@ENCODED@')).join(', ')
  validations:
    - expression: variables.environment == ''
      message: a credential in plain text in a container's environment
      messageExpression: >-
        'a credential in plain text in the environment: ' + variables.environment
        + '; name a Secret with valueFrom.secretKeyRef'
    - expression: variables.arguments == ''
      message: a credential in plain text in a container's command or args
      messageExpression: >-
        'a credential in plain text in command or args: ' + variables.arguments
        + '; set it as an environment variable from a Secret and write $(NAME)'
    - expression: variables.settings == ''
      message: a credential in plain text in a ConfigMap
      messageExpression: "'a credential in plain text in a ConfigMap: ' + variables.settings + '; move it to a Secret'"
    - expression: variables.notes == ''
      message: a token in a label or an annotation
      messageExpression: "'a token in a label or an annotation: ' + variables.notes + '; everybody may read these'"
    - expression: variables.unresolvedInContainers == ''
      message: a placeholder that nobody has resolved in a container
      messageExpression: >-
        'a placeholder that nobody has resolved: ' + variables.unresolvedInContainers
        + '; install with the post-renderer, such as helm me install'
    - expression: variables.unresolvedInSettings == ''
      message: a placeholder that nobody has resolved in a ConfigMap
      messageExpression: >-
        'a placeholder that nobody has resolved: ' + variables.unresolvedInSettings
        + '; install with the post-renderer, such as helm me install'
    - expression: variables.unresolvedInNotes == ''
      message: a placeholder that nobody has resolved in a label or an annotation
      messageExpression: >-
        'a placeholder that nobody has resolved: ' + variables.unresolvedInNotes
        + '; install with the post-renderer, such as helm me install'
    - expression: variables.unresolvedInSecret == ''
      message: a placeholder that nobody has resolved in a Secret
      messageExpression: >-
        'a placeholder that nobody has resolved: ' + variables.unresolvedInSecret
        + '; install with the post-renderer, such as helm me install'
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: helm-me-lint
spec:
  policyName: helm-me-lint
  validationActions: [Deny]
  matchResources:
    namespaceSelector:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, kube-node-lease, kube-public]}
)";

}  // namespace

std::string_view admission_name_pattern() { return k_name; }
std::string_view admission_other_name_pattern() { return k_other_name; }
std::string_view admission_token_pattern() { return k_token; }

std::string admission_policy() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> k_patterns = {{{"NAME", k_name},
                                                                                        {"OTHER_NAME", k_other_name},
                                                                                        {"FINE", k_fine},
                                                                                        {"TOKEN", k_token},
                                                                                        {"URL", k_url},
                                                                                        {"ARGUMENT", k_argument},
                                                                                        {"PLACEHOLDER", k_placeholder},
                                                                                        {"ENCODED", k_encoded}}};
  std::string out(k_template);
  for (const auto& [name, pattern] : k_patterns) {
    const std::string mark = "@" + std::string(name) + "@";
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + pattern.size())) {
      out.replace(at, mark.size(), pattern);
    }
  }
  return out;
}

}  // namespace helmme::lint
