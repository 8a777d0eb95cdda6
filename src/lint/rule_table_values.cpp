// HM101 to HM110, as data.
#include <array>

#include "lint/rule.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_existing_secret = R"(auth:
  existingSecret: shop-credentials   # a Secret that is in the cluster
  secretKeys:
    passwordKey: password)";

constexpr std::array k_hm101_found = {
    Example{"values.yaml", "auth:\n  password: «hunter2-tr0ub4dor»\n"},
    Example{"values.yaml", "apiKey: '«q8Zr1Yt7Lk»'\n"},
    Example{"values.yaml", "global:\n  redis:\n    clientSecret: \"«9f86d081-x-1»\"\n"},
    Example{"values.yaml", "env:\n  - name: DB_PASSWORD\n    value: «shop4ever»\n"},
    Example{"values.yaml", "config: |\n  user=app\n  password=«Vx81kd02»\n"},
    Example{"values.yaml", "extraArgs:\n  - --db-password=«kd93kfo2xd»\n"},
    Example{"values.yaml", "env:\n  DB_PASSWORD: {value: «shop4ever»}\n"},
    Example{"values.yaml", "rabbitmq:\n  erlangCookie: «kd93kfo2xd»\n"},
    Example{"values.yaml", "pagerduty_configs:\n  - routing_key: «3b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e»\n"},
    Example{"values.yaml", "metrics:\n  basicAuth: prom:«kd93kfo2xd»\nneo4j:\n  auth: neo4j/«kd93kfo2xd»\n"},
    Example{"values.yaml", "redis: |\n  maxmemory 1gb\n  requirepass «kd93kfo2xd»\n"},
    Example{
        "values.yaml",
        "init.sql: |\n  CREATE USER a WITH PASSWORD '«kd93kfo2xd»';\n  CREATE USER b IDENTIFIED BY '«kd93kfo2xd»';\n"},
    Example{"values.yaml", "named.conf: |\n  key \"k\" {\n    secret \"«96Ah/a2g0/nLeFGK+d/0tzQcccf9hCEI=»\";\n  };\n"},
    Example{"values.yaml", "aws: |\n  region = eu\n  aws_secret_access_key = «kD83jslW02mQpZx7vB4nTr6yHg1f»\n"},
    Example{".env", "DB_PASSWORD=«shop4ever»\nMODE=live\n"},
    Example{"deploy.sh", "#!/bin/sh\nexport API_TOKEN=«k2h4k5h2k4j5»\n"},
    Example{"values.yaml", "extraEnv:\n  - SESSION_SECRET=«lampe-schirm»\n  - TZ=UTC\n"},
    Example{"values.yaml", "javaOpts: >-\n  -Xmx2g\n  -Djavax.net.ssl.trustStorePassword=«Kupfer-dach»\n  -Da=b\n"},
    Example{"values.yaml", "users:\n  - accessKey: loki\n    secretKey: «loki-2024-Fass»\n"},
    Example{"values.yaml", "secureJsonData:\n  httpHeaderValue1: Bearer «9dX2mVq7LrT0»\n  other: «Ast.loch»\n"},
    Example{"values.yaml", "params:\n  - {type: password, value: «Wiesen-grund»}\n  - {key: x, value: Wiesen}\n"},
    Example{"values.yaml", "passwords:\n  shop: «Wiesen-grund»\n  minLength: 12\n"},
    Example{"values.yaml", "session:\n  secret: «Ast.loch7»\napi:\n  key: «Ast.loch8»\n"},
    Example{"values.yaml", "headers:\n  Authorization: Basic «c2hvcDpCaXJuYmF1bTc=»\n"},
    Example{"values.yaml", "extraArgs:\n  - --client-secret\n  - «Nebel.horn7»\n  - --port\n  - \"80\"\n"},
    Example{"values.yaml", "settings: '{\"mail\":{\"password\":\"«Feder#Kiel»\"}}'\n"},
    Example{"prod.tfvars", "db_user = \"shop\"\ndb_password = \"«Fluss-pferd»\"\n"},
    Example{"config/app.properties", "app.name=shop\napp.mail.password=«Brief.taube»\n"},
    Example{"values.yaml.bak", "password: «Brief.taube»\n"},
    Example{"values.yaml", "nexus:\n  properties:\n    data:\n      password: «Brief.taube»\n"},
};
constexpr std::array k_hm101_clean = {
    Example{"values.yaml", "auth:\n  existingSecret: shop\n  passwordKey: password\n  passwordFile: /run/secrets/pw\n"},
    Example{"values.yaml",
            "auth:\n  password: \"\"\n  token: ${secret:shop/TOKEN}\n  apiKey: ref+vault://secret/shop#/key\n"},
    Example{"values.yaml",
            "tokenTTL: 24h\nsecretName: shop-tls\ntlsSecret: shop-tls\nautomountServiceAccountToken: true\n"},
    Example{"values.yaml", "password: <your-password>\napiKey: xxxxxxxx\ntoken: REPLACE_ME\n"},
    Example{"values.yaml", "auth:\n  secretKeys:\n    adminPassword: postgres-password\n"},
    Example{"values.yaml",
            "basicAuth: shop/basic-auth\nauth: neo4j/${secret:shop/NEO4J}\nrouting_key: orders.created\n"},
    Example{"values.yaml",
            "tls: {privateKey: sds}\nredis: |\n  requirepass ${REDIS_PASSWORD}\n  masterauth replace-default-auth\n"},
    Example{"values.yaml",
            "init.sql: |\n  CREATE USER a WITH PASSWORD '${PASSWORD}';\n  -- the password 'x' is not \"used\"\n"},
    Example{"values.yaml", "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638643965\ntoken: !Ref Token\n"},
    Example{"values.yaml",
            "token: '@Microsoft.KeyVault(SecretUri=https://x/y)'\napiKey: os.environ/X\npassword: <<X>>\n"},
    Example{"values.yaml", "texts:\n  nb: {newPassword: Nytt passord}\nnewPassword: New password\n"},
    Example{"values.yaml", "s3:\n  accessKey: access-key\n  secretKey: s3-secret-key\ndbSecretKey: password\n"},
    Example{"values.yaml", "oauth: {clientId: shop, secret: shop-oauth}\njwt: {secret: {name: x, key: y}}\n"},
    Example{"values.yaml", "passwords: {minLength: 12, policy: strict}\nusers: [shop:admin]\n"},
    Example{"values.yaml", "secret: |\n  import os\n  SECRET_KEY = os.environ[\"X\"]\n"},
    Example{"values.schema.yaml", "properties:\n  password: {type: string, default: kd93kfo2xd}\n"},
};
constexpr std::array k_hm102_found = {
    Example{"values.yaml", "github:\n  token: «ghp_R4nd0mT0k3nOfThirtySixCharsLongAbCdE»\n"},
    Example{"values.yaml", "extra: «glpat-x7Kq2mVn9Rt4Wz8Yb3Lp»\n"},
    Example{"values.yaml", "aws: {id: «AKIAQ3EGRT5Z2WNVM4KD»}\n"},
    Example{"notes.md", "call it with «xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy» please\n"},
    Example{"values.yaml", "# was «npm_8aKq2mVn9Rt4Wz8Yb3Lp6Xc1Vf5Gh7Jk0Mn2» before\na: b\n"},
};
constexpr std::array k_hm102_clean = {
    Example{"values.yaml", "token: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\naws: AKIAIOSFODNN7EXAMPLE\n"},
    Example{"values.yaml", "image: registry/risk-analysis-and-task-scheduler-with-a-long-name:1\n"},
};
constexpr std::array k_hm103_found = {
    Example{"values.yaml", "auth:\n  password: «changeme»\n"},
    Example{"values.yaml", "grafana:\n  adminPassword: «prom-operator»\n"},
    Example{"values.yaml", "rabbitmq: {password: «guest»}\n"},
};
constexpr std::array k_hm103_clean = {
    Example{"values.yaml", "auth:\n  username: admin\n  database: postgres\n  password: \"\"\n"},
};
constexpr std::array k_hm104_found = {
    Example{"values.yaml", "auth:\n  existingSecret: shop-credentials\n  password: «kd93-kfo2-x»\n"},
};
constexpr std::array k_hm104_clean = {
    Example{"values.yaml", "auth:\n  existingSecret: shop-credentials\n  password: \"\"\n"},
};
constexpr std::array k_hm105_found = {
    Example{"Chart.yaml+values.yaml", "auth:\n  «password»: \"\"\n"},
};
constexpr std::array k_hm105_clean = {
    Example{"Chart.yaml+values.yaml", "auth:\n  existingSecret: \"\"\n  password: \"\"\n"},
    Example{"values.yaml", "auth:\n  password: \"\"\n"},
};
#define HELMME_PEM(label)                                                             \
  "-----BEGIN " label                                                                 \
  "-----\n    MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n    " \
  "KUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQJAIJLixBy2qpFoS4DSmoEm\n    -----END " label "-----"
