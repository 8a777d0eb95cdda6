"""Real charts' streams: what well-known charts render, as each major's post-renderer gets it.

The streams are not part of the project. HELM_ME_MANIFESTS names their folder.
"""

import kubelet
import pytest
import yaml
from conftest import MANIFESTS, ROOT, STREAMS, containers, environment_of, objects, pod_spec, replacing_policy

if not STREAMS:
    pytest.skip(
        f"no streams in {MANIFESTS}, which is no part of the project: set HELM_ME_MANIFESTS to a folder of rendered manifests",
        allow_module_level=True,
    )

HEIMDALL = ROOT / "testdata/heimdall"
WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"}


@pytest.fixture(params=STREAMS, ids=lambda path: path.name.removesuffix(".yaml"))
def stream(request):
    return request.param.read_bytes()


def test_nothing_to_do_is_the_same_bytes(post, stream):
    done = post(stream)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == stream


def test_a_policy_that_touches_nothing_is_the_same_bytes(post, stream, tmp_path):
    (tmp_path / "p.yaml").write_text(
        "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nmetadata: {name: x}\nbundles:\n  x: {existingSecret: live}\n"
    )
    done = post(stream, "--policy", "p.yaml")
    assert (done.returncode, done.stdout) == (0, stream)


@pytest.mark.parametrize("renamed", [False, True], ids=["same keys", "renamed keys"])
def test_every_rendered_secret_is_replaced(post, stream, tmp_path, renamed):
    before = objects(stream)
    policy, live = replacing_policy(before, renamed)
    (tmp_path / "p.yaml").write_text(policy)
    arguments = ["--policy", "p.yaml", "--release", "demo", "--namespace", "shop"]
    done = post(stream, *arguments)
    assert done.returncode == 0, done.stderr.decode()
    after = objects(done.stdout)

    assert {key for key in before if key not in after} == {key for key in before if key[0] == "Secret"}
    old_secrets = kubelet.secret_values(before)
    for key, one in after.items():
        if key[0] not in WORKLOADS:
            continue
        old = before[key]
        for was, now in zip(containers(old), containers(one), strict=True):
            environment_of(now)
            config_maps = ConfigMaps(before)
            assert visible(now, live, config_maps) == visible(was, old_secrets, config_maps), key
        assert kubelet.files(pod_spec(one), live) == kubelet.files(pod_spec(old), old_secrets), key

    assert post(stream, *arguments).stdout == done.stdout
    # What still names a Secret that is gone is said.
    again = post(done.stdout)
    assert again.stdout == done.stdout


@pytest.mark.parametrize(
    "approach, secret",
    [
        ("existing-secret", "heimdall-production-secrets"), ("secrets", "heimdall-secrets"),
        ("secrets-files", "heimdall-secrets"), ("all", "heimdall-production-secrets"), ("none", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", [path for path in STREAMS if path.name.startswith("heimdall")], ids=lambda path: path.name.removesuffix(".yaml")
)
def test_heimdall_by_its_values(post, path, approach, secret):
    """The ready-made contract and the chart's three ways to bring its secrets: only names change, and one Secret goes."""
    stream = path.read_bytes()
    done = post(
        stream, "--policy", HEIMDALL / "helm-me.yaml", "--values", HEIMDALL / f"values-{approach}.yaml", "--release", "demo"
    )
    if secret is None:
        assert (done.returncode, done.stdout) == (5, b"")
        return
    assert done.returncode == 0, done.stderr.decode()
    before, after = objects(stream), objects(done.stdout)
    assert set(before) - set(after) == {("Secret", "demo-heimdall-secrets")}
    was, now = (containers(one[("StatefulSet", "demo-heimdall")])[-1]["envFrom"] for one in (before, after))
    assert was[1] == {"secretRef": {"name": "demo-heimdall-secrets"}}
    assert now == [was[0], {"secretRef": {"name": secret}}]
    del before[("Secret", "demo-heimdall-secrets")], before[("StatefulSet", "demo-heimdall")]
    del after[("StatefulSet", "demo-heimdall")]
    assert after == before


class ConfigMaps(dict):
    """The stream's ConfigMaps, and any other as an empty one."""

    def __init__(self, rendered):
        super().__init__({name: one.get("data") or {} for (kind, name), one in rendered.items() if kind == "ConfigMap"})

    def __missing__(self, _):
        return {}

    def __contains__(self, _):
        return True


class AnySecret(dict):
    """These Secrets; one that is not in the stream answers with its own name and key."""

    def __missing__(self, name):
        return AnyKey(name)

    def __contains__(self, _):
        return True


class AnyKey(dict):
    def __init__(self, name):
        super().__init__()
        self.name = name

    def __missing__(self, key):
        return f"<{self.name}/{key}>"


def visible(container, secrets, config_maps):
    seen = kubelet.environment(container, AnySecret(secrets), config_maps)
    return {name: value for name, value in seen.items() if not name.startswith("HELM_ME_")}
