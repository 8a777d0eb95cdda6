"""References to backends, read by the program: the real Vault and sops, and servers that misbehave."""

import base64
import json
import os
import shutil
import subprocess
import time

import pytest
import yaml
from backends import (
    authority, bomb, endless, endless_headers, faults, FaultServer, good, hang_up, late, mount, redirect, slow, tls_vault,
    truncated, vault,
)  # fmt: skip  # noqa: F401  fixtures
from conftest import PARTS, clean_environment, part
from test_canary import CANARY, CORE, ProcessWatch, sightings

HEAD = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\n"


def without_backends(environment):
    prefixes = ("VAULT_", "BAO_", "AVP_", "ARGOCD_ENV_", "SOPS_", "ACTIONS_", "AWS_", "SSL_")
    kept = {k: v for k, v in environment.items() if not k.startswith(prefixes) and not k.lower().endswith("_proxy")}
    return kept


@pytest.fixture
def read(program, tmp_path):
    """read({KEY: reference}, VARIABLE=…) → (values by key, or None where it fails; the finished process)."""

    def run(references, folder=tmp_path, policy="", timeout=60, **variables):
        secrets = {key: reference for key, reference in references.items()}
        text = HEAD + policy + yaml.safe_dump({"bundles": {"b": {"target": "t", "secrets": secrets}}})
        (folder / "policy.yaml").write_text(text)
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        environment = {**without_backends(clean_environment()), "HOME": str(home)}
        done = subprocess.run(
            [program, "secret", "apply", "--policy", folder / "policy.yaml", "-o", "yaml"],
            capture_output=True, text=True, timeout=timeout, cwd=tmp_path,
            env={**environment, **{k: str(v) for k, v in variables.items()}},
        )  # fmt: skip
        if done.returncode != 0:
            assert done.stdout == ""
            return None, done
        data = yaml.safe_load(done.stdout)["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}, done

    return run


def as_root(vault):
    return {"VAULT_ADDR": vault.address, "VAULT_TOKEN": vault.TOKEN}


def fails(done, code, *texts):
    assert done.returncode == code, done.stderr
    for text in texts:
        assert text in done.stderr, done.stderr


class TestVault:
    def test_two_hundred_references_are_forty_reads_and_one_login(self, read, vault):
        for i in range(40):
            vault.put(f"many/s{i}", **{f"K{j}": f"value-{i}-{j}" for j in range(5)})
        vault.policy("many", 'path "secret/data/many/*" { capabilities = ["read"] }')
        vault.enable_login("approle", "approle-many")
        vault.request("POST", "auth/approle-many/role/shop", {"token_policies": ["many"]})
        role = vault.request("GET", "auth/approle-many/role/shop/role-id")["data"]["role_id"]
        secret = vault.request("POST", "auth/approle-many/role/shop/secret-id", {})["data"]["secret_id"]
        # With and without data/, as Vault and as OpenBao: each the same secret.
        forms = ["vault://secret/", "vault://secret/data/", "openbao://secret/", "vault://secret/data/", "bao://secret/"]
        references = {f"I{i}.{j}": f"ref+{forms[j]}many/s{i}#/K{j}" for i in range(40) for j in range(5)}
        with vault.requests() as asked:
            values, done = read(references, VAULT_ADDR=vault.address, VAULT_ROLE_ID=role, VAULT_SECRET_ID=secret,
                                VAULT_LOGIN_MOUNT_POINT="approle-many")  # fmt: skip
        assert values == {f"I{i}.{j}": f"value-{i}-{j}" for i in range(40) for j in range(5)}, done.stderr
        assert sorted(asked) == sorted(
            ["update auth/approle-many/login", "read sys/internal/ui/mounts/secret/many/s0"]
            + [f"read secret/data/many/s{i}" for i in range(40)]
        )

    def test_each_engine_is_found_out(self, read, vault):
        vault.request("PUT", "sys/mounts/team/kv1", {"type": "kv", "options": {"version": "1"}})
        vault.request("PUT", "sys/mounts/team/kv2", {"type": "kv", "options": {"version": "2"}})
        vault.request("PUT", "sys/mounts/pki", {"type": "pki"})
        vault.request("POST", "team/kv1/data/a", {"KEY": "one"})
        vault.request("POST", "team/kv2/data/a", {"data": {"KEY": "two", "N": 7, "data": {"x": "inner"}}})
        vault.request("POST", "pki/root/generate/internal", {"common_name": "ca"})
        values, done = read(
            {
                "ONE": "ref+vault://team/kv1/data/a#/KEY",
                "TWO": "ref+vault://team/kv2/a#/KEY",
                "TWO_DATA": "ref+vault://team/kv2/data/a#/KEY",
                "NUMBER": "ref+vault://team/kv2/a#/N",
                "INNER": "ref+vault://team/kv2/a#/data/x",
                "CERTIFICATE": "ref+vault://pki/cert/ca#/certificate",
            },
            **as_root(vault),
        )
        assert values is not None, done.stderr
        assert values.pop("CERTIFICATE").startswith("-----BEGIN CERTIFICATE-----")
        assert values == {"ONE": "one", "TWO": "two", "TWO_DATA": "two", "NUMBER": "7", "INNER": "inner"}

    def test_versions(self, read, vault):
        for value in ("first", "second", "third"):
            vault.put("versions", KEY=value)
        vault.request("POST", "secret/delete/versions", {"versions": [2]})
        values, _ = read({"A": "ref+vault://secret/versions?version=1#/KEY", "B": "ref+vault://secret/versions#/KEY"},
                         **as_root(vault))  # fmt: skip
        assert values == {"A": "first", "B": "third"}
        _, done = read({"A": "ref+vault://secret/versions?version=2#/KEY"}, **as_root(vault))
        fails(done, 5, "version 2 was deleted at 2", "vault kv undelete -versions=2 secret/versions")
        vault.request("POST", "secret/destroy/versions", {"versions": [2]})
        _, done = read({"A": "ref+vault://secret/versions?version=2#/KEY"}, **as_root(vault))
        fails(done, 5, "version 2 was destroyed")
        _, done = read({"A": "ref+vault://secret/versions?version=9#/KEY"}, **as_root(vault))
        fails(done, 5, "secret not found: vault:secret/versions version 9", "vault kv metadata get secret/versions")
        _, done = read({"A": "ref+vault://secret/versions?version=x#/KEY"}, **as_root(vault))
        fails(done, 3, "a version is a number")

    def test_what_is_missing_is_named_with_what_is_near(self, read, vault):
        vault.put("near/database", PASSWORD="canary-near")
        _, done = read({"A": "ref+vault://secret/near/databse#/PASSWORD", "B": "ref+vault://secret/near/database#/PASWORD",
                        "C": "ref+vault://secret/elsewhere/x#/K"}, **as_root(vault))  # fmt: skip
        fails(done, 5, "secret not found: vault:secret/near/databse at http", "did you mean secret/near/database?",
              "did you mean #/PASSWORD?", "secret not found: vault:secret/elsewhere/x")  # fmt: skip
        assert "canary-near" not in done.stderr

    def test_what_is_denied_says_what_to_ask_for(self, read, vault):
        vault.put("denied", KEY="canary-denied")
        vault.policy("little", 'path "secret/data/other" { capabilities = ["read"] }')
        token = vault.token("little", display_name="deployer")
        _, done = read({"A": "ref+vault://secret/denied#/KEY"}, VAULT_ADDR=vault.address, VAULT_TOKEN=token)
        fails(done, 4, "denies to read it", "asked as token-deployer with policies default and little",
              'path "secret/data/denied" { capabilities = ["read"] }')  # fmt: skip
        vault.request("POST", "auth/token/revoke", {"token": token})
        _, done = read({"A": "ref+vault://secret/denied#/KEY"}, VAULT_ADDR=vault.address, VAULT_TOKEN=token)
        fails(done, 4, "does not know this token, or not any more")
        assert token not in done.stderr and "canary" not in done.stderr

    def test_a_token_may_lie_in_a_file(self, read, vault, tmp_path):
        vault.put("file", KEY="by-file")
        (tmp_path / "token").write_text(vault.TOKEN + "\n")
        wanted = {"A": "ref+vault://secret/file#/KEY"}
        values, done = read(wanted, VAULT_ADDR=vault.address, VAULT_TOKEN_FILE=tmp_path / "token")
        assert values == {"A": "by-file"}, done.stderr
        (tmp_path / "home/.vault-token").write_text(vault.TOKEN)
        assert read(wanted, VAULT_ADDR=vault.address)[0] == {"A": "by-file"}
        assert read(wanted, BAO_ADDR=vault.address)[0] == {"A": "by-file"}
        (tmp_path / "home/.vault-token").unlink()
        fails(read(wanted, VAULT_ADDR=vault.address)[1], 4, "there are no credentials for Vault")
        assert read(wanted, VAULT_ADDR=vault.address, VAULT_TOKEN_FILE="token")[0] == {"A": "by-file"}

    def test_what_options_may_name(self, read, vault, tmp_path):
        vault.put("file", KEY="by-option")
        (tmp_path / "inner").mkdir()
        for file in ("token", "inner/token"):
            (tmp_path / file).write_text(vault.TOKEN + "\n")
        variables = {"VAULT_ADDR": vault.address, "VAULT_OTHER": vault.TOKEN, "OTHER": vault.TOKEN, "HELM_ME_STORE_KEY": "x"}
        allowed = "allow: {vault: ['*'], env: [OTHER, HELM_ME_*], file: ['/*']}\n"
        good, refused = "by-option", "may not name variable"
        for option, policy, expected in (
            ("token_env=VAULT_OTHER", "", good), ("token_env=OTHER", "", refused), ("token_env=OTHER", allowed, good),
            ("token_env=HELM_ME_STORE_KEY", allowed, refused), ("token_file=token", "", good),
            ("token_file=../token", "", "is outside the policy's folder"),
            ("token_file=../none", "", "is outside the policy's folder"),
            (f"token_file={tmp_path}/token", "", "is outside the policy's folder"),
            (f"token_file={tmp_path}/token", allowed, good),
        ):  # fmt: skip
            wanted = {"A": f"ref+vault://secret/file?{option}#/KEY"}
            values, done = read(wanted, folder=tmp_path / "inner", policy=policy, **variables)
            assert values == {"A": good} if expected == good else values is None, (option, done.stderr)
            if expected != good:
                fails(done, 3, expected)

    def test_the_operators_token_is_no_value(self, read, vault):
        for path in ("auth/token/lookup-self", "team/auth/token/lookup-self"):
            _, done = read({"A": f"ref+vault://{path}#/id"}, **as_root(vault))
            fails(done, 3, "is about tokens of the backend itself")

    def test_userpass_and_jwt(self, read, vault, tmp_path):
        vault.put("logins", KEY="by-login")
        vault.policy("logins", 'path "secret/data/logins" { capabilities = ["read"] }')
        vault.enable_login("userpass")
        vault.request("POST", "auth/userpass/users/ann", {"password": "pass/word+1", "token_policies": ["logins"]})
        wanted = {"A": "ref+vault://secret/logins#/KEY"}
        values, done = read(wanted, VAULT_ADDR=vault.address, VAULT_AUTH_METHOD="userpass", VAULT_USERNAME="ann",
                            VAULT_PASSWORD_ENV="MINE", MINE="pass/word+1")  # fmt: skip
        assert values == {"A": "by-login"}, done.stderr
        values, done = read(wanted, VAULT_ADDR=vault.address, AVP_TYPE="vault", AVP_AUTH_TYPE="userpass",
                            AVP_USERNAME="ann", AVP_PASSWORD="pass/word+1", AVP_MOUNT_PATH="auth/userpass")  # fmt: skip
        assert values == {"A": "by-login"}, done.stderr
        _, done = read(wanted, VAULT_ADDR=vault.address, AVP_AUTH_TYPE="userpass", AVP_USERNAME="ann",
                       AVP_PASSWORD="canary-wrong")  # fmt: skip
        fails(done, 4, "the login userpass at auth/userpass was refused")
        assert "canary" not in done.stderr

        key, token = make_jwt(tmp_path, {"aud": "shop", "sub": "deploy", "iss": "ci"})
        vault.enable_login("jwt")
        vault.request("POST", "auth/jwt/config", {"jwt_validation_pubkeys": [key]})
        vault.request("POST", "auth/jwt/role/deploy", {"role_type": "jwt", "user_claim": "sub", "bound_audiences": ["shop"],
                                                       "token_policies": ["logins"]})  # fmt: skip
        values, done = read(wanted, VAULT_ADDR=vault.address, VAULT_AUTH_ROLE="deploy", VAULT_ID_TOKEN=token)
        assert values == {"A": "by-login"}, done.stderr
        (tmp_path / "jwt").write_text(token + "\n")
        values, done = read(wanted, VAULT_ADDR=vault.address, VAULT_AUTH_ROLE="deploy", VAULT_JWT_FILE=tmp_path / "jwt")
        assert values == {"A": "by-login"}, done.stderr

    def test_a_github_workflow_uses_its_own_identity(self, read, vault, faults, tmp_path):
        vault.put("github", KEY="by-github")
        vault.policy("github", 'path "secret/data/github" { capabilities = ["read"] }')
        key, token = make_jwt(tmp_path, {"aud": "vault", "sub": "repo", "iss": "ci"})
        vault.enable_login("jwt", "jwt-github")
        vault.request("POST", "auth/jwt-github/config", {"jwt_validation_pubkeys": [key]})
        vault.request("POST", "auth/jwt-github/role/ci", {"role_type": "jwt", "user_claim": "sub",
                                                          "bound_audiences": ["vault"], "token_policies": ["github"]})  # fmt: skip
        faults.script((200, {"Content-Type": "application/json"}, json.dumps({"value": token}).encode()))
        values, done = read({"A": "ref+vault://secret/github#/KEY"}, VAULT_ADDR=vault.address, VAULT_AUTH_PATH="jwt-github",
                            VAULT_ROLE="ci", VAULT_JWT_AUDIENCE="vault", ACTIONS_ID_TOKEN_REQUEST_TOKEN="request-token",
                            ACTIONS_ID_TOKEN_REQUEST_URL=faults.address + "/token?api-version=2")  # fmt: skip
        assert values == {"A": "by-github"}, done.stderr
        ((_, _, path, headers),) = faults.seen
        assert path == "/token?api-version=2&audience=vault"
        assert headers["Authorization"] == "Bearer request-token"

    def test_kubernetes_sends_the_pods_token(self, read, faults, tmp_path):
        (tmp_path / "pod-token").write_text("pod.jwt.token")
        faults.script((200, {}, b'{"auth": {"client_token": "from-login"}}'), mount(), good("by-pod"))
        values, done = read({"A": "ref+vault://secret/x#/KEY"}, VAULT_ADDR=faults.address, AVP_AUTH_TYPE="k8s",
                            AVP_K8S_ROLE="shop", AVP_K8S_TOKEN_PATH=tmp_path / "pod-token",
                            AVP_K8S_MOUNT_PATH="auth/cluster", VAULT_NAMESPACE="team/a")  # fmt: skip
        assert values == {"A": "by-pod"}, done.stderr
        assert [(command, path) for _, command, path, _ in faults.seen] == [
            ("POST", "/v1/auth/cluster/login"),
            ("GET", "/v1/sys/internal/ui/mounts/secret/x"),
            ("GET", "/v1/secret/data/x"),
        ]
        assert all(headers["X-Vault-Namespace"] == "team/a" for *_, headers in faults.seen)
        assert [headers.get("X-Vault-Token") for *_, headers in faults.seen] == [None, "from-login", "from-login"]

    def test_tls(self, read, tls_vault, authority):
        tls_vault.put("tls", KEY="by-tls")
        wanted = {"A": "ref+vault://secret/tls#/KEY"}
        values, done = read(wanted, VAULT_CACERT=authority / "ca.crt", **as_root(tls_vault))
        assert values == {"A": "by-tls"}, done.stderr
        assert read(wanted, SSL_CERT_FILE=authority / "ca.crt", **as_root(tls_vault))[0] == {"A": "by-tls"}
        _, done = read(wanted, **as_root(tls_vault))
        fails(done, 6, "signed by an authority that is not trusted here")
        _, done = read(wanted, VAULT_CACERT=authority / "other.crt", **as_root(tls_vault))
        fails(done, 6, "signed by an authority that is not trusted here")
        _, done = read(wanted, VAULT_CACERT=authority / "nowhere.crt", **as_root(tls_vault))
        fails(done, 3, "cannot read", "nowhere.crt")
        _, done = read(wanted, VAULT_CACERT=authority / "ca.crt", VAULT_TLS_SERVER_NAME="elsewhere", **as_root(tls_vault))
        fails(done, 6, "its certificate is not valid for this name")
        values, done = read(wanted, VAULT_CACERT=authority / "ca.crt", VAULT_TLS_SERVER_NAME="vault.internal",
                            **as_root(tls_vault))  # fmt: skip
        assert values == {"A": "by-tls"}, done.stderr
        _, done = read(wanted, VAULT_CACERT=authority / "ca.crt", VAULT_SKIP_VERIFY="true", **as_root(tls_vault))
        fails(done, 3, "VAULT_SKIP_VERIFY is set")
        plain = {**as_root(tls_vault), "VAULT_ADDR": tls_vault.address.replace("https", "http")}
        _, done = read(wanted, **plain)
        fails(done, 6, "the server speaks TLS at this port")

    def test_login_by_certificate(self, read, tls_vault, authority):
        tls_vault.put("cert", KEY="by-certificate")
        tls_vault.policy("cert", 'path "secret/data/cert" { capabilities = ["read"] }')
        tls_vault.enable_login("cert")
        certificate = (authority / "ca.crt").read_text()
        tls_vault.request("POST", "auth/cert/certs/shop", {"certificate": certificate, "token_policies": ["cert"]})
        settings = dict(VAULT_ADDR=tls_vault.address, VAULT_CACERT=authority / "ca.crt", VAULT_AUTH_METHOD="cert")
        values, done = read({"A": "ref+vault://secret/cert#/KEY"}, VAULT_CLIENT_CERT=authority / "client.crt",
                            VAULT_CLIENT_KEY=authority / "client.key", **settings)  # fmt: skip
        assert values == {"A": "by-certificate"}, done.stderr
        _, done = read({"A": "ref+vault://secret/cert#/KEY"}, **settings)
        fails(done, 4, "a login by certificate needs one")

    def test_no_chart_chooses_the_server(self, read, vault, faults):
        faults.script(good("never"))
        for options in (f"address={faults.address}", f"proto=http&host={faults.address[7:]}"):
            _, done = read({"A": f"ref+vault://secret/x?{options}#/KEY"}, **as_root(vault))
            fails(done, 3, "neither VAULT_ADDR nor allowed by the policy")
        assert faults.seen == []
        vault.put("own", KEY="own")
        values, done = read({"A": f"ref+vault://secret/own?address={vault.address}/#/KEY"}, **as_root(vault))
        assert values == {"A": "own"}, done.stderr

    def test_odd_paths_ask_nobody(self, read, faults):
        faults.script(good("never"))
        for path in ("secret/../sys/raw/x", "secret/a/./b", "secret//x"):
            _, done = read({"A": f"ref+vault://{path}#/KEY"}, VAULT_ADDR=faults.address, VAULT_TOKEN="t")
            fails(done, 3, 'empty, "." or ".."')
        assert faults.seen == []

    def test_offline_asks_nobody(self, read, faults):
        faults.script(good("never"))
        _, done = read({"A": "ref+vault://secret/x#/KEY"}, VAULT_ADDR=faults.address, VAULT_TOKEN="t",
                       HELM_ME_OFFLINE="1")  # fmt: skip
        fails(done, 3, "offline")
        assert faults.seen == []


class TestFaults:
    """What passes is waited for, what does not is an error of kind 6; no part of an answer is shown."""

    WANTED = {"A": "ref+vault://secret/x?token_env=VAULT_T#/KEY"}

    def read(self, read, faults, *steps, timeout="20s", **more):
        faults.script(*steps)
        begin = time.monotonic()
        settings = {"VAULT_ADDR": faults.address, "VAULT_T": "canary-token", "HELM_ME_TIMEOUT": timeout, **more}
        values, done = read(self.WANTED, **settings)
        assert "canary" not in done.stderr, done.stderr
        return values, done, time.monotonic() - begin

    def test_throttled_then_well(self, read, faults):
        values, done, _ = self.read(read, faults, mount(), (429, {"Retry-After": "1"}, b""), good("well"))
        assert values == {"A": "well"}, done.stderr
        assert faults.seen[2][0] - faults.seen[1][0] >= 1

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_down_then_well(self, read, faults, status):
        values, done, _ = self.read(read, faults, mount(), (status, {}, b"canary"), (status, {}, b""), good("well"))
        assert values == {"A": "well"}, done.stderr

    def test_reset_then_well(self, read, faults):
        values, done, _ = self.read(read, faults, mount(), hang_up, truncated, good("well"))
        assert values == {"A": "well"}, done.stderr

    @pytest.mark.parametrize(
        "steps, code, text, requests",
        [
            ([(500, {}, b"canary")], 6, "the server answers 500", 1),
            ([(503, {}, b'{"errors": ["Vault is sealed"]}')], 6, "Vault is sealed", 5),
            ([(501, {}, b'{"errors": ["canary"]}')], 6, "Vault is not initialised", 1),
            ([(429, {"Retry-After": "3600"}, b"")], 6, "asks for fewer requests", 1),
            ([hang_up], 6, "the connection ended before the answer did", 5),
            ([truncated], 6, "the connection ended before the answer did", 5),
            ([(200, {}, b"canary, no JSON")], 6, "the answer is not one of Vault's", 1),
            ([(200, {}, b'{"data": ["canary"]}')], 6, "the answer is not one of Vault's", 1),
            ([(200, {}, b"")], 6, "the answer is not one of Vault's", 1),
            ([(200, {}, b"[" * 100_000)], 6, "the answer is not one of Vault's", 1),
            ([bomb()], 6, "larger than 4 MiB", 1),
            ([endless], 6, "larger than 4 MiB", 1),
            ([endless_headers], 6, "larger than 4 MiB", 1),
            ([redirect("https://evil.example.com/canary?canary=1")], 6, "redirects to https://evil.example.com,", 1),
            ([redirect("/v1/other")], 6, "redirects to http://127.0.0.1", 1),
            ([redirect("file:///etc/passwd")], 6, "redirects to elsewhere", 1),
        ],
        ids=["500", "sealed", "uninitialised", "throttled", "reset", "truncated", "text", "list", "empty", "deep", "bomb",
             "endless", "headers", "redirect", "own", "file"],
    )  # fmt: skip
    def test_faults(self, read, faults, steps, code, text, requests):
        values, done, taken = self.read(read, faults, mount(), *steps)
        fails(done, code, text)
        # libcurl repeats by itself what fails on a connection that was used before.
        assert len(faults.seen) in (1 + requests, 2 + requests if requests > 1 else 2)
        assert taken < 15

    def test_reads_go_out_together(self, read, faults):
        faults.script(mount(), late(0.5, good("well")))
        begin = time.monotonic()
        settings = {"VAULT_ADDR": faults.address, "VAULT_TOKEN": "t", "HELM_ME_TIMEOUT": "30s"}
        values, done = read({f"K{i}": f"ref+vault://secret/s{i}#/KEY" for i in range(40)}, **settings)
        assert values == {f"K{i}": "well" for i in range(40)}, done.stderr
        assert time.monotonic() - begin < 8, "one after the other they would take 20 s"
        starts = sorted(at for at, *_ in faults.seen[1:])
        assert sum(at < starts[0] + 0.4 for at in starts) <= 32, "no more than that at once"

    def test_slow_ends_at_the_deadline(self, read, faults):
        _, done, taken = self.read(read, faults, mount(), slow(30), timeout="1500ms")
        fails(done, 6, "no answer within the time that this run has")
        assert 1 < taken < 6

    def test_refused_connections_end_at_the_deadline(self, read, faults):
        settings = dict(VAULT_ADDR="http://127.0.0.1:1", VAULT_T="t", HELM_ME_TIMEOUT="1s")
        begin = time.monotonic()
        _, done = read(self.WANTED, **settings)
        fails(done, 6, "http://127.0.0.1:1: connection refused")
        assert time.monotonic() - begin < 5

    def test_a_login_is_not_sent_twice(self, read, faults):
        faults.script(truncated)
        _, done = read({"A": "ref+vault://secret/x#/KEY"}, VAULT_ADDR=faults.address, VAULT_ROLE_ID="r",
                       VAULT_SECRET_ID="canary-secret-id")  # fmt: skip
        fails(done, 6, "the connection ended before the answer did")
        assert len(faults.seen) == 1
        assert "canary" not in done.stderr

    def test_a_duration_that_is_none_is_refused(self, read, faults):
        for text in ("30", "s", "-1s", "0s", "1d", "9999999999m"):
            _, done, _ = self.read(read, faults, mount(), timeout=text)
            fails(done, 2, "HELM_ME_TIMEOUT takes a duration")


def make_jwt(folder, claims):
    """(public key, token): signed as RFC 7518 has RS256, valid for ten minutes."""
    now = int(time.time())
    claims = {**claims, "iat": now, "nbf": now - 60, "exp": now + 600}
    key = folder / "jwt.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout

    def encode(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    signed = encode(b'{"alg":"RS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed, check=True,
                               capture_output=True).stdout  # fmt: skip
    return public, (signed + b"." + encode(signature)).decode()


@pytest.fixture
def sops(tmp_path):
    """Encrypts: sops(name, text, *options) → path. The key is in tmp_path/key."""
    program = part("sops")
    if not shutil.which("age-keygen"):
        pytest.fail("age is missing: bring it with scripts/install-packages", pytrace=False)
    subprocess.run(["age-keygen", "-o", tmp_path / "key"], check=True, capture_output=True)
    (recipient,) = [line.split()[-1] for line in (tmp_path / "key").read_text().splitlines() if "public key" in line]

    def encrypt(name, text, *options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        subprocess.run([program, "--encrypt", "--age", recipient, "--in-place", *options, path], check=True,
                       capture_output=True)  # fmt: skip
        return path

    return encrypt


class TestSops:
    @pytest.fixture
    def settings(self, tmp_path):
        return {"SOPS_AGE_KEY_FILE": tmp_path / "key", "PATH": f"{PARTS}:{os.environ['PATH']}"}

    def test_formats(self, read, sops, settings):
        sops("a.yaml", "db: {password: by-yaml, port: 5432}\n")
        sops("b.json", '{"db": {"password": "by-json"}}')
        sops("env/c.env", "PASSWORD=by-dotenv\n")
        sops("d.bin", "by\nbinary\n", "--input-type", "binary")
        values, done = read({"A": "ref+sops://a.yaml#/db/password", "PORT": "ref+sops://./a.yaml#/db/port",
                             "B": "ref+sops://b.json#/db/password", "C": "ref+sops://env/c.env#/PASSWORD",
                             "D": "ref+sops://d.bin?format=binary"}, **settings)  # fmt: skip
        assert values == {"A": "by-yaml", "PORT": "5432", "B": "by-json", "C": "by-dotenv", "D": "by\nbinary\n"}, done.stderr
        assert read({"A": "ref+sops://a.yaml#/db/password"}, HELM_ME_OFFLINE="1", **settings)[0] == {"A": "by-yaml"}

    def test_the_file_stays_in_the_policys_folder(self, read, sops, settings, tmp_path):
        sops("outside.yaml", "a: canary\n")
        folder = tmp_path / "inner"
        folder.mkdir()
        (folder / "link.yaml").symlink_to("../outside.yaml")
        for path in ("../outside.yaml", "link.yaml", str(tmp_path / "outside.yaml")):
            _, done = read({"A": f"ref+sops://{path}#/a"}, folder=folder, **settings)
            fails(done, 3, "outside the policy's folder")

    def test_what_is_wrong_is_said_and_no_value(self, read, sops, settings, tmp_path):
        path = sops("a.yaml", "a: canary-one\nb: canary-two\n")
        wanted = {"A": "ref+sops://a.yaml#/a"}
        _, done = read(wanted, **{**settings, "SOPS_AGE_KEY_FILE": "/nowhere"})
        fails(done, 4, "none of the keys that sops has here opens it")
        _, done = read(wanted, **{**settings, "PATH": "/usr/bin:/bin"})
        fails(done, 5, "sops, which opens it, is not installed")
        whole = path.read_text()
        path.write_text("c: canary-three\n" + whole)
        _, done = read(wanted, **settings)
        fails(done, 3, "is encrypted in part only: the value of c stands in the clear")
        assert "canary" not in done.stderr
        path.write_text("\n".join(line for line in whole.splitlines() if not line.startswith("b:")))
        _, done = read(wanted, **settings)
        fails(done, 3, "was changed after sops had encrypted it")
        path.write_text("a: canary-four\n")
        _, done = read(wanted, **settings)
        fails(done, 3, "is not encrypted by sops", "sops encrypt -i FILE")
        _, done = read({"A": "ref+sops://none.yaml#/a"}, **settings)
        fails(done, 5, "does not exist")
        assert "canary" not in done.stderr

    @staticmethod
    def with_vault(path, address):
        """A key of a Vault beside the file's own, as whoever wrote the file would have it."""
        enc = f"vault_address: {address}\n      engine_path: transit\n      key_name: k\n      " \
              "created_at: '2024-01-01T00:00:00Z'\n      enc: vault:v1:AAAA"
        text = path.read_text()
        if path.suffix == ".yaml":
            text = text.replace("sops:\n", f"sops:\n  hc_vault:\n    - {enc}\n".replace("\n  ", "\n    "), 1)
        else:
            flat = "".join(f"{'sops_' if path.suffix == '.env' else ''}hc_vault__list_0__map_{line.strip()}\n".replace(": ", "=", 1)
                           for line in enc.replace("'", "").split("\n"))  # fmt: skip
            text = text.replace("[sops]\n", f"[sops]\n{flat}") if path.suffix == ".ini" else text + flat
        path.write_text(text)

    @pytest.mark.parametrize("name, text, key", [
        ("a.yaml", "a: x\n", "a"), ("a.env", "a=x\n", "a"), ("a.ini", "[s]\na = x\n", "s/a"),
    ])  # fmt: skip
    def test_the_operators_token_goes_to_the_operators_vault_only(self, read, sops, settings, faults, name, text, key):
        path = sops(name, text)
        faults.script((403, {}, b"{}"))
        self.with_vault(path, faults.address)
        wanted = {"A": f"ref+sops://{name}#/{key}"}
        operators = {**settings, "VAULT_ADDR": "https://vault.example.com", "VAULT_TOKEN": "canary"}
        _, done = read(wanted, **operators)
        fails(done, 3, f"sops would ask {faults.address}, which is neither VAULT_ADDR nor allowed by the policy",
              f"allow: {{address: [{faults.address}]}} in the policy")  # fmt: skip
        _, done = read(wanted, HELM_ME_OFFLINE="1", **{**operators, "VAULT_ADDR": faults.address})
        fails(done, 3, "this run is offline")
        assert faults.seen == []
        values, done = read(wanted, policy=f"allow: {{sops: ['*'], address: ['{faults.address}']}}\n", **operators)
        assert values == {"A": "x"}, done.stderr

    def test_the_same_of_secrets_files(self, program, sops, settings, faults, tmp_path):
        path = sops("s.yaml", "A: x\n")
        faults.script((403, {}, b"{}"))
        self.with_vault(path, faults.address)
        (tmp_path / "policy.yaml").write_text(HEAD + "bundles: {b: {target: t, secretsFiles: [s.yaml]}}\n")
        command = [program, "secret", "apply", "--policy", "policy.yaml", "-o", "yaml"]
        variables = {**without_backends(clean_environment()), **{k: str(v) for k, v in settings.items()},
                     "VAULT_ADDR": "https://vault.example.com", "VAULT_TOKEN": "canary"}  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=variables)
        fails(done, 3, f"s.yaml: sops would ask {faults.address}")
        assert faults.seen == []


class TestFiles:
    def test_files_variables_and_texts(self, read, tmp_path):
        (tmp_path / "a.yaml").write_text("db: {password: by-file}\n")
        (tmp_path / "raw").write_text("raw text\n")
        values, done = read({"A": "ref+file://a.yaml#/db/password", "RAW": "ref+file://raw",
                             "B64": "ref+file://raw?encode=base64", "E": "ref+env://MINE",
                             "S": "ref+envsubst://${MINE}-${NONE:-else}-$MINE", "T": "ref+echo://text/x#/text"},
                            MINE="mine")  # fmt: skip
        assert values == {"A": "by-file", "RAW": "raw text\n", "B64": "cmF3IHRleHQK", "E": "mine", "S": "mine-else-mine",
                          "T": "x"}, done.stderr  # fmt: skip

    def test_no_way_out_and_no_credentials(self, read, tmp_path):
        (tmp_path / "outside").write_text("canary")
        folder = tmp_path / "inner"
        folder.mkdir()
        (folder / "link").symlink_to("../outside")
        (folder / "loop").symlink_to("loop")
        for path in ("../outside", "link", "/etc/passwd", "."):
            _, done = read({"A": f"ref+file://{path}"}, folder=folder)
            assert done.returncode == 3, done.stderr
        _, done = read({"A": "ref+file://none"}, folder=folder)
        fails(done, 5, "does not exist")
        for name in ("VAULT_TOKEN", "HELM_ME_STORE_KEY"):
            _, done = read({"A": f"ref+env://{name}"}, **{name: "canary"})
            fails(done, 3, "holds credentials")
            assert "canary" not in done.stderr
        _, done = read({"A": "ref+env://NOT_THERE"})
        fails(done, 5, "variable NOT_THERE is not set")

    def test_unknown_schemes_name_the_bridge(self, read):
        _, done = read({"A": "ref+awssms://x#/y"})
        fails(done, 3, 'nothing here reads scheme "awssms"', "bridge: vals")

    def test_programs_are_run_by_permission_only(self, read, tmp_path):
        mark = tmp_path / "ran"
        _, done = read({"A": f"ref+exec://touch?args={mark}"})
        fails(done, 3, "the policy does not allow to run touch")
        assert not mark.exists()


class TestVals:
    """Schemes that are not ours, through the real vals."""

    STATE = {
        "version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "resources": [],
        "outputs": {"password": {"value": "by-state", "type": "string", "sensitive": True},
                    "ports": {"value": [5432, 5433], "type": ["tuple", ["number", "number"]]}},
    }  # fmt: skip

    def path(self):
        return f"{part('vals').parent}:{os.environ['PATH']}"

    def test_states_and_pages(self, read, tmp_path, faults):
        (tmp_path / "terraform.tfstate").write_text(json.dumps(self.STATE))
        faults.steps = [(200, {"Content-Type": "application/json"}, b'{"shop": {"password": "by-http", "port": 1}}')] * 9
        page = faults.address.removeprefix("http://") + "/page?insecure=true"
        values, done = read(
            {"STATE": "ref+tfstate://terraform.tfstate/output.password", "PORT": "ref+tfstate://terraform.tfstate/output.ports[1]",
             "PAGE": f"ref+httpjson://{page}#/shop/password", "ANY": f"ref+httpjson://{page}#///password"},
            policy="bridge: vals\n", PATH=self.path(),
        )  # fmt: skip
        assert values == {"STATE": "by-state", "PORT": "5433", "PAGE": "by-http", "ANY": "by-http"}, done.stderr

    def test_one_that_fails_does_not_stop_the_others_from_being_judged(self, read, tmp_path):
        (tmp_path / "terraform.tfstate").write_text(json.dumps(self.STATE))
        wanted = {"STATE": "ref+tfstate://terraform.tfstate/output.password", "NONE": "ref+tfstate://none.tfstate/output.password"}
        _, done = read(wanted, policy="bridge: vals\n", PATH=self.path())
        assert done.returncode == 6, done.stderr
        assert done.stderr.count("vals has failed") == 1 and "none.tfstate" in done.stderr
        assert "by-state" not in done.stderr

    def test_a_chart_does_not_choose_where(self, program, tmp_path):
        """A kubeconfig of the chart could run a program."""
        (tmp_path / "config").write_text(yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "k", "cluster": {"server": "https://127.0.0.1:1"}}],
            "users": [{"name": "u", "user": {"exec": {"apiVersion": "client.authentication.k8s.io/v1",
                       "command": "touch", "args": [str(tmp_path / "pwned")], "interactiveMode": "Never"}}}],
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        }))  # fmt: skip
        state = "ref+tfstate://terraform.tfstate/output.password"
        k8s = "ref+k8s://v1/Secret/shop/x/key?kubeConfigPath=config"
        for allow, reference, help in [
            ("", k8s, 'allow: {k8s: ["v1/Secret/shop/x/key?kubeConfigPath=config"]} in the policy'),
            ("", state, 'allow: {tfstate: ["terraform.tfstate/output.password"]} in the policy'),
            ("allow: {k8s: [v1/Secret/*]}\n", k8s, 'allow: {k8s: ["v1/Secret/shop/x/key?kubeConfigPath=config"]}'),
            ("allow: {tfstate: [other/*]}\n", state, 'allow: {tfstate: ["terraform.tfstate/output.password"]}'),
        ]:
            (tmp_path / "policy.yaml").write_text(HEAD + "bridge: vals\n" + allow)
            done = subprocess.run(
                [program, "post", "--policy", "policy.yaml", "--deliver", "inline"], capture_output=True, text=True,
                input=f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{K: '{reference}'}}\n",
                cwd=tmp_path, env={**clean_environment(), "PATH": self.path()}, timeout=60,
            )  # fmt: skip
            fails(done, 3, help)
            assert done.stdout == "" and not (tmp_path / "pwned").exists()