constexpr std::array k_hm106_found = {
    Example{"values.yaml", "tls:\n  key: |\n    «" HELMME_PEM("RSA PRIVATE KEY") "»\n"},
    Example{"server.key", "«" HELMME_PEM("PRIVATE KEY") "»\n"},
    Example{"values.yaml", "jwk: {kty: OKP, crv: Ed25519, d: «nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A»}\n"},
};
constexpr std::array k_hm106_clean = {
    Example{"values.yaml", "tls:\n  crt: |\n    " HELMME_PEM("CERTIFICATE") "\n"},
    Example{"values.yaml",
            "tls:\n  key: |\n    -----BEGIN RSA PRIVATE KEY-----\n    ...\n    -----END RSA PRIVATE KEY-----\n"},
};
constexpr std::array k_hm107_found = {
    Example{"values.yaml", "databaseUrl: postgres://app:«s3cr3tpw»@db:5432/shop\n"},
    Example{"values.yaml", "dsn: \"app:«s3cr3tpw»@tcp(db:3306)/shop\"\n"},
    Example{"values.yaml", "databaseUrl: postgres://app:«s3cr#3tpw»@db:5432/shop?sslmode=off\n"},
    Example{"values.yaml", "databaseUrl: postgres://app:«s3cr3t?pw»@db/shop\n"},
    Example{"values.yaml", "bucket: s3://shop:«kd93kfo2xd»@eu-central-1/loki\n"},
    Example{"values.yaml", "db: host=db user=app password=«s3cr3tpw» dbname=shop\n"},
    Example{"values.yaml", "db: Server=db;User Id=app;Password=«s3cr3tpw»;\n"},
};
constexpr std::array k_hm107_clean = {
    Example{"values.yaml", "databaseUrl: postgres://app:${DB_PASSWORD}@db:5432/shop\nurl: https://app@host/x:y@z\n"},
    Example{"values.yaml", "databaseUrl: postgres://app:<password>@db/shop\nssh: ssh://git@github.com:22/a\n"},
    Example{"values.yaml", "url: https://mail.example.com:8080?to=a@example.com\ndocs: http://x.example.com:80#a@b\n"},
    Example{"values.yaml", "url: postgres://user:secret@host:port/dbname\n"},
};
constexpr std::array k_hm108_found = {
    Example{"values.yaml",
            "imageCredentials:\n  registry: registry.example.com\n  username: ci\n  password: «kd93kfo2xd»\n"},
    Example{"values.yaml", "pullSecret: '{\"auths\":{\"r.example.com\":{\"auth\":\"«Y2k6a2Q5M2tmbzJ4ZA==»\"}}}'\n"},
    Example{".docker/config.json", "{\"auths\": {\"r.example.com\": {\"auth\": \"«Y2k6R2xhcy1wZXJsZTQ=»\"}}}\n"},
    Example{"secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\ndata:\n"
            "  .dockerconfigjson: «eyJhdXRocyI6eyJyIjp7ImF1dGgiOiJZMms2YTJRNU0ydG1iekp4WkE9PSJ9fX0=»\n"},
};
constexpr std::array k_hm108_clean = {
    Example{"values.yaml", "registry:\n  enabled: true\nauth:\n  password: ${PASSWORD}\n"},
    Example{"values.yaml",
            "imagePullSecrets:\n  - name: regcred\nimageCredentials:\n  registry: r.example.com\n  password: \"\"\n"},
};
constexpr std::array k_hm109_found = {
    Example{"values.yaml", "# password: «Kd93kfo2xdQ1»\nauth: {}\n"},
    Example{"values.yaml", "# - name: DB_PASSWORD\n#   value: \"«qW7rLx92mZ»\"\n# - name: A\n#   value: qW7rLx92mZ\n"},
};
constexpr std::array k_hm109_clean = {
    Example{"values.yaml",
            "# password: \"\" sets the password of the admin\n## @param auth.token the token to use\nauth: {}\n"},
};
constexpr std::array k_hm110_found = {
    Example{"secrets.yaml",
            "rootPassword_unencrypted: «Kachel-ofen»\nconfig: |\n  user=a\n  password=«Ziegen.stall»\nsops:\n  mac: "
            "ENC[AES256_GCM,data:x]\n  version: 3.9.0\n"},
    Example{"secrets.yaml",
            "password: «kd93kfo2xd»\ntoken: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\nsops:\n  mac: "
            "ENC[AES256_GCM,data:x]\n  version: 3.9.0\n"},
    Example{"secret.enc.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  token: ENC[AES256_GCM,data:x,type:str]\n"
            "  password: «kd93kfo2xd»\nsops:\n  mac: ENC[AES256_GCM,data:x]\n"},
};
constexpr std::array k_hm110_clean = {
    Example{"secrets.yaml",
            "password: ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:x]\n  "
            "version: 3.9.0\n"},
};

