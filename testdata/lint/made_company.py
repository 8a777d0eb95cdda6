"""What a company's own repositories of charts, pipelines and GitOps hold: for scripts/measure-lint.

In the form of made_fresh.py, thought of and labelled from the rules' explanations (lint --explain) alone, before the linter was run
on any of it. First look: 241 of the 259 cases right (93.1 %).
"""

from made_fresh import numbered

FOUND = {
    # ---- HM101
    "orders: datasource of Spring": ("HM101", "charts/orders/values.yaml", """replicaCount: 2
image:
  repository: registry.nordhafen.io/shop/orders
  tag: 1.14.2
service:
  port: 8080
spring:
  datasource:
    url: jdbc:postgresql://orders-db.data.svc:5432/orders
    username: orders_rw
>    password: Tq7-vLmb29xR
  jpa:
    hibernate:
      ddl-auto: validate
resources:
  requests:
    cpu: 100m
    memory: 512Mi
"""),
    "library chart: env as a map": ("HM101", "charts/ledger/values-staging.yaml", """common:
  env:
    SPRING_PROFILES_ACTIVE: staging
    LOG_LEVEL: info
    KAFKA_BROKERS: kafka-0.kafka:9092,kafka-1.kafka:9092
    KAFKA_SASL_USERNAME: ledger
>    KAFKA_SASL_PASSWORD: "n0rdlicht-84"
    LEDGER_CURRENCY: EUR
"""),
    "library chart: secrets as a map of the chart's own": ("HM101", "charts/notifications/values.yaml", """nameOverride: notifications
microservice:
  ports:
    http: 8080
  secrets:
>    SMTP_PASSWORD: bakke.Rund-1907
>    VAPID_PRIVATE_KEY: mJ3k9v2QyX0cT7rLwZ8bNf5HsUa1GdEoPiRtKxVqYcM
  config:
    SMTP_HOST: smtp.nordhafen.io
    SMTP_PORT: "587"
    SMTP_FROM: noreply@nordhafen.io
"""),
    "password of numbers only": ("HM101", "charts/pos-gateway/values-prod.yaml", """terminal:
  endpoint: https://pos.example.net/api
  merchantId: "20019331"
>  password: 40917263
  timeoutSeconds: 20
"""),
    "client secret of an OIDC client": ("HM101", "apps/backoffice/values.yaml", """oidc:
  issuerUrl: https://login.nordhafen.io/realms/staff
  clientId: backoffice
>  clientSecret: 6c1f0e9b-2d47-4a83-9b55-e07d3a1c84f2
  scopes: [openid, profile, email]
ingress:
  enabled: true
  host: backoffice.nordhafen.io
"""),
    "flow style": ("HM101", "environments/test/catalog.yaml", """catalog:
  elasticsearch:
    hosts: ["http://es-0.search:9200", "http://es-1.search:9200"]
>    auth: {username: catalog, password: "zW4-katalog!"}
    index: products-v3
"""),
    "JWT signing key": ("HM101", "charts/identity/values.yaml", """jwt:
  issuer: https://id.nordhafen.io
  audience: shop
  accessTokenTtl: 15m
  refreshTokenTtl: 720h
  algorithm: HS256
>  signingKey: pX8sV3nGq1LzR6tYw0KdBf7HcJmE2uAo
"""),
    "a list of environment entries in values": ("HM101 HM202", "charts/import-worker/values.yaml", """worker:
  concurrency: 4
  extraEnv:
    - name: SFTP_HOST
      value: sftp.partner.example
    - name: SFTP_USER
      value: nordhafen
    - name: SFTP_PASSWORD
>      value: fjord_Lachs_22
    - name: TZ
      value: Europe/Berlin
"""),
    "values within an Application of Argo CD": ("HM101", "argocd/apps/orders.yaml", """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: orders
  namespace: argocd
spec:
  project: shop
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  source:
    repoURL: https://charts.nordhafen.io
    chart: orders
    targetRevision: 1.14.2
    helm:
      releaseName: orders
      values: |
        replicaCount: 3
        redis:
          host: redis-master.data
>          password: vK29dhqPz
        ingress:
          enabled: true
"""),
    "valuesObject of Argo CD": ("HM101", "gitops/clusters/prod/rabbit.yaml", """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: rabbitmq
  namespace: argocd
spec:
  project: platform
  destination:
    name: prod
    namespace: messaging
  source:
    repoURL: registry-1.docker.io/bitnamicharts
    chart: rabbitmq
    targetRevision: 14.6.6
    helm:
      valuesObject:
        replicaCount: 3
        auth:
          username: shop
>          password: hare-og-rev-77
>          erlangCookie: RkQ2W9xLpD7mVnTs
        persistence:
          size: 20Gi
"""),
    "HelmRelease of Flux": ("HM101", "clusters/prod/apps/keycloak/release.yaml", """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: keycloak
  namespace: identity
spec:
  interval: 10m
  chart:
    spec:
      chart: keycloak
      version: 21.x
      sourceRef:
        kind: HelmRepository
        name: bitnami
        namespace: flux-system
  values:
    auth:
      adminUser: keyadmin
>      adminPassword: Brygge#Torsk5
    production: true
    proxy: edge
"""),
    "helmfile with inline values": ("HM101", "helmfile.yaml", """repositories:
  - name: bitnami
    url: https://charts.bitnami.com/bitnami
releases:
  - name: postgres
    namespace: data
    chart: bitnami/postgresql
    version: 15.5.20
    values:
      - auth:
          database: shop
          username: shop
>          password: eKd8-2Lwm
        primary:
          persistence:
            size: 50Gi
"""),
    "helmfile environments": ("HM101", "helmfile.d/00-environments.yaml", """environments:
  staging:
    values:
      - domain: staging.nordhafen.io
        replicas: 1
>        grafanaAdminPassword: polarlys8
  production:
    values:
      - domain: nordhafen.io
        replicas: 3
"""),
    "ci values of a chart": ("HM101", "charts/payments/ci/full-values.yaml", """psp:
  provider: adyen
  merchantAccount: NordhafenECOM
>  apiKey: AQEyhmfxLIPYaBdEw0m2n3Y5qf3VaY9UCJ14XWZE03G
>  hmacKey: 44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056
webhook:
  path: /hooks/adyen
"""),
    "salt and secret of Django": ("HM101", "charts/survey/values.yaml", """django:
  settingsModule: survey.settings.production
  allowedHosts: survey.nordhafen.io
>  secretKey: "k@9w!x3_7v&e0zq#l5$ubm+2r^h8d(jtyn6*ao1cgf4ips"
gunicorn:
  workers: 3
  timeout: 60
"""),
    "umbrella chart with values of subcharts": ("HM101", "umbrella/values.yaml", """global:
  imageRegistry: registry.nordhafen.io
  storageClass: fast
postgresql:
  enabled: true
  auth:
    database: crm
    username: crm
>    postgresPassword: Uq3_melkevei
mongodb:
  enabled: false
redis:
  enabled: true
  architecture: standalone
  auth:
    enabled: true
>    password: 9dRtz0pLs4
"""),
    "credential of S3 in a backup": ("HM101", "charts/pg-backup/values-prod.yaml", """schedule: "0 2 * * *"
retentionDays: 14
s3:
  endpoint: https://minio.infra.nordhafen.io
  bucket: pg-backups
  accessKeyId: backup-writer
>  secretKey: ae7LUQwYd2vG6cNjTpMzXk08RsHb
"""),
    "multi-line string of environment": ("HM101 HM204", "charts/legacy-php/values.yaml", """replicaCount: 1
dotenv: |
  APP_ENV=production
  APP_DEBUG=false
  DB_HOST=mysql.data
  DB_USERNAME=legacy
>  DB_PASSWORD=rAv3n-tower9
  MAIL_MAILER=smtp
"""),
    "values in JSON": ("HM101", "charts/pricing/values.json", """{
  "replicaCount": 2,
  "oracle": {
    "host": "ora.data",
    "sid": "PRICE",
    "user": "pricing",
>    "password": "Gnist7Kontor"
  },
  "cacheTtl": "5m"
}
"""),
    # ---- HM102
    "token of GitHub for runners": ("HM102 HM101", "clusters/ci/runner-values.yaml", """githubConfigUrl: https://github.com/nordhafen/platform
githubConfigSecret:
>  github_token: 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
minRunners: 0
maxRunners: 8
containerMode:
  type: dind
"""),
    "key of AWS for external-dns": ("HM102 HM101", "platform/external-dns/values.yaml", """provider: aws
domainFilters: [nordhafen.io]
policy: upsert-only
aws:
  region: eu-central-1
  credentials:
>    accessKey: AKIANPAUD4YYN45TRPFZ
>    secretKey: 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
txtOwnerId: prod-eu
"""),
    "webhook of Slack for Alertmanager": ("HM102 HM101 HM107", "platform/monitoring/values.yaml", """alertmanager:
  config:
    route:
      receiver: ops
      group_by: [alertname, namespace]
    receivers:
      - name: ops
        slack_configs:
          - channel: "#ops-alerts"
>            api_url: https://hooks.slack.com/services/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
            send_resolved: true
"""),
    "bot token of Slack under a neutral name": ("HM102 HM101", "charts/standup-bot/values.yaml", """bot:
  channel: C04KQ7Z21
  schedule: "0 9 * * 1-5"
>  slack: xoxb-494268329494-6745077593085-V94E2X2ioNy4gN0zlyYAGuXd
  language: de
"""),
    "token of GitLab in a values file of Renovate": ("HM102 HM101", "platform/renovate/values.yaml", """cronjob:
  schedule: "@hourly"
renovate:
  configIsJavaScript: false
  config: |
    {
      "platform": "gitlab",
      "endpoint": "https://gitlab.nordhafen.io/api/v4",
>      "token": "glpat-LRUo4N0cNAT3weMyA1oS",
      "autodiscover": true
    }
"""),
    "token of npm in an npmrc": ("HM102 HM403 HM101", "ci/prepare.sh", """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/../frontend"
cat > .npmrc <<RC
@nordhafen:registry=https://registry.npmjs.org/
>//registry.npmjs.org/:_authToken=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
RC
npm ci
npm run build
"""),
    "live key of Stripe": ("HM102 HM101", "charts/checkout/values-prod.yaml", """stripe:
  webhookPath: /stripe/hooks
  currency: eur
>  secret: sk_live_rLE34yqbf2qmaX4MTyNLLHeF
features:
  applePay: true
"""),
    "service account of Grafana in a Job's values": ("HM102 HM101", "charts/dashboards-sync/values.yaml", """grafana:
  url: https://grafana.nordhafen.io
>  token: glsa_lN7B4NPlOAk1d3lOSJnqYmxZCzSykOGB_d11b333d
folder: Shop
interval: 15m
"""),
    "token of GitHub in base64": ("HM102 HM201", "apps/flux/git-auth.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: git-auth
  namespace: flux-system
type: Opaque
data:
  username: Z2l0
>  password: Z2hwX1hOajE3STV1SVZDYzJId1M0MWtEQW9CZ1I1S2lpbDM0TWJyQg==
"""),
    # ---- HM103
    "keycloak admin/admin": ("HM103 HM101", "charts/sso/values.yaml", """keycloak:
  auth:
    adminUser: admin
>    adminPassword: admin
  replicas: 1
  proxyHeaders: xforwarded
"""),
    "minio's own default": ("HM103 HM101", "charts/dev-stack/values.yaml", """minio:
  enabled: true
  rootUser: minioadmin
>  rootPassword: minioadmin
  buckets:
    - name: uploads
      policy: none
"""),
    "guest of RabbitMQ": ("HM103 HM101", "charts/dev-stack/values-rabbit.yaml", """rabbitmq:
  host: rabbitmq.dev
  port: 5672
  username: guest
>  password: guest
  vhost: /
"""),
    "prom-operator for Grafana": ("HM103 HM101", "platform/kps/values.yaml", """grafana:
  enabled: true
  defaultDashboardsTimezone: Europe/Oslo
>  adminPassword: prom-operator
  ingress:
    enabled: true
    hosts: [grafana.nordhafen.io]
prometheus:
  prometheusSpec:
    retention: 15d
"""),
    "postgres as the password": ("HM103 HM101", "charts/inventory/values.yaml", """database:
  host: inventory-postgresql
  name: inventory
  user: postgres
>  pass: postgres
  sslmode: disable
"""),
    "change-me with hyphen in a library chart": ("HM103 HM101", "library/base/values.yaml", """base:
  session:
    cookieName: NHSID
>    secret: change-me
    maxAge: 86400
  metrics:
    enabled: true
"""),
    "Harbor12345": ("HM103 HM101", "platform/harbor/values.yaml", """expose:
  type: ingress
  tls:
    certSource: secret
    secret:
      secretName: harbor-tls
externalURL: https://harbor.nordhafen.io
>harborAdminPassword: "Harbor12345"
persistence:
  enabled: true
"""),
    "password123 in a preview environment": ("HM103 HM101", "environments/preview/values.yaml", """preview:
  ttl: 48h
  basicAuth:
    enabled: true
    user: preview
>    password: password123
"""),
    "secret 'secret' for a session": ("HM103 HM101", "charts/admin-ui/values.yaml", """session:
  store: redis
>  secret: secret
  secure: true
theme: dark
"""),
    # ---- HM104
    "orders beside its Secret": ("HM104", "charts/orders/values-prod.yaml", """database:
  host: orders-db.data
  username: orders
  existingSecret: orders-db-credentials
>  password: Kv91-lodde
"""),
    "bitnami's postgresql with both": ("HM104 HM103", "environments/prod/postgresql.yaml", """auth:
  username: shop
  database: shop
  existingSecret: postgresql-auth
  secretKeys:
    adminPasswordKey: postgres-password
    userPasswordKey: password
>  password: changeme
primary:
  persistence:
    size: 100Gi
"""),
    "smtp with a reference beside it": ("HM104", "charts/mailer/values.yaml", """smtp:
  host: smtp.nordhafen.io
  port: 587
  user: mailer
>  password: t0rsk-og-Sei
  existingSecret: mailer-smtp
"""),
    # ---- HM106
    "key of a webhook's certificate": ("HM106", "charts/admission/values.yaml", """webhook:
  failurePolicy: Ignore
  cert: ""
  key: |
>    -----BEGIN RSA PRIVATE KEY-----
    MIICXAIBAAKBgQCl81SiDNzbgmRv8n1nzIZqdXmEshWTIJaSSrzFLxkGT5V7PynP
    pdBLj+46tPNqlH5VrvZmXoe+RhpXWng+dcgkNFAe6pa4DSEopdcKtg7KbNrUrDv0
    /PntMrqu4jciaqNBiXLZTX+rXokDPB120MHCFkzELvrHp1yAlUjcUpR0gwIDAQAB
    AoGAdWVwJ7tlujvCBZfLs1RyenlkX8UDkjNpkVAhvnSVBWvjWW7TizvH4MyPQSSl
    Vm55+O9vC/gvmyFInSc5DSaRUDep+GZ69NP818WikC12hTObBajFzG/O2hbKkOB7
    E4LFg35NDQbzCBjAX31GJxPl7zkhPWVJopaSKgh1izw9wxECQQDSeK3AtqhiVAvt
    c1K/mjxuKI7SUO1Y7XP1iPhQsVyT9oimOXpOdx4BFRPg3ubG+imCSpfyxiVZQf3u
    7/XMfObPAkEAydk1amUjt47taw+XDYhL/K9qqRNX1H1T9UObAlJG4g4O82kxeYzK
    7EEOXlxSsO3M6FWU5x7eLpTH7CI28aaEDQJAVkrwQlEhnJ8E/OgJh1E/cZLja8uO
    ZKWGo6by2HK/mFK+GBj80mr4PE1eBxac2/v5RNg8kGc5LO1npa1ww9R59QJARCyH
    vQqx+JJen/VhCGILgCnjNX3iAVPfIoyV8z/Ezx7+b7oMysgB1a/XYYl/KGD4/1PA
    ehtT4ZnAuIGJ2y5plQJBAIvdyx2muVlSmvUrTj0Nc4vKYFihLxHNnl4k7WVGNXtP
    XQ7y/ONf7ElU2uY/PDzy2JEUjOnnBKggl1v1VOQWbRo=
    -----END RSA PRIVATE KEY-----
"""),
    "deploy key for Git": ("HM106 HM101", "argocd/values.yaml", """configs:
  repositories:
    charts:
      name: charts
      type: git
      url: git@gitlab.nordhafen.io:platform/charts.git
      sshPrivateKey: |
>        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
        QyNTUxOQAAACD7dbs4ChTWa/GBIxAHStYoyGIC6q6/S6cwJWrmNcKEHAAAAJB6t0kAerdJ
        AAAAAAtzc2gtZWQyNTUxOQAAACD7dbs4ChTWa/GBIxAHStYoyGIC6q6/S6cwJWrmNcKEHA
        AAAEBg2MO68Jtrgn3VSU5if1yoVHrZLIyh8WRVqRkD0dN4oft1uzgKFNZr8YEjEAdK1ijI
        YgLqrr9LpzAlauY1woQcAAAABmFyZ29jZAECAwQFBgc=
        -----END OPENSSH PRIVATE KEY-----
"""),
    "key in base64 in a TLS Secret": ("HM106 HM201", "gitops/base/ingress-tls.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: wildcard-nordhafen-io
  namespace: ingress
type: kubernetes.io/tls
data:
  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJnekNDQVNtZ0F3SUJBZ0lVTGoyOWp5NFpYcW03QWNWMWpBazVJTUF6MTVvd0NnWUlLb1pJemowRUF3SXcKRnpFVk1CTUdBMVVFQXd3TWJtOXlaR2hoWm1WdUxtbHZNQjRYRFRJMk1URXlOVEEyTlRnMU5sb1hEVEkzTVRFeQpOVEEyTlRnMU5sb3dGekVWTUJNR0ExVUVBd3dNYm05eVpHaGhabVZ1TG1sdk1Ga3dFd1lIS29aSXpqMENBUVlJCktvWkl6ajBEQVFjRFFnQUVCbEVVWFBSeG04VjVXM2VDcUlnbkNpL0JXaHV0M2JPNTFobG1JTk53dnRyUlAxSS8KQ3kzZGtCTkpjWmNZRTBHUVI0RWVoMy9zcmh6Sjc0QVBhdWtDd2FOVE1GRXdIUVlEVlIwT0JCWUVGSWc2QVNNNQp1N0hPTGN5bS9qT0U1T0JpZEdwUE1COEdBMVVkSXdRWU1CYUFGSWc2QVNNNXU3SE9MY3ltL2pPRTVPQmlkR3BQCk1BOEdBMVVkRXdFQi93UUZNQU1CQWY4d0NnWUlLb1pJemowRUF3SURTQUF3UlFJZ1dVdVFTTmowejNaSEt6T1IKYnRCeE5zOUF5MHhaS1l4R2tlREJvcmwvVVpZQ0lRQ3l2MG9iOFhVRkFHTG9IZXJjL01YY1gycWkwaVFVeHpSSgpvNEdGZTJpRFZBPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
>  tls.key: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVFSUZIUENJaFVFM3NTUHZWRFpQQW5TQ0xHSEJHaEI2TFRWdFc1Y2NaTzlzQzRvQW9HQ0NxR1NNNDkKQXdFSG9VUURRZ0FFcE40dGxPTlRFbFdHT1lBamZIa1lIN2JwK0oreTduS01rL2hYdW92VGtWeXJXUHhTTmNXaApxZm9yTWpQWU12Z2JlR251Zm9xcHBYc0JzQjVHUTB1YWRBPT0KLS0tLS1FTkQgRUMgUFJJVkFURSBLRVktLS0tLQo=
"""),
    "key of a service account of Google": ("HM106 HM101", "charts/reports/values-prod.yaml", """bigquery:
  dataset: sales
  credentialsJson: |
    {
      "type": "service_account",
      "project_id": "nordhafen-reports",
>      "private_key": "-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIBxu3Lmf6c7Gz+znj3PZXEepHZl9qcCxGkiMp8DIkds5\\n-----END PRIVATE KEY-----\\n",
      "client_email": "reports@nordhafen-reports.iam.gserviceaccount.com",
      "token_uri": "https://oauth2.googleapis.com/token"
    }
"""),
    "deploy key in a script": ("HM106 HM101 HM403", "scripts/bootstrap.sh", """#!/bin/sh
set -eu
kubectl create namespace flux-system --dry-run=client -o yaml | kubectl apply -f -
cat > /tmp/deploy_key <<KEY
>-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIMiTDBTI/vgjit/5Wu5y/6lAyAAkOlAzw5qwEz188fqjoAoGCCqGSM49
AwEHoUQDQgAErL45g1KqOIQ7lmcDJcU8Z/UJ960vEhKtqTRqQefznk8lZoclNby5
E4amgzXUDXNHoDTgjVhH9XmsHlLeaff1Zg==
-----END EC PRIVATE KEY-----
KEY
chmod 600 /tmp/deploy_key
flux bootstrap git --url=ssh://git@gitlab.nordhafen.io/platform/fleet --private-key-file=/tmp/deploy_key
"""),
    # ---- HM107
    "mongo in values": ("HM107", "charts/cart/values.yaml", """config:
  port: 3000
>  mongoUri: mongodb://cart:Lerke-31@mongo-0.mongo,mongo-1.mongo/cart?replicaSet=rs0
  logLevel: info
"""),
    "celery's broker": ("HM107", "charts/reports/values.yaml", """celery:
  concurrency: 4
>  brokerUrl: amqp://reports:wQ7mZt2p@rabbitmq.messaging:5672/reports
  resultBackend: redis://redis-master.data:6379/1
"""),
    "redis with a password only": ("HM107", "environments/prod/sessions.yaml", """sessions:
  store: redis
>  redisUrl: "redis://:pF5uX91oz@redis-master.data.svc.cluster.local:6379/0"
  ttl: 1h
"""),
    "JDBC with parameters": ("HM107", "charts/tax/values.yaml", """env:
  JAVA_OPTS: -Xmx512m
>  SPRING_DATASOURCE_URL: jdbc:mysql://mysql.data:3306/tax?user=tax&password=Skatt4ever&useSSL=true
  SERVER_PORT: "8080"
"""),
    "connection string of SQL Server": ("HM107 HM101", "charts/erp-sync/values-prod.yaml", """connectionStrings:
>  Erp: "Server=tcp:erp-sql.nordhafen.io,1433;Database=Erp;User ID=sync;Password=Anker&Kjetting9;Encrypt=True;"
logging:
  level: Warning
"""),
    "storage account of Azure": ("HM107 HM102 HM101", "charts/media/values.yaml", """media:
  container: images
>  connectionString: DefaultEndpointsProtocol=https;AccountName=nordhafenmedia;AccountKey=+vVGZ1tpa659rFOeIoS1li5vYttgl6LDDrQFAh20JRbquuQPZGizNjISC43V5mvKok0iFuJkpkAm2hV87lsGkg==;EndpointSuffix=core.windows.net
  cdn: https://cdn.nordhafen.io
"""),
    "url in a Deployment's environment": ("HM107 HM202", "deploy/base/catalog.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
spec:
  replicas: 2
  selector:
    matchLabels: {app: catalog}
  template:
    metadata:
      labels: {app: catalog}
    spec:
      containers:
        - name: catalog
          image: registry.nordhafen.io/shop/catalog:2.3.0
          ports:
            - containerPort: 8080
          env:
            - name: DATABASE_URL
>              value: postgresql://catalog:5omm3rfugl@catalog-db:5432/catalog?sslmode=require
            - name: LOG_FORMAT
              value: json
"""),
    "proxy with a password": ("HM107", "charts/crawler/values.yaml", """crawler:
  depth: 3
  env:
>    HTTPS_PROXY: http://crawl:gR4bber%21@proxy.nordhafen.io:3128
    NO_PROXY: localhost,.svc,.cluster.local
"""),
    "DSN of Go's MySQL driver": ("HM107", "charts/loyalty/values.yaml", """loyalty:
>  dsn: "loyalty:Poeng-2020@tcp(mysql.data:3306)/loyalty?parseTime=true"
  expiryDays: 365
"""),
    "remote write address": ("HM107", "platform/prometheus/values-edge.yaml", """prometheus:
  prometheusSpec:
    externalLabels:
      cluster: edge-7
    remoteWrite:
>      - url: https://edge7:Maale.Data55@mimir.nordhafen.io/api/v1/push
        queueConfig:
          maxSamplesPerSend: 1000
"""),
    "url in a template": ("HM107 HM301", "charts/feeds/templates/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "feeds.fullname" . }}
  labels:
    {{- include "feeds.labels" . | nindent 4 }}
data:
  FEED_INTERVAL: {{ .Values.interval | quote }}
>  QUEUE_URL: "amqp://feeds:kveldsNytt6@{{ .Values.rabbit.host }}:5672/"
"""),
    # ---- HM108
    "image credentials of an in-house chart": ("HM108", "charts/orders/values-registry.yaml", """imageCredentials:
  registry: registry.nordhafen.io
  username: k8s-pull
>  password: Wm8dLq20xT
  email: platform@nordhafen.io
"""),
    "pull secret with dockerconfigjson": ("HM108 HM201", "gitops/base/regcred.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: regcred
  namespace: shop
type: kubernetes.io/dockerconfigjson
data:
>  .dockerconfigjson: eyJhdXRocyI6IHsicmVnaXN0cnkubm9yZGhhZmVuLmlvIjogeyJ1c2VybmFtZSI6ICJrOHMtcHVsbCIsICJwYXNzd29yZCI6ICJXbThkTHEyMHhUIiwgImF1dGgiOiAiYXpoekxYQjFiR3c2VjIwNFpFeHhNakI0VkE9PSJ9fX0=
"""),
    "list of image pull secrets with credentials": ("HM108", "library/microservice/values-dev.yaml", """imagePullCredentials:
  - name: harbor
    registry: harbor.nordhafen.io
    username: robot$dev
>    password: cV2nB7kLw0QxTe5yZp9s
"""),
    "docker configuration in stringData": ("HM108 HM201", "deploy/pull-secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: harbor-pull
type: kubernetes.io/dockerconfigjson
stringData:
>  .dockerconfigjson: '{"auths":{"harbor.nordhafen.io":{"auth":"cm9ib3Qtc2hvcDpOdDdwUXozdkxr"}}}'
"""),
    "kaniko's config in a Jenkins chart": ("HM108 HM204", "platform/jenkins/kaniko-config.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: kaniko-docker-config
  namespace: jenkins
data:
  config.json: |
    {
      "auths": {
        "registry.nordhafen.io": {
>          "auth": "amVua2luczpoWjMta2FpZW4tNjE="
        }
      }
    }
"""),
    # ---- HM109
    "old password in a comment": ("HM109", "charts/returns/values.yaml", """database:
  host: returns-db
  existingSecret: returns-db
>  # password: Rq82-sjark
  name: returns
"""),
    "old --set in a comment of values": ("HM109", "charts/stock/values.yaml", """stock:
  warehouse: OSL1
>  # apiToken: 7f3d9a1c0b8e4652d1907ac3be5f8846
  tokenSecret:
    name: stock-api
    key: token
"""),
    "old connection string in a comment": ("HM109 HM107", "environments/qa/values.yaml", """app:
  databaseSecret: qa-db
>  # DATABASE_URL: postgres://qa:Lyng_hei_4@qa-db:5432/shop
  replicas: 1
"""),
    # ---- HM110
    "sops left a token": ("HM110 HM101 HM402", "environments/prod/secrets.yaml", """db:
    username: ENC[AES256_GCM,data:Zq1nTw==,iv:0c3tWbq2U8m0mZbLh1v4K8r2v9Jr5Zt3kXq7Yw1dN0s=,tag:5n2R1sVnQ0wXcT8bYh3kLg==,type:str]
    password: ENC[AES256_GCM,data:r8Lz0QmX2vY=,iv:Jm4sVn8cQ2wTz7bX1kYh6Lg0Rt5pD3fU9aEoNiKqWxM=,tag:Wc2mQx8tYk1nZr5vLb7sDg==,type:str]
>webhookToken: hk-3vUz81Lmq0
sops:
    age:
        - recipient: age1u4f3z8l0n2rxk7yq5m6d9wts3ejhc2p8vgas7lr0qk4xu6t5zfnqy9m2d
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBtUjF4S0J2WnVxTHd0
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-11-05T09:12:44Z"
    mac: ENC[AES256_GCM,data:Qn7xTz2mLk==,iv:Vb3kXq9sYw1dN0sJm4cQ2wTz7bX1kYh6Lg0Rt5pD3fU=,tag:Yk1nZr5vLb7sDgWc2mQx8t==,type:str]
    encrypted_regex: ^(username|password)$
    version: 3.9.1
"""),
    "sops with an unencrypted suffix": ("HM110 HM101 HM201", "clusters/prod/apps/mailer/secret.sops.yaml", """apiVersion: v1
kind: Secret
metadata:
    name: mailer
    namespace: shop
stringData:
    SMTP_PASSWORD: ENC[AES256_GCM,data:9vQ1xLmZ,iv:Lg0Rt5pD3fU9aEoNiKqWxMJm4sVn8cQ2wTz7bX1kYh6=,tag:Dg5vLb7sWc2mQx8tYk1nZr==,type:str]
>    API_KEY_unencrypted: 4dX9-pLq2-Vt7z
sops:
    pgp:
        - created_at: "2024-03-02T08:00:11Z"
          enc: |-
            -----BEGIN PGP MESSAGE-----

            hQIMA2kq8Zt1vLw9AQ//c3VyX2xhX21lcg==
            -----END PGP MESSAGE-----
          fp: 3B6E2A90C1D4F57788A9BC0D1E2F3A4B5C6D7E8F
    lastmodified: "2024-03-02T08:00:12Z"
    mac: ENC[AES256_GCM,data:Tz2mLkQn7x==,iv:X1kYh6Lg0Rt5pD3fUVb3kXq9sYw1dN0sJm4cQ2wTz7b=,tag:Lb7sDgWc2mQx8tYk1nZr5v==,type:str]
    unencrypted_suffix: _unencrypted
    version: 3.8.1
"""),
    "sops in a dotenv": ("HM110 HM101 HM402", "deploy/prod.env", """DB_USER=ENC[AES256_GCM,data:mZbLh1v4,iv:0c3tWbq2U8m0mZbLh1v4K8r2v9Jr5Zt3kXq7Yw1dN0s=,tag:5n2R1sVnQ0wXcT8bYh3kLg==,type:str]
DB_PASSWORD=ENC[AES256_GCM,data:Q2wTz7bX,iv:Jm4sVn8cQ2wTz7bX1kYh6Lg0Rt5pD3fU9aEoNiKqWxM=,tag:Wc2mQx8tYk1nZr5vLb7sDg==,type:str]
>REDIS_PASSWORD=bL4nke-dager
sops_lastmodified=2024-10-01T10:10:10Z
sops_mac=ENC[AES256_GCM,data:Qn7xTz2mLk==,iv:Vb3kXq9sYw1dN0sJm4cQ2wTz7bX1kYh6Lg0Rt5pD3fU=,tag:Yk1nZr5vLb7sDgWc2mQx8t==,type:str]
sops_unencrypted_regex=^REDIS
sops_version=3.9.0
"""),
    # ---- HM201
    "committed Secret in a base of Kustomize": ("HM201", "deploy/base/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: orders-db
type: Opaque
stringData:
  username: orders
>  password: sKagerrak_5
  host: orders-db.data
"""),
    "committed Secret in base64": ("HM201", "gitops/apps/crm/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: crm
  namespace: crm
data:
  DB_USER: Y3Jt
>  DB_PASSWORD: bG9mb3Rlbi1NYWkxNw==
>  ENCRYPTION_KEY: OWYyYjdjNDFkMDhlNmEzNWYxYzBiN2UyOWQ0YTgzNjA=
"""),
    "secret of basic auth": ("HM201", "clusters/test/ingress-auth.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: preview-auth
  namespace: preview
type: kubernetes.io/basic-auth
stringData:
  username: preview
>  password: skjaer-gaard
"""),
    "repository of Argo CD": ("HM201", "argocd/repositories/charts.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: repo-charts
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  type: helm
  name: nordhafen
  url: https://charts.nordhafen.io
  username: argocd
>  password: uT6rwq93Lb
"""),
    "file of configuration in a Secret": ("HM201", "deploy/overlays/prod/app-config.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: billing-config
stringData:
  application.yaml: |
    server:
      port: 8080
    spring:
      datasource:
        url: jdbc:postgresql://billing-db:5432/billing
        username: billing
>        password: faktura.Sild3
"""),
    "secretGenerator of Kustomize": ("HM201 HM101", "deploy/overlays/staging/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: staging
resources:
  - ../../base
secretGenerator:
  - name: catalog
    literals:
      - DB_USER=catalog
>      - DB_PASSWORD=hjelm-og-Skjold
images:
  - name: registry.nordhafen.io/shop/catalog
    newTag: 2.4.0-rc1
"""),
    "Secret in a List": ("HM201 HM402", "backup/secrets-export.yaml", """apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: redis
      namespace: data
    type: Opaque
    data:
>      redis-password: WXEyWmJUbjZMdw==
"""),
    "default that everybody knows in a Secret": ("HM201 HM103", "k8s/mysql-secret.yml", """apiVersion: v1
kind: Secret
metadata:
  name: mysql
type: Opaque
stringData:
  mysql-user: shop
>  mysql-root-password: root
"""),
    "literal in the template of a Secret": ("HM201 HM301", "charts/vouchers/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "vouchers.fullname" . }}
  labels:
    {{- include "vouchers.labels" . | nindent 4 }}
type: Opaque
stringData:
  database: {{ .Values.database.name | quote }}
>  signing-key: "gavekort-9hTz2W"
"""),
    # ---- HM202
    "env of a Deployment of an in-house service": ("HM202", "k8s/returns/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: returns
  labels:
    app.kubernetes.io/name: returns
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: returns
  template:
    metadata:
      labels:
        app.kubernetes.io/name: returns
    spec:
      containers:
        - name: returns
          image: registry.nordhafen.io/shop/returns:0.9.4
          env:
            - name: DB_HOST
              value: returns-db
            - name: DB_USER
              value: returns
            - name: DB_PASSWORD
>              value: "strand.Krabbe8"
            - name: LOG_LEVEL
              value: info
"""),
    "init container and PGPASSWORD": ("HM202", "k8s/tax/job.yaml", """apiVersion: batch/v1
kind: Job
metadata:
  name: tax-import
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: wait
          image: postgres:16-alpine
          command: [sh, -c, "until pg_isready -h tax-db; do sleep 2; done"]
          env:
            - name: PGUSER
              value: tax
            - name: PGPASSWORD
>              value: moms25Prosent
      containers:
        - name: import
          image: registry.nordhafen.io/tax/import:3
"""),
    "CronJob with an AWS secret": ("HM202 HM102", "k8s/backup/cronjob.yaml", """apiVersion: batch/v1
kind: CronJob
metadata:
  name: etcd-backup
  namespace: kube-system
spec:
  schedule: "15 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: backup
              image: registry.nordhafen.io/infra/etcd-backup:1.2
              env:
                - name: AWS_DEFAULT_REGION
                  value: eu-north-1
                - name: AWS_SECRET_ACCESS_KEY
>                  value: nPImz6ZMSubwRQYUmA33IZiQcS0eeQ04LNP4YB5r
                - name: BUCKET
                  value: nh-etcd
"""),
    "StatefulSet of MySQL": ("HM202 HM103", "k8s/mysql/statefulset.yaml", """apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: mysql
spec:
  serviceName: mysql
  selector:
    matchLabels: {app: mysql}
  template:
    metadata:
      labels: {app: mysql}
    spec:
      containers:
        - name: mysql
          image: mysql:8.4
          env:
            - {name: MYSQL_DATABASE, value: shop}
>            - {name: MYSQL_ROOT_PASSWORD, value: root}
          ports:
            - containerPort: 3306
"""),
    "patch of Kustomize": ("HM202", "deploy/overlays/qa/patch-env.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
spec:
  template:
    spec:
      containers:
        - name: catalog
          env:
            - name: ALGOLIA_APP_ID
              value: QX3LZT71PB
            - name: ALGOLIA_ADMIN_KEY
>              value: 3a9f1c7be2d84056b1f79e0c4d2a8b63
            - name: FEATURE_SEARCH_V2
              value: "true"
"""),
    "patch of JSON 6902": ("HM202 HM101", "deploy/overlays/demo/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
patches:
  - target:
      kind: Deployment
      name: catalog
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value:
          name: SESSION_SECRET
>          value: tindestien-40
"""),
    "rendered Deployment of a chart": ("HM202", "rendered/prod/ledger.yaml", """---
# Source: ledger/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ledger
  labels:
    helm.sh/chart: ledger-4.2.0
    app.kubernetes.io/name: ledger
    app.kubernetes.io/instance: ledger
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ledger
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ledger
    spec:
      serviceAccountName: ledger
      containers:
        - name: ledger
          image: "registry.nordhafen.io/fin/ledger:4.2.0"
          env:
            - name: KAFKA_SASL_MECHANISM
              value: SCRAM-SHA-512
            - name: KAFKA_SASL_PASSWORD
>              value: "hovedbok/1814"
"""),
    "service of Knative": ("HM202", "k8s/thumbs/service.yaml", """apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: thumbs
spec:
  template:
    spec:
      containers:
        - image: registry.nordhafen.io/media/thumbs:1.0.3
          env:
            - name: CDN_PURGE_TOKEN
>              value: p8Rm20-xq7Lw
            - name: MAX_WIDTH
              value: "2048"
"""),
    "sidecar of oauth2-proxy": ("HM202", "k8s/wiki/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: wiki
spec:
  selector:
    matchLabels: {app: wiki}
  template:
    metadata:
      labels: {app: wiki}
    spec:
      containers:
        - name: wiki
          image: registry.nordhafen.io/wiki:7
        - name: oauth2-proxy
          image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
          args:
            - --provider=oidc
            - --oidc-issuer-url=https://login.nordhafen.io/realms/staff
            - --upstream=http://127.0.0.1:8080
          env:
            - name: OAUTH2_PROXY_CLIENT_ID
              value: wiki
            - name: OAUTH2_PROXY_CLIENT_SECRET
>              value: yH2vM8wLkT0cXq4n
            - name: OAUTH2_PROXY_COOKIE_SECRET
>              value: Zm7Qx2kR9vLw4TnYb8Hs3g==
"""),
    "literal in the env of a template": ("HM202 HM301", "charts/search/templates/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "search.fullname" . }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "search.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "search.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: search
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: ELASTIC_URL
              value: {{ .Values.elastic.url | quote }}
            - name: ELASTIC_PASSWORD
>              value: "lete-etter-Nal3"
"""),
    # ---- HM203
    "redis-server with requirepass": ("HM203", "k8s/redis/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis
spec:
  selector:
    matchLabels: {app: redis}
  template:
    metadata:
      labels: {app: redis}
    spec:
      containers:
        - name: redis
          image: redis:7.2
          args:
            - redis-server
            - --appendonly
            - "yes"
            - --requirepass
>            - bris-og-Kuling
"""),
    "migration job with a password in its arguments": ("HM203", "k8s/billing/migrate.yaml", """apiVersion: batch/v1
kind: Job
metadata:
  name: billing-migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: flyway
          image: flyway/flyway:10
          args:
            - -url=jdbc:postgresql://billing-db:5432/billing
            - -user=billing
>            - -password=Fl0tte_Flaate
            - migrate
"""),
    "curl in a CronJob": ("HM203", "k8s/crm/cron-reindex.yaml", """apiVersion: batch/v1
kind: CronJob
metadata:
  name: crm-reindex
spec:
  schedule: "30 1 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: curl
              image: curlimages/curl:8.8.0
              command:
                - /bin/sh
                - -c
>                - curl -fsS -u crm-cron:vG5tlq2X -X POST http://crm:8080/internal/reindex
"""),
    "mysqldump in a shell": ("HM203", "k8s/mysql/backup.yaml", """apiVersion: batch/v1
kind: CronJob
metadata:
  name: mysql-dump
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: dump
              image: mysql:8.4
              command: ["/bin/bash", "-c"]
              args:
                - |
                  set -e
                  F=/backup/shop-$(date +%F).sql.gz
>                  mysqldump -h mysql -u backup --password=Taakefyrste1 shop | gzip > "$F"
                  find /backup -mtime +14 -delete
              volumeMounts:
                - {name: backup, mountPath: /backup}
          volumes:
            - name: backup
              persistentVolumeClaim: {claimName: mysql-backup}
"""),
    "bearer in a Job": ("HM203", "k8s/hooks/notify.yaml", """apiVersion: batch/v1
kind: Job
metadata:
  name: notify-release
  annotations:
    helm.sh/hook: post-upgrade
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: notify
          image: curlimages/curl:8.8.0
          command: [curl]
          args:
            - -XPOST
            - -H
>            - "Authorization: Bearer 8fK2mQz7TxW0vLp4RnYc6Bs1"
            - https://events.nordhafen.io/releases
"""),
    "cluster secret of an exporter": ("HM203", "k8s/monitoring/exporter.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: rabbit-exporter
spec:
  selector:
    matchLabels: {app: rabbit-exporter}
  template:
    metadata:
      labels: {app: rabbit-exporter}
    spec:
      containers:
        - name: exporter
          image: registry.nordhafen.io/infra/rabbit-exporter:1
          command:
            - /exporter
            - --url=http://rabbitmq:15672
            - --user=monitor
>            - --password=Dypvann!40
            - --listen=:9419
"""),
    "arguments in values": ("HM203 HM101", "charts/agent/values.yaml", """agent:
  image: registry.nordhafen.io/ci/agent:5
  args:
    - --server=https://ci.nordhafen.io
    - --name=k8s
>    - --agent-secret=62b1f9a04cde7718b3
    - --work-dir=/work
"""),
    # ---- HM204
    "flat ConfigMap": ("HM204", "k8s/survey/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: survey-env
data:
  DB_HOST: mysql.data
  DB_PORT: "3306"
  DB_USERNAME: survey
>  DB_PASSWORD: spoerre-Und3
  CACHE_DRIVER: redis
"""),
    "application.properties": ("HM204", "k8s/orders/config.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-config
data:
  application.properties: |
    server.port=8080
    spring.datasource.url=jdbc:postgresql://orders-db:5432/orders
    spring.datasource.username=orders
>    spring.datasource.password=Varp.Anker12
    management.endpoints.web.exposure.include=health,prometheus
"""),
    "appsettings.json": ("HM204", "k8s/erp/appsettings.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: erp-appsettings
data:
  appsettings.Production.json: |
    {
      "Logging": { "LogLevel": { "Default": "Warning" } },
      "Smtp": {
        "Host": "smtp.nordhafen.io",
        "User": "erp",
>        "Password": "Kontorrotte-7"
      },
      "AllowedHosts": "*"
    }
"""),
    "ini of Grafana": ("HM204", "k8s/grafana/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: grafana-ini
data:
  grafana.ini: |
    [server]
    root_url = https://grafana.nordhafen.io
    [security]
    admin_user = ops
>    admin_password = utsikt_Fjell9
    [auth.anonymous]
    enabled = false
"""),
    "xml of a Maven settings": ("HM204", "k8s/jenkins/maven-settings.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: maven-settings
data:
  settings.xml: |
    <settings>
      <servers>
        <server>
          <id>nexus</id>
          <username>jenkins</username>
>          <password>Grunnlov1814x</password>
        </server>
      </servers>
    </settings>
"""),
    "redis.conf": ("HM204", "k8s/redis/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: redis-conf
data:
  redis.conf: |
    bind 0.0.0.0
    port 6379
    maxmemory 512mb
    maxmemory-policy allkeys-lru
>    requirepass Sm4rte-lodd
"""),
    "yaml of Prometheus' scraping": ("HM204", "k8s/prometheus/config.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: prometheus
data:
  prometheus.yml: |
    scrape_configs:
      - job_name: erp
        metrics_path: /metrics
        basic_auth:
          username: prom
>          password: maalepunkt.42x
        static_configs:
          - targets: [erp.nordhafen.io:443]
"""),
    "configMapGenerator": ("HM204 HM101", "deploy/base/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
configMapGenerator:
  - name: returns-env
    literals:
      - LOG_LEVEL=info
      - SMTP_USER=returns
>      - SMTP_PASSWORD=kai.Kant-55
"""),
    "password in a template of a ConfigMap": ("HM204 HM301", "charts/legacy-php/templates/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-php
data:
  config.php: |
    <?php
    $config['db_host'] = '{{ .Values.db.host }}';
    $config['db_user'] = '{{ .Values.db.user }}';
>    $config['db_password'] = 'tR8gammel-php';
"""),
    # ---- HM205
    "token in an annotation of a Deployment": ("HM205 HM102", "k8s/frontend/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
  annotations:
    nordhafen.io/owner: team-web
>    nordhafen.io/source-token: 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
spec:
  selector:
    matchLabels: {app: frontend}
  template:
    metadata:
      labels: {app: frontend}
    spec:
      containers:
        - name: web
          image: registry.nordhafen.io/web/frontend:12
"""),
    "basic auth in an annotation of an Ingress": ("HM205", "k8s/legacy/ingress.yaml", """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: legacy
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 20m
    nginx.ingress.kubernetes.io/configuration-snippet: |
>      proxy_set_header Authorization "Basic bGVnYWN5OlJvcl9rdWx0Nzc=";
spec:
  ingressClassName: nginx
  rules:
    - host: legacy.nordhafen.io
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: legacy
                port: {number: 80}
"""),
    "webhook of Slack for notifications of Argo CD": ("HM205 HM102 HM107", "argocd/apps/frontend.yaml", """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: frontend
  namespace: argocd
  annotations:
    argocd.argoproj.io/sync-wave: "3"
>    nordhafen.io/deploy-hook: https://hooks.slack.com/services/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
spec:
  project: web
  source:
    repoURL: https://gitlab.nordhafen.io/web/frontend.git
    path: deploy/overlays/prod
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""),
    # ---- HM206
    "mysqladmin in a probe": ("HM206 HM203", "k8s/mysql/probe.yaml", """apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: mysql
spec:
  serviceName: mysql
  selector:
    matchLabels: {app: mysql}
  template:
    metadata:
      labels: {app: mysql}
    spec:
      containers:
        - name: mysql
          image: mysql:8.4
          readinessProbe:
            exec:
              command:
                - mysqladmin
                - ping
                - -uroot
>                - --password=stille.Havn6
            periodSeconds: 10
"""),
    "redis-cli in a probe of a shell": ("HM206 HM203", "k8s/redis/statefulset.yaml", """apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
spec:
  serviceName: redis
  selector:
    matchLabels: {app: redis}
  template:
    metadata:
      labels: {app: redis}
    spec:
      containers:
        - name: redis
          image: redis:7.2
          livenessProbe:
            initialDelaySeconds: 15
            exec:
>              command: ["sh", "-c", "redis-cli -a bris-og-Kuling ping | grep PONG"]
"""),
    "header of a probe": ("HM206", "k8s/gateway/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: gateway
spec:
  selector:
    matchLabels: {app: gateway}
  template:
    metadata:
      labels: {app: gateway}
    spec:
      containers:
        - name: gateway
          image: registry.nordhafen.io/edge/gateway:3.1
          readinessProbe:
            httpGet:
              path: /status
              port: 8080
              httpHeaders:
                - name: Accept
                  value: application/json
                - name: X-Api-Key
>                  value: gw-51f0c7a29be3
"""),
    "preStop hook": ("HM206 HM203", "charts/queue/templates/statefulset.yaml", """apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "queue.fullname" . }}
