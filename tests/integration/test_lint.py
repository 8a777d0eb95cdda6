"""helm me lint as it is run: exit codes, formats, git, suppressions, and that no value is ever shown."""

import io
import json
import os
import pathlib
import subprocess
import tarfile
import time
import xml.etree.ElementTree

import jsonschema
import pytest
import yaml
from conftest import ROOT, STREAM_NAMES, STREAMS, clean_environment, part

VALUE = "kd93kfo2xd"
VALUES = f"replicas: 1\nauth:\n  user: app\n  password: {VALUE}\n"
CLEAN = "replicas: 1\nauth:\n  existingSecret: shop\n  password: ''\n"
FORMATS = ["text", "json", "sarif", "gitlab", "junit", "rdjson", "github"]


class Lint:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def write(self, **files):
        for name, text in files.items():
            self.file(name.replace("__", "/").replace("_DOT_", ".") + ".yaml", text)

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def __call__(self, *arguments, stdin=b"", timeout=60, **env):
        # git's own settings of whoever runs the tests stay out.
        env = clean_environment(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", **env)
        return subprocess.run(
            [self.program, "lint", *map(str, arguments)],
            input=stdin, capture_output=True, cwd=self.folder, env=env, timeout=timeout, check=False,
        )  # fmt: skip

    def findings(self, *arguments, **more):
        done = self(*arguments, "--format", "json", **more)
        assert done.returncode in (0, 1), done.stderr.decode()
        found = json.loads(done.stdout)
        assert found["version"] == 1
        return found["findings"]

    def rules(self, *arguments, **more):
        return [(one["rule"], one["file"], one["line"]) for one in self.findings(*arguments, **more)]

    def git(self, *arguments):
        env = clean_environment(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
        words = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
        subprocess.run(words, check=True, capture_output=True, cwd=self.folder, env=env)


@pytest.fixture
def lint(program, tmp_path):
    return Lint(program, tmp_path)


def test_exit_codes(lint):
    lint.write(values=VALUES, clean=CLEAN)
    assert lint("values.yaml").returncode == 1
    assert lint("clean.yaml").returncode == 0
    assert lint("nothing.yaml").returncode == 3
    assert lint("--nonsense").returncode == 2
    assert lint("--format", "xml").returncode == 2
    assert lint("--fail-on", "fatal").returncode == 2
    assert lint("--explain", "HM999").returncode == 2
    assert lint("--format", "json", "--format", "sarif").returncode == 2
    assert lint("values.yaml", "--format", "json=/nonexistent/x").returncode == 6


def test_unreadable_input_wins_over_findings_and_findings_are_still_said(lint):
    lint.write(values=VALUES)
    done = lint("values.yaml", "nothing.yaml")
    assert done.returncode == 3
    assert b"HM101" in done.stdout and b"nothing.yaml" in done.stderr


def test_fail_on(lint):
    lint.file("values.yaml", "auth: {password: changeme}\n")
    assert lint("values.yaml").returncode == 1
    assert lint("values.yaml", "--fail-on", "error").returncode == 0
    lint.file("values.yaml", "# password: Kd93kfo2xdQ1\na: b\n")
    assert lint("values.yaml").returncode == 0
    assert lint("values.yaml", "--fail-on", "info").returncode == 1


def test_text(lint):
    lint.file("shop/values.yaml", VALUES)
    assert lint("shop").stdout.decode() == (
        "error[HM101]: a plaintext credential: auth.password\n"
        "  --> shop/values.yaml:4:13\n"
        "   |\n"
        " 4 | password: ****\n"
        "   |\n"
        "help: name a Secret that is in the cluster, or put a placeholder such as ${secret:KEY} in its place\n"
        "\n"
        "1 error, 0 warnings, 0 info in 1 file\n"
    )


def test_json_has_exactly_the_fields_that_are_promised(lint):
    lint.file("values.yaml", f"é: 1\nauth: {{é: 'x', password: '{VALUE}'}}\n")
    (one,) = lint.findings("values.yaml")
    assert list(one) == [
        "rule", "severity", "file", "line", "column", "endLine", "endColumn", "yamlPath", "object", "message", "help",
        "fingerprint",
    ]  # fmt: skip
    # Columns count bytes: "é" is two.
    assert (one["line"], one["column"], one["endLine"], one["endColumn"]) == (2, 28, 2, 28 + len(VALUE))
    assert one["yamlPath"] == "auth.password"


def test_stdin_is_the_same_as_a_file(lint):
    manifest = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData:\n  password: {VALUE}\n"
    lint.file("m.yaml", manifest)
    strip = lambda found: [{k: v for k, v in one.items() if k not in ("file", "fingerprint")} for one in found]
    assert strip(lint.findings("m.yaml")) == strip(lint.findings("-", stdin=manifest.encode()))


def test_no_value_in_any_format(lint):
    lint.file("values.yaml", VALUES)
    lint.file("Jenkinsfile", f"sh 'helm upgrade a . --set b.password={VALUE}'\n")
    for form in FORMATS:
        done = lint("--format", form, ".")
        assert done.returncode == 1
        assert VALUE.encode() not in done.stdout + done.stderr
        assert VALUE[:5].encode() not in done.stdout + done.stderr


def test_several_formats_and_the_same_bytes_twice(lint):
    for i in range(40):
        lint.file(f"charts/c{i}/values.yaml", VALUES)
    words = [f"--format={form}={form}.out" for form in FORMATS[1:]]
    lint("--format", "text", *words, "charts")
    first = [(lint.folder / f"{form}.out").read_bytes() for form in FORMATS[1:]]
    lint("--format", "text", *words, "charts")
    assert first == [(lint.folder / f"{form}.out").read_bytes() for form in FORMATS[1:]]


def test_gitlab_junit_rdjson_and_github(lint):
    lint.file("a b%/values.yaml", VALUES + f"  token: {VALUE}x\n")
    (gitlab, second) = json.loads(lint(".", "--format", "gitlab").stdout)
    assert gitlab["location"] == {"path": "a b%/values.yaml", "lines": {"begin": 4, "end": 4}}
    assert gitlab["severity"] == "critical" and gitlab["check_name"] == "HM101"
    assert gitlab["fingerprint"] != second["fingerprint"]
    suite = xml.etree.ElementTree.fromstring(lint(".", "--format", "junit").stdout).find("testsuite")
    assert suite.get("failures") == "2" and len(suite.findall("testcase/failure")) == 2
    rdjson = json.loads(lint(".", "--format", "rdjson").stdout)["diagnostics"][0]
    assert rdjson["location"]["range"]["start"] == {"line": 4, "column": 13}
    assert rdjson["severity"] == "ERROR" and rdjson["code"] == {"value": "HM101"}
    github = lint(".", "--format", "github").stdout.decode().splitlines()
    assert github[0].startswith("::error file=a b%25/values.yaml,line=4,endLine=4,col=13,endColumn=23,title=HM101::")
    clean = xml.etree.ElementTree.fromstring(lint("-", "--format", "junit", stdin=b"a: b\n").stdout)
    assert clean.get("failures") == "0" and clean.get("tests") == "1"


def test_sarif(lint):
    lint.file("a b/värde.yaml", f"ä: 1\nauth: {{ä: ö, password: {VALUE}}}\n")
    log = json.loads(lint(".", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "HM101"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/v%C3%A4rde.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 24, "endLine": 2, "endColumn": 24 + len(VALUE)}
    assert set(result["partialFingerprints"]) == {"primaryLocationLineHash"}
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["text"] and rule["help"]["markdown"]
        assert float(rule["properties"]["security-severity"]) > 0


EVERYTHING = {
    "v.yaml": VALUES + "url: postgres://a:kd93kfo2xd@db/x\nkey: ghp_Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z0123\nпароль: {password: 'kd93kfo2xd'}\n",
    "a b/ä%.yaml": VALUES,
    "m.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c, env: [{name: DB_PASSWORD, value: kd93kfo2xd}]}]}\n",
    "key.txt": "x\n-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEAkd93kfo2xd" * 8 + "\n-----END RSA PRIVATE KEY-----\n",
    "x.pem": "nothing",
    "t.yaml": "token: acme_0123456789abcdef # helm-me:allow HM103 nothing here\n",
    ".helm-me-lint.yaml": "rules: {ACME-1: {pattern: 'acme_[a-z0-9]{16}', title: a <b> & c}}\n",
    "g.toml": "[[rules]]\nid = 'pem'\npath = 'pem$'\ntags = ['file', 'x y']\n[[rules]]\nid = 'ten'\nregex = 'kd93(.*)'\n",
}  # fmt: skip


@pytest.mark.parametrize("files", [EVERYTHING, {"v.yaml": CLEAN}], ids=["everything", "nothing"])
@pytest.mark.parametrize("more", [[], ["--gitleaks-config", "g.toml"]], ids=["helm-me", "gitleaks"])
def test_sarif_is_valid_by_its_schema(lint, files, more):
    for name, text in {**files, "g.toml": EVERYTHING["g.toml"]}.items():
        lint.file(name, text)
    schema = json.loads((ROOT / "testdata/schemas/sarif-2.1.0.json").read_text())
    sarif = json.loads(lint("--format", "sarif", *more).stdout)
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.draft4_format_checker).validate(sarif)
    (run,) = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    found = {one["ruleId"] for one in run["results"]}
    if files is EVERYTHING:
        assert found >= {"HM101", "HM106", "HM202", "HM404", "ACME-1"} | ({"pem"} if more else set())
    else:
        assert not found
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate({**sarif, "version": "2.0.0"})


def test_gitlab_has_what_its_documentation_asks_for(lint):
    """docs.gitlab.com, Code Quality: description, check_name, fingerprint (unique), severity, location.path (relative,
    no "./" in front) and location.lines.begin."""
    for name, text in EVERYTHING.items():
        lint.file(name, text)
    report = json.loads(lint("--format", "gitlab", "--gitleaks-config", "g.toml", ".").stdout)
    assert len(report) > 6 and len({one["fingerprint"] for one in report}) == len(report)
    for one in report:
        assert all(isinstance(one[name], str) and one[name] for name in ("description", "check_name", "fingerprint"))
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        path = one["location"]["path"]
        assert (lint.folder / path).exists() and not path.startswith(("/", "./"))
        assert isinstance(one["location"]["lines"]["begin"], int) and one["location"]["lines"]["begin"] >= 1


# How a team lives with it


def test_suppressions(lint):
    lint.file("v.yaml", f"# helm-me:allow HM101 a demo's password\npassword: {VALUE}\n")
    assert lint.rules("v.yaml") == []
    lint.file("v.yaml", f"password: {VALUE}  # helm-me:allow HM101 a demo's password\n")
    assert lint.rules("v.yaml") == []
    lint.file("v.yaml", f"password: {VALUE}  # helm-me:allow HM101\n")
    assert lint.rules("v.yaml") == [("HM101", "v.yaml", 1), ("HM404", "v.yaml", 1)]
    lint.file("v.yaml", f"# helm-me:allow HM102 another rule\npassword: {VALUE}\n")
    assert lint.rules("v.yaml") == [("HM404", "v.yaml", 1), ("HM101", "v.yaml", 2)]
    lint.file("v.yaml", f"# helm-me:allow HM101 only the next line\na: b\npassword: {VALUE}\n")
    assert [one[0] for one in lint.rules("v.yaml")] == ["HM404", "HM101"]
    lint.file("templates/s.yaml", '{{- /* helm-me:allow HM301 a demo */}}\npassword: {{ "%s" | b64enc }}\n' % VALUE)
    assert lint.rules("templates") == []


def test_baseline_outlives_moved_lines_and_no_new_value(lint):
    lint.file("v.yaml", VALUES)
    assert lint("v.yaml", "--write-baseline", "base.json").returncode == 0
    assert VALUE not in (lint.folder / "base.json").read_text()
    assert lint("v.yaml", "--baseline", "base.json").returncode == 0
    lint.file("v.yaml", "# one more line\n" + VALUES)
    assert lint("v.yaml", "--baseline", "base.json").returncode == 0
    lint.file("v.yaml", VALUES.replace(VALUE, VALUE + "1"))
    assert lint("v.yaml", "--baseline", "base.json").returncode == 1
    assert lint("v.yaml", "--baseline", "nothing.json").returncode == 3
    lint.file("base.json", "[]")
    assert lint("v.yaml", "--baseline", "base.json").returncode == 3


def test_configuration(lint):
    lint.file("v.yaml", VALUES)
    lint.file("docs/deep/v.yaml", VALUES)
    (_, here) = lint.findings(".")
    lint.file(".helm-me-lint.yaml", "exclude: [docs/**]\nrules: {HM101: warning}\n")
    assert [(one["file"], one["severity"]) for one in lint.findings(".")] == [("v.yaml", "warning")]
    lint.file(".helm-me-lint.yaml", "exclude: [docs/**]\nrules: {HM101: off}\n")
    assert lint.findings(".") == []
    allow = "exclude: [docs/**]\nallow:\n  - {fingerprint: %s, reason: a demo, expires: %s}\n"
    lint.file(".helm-me-lint.yaml", allow % (here["fingerprint"], "2999-01-31"))
    assert lint.findings(".") == []
    lint.file(".helm-me-lint.yaml", allow % (here["fingerprint"], "2020-01-31"))
    assert [one["rule"] for one in lint.findings(".")] == ["HM404", "HM101"]
    lint.file(".helm-me-lint.yaml", allow.replace("reason: a demo, ", "") % (here["fingerprint"], "2999-01-31"))
    assert [one["rule"] for one in lint.findings(".")] == ["HM404", "HM101"]
    lint.file(".helm-me-lint.yaml", "salt: our own\n")
    assert here["fingerprint"] not in [one["fingerprint"] for one in lint.findings(".")]
    for wrong in ("rulse: {}\n", "rules: {HM999: off}\n", "rules: {HM101: loud}\n", "allow: [{fingerprint: x}]\n", "a: [\n"):
        lint.file(".helm-me-lint.yaml", wrong)
        assert lint(".").returncode == 3, wrong


def test_explain_and_list(lint):
    listed = lint("--list-rules").stdout.decode().splitlines()
    assert len(listed) == 33
    for line in listed:
        rule = line.split()[0]
        explained = lint("--explain", rule).stdout.decode()
        assert explained.startswith(rule) and "\nhelp: " in explained and "\nfix:\n" in explained


# What is read


def test_git_ignored_files_are_not_read_unless_named(lint):
    lint.git("init", "-q")
    lint.file(".gitignore", "local/\n")
    lint.file("local/v.yaml", VALUES)
    lint.file("v.yaml", CLEAN)
    assert lint.findings(".") == []
    assert lint.rules("local/v.yaml") == [("HM101", "local/v.yaml", 4)]


def test_staged_and_since_look_at_new_lines(lint):
    lint.git("init", "-q", "-b", "main")
    lint.file("old.yaml", VALUES)
    lint.git("add", ".")
    lint.git("commit", "-qm", "one")
    assert lint.findings("--staged") == []
    lint.file("old.yaml", VALUES + f"token: {VALUE}\n")
    assert lint.findings("--staged") == []
    lint.git("add", ".")
    assert lint.rules("--staged") == [("HM101", "old.yaml", 5)]
    # What is staged counts, not what the file has become since.
    lint.file("old.yaml", CLEAN)
    assert lint.rules("--staged") == [("HM101", "old.yaml", 5)]
    lint.git("checkout", "-q", "-b", "topic")
    lint.git("commit", "-qm", "two")
    lint.git("checkout", "-q", ".")
    assert lint.rules("--since", "main") == [("HM101", "old.yaml", 5)]
    assert lint("--since", "nothing").returncode == 2
    assert lint("--since", "--output=x").returncode == 2
    assert lint("--staged", "--since", "main").returncode == 2


def test_a_repository_cannot_make_git_run_programs(lint):
    lint.git("init", "-q")
    lint.file("v.yaml", VALUES)
    marker = lint.folder / "ran"
    hook = lint.file("hook.sh", f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager"):
        lint.git("config", name, str(hook))
    lint(".")
    lint("--staged")
    assert not marker.exists()


def package(files, name="shop-1.0.0.tgz"):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return raw.getvalue()


def test_packaged_charts(lint):
    chart = {"shop/Chart.yaml": b"apiVersion: v2\nname: shop\n", "shop/values.yaml": VALUES.encode()}
    lint.file("shop-1.0.0.tgz", package(chart))
    assert lint.rules("shop-1.0.0.tgz") == [("HM101", "shop-1.0.0.tgz/shop/values.yaml", 4)]


@pytest.mark.parametrize(
    "content",
    [
        package({"../values.yaml": b"a: b\n"}),
        package({"/etc/values.yaml": b"a: b\n"}),
        package({"shop/values.yaml": b"\0" * (101 << 20)}),
        package({f"shop/{i}.yaml": b"" for i in range(10001)}),
        package({"shop/values.yaml": os.urandom(100000)})[:5000],
    ],
    ids=["leads out", "absolute", "bomb", "many files", "cut short"],
)
def test_hostile_packages(lint, content):
    lint.file("x.tgz", content)
    done = lint("x.tgz")
    assert done.returncode == 3 and done.stderr.startswith(b"error: cannot read the packaged chart x.tgz: ")
    assert b"help: " in done.stderr


def test_packages_in_packages(lint):
    inner = package({"db/Chart.yaml": b"apiVersion: v2\nname: db\n", "db/values.yaml": VALUES.encode()})
    lint.file("shop-1.0.0.tgz", package({"shop/Chart.yaml": b"name: shop\n", "shop/charts/db-1.0.0.tgz": inner}))
    assert lint.rules(".") == [("HM101", "shop-1.0.0.tgz/shop/charts/db-1.0.0.tgz/db/values.yaml", 4)]
    # Together they have no more than one may have.
    half = package({"values.yaml": b"\0" * (60 << 20)})
    lint.file("shop-1.0.0.tgz", package({"a.tgz": half, "b.tgz": half}))
    done = lint("shop-1.0.0.tgz")
    assert done.returncode == 3 and b"more than 100 MiB" in done.stderr
    deep = package({"values.yaml": VALUES.encode()})
    for _ in range(40):
        deep = package({"x.tgz": deep})
    lint.file("shop-1.0.0.tgz", deep)
    assert lint("shop-1.0.0.tgz").returncode == 0


def test_links_and_devices_in_a_package_are_not_followed(lint):
    lint.file("secret.yaml", VALUES)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"shop/{kind.decode()}.yaml")
            info.type, info.linkname = kind, str(lint.folder / "secret.yaml")
            tar.addfile(info)
    lint.file("p/shop-1.0.0.tgz", raw.getvalue())
    assert lint.rules("p") == []


def test_one_line_of_100_mb(lint):
    lint.file("long.txt", "a" * 50_000_000 + " ghp_Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z0123 " + "b c" * 17_000_000)
    begin = time.monotonic()
    (one,) = lint.findings("long.txt", timeout=120)
    assert (one["rule"], one["line"], one["column"]) == ("HM102", 1, 50_000_002)
    assert time.monotonic() - begin < 60


def test_names_of_files_are_text_that_nobody_controls(lint):
    name = "a\x1b[31m\n::error::b.yaml"
    lint.file(name, VALUES)
    for form in FORMATS:
        out = lint("--format", form, ".").stdout
        assert b"\x1b" not in out and b"\n::error::b" not in out, form


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(24)
)


@pytest.mark.parametrize(
    "content, code",
    [
        ("a: " + "[" * 100000, 3),
        ("{a: " * 100000, 3),
        (LAUGHS, 0),
        ("a: " + "x" * 50_000_000, 3),
        ("password: " + "x y " * 5_000_000, 3),
        ("a: " + "x" * 15_000_000, 0),
        (b"a: \xff\xfe\nb: c\n", 3),
        ("{{" * 1_000_000, 0),
        ("-----BEGIN PRIVATE KEY-----" * 200_000, 0),
        ("# " * 3_000_000, 0),
        ("a: |\n" + "  password=Kd93kfo2xdQ1\n" * 100_000, 1),
        ("a: \"" + "password=Kd93kfo2xdQ1\\n" * 100_000 + "\"", 1),
        ("ghp_" * 3_000_000, 0),
        ("x: " + "d://a:bcd@" * 200_000, 1),
        ("".join(f"password{i}: Kd93kfo2xdQ{i}\n" for i in range(100_000)), 1),
        ("# helm-me:allow HM101 x\npassword: Kd93kfo2xdQ1\n" * 50_000, 0),
        ("a: |\n  x\n  " + "IDENTIFIED BY by " * 500_000 + "\n", 0),
        ("a: |\n  x\n  " + "password ' " * 500_000 + "x\n", 0),
        ("kind: ConfigMap\napiVersion: v1\ndata:\n  a: " + "Authorization " * 500_000 + "\n", 0),
        ("kind: ConfigMap\napiVersion: v1\ndata:\n  a: " + "Authorization:Basic " * 500_000 + "\n", 1),
    ],
    ids=lambda content: str(content)[:20].replace("\n", " "),
)
def test_hostile_values_end_in_bounded_time(lint, content, code):
    ends_in_bounded_time(lint, "values.yaml", content, code)


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("main.tf", "helm " + "{" * 5_000_000, 0),
        ("main.tf", 'resource "helm_release" "a" {\n' + "x = <<A\n" * 500_000, 0),
        ("main.tf", 'resource "helm_release" "a" {\n' + 'set { name = "a.password" value = "Kd93kfo2xdQ1" }\n' * 50_000, 1),
        ("main.tf", 'helm "' + "\\" * 5_000_000, 0),
        ("templates/_helpers.tpl", '{{ define "password" }}{{ if a }}' * 200_000, 0),
        ("a.sh", "echo a | x --password-stdin " * 200_000, 0),
        ("a.sh", "mc alias set " * 300_000, 1),
        ("a.sh", "--set-json a --set-json 'b" * 200_000, 0),
    ],
    ids=lambda value: str(value)[:20].replace("\n", " "),
)
def test_hostile_files_of_other_kinds_end_in_bounded_time(lint, name, content, code):
    ends_in_bounded_time(lint, name, content, code)


