"""delivery: externalSecret. The real API server, with the CustomResourceDefinition of External Secrets, takes what we
emit under strict field validation.
"""

import time

import pytest
import yaml
from conftest import objects, part

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
