"""What auditors of Helm repositories meet, and what only looks so: for scripts/measure-lint.

In the form of made_fresh.py, thought of and labelled from the rules' explanations (lint --explain) alone, before the linter was run
on any of it. First look: 264 of the 275 cases right (96.0 %); three of the others need a Chart.yaml beside them, which they have not.
"""

from made_fresh import numbered

FOUND = {
    # ---------------------------------------------------------------- values files
    "Keycloak's admin and its database": ("HM101", "environments/prod/keycloak-values.yaml", r"""image:
  repository: bitnami/keycloak
  tag: 24.0.5-debian-12-r0
auth:
  adminUser: kc-admin
>  adminPassword: Bruecke&Tor-19
production: true
proxy: edge
postgresql:
  enabled: true
  auth:
    username: bn_keycloak
    database: bitnami_keycloak
>    password: 7rTq2_mZx0
    existingSecret: ""
"""),
    "Grafana's SMTP in grafana.ini": ("HM101", "monitoring/values.yaml", r"""grafana:
  adminUser: admin
  admin:
    existingSecret: grafana-admin
    userKey: admin-user
    passwordKey: admin-password
  grafana.ini:
    server:
      root_url: https://grafana.nordwind-energie.de
    smtp:
      enabled: true
      host: smtp.office365.com:587
      user: alerts@nordwind-energie.de
>      password: Wetter!Fahne77
      from_address: alerts@nordwind-energie.de
    auth.generic_oauth:
      enabled: true
      client_id: grafana
>      client_secret: 0f8Kx2LrVnQe71TzWbUy5MhGc3PdSa9J
      token_url: https://sso.nordwind-energie.de/realms/main/protocol/openid-connect/token
      allow_sign_up: true
"""),
    "Airflow's keys": ("HM101", "airflow/values-prod.yaml", r"""executor: KubernetesExecutor
>fernetKey: etuExNwRHAGEbp_mJcouWULPAAQetZFkMJAjs073dBk=
>webserverSecretKey: 97373e41520dab4c7fd088527a098e3f
webserver:
  defaultUser:
    enabled: true
    role: Admin
    username: data-admin
    email: data@lumenretail.com
    firstName: Data
    lastName: Admin
>    password: oKl-33-pinewood
dags:
  gitSync:
    enabled: true
    repo: git@github.com:lumenretail/dags.git
    branch: main
    sshKeySecret: airflow-ssh-secret
"""),
    "a cookie secret of oauth2-proxy": ("HM101", "apps/oauth2-proxy/values.yaml", r"""config:
  clientID: "oauth2-proxy"
>  clientSecret: "vN3qPz8LtYw0RbXe5KdHj2Mc"
>  cookieSecret: "DjrCOqnKMMRca/VRrWI8DcSfmZHqNP0qp5LdBbNyN/o="
  cookieName: "_oauth2_proxy"
  configFile: |-
    email_domains = [ "*" ]
    upstreams = [ "file:///dev/null" ]
    skip_provider_button = true
extraArgs:
  provider: oidc
  oidc-issuer-url: https://sso.fjordbank.no/realms/staff
  cookie-secure: "true"
ingress:
  enabled: true
  className: nginx
"""),
    "a numeric password without quotes": ("HM101", "ci/values-staging.yaml", r"""replicaCount: 2
image:
  repository: registry.internal/shop/api
  tag: 1.14.2
database:
  host: pg-staging.internal
  port: 5432
  name: shop
  user: shop
>  password: 90417263
redis:
  host: redis-master
  port: 6379
"""),
    "MySQL in flow style": ("HM101", "charts/blog/values-demo.yaml", r"""blog:
  title: Team blog
  replicas: 1
>mysql: {enabled: true, auth: {database: ghost, username: ghost, password: "Quitte=Birne4"}}
persistence: {enabled: true, size: 8Gi, storageClass: standard}
"""),
    "Kafka's SASL lists": ("HM101", "kafka/values.yaml", r"""listeners:
  client:
    protocol: SASL_PLAINTEXT
  interbroker:
    protocol: SASL_PLAINTEXT
sasl:
  enabledMechanisms: PLAIN,SCRAM-SHA-256
  interbroker:
    user: inter_broker_user
>    password: "dK2.wave.rider"
  client:
    users:
      - orders
      - billing
    passwords:
>      - "ordersAb71x"
>      - "billingQz40p"
controller:
  replicaCount: 3
"""),
    "RabbitMQ's cookie": ("HM101", "messaging/rabbitmq.values.yaml", r"""auth:
  username: mq
>  password: Kupferkessel
>  erlangCookie: "QWJXZKLPMTRYHBNAOIUE"
  tls:
    enabled: false
    existingSecret: ""
clustering:
  enabled: true
  rebalance: true
replicaCount: 3
memoryHighWatermark:
  enabled: true
  type: relative
  value: 0.4
"""),
    "a Datadog key": ("HM101 HM102", "datadog/values.yaml", r"""datadog:
>  apiKey: 4ee57da0d7d465571320b485e2f7b80e
>  appKey: e8a4972a15d61d9e16b73e8f6fba9ca07ad9c7d2
  site: datadoghq.eu
  clusterName: prod-eu-1
  logs:
    enabled: true
    containerCollectAll: true
  apm:
    portEnabled: true
clusterAgent:
  enabled: true
  tokenExistingSecret: datadog-cluster-agent
"""),
    "an S3 key of Loki": ("HM101 HM102", "loki/values.yaml", r"""loki:
  auth_enabled: false
  storage:
    type: s3
    bucketNames:
      chunks: loki-chunks
      ruler: loki-ruler
    s3:
      endpoint: s3.eu-central-1.amazonaws.com
      region: eu-central-1
>      accessKeyId: AKIAHUOUMR6CWV2XLNHR
>      secretAccessKey: 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
      s3ForcePathStyle: false
  schemaConfig:
    configs:
      - from: "2024-04-01"
        store: tsdb
        object_store: s3
        schema: v13
        index:
          prefix: loki_index_
          period: 24h
"""),
    "Velero's credentials file": ("HM101 HM102", "velero/values.yaml", r"""configuration:
  backupStorageLocation:
    - name: default
      provider: aws
      bucket: hq-velero
      config:
        region: eu-west-1
credentials:
  useSecret: true
  secretContents:
    cloud: |
      [default]
>      aws_access_key_id=AKIARX3FT7OLUKGBAZMP
>      aws_secret_access_key=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
initContainers:
  - name: velero-plugin-for-aws
    image: velero/velero-plugin-for-aws:v1.9.0
"""),
    "LDAP of GitLab's chart": ("HM101", "gitlab/values.yaml", r"""global:
  hosts:
    domain: kronberg-ag.ch
  appConfig:
    ldap:
      preventSignin: false
      servers:
        main:
          label: Kronberg
          host: ldap.kronberg-ag.ch
          port: 636
          encryption: simple_tls
          uid: sAMAccountName
          bind_dn: cn=gitlab,ou=services,dc=kronberg-ag,dc=ch
>          password: Matterhorn.4478
          base: ou=staff,dc=kronberg-ag,dc=ch
  initialRootPassword:
    secret: gitlab-initial-root-password
    key: password
"""),
    "Dex' static clients": ("HM101", "dex/values.yaml", r"""config:
  issuer: https://dex.platform.io
  storage:
    type: kubernetes
    config:
      inCluster: true
  connectors:
    - type: github
      id: github
      name: GitHub
      config:
        clientID: $GITHUB_CLIENT_ID
        clientSecret: $GITHUB_CLIENT_SECRET
  staticClients:
    - id: kubectl
      name: kubectl
      redirectURIs:
        - http://localhost:8000
>      secret: k8s0login9Vt3RzQwLmXy7
"""),
    "environment map in values": ("HM101 HM202", "deploy/values/prod.yaml", r"""app:
  image: ghcr.io/oakline/api:2024.6.1
  env:
    NODE_ENV: production
    PORT: "8080"
    LOG_LEVEL: info
    SESSION_TTL: "86400"
>    SESSION_SECRET: keyboard-cat-prod-2291
>    SMTP_PASS: "Xk92-llama"
    SMTP_USER: mailer@oakline.io
  resources:
    limits:
      memory: 512Mi
"""),
    "extra variables as a list in values": ("HM101 HM202", "superset/values.yaml", r"""extraEnv:
  SUPERSET_LOAD_EXAMPLES: "no"
  GUNICORN_TIMEOUT: "300"
extraEnvRaw:
  - name: DB_PORT
    value: "5432"
  - name: DB_PASS
>    value: "sommer2023Berlin"
  - name: REDIS_HOST
    value: superset-redis
  - name: OAUTH_CLIENT_SECRET
    valueFrom:
      secretKeyRef:
        name: superset-oauth
        key: client-secret
"""),
    "Superset's secret key in a Python override": ("HM101", "superset/values-overrides.yaml", r"""configOverrides:
  feature_flags: |
    FEATURE_FLAGS = {"ALERT_REPORTS": True}
  my_override: |
>    SECRET_KEY = 'YTk4c2Rma2pxd2VyLW1uYnYt0x7'
  cache: |
    CACHE_CONFIG = {
        'CACHE_TYPE': 'RedisCache',
        'CACHE_DEFAULT_TIMEOUT': 300,
    }
"""),
    "n8n's encryption key": ("HM101", "n8n/values.yaml", r"""main:
  config:
    n8n:
>      encryption_key: "t7Jw0qLxVb52RzYkNe"
    db:
      type: postgresdb
      postgresdb:
        host: n8n-pg-rw
        port: 5432
        user: n8n
  secret:
    db:
      postgresdb:
>        password: "kaffee-maschine-8"
  extraEnv:
    N8N_LOG_LEVEL:
      value: info
ingress:
  enabled: true
"""),
    "a registration token of a GitLab runner": ("HM101 HM102", "gitlab-runner/values.yaml", r"""gitlabUrl: https://gitlab.com/
>runnerToken: glrt-WS1vc5d8OlCshyr-X0BS
concurrent: 10
checkInterval: 30
rbac:
  create: true
runners:
  config: |
    [[runners]]
      [runners.kubernetes]
        namespace = "{{.Release.Namespace}}"
        image = "alpine:3.19"
"""),
    "Alertmanager in values": ("HM101 HM102", "kube-prometheus-stack/values.yaml", r"""alertmanager:
  config:
    global:
      resolve_timeout: 5m
>      slack_api_url: https://hooks.slack.com/services/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
      smtp_smarthost: smtp.sendgrid.net:587
      smtp_auth_username: apikey
>      smtp_auth_password: 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
    route:
      receiver: ops
      group_by: [alertname, namespace]
    receivers:
      - name: ops
        slack_configs:
          - channel: '#ops'
      - name: pager
        pagerduty_configs:
>          - routing_key: 492f816cd3d12b304cf60a804c2f6ebf
            severity: critical
"""),
    "Flux HelmRelease with values": ("HM101", "clusters/prod/wordpress/release.yaml", r"""apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: wordpress
  namespace: web
spec:
  interval: 30m
  chart:
    spec:
      chart: wordpress
      version: 22.x
      sourceRef:
        kind: HelmRepository
        name: bitnami
        namespace: flux-system
  values:
    wordpressUsername: redaktion
>    wordpressPassword: Zeitung-am-Morgen
    mariadb:
      auth:
        database: wp
>        rootPassword: "r00t.of.All.3vil"
    service:
      type: ClusterIP
"""),
    "Terraform variable with a default": ("HM101", "terraform/variables.tf", r"""variable "release_name" {
  type    = string
  default = "shop"
}

variable "db_password" {
  description = "Password of the shop's database"
  type        = string
>  default     = "Lavendel-1804"
}

variable "chart_version" {
  type    = string
  default = "4.2.0"
}
"""),
    "variables of a GitLab pipeline": ("HM101 HM401", ".gitlab-ci.yml", r"""stages: [build, deploy]

variables:
  KUBE_NAMESPACE: shop
  HELM_VERSION: 3.14.4
>  POSTGRES_PASSWORD: "olivenbaum33"
  DOCKER_TLS_CERTDIR: "/certs"

deploy:
  stage: deploy
  image: alpine/helm:3.14.4
  script:
    - helm upgrade --install shop ./chart -n $KUBE_NAMESPACE --set postgresql.auth.password="$POSTGRES_PASSWORD"
  environment:
    name: production
"""),
    "Kustomize generates a Secret of literals": ("HM101 HM201", "overlays/dev/kustomization.yaml", r"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-dev
resources:
  - ../../base
secretGenerator:
  - name: shop-db
    literals:
      - username=shop
>      - password=Pferdestall_9
generatorOptions:
  disableNameSuffixHash: true
"""),
    "Argo CD Application with inline values": ("HM101", "argocd/apps/minio.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: minio
  namespace: argocd
spec:
  project: platform
  source:
    repoURL: https://charts.min.io
    chart: minio
    targetRevision: 5.2.0
    helm:
      releaseName: minio
      valuesObject:
        mode: standalone
        rootUser: storageadmin
>        rootPassword: Speicher.Haus.1212
        persistence:
          size: 200Gi
  destination:
    server: https://kubernetes.default.svc
    namespace: minio
"""),
    "a shell script that exports": ("HM101", "scripts/install-sentry.sh", r"""#!/usr/bin/env bash
set -euo pipefail

NAMESPACE=sentry
RELEASE=sentry
>export SENTRY_ADMIN_PASSWORD='Wachturm!5501'

kubectl create namespace "$NAMESPACE" --dry-run=client -o yaml | kubectl apply -f -
helm repo add sentry https://sentry-kubernetes.github.io/charts
helm upgrade --install "$RELEASE" sentry/sentry -n "$NAMESPACE" \
  --set user.password="$SENTRY_ADMIN_PASSWORD" \
  --values values.yaml --wait --timeout 20m
"""),
    "Jenkins with an environment": ("HM101 HM401", "Jenkinsfile", r"""pipeline {
  agent { label 'k8s' }
  environment {
    REGISTRY     = 'registry.hafenlogistik.de'
    KUBECONFIG   = credentials('kubeconfig-prod')
>    VAULT_ROLE_SECRET = '5f1d9b7e-aaQ2-kontor'
  }
  stages {
    stage('Deploy') {
      steps {
        sh 'helm upgrade --install kontor ./helm/kontor -f helm/values-prod.yaml'
      }
    }
  }
}
"""),
    "camel case names of a company's chart": ("HM101", "charts/crm/values-live.yaml", r"""crm:
  salesforce:
    loginUrl: https://login.salesforce.com
    clientId: 3MVG9crmLive
>    clientSecret: 61F0A2B89C3D4E57A1B2
  twilio:
    accountSid: AC2807692413fef13aed22e877eda995f7
>    authToken: 29b7db07fad3dd825f4c192d940177ec
  recaptcha:
    siteKey: 6LcZlzj1HGjCrIJ0solvOzIxb_mJ4DzbCIUGn3uh
>    secretKey: 6Lc05emArqEC8ZEKWwsdg4DdVv3GkZ_DHXm_oOJK
  jwt:
    issuer: crm
    expiresIn: 15m
>    signingSecret: do-not-tell-anyone-42x
"""),
    # ---------------------------------------------------------------- known tokens
    "a GitHub token of Argo CD's repositories": ("HM102 HM101 HM201", "argocd/repo-creds.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: github-repo-creds
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repo-creds
stringData:
  type: git
  url: https://github.com/lumenretail
  username: argocd-bot
>  password: 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
"""),
    "a GitHub token in Renovate's values": ("HM102 HM101", "renovate/values.yaml", r"""cronjob:
  schedule: "0 3 * * *"
renovate:
  config: |
    {
      "platform": "github",
      "repositories": ["oakline/api", "oakline/web"],
      "onboarding": false,
>      "token": "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"
    }
"""),
    "an OpenAI key with a plain name": ("HM102 HM101", "charts/assistant/values.yaml", r"""assistant:
  model: gpt-4o-mini
  temperature: 0.2
  maxTokens: 2048
>  openai: 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
  timeout: 60s
service:
  port: 8000
"""),
    "an Anthropic key in a list of variables": ("HM102 HM101 HM202", "k8s/values-bot.yaml", r"""extraEnvVars:
  - name: LLM_PROVIDER
    value: anthropic
  - name: ANTHROPIC_API_KEY
>    value: sk-ant-api03-BDQXk5u6hU2d7eX_iQZGYgC5wVviThjgfhrdOMLgrGeePC5oHz1WkGq7Ue1rzabX3a7_c12ZR3KNPkx7wJe7gm-Pc2ESSAA
  - name: REQUEST_TIMEOUT
    value: "30"
replicaCount: 1
"""),
    "a Stripe key": ("HM102 HM101", "values/production.yaml", r"""payments:
  provider: stripe
  currency: eur
  stripe:
    publishableKey: pk_live_C1U8KjdRH3WYAbAP60tK0gE3
>    secretKey: sk_live_vHuYbu7bBOy2Ei5fyWMm9XLi
>    webhookSecret: whsec_81jFV5qTi6sVXC0GkofORXvHR13SyVGT
    apiVersion: "2023-10-16"
"""),
    "npm's token in a build argument": ("HM102 HM101 HM403", ".github/workflows/build.yml", r"""name: build
on:
  push:
    branches: [main]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v5
        with:
          context: .
          push: true
          tags: ghcr.io/oakline/web:${{ github.sha }}
          build-args: |
            NODE_VERSION=20
>            NPM_TOKEN=npm_cbQkbZ0PCHJlwnEyHr1KKdR9VbsH9DHD4tyJ
      - run: helm lint charts/web
"""),
    "a Slack bot token in a hook": ("HM102 HM101", "helmfile.yaml", r"""repositories:
  - name: bitnami
    url: https://charts.bitnami.com/bitnami

releases:
  - name: redis
    namespace: cache
    chart: bitnami/redis
    version: 19.5.2
    values:
      - values/redis.yaml
    hooks:
      - events: ["postsync"]
        showlogs: true
        command: curl
        args:
          - -H
>          - "Authorization: Bearer xoxb-539276556516-1805113731248-LpxiEM9xY4hR9e5aPx5DBDVJ"
          - -d
          - "channel=ops&text=redis-deployed"
          - https://slack.com/api/chat.postMessage
"""),
    "a Grafana service account": ("HM102 HM101", "scripts/import-dashboards.py", r'''#!/usr/bin/env python3
import json
import pathlib
import requests

GRAFANA = "https://grafana.fjordbank.no"
>GRAFANA_TOKEN = "glsa_yhKmxICo6r0AMGEH3vlYdWtQBtWxsmWL_27b3f247"

for path in pathlib.Path("charts/monitoring/dashboards").glob("*.json"):
    body = {"dashboard": json.loads(path.read_text()), "overwrite": True}
    answer = requests.post(
        f"{GRAFANA}/api/dashboards/db",
        json=body,
        headers={"Authorization": f"Bearer {GRAFANA_TOKEN}"},
        timeout=30,
    )
    answer.raise_for_status()
'''),
    "external-dns with DigitalOcean": ("HM102 HM101", "external-dns/values.yaml", r"""provider:
  name: digitalocean
env:
  - name: DO_TOKEN
>    value: dop_v1_faa70be4f26db2ac9e4e88b1db7a54dea30a94ca33a864110cff6d447d7fc1d5
domainFilters:
  - hafenlogistik.de
policy: sync
registry: txt
txtOwnerId: prod-fra1
"""),
    "an encoded token of a Hugging Face model": ("HM102 HM201", "serving/hf-secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: hf-hub
  namespace: serving
type: Opaque
data:
>  HF_TOKEN: aGZfeWFTck1Cb3FQTHFKZHFod2lOUGtMdWVmbXRwcFRYREhPUQ==
"""),
    "a Telegram bot": ("HM102 HM101", "values-alerts.yaml", r"""notifier:
  telegram:
    enabled: true
    chatId: "-1001726354433"
>    botToken: "7155889578:AA0gToNxbza6G0R7JCvJtDGDaNKqTwxsLOc"
  intervalSeconds: 60
"""),
    # ---------------------------------------------------------------- shipped defaults
    "kube-prometheus-stack's default": ("HM103 HM101", "charts/monitoring/values.yaml", r"""grafana:
  enabled: true
  defaultDashboardsTimezone: Europe/Berlin
>  adminPassword: prom-operator
  sidecar:
    dashboards:
      enabled: true
prometheus:
  prometheusSpec:
    retention: 15d
"""),
    "Harbor's default": ("HM103 HM101", "harbor/values.yaml", r"""expose:
  type: ingress
  tls:
    enabled: true
    certSource: secret
    secret:
      secretName: harbor-tls
externalURL: https://harbor.intern
>harborAdminPassword: "Harbor12345"
existingSecretSecretKey: harbor-secret-key
persistence:
  enabled: true
"""),
    "MinIO's default": ("HM103 HM101", "charts/storage/values.yaml", r"""minio:
  enabled: true
  auth:
    rootUser: minioadmin
>    rootPassword: minioadmin
  defaultBuckets: uploads,backups
  persistence:
    size: 20Gi
"""),
    "a chart with postgres as the password": ("HM103 HM101", "charts/shop/values.yaml", r"""postgresql:
  enabled: true
  auth:
    username: postgres
>    postgresPassword: postgres
    database: shop
    existingSecret: ""
  primary:
    persistence:
      enabled: false
"""),
    "RabbitMQ's guest": ("HM103 HM101", "charts/worker/values.yaml", r"""worker:
  concurrency: 4
  queue: default
rabbitmq:
  host: rabbitmq
  port: 5672
  username: guest
>  password: guest
  vhost: /
"""),
    "Airflow's admin": ("HM103 HM101", "airflow/values.yaml", r"""webserver:
  replicas: 1
  defaultUser:
    enabled: true
    role: Admin
    username: admin
    email: admin@localhost
    firstName: admin
    lastName: user
>    password: admin
"""),
    "a default of SQL Server": ("HM103 HM101", "charts/erp/values.yaml", r"""mssql:
  acceptEula: "Y"
  edition: Express
  sa:
>    password: "P@ssw0rd"
erp:
  locale: de_DE
"""),
    "a password of six digits": ("HM103 HM101", "values-test.yaml", r"""redis:
  architecture: standalone
  auth:
    enabled: true
>    password: "123456"
  master:
    persistence:
      enabled: false
"""),
    "default password by a parameter comment": ("HM103 HM101", "bitnami/shop/values.yaml", r"""## @section Authentication
## @param auth.username Name of the first user
## @param auth.password Password of the first user
## @param auth.existingSecret Name of a Secret with the password
auth:
  username: admin
>  password: changeme123
  existingSecret: ""
"""),
    # ---------------------------------------------------------------- beside a Secret, and none nameable
    "a literal that the Secret overrules": ("HM104 HM101", "values.prod.yaml", r"""postgresql:
  auth:
    username: shop
    database: shop
    existingSecret: shop-postgresql
>    password: Eichhorn-77
    secretKeys:
      userPasswordKey: password
"""),
    "Redis with both": ("HM104 HM101", "redis/values.yaml", r"""architecture: replication
auth:
  enabled: true
  sentinel: true
>  password: "tR8wq2Lm"
  existingSecret: redis-auth
  existingSecretPasswordKey: redis-password
replica:
  replicaCount: 3
"""),
    "Grafana's admin with both": ("HM104 HM101", "grafana/values.yaml", r"""adminUser: admin
>adminPassword: strandkorb2
admin:
  existingSecret: grafana-admin
  userKey: admin-user
  passwordKey: admin-password
persistence:
  enabled: true
  size: 5Gi
"""),
    "values that ask for a token only": ("HM105", "charts/notifier/values.yaml", r"""image:
  repository: ghcr.io/oakline/notifier
  tag: ""
telegram:
  chatId: ""
>  botToken: ""
resources: {}
"""),
    "values that ask for a password only": ("HM105", "charts/exporter/values.yaml", r"""replicaCount: 1
image:
  repository: quay.io/prometheuscommunity/postgres-exporter
  tag: v0.15.0
config:
  datasource:
    host: ""
    port: "5432"
    user: postgres
>    password: ""
    database: ""
    sslmode: disable
serviceMonitor:
  enabled: false
"""),
    # ---------------------------------------------------------------- private keys
    "a TLS key in values": ("HM106", "charts/edge/values-prod.yaml", r"""ingress:
  enabled: true
  hosts: [shop.nordwind-energie.de]
  tls:
    crt: |
      -----BEGIN CERTIFICATE-----
      MIIDJzCCAg+gAwIBAgIUNISWI0+EtvshbWY5txSifC2UjYcwDQYJKoZIhvcNAQEL
      BQAwIzEhMB8GA1UEAwwYc2hvcC5ub3Jkd2luZC1lbmVyZ2llLmRlMB4XDTI2MTEy
      NTA3MDI1N1oXDTI3MTEyNTA3MDI1N1owIzEhMB8GA1UEAwwYc2hvcC5ub3Jkd2lu
      ZC1lbmVyZ2llLmRlMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs65a
      reKE6pf4sNoanK7xXs9n6wZZI5T6yDm/FIOlRqOT2YMXeJcoRwTpaXQBu5Q+LDci
      lW/YQ9uAjZ4UkqCnv+y8IFzC58Q5n1dS+smVqXXUx5qgFYCoIbaqToraKdaukrbH
      kRGHAc1FTRCkTLyLjRDCv+JtshqJ2N2lxRQ0pf4rp0zei/yopnsMACfq+p4v5Sqn
      /I4zbEbZ/zPiJOlLpx2hignAdmvBa9/OOjD8a1gznJFYj/lHnQswcqy5WBxGdGQY
      1VtgtJDvI+eAL823AOTUHaV2Fjb/n4ZXvGg7v6250Q+xelxrRZrovbI+yqFviwDc
      zotD4rCLnk21uYLyAQIDAQABo1MwUTAdBgNVHQ4EFgQUJ35ugYCJlKt+fqWO/mPL
      499340UwHwYDVR0jBBgwFoAUJ35ugYCJlKt+fqWO/mPL499340UwDwYDVR0TAQH/
      BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAPxwwNEfOLdeLWJmVPlBvdT7qX7Ym
      rsp6YprIDN4/GmuJaliPSnxkncquTFb2LFYRNuDEV8HsHk4E1KQj55cXa/Mx9yYf
      D3XfPlTACxm85W5CKB1uPjCnan5PgrGqIsUQOh84nj2/jBYTdP7E5K0sVNzuS4Wp
      Ujpb0ziLUP8IN+cb2G73/CoDSRQhKKlTiW61/N0YlvhgQF9JcUshi0/PO1bI5DfJ
      klUSUakVbZvqdtHMApU/b+aes8XiBHWBC/tpxjKZOAvxOpyK1qGaTmRy3RVbSVWW
      i2QtdFEaEx963xNVcesQIyUouZLQdWhq97FIryASeWEVzsE4m2V1InUZPw==
      -----END CERTIFICATE-----
    key: |
>      -----BEGIN RSA PRIVATE KEY-----
      MIIEowIBAAKCAQEAnfH398GYVZoaCrkTaLuDGkbIl6CqDVlTPWXlO/ijOaHEtbXW
      fIXPSwn1i24T0Fe+x0CBf2MaqS6HlqGuxRHmPnobkN7a4R86H/vN+0BQrqZBqQ+V
      GBZyGgcS2eA1P9c730fBN4g8J5CtXiS8Nh4LMa0UUZC+uVIttu0AWLBNPvddicb3
      dIoQ99x4tpMHMW0i2GmWkWD0qQSY2UDxHbimvqhjMaDp1WgwGhZE3hEKdruxDKcl
      SCW55N+0uAr/MjbhDMjhYY0l+WcsXxW/oCBAbuKElUAxCcHpm8gK8lUnp+cKqMom
      9vrckE6NTSJ5mE4PC4c9+rcWgnBSJhL0RAv/DwIDAQABAoIBAATJ6E2/teGqiW2X
      zOnY/ZGXYc+PFHjRI3/yDfAyiqhdqjwkJjuiRvWseKBglwMzFdqurv5wv8cvXPcJ
      MeZRs5xjUWCkERjQPI/pr4YVnhydd9IrYcbYL19wpXaroJGt8efEIiyP2dsNPORk
      0rwFTyuTZtFORSoTPsWUC/WkasMk6qDH/ga0fg4bfvOLlMVts9EEVRmaxzns4sm7
      0YiOPatBXSKnE7a8ADjnnGkYQiTaGRLKp3RNcyWJoifFTn7M06iXehTqGinxFBPS
      hSneXdBeeeNibhZbDnZF830jGffpBMhqxwn0VjfuFqsmZ7k62GVbAFG6CGlCwTWO
      IoYb6eECgYEA00zw4XnzgouP+UJbYpU4olvY/KbJWwT97kgGtr47Sc1WiEyOcTjN
      yk8+tVx+5M7DMPOjLzWWOgmE/ki0iHcTvOLjT6C+REvUoLTQeRmXVXiLmQAw/Mum
      /0lpAdBkZubmRxjIVQCwvffJGF+Kq0Z+PYB1NUpGD/uuqLahx8PGpL8CgYEAv1uM
      amgIesMxbzcUbfta3SgoOlO9PhNTv3zr/UF/6S7FXzVweaqu42vIDzjSBQvJ3u+x
      mjeMm23/6/quKvX5d7mpccBE4vXyp+SvkXV1ww6GCqZpVFnJYnwPs9Sw1gK2NOIi
      GYBa2JpJFW3G2Q9jIMCdm1delX+FLTIzMV2OqbECgYBJTdgDYRtpnqFECBFMEhij
      utl8TSBtwz2U/MfXfgdzgxkSD/0aqmo6VWOb54reNhzhTqS+LAkB+Wt6DB8VeLoQ
      PWY+qbVYXDZXymLIoGgv7rH/UmGsUbqNthoH1xP93vzkjWRymNq4DM5m9j5VTQ9e
      psICytGjmdzuCu31L6YqYQKBgF+i75CWofZI68H7szgscYMqeMB97YzCuA5x7rfK
      LpVqDLbCzI3iIjoDOh9xdHWVKLVE8mxy6tEbrtZPmRBbkuylW+w//a244ifLAXwf
      SlXMQm28MdQ4c4/HFUn5ONAc1tejVQuNvNmYcoJFNSZyrEZIPfzPM7Rf4T1vY2p+
      qbhhAoGBAMrZrn36Bt2TvnonLrnXnvDVjfwmBC+MdS4fpKx1Y+EpT3R8pSlI8qiB
      jLBCWBJ0yg4LyI4YDMQLhcAHxckNlTEKCIESO/0bouRA1OVWR8auEgE0Ej9e5ld8
      cw39QKYzgrcewuHM/a6keEKAvNkHFlxrhY4WHa5txrcwBbkvyRbL
      -----END RSA PRIVATE KEY-----
"""),
    "a key of SSH for git-sync": ("HM106", "airflow/git-sync.yaml", r"""dags:
  gitSync:
    enabled: true
    repo: git@gitlab.com:lumenretail/dags.git
    branch: main
extraSecrets:
  airflow-ssh-secret:
    stringData: |
      gitSshKey: |
>        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
        QyNTUxOQAAACB99V0iz9UbcxZHKp0JUZEkrbKNYSv9gwOPHmrzsdLkNAAAAJBgyfg2YMn4
        NgAAAAtzc2gtZWQyNTUxOQAAACB99V0iz9UbcxZHKp0JUZEkrbKNYSv9gwOPHmrzsdLkNA
        AAAECEGcOKpU3xF4pBuCtShU1S9gzBdRufNWhZU26iPJ1O6331XSLP1RtzFkcqnQlRkSSt
        so1hK/2DA48eavOx0uQ0AAAACGdpdC1zeW5jAQIDBAU=
        -----END OPENSSH PRIVATE KEY-----
"""),
    "a key of EC on one line": ("HM106 HM101", "apps/push/values.yaml", r"""push:
  apple:
    teamId: 9F3K2L7Q1Z
    keyId: AB12CD34EF
    bundleId: io.oakline.app
>    privateKey: "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYKO+hchonGp4d2Gj\nq8N7UmLjUqBWQqsbW7qd0PSxOP+hRANCAAS0A1/QLYf3ZzzZT5PC7xq4kEmmNC3D\nBUsc8C7nfGMLgsYVzjOX9x0rh0b4UqedbPs0YpEmtyiabOAyLc5RRvbK\n-----END PRIVATE KEY-----\n"
  ttl: 3600
"""),
    "a key in a TLS Secret": ("HM106 HM201", "manifests/ingress-tls.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: ingress-tls
  namespace: web
type: kubernetes.io/tls
data:
  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURKekNDQWcrZ0F3SUJBZ0lVS2xVRXpNYjRnclQwRGM0VURFb0Rpa0FaK3M0d0RRWUpLb1pJaHZjTkFRRUwKQlFBd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1WkMxbGJtVnlaMmxsTG1SbE1CNFhEVEkyTVRFeQpOVEEzTURJMU4xb1hEVEkzTVRFeU5UQTNNREkxTjFvd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1ClpDMWxibVZ5WjJsbExtUmxNSUlCSWpBTkJna3Foa2lHOXcwQkFRRUZBQU9DQVE4QU1JSUJDZ0tDQVFFQXFyc0YKTWJjVUQwNUZRZlFFV2NIOHZwZG1EcG5MeEk3Qk1pd2JyNHJYUzlpbURieloxTG9QRFZuR0xSRis5VnJ4bUNEZApxUFJaengzaWZMRnluamtMMmYwdDJTeTdiZnp0Y2pWWmt0aGlqZ0FUR2JjRGlUM2RXVXpKamFQU3JnUm9sYXZjCm9hUGtPSVBkSmVialVKQ3J1MzdPU2Q5aTROcWZSaGM3b0tMQTgzMHhha3c5UEhKMXpubmJIL2JkazRvQTVZa28KekhmWW5JbE9zUXRLYVl6NFhsUzloN0R4TXI2YUFKMFJic2FVU0FrZkZIZ2hwekE2d1cvSEcydUhCZG93b3RnbgpxZzY1YXZqYm5hcGxKbzduZmVKWWpXeVVlZExqWWowUlZOSDZXMm5nRDhnTTc4aTgvSDF5WW95VkFscG5KZ2JQCkpRdGNZdWs3RDVGVVA3SWt2d0lEQVFBQm8xTXdVVEFkQmdOVkhRNEVGZ1FVVWZLL2pQMXBzN2pjb08zUkQweHQKMXFjN2lnMHdId1lEVlIwakJCZ3dGb0FVVWZLL2pQMXBzN2pjb08zUkQweHQxcWM3aWcwd0R3WURWUjBUQVFILwpCQVV3QXdFQi96QU5CZ2txaGtpRzl3MEJBUXNGQUFPQ0FRRUFDQU1vMzJvWTFhd1AzUGVRLy9FWmE3amFiVFJSCnFXZmNMQWhHVkJLRzFUV1ZSWXJGOEVyTWhmUGlvVUN2VkJjNHgwbnJkU0xuVzc4NERLVm9LcmpDbEVBMGttUGoKd29wa0RBZnVPeDRRNkIwTWJiMlljZ0lzaHl4elNneVhIT3NURVdjcmJUdkpQV0VCZlFMWTVubWxHN1RjMXhYaApuRjgyd2tkeEgvZDFzclFWU0RyTG9tRGFUWm5CUEdveHJrTVF6NCs4VHNjaWxZOUIycG5ldCtFaGVuU2lFSE5XCm9xeHY4VW5va1g0Ylo3dmxsTWJmZzA3Nk9seFgwbUNoVXdzamVkdks1Um5aTmZCZTNZQ2N0dkx4ZUtZVklnWmsKMW54WmEyWjZlUCsxZGNjb2l4NzdnYzBpN1FkVjlVR3RrUTk3ZUdQQWVNbWJUdVhTNEJ1emdKRnNIZz09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K
>  tls.key: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVBNDFSTmRFY013cG1FSEtDNXNLZW5lOEJYY0g1TTRFM0I3TklrOEppVUVXQlAyMGVsCjNNQlhtWVViQllPaytXbkRucUZTRVoxZjMrNFpnOWRzSEkvcGQwODl1TTlLMkhUcCt5R0Vpc0FBQmh2MU55YnoKcU5zcTlhSEFrWjJSNE0rZ0ZNdWgyZElLakxPQkVjamthNGpYTFllS1dGbi9iZVEwU1dpQ1Z1YkNIWEdwb2x3ZwppQ1ErU1ZqTEphMnZWbHNCQXYvSjNtK09JeUhBWERETzFqMzUramM2bzM4T09lL3VpNnYyYXliWHF2YnJObFdSCml2b1hETVBwbWcyOTFaY0xMMDF4WWtxM2cxMzl4bVRDN0t0OVA2emo1RzJhQnA0RDNvblpqdEFGczB2KzhJeFcKTWNwRE0rNXhTOFdZT0kxektFTEJnbWRlNWNQcDZ4enRaU0NQdHdJREFRQUJBb0lCQUJYdFF0SVZSWVZQUHpLaQpmMG5lZWZJNGZrblB3MFMxWG9adzVKQS9MQnRud2E5T3pQYXEyeWcwdndOaXBjRks1Zjhuc04yekZtSUJ1bU5OCm5sUThKT3c4Q1loVi93d0liVVpkNVN3MVVwR3FydUtlUTRDRkYweGp5UDFWMVN1VFN6cWYzUzRtcXpVNmQ1ZXcKMjhIU1dRWWw2bVRoMVdVU3pzY1dRdEFvQWFqK05NcE9NMWtOK3E3OTZVYkFYRUFHcVNNd1FWM0RLQWJWS09iNQpCKzFSWVNvWFZRVjQzYjdMOGkweFJjeUtKYUR0WHNnMzdEOHlCaE5rUlN0MkF5TVcvNndMci9GOWUweXhiL1ZpCktGVmdVbkVUYjgwMUI1ZDQvdnhscE1JTXcyQlBaaUZQYllPdkRzSUxiVXdtUkg1WWhwSWhWVzBQTlNYSkxyWmwKNWdiMHllRUNnWUVBODh5bjhuVURiV0w2UzYxQldQVzkyWTlKeGZTakFma2w0V2JUOG84UWt6VHF4UWhNTGk1UQpVbThkSUhjTXFVT0pxRnZqYi83WDNXdjl3cHczZk5GSzBOR3NYdXBTbnNTWThSUHJaTWpqL2FhZXZTaGxWcnZRCmJIRE5VT3JNeC92Z05OQnByQWNOUXdBMkN4YlZHa0ZUSkFkbVpFL2g0Y20wTjlZVVNsdU13S0VDZ1lFQTdyU2wKUzNoUXZXT2RDMWtUaFd5cWFCS1o1Q21CYUhEdjJZYSt3cVVXZ0NQTC9idGtIcnJPVjI3NU16WTV2UlJhY2dXVApkRWFsL3A4dlJUNEc2SWxqa1l0Q2lzc0xzOENYTkNwcGpYWFdrQjM1Z1o5VWdCbVA0L1EyZ2VmM3Ftc1NPUGpqCitBRHQ1WGtublBjUVhzNVlJWkx1YTNvclRLUlIxVDVKNGRYZmVWY0NnWUJPYVNZaTdzdDVaUG9IV09QSmpzL08KcHkwZEE3OWhwUll2MW5pWWJMYnlBWFQ0aGVDcWdhN0h0SUR6cmhaZVlpQm1DNWVzcjVRUjNPZXlyYmVTNTJWZQpuL0VHWGVyUXNYNVhHd2I4VlRndW5tWXpoRWlEaXNoUCtEK3dwTFBVSmdoSU5EZW9ZbVE3aGxmYlhTNlEwUzNDClNyYjkwRXRmNlJXVFY4RVM0VHIxd1FLQmdRQ3FXNW9zUm0yNC9FSzBPcHBIK3NtVEJOTjNsbmVZeGlFbktaY3kKNndjbjVHUk5iVk9DNnVjZ1Z6N2FZYlRMVUo5TUNOYTNnVVF1ZUFVUWNiZ1VkUmp1WW1qWERSb0k2MFgrSU5hNwo4b0Z5MFRHa1pNVzF0b2lPczFmRFZuM1d6aHR2TlpIZENTeS9QTHdjdGVhbEFyYTdIMVd3dHJ2NE1yMkVaclByCnpPdDBlUUtCZ1FDaXZ3MFZBYWFGQit6UllZN25qVVBnR2cxRkE2R0ZvNlcvUHkzZUpYYmZYYTVmcW8vT0hFRlMKL1NnelV1aDBLaHAvcEZsYnRIY1FodEd6ZlMxUHRRbUUrMCt0Uy9IcG8vYUZ6dVdYQTFDSHM0UWpYM0I2WWxWawp4RjNBVFAzckVuZytCQVRDVDhsamQ2SFhVRithSitXSGMyeEYwemlqVTZoaHhwb0lrZWhJZlE9PQotLS0tLUVORCBSU0EgUFJJVkFURSBLRVktLS0tLQo=
"""),
    "a service account of Google": ("HM106 HM101 HM102 HM402", "external-dns/gcp-credentials.json", r"""{
  "type": "service_account",
  "project_id": "oakline-prod",
  "private_key_id": "829a597dada12bf32808c80fea6a4360d3cdfd60",
>  "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC/eyQnkXA7R8vc\n32NV3HWQfUNJgWci0BMQeV3oLyDH6k9hmPNv/XP/eGZnK620ymuSRl7Z2KGPKulx\nKQyvJw83Ya/6B+Vt0Av2xMJ1nK6ImzEcYegdWEOG1wsxIYCba5kZyfXKeur33gqk\nzJBKg0oaEPg1TVZZ6eyJpDINOR0G+JImfuYj1iGFZ4CRvDhR7l1Dx0lvolBZBoLE\n+3OPaZTud/67cW6e2w2O+LEkDJqUHYzFaV1beFAGVOHh+jvn5Q8yWID0TzTdNelH\nIQOqwhM2lFV84B9z9oZLVBaGiO+th7NEQ0VOrNt0I7SvMg7N4NkhBb4aWb8Ep3m+\ni1oeHvEJAgMBAAECggEAJyUvkP9EqHnXDYKFtknppu5U0TQpN46+NwH41ry7wOL/\n833nVp/EFRgyJylgy7MOJstIHNUSwkgNjVrNAwnDLJlF9qGin76Gk55J+u1bKQZB\nFgJWB5nBxFE2Mocc2ak3lXQaUZirbJzyJBrF7NXGUmnhtFPpMVyHRORSby2b546S\nNEkwbco4QypwfUP6mFlmVdVfOiQcRdRmaAp4A79XizEU3J4Ze7eEcsai6ZFcsS5B\nW1nRZcHj5aca9B6WCvAItfsLxm5sv+R+sUGcznYKwFUSPbahFcz+EqlcK2VCkJ8Y\nC9LneChuWCXrR0CeEPJ+OLb38ELpMu4HUknTAXVruQKBgQD++y74MQb+T5czlwxH\n6CrgaJebeHyOgvzYnMVdNPuAIGZBwTG52G3DDSvBM10FPAc0C1FiQcZ8TAkqIo/d\nhon86PbAQxio3lPrqZVhyiVbAVNmgIjCoSFkCEO114tFKIsLsiNpgtu/jWYc9I/8\nYd7OnetW9bDGv4PMmIeswIzcjwKBgQDAPwEeAPlwrt1DFliBsvHeAzPc5v7O+6qV\nBBTqeoronl2OGAm0+D1d4FKoBCuL+JvlhGr4A1pIrF3R5r9HTsguVf9RADLunyGb\nXsqIT3TqOU7LZJMAG0k7fYFJPlhP4GclZOX6FIDFrZEB1CmYGufhQWOvprAz41MY\nkFgHy4tU5wKBgEyWXAxWhZg7hdoMI7cxiDdxkyAyt48CzzmtFSci8+wPT0eu5OXC\nmW199keIywb4ed1rDN3rjdfl6tbKHNZYQ/hAbWVggfavGRvvCxydYE0Of+OI9gsn\n5OSsCtKC1KVIQUOZFUPq92B481P9LYaMSyVaj8bF83wvKEJ7Cj2cdHMHAoGBALG7\nTeAcTIAl2f+E8CxwcHWthkwq7tYTC0CbNm8U/clTZ/DPPmIlwi5BDomw2UWdgRtv\nEanbB6P6Xv6IkrxtFFrqPJH5Wh0L13kZ6Kqests8QiF+CP1nPIwYWueJEQI/13xV\nzNwoCmk3LsF/ETlDXq780hl5RJukBZXHFOuX/WdvAoGAPe9j19G/dr/loESa+v1/\nmSOX9Kwc7sKCJJZTN6EgI6rkjeRlW5HizSmVpGlQkzx2mOUKhD+pUKwoBLagqlAC\nRsKVDyQZm1fej362ysIaMy3qF0RupfzEolM1fQE8R+t5pqG7950ZVTvx5mIWFDiM\ncmg4ExbQA7/Spk9xeqYA4ag=\n-----END PRIVATE KEY-----\n",
  "client_email": "external-dns@oakline-prod.iam.gserviceaccount.com",
  "client_id": "10392847561029384756",
  "auth_uri": "https://accounts.google.com/o/oauth2/auth",
  "token_uri": "https://oauth2.googleapis.com/token"
}
"""),
    "a GitHub App's key in Argo CD's values": ("HM106", "argocd/values.yaml", r"""configs:
  params:
    server.insecure: true
  credentialTemplates:
    github-app:
      url: https://github.com/lumenretail
      githubAppID: "348812"
      githubAppInstallationID: "40192277"
      githubAppPrivateKey: |
>        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEA1s0eC+ZgUjYMqHnE4l2t3TUNUynlPg1wlIXV9Ip3RJs8/DW2
        rv3XL5v4f40sCStwViCJGcPqU/C0i4a/kvd359LalwbEV6WwPuqapXSOU+X+N01d
        DZ8HItrisweQXEQfkuveqlamUqYV+XgXpA3QA9HO+9LwAYOIxwdaRhlC1ia3OqZn
        aS9v/DnafnqyCDiWq/muVYJnEAeaTfDmc3faajv+AK0x42r7NjC9QhpopEJ8uKH0
        sJ1xRv9WFS9GHJ30ooLEV8mbJvjo+pqQteTw3BE2pYIsAL+JRu4HyS8OPNQl0O3n
        d682zxmuZ5uZK7PdThuMHRVSIFl9X2D0exapNwIDAQABAoIBABRJU/ygudkZ1LE2
        quMMIOcC4yrHCqkFIOxOBYpuZ1w54xUYx5OYUrHi46G8Rfvpt9bShNBDogZiddK1
        m7M4HwFsdwuLbpCui8otYwScUPLYhl1Xt6GZMtXWYVGyNa6ZGnhIQYPJ4jRtDic8
        8dKjIVGzB37eCZ/C+fB+H8b+DMNnwVHi5rzDz+ZbkZ0S6waX5P90YgQfx5iPiTze
        FG17+rJqUrwdpDuoB5bAsctrCuXcF2VoSBUSLS1s0KMXWLy/svWVu6hBYoVeOK8/
        LBeudvUdJ3aV411UUL/WPWQqz65IUSlYDZQDuMq1MI0lV4Fa+K8L/PgRrZtIJRyq
        6+DwvykCgYEA9KXqn/BrGoCkfwH84DaEaGVvY95iunbF27Xk6hmFucLqV/LfU+dd
        D7e8ibDE3OAdyDMZTO1aon+ex1JT8jbmvzeXnKp1xh2bWfmJl6TzIBlJtLjEEMez
        LunqRUUJyvOSYCN7JzsoBQFcC1ViuDmSMhgLIFE9QziBw0liDar1+j8CgYEA4MSp
        OVR4nfBoNrYFvw/PSekXZJrTf/+DziuLod91/2IvKydz5NaM4taE421mE7jFDHl4
        TDe4l38ZqdXczZikq60GcVxswtPbFcyGHLRGOeqVhTP4p2ztaYP/Tdz1ZP2xDfgD
        GhGAO7uqxBVkAuUAJQRHovKs3uiY8j2I61O14wkCgYAcH86/IDZPz6YZa7MUW3AR
        SEfr5S7YXLsWLOzp9JEo771c6vC9hoVuPyMPeSDIe4Mw9p7b9xVKRP2N0GsSFzmj
        ldJ6EiaD5fdr+oHUywOgFwggHHV9sFdq9z0VRYCAskuLfci0k9pf6O4Z53D32LZz
        x8vPpUczqRVRy+fXxmWMpQKBgQCKpmWpGsVo0ALJNRFoYa1B74phoewzuf+pb00s
        JndYeU2VdjnUgNDZoPDKhhKAueq7njap9Xll4p6HGIijPrTdvdcKmLPyntM3qDlW
        fZIQafef+oY5aUUuYKFde57YlHHipwnqy77pmgNl/7f43SBwtSonh0FCJAMs8u6C
        E9pQWQKBgAHLAHgPyRmoMkIHARqp/0p/PzJfJSb3TEeXFGTD1hrswkOXOODkdoYk
        1N+179kqQlUzWNgqbBJLDBrXlhC7Q+igfgZt5rkU4wowgn6Ar2Vo+CQi0EtJq2Uy
        xrrAAhp1RLG71AjekgHLapz6HjUEwFFjQBP8OFF6niMAv8UNjw9D
        -----END RSA PRIVATE KEY-----
server:
  ingress:
    enabled: true
"""),
    "a key file in a chart": ("HM106 HM402", "charts/gateway/files/server.key", r""">-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCXhEEusxMGoNRE
Ki2n7PfRlbcohNsOZ/WK7UlBmAQwPMqZjafwPW+/uZtPPLoAjBy+WWG36OzWUSTV
QZfR1Bhev2AeLvBlHDGDVAp3YVx/2zEY1Sgr3T9bkYE4IW+fGkzjgvG13N7RnJSd
v0s/OxEYnc62uqFUtqsCgYPHprEmCoFKd5pw7HlEys4PhBODctN3kAHEce58GbmW
x5ixAMBj81ZpNKbmRgFDF1rimxMmzOHn7m+/NfNgYSWOeps3wxpoVMdvNC2RC6vF
6USgijhhn57kq5QVGiO8xlu2GZ6sZMShZs2V9xOcfKd2DliTcAz9PALZCa5VWYZi
GkI9MoEZAgMBAAECggEABL7HHdPM6j26OCJMCMDSqBU0xceXZrWZyo6Q50WACBS3
UaTOmCcMa2hANXSU7LR2p/17ontgg3vKGAW0YAVw9/Kta3ST4c7GvDKzGzcI4xY1
zO3MEseclt0RO3VMniKAOvXcZRI0RkNNoj0d+a57ZBZ5JV7l85W++FafDm8piCPq
vnmTCcwYUrLX37WZHrhDOjcZ68AqfvNurpyxzooHQbaaCBwRkyG+KibJnkdPUjR6
NNfqLxNJWtFOkbvW0rQpn9mM3+Hdy4dkn9iCfZO/2aMVVq8fMp9XmMRCU2NEFEBQ
677bVtYzN6PtsTk1YmqCsg4woEecTfcN9X4376P5owKBgQDKR1JvxJdqZoy8iOlG
Qt98qZqyQG0t7MqixSR0ysK7991Nn0WckyPInJOsSpHH9O8ZvyzvFWf2UdHnfFaZ
2CWL0SkivulJz/k65BTLcPJc655VLfSokQZA+7BXe3Fr9AqpPK4k2A81Kn07AbN/
7saqfXQZzCdz8Eq6UzNAUfoYGwKBgQC/wa/MRYqc5PT4Uxir6ShEuNasZIOxRCum
f2VZQMBhn+1nzbmybijbblTQUvJ02fWtjXT61WZpjjJF/GMsBkBIjisdzlJJ6vTc
nZaRP0dbEdu/m9dNFWDgbujarVTCts5Ugp70fRsP60aJzvsLFE3yXL9IGGQumUXv
eXVkGIHG2wKBgHhwyyb9mWKjOP0xUCSjwMpLem7Uaa3EpksQs0pPSG//f+euBBbc
jZvvjwYxSGgU8SEVcb3Rsxs5UJBSuoXT61c67RFhNyraCH4GPFN+JvEo4he5y0lr
QJwEwNT2DWzH3Gk0VkRd2YBAklxGAQkVtXjiRfTuWDdyRix3SbbsmMstAoGAfMU3
cS/yoGHt78KJ9Bny5LxsmqGQewCDcoPEW03hn+Qi4n8fDDXXiegBccf3EQddbz7y
1d+TEq2+koFFujibDVrMPUmpi4VBLGext/K3qE83cDaj4fk+HuqrwtYzp7qxCJYx
fZ4FxNbu/+5YtP3SNhgZMn0EermqosaiFq5Hiy8CgYEAmoo6mjyu/xBoceP+4D5H
RigqTMTmKO2+GlOKIGEYNDb+5ljhjuYSCFpqHpbGKdE+btHQelizavG+TXMxsozy
ep0PilLMTBh2I+9c4kHVXlJN4IMtLNI+gqxKwdrbp+aYpOFYRGFvfUAObjbb5f5s
0XADU6pP2A1dv+aKDzqvrsg=
-----END PRIVATE KEY-----
"""),
    # ---------------------------------------------------------------- URLs
    "a URL of Postgres": ("HM107", "values/api.yaml", r"""api:
  env:
    PORT: "3000"
>    DATABASE_URL: "postgresql://api:Rosmarin88@pg-prod-rw.db.svc:5432/api?sslmode=require"
    PUBLIC_URL: https://api.oakline.io
    HEALTH_PATH: /healthz
"""),
    "Redis without a user": ("HM107", "charts/queue/values.yaml", r"""celery:
>  brokerUrl: redis://:Lok.Fuehrer.3@redis-master:6379/0
  resultBackend: rpc://
  concurrency: 8
flower:
  enabled: false
"""),
    "MongoDB with several hosts": ("HM107", "deploy/values-prod.yaml", r"""config:
  mongo:
>    uri: mongodb://catalog:h7Gd92kQ@mongo-0.mongo:27017,mongo-1.mongo:27017,mongo-2.mongo:27017/catalog?replicaSet=rs0&authSource=admin
    poolSize: 20
  cache:
    ttl: 300
"""),
    "MongoDB Atlas": ("HM107", "environments/live.yaml", r"""backend:
  replicas: 3
  secretsProvider: none
>  mongoUrl: mongodb+srv://svc_backend:Fq0z8HsYw3@cluster0.k8abx.mongodb.net/backend?retryWrites=true
"""),
    "an AMQP address in a rendered Deployment": ("HM107 HM202", "rendered/prod/worker.yaml", r"""---
# Source: worker/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  labels:
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 2
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
        - name: worker
          image: registry.internal/worker:3.1.0
          env:
            - name: BROKER
>              value: amqps://worker:Hummel_1903@rabbitmq.mq.svc:5671/prod
            - name: PREFETCH
              value: "10"
"""),
    "a Go DSN of MySQL": ("HM107 HM101", "charts/ledger/values-prod.yaml", r"""ledger:
  port: 9090
  db:
    driver: mysql
>    dsn: "ledger:Kassenbuch-12@tcp(mysql-primary:3306)/ledger?parseTime=true"
    maxOpenConns: 20
"""),
    "a connection string of SQL Server": ("HM107 HM101", "k8s/helm/values.Production.yaml", r"""aspnet:
  environment: Production
  connectionStrings:
>    Default: "Server=tcp:sql-prod.database.windows.net,1433;Initial Catalog=orders;User ID=orders_app;Password=Tulpe#2210;Encrypt=True;"
  logging:
    level: Warning
"""),
    "Azure storage": ("HM107 HM101 HM102", "thanos/objstore-values.yaml", r"""blob:
  container: invoices
>  connectionString: "DefaultEndpointsProtocol=https;AccountName=oaklinestore;AccountKey=ZvTMyJ8a+oQYbhM85A/bveH1VrsDp9dICSgwihPW+Y9XF31ag80SMOD51VS01nCkrJWZwcmLVUErSNAECffWKQ==;EndpointSuffix=core.windows.net"
  retries: 3
"""),
    "JDBC with a parameter": ("HM107 HM101", "sonarqube/values.yaml", r"""jdbcOverwrite:
  enable: true
>  jdbcUrl: "jdbc:postgresql://pg.internal:5432/sonar?user=sonar&password=Qualitaet1"
  jdbcUsername: sonar
monitoringPasscodeSecretName: sonarqube-monitoring
monitoringPasscodeSecretKey: passcode
"""),
    "an address of a proxy": ("HM107", "charts/crawler/values.yaml", r"""proxy:
>  httpsProxy: http://crawler:9Kd0_pw@proxy.intern:3128
  noProxy: .svc,.cluster.local,10.0.0.0/8
schedule: "*/15 * * * *"
"""),
    # ---------------------------------------------------------------- registries
    "image credentials of an own chart": ("HM108 HM101", "charts/portal/values.yaml", r"""imageCredentials:
  registry: registry.hafenlogistik.de
  username: k8s-pull
>  password: Kranfuehrer07
  email: ops@hafenlogistik.de
image:
  repository: registry.hafenlogistik.de/portal
  tag: 5.0.1
"""),
    "a pull secret committed": ("HM108 HM201", "base/regcred.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: regcred
type: kubernetes.io/dockerconfigjson
data:
>  .dockerconfigjson: eyJhdXRocyI6eyJyZWdpc3RyeS5naXRsYWIuY29tIjp7InVzZXJuYW1lIjoiazhzLXB1bGwiLCJwYXNzd29yZCI6IlZpZXJqYWhyZXN6ZWl0ZW4zIiwiYXV0aCI6ImF6aHpMWEIxYkd3NlZtbGxjbXBoYUhKbGMzcGxhWFJsYmpNPSJ9fX0=
"""),
    "a docker configuration in values": ("HM108", "runner/values.yaml", r"""runner:
  dockerConfig: |
    {
      "auths": {
        "https://index.docker.io/v1/": {
>          "auth": "b2FrbGluZWJvdDpBcGZlbHN0cnVkZWwtOTE="
        }
      }
    }
  privileged: false
"""),
    "a list of registries": ("HM108 HM101", "k3s/registries.yaml", r"""mirrors:
  docker.io:
    endpoint:
      - https://mirror.fjordbank.no
configs:
  mirror.fjordbank.no:
    auth:
      username: mirror
>      password: 2nPolarlys
    tls:
      ca_file: /etc/ssl/certs/fjordbank-ca.pem
"""),
    "a docker password of a dev script": ("HM108 HM403 HM101", "hack/create-pull-secret.sh", r"""#!/bin/sh
set -e
kubectl create secret docker-registry regcred \
  --namespace shop \
  --docker-server=registry.hafenlogistik.de \
  --docker-username=k8s-pull \
>  --docker-password=Schlepper.22
kubectl patch serviceaccount default -n shop -p '{"imagePullSecrets":[{"name":"regcred"}]}'
"""),
    "a Docker Hub token": ("HM108 HM101 HM102", "global-values.yaml", r"""global:
  imageRegistry: docker.io
  registryCredentials:
    username: oaklinebot
>    password: dckr_pat_bNqZtdFJA078PKrlgQEDlbgZF8f
  storageClass: gp3
"""),
    # ---------------------------------------------------------------- comments
    "an old password in a comment": ("HM109", "charts/api/values.yaml", r"""database:
  host: pg
  existingSecret: api-db
>  # password: Rg7xK2pLq9Zt
  port: 5432
"""),
    "an old token above": ("HM109 HM102", "helmfile.d/10-ci.yaml", r"""releases:
  - name: runner
    chart: gitlab/gitlab-runner
    version: 0.64.0
    values:
      - gitlabUrl: https://gitlab.com
>        # runnerToken: glrt-yPl5O5Pc7OfIEkg5Tla7
        runners:
          secret: gitlab-runner-token
"""),
    "a commented variable": ("HM109", "deploy/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailer
spec:
  selector:
    matchLabels: {app: mailer}
  template:
    metadata:
      labels: {app: mailer}
    spec:
      containers:
        - name: mailer
          image: registry.internal/mailer:1.0.3
          env:
            - name: SMTP_HOST
              value: mail.internal
>            # SMTP_PASSWORD=tV93hXq0Lm2w
            - name: SMTP_PASSWORD
              valueFrom: {secretKeyRef: {name: mailer, key: smtp}}
"""),
    # ---------------------------------------------------------------- SOPS
    "SOPS left out a key": ("HM110", "secrets/prod.yaml", r"""database:
    host: pg-prod
    password: ENC[AES256_GCM,data:SY7gz5MuO4wZQL5m,iv:3xWJQu+y1GJsvYB22OKDlF8O1viR/P2rKkdqvsZ0ZKM=,tag:yP/Vp4hLZsFaFt9lxMoW8w==,type:str]
smtp:
    user: mailer
>    passphrase: Fuchs-im-Bau-6
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age1ce3kj6enjs6wjjyn4jdlljzk96css6m0nl4fk6ktlc2l0g9j630g3scga8
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            DoYrnjCGQJAsuvK2lDXSe32tv5Z5pDHiqZ/kKJSAjk3Pv8uFYAB7TW/z2bv88PgQ
            EqmNz1i6l4M4HCEn4y2D/C7fGafgrlWn4PcoFqXs4fPwQRj8ZiyVMfIO3nn6Apdr
            N0AdAE6MRS/TB8oDulvAM4QQv4OM84rIeEWaDVKqFGX+oRnUm3bvrWkpQ8g7jBqq
            Vib3gmsk
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-13T09:12:44Z"
    mac: ENC[AES256_GCM,data:xd0/GycVom1rnEZFwGhJidfsa1drPWn8YCO8kWyY0GP+nHujwnq2IlcfBooGGc9WYE9yRHc4ql7jAP2qmi+GZreJsFsBfUJOhW/WuC7/RSuVTNgdsuSsvA==,iv:BeBrFRWzbCB7yw4XMmRBsRZ8sHK29dPhjBf/viwgniY=,tag:3rTm53VE4A20DpMGqzAxDQ==,type:str]
    pgp: []
    encrypted_regex: ^(password|token)$
    version: 3.8.1
"""),
    "SOPS left out a client secret": ("HM110", "helm/secrets.staging.yaml", r"""oauth:
    clientId: shop-staging
>    clientSecret: 9bTzX4LqKe0RwVnY
    cookieSecret: ENC[AES256_GCM,data:PPz4TAroQgPxoj2DwZY2LnTRNfB6aA/3zxrwcB81ipU=,iv:te9pnjnuyg7Lcyt6EPAvBwns2JmarT3oX8SbeJhgg3I=,tag:LtraHos/uGjCEzzBktrR/Q==,type:str]
redis:
    auth:
        password: ENC[AES256_GCM,data:PbUgNOYNR9Ja3J+Kb+mk1PLq5HM=,iv:C2i0tUtI32JfynK/XmOS7KmejgJrUwrEgLDel2fOkhQ=,tag:ZgMSGA+1N1VOpaaF/KbXug==,type:str]
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age1l9eu7a8qcrmyjyvgqc27mz0mfxggwuh50jkrrm9s0walt08j88nxurgwmd
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            KQYKEW4ie5bNH48BpxbWMB/Mz1uPPx7GjzrW3zIoahSOTZTk9ykJKeOZpLsYM6IA
            Tikpli0gfs3UBrUaU0g4dWJd+9Ezznm04utndd4a9DemQtIkJ8XgLjToPN0LGtAn
            THTPDRlB8YdzyZossSLaSWDMoLQ/Af9EJmEFkCmCKTubX4LZs5ypWYZDsp+iFZJw
            lYFPY0hK
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-13T09:12:44Z"
    mac: ENC[AES256_GCM,data:C+9aKOtCoaHWSIr3ECkzd4bNoi2SeotAPeB7Tkbg5U2c0JrVPVsvd7VZe/IQ02mmviil/nMLVjDz9w2gsADH1CUNmJyHWUXf2hqGomHxl71XF5gFVFTZsA==,iv:suFLhhpZBoOjTuRCFsqeIBM5SY8FgDPJV5Faz3KHS5I=,tag:+d9jNBQU8tctKZTIz6KYcg==,type:str]
    pgp: []
    encrypted_regex: (?i)(password|cookieSecret)$
    version: 3.8.1
"""),
    "a Secret of SOPS with stringData left": ("HM110 HM201", "flux/apps/shop/secret.sops.yaml", r"""apiVersion: v1
kind: Secret
metadata:
    name: shop
    namespace: shop
data:
    token: ENC[AES256_GCM,data:6RbDLel86KhGuInrdJNl1zRkQqcdRGXpHGpP+j2GkbwvTs8WPdVjMw==,iv:AAoqk74Te7AOPDN94QJR42pUZLYu3cVvqZXefKJEw94=,tag:Lyp7VuWhPJz6RLOsX7CzhQ==,type:str]
stringData:
>    DB_PASSWORD: steinpilz-17
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age1h337sekwjryazjfwnxqjetxgvy55427mkry59cxhhcy8x8j7c8ca20u4xz
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            1XmWo4WNM5qtye2HtKSzGPY0angRExnRJnQhX17532QKgB7F1AWSnrvl6m/KsR72
            dA2GcYa8t2pOIFEyHGFTMr3vT6htLIY2ChqSJlS7T5AxObcpAlIW7W+vkAxnKri1
            bDT+zFRsj5gHmeOBZRHiFwrUk+lgmZ6Zul/4icj/cmkgHwS10B70kTLqVoP6FZRe
            DHAEgFHU
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-13T09:12:44Z"
    mac: ENC[AES256_GCM,data:izepVRTLneRP+DTwPCspYfM/Kt/cJ+rEB1/bdWQB+Y0pWrKl2SZBNGL8XHARfsZbnFVH6yqnGnZWXJp4kMmDDAxi2sf7qr1Xpus1C4klPvOtL+OHEJrayA==,iv:Iv+OmdO7+ER0RgZy18ZxEswAoouQ9/Zar0A2N/4oWxw=,tag:G3gV1a7TOa1bsDsBmQcn1w==,type:str]
    pgp: []
    encrypted_regex: ^(data)$
    version: 3.8.1
"""),
    "a dotenv of SOPS": ("HM110 HM402 HM101", "deploy/prod.env", r"""APP_ENV=production
DB_PASSWORD=ENC[AES256_GCM,data:/KMvHzN6/hQy5brtpMrgMg==,iv:Wtn5XhlivZUJOpYUZ4ScutpaBEm1GVWb1ca+IqDlT9g=,tag:jTksuIcKGvIUiqzv7d9Zvg==,type:str]
>MAIL_PASSWORD=Postkutsche44
sops_version=3.8.1
sops_mac=ENC[AES256_GCM,data:KlHpTr/hChMWglVuX65je5Og68o+Vmbnm3ZlGwzKKJW+d6CCKoKbFkFh6hpKFWv06xRkxceXoSWIdLbF6f1HZMb4rtyadnlCtbR4RpCMnhEq3dAtM8EjIw==,iv:RPT+HpasdL68Un1srvOTklAXJqnjr7352Vzl8NjivnI=,tag:FGDiDYDvOcQKTqIlx2t3eg==,type:str]
sops_lastmodified=2024-05-13T09:12:44Z
sops_encrypted_regex=^DB_
sops_age__list_0__map_recipient=age15dkeze9v2apd4hqcda8tmwg9nl5cpry4c56zs80wnja4rlxwg8uw36jjxy
"""),
    # ---------------------------------------------------------------- Secrets
    "a Secret beside the chart": ("HM201", "k8s/db-secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: shop-db
  namespace: shop
  labels:
    app: shop
type: Opaque
stringData:
  username: shop
>  password: Walnuss_2020
  host: pg-prod.internal
  port: "5432"
"""),
    "a Secret in base64": ("HM201", "manifests/base/secret.yml", r"""apiVersion: v1
data:
  DB_USER: aW52ZW50b3J5
>  DB_PASSWORD: U3R1cm12b2dlbC01
>  JWT_SECRET: cTdacjB0WHdMazkzYlZuTQ==
kind: Secret
metadata:
  name: inventory
  namespace: prod
type: Opaque
"""),
    "basic auth of Kubernetes": ("HM201 HM101", "clusters/home/traefik-auth.yaml", r"""---
apiVersion: v1
kind: Secret
metadata:
  name: dashboard-auth
  namespace: traefik
type: kubernetes.io/basic-auth
stringData:
  username: operator
>  password: Gartenzwerg9
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata:
  name: dashboard-auth
  namespace: traefik
spec:
  basicAuth:
    secret: dashboard-auth
"""),
    "a default password in a rendered Secret": ("HM201 HM103", "rendered/all.yaml", r"""---
# Source: shop/charts/postgresql/templates/secrets.yaml
apiVersion: v1
kind: Secret
metadata:
  name: shop-postgresql
  namespace: default
  labels:
    app.kubernetes.io/instance: shop
    app.kubernetes.io/managed-by: Helm
    helm.sh/chart: postgresql-15.5.1
type: Opaque
data:
>  postgres-password: cG9zdGdyZXM=
---
# Source: shop/charts/postgresql/templates/primary/svc.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop-postgresql
spec:
  ports:
    - name: tcp-postgresql
      port: 5432
"""),
    "a Secret of Argo CD's cluster": ("HM201 HM101 HM102", "argocd/clusters/prod.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: cluster-prod
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
type: Opaque
stringData:
  name: prod
  server: https://10.20.0.10:6443
>  config: '{"bearerToken":"eyJhbGciOiJSUzI1NiIsImtpZCI6Ik5WYXN4R1BTeHhGTFI4Q2tPNDBWU3FxVFZKVDVPVjdlWnB2aHZMSnlPanMifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwia3ViZXJuZXRlcy5pby9zZXJ2aWNlYWNjb3VudC9uYW1lc3BhY2UiOiJrdWJlLXN5c3RlbSIsImt1YmVybmV0ZXMuaW8vc2VydmljZWFjY291bnQvc2VydmljZS1hY2NvdW50Lm5hbWUiOiJhcmdvY2QtbWFuYWdlciIsInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDprdWJlLXN5c3RlbTphcmdvY2QtbWFuYWdlciJ9.1RhwJr-6cygDkVa0KF6VV9LcfiFBeIMRQwoiKaN91b9rutAWPc6INoaaSFrRWYAVXSMl3p9Piq9VX7VTzJNlvraQ1TyHRmqf-uP4qt3iWfrOh91rlbKrGfOZSm1JUU85sRgzabOh1GdQ2sSToi--ooD2x4RP-mLb7BUmDR8gjVrGkcT0-ho5VuOEoGuzsRsIYs7BCwU9YrIGywbpH7tmNnqlQ3xXjnAi8mD6Wt9qPaapFGeQdwoePcLCMH1dcHImRW3ZXelIAySFTlbTpeJM_GFwoSZnLoc9QMT0OvuWm4IsxKyt0LNJvKnOiWI-3Bk6GCzXd0rcOVGK6yUrVaMKxA","tlsClientConfig":{"insecure":true}}'
"""),
    "a Secret inside a List": ("HM201", "backup/secrets-export.yaml", r"""apiVersion: v1
kind: List
metadata: {}
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: mail
      namespace: crm
      creationTimestamp: "2023-11-02T10:12:09Z"
      resourceVersion: "88120394"
      uid: 7c1f9d3e-5a44-4c7e-9a0b-0d2f6a3b9e11
    type: Opaque
    data:
      user: bmV3c2xldHRlcg==
>      smtp-password: Um9ocnBvc3QrMTg5Mw==
"""),
    "External Secrets' access to AWS": ("HM201 HM102", "platform/external-secrets/awssm.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: awssm-secret
  namespace: external-secrets
type: Opaque
stringData:
>  access-key: AKIAWXZCP7W3YDTMPTJU
>  secret-access-key: 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
---
apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata:
  name: aws
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-central-1
      auth:
        secretRef:
          accessKeyIDSecretRef:
            name: awssm-secret
            namespace: external-secrets
            key: access-key
          secretAccessKeySecretRef:
            name: awssm-secret
            namespace: external-secrets
            key: secret-access-key
"""),
    "a Secret in extraObjects of values": ("HM201 HM101", "argo-workflows/values.yaml", r"""controller:
  metricsConfig:
    enabled: true
extraObjects:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: argo-artifacts
    type: Opaque
    stringData:
      endpoint: minio.argo.svc:9000
>      secretkey: Zimtstern/4x7
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: workflow
"""),
    # ---------------------------------------------------------------- environment
    "a plain Deployment's database password": ("HM202", "k8s/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 2
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: registry.internal/orders:7.2.0
          ports:
            - containerPort: 8080
          env:
            - name: SPRING_PROFILES_ACTIVE
              value: prod
            - name: SPRING_DATASOURCE_URL
              value: jdbc:postgresql://pg:5432/orders
            - name: SPRING_DATASOURCE_USERNAME
              value: orders
            - name: SPRING_DATASOURCE_PASSWORD
>              value: Regenbogen#64
"""),
    "a StatefulSet of MySQL": ("HM202 HM103", "manifests/mysql.yaml", r"""apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: mysql
spec:
  serviceName: mysql
  selector: {matchLabels: {app: mysql}}
  template:
    metadata: {labels: {app: mysql}}
    spec:
      containers:
        - name: mysql
          image: mysql:8.0
          env:
            - {name: MYSQL_DATABASE, value: shop}
>            - {name: MYSQL_ROOT_PASSWORD, value: root}
            - {name: MYSQL_ROOT_HOST, value: "%"}
          volumeMounts:
            - {name: data, mountPath: /var/lib/mysql}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
"""),
    "a rendered CronJob": ("HM202", "output/backup/templates/cronjob.yaml", r"""---
# Source: backup/templates/cronjob.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: pg-backup
  labels:
    helm.sh/chart: backup-0.3.1
spec:
  schedule: "30 1 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: dump
              image: postgres:16-alpine
              command: ["/scripts/dump.sh"]
              env:
                - name: PGUSER
                  value: backup
                - name: PGPASSWORD
>                  value: "Nachtwache03"
                - name: RETENTION_DAYS
                  value: "14"
"""),
    "a JWT secret of an init container": ("HM202", "deploy/gateway.yaml", r"""apiVersion: v1
kind: Pod
metadata:
  name: gateway
spec:
  initContainers:
    - name: wait
      image: busybox:1.36
      command: [sh, -c, "until nc -z redis 6379; do sleep 1; done"]
    - name: seed
      image: registry.internal/seed:2
      env:
        - name: JWT_SIGNING_KEY
>          value: Lp0aQv71MzXw3TgKy9
        - name: JWT_TTL
          value: 15m
  containers:
    - name: gateway
      image: registry.internal/gateway:2
"""),
    "a Knative Service": ("HM202 HM102 HM101", "serverless/service.yaml", r"""apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: summarizer
spec:
  template:
    spec:
      containers:
        - image: gcr.io/oakline-prod/summarizer@sha256:4944b882b5b375adc7357d3960fe45d65af952f755410abe49c265776cf45ac6
          env:
            - name: MODEL
              value: gpt-4o
            - name: GEMINI_KEY
>              value: AIza3MDx6SGNEa7EtqgGL7XEmWxEPq_GZvquzXi
"""),
    "a patch of Kustomize": ("HM202", "overlays/qa/patch-env.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          env:
            - name: FEATURE_NEW_CHECKOUT
              value: "true"
            - name: ELASTIC_APM_SECRET_TOKEN
>              value: qa-apm-58821
            - name: ELASTIC_APM_SERVER_URL
              value: https://apm.qa.internal:8200
"""),
    "an environment of an Argo workflow": ("HM202 HM101", "argo/workflow.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: etl
spec:
  entrypoint: main
  templates:
    - name: main
      container:
        image: registry.internal/etl:0.9
        command: [python, -m, etl]
        env:
          - name: SNOWFLAKE_ACCOUNT
            value: xy12345.eu-west-1
          - name: SNOWFLAKE_PASSWORD
>            value: Schneemann-Im-Juli
"""),
    # ---------------------------------------------------------------- command lines
    "Redis with requirepass": ("HM203", "manifests/redis.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis
spec:
  selector: {matchLabels: {app: redis}}
  template:
    metadata: {labels: {app: redis}}
    spec:
      containers:
        - name: redis
          image: redis:7-alpine
          command: ["redis-server"]
          args:
            - --appendonly
            - "yes"
            - --requirepass
>            - Taubenschlag77
          ports:
            - containerPort: 6379
"""),
    "MinIO's client in a Job": ("HM203", "jobs/make-bucket.yaml", r"""apiVersion: batch/v1
kind: Job
metadata:
  name: make-bucket
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: mc
          image: minio/mc:RELEASE.2024-05-09T17-04-24Z
          command:
            - /bin/sh
            - -c
>            - mc alias set store http://minio:9000 admin Leuchtturm44 && mc mb -p store/reports
"""),
    "mysqldump in a CronJob": ("HM203", "cron/dump.yaml", r"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: dump
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: dump
              image: mariadb:11
              command: ["/bin/bash", "-c"]
              args:
>                - "mysqldump -h mariadb -u backup -pFledermaus12 shop | gzip > /backup/shop.sql.gz"
              volumeMounts:
                - name: backup
                  mountPath: /backup
          volumes:
            - name: backup
              persistentVolumeClaim:
                claimName: backup
"""),
    "an exporter's flag": ("HM203 HM107", "monitoring/exporter.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: mongodb-exporter
  namespace: monitoring
spec:
  selector: {matchLabels: {app: mongodb-exporter}}
  template:
    metadata: {labels: {app: mongodb-exporter}}
    spec:
      containers:
        - name: exporter
          image: percona/mongodb_exporter:0.40
          args:
            - --collect-all
            - --web.listen-address=:9216
>            - --mongodb.uri=mongodb://exporter:Messlatte5@mongo:27017/admin
"""),
    "a cloudflared tunnel": ("HM203 HM102", "apps/cloudflared/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: cloudflared
spec:
  replicas: 2
  selector: {matchLabels: {app: cloudflared}}
  template:
    metadata: {labels: {app: cloudflared}}
    spec:
      containers:
        - name: cloudflared
          image: cloudflare/cloudflared:2024.5.0
          args:
            - tunnel
            - --no-autoupdate
            - --metrics
            - 0.0.0.0:2000
            - run
            - --token
>            - eyJhIjoiZWNlZjVhODQ4MzdlOTQ3YTk1ODJmYmY2ZTljZDVlNTciLCJ0IjoiNWQ2MWE2ZTktOWYyYi00MDRlLWIzOWUtOWNmNWM0YWUyODdmIiwicyI6InY2Tm44dy9GTVZYamxSZjBxMlA5eUFQb1QySDQyVXcwIn0=
"""),
    "oauth2-proxy's flags in a rendered manifest": ("HM203", "rendered/oauth2-proxy.yaml", r"""---
# Source: oauth2-proxy/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: oauth2-proxy
  labels:
    app.kubernetes.io/managed-by: Helm
spec:
  selector: {matchLabels: {app: oauth2-proxy}}
  template:
    metadata: {labels: {app: oauth2-proxy}}
    spec:
      containers:
        - name: oauth2-proxy
          image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
          args:
            - --http-address=0.0.0.0:4180
            - --provider=oidc
            - --client-id=grafana
>            - --client-secret=k2Xm8RzQ0vTn4LbW
            - --cookie-secret-file=/etc/oauth2/cookie
            - --email-domain=*
"""),
    "arguments in values": ("HM203 HM101", "charts/keda/values-extra.yaml", r"""extraContainers:
  - name: mqtt-bridge
    image: registry.internal/mqtt-bridge:1.2
    args:
      - --broker=tcp://mosquitto:1883
      - --user=bridge
>      - --password=Brueckentag26
      - --qos=1
"""),
    # ---------------------------------------------------------------- ConfigMaps
    "a ConfigMap of variables": ("HM204", "k8s/configmap.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: api-env
data:
  APP_ENV: production
  LOG_LEVEL: warn
  DB_HOST: pg-prod
  DB_USER: api
>  DB_PASSWORD: Kirschkern4
  CORS_ORIGINS: https://app.oakline.io
"""),
    "application.properties": ("HM204", "manifests/spring-config.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: billing-config
data:
  application.properties: |
    server.port=8080
    spring.datasource.url=jdbc:postgresql://pg:5432/billing
    spring.datasource.username=billing
>    spring.datasource.password=Rechnung2024q
    management.endpoints.web.exposure.include=health,info,prometheus
"""),
    "application.yml in a rendered ConfigMap": ("HM204", "rendered/templates/configmap.yaml", r"""---
# Source: orders/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-config
  labels:
    app.kubernetes.io/managed-by: Helm
data:
  application.yml: |
    spring:
      mail:
        host: smtp.internal
        port: 587
        username: orders
>        password: Briefmarke_80
      kafka:
        bootstrap-servers: kafka:9092
    keycloak:
      realm: shop
      resource: orders
"""),
    "appsettings.json": ("HM204", "deploy/appsettings-cm.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: appsettings
data:
  appsettings.Production.json: |-
    {
      "Logging": {"LogLevel": {"Default": "Information"}},
      "Jwt": {
        "Issuer": "https://auth.kronberg-ag.ch",
        "Audience": "erp",
>        "Secret": "M4tterh0rn-und-Eiger-Nordwand"
      },
      "AllowedHosts": "*"
    }
"""),
    "an init script of SQL": ("HM204", "manifests/initdb.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: initdb
data:
  01-roles.sql: |
    CREATE DATABASE reporting;
>    CREATE USER reporting WITH PASSWORD 'Tortendiagramm3';
    GRANT CONNECT ON DATABASE reporting TO reporting;
"""),
    "an INI of Grafana": ("HM204", "monitoring/grafana-config.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: grafana-ini
  namespace: monitoring
data:
  grafana.ini: |
    [server]
    root_url = https://grafana.hafenlogistik.de
    [database]
    type = mysql
    host = mysql:3306
    user = grafana
>    password = Pegelstand-7
    [security]
    disable_gravatar = true
"""),
    "datasources of Grafana": ("HM204", "monitoring/datasources.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: grafana-datasources
  labels:
    grafana_datasource: "1"
data:
  datasources.yaml: |
    apiVersion: 1
    datasources:
      - name: Influx
        type: influxdb
        url: http://influxdb:8086
        user: grafana
        secureJsonData:
>          token: R9pPwguPV6Mh5bj3QyN62vyPeXWlFX3xhDWvTU8xQrp3kTWYa86j2fpWcw2YI4h0uT7HchMh5BztBjtIWVijGg==
        jsonData:
          version: Flux
          organization: nordwind
          defaultBucket: turbines
"""),
    "a configuration of XML": ("HM204", "manifests/activemq.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: activemq
data:
  broker.xml: |
    <configuration xmlns="urn:activemq">
      <core xmlns="urn:activemq:core">
        <name>broker</name>
        <persistence-enabled>true</persistence-enabled>
        <cluster-user>cluster</cluster-user>
>        <cluster-password>Bienenstock21</cluster-password>
      </core>
    </configuration>
"""),
    "Kustomize generates a ConfigMap of literals": ("HM204 HM101 HM102", "overlays/prod/kustomization.yaml", r"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
configMapGenerator:
  - name: api-env
    literals:
      - LOG_LEVEL=info
      - REGION=eu-central-1
>      - SENDGRID_API_KEY=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
images:
  - name: api
    newTag: 4.1.0
"""),
    "a ConfigMap with a URL": ("HM204 HM107", "manifests/worker-config.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: worker-config
data:
  QUEUE: default
>  CELERY_BROKER_URL: amqp://celery:Stangensellerie1@rabbitmq:5672//
  CELERYD_CONCURRENCY: "4"
"""),
    # ---------------------------------------------------------------- labels and annotations
    "a token in a note of CI": ("HM205 HM102 HM107", "manifests/web.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    ci.oakline.io/pipeline: "88213"
>    ci.oakline.io/clone-url: "https://oauth2:glpat-pu1U_nxDeZul6hegcy1s@gitlab.com/oakline/web.git"
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "registry.internal/web:1.0.0"}
"""),
    "an authorization header in an ingress": ("HM205", "manifests/ingress.yaml", r"""apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: legacy
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "true"
>    nginx.ingress.kubernetes.io/configuration-snippet: 'proxy_set_header Authorization "Basic bGVnYWN5OkRhbXBmbG9rMTkyMA==";'
spec:
  ingressClassName: nginx
  rules:
    - host: legacy.nordwind-energie.de
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: legacy, port: {number: 80}}}
"""),
    "a webhook of Slack in an annotation": ("HM205 HM102", "argocd/apps/shop.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
  annotations:
>    notify.oakline.io/webhook: https://hooks.slack.com/services/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
spec:
  project: default
  source:
    repoURL: https://github.com/oakline/deploy.git
    path: charts/shop
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
"""),
    # ---------------------------------------------------------------- probes and hooks
    "redis-cli in a probe": ("HM206 HM203", "manifests/redis-sts.yaml", r"""apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
spec:
  serviceName: redis
  selector: {matchLabels: {app: redis}}
  template:
    metadata: {labels: {app: redis}}
    spec:
      containers:
        - name: redis
          image: redis:7
          readinessProbe:
            exec:
>              command: ["redis-cli", "-a", "Taubenschlag77", "ping"]
            initialDelaySeconds: 5
            periodSeconds: 10
"""),
    "mysqladmin in a probe of values": ("HM206 HM203 HM101", "charts/db/values.yaml", r"""mysql:
  image: mysql:8.0
  existingSecret: mysql-auth
  customLivenessProbe:
    exec:
      command:
        - mysqladmin
        - ping
        - -uroot
>        - -pSandburg2018
    periodSeconds: 10
    failureThreshold: 6
"""),
    "a header of a probe": ("HM206", "manifests/actuator.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: actuator
spec:
  selector: {matchLabels: {app: actuator}}
  template:
    metadata: {labels: {app: actuator}}
    spec:
      containers:
        - name: app
          image: registry.internal/actuator:2.0
          readinessProbe:
            httpGet:
              path: /actuator/health
              port: 8081
              httpHeaders:
                - name: X-Api-Key
>                  value: b7Qx0RmZ4tLw
                - name: Accept
                  value: application/json
"""),
    "a hook that registers the pod": ("HM206 HM203 HM102", "manifests/agent.yaml", r"""apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.internal/agent:1
      lifecycle:
        postStart:
          exec:
>            command: ["/bin/sh", "-c", "curl -s -H 'Authorization: Bearer VSWQuWSHExRPFQf8a58EuFZiy1dXFpL2KSxEmQhU' -X POST https://inventory.internal/register"]
        preStop:
          exec:
            command: ["/bin/sh", "-c", "sleep 10"]
"""),
    # ---------------------------------------------------------------- repeated values
    "a Secret's value in an argument": ("HM207 HM203", "rendered/tunnel.yaml", r"""---
# Source: tunnel/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: tunnel
  labels:
    app.kubernetes.io/managed-by: Helm
stringData:
  shared-key: xP7qLm2RzT9wKd4V
---
# Source: tunnel/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tunnel
  labels:
    app.kubernetes.io/managed-by: Helm
spec:
  selector: {matchLabels: {app: tunnel}}
  template:
    metadata: {labels: {app: tunnel}}
    spec:
      containers:
        - name: tunnel
          image: registry.internal/tunnel:0.4
          args:
            - client
>            - --peer=gw.internal:7000,xP7qLm2RzT9wKd4V
"""),
    "a Secret's value in a ConfigMap": ("HM207 HM204", "rendered/zabbix.yaml", r"""---
# Source: agent/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: agent
type: Opaque
data:
  enrolment-password: V3o0OC1Lb2xpYnJpLVJ0
---
# Source: agent/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: agent
data:
  LISTEN: 0.0.0.0:10050
>  STARTUP: register --with Wz48-Kolibri-Rt --host auto
"""),
    "a Secret's value in a variable without a telling name": ("HM207", "rendered/mq.yaml", r"""---
# Source: mq/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: mq
data:
  mq-password: SHg4Mm5RcExzMFZ0
---
# Source: mq/templates/job.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: mq-setup
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: setup
          image: registry.internal/mq-setup:1.1
          env:
            - name: MQ_CONNECT_LINE
>              value: "mq.internal,5671,setup,Hx82nQpLs0Vt"
"""),
    # ---------------------------------------------------------------- releases, annotations
    "a backup of a release": ("HM208 HM201", "backup/sh.helm.release.v1.shop.v14.yaml", r"""apiVersion: v1
data:
>  release: SDRzSUFDS0lCbXNDLzkxUnpVckVNQkIrbFJDdnRwdlVYc3hWV05tYnVPcEJBakswMHpWc000MUpXbGlXdnJ0SkZoZjBFVHgrOC8zTk1HZE9ZSkVyeHNFNWZzdTRvV0ZLOE14RGhEaUh6UFRveHVtRWZhWUg0MFA4dUU0UzI0aW1yY1JkSlpvWEtaU1VTamJ2ZkUzUzdoTjhMRkVXSS9RUW9ZQS9mUXY2WUNiS0UxbTN0U2pXQmNZWlE1SDdWR1U2ZUpobXltRk5YdEhDQVFzWjRWQ01yNC9icC9rTDNmM3pqcTlyVHJCQVpzQ1FMYnlxS2swM2JEL052a1BGVXZFbW9uVWpSQXliZ0g0eEhkWW5zS01tY09idHNwQmlpOVIwTk5RcnRyOW9OUDBjb2pReGxnOHBhWnIrUThQdlo4ZzJ3Y3dHQjkzMVgrczNrUWI1aEM4Q0FBQT0=
kind: Secret
metadata:
  creationTimestamp: "2024-04-18T07:33:10Z"
  labels:
    modifiedAt: "1713425590"
    name: shop
    owner: helm
    status: deployed
    version: "14"
  name: sh.helm.release.v1.shop.v14
  namespace: shop
type: helm.sh/release.v1
"""),
    "a release in one line of JSON": ("HM208 HM201", "dump/release.json", r""">{"apiVersion":"v1","kind":"Secret","metadata":{"name":"sh.helm.release.v1.crm.v3","namespace":"crm","labels":{"name":"crm","owner":"helm","status":"superseded","version":"3"}},"type":"helm.sh/release.v1","data":{"release":"SDRzSUFDS0lCbXNDLzkxUnpXckRNQXgrRmVOZGx6VDJBcU8rRGtidkxSME13OUFTcFRXTEZXTTdnVkx5N3JOZFZ0Z2VZY2RQMzUrRXJwekFJbGVNZzNQOGtYRkR3NVRnbFljSWNRNlo2ZEdOMHdYN1RBL0doL2h4bnlSV05yS3RtcWVxa1FmUktDR1VrTzk4VGRMdURENldLSXNSZW9oUXdKKytCWDB3RStXSnFOdTZLZFlGeGhsRGtmdFVaVHA0bVdiS1lUS3ZhT0dFaFl4d3lrWjgrM3pkN3JaeUZzODd2cTQ1d1FLWkFVTzI4S3FxTkQydy9UVDdEaFZMeFp1STFvMFFNV3dDK3NWMFdGL0FqcHJBbWVOdEljVVdvZW5MVUsvWS9xYlI5SE9JMHNSWVBxU2thZm9QRGIrZklkb0VNeHNjZFBkL3JkLzF0YWxpTHdJQUFBPT0="}}
"""),
    "an exported Secret with kubectl's annotation": ("HM209", "exports/keycloak-db.json", r"""{
  "apiVersion": "v1",
  "kind": "Secret",
  "metadata": {
    "name": "keycloak-db",
    "namespace": "sso",
    "annotations": {
>      "kubectl.kubernetes.io/last-applied-configuration": "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"annotations\":{},\"name\":\"keycloak-db\",\"namespace\":\"sso\"},\"stringData\":{\"password\":\"Schluesselbund8\"}}\n"
    },
    "uid": "64724b44-0709-43a4-afb1-d9399d070b21"
  },
  "type": "Opaque"
}
"""),
    "a Secret with kubectl's annotation": ("HM209", "clusters/old/mail.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: mail
  annotations:
>    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","data":{"password":"QnJpZWZ0YXViZTk="},"kind":"Secret","metadata":{"annotations":{},"name":"mail","namespace":"crm"},"type":"Opaque"}'
  creationTimestamp: "2022-02-14T12:00:00Z"
  namespace: crm
type: Opaque
"""),
    # ---------------------------------------------------------------- External Secrets, Sealed Secrets
    "a template of an ExternalSecret": ("HM210", "apps/shop/externalsecret.yaml", r"""apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: shop
spec:
  refreshInterval: 1h
  secretStoreRef:
    kind: ClusterSecretStore
    name: vault
  target:
    name: shop
    creationPolicy: Owner
    template:
      engineVersion: v2
      data:
        username: shop
        password: "{{ .password }}"
>        smtpPassword: Holzofen-Brot3
  data:
    - secretKey: password
      remoteRef:
        key: kv/shop
        property: password
"""),
    "a DSN in an ExternalSecret": ("HM210 HM107", "apps/api/external-secret.yaml", r"""apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: api
spec:
  refreshInterval: 15m
  secretStoreRef: {kind: SecretStore, name: aws}
  target:
    name: api
    template:
      data:
>        DATABASE_URL: postgres://api:Dachziegel20@pg:5432/api
        SESSION_KEY: "{{ .session }}"
  data:
    - secretKey: session
      remoteRef: {key: prod/api, property: session}
"""),
    "a template of a SealedSecret": ("HM210", "sealed/mailer.yaml", r"""apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: mailer
  namespace: crm
spec:
  encryptedData:
    smtp-password: AgBAlfuKbPb6uKo3skJSLzAs9CfMrV8ivuOSSt7cqHCFC2e5Q1vMZE/zIePG23Ea3rET23Kxu9cfDXvyfBwFlbetiHmlTxcG7R3PMRl8heslHyjg+qxiVuhha/aWhySW46LN+EINuEqCrYYiFslUOBDat1UmU3gRK4c00ZdOjd0XVX62GuuGeCji0faCbqIRp2C+7MF8+KoBfYVufBuIqsbAqt8BwFRuc0rusVQ/iopHd5PCwrY1yD665H1g38J+LTsqtpYulsVvtbKoQROlrdilyibsjaANKKcsUIo2VokU5Ix0shUcAOP3D5e/1Qra7y2/Q9tCobCH9OpyoI6TMM93qkSsCRLW3Ao6ks/M0HBBntpvOTVz9s7+eZVTEEHaDC7jQq2OKS8550sOTnCrt2TwxyW/ZDjEu5xzOsZ5pp9T4aZ3mWWpfXPAABlIn1ZQRmejdQGjIYWXL5a4gCpEav0Jhihjgk8945jsk3wW73K1++9ThQPy/lWwtTA5d112pAO5HUG2o/2M7H52ogInQSUF+V615vA+4OW/mVaYQRdH4ex/2TB
  template:
    metadata:
      name: mailer
      namespace: crm
    type: Opaque
    data:
>      imap-password: Postfach-1010
"""),
    "a value encoded twice": ("HM211", "rendered/secret.yaml", r"""---
# Source: erp/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: erp
  labels:
    app.kubernetes.io/managed-by: Helm
data:
>  api-password: VEdGblpYSm9ZV3hzWlMxT2IzSmtMVEV5
"""),
    "another value encoded twice": ("HM211", "out/templates/credentials.yaml", r"""---
# Source: sync/templates/credentials.yaml
apiVersion: v1
kind: Secret
metadata:
  name: sync-credentials
  labels:
    helm.sh/chart: sync-1.0.0
    app.kubernetes.io/managed-by: Helm
type: Opaque
data:
  username: c3luYy11c2Vy
>  password: ZUhFNU0wMXVka3d5TUdGclZHSlhlZz09
"""),
    # ---------------------------------------------------------------- templates
    "a default in a template": ("HM301", "shop/templates/secret.yaml", r"""{{- if not .Values.auth.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "shop.fullname" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
type: Opaque
data:
  username: {{ .Values.auth.username | b64enc | quote }}
>  password: {{ .Values.auth.password | default "Herbstlaub31" | b64enc | quote }}
{{- end }}
"""),
    "a literal in a template's Secret": ("HM301 HM201", "api/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-api
type: Opaque
stringData:
  db-host: {{ .Values.db.host | quote }}
  db-password: {{ required "db.password" .Values.db.password | quote }}
>  internal-token: "9XcVbn72LkQw51"
"""),
    "b64enc of a literal": ("HM301", "queue/templates/secrets.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ template "queue.fullname" . }}
data:
  rabbitmq-username: {{ "queue" | b64enc }}
>  rabbitmq-password: {{ "Warteschlange.4" | b64enc }}
"""),
    "a variable of a template": ("HM301", "crm/templates/secret-env.yaml", r"""{{- $name := include "crm.fullname" . -}}
>{{- $adminPassword := "Vertrieb-Sued-5" -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
stringData:
  ADMIN_PASSWORD: {{ $adminPassword | quote }}
"""),
    "a literal variable of a template's Deployment": ("HM301 HM202", "web/templates/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "web.fullname" . }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "web.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "web.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            - name: APP_URL
              value: {{ .Values.url | quote }}
            - name: APP_SECRET
>              value: "s8Fq2LmZ0xRt"
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
"""),
    "a helper with a fallback": ("HM301", "reports/templates/_helpers.tpl", r"""{{- define "reports.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Password of the database */}}
{{- define "reports.dbPassword" -}}
{{- if .Values.global.dbPassword -}}
{{- .Values.global.dbPassword -}}
{{- else -}}
>{{- default "Bilanz!2021" .Values.db.password -}}
{{- end -}}
{{- end -}}
"""),
    "a ternary": ("HM301", "portal/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ include "portal.fullname" . }}
stringData:
>  admin-password: {{ ternary "DevTeam-44x" .Values.admin.password (eq .Values.environment "dev") | quote }}
  admin-user: {{ .Values.admin.user | quote }}
"""),
    "coalesce with a literal": ("HM301", "lms/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ include "lms.fullname" . }}
type: Opaque
data:
>  mariadb-root-password: {{ coalesce .Values.global.rootPassword .Values.mariadb.rootPassword "Kreidetafel7" | b64enc | quote }}
"""),
    "a DSN of a template": ("HM301 HM107 HM202", "sync/templates/cronjob.yaml", r"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "sync.fullname" . }}
spec:
  schedule: {{ .Values.schedule | quote }}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: sync
              image: {{ .Values.image }}
              env:
                - name: SOURCE
>                  value: "postgres://sync:Zugvogel88@{{ .Values.db.host }}:5432/{{ .Values.db.name }}"
                - name: TARGET_BUCKET
                  value: {{ .Values.bucket }}
"""),
    "a ConfigMap's template": ("HM301 HM204", "search/templates/configmap.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "search.fullname" . }}-config
data:
  search.yml: |
    cluster.name: {{ .Values.clusterName }}
    network.host: 0.0.0.0
    {{- if .Values.tls.enabled }}
    xpack.security.http.ssl.enabled: true
>    xpack.security.http.ssl.keystore.password: Lupe-und-Nadel
    {{- end }}
"""),
    "a value in a plain variable": ("HM302", "mailer/templates/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "mailer.fullname" . }}
spec:
  selector:
    matchLabels: {app: {{ .Chart.Name }}}
  template:
    metadata:
      labels: {app: {{ .Chart.Name }}}
    spec:
      containers:
        - name: mailer
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: SMTP_HOST
              value: {{ .Values.smtp.host | quote }}
            - name: SMTP_USER
              value: {{ .Values.smtp.user | quote }}
            - name: SMTP_PASSWORD
>              value: {{ .Values.smtp.password | quote }}
"""),
    "a value in an argument": ("HM302", "exporter/templates/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-exporter
spec:
  selector:
    matchLabels: {app: exporter}
  template:
    metadata:
      labels: {app: exporter}
    spec:
      containers:
        - name: exporter
          image: {{ .Values.image }}
          args:
            - --listen=:9187
>            - --redis.password={{ .Values.redis.password }}
"""),
    "a value in a ConfigMap": ("HM302", "bot/templates/configmap.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "bot.fullname" . }}
data:
  LOG_LEVEL: {{ .Values.logLevel | quote }}
>  BOT_TOKEN: {{ .Values.bot.token | quote }}
  POLL_INTERVAL: {{ .Values.pollInterval | quote }}
"""),
    "a value in a properties file": ("HM302", "billing/templates/config.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
data:
  application.properties: |
    server.port={{ .Values.service.port }}
    spring.datasource.username={{ .Values.db.username }}
>    spring.datasource.password={{ .Values.db.password }}
"""),
    "a password at each upgrade": ("HM303", "vpn/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ include "vpn.fullname" . }}
type: Opaque
data:
>  psk: {{ randAlphaNum 48 | b64enc | quote }}
"""),
    "a default by a generator": ("HM303", "panel/templates/secret.yaml", r"""{{- if not .Values.auth.existingSecret -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "panel.fullname" . }}
data:
>  admin-password: {{ .Values.auth.password | default (randAlphaNum 16) | b64enc | quote }}
{{- end }}
"""),
    "a UUID as a token": ("HM303", "agent/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-agent
stringData:
>  join-token: {{ uuidv4 | quote }}
  endpoint: {{ .Values.endpoint | quote }}
"""),
    "a generated key": ("HM303", "signer/templates/signing-key.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ include "signer.fullname" . }}-signing
type: Opaque
data:
>  private.pem: {{ genPrivateKey "ed25519" | b64enc }}
"""),
    "lookup in one expression": ("HM304", "chat/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-chat
data:
>  admin-password: {{ dig "data" "admin-password" (randAlphaNum 24 | b64enc) (lookup "v1" "Secret" .Release.Namespace (printf "%s-chat" .Release.Name)) | quote }}
"""),
    "lookup with default": ("HM304", "wiki/templates/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: wiki
  annotations:
    helm.sh/resource-policy: keep
type: Opaque
data:
>  app-key: {{ index ((lookup "v1" "Secret" .Release.Namespace "wiki").data | default dict) "app-key" | default (randAlphaNum 32 | b64enc) }}
"""),
    "notes with a password": ("HM305", "panel/templates/NOTES.txt", r"""Thank you for installing {{ .Chart.Name }} {{ .Chart.Version }}.

1. Get the URL:
{{- range .Values.ingress.hosts }}
   https://{{ .host }}
{{- end }}

2. Log in:
   User:     {{ .Values.admin.username }}
>   Password: {{ .Values.admin.password }}
"""),
    "notes with a connection string": ("HM305", "pg/templates/NOTES.txt", r"""PostgreSQL can be reached inside the cluster at {{ include "pg.fullname" . }}.{{ .Release.Namespace }}.svc:5432.

To connect:
  kubectl port-forward svc/{{ include "pg.fullname" . }} 5432:5432 &
>  PGPASSWORD={{ .Values.auth.postgresPassword }} psql -h 127.0.0.1 -U postgres

To remove:
  helm uninstall {{ .Release.Name }} -n {{ .Release.Namespace }}
"""),
    "notes with a token": ("HM305", "hub/templates/NOTES.txt", r"""{{- if .Values.api.enabled }}
The API of the hub runs at http://{{ .Release.Name }}-api:8080

>  curl -H "Authorization: Bearer {{ .Values.api.token }}" http://{{ .Release.Name }}-api:8080/v1/status
{{- end }}
Release {{ .Release.Name }} revision {{ .Release.Revision }}
"""),
    "htpasswd of a literal": ("HM306 HM301", "docs/templates/basic-auth.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: {{ include "docs.fullname" . }}-basic-auth
type: Opaque
data:
>  auth: {{ htpasswd "docs" "Handbuch-Seite3" | b64enc | quote }}
"""),
    "bcrypt of a literal": ("HM306 HM301", "argo/templates/argocd-secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: argocd-secret
  labels:
    app.kubernetes.io/part-of: argocd
stringData:
>  admin.password: {{ bcrypt "Steuermann2" | quote }}
  admin.passwordMtime: {{ now | date "2006-01-02T15:04:05Z" | quote }}
"""),
    "all values in a ConfigMap": ("HM307", "app/templates/configmap.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "app.fullname" . }}
  labels:
    {{- include "app.labels" . | nindent 4 }}
data:
  config.yaml: |
>    {{- .Values | toYaml | nindent 4 }}
"""),
    "all values as JSON": ("HM307", "ui/templates/configmap-ui.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-ui
data:
  NODE_ENV: production
>  config.json: {{ toJson .Values | quote }}
"""),
    "fail with a password": ("HM308", "db/templates/validate.yaml", r"""{{- if and .Values.auth.password (contains "@" .Values.auth.password) }}
>{{- fail (printf "auth.password must not hold an @, but is %s" .Values.auth.password) }}
{{- end }}
{{- if not .Values.persistence.size }}
{{- fail "persistence.size is required" }}
{{- end }}
"""),
    "printf of an address": ("HM308 HM302", "feed/templates/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-feed
spec:
  selector:
    matchLabels: {app: feed}
  template:
    metadata:
      labels: {app: feed}
    spec:
      containers:
        - name: feed
          image: {{ .Values.image | quote }}
          env:
            - name: DATABASE_URL
>              value: {{ printf "postgres://%s:%s@%s:5432/feed" .Values.db.user .Values.db.password .Values.db.host | quote }}
"""),
    "values of a chart that ask for a DSN's password": ("HM105", "charts/matrix/values.yaml", r"""homeserver:
  name: ""
  registration: false
storage:
  host: ""
  user: synapse
  database: synapse
>  password: ""
ingress:
  enabled: false
"""),
    "a release in an export of a namespace": ("HM208 HM201", "export/namespace-crm.yaml", r"""apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata:
      name: crm
      namespace: crm
    spec:
      ports: [{port: 80, targetPort: http}]
  - apiVersion: v1
    kind: Secret
    metadata:
      name: sh.helm.release.v1.crm.v7
      namespace: crm
      labels: {name: crm, owner: helm, status: deployed, version: "7"}
    type: helm.sh/release.v1
    data:
>      release: SDRzSUFGT01CbXNDLzkxUnZXckRNQkIrRmFHdXNXTzVYcXF0emRJbGs5c09SVkFPKzV5SVdHY2h5UVlUL082VkZCcG9INkhqZDkvZkhYZmxCQWE1WkJ5czVUdkdOUTFUaEZmdUE0VFpKNlpITzA0cjlva2V0UFBoNno2SmJGM1ZUVkU5RmxYOUppb3BoQlQxSjkraXREdURDem5LWUlBZUFtVHdwMjlCNS9WRWFTTEtwcXl5ZFlGeFJwL2xMbGJwRGc3VFRDbXNUaXNhT0dFbUE1eVNzYjNNeC9EMHVyNGZubC80dHFVRUE2UUg5TW5DaTZKUTlNRGFhWFlkU2hhTDl3R05IU0dnMzN0MGkrNndYTUdNaXNEcWo5dENraTFDMFVWVEwxbDcweWo2T1VRcVlpd2RrdE1VL1llRzM4OFFUWVNKOVJhNis3KzJiNDlCVmJzdkFnQUE=
"""),
    "a Secret of Argo CD with kubectl's annotation": ("HM209", "backup/argocd/repo.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  annotations:
>    kubectl.kubernetes.io/last-applied-configuration: "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"annotations\":{},\"labels\":{\"argocd.argoproj.io/secret-type\":\"repository\"},\"name\":\"charts\",\"namespace\":\"argocd\"},\"stringData\":{\"password\":\"Werft-Kran-61\",\"type\":\"helm\",\"url\":\"https://charts.hafenlogistik.de\",\"username\":\"argocd\"}}\n"
  labels:
    argocd.argoproj.io/secret-type: repository
  name: charts
  namespace: argocd
type: Opaque
"""),
    "a token encoded twice": ("HM211", "rendered/webhook-secret.yaml", r"""---
# Source: relay/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: relay
  labels:
    app.kubernetes.io/managed-by: Helm
data:
  endpoint: aHR0cHM6Ly9yZWxheS5pbnRlcm5hbC9pbg==
>  webhook-token: Y21Wc1lYa3VOMUZ0TW5oV2REbE1ZbG93ZDB0ek5BPT0=
"""),
    "lookup with else": ("HM304", "forum/templates/secret.yaml", r"""{{- if not .Values.auth.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: forum-auth
type: Opaque
data:
>  password: {{ with (lookup "v1" "Secret" .Release.Namespace "forum-auth") }}{{ index .data "password" }}{{ else }}{{ randAlphaNum 20 | b64enc }}{{ end }}
{{- end }}
"""),
    "htpasswd of a literal in a middleware's Secret": ("HM306 HM301", "edge/templates/dashboard-auth.yaml", r"""{{- if .Values.dashboard.enabled }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-dashboard
  labels:
    {{- include "edge.labels" . | nindent 4 }}
stringData:
>  users: {{ htpasswd (.Values.dashboard.user | default "ops") "Stellwerk-5" | quote }}
{{- end }}
"""),
    "all values from the root's context": ("HM307", "agent/templates/configmap.yaml", r"""{{- range $name := .Values.instances }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $name }}
data:
  instance: {{ $name | quote }}
  settings.yaml: |-
>{{ toYaml $.Values | indent 4 }}
{{- end }}
"""),
    "fail that shows a token": ("HM308", "agent/templates/validate.yaml", r"""{{- if .Values.agent.token }}
{{- if not (regexMatch "^[a-z0-9]{32}$" .Values.agent.token) }}
>{{- fail (printf "agent.token %q has not the right form" .Values.agent.token) }}
{{- end }}
{{- end }}
"""),
    # ---------------------------------------------------------------- --set
    "GitHub Actions with --set": ("HM401", ".github/workflows/deploy.yml", r"""name: deploy
on:
  push:
    tags: ["v*"]
jobs:
  helm:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - uses: azure/setup-helm@v4
        with:
          version: v3.14.4
      - name: Upgrade
        run: |
          helm upgrade --install shop charts/shop \
            --namespace shop --create-namespace \
            --set image.tag=${{ github.ref_name }} \
>            --set postgresql.auth.password=Bernsteinzimmer \
            --set ingress.host=shop.oakline.io \
            --wait
"""),
    "several in one --set": ("HM401", "ci/gitlab/deploy.yml", r"""deploy:production:
  stage: deploy
  image: dtzar/helm-kubectl:3.14
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
  script:
    - kubectl config use-context oakline/infra:prod
>    - helm upgrade -i grafana grafana/grafana -n monitoring --set replicas=2,adminUser=root,adminPassword=Aussicht99
"""),
    "--set-string in a Makefile": ("HM401", "Makefile", r"""CHART := charts/api
RELEASE := api
NAMESPACE ?= api

.PHONY: lint template install
lint:
	helm lint $(CHART)

template:
	helm template $(RELEASE) $(CHART) -f values/dev.yaml

install:
	helm upgrade --install $(RELEASE) $(CHART) \
		--namespace $(NAMESPACE) \
>		--set-string jwt.secret=4829173650 \
		--set image.tag=$(shell git rev-parse --short HEAD)
"""),
    "a Jenkinsfile with --set": ("HM401", "ci/Jenkinsfile", r"""node('helm') {
  stage('Checkout') {
    checkout scm
  }
  stage('Deploy') {
    withCredentials([file(credentialsId: 'kubeconfig', variable: 'KUBECONFIG')]) {
>      sh "helm upgrade --install erp ./charts/erp --set mssql.sa.password=Buchhaltung#3 --set image.tag=${env.BUILD_NUMBER}"
    }
  }
}
"""),
    "Terraform's helm_release": ("HM401 HM101", "terraform/keycloak.tf", r"""resource "helm_release" "keycloak" {
  name       = "keycloak"
  repository = "https://charts.bitnami.com/bitnami"
  chart      = "keycloak"
  version    = "21.4.1"
  namespace  = "sso"

  set {
    name  = "auth.adminUser"
    value = "admin"
  }

  set {
    name  = "auth.adminPassword"
>    value = "Drehkreuz-18"
  }

  set {
    name  = "replicaCount"
    value = "2"
  }
}
"""),
    "helmfile's set": ("HM401 HM101", "helmfile.d/20-data.yaml", r"""repositories:
  - name: bitnami
    url: https://charts.bitnami.com/bitnami
releases:
  - name: redis
    namespace: data
    chart: bitnami/redis
    version: 19.5.2
    set:
      - name: architecture
        value: standalone
      - name: auth.password
>        value: Zirkuspferd
"""),
    "Argo CD's parameters": ("HM401 HM101", "argocd/apps/gitea.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: gitea
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://dl.gitea.com/charts/
    chart: gitea
    targetRevision: 10.1.4
    helm:
      parameters:
        - name: gitea.admin.username
          value: gitadmin
        - name: gitea.admin.password
>          value: Teekanne-und-Tasse
        - name: postgresql-ha.enabled
          value: "false"
  destination:
    server: https://kubernetes.default.svc
    namespace: gitea
"""),
    "Azure Pipelines": ("HM401 HM101", "azure-pipelines.yml", r"""trigger:
  - main
pool:
  vmImage: ubuntu-22.04
steps:
  - task: HelmInstaller@1
    inputs:
      helmVersionToInstall: 3.14.4
  - task: HelmDeploy@0
    inputs:
      connectionType: Azure Resource Manager
      azureResourceGroup: rg-prod
      kubernetesCluster: aks-prod
      command: upgrade
      chartType: FilePath
      chartPath: charts/crm
      releaseName: crm
      valueFile: charts/crm/values-prod.yaml
>      overrideValues: image.tag=$(Build.BuildId),smtp.password=Telegramm1844
"""),
    "Skaffold's setValues": ("HM401 HM101", "skaffold.yaml", r"""apiVersion: skaffold/v4beta10
kind: Config
metadata:
  name: shop
build:
  artifacts:
    - image: shop
deploy:
  helm:
    releases:
      - name: shop
        chartPath: charts/shop
        setValues:
          replicaCount: 1
>          postgresql.auth.postgresPassword: localdev-Muschel
        setValueTemplates:
          image.tag: "{{.IMAGE_TAG_shop}}"
"""),
    "a Tiltfile": ("HM401 HM101", "Tiltfile", r"""load('ext://helm_resource', 'helm_resource', 'helm_repo')

helm_repo('bitnami', 'https://charts.bitnami.com/bitnami')
helm_resource(
    'redis',
    'bitnami/redis',
    flags=[
        '--set=architecture=standalone',
>        '--set=auth.password=Lagerfeuer5',
    ],
)
docker_build('oakline/api', '.')
k8s_resource('api', port_forwards=8080)
"""),
    "an installation script": ("HM401", "docs/install.sh", r"""#!/bin/bash
helm repo add minio https://charts.min.io/
helm repo update
helm install minio minio/minio \
  --namespace storage --create-namespace \
  --set mode=standalone \
>  --set rootUser=store,rootPassword=Speicherstadt1888 \
  --set resources.requests.memory=512Mi
"""),
    # ---------------------------------------------------------------- files of secrets
    "a dotenv of production": ("HM402 HM101", "deploy/.env.production", r""">DB_PASSWORD=Hausboot-1971
DB_HOST=pg-prod.internal
DB_PORT=5432
NODE_ENV=production
"""),
    "helm-secrets not encrypted": ("HM402 HM101", "environments/prod/secrets.yaml", r""">dbPassword: Mondfinsternis
replicaOverride: 3
"""),
    "a decrypted file left over": ("HM402 HM101", "helm_vars/prod/secrets.yaml.dec", r"""redis:
  auth:
>    password: Wasserrad.77
"""),
    "secrets of a stage": ("HM402 HM101", "helmfile/secrets/stage.dec.yaml", r"""grafana:
>  adminPassword: Wolkenkratzer40
"""),
    "a dotenv beside compose": ("HM402 HM101 HM102", ".env", r"""COMPOSE_PROJECT_NAME=shop
>GITLAB_TOKEN=glpat-GIBMLfm7fhzRxepabXDk
TZ=Europe/Berlin
"""),
    # ---------------------------------------------------------------- addresses and command lines of CI
    "helm repo add with a password": ("HM403", ".github/workflows/release.yaml", r"""name: release charts
on:
  push:
    branches: [main]
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - name: Push to ChartMuseum
        run: |
          helm plugin install https://github.com/chartmuseum/helm-push
>          helm repo add internal https://charts.oakline.io --username ci --password Kartoffel_33
          helm cm-push charts/shop internal
"""),
    "a login of docker": ("HM403 HM108", "ci/build.gitlab-ci.yml", r"""build:
  stage: build
  image: docker:26
  services: [docker:26-dind]
  before_script:
>    - docker login -u oaklinebot -p Strassenbahn6 registry.oakline.io
  script:
    - docker build -t registry.oakline.io/api:$CI_COMMIT_SHA .
    - docker push registry.oakline.io/api:$CI_COMMIT_SHA
"""),
    "a clone with a token": ("HM403 HM102 HM107", "scripts/sync-values.sh", r"""#!/usr/bin/env bash
set -euo pipefail
workdir=$(mktemp -d)
trap 'rm -rf "$workdir"' EXIT
>git clone --depth 1 https://deploy-bot: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@github.com/oakline/deploy.git "$workdir"
yq -i ".image.tag = \"$TAG\"" "$workdir/values/prod.yaml"
git -C "$workdir" commit -am "api $TAG"
git -C "$workdir" push
"""),
    "curl with a user": ("HM403", ".circleci/config.yml", r"""version: 2.1
jobs:
  publish:
    docker:
      - image: cimg/base:2024.05
    steps:
      - checkout
      - run:
          name: Package
          command: helm package charts/shop -d dist
      - run:
          name: Upload to Nexus
>          command: curl --fail -u deployer:Fahrstuhl2 --upload-file dist/shop-1.2.0.tgz https://nexus.fjordbank.no/repository/helm/
workflows:
  main:
    jobs: [publish]
"""),
    "helm registry login in Tekton": ("HM403 HM203 HM401", "tekton/task-push.yaml", r"""apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: helm-push
spec:
  params:
    - name: chart
      type: string
  workspaces:
    - name: source
  steps:
    - name: push
      image: alpine/helm:3.14.4
      workingDir: $(workspaces.source.path)
      script: |
        #!/bin/sh
        set -e
>        helm registry login harbor.kronberg-ag.ch -u robot-ci -p Uhrwerk-Genf-12
        helm package $(params.chart)
        helm push *.tgz oci://harbor.kronberg-ag.ch/charts
"""),
    "a chart repository of helmfile": ("HM403 HM101", "helmfile.yaml.gotmpl", r"""repositories:
  - name: internal
    url: https://charts.hafenlogistik.de
    username: deploy
>    password: Ankerkette-9
  - name: jetstack
    url: https://charts.jetstack.io

releases:
  - name: cert-manager
    namespace: cert-manager
    chart: jetstack/cert-manager
    version: v1.14.5
    set:
      - name: installCRDs
        value: true
"""),
    "a dependency with a password in its address": ("HM403 HM107", "charts/portal/Chart.yaml", r"""apiVersion: v2
name: portal
description: The customers' portal
type: application
version: 1.8.0
appVersion: "5.0.1"
dependencies:
  - name: common
    version: 2.x.x
    repository: oci://registry-1.docker.io/bitnamicharts
  - name: base
    version: 0.9.3
>    repository: https://reader:Hebelkran7@charts.hafenlogistik.de
"""),
    # ---------------------------------------------------------------- suppressions
    "a suppression without a reason": ("HM404 HM101", "charts/demo/values.yaml", r"""demo:
  enabled: true
  auth:
>    # helm-me:allow HM101
>    password: Spielplatz-8
"""),
    "a suppression of nothing": ("HM404", "values/dev.yaml", r"""app:
  logLevel: debug
>  # helm-me:allow HM101 only for the developers' machines
  replicas: 1
  existingSecret: app-dev
"""),
    "a suppression that has outlived its line": ("HM404", "k8s/service.yaml", r"""apiVersion: v1
kind: Service
metadata:
  name: legacy
spec:
  type: ClusterIP
>  # helm-me:allow HM202 the legacy system knows no Secrets
  ports:
    - port: 80
      targetPort: 8080
"""),
}

CLEAN = {
    # ---------------------------------------------------------------- values files
    "Keycloak with existing Secrets": ("keycloak/values.yaml", r"""auth:
  adminUser: kc-admin
  adminPassword: ""
  existingSecret: keycloak-admin
  passwordSecretKey: admin-password
tls:
  enabled: true
  autoGenerated: false
  existingSecret: keycloak-tls
  usePem: true
  keystorePassword: ""
  truststorePassword: ""
  passwordsSecret: keycloak-tls-passwords
postgresql:
  enabled: false
externalDatabase:
  host: pg-rw.db.svc
  port: 5432
  user: keycloak
  database: keycloak
  password: ""
  existingSecret: keycloak-db
  existingSecretPasswordKey: password
spi:
  truststorePasswordFile: /opt/keycloak/spi/password
"""),
    "Alertmanager with files": ("monitoring/alertmanager-values.yaml", r"""alertmanager:
  alertmanagerSpec:
    secrets:
      - alertmanager-slack
      - alertmanager-smtp
  config:
    global:
      slack_api_url_file: /etc/alertmanager/secrets/alertmanager-slack/url
      smtp_smarthost: smtp.sendgrid.net:587
      smtp_from: alerts@oakline.io
      smtp_auth_username: apikey
      smtp_auth_password_file: /etc/alertmanager/secrets/alertmanager-smtp/password
    route:
      receiver: slack
      group_by: [alertname, namespace]
      routes:
        - receiver: "null"
          matchers: [alertname = Watchdog]
    receivers:
      - name: "null"
      - name: slack
        slack_configs:
          - channel: "#alerts"
            send_resolved: true
"""),
    "Keycloak's realm settings": ("keycloak/realm-values.yaml", r"""keycloakConfigCli:
  enabled: true
  existingConfigmap: ""
  configuration:
    shop.json: |
      {
        "realm": "shop",
        "enabled": true,
        "accessTokenLifespan": 300,
        "ssoSessionIdleTimeout": 1800,
        "passwordPolicy": "length(12) and upperCase(1) and notUsername(undefined)",
        "resetPasswordAllowed": true,
        "clients": [
          {
            "clientId": "shop-web",
            "publicClient": true,
            "redirectUris": ["https://shop.oakline.io/*"]
          },
          {
            "clientId": "shop-api",
            "secret": "$(env:SHOP_API_SECRET)",
            "bearerOnly": false
          }
        ]
      }
  extraEnvVarsSecret: keycloak-clients
"""),
    "durations and limits of tokens": ("charts/auth/values.yaml", r"""auth:
  accessTokenTTL: 15m
  refreshTokenTTL: 720h
  tokenIssuer: https://auth.oakline.io
  tokenAudience: shop
  tokenAlgorithm: RS256
  tokenHeader: Authorization
  tokenPrefix: Bearer
  passwordMinLength: 12
  passwordHistory: 5
  passwordResetUrl: https://auth.oakline.io/reset
  passwordResetTokenExpiry: 3600
  enablePasswordLogin: false
  allowPasswordChange: true
  apiKeyHeader: X-Api-Key
  apiKeyRotationDays: 90
  secretRefreshInterval: 1h
  maxTokens: 4096
  tokensPerSecond: 20
  keyId: auth-2024-05
"""),
    "GitLab's references": ("gitlab/values-refs.yaml", r"""global:
  hosts:
    domain: kronberg-ag.ch
  psql:
    host: gitlab-pg.internal
    port: 5432
    username: gitlab
    password:
      secret: gitlab-postgres
      key: psql-password
  redis:
    host: gitlab-redis.internal
    auth:
      enabled: true
      secret: gitlab-redis
      key: redis-password
  appConfig:
    object_store:
      enabled: true
      connection:
        secret: gitlab-object-storage
        key: connection
    omniauth:
      enabled: true
      providers:
        - secret: gitlab-oidc
          key: provider
  smtp:
    enabled: true
    user_name: gitlab
    password:
      secret: gitlab-smtp
      key: password
"""),
    "Harbor's references": ("harbor/values-refs.yaml", r"""existingSecretAdminPassword: harbor-admin
existingSecretAdminPasswordKey: HARBOR_ADMIN_PASSWORD
existingSecretSecretKey: harbor-key
harborAdminPassword: ""
secretKey: ""
core:
  existingSecret: harbor-core
  existingXsrfSecret: harbor-core-xsrf
  existingXsrfSecretKey: CSRF_KEY
  tokenKey: ""
  tokenCert: ""
jobservice:
  existingSecret: harbor-jobservice
  existingSecretKey: JOBSERVICE_SECRET
registry:
  existingSecret: harbor-registry
  existingSecretKey: REGISTRY_HTTP_SECRET
  credentials:
    username: harbor_registry_user
    existingSecret: harbor-registry-htpasswd
database:
  type: external
  external:
    host: pg-rw.db.svc
    username: harbor
    existingSecret: harbor-db
    sslmode: require
"""),
    "roles instead of keys": ("loki/values-irsa.yaml", r"""serviceAccount:
  create: true
  name: loki
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::482910375566:role/loki-s3
loki:
  storage:
    type: s3
    bucketNames:
      chunks: oakline-loki-chunks
    s3:
      region: eu-central-1
      accessKeyId: null
      secretAccessKey: null
      s3ForcePathStyle: false
      insecure: false
  limits_config:
    retention_period: 744h
write:
  replicas: 3
"""),
    "workload identity of Azure": ("external-dns/values-azure.yaml", r"""provider:
  name: azure
serviceAccount:
  labels:
    azure.workload.identity/use: "true"
  annotations:
    azure.workload.identity/client-id: 3c9ad2b1-72f0-4e0f-a0d5-9b1c2e4f7a66
podLabels:
  azure.workload.identity/use: "true"
extraVolumes:
  - name: azure-config-file
    secret:
      secretName: external-dns-azure
extraVolumeMounts:
  - name: azure-config-file
    mountPath: /etc/kubernetes
    readOnly: true
secretConfiguration:
  enabled: false
  mountPath: ""
  data: {}
"""),
    "placeholders of vals": ("environments/prod/values.yaml", r"""app:
  replicas: 3
  host: app.oakline.io
database:
  host: ref+awsssm://prod/app/db/host
  user: app
  password: ref+vault://kv/app/db#/password
smtp:
  password: ref+gcpsecrets://oakline-prod/smtp-password
oauth:
  clientId: app
  clientSecret: ref+awssecrets://prod/app/oauth#/client_secret
redis:
  url: redis://:ref+vault://kv/app/redis#/password+@redis:6379/0
license:
  key: ref+sops://license.sops.yaml#/key
"""),
    "placeholders of helm-me": ("values/shop.yaml", r"""shop:
  host: shop.oakline.io
  adminUser: root
  adminPassword: ${secret:shop/ADMIN_PASSWORD}
  databaseUrl: postgres://shop:${secret:shop/DB_PASSWORD}@pg-rw.db.svc:5432/shop
  smtp:
    host: smtp.sendgrid.net
    username: apikey
    password: ${secret:shop/SMTP_PASSWORD}
  stripe:
    secretKey: ${secret:shop/STRIPE_KEY}
    publishableKey: ${secret:shop/STRIPE_PUBLISHABLE}
ingress:
  enabled: true
"""),
    "1Password references": ("charts/bot/values-prod.yaml", r"""bot:
  image: ghcr.io/oakline/bot:1.9.0
  env:
    DISCORD_TOKEN: op://infra/discord-bot/credential
    DB_PASSWORD: op://infra/bot-db/password
    GUILD_ID: "884213377912340581"
    LOG_FORMAT: json
onepassword:
  enabled: true
  itemPath: vaults/infra/items/discord-bot
  operatorAnnotation: operator.1password.io/item-path
resources:
  requests: {cpu: 50m, memory: 64Mi}
"""),
    "addresses of Bank-Vaults": ("deploy/values-bankvaults.yaml", r"""podAnnotations:
  vault.security.banzaicloud.io/vault-addr: https://vault.vault.svc:8200
  vault.security.banzaicloud.io/vault-role: orders
  vault.security.banzaicloud.io/vault-tls-secret: vault-tls
env:
  - name: DB_USER
    value: orders
  - name: DB_PASSWORD
    value: vault:secret/data/orders#DB_PASSWORD
  - name: AWS_SECRET_ACCESS_KEY
    value: vault:secret/data/aws#AWS_SECRET_ACCESS_KEY
  - name: STRIPE_API_KEY
    value: vault:secret/data/payments#${.STRIPE_API_KEY}
"""),
    "digests of images": ("deploy/images.yaml", r"""images:
  api:
    repository: registry.internal/api
    tag: 4.2.0
    digest: sha256:7502d88ecb8750deeab2758d92e60ef94619de804c71340e44772682a447256e
  web:
    repository: registry.internal/web
    tag: 4.2.0
    digest: sha256:3f4ca77384186285a24a9030dc848bf2c655b508dcbefe88265967263e4692f0
  token-service:
    repository: registry.internal/token-service
    tag: 5942871fad06b3a38ac393629e535626723ac22d
    digest: sha256:217d9fda1c874bcc988563a362c5fa74545e43d448f971d070090191ae9bff0a
global:
  gitCommit: a8fc85103f0bd558828f1a898bace7fd8a35614f
  buildId: 0c84f76d-cbeb-4b93-8eff-d8e6bb8c78e4
  imagePullSecrets:
    - name: regcred
  checksums:
    config: dac4d71f6afbc6b82ca2b9e8c24462f34159b5987c102cff3db606de423e3ae7
    values: 9914ed44c2219009201fbcd6010e59fed20fe776dc9fae44fd71b1fd9d74ecc6
"""),
    "texts of a login page": ("charts/portal/values-i18n.yaml", r"""ui:
  theme: dark
  i18n:
    en:
      login.username: User name
      login.password: Password
      login.passwordPlaceholder: Enter your password
      login.forgotPassword: Forgot your password?
      login.tokenExpired: Your token has expired, please log in again
    de:
      login.username: Benutzername
      login.password: Passwort
      login.passwordPlaceholder: Passwort eingeben
      login.forgotPassword: Passwort vergessen?
      login.tokenExpired: Ihr Token ist abgelaufen, bitte melden Sie sich erneut an
  showPasswordToggle: true
"""),
    "Temporal with Secrets": ("temporal/values.yaml", r"""server:
  config:
    persistence:
      default:
        driver: sql
        sql:
          driver: postgres12
          host: pg-rw.db.svc
          port: 5432
          database: temporal
          user: temporal
          existingSecret: temporal-db
          secretName: temporal-db
          maxConns: 20
          maxConnLifetime: 1h
      visibility:
        driver: sql
        sql:
          driver: postgres12
          host: pg-rw.db.svc
          port: 5432
          database: temporal_visibility
          user: temporal
          existingSecret: temporal-db
cassandra:
  enabled: false
mysql:
  enabled: false
schema:
  createDatabase:
    enabled: true
"""),
    "documented empty values": ("charts/common-app/values.yaml", r"""## @section Authentication parameters

## @param auth.enabled Enable authentication
## @param auth.username Name of the user to make
## @param auth.password Password of this user. Random 10 characters if not given
## @param auth.existingSecret Existing Secret with the credentials; auth.password is ignored then
## @param auth.existingSecretPasswordKey Key in the existing Secret
## ref: https://hub.docker.com/_/postgres
##
auth:
  enabled: true
  username: app
  password: ""
  existingSecret: ""
  existingSecretPasswordKey: ""
## @param usePasswordFiles Mount credentials as files instead of variables
usePasswordFiles: false
## @param diagnosticMode.enabled Disable all probes
diagnosticMode:
  enabled: false
"""),
    "public keys": ("charts/sftp/values.yaml", r"""sftp:
  port: 2222
  passwordAuthentication: "no"
  users:
    - name: partner-a
      uid: 1001
      publicKeys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILqfVDUbnxCzyhkdlgAwPz7Sz/7OXZGx2HPCxwEKDIXY partner-a@hafenlogistik.de
    - name: partner-b
      uid: 1002
      publicKeys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJnXHCwF9usnJTrHq8CnFTNleQMUS7+/6L4DkouxvDBi partner-b@hafenlogistik.de
  hostKeysSecret: sftp-host-keys
  knownHosts: |
    github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtz842deMjwWYyWgYbgXdfoYLADJUN6yngeS+X1uvC5
jwt:
  publicKey: |
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqxk+LWQzyiP/LPitIOuE
    D+Mc9fAY0QRKZinqxdjEk2Z9P92o8TeWSFPSKkJyi5XZvtuDVsTSFrkh2vj37fMn
    iS7V4UBX8RaAvsYY2B9SHXbeu3TBlspzv9IGUNLmVAU6MLob6j0tGsWkhuvcBM+1
    LEsduuzyM1S8SIhTYy8phzfTg2CGg3zP+dYh0GKLLUWzuo0XlM9uWmieglXWBrAz
    caRHCHHmEZD0y00WK98LXj5jGTp5FII1JEs5SS43/tWdbB+H1thksTY/dPxKoLfP
    aZBLm2DkCCFyvYj4b+IetEToW3Y7ZgXwkcjJNgmdP1vYBXJ4b4fq8bFEoWd5WshQ
    UwIDAQAB
    -----END PUBLIC KEY-----
"""),
    "oauth2-proxy with a Secret": ("oauth2-proxy/values.yaml", r"""config:
  existingSecret: oauth2-proxy
  requiredSecretKeys:
    - client-id
    - client-secret
    - cookie-secret
  configFile: |-
    provider = "oidc"
    email_domains = [ "oakline.io" ]
    cookie_secure = true
    cookie_refresh = "1h"
    pass_access_token = true
    set_authorization_header = true
    skip_jwt_bearer_tokens = true
    upstreams = [ "static://202" ]
extraArgs:
  oidc-issuer-url: https://sso.oakline.io/realms/main
  pass-basic-auth: "false"
  code-challenge-method: S256
sessionStorage:
  type: redis
  redis:
    existingSecret: oauth2-proxy-redis
    passwordKey: redis-password
"""),
    "Datadog with Secrets": ("datadog/values-refs.yaml", r"""datadog:
  apiKeyExistingSecret: datadog-keys
  appKeyExistingSecret: datadog-keys
  site: datadoghq.eu
  secretBackend:
    command: /readsecret_multiple_providers.sh
    timeout: 30
  confd:
    postgres.yaml: |-
      init_config:
      instances:
        - host: pg-rw.db.svc
          port: 5432
          username: datadog
          password: ENC[k8s_secret@datadog/datadog-postgres/password]
clusterAgent:
  enabled: true
  tokenExistingSecret: datadog-cluster-agent
  token: ""
agents:
  tolerations:
    - operator: Exists
"""),
    "Argo CD's OIDC by references": ("argocd/values-sso.yaml", r"""configs:
  cm:
    url: https://argocd.oakline.io
    admin.enabled: "false"
    users.anonymous.enabled: "false"
    oidc.config: |
      name: Keycloak
      issuer: https://sso.oakline.io/realms/main
      clientID: argocd
      clientSecret: $oidc.keycloak.clientSecret
      requestedScopes: ["openid", "profile", "email", "groups"]
    dex.config: |
      connectors:
        - type: github
          id: github
          name: GitHub
          config:
            clientID: $dex-github:clientID
            clientSecret: $dex-github:clientSecret
            orgs:
              - name: oakline
  secret:
    createSecret: false
  repositories:
    deploy:
      url: https://github.com/oakline/deploy.git
      type: git
"""),
    # ---------------------------------------------------------------- manifests
    "a Deployment with references": ("k8s/api.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata:
      labels: {app: api}
      annotations:
        checksum/config: 8d1ed86238d2189a31ca34c868d7e83b455377c400d4bf268fbf2ed191c6d5b1
        checksum/secret: 6960b39c62df65dc5a7b613807ac1d03e6fea9d4eedc81c1a8e7953244ab6251
    spec:
      serviceAccountName: api
      automountServiceAccountToken: false
      imagePullSecrets: [{name: regcred}]
      containers:
        - name: api
          image: registry.internal/api@sha256:d07df67ba9d78410b10e6a2678edcb1d040c28bc2c8635a3c7fe3709190bc00d
          args: ["--db-password=$(DB_PASSWORD)", "--token-file=/var/run/secrets/tokens/api", "--secret-name=api"]
          env:
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: api-db, key: password}}
            - name: SMTP_PASSWORD_FILE
              value: /etc/api/smtp/password
            - name: TOKEN_ENDPOINT
              value: https://sso.oakline.io/realms/main/protocol/openid-connect/token
            - name: PASSWORD_RESET_ENABLED
              value: "true"
            - name: REDIS_URL
              value: redis://:$(REDIS_PASSWORD)@redis:6379/0
          envFrom:
            - secretRef: {name: api-env}
      volumes:
        - name: smtp
          secret: {secretName: api-smtp, defaultMode: 0400}
"""),
    "a rendered StatefulSet of Postgres": ("rendered/postgresql/statefulset.yaml", r"""---
# Source: shop/charts/postgresql/templates/primary/statefulset.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: shop-postgresql
  labels:
    app.kubernetes.io/instance: shop
    app.kubernetes.io/managed-by: Helm
    helm.sh/chart: postgresql-15.5.1
spec:
  serviceName: shop-postgresql-hl
  selector:
    matchLabels: {app.kubernetes.io/name: postgresql}
  template:
    metadata:
      labels: {app.kubernetes.io/name: postgresql}
    spec:
      containers:
        - name: postgresql
          image: docker.io/bitnami/postgresql:16.3.0-debian-12-r12
          env:
            - name: POSTGRES_USER
              value: shop
            - name: POSTGRES_PASSWORD_FILE
              value: /opt/bitnami/postgresql/secrets/password
            - name: POSTGRES_DATABASE
              value: shop
            - name: POSTGRESQL_ENABLE_TLS
              value: "no"
            - name: POSTGRESQL_SHARED_PRELOAD_LIBRARIES
              value: pgaudit
          livenessProbe:
            exec:
              command: [/bin/sh, -c, exec pg_isready -U "shop" -d "dbname=shop" -h 127.0.0.1 -p 5432]
          volumeMounts:
            - {name: postgresql-password, mountPath: /opt/bitnami/postgresql/secrets/}
      volumes:
        - name: postgresql-password
          secret: {secretName: shop-postgresql}
"""),
    "Vault's agent": ("k8s/payments.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  selector: {matchLabels: {app: payments}}
  template:
    metadata:
      labels: {app: payments}
      annotations:
        vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/role: payments
        vault.hashicorp.com/agent-inject-token: "true"
        vault.hashicorp.com/agent-inject-secret-db: database/creds/payments
        vault.hashicorp.com/agent-inject-template-db: |
          {{- with secret "database/creds/payments" -}}
          export DB_USER="{{ .Data.username }}"
          export DB_PASSWORD="{{ .Data.password }}"
          export DATABASE_URL="postgres://{{ .Data.username }}:{{ .Data.password }}@pg:5432/payments"
          {{- end }}
    spec:
      serviceAccountName: payments
      containers:
        - name: payments
          image: registry.internal/payments:2.2.0
          command: ["sh", "-c", ". /vault/secrets/db && exec /app/payments"]
"""),
    "argocd-vault-plugin": ("apps/crm/secret.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: crm
  annotations:
    avp.kubernetes.io/path: kv/data/crm
    avp.kubernetes.io/kv-version: "2"
type: Opaque
stringData:
  DB_HOST: pg-rw.db.svc
  DB_PASSWORD: <db-password>
  SMTP_PASSWORD: <path:kv/data/smtp#password>
  JWT_SECRET: <path:kv/data/crm#jwt-secret#3>
  DATABASE_URL: postgres://crm:<db-password>@pg-rw.db.svc:5432/crm
data:
  tls.key: <path:kv/data/tls#key | base64encode>
"""),
    "a whole ExternalSecret": ("apps/shop/external.yaml", r"""apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: shop
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  target:
    name: shop
    template:
      engineVersion: v2
      data:
        username: shop
        password: "{{ .password }}"
        DATABASE_URL: "postgres://shop:{{ .password | urlquery }}@pg-rw.db.svc:5432/shop"
        .pgpass: "pg-rw.db.svc:5432:shop:shop:{{ .password }}"
        config.json: |
          {"apiKey": "{{ .apiKey }}", "region": "eu"}
  data:
    - secretKey: password
      remoteRef: {key: kv/shop, property: password}
    - secretKey: apiKey
      remoteRef: {key: kv/shop, property: api_key, version: "4"}
  dataFrom:
    - extract: {key: kv/shop-extra}
"""),
    "a whole SealedSecret": ("sealed/crm.yaml", r"""apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: crm
  namespace: crm
  annotations:
    sealedsecrets.bitnami.com/cluster-wide: "false"
spec:
  encryptedData:
    DB_PASSWORD: AgBkpisuq21QFC1Tnn1EOwhqQsf5q/pgOFyeFcEOzCWNdF+jqCKq4QwZ9w8MokpMhtyzz+mnWrtJxFA4Aj9gBh5+xLni4PSuq+Q2eYwcDkk5zjF06dy+xE40YVHhGAVQqooy8zFz8HINo6IQRuTPcamrKrTTPps8Q9kkHqzw+3CpvZWUno3TzrJnlvHYPd86dpBah9y99nv3JVrcMyW8LMbAa1WfzaP76tlmkxokWL4y5wVZ9R8mU4qb0GiNT6u6v9JvRBaSSiDcNg2KG2YvTCZ0BdbvM3vAMUj7MQSJGhyp7eoFnqFsEATiw7RzNAj3t2WvUDtxiRZYUfyGkmIJ+tKzbb4NroByVf0iBrgPzwc1xEd5qBc+mSqG09tzx2jji/QvIkMtDHqtKigjNWuZZabV0PNIT2Rg/Fb+HD7ythYme4eMUtPmaRoNiVtIYkHuwMRSTkwGhUrle1+3JKtwKrpB4hbet26oPAcHmS0od03cGpc4wusmA92Kmv3v5i3yuxeC5/DBTzq4EvFZbAcxNd07bxMbyHtz2KsX/vLc+caaB/IwaIc
    SMTP_PASSWORD: AgBJyHM0hCWOFvMbpU9ilzAMjYnjR+dki9fY5PLchfwKYe+vy1lxlktDkNTQ0hlsgLH8awTn7vlCewJWec8IMoa2Zz8idPtEbFMnhqV+tsl8Pihmi+JMlcCGhY20bfJf7atb5VFDRRJEJ5ovMAA19QWfaEp58JDZzXlcmzPQwznYpaPsaayqNi/5+aY61t2Gkd250NbfG5k6RaZGTWq/h+SXRBoACrLvqvj0EI1BAoTHELdtpFCfHSb9lX7wABYZyGZ57X7i8LUYbdwNSBA+lOqM20UMD/PZ+Vc0UhqCbTkXMVvrAKr0lNG/MSDPNDGhiXTsoDMkNuDDOU7BWUr/r57xBts1Vau2TNBaHnNeSNk+5uUA3RRXoxcTE8gCNh9vIUozuAoDNvR+GPJF1Z5czOB0cNckfv7UYuYmy0ctWcKmMGr++qMTj0wrGox6GVJ0KC24qNGiMgNtPUfXFjc0mpzgdeu+KNqD9LlhtD/8zy99mD6SIEBUE8EAULSE7VpK4uWf3Bw9z0th2gHSQrHy3NtkurH0TnUSabZqQxyfMQJzDfKpxt2
    API_TOKEN: AgBanZSPQnlVUB3vDkqYE70E+/SILfoDBjk84ommPNXHvZsj3F/x+7+yZP7GJJDpxSqYBSEhgXOcH5IISwS8oXdhjBN6Z5eJjk6GWMd6sz6bgFMGItmF3ZSD6BW6UUWfR7cdKkMe7ldsSxGZhDkQnHOJz7MYBX3YZvzQhVLUT/Em+vcxXf8H1F2dqOUYj+jWXvhLTJt3kuycRP1LbjFCmTCdWH/cgS9uqO/jE8irNQrCGqkqvDwAvTzQRI+gLKcEqlwINURtT85LFBqtVX8xGwVMAULTeWIQT3JxsRWMLlUvd/0h9WUU5IHoBOGvTh8Gtfa9aGoCslswFtdE358q0NkZWeFT3+EgsUNimmh1ZpuetTfWGQ1OWNAunk2XrJV9vVIM90eZUZhHpbUo4ivVLz/84fg1K8E8AgLZBTKWsMtLWR9tC1iNiKK1ds04TnB2J4dXxwp/kNJ8saakNPcI9/VkoIxs8NRVTG3ZK2y5R6LuOJrgelXJm2mYHSDUdvKksIpYnITFc4LiyFR2Vmw6PRF33mlpyDuIJW6lnff3n5cVgDMZwPb
  template:
    metadata:
      name: crm
      namespace: crm
      labels:
        app: crm
    type: Opaque
"""),
    "a certificate of cert-manager": ("k8s/certificate.yaml", r"""apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: kafka-client
spec:
  secretName: kafka-client-tls
  duration: 2160h
  renewBefore: 360h
  privateKey:
    algorithm: RSA
    encoding: PKCS8
    size: 2048
    rotationPolicy: Always
  keystores:
    jks:
      create: true
      passwordSecretRef: {name: kafka-keystore, key: password}
  dnsNames: [client.kafka.svc]
  issuerRef: {name: internal-ca, kind: ClusterIssuer}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: ops@oakline.io
    privateKeySecretRef: {name: letsencrypt-account-key}
    solvers:
      - dns01:
          cloudflare:
            apiTokenSecretRef: {name: cloudflare, key: api-token}
"""),
    "RBAC about Secrets": ("k8s/rbac.yaml", r"""apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: secret-reader
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [shop-db, shop-token, shop-password]
    verbs: [get, watch]
  - apiGroups: [""]
    resources: [serviceaccounts/token]
    verbs: [create]
  - apiGroups: [authentication.k8s.io]
    resources: [tokenreviews]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: secret-reader
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secret-reader}
subjects:
  - {kind: ServiceAccount, name: token-service, namespace: shop}
"""),
    "a token of a service account": ("k8s/sa-token.yaml", r"""apiVersion: v1
kind: ServiceAccount
metadata:
  name: ci-deployer
  namespace: shop
secrets:
  - name: ci-deployer-token
imagePullSecrets:
  - name: regcred
automountServiceAccountToken: false
---
apiVersion: v1
kind: Secret
metadata:
  name: ci-deployer-token
  namespace: shop
  annotations:
    kubernetes.io/service-account.name: ci-deployer
type: kubernetes.io/service-account-token
"""),
    "a ConfigMap of Spring": ("k8s/orders-config.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: orders
data:
  application.yml: |
    spring:
      datasource:
        url: jdbc:postgresql://${DB_HOST}:5432/orders
        username: ${DB_USER}
        password: ${DB_PASSWORD}
      kafka:
        properties:
          security.protocol: SASL_SSL
          sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required username="${KAFKA_USER}" password="${KAFKA_PASSWORD}";
      security:
        oauth2:
          client:
            registration:
              keycloak:
                client-id: orders
                client-secret: ${OIDC_CLIENT_SECRET}
          resourceserver:
            jwt:
              jwk-set-uri: https://sso.oakline.io/realms/main/protocol/openid-connect/certs
    jwt:
      token-validity-in-seconds: 86400
"""),
    "Fluent Bit's variables": ("logging/fluent-bit.yaml", r"""apiVersion: v1
kind: ConfigMap
metadata:
  name: fluent-bit
  namespace: logging
data:
  fluent-bit.conf: |
    [SERVICE]
        Flush         5
        HTTP_Server   On
        HTTP_Port     2020
    [INPUT]
        Name          tail
        Path          /var/log/containers/*.log
        Tag           kube.*
    [FILTER]
        Name                kubernetes
        Kube_Token_File     /var/run/secrets/kubernetes.io/serviceaccount/token
        Kube_CA_File        /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    [OUTPUT]
        Name          es
        Host          ${ES_HOST}
        HTTP_User     ${ES_USER}
        HTTP_Passwd   ${ES_PASSWORD}
        Suppress_Type_Name On
"""),
    "alerts about certificates and tokens": ("monitoring/rules.yaml", r"""apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: secrets
  labels:
    release: kube-prometheus-stack
spec:
  groups:
    - name: secrets
      rules:
        - alert: ExternalSecretNotSynced
          expr: externalsecret_status_condition{condition="Ready",status="False"} == 1
          for: 10m
          labels:
            severity: warning
          annotations:
            summary: Secret {{ $labels.name }} is not in step with the store
            runbook_url: https://wiki.oakline.io/runbooks/external-secrets
        - alert: VaultTokenExpires
          expr: vault_token_ttl_seconds < 3600
          labels:
            severity: critical
          annotations:
            description: "The token of {{ $labels.pod }} expires within an hour"
        - record: password_resets:rate5m
          expr: sum(rate(auth_password_resets_total[5m]))
"""),
    "a monitor with references": ("monitoring/servicemonitor.yaml", r"""apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: vault
spec:
  selector:
    matchLabels: {app.kubernetes.io/name: vault}
  endpoints:
    - port: https
      path: /v1/sys/metrics
      params:
        format: [prometheus]
      scheme: https
      bearerTokenSecret: {name: vault-metrics, key: token}
      tlsConfig:
        ca:
          configMap: {name: vault-ca, key: ca.crt}
    - port: metrics
      basicAuth:
        username: {name: metrics-auth, key: username}
        password: {name: metrics-auth, key: password}
    - port: kubelet
      bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
"""),
    "a cluster of CloudNativePG": ("db/cluster.yaml", r"""apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: shop
spec:
  instances: 3
  enableSuperuserAccess: true
  superuserSecret:
    name: shop-superuser
  bootstrap:
    initdb:
      database: shop
      owner: shop
      secret:
        name: shop-app
  managed:
    roles:
      - name: reporting
        ensure: present
        login: true
        passwordSecret: {name: shop-reporting}
  postgresql:
    parameters:
      password_encryption: scram-sha-256
  backup:
    barmanObjectStore:
      destinationPath: s3://oakline-pg/shop
      s3Credentials:
        accessKeyId: {name: pg-backup, key: ACCESS_KEY_ID}
        secretAccessKey: {name: pg-backup, key: SECRET_ACCESS_KEY}
"""),
    "users of Kafka": ("kafka/users.yaml", r"""apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaUser
metadata:
  name: orders
  labels:
    strimzi.io/cluster: main
spec:
  authentication:
    type: scram-sha-512
    password:
      valueFrom:
        secretKeyRef: {name: orders-kafka, key: password}
  authorization:
    type: simple
    acls:
      - resource: {type: topic, name: orders, patternType: prefix}
        operations: [Read, Write, Describe]
  template:
    secret:
      metadata:
        labels: {app: orders}
"""),
    "a policy of Kyverno": ("policies/secrets.yaml", r"""apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: no-secrets-from-env
  annotations:
    policies.kyverno.io/title: Secrets from volumes only
    policies.kyverno.io/description: Secrets used as variables are seen in logs; mount them as files.
spec:
  validationFailureAction: Enforce
  rules:
    - name: password-variables
      match:
        any:
          - resources: {kinds: [Pod]}
      validate:
        message: "A variable whose name holds PASSWORD must use secretKeyRef."
        pattern:
          spec:
            containers:
              - =(env):
                  - =(name): "!*PASSWORD*"
    - name: sync-regcred
      match:
        any:
          - resources: {kinds: [Namespace]}
      generate:
        apiVersion: v1
        kind: Secret
        name: regcred
        namespace: "{{request.object.metadata.name}}"
        synchronize: true
        clone: {namespace: default, name: regcred}
"""),
    "a webhook with its bundle": ("k8s/webhook.yaml", r"""apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: secret-guard
  annotations:
    cert-manager.io/inject-ca-from: guard/guard-tls
webhooks:
  - name: secrets.guard.oakline.io
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Ignore
    clientConfig:
      caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURKekNDQWcrZ0F3SUJBZ0lVRGEwQVRTRWYxVG1senNDeDlzSi9udUNEYm9jd0RRWUpLb1pJaHZjTkFRRUwKQlFBd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1WkMxbGJtVnlaMmxsTG1SbE1CNFhEVEkyTVRFeQpOVEEzTURJMU9Gb1hEVEkzTVRFeU5UQTNNREkxT0Zvd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1ClpDMWxibVZ5WjJsbExtUmxNSUlCSWpBTkJna3Foa2lHOXcwQkFRRUZBQU9DQVE4QU1JSUJDZ0tDQVFFQWhaalQKU1lERFZBTG43dmw0MWpKVzZBckUxV3IxdXJUM1luUlNMNlIrYmxJQnl0ZjV5aUh5YlZmVTJzTjN0YS83TkE2aApnUTQxajBVSllRVnlLZXNjK1UwaWVsMlZxbWtFemtoV0QzRzVNc3AzcS9RUTV5TUt4elVRSFE0T1lkWGJlTnBrCi9ya1V3cWMrd2M4TW1GL09sbHN4bmIyWEFHaVo2c0JGUjJjTnRHdG5ZWkVFQ2NZbThMcDlpZTZvS1NOamZVK0MKNjM4Y0RYOWN1T2tZTXp0bGhSdTZjaHFTS0NlSDBQRThQOTBXdFBXUEc2ZURRQ1p2eGtsaUQ3OWNXbU1ybmFzNwo2OWN5YVFCcXE3Nm9SNjdhTkNtU2NoQUV5cERKL04yaHRoTzc2Z25pWUJwUTNhaUZzNll1VTQ5UG9pc0psalBjCjdNV2MxbGh4R3hMdGFxcXY2UUlEQVFBQm8xTXdVVEFkQmdOVkhRNEVGZ1FVemNWN0EyRkZMMXJudlUybXgwMUkKK2JmTUh6a3dId1lEVlIwakJCZ3dGb0FVemNWN0EyRkZMMXJudlUybXgwMUkrYmZNSHprd0R3WURWUjBUQVFILwpCQVV3QXdFQi96QU5CZ2txaGtpRzl3MEJBUXNGQUFPQ0FRRUFDNW5jZnU2a2U5S1RZWEhiWXFTa3dDdlNDRTNtCm1OdDJHNDZjdWRVek95amF1KzFTcUN4dFg5MzNDYlhJR3BuUndXbmkvb0UxNFF6SFQ2RGZnMzk3T2FVb2FkYi8KOVRuNTlmRnlWM1hyQXY4SVEyRHdybE1qNGRKd2pMMXhYVHQ5d0pWa2Nkb28yTmJ0VXJld3V1WnJYTlhSbUN1TQpOSXgxMWxyNjJrK1dDYUhVU0t2amJDWGxFUFV2NnhMR0FiV2hSZ3p1MjNuenJGOGNrc05rb0hOeld6amdzN1p1CnJuaktXUmlLY3JyRUtQNGlaUVFsUkREWHk1M2JudmEvaGN1R0dDZElkTE1oNjNnZ09RTGNWK3B5a3p2Q3VRWE0KbTBuSUlqd3hnU0RKOXJRa3UyT0lqSVFvTHdGNGh5RkwwbFM2NkFYWUtrUnRaZHdIZWlSRDF6ZVpsQT09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K
      service: {name: guard, namespace: guard, path: /validate-secrets}
    rules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [secrets]
"""),
    "a CRD with fields of credentials": ("charts/operator/crds/databases.yaml", r"""apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: databases.db.oakline.io
spec:
  group: db.oakline.io
  names: {kind: Database, plural: databases, singular: database}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [passwordSecretRef]
              properties:
                password:
                  description: Deprecated. Use passwordSecretRef.
                  type: string
                  format: password
                passwordSecretRef:
                  type: object
                  properties:
                    name: {type: string}
                    key: {type: string, default: password}
                tokenTTL:
                  type: string
                  default: 1h
                apiKey:
                  type: string
                  minLength: 16
"""),
    "JWT rules of Istio": ("istio/request-authentication.yaml", r"""apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: jwt
  namespace: shop
spec:
  selector:
    matchLabels: {app: api}
  jwtRules:
    - issuer: https://sso.oakline.io/realms/main
      forwardOriginalToken: true
      fromHeaders:
        - name: Authorization
          prefix: "Bearer "
      fromParams: [access_token]
      jwks: |
        {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"aXBNwlq4m2a23wQsmgnxyV2kQp2s2Q6BcLJ6lX8A8GN","e":"AQAB","n":"ssnTYYSTUjOIgX82pJfMr3DyV6K6mzLaIen069E-cm3cxeNE-_MqQ5dEirT-X7Q-8XIGhQlJFETc1p0pDkZ4irQXkh0dZLk8XU9sz3r7tG_7Ko3q09Yh9FmTDR6wm5vu1k3zgKFgOztCcnmPqV05Wb5d6-dLPyvgFqxnFtC0pUZXOQEdIW52FlA8UOfVcfbTAg9xDBEYMqZLXrYFxfoZO1XIgldXVQtBrEy-CLwfmtwfFo8jiBowfeqwMTubiD1sYEJl7eFs-h26JUxgyjfCn-jdlKn0kYW7I2ILArPnQFoxHvJAO-BbarLdPwrphuC3knFDl7kIjgaj7i6ij3wlZ5"}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: require-token
  namespace: shop
spec:
  action: ALLOW
  rules:
    - from:
        - source: {requestPrincipals: ["*"]}
"""),
    "the Secrets Store's driver": ("k8s/secretproviderclass.yaml", r"""apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: shop
spec:
  provider: azure
  parameters:
    usePodIdentity: "false"
    clientID: 9d2f7c11-4b0e-4c6f-8a77-1f3e5d9b2c04
    keyvaultName: kv-oakline-prod
    tenantId: 5e1b8f42-93c7-4d1a-b6f0-7a2c4e8d0b15
    objects: |
      array:
        - |
          objectName: shop-db-password
          objectType: secret
          objectVersion: ""
        - |
          objectName: shop-api-key
          objectType: secret
  secretObjects:
    - secretName: shop
      type: Opaque
      data:
        - objectName: shop-db-password
          key: DB_PASSWORD
        - objectName: shop-api-key
          key: API_KEY
"""),
    "an ingress with basic auth": ("k8s/prometheus-ingress.yaml", r"""apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: prometheus
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/auth-type: basic
    nginx.ingress.kubernetes.io/auth-secret: monitoring/prometheus-basic-auth
    nginx.ingress.kubernetes.io/auth-realm: "Authentication required: user and password"
    nginx.ingress.kubernetes.io/auth-url: https://sso.oakline.io/oauth2/auth
    nginx.ingress.kubernetes.io/auth-response-headers: X-Auth-Request-Access-Token, Authorization
    nginx.ingress.kubernetes.io/auth-tls-secret: monitoring/client-ca
spec:
  ingressClassName: nginx
  tls:
    - hosts: [prometheus.oakline.io]
      secretName: prometheus-tls
  rules:
    - host: prometheus.oakline.io
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: prometheus, port: {number: 9090}}}
"""),
    "a Secret without credentials": ("k8s/app-settings.yaml", r"""apiVersion: v1
kind: Secret
metadata:
  name: app-settings
  labels:
    app: shop
type: Opaque
stringData:
  host: pg-rw.db.svc
  port: "5432"
  database: shop
  sslmode: verify-full
  password: ""
  token: ${API_TOKEN}
data:
  region: ZXUtY2VudHJhbC0x
  ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURKekNDQWcrZ0F3SUJBZ0lVQ1Q3bjdCUmZtRURhVE5CZUZQLzFyQWZ5MW5jd0RRWUpLb1pJaHZjTkFRRUwKQlFBd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1WkMxbGJtVnlaMmxsTG1SbE1CNFhEVEkyTVRFeQpOVEEzTURJMU9Wb1hEVEkzTVRFeU5UQTNNREkxT1Zvd0l6RWhNQjhHQTFVRUF3d1ljMmh2Y0M1dWIzSmtkMmx1ClpDMWxibVZ5WjJsbExtUmxNSUlCSWpBTkJna3Foa2lHOXcwQkFRRUZBQU9DQVE4QU1JSUJDZ0tDQVFFQXNHcVAKd3dIaWhscVppWFNQUCs3Rkh6WDcyb3Z6c0xxcER2cHpla3dvTmVUK0M5cEFSajhTb0t6QlovSThYeVBKNWwxeQpZTlVDNmM4cmVZUVYzWkF1a0hCenNDd3ZsaWxCSExUK1E4Tkpvalp1eDNBaGI0VmgrK2d6bDZEbmNKb25RbzliCi9hYWFMR1laT3g2dCtYdHBZWHppNDNzQlllRWl0a0FPaXRHR29WbUpXVjlTd3dmUWJvaVFxUW0wa0ZidEZCNEQKNGlvRkpnT2U1QVYzY1c1V3J1a3owMUVpbzF6ZzYxWWc2TTBsamF2R1hmdFhWczlIZE1JdnhxUVNoTm9KTXhNWQpML2RTUWRkMnpBWFRtY1lZbklxVzVKTzRkbStCUTN0V0J2Ym9EcmU2L2tzcmM2Z29kQ05mU3NNZnpZREN0ai84CjRmeVpMbWRQb2NUUDFHOW5HUUlEQVFBQm8xTXdVVEFkQmdOVkhRNEVGZ1FVbUF5b1hZb1ROcnYzSmFoOXNkTWIKbERVRnNLd3dId1lEVlIwakJCZ3dGb0FVbUF5b1hZb1ROcnYzSmFoOXNkTWJsRFVGc0t3d0R3WURWUjBUQVFILwpCQVV3QXdFQi96QU5CZ2txaGtpRzl3MEJBUXNGQUFPQ0FRRUFWQ1g2VmhWWUx5RHNqbHlDc1RIYkphS09JMmpHCjdZT1djZzd1QzdEb0RNNzRSWGRkTWM3bldxbVBuS3RuTVlqZVIrTGo4bEd3K2dXdWZDODJNUjNPWk95a2g5d1YKS0VLeEUvSXF5U2w2enl2UWlrUGJqenVubC83czhWODlRbDgzVFNwVHNUcXBqcjkycENIWHBFOFpmZGpCcy9pegpoaE1SdUZmNkxORnJpOHpNVytsVmM2TmRLM0lyMzBmM1c2RStCaXZpbDVTam9IZjRvcEJ6QThUMjNHTW81Z0EyCk5QWCtKTnZvNXFIK0lqQnRldWxDOWdkNU1nZWU1ZFJEZkZZS2s1R3oxbzFSNFhZRTZqdUFoZmRIVUxjbG52RWYKWVR0M2JLdHFSdnNXdFF5ZzRzR21RMnZYM0o3dVd2K3JsdmtVMGJUN1dkUHBIa0ZHREFNL2dWQU95QT09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K
"""),
    "a Crossplane database": ("crossplane/rds.yaml", r"""apiVersion: rds.aws.upbound.io/v1beta1
kind: Instance
metadata:
  name: shop
spec:
  forProvider:
    region: eu-central-1
    engine: postgres
    engineVersion: "16"
    instanceClass: db.t4g.medium
    allocatedStorage: 50
    username: shop
    autoGeneratePassword: true
    passwordSecretRef:
      name: shop-rds-master
      namespace: crossplane-system
      key: password
    kmsKeyId: arn:aws:kms:eu-central-1:482910375566:key/1c8f2b7a-0d3e-4f95-9a61-b2c4d7e8f013
    performanceInsightsEnabled: true
  writeConnectionSecretToRef:
    name: shop-rds
    namespace: shop
  providerConfigRef: {name: aws}
"""),
    # ---------------------------------------------------------------- SOPS
    "wholly encrypted by SOPS": ("environments/prod/secrets.yaml", r"""database:
    user: ENC[AES256_GCM,data:Zm1MkCOu,iv:qXxCDkBeuIY/htsi5zLrJApsi5tW6pgBpCiVoxf/eZg=,tag:M/7JzQ2wmXH+4eOv1lKmDg==,type:str]
    password: ENC[AES256_GCM,data:6H5NkTslyZh6JsslaU4nO/5Ah7M=,iv:jaIVZjn4RIUN7/UF/OSbTtu3s0j65AU61hcZbG81MzU=,tag:x3YpLuheWXwJQeaVHALrMg==,type:str]
smtp:
    password: ENC[AES256_GCM,data:VPm7iNE5L/GFv29uIz+QXQ==,iv:DssuqoJbuCEifgqokgb2v8bIBXH6FEl8qds7Ec9skEU=,tag:3Qb8cgPms7Yjw3nqdVI4cg==,type:str]
tls:
    key: ENC[AES256_GCM,data:oeV5p1eGE5OevhsinxS46CdeT0DH9z9XUJT+8J47kzHsF9yNJ2LX7Ae1vXiK9BBYvYAq2fWzOjFuyqd8tokNeAjXaSlQYJ0EpAx86EkD1p3eL2LPVQzqTYmrqfMwjVFaU5mUWp6QCuCE1VAkRIWRjbtDBSLZVVzA1T1tSV1owbE1hFNUIolt1KiPBYMs+NJaB5TqCHMTyEyNm7bRMT8sLDt6ragx9GU0gIn54ryhhudfawIgIrxVVSmzHR0Uk6ilWxWKfqrKqzbnRBK4mUpEjUKof0Y/gUsmVLO8qsJ2UWQYRaPa04NbZBk6fMKUcrOK,iv:nXZNGBnJibk8nBrl31ALOoJGi/kmQhrl+oKMBml5X2E=,tag:dLXCH7xZxYqb84KrGJWMFg==,type:str]
tokens:
    - ENC[AES256_GCM,data:Pt5J/pPi/cOAxL3Z9rGbLFHZKmi2w1ktSgSZypCbgiZjftWEB1xEEA==,iv:bHT1+z7dI8/sMeKgSd3jxaXdlNkQ49QcJu2eJtSKExE=,tag:IFdoyNuUaA/3oAIv9lndcg==,type:str]
    - ENC[AES256_GCM,data:ky7O+Cvjx9gVoRe+JRzzPyY1xZrNH1LTp+Ex1Pm/jWuwwMZ0HN2XJQ==,iv:zD79qOWCHUvpdxVQp8WyCIaHUzDyL7tEenmJ7iNk3rA=,tag:TRsJ+f1piUeTBtHpjeJjHA==,type:str]
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age1ay5zksxyqguv0l3xduxs9z5309v2nh0fnt6zrx5m97gr0fnktpx5u2dcag
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            x6Cv9jJkJncWjD4NvmNRfHWKKZ8mL9ow/5bh0q7AJv9LEO+l/v+wu/LYhF++QXSL
            kv6uJ9iMH3E0n8Yof1n7x3Di/LXEe0pIJhJwntgq3GL15GhVIOHtS2WInmvmdp0t
            Ok3dtKL3almaZhR1KE5+X8c6mQUFi3a9b3W4Q7EUlArCJejvGuDD9CINixPLHEw2
            9JWIX9DT
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-13T09:12:44Z"
    mac: ENC[AES256_GCM,data:2al8xpZ18UPTbBY3kTDHxRTfd2HBi+wjKpVMPXMX4s9Go89yNTUjsk9oTQ2JL0mWGeww1HV40kaa41HlyclhntkPBZZj1ldEmGmAmaiIZX3kOBTzsg+zEA==,iv:jMPWdjdasyA4hsw4ksx6/g+5y9b5f6qeeNwc2vZz1wY=,tag:lWgOY21dzrSUeSqGTYv02Q==,type:str]
    pgp: []
    unencrypted_suffix: _unencrypted
    version: 3.8.1
"""),
    "a Secret encrypted by SOPS": ("flux/apps/crm/secret.sops.yaml", r"""apiVersion: v1
kind: Secret
metadata:
    name: crm
    namespace: crm
type: Opaque
stringData:
    DB_PASSWORD: ENC[AES256_GCM,data:FVFlHWPyOhnArC0xauGZBiVKmas=,iv:yFnqePO/ddHaLweB4vlbCnagT0WmppPKllGbW8J3q2w=,tag:0ya/b66EwCbeajG5CSh3RQ==,type:str]
    JWT_SECRET: ENC[AES256_GCM,data:CjoQ8qhj2ZcHpouGHpAxLJJ5Esas8h1c/aw3TpzUQ/g=,iv:XxW9Tevus3yIF4i/niVMt4qOXhcCBVcKHRAEG/yCH7g=,tag:pu7wKGCWNcpEZ5DIq0Nb5A==,type:str]
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age12934pq7ts7meu0ss5wm2nppkymu6fzrpmp6lq2uers788prwkr6n2llnph
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            wF3yaa72c8diKpKlUS8LlVpUewPX28YhnVc0+aRneOJdxJ4aFZpU3LV2+VA27TKf
            FWWmiYlXwaZcNakri+aZwdRBvvptoTYDhamvOh+QFGWThFOQuKRs4B+z1CDuDI+Z
            IgT9yrvfDClpHfr7kWa0t2dS2Aohges/jPyyKPlYP/NYdcp4OEPQVva49Bf39pHP
            JiDwAe3Z
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-13T09:12:44Z"
    mac: ENC[AES256_GCM,data:VFUkLCYIt+9A1IknSnufQulGpQ0Qy3+BxWUk2iUGYzsGjIgyniAoUSxHloveNDxuTP6XOl9L1OhRP3k1EP6NWXXXRo6GZNumRqbGWS1O1BxojJ9RoNRuBg==,iv:HNzqpzWuKpTyyBelRI1kPK2ulOR90MdP7X27T5BM2K0=,tag:HpAhTa6s0qnKeCpGkgBALA==,type:str]
    pgp: []
    encrypted_regex: ^(data|stringData)$
    version: 3.8.1
"""),
    "rules of SOPS": (".sops.yaml", r"""creation_rules:
  - path_regex: environments/prod/.*secrets.*\.ya?ml$
    encrypted_regex: (?i)(password|secret|token|key|dsn|credentials)$
    age: >-
      age15gr0thhw44kr7s4qex4vtjz4xj3xs73dq8a0mpdcgpu02da5dg4ppygz97,
      age1u2el82qv9k29h23f4e79fqd8ty6durvpc39h3l8ze9csfqx7jq3tkuq6s9
  - path_regex: environments/stage/.*secrets.*\.ya?ml$
    kms: arn:aws:kms:eu-central-1:482910375566:key/1c8f2b7a-0d3e-4f95-9a61-b2c4d7e8f013
    pgp: A0AB613057A6D5269ED457F0BC06A35E8DB477C5
  - path_regex: \.env\.enc$
    hc_vault_transit_uri: https://vault.oakline.io/v1/sops/keys/main
stores:
  yaml:
    indent: 2
"""),
    # ---------------------------------------------------------------- templates
    "a Secret's template that requires": ("shop/templates/secret.yaml", r"""{{- if not .Values.auth.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "shop.secretName" . }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
type: Opaque
stringData:
  username: {{ .Values.auth.username | default "shop" | quote }}
  password: {{ required "auth.password or auth.existingSecret is required" .Values.auth.password | quote }}
  {{- with .Values.auth.token }}
  token: {{ . | quote }}
  {{- end }}
  url: {{ printf "postgres://%s:%s@%s:%d/%s" .Values.auth.username .Values.auth.password .Values.db.host (int .Values.db.port) .Values.db.name | quote }}
{{- end }}
"""),
    "a Deployment's template with references": ("shop/templates/deployment.yaml", r"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  selector:
    matchLabels:
      {{- include "shop.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
      labels:
        {{- include "shop.selectorLabels" . | nindent 8 }}
    spec:
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ .Values.auth.existingSecret | default (include "shop.fullname" .) }}
                  key: {{ .Values.auth.secretKeys.passwordKey | default "password" }}
            - name: TOKEN_TTL
              value: {{ .Values.auth.tokenTTL | default "15m" | quote }}
            - name: DATABASE_URL
              value: "postgres://{{ .Values.db.user }}:$(DB_PASSWORD)@{{ .Values.db.host }}:5432/{{ .Values.db.name }}"
"""),
    "helpers that name Secrets": ("shop/templates/_helpers.tpl", r"""{{/* Name of the Secret with the credentials */}}
{{- define "shop.secretName" -}}
{{- if .Values.auth.existingSecret -}}
{{- tpl .Values.auth.existingSecret . -}}
{{- else -}}
{{- printf "%s-auth" (include "shop.fullname" .) -}}
{{- end -}}
{{- end -}}

{{/* Key of the password in that Secret */}}
{{- define "shop.passwordKey" -}}
{{- default "password" .Values.auth.existingSecretPasswordKey -}}
{{- end -}}

{{- define "shop.tokenSecretName" -}}
{{- coalesce .Values.token.existingSecret .Values.global.tokenSecret "shop-token" -}}
{{- end -}}

{{- define "shop.imagePullSecrets" -}}
{{- include "common.images.pullSecrets" (dict "images" (list .Values.image) "global" .Values.global) -}}
{{- end -}}

{{- define "shop.validate" -}}
{{- if and .Values.auth.enabled (not .Values.auth.password) (not .Values.auth.existingSecret) -}}
{{- fail "auth.enabled needs auth.password or auth.existingSecret" -}}
{{- end -}}
{{- end -}}
"""),
    "notes with a command": ("shop/templates/NOTES.txt", r"""{{ .Chart.Name }} {{ .Chart.AppVersion }} has been installed as {{ .Release.Name }}.

** Please be patient while the chart is being deployed **

User:     {{ .Values.auth.username }}
Password: run

  kubectl get secret --namespace {{ .Release.Namespace }} {{ include "shop.secretName" . }} -o jsonpath="{.data.password}" | base64 -d

{{- if not .Values.auth.existingSecret }}
The password was given by auth.password. To change it, upgrade with
  export SHOP_PASSWORD=$(kubectl get secret {{ include "shop.secretName" . }} -o jsonpath="{.data.password}" | base64 -d)
  helm upgrade {{ .Release.Name }} oakline/shop --set auth.password=$SHOP_PASSWORD
{{- end }}
{{- if eq .Values.service.type "ClusterIP" }}
  kubectl port-forward svc/{{ include "shop.fullname" . }} 8080:80
{{- end }}
"""),
    "a Secret by Bitnami's library": ("cache/templates/secret.yaml", r"""{{- if (include "redis.createSecret" .) -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ template "common.names.fullname" . }}
  namespace: {{ include "common.names.namespace" . | quote }}
  labels: {{- include "common.labels.standard" (dict "customLabels" .Values.commonLabels "context" $) | nindent 4 }}
type: Opaque
data:
  redis-password: {{ include "common.secrets.passwords.manage" (dict "secret" (include "redis.secretName" .) "key" "redis-password" "providedValues" (list "global.redis.password" "auth.password") "length" 16 "context" $) }}
  {{- if .Values.tls.enabled }}
  tls.key: {{ .Files.Get "certs/tls.key" | b64enc }}
  {{- end }}
{{- end }}
"""),
    "a pull secret's template": ("portal/templates/pull-secret.yaml", r"""{{- define "portal.dockerconfig" }}
{{- with .Values.imageCredentials }}
{{- printf "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\",\"email\":\"%s\",\"auth\":\"%s\"}}}" .registry .username .password .email (printf "%s:%s" .username .password | b64enc) | b64enc }}
{{- end }}
{{- end }}
{{- if .Values.imageCredentials }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "portal.fullname" . }}-pull
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: {{ template "portal.dockerconfig" . }}
{{- end }}
"""),
    "an ExternalSecret's template": ("crm/templates/externalsecret.yaml", r"""{{- if .Values.externalSecrets.enabled }}
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: {{ include "crm.fullname" . }}
  labels:
    {{- include "crm.labels" . | nindent 4 }}