def ends_in_bounded_time(lint, name, content, code):
    lint.file(name, content)
    begin = time.monotonic()
    done = lint(name, "--format", "json=out.json", timeout=120)
    assert done.returncode == code, done.stderr.decode()[:500]
    assert time.monotonic() - begin < 60


@pytest.mark.parametrize("tracked", [False, True], ids=["walked", "from git"])
@pytest.mark.parametrize(
    ("folder", "paths", "names"),
    [
        ("", ["."], ["a/b/values.yaml"]),
        ("", ["./"], ["a/b/values.yaml"]),
        ("", ["a"], ["a/b/values.yaml"]),
        ("", ["./a//"], ["a/b/values.yaml"]),
        ("", ["a/."], ["a/b/values.yaml"]),
        ("", ["a/../a/b"], ["a/b/values.yaml"]),
        ("", ["{here}"], ["a/b/values.yaml"]),
        ("", ["{here}/a/", "a/b/values.yaml"], ["a/b/values.yaml"]),
        ("a", [".."], ["../a/b/values.yaml"]),
        ("a", ["../a"], ["../a/b/values.yaml"]),
        ("a", ["{here}"], ["b/values.yaml"]),
        ("a/b", ["{here}/a/b"], ["values.yaml"]),
        ("c", ["{here}/a"], ["{here}/a/b/values.yaml"]),
    ],
)
def test_files_are_named_from_the_working_directory(lint, tracked, folder, paths, names):
    lint.file("a/b/values.yaml", VALUES)
    lint.file("c/d", "")
    (lint.folder / "a/link.yaml").symlink_to("b/values.yaml")
    if tracked:
        lint.git("init", "-q")
        lint.git("add", ".")
    here = lint.folder
    lint.folder = here / folder
    found = lint.findings(*(path.format(here=here) for path in paths))
    assert [finding["file"] for finding in found] == [name.format(here=here) for name in names]


