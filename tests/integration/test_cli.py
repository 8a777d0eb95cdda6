"""The command line: what each command answers, where messages go, and that output is all or nothing."""

import fcntl
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import threading
import time

import pytest
from conftest import clean_environment

POLICY = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nbundles:\n  shop: {existingSecret: live}\n"
PLACEHOLDER = (
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: c\n      env:\n"
    b"        - name: A\n          value: ${secret:A}\n"
)
# A problem that every stream brings: a placeholder where none may stand.
WRONG = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: '${secret:A}'}\n"

# Plays Helm: shows its arguments and variables, and takes its time where asked to.
FAKE_HELM = """#!/bin/bash
case $1 in
  version) echo "${FAKE_VERSION:-v3.21.4}"; exit ;;
  env) echo /nonexistent/plugins; exit ;;
esac
printf '%s\\n' "$@" >"$FAKE_OUT.words"
env | sort >"$FAKE_OUT.env"
[ -z "$HELM_ME_DIAGNOSTICS" ] || stat -c '%a %F' "$(dirname "$HELM_ME_DIAGNOSTICS")" >"$FAKE_OUT.folder"
[ -z "$FAKE_SAYS" ] || printf '%s' "$FAKE_SAYS" >>"$HELM_ME_DIAGNOSTICS"
if [ -n "$FAKE_WAITS" ]; then
  trap 'echo TERM >"$FAKE_OUT.signal"; exit 42' TERM
  trap 'echo INT >"$FAKE_OUT.signal"; exit 43' INT
  touch "$FAKE_OUT.ready"
  for _ in $(seq 600); do sleep 0.05; done
fi
exit "${FAKE_CODE:-0}"
"""


class Cli:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        (folder / "policy.yaml").write_text(POLICY)
        self.fake = folder / "fake-helm"
        self.fake.write_text(FAKE_HELM)
        self.fake.chmod(0o755)
        (folder / "tmp").mkdir()

    def environment(self, env):
        return clean_environment(
            HOME="/nonexistent", HELM_BIN=self.fake, FAKE_OUT=self.folder / "fake", TMPDIR=self.folder / "tmp", **env
        )

    def __call__(self, *arguments, stdin=b"", name="helm-me", **env):
        return subprocess.run(
            [name, *map(str, arguments)], executable=self.program, input=stdin, capture_output=True, cwd=self.folder,
            env=self.environment(env), timeout=60,
        )  # fmt: skip

    def post(self, *arguments, **options):
        return self(*arguments, name="helm-me-post", **options)

    def fake_saw(self, what):
        return (self.folder / f"fake.{what}").read_text().splitlines()


@pytest.fixture
def cli(program, tmp_path):
    return Cli(program, tmp_path)


def outcome(done):
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def error(message, hint):
    return f"error: {message}\nhelp: {hint}\n"


# The program


def test_without_arguments_a_short_help(cli):
    done = cli()
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) < 25
    for word in (b"install, upgrade, template", b"run -- ", b"post", b"--help"):
        assert word in done.stdout


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], ["post", "--help"], ["run", "--help"], ["version", "-h"],
                                   ["secret", "--help"], ["secret", "set", "-h"], ["secret", "rekey", "--help"], ["init", "-h"]])
def test_help(cli, words):
    done = cli(*words)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"usage:" if words[0] == "version" else b"examples:\n")


def test_help_of_the_post_renderer_is_that_of_post(cli):
    assert cli.post("--help").stdout == cli("post", "--help").stdout
    # Helm strips this one from a plugin's arguments, so no other command may know it.
    assert b"--namespace" in cli.post("--help").stdout
    assert b"--namespace NAME" not in cli("--help").stdout


def test_no_flag_that_helm_eats(cli):
    for words in (["--help"], ["post", "--help"], ["run", "--help"]):
        assert not re.search(rb"--(kube|debug)", cli(*words).stdout)


def test_version(cli):
    for words in (["version"], ["--version"], ["post", "--version"][1:]):
        assert re.fullmatch(r"helm-me \d+\.\d+\.\d+\n", cli(*words).stdout.decode())
    assert cli.post("--version").stdout == cli("version").stdout


