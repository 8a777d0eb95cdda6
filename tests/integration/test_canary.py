"""The canary: every command runs with a marked secret at hand, and nowhere that anyone reads does it appear: not on
stdout or stderr, not in the diagnostics file, not in the log, not in any process's arguments."""

import base64
import itertools
import os
import pathlib
import signal
import subprocess
import threading
import urllib.parse

import pytest
from conftest import CHARTS, clean_environment

CANARY = "Kanarienvogel-7f3a9c/+%=§"
# A part of it that no encoding may let through either.
CORE = "Kanarienvogel-7f3a9c"

MANIFEST = """# Source: shop/templates/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: c
          env:
            - {name: A, value: "${secret:TOKEN}"}
            - {name: B, value: "postgres://u:${secret:TOKEN}@h"}
"""
WRONG = MANIFEST + """---
apiVersion: v1
kind: ConfigMap
metadata: {name: x, labels: {a: "${secret:TOKEN}"}}
data: {a: "${secret:NOPE}"}
"""

HEAD = "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nbundles:\n  shop:\n    target: shop-secrets\n"
POLICIES = {
    "environment": HEAD + "    secrets: {TOKEN: {env: CANARY}}\n",
    "file": HEAD + "    secrets: {TOKEN: {file: token.txt}}\n",
    "dotenv": HEAD + "    secretsFiles: [secrets.env]\n",
    "yaml_file": HEAD + "    secretsFiles: [secrets.yaml]\n",
    "json_file": HEAD + "    secretsFiles: [secrets.json]\n",
    "literal": HEAD + f"    secrets: {{TOKEN: '{CANARY}'}}\n",
    "default": HEAD + f"    required: {{TOKEN: {{default: '{CANARY}'}}}}\n    secrets: {{OTHER: x}}\n",
    "shadowed": HEAD + f"    existingSecret: live\n    secrets: {{TOKEN: '{CANARY}'}}\n    secretsFiles: [secrets.env]\n",
    "strict": HEAD + f"    precedence: strict\n    existingSecret: live\n    secrets: {{TOKEN: '{CANARY}'}}\n",
    "too_short": HEAD + "    required: {TOKEN: {length: 128}}\n    secrets: {TOKEN: {env: CANARY}}\n",
    "too_short_in_a_file": HEAD + "    required: {TOKEN: {minLength: 128}}\n    secretsFiles: [secrets.yaml]\n",
    "wrong_characters": HEAD + f"    required: {{TOKEN: {{charset: hex}}}}\n    secrets: {{TOKEN: '{CANARY}'}}\n",
    "wrong_pattern": HEAD + "    required: {TOKEN: {pattern: '[0-9]+'}}\n    secretsFiles: [secrets.env]\n",
    "key_is_missing": HEAD + "    required: {TOKEN: {}, OTHER: {}}\n    secretsFiles: [secrets.json]\n",
    "broken_behind_the_value": HEAD + f"    secrets: {{TOKEN: '{CANARY}'}}\n  ]oops: [\n",
    "broken_on_the_line": HEAD + f"    secrets: {{TOKEN: '{CANARY}' oops}}\n",
    "never_closed": HEAD + f"    secrets: {{TOKEN: '{CANARY}\n",
    "wrong_type": HEAD + f"    secrets: {{TOKEN: ['{CANARY}']}}\n",
    "wrong_place": HEAD + f"    secrets: '{CANARY}'\n",
    "unknown_field": HEAD + f"    secrets: {{TOKEN: {{value: '{CANARY}'}}}}\n",
    "doubled_key": HEAD + f"    secrets: {{TOKEN: '{CANARY}', TOKEN: '{CANARY}'}}\n",
    "plain_and_block": HEAD + f"    secrets:\n      TOKEN: |\n        {CANARY}\n       odd\n",
    "broken_dotenv": HEAD + "    secretsFiles: [broken.env]\n",
    "broken_yaml_file": HEAD + "    secretsFiles: [broken.yaml]\n",
    "broken_json_file": HEAD + "    secretsFiles: [broken.json]\n",
    "nested_yaml_file": HEAD + "    secretsFiles: [nested.yaml]\n",
    "directory": HEAD + "    secretsFiles: [.]\n",
}
FILES = {
    "token.txt": CANARY + "\n",
    "secrets.env": f"TOKEN='{CANARY}'\n",
    "secrets.yaml": f"TOKEN: '{CANARY}'\n",
    "secrets.json": f'{{"TOKEN": "{CANARY}"}}\n',
    "broken.env": f"TOKEN='{CANARY}\nexport {CANARY}\n{CANARY}\n",
    "broken.yaml": f"TOKEN: '{CANARY}'\n  {CANARY}: [\n",
    "broken.json": f'{{"TOKEN": "{CANARY}" "{CANARY}"}}\n',
    "nested.yaml": f"TOKEN: {{a: '{CANARY}'}}\n",
}