def test_links_and_loops(lint):
    folder = lint.folder / "tree"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "v.yaml").write_text(VALUES)
    (folder / "link.yaml").symlink_to(folder / "v.yaml")
    assert lint.rules("tree") == [("HM101", "tree/v.yaml", 4)]


@pytest.mark.parametrize("stream", STREAMS, ids=STREAM_NAMES)
def test_real_streams_have_no_false_errors(lint, stream):
    assert [one for one in lint.findings(stream) if one["severity"] != "info"] == []


# --render: from what a chart renders back to values and template

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "values.yaml": "auth:\n  password: ''\nmode: fast\n",
    "templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n"
    "  password: {{ .Values.auth.password | b64enc }}\n",
    "templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  containers:\n    - name: c\n      image: a:1\n"
    "      env:\n        - name: DB_PASSWORD\n          value: {{ .Values.auth.password | quote }}\n"
    "        - name: MODE\n          value: {{ .Values.mode }}\n",
}


@pytest.mark.parametrize("helm", ["helm3", "helm4"])
def test_render_names_the_values_line_and_the_template(lint, helm):
    for name, content in CHART.items():
        lint.file(f"chart/{name}", content)
    lint.file("prod.yaml", f"# production\nauth:\n  password: {VALUE}\n")
    words = ["--render", "chart", "-f", "prod.yaml"]
    found = lint.findings(*words, HELM_BIN=part(helm))
    places = {(one["rule"], one["file"], one["line"], one["severity"]) for one in found}
    assert places == {
        ("HM201", "prod.yaml", 3, "error"),
        ("HM202", "prod.yaml", 3, "error"),
        ("HM201", "chart/templates/secret.yaml", 6, "error"),
        ("HM202", "chart/templates/pod.yaml", 11, "error"),
    }
    assert all("shop/templates/" in one["message"] for one in found if one["file"] == "prod.yaml")
    done = lint(*words, HELM_BIN=part(helm))
    assert done.returncode == 1 and VALUE.encode() not in done.stdout + done.stderr
    assert lint.findings("--render", "chart", HELM_BIN=part(helm)) == []