@pytest.mark.parametrize(
    "words, message, hint",
    [
        (["pst"], "unknown command pst", "did you mean post?"),
        (["instal", "x"], "unknown command instal", "did you mean install?"),
        (["zzzzzzzzz"], "unknown command zzzzzzzzz", "helm-me --help lists the commands"),
        (["--polcy", "x"], "unknown option --polcy", "did you mean --policy?"),
        (["--policy", "x"], "no command", "helm-me --help lists the commands"),
        (["--namespace", "x", "install"], "unknown option --namespace", "helm-me --help lists the options"),
        (["init"], "init without --schema is not in this version", "helm me init --schema"),
        (["init", "--schema", "./chart"], "init CHART is not in this version", "helm me init --schema"),
        (["init", "--shema"], "unknown option --shema", "did you mean --schema?"),
        (["lint", "--fromat", "sarif"], "unknown option --fromat", "did you mean --format?"),
        (["secret", "copy"], "secret copy is not in this version", "helm-me secret --help lists what is"),
        (["secret", "apply"], "writing to the cluster is not in this version", "helm me secret apply --policy FILE -o yaml | kubectl apply -f -"),
        (["secret", "lst"], "unknown command of secret: lst", "did you mean list?"),
        (["secret", "s3cr3t-t0ken"], "unknown command of secret", "helm-me secret --help"),
        (["secret", "set", "x", "--s3cr3t-t0ken"], "unknown option of secret set", "helm-me secret set --help"),
        (["secret", "list"], "secrets in the cluster are not in this version", "--store local"),
        (["secret", "list", "--store", "cluster"], "secrets in the cluster are not in this version", "--store local"),
        (["secret", "list", "--store", "lcal"], "unknown word for --store: lcal", "did you mean local?"),
        (["--app", "a", "install"], "--app is not in this version", "helm-me --help lists what is"),
        (["run"], "run needs a Helm command", "helm me run -- upgrade --install NAME CHART"),
        (["run", "--"], "run needs a Helm command", "helm me run -- upgrade --install NAME CHART"),
        (["post", "--polcy", "x"], "unknown option --polcy", "did you mean --policy?"),
        (["post", "--policy"], "option --policy needs a FILE", "--policy FILE"),
        (["post", "a", "b"], "one argument too many: b", "it takes one FILE of rendered manifests, or -"),
        (["version", "x"], "one argument too many: x", "it takes none"),
        (["post", "--timeout", "soon"], "--timeout takes a duration, not soon", "--timeout 30s"),
        (["post", "--log-level", "infoo"], "unknown word for --log-level: infoo", "did you mean info?"),
        (
            ["install", "demo", "./c", "--post-renderer", "mine"],
            "--post-renderer is what helm-me itself gives to Helm",
            "leave it out, or run helm with --post-renderer helm-me-post yourself",
        ),
        (["--deliver", "refrence", "template", "./c"], "unknown word for --deliver: refrence", "did you mean reference?"),
    ],
)
def test_usage(cli, words, message, hint):
    assert outcome(cli(*words)) == (2, "", error(message, hint))
    assert not (cli.folder / "fake.words").exists(), "Helm was started"


def test_a_delivery_of_a_later_version(cli):
    for word in ("sealedSecret", "apply"):
        help_line = "--deliver reference, externalSecret, secret or inline"
        expected = (3, "", error(f"--deliver {word} is not in this version", help_line))
        assert outcome(cli("post", "--deliver", word)) == expected
        assert outcome(cli("--deliver", word, "template", "./c")) == expected


def test_usage_errors_as_json(cli):
    for done in (
        cli("post", "--diagnostics-format", "json", "--polcy", "x"),
        cli("post", "--polcy", "x", "--diagnostics-format=json"),
        cli("post", "--polcy", "x", HELM_ME_DIAGNOSTICS_FORMAT="json"),
        cli("lint", "--format", "xml", HELM_ME_DIAGNOSTICS_FORMAT="json"),
    ):
        assert (done.returncode, done.stdout) == (2, b"")
        assert [one["kind"] for one in json.loads(done.stderr)["errors"]] == ["usage"]


# post: input and output


