"""Placeholders of vals, argocd-vault-plugin and bank-vaults through the post-renderer, against the real Vault."""

import base64
import os
import re
import signal
import subprocess
import time

import pytest
import yaml
from backends import FaultServer, authority, faults, mount, slow, vault  # noqa: F401  fixtures
from conftest import PARTS, ROOT, clean_environment, containers, environment_of, make_helm, objects, part
from test_providers import without_backends

PASSWORD = "canary-7d2e$(x)\"'"


@pytest.fixture
def fetch(post, vault):
    """fetch(documents, *arguments) → CompletedProcess of helm-me-post with the real Vault's address and token."""

    def run(documents, *arguments, **variables):
        stream = documents if isinstance(documents, str) else yaml.safe_dump_all(documents, sort_keys=False)
        return post(stream.encode(), *arguments, env=as_root(vault, **variables))

    return run


def as_root(vault, **variables):
    return {"VAULT_ADDR": vault.address, "VAULT_TOKEN": vault.TOKEN, **variables}


def pod(*values):
    entries = [{"name": f"V{i}", "value": value} for i, value in enumerate(values)]
    spec = {"containers": [{"name": "c", "image": "i", "env": entries}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def secret(annotations=None, **more):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "annotations": annotations or {}}, **more}


def values(done):
    return [entry["value"] for entry in objects(done.stdout)[("Pod", "p")]["spec"]["containers"][0]["env"]]


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def good(done):
    assert done.returncode == 0, done.stderr.decode()
    return done


def fails(done, code, *texts):
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), said
    for text in texts:
        assert text in said, said


def test_one_secret_in_all_dialects_is_one_read(fetch, vault):
    vault.put("one", password=PASSWORD, port=5432)
    documents = [
        pod("ref+vault://secret/one#/password", "<path:secret/data/one#password>", "vault:secret/data/one#password",
            "a-${vault:secret/data/one#port}-b", "<path:secret/data/one#port | base64encode>", "ref+openbao://secret/one#/port"),
    ]  # fmt: skip
    with vault.requests() as asked:
        done = good(fetch(documents, "--deliver", "inline"))
    doubled = PASSWORD.replace("$", "$$")  # Kubernetes makes one "$" of it
    assert values(done) == [doubled] * 3 + ["a-5432-b", encoded("5432"), "5432"]
    assert asked.count("read secret/data/one") == 1, asked
    assert [one for one in asked if "login" in one or "create" in one] == []


def test_each_dialect_keeps_its_own_meaning(fetch, vault):
    """A number is text to bank-vaults and a number to the other two, whoever reads it first."""
    vault.put("meaning", replicas=3)
    forms = {"bank": "${vault:secret/data/meaning#replicas}", "avp": "<path:secret/data/meaning#replicas>",
             "vals": "ref+vault://secret/meaning#/replicas"}  # fmt: skip
    for order in (list(forms), list(reversed(forms))):
        widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"},
                  "spec": {f"{i}{name}": forms[name] for i, name in enumerate(order)}}  # fmt: skip
        spec = objects(good(fetch([widget], "--deliver", "inline")).stdout)[("Widget", "w")]["spec"]
        assert {name[1:]: value for name, value in spec.items()} == {"bank": "3", "avp": 3, "vals": 3}, order


def test_a_delivered_secret_holds_them(fetch, vault):
    vault.put("two", password=PASSWORD)
    done = good(fetch([pod("ref+vault://secret/data/two#/password", "x <path:secret/data/two#password>")],
                      "--deliver", "secret", "--release", "demo"))  # fmt: skip
    made = objects(done.stdout)[("Secret", "demo-helm-me")]
    assert base64.b64decode(made["data"]["password"]).decode() == PASSWORD
    assert PASSWORD.encode() not in done.stdout
    seen = environment_of(containers(objects(done.stdout)[("Pod", "p")])[0])
    assert seen["V0"] == {"secretKeyRef": {"name": "demo-helm-me", "key": "password"}}


