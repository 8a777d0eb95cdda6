"""Ways to write credentials, and what only looks like one, as people do: for scripts/measure-lint.

A way is a file with {value} where a credential stands. The names come from what charts, operators and vendors document, not
from the linter's own lists.
"""

import base64
import dataclasses
import json
import random
import string

WORDS = ["sommer", "Winter", "dragon", "Falcon", "munich", "shop", "Heimdall", "blue", "Coffee", "pinguin"]
ALPHANUMERIC = string.ascii_letters + string.digits


def human(choose):
    return choose.choice(WORDS) + choose.choice(["", "-", "_", "."]) + str(choose.randint(1, 9999)) + choose.choice("!?#x") + choose.choice(["", "A", "9z"])


def alphanumeric(choose):
    return "".join(choose.choices(ALPHANUMERIC, k=choose.choice([12, 16, 24, 32])))


def hexadecimal(choose):
    return "".join(choose.choices("0123456789abcdef", k=choose.choice([32, 40, 64])))


def signs(choose):
    return "".join(choose.choices(ALPHANUMERIC + "+-_.", k=20)) + choose.choice(["Q7", "z3"])


LOOKS = [human, alphanumeric, hexadecimal, signs, human, alphanumeric]


def b64(text):
    return base64.b64encode(text.encode()).decode()


def jwt(choose):
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': alphanumeric(choose), 'iat': 1700000000})}." + "".join(choose.choices(ALPHANUMERIC, k=43))


def pem(choose):
    lines = ["".join(choose.choices(ALPHANUMERIC + "+/", k=64)) for _ in range(6)]
    return "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(lines) + "\n-----END RSA PRIVATE KEY-----"


def indented(text, by):
    return text.replace("\n", "\n" + " " * by)


OBJECT = "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: shop\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: shop\n          image: shop:1\n"

