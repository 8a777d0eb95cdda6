"""delivery: externalSecret. The real API server, with the CustomResourceDefinition of External Secrets, takes what we
emit under strict field validation; with --matrix its real controller makes the Secrets, out of the real Vault.
"""

import base64
import os
import subprocess
import time

import pytest
import yaml
from backends import vault  # noqa: F401  fixture
from conftest import die_with_parent, free_ports, objects, part

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
GROUP = "/apis/external-secrets.io/v1"
STORE = "defaults: {delivery: externalSecret, secretStoreRef: {name: vault, kind: ClusterSecretStore}, refreshInterval: 15m}"
HEAD = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\n"


@pytest.fixture(scope="module")
def external_secrets(api):
    """The API server once it knows ExternalSecret."""
    definition = (part("externalsecrets.yaml")).read_text()
    name = yaml.safe_load(definition)["metadata"]["name"]
    api.request(
        "PATCH", f"{CRDS}/{name}?fieldManager=tests&force=true", raw_body=definition.encode(),
        content_type="application/apply-patch+yaml",
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while True:
        conditions = api.request("GET", f"{CRDS}/{name}").get("status", {}).get("conditions") or []
        if any(one["type"] == "Established" and one["status"] == "True" for one in conditions):
            return api
        assert time.monotonic() < deadline, "the definition was not established"
        time.sleep(0.1)


def pod(*values):
    entries = [{"name": f"V{i}", "value": value} for i, value in enumerate(values)]
    spec = {"containers": [{"name": "c", "image": "i", "env": entries}]}
    return yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


def secret(values, **annotations):
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "stringData": values,
         "metadata": {"name": "s", "labels": {"app": "shop"}, "annotations": annotations}}
    )


CASES = {
    "plain": pod("ref+vault://secret/shop#/API_KEY", "ref+vault://secret/shop?version=3#/db/password"),
    "argocd-vault-plugin": pod("<path:secret/data/shop#API_KEY#2>", "x-<path:secret/data/shop#API_KEY | base64encode>"),
    "bank-vaults": pod("vault:secret/data/shop#API_KEY", "a ${vault:secret/data/shop#DB} b"),
    "composed": secret({"url": "postgres://<user>:<password>@{{db}}/x", "user": "<user>", "plain": "a {{b}}"},
                       **{"avp.kubernetes.io/path": "secret/data/shop"}),
    "docker": secret({".dockerconfigjson": "ref+vault://secret/registry#/config"}).replace("kind:", "type: kubernetes.io/dockerconfigjson\nkind:"),
    "odd keys": pod("ref+vault://secret/shop#/a.b-c", "ref+vault://secret/other#/a.b-c", "ref+vault://secret/shop"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_api_server_takes_it(case, external_secrets, namespace, post, tmp_path):
    (tmp_path / "policy.yaml").write_text(HEAD + STORE + "\n")
    done = post(CASES[case].encode(), "--policy", tmp_path / "policy.yaml", "--release", "demo")
    assert done.returncode == 0, done.stderr
    made = [one for one in objects(done.stdout).values() if one["kind"] == "ExternalSecret"]
    name = "s" if case in ("composed", "docker") else "demo-helm-me"  # a rendered Secret keeps its name
    assert [one["metadata"]["name"] for one in made] == [name]
    path = f"{GROUP}/namespaces/{namespace.name}/externalsecrets?fieldValidation=Strict"
    stored = external_secrets.request("POST", path, made[0])
    assert stored["spec"]["secretStoreRef"] == {"name": "vault", "kind": "ClusterSecretStore"}
    assert stored["spec"]["refreshInterval"] == "15m"
    assert not [one for one in objects(done.stdout).values() if one["kind"] == "Secret"]
    if case == "docker":
        assert stored["spec"]["target"]["template"]["type"] == "kubernetes.io/dockerconfigjson"
    if case == "composed":
        assert set(stored["spec"]["target"]["template"]["data"]) == {"url", "user", "plain"}
        assert stored["spec"]["target"]["template"]["metadata"]["labels"] == {"app": "shop"}
    # Every key that a container asks for is one that the ExternalSecret makes.
    target = stored["spec"]["target"].get("template", {}).get("data") or {one["secretKey"]: 1 for one in stored["spec"]["data"]}
    for one in objects(done.stdout).values():
        if one["kind"] == "Pod":
            wanted = [entry["valueFrom"]["secretKeyRef"] for entry in one["spec"]["containers"][0]["env"] if "valueFrom" in entry]
            assert wanted
            assert {ref["name"] for ref in wanted} == {"demo-helm-me"}
            assert {ref["key"] for ref in wanted} <= set(target)


def test_strict_validation_would_see_a_slip(external_secrets, namespace):
    path = f"{GROUP}/namespaces/{namespace.name}/externalsecrets?fieldValidation=Strict"
    wrong = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "w"},
             "spec": {"secretStoreReff": {"name": "vault"}}}  # fmt: skip
    with pytest.raises(RuntimeError, match="unknown field"):
        external_secrets.request("POST", path, wrong)