class TestArgocdVaultPlugin:
    def test_a_secret_under_annotations(self, fetch, vault):
        vault.put("avp", user="shop", password=PASSWORD, port=1)
        vault.put("avp", user="new", password=PASSWORD, port=2)
        text = yaml.safe_dump(
            secret(
                {"avp.kubernetes.io/path": "secret/data/avp", "avp.kubernetes.io/secret-version": "1"},
                data={"whole": encoded("<password>"), "part": encoded("u=<user>;p=<port>")},
                stringData={"sum": "<user | sha256sum>", "word": "a < b and c > d"},
            )
        )
        made = objects(good(fetch(text, "--deliver", "inline")).stdout)[("Secret", "s")]
        assert base64.b64decode(made["data"]["whole"]).decode() == PASSWORD
        assert base64.b64decode(made["data"]["part"]).decode() == "u=shop;p=1"
        assert re.fullmatch("[0-9a-f]{64}", made["stringData"]["sum"])
        assert made["stringData"]["word"] == "a < b and c > d"

    def test_types_and_what_stays(self, fetch, vault):
        vault.put("types", replicas=3, big=1234567, yes="yes", list=["a", {"b": 1}])
        text = """apiVersion: apps/v1
kind: Deployment
metadata: {name: d, labels: {replicas: <path:secret/data/types#replicas>}}
spec:
  replicas: <path:secret/data/types#replicas>   # three
  paused: <path:secret/data/types#yes>
  mode: 0644
  hash: 81111e1
  name: port-<path:secret/data/types#replicas>
  big: <path:secret/data/types#big>
  inner: <path:secret/data/types#list | jsonPath {[1].b}>
  all: [[<path:secret/data/types#list>]]
"""
        done = good(fetch(text, "--deliver", "inline"))
        assert done.stdout.decode() == """apiVersion: apps/v1
kind: Deployment
metadata: {name: d, labels: {replicas: "3"}}
spec:
  replicas: 3   # three
  paused: "yes"
  mode: 0644
  hash: 81111e1
  name: port-3
  big: 1234567
  inner: "1"
  all: [[[a, {b: 1}]]]
"""

    def test_remove_missing(self, fetch, vault):
        vault.put("some", there="x")
        annotations = {"avp.kubernetes.io/path": "secret/data/some", "avp.kubernetes.io/remove-missing": "true"}
        documents = [secret(annotations, stringData={"a": "<there>", "b": "<absent>"})]
        made = objects(good(fetch(documents, "--deliver", "inline")).stdout)[("Secret", "s")]
        assert made["stringData"] == {"a": "x"}
        del annotations["avp.kubernetes.io/remove-missing"]
        fails(fetch([secret(annotations, stringData={"b": "<absent>"})], "--deliver", "inline"), 5, 'has no key "absent"')

    def test_the_plugin_of_the_readme(self, vault, checkout, tmp_path):
        """The command that README.md has for Argo CD, as Argo CD runs it: in the chart's folder, with its variables."""
        vault.put("argo", token=PASSWORD)
        text = (ROOT / "README.md").read_text()
        block = next(one for one in re.findall(r"```yaml\n(.*?)```", text, re.S) if "ConfigManagementPlugin" in one)
        generate = yaml.safe_load(block)["spec"]["generate"]
        chart = tmp_path / "chart"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
        (chart / "templates/s.yaml").write_text(
            "apiVersion: v1\nkind: Secret\nmetadata: {name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}'}\n"
            "stringData: {token: '<path:secret/data/argo#token>'}\n"
        )
        helm = make_helm("helm3", tmp_path, checkout)
        programs = tmp_path / "programs"
        programs.mkdir()
        (programs / "helm").symlink_to(helm.program)
        (programs / "helm-me-post").symlink_to(checkout / "bin/helm-me-post")
        environment = clean_environment(
            **helm.env, **as_root(vault), ARGOCD_APP_NAME="demo", ARGOCD_APP_NAMESPACE="apps",
            PATH=f"{programs}:{os.environ['PATH']}",
        )  # fmt: skip
        runs = [
            subprocess.run([*generate["command"], *generate["args"]], cwd=chart, env=environment, capture_output=True)
            for _ in range(2)
        ]
        made = objects(good(runs[0]).stdout)[("Secret", "demo")]
        assert (made["metadata"]["namespace"], made["stringData"]["token"]) == ("apps", PASSWORD)
        assert runs[0].stdout == runs[1].stdout


