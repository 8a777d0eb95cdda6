"""Vault's Kubernetes login: the real plugin asks the real API server whether a ServiceAccount's token is good."""

import pytest
from backends import vault  # noqa: F401  fixture
from conftest import Namespace
from test_providers import fails, read  # noqa: F401  fixture


@pytest.fixture
def pod(api, vault, tmp_path):  # noqa: F811
    """(the file of a pod's token, its namespace): what role `shop` of auth/kubernetes takes."""
    namespace = Namespace(api)
    for account in ("shop", "reviewer"):
        api.request("POST", namespace.path("serviceaccounts"), {"metadata": {"name": account}})
    api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
        "metadata": {"name": f"reviewer-{namespace.name}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:auth-delegator"},
        "subjects": [{"kind": "ServiceAccount", "name": "reviewer", "namespace": namespace.name}],
    })  # fmt: skip

    def token(account):
        path = namespace.path("serviceaccounts", account) + "/token"
        return api.request("POST", path, {"spec": {"audiences": ["vault"] if account == "shop" else []}})["status"]["token"]

    vault.enable_login("kubernetes", namespace.name)
    vault.request("POST", f"auth/{namespace.name}/config", {
        "kubernetes_host": api.url, "kubernetes_ca_cert": api.certificate.read_text(),
        "token_reviewer_jwt": token("reviewer"), "disable_local_ca_jwt": True,
    })  # fmt: skip
    vault.policy("shop-of-the-pod", 'path "secret/data/pod" { capabilities = ["read"] }')
    vault.request("POST", f"auth/{namespace.name}/role/shop", {
        "bound_service_account_names": ["shop"], "bound_service_account_namespaces": [namespace.name],
        "audience": "vault", "token_policies": ["shop-of-the-pod"], "token_ttl": "1m",
    })  # fmt: skip
    vault.put("pod", KEY="by-pod")
    (tmp_path / "token").write_text(token("shop"))
    return tmp_path / "token", namespace.name


def test_a_pods_own_token_logs_in(read, vault, pod):  # noqa: F811
    file, mount = pod
    wanted = {"A": "ref+vault://secret/pod#/KEY"}
    with vault.requests() as asked:
        values, done = read(wanted, VAULT_ADDR=vault.address, VAULT_AUTH_METHOD="kubernetes", VAULT_K8S_ROLE="shop",
                            VAULT_KUBERNETES_JWT_TOKEN_PATH=file, VAULT_KUBERNETES_MOUNT_POINT=mount)  # fmt: skip
    assert values == {"A": "by-pod"}, done.stderr
    assert [one for one in asked if one.endswith("/login")] == [f"update auth/{mount}/login"]
    values, done = read(wanted, VAULT_ADDR=vault.address, AVP_AUTH_TYPE="k8s", AVP_K8S_ROLE="shop", AVP_K8S_TOKEN_PATH=file,
                        AVP_K8S_MOUNT_PATH=f"auth/{mount}")  # fmt: skip
    assert values == {"A": "by-pod"}, done.stderr


def test_a_token_of_another_account_does_not(read, vault, pod, api):  # noqa: F811
    file, mount = pod
    api.request("POST", f"/api/v1/namespaces/{mount}/serviceaccounts", {"metadata": {"name": "other"}})
    path = f"/api/v1/namespaces/{mount}/serviceaccounts/other/token"
    other = api.request("POST", path, {"spec": {"audiences": ["vault"]}})["status"]["token"]
    wanted = {"A": "ref+vault://secret/pod#/KEY"}
    settings = {"VAULT_ADDR": vault.address, "VAULT_AUTH_METHOD": "kubernetes", "VAULT_K8S_ROLE": "shop",
                "VAULT_KUBERNETES_JWT_TOKEN_PATH": file, "VAULT_KUBERNETES_MOUNT_POINT": mount}  # fmt: skip
    for text in (other, "no.jwt.token"):
        file.write_text(text)
        _, done = read(wanted, **settings)
        fails(done, 4)
        assert text not in done.stderr
    file.unlink()
    _, done = read(wanted, **settings)
    fails(done, 4, "is not there")