def shapes():
    """The canary as it might be written down: plain, in hex, URL-encoded, in base64 at each of its three offsets."""
    core = CORE.encode()
    yield "plain", core
    yield "hex", core.hex().encode()
    yield "HEX", core.hex().upper().encode()
    yield "URL-encoded", urllib.parse.quote(CANARY, safe="").encode()
    for offset in range(3):
        # Characters that its neighbours have a share in are left out.
        encoded = base64.b64encode(b"\0" * offset + core)[[0, 2, 3][offset] :]
        yield f"base64 at {offset}", encoded.rstrip(b"=")[:-1]


SHAPES = list(shapes())


def sightings(name, content):
    return [f"{shape} in {name}" for shape, text in SHAPES if text in content]


class ProcessWatch:
    """Reads the arguments of all processes below this one, again and again."""

    def __init__(self):
        self.seen = set()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.done.is_set():
            for entry in pathlib.Path("/proc").iterdir():
                if entry.name.isdigit() and int(entry.name) != os.getpid():
                    try:
                        self.seen.add((entry / "cmdline").read_bytes())
                    except OSError:  # it has ended
                        pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def run(program, folder, words, stdin, executable=None, **env):
    diagnostics = folder / "diagnostics"
    diagnostics.unlink(missing_ok=True)
    done = subprocess.run(
        list(map(str, words)), executable=executable or program, input=stdin.encode(), capture_output=True, cwd=folder,
        env=clean_environment(
            CANARY=CANARY, HELM_ME_VERSION_KEY=CANARY, HELM_ME_DIAGNOSTICS=diagnostics, HOME="/nonexistent", **env
        ),
        timeout=120,
    )  # fmt: skip
    said = diagnostics.read_bytes() if diagnostics.exists() else b""
    found = sightings("stdout", done.stdout) + sightings("stderr", done.stderr) + sightings("the diagnostics file", said)
    return done, found


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    for name, content in POLICIES.items():
        (tmp_path / f"{name}.policy").write_text(content)
    return tmp_path


def test_the_shapes_are_found():
    """The test's own eyes."""
    for hidden in (
        CANARY, CANARY.encode().hex(), urllib.parse.quote(CANARY, safe=""),
        *(base64.b64encode(b"x" * n + CANARY.encode() + b"yz").decode() for n in range(5)),
    ):  # fmt: skip
        assert sightings("here", f"before {hidden} behind".encode()), hidden
    assert not sightings("here", b"Kanarienvoegel")


@pytest.mark.parametrize("policy", POLICIES)
def test_post(program, folder, policy):
    """Each source, right and wrong, in each format, with the log at its loudest."""
    codes = set()
    for stdin, form in itertools.product((MANIFEST, WRONG), ("text", "json")):
        done, found = run(
            program, folder,
            ["helm-me-post", "--policy", f"{policy}.policy", "--log-level", "trace", "--diagnostics-format", form], stdin,
        )  # fmt: skip
        assert not found
        assert done.returncode in (0, 3, 5), done.stderr.decode()
        codes.add(done.returncode)
    assert codes - {0}, "a placeholder in a label is always an error"


def test_values_are_used_at_all(program, folder):
    """The canary is really there: its digest changes the annotation, and its length breaks a contract."""
    done, _ = run(program, folder, ["helm-me-post", "--policy", "environment.policy"], MANIFEST)
    assert done.returncode == 0 and b"helm-me.io/secret-version" in done.stdout
    (folder / "exact.policy").write_text(
        HEAD + f"    required: {{TOKEN: {{length: {len(CANARY.encode())}}}}}\n    secrets: {{TOKEN: {{env: CANARY}}}}\n"
    )
    assert run(program, folder, ["helm-me-post", "--policy", "exact.policy"], MANIFEST)[0].returncode == 0