class TestBankVaults:
    def test_a_docker_config(self, fetch, vault):
        vault.put("registry", user="robot", password="p:w")
        auth = encoded("vault:secret/data/registry#user:vault:secret/data/registry#password")
        config = '{"auths": {"registry.example.com": {"auth": "%s"}}}' % auth
        documents = [secret(type="kubernetes.io/dockerconfigjson", data={".dockerconfigjson": encoded(config)})]
        made = objects(good(fetch(documents, "--deliver", "inline")).stdout)[("Secret", "s")]
        found = yaml.safe_load(base64.b64decode(made["data"][".dockerconfigjson"]))
        assert base64.b64decode(found["auths"]["registry.example.com"]["auth"]).decode() == "robot:p:w"

    def test_a_template_and_a_version(self, fetch, vault):
        vault.put("tpl", user="shop", password="a/b")
        vault.put("tpl", user="shop", password="new")
        done = fetch([pod("vault:secret/data/tpl#${.user}:${.password | urlquery}#1", "vault:1.20")], "--deliver", "inline")
        assert values(good(done)) == ["shop:a%2Fb", "vault:1.20"]


class TestWhatThePolicyOpens:
    HEAD = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\n"

    @pytest.fixture
    def page(self, authority):
        server = FaultServer(tls=authority)
        server.script((200, {"Content-Type": "application/json"}, b'{"shop": {"token": "t-1", "n": [1, 2]}}'))
        yield server
        server.stop()

    def test_a_page_of_json(self, page, authority, post, tmp_path):
        host = page.address.removeprefix("https://")
        (tmp_path / "policy.yaml").write_text(self.HEAD + f"allow: {{https: ['{host}']}}\n")
        documents = yaml.safe_dump(pod(f"ref+https://{host}/a.json#/shop/token", f"ref+https://{host}/a.json#/shop/n/1"))
        trust = {"SSL_CERT_FILE": authority / "ca.crt"}
        done = good(post(documents.encode(), "--deliver", "inline", "--policy", tmp_path / "policy.yaml", env=trust))
        assert values(done) == ["t-1", "2"]
        assert [path for _, _, path, _ in page.seen] == ["/a.json"]
        fails(post(documents.encode(), "--deliver", "inline", env=trust), 3, "allow: {https:")
        assert len(page.seen) == 1

    def test_a_program(self, post, tmp_path):
        programs = tmp_path / "programs"
        programs.mkdir()
        (programs / "secrets-of").write_text("#!/bin/sh\necho \"of $1 ($#, ${SHOP_TOKEN:-clean})\"\n")
        (programs / "secrets-of").chmod(0o755)
        (tmp_path / "policy.yaml").write_text(self.HEAD + "allow: {exec: [secrets-of]}\n")
        documents = yaml.safe_dump(pod("ref+exec://secrets-of/shop")).encode()
        variables = {"PATH": f"{programs}:{os.environ['PATH']}", "SHOP_TOKEN": "not-for-programs"}
        done = good(post(documents, "--deliver", "inline", "--policy", tmp_path / "policy.yaml", env=variables))
        assert values(done) == ["of shop (1, clean)"]
        other = yaml.safe_dump(pod("ref+exec://sh?args=-c,id")).encode()
        fails(post(other, "--deliver", "inline", "--policy", tmp_path / "policy.yaml", env=variables), 3, "to run sh")

    def test_a_secrets_file_of_sops(self, post, tmp_path):
        key = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
        public = re.search("public key: (age1\\w+)", key).group(1)
        (tmp_path / "plain.yaml").write_text("API_KEY: from-sops\nEMPTY: ''\n")
        environment = {"SOPS_AGE_KEY": key, "PATH": f"{PARTS}:{os.environ['PATH']}", "HOME": tmp_path}
        part("sops")
        encrypted = subprocess.run(
            ["sops", "encrypt", "--age", public, "plain.yaml"], cwd=tmp_path, capture_output=True, check=True,
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        )  # fmt: skip
        (tmp_path / "secrets.enc.yaml").write_bytes(encrypted.stdout)
        (tmp_path / "policy.yaml").write_text(
            self.HEAD + "bundles: {shop: {secretsFiles: [secrets.enc.yaml], delivery: inline}}\n"
        )
        documents = yaml.safe_dump(pod("${secret:API_KEY}")).encode()
        done = good(post(documents, "--policy", tmp_path / "policy.yaml", env=environment))
        assert values(done) == ["from-sops"]
        fails(post(documents, "--policy", tmp_path / "policy.yaml", env={**environment, "SOPS_AGE_KEY": ""}), 4, "secrets.enc.yaml")


