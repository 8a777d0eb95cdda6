"""scripts/quickstart, as someone runs it who has just cloned the project."""

import subprocess

import pytest
from conftest import ROOT, clean_environment, part


@pytest.fixture
def run_quickstart(tmp_path):
    def run(with_helm=None):
        path = "/usr/sbin:/usr/bin:/sbin:/bin"
        if with_helm:
            (tmp_path / "bin").mkdir()
            (tmp_path / "bin/helm").symlink_to(part(with_helm))
            path = f"{tmp_path}/bin:{path}"
        homes = {f"HELM_{name}_HOME": tmp_path / name for name in ("DATA", "CACHE", "CONFIG")}
        done = subprocess.run(
            [ROOT / "scripts/quickstart"], capture_output=True, text=True, cwd=tmp_path, timeout=600,
            env=clean_environment(PATH=path, HOME=tmp_path, NO_COLOR="1", **homes),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_shows_the_main_job_without_helm(run_quickstart):
    shown = run_quickstart()
    assert "+                  name: shop-production" in shown or "secretKeyRef" in shown
    assert "shop-secrets" in shown
    assert "generated DATABASE_PASSWORD and SMTP_PASSWORD" in shown
    assert "from ref+local://shop-secrets#/DATABASE_PASSWORD; meets its contract; used" in shown
    assert "next" in shown.lower()
    assert "correct-horse-battery" not in shown


@pytest.mark.parametrize("name", ["helm3", "helm4"])
def test_installs_the_plugin_where_helm_is(run_quickstart, name):
    shown = run_quickstart(with_helm=name)
    assert "Installed plugin: me" in shown
    assert "--post-renderer" in shown
    assert "secretKeyRef" in shown