spec:
  refreshInterval: {{ .Values.externalSecrets.refreshInterval | default "1h" }}
  secretStoreRef:
    kind: {{ .Values.externalSecrets.store.kind }}
    name: {{ .Values.externalSecrets.store.name }}
  target:
    name: {{ include "crm.secretName" . }}
    template:
      data:
        DB_PASSWORD: "{{ `{{ .password }}` }}"
        DB_URL: "postgres://crm:{{ `{{ .password }}` }}@{{ .Values.db.host }}/crm"
        API_TOKEN: '{{ "{{ .token }}" }}'
  data:
    {{- range $key := list "password" "token" }}
    - secretKey: {{ $key }}
      remoteRef:
        key: {{ $.Values.externalSecrets.path }}
        property: {{ $key }}
    {{- end }}
{{- end }}
"""),
    "a test's pod": ("api/templates/tests/test-login.yaml", r"""apiVersion: v1
kind: Pod
metadata:
  name: "{{ include "api.fullname" . }}-test-login"
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  containers:
    - name: curl
      image: curlimages/curl:8.7.1
      env:
        - name: USERNAME
          value: {{ .Values.auth.username | quote }}
        - name: PASSWORD
          valueFrom:
            secretKeyRef:
              name: {{ include "api.secretName" . }}
              key: password
      command: ["sh", "-c"]
      args:
        - curl -fsS -u "$USERNAME:$PASSWORD" http://{{ include "api.fullname" . }}:{{ .Values.service.port }}/login