def test_secrets_that_the_chart_renders(program, folder):
    """Values in the stream itself are the chart's: they pass, and no message quotes them."""
    (folder / "replaces.policy").write_text(
        "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nbundles:\n  shop:\n    existingSecret: live\n"
        "    replaces: {chart: {wrong: TOKEN}}\n"
    )
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: chart}\nstringData:\n"
        f"  token: '{CANARY}'\n  part: 'x{CANARY}${{secret:NOPE/X}}'\n  whole: \"${{secret:NOPE}} {CANARY}\"\n"
    )
    for form in ("text", "json"):
        words = ["helm-me-post", "--policy", "replaces.policy", "--log-level", "trace", "--diagnostics-format", form]
        done, found = run(program, folder, words, secret + "---\n" + MANIFEST)
        assert done.returncode in (3, 5)
        assert not found


VALUES = {
    "literal": f"shop: {{secrets: {{TOKEN: '{CANARY}'}}}}\n",
    "shadowed": f"shop: {{existingSecret: live, secrets: {{TOKEN: '{CANARY}'}}, secretsFiles: [secrets.env]}}\n",
    "file": "shop: {secretsFiles: [secrets.yaml]}\n",
    "broken_file": "shop: {secretsFiles: [broken.yaml]}\n",
    "elsewhere": f"shop: {{existingSecret: live}}\npassword: '{CANARY}'\nother: {{secrets: {{a: {{b: '{CANARY}'}}}}}}\n",
    "number": f"shop: {{existingSecret: live, secrets: {{A: 0123, B: '{CANARY}', C: ref+vault://{CORE}}}}}\n",
    "broken": f"shop: {{secrets: {{TOKEN: '{CANARY}'\n",
    "doubled": f"shop: {{secrets: {{TOKEN: '{CANARY}', TOKEN: '{CANARY}'}}}}\n",
    "text": f"'{CANARY}'\n",
}


@pytest.mark.parametrize("name", VALUES)
def test_helm_values(program, folder, name):
    """Helm values are full of what is not ours: none of it is shown, with a policy and without."""
    (folder / "values.yaml").write_text(VALUES[name])
    (folder / "contract.policy").write_text(HEAD + "    required: {TOKEN: {length: 3}}\n")
    for policy, form in itertools.product(([], ["--policy", "contract.policy"]), ("text", "json")):
        words = ["helm-me-post", *policy, "--values", "values.yaml", "--log-level", "trace", "--diagnostics-format", form]
        done, found = run(program, folder, words, MANIFEST)
        assert not found
        assert done.returncode in (0, 3, 5), done.stderr.decode()


