"""Install, upgrade and roll back into a real API server: what we emit is what both majors and the server accept."""

import contextlib
import copy
import re
import threading
import time

import kubelet
import pytest
import yaml
from conftest import (
    CHARTS,
    STREAM_NAMES,
    STREAMS,
    containers,
    environment_of,
    error_lines,
    objects,
    pod_spec,
    replacing_policy,
    secret_ref,
)

NO_HOOKS = ["--set", "migrate=false"]  # without controllers a hook's Job never ends
PASSWORD = "canary-9f3e-live"


def policy(name):
    return CHARTS / f"shop-{name}.yaml"


def by_hand(helm, policy_name):
    return helm.post_renderer("--policy", policy(policy_name), "--release", "demo")


def web(namespace):
    return namespace.get("deployments", "demo-shop")["spec"]["template"]["spec"]["containers"][0]


def live_secrets(namespace):
    return kubelet.secret_values({("Secret", one["metadata"]["name"]): one for one in namespace.list("secrets")})


def adopt(namespace):
    namespace.create_secret(
        "shop-production", DATABASE_PASSWORD=PASSWORD, SMTP_PASSWORD="live-smtp", PAYMENT_KEY="live-payment"
    )


def sees(namespace, **wanted):
    """The live web container's environment holds these, as the kubelet would work it out."""
    seen = kubelet.environment(web(namespace), live_secrets(namespace))
    assert {name: seen.get(name) for name in wanted} == wanted
    return seen


URL = f"postgres://shop:{PASSWORD}@shop-db:5432/shop?sslmode=require"


def test_install_upgrade_rollback_with_an_adopted_secret(cluster_helm, namespace):
    helm = cluster_helm
    adopt(namespace)
    chart = [CHARTS / "shop", *NO_HOOKS, "--set", "secret.create=false"]
    helm.run("install", "demo", *chart, *by_hand(helm, "existing"))
    sees(namespace, DATABASE_PASSWORD=PASSWORD, DATABASE_URL=URL, LOG_LEVEL="info")
    environment_of(web(namespace))
    first = namespace.get("deployments", "demo-shop")

    # Nothing new: the Deployment stays as it is and nothing rolls.
    helm.run("upgrade", "demo", *chart, *by_hand(helm, "existing"))
    assert namespace.get("deployments", "demo-shop")["metadata"]["generation"] == first["metadata"]["generation"]

    # Edited environment: a new entry, a changed one, a second text with the password inside.
    helm.run(
        "upgrade", "demo", *chart, *by_hand(helm, "existing"),
        "--set", "env.LOG_LEVEL=debug", "--set", "env.A_DSN=${secret:DATABASE_PASSWORD}@db", "--set", "env.NEW=1",
    )  # fmt: skip
    sees(namespace, DATABASE_PASSWORD=PASSWORD, DATABASE_URL=URL, LOG_LEVEL="debug", A_DSN=f"{PASSWORD}@db", NEW="1")
    environment_of(web(namespace))

    helm.run("rollback", "demo", "1")
    assert namespace.get("deployments", "demo-shop")["spec"] == first["spec"]
    assert namespace.get("secrets", "shop-production")["data"], "the adopted Secret is no part of the release"

    releases = namespace.releases("demo")
    assert len(releases) == 4
    assert all(PASSWORD not in text for text in releases)
    helm.run("uninstall", "demo")
    assert namespace.get("secrets", "shop-production")


def test_a_rendered_secret_never_reaches_the_cluster(cluster_helm, namespace):
    helm = cluster_helm
    adopt(namespace)
    helm.run("install", "demo", CHARTS / "shop", *NO_HOOKS, *by_hand(helm, "replaces"))
    assert namespace.get("secrets", "demo-shop") is None
    seen = sees(namespace, DATABASE_URL=URL, SMTP_PASSWORD="live-smtp", PAYMENT_KEY="live-payment")
    assert seen["smtp-password"] == "live-smtp"
    spec = namespace.get("deployments", "demo-shop")["spec"]["template"]["spec"]
    assert kubelet.files(spec, live_secrets(namespace)) == {
        "secrets": {"smtp-password": "live-smtp", "PAYMENT_KEY": "live-payment"}
    }