"""),
    # ---------------------------------------------------------------- helmfile, GitOps
    "helmfile with requiredEnv": ("helmfile.yaml", r"""repositories:
  - name: bitnami
    url: https://charts.bitnami.com/bitnami
  - name: internal
    url: https://charts.oakline.io
    username: {{ requiredEnv "CHARTS_USER" }}
    password: {{ requiredEnv "CHARTS_PASSWORD" }}
environments:
  prod:
    values: [environments/prod/values.yaml]
    secrets: [environments/prod/secrets.yaml]
---
releases:
  - name: redis
    namespace: data
    chart: bitnami/redis
    version: 19.5.2
    secrets:
      - secrets/redis.yaml
    values:
      - auth:
          existingSecret: redis-auth
          existingSecretPasswordKey: password
    set:
      - name: auth.enabled
        value: true
      - name: metrics.token
        value: {{ .Values | get "metrics.token" "" | quote }}
"""),
    "Flux with valuesFrom": ("clusters/prod/shop/helmrelease.yaml", r"""apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/shop
      sourceRef: {kind: GitRepository, name: deploy, namespace: flux-system}
  valuesFrom:
    - kind: Secret
      name: shop-values
      valuesKey: password
      targetPath: postgresql.auth.password
    - kind: ConfigMap
      name: shop-values
  values:
    replicaCount: 3
    auth:
      existingSecret: shop-auth
      passwordKey: admin-password
    smtp:
      password: ${SMTP_PASSWORD}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: deploy
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@github.com/oakline/deploy
  ref: {branch: main}
  secretRef: {name: deploy-key}