class TestCanary:
    """Neither a value nor a credential is anywhere that anyone reads, whatever a server does with it."""

    SETTINGS = {
        "token": {"VAULT_TOKEN": CANARY},
        "approle": {"VAULT_ROLE_ID": "role", "VAULT_SECRET_ID": CANARY},
        "userpass": {"VAULT_AUTH_METHOD": "userpass", "VAULT_USERNAME": "u", "VAULT_PASSWORD": CANARY},
        "jwt": {"VAULT_AUTH_ROLE": "role", "VAULT_JWT": CANARY},
    }
    LOGIN = (200, {}, json.dumps({"auth": {"client_token": CANARY}}).encode())
    ERRORS = json.dumps({"errors": [CANARY], "data": CANARY}).encode()
    STEPS = {
        "key": [good(CANARY)],
        "denied": [(403, {}, ERRORS)],
        "refused": [(400, {}, ERRORS)],
        "broken": [(500, {"X-Error": CORE}, ERRORS)],
        "text": [(200, {"Content-Type": CORE}, CANARY.encode())],
        "cut": [(200, {}, json.dumps({"data": {"data": {"KEY": CANARY}}}).encode()[:-2])],
        "doubled": [(200, {}, b'{"data": {"' + CORE.encode() + b'": 1, "' + CORE.encode() + b'": 2}}')],
        "redirect": [redirect(f"http://{CORE}:{CORE}@elsewhere/{CORE}?{CORE}")],
    }

    @pytest.mark.parametrize("settings", SETTINGS)
    @pytest.mark.parametrize("steps", STEPS)
    def test_vault(self, program, tmp_path, faults, settings, steps):
        login = [] if settings == "token" else [self.LOGIN]
        for script in ([*login, mount(), *self.STEPS[steps]], self.STEPS[steps]):
            faults.script(*script)
            self.run(program, tmp_path, "ref+vault://secret/x#/OTHER", {"VAULT_ADDR": faults.address, **self.SETTINGS[settings]})

    def test_sops_and_files(self, program, tmp_path, sops):
        settings = {"SOPS_AGE_KEY_FILE": str(tmp_path / "key"), "PATH": f"{PARTS}:{os.environ['PATH']}"}
        path = sops("a.yaml", f"a: '{CANARY}'\n")
        self.run(program, tmp_path, "ref+sops://a.yaml#/b", settings)
        path.write_text(f"{CORE}: '{CANARY}'\n" + path.read_text())
        self.run(program, tmp_path, "ref+sops://a.yaml#/a", settings, names_keys=True)
        for content in (f"a: '{CANARY}'\n", f"'{CANARY}", f"[{CANARY}"):
            (tmp_path / "b.yaml").write_text(content)
            self.run(program, tmp_path, "ref+file://b.yaml#/b", {})
            self.run(program, tmp_path, "ref+sops://b.yaml#/b", settings)
        self.run(program, tmp_path, "ref+envsubst://$CANARY#/b", {"CANARY": CANARY})

    @staticmethod
    def run(program, folder, reference, settings, names_keys=False):
        policy = yaml.safe_dump({"bundles": {"b": {"target": "t", "secrets": {"A": reference}}}})
        (folder / "policy.yaml").write_text(HEAD + policy)
        diagnostics = folder / "diagnostics"
        for form in ("text", "json"):
            diagnostics.unlink(missing_ok=True)
            environment = {**without_backends(clean_environment()), **settings, "HELM_ME_TIMEOUT": "10s",
                           "HELM_ME_DIAGNOSTICS": str(diagnostics), "HOME": "/nonexistent"}  # fmt: skip
            words = [program, "secret", "apply", "--policy", "policy.yaml", "-o", "yaml", "--log-level", "trace",
                     "--diagnostics-format", form]  # fmt: skip
            with ProcessWatch() as watch:
                done = subprocess.run(words, capture_output=True, cwd=folder, timeout=60, env=environment)
            assert done.returncode in (3, 4, 5, 6), done.stderr
            said = diagnostics.read_bytes() if diagnostics.exists() else b""
            where = [("stdout", done.stdout), ("arguments", b"\n".join(watch.seen))]
            where += [] if names_keys else [("stderr", done.stderr), ("the diagnostics file", said)]
            assert [seen for name, content in where for seen in sightings(name, content)] == []