class TestWhatGoesWrong:
    def test_everything_is_listed_and_nothing_written(self, fetch, vault):
        vault.put("wrong", password=PASSWORD)
        done = fetch(
            [pod("ref+vault://secret/wrong#/pasword", "<path:secret/data/nowhere#x>", "vault:secret/data/wrong#password#9",
                 "ref+vault://secret/wrong#/password/deeper")],
            "--deliver", "secret",
        )  # fmt: skip
        fails(done, 5, "did you mean #/password?", "vault:secret/data/nowhere", "version 9")
        assert done.stderr.count(b"error: ") == 4
        assert PASSWORD.encode() not in done.stderr

    def test_denied_says_how_many_need_it(self, fetch, vault):
        vault.put("closed", a="x", b="y")
        token = vault.token("default")
        done = fetch([pod("ref+vault://secret/closed#/a", "ref+vault://secret/closed#/b")], "--deliver", "secret",
                     VAULT_TOKEN=token)  # fmt: skip
        fails(done, 4, "vault:secret/closed", "asked as token with policy default", "2 placeholders need it")
        assert token.encode() not in done.stderr

    def test_unreachable(self, fetch):
        done = fetch([pod("ref+vault://secret/x#/y")], "--deliver", "secret", "--timeout", "3s",
                     VAULT_ADDR="http://127.0.0.1:9")  # fmt: skip
        fails(done, 6, "127.0.0.1:9")

    def test_no_request_without_a_delivery_or_permission(self, fetch, vault, tmp_path):
        (tmp_path / "policy.yaml").write_text(
            "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nallow: {vault: [secret/data/shop/*]}\n"
        )
        with vault.requests() as asked:
            fails(fetch([pod("ref+vault://secret/x#/y")]), 3, "no delivery is chosen")
            fails(fetch([pod("ref+vault://secret/x#/y")], "--deliver", "inline", "--policy", tmp_path / "policy.yaml"), 3,
                  "is outside of the policy's allow")  # fmt: skip
            fails(fetch([pod("ref+vault://secret/x?address=http://127.0.0.1:9#/y")], "--deliver", "inline"), 3, "address")
            fails(fetch([pod("ref+vault://secret/x#/y")], "--deliver", "inline", "--offline"), 3, "offline")
        assert asked == []

    @pytest.mark.parametrize("sent, code", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
    def test_a_signal_while_it_waits(self, sent, code, faults, checkout, tmp_path):
        faults.script(mount(), slow(30))
        child = subprocess.Popen(
            [checkout / "bin/helm-me-post", "--deliver", "inline"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd=tmp_path,
            env={**without_backends(clean_environment()), "HOME": str(tmp_path), "VAULT_ADDR": faults.address, "VAULT_TOKEN": "t"},
        )  # fmt: skip
        child.stdin.write(yaml.safe_dump(pod("ref+vault://secret/x#/y")).encode())
        child.stdin.close()
        deadline = time.monotonic() + 20
        while len(faults.seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(sent)
        assert child.wait(20) in (code, -sent)
        assert child.stdout.read() == b""
        assert not list(tmp_path.iterdir())


def test_helm_with_the_wrapper(helm, vault, checkout, tmp_path):
    vault.put("wrapped", password=PASSWORD)
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (chart / "templates/p.yaml").write_text(yaml.safe_dump(pod("ref+vault://secret/wrapped#/password")))
    done = helm.run("me", "--deliver", "secret", "template", "demo", chart, env=as_root(vault))
    made = objects(done.stdout)
    assert base64.b64decode(made[("Secret", "demo-helm-me")]["data"]["password"]).decode() == PASSWORD