"""),
    "Flux decrypts": ("clusters/prod/apps.yaml", r"""apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps/prod
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  decryption:
    provider: sops
    secretRef:
      name: sops-age
  postBuild:
    substitute:
      cluster_name: prod
      smtp_password_key: password
    substituteFrom:
      - kind: Secret
        name: cluster-secrets
  dependsOn:
    - name: external-secrets
"""),
    "Argo CD with references": ("argocd/apps/api.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: api
  namespace: argocd
  annotations:
    argocd-image-updater.argoproj.io/image-list: api=registry.oakline.io/api:~4
    argocd-image-updater.argoproj.io/api.pull-secret: pullsecret:argocd/regcred
    argocd-image-updater.argoproj.io/write-back-method: git:secret:argocd/git-creds
spec:
  project: apps
  source:
    repoURL: https://github.com/oakline/deploy.git
    path: charts/api
    targetRevision: 6c7889cfebdc5461364b48d9217624e7550a6a3c
    helm:
      valueFiles: [values.yaml, values-prod.yaml]
      parameters:
        - name: auth.existingSecret
          value: api-auth
        - name: auth.passwordKey
          value: admin-password
        - name: auth.token.ttl
          value: 15m
  destination:
    server: https://kubernetes.default.svc
    namespace: api
"""),
    "Kustomize with files": ("overlays/prod/secrets/kustomization.yaml", r"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
  - ../../base
secretGenerator:
  - name: shop-db
    envs:
      - db.env
  - name: shop-tls
    type: kubernetes.io/tls
    files:
      - tls.crt=certs/tls.crt
      - tls.key=certs/tls.key
  - name: shop-token
    files:
      - token=token.txt
configMapGenerator:
  - name: shop-env
    literals:
      - LOG_LEVEL=info
      - TOKEN_TTL=3600
      - PASSWORD_FILE=/run/secrets/password
      - SECRET_NAME=shop-db
images:
  - name: shop
    digest: sha256:50ebebedb397afaac4ab5fdcf1147c4d39249957369bf14da985db6733aa6c80
"""),
    # ---------------------------------------------------------------- CI and scripts
    "GitHub Actions with secrets": (".github/workflows/release.yml", r"""name: release
on:
  push:
    tags: ["v*"]
permissions:
  contents: read
  packages: write
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      DB_PASSWORD: ${{ secrets.DB_PASSWORD }}
      KUBE_TOKEN: ${{ secrets.KUBE_TOKEN }}
    steps:
      - uses: actions/checkout@cf126694783adf4feb1134df5f71691203b8cf01
        with:
          token: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: arn:aws:iam::482910375566:role/ci
          aws-region: eu-central-1
      - run: |
          echo "${{ secrets.REGISTRY_PASSWORD }}" | helm registry login ghcr.io -u ci --password-stdin
          helm repo add internal https://charts.oakline.io --username ci --password "${{ secrets.CHARTS_PASSWORD }}"
          helm upgrade --install shop charts/shop \
            --set postgresql.auth.password="$DB_PASSWORD" \
            --set auth.existingSecret=shop-auth \
            --set-string smtp.token=${{ secrets.SMTP_TOKEN }}
"""),
    "GitLab with masked variables": ("ci/deploy.gitlab-ci.yml", r"""variables:
  DOCKER_AUTH_FILE: $CI_PROJECT_DIR/.docker/config.json
  SECRET_DETECTION_ENABLED: "true"
  TOKEN_EXPIRY_DAYS: "30"

build:
  image: docker:26
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker login -u gitlab-ci-token -p $CI_JOB_TOKEN $CI_REGISTRY
  script:
    - docker build --build-arg NPM_TOKEN=$NPM_TOKEN -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .

deploy:
  image: alpine/helm:3.14.4
  id_tokens:
    VAULT_ID_TOKEN:
      aud: https://vault.oakline.io
  secrets:
    DB_PASSWORD:
      vault: prod/shop/db/password@kv
      file: false
  script:
    - git clone https://gitlab-ci-token:${CI_JOB_TOKEN}@gitlab.com/oakline/charts.git
    - helm repo add internal https://ci:${CHARTS_PASSWORD}@charts.oakline.io
    - helm upgrade -i shop charts/shop --set db.password=${DB_PASSWORD} --set-file tls.key=$TLS_KEY_FILE
    - 'curl --fail --header "PRIVATE-TOKEN: $API_TOKEN" https://gitlab.com/api/v4/projects'
"""),
    "Jenkins with credentials": ("deploy/Jenkinsfile", r"""pipeline {
  agent any
  environment {
    DB_PASSWORD    = credentials('shop-db-password')
    REGISTRY_CREDS = credentials('harbor-robot')
    VAULT_TOKEN    = credentials('vault-token')
    SECRET_NAME    = 'shop-db'
  }
  stages {
    stage('Push') {
      steps {
        sh 'echo $REGISTRY_CREDS_PSW | helm registry login harbor.oakline.io -u $REGISTRY_CREDS_USR --password-stdin'
        sh 'helm push dist/shop-*.tgz oci://harbor.oakline.io/charts'
      }
    }
    stage('Deploy') {
      steps {
        withCredentials([string(credentialsId: 'smtp-password', variable: 'SMTP_PASSWORD')]) {
          sh 'helm upgrade --install shop charts/shop --set smtp.password=$SMTP_PASSWORD --set db.existingSecret=$SECRET_NAME'
        }
      }
    }
  }
}
"""),
    "Terraform with variables": ("terraform/shop.tf", r"""variable "db_password" {
  description = "Password of the database"
  type        = string
  sensitive   = true
}

resource "random_password" "admin" {
  length  = 24
  special = false
}

data "aws_secretsmanager_secret_version" "smtp" {
  secret_id = "prod/shop/smtp"
}

resource "helm_release" "shop" {
  name      = "shop"
  chart     = "../charts/shop"
  namespace = "shop"

  set {
    name  = "auth.existingSecret"
    value = kubernetes_secret.shop.metadata[0].name
  }
  set {
    name  = "auth.tokenTTL"
    value = "15m"
  }
  set_sensitive {
    name  = "auth.password"
    value = random_password.admin.result
  }
  set_sensitive {
    name  = "smtp.password"
    value = jsondecode(data.aws_secretsmanager_secret_version.smtp.secret_string)["password"]
  }
}

resource "kubernetes_secret" "shop" {
  metadata { name = "shop-db" }
  data = {
    username = "shop"
    password = var.db_password
  }
}
"""),
    "a script that makes Secrets": ("scripts/bootstrap.sh", r"""#!/usr/bin/env bash
set -euo pipefail
: "${DB_PASSWORD:?DB_PASSWORD is required}"
ADMIN_PASSWORD=${ADMIN_PASSWORD:-$(openssl rand -hex 16)}
TOKEN=$(vault kv get -field=token kv/shop)
REGISTRY_PASSWORD=$(aws ecr get-login-password --region eu-central-1)
read -rsp "Password of the mail server: " SMTP_PASSWORD

kubectl create secret generic shop-db \
  --from-literal=username=shop \
  --from-literal=password="$DB_PASSWORD" \
  --dry-run=client -o yaml | kubectl apply -f -
kubectl create secret generic shop-admin --from-file=password=<(printf %s "$ADMIN_PASSWORD")
kubectl create secret docker-registry regcred --docker-server="$REGISTRY" \
  --docker-username=AWS --docker-password="$REGISTRY_PASSWORD"

helm upgrade --install shop charts/shop --set auth.existingSecret=shop-admin \
  --set smtp.password="$SMTP_PASSWORD" --set api.token="$TOKEN"
curl -fsS -u "admin:$ADMIN_PASSWORD" https://shop.oakline.io/healthz
"""),
    "a Makefile with variables": ("deploy/Makefile", r"""NAMESPACE ?= shop
DB_PASSWORD ?= $(shell pass show oakline/shop/db)
export VAULT_TOKEN ?= $(shell cat ~/.vault-token)

.PHONY: secret deploy password
secret: ## make the Secret
	kubectl -n $(NAMESPACE) create secret generic shop-db --from-literal=password="$(DB_PASSWORD)"

deploy: ## install or upgrade
	helm upgrade --install shop charts/shop -n $(NAMESPACE) \
		--set db.password=$(DB_PASSWORD) \
		--set api.token=$$API_TOKEN \
		-f values.yaml -f <(sops -d secrets.yaml)

password: ## print the admin's password
	@kubectl -n $(NAMESPACE) get secret shop-admin -o jsonpath='{.data.password}' | base64 -d
"""),
    "Azure Pipelines with a variable group": ("ci/azure-pipelines.yml", r"""trigger: [main]
variables:
  - group: shop-secrets
  - name: helmVersion
    value: 3.14.4
  - name: tokenSecretName
    value: shop-token
pool:
  vmImage: ubuntu-22.04
steps:
  - task: AzureKeyVault@2
    inputs:
      azureSubscription: oakline-prod
      KeyVaultName: kv-oakline-prod
      SecretsFilter: db-password,smtp-password
  - task: HelmDeploy@0
    inputs:
      command: upgrade
      chartPath: charts/shop
      releaseName: shop
      overrideValues: db.password=$(db-password),smtp.password=$(smtp-password),auth.existingSecret=shop-auth
  - script: echo "$REGISTRY_PASSWORD" | docker login oakline.azurecr.io -u ci --password-stdin
    env:
      REGISTRY_PASSWORD: $(registryPassword)
"""),
    "Tekton with references": ("tekton/task-deploy.yaml", r"""apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: helm-deploy
spec:
  params:
    - {name: release, type: string}
    - {name: secretName, type: string, default: deploy-credentials}
    - {name: tokenKey, type: string, default: token}
  steps:
    - name: upgrade
      image: alpine/helm:3.14.4
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: {name: $(params.secretName), key: db-password}
        - name: REGISTRY_TOKEN
          valueFrom:
            secretKeyRef: {name: $(params.secretName), key: $(params.tokenKey)}
      script: |
        #!/bin/sh
        echo "$REGISTRY_TOKEN" | helm registry login harbor.oakline.io -u robot --password-stdin
        helm upgrade --install $(params.release) oci://harbor.oakline.io/charts/shop \
          --set db.password="$DB_PASSWORD"
"""),
    "Skaffold and templates of variables": ("deploy/skaffold.yaml", r"""apiVersion: skaffold/v4beta10
kind: Config
metadata:
  name: shop
build:
  artifacts:
    - image: shop
      docker:
        secrets:
          - id: npm_token
            env: NPM_TOKEN
deploy:
  helm:
    releases:
      - name: shop
        chartPath: charts/shop
        setValues:
          auth.existingSecret: shop-auth
          auth.existingSecretPasswordKey: password
        setValueTemplates:
          image.tag: "{{.IMAGE_TAG_shop}}"
          postgresql.auth.password: "{{.DB_PASSWORD}}"
"""),
    "a Tiltfile that reads": ("dev/Tiltfile", r"""load('ext://helm_resource', 'helm_resource')
load('ext://secret', 'secret_from_dict')

password = os.getenv('SHOP_DB_PASSWORD')
if not password:
    fail('SHOP_DB_PASSWORD is required')

k8s_yaml(secret_from_dict('shop-db', inputs={
    'password': password,
    'token': os.environ['SHOP_TOKEN'],
}))
helm_resource('shop', 'charts/shop', flags=[
    '--set=auth.existingSecret=shop-db',
    '--set=auth.passwordKey=password',
    '--set=postgresql.auth.password=' + password,
])
"""),
    "a workflow of Argo": ("argo/deploy-workflow.yaml", r"""apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: deploy-
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: secret-name
        value: shop-db
      - name: password-key
        value: password
  templates:
    - name: main
      inputs:
        artifacts:
          - name: charts
            path: /src
            git:
              repo: https://github.com/oakline/charts.git
              usernameSecret: {name: git, key: username}
              passwordSecret: {name: git, key: password}
      container:
        image: alpine/helm:3.14.4
        command: [sh, -c]
        args: ["helm upgrade -i shop /src/shop --set db.password=$DB_PASSWORD --set auth.existingSecret={{workflow.parameters.secret-name}}"]
        env:
          - name: DB_PASSWORD
            valueFrom:
              secretKeyRef: {name: shop-db, key: password}
"""),
    "CircleCI with a context": ("ci/.circleci/config.yml", r"""version: 2.1
orbs:
  helm: circleci/helm@3.0.0
jobs:
  publish:
    docker:
      - image: cimg/base:2024.05
        auth:
          username: $DOCKERHUB_USERNAME
          password: $DOCKERHUB_TOKEN
    steps:
      - checkout
      - run: helm package charts/shop -d dist
      - run:
          name: Upload
          command: curl --fail -u "$NEXUS_USER:$NEXUS_PASSWORD" --upload-file dist/shop-1.2.0.tgz https://nexus.oakline.io/repository/helm/
      - run: helm repo add internal https://charts.oakline.io --username "$CHARTS_USER" --password "$CHARTS_PASSWORD"
workflows:
  main:
    jobs:
      - publish:
          context: [nexus-credentials, dockerhub-token]
"""),
    # ---------------------------------------------------------------- schemas, docs, others
    "a chart's schema": ("shop/values.schema.json", r"""{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "auth": {
      "type": "object",
      "properties": {
        "username": {"type": "string", "default": "shop"},
        "password": {
          "type": "string",
          "title": "Password",
          "description": "Password of the first user; leave it empty if existingSecret is set",
          "default": "",
          "minLength": 0
        },
        "existingSecret": {"type": "string", "default": ""},
        "passwordKey": {"type": "string", "default": "password"},
        "token": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9_-]{20,}$"}
      },
      "oneOf": [{"required": ["password"]}, {"required": ["existingSecret"]}]
    }
  }
}
"""),
    "a chart's README": ("shop/README.md", r"""# shop

