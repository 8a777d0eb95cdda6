"""The post-renderer under real Helm, without a cluster: what is rendered, what is said, what is refused."""

import json
import re
import subprocess

import kubelet
import pytest
import yaml
from conftest import (
    CHARTS,
    clean_environment,
    containers,
    environment_of,
    error_lines,
    objects,
    pod_spec,
    secret_ref,
)

VALUES = {
    "DATABASE_PASSWORD": "canary-4711-db$(X)",
    "SMTP_PASSWORD": "made-up-smtp-0451",
    "PAYMENT_KEY": "made-up-payment-7f3a",
}
NO_SECRET = ["--set", "secret.create=false"]
WORKLOADS = [("Deployment", "demo-shop"), ("CronJob", "demo-shop-report"), ("Job", "demo-shop-index-1")]
HOOKS = [("Job", "demo-shop-migrate"), ("Pod", "demo-shop-smoke")]


def policy(name):
    return CHARTS / f"shop-{name}.yaml"


def shop(helm, policy_name, *more, **options):
    return helm.template(
        "demo", CHARTS / "shop", *helm.post_renderer("--policy", policy(policy_name), "--release", "demo"),
        *more, **options,
    )  # fmt: skip


def plain(helm, *more):
    return helm.template("demo", CHARTS / "shop", *more)


def sees_the_same(before, after, secret_name, keys=None):
    """Every container of `after` must see what `before` would show with the values filled in."""
    old_secrets = kubelet.secret_values(before)
    stored = {(keys or {}).get(key, key): value for key, value in VALUES.items()}
    new_secrets = {**kubelet.secret_values(after), secret_name: stored}
    for key, one in after.items():
        if key not in WORKLOADS + HOOKS:
            continue
        assert len(containers(one)) == len(containers(before[key]))
        for old, new in zip(containers(before[key]), containers(one)):
            environment_of(new)
            seen = kubelet.environment(new, new_secrets)
            added = {name for name in seen if name.startswith("HELM_ME_")}
            wanted = kubelet.environment(kubelet.filled_in(old, VALUES), old_secrets)
            assert {name: value for name, value in seen.items() if name not in added} == wanted, key
        assert kubelet.files(pod_spec(one), new_secrets) == kubelet.files(pod_spec(before[key]), old_secrets), key


def test_existing_secret_becomes_references(helm):
    after = shop(helm, "existing", *NO_SECRET)
    before = plain(helm, *NO_SECRET)
    # Helm 3 sends no hooks to a post-renderer; Helm 4 does.
    edited = WORKLOADS + (HOOKS if helm.major == 4 else [])
    for key in edited:
        for container in containers(after[key]):
            env = environment_of(container)
            reference = secret_ref("shop-production", "DATABASE_PASSWORD")
            assert env["DATABASE_PASSWORD"] == reference
            assert env["PROMO_TEXT"] == "${secret:of success}"
            assert env["LOG_LEVEL"] == "info"
            name = re.fullmatch(r"postgres://shop:\$\((\w+)\)@shop-db:5432/shop\?sslmode=require", env["DATABASE_URL"])[1]
            assert env[name] == reference
            assert list(env).index(name) < list(env).index("DATABASE_URL")
    if helm.major == 4:
        sees_the_same(before, after, "shop-production")
    else:
        assert {key: after[key] for key in HOOKS} == {key: before[key] for key in HOOKS}
    untouched = before.keys() - set(WORKLOADS + HOOKS)
    assert {key: after[key] for key in untouched} == {key: before[key] for key in untouched}
    assert after.keys() == before.keys()
    assert "postrenderer.helm.sh" not in yaml.safe_dump_all(list(after.values()))


def test_rendered_secret_is_replaced(helm):
    after = shop(helm, "replaces")
    before = plain(helm)
    assert ("Secret", "demo-shop") in before
    assert before.keys() - after.keys() == {("Secret", "demo-shop")}
    if helm.major == 3:
        for hook in HOOKS:
            before.pop(hook), after.pop(hook)
    sees_the_same(before, after, "shop-production")