# name of the way: (file, text). {value} marks the credential; {b64} the same in base64.
WAYS = {
    "a database password": ("values.yaml", "postgresql:\n  auth:\n    username: shop\n    postgresPassword: {value}\n"),
    "a quoted password": ("values.yaml", 'mysql:\n  rootPassword: "{value}"\n'),
    "a redis password": ("values.yaml", "redis:\n  enabled: true\n  auth: {{enabled: true, password: '{value}'}}\n"),
    "an SMTP password": ("values.yaml", "smtp:\n  host: mail\n  user: shop\n  pass: {value}\n"),
    "an admin's password": ("values.yaml", "grafana:\n  adminUser: admin\n  adminPassword: {value}\n"),
    "a key of an API": ("values.yaml", "payment:\n  provider: x\n  apiKey: {value}\n"),
    "a client's secret": ("values.yaml", "oidc:\n  clientID: shop\n  clientSecret: {value}\n"),
    "a key of object storage": ("values.yaml", "s3:\n  accessKey: shop\n  secretKey: {value}\n"),
    "an encryption key": ("values.yaml", "n8n:\n  encryption_key: {value}\n"),
    "a secret to sign with": ("values.yaml", "app:\n  jwt:\n    signingSecret: {value}\n"),
    "a session's secret": ("values.yaml", "web:\n  sessionSecret: {value}\n"),
    "a webhook's secret": ("values.yaml", "github:\n  webhookSecret: {value}\n"),
    "a bearer token": ("values.yaml", "remoteWrite:\n  - url: https://x\n    bearerToken: {value}\n"),
    "a license key": ("values.yaml", "enterprise:\n  licenseKey: {value}\n"),
    "a list of env": ("values.yaml", "extraEnv:\n  - name: SMTP_PASSWORD\n    value: {value}\n"),
    "a map of env": ("values.yaml", "env:\n  LOG: info\n  DATABASE_PASSWORD: {value}\n"),
    "a URL of PostgreSQL": ("values.yaml", "databaseUrl: postgresql://shop:{value}@db.example.com:5432/shop\n"),
    "a URL of MongoDB": ("values.yaml", "mongo:\n  uri: mongodb+srv://shop:{value}@cluster0.example.net/?retryWrites=true\n"),
    "a DSN of MySQL": ("values.yaml", "dsn: shop:{value}@tcp(mysql:3306)/shop?parseTime=true\n"),
    "a connection string": ("values.yaml", "mssql: Server=db;Database=shop;User Id=sa;Password={value};\n"),
    "a JDBC URL": ("values.yaml", "jdbc: jdbc:postgresql://db/shop?user=shop&password={value}\n"),
    "properties in a block": ("values.yaml", "config: |\n  server.port=8080\n  spring.datasource.password={value}\n"),
    "JSON in a block": ("values.yaml", 'config: |\n  {{\n    "user": "shop",\n    "password": "{value}"\n  }}\n'),
    "YAML in a block": ("values.yaml", "config: |\n  db:\n    user: shop\n    password: {value}\n"),
    "XML in a block": ("values.yaml", "config: |\n  <db>\n    <password>{value}</password>\n  </db>\n"),
    "an INI in a block": ("values.yaml", "config: |\n  [smtp]\n  password = {value}\n"),
    "a comment": ("values.yaml", "auth:\n  # password: {value}\n  existingSecret: shop\n"),
    "registry credentials": ("values.yaml", "imageCredentials:\n  registry: x.example.com\n  username: shop\n  password: {value}\n"),
    "basic authentication": ("values.yaml", "metrics:\n  basicAuth:\n    username: prom\n    password: {value}\n"),
    "extra arguments": ("values.yaml", "extraArgs:\n  - --log=info\n  - --redis-password={value}\n"),
    "a Secret's stringData": ("secret.yaml", OBJECT.format(kind="Secret") + "stringData:\n  password: {value}\n"),
    "a Secret's data": ("secret.yaml", OBJECT.format(kind="Secret") + "data:\n  password: {b64}\n"),
    "an env value": ("deploy.yaml", POD + "          env:\n            - name: DB_PASSWORD\n              value: {value}\n"),
    "an env value called token": ("deploy.yaml", POD + "          env:\n            - name: GITEA_TOKEN\n              value: \"{value}\"\n"),
    "an argument": ("deploy.yaml", POD + "          args:\n            - --db-password\n            - {value}\n"),
    "a shell's argument": ("deploy.yaml", POD + "          command: [sh, -c]\n          args:\n            - mysql -u shop -p{value} shop\n"),
    "a variable of a command": ("deploy.yaml", POD + "          args:\n            - PGPASSWORD={value} psql -h db shop\n"),
    "a ConfigMap's key": ("config.yaml", OBJECT.format(kind="ConfigMap") + "data:\n  ADMIN_PASSWORD: {value}\n"),
    "a ConfigMap's file": ("config.yaml", OBJECT.format(kind="ConfigMap") + "data:\n  app.properties: |\n    user=shop\n    db.password={value}\n"),
    "a template's default": ("shop/templates/secret.yaml", OBJECT.format(kind="Secret") + 'stringData:\n  password: {{{{ .Values.password | default "{value}" }}}}\n'),
    "a template's literal": ("shop/templates/deploy.yaml", POD + "          env:\n            - name: DB_PASSWORD\n              value: {value}\n          image: {{{{ .Values.image }}}}\n"),
    "a dotenv": (".env", "LOG=info\nSTRIPE_API_KEY={value}\n"),
    "a script": ("deploy.sh", "#!/bin/sh\nset -e\nexport DB_PASSWORD='{value}'\n"),
    "an option of helm": ("deploy.sh", "#!/bin/sh\nhelm upgrade shop ./chart --set auth.password={value}\n"),
    "curl with a password": ("deploy.sh", "#!/bin/sh\ncurl -u shop:{value} https://registry.example.com/v2/\n"),
    "a log-in": ("deploy.sh", "#!/bin/sh\ndocker login -u shop --password {value} registry.example.com\n"),
    "a header": ("deploy.sh", "#!/bin/sh\ncurl -H 'Authorization: Bearer {value}' https://api.example.com\n"),
    "a CI variable": (".gitlab-ci.yml", "variables:\n  LOG: info\n  DEPLOY_TOKEN: {value}\n"),
    "a workflow's env": (".github/workflows/deploy.yaml", "on: push\njobs:\n  deploy:\n    runs-on: x\n    env:\n      REGISTRY_PASSWORD: {value}\n    steps:\n      - run: make\n"),
    "a clone with a password": (".github/workflows/clone.yaml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: git clone https://ci:{value}@git.example.com/x.git\n"),
    "a helmfile": ("helmfile.yaml", "releases:\n  - name: shop\n    chart: ./shop\n    set:\n      - name: auth.password\n        value: {value}\n"),
    "an Argo CD parameter": ("app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    helm:\n      parameters:\n        - name: auth.password\n          value: {value}\n"),
    "a Terraform file": ("main.tf", 'resource "helm_release" "shop" {{\n  set_sensitive {{\n    name  = "auth.password"\n    value = "{value}"\n  }}\n}}\n'),
    "a kubeconfig": ("kubeconfig.yaml", "apiVersion: v1\nkind: Config\nusers:\n  - name: admin\n    user:\n      token: {value}\n"),
}  # fmt: skip

