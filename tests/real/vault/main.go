// A small Vault: the real 1.21.4 core (KV, PKI, AppRole, JWT, Kubernetes, userpass, cert, file audit) on the in-memory store,
// unsealed, with a root token of your choice and KV v2 at secret/. For tests only.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	log "github.com/hashicorp/go-hclog"
	jwtauth "github.com/hashicorp/vault-plugin-auth-jwt"
	kubeauth "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/cert"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/builtin/logical/pki"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/helper/logging"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func main() {
	addr := flag.String("listen", "127.0.0.1:8200", "address to serve")
	rootToken := flag.String("root-token", "root", "id of the root token")
	certFile := flag.String("tls-cert", "", "serve TLS with this certificate (PEM)")
	keyFile := flag.String("tls-key", "", "its key (PEM)")
	flag.Parse()
	logger := logging.NewVaultLogger(log.Error)
	phys, err := inmem.NewInmem(nil, logger)
	check(err)
	engines := map[string]logical.Factory{"kv": kv.Factory, "pki": pki.Factory}
	logins := map[string]logical.Factory{"approle": approle.Factory, "userpass": userpass.Factory, "jwt": jwtauth.Factory, "cert": cert.Factory, "kubernetes": kubeauth.Factory}
	core, err := vault.NewCore(&vault.CoreConfig{
		BuiltinRegistry: registry{consts.PluginTypeSecrets: engines, consts.PluginTypeCredential: logins},
		Physical:        phys, Logger: logger, DisableMlock: true,
		LogicalBackends: engines, CredentialBackends: logins,
		AuditBackends: map[string]audit.Factory{"file": audit.NewFileBackend},
	})
	check(err)
	ctx := context.Background()
	init, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}, RecoveryConfig: nil})
	check(err)
	_, err = core.Unseal(init.SecretShares[0])
	check(err)
	ns := namespace.RootContext(ctx)
	create := &logical.Request{Operation: logical.UpdateOperation, Path: "auth/token/create", ClientToken: init.RootToken,
		Data: map[string]interface{}{"id": *rootToken, "policies": []string{"root"}, "no_parent": true}}
	resp, err := core.HandleRequest(ns, create)
	check(err)
	check(resp.Error())
	mount := &logical.Request{Operation: logical.UpdateOperation, Path: "sys/mounts/secret", ClientToken: *rootToken,
		Data: map[string]interface{}{"type": "kv", "options": map[string]interface{}{"version": "2"}}}
	resp, err = core.HandleRequest(ns, mount)
	check(err)
	l, err := net.Listen("tcp", *addr)
	check(err)
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	fmt.Println("ready")
	server := http.Server{Handler: handler}
	if *certFile != "" {
		// As Vault's own listener has it: logins by certificate need the client's.
		server.TLSConfig = &tls.Config{ClientAuth: tls.RequestClientCert}
		check(server.ServeTLS(l, *certFile, *keyFile))
	}
	check(server.Serve(l))
}
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type registry map[consts.PluginType]map[string]logical.Factory

func (r registry) Contains(name string, t consts.PluginType) bool { _, ok := r[t][name]; return ok }
func (r registry) Get(name string, t consts.PluginType) (func() (interface{}, error), bool) {
	f, ok := r[t][name]
	return func() (interface{}, error) { return f, nil }, ok
}
func (r registry) Keys(t consts.PluginType) (keys []string) {
	for k := range r[t] {
		keys = append(keys, k)
	}
	return
}
func (r registry) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}
func (r registry) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