def test_a_live_release_moves_over_and_back(cluster_helm, namespace):
    """Installed by Helm alone, then through helm-me, then rolled back to what Helm alone had made."""
    helm = cluster_helm
    adopt(namespace)
    helm.run("install", "demo", CHARTS / "shop", *NO_HOOKS)
    before = namespace.get("deployments", "demo-shop")
    assert namespace.get("secrets", "demo-shop")
    helm.run("upgrade", "demo", CHARTS / "shop", *NO_HOOKS, *by_hand(helm, "replaces"))
    assert namespace.get("secrets", "demo-shop") is None, "Helm deletes what has left the manifest"
    sees(namespace, DATABASE_PASSWORD=PASSWORD, DATABASE_URL=URL, SMTP_PASSWORD="live-smtp")
    names = [entry["name"] for entry in web(namespace)["env"]]
    assert len(names) == len(set(names))
    helm.run("rollback", "demo", "1")
    assert namespace.get("secrets", "demo-shop")
    assert containers(namespace.get("deployments", "demo-shop")) == containers(before)


# Values that a shell, YAML, base64 and Kubernetes' own expansion would each like to change.
AWKWARD = {"DATABASE_PASSWORD": "$(HOME) $$ ${x} 'q' \"d\" # a: b", "SMTP_PASSWORD": "81111e1", "PAYMENT_KEY": "line\nline\n"}


def delivering(tmp_path, delivery, replaces):
    """A policy whose values come from variables: (arguments of post, environment)."""
    keys = "{smtp-password: SMTP_PASSWORD, PAYMENT_KEY: PAYMENT_KEY, database-password: DATABASE_PASSWORD}"
    file = tmp_path / "deliver.yaml"
    file.write_text(
        "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nbundles:\n  shop:\n"
        f"    delivery: {delivery}\n    target: shop-delivered\n"
        + (f"    replaces: {{demo-shop: {keys}}}\n" if replaces else "")
        + "    secrets: {" + ", ".join(f"{key}: {{env: {key}}}" for key in AWKWARD) + "}\n"
    )  # fmt: skip
    return ["--policy", file, "--release", "demo"], dict(AWKWARD, HELM_ME_VERSION_KEY="0" * 32)


@pytest.mark.parametrize("replaces", [False, True], ids=["added", "in-place"])
def test_delivery_secret_gives_the_application_its_values(cluster_helm, namespace, tmp_path, replaces):
    helm = cluster_helm
    options, values = delivering(tmp_path, "secret", replaces)
    chart = [CHARTS / "shop", *NO_HOOKS, *([] if replaces else ["--set", "secret.create=false"])]
    helm.run("install", "demo", *chart, *helm.post_renderer(*options), env=values)
    url = f"postgres://shop:{AWKWARD['DATABASE_PASSWORD']}@shop-db:5432/shop?sslmode=require"
    seen = sees(namespace, DATABASE_PASSWORD=AWKWARD["DATABASE_PASSWORD"], DATABASE_URL=url)
    assert live_secrets(namespace)["shop-delivered"] == AWKWARD
    if replaces:
        assert seen["smtp-password"] == AWKWARD["SMTP_PASSWORD"]
        assert live_secrets(namespace)["demo-shop"]["PAYMENT_KEY"] == AWKWARD["PAYMENT_KEY"]
    first = namespace.get("deployments", "demo-shop")["spec"]["template"]["metadata"]["annotations"]

    # The same values: nothing rolls. Another one: the workload that uses it does.
    helm.run("upgrade", "demo", *chart, *helm.post_renderer(*options), env=values)
    same = namespace.get("deployments", "demo-shop")
    assert same["metadata"]["generation"] == 1 and same["spec"]["template"]["metadata"]["annotations"] == first
    helm.run("upgrade", "demo", *chart, *helm.post_renderer(*options), env=dict(values, DATABASE_PASSWORD="new"))
    sees(namespace, DATABASE_PASSWORD="new", DATABASE_URL="postgres://shop:new@shop-db:5432/shop?sslmode=require")
    assert namespace.get("deployments", "demo-shop")["spec"]["template"]["metadata"]["annotations"] != first
    helm.run("rollback", "demo", "1")
    sees(namespace, DATABASE_PASSWORD=AWKWARD["DATABASE_PASSWORD"], DATABASE_URL=url)


