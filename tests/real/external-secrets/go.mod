// The CustomResourceDefinitions of External Secrets, by which the API server judges what we emit.
module helm-me.io/tests/real/external-secrets

go 1.25.0

require github.com/external-secrets/external-secrets v0.20.4