The shop and its database.

## Installing

    kubectl create secret generic shop-auth --from-literal=password="$(openssl rand -base64 24)"
    helm install shop oakline/shop --set auth.existingSecret=shop-auth

## Values

| Key | Type | Default | Description |
|-----|------|---------|-------------|
| auth.username | string | `"shop"` | name of the first user |
| auth.password | string | `""` | password of the first user, ignored if `auth.existingSecret` is set |
| auth.existingSecret | string | `""` | a Secret with the key `password` |
| auth.tokenTTL | string | `"15m"` | how long tokens live |
| smtp.password | string | `""` | password of the mail server |
| database.url | string | `""` | such as `postgres://USER:PASSWORD@HOST:5432/DB` |
"""),
    "an example dotenv": (".env.example", r"""# Copy to .env and fill in
NODE_ENV=development
DB_HOST=localhost
DB_USER=shop
DB_PASSWORD=
JWT_SECRET=
SMTP_PASSWORD=<your-smtp-password>
STRIPE_SECRET_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
DATABASE_URL=postgres://${DB_USER}:${DB_PASSWORD}@${DB_HOST}:5432/shop
TOKEN_TTL=900
PASSWORD_MIN_LENGTH=12
"""),
    "Compose with variables": ("docker-compose.yaml", r"""services:
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: shop
      POSTGRES_DB: shop
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
  api:
    image: registry.oakline.io/api:${TAG:-latest}
    environment:
      DATABASE_URL: postgres://shop:${DB_PASSWORD}@db:5432/shop
      JWT_SECRET: ${JWT_SECRET:?JWT_SECRET is required}
      SMTP_PASSWORD: ${SMTP_PASSWORD:-}
      SESSION_COOKIE_NAME: sid
    depends_on: [db]