def test_values_from_a_file_are_references_and_stay_out_of_everything(helm, tmp_path):
    diagnostics = tmp_path / "diagnostics"
    done = helm.run(
        "template", "demo", CHARTS / "shop", *NO_SECRET, *helm.post_renderer("--policy", policy("files")),
        env={"HELM_ME_DIAGNOSTICS": diagnostics},
    )  # fmt: skip
    web = containers(objects(done.stdout)["Deployment", "demo-shop"])[0]
    assert environment_of(web)["DATABASE_PASSWORD"] == secret_ref("shop-secrets", "DATABASE_PASSWORD")
    said = diagnostics.read_text()
    assert "warning" in said and "helm me secret apply" in said
    value = "correct-horse-battery"
    assert value in (CHARTS / "shop-secrets.env").read_text()
    for text in (done.stdout, done.stderr, said):
        assert value not in text


def test_two_runs_are_equal(helm):
    arguments = ["template", "demo", CHARTS / "shop", *helm.post_renderer("--policy", policy("replaces"), "--release", "demo")]
    assert helm.run(*arguments).stdout == helm.run(*arguments).stdout


def test_nothing_to_do_changes_nothing(helm):
    helm.run("create", "web")
    for chart in ["web", "./web"]:
        with_us = helm.run("template", "demo", chart, *helm.post_renderer()).stdout
        if helm.major == 3:
            assert with_us == helm.run("template", "demo", chart).stdout
        else:  # Helm 4 writes every document anew once there is a post-renderer
            assert objects(with_us) == helm.template("demo", chart)


def test_chart_without_resources(helm):
    assert objects(helm.run("template", "demo", CHARTS / "empty", *helm.post_renderer()).stdout) == {}


def test_output_folder(helm):
    helm.run(
        "template", "demo", CHARTS / "shop", *NO_SECRET, "--output-dir", "out",
        *helm.post_renderer("--policy", policy("existing")),
    )  # fmt: skip


def test_policy_from_the_environment_and_from_the_folder(helm):
    by_flag = shop(helm, "existing", *NO_SECRET)
    by_variable = helm.template(
        "demo", CHARTS / "shop", *NO_SECRET, *helm.post_renderer(), env={"HELM_ME_POLICY": policy("existing")}
    )
    (helm.work / "helm-me.yaml").write_text(policy("existing").read_text())
    by_folder = helm.template("demo", CHARTS / "shop", *NO_SECRET, *helm.post_renderer())
    assert by_flag == by_variable == by_folder


def test_failure_fails_helm_and_is_said_once(helm):
    """On a terminal, and through a pipe."""
    arguments = [
        "template", "demo", CHARTS / "shop", "--set", "env.EXTRA=${secret:DATABASE_PASSWROD}", *NO_SECRET,
        *helm.post_renderer("--policy", policy("existing")),
    ]  # fmt: skip
    code, shown = helm.run_on_terminal(*arguments)
    piped = helm.run(*arguments, ok=False)
    assert code != 0
    assert piped.stdout == ""
    for text in (shown, piped.stderr):
        # The value stands in two workloads' init and main containers: one error each, none of them twice.
        places = re.findall(r"^ *--> (.*)$", text, re.M)
        assert places and len(places) == len(set(places)), text
        assert len(error_lines(text)) >= 1
        assert len([line for line in error_lines(text) if "DATABASE_PASSWROD" in line]) == len(places), text
        assert "DATABASE_PASSWORD" in text and "help:" in text


def test_an_error_leads_with_template_object_and_path(helm):
    done = helm.run(
        "template", "demo", CHARTS / "shop", "--set", "env.EXTRA=${secret:NOPE}", *NO_SECRET,
        *helm.post_renderer("--policy", policy("existing")), ok=False,
    )  # fmt: skip
    places = re.findall(r"^ *--> (.*)$", done.stderr, re.M)
    path = "spec.template.spec.containers[0].env["
    assert any(
        "shop/templates/deployment.yaml" in place and "Deployment/demo-shop" in place and path in place for place in places
    ), done.stderr


def test_a_bundle_without_a_source_is_named(helm):
    done = helm.run("template", "demo", CHARTS / "own-policy", *helm.post_renderer(), ok=False)
    assert any("app" in line for line in error_lines(done.stderr)), done.stderr