def on_terminal(cli, *arguments, stdin_too, name="helm-me-post", **env):
    """Runs with stderr (and stdin) on a terminal: (exit code, what was shown)."""
    reader, writer = os.openpty()
    child = subprocess.Popen(
        [name, *map(str, arguments)], executable=cli.program, stdin=writer if stdin_too else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=writer, cwd=cli.folder, env=cli.environment({"TERM": "xterm", **env}),
    )  # fmt: skip
    os.close(writer)
    code = child.wait(timeout=30)
    os.set_blocking(reader, False)
    shown = b""
    try:
        while piece := os.read(reader, 65536):
            shown += piece
    except OSError:  # EIO: all of it is read
        pass
    os.close(reader)
    return code, shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("words", [[], ["-"], ["--policy", "policy.yaml"]])
def test_a_terminal_is_not_waited_for(cli, words):
    code, shown = on_terminal(cli, *words, stdin_too=True, NO_COLOR="1")
    assert code == 2
    assert shown == error(
        "standard input is a terminal, where rendered manifests are read from it",
        "helm template NAME CHART | helm-me-post, or helm-me-post --help",
    )


def test_a_file_beside_a_terminal(cli):
    (cli.folder / "in.yaml").write_bytes(b"kind: A\n")
    assert on_terminal(cli, "in.yaml", stdin_too=True) == (0, "")


def test_colour_is_for_terminals(cli):
    (cli.folder / "in.yaml").write_bytes(WRONG)
    words = ["--policy", "policy.yaml", "in.yaml"]
    plain = cli.post(*words).stderr.decode()
    assert "\x1b" not in plain
    _, coloured = on_terminal(cli, *words, stdin_too=False)
    assert coloured.startswith("\x1b[1;31merror\x1b[0m: ")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    for off in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert on_terminal(cli, *words, stdin_too=False, **off)[1] == plain
    assert "\x1b" not in on_terminal(cli, "--diagnostics-format", "json", *words, stdin_too=False)[1]


def test_file_stdin_and_pipe_give_the_same(cli):
    (cli.folder / "in.yaml").write_bytes(PLACEHOLDER)
    by_pipe = cli.post("--policy", "policy.yaml", stdin=PLACEHOLDER)
    assert b"secretKeyRef" in by_pipe.stdout
    assert by_pipe.stdout == cli.post("--policy", "policy.yaml", "in.yaml").stdout
    assert by_pipe.stdout == cli("post", "--policy=policy.yaml", "-", stdin=PLACEHOLDER).stdout
    with open(cli.folder / "in.yaml", "rb") as file:
        by_file = subprocess.run(
            ["helm-me-post", "--policy", "policy.yaml"], executable=cli.program, stdin=file, capture_output=True, cwd=cli.folder
        )
    assert by_file.stdout == by_pipe.stdout


def test_stdin_is_read_from_its_offset(cli):
    (cli.folder / "in.yaml").write_bytes(b"skipped: x\n" * 1000 + b"kind: A\n")
    with open(cli.folder / "in.yaml", "rb", buffering=0) as file:
        file.seek(11 * 1000)
        done = subprocess.run(["helm-me-post"], executable=cli.program, stdin=file, capture_output=True, cwd=cli.folder)
    assert done.stdout == b"kind: A\n"


def test_in_place(cli):
    """`helm-me-post <f 1<>f`: the map of the input must not change while it is written."""
    stream = b"---\n".join([PLACEHOLDER] * 3000)
    (cli.folder / "f.yaml").write_bytes(stream)
    done = cli.post("--policy", "policy.yaml", "f.yaml")
    with open(cli.folder / "f.yaml", "rb") as source, open(cli.folder / "f.yaml", "r+b") as target:
        subprocess.run(
            ["helm-me-post", "--policy", "policy.yaml"], executable=cli.program, stdin=source, stdout=target, cwd=cli.folder,
            check=True,
        )  # fmt: skip
    assert (cli.folder / "f.yaml").read_bytes() == done.stdout


def test_no_resources(cli):
    assert outcome(cli.post()) == (0, "# helm-me: no resources\n", "")