secrets:
  db_password:
    file: ./secrets/db_password.txt
"""),
    "a chart and its lock": ("shop/Chart.yaml", r"""apiVersion: v2
name: shop
description: The shop, with passwords from existing Secrets
type: application
version: 2.4.1
appVersion: "4.2.0"
keywords: [shop, token, oauth2]
home: https://github.com/oakline/charts
maintainers:
  - name: platform
    email: platform@oakline.io
dependencies:
  - name: postgresql
    version: 15.x.x
    repository: oci://registry-1.docker.io/bitnamicharts
    condition: postgresql.enabled
  - name: secret-generator
    version: 0.2.0
    repository: "@internal"
    alias: passwords
annotations:
  artifacthub.io/signKey: |
    fingerprint: B7573B1C4C11A8E009A997869FB1BF5CBDD0DC78
    url: https://keybase.io/oakline/pgp_keys.asc
  artifacthub.io/changes: |
    - kind: security
      description: the admin's password is no longer written to the notes
"""),
    "tests of helm-unittest": ("shop/tests/secret_test.yaml", r"""suite: secret
templates:
  - templates/secret.yaml
tests:
  - it: makes no Secret if one exists
    set:
      auth.existingSecret: shop-auth
    asserts:
      - hasDocuments:
          count: 0
  - it: fails without a password
    set:
      auth.existingSecret: ""
      auth.password: ""
    asserts:
      - failedTemplate:
          errorMessage: auth.password or auth.existingSecret is required
  - it: has the labels
    set:
      auth.password: null
      auth.existingSecret: null
      auth.create: false
    asserts:
      - isNull:
          path: data.password