def test_delivery_inline_gives_the_application_its_values(cluster_helm, namespace, tmp_path):
    helm = cluster_helm
    options, values = delivering(tmp_path, "inline", False)
    chart = [CHARTS / "shop", *NO_HOOKS, "--set", "secret.create=false"]
    helm.run("install", "demo", *chart, *helm.post_renderer(*options), env=values)
    url = f"postgres://shop:{AWKWARD['DATABASE_PASSWORD']}@shop-db:5432/shop?sslmode=require"
    sees(namespace, DATABASE_PASSWORD=AWKWARD["DATABASE_PASSWORD"], DATABASE_URL=url)
    assert "shop-delivered" not in live_secrets(namespace)


def test_names_never_double(cluster_helm, namespace):
    """The server and both majors' patches refuse a container that sets a name twice."""
    helm = cluster_helm
    adopt(namespace)
    chart = [CHARTS / "shop", *NO_HOOKS, "--set", "env.HELM_ME_DATABASE_PASSWORD=mine", "--set", "env.PAYMENT_KEY=own"]
    for verb in (["install"], ["upgrade"], ["upgrade", "--set", "env.THIRD=x${secret:SMTP_PASSWORD}x"]):
        helm.run(*verb, "demo", *chart, *by_hand(helm, "replaces"))
        environment_of(web(namespace))
    # env wins over envFrom, also where envFrom was expanded.
    sees(namespace, HELM_ME_DATABASE_PASSWORD="mine", PAYMENT_KEY="own", DATABASE_URL=URL, THIRD="xlive-smtpx")


def test_wrapper_installs_and_upgrades(cluster_helm, namespace):
    helm = cluster_helm
    adopt(namespace)
    chart = ["demo", CHARTS / "shop", *NO_HOOKS]
    helm.run("me", "--policy", policy("replaces"), "install", *chart)
    helm.run("me", "--policy", policy("replaces"), "upgrade", *chart, "--set", "replicas=3")
    helm.run("me", "run", "--", "list")
    assert namespace.get("deployments", "demo-shop")["spec"]["replicas"] == 3
    assert namespace.get("secrets", "demo-shop") is None
    sees(namespace, DATABASE_URL=URL, SMTP_PASSWORD="live-smtp")


def test_a_failing_run_leaves_nothing(cluster_helm, namespace):
    helm = cluster_helm
    done = helm.run(
        "install", "demo", CHARTS / "shop", *NO_HOOKS, *by_hand(helm, "existing"),
        "--set", "env.EXTRA=${secret:NOPE}", ok=False,
    )  # fmt: skip
    assert error_lines(done.stderr)
    assert namespace.list("deployments") == []
    assert namespace.list("secrets") == [], "not even a release record"


def test_chart_without_resources(cluster_helm, namespace):
    helm = cluster_helm
    helm.run("install", "none", CHARTS / "empty", *helm.post_renderer())
    helm.run("upgrade", "none", CHARTS / "empty", *helm.post_renderer(), "--set", "enabled=true")
    assert namespace.get("configmaps", "none")
    helm.run("upgrade", "none", CHARTS / "empty", *helm.post_renderer(), "--set", "enabled=false")
    assert namespace.get("configmaps", "none") is None


