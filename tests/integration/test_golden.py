"""Golden cases: testdata/<what>/<case>/ holds args (one a line; of helm-me-post, or of the command that <what> names), input.yaml for standard input where there is
one, env (NAME=VALUE lines) where one is needed, and what must come out, byte for byte.

scripts/update-golden rewrites the expectations; its diff is for reading.
"""

import base64
import subprocess
import sys

import pytest
from conftest import ROOT

sys.dont_write_bytecode = True
CASES = sorted(path.parent for path in (ROOT / "testdata").glob("*/*/args"))
COMMANDS = ("explain", "diff")
NAMES = [f"{case.parent.name}/{case.name}" for case in CASES]


def run(case, program, stream=None):
    """What one case gives: (stdout, stderr, exit code), in its own folder and an empty environment."""
    words = ["helm-me", case.parent.name] if case.parent.name in COMMANDS else ["helm-me-post"]
    words += (case / "args").read_text().splitlines()
    environment = {"HOME": "/nonexistent"}
    extra = case / "env"
    if extra.exists():
        environment.update(line.split("=", 1) for line in extra.read_text().splitlines() if line)
    if stream is None:
        stream = (case / "input.yaml").read_bytes() if (case / "input.yaml").exists() else b""
    done = subprocess.run(
        words, executable=program, input=stream, capture_output=True, cwd=case,
        env=environment, timeout=60,
    )  # fmt: skip
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_case(case, program):
    stdout, stderr, code = run(case, program)
    assert stderr.decode() == (case / "expected.stderr").read_text()
    assert code == int((case / "expected.exit").read_text())
    assert stdout == (case / "expected.stdout").read_bytes()


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_two_runs_are_equal(case, program):
    assert run(case, program) == run(case, program)


def leaves_a_literal(stream):
    """True where an escape, perhaps in base64, leaves the text `${secret:`: a placeholder to the next run."""
    return b"$${" in stream or base64.b64encode(b"$${") in stream


RENDERED = [
    case
    for case in CASES
    if case.parent.name == "render"
    and (case / "input.yaml").exists()
    and (case / "expected.exit").read_text() == "0\n"
    and not leaves_a_literal((case / "input.yaml").read_bytes())
]


@pytest.mark.parametrize("case", RENDERED, ids=[case.name for case in RENDERED])
def test_another_run_over_the_output_changes_nothing(case, program):
    stdout, _, code = run(case, program)
    assert code == 0
    again, stderr, code = run(case, program, stdout)
    assert code == 0, stderr.decode()
    assert again == stdout