def test_diagnostics_as_json(helm, tmp_path):
    diagnostics = tmp_path / "diagnostics"
    helm.run(
        "template", "demo", CHARTS / "shop", "--set", "env.EXTRA=${secret:NOPE}", *NO_SECRET,
        *helm.post_renderer("--policy", policy("existing"), "--diagnostics-format", "json"), ok=False,
        env={"HELM_ME_DIAGNOSTICS": diagnostics},
    )  # fmt: skip
    assert "NOPE" in json.dumps([json.loads(line) for line in diagnostics.read_text().splitlines()])


def test_chart_brings_its_own_policy(helm):
    after = helm.template("demo", CHARTS / "own-policy", "--set", "existingSecret=live", *helm.post_renderer())
    assert list(after) == [("Deployment", "demo")]
    assert environment_of(containers(after["Deployment", "demo"])[0]) == {"API_TOKEN": secret_ref("live", "API_TOKEN")}


@pytest.mark.parametrize(
    "wish",
    ["bundle.secretsFiles={/etc/hostname}", "bundle.secrets.API_TOKEN.env=HOME", "bundle.secrets.API_TOKEN.file=/etc/hostname",
     "bundle.secrets.API_TOKEN=literal", "bundle.delivery=inline"],
)  # fmt: skip
def test_chart_may_not_ask_for_files_or_environment(helm4, helm3, wish):
    for helm in (helm3, helm4):
        done = helm.run("template", "demo", CHARTS / "own-policy", "--set", wish, *helm.post_renderer(), ok=False)
        assert error_lines(done.stderr), done.stderr
        assert "kind: Deployment" not in done.stdout


def test_a_charts_text_cannot_act_on_the_terminal(helm):
    for placeholder in ("${secret:NOPE}", "${secret:\x1b[2J}", "${secret:\n::error::x}"):
        (helm.work / "values.yaml").write_text(yaml.safe_dump({"placeholder": placeholder}))
        done = helm.run(
            "template", "demo", CHARTS / "hostile", "-f", "values.yaml",
            *helm.post_renderer("--policy", policy("existing")), ok=False,
        )  # fmt: skip
        # Helm's own words may quote the chart; ours stand from the first error to the last help.
        assert error_lines(done.stderr)
        assert "\x1b" not in done.stderr and "\x07" not in done.stderr and "\r" not in done.stderr
        assert not [line for line in done.stderr.splitlines() if line.startswith("::")]


def test_wrapper_renders_as_the_post_renderer_does(helm):
    by_hand = shop(helm, "replaces")
    wrapped = objects(
        helm.run("me", "--policy", policy("replaces"), "template", "demo", CHARTS / "shop").stdout
    )
    run = objects(
        helm.run("me", "--policy", policy("replaces"), "run", "--", "template", "demo", CHARTS / "shop").stdout
    )
    assert wrapped == run == by_hand


def test_wrapper_needs_no_second_plugin(helm4):
    (helm4.plugins / "helm-me-post").unlink()
    done = helm4.run("me", "--policy", policy("existing"), "template", "demo", CHARTS / "shop", *NO_SECRET)
    web = containers(objects(done.stdout)["Deployment", "demo-shop"])[0]
    assert environment_of(web)["DATABASE_PASSWORD"] == secret_ref("shop-production", "DATABASE_PASSWORD")
    assert sorted(path.name for path in helm4.plugins.iterdir()) == ["helm-me"]


def test_wrapper_leaves_helms_words_alone(helm):
    done = helm.run("me", "--policy", policy("existing"), "template", "demo", CHARTS / "shop", *NO_SECRET,
                    "--set", "env.GREETING=a  b", "--namespace", "other", "--show-only", "templates/deployment.yaml")  # fmt: skip
    web = containers(objects(done.stdout)["Deployment", "demo-shop"])[0]
    assert environment_of(web)["GREETING"] == "a  b"
    assert helm.run("me", "run", "--", "version", "--short").stdout == helm.run("version", "--short").stdout


