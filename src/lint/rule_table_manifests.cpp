// HM201 to HM211, as data.
#include <array>

#include "lint/rule.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_secret_key_ref =
    "- name: DB_PASSWORD\n  valueFrom: {secretKeyRef: {name: shop-credentials, key: password}}";

#define HELMME_SECRET "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
#define HELMME_CONFIG "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
#define HELMME_POD "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: c\n"

constexpr std::array k_hm201_found = {
    Example{"secret.yaml", HELMME_SECRET "stringData:\n  password: «kd93kfo2xd»\n"},
    Example{"secret.yaml", HELMME_SECRET "data:\n  password: «a2Q5M2tmbzJ4ZA==»\n  username: YWRtaW4=\n"},
    Example{"secret.yaml",
            "# Source: shop/templates/secret.yaml\n" HELMME_SECRET "data:\n  password: «Y2hhbmdlbWU=»\n"},
    Example{"values.yaml",
            "extraObjects:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: s}\n    stringData: {smtp: "
            "«Kegel-bahn4»}\n"},
    Example{"secret.yaml",
            HELMME_SECRET "stringData:\n  users.acl: |\n    user default off\n    user a on >«kd93kfo2xd» ~*\n"},
    Example{"kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n  - name: s\n"
            "    literals:\n      - password=«kd93kfo2xd»\n"},
};
constexpr std::array k_hm201_clean = {
    Example{"secret.yaml",
            HELMME_SECRET "stringData:\n  RESTIC_REPOSITORY: s3:s3.example.com/restic\n  LOG_LEVEL: info\n"},
    Example{"secret.yaml", HELMME_SECRET "stringData:\n  password: ${secret:shop/PASSWORD}\n  host: db.example.com\n"},
    Example{"secret.yaml", HELMME_SECRET
            "data:\n  password: JHtzZWNyZXQ6UEFTU1dPUkR9\n  ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t\n"},
    Example{"secret.yaml", HELMME_SECRET "stringData:\n  password: <path:secret/data/shop#password>\n"},
};
constexpr std::array k_hm202_found = {
    Example{"pod.yaml", HELMME_POD "      env:\n        - name: DB_PASSWORD\n          value: «kd93kfo2xd»\n"},
    Example{"pod.yaml", HELMME_POD "      env: [{name: API_KEY, value: \"«kd93kfo2xd»\"}]\n"},
    Example{"pod.yaml", HELMME_POD
            "      env:\n        - name: JAVA_TOOL_OPTIONS\n          value: -Xmx1g "
            "-Djavax.net.ssl.keyStorePassword=«kd93kfo2xd»\n"
            "        - name: SPRING_APPLICATION_JSON\n          value: '{\"mail\":{\"password\":\"«Qx81kd02zz»\"}}'\n"
            "        - name: OTEL_EXPORTER_OTLP_HEADERS\n          value: x-honeycomb-team=«Kd93kfo2xdQ1»\n"},
};
constexpr std::array k_hm202_clean = {
    Example{"pod.yaml", HELMME_POD
            "      env:\n        - name: DB_PASSWORD\n          valueFrom: {secretKeyRef: {name: s, key: password}}\n"
            "        - name: PASSWORD_FILE\n          value: /run/secrets/password\n"
            "        - name: TOKEN_TTL\n          value: 3600s\n        - name: API_KEY\n          value: $(OTHER)\n"},
};
constexpr std::array k_hm203_found = {
    Example{"pod.yaml", HELMME_POD "      args: [--db-password=«kd93kfo2xd», --port=80]\n"},
    Example{"pod.yaml", HELMME_POD "      args:\n        - --password\n        - «kd93kfo2xd»\n"},
    Example{"pod.yaml", HELMME_POD "      command: [sh, -c, \"exec app --token '«kd93kfo2xd»' --port 80\"]\n"},
    Example{"pod.yaml", HELMME_POD "      command: [sh, -c, \"redis-cli -a «kd93kfo2xd» ping\"]\n"},
    Example{"pod.yaml", HELMME_POD "      command: [redis-cli, -a, «kd93kfo2xd», ping]\n"},
    Example{"pod.yaml", HELMME_POD "      args: [-u, app, -p, «kd93kfo2xd»]\n      command: [mongosh]\n"},
    Example{"pod.yaml",
            HELMME_POD "      command: [sh, -c, \"mc alias set shop http://minio:9000 app «kd93kfo2xd»\"]\n"},
};
constexpr std::array k_hm203_clean = {
    Example{"pod.yaml",
            HELMME_POD "      args: [--password=$(DB_PASSWORD), --token-file=/run/token, --secret-name=x]\n"},
    Example{"pod.yaml", HELMME_POD "      command: [sh, -c, \"redis-cli -a \\\"$REDIS_PASSWORD\\\" ping\"]\n"},
    Example{"pod.yaml", HELMME_POD "      command: [sh, -c, \"mc alias set shop http://minio:9000 app $KEY\"]\n"},
    Example{"pod.yaml",
            HELMME_POD "      command: [sh, -c, \"provisioner -token=self-monitoring --token read-only\"]\n"},
};
constexpr std::array k_hm204_found = {
    Example{"config.yaml", HELMME_CONFIG "data:\n  DB_PASSWORD: «kd93kfo2xd»\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  app.properties: |\n    user=app\n    db.password=«kd93kfo2xd»\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  app.ini: |\n    [db]\n    password = «kd93kfo2xd»\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  app.json: |\n    {\"db\": {\"password\": \"«kd93kfo2xd»\"}}\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  app.yaml: |\n    db:\n      password: «kd93kfo2xd»\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  app.xml: |\n    <db><password>«kd93kfo2xd»</password></db>\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  url: redis://:«kd93kfo2xd»@redis:6379\n"},
    Example{"config.yaml",
            HELMME_CONFIG "data:\n  .netrc: |\n    machine x\n    login ci\n    password «Reise-koffer»\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  users.acl: |\n    user shop on >«Hummel.nest5» ~* +@all\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  userlist.txt: |\n    \"shop\" \"«Mond_schein12»\"\n"},
    Example{"config.yaml",
            HELMME_CONFIG "data:\n  hive-site.xml: |\n    <property>\n      <name>a.ConnectionPassword</name>\n"
                          "      <value>«Wetter.hahn»</value>\n    </property>\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  realm.json: |\n    {\"clients\": [{\"clientId\": \"web\",\n"
                                         "     \"secret\": \"«0b9f7d1c-2e3a-4f5b-8c6d-7e8f9a0b1c2d»\"}]}\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  wp-config.php: |\n    define('DB_PASSWORD', '«kd93kfo2xd»');\n"},
    Example{"config.yaml", HELMME_CONFIG
            "data:\n  nginx.conf: |\n    proxy_set_header Authorization \"Basic «c2hvcDprZDkza2ZvMnhk»\";\n"},
};
constexpr std::array k_hm204_clean = {
    Example{"config.yaml",
            HELMME_CONFIG "data:\n  en.json: |\n    {\"login.password\": \"Password\", \"token\": \"The token\"}\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  htpasswd: |\n    a:$apr1$abcdefgh$YWJjZGVmZ2hpamts\n"},
    Example{"config.yaml",
            HELMME_CONFIG "data:\n  haproxy.cfg: |\n    http-request set-header X-Token %[env(TOKEN)]\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  README.md: |\n    Password reset\n    token expired\n"},
    Example{"config.yaml", HELMME_CONFIG
            "data:\n  app.properties: |\n    db.password=${DB_PASSWORD}\n    # password=abc\n    token.ttl=30\n"},
    Example{"config.yaml", HELMME_CONFIG "data:\n  start.sh: |\n    export PASSWORD=\"$(cat /run/secrets/password)\"\n "
                                         "   app --password \"$PASSWORD\"\n"},
    Example{"config.yaml",
            HELMME_CONFIG "data:\n  app.py: |\n    password = os.environ['PASSWORD']\n    token = get_token(user)\n"},
};
constexpr std::array k_hm205_found = {
    Example{
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    ci/note: «glpat-x7Kq2mVn9Rt4Wz8Yb3Lp»\n"},
    Example{"ingress.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\n  annotations:\n    "
            "nginx.ingress.kubernetes.io/configuration-snippet: |\n      proxy_set_header Authorization \"Basic "
            "«c2hvcDprZDkza2ZvMnhk»\";\n"},
    Example{"deploy.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n  annotations:\n    "
            "kubernetes.io/change-cause: helm upgrade d . --set auth.password=«kd93kfo2xd»\n"},
};
constexpr std::array k_hm205_clean = {
    Example{"ingress.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i\n  annotations:\n    "
            "nginx.ingress.kubernetes.io/configuration-snippet: |\n      proxy_set_header Authorization "
            "$http_authorization;\n      proxy_set_header Authorization \"Bearer $token\";\n"},
    Example{"pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    checksum/secret: "
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n"},
};
constexpr std::array k_hm206_found = {
    Example{"pod.yaml", HELMME_POD "      livenessProbe:\n        httpGet:\n          path: /\n          "
                                   "httpHeaders:\n            - name: Authorization\n"
                                   "              value: Basic «YXBwOmtkOTNrZm8yeGQ=»\n"},
    Example{"pod.yaml",
            HELMME_POD "      livenessProbe:\n        httpGet: {path: '/health?token=«kd93kfo2xd»', port: 80}\n"},
    Example{"pod.yaml", HELMME_POD
            "      startupProbe:\n        exec:\n          command: [curl, -fsS, -u, 'app:«kd93kfo2xd»', http://x]\n"},
    Example{"pod.yaml", HELMME_POD "      lifecycle:\n        preStop:\n          exec:\n            command: [sh, -c, "
                                   "\"curl -H 'Authorization: Bearer «kd93kfo2xd»' http://x\"]\n"},
    Example{"pod.yaml",
            HELMME_POD "      livenessProbe:\n        exec:\n          command: [redis-cli, -a, «kd93kfo2xd», ping]\n"},
    Example{"pod.yaml",
            HELMME_POD "      lifecycle:\n        postStart:\n          exec:\n            command: [sh, -c, "
                       "\"mysql -u root --password=«kd93kfo2xd»\"]\n"},
};
constexpr std::array k_hm206_clean = {
    Example{"pod.yaml",
            HELMME_POD "      livenessProbe:\n        httpGet: {path: '/health?full=true&token=', port: 80}\n"},
    Example{"pod.yaml", HELMME_POD "      livenessProbe:\n        httpGet:\n          httpHeaders:\n            - "
                                   "name: Host\n              value: example.com\n"},
};
constexpr std::array k_hm207_found = {
    Example{"all.yaml", "# Source: a/b\n" HELMME_SECRET "stringData:\n  password: «Kd93kfo2xdQ1»\n---\n" HELMME_POD
                        "      env:\n        - name: SETTING\n          value: a-«Kd93kfo2xdQ1»-b\n"},
};
constexpr std::array k_hm207_clean = {
    Example{"all.yaml", "# Source: a/b\n" HELMME_SECRET
                        "stringData:\n  host: Kd93kfo2xdQ1.example.com\n---\n" HELMME_POD "      image: a:1\n"},
};
constexpr std::array k_hm208_found = {
    Example{"release.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: sh.helm.release.v1.a.v1}\ntype: "
            "helm.sh/release.v1\ndata:\n  release: «SDRzSUFBQUFBQUFDLzg9PQ==»\n"},
};
constexpr std::array k_hm208_clean = {
    Example{"sa.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/service-account-token\n"},
};
constexpr std::array k_hm209_found = {
    Example{"secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    "
            "kubectl.kubernetes.io/last-applied-configuration: '«{\"data\":{}}»'\n"},
};
constexpr std::array k_hm209_clean = {
    Example{"config.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\n  annotations:\n    "
            "kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{}}'\n"},
};
constexpr std::array k_hm210_found = {
    Example{"external.yaml",
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec:\n  target:\n    "
            "template:\n      data:\n        users.acl: |\n          user a on >«kd93kfo2xd» ~*\n          user b on "
            ">{{ .b }} ~*\n"},
    Example{"external.yaml",
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec:\n  target:\n    "
            "template:\n"
            "      data:\n        password: «kd93kfo2xd»\n"},
    Example{"sealed.yaml",
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: e}\nspec:\n  encryptedData:\n    "
            "password: «kd93kfo2xd»\n"},
};
constexpr std::array k_hm210_clean = {
    Example{"external.yaml",
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec:\n  target:\n    "
            "template:\n"
            "      data:\n        password: \"{{ .password }}\"\n        username: app\n  data:\n    - secretKey: "
            "password\n"
            "      remoteRef: {key: shop, property: password}\n"},
};
constexpr std::array k_hm211_found = {
    Example{"secret.yaml", HELMME_SECRET "data:\n  password: «YTJRNU0ydG1ienBoYzJSbQ==»\n"},
};
constexpr std::array k_hm211_clean = {
    Example{"secret.yaml", HELMME_SECRET "data:\n  host: ZGIuZXhhbXBsZS5jb20=\n"},
};

constexpr std::array k_rules = {
    Rule{
        "HM201", "literal in a Secret", Severity::error,
        "A Secret's data is base64, not encryption. A committed Secret is an error, and so is a default that everybody "
        "knows; in a Secret that Helm has rendered it is information, since what counts is where the value came from: "
        "values and templates are searched for themselves.",
        "put a placeholder in its place, and let helm-me point its users at an existing Secret",
        "stringData:\n  password: ${secret:shop/PASSWORD}", k_hm201_found, k_hm201_clean},
    Rule{"HM202", "credential in an environment value", Severity::error,
         "The value is in the manifest, in the release, in `kubectl describe` and in every event that quotes the pod.",
         "take it from a Secret with secretKeyRef, or write ${secret:KEY}", k_secret_key_ref, k_hm202_found,
         k_hm202_clean},
    Rule{"HM203", "credential in a command line", Severity::error,
         "Arguments are in the manifest and, at run time, in the container's process list.",
         "put the credential into the environment by secretKeyRef and use $(NAME), or let the program read a file",
         "env:\n  - name: DB_PASSWORD\n    valueFrom: {secretKeyRef: {name: shop-credentials, key: password}}\nargs: "
         "[--db-password=$(DB_PASSWORD)]",
         k_hm203_found, k_hm203_clean},
    Rule{"HM204", "credential in a ConfigMap", Severity::error,
         "ConfigMaps are for what everybody may read: they are not encrypted at rest, and many roles may list them. "
         "Also "
         "found inside properties, INI, JSON, YAML and XML.",
         "move the key to a Secret and mount or reference that", k_secret_key_ref, k_hm204_found, k_hm204_clean},
    Rule{"HM205", "token in a label or annotation", Severity::error,
         "Labels and annotations are copied to pods, metrics and logs.", "take it out of the metadata and revoke it",
         "metadata:\n  annotations: {}", k_hm205_found, k_hm205_clean},
    Rule{"HM206", "credential in a probe or lifecycle hook", Severity::error,
         "Kubernetes does not fill secrets into probes, so whatever stands there is plain text in the manifest.",
         "probe an endpoint that needs no credential, or run a command that reads the mounted Secret",
         "livenessProbe:\n  httpGet: {path: /healthz, port: http}", k_hm206_found, k_hm206_clean},
    Rule{"HM207", "a Secret's value repeated", Severity::error,
         "The value of a Secret in this stream stands in another object as well, where nothing keeps it.",
         "refer to the Secret in that place too", k_secret_key_ref, k_hm207_found, k_hm207_clean},
    Rule{"HM208", "committed Helm release", Severity::warning,
         "A Secret of type helm.sh/release.v1 holds a whole release: chart, manifest and every value, compressed.",
         "take it out of the repository, and rotate what the release's values held", "git rm FILE", k_hm208_found,
         k_hm208_clean},
    Rule{"HM209", "last applied configuration on a Secret", Severity::warning,
         "kubectl apply keeps the whole Secret, values included, in this annotation.",
         "apply Secrets with kubectl apply --server-side, and take the annotation out",
         "kubectl annotate secret NAME kubectl.kubernetes.io/last-applied-configuration-", k_hm209_found,
         k_hm209_clean},
    Rule{"HM210", "literal in an ExternalSecret or SealedSecret", Severity::error,
         "The object is there to keep the value out of the manifest, and its template spells it out.",
         "fetch the value with data or dataFrom, and use {{ .key }} in the template",
         "template:\n  data:\n    password: \"{{ .password }}\"", k_hm210_found, k_hm210_clean},
    Rule{"HM211", "value encoded twice", Severity::info,
         "The data decodes to base64 once more: the workload gets the encoded text, not the secret.",
         "encode once, or use stringData", "stringData:\n  password: ${secret:shop/PASSWORD}", k_hm211_found,
         k_hm211_clean},
};

}  // namespace

std::span<const Rule> manifest_rule_table() { return k_rules; }

}  // namespace helmme::lint
