"""What a user of Helm writes, with the rule and the lines that are right: for scripts/measure-lint.

Thought of and labelled without a look at the linter's tables, and before it was run on any of them. A case is a file; the lines
that begin with > hold a credential (> is taken away), and one of the case's rules has to find each of them. All other lines hold
none. A case is right if just its lines are found, by its rules.
"""

import dataclasses

PEM = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
B64_PEM = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDQktjd2dnU2pBZ0VBQW9JQkFRQzdWSlRVdDlVczhjS2oKLS0tLS1FTkQgUFJJVkFURSBLRVktLS0tLQo="
B64_CERTIFICATE = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI4ekNDQVptZ0F3SUJBZ0lVTzB4Z3FrZ0oxcDBxM3FKOHYyejh2RzBrTjR3d0NnWUlLb1pJemowRUF3SXcKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="

POD = """apiVersion: apps/v1
kind: {kind}
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
"""
DEPLOYMENT = POD.format(kind="Deployment")
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n"

# name: (rules, file, text)
FOUND = {
    # Values
    "an Erlang cookie": ("HM101", "values.yaml", "rabbitmq:\n  auth:\n    username: shop\n>    erlangCookie: Wq83hfKslP20dmNb\n"),
    "a replication password": ("HM101", "values.yaml", "postgresql:\n  auth:\n    replicationUsername: repl\n>    replicationPassword: tulpe-77-Nacht\n"),
    "a global password": ("HM101", "values.yaml", "global:\n  postgresql:\n    auth:\n      database: shop\n>      password: fJ83kslaP\n"),
    "an external database": ("HM101", "values.yaml", "externalDatabase:\n  host: db.example.com\n  port: 5432\n  user: shop\n>  password: 'Hafen Kran 12'\n"),
    "a key base": ("HM101", "values.yaml", "config:\n  RAILS_ENV: production\n>  SECRET_KEY_BASE: 7d1f6c0b2e9a48f3b5d7c1e0f9a8b7c6\n"),
    "Django's key": ("HM101", "values.yaml", "django:\n  debug: false\n>  secretKey: 'django-insecure-k2$8!xq9_m4v=w)p3'\n"),
    "a Fernet key": ("HM101", "values.yaml", "airflow:\n  executor: KubernetesExecutor\n>  fernetKey: 46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho=\n>  webserverSecretKey: 8f42a1c0d9\n"),
    "an initial password": ("HM101", "values.yaml", "gitlab:\n>  initialRootPassword: Brunnen.Gasse.5\n"),
    "grafana.ini": ("HM101", "values.yaml", "grafana:\n  grafana.ini:\n    auth.generic_oauth:\n      enabled: true\n      client_id: grafana\n>      client_secret: b8Jd73kQpz01Lm\n    smtp:\n      host: smtp.example.com:587\n>      password: sonnenblume4\n"),
    "a receiver of Slack": ("HM102", "values.yaml", "alertmanager:\n  config:\n    receivers:\n      - name: team\n        slack_configs:\n          - channel: '#alerts'\n>            api_url: https://hooks.slack.com/services/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\n"),
    "Alertmanager's mail": ("HM101", "values.yaml", "alertmanager:\n  config:\n    global:\n      smtp_from: alerts@example.com\n>      smtp_auth_password: Kraehe88x\n"),
    "PagerDuty's key": ("HM101 HM102", "values.yaml", "receivers:\n  - name: pager\n    pagerduty_configs:\n>      - routing_key: 3b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e\n"),
    "Opsgenie's key": ("HM101", "values.yaml", "alertmanager:\n  config:\n    global:\n>      opsgenie_api_key: 0f7c2d1e-9a3b-4c5d-8e6f-1a2b3c4d5e6f\n"),
    "a scrape configuration": ("HM101", "values.yaml", "prometheus:\n  additionalScrapeConfigs:\n    - job_name: shop\n      basic_auth:\n        username: prom\n>        password: wE3rTz6u\n"),
    "a scrape configuration in a block": ("HM101", "values.yaml", "extraScrapeConfigs: |\n  - job_name: shop\n    authorization:\n      type: Bearer\n>      credentials: f83hd72jsl20xmqp\n"),
    "Argo CD's configuration": ("HM101", "values.yaml", "configs:\n  secret:\n>    githubSecret: q8Zr2LmW0x\n  credentialTemplates:\n    https-creds:\n      url: https://git.example.com\n      username: ci\n>      password: gh7Kd02Lx\n"),
    "a client of Dex": ("HM101", "values.yaml", "dex:\n  config:\n    staticClients:\n      - id: shop\n        name: Shop\n>        secret: ZXhhbXBsZS1hcHAtc2Vj\n"),
    "oauth2-proxy": ("HM101", "values.yaml", "oauth2-proxy:\n  config:\n    clientID: shop\n>    clientSecret: s9D2kfLw83\n>    cookieSecret: Yx03kdPq83nZmW2v\n"),
    "extra variables": ("HM101", "values.yaml", "keycloak:\n  extraEnvVars:\n    - name: KC_DB_URL\n      value: jdbc:postgresql://db/keycloak\n    - name: KC_DB_PASSWORD\n>      value: 'nebel*Horn'\n"),
    "variables as maps": ("HM101", "values.yaml", "controllers:\n  main:\n    containers:\n      main:\n        env:\n          TZ: Europe/Berlin\n          DB_PASSWORD:\n>            value: kf83jslq\n"),
    "a folded value": ("HM101", "values.yaml", "auth:\n  password: >-\n>    dkf83jslqpwm\n  username: shop\n"),
    "a quoted key": ("HM101", "values.yaml", "\"db-host\": db\n>\"db-password\": 'kW82ls'\n"),
    "a flow mapping": ("HM101", "values.yaml", "# the database\n>auth: {username: shop, password: \"Kl93ms0\", database: shop}\nreplicas: 2\n"),
    "an anchor": ("HM101", "values.yaml", "web:\n>  dbPassword: &db Mosel.Wein.3\nworker:\n  dbPassword: *db\n"),
    "a number": ("HM101", "values.yaml", "mysql:\n  user: root\n>  rootPassword: 48151623\n"),
    "values in JSON": ("HM101", "values-prod.json", "{\n  \"auth\": {\n    \"username\": \"shop\",\n>    \"password\": \"Dk39sl2m\"\n  }\n}\n"),
    "values of an environment": ("HM101", "environments/prod/values.yaml", "ingress:\n  enabled: true\nldap:\n  bindDN: cn=shop,dc=example,dc=com\n>  bindPassword: Linde.Hof8\n"),
    "templated values": ("HM101", "helmfile.d/values/shop.yaml.gotmpl", "image:\n  tag: {{ .Environment.Name }}\nmail:\n>  password: Kd93msQp\n"),
    "two registries": ("HM108", "values.yaml", "imageCredentials:\n  - registry: a.example.com\n    username: ci\n>    password: Jd83lsWq\n  - registry: b.example.com\n    username: ci\n>    password: Xm20dkPq\n"),
    "a docker configuration": ("HM108", "values.yaml", "imagePullSecret:\n>  dockerconfigjson: eyJhdXRocyI6eyJyLmV4YW1wbGUuY29tIjp7InVzZXJuYW1lIjoiY2kiLCJwYXNzd29yZCI6IkpkODNsc1dxIiwiYXV0aCI6IlkyazZTbVE0TTJ4elYzRT0ifX19\n"),
    "a list of users": ("HM101", "values.yaml", "users:\n  - name: alice\n    role: admin\n>    password: tiger.lily\n  - name: bob\n>    password: Zug0Bruecke\n"),
    "a list of passwords": ("HM101", "values.yaml", "mongodb:\n  auth:\n    usernames: [shop, report]\n    passwords:\n>      - kd83Jsl2\n>      - mW02ksPq\n"),
    "passwords in one text": ("HM101", "values.yaml", "kafka:\n  sasl:\n    client:\n      users: [a, b]\n>      passwords: \"kd83Jsl2,mW02ksPq\"\n"),
    "redis.conf": ("HM101", "values.yaml", "redis:\n  configuration: |\n    maxmemory 200mb\n>    requirepass Kd83jslW\n>    masterauth Kd83jslW\n"),
    "an SQL script": ("HM101", "values.yaml", "initdbScripts:\n  init.sql: |\n    CREATE DATABASE shop;\n>    CREATE USER shop WITH PASSWORD 'Kd83jslW';\n    GRANT ALL ON DATABASE shop TO shop;\n"),
    "an SQL script of MySQL": ("HM101", "values.yaml", "initdbScripts:\n  users.sql: |\n>    CREATE USER 'shop'@'%' IDENTIFIED BY 'Mw82kdLs';\n    FLUSH PRIVILEGES;\n"),
    "NATS' configuration": ("HM101", "values.yaml", "nats:\n  config: |\n    port: 4222\n    authorization {\n      user: shop\n>      password: Kd83jslW\n    }\n"),
    "JAAS": ("HM101", "values.yaml", "kafka:\n  properties: |\n    security.protocol=SASL_SSL\n>    sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"shop\" password=\"Kd83jslW\";\n"),
    "TOML": ("HM101", "values.yaml", "config.toml: |\n  [database]\n  user = \"shop\"\n>  password = \"Kd83jslW\"\n"),
    "an application's secret": ("HM101", "values.yaml", "line:\n  channelId: '165438'\n>  appSecret: 8d7c6b5a49\n>  consumerSecret: kd93jsl2mw\n"),
    "a passphrase": ("HM101", "values.yaml", "backup:\n  schedule: '0 3 * * *'\n>  encryptionPassphrase: correct horse battery\n"),
    "name and password in one": ("HM101 HM107", "values.yaml", "metrics:\n>  basicAuth: \"prom:Kd83jslW\"\n"),
    "an SSH key": ("HM106", "values.yaml", f"git:\n  sshPrivateKey: |\n>    -----BEGIN OPENSSH PRIVATE KEY-----\n>    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n>    -----END OPENSSH PRIVATE KEY-----\n  branch: main\n"),
    "a key in base64": ("HM106", "values.yaml", f"ingress:\n  tls:\n    crt: {B64_CERTIFICATE}\n>    key: {B64_PEM}\n"),
    "a service account's key": ("HM106", "values.yaml", f"gcp:\n  project: shop\n>  serviceAccountKey: '{{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n{PEM}\\n-----END PRIVATE KEY-----\\n\"}}'\n"),
    "AWS' credentials": ("HM101 HM102", "values.yaml", "credentials:\n  secretContents:\n    cloud: |\n      [default]\n>      aws_access_key_id=AKIAQ3EGXZ7L2WVN4KDP\n>      aws_secret_access_key=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\n"),
    "a bucket's URL": ("HM107", "values.yaml", "loki:\n  storage:\n>    s3: s3://shop:Kd83jslW02mQ@eu-central-1/loki\n"),
    "a broker's URL": ("HM107", "values.yaml", "celery:\n>  brokerUrl: amqp://shop:Kd83jslW@rabbitmq:5672//\n>  resultBackend: redis://:mW02ksPq@redis:6379/0\n"),
    "an ADO.NET string": ("HM107 HM101", "values.yaml", "ConnectionStrings:\n>  Default: \"Host=db;Port=5432;Username=shop;Password=Kd83jslW;Database=shop\"\n"),
    "a storage account": ("HM107 HM101 HM102", "values.yaml", "azure:\n>  connectionString: DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=kD83jslW02mQpZx7vB4nTr6yHg1fEc9aLw5uSi8oKd83jslW02mQpZx7vB4nTr6yHg1fEc9aLw5uSi8oAA==;EndpointSuffix=core.windows.net\n"),
    "libpq's words": ("HM107 HM101", "values.yaml", "storage:\n>  dsn: host=db user=shop password=Kd83jslW dbname=shop sslmode=disable\n"),
    "a token of GitLab": ("HM102", "values.yaml", "runners:\n  url: https://gitlab.example.com\n>  runnerToken: glrt-Kd83jslW02mQpZx7vB4n\n"),
    "a shipped password": ("HM103", "values.yaml", "grafana:\n  adminUser: admin\n>  adminPassword: admin\nmysql:\n>  rootPassword: changeme\nredis:\n>  password: password\n"),
    "a literal beside a Secret": ("HM104", "values.yaml", "auth:\n  existingSecret: shop-db\n>  password: Kd83jslW\n"),
    # Manifests
    "a file in a Secret": ("HM201", "secret.yaml", SECRET + "stringData:\n  config.yaml: |\n    user: shop\n>    password: Kd83jslW\n"),
    "a Secret's base64": ("HM201", "secret.yaml", SECRET + "type: Opaque\ndata:\n>  api-token: S2Q4M2pzbFcwMm1RcFp4Nw==\n"),
    "a Secret in a list": ("HM201", "list.yaml", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata:\n      name: shop\n    stringData:\n>      password: Kd83jslW\n"),
    "a Secret in JSON": ("HM201", "secret.json", "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"metadata\": {\"name\": \"shop\"},\n  \"stringData\": {\n>    \"password\": \"Kd83jslW\"\n  }\n}\n"),
    "a Secret of basic authentication": ("HM201", "secret.yaml", SECRET + "type: kubernetes.io/basic-auth\nstringData:\n  username: shop\n>  password: Kd83jslW\n"),
    "a pull secret": ("HM108", "secret.yaml", SECRET + "type: kubernetes.io/dockerconfigjson\nstringData:\n>  .dockerconfigjson: '{\"auths\":{\"r.example.com\":{\"username\":\"ci\",\"password\":\"Jd83lsWq\"}}}'\n"),
    "kustomize's generator": ("HM201 HM101", "kustomization.yaml", "secretGenerator:\n  - name: shop\n    literals:\n      - username=shop\n>      - password=Kd83jslW\n"),
    "a StatefulSet's variable": ("HM202", "set.yaml", POD.format(kind="StatefulSet") + "          env:\n            - name: MYSQL_ROOT_PASSWORD\n>              value: Kd83jslW\n            - name: MYSQL_DATABASE\n              value: shop\n"),
    "a variable in flow style": ("HM202", "set.yaml", DEPLOYMENT + "          env:\n>            - {name: RABBITMQ_DEFAULT_PASS, value: Kd83jslW}\n            - {name: RABBITMQ_DEFAULT_USER, value: shop}\n"),
    "an init container's variable": ("HM202", "deploy.yaml", DEPLOYMENT + "      initContainers:\n        - name: migrate\n          image: shop:1\n          env:\n            - name: SPRING_DATASOURCE_PASSWORD\n>              value: Kd83jslW\n"),
    "a CronJob's variable": ("HM202", "cron.yaml", "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: backup\nspec:\n  schedule: '0 3 * * *'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: backup\n              image: restic\n              env:\n                - name: RESTIC_PASSWORD\n>                  value: Kd83jslW\n                - name: AWS_SECRET_ACCESS_KEY\n>                  value: kD83jslW02mQpZx7vB4nTr6yHg1fEc9aLw5uSi8o\n"),
    "a variable with a URL": ("HM107 HM202", "deploy.yaml", DEPLOYMENT + "          env:\n            - name: DATABASE_URL\n>              value: postgres://shop:Kd83jslW@db/shop\n            - name: REDIS_URL\n>              value: redis://default:mW02ksPq@redis:6379\n"),
    "a Knative service": ("HM202", "service.yaml", "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - image: shop:1\n          env:\n            - name: STRIPE_SECRET\n>              value: Kd83jslW02mQ\n"),
    "a Rollout": ("HM202", "rollout.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: shop\n          image: shop:1\n          env:\n            - name: JWT_SIGNING_KEY\n>              value: Kd83jslW02mQ\n"),
    "a server's password": ("HM203", "deploy.yaml", DEPLOYMENT + "          command: [redis-server]\n          args:\n            - --requirepass\n>            - Kd83jslW\n            - --appendonly\n            - 'yes'\n"),
    "an option": ("HM203", "deploy.yaml", DEPLOYMENT + "          args:\n            - --log-level=info\n>            - --admin-password=Kd83jslW\n            - --auth-mode=server\n"),
    "mysqladmin": ("HM203", "job.yaml", POD.format(kind="Job") + "          command:\n            - sh\n            - -c\n            - |\n              set -e\n>              mysqladmin -h db -u root -pKd83jslW ping\n              echo done\n"),
    "psql with a URL": ("HM203 HM107", "job.yaml", POD.format(kind="Job") + "          command: [sh, -c]\n          args:\n>            - psql postgresql://shop:Kd83jslW@db/shop -c 'select 1'\n"),
    "MinIO's client": ("HM203", "job.yaml", POD.format(kind="Job") + "          command: [sh, -c]\n          args:\n>            - mc alias set shop http://minio:9000 shop Kd83jslW02mQ\n"),
    "a header of curl": ("HM203", "job.yaml", POD.format(kind="Job") + "          command:\n            - sh\n            - -c\n            - |\n>              curl -H \"X-Api-Key: Kd83jslW02mQ\" http://shop/reindex\n"),
    "kubectl in a job": ("HM203", "job.yaml", POD.format(kind="Job") + "          command: [sh, -c]\n          args:\n>            - kubectl create secret generic shop --from-literal=password=Kd83jslW\n"),
    "an application.yml": ("HM204", "config.yaml", CONFIG_MAP + "  application.yml: |\n    spring:\n      datasource:\n        username: shop\n>        password: Kd83jslW\n"),
    "a settings.json": ("HM204", "config.yaml", CONFIG_MAP + "  settings.json: |\n    {\n      \"smtp\": {\n        \"host\": \"mail\",\n>        \"pass\": \"Kd83jslW\"\n      }\n    }\n"),
    "a wp-config.php": ("HM204", "config.yaml", CONFIG_MAP + "  wp-config.php: |\n    <?php\n    define('DB_NAME', 'shop');\n>    define('DB_PASSWORD', 'Kd83jslW');\n"),
    "a my.cnf": ("HM204", "config.yaml", CONFIG_MAP + "  my.cnf: |\n    [client]\n    user=root\n>    password=Kd83jslW\n"),
    "an ldap.toml": ("HM204", "config.yaml", CONFIG_MAP + "  ldap.toml: |\n    [[servers]]\n    bind_dn = \"cn=admin,dc=example\"\n>    bind_password = 'Kd83jslW'\n"),
    "a short key": ("HM204", "config.yaml", CONFIG_MAP + "  DB_USER: shop\n>  DB_PASS: Kd83jslW\n"),
    "a prometheus.yml": ("HM204", "config.yaml", CONFIG_MAP + "  prometheus.yml: |\n    scrape_configs:\n      - job_name: shop\n>        bearer_token: Kd83jslW02mQ\n"),
    "a URL in a ConfigMap": ("HM107 HM204", "config.yaml", CONFIG_MAP + ">  DATABASE_URL: mysql://shop:Kd83jslW@db:3306/shop\n  LOG: info\n"),
    "a token in an annotation": ("HM205 HM102", "deploy.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n  annotations:\n    team: shop\n>    ci.example.com/token: glpat-Kd83jslW02mQpZx7vB4n\nspec: {}\n"),
    "a header in a snippet": ("HM205", "ingress.yaml", "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: |\n>      proxy_set_header Authorization \"Basic c2hvcDpLZDgzanNsVw==\";\nspec: {}\n"),
    "a probe": ("HM206", "deploy.yaml", DEPLOYMENT + "          livenessProbe:\n            exec:\n>              command: [redis-cli, -a, Kd83jslW, ping]\n"),
    "a probe's header": ("HM206", "deploy.yaml", DEPLOYMENT + "          readinessProbe:\n            httpGet:\n              path: /healthz\n              port: 80\n              httpHeaders:\n                - name: Authorization\n>                  value: Basic c2hvcDpLZDgzanNsVw==\n"),
    "a hook of a container": ("HM206", "deploy.yaml", DEPLOYMENT + "          lifecycle:\n            postStart:\n              exec:\n                command:\n                  - sh\n                  - -c\n>                  - mysql -u root --password=Kd83jslW -e 'select 1'\n"),
    "an ExternalSecret's template": ("HM210", "external.yaml", "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: shop\nspec:\n  secretStoreRef: {name: vault, kind: ClusterSecretStore}\n  target:\n    template:\n      data:\n        username: shop\n>        password: Kd83jslW\n"),
    # Templates
    "a default in base64": ("HM301", "shop/templates/secret.yaml", SECRET + "data:\n>  password: {{ .Values.password | default \"Kd83jslW\" | b64enc | quote }}\n"),
    "a default in front": ("HM301", "shop/templates/secret.yaml", SECRET + "stringData:\n  user: {{ .Values.user }}\n>  token: {{ default \"Kd83jslW02\" .Values.token | quote }}\n"),
    "a literal in base64": ("HM301", "shop/templates/secret.yaml", SECRET + "data:\n>  admin-password: {{ \"Kd83jslW\" | b64enc }}\n"),
    "a variable": ("HM301", "shop/templates/secret.yaml", ">{{- $password := \"Kd83jslW\" -}}\n" + SECRET + "data:\n  password: {{ $password | b64enc }}\n"),
    "the last resort": ("HM301", "shop/templates/secret.yaml", SECRET + "stringData:\n>  password: {{ coalesce .Values.password .Values.global.password \"Kd83jslW\" }}\n"),
    "a choice": ("HM301", "shop/templates/secret.yaml", SECRET + "stringData:\n>  password: {{ ternary .Values.password \"Kd83jslW\" .Values.auth.enabled }}\n"),
    "a helper": ("HM301", "shop/templates/_helpers.tpl", "{{- define \"shop.password\" -}}\n>{{- default \"Kd83jslW\" .Values.password -}}\n{{- end -}}\n"),
    "a helper of an if": ("HM301", "shop/templates/_helpers.tpl", "{{- define \"shop.dbPassword\" -}}\n{{- if .Values.db.password -}}\n{{ .Values.db.password }}\n{{- else -}}\n>Kd83jslW\n{{- end -}}\n{{- end -}}\n"),
    "a literal between actions": ("HM301 HM202", "shop/templates/deploy.yaml", DEPLOYMENT + "          {{- if .Values.debug }}\n          env:\n            - name: ADMIN_TOKEN\n>              value: \"Kd83jslW02mQ\"\n          {{- end }}\n"),
    "a password in env": ("HM302", "shop/templates/deploy.yaml", DEPLOYMENT + "          env:\n            - name: DB_PASSWORD\n>              value: {{ .Values.db.password | quote }}\n            - name: DB_HOST\n              value: {{ .Values.db.host }}\n"),
    "a password in an argument": ("HM302", "shop/templates/deploy.yaml", DEPLOYMENT + "          args:\n>            - --password={{ .Values.auth.password }}\n"),
    "a password in a ConfigMap": ("HM302", "shop/templates/config.yaml", CONFIG_MAP + "  app.properties: |\n    db.user={{ .Values.db.user }}\n>    db.password={{ .Values.db.password }}\n"),
    "notes": ("HM305", "shop/templates/NOTES.txt", "Thank you for {{ .Chart.Name }}.\n\n  User: {{ .Values.auth.username }}\n>  Password: {{ .Values.auth.password }}\n"),
    "notes of a lookup": ("HM305", "shop/templates/NOTES.txt", "Open http://shop\n{{- $secret := lookup \"v1\" \"Secret\" .Release.Namespace \"shop\" }}\n>Password: {{ index $secret.data \"admin-password\" | b64dec }}\n"),
    "htpasswd of a literal": ("HM306", "shop/templates/auth.yaml", SECRET + "data:\n>  auth: {{ htpasswd \"admin\" \"Kd83jslW\" | b64enc }}\n"),
    "bcrypt of a literal": ("HM306", "shop/templates/auth.yaml", SECRET + "stringData:\n>  hash: {{ bcrypt \"Kd83jslW\" }}\n"),
    # CI and the like
    "set-string": ("HM401", ".gitlab-ci.yml", "deploy:\n  script:\n    - helm dependency update ./chart\n>    - helm upgrade --install shop ./chart --set-string db.password=Kd83jslW --wait\n"),
    "the second of a list": ("HM401", "deploy.sh", "#!/bin/bash\nset -eu\n>helm install shop ./chart --set image.tag=$TAG,auth.rootPassword=Kd83jslW,replicas=2\n"),
    "lines that go on": ("HM401", ".github/workflows/deploy.yml", "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          helm upgrade shop ./chart \\\n            --namespace shop \\\n>            --set smtp.password=Kd83jslW \\\n            --atomic\n"),
    "set-json": ("HM401", "deploy.sh", "#!/bin/sh\n>helm upgrade shop ./chart --set-json 'auth={\"user\":\"shop\",\"password\":\"Kd83jslW\"}'\n"),
    "set-literal": ("HM401", "deploy.sh", "#!/bin/sh\n>helm upgrade shop ./chart --set-literal apiKey='Kd83,jslW02'\n"),
    "a task of Azure": ("HM401", "azure-pipelines.yml", "steps:\n  - task: HelmDeploy@0\n    inputs:\n      command: upgrade\n      chartName: ./chart\n      releaseName: shop\n>      overrideValues: 'image.tag=1,db.password=Kd83jslW'\n"),
    "Jenkins": ("HM401", "Jenkinsfile", "pipeline {\n  agent any\n  stages {\n    stage('deploy') {\n      steps {\n>        sh 'helm upgrade --install shop ./chart --set auth.password=Kd83jslW'\n      }\n    }\n  }\n}\n"),
    "CircleCI": ("HM401", ".circleci/config.yml", "version: 2.1\njobs:\n  deploy:\n    docker:\n      - image: alpine/helm\n    steps:\n      - run:\n          name: deploy\n>          command: helm upgrade shop ./chart --set redis.auth.password=Kd83jslW\n"),
    "a Makefile": ("HM401", "Makefile", "deploy:\n\thelm lint ./chart\n>\thelm upgrade --install shop ./chart --set admin.password=Kd83jslW\n"),
    "values in a helmfile": ("HM101 HM401", "helmfile.yaml", "repositories:\n  - name: x\n    url: https://charts.example.com\nreleases:\n  - name: shop\n    chart: x/shop\n    values:\n      - auth:\n          username: shop\n>          password: Kd83jslW\n"),
    "a helmfile's repository": ("HM101 HM401 HM403", "helmfile.yaml", "repositories:\n  - name: x\n    url: https://charts.example.com\n    username: ci\n>    password: Kd83jslW\nreleases: []\n"),
    "Argo CD's values": ("HM101 HM401", "app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    chart: shop\n    helm:\n      values: |\n        auth:\n          username: shop\n>          password: Kd83jslW\n"),
    "Argo CD's values as an object": ("HM101 HM401", "app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    chart: shop\n    helm:\n      valuesObject:\n        auth:\n>          password: Kd83jslW\n"),
    "several sources": ("HM101 HM401", "app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  sources:\n    - chart: shop\n      helm:\n        parameters:\n          - name: auth.user\n            value: shop\n          - name: auth.adminPassword\n>            value: Kd83jslW\n"),
    "an ApplicationSet": ("HM101 HM401", "set.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      source:\n        helm:\n          valuesObject:\n            smtp:\n>              password: Kd83jslW\n"),
    "Flux": ("HM101 HM401", "release.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: shop\nspec:\n  interval: 5m\n  values:\n    auth:\n      username: shop\n>      password: Kd83jslW\n"),
    "Fleet": ("HM101 HM401", "fleet.yaml", "defaultNamespace: shop\nhelm:\n  chart: ./chart\n  values:\n    auth:\n>      password: Kd83jslW\n"),
    "Skaffold": ("HM101 HM401", "skaffold.yaml", "apiVersion: skaffold/v4beta11\nkind: Config\ndeploy:\n  helm:\n    releases:\n      - name: shop\n        chartPath: chart\n        setValues:\n          image.tag: dev\n>          db.password: Kd83jslW\n"),
    "K3s": ("HM101 HM401", "chart.yaml", "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata:\n  name: grafana\nspec:\n  chart: grafana\n  valuesContent: |-\n    adminUser: ops\n>    adminPassword: Kd83jslW\n"),
    "K3s' set": ("HM101 HM401", "chart.yaml", "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata:\n  name: grafana\nspec:\n  chart: grafana\n  set:\n    replicas: 1\n>    auth.password: Kd83jslW\n"),
    "Ansible": ("HM101 HM401", "playbook.yml", "- hosts: localhost\n  tasks:\n    - name: deploy\n      kubernetes.core.helm:\n        name: shop\n        chart_ref: ./chart\n        values:\n          auth:\n>            password: Kd83jslW\n"),
    "decrypted secrets": ("HM402 HM101", "secrets.dec.yaml", "db:\n>  password: Kd83jslW\n"),
    "plain secrets": ("HM402 HM101", "secrets/prod.yaml", "db:\n  user: shop\n>  password: Kd83jslW\n"),
    "a log-in of Helm": ("HM403", ".gitlab-ci.yml", "push:\n  script:\n>    - helm registry login -u ci -p Kd83jslW r.example.com\n    - helm push shop-1.tgz oci://r.example.com/charts\n"),
    "a repository's address": ("HM403 HM107", "deploy.sh", "#!/bin/sh\n>helm repo add shop https://ci:Kd83jslW@charts.example.com\nhelm repo update\n"),
    "a repository's password": ("HM403", "deploy.sh", "#!/bin/sh\n>helm repo add shop https://charts.example.com --username ci --password Kd83jslW\n"),
    "a pull": ("HM403", "deploy.sh", "#!/bin/sh\n>helm pull shop --repo https://charts.example.com --username=ci --password=Kd83jslW\n"),
    "standard input": ("HM403", "deploy.sh", "#!/bin/sh\n>echo 'Kd83jslW' | helm registry login r.example.com -u ci --password-stdin\n"),
    "kubectl's credentials": ("HM403", "deploy.sh", "#!/bin/sh\n>kubectl config set-credentials ci --token=Kd83jslW02mQpZx7vB4n\nkubectl get pods\n"),
    "a Secret made in CI": ("HM403 HM401", ".gitlab-ci.yml", "deploy:\n  script:\n>    - kubectl create secret generic shop --from-literal=db-password=Kd83jslW\n"),
    "a pull secret made in CI": ("HM403", "deploy.sh", "#!/bin/sh\nkubectl create secret docker-registry regcred --docker-server=r.example.com \\\n>  --docker-username=ci --docker-password=Kd83jslW\n"),
    "Argo CD's log-in": ("HM403", ".github/workflows/sync.yml", "on: push\njobs:\n  sync:\n    runs-on: ubuntu-latest\n    steps:\n>      - run: argocd login argocd.example.com --username admin --password Kd83jslW\n      - run: argocd app sync shop\n"),
}  # fmt: skip

CLEAN = {
    "names": ("values.yaml", "auth:\n  existingSecret: shop-db\n  existingSecretPasswordKey: password\n  secretKeys:\n    adminPasswordKey: admin-password\n    userPasswordKey: user-password\n  usePasswordFiles: true\n"),
    "switches": ("values.yaml", "passwordUpdateJob:\n  enabled: true\nserviceAccount:\n  automountServiceAccountToken: true\nauthentication:\n  type: ldap\nsecretAnnotations: {}\ntokenExpirationSeconds: 3600\n"),
    "documented": ("values.yaml", "# -- Password of the admin; generated when it is empty\nadminPassword: \"\"\n# -- (string) Token of the bot\n# @default -- none\nbotToken:\n"),
    "references of other charts": ("values.yaml", "bearerTokenSecret:\n  name: shop\n  key: token\npasswordSecretKeyRef: {name: shop, key: password}\napiKeySecretRef: shop-api\ncookieSecretKey: cookie-secret\n"),
    "certificates' settings": ("values.yaml", "tls:\n  secretName: shop-tls\n  privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}\n  certManager: true\n  caBundle: " + B64_CERTIFICATE + "\n"),
    "clouds": ("values.yaml", "kmsKeyId: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab\nserviceAccountRoleArn: arn:aws:iam::123456789012:role/shop\ntenantId: 0f7c2d1e-9a3b-4c5d-8e6f-1a2b3c4d5e6f\nclientId: 1a2b3c4d-9a3b-4c5d-8e6f-1a2b3c4d5e6f\n"),
    "a public DSN": ("values.yaml", "sentry:\n  dsn: https://0123456789abcdef0123456789abcdef@o12345.ingest.sentry.io/42\n"),
    "a URL without a password": ("values.yaml", "databaseUrl: postgres://shop@db:5432/shop\nredisUrl: redis://redis:6379/0\ngitUrl: ssh://git@git.example.com/shop.git\n"),
    "values that are templates": ("values.yaml", "auth:\n  password: \"{{ .Values.global.password }}\"\n  secretName: '{{ include \"shop.fullname\" . }}-auth'\n"),
    "an encrypted file": ("secrets.yaml", "db:\n    password: ENC[AES256_GCM,data:Tr7o,iv:1234567890abcdef1234567890abcdef1234567890A=,tag:abcdefghijklmnopqrstuv==,type:str]\nsops:\n    age:\n        - recipient: age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw\n          enc: |\n            -----BEGIN AGE ENCRYPTED FILE-----\n            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB\n            -----END AGE ENCRYPTED FILE-----\n    lastmodified: \"2026-01-01T00:00:00Z\"\n    mac: ENC[AES256_GCM,data:abcdefgh,iv:1234567890abcdef1234567890abcdef1234567890A=,tag:abcdefghijklmnopqrstuv==,type:str]\n    version: 3.9.0\n"),
    "environment": ("deploy.yaml", DEPLOYMENT + "          env:\n            - {name: VAULT_TOKEN_PATH, value: /vault/token}\n            - {name: SECRET_NAME, value: shop-db}\n            - {name: AUTH_TYPE, value: basic}\n            - {name: PASSWORD_MIN_LENGTH, value: \"12\"}\n            - {name: TOKEN_URL, value: 'https://id.example.com/token'}\n            - {name: KEYCLOAK_REALM, value: shop}\n            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: shop, key: password}}}\n"),
    "arguments": ("deploy.yaml", DEPLOYMENT + "          args:\n            - --token-auth-file=/etc/tokens.csv\n            - --tls-private-key-file=/tls/tls.key\n            - --authorization-mode=RBAC\n            - --secret-name=shop\n            - --password-file=/run/secrets/db\n            - --key-size=2048\n            - --db-password=$(DB_PASSWORD)\n"),
    "volumes": ("deploy.yaml", DEPLOYMENT + "      volumes:\n        - name: auth\n          secret:\n            secretName: shop-auth\n            defaultMode: 420\n        - name: token\n          projected:\n            sources:\n              - serviceAccountToken:\n                  path: token\n                  audience: vault\n                  expirationSeconds: 7200\n"),
    "rights": ("role.yaml", "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: shop\nrules:\n  - apiGroups: [\"\"]\n    resources: [secrets]\n    verbs: [get, list]\n  - apiGroups: [authentication.k8s.io]\n    resources: [tokenreviews]\n    verbs: [create]\n"),
    "a definition": ("crd.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: shops.example.com\nspec:\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            password:\n              description: Password of the database user.\n              type: string\n            token:\n              type: string\n              default: \"\"\n"),
    "an issuer": ("issuer.yaml", "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata:\n  name: letsencrypt\nspec:\n  acme:\n    privateKeySecretRef:\n      name: letsencrypt-key\n    solvers:\n      - dns01:\n          cloudflare:\n            apiTokenSecretRef: {name: cloudflare, key: api-token}\n"),
    "an ExternalSecret": ("external.yaml", "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: shop\nspec:\n  data:\n    - secretKey: password\n      remoteRef: {key: shop/db, property: password}\n  target:\n    template:\n      data:\n        url: 'postgres://shop:{{ .password }}@db/shop'\n"),
    "Vault's annotations": ("deploy.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\n  annotations:\n    vault.hashicorp.com/agent-inject: 'true'\n    vault.hashicorp.com/agent-inject-secret-db: secret/data/shop\n    vault.hashicorp.com/agent-inject-template-db: |\n      {{- with secret \"secret/data/shop\" -}}\n      password={{ .Data.data.password }}\n      {{- end }}\nspec: {}\n"),
    "a ConfigMap of references": ("config.yaml", CONFIG_MAP + "  app.properties: |\n    db.password=${DB_PASSWORD}\n    db.password_file=/run/secrets/db\n    auth.type=oidc\n    token.ttl=3600\n  TOKEN_ENDPOINT: https://id.example.com/oauth2/token\n"),
    "generated": ("shop/templates/secret.yaml", SECRET + "data:\n  password: {{ .Values.password | default (randAlphaNum 24) | b64enc }}\n"),
    "checksums and includes": ("shop/templates/deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include \"shop.fullname\" . }}\nspec:\n  template:\n    metadata:\n      annotations:\n        checksum/secret: {{ include (print $.Template.BasePath \"/secret.yaml\") . | sha256sum }}\n    spec:\n      containers:\n        - name: shop\n          env:\n            - name: DB_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: {{ .Values.existingSecret | default (include \"shop.fullname\" .) }}\n                  key: {{ .Values.secretKeys.passwordKey | default \"password\" }}\n"),
    "a helper that names": ("shop/templates/_helpers.tpl", "{{- define \"shop.secretName\" -}}\n{{- default (printf \"%s-credentials\" (include \"shop.fullname\" .)) .Values.auth.existingSecret -}}\n{{- end -}}\n{{- define \"shop.passwordKey\" -}}\n{{- default \"admin-password\" .Values.auth.passwordKey -}}\n{{- end -}}\n"),
    "notes that say how": ("shop/templates/NOTES.txt", "Get the password:\n\n  kubectl get secret {{ .Release.Name }} -o jsonpath='{.data.password}' | base64 -d\n\n{{- if not .Values.auth.password }}\nA password was generated.\n{{- end }}\n"),
    "a check": ("shop/templates/check.yaml", "{{- if and .Values.auth.enabled (not .Values.auth.password) }}\n{{- fail \"auth.password is required when auth.enabled is true\" }}\n{{- end }}\n"),
    "a schema": ("values.schema.json", "{\n  \"properties\": {\n    \"password\": {\n      \"type\": \"string\",\n      \"description\": \"password of the database\",\n      \"default\": \"\"\n    },\n    \"token\": {\"type\": [\"string\", \"null\"]}\n  }\n}\n"),
    "options of helm": ("deploy.sh", "#!/bin/sh\nhelm upgrade shop ./chart --set auth.existingSecret=shop --set image.tag=$TAG --set-file tls.key=server.key\necho \"$TOKEN\" | helm registry login r.example.com -u ci --password-stdin\nhelm upgrade shop ./chart --set auth.password=\"$DB_PASSWORD\" --set auth.username=shop\n"),
    "GitHub": (".github/workflows/deploy.yml", "on: push\npermissions:\n  id-token: write\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/login-action@v3\n        with:\n          username: ${{ github.actor }}\n          password: ${{ secrets.GITHUB_TOKEN }}\n      - run: helm upgrade shop ./chart --set auth.password='${{ secrets.DB_PASSWORD }}'\n"),
    "Jenkins' credentials": ("Jenkinsfile", "pipeline {\n  environment {\n    TOKEN = credentials('deploy-token')\n  }\n  stages {\n    stage('x') {\n      steps {\n        withCredentials([string(credentialsId: 'db-password', variable: 'DB_PASSWORD')]) {\n          sh 'helm upgrade shop ./chart --set auth.password=$DB_PASSWORD'\n        }\n      }\n    }\n  }\n}\n"),
    "Flux' references": ("release.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: shop\nspec:\n  valuesFrom:\n    - kind: Secret\n      name: shop-values\n      valuesKey: password\n      targetPath: auth.password\n  values:\n    auth:\n      existingSecret: shop\n"),
    "Terraform's references": ("main.tf", "resource \"helm_release\" \"shop\" {\n  name = \"shop\"\n  set_sensitive {\n    name  = \"auth.password\"\n    value = var.db_password\n  }\n  set {\n    name  = \"auth.existingSecret\"\n    value = \"shop-db\"\n  }\n}\n"),
    "policies": ("policy.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: shop-auth\n  labels:\n    helm.sh/chart: shop-1.2.3\n    app.kubernetes.io/component: token-service\nspec:\n  podSelector: {}\n"),
    "affinity": ("values.yaml", "affinity:\n  podAntiAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      - topologyKey: kubernetes.io/hostname\ntolerations:\n  - key: node-role.kubernetes.io/control-plane\n    operator: Exists\n"),
    "a bearer's file": ("values.yaml", "scrape:\n  bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token\n  authorization:\n    credentials_file: /etc/prometheus/token\n  tls_config:\n    key_file: /etc/tls/tls.key\n"),
}  # fmt: skip


@dataclasses.dataclass
class Case:
    name: str
    file: str
    text: str
    rules: set
    lines: list  # that hold a credential


def numbered(found, clean):
    named = [(name, *case) for name, case in found.items()] + [(name, "", *case) for name, case in clean.items()]
    for number, (name, rules, file, text) in enumerate(named, 1):
        lines = text.split("\n")
        marked = [i for i, line in enumerate(lines, 1) if line.startswith(">")]
        yield Case(name, f"{number}/{file}", "\n".join(line.removeprefix(">") for line in lines), set(rules.split()), marked)


def cases():
    return numbered(FOUND, CLEAN)