TOKENS = {
    "GitHub": lambda c: "ghp_" + "".join(c.choices(ALPHANUMERIC, k=36)),
    "GitLab": lambda c: "glpat-" + "".join(c.choices(ALPHANUMERIC, k=20)),
    "AWS": lambda c: "AKIA" + "".join(c.choices(string.ascii_uppercase + "234567", k=16)),
    "Slack": lambda c: "xoxb-" + "".join(c.choices(string.digits, k=12)) + "-" + "".join(c.choices(ALPHANUMERIC, k=24)),
    "Stripe": lambda c: "sk_live_" + "".join(c.choices(ALPHANUMERIC, k=24)),
    "npm": lambda c: "npm_" + "".join(c.choices(ALPHANUMERIC, k=36)),
    "SendGrid": lambda c: "SG." + "".join(c.choices(ALPHANUMERIC, k=22)) + "." + "".join(c.choices(ALPHANUMERIC, k=43)),
    "Vault": lambda c: "hvs." + "".join(c.choices(ALPHANUMERIC, k=90)),
    "DigitalOcean": lambda c: "dop_v1_" + "".join(c.choices("0123456789abcdef", k=64)),
    "Google": lambda c: "AIza" + "".join(c.choices(ALPHANUMERIC + "-_", k=34)) + "x",
    "Telegram": lambda c: "".join(c.choices("123456789", k=10)) + ":AA" + "".join(c.choices(ALPHANUMERIC, k=33)),
    "JWT": jwt,
}