@pytest.mark.parametrize(
    "words, code, message",
    [
        (["no-such.yaml"], 5, "cannot read input no-such.yaml: No such file or directory"),
        (["."], 3, "cannot read input .: Is a directory"),
        (["--policy", "no.yaml"], 5, "cannot read policy no.yaml: No such file or directory"),
        (["--policy", "."], 3, "cannot read policy .: Is a directory"),
        (["--values", "no.yaml"], 5, "cannot read --values no.yaml: No such file or directory"),
        (["--secret-keys", "no.yaml"], 5, "cannot read --secret-keys no.yaml: No such file or directory"),
    ],
)
def test_files_that_cannot_be_read(cli, words, code, message):
    done = cli.post(*words, stdin=PLACEHOLDER)
    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr.decode().splitlines()[0] == f"error: {message}"


def test_all_files_that_are_wrong_are_named(cli):
    done = cli.post("--policy", "a.yaml", "--policy", "b.yaml", "--secret-keys", "c.yaml")
    assert len(re.findall(rb"^error: ", done.stderr, re.M)) == 3


def test_all_or_nothing(cli):
    good = b"---\n".join([PLACEHOLDER] * 50)
    done = cli.post("--policy", "policy.yaml", stdin=good + b"---\n" + WRONG + b"---\n" + WRONG.replace(b"x}", b"y}"))
    assert (done.returncode, done.stdout) == (3, b"")
    assert len(re.findall(rb"^error", done.stderr, re.M)) == 2, "every problem is listed"


def test_a_full_disk_is_an_error(cli):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            ["helm-me-post"], executable=cli.program, input=b"kind: A\n", stdout=full, stderr=subprocess.PIPE, cwd=cli.folder
        )
    assert (done.returncode, done.stderr.decode()) == (
        6, error("cannot write the output: No space left on device", "the output is not whole: do not use it")
    )  # fmt: skip


def test_a_reader_that_leaves_ends_us_quietly(cli):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        ["helm-me-post"], executable=cli.program, input=b"kind: A\n", stdout=writer, stderr=subprocess.PIPE, cwd=cli.folder
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_descriptors_are_never_taken_for_files(cli):
    """With stdout closed, the first file that is opened would be number 1, and manifests written into it."""
    (cli.folder / "in.yaml").write_bytes(PLACEHOLDER)
    for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"):
        command = f"exec -a helm-me-post '{cli.program}' --policy policy.yaml in.yaml {closed}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=cli.folder)
        assert done.returncode == (6 if "1>&-" in closed else 0)
    assert (cli.folder / "policy.yaml").read_text() == POLICY
    assert (cli.folder / "in.yaml").read_bytes() == PLACEHOLDER


# post: where the policy comes from


def test_policies_in_their_order(cli):
    def secret(*words, stdin=PLACEHOLDER, **env):
        done = cli.post(*words, stdin=stdin, **env)
        assert done.returncode == 0, done.stderr.decode()
        return re.search(r"name: ([\w-]+), key: A", done.stdout.decode())[1]

    for name in ("flag", "variable", "helm-me"):
        (cli.folder / f"{name}.yaml").write_text(POLICY.replace("live", name))
    in_stream = POLICY.replace("live", "stream").encode() + b"metadata: {name: p}\n---\n" + PLACEHOLDER
    variable = {"HELM_ME_POLICY": "variable.yaml"}
    assert secret("--policy", "flag.yaml", **variable) == "flag"
    assert secret(**variable) == "variable"
    assert secret(stdin=in_stream) == "stream"
    assert secret() == "helm-me"
    assert secret("--policy", "variable.yaml", "--policy", "flag.yaml") == "flag"


def test_values_beside_a_policy(cli):
    """The sources come from the values, whatever policy there is; several files merge."""
    (cli.folder / "a.yaml").write_text("shop: {existingSecret: from-a}\n")
    (cli.folder / "b.yaml").write_text("shop: {existingSecret: from-b}\nother: {existingSecret: x}\n")

    def secret(*words):
        done = cli.post(*words, stdin=PLACEHOLDER.replace(b"${secret:A}", b"${secret:shop/A}"))
        assert done.returncode == 0, done.stderr.decode()
        return re.search(r"name: ([\w-]+), key: A", done.stdout.decode())[1]

    assert secret("--values", "a.yaml") == "from-a"
    assert secret("--values", "a.yaml", "--values", "b.yaml") == "from-b"
    assert secret("--policy", "policy.yaml", "--values", "a.yaml") == "from-a"
    (cli.folder / "helm-me.yaml").write_text(POLICY.replace("live", "own"))
    assert secret("--values", "b.yaml") == "from-b"