constexpr std::array k_rules = {
    Rule{
        "HM101", "literal in a credential", Severity::error,
        "A key, variable or option of a credential's name holds a literal. Helm keeps all values in the release, so it "
        "is in the repository, in the release history and in `helm get values` for good. How random it looks does not "
        "matter: short passwords leak as well.",
        "name a Secret that is in the cluster, or put a placeholder such as ${secret:KEY} in its place",
        k_existing_secret, k_hm101_found, k_hm101_clean},
    Rule{"HM102", "known token", Severity::error,
         "The text has the form that a provider gives its tokens (GitHub, GitLab, AWS, Google, Slack, Stripe, npm, "
         "PyPI, "
         "OpenAI, Anthropic and others), also inside base64, hexadecimal or percent encoding up to two deep. Whoever "
         "reads "
         "it can use it until it is revoked.",
         "revoke the token, then put a placeholder such as ${secret:KEY} in its place",
         "token: ${secret:shop/GITHUB_TOKEN}", k_hm102_found, k_hm102_clean},
    Rule{"HM103", "shipped default password", Severity::warning,
         "The password is one that everybody knows. An installation that forgets to set its own is open.",
         "leave it empty and fail without one, or name an existing Secret",
         "password: \"\"   # required, or existingSecret", k_hm103_found, k_hm103_clean},
    Rule{"HM104", "plaintext beside an existing Secret", Severity::warning,
         "An existing Secret is named, so charts do not read the literal beside it; it is in the release all the same.",
         "empty the literal: the existing Secret is what counts",
         "auth:\n  existingSecret: shop-credentials\n  password: \"\"", k_hm104_found, k_hm104_clean},
    Rule{"HM105", "no existing Secret can be named", Severity::info,
         "The chart's values ask for a credential and offer no way to name a Secret that is in the cluster, so every "
         "user "
         "has to write it down in values.",
         "add existingSecret beside it, and use it in the template", k_existing_secret, k_hm105_found, k_hm105_clean},
    Rule{"HM106", "private key", Severity::error, "A private key in PEM stands in plain text, or in base64.",
         "make a new key pair, and keep the key in a Secret in the cluster",
         "tls:\n  existingSecret: shop-tls   # type kubernetes.io/tls", k_hm106_found, k_hm106_clean},
    Rule{"HM107", "password in a URL or DSN", Severity::error,
         "A connection string holds the password. It is printed by logs and error messages as no other secret is.",
         "put the password's placeholder into the string, or take the whole string from a Secret",
         "databaseUrl: postgres://app:${secret:shop/DB_PASSWORD}@db/shop", k_hm107_found, k_hm107_clean},
    Rule{"HM108", "registry password", Severity::error,
         "Credentials of an image registry, also inside a docker configuration (its auth is base64 of name:password).",
         "make the pull secret once with kubectl create secret docker-registry, and name it",
         "imagePullSecrets:\n  - name: regcred", k_hm108_found, k_hm108_clean},
    Rule{"HM109", "credential in a comment", Severity::info,
         "A comment holds what looks like a credential that was once in use. Comments are committed as well.",
         "take it out, and revoke it where it was real", "# password: set existingSecret instead", k_hm109_found,
         k_hm109_clean},
    Rule{"HM110", "partly encrypted SOPS file", Severity::warning,
         "The file is encrypted by SOPS, but a credential in it is not: a rule such as encrypted_regex left it out.",
         "encrypt it: sops --encrypt --in-place FILE, and widen encrypted_regex in .sops.yaml",
         "creation_rules:\n  - encrypted_regex: (?i)(password|secret|token|key)$", k_hm110_found, k_hm110_clean},
};

}  // namespace

std::span<const Rule> values_rule_table() { return k_rules; }

}  // namespace helmme::lint