KINDS = {
    "Deployment": "deployments",
    "StatefulSet": "statefulsets",
    "Job": "jobs",
    "CronJob": "cronjobs",
    "ConfigMap": "configmaps",
    "ServiceAccount": "serviceaccounts",
    "Service": "services",
}


@pytest.mark.parametrize("stream", STREAMS, ids=STREAM_NAMES)
def test_the_server_takes_what_becomes_of_real_charts(api, namespace, post, tmp_path, stream):
    """Every object, strictly: unknown and doubled fields are refused, too."""
    policy, _ = replacing_policy(objects(stream.read_bytes()), renamed=True)
    (tmp_path / "p.yaml").write_text(policy)
    done = post(stream.read_bytes(), "--policy", "p.yaml", "--release", "demo", "--namespace", "shop")
    assert done.returncode == 0, done.stderr.decode()
    for document in re.split(rb"^---$", done.stdout, flags=re.M):
        one = yaml.safe_load(document)
        if one is None or one["kind"] not in KINDS:
            continue
        document = re.sub(rb"^  namespace: .*\n", b"", document, flags=re.M)
        api.request("POST", namespace.path(KINDS[one["kind"]]) + "?dryRun=All&fieldValidation=Strict",
                    raw_body=document, content_type="application/yaml")  # fmt: skip


@contextlib.contextmanager
def hooks_succeed(namespace):
    """Plays the controllers: every Job and every bare Pod that comes up ends well. Yields what came up."""
    seen, stop, failures = {}, threading.Event(), []

    def play():
        now = "2026-01-01T00:00:00Z"
        done = {
            "jobs": {
                "startTime": now, "completionTime": now, "succeeded": 1, "ready": 0,
                "conditions": [
                    {"type": kind, "status": "True", "lastProbeTime": now, "lastTransitionTime": now}
                    for kind in ("SuccessCriteriaMet", "Complete")
                ],
            },
            "pods": {"phase": "Succeeded"},
        }  # fmt: skip
        try:
            while not stop.is_set():
                for resource, status in done.items():
                    for one in namespace.list(resource):
                        uid = one["metadata"]["uid"]
                        if uid not in seen:
                            seen[uid] = copy.deepcopy(one)
                            namespace.patch_status(resource, one["metadata"]["name"], status)
                time.sleep(0.1)
        except Exception as error:  # shown by the test, not by a thread's trace
            failures.append(error)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
        assert not failures, failures


def test_hooks_and_tests_under_helm_4(cluster_helm, namespace):
    """Helm 4 sends hooks and tests to the post-renderer; Helm 3 does not, so there they stay as rendered."""
    helm = cluster_helm
    adopt(namespace)
    with hooks_succeed(namespace) as seen:
        chart = ["demo", CHARTS / "shop", "--set", "secret.create=false", *by_hand(helm, "existing")]
        helm.run("install", *chart)
        helm.run("test", "demo")
        helm.run("upgrade", *chart)
    secrets = live_secrets(namespace)
    hooks = [one for one in seen.values() if "helm.sh/hook" in one["metadata"].get("annotations", {})]
    assert sorted(one["metadata"]["name"] for one in hooks) == [
        "demo-shop-migrate", "demo-shop-migrate", "demo-shop-smoke",
    ]  # fmt: skip
    for one in hooks:
        assert "postrenderer.helm.sh/postrender-filename" not in one["metadata"]["annotations"]
        one.setdefault("kind", "Pod" if one["metadata"]["name"].endswith("smoke") else "Job")
        container = pod_spec(one)["containers"][0]
        if helm.major == 4:
            assert environment_of(container)["DATABASE_PASSWORD"] == secret_ref("shop-production", "DATABASE_PASSWORD")
            assert kubelet.environment(container, secrets)["DATABASE_URL"] == URL
        else:
            assert environment_of(container)["DATABASE_PASSWORD"] == "${secret:DATABASE_PASSWORD}"
    manifest = helm.run("get", "manifest", "demo").stdout
    assert PASSWORD not in manifest and list(yaml.safe_load_all(manifest))