def test_a_bundle_of_the_values_that_cannot_be_used(cli):
    """It stops nobody who does not use it, and explain says why."""
    (cli.folder / "values.yaml").write_text("app: {existingSecret: live}\npg: {existingSecret: '{{ .Release.Name }}'}\n")
    stdin = PLACEHOLDER.replace(b"${secret:A}", b"${secret:app/A}")
    words = ["--values", "values.yaml"]
    assert cli.post(*words, stdin=stdin).returncode == 0
    problem = 'existingSecret of bundle "pg" is no name of a Secret: "{{ .Release.Name }}"'
    done = cli("explain", *words, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"bundle pg cannot be used: {problem}\n" in done.stdout.decode()
    done = cli("explain", *words, "--output", "json", stdin=stdin)
    assert {"name": "pg", "problem": problem} in json.loads(done.stdout)["bundles"]
    done = cli.post(*words, stdin=PLACEHOLDER.replace(b"${secret:A}", b"${secret:pg/A}"))
    assert (done.returncode, done.stdout) == (3, b"")
    assert problem in done.stderr.decode()


def test_secret_apply_takes_the_sources_from_the_values(cli):
    """What the post-renderer points at is what secret apply makes, from the same files."""
    (cli.folder / "policy.yaml").write_text(POLICY.replace("existingSecret: live", "target: made"))
    (cli.folder / "values.yaml").write_text("shop: {secrets: {A: text}}\nother: {secrets: {B: text}}\n")
    words = ["--policy", "policy.yaml", "--values", "values.yaml"]
    stdin = PLACEHOLDER.replace(b"${secret:A}", b"${secret:shop/A}")
    assert b"name: made, key: A" in cli.post(*words, stdin=stdin).stdout
    done = cli("secret", "apply", *words, "-o", "yaml")
    assert done.returncode == 0, done.stderr.decode()
    assert re.findall(rb"^  name: .*|^  [AB]: .*", done.stdout, re.M) == [b"  name: made", b'  A: "dGV4dA=="']
    done = cli("secret", "apply", "other", *words, "-o", "yaml")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b'bundle "other" has no target' in done.stderr


def test_release_and_namespace(cli):
    (cli.folder / "policy.yaml").write_text(POLICY.replace("live", "'${release}-${namespace}'"))

    def secret(*words, **env):
        done = cli.post("--policy", "policy.yaml", *words, stdin=PLACEHOLDER, **env)
        return re.search(r"name: ([\w-]+), key: A", done.stdout.decode())[1]

    assert secret("--release", "r", "--namespace", "n") == "r-n"
    assert secret(HELM_ME_RELEASE="a", HELM_NAMESPACE="b") == "a-b"
    assert secret("--release", "r", HELM_ME_RELEASE="a", HELM_NAMESPACE="b") == "r-b"


# post: where messages go


def test_diagnostics_file(cli):
    file = cli.folder / "diagnostics"
    for _ in range(2):
        done = cli.post("--policy", "policy.yaml", stdin=WRONG, HELM_ME_DIAGNOSTICS=file)
        assert done.returncode == 3
    assert file.read_bytes() == done.stderr * 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_diagnostics_to_null_and_to_a_symlink(cli):
    assert cli.post("--policy", "policy.yaml", stdin=WRONG, HELM_ME_DIAGNOSTICS="/dev/null").returncode == 3
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    (cli.folder / "link").symlink_to("target")
    done = cli.post("--policy", "policy.yaml", stdin=WRONG, HELM_ME_DIAGNOSTICS="link")
    assert (cli.folder / "link").is_symlink()
    assert (cli.folder / "target").read_bytes() == done.stderr


def test_diagnostics_to_a_pipe(cli):
    pipe = cli.folder / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    done = cli.post("--policy", "policy.yaml", stdin=WRONG, HELM_ME_DIAGNOSTICS=pipe)
    reader.join(timeout=20)
    assert got == [done.stderr]
    assert pipe.is_fifo()


def test_diagnostics_to_a_pipe_that_nobody_reads(cli):
    os.mkfifo(cli.folder / "pipe")
    done = cli.post("--policy", "policy.yaml", stdin=WRONG, HELM_ME_DIAGNOSTICS="pipe")
    assert done.returncode == 3
    assert b"\nwarning: cannot write HELM_ME_DIAGNOSTICS (pipe): " in done.stderr


def test_json(cli):
    done = cli.post("--policy", "policy.yaml", "--diagnostics-format", "json", stdin=WRONG)
    assert done.returncode == 3
    [one] = json.loads(done.stderr)["errors"]
    assert one["kind"] == "bad_input"
    assert one["object"].startswith("ConfigMap/x data.a")
    assert (one["file"], one["line"], one["column"]) == ("stdin", 4, 12)


def test_log(cli):
    done = cli.post("--policy", "policy.yaml", "--log-level", "info", stdin=PLACEHOLDER)
    assert done.returncode == 0
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 3 and all(line.startswith("helm-me: ") for line in lines)
    assert cli.post("--policy", "policy.yaml", stdin=PLACEHOLDER).stderr == b""
    assert cli.post("--policy", "policy.yaml", stdin=PLACEHOLDER, HELM_ME_LOG_LEVEL="debug").stderr != b""


# The wrapper, before a Helm that shows what it was given


def test_helms_words_stay_as_they_are(cli):
    words = ["demo", "./c", "--set", "a=b c", "", "-f", "x,y.yaml", "--", "--policy", "*"]
    assert cli("--policy", "policy.yaml", "install", *words).returncode == 0
    ours = ["--post-renderer", str(pathlib.Path(cli.program).resolve()), "--post-renderer-args", "post"]
    for word in ["--policy", "policy.yaml", "--release", "demo"][:2]:
        ours += ["--post-renderer-args", word]
    saw = cli.fake_saw("words")
    assert saw[0] == "install" and saw[-len(words) :] == words
    assert saw[1 : 1 + len(ours)] == ours


def test_all_options_reach_the_post_renderer(cli):
    cli(
        "--policy", "a", "--policy=b", "--values", "v", "--values=w", "--release", "r", "--secret-keys", "k", "--dialect", "native", "--deliver",
        "reference", "--offline", "--diagnostics-format", "json", "--log-level", "info", "template", "d", "c",
    )  # fmt: skip
    saw = cli.fake_saw("words")
    given = [word for flag, word in zip(saw, saw[1:]) if flag == "--post-renderer-args"]
    assert given == [
        "post", "--policy", "a", "--policy", "b", "--values", "v", "--values", "w", "--release", "r", "--secret-keys", "k",
        "--dialect", "native", "--deliver", "reference", "--diagnostics-format", "json", "--log-level", "info", "--offline",
    ]  # fmt: skip


def test_run_wires_what_takes_a_post_renderer(cli):
    cli("--policy", "p", "run", "--policy", "q", "--", "--kube-context", "x", "upgrade", "d", "c")
    saw = cli.fake_saw("words")
    assert saw[:4] == ["--kube-context", "x", "upgrade", "--post-renderer"] and saw[-2:] == ["d", "c"]
    assert saw.index("p") < saw.index("q")
    assert outcome(cli("run", "--", "list", "-A")) == (0, "", "")
    assert cli.fake_saw("words") == ["list", "-A"]
    done = cli("--policy", "p", "run", "list")
    assert outcome(done) == (0, "", "warning: this Helm command takes no post-renderer: the options before it do nothing\n")


def test_helm_4_gets_a_plugin(cli):
    cli("template", "d", "c", FAKE_VERSION="v4.3.1")
    saw = cli.fake_saw("words")
    assert saw[1] == "--post-renderer" and saw[2].startswith("helm-me-post-of-run-")
    [plugins] = [line for line in cli.fake_saw("env") if line.startswith("HELM_PLUGINS=")]
    assert plugins.startswith("HELM_PLUGINS=/nonexistent/plugins:")


def test_namespace_and_release_are_read_off_helms_words(cli):
    cli("install", "-n", "blue", "demo", "./c")
    assert "HELM_NAMESPACE=blue" in cli.fake_saw("env")
    assert "demo" in cli.fake_saw("words")[: cli.fake_saw("words").index("-n")]


def test_helm_is_not_told_that_it_is_a_plugin(cli):
    cli("template", "d", "c", HELM_PLUGIN_NAME="me", HELM_PLUGIN_DIR="/x", KEPT="yes")
    names = {line.split("=", 1)[0] for line in cli.fake_saw("env")}
    assert "KEPT" in names and not names & {"HELM_PLUGIN_NAME", "HELM_PLUGIN_DIR"}


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_helms_exit_code(cli, code):
    assert cli("template", "d", "c", FAKE_CODE=str(code)).returncode == code


def test_what_the_post_renderer_said_comes_back(cli):
    done = cli("template", "d", "c", FAKE_SAYS="warning: odd\n", FAKE_CODE="1", HELM_ME_DIAGNOSTICS="mine")
    assert outcome(done) == (1, "", "warning: odd\n")
    assert (cli.folder / "mine").read_text() == "warning: odd\n"
    assert cli.fake_saw("folder") == ["700 directory"]
    assert list((cli.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize("number, code, name", [(signal.SIGTERM, 42, "TERM"), (signal.SIGINT, 43, "INT")])
def test_signals_reach_helm_and_nothing_is_left(cli, number, code, name):
    child = subprocess.Popen(
        ["helm-me", "template", "d", "c"], executable=cli.program, cwd=cli.folder,
        env=cli.environment({"FAKE_WAITS": "1"}), start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while not (cli.folder / "fake.ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(number)
    assert child.wait(timeout=20) == code
    assert cli.fake_saw("signal") == [name]
    assert list((cli.folder / "tmp").iterdir()) == []


def test_no_helm(cli):
    expected = error("cannot run /no/helm: No such file or directory", "install Helm, or set HELM_BIN to its path")
    for words in (["template", "d", "c"], ["run", "list"]):
        done = subprocess.run(
            ["helm-me", *words], executable=cli.program, capture_output=True,
            env={**cli.environment({}), "HELM_BIN": "/no/helm"},
        )  # fmt: skip
        assert outcome(done) == (5, "", expected)


def test_a_helm_that_does_not_work(cli):
    done = subprocess.run(
        ["helm-me", "template", "d", "c"], executable=cli.program, capture_output=True,
        env={**cli.environment({}), "HELM_BIN": "false"},
    )  # fmt: skip
    assert outcome(done) == (
        6, "", error("false does not tell its version: exit code 1", "set HELM_BIN to a Helm 3.14 or later")
    )  # fmt: skip


def test_helm_on_path(cli):
    (cli.folder / "bin").mkdir()
    (cli.folder / "bin/helm").symlink_to(cli.fake)
    environment = cli.environment({"PATH": f"{cli.folder}/bin:/usr/bin:/bin"})
    del environment["HELM_BIN"]
    done = subprocess.run(["helm-me", "install", "d", "c"], executable=cli.program, capture_output=True, env=environment)
    assert outcome(done) == (0, "", "")
    assert cli.fake_saw("words")[0] == "install"


def test_a_temporary_folder_that_cannot_be_made(cli):
    done = subprocess.run(
        ["helm-me", "template", "d", "c"], executable=cli.program, capture_output=True,
        env={**cli.environment({}), "TMPDIR": "/dev/null"},
    )  # fmt: skip
    assert done.returncode in (0, 6), done.stderr


def test_no_core_and_no_dump(cli):
    """What a crash would leave on the disk, and what another process of the user may look into."""
    reader, writer = os.pipe()
    child = subprocess.Popen(["helm-me-post"], executable=cli.program, stdin=reader, stdout=subprocess.DEVNULL, cwd=cli.folder)
    try:
        deadline = time.monotonic() + 20
        limits = pathlib.Path(f"/proc/{child.pid}/limits")
        while not re.search(r"Max core file size\s+0\s+0\s", limits.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        os.close(writer)
        os.close(reader)
        assert child.wait(timeout=20) == 0