"""),
    "Renovate's configuration": ("renovate.json", r"""{
  "$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "extends": ["config:recommended", "helpers:pinGitHubActionDigests"],
  "hostRules": [
    {
      "matchHost": "registry.oakline.io",
      "username": "renovate",
      "password": "{{ secrets.REGISTRY_PASSWORD }}"
    },
    {
      "hostType": "helm",
      "matchHost": "charts.oakline.io",
      "token": "{{ secrets.CHARTS_TOKEN }}"
    }
  ],
  "helm-values": {"fileMatch": ["(^|/)values.*\\.ya?ml$"]},
  "packageRules": [
    {"matchPackageNames": ["bitnami/redis"], "allowedVersions": "<20"}
  ]
}
"""),
    "a Vault policy and its roles": ("vault/values.yaml", r"""server:
  ha:
    enabled: true
    raft:
      enabled: true
      config: |
        ui = true
        listener "tcp" {
          address         = "[::]:8200"
          tls_cert_file   = "/vault/userconfig/tls/tls.crt"
          tls_key_file    = "/vault/userconfig/tls/tls.key"
        }
        seal "awskms" {
          region     = "eu-central-1"
          kms_key_id = "1c8f2b7a-0d3e-4f95-9a61-b2c4d7e8f013"
        }
        service_registration "kubernetes" {}
  extraSecretEnvironmentVars:
    - envName: AWS_SECRET_ACCESS_KEY
      secretName: vault-kms
      secretKey: secret_access_key
  postStart:
    - /bin/sh
    - -c
    - vault policy write shop /vault/policies/shop.hcl && vault write auth/kubernetes/role/shop token_ttl=1h token_policies=shop
injector:
  enabled: true
"""),
}


def cases():
    """All cases, numbered."""
    return numbered(FOUND, CLEAN)
