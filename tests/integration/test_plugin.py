"""Installing the plugin from this checkout with real Helm, as the README says it."""

import subprocess

import pytest
from conftest import HELMS, MATRIX, ROOT, Helm, clean_environment

VERSION = "0.1.0"


@pytest.fixture(params=HELMS)
def bare_helm(request, tmp_path, checkout):
    """A Helm with no plugin yet. HELM_PLUGINS stays unset: `plugin install` writes to the data home."""
    helm = Helm(request.param, tmp_path, checkout)
    del helm.env["HELM_PLUGINS"]
    return helm


def test_install_from_the_checkout(bare_helm):
    """The real installing: the hook builds the program, and the plugin runs from where it lies."""
    helm = bare_helm
    done = helm.run("plugin", "install", ROOT, env={"HOME": "/tmp"})
    assert "Installed plugin: me" in done.stdout
    assert (ROOT / "bin/helm-me-post").resolve() == ROOT / "bin/helm-me"
    assert VERSION in helm.run("plugin", "list").stdout
    assert VERSION in helm.run("me", "--version").stdout
    assert "me" in helm.run("help").stdout
    assert helm.run("me", "post", "--help").stdout
    if helm.major == 4:
        helm.run("plugin", "install", ROOT / "plugins/helm-me-post")
        assert "postrenderer/v1" in helm.run("plugin", "list").stdout
        helm.run("create", "web")
        helm.run("template", "demo", "web", "--post-renderer", "helm-me-post")
        helm.run("plugin", "uninstall", "helm-me-post")
    helm.run("plugin", "uninstall", "me")
    assert (ROOT / "bin/helm-me").exists(), "uninstalling takes the link away, not the checkout"


def test_plugin_files_load_without_a_warning(helm):
    done = helm.run("plugin", "list")
    assert done.stderr == ""
    assert "me" in done.stdout.split()


def test_post_command_is_the_post_renderer(helm, checkout):
    manifests = b"kind: ConfigMap\nmetadata: {name: x}\n"
    for command in (["me", "post"], ["me", "post", "-"]):
        done = subprocess.run(
            [helm.program, *command], input=manifests, capture_output=True, cwd=helm.work,
            env=clean_environment(**helm.env), timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, manifests, b"")


def test_secrets_in_the_local_store(helm):
    """Helm eats none of these options, and the value comes out as it is."""
    helm.run("me", "secret", "set", "shop", "--data", "A=1", "--store", "local", "--reconcile", "fail_if_exists")
    assert helm.run("me", "secret", "get", "shop", "--reveal", "A", "--store", "local").stdout == "1"
    assert "shop" in helm.run("me", "secret", "list", "-o", "json", "--store=local").stdout
    assert "secrets in the cluster" in helm.run("me", "secret", "list", ok=False).stderr


def test_completion(helm):
    def complete(*words):
        return helm.run("__complete", *words).stdout.splitlines()

    commands = [line.split("\t")[0] for line in complete("me", "")]
    assert {"install", "upgrade", "template", "run", "post", "secret"} <= set(commands)
    assert {"set", "get", "list", "delete", "generate", "rekey"} <= set(complete("me", "secret", ""))
    assert {"apply", "replace"} <= set(complete("me", "secret", "set", "shop", "--reconcile", ""))
    assert "yaml" in complete("me", "secret", "generate", "-o", "")
    assert any(line.startswith("--reveal") for line in complete("me", "secret", "get", "--rev"))
    # After a verb Helm's own words are completed.
    assert any(line.startswith("--set-string") for line in complete("me", "install", "demo", "./x", "--set-s"))
    assert {"text", "json"} <= set(complete("me", "post", "--diagnostics-format", ""))
    assert any(line.startswith("--policy") for line in complete("me", "post", "--pol"))


def test_a_v1_plugin_beside_helm_3s_plugins_stops_them_all(helm3, checkout):
    """Why helm-me-post is a plugin of its own, installed under Helm 4 alone."""
    assert "install" in helm3.run("me", "--help").stdout
    (helm3.plugins / "helm-me-post").symlink_to(checkout / "plugins/helm-me-post")
    assert helm3.run("me", "--help", ok=None).returncode != 0


def test_every_pinned_helm_is_what_its_folder_says(tmp_path, checkout):
    for name in HELMS:
        version = Helm(name, tmp_path / name, checkout).run("version", "--short").stdout
        if name in MATRIX:
            assert version.startswith("v" + name.removeprefix("helm-"))
