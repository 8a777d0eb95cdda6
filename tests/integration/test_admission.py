"""The policy that helm me lint --admission-policy prints, in a real API server: what it refuses and what it lets in."""

import base64
import copy
import os
import shutil
import subprocess
import time

import pytest
import yaml
from conftest import ROOT, STREAM_NAMES, STREAMS, clean_environment

GITHUB = "ghp_" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z0123"
AWS = "AKIA" + "Q3EXQ3EXQ3EXQ3EX"
VALUE = "Kd93kfo2xdQ1"


@pytest.fixture(scope="module")
def guarded(api, program):
    """The API server with the policy in force."""
    printed = subprocess.run(
        [program, "lint", "--admission-policy"], capture_output=True, check=True, env=clean_environment()
    ).stdout
    api.request("POST", "/api/v1/namespaces", {"metadata": {"name": "guarded"}})
    old = config_map(dbPassword=VALUE)
    old["metadata"].update(name="old", finalizers=["example.com/old"])
    api.request("POST", PATHS["ConfigMap"], old)
    policy, binding = yaml.safe_load_all(printed)
    base = "/apis/admissionregistration.k8s.io/v1/"
    api.request("POST", base + "validatingadmissionpolicies", policy)
    api.request("POST", base + "validatingadmissionpolicybindings", binding)
    deadline = time.monotonic() + 60
    while refused(api, config_map(dbPassword=VALUE)) is None:
        assert time.monotonic() < deadline, "the policy does not come into force"
        time.sleep(0.2)
    return api


PATHS = {
    "ConfigMap": "/api/v1/namespaces/guarded/configmaps",
    "Secret": "/api/v1/namespaces/guarded/secrets",
    "Service": "/api/v1/namespaces/guarded/services",
    "Pod": "/api/v1/namespaces/guarded/pods",
    "PodTemplate": "/api/v1/namespaces/guarded/podtemplates",
    "Deployment": "/apis/apps/v1/namespaces/guarded/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/guarded/statefulsets",
    "Job": "/apis/batch/v1/namespaces/guarded/jobs",
    "CronJob": "/apis/batch/v1/namespaces/guarded/cronjobs",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
}


def refused(api, one):
    """What the server says against it; None: it would take it. Nothing is kept."""
    try:
        api.request("POST", PATHS[one["kind"]] + "?dryRun=All", one)
    except RuntimeError as error:
        return str(error)
    return None


def config_map(annotations=None, labels=None, **data):
    metadata = {"name": "x", "annotations": annotations or {}, "labels": labels or {}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def secret(**data):
    data = {key: base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": data}


def container(**more):
    return {"name": "c", "image": "a:1", **more}


def template(*containers, annotations=None, **more):
    return {
        "metadata": {"labels": {"app": "x"}, "annotations": annotations or {}},
        "spec": {"containers": list(containers), **more},
    }


def workload(kind, pods):
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", **pods["metadata"]}, "spec": pods["spec"]}
    if kind == "PodTemplate":
        return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, "template": pods}
    spec = {"template": copy.deepcopy(pods)}
    if kind in ("Job", "CronJob"):
        spec["template"]["spec"]["restartPolicy"] = "Never"
        if kind == "CronJob":
            spec = {"schedule": "* * * * *", "jobTemplate": {"spec": spec}}
        return {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}
    spec["selector"] = {"matchLabels": {"app": "x"}}
    if kind == "StatefulSet":
        spec["serviceName"] = "x"
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}


def deployment(*containers, **more):
    return workload("Deployment", template(*containers, **more))


def env(name, value):
    return container(env=[{"name": name, "value": value}])