RENDERED = """apiVersion: v1
kind: Secret
metadata: {name: chart}
type: Opaque
stringData:
  token: "rendered"
  url: "postgres://u:${secret:TOKEN}@h"
data: {binary: "JHtzZWNyZXQ6VE9LRU59"}
---
"""
CONFIG = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data: {token: "x ${secret:TOKEN} y"}
"""


@pytest.mark.parametrize("deliver", ["reference", "secret", "inline"])
@pytest.mark.parametrize("command", [["explain"], ["explain", "-o", "json"], ["diff"]], ids=" ".join)
def test_looks(program, folder, command, deliver):
    """explain and diff know every value, and show none: neither ours nor what the chart renders."""
    (folder / "all.policy").write_text(
        HEAD + "    secrets: {TOKEN: {env: CANARY}}\n    replaces: {chart: {token: TOKEN, extra: TOKEN}}\n"
    )
    plain = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: own}}\nstringData: {{a: '{CANARY}', b: '****{CANARY}'}}\n---\n"
    for form in ("text", "json"):
        words = [
            "helm-me", *command, "--policy", "all.policy", "--deliver", deliver, "--log-level", "trace",
            "--diagnostics-format", form,
        ]  # fmt: skip
        stream = plain + (RENDERED if deliver != "reference" else "") + MANIFEST
        for stdin in (stream, stream + CONFIG, stream + WRONG):
            done, found = run(program, folder, words, stdin)
            assert not found
            assert done.returncode in (0, 3, 5), done.stderr.decode()


@pytest.mark.parametrize("deliver", ["secret", "inline"])
def test_deliveries_of_values(program, folder, deliver):
    """The one place that a value may be is the stream on stdout, and that only where the run is good."""
    words = ["helm-me-post", "--policy", "environment.policy", "--deliver", deliver, "--log-level", "trace"]
    done, found = run(program, folder, words, RENDERED + MANIFEST)
    assert done.returncode == 0
    assert found and all(sighting.endswith("in stdout") for sighting in found)
    done, found = run(program, folder, words, RENDERED + WRONG)
    assert done.returncode in (3, 5) and done.stdout == b""
    assert not found


def test_apply(program, folder):
    words = ["helm-me", "secret", "apply", "--policy", "environment.policy", "-o", "yaml", "--log-level", "trace"]
    done, found = run(program, folder, words, "")
    assert done.returncode == 0
    assert found and all(sighting.endswith("in stdout") for sighting in found)
    (folder / "no-target.policy").write_text(POLICIES["environment"].replace("target: shop-secrets", "target: ''"))
    done, found = run(program, folder, [*words[:4], "no-target.policy", *words[5:]], "")
    assert done.returncode == 3 and done.stdout == b""
    assert not found


@pytest.mark.parametrize(
    "words",
    [
        ["helm-me"], ["helm-me", "--help"], ["helm-me", "version"], ["helm-me", "lint", "."], ["helm-me", "post", "--help"],
        ["helm-me", "nonsense"], ["helm-me", "run"], ["helm-me-post", "--nonsense"], ["helm-me-post", "no-such-file"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_other_commands(program, folder, words):
    assert not run(program, folder, words, "")[1]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "gitlab", "junit", "rdjson", "github"])
def test_lint(program, folder, form):
    """Whatever it finds, in whatever format, and the baseline that it writes."""
    values = f"password: {CANARY}\n# token: {CANARY}\nurl: postgres://a:{CANARY}@db/x\ntext: |\n  api_key={CANARY}\n"
    (folder / "values.yaml").write_text(values)
    for more in ([], ["--write-baseline", "base.json"]):
        done, found = run(program, folder, ["helm-me", "lint", "--format", form, *more, "values.yaml"], "")
        assert done.returncode == (0 if more else 1)
        assert not found
    assert CANARY not in (folder / "base.json").read_text()


@pytest.mark.parametrize("policy", ["environment", "dotenv", "literal", "too_short", "broken_on_the_line"])
@pytest.mark.parametrize("verb", [["template"], ["run", "--", "template"]], ids=["template", "run"])
def test_wrapper(program, folder, helm, verb, policy):
    """Under real Helm, with an eye on the arguments of every process."""
    (folder / "shop.policy").write_text(
        POLICIES[policy].replace("TOKEN", "DATABASE_PASSWORD")
    )
    for name in ("secrets.env",):
        (folder / name).write_text(FILES[name].replace("TOKEN", "DATABASE_PASSWORD"))
    with ProcessWatch() as watch:
        done, found = run(
            program, folder,
            ["helm-me", "--policy", "shop.policy", "--log-level", "trace", *verb, "demo", CHARTS / "shop", "--set", "secret.create=false"],
            "", HELM_BIN=helm.program, **{k: str(v) for k, v in helm.env.items() if k.startswith("HELM_")},
        )  # fmt: skip
    assert not found
    assert not sightings("arguments", b"\n".join(watch.seen))
    assert any(b"--post-renderer-args" in one for one in watch.seen), "Helm was not seen at work"
    assert done.stderr


def test_a_crash_leaves_nothing(program, folder):
    """Killed as a bug would do it, with the values in memory."""
    child = subprocess.Popen(
        ["helm-me-post", "--policy", "literal.policy"], executable=program, stdin=subprocess.PIPE, cwd=folder,
        env=clean_environment(), preexec_fn=allow_core,
    )  # fmt: skip
    child.send_signal(signal.SIGSTOP)
    child.send_signal(signal.SIGCONT)
    os.set_blocking(child.stdin.fileno(), True)
    child.stdin.write(MANIFEST.encode())
    child.stdin.flush()
    import time

    deadline = time.monotonic() + 20
    while "Max core file size        0 " not in " ".join(
        pathlib.Path(f"/proc/{child.pid}/limits").read_text().split("\n")
    ):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(signal.SIGSEGV)
    assert child.wait(timeout=20) == -signal.SIGSEGV
    child.stdin.close()
    assert not [path for path in folder.iterdir() if path.name.startswith("core")]


def allow_core():
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