def test_wrapper_knows_release_and_namespace(helm):
    (helm.work / "helm-me.yaml").write_text(
        policy("existing").read_text().replace("shop-production", "${release}-in-${namespace}")
    )
    by_hand = helm.template(
        "demo", CHARTS / "shop", *NO_SECRET, "-n", "blue",
        *helm.post_renderer("--release", "demo", "--namespace", "blue"),
    )  # fmt: skip
    web = containers(by_hand["Deployment", "demo-shop"])[0]
    assert environment_of(web)["DATABASE_PASSWORD"] == secret_ref("demo-in-blue", "DATABASE_PASSWORD")
    for words in (["-n", "blue"], ["--namespace=blue"], ["--namespace", "blue", "--debug"]):
        wrapped = objects(helm.run("me", "template", "demo", CHARTS / "shop", *NO_SECRET, *words).stdout)
        assert wrapped == by_hand
    wrapped = objects(helm.run("me", "template", "demo", CHARTS / "shop", *NO_SECRET, env={"HELM_NAMESPACE": "blue"}).stdout)
    assert wrapped == by_hand


def test_helm_3_finds_the_post_renderer_on_path(helm3):
    path = f"{helm3.checkout}/bin:/usr/bin:/bin"
    after = helm3.template(
        "demo", CHARTS / "shop", *NO_SECRET, "--post-renderer", "helm-me-post", env={"PATH": path, "HELM_ME_POLICY": policy("existing")}
    )
    assert after == shop(helm3, "existing", *NO_SECRET)


def test_wrapper_passes_helms_exit_code_and_says_each_error_once(helm):
    done = helm.run("me", "--policy", policy("existing"), "template", "demo", CHARTS / "nowhere", ok=False)
    direct = helm.run("template", "demo", CHARTS / "nowhere", ok=False)
    assert done.returncode == direct.returncode
    code, shown = helm.run_on_terminal(
        "me", "--policy", policy("existing"), "template", "demo", CHARTS / "shop", *NO_SECRET,
        "--set", "env.EXTRA=${secret:NOPE}",
    )  # fmt: skip
    assert code != 0
    places = re.findall(r"^ *--> (.*)$", shown, re.M)
    assert places and len(places) == len(set(places)), shown


def test_warnings_reach_the_terminal(helm):
    code, shown = helm.run_on_terminal(
        "template", "demo", CHARTS / "shop", *NO_SECRET, *helm.post_renderer("--policy", policy("files"))
    )
    assert code == 0
    assert len([line for line in shown.splitlines() if "helm me secret apply" in line]) == 1, shown


def test_a_container_keeps_its_own_names(helm):
    """The chart already has the name that helm-me would add."""
    after = shop(helm, "existing", *NO_SECRET, "--set", "env.HELM_ME_DATABASE_PASSWORD=mine")
    env = environment_of(containers(after["Deployment", "demo-shop"])[0])
    assert env["HELM_ME_DATABASE_PASSWORD"] == "mine"
    assert "mine" not in env["DATABASE_URL"] and "$(HELM_ME_DATABASE_PASSWORD)" not in env["DATABASE_URL"]
    secrets = {"shop-production": VALUES}
    seen = kubelet.environment(containers(after["Deployment", "demo-shop"])[0], secrets)
    assert seen["DATABASE_URL"] == f"postgres://shop:{VALUES['DATABASE_PASSWORD']}@shop-db:5432/shop?sslmode=require"


def test_stdin_and_file_give_the_same(post, helm3, tmp_path):
    manifests = helm3.run("template", "demo", CHARTS / "shop").stdout.encode()
    (tmp_path / "manifests.yaml").write_bytes(manifests)
    arguments = ["--policy", policy("replaces"), "--release", "demo"]
    from_stdin = post(manifests, *arguments)
    assert from_stdin.returncode == 0, from_stdin.stderr.decode()
    assert post(b"", *arguments, "manifests.yaml").stdout == from_stdin.stdout
    again = post(from_stdin.stdout, "--policy", policy("existing"), "--release", "demo")
    # The escaped text is a placeholder once its escape is gone: that one alone is what a second run sees.
    assert b"of success" in again.stderr or again.stdout == from_stdin.stdout


def test_nobody_reads_the_output(checkout, tmp_path):
    """A reader that leaves early ends us quietly."""
    stream = b"kind: ConfigMap\nmetadata: {name: x}\n---\n" * 200000
    (tmp_path / "big.yaml").write_bytes(stream)
    done = subprocess.run(
        f"'{checkout}/bin/helm-me-post' big.yaml | head -c 1 >/dev/null", shell=True, cwd=tmp_path,
        capture_output=True, env=clean_environment(), timeout=60,
    )  # fmt: skip
    assert done.stderr == b""