BAD = {
    "a password in an env value": (deployment(env("DB_PASSWORD", VALUE)), "c/DB_PASSWORD"),
    "a camel-case name": (deployment(env("dbPassword", VALUE)), "c/dbPassword"),
    "a key": (deployment(env("AWS_SECRET_ACCESS_KEY", VALUE)), "c/AWS_SECRET_ACCESS_KEY"),
    "a default that everybody knows": (deployment(env("ADMIN_PASSWORD", "changeme")), "c/ADMIN_PASSWORD"),
    "an init container": (deployment(container(), initContainers=[{**env("API_KEY", VALUE), "name": "i"}]), "i/API_KEY"),
    "a token under any name": (deployment(env("SETTING", GITHUB)), "c/SETTING"),
    "a URL with a password": (deployment(env("DATABASE", f"postgres://shop:{VALUE}@db/shop")), "c/DATABASE"),
    "an option": (deployment(container(args=[f"--password={VALUE}"])), "command or args: c"),
    "an option and its value": (deployment(container(command=["run", "--api-key", VALUE])), "command or args: c"),
    "a header": (deployment(container(args=["-c", f"curl -H 'Authorization: Bearer {VALUE}{VALUE}' x"])), "args: c"),
    "a URL in args": (deployment(container(args=[f"redis://:{VALUE}@cache:6379"])), "command or args: c"),
    "a ConfigMap's key": (config_map(dbPassword=VALUE), "ConfigMap: dbPassword"),
    "a ConfigMap's key in capitals": (config_map(API_TOKEN=VALUE), "ConfigMap: API_TOKEN"),
    "a token in a label": (config_map(labels={"x": GITHUB}), "annotation: x"),
    "a token in an annotation": (config_map(annotations={"a/b": f"key {AWS}"}), "annotation: a/b"),
    "a token in a template's annotation": (deployment(container(), annotations={"a/b": GITHUB}), "annotation: a/b"),
    "a native placeholder": (deployment(env("X", "${secret:shop/KEY}")), "resolved: c/X"),
    "an optional one inside text": (deployment(env("X", "a ${secret:KEY?} b")), "resolved: c/X"),
    "one of vals": (deployment(env("DB_PASSWORD", "ref+vault://secret/shop#/db")), "resolved: c/DB_PASSWORD"),
    "one of vals for a Secret": (deployment(env("X", "secretref+awsssm://a/b")), "resolved: c/X"),
    "one of argocd-vault-plugin": (deployment(container(args=["<path:secret/data/shop#db>"])), "resolved: c"),
    "one of bank-vaults": (deployment(env("X", "vault:secret/data/shop#db")), "resolved: c/X"),
    "one of bank-vaults in braces": (deployment(env("X", "a ${vault:secret/data/shop#db}")), "resolved: c/X"),
    "one in a ConfigMap": (config_map(config="url: ${secret:URL}\n"), "resolved: config"),
    "one in an annotation": (config_map(annotations={"a": "ref+file://x"}), "resolved: a"),
    "one in a Secret": (secret(password="${secret:shop/KEY}"), "resolved: password"),
    "one inside a Secret's text": (secret(url="ab${secret:KEY}"), "resolved: url"),
    "one of vals in a Secret": (secret(password="ref+vault://secret/shop#/db"), "resolved: password"),
    "one of argocd-vault-plugin in a Secret": (secret(x="<path:secret/data/shop#db>"), "resolved: x"),
    "one of bank-vaults in a Secret": (secret(x="vault:secret/data/shop#db"), "resolved: x"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_it_refuses(guarded, name):
    one, why = BAD[name]
    said = refused(guarded, one)
    assert said and "ValidatingAdmissionPolicy 'helm-me-lint'" in said and why in said, said
    assert not any(value in said for value in (VALUE, GITHUB, AWS, "changeme"))


@pytest.mark.parametrize("kind", ["Pod", "PodTemplate", "Deployment", "StatefulSet", "Job", "CronJob"])
def test_every_kind_with_a_pod_template(guarded, kind):
    said = refused(guarded, workload(kind, template(env("DB_PASSWORD", VALUE))))
    assert said and "c/DB_PASSWORD" in said, said
    assert refused(guarded, workload(kind, template(env("MODE", "fast")))) is None


LARGE = "x" * 900_000
GOOD = {
    "a Secret": secret(password=VALUE, key=GITHUB, binary=b"\xff\xfe\x00\x01" * 100),
    "a Secret of another type": {**secret(**{"tls.crt": "a", "tls.key": "b"}), "type": "kubernetes.io/tls"},
    "a Secret without data": {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}},
    "a large Secret": secret(large=LARGE[:700_000]),
    "a reference": deployment(
        container(env=[{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "password"}}}])
    ),
    "an expansion of one": deployment(env("DATABASE_URL", "postgres://shop:$(DB_PASSWORD)@db/shop")),
    "args with an expansion": deployment(container(args=["--password=$(DB_PASSWORD)", "--token", "$(TOKEN)"])),
    "a file's name": deployment(env("DB_PASSWORD_FILE", "/run/secrets/db"), ),
    "a path under a credential's name": deployment(env("API_TOKEN", "/run/secrets/token")),
    "a flag": deployment(env("USE_PASSWORD", "true"), ),
    "names that are none": deployment(
        container(env=[{"name": name, "value": "shop-db"} for name in ("SECRET_NAME", "TOKEN_TTL", "KEY", "BYPASS", "PUBLIC_KEY", "existingSecret", "PAGE_TOKEN")])
    ),
    "an empty password": deployment(env("DB_PASSWORD", "")),
    "options that are none": deployment(container(args=["--token-file=/x", "--password-file", "/run/x", "--secret-name=shop"])),
    "an option's path": deployment(container(args=["--token=/run/secrets/token-file", "--enable-token", "false"])),
    "an image called vault": deployment(container(args=["vault:1.20", "ref+", "<path>", "$${x}"])),
    "a shell's variable": deployment(container(args=["sh", "-c", "psql --password $PASSWORD ${HOME}"])),
    "a ConfigMap": config_map(**{"app.properties": "mode=fast\n", "password.policy": "strict"}),
    "a ConfigMap without data": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}},
    "a ConfigMap with binary data": {**config_map(), "binaryData": {"a": "AAEC/w=="}},
    "a large ConfigMap": config_map(large=LARGE),
    "a large ConfigMap that says ref+": config_map(large="ref+ " + LARGE),
    "large annotations": config_map(annotations={f"a{i}": "y" * 4000 for i in range(60)}),
    "many variables": deployment(container(env=[{"name": f"SETTING_{i}_PASSWORD_HINT", "value": "z" * 50} for i in range(900)])),
    "what kubectl applied": config_map(annotations={"kubectl.kubernetes.io/last-applied-configuration": GITHUB}),
    "a Service": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": [{"port": 80}]}},
    "a ClusterRole": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "x"}, "rules": []},
    "a CustomResourceDefinition": {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "tokens.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "tokens", "kind": "Token"},
            "versions": [{
                "name": "v1", "served": True, "storage": True,
                "schema": {"openAPIV3Schema": {
                    "type": "object", "description": "password: ${secret:KEY}, ref+vault://a",
                    "properties": {"spec": {"type": "object", "properties": {"password": {"type": "string", "default": "x"}}}},
                }},
            }],
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_it_lets_in(guarded, name):
    assert refused(guarded, GOOD[name]) is None


def test_many_variables_are_still_looked_at(guarded):
    """The limits leave room for what people write."""
    many = [{"name": f"SETTING_{i}", "value": "z" * 50} for i in range(500)] + [{"name": "DB_PASSWORD", "value": VALUE}]
    assert "c/DB_PASSWORD" in refused(guarded, deployment(container(env=many)))


def test_what_was_there_before_can_go(guarded):
    """The policy does not keep an object's last finalizer from being taken away."""
    path = PATHS["ConfigMap"] + "/old"
    guarded.request("DELETE", path)
    patch = {"metadata": {"finalizers": None}}
    guarded.request("PATCH", path, patch, content_type="application/merge-patch+json")
    assert guarded.request("GET", path) is None


def test_namespaces_of_the_cluster_itself_are_left_alone(guarded):
    guarded.request("POST", "/api/v1/namespaces/kube-system/configmaps?dryRun=All", config_map(dbPassword=VALUE))


def test_the_argo_cd_hook_is_taken_and_stops_a_sync(guarded, program, tmp_path):
    """The template is a Job that the server takes, under the policy, and its script ends with lint's own code."""
    hook = yaml.safe_load((ROOT / "templates/argocd-lint-presync.yaml").read_text())
    assert hook["metadata"]["annotations"]["argocd.argoproj.io/hook"] == "PreSync"
    assert refused(guarded, hook) is None
    (container,) = hook["spec"]["template"]["spec"]["containers"]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/helm-me").symlink_to(program)
    repository = tmp_path / "repository"
    (repository / "charts/shop").mkdir(parents=True)
    env = clean_environment(
        PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}", GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1",
        REPOSITORY=f"file://{repository}", REVISION="main", FOLDER="charts/shop",
    )  # fmt: skip
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    git = lambda *words: subprocess.run(["git", *who, *words], cwd=repository, env=env, check=True, capture_output=True)
    git("init", "-q", "-b", "main")
    script = container["args"][0].replace("/scratch", str(tmp_path / "scratch"))
    for text, code in (("a: b\n", 0), (f"password: {VALUE}\n", 1)):
        (repository / "charts/shop/values.yaml").write_text(text)
        git("add", ".")
        git("commit", "-q", "-m", "x")
        (tmp_path / "scratch").mkdir()
        done = subprocess.run([*container["command"], script], env=env, capture_output=True, check=False)
        assert done.returncode == code, done.stderr.decode()
        shutil.rmtree(tmp_path / "scratch")


@pytest.mark.parametrize("stream", STREAMS, ids=STREAM_NAMES)
def test_real_charts(guarded, stream):
    """What a chart renders without our help is let in, or refused for what lint finds in it, too."""
    for one in yaml.safe_load_all(stream.read_text()):
        if one and one["kind"] in PATHS and "namespaces" in PATHS[one["kind"]]:
            one["metadata"].pop("namespace", None)
            said = refused(guarded, one)
            assert said is None or "helm-me-lint" not in said, said