spec:
  serviceName: {{ include "queue.fullname" . }}
  selector:
    matchLabels:
      {{- include "queue.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "queue.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: broker
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          lifecycle:
            preStop:
              exec:
                command:
                  - sh
                  - -c
>                  - curl -s -u admin:koe-Tall9 -XPOST http://localhost:8161/api/drain
"""),
    # ---- HM207
    "rendered password within a file of configuration": ("HM207 HM204", "rendered/staging/cart.yaml", """---
# Source: cart/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: cart
stringData:
  redis-password: hV7kurv_Nlq20
---
# Source: cart/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cart
data:
  cart.toml: |
    [cache]
    host = "redis"
>    auth = "hV7kurv_Nlq20"
"""),
    "rendered password in a neutral variable": ("HM207 HM202", "rendered/prod/bff.yaml", """---
# Source: bff/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: bff
  labels:
    app.kubernetes.io/managed-by: Helm
data:
  api-token: clQ1d0xxOFptWDJ2S2QwUA==
---
# Source: bff/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bff
  labels:
    app.kubernetes.io/managed-by: Helm
spec:
  selector:
    matchLabels: {app: bff}
  template:
    metadata:
      labels: {app: bff}
    spec:
      containers:
        - name: bff
          image: registry.nordhafen.io/web/bff:8
          env:
            - name: UPSTREAM
>              value: https://api.nordhafen.io/v2/rT5wLq8ZmX2vKd0P/feed
"""),
    "rendered password in the arguments": ("HM207 HM203", "rendered/prod/sync.yaml", """---
# Source: sync/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: sync
type: Opaque
stringData:
  password: Jq3-sildestim-80
---
# Source: sync/templates/cronjob.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: sync
spec:
  schedule: "*/20 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: sync
              image: registry.nordhafen.io/erp/sync:2
              args:
                - pull
                - --from=erp
>                - --login=sync/Jq3-sildestim-80
"""),
    # ---- HM208
    "release in a backup of the cluster": ("HM208", "backup/prod/release-orders.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: sh.helm.release.v1.orders.v14
  namespace: shop
  labels:
    modifiedAt: "1730794800"
    name: orders
    owner: helm
    status: deployed
    version: "14"
type: helm.sh/release.v1
data:
>  release: SDRzSUFBQUFBQUFDQTJWT1N3cURNQkM5U3BodUc0dkZsZGZvMXMyWWpEVmdQbVNpSU9MZG04UkZLVjA5M3BkM2dFTkwwQXZ3VVZOa3VBc3didkpaT1lBVHBwV0xxU2tzZmljTlovYlZqREhWZ0tXRUdoTlc4aiswWlRUZUZiRnQycTU1d2xuNzNrM21YVHVsUENKVEpiUG45QjJRZXJ6aUZwMlo2TEtrbElPN2laZGZvNkplWE1sSEloc1dUTVFQcHJnWlJjMk9kaG5jNzRlMnk3U2M1SUNxUHVYWkJ6Zy9MRE94eWdNQkFBQT0=
"""),
    # ---- HM209
    "exported Secret with last applied": ("HM209 HM201", "backup/prod/secret-orders-db.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: orders-db
  namespace: shop
  annotations:
>    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","data":{"password":"SGF2Ymxpa2stNjQ="},"kind":"Secret","metadata":{"annotations":{},"name":"orders-db","namespace":"shop"},"type":"Opaque"}'
  resourceVersion: "88123411"
  uid: 0b7a4e1c-93f2-4f5e-a6d8-1f2c3b4a5968
type: Opaque
data:
>  password: SGF2Ymxpa2stNjQ=
"""),
    "last applied in one line": ("HM209", "backup/test/secret-host.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: mailer-host
  namespace: shop
  annotations:
>    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"mailer-host","namespace":"shop"},"stringData":{"host":"smtp.nordhafen.io"},"type":"Opaque"}'
type: Opaque
data:
  host: c210cC5ub3JkaGFmZW4uaW8=
"""),
    # ---- HM210
    "ExternalSecret with a literal beside a fetched one": ("HM210", "gitops/apps/orders/externalsecret.yaml", """apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: orders
  namespace: shop
spec:
  refreshInterval: 1h
  secretStoreRef:
    kind: ClusterSecretStore
    name: vault
  target:
    name: orders
    template:
      engineVersion: v2
      data:
        DB_PASSWORD: "{{ .dbPassword }}"
>        REDIS_PASSWORD: tau.Verk-31
  data:
    - secretKey: dbPassword
      remoteRef:
        key: shop/orders
        property: db_password
"""),
    "ExternalSecret with a file of configuration": ("HM210", "gitops/apps/mailer/externalsecret.yaml", """apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: mailer
spec:
  secretStoreRef:
    kind: SecretStore
    name: aws
  target:
    template:
      data:
        mail.yaml: |
          host: smtp.nordhafen.io
          user: mailer
>          password: brev-Due_12
          apiKey: "{{ .apiKey }}"
  data:
    - secretKey: apiKey
      remoteRef:
        key: mailer/api
"""),
    "SealedSecret with a plain template": ("HM210", "clusters/prod/crm/sealed.yaml", """apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: crm
  namespace: crm
spec:
  encryptedData:
    db-password: AgBirf0GOxHxgkUwCfxW0bjMkqMYYGlapy0YcG1Aqibj93J58A3pcP5plvjSGsgxBHFIS5C00WPeXAxB4J7c1T/kOwL+sQX2sSDAv3eQL5b5ryKUkWhEsqYePMkrXpnf1BN0VG4R9CBms9BIIAuymeXVirAMjqk2Q+UuZryOMcR+sARFQrr+DoMtDMIUob8pZUqC7chQ0bo8b8BFUMc5QXRx0uCM5HPE78y0yifvccmvpRAE
  template:
    metadata:
      name: crm
      namespace: crm
    type: Opaque
    data:
      db-user: crm
>      api-token: kT20vQ-lx93-Ru
"""),
    # ---- HM211
    "password encoded twice": ("HM211", "k8s/loyalty/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: loyalty
type: Opaque
data:
>  password: UW05dWRYTXRjRzlsYm1jak1qQXlOQT09
"""),
    "token of an API encoded twice": ("HM211", "gitops/apps/search/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: search-admin
  namespace: shop
type: Opaque
data:
  app-id: UVgzTFpUNzFQQg==
>  admin-token: Y3psWGNVeHlNMVI2Vm00NE1WaHRTMlE9
"""),
    # ---- HM301
    "default of a password in a Secret": ("HM301", "charts/orders/templates/secret.yaml", """{{- if not .Values.database.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "orders.fullname" . }}-db
  labels:
    {{- include "orders.labels" . | nindent 4 }}
type: Opaque
data:
  username: {{ .Values.database.username | b64enc | quote }}
>  password: {{ default "Vesterled_30" .Values.database.password | b64enc | quote }}
{{- end }}
"""),
    "quote of a literal": ("HM301 HM201", "charts/cart/templates/redis-secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-redis
type: Opaque
data:
>  redis-password: {{ "handle.Vogn-5" | b64enc | quote }}
"""),
    "named template of a library chart": ("HM301", "library/base/templates/_secret.tpl", """{{/*
The password of the database.
*/}}
{{- define "base.dbPassword" -}}
>{{- .Values.db.password | default "fellesPass-2023" -}}
{{- end -}}

{{- define "base.dbHost" -}}
{{- .Values.db.host | default (printf "%s-db" .Release.Name) -}}
{{- end -}}
"""),
    "coalesce over global values": ("HM301", "charts/crm/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "crm.fullname" . }}
type: Opaque
stringData:
>  db-password: {{ coalesce .Values.db.password .Values.global.db.password "kunde_Register1" | quote }}
"""),
    "ternary with a password for development": ("HM301", "charts/identity/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "identity.fullname" . }}
type: Opaque
stringData:
>  signingKey: {{ ternary "utvikler-Nokkel-9" .Values.jwt.signingKey (eq .Values.environment "dev") | quote }}
"""),
    "variable of a template": ("HM301", "charts/queue/templates/secret.yaml", """>{{- $password := "kolonne-Staar77" }}
{{- $user := .Values.auth.user | default "queue" }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "queue.fullname" . }}
type: Opaque
stringData:
  user: {{ $user }}
  password: {{ $password | quote }}
"""),
    "changeme as the default of a template": ("HM301 HM103", "charts/wiki/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ template "wiki.fullname" . }}
  labels:
    app: {{ template "wiki.name" . }}
    release: {{ .Release.Name }}
type: Opaque
data:
>  wiki-password: {{ .Values.wikiPassword | default "changeme" | b64enc | quote }}
"""),
    "printf of a connection string with a literal": ("HM301 HM107", "charts/returns/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "returns.fullname" . }}
type: Opaque
stringData:
>  DATABASE_URL: {{ printf "postgres://returns:retur.Rett8@%s:5432/returns" .Values.db.host | quote }}
"""),
    "branch of if and else": ("HM301 HM201", "charts/payments/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "payments.fullname" . }}
type: Opaque
stringData:
  {{- if .Values.psp.apiKey }}
  apiKey: {{ .Values.psp.apiKey | quote }}
  {{- else }}
>  apiKey: "tst-0f93Kq7LmZ2x"
  {{- end }}
"""),
    "env default of a container": ("HM301", "charts/importer/templates/cronjob.yaml", """apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "importer.fullname" . }}
spec:
  schedule: {{ .Values.schedule | quote }}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: importer
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: SFTP_HOST
                  value: {{ .Values.sftp.host | quote }}
                - name: SFTP_PASSWORD
>                  value: {{ .Values.sftp.password | default "lasteRom-14" | quote }}
"""),
    "dict given to a template of the library": ("HM301", "charts/stock/templates/secrets.yaml", """>{{- include "base.secret" (dict "root" . "name" "stock" "password" "lager-Hylle-12") }}
---
{{- include "base.service" (dict "root" . "port" 8080) }}
"""),
    # ---- HM302
    "value in an env": ("HM302", "charts/feeds/templates/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "feeds.fullname" . }}
spec:
  selector:
    matchLabels:
      {{- include "feeds.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "feeds.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: feeds
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: FEED_USER
              value: {{ .Values.feed.user | quote }}
            - name: FEED_API_KEY
>              value: {{ .Values.feed.apiKey | quote }}
"""),
    "value in the arguments": ("HM302", "charts/exporter/templates/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: exporter
          image: {{ .Values.image }}
          args:
            - --listen=:9400
            - --user={{ .Values.rabbit.user }}
>            - --password={{ .Values.rabbit.password }}
"""),
    "value in a ConfigMap": ("HM302", "charts/pricing/templates/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "pricing.fullname" . }}
data:
  application.yml: |
    oracle:
      url: jdbc:oracle:thin:@{{ .Values.oracle.host }}:1521/{{ .Values.oracle.sid }}
      username: {{ .Values.oracle.user }}
>      password: {{ .Values.oracle.password }}
"""),
    "value in a URL of an env": ("HM302", "charts/catalog/templates/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "catalog.fullname" . }}
spec:
  selector:
    matchLabels:
      {{- include "catalog.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "catalog.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: catalog
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            - name: DATABASE_URL
>              value: "postgres://{{ .Values.db.user }}:{{ .Values.db.password }}@{{ .Values.db.host }}:5432/catalog"
"""),
    "value of a subchart in a ConfigMap": ("HM302", "umbrella/templates/shared-env.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: shared-env
data:
  DB_HOST: {{ .Release.Name }}-postgresql
  DB_NAME: {{ .Values.postgresql.auth.database | quote }}
>  DB_PASSWORD: {{ .Values.postgresql.auth.password | quote }}
"""),
    # ---- HM303
    "random password without lookup": ("HM303", "charts/cart/templates/secret.yaml", """{{- if not .Values.redis.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "cart.fullname" . }}-redis
type: Opaque
data:
  {{- if .Values.redis.password }}
  redis-password: {{ .Values.redis.password | b64enc }}
  {{- else }}
>  redis-password: {{ randAlphaNum 24 | b64enc }}
  {{- end }}
{{- end }}
"""),
    "random default": ("HM303", "charts/session-store/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
>  cookie-secret: {{ .Values.cookieSecret | default (randAlphaNum 32) | quote }}
"""),
    "uuid as a key": ("HM303", "charts/webhooks/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "webhooks.fullname" . }}
type: Opaque
stringData:
>  hmac-secret: {{ uuidv4 | quote }}
"""),
    # ---- HM304
    "kept by lookup in one line": ("HM304", "charts/inventory/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: inventory
type: Opaque
data:
>  password: {{ ((lookup "v1" "Secret" .Release.Namespace "inventory").data).password | default (randAlphaNum 20 | b64enc) }}
"""),
    "kept by lookup with a name of the release": ("HM304", "charts/tokens/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-token
  annotations:
    helm.sh/resource-policy: keep
type: Opaque
data:
>  token: {{ (get ((lookup "v1" "Secret" .Release.Namespace (printf "%s-token" .Release.Name)).data | default dict) "token") | default (randAlphaNum 40 | b64enc) | quote }}
"""),
    # ---- HM305
    "notes with user and password": ("HM305", "charts/wiki/templates/NOTES.txt", """Wiki {{ .Chart.AppVersion }} was installed into {{ .Release.Namespace }}.

Open https://{{ .Values.ingress.host }} and log in:

  User:     {{ .Values.admin.user }}
>  Password: {{ .Values.admin.password }}
"""),
    "notes with a connection string": ("HM305", "charts/dev-db/templates/NOTES.txt", """The database is reachable in the cluster under:

>  postgres://{{ .Values.auth.username }}:{{ .Values.auth.password }}@{{ include "dev-db.fullname" . }}:5432/{{ .Values.auth.database }}

To remove it: helm uninstall {{ .Release.Name }}
"""),
    "notes with a token in an example of curl": ("HM305", "charts/webhooks/templates/NOTES.txt", """Try the API:

  kubectl port-forward svc/{{ include "webhooks.fullname" . }} 8080:80
>  curl -H "X-Api-Token: {{ .Values.api.token }}" http://localhost:8080/v1/hooks
"""),
    "notes with a literal": ("HM305 HM301 HM101", "charts/dev-stack/templates/NOTES.txt", """The stack for development is up.

  RabbitMQ: http://rabbitmq.{{ .Values.domain }}
>  Log in with user shop and password: Kanin-hopp22
"""),
    # ---- HM306
    "htpasswd of a literal": ("HM306 HM301", "charts/preview/templates/basic-auth.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: {{ include "preview.fullname" . }}-auth
type: Opaque
data:
>  auth: {{ htpasswd "preview" "glimt-av-Sol9" | b64enc | quote }}
"""),
    "bcrypt of a literal": ("HM306 HM301", "charts/argocd-config/templates/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: argocd-secret
  namespace: argocd
type: Opaque
stringData:
>  admin.password: {{ bcrypt "Nordhafen-gitops!" | quote }}
  admin.passwordMtime: "2024-06-01T00:00:00Z"
"""),
    # ---- HM307
    "all values in a file of configuration": ("HM307", "library/base/templates/_configmap.tpl", """{{- define "base.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "base.fullname" . }}
  labels:
    {{- include "base.labels" . | nindent 4 }}
data:
  values.yaml: |
>    {{- .Values | toYaml | nindent 4 }}
{{- end -}}
"""),
    "all values as JSON": ("HM307", "charts/bff/templates/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "bff.fullname" . }}
data:
>  settings.json: {{ .Values | toJson | quote }}
"""),
    "all values of the root": ("HM307", "charts/dashboards/templates/debug.yaml", """{{- if .Values.debug }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-debug
data:
  chart: {{ .Chart.Name }}-{{ .Chart.Version }}
  all: |-
>{{ toYaml $.Values | indent 4 }}
{{- end }}
"""),
    # ---- HM308
    "fail shows the password": ("HM308", "charts/payments/templates/validate.yaml", """{{- if and .Values.psp.apiKey (not (hasPrefix "AQE" .Values.psp.apiKey)) }}
>{{- fail (printf "psp.apiKey must begin with AQE, but is %s" .Values.psp.apiKey) }}
{{- end }}
"""),
    "fail in a template of a library": ("HM308", "library/base/templates/_validate.tpl", """{{- define "base.validate" -}}
{{- if regexMatch "[^A-Za-z0-9]" .Values.db.password -}}
>{{- fail (printf "db.password %q holds characters that the driver does not take" .Values.db.password) -}}
{{- end -}}
{{- end -}}
"""),
    # ---- HM401
    "set in GitHub Actions": ("HM401", ".github/workflows/deploy.yml", """name: deploy
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: prod
    steps:
      - uses: actions/checkout@v4
      - uses: azure/setup-helm@v4
      - name: Deploy
        run: |
          helm upgrade --install orders charts/orders \\
            --namespace shop \\
            --set image.tag=${{ github.sha }} \\
>            --set database.password=sKute_Bris4 \\
            --wait
"""),
    "set-string in GitLab": ("HM401", ".gitlab-ci.yml", """stages: [build, deploy]
deploy:staging:
  stage: deploy
  image: alpine/helm:3.15.2
  environment: staging
  script:
    - helm dependency build charts/crm
>    - helm upgrade --install crm charts/crm -n crm --set-string image.tag=$CI_COMMIT_SHORT_SHA --set-string smtp.password=4419022
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
"""),
    "set in a Jenkinsfile": ("HM401", "Jenkinsfile", """pipeline {
  agent { label 'k8s' }
  stages {
    stage('Deploy') {
      steps {
        container('helm') {
>          sh "helm upgrade --install ledger ./charts/ledger -n fin --set image.tag=${env.BUILD_NUMBER} --set kafka.saslPassword=hovedbok99"
        }
      }
    }
  }
}
"""),
    "set in a Makefile": ("HM401", "Makefile", """NAMESPACE ?= dev
CHART := charts/catalog

.PHONY: lint deploy-dev
lint:
	helm lint $(CHART)

deploy-dev:
	helm upgrade --install catalog $(CHART) -n $(NAMESPACE) \\
		--set image.tag=latest \\
>		--set elasticsearch.auth.password=utvikl.Mer3
"""),
    "set in a script": ("HM401", "scripts/install-monitoring.sh", """#!/usr/bin/env bash
set -euo pipefail
helm repo add prometheus-community https://prometheus-community.github.io/helm-charts
helm repo update
helm upgrade --install kps prometheus-community/kube-prometheus-stack \\
  --namespace monitoring --create-namespace \\
  -f platform/kps/values.yaml \\
>  --set grafana.adminPassword='Utkikk-6mast'
"""),
    "set of Terraform": ("HM401", "terraform/keycloak.tf", """resource "helm_release" "keycloak" {
  name       = "keycloak"
  namespace  = "identity"
  repository = "oci://registry-1.docker.io/bitnamicharts"
  chart      = "keycloak"
  version    = "21.4.4"

  set {
    name  = "auth.adminUser"
    value = "ops"
  }
  set {
    name  = "auth.adminPassword"
>    value = "Noekkel.Knippe3"
  }
}
"""),
    "set of Terraform as a list": ("HM401", "terraform/modules/redis/main.tf", """resource "helm_release" "redis" {
  name       = "redis"
  repository = "https://charts.bitnami.com/bitnami"
  chart      = "redis"
  namespace  = var.namespace

  set = [
    { name = "architecture", value = "standalone" },
>    { name = "auth.password", value = "lynrask-Minne2" },
  ]
}
"""),
    "set of a release in helmfile": ("HM401 HM101", "helmfile.d/10-data.yaml", """releases:
  - name: mysql
    namespace: data
    chart: bitnami/mysql
    version: 11.1.2
    values:
      - values/mysql.yaml
    set:
      - name: primary.persistence.size
        value: 20Gi
      - name: auth.rootPassword
>        value: rotfeste-Dypt1
"""),
    "parameters of Argo CD": ("HM401 HM101", "argocd/apps/mailer.yaml", """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: mailer
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.nordhafen.io
    chart: mailer
    targetRevision: 3.0.1
    helm:
      parameters:
        - name: smtp.host
          value: smtp.nordhafen.io
        - name: smtp.password
>          value: konvolutt-Lim7
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
"""),
    "setValues of Skaffold": ("HM401 HM101", "skaffold.yaml", """apiVersion: skaffold/v4beta11
kind: Config
metadata:
  name: shop
build:
  artifacts:
    - image: registry.nordhafen.io/shop/cart
deploy:
  helm:
    releases:
      - name: cart
        chartPath: charts/cart
        namespace: dev
        setValues:
          replicaCount: 1
>          redis.password: handlekurv-Dev2
"""),
    "arguments of a pipeline of Azure": ("HM401", "azure-pipelines.yml", """trigger:
  branches:
    include: [main]
pool:
  vmImage: ubuntu-22.04
steps:
  - task: HelmDeploy@0
    displayName: Deploy media
    inputs:
      connectionType: Kubernetes Service Connection
      namespace: media
      command: upgrade
      chartType: FilePath
      chartPath: charts/media
      releaseName: media
>      arguments: --install --set cdn.purgeToken=r4V9kq-Lz20m --timeout 5m
"""),
    # ---- HM402
    "secrets of an environment": ("HM402 HM101", "environments/qa/secrets.yaml", """# values of the qa environment, merged after values.yaml
mailer:
  smtp:
    user: qa-mailer
>    password: prove.Rommet8
"""),
    "dotenv of production": ("HM402 HM101", "deploy/.env.production", """NODE_ENV=production
PORT=3000
DB_HOST=mysql.data
DB_USER=frontend
>DB_PASSWORD=Vindu_skodde5
"""),
    "decrypted file of sops": ("HM402 HM101", "environments/prod/secrets.yaml.dec", """redis:
  auth:
>    password: klar-Tekst_88
"""),
    "secrets of helm-secrets in a chart": ("HM402 HM101", "helm_vars/prod/secrets.prod.yaml", """ledger:
  kafka:
    saslUsername: ledger
>    saslPassword: bilag-Nr4417
"""),
    "file of sops that was never encrypted": ("HM402 HM101", "clusters/prod/apps/crm/crm.enc.yaml", """crm:
  database:
    user: crm
>    password: avtale.Bok-19
"""),
    # ---- HM403
    "registry login in GitLab": ("HM403", "ci/templates/push-chart.yml", """.push-chart:
  image: alpine/helm:3.15.2
  script:
    - helm package charts/$CHART --version $CI_COMMIT_TAG
>    - helm registry login registry.nordhafen.io -u ci-push -p 'Lastebil-kran4'
    - helm push $CHART-$CI_COMMIT_TAG.tgz oci://registry.nordhafen.io/charts
"""),
    "repo add with a password": ("HM403", "scripts/repos.sh", """#!/bin/sh
set -e
>helm repo add nordhafen https://charts.nordhafen.io --username reader --password 'lese.Tilgang12'
helm repo add bitnami https://charts.bitnami.com/bitnami
helm repo update
"""),
    "docker login in CircleCI": ("HM403", ".circleci/config.yml", """version: 2.1
jobs:
  build:
    docker:
      - image: cimg/base:2024.06
    steps:
      - checkout
      - setup_remote_docker
      - run:
          name: Push image
          command: |
>            docker login -u nordhafen-ci -p bygg_Stein90 registry.nordhafen.io
            docker build -t registry.nordhafen.io/web/frontend:$CIRCLE_SHA1 .
            docker push registry.nordhafen.io/web/frontend:$CIRCLE_SHA1
workflows:
  main:
    jobs: [build]
"""),
    "clone with a password": ("HM403 HM107", "scripts/bump-gitops.sh", """#!/usr/bin/env bash
set -euo pipefail
TAG="$1"
WORK="$(mktemp -d)"
>git clone --depth 1 https://gitops-bot:Rydde.Gutt31@gitlab.nordhafen.io/platform/gitops.git "$WORK"
cd "$WORK"
yq -i ".image.tag = \\"$TAG\\"" apps/orders/values.yaml
git commit -am "orders $TAG"
git push
"""),
    "upload to ChartMuseum": ("HM403", "Jenkinsfile.charts", """pipeline {
  agent any
  stages {
    stage('Package') {
      steps { sh 'helm package charts/* -d dist' }
    }
    stage('Publish') {
      steps {
>        sh 'curl --fail -u publisher:kart.Ark-15 --data-binary @dist/orders-1.14.2.tgz https://charts.nordhafen.io/api/charts'
      }
    }
  }
}
"""),
    "pull secret made by a script": ("HM403 HM108", "scripts/pull-secret.sh", """#!/usr/bin/env bash
set -euo pipefail
for ns in shop crm fin; do
  kubectl -n "$ns" create secret docker-registry regcred \\
    --docker-server=registry.nordhafen.io \\
    --docker-username=k8s-pull \\
>    --docker-password=Trekkfugl-62 \\
    --dry-run=client -o yaml | kubectl apply -f -
done
"""),
    "generic Secret made in a workflow": ("HM403", ".github/workflows/preview.yaml", """name: preview
on: pull_request
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Namespace
        run: kubectl create namespace pr-${{ github.event.number }}
      - name: Secret
>        run: kubectl -n pr-${{ github.event.number }} create secret generic db --from-literal=password=forhaand.Syn3
"""),
    "vault login": ("HM403 HM102", "scripts/seed-vault.sh", """#!/usr/bin/env bash
set -euo pipefail
export VAULT_ADDR=https://vault.nordhafen.io
>vault login hvs.CAESI8si1nfs7Dn7s6DkXzwzR7tTMAGM5apsKhSASunkCnsE0mxqlSloBAN1fVt2x8MkpcpEV1uh6fDnzl2KMr0IM7PljKD
vault kv put shop/orders db_password="$ORDERS_DB_PASSWORD"
"""),
    "address of a repository in helmfile": ("HM403 HM107", "helmfile.d/01-repositories.yaml", """repositories:
  - name: nordhafen
    url: https://charts.nordhafen.io
  - name: partner
>    url: https://nordhafen:Samarbeid-11@charts.partner.example/stable
"""),
    "password of a repository in helmfile": ("HM403 HM101 HM108", "helmfile.d/02-repositories.yaml", """repositories:
  - name: nordhafen
    url: registry.nordhafen.io/charts
    oci: true
    username: helmfile
>    password: tau-stige_5m
  - name: grafana
    url: https://grafana.github.io/helm-charts
"""),
    "variables of a job in GitLab": ("HM403 HM101 HM108", "ci/deploy-vars.gitlab-ci.yml", """variables:
  HELM_VERSION: 3.15.2
  KUBE_NAMESPACE: shop
>  REGISTRY_PASSWORD: "Havnelager-30"
deploy:
  image: alpine/helm:$HELM_VERSION
  script:
    - helm upgrade --install cart charts/cart -n $KUBE_NAMESPACE
"""),
    "environment of a workflow": ("HM403 HM101 HM202", ".github/workflows/test.yml", """name: test
on: [push]
jobs:
  integration:
    runs-on: ubuntu-latest
    env:
      PGHOST: qa-db.nordhafen.io
      PGUSER: qa
>      PGPASSWORD: proveBenk-73
    steps:
      - uses: actions/checkout@v4
      - run: make integration
"""),
    # ---- HM404
    "suppression without a reason": ("HM404", "charts/demo/values.yaml", """replicaCount: 1
>tag: 1.0.0 # helm-me:allow HM103
ingress:
  enabled: false
"""),
    "suppression of nothing": ("HM404", "charts/orders/values-dev.yaml", """database:
  host: localhost
>  # helm-me:allow HM107 the address of the local database
  existingSecret: orders-db
  name: orders
"""),
    "suppression without a reason above a password": ("HM404 HM101", "charts/sandbox/values.yaml", """auth:
  username: sandbox
>  # helm-me:allow HM101
>  password: sandKasse-Spade4
persistence:
  enabled: false
"""),
    "release in a list of exported Secrets": ("HM208", "backup/test/releases.yaml", """apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: sh.helm.release.v1.cart.v3
      namespace: shop
      labels: {name: cart, owner: helm, status: superseded, version: "3"}
    type: helm.sh/release.v1
    data:
>      release: SDRzSUFBQUFBQUFDQTEyTU9RNkFNQXdFdjRLMlJoR0lqdDlZaVJFcGNnZ2JHcFMvRTlOQk9mYnMzTWlVR09zQVQ0ZGlIQkR6VmpyZkVDVTl4VjV5Vmo2RUF3ZTBidmpkVkZNU0t3VlNldUVmdXZvbWxteW54YzF1UXJOeG9odzNGdHZqYXkyZHJDR1YvQnVTdlZTMEJ5Y2FGbW1pQUFBQQ==
"""),
    "crm's api key beside its Secret": ("HM104", "environments/prod/crm.yaml", """crm:
  replicaCount: 2
  api:
    url: https://partner.example/api
>    apiKey: px-77f0aK2mQz91
    existingSecret: crm-partner-api
    existingSecretKey: api-key
"""),
    "hash of a literal for a user of the registry": ("HM306 HM301", "charts/docker-registry/templates/htpasswd.yaml", """{{- if .Values.auth.enabled }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "docker-registry.fullname" . }}-htpasswd
type: Opaque
stringData:
>  htpasswd: {{ printf "ci:%s" (bcrypt "Kranfoerer-20t") | quote }}
{{- end }}
"""),
    "fail with a token of the values": ("HM308", "charts/feeds/templates/check.yaml", """{{- if not (kindIs "string" .Values.feed.apiToken) }}
>{{- fail (printf "feed.apiToken must be a string, got %v" .Values.feed.apiToken) }}
{{- end }}
"""),
    "kept by lookup with a variable": ("HM304", "charts/wiki/templates/admin-secret.yaml", """>{{- $current := lookup "v1" "Secret" .Release.Namespace (include "wiki.secretName" .) }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "wiki.secretName" . }}
type: Opaque
data:
  {{- if $current }}
  admin-password: {{ index $current.data "admin-password" }}
  {{- else }}
  admin-password: {{ randAlphaNum 20 | b64enc }}
  {{- end }}
"""),
}

CLEAN = {
    "values with an existing Secret": ("charts/orders/values.yaml", """replicaCount: 2
image:
  repository: registry.nordhafen.io/shop/orders
  tag: 1.14.2
  pullPolicy: IfNotPresent
imagePullSecrets:
  - name: regcred
database:
  host: orders-db.data
  port: 5432
  username: orders
  password: ""
  existingSecret: orders-db
  existingSecretPasswordKey: db-password
redis:
  host: redis-master.data
  auth:
    existingSecret: redis
    existingSecretKey: redis-password
serviceAccount:
  create: true
  automountServiceAccountToken: false
"""),
    "env from Secrets in values of a library chart": ("charts/ledger/values.yaml", """base:
  env:
    - name: KAFKA_BROKERS
      value: kafka-0.kafka:9092
    - name: KAFKA_SASL_PASSWORD
      valueFrom:
        secretKeyRef:
          name: ledger-kafka
          key: password
    - name: DB_PASSWORD_FILE
      value: /run/secrets/db/password
    - name: TOKEN_AUDIENCE
      value: https://api.nordhafen.io
  envFrom:
    - secretRef:
        name: ledger-env
    - configMapRef:
        name: ledger-config
  volumes:
    - name: db
      secret:
        secretName: ledger-db
        items:
          - key: password
            path: password
"""),
    "placeholders of the plugin of Vault": ("environments/prod/avp-values.yaml", """global:
  domain: nordhafen.io
mailer:
  smtp:
    host: smtp.nordhafen.io
    user: <path:kv/data/shop/mailer#user>
    password: <path:kv/data/shop/mailer#password>
identity:
  jwt:
    signingKey: <path:kv/data/identity#signing-key | base64encode>
  oidc:
    clientId: shop
    clientSecret: <client-secret>
"""),
    "annotations of the plugin of Vault": ("gitops/apps/mailer/secret.yaml", """apiVersion: v1
kind: Secret
metadata:
  name: mailer
  namespace: shop
  annotations:
    avp.kubernetes.io/path: kv/data/shop/mailer
    avp.kubernetes.io/secret-version: "4"
type: Opaque
stringData:
  SMTP_USER: <user>
  SMTP_PASSWORD: <password>
  API_TOKEN: <api-token>
"""),
    "references of vals": ("environments/prod/values.yaml.gotmpl", """domain: nordhafen.io
postgresql:
  auth:
    username: shop
    password: ref+vault://kv/shop/postgresql#/password
    postgresPassword: ref+vault://kv/shop/postgresql#/postgres-password
grafana:
  adminPassword: {{ fetchSecretValue "ref+awssecrets://prod/grafana#/admin" | quote }}
stripe:
  secret: {{ requiredEnv "STRIPE_SECRET" | quote }}
sentry:
  dsn: ref+gcpsecrets://nordhafen-prod/sentry-dsn
"""),
    "file of sops": ("environments/staging/secrets.yaml", """database:
    password: ENC[AES256_GCM,data:r8Lz0QmX2vY=,iv:Jm4sVn8cQ2wTz7bX1kYh6Lg0Rt5pD3fU9aEoNiKqWxM=,tag:Wc2mQx8tYk1nZr5vLb7sDg==,type:str]
smtp:
    user: ENC[AES256_GCM,data:Zq1nTw==,iv:0c3tWbq2U8m0mZbLh1v4K8r2v9Jr5Zt3kXq7Yw1dN0s=,tag:5n2R1sVnQ0wXcT8bYh3kLg==,type:str]
    password: ENC[AES256_GCM,data:Q2wTz7bX,iv:V8cQ2wTz7bX1kYh6Lg0Rt5pD3fU9aEoNiKqWxMJm4sQ=,tag:Qx8tYk1nZr5vLb7sDgWc2m==,type:str]
sops:
    kms: []
    age:
        - recipient: age1u4f3z8l0n2rxk7yq5m6d9wts3ejhc2p8vgas7lr0qk4xu6t5zfnqy9m2d
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBtUjF4S0J2WnVxTHd0
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-11-05T09:12:44Z"
    mac: ENC[AES256_GCM,data:Qn7xTz2mLk==,iv:Vb3kXq9sYw1dN0sJm4cQ2wTz7bX1kYh6Lg0Rt5pD3fU=,tag:Yk1nZr5vLb7sDgWc2mQx8t==,type:str]
    unencrypted_suffix: _unencrypted
    version: 3.9.1
"""),
    "rules of sops": (".sops.yaml", """creation_rules:
  - path_regex: environments/prod/.*secrets.*\\.yaml$
    encrypted_regex: ^(data|stringData|.*[pP]assword|.*[tT]oken|.*[sS]ecret)$
    age: age1u4f3z8l0n2rxk7yq5m6d9wts3ejhc2p8vgas7lr0qk4xu6t5zfnqy9m2d
  - path_regex: environments/staging/.*
    kms: arn:aws:kms:eu-north-1:123456789012:key/3c5f7a90-1b2d-4e6f-8a9b-0c1d2e3f4a5b
  - path_regex: clusters/.*\\.sops\\.yaml$
    pgp: 3B6E2A90C1D4F57788A9BC0D1E2F3A4B5C6D7E8F
  - path_regex: charts/.*/ci/secrets\\.yaml$
    hc_vault_transit_uri: https://vault.nordhafen.io/v1/transit/keys/sops
stores:
  yaml:
    indent: 2
"""),
    "ExternalSecret of an in-house service": ("gitops/apps/crm/externalsecret.yaml", """apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: crm
  namespace: crm
spec:
  refreshInterval: 30m
  secretStoreRef:
    kind: ClusterSecretStore
    name: vault-kv
  target:
    name: crm
    creationPolicy: Owner
    deletionPolicy: Retain
    template:
      engineVersion: v2
      data:
        DATABASE_URL: "postgres://{{ .username }}:{{ .password }}@crm-db:5432/crm"
        token: "{{ .apiToken | trim }}"
  data:
    - secretKey: username
      remoteRef: {key: crm/db, property: username}
    - secretKey: password
      remoteRef: {key: crm/db, property: password}
    - secretKey: apiToken
      remoteRef: {key: crm/api, property: token}
"""),
    "store of secrets with Kubernetes' login": ("platform/external-secrets/store.yaml", """apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault-kv
spec:
  provider:
    vault:
      server: https://vault.nordhafen.io
      path: kv
      version: v2
      auth:
        kubernetes:
          mountPath: kubernetes-prod
          role: external-secrets
          serviceAccountRef:
            name: external-secrets
            namespace: external-secrets
            audiences: [vault]
"""),
    "SealedSecret": ("clusters/prod/shop/sealed-cart.yaml", """apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: cart
  namespace: shop
  annotations:
    sealedsecrets.bitnami.com/managed: "true"
spec:
  encryptedData:
    redis-password: AgANs17KoJaIG64r3nbRrgTTcctcPnJ+6wpkFIiWwqlw1yKMlXgBQpWo5Wx5J6X2iRhY4Njl0npNVpnF81KSDKYDS4bcN2lN1jSLEa3lSdRD2XEOlwkCoD/XJDJWhVlOnOUlgzodwL1iA1Ba9wWdoezCo4UAaWfNFGZMVmpRJ5D+PQQMyN2rqaNtt38wBUW5ACNvL7Rhx5Sucan/aNpjDajU7W4a343zIAQftfBJKQPYF0q6
    api-token: AgCLmKguV0RZfJKeHvoUEfjzOLoA2ia0aBRkU/OO/xINqUhIMKhZhJXWe0FfX9WxcklmPIw/IDJM/kg4Z5Q8kWR5Tngt/ZtKNWeVIbrUrItHIDHRi6VYJRvYPhzpAjqNdNWHg8jVx0tPDC9Ay382R37QM9snFX5zsen+6tgutD+CZD5+Pi9yWqSRcPRTq7QGrwEHo9W3LLc3MBBSckQkIeNMx/wvUw1nYZ40xrNQH3AdMoCt
  template:
    metadata:
      name: cart
      namespace: shop
    type: Opaque
"""),
    "class of secrets of the CSI driver": ("k8s/payments/secretproviderclass.yaml", """apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: payments
spec:
  provider: azure
  parameters:
    keyvaultName: nh-payments
    tenantId: 5e1f0c77-93b2-4d0a-8f64-2b7c9d1e3a55
    clientID: 0a9b8c7d-6e5f-4d3c-9b2a-1f0e9d8c7b6a
    objects: |
      array:
        - |
          objectName: psp-api-key
          objectType: secret
        - |
          objectName: db-password
          objectType: secret
  secretObjects:
    - secretName: payments
      type: Opaque
      data:
        - objectName: db-password
          key: DB_PASSWORD
"""),
    "agent of Vault": ("k8s/erp/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: erp
spec:
  selector:
    matchLabels: {app: erp}
  template:
    metadata:
      labels: {app: erp}
      annotations:
        vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/role: erp
        vault.hashicorp.com/agent-inject-secret-db: kv/data/erp/db
        vault.hashicorp.com/agent-inject-template-db: |
          {{- with secret "kv/data/erp/db" -}}
          export DB_PASSWORD="{{ .Data.data.password }}"
          {{- end }}
        vault.hashicorp.com/agent-inject-token: "false"
    spec:
      serviceAccountName: erp
      containers:
        - name: erp
          image: registry.nordhafen.io/erp/erp:9
          command: ["/bin/sh", "-c", ". /vault/secrets/db && exec /app/erp"]
"""),
    "webhook of bank-vaults": ("environments/prod/bank-vaults.yaml", """worker:
  podAnnotations:
    vault.security.banzaicloud.io/vault-addr: https://vault.nordhafen.io:8200
    vault.security.banzaicloud.io/vault-role: worker
    vault.security.banzaicloud.io/vault-tls-secret: vault-tls
  env:
    DB_USER: worker
    DB_PASSWORD: vault:kv/data/worker#db_password
    SMTP_PASSWORD: vault:kv/data/worker#smtp_password
    AWS_SECRET_ACCESS_KEY: vault:aws/creds/worker#secret_key
"""),
    "Deployment of a template with references": ("charts/orders/templates/deployment.yaml", """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "orders.fullname" . }}
  labels:
    {{- include "orders.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "orders.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
      labels:
        {{- include "orders.selectorLabels" . | nindent 8 }}
    spec:
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            - name: DB_USER
              value: {{ .Values.database.username | quote }}
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ default (printf "%s-db" (include "orders.fullname" .)) .Values.database.existingSecret }}
                  key: {{ .Values.database.existingSecretPasswordKey | default "db-password" }}
            - name: DATABASE_URL
              value: postgres://$(DB_USER):$(DB_PASSWORD)@{{ .Values.database.host }}:5432/orders
"""),
    "names of Secrets in a library": ("library/base/templates/_names.tpl", """{{/* The name of the Secret that holds the credentials. */}}
{{- define "base.secretName" -}}
{{- if .Values.existingSecret -}}
{{- tpl .Values.existingSecret . -}}
{{- else -}}
{{- printf "%s-credentials" (include "base.fullname" .) -}}
{{- end -}}
{{- end -}}

{{/* The key of the password in it. */}}
{{- define "base.passwordKey" -}}
{{- .Values.existingSecretPasswordKey | default "password" -}}
{{- end -}}

{{- define "base.tokenSecret" -}}
{{- default "service-token" .Values.token.secretName -}}
{{- end -}}
"""),
    "Secret of a template with required": ("charts/crm/templates/secret.yaml", """{{- if not .Values.db.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "crm.fullname" . }}
  labels:
    {{- include "crm.labels" . | nindent 4 }}
type: Opaque
stringData:
  db-user: {{ .Values.db.user | default "crm" | quote }}
  db-password: {{ required "db.password or db.existingSecret is needed" .Values.db.password | quote }}
  {{- with .Values.smtp.password }}
  smtp-password: {{ . | quote }}
  {{- end }}
  db-host: {{ .Values.db.host | default "crm-db" | quote }}
{{- end }}
"""),
    "Secret made of a map": ("library/base/templates/_secret.tpl", """{{- define "base.secret" -}}
{{- if .Values.secrets }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "base.fullname" . }}
  labels:
    {{- include "base.labels" . | nindent 4 }}
type: Opaque
data:
  {{- range $key, $value := .Values.secrets }}
  {{ $key }}: {{ tpl ($value | toString) $ | b64enc | quote }}
  {{- end }}
{{- end }}
{{- end -}}
"""),
    "notes that tell the command": ("charts/wiki/templates/NOTES.txt", """{{ .Chart.Name }} {{ .Chart.AppVersion }} runs in {{ .Release.Namespace }}.

User: {{ .Values.admin.user }}
Read the password:

  kubectl get secret -n {{ .Release.Namespace }} {{ include "wiki.secretName" . }} \\
    -o jsonpath="{.data.admin-password}" | base64 -d; echo

{{- if not .Values.admin.existingSecret }}
WARNING: no existing Secret was named in admin.existingSecret, so the password is in the release.
{{- end }}
Then open https://{{ .Values.ingress.host }}/login?reset_password=true
"""),
    "checks of values": ("charts/payments/templates/validate.yaml", """{{- if and (not .Values.psp.existingSecret) (not .Values.psp.apiKey) }}
{{- fail "psp.apiKey or psp.existingSecret must be set" }}
{{- end }}
{{- if and .Values.psp.apiKey (lt (len .Values.psp.apiKey) 20) }}
{{- fail "psp.apiKey is too short: 20 characters are the least" }}
{{- end }}
{{- if not (has .Values.psp.provider (list "adyen" "stripe" "nets")) }}
{{- fail (printf "psp.provider %s is not known" .Values.psp.provider) }}
{{- end }}
{{- if and .Values.tls.enabled (not .Values.tls.secretName) }}
{{- fail "tls.secretName must name a Secret of type kubernetes.io/tls" }}
{{- end }}
"""),
    "schema of values": ("charts/orders/values.schema.json", """{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["database"],
  "properties": {
    "database": {
      "type": "object",
      "properties": {
        "host": {"type": "string", "default": "orders-db"},
        "password": {
          "type": "string",
          "title": "Password",
          "description": "the password of the user; leave it empty with existingSecret",
          "minLength": 12
        },
        "existingSecret": {"type": "string", "pattern": "^[a-z0-9-]+$"}
      }
    },
    "apiToken": {"$ref": "#/definitions/token"}
  },
  "definitions": {
    "token": {"type": "string", "format": "password"}
  }
}
"""),
    "README of a chart": ("charts/orders/README.md", """# orders

| Key | Type | Default | Description |
|-----|------|---------|-------------|
| database.host | string | `"orders-db"` | host of the database |
| database.password | string | `""` | its password, if no Secret is named |
| database.existingSecret | string | `""` | Secret with the key `db-password` |
| token.ttl | string | `"15m"` | how long a token is valid |

## Install

```console
kubectl create secret generic orders-db --from-literal=db-password="$(pass show orders/db)"
helm upgrade --install orders nordhafen/orders --set database.existingSecret=orders-db
```
"""),
    "feature switches and durations": ("charts/identity/values.yaml", """auth:
  passwordLogin: true
  passwordMinLength: 12
  passwordResetEnabled: false
  passwordPolicy: upperCase(1) and digits(1) and notUsername
  tokenTtl: 900
  refreshTokenLifetime: 720h
  tokenIssuer: https://id.nordhafen.io
  tokenHeader: X-Auth-Token
  accessTokenType: jwt
  secretRotation: disabled
  apiKeyHeaderName: X-Api-Key
  secretBackend: vault
  credentialsMode: kubernetes
session:
  cookieName: NHSID
  secretFrom:
    name: identity-session
    key: cookie
"""),
    "public keys and certificates": ("charts/gateway/values.yaml", """jwt:
  publicKey: |
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEALzv9DraDIuPFa39EDJbMUK8IyUa91uiiTCTl/qU5wFc=
    -----END PUBLIC KEY-----
tls:
  secretName: gateway-tls
  ca: |
    -----BEGIN CERTIFICATE-----
    MIIBgzCCASmgAwIBAgIUUH5kFfujzaDTq8/ZhIPebOATP2EwCgYIKoZIzj0EAwIw
    FzEVMBMGA1UEAwwMbm9yZGhhZmVuLmlvMB4XDTI2MTEyNTA2NTg1NloXDTI3MTEy
    NTA2NTg1NlowFzEVMBMGA1UEAwwMbm9yZGhhZmVuLmlvMFkwEwYHKoZIzj0CAQYI
    KoZIzj0DAQcDQgAEWMMARTHQoVF2VYxCziAkTdEgtX5b315lCiSpzV45dwZoc3r/
    rMIhAIR4a4ihafzu8e3fe3XsuY/9THdYmI4ncqNTMFEwHQYDVR0OBBYEFCZxqy3v
    040bS35JPj+XidCk5XUeMB8GA1UdIwQYMBaAFCZxqy3v040bS35JPj+XidCk5XUe
    MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhALioR7c/wjjskox8
    rOItBP2V6u/Ego9WTNs1PSqpP7PoAiBjrJXkUXcgd0Xpvvb5UVNp98aJ9cmWYagr
    VIomKbvHag==
    -----END CERTIFICATE-----
ssh:
  authorizedKeys:
    - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL5wa8sRMSb+6cSqMXT3TA7cWLXjJTOIKRRduokrIFm8 deploy@nordhafen
  knownHosts: gitlab.nordhafen.io ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA28qthh/SplSO8E52ZWT91BmB9QU+Cz+VTnTrYTWW0O
"""),
    "digests and checksums": ("environments/prod/images.yaml", """images:
  orders:
    repository: registry.nordhafen.io/shop/orders
    digest: sha256:c1e09ca2cee8ffad68cf4681853e58375b722493e9e130f392b5d824c8467cb0
  cart:
    repository: registry.nordhafen.io/shop/cart
    tag: 3.1.0-g7715d3b
plugins:
  - name: redis-datasource
    url: https://plugins.nordhafen.io/redis-2.2.0.zip
    sha256: 98a75a6630deedd38693c6590173b7e9e82dee19c8a4cd4fa4a0291abf759210
git:
  commit: 4d980775a2aad114cc4665102fc071a869584742
  repo: https://gitlab.nordhafen.io/shop/orders.git
  keyId: 4AEE18F83AFDEB23
"""),
    "deploy of GitHub Actions with its secrets": (".github/workflows/release.yml", """name: release
on:
  push:
    tags: ["v*"]
permissions:
  contents: read
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      DB_PASSWORD: ${{ secrets.DB_PASSWORD }}
      GH_TOKEN: ${{ github.token }}
    steps:
      - uses: actions/checkout@v4
        with:
          token: ${{ secrets.CHARTS_PAT }}
          persist-credentials: false
      - uses: docker/login-action@v3
        with:
          registry: registry.nordhafen.io
          username: ci
          password: ${{ secrets.REGISTRY_PASSWORD }}
      - name: Deploy
        run: |
          echo "$KUBECONFIG_DATA" | base64 -d > kubeconfig
          helm upgrade --install orders charts/orders \\
            --set image.tag="${GITHUB_REF_NAME}" \\
            --set database.password="$DB_PASSWORD" \\
            --set smtp.password=${{ secrets.SMTP_PASSWORD }}
        env:
          KUBECONFIG_DATA: ${{ secrets.KUBECONFIG }}
"""),
    "pipeline of GitLab with masked variables": (".gitlab-ci.yml", """stages: [package, deploy]
variables:
  CHART: orders
  DOCKER_AUTH_CONFIG: $DOCKER_AUTH
  SECRET_DETECTION_ENABLED: "true"
default:
  image: alpine/helm:3.15.2
package:
  stage: package
  script:
    - helm package charts/$CHART --version "$CI_COMMIT_TAG"
    - echo "$CI_REGISTRY_PASSWORD" | helm registry login "$CI_REGISTRY" -u "$CI_REGISTRY_USER" --password-stdin
    - 'curl --fail --header "JOB-TOKEN: $CI_JOB_TOKEN" --upload-file $CHART-$CI_COMMIT_TAG.tgz "$CI_API_V4_URL/projects/$CI_PROJECT_ID/packages/helm/stable/$CHART"'
deploy:
  stage: deploy
  id_tokens:
    VAULT_ID_TOKEN:
      aud: https://vault.nordhafen.io
  secrets:
    DB_PASSWORD:
      vault: shop/orders/db_password@kv
      file: false
      token: $VAULT_ID_TOKEN
  script:
    - helm upgrade --install $CHART charts/$CHART --set-string database.password="${DB_PASSWORD}"
"""),
    "Jenkinsfile with credentials": ("Jenkinsfile", """pipeline {
  agent { label 'k8s' }
  environment {
    REGISTRY = credentials('registry-nordhafen')
    SONAR_TOKEN = credentials('sonar-token')
  }
  stages {
    stage('Login') {
      steps {
        sh 'echo $REGISTRY_PSW | docker login -u $REGISTRY_USR --password-stdin registry.nordhafen.io'
      }
    }
    stage('Deploy') {
      steps {
        withCredentials([string(credentialsId: 'crm-db-password', variable: 'DB_PASSWORD')]) {
          sh 'helm upgrade --install crm charts/crm --set image.tag=$BUILD_NUMBER --set db.password=$DB_PASSWORD'
        }
        withCredentials([usernamePassword(credentialsId: 'git-bot', usernameVariable: 'GIT_USER', passwordVariable: 'GIT_PASS')]) {
          sh 'git push https://${GIT_USER}:${GIT_PASS}@gitlab.nordhafen.io/platform/gitops.git HEAD:main'
        }
      }
    }
  }
}
"""),
    "pipeline of Azure with a group of variables": ("azure-pipelines.yml", """trigger: [main]
variables:
  - group: shop-prod-secrets
  - name: chart
    value: charts/media
pool:
  vmImage: ubuntu-22.04
steps:
  - task: AzureKeyVault@2
    inputs:
      azureSubscription: nh-prod
      KeyVaultName: nh-media
      SecretsFilter: cdn-purge-token,storage-connection
  - script: |
      helm upgrade --install media $(chart) \\
        --set cdn.purgeToken=$(cdn-purge-token) \\
        --set media.connectionString="$(storage-connection)"
    displayName: Deploy
    env:
      SYSTEM_ACCESSTOKEN: $(System.AccessToken)
      DB_PASSWORD: $(dbPassword)
"""),
    "config of CircleCI with a context": (".circleci/config.yml", """version: 2.1
orbs:
  helm: circleci/helm@3.0.0
jobs:
  push:
    docker:
      - image: cimg/base:2024.06
        auth:
          username: $DOCKERHUB_USER
          password: $DOCKERHUB_PASSWORD
    steps:
      - checkout
      - setup_remote_docker
      - run: echo "$REGISTRY_PASSWORD" | docker login -u ci --password-stdin registry.nordhafen.io
      - add_ssh_keys:
          fingerprints:
            - "SHA256:q1Zk8vXw2mTnYb3Lp7RcHs5Dg0UfJeVa9KiQoWxEzBM"
workflows:
  main:
    jobs:
      - push:
          context: [registry-credentials]
"""),
    "Task of Tekton": ("ci/tekton/helm-upgrade.yaml", """apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: helm-upgrade
spec:
  params:
    - name: release
    - name: secret-name
      default: registry-credentials
    - name: password-key
      default: password
  workspaces:
    - name: source
    - name: dockerconfig
      optional: true
  steps:
    - name: upgrade
      image: alpine/helm:3.15.2
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: $(params.secret-name)
              key: $(params.password-key)
      script: |
        #!/bin/sh
        helm upgrade --install "$(params.release)" ./chart --set db.password="${DB_PASSWORD}"
"""),
    "Bitbucket pipeline": ("bitbucket-pipelines.yml", """image: alpine/helm:3.15.2
definitions:
  services:
    postgres:
      image: postgres:16
      variables:
        POSTGRES_DB: test
        POSTGRES_HOST_AUTH_METHOD: trust
pipelines:
  branches:
    main:
      - step:
          name: Deploy
          deployment: production
          services: [postgres]
          script:
            - helm registry login $REGISTRY --username $REGISTRY_USER --password $REGISTRY_PASSWORD
            - helm upgrade --install cart charts/cart --set redis.password=$REDIS_PASSWORD
            - pipe: atlassian/slack-notify:2.3.0
              variables:
                WEBHOOK_URL: $SLACK_WEBHOOK
                MESSAGE: deployed
"""),
    "script that reads its passwords": ("scripts/deploy.sh", """#!/usr/bin/env bash
set -euo pipefail
: "${ENVIRONMENT:?}"
DB_PASSWORD="$(vault kv get -field=db_password "kv/shop/${ENVIRONMENT}/orders")"
TOKEN=$(kubectl -n argocd get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d)
read -r -s -p "Password of the registry: " REGISTRY_PASSWORD
export DB_PASSWORD
argocd login argocd.nordhafen.io --username admin --password "$TOKEN"
printf '%s' "$REGISTRY_PASSWORD" | helm registry login registry.nordhafen.io -u ci --password-stdin
helm upgrade --install orders charts/orders \\
  -f "environments/${ENVIRONMENT}/values.yaml" \\
  -f <(sops -d "environments/${ENVIRONMENT}/secrets.yaml") \\
  --set database.existingSecret=orders-db \\
  --set-file tls.key=/run/keys/tls.key
kubectl create secret generic orders-db --from-literal=password="$DB_PASSWORD" --dry-run=client -o yaml | kubectl apply --server-side -f -
"""),
    "script that makes passwords": ("scripts/new-service.sh", """#!/usr/bin/env bash
set -euo pipefail
NAME="$1"
PASSWORD=$(openssl rand -base64 24 | tr -d '/+=')
SECRET_NAME="${NAME}-db"
SECRET_KEY=password
TOKEN_FILE=/run/secrets/gitlab-token
kubectl create secret generic "$SECRET_NAME" \\
  --from-literal="$SECRET_KEY"="$PASSWORD" \\
  --dry-run=client -o yaml |
  kubeseal --controller-namespace sealed-secrets -o yaml > "gitops/apps/$NAME/sealed.yaml"
curl -fsS --header "PRIVATE-TOKEN: $(cat "$TOKEN_FILE")" \\
  "https://gitlab.nordhafen.io/api/v4/projects?search=$NAME"
unset PASSWORD
"""),
    "Makefile with variables": ("Makefile", """SHELL := /bin/bash
CHART ?= charts/orders
REGISTRY ?= registry.nordhafen.io
DB_PASSWORD ?= $(shell pass show dev/orders/db)

.PHONY: lint template push dev
lint:
	helm lint $(CHART) --strict

template:
	helm template orders $(CHART) --set database.existingSecret=orders-db

dev:
	helm upgrade --install orders $(CHART) --set database.password=$(DB_PASSWORD)

push:
	@echo "$$REGISTRY_PASSWORD" | helm registry login $(REGISTRY) -u ci --password-stdin
	helm push dist/*.tgz oci://$(REGISTRY)/charts
"""),
    "helmfile with secrets": ("helmfile.yaml.gotmpl", """repositories:
  - name: nordhafen
    url: https://charts.nordhafen.io
    username: {{ requiredEnv "CHARTS_USER" }}
    password: {{ requiredEnv "CHARTS_PASSWORD" }}
environments:
  prod:
    values:
      - environments/prod/values.yaml
    secrets:
      - environments/prod/secrets.yaml
---
releases:
  - name: orders
    namespace: shop
    chart: nordhafen/orders
    version: ~1.14
    values:
      - database:
          existingSecret: orders-db
    secrets:
      - secrets/orders.yaml
    set:
      - name: database.password
        value: ref+vault://kv/shop/orders#/db_password
      - name: smtp.password
        value: {{ .Values | get "smtp.password" "" | quote }}
"""),
    "Application of Argo CD with references": ("argocd/apps/cart.yaml", """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cart
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
  annotations:
    notifications.argoproj.io/subscribe.on-sync-failed.slack: ops-alerts
spec:
  project: shop
  source:
    repoURL: https://charts.nordhafen.io
    chart: cart
    targetRevision: 3.1.0
    helm:
      valueFiles: [$values/environments/prod/cart.yaml]
      parameters:
        - name: redis.existingSecret
          value: cart-redis
        - name: redis.existingSecretPasswordKey
          value: redis-password
      valuesObject:
        redis:
          auth: {enabled: true, existingSecret: cart-redis}
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  ignoreDifferences:
    - kind: Secret
      name: cart
      jsonPointers: [/data/token]
"""),
    "ApplicationSet with a token's reference": ("argocd/appsets/previews.yaml", """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - pullRequest:
        gitlab:
          project: "118"
          api: https://gitlab.nordhafen.io/
          tokenRef:
            secretName: gitlab-token
            key: token
        requeueAfterSeconds: 300
  template:
    metadata:
      name: "preview-{{ .number }}"
    spec:
      project: preview
      source:
        repoURL: https://gitlab.nordhafen.io/web/frontend.git
        path: deploy/preview
        targetRevision: "{{ .head_sha }}"
      destination:
        server: https://kubernetes.default.svc
        namespace: "preview-{{ .number }}"
"""),
    "HelmRelease of Flux with valuesFrom": ("clusters/prod/apps/crm/release.yaml", """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: crm
  namespace: crm
spec:
  interval: 15m
  chart:
    spec:
      chart: crm
      version: ">=2.0.0 <3.0.0"
      sourceRef: {kind: HelmRepository, name: nordhafen, namespace: flux-system}
  valuesFrom:
    - kind: Secret
      name: crm-values
      valuesKey: values.yaml
    - kind: Secret
      name: crm-db
      valuesKey: password
      targetPath: database.password
  values:
    database:
      host: crm-db
      password: ${CRM_DB_PASSWORD}
    smtp:
      existingSecret: crm-smtp
"""),
    "Kustomization of Flux with decryption": ("clusters/prod/apps.yaml", """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/prod/apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
  decryption:
    provider: sops
    secretRef:
      name: sops-age
  postBuild:
    substituteFrom:
      - kind: Secret
        name: cluster-secrets
    substitute:
      domain: nordhafen.io
      token_ttl: 30m
"""),
    "sources of Flux": ("clusters/prod/sources.yaml", """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  url: ssh://git@gitlab.nordhafen.io/platform/fleet
  ref: {branch: main}
  secretRef:
    name: fleet-deploy-key
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: nordhafen
  namespace: flux-system
spec:
  type: oci
  url: oci://registry.nordhafen.io/charts
  secretRef:
    name: regcred
  passCredentials: true
"""),
    "Kustomize with generators from files": ("deploy/overlays/prod/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
  - ../../base
  - externalsecret.yaml
configMapGenerator:
  - name: catalog-env
    literals:
      - LOG_LEVEL=warn
      - PASSWORD_RESET_URL=https://nordhafen.io/reset
      - TOKEN_TTL=15m
secretGenerator:
  - name: catalog
    envs: [.env.secret]
    options:
      disableNameSuffixHash: true
  - name: catalog-tls
    type: kubernetes.io/tls
    files: [tls.crt, tls.key]
patches:
  - target: {kind: Deployment, name: catalog}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name
        value: catalog-prod
"""),
    "RBAC for Secrets": ("k8s/operator/role.yaml", """apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: secret-reader
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [secrets, serviceaccounts/token]
    resourceNames: [orders-db, regcred]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: secret-reader
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: secret-reader
subjects:
  - kind: ServiceAccount
    name: password-rotator
    namespace: shop
"""),
    "CRD with fields of credentials": ("charts/db-operator/crds/database.yaml", """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: databases.data.nordhafen.io
spec:
  group: data.nordhafen.io
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
              properties:
                passwordSecretRef:
                  type: object
                  properties:
                    name: {type: string}
                    key: {type: string, default: password}
                password:
                  type: string
                  description: Deprecated, use passwordSecretRef.
                token:
                  type: string
                  default: ""
"""),
    "policy of Kyverno": ("platform/kyverno/no-plain-passwords.yaml", """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: no-plain-passwords
  annotations:
    policies.kyverno.io/title: No passwords in environment values
spec:
  validationFailureAction: Enforce
  rules:
    - name: env
      match:
        any:
          - resources: {kinds: [Pod]}
      validate:
        message: "Take passwords and tokens from a Secret (secretKeyRef)."
        deny:
          conditions:
            any:
              - key: "{{ request.object.spec.containers[].env[?contains(name, 'PASSWORD')].value[] }}"
                operator: AnyNotIn
                value: []
"""),
    "rules of alerts on secrets": ("platform/monitoring/rules.yaml", """apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: secrets
  labels: {release: kps}
spec:
  groups:
    - name: secrets
      rules:
        - alert: ExternalSecretNotReady
          expr: externalsecret_status_condition{condition="Ready",status="False"} == 1
          for: 10m
          labels: {severity: warning}
          annotations:
            summary: "{{ $labels.namespace }}/{{ $labels.name }} is not in sync"
            runbook_url: https://wiki.nordhafen.io/runbooks/secret-sync
        - alert: VaultTokenExpires
          expr: vault_token_ttl_seconds < 86400
          for: 5m
          labels: {severity: critical, team: platform}
"""),
    "monitor with a reference": ("k8s/rabbitmq/servicemonitor.yaml", """apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: rabbitmq
spec:
  selector:
    matchLabels: {app: rabbitmq}
  endpoints:
    - port: metrics
      interval: 30s
      basicAuth:
        username:
          name: rabbitmq-metrics
          key: username
        password:
          name: rabbitmq-metrics
          key: password
    - port: admin
      authorization:
        type: Bearer
        credentials:
          name: rabbitmq-admin
          key: token
      bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
"""),
    "rendered Deployment with references": ("rendered/prod/cart.yaml", """---
# Source: cart/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  labels:
    helm.sh/chart: cart-3.1.0
    app.kubernetes.io/managed-by: Helm
spec:
  selector:
    matchLabels: {app: cart}
  template:
    metadata:
      labels: {app: cart}
      annotations:
        checksum/secret: aa4d5a70470bb1c24375b379c25006e9b5d3e98fd08f9055aa6e81ed68cda19b
    spec:
      containers:
        - name: cart
          image: registry.nordhafen.io/shop/cart@sha256:2d3ecff4f2eff533460b9789f73e963a2b9eff74d285eaeafe4ff3ef0d086e74
          args: ["--redis-password=$(REDIS_PASSWORD)", "--token-file=/run/secrets/token", "--auth-mode=password"]
          env:
            - name: REDIS_PASSWORD
              valueFrom: {secretKeyRef: {name: cart-redis, key: redis-password}}
            - name: SECRET_NAME
              value: cart-redis
            - name: OTEL_EXPORTER_OTLP_ENDPOINT
              value: http://otel:4317
          livenessProbe:
            exec:
              command: ["sh", "-c", "redis-cli -a \\"$REDIS_PASSWORD\\" ping"]
"""),
    "ConfigMap with references only": ("k8s/orders/configmap.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: orders
data:
  application.yaml: |
    server:
      port: 8080
    spring:
      datasource:
        url: jdbc:postgresql://orders-db:5432/orders
        username: ${DB_USER:orders}
        password: ${DB_PASSWORD}
      kafka:
        properties:
          sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required username="orders" password="${KAFKA_PASSWORD}";
    security:
      password-encoder: bcrypt
      token-validity: 30m
  redis.conf: |
    port 6379
    # requirepass is set by the entrypoint
    aclfile /run/secrets/users.acl
"""),
    "ini with environment's values": ("k8s/grafana/grafana-ini.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: grafana-ini
data:
  grafana.ini: |
    [security]
    admin_user = ops
    admin_password = $__file{/run/secrets/grafana/password}
    secret_key = ${GF_SECRET_KEY}
    disable_initial_admin_creation = false
    [auth.generic_oauth]
    client_id = grafana
    client_secret = $__env{OAUTH_SECRET}
    token_url = https://login.nordhafen.io/oauth/token
    [smtp]
    password = ""
    [database]
    url = postgres://grafana@grafana-db:5432/grafana
"""),
    "script of a backup in a ConfigMap": ("k8s/pg-backup/script.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: pg-backup
data:
  backup.sh: |
    #!/bin/bash
    set -euo pipefail
    export PGPASSWORD="$(cat /run/secrets/pg/password)"
    AWS_SECRET_ACCESS_KEY=${S3_SECRET_KEY:?S3_SECRET_KEY is missing}
    TOKEN=$(curl -s -X PUT http://169.254.169.254/latest/api/token)
    pg_dump -h "$PGHOST" -U "$PGUSER" -Fc shop > /backup/shop.dump
    curl -fsS -u "$UPLOAD_USER:$UPLOAD_PASSWORD" -T /backup/shop.dump https://backup.nordhafen.io/
    mysqldump -h "$MYSQL_HOST" -u backup -p"$MYSQL_PASSWORD" shop > /backup/shop.sql
"""),
    "Terraform with variables": ("terraform/keycloak.tf", """variable "admin_password" {
  type        = string
  sensitive   = true
  description = "password of the administrator"
}

resource "random_password" "db" {
  length  = 24
  special = false
}

resource "helm_release" "keycloak" {
  name       = "keycloak"
  repository = "oci://registry-1.docker.io/bitnamicharts"
  chart      = "keycloak"

  repository_username = var.registry_user
  repository_password = var.registry_password

  set {
    name  = "auth.existingSecret"
    value = kubernetes_secret.keycloak.metadata[0].name
  }
  set {
    name  = "auth.passwordSecretKey"
    value = "admin-password"
  }
  set_sensitive {
    name  = "postgresql.auth.password"
    value = random_password.db.result
  }
}
"""),
    "Terraform with a file of values": ("terraform/modules/apps/main.tf", """data "vault_kv_secret_v2" "orders" {
  mount = "kv"
  name  = "shop/orders"
}

resource "helm_release" "orders" {
  name      = "orders"
  namespace = "shop"
  chart     = "${path.module}/../../charts/orders"
  values = [
    templatefile("${path.module}/values.yaml.tftpl", {
      password = data.vault_kv_secret_v2.orders.data["db_password"]
      token    = var.api_token
    }),
    yamlencode({
      database = {
        existingSecret = "orders-db"
        password       = ""
      }
    })
  ]
}

output "secret_name" {
  value = "orders-db"
}
"""),
    "Skaffold with a Secret's name": ("skaffold.yaml", """apiVersion: skaffold/v4beta11
kind: Config
metadata:
  name: shop
build:
  artifacts:
    - image: registry.nordhafen.io/shop/orders
      docker:
        buildArgs:
          NPM_TOKEN: "{{.NPM_TOKEN}}"
        secrets:
          - id: npmrc
            src: ~/.npmrc
deploy:
  helm:
    releases:
      - name: orders
        chartPath: charts/orders
        setValues:
          database.existingSecret: orders-db
        setValueTemplates:
          database.password: "{{.DB_PASSWORD}}"
        valuesFiles: [charts/orders/values-dev.yaml]
        useHelmSecrets: true
"""),
    "Tiltfile": ("Tiltfile", """load('ext://helm_resource', 'helm_resource', 'helm_repo')
load('ext://secret', 'secret_from_dict')

password = str(local('pass show dev/orders/db', quiet=True)).strip()
k8s_yaml(secret_from_dict('orders-db', inputs={'password': os.getenv('DB_PASSWORD', password)}))

helm_repo('bitnami', 'https://charts.bitnami.com/bitnami')
helm_resource('redis', 'bitnami/redis', flags=['--set=auth.enabled=false'])
k8s_yaml(helm('charts/orders', name='orders', set=['database.existingSecret=orders-db']))
docker_build('registry.nordhafen.io/shop/orders', '.', secret='id=npmrc,src=.npmrc')
"""),
    "example of a dotenv": (".env.example", """# copy to .env and fill in
NODE_ENV=development
DB_HOST=localhost
DB_USER=orders
DB_PASSWORD=
REDIS_URL=redis://localhost:6379/0
SESSION_SECRET=<generate with openssl rand -hex 32>
STRIPE_SECRET_KEY=
SMTP_PASSWORD=${SMTP_PASSWORD}
TOKEN_TTL=900
SENTRY_DSN=
"""),
    "ci values with existing Secrets": ("charts/payments/ci/existing-secret-values.yaml", """psp:
  provider: adyen
  existingSecret: payments-psp
  secretKeys:
    apiKey: api-key
    hmacKey: hmac-key
tls:
  enabled: true
  certSecret: payments-tls
  privateKeyFile: /etc/tls/tls.key
oauth2Proxy:
  clientID: payments
  clientSecret: ""
  cookieSecretName: payments-cookie
  extraArgs:
    pass-access-token: "true"
    cookie-secret-file: /run/secrets/cookie
"""),
    "comments that explain": ("charts/inventory/values.yaml", """## @section Database
## @param database.password the password of the user (ignored when existingSecret is set)
## @param database.existingSecret name of the Secret
database:
  host: inventory-db
  # -- leave it empty, and make the Secret with
  # kubectl create secret generic inventory-db --from-literal=password=...
  password: ""
  existingSecret: ""
## API
api:
  # apiKey: <your key>
  # token: ${API_TOKEN}
  keySecretRef:
    name: inventory-api
    key: api-key
"""),
    "placeholders of a post-renderer": ("environments/prod/shop.yaml", """database:
  username: shop
  password: ${secret:shop-db/PASSWORD}
  url: postgres://shop:${secret:shop-db/PASSWORD}@shop-db:5432/shop
smtp:
  password: ${SMTP_PASSWORD}
api:
  token: "{{ .Values.global.apiToken }}"
  key: $(API_KEY)
search:
  adminKey: "%SEARCH_ADMIN_KEY%"
  apiKey: "#{SearchApiKey}#"
"""),
    "identities of a workload": ("platform/cert-manager/values.yaml", """installCRDs: true
serviceAccount:
  annotations:
    azure.workload.identity/client-id: 7c1e5a90-42bd-4f37-9d0e-85a6c2f1b3d4
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/cert-manager
podLabels:
  azure.workload.identity/use: "true"
extraArgs:
  - --enable-certificate-owner-ref=true
  - --acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.15.0
webhook:
  serviceAccount:
    automountServiceAccountToken: true
cainjector:
  enabled: true
startupapicheck:
  timeout: 1m
"""),
    "issuers of cert-manager": ("platform/cert-manager/issuer.yaml", """apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: platform@nordhafen.io
    privateKeySecretRef:
      name: letsencrypt-account-key
    externalAccountBinding:
      keyID: kid-2041
      keySecretRef:
        name: eab
        key: secret
    solvers:
      - dns01:
          cloudflare:
            apiTokenSecretRef:
              name: cloudflare
              key: api-token
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: gateway
spec:
  secretName: gateway-tls
  privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}
  keystores:
    jks:
      create: true
      passwordSecretRef: {name: jks, key: password}
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
"""),
    "Secret of a token of an account": ("k8s/ci/token.yaml", """apiVersion: v1
kind: ServiceAccount
metadata:
  name: deployer
  namespace: shop
secrets:
  - name: deployer-token
imagePullSecrets:
  - name: regcred
---
apiVersion: v1
kind: Secret
metadata:
  name: deployer-token
  namespace: shop
  annotations:
    kubernetes.io/service-account.name: deployer
type: kubernetes.io/service-account-token
"""),
    "ingress with its Secret's names": ("k8s/preview/ingress.yaml", """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: preview
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/auth-type: basic
    nginx.ingress.kubernetes.io/auth-secret: preview/basic-auth
    nginx.ingress.kubernetes.io/auth-realm: Authentication required
    nginx.ingress.kubernetes.io/configuration-snippet: |
      proxy_set_header X-Auth-Token $http_x_auth_token;
      proxy_set_header Authorization "";
spec:
  ingressClassName: nginx
  tls:
    - hosts: [preview.nordhafen.io]
      secretName: preview-tls
  rules:
    - host: preview.nordhafen.io
      http:
        paths:
          - path: /reset-password
            pathType: Prefix
            backend: {service: {name: frontend, port: {number: 80}}}
"""),
    "translations and texts of a portal": ("charts/portal/values.yaml", """portal:
  languages: [en, nb]
  texts:
    en:
      newPassword: New password
      confirmPassword: Confirm password
      passwordHint: At least 12 characters
      forgotPassword: Forgot your password?
    nb:
      newPassword: Nytt passord
      passwordHint: Minst 12 tegn
  links:
    resetPassword: https://id.nordhafen.io/reset
    tokenHelp: https://wiki.nordhafen.io/tokens
  formFields:
    passwordField: password
    usernameField: email
"""),
    "topics and tables with names of tokens": ("charts/token-service/values.yaml", """image:
  repository: registry.nordhafen.io/identity/token-service
  tag: 2.0.1
kafka:
  topics:
    tokenIssued: identity.token.issued
    passwordChanged: identity.password.changed
database:
  table: tokens
  passwordHistory: 5
  credentialsSecret: token-service-db
metrics:
  secretsTotal: token_service_secrets_total
probes:
  path: /token/health
keys:
  primaryKey: id
  partitionKey: customer_id
  sortKey: created_at
"""),
    "parameters of S3 and of buckets": ("charts/media/values.yaml", """s3:
  region: eu-north-1
  bucket: nh-media
  keyPrefix: images/
  credentials:
    existingSecret: media-s3
    accessKeyIdKey: AWS_ACCESS_KEY_ID
    secretAccessKeyKey: AWS_SECRET_ACCESS_KEY
  kmsKeyId: arn:aws:kms:eu-north-1:123456789012:key/3c5f7a90-1b2d-4e6f-8a9b-0c1d2e3f4a5b
  useIRSA: true
cdn:
  url: https://cdn.nordhafen.io/logo@2x.png
  signedUrls: false
  keyPairId: K2JCJMDEHXQW5F
thumbnails:
  maxAge: 86400
"""),
    "chart's own file and its lock": ("umbrella/Chart.yaml", """apiVersion: v2
name: shop
description: The shop with its databases; secrets come from Vault (see docs/secrets.md)
type: application
version: 8.3.0
appVersion: "2024.11"
dependencies:
  - name: secrets-store
    version: 1.4.x
    repository: https://charts.nordhafen.io
    condition: secrets.enabled
  - name: password-rotator
    version: 0.3.1
    repository: oci://registry.nordhafen.io/charts
    alias: rotator
    tags: [token, credentials]
annotations:
  artifacthub.io/changes: |
    - kind: security
      description: password is no longer read from values
  artifacthub.io/signKey: |
    fingerprint: 3B6E2A90C1D4F57788A9BC0D1E2F3A4B5C6D7E8F
    url: https://charts.nordhafen.io/pubkey.asc
"""),
    "test of a chart": ("charts/orders/templates/tests/test-connection.yaml", """apiVersion: v1
kind: Pod
metadata:
  name: "{{ include "orders.fullname" . }}-test"
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  containers:
    - name: psql
      image: postgres:16-alpine
      env:
        - name: PGPASSWORD
          valueFrom:
            secretKeyRef:
              name: {{ include "orders.secretName" . }}
              key: password
      command: ["sh", "-c"]
      args:
        - psql "host={{ .Values.database.host }} user={{ .Values.database.username }} dbname=orders" -c "select 1"
    - name: curl
      image: curlimages/curl:8.8.0
      args: ["-fsS", "http://{{ include "orders.fullname" . }}:8080/actuator/health"]
"""),
    "dashboards with variables of tokens": ("charts/dashboards/templates/dashboard.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-identity
  labels:
    grafana_dashboard: "1"
data:
  identity.json: |
    {
      "title": "Identity",
      "uid": "b7Qx2LmVz",
      "panels": [
        {
          "title": "Tokens issued",
          "type": "timeseries",
          "targets": [{"expr": "sum(rate(token_issued_total[5m])) by (client)", "legendFormat": "{{ "{{client}}" }}"}]
        },
        {
          "title": "Wrong passwords",
          "type": "stat",
          "targets": [{"expr": "sum(increase(login_failed_total{reason=\\"password\\"}[1h]))"}]
        }
      ]
    }
"""),
    "PushSecret and generator": ("gitops/apps/rotator/password.yaml", """apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata:
  name: rotated
spec:
  length: 32
  digits: 6
  symbols: 4
  symbolCharacters: "-_$@"
  noUpper: false
  allowRepeat: true
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: rotated
spec:
  refreshInterval: 168h
  target:
    name: rotated
  dataFrom:
    - sourceRef:
        generatorRef:
          apiVersion: generators.external-secrets.io/v1alpha1
          kind: Password
          name: rotated
"""),
    "user of an operator with a Secret's reference": ("k8s/data/cluster.yaml", """apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: orders-db
spec:
  instances: 3
  bootstrap:
    initdb:
      database: orders
      owner: orders
      secret:
        name: orders-db-owner
  superuserSecret:
    name: orders-db-superuser
  enableSuperuserAccess: false
  postgresql:
    parameters:
      password_encryption: scram-sha-256
      max_connections: "200"
    pg_hba:
      - hostssl all all 10.0.0.0/8 scram-sha-256
  backup:
    barmanObjectStore:
      destinationPath: s3://nh-backup/orders
      s3Credentials:
        accessKeyId: {name: backup-s3, key: ACCESS_KEY_ID}
        secretAccessKey: {name: backup-s3, key: SECRET_ACCESS_KEY}
"""),
    "allowed with a reason": ("charts/sandbox/values.yaml", """sandbox:
  enabled: true
  host: sandbox.nordhafen.io
  auth:
    username: demo
    # helm-me:allow HM101 the public demo's login, written on its start page
    password: hopp-og-Sprett9
  resetEvery: 1h
persistence:
  enabled: false
"""),
}


def cases():
    return numbered(FOUND, CLEAN)