def test_render_that_fails(lint):
    lint.file("chart/Chart.yaml", "nonsense: [\n")
    assert lint("--render", "chart", HELM_BIN=part("helm3")).returncode == 3
    assert lint("--render", "chart", HELM_BIN="/nonexistent/helm").returncode == 3
    assert lint("-f", "x.yaml", "chart").returncode == 2


# Ready to use


def test_the_pre_commit_hook_and_the_gitlab_template_run(lint, program):
    (lint.folder / "path").mkdir()
    (lint.folder / "path/helm-me").symlink_to(program)
    env = clean_environment(PATH=f"{lint.folder / 'path'}:{os.environ['PATH']}")
    run = lambda words: subprocess.run(words, shell=True, cwd=lint.folder, env=env, capture_output=True, check=False)
    lint.git("init", "-q")
    lint.file("v.yaml", VALUES)
    lint.git("add", "v.yaml")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert run(hook["entry"]).returncode == 1
    job = yaml.safe_load((ROOT / "templates/helm-me-lint.gitlab-ci.yml").read_text())["helm-me-lint"]
    assert run("; ".join(job["script"])).returncode == 1
    report = json.loads((lint.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [one["check_name"] for one in report] == ["HM101"]


def test_the_github_action_runs(lint, program):
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    action = lint.folder / "action/bin"
    action.mkdir(parents=True)
    (action / "helm-me").symlink_to(program)
    lint.file("v.yaml", VALUES)
    env = clean_environment(
        GITHUB_ACTION_PATH=action.parent, LINT_PATHS="v.yaml", LINT_FAIL_ON="warning", LINT_SARIF="out.sarif"
    )
    done = subprocess.run(["bash", "-ec", steps[1]["run"]], cwd=lint.folder, env=env, capture_output=True, check=False)
    assert done.returncode == 1 and done.stdout.startswith(b"::error file=v.yaml,line=4")
    assert json.loads((lint.folder / "out.sarif").read_text())["version"] == "2.1.0"