def test_a_second_run_changes_nothing(post, tmp_path):
    (tmp_path / "policy.yaml").write_text(HEAD + STORE + "\n")
    arguments = ("--policy", tmp_path / "policy.yaml", "--release", "demo")
    first = post(CASES["plain"].encode(), *arguments)
    second = post(first.stdout, *arguments)
    assert second.returncode == 0, second.stderr
    assert second.stdout == first.stdout


@pytest.mark.skipif(not os.environ.get("HELM_ME_MATRIX"), reason="External Secrets' controller comes with --matrix")
def test_the_controller_makes_what_is_meant(api, namespace, vault, post, tmp_path):  # noqa: F811
    password = 'p"a$s {{s}}'
    vault.put("shop", password="the first", db={"password": "inner"})
    vault.put("shop", password=password, db={"password": "inner"})
    for path in part("external-secrets-crds").iterdir():
        definition = yaml.safe_load(path.read_text())
        definition["spec"].pop("conversion", None)  # no webhook runs here
        api.request("PATCH", f"{CRDS}/{definition['metadata']['name']}?fieldManager=tests&force=true",
                    raw_body=yaml.safe_dump(definition).encode(), content_type="application/apply-patch+yaml")  # fmt: skip
    namespace.create_secret("vault-token", token=vault.TOKEN)
    api.kubeconfig(tmp_path / "kubeconfig", namespace.name)
    metrics, live = free_ports(2)
    off = [f"--enable-{what}-reconciler=false" for what in ("cluster-store", "cluster-external-secret", "cluster-push-secret", "push-secret")]
    with open(tmp_path / "controller.log", "wb") as log:
        controller = subprocess.Popen(
            [part("external-secrets-controller"), f"--metrics-addr=127.0.0.1:{metrics}", f"--live-addr=127.0.0.1:{live}",
             f"--namespace={namespace.name}", *off],
            env={**os.environ, "KUBECONFIG": str(tmp_path / "kubeconfig")}, stdout=log, stderr=log, preexec_fn=die_with_parent,
        )  # fmt: skip
    token = {"tokenSecretRef": {"name": "vault-token", "key": "token"}}
    provider = {"vault": {"server": vault.address, "path": "secret", "version": "v2", "auth": token}}
    objects_of = f"{GROUP}/namespaces/{namespace.name}"
    wanted = {
        "whole": ("ref+vault://secret/shop#/password", password), "inner": ("ref+vault://secret/shop#/db/password", "inner"),
        "old": ("ref+vault://secret/shop?version=1#/password", "the first"),
        "composed": ("postgres://u:${vault:secret/data/shop#password}@db/{{x}}", f"postgres://u:{password}@db/{{{{x}}}}"),
        "avp": ("<path:secret/data/shop#password>", password), "bank": ("vault:secret/data/shop#password", password),
        "encoded": ("<path:secret/data/shop#password | base64encode>", base64.b64encode(password.encode()).decode()),
    }  # fmt: skip
    (tmp_path / "policy.yaml").write_text(HEAD + STORE.replace("vault, kind: ClusterSecretStore", "shop") + "\n")
    stream = secret({key: text for key, (text, _) in wanted.items()}) + "---\n" + pod(wanted["whole"][0])
    try:
        api.request("POST", f"{objects_of}/secretstores", {"apiVersion": "external-secrets.io/v1", "kind": "SecretStore",
                    "metadata": {"name": "shop"}, "spec": {"provider": provider}})  # fmt: skip
        done = post(stream.encode(), "--policy", tmp_path / "policy.yaml", "--release", "demo")
        assert done.returncode == 0, done.stderr.decode()
        for one in yaml.safe_load_all(done.stdout):
            if one["kind"] == "ExternalSecret":
                api.request("POST", f"{objects_of}/externalsecrets", one)
        made = {name: wait_for_secret(namespace, name, tmp_path / "controller.log") for name in ("s", "demo-helm-me")}
    finally:
        controller.kill()
        controller.wait()
    assert made["s"] == {key: value for key, (_, value) in wanted.items()}
    assert list(made["demo-helm-me"].values()) == [password]


def wait_for_secret(namespace, name, log):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        found = namespace.get("secrets", name)
        if found and found.get("data"):
            return {key: base64.b64decode(value).decode() for key, value in found["data"].items()}
        time.sleep(0.2)
    raise AssertionError(f"no Secret {name}:\n" + log.read_text()[-3000:])