LOOK_ALIKES = {
    "names of Secrets": ("values.yaml", "auth:\n  existingSecret: shop-db\n  passwordSecretName: shop-db\n  secretKeys: {adminPasswordKey: postgres-password}\n  tokenSecretRef: {name: shop, key: token}\n"),
    "nothing": ("values.yaml", "auth:\n  password: \"\"\n  token: null\n  apiKey: ''\n  secretKey: ~\n  clientSecret:\n"),
    "settings": ("values.yaml", "tokenTTL: 3600\npasswordPolicy: strict\npasswordMinLength: 12\nsecretRotation: enabled\nkeyAlgorithm: RSA\nauthEnabled: true\nusePassword: true\nkeySize: 2048\n"),
    "files": ("values.yaml", "tls:\n  keyFile: /etc/tls/tls.key\n  passwordFile: /run/secrets/db\n  tokenPath: /var/run/secrets/kubernetes.io/serviceaccount/token\n  privateKey: ./certs/server.key\n"),
    "addresses": ("values.yaml", "tokenUrl: https://id.example.com/oauth/token\nauthUrl: https://id.example.com/auth\nkeycloakUrl: http://keycloak:8080/auth\nsecretStore: https://vault.example.com\n"),
    "templates": ("shop/templates/secret.yaml", OBJECT.format(kind="Secret") + "stringData:\n  password: {{ .Values.auth.password | quote }}\n  token: {{ include \"shop.token\" . }}\n  key: {{ required \"auth.key is needed\" .Values.auth.key }}\n"),
    "placeholders": ("values.yaml", "a:\n  password: ${secret:shop/PASSWORD}\n  token: ref+vault://secret/shop#/token\n  apiKey: <path:secret/data/shop#key>\n  clientSecret: vault:secret/data/shop#client\n  secretKey: $(SECRET_KEY)\n  rootPassword: ${ROOT_PASSWORD}\n"),
    "examples": ("values.yaml", "a:\n  password: <your-password>\n  token: YOUR_TOKEN_HERE\n  apiKey: xxxxxxxxxxxx\n  clientSecret: REPLACE_ME\n  secretKey: '********'\n"),
    "checksums": ("values.yaml", "image:\n  digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nchecksum: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b\ncommit: 81111e14a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5\n"),
    "references": ("deploy.yaml", POD + "          env:\n            - name: DB_PASSWORD\n              valueFrom: {secretKeyRef: {name: shop, key: password}}\n            - name: DB_PASSWORD_FILE\n              value: /run/secrets/db\n            - name: TOKEN_ISSUER\n              value: https://id.example.com\n"),
    "keys of other kinds": ("values.yaml", "partitionKey: customer\nsortKey: createdAt\nkeyPrefix: shop\ntopologyKey: kubernetes.io/hostname\nsshPublicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8fX shop@example.com\napiKeyHeader: X-Api-Key\n"),
    "prose": ("values.yaml", "help:\n  password: Enter your password, at least twelve characters\n  token: The token that the agent joins with\n  secret: see the documentation\n"),
    "a workflow": (".github/workflows/ok.yaml", "on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      TOKEN: ${{ secrets.TOKEN }}\n      PASSWORD: ${{ secrets.PASSWORD }}\n    steps:\n      - run: helm upgrade shop . --set auth.password=$PASSWORD\n"),
    "a script": ("ok.sh", "#!/bin/sh\nexport DB_PASSWORD=\"$(cat /run/secrets/db)\"\nTOKEN=$CI_JOB_TOKEN\ncurl -u \"$USER:$PASSWORD\" https://x\nread -r PASSWORD\n"),
    "sealed": ("sealed.yaml", "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: shop\nspec:\n  encryptedData:\n    password: " + "AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq5rS4N7pQbXyv6eCcFyXhTcXy1y4WQ" * 9 + "\n"),
    "a certificate": ("values.yaml", "ca:\n  crt: |\n    -----BEGIN CERTIFICATE-----\n    MIIB8zCCAZmgAwIBAgIUO0xgqkgJ1p0q3qJ8v2z8vG0kN4wwCgYIKoZIzj0EAwIw\n    -----END CERTIFICATE-----\n"),
}  # fmt: skip


@dataclasses.dataclass
class Case:
    way: str
    file: str
    text: str
    lines: list  # that hold a credential
    negatives: list  # that hold none


def cases(seeds):
    number = 0
    for way, (file, text) in WAYS.items():
        for seed in range(seeds):
            value = LOOKS[seed % len(LOOKS)](random.Random(f"{way}{seed}"))
            whole = text.format(value=value, b64=b64(value))
            lines = [i for i, line in enumerate(whole.split("\n"), 1) if value in line or b64(value) in line]
            number += 1
            yield Case(way, f"{number}/{file}", whole, lines, [i for i, line in enumerate(whole.split("\n"), 1) if line.strip() and i not in lines])
    for name, make in TOKENS.items():
        for seed in range(seeds):
            value = make(random.Random(f"{name}{seed}"))
            text = ["a: 1\nsetting: %s\n", "# was %s\na: 1\n", "notes: |\n  the old one is %s.\n", "x: [%s]\n", "see %s\n", "a=%s\n"][seed % 6] % value
            number += 1
            yield Case(name, f"{number}/" + ["values.yaml", "v.yaml", "n.yaml", "l.yaml", "README.md", "a.properties"][seed % 6], text,
                       [i for i, line in enumerate(text.split("\n"), 1) if value in line], [])  # fmt: skip
    for seed in range(seeds):
        text = f"tls:\n  key: |\n    {indented(pem(random.Random(seed)), 4)}\n"
        yield Case("a private key", f"key{seed}/values.yaml", text, [3], [1])
    for name, (file, text) in LOOK_ALIKES.items():
        number += 1
        yield Case(name, f"{number}/{file}", text, [], [i for i, line in enumerate(text.split("\n"), 1) if line.strip()])
