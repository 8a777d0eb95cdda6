"""helm me lint with a gitleaks.toml, held against the real gitleaks: the same file, rule and line for every finding.

What is known to differ, each with a test below:
- A secret in a last line without a line break: gitleaks takes the whole text for its line, so that a gitleaks:allow
  anywhere in it counts. Here it is the line.
- A global allowlist with condition AND: gitleaks leaves out the files of its paths before it looks at anything else.
  Here all that it names must hold.
- "commit:file:rule:line" in .gitleaksignore counts whatever the commit, since no history is read.
- Files that gitleaks takes for binary by their first bytes, and packaged charts, which it does not open.
"""

import base64
import json
import random
import subprocess
import tomllib
import urllib.parse

import pytest
from conftest import ROOT, STREAM_NAMES, STREAMS, clean_environment, part
from gitleaks_cases import Maker

TOKEN = "ghp_" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z0123"
OTHER = "ghp_" + "Zy9xWv8uTs7rQp6oNm5lKj4iHg3fEd2c1098"


class Both:
    """Both programs over one tree with one configuration."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def write(self, files):
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)

    def run(self, *words):
        return subprocess.run(
            [self.program, "lint", *map(str, words)],
            cwd=self.folder, capture_output=True, env=clean_environment(), timeout=120, check=False,
        )  # fmt: skip

    def ours(self, config, tree="tree", *more):
        done = self.run("--rules", "gitleaks", "--gitleaks-config", config, "--format", "json", *more, tree)
        assert done.returncode in (0, 1), done.stderr.decode()
        return {(one["file"], one["rule"], one["line"]) for one in json.loads(done.stdout)["findings"]}

    def gitleaks(self, config, tree="tree"):
        words = ["dir", "--no-banner", "--log-level", "error", "--redact", "--config", config, "--exit-code", "0"]
        done = subprocess.run(
            [part("gitleaks"), *map(str, words), "--report-format", "json", "--report-path", "report.json", tree],
            cwd=self.folder, capture_output=True, env=clean_environment(), timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        report = json.loads((self.folder / "report.json").read_text())
        # A rule that goes by a file's name says line 0.
        return {(one["File"], one["RuleID"], max(one["StartLine"], 1)) for one in report}

    def refuses(self, config):
        words = ["dir", "--no-banner", "--config", config, "tree"]
        done = subprocess.run([part("gitleaks"), *words], cwd=self.folder, capture_output=True, check=False)
        return done.returncode != 0 and b"leaks found" not in done.stderr


@pytest.fixture
def both(program, tmp_path):
    return Both(program, tmp_path)


@pytest.fixture
def rules():
    return part("gitleaks.toml")


ENCODINGS = [
    lambda data: base64.b64encode(data).decode(),
    lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    lambda data: data.hex(),
    lambda data: urllib.parse.quote(data.decode("latin1"), safe=""),
    lambda data: base64.b64encode(base64.b64encode(data)).decode(),
    lambda data: "".join(f"\\u{byte:04x}" for byte in data),
    lambda data: "".join(f"U+{byte:04X} " for byte in data),
]


def matching_files(rules, seed):
    """For each rule strings that its pattern matches, plain and encoded, among quotes, keys and comments."""
    maker, choose = Maker(seed), random.Random(seed)
    files = {}
    for rule in tomllib.loads(rules.read_text())["rules"]:
        if "regex" not in rule:
            continue
        lines = []
        for _ in range(6):
            text = maker.text(rule["regex"])
            before = choose.choice(["", "  ", "key: ", 'x = "', rule["keywords"][0] + ": "])
            after = choose.choice(["", '"', ";", " ", "  # gitleaks:allow" if choose.random() < 0.2 else ""])
            lines.append(before + text + after)
            encode = choose.choice(ENCODINGS)
            before = choose.choice(["data: ", "", 'password: "'])
            lines.append(before + encode(text.encode("latin1", "replace")) + choose.choice(["", '"', " x"]))
            if choose.random() < 0.3:
                lines.append("")
        ending = choose.choice([".yaml", ".txt", ".tf", ".go", ""])
        files[f"tree/{rule['id']}{ending}"] = "\n".join(lines) + "\n"
    return files


@pytest.mark.parametrize("seed", range(4))
def test_strings_that_the_rules_match(both, rules, seed):
    both.write(matching_files(rules, seed))
    found = both.ours(rules)
    assert found == both.gitleaks(rules)
    assert len(found) > 2000 and len({rule for _, rule, _ in found}) > 200


def test_a_file_of_many_pieces(both, rules):
    files = list(matching_files(rules, 7).values())
    both.write({"tree/all.yaml": "\n\n".join(files[:100]), "tree/one.txt": "x".join(files[:8]).replace("\n", " ") * 12 + "\n"})
    found = both.ours(rules)
    assert found == both.gitleaks(rules) and len(found) > 500


def helm_environment(folder):
    return clean_environment(HELM_CACHE_HOME=folder / "cache", HELM_CONFIG_HOME=folder / "config", HELM_DATA_HOME=folder / "data")


def helm(both, *words):
    done = subprocess.run(
        [part("helm3"), *map(str, words)],
        cwd=both.folder, capture_output=True, env=helm_environment(both.folder / "helm"), timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


# Into each kind of place where a chart of "helm create" and its values may have a secret.
ALL_OF_THEM = """
{{- range $kind, $field := dict "Secret" "data" "ConfigMap" "data" }}
---
apiVersion: v1
kind: {{ $kind }}
metadata:
  name: {{ include "made.fullname" $ }}
{{ $field }}:
  {{- range $name, $text := $.Values.tokens }}
  {{ $name }}: {{ if eq $kind "Secret" }}{{ $text | b64enc }}{{ else }}{{ $text | quote }}{{ end }}
  {{- end }}
  {{- if eq $kind "ConfigMap" }}
  all.properties: |
    {{- range $name, $text := $.Values.tokens }}
    {{- printf "%s.token=%s" $name $text | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end }}
"""


def printable(text):
    return "".join(c if " " <= c <= "~" else " " for c in text)


def made_package(both, rules):
    """A packaged chart of helm create whose values hold a string that matches, for each rule."""
    maker = Maker(11)
    listed = [rule for rule in tomllib.loads(rules.read_text())["rules"] if "regex" in rule]
    tokens = {rule["id"]: printable(maker.text(rule["regex"])) for rule in listed}
    helm(both, "create", "made")
    (both.folder / "made/templates/all.yaml").write_text(ALL_OF_THEM)
    values = both.folder / "made/values.yaml"
    values.write_text(values.read_text() + "tokens:\n" + "".join(f"  {i}: {json.dumps(t)}\n" for i, t in tokens.items()))
    helm(both, "package", "made")
    return both.folder / "made-0.1.0.tgz"


def test_what_helm_renders_and_the_values_of_a_package(both, rules):
    package = made_package(both, rules)
    both.write(
        {
            "tree/rendered.yaml": helm(both, "template", "shop", package, "--set", f"tokens.set={TOKEN}"),
            "tree/values.yaml": helm(both, "show", "values", package),
        }
    )
    found = both.ours(rules)
    assert found == both.gitleaks(rules)
    assert {file for file, _, _ in found} == {"tree/rendered.yaml", "tree/values.yaml"}
    assert len(found) > 400 and len({rule for _, rule, _ in found}) > 150


@pytest.mark.parametrize("chart", sorted(path.parent.name for path in (ROOT / "testdata/charts").glob("*/Chart.yaml")))
def test_our_own_charts_as_helm_renders_them(both, rules, chart):
    folder = ROOT / "testdata/charts" / chart
    secrets = f"env.API={TOKEN},env.URL=https://ci:{OTHER}@example.com,secret.paymentKey={OTHER}"
    rendered = helm(both, "template", "shop", folder, "--set-string", secrets)
    both.write({"tree/rendered.yaml": rendered, "tree/values.yaml": (folder / "values.yaml").read_bytes()})
    found = both.ours(rules)
    assert found == both.gitleaks(rules) and (len(found) > 2) == (chart == "shop"), found


@pytest.mark.parametrize("stream", STREAMS, ids=STREAM_NAMES)
def test_streams_of_real_charts(both, rules, stream):
    """Those of HELM_ME_MANIFESTS, where they are; with a secret of their own in the midst of each document."""
    lines = stream.read_text().split("\n")
    marked = [line + (f"\n# {TOKEN}" if line.startswith("kind: ") else "") for line in lines]
    both.write({"tree/stream.yaml": stream.read_bytes(), "tree/marked.yaml": "\n".join(marked)})
    found = both.ours(rules)
    assert found == both.gitleaks(rules) and ("tree/marked.yaml", "github-pat") in {(file, rule) for file, rule, _ in found}


def test_our_own_test_data(both, rules):
    (both.folder / "tree").symlink_to(ROOT / "testdata")
    assert both.ours(rules, "tree/") == both.gitleaks(rules, "tree/")


FILES = {
    "tree/values.yaml": f"a: 1\ntoken: {TOKEN}\nb: {OTHER} # gitleaks:allow\nother: {OTHER}\n",
    "tree/docs/readme.md": f"{TOKEN}\n\n\npin: 4711-1234\n",
    "tree/test/x.yaml": f"token: {TOKEN}\npin: 4711-1234\nname: shop\n",
    "tree/key.pem": "nothing\n",
    "tree/empty.pem": "",
    "tree/far.yaml": "name: shop\n" + "x: 1\n" * 9 + "pin: 4711-1234\n" + "  " * 9 + "name: shop\n",
    "tree/encoded.yaml": "data: " + base64.b64encode(f"token: {OTHER}".encode()).decode() + "\n",
    "tree/unicode.yaml": f"ключ: «{TOKEN}» ключ: {OTHER}\nsecret: пароль-пароль\n",
}
PAT = "[[rules]]\nid = 'pat'\nregex = '''\\b(ghp_)([A-Za-z0-9]{36})\\b'''\nkeywords = ['GHP_']\n"
PIN = "[[rules]]\nid = 'pin'\nregex = '''pin: (\\d{4})-(\\d{4})'''\nkeywords = ['pin']\n"
NAME = "[[rules]]\nid = 'name'\nregex = '''name: (\\w+)'''\n"
CONFIGS = {
    "one rule": PAT,
    "secret group": PAT + "secretGroup = 2\nentropy = 4.9\n",
    "entropy": PIN + "entropy = 1.9\n" + PAT + "entropy = 1\n",
    "keywords that are not there": PAT.replace("GHP_", "nowhere"),
    "keys in any case": PAT.replace("regex", "REGEX").replace("keywords", "KeyWords") + "SECRETGROUP = 1\n",
    "a rule with a path": PAT + "path = '''\\.md$'''\n",
    "a rule of a path alone": "[[rules]]\nid = 'pem'\npath = '''\\.pem$'''\n",
    "an alternative at the top": "[[rules]]\nid = 'a'\nregex = '''(?i)[\\w.-]{0,50}?token: |pin: 4'''\n",
    "a head": "[[rules]]\nid = 'a'\nregex = '''(?i)[\\w.-]{0,50}?(?:ken): (\\S+)'''\nkeywords = ['ken']\n",
    "a match across lines": "[[rules]]\nid = 'a'\nregex = '''1\\s+token: (\\S+)'''\n",
    "a match that begins with a line break": "[[rules]]\nid = 'a'\nregex = '''\\n(pin|other): (\\S+)\\n'''\n",
    "a match that may be empty": "[[rules]]\nid = 'a'\nregex = '''x?'''\npath = 'far'\n",
    "characters beyond ASCII": "[[rules]]\nid = 'a'\nregex = '''secret: (\\pL+-\\pL+)'''\nentropy = 1.3\n",
    "global paths": PAT + "[allowlist]\npaths = ['''(^|/)test$''', '''docs/''']\n",
    "global regexes": PAT + PIN + "[[allowlists]]\nregexes = ['''^ghp_$''']\n",
    "global regexes of the match": PAT + "[[allowlists]]\nregexTarget = 'match'\nregexes = ['''Ab3d''']\n",
    "global regexes of the line": PAT + "[[allowlists]]\nregexTarget = 'line'\nregexes = ['''token: ''']\n",
    "a line begins with its line break": PAT + "[[allowlists]]\nregexTarget = 'line'\nregexes = ['''^token''']\n",
    "stop words": PAT + "secretGroup = 2\n[[allowlists]]\nstopwords = ['AB3D']\n",
    "a flag that goes on": PAT + "[[allowlists]]\nregexTarget = 'match'\nregexes = ['''(?i)never''', '''ab3d''']\n",
    "a rule's allowlist": PAT + "[[rules.allowlists]]\npaths = ['''values''']\n",
    "a rule's allowlist, the old way": PAT + "[rules.allowlist]\nregexTarget = 'line'\nregexes = ['''other''']\n",
    "all of an allowlist": PAT + "[[rules.allowlists]]\ncondition = 'AND'\npaths = ['''values''']\nregexTarget = 'line'\nregexes = ['other']\n",
    "all of paths alone": PAT + "[[rules.allowlists]]\ncondition = '&&'\npaths = ['''values''']\n",
    "commits": PAT + "[[rules.allowlists]]\ncondition = 'AND'\ncommits = ['abc']\npaths = ['''values''']\n",
    "commits or paths": PAT + "[[rules.allowlists]]\ncondition = '||'\ncommits = ['abc']\npaths = ['''values''']\n",
    "target rules": PAT + PIN + "[[allowlists]]\ntargetRules = ['pin']\npaths = ['''test''']\n",
    "required": PIN + "[[rules.required]]\nid = 'name'\n" + NAME,
    "required in near lines": PIN + "[[rules.required]]\nid = 'name'\nwithinLines = 1\n" + NAME,
    "required in near columns": PIN + "[[rules.required]]\nid = 'name'\nwithinLines = 1\nwithinColumns = 3\n" + NAME,
    "required of two": PIN + "[[rules.required]]\nid = 'name'\n[[rules.required]]\nid = 'pat'\n" + NAME + PAT,
    "required alone": PIN + "[[rules.required]]\nid = 'name'\n" + NAME + "skipReport = true\n",
    "generic yields": PAT.replace("'pat'", "'my-Generic'") + PAT.replace("(ghp_)(", "(ghp_"),
    "extend": PIN + "[extend]\npath = 'base.toml'\ndisabledRules = ['name']\n",
    "extend and override": "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'pat'\ndescription = 'mine'\nentropy = 5.6\n",
    "extend and allow": "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'pat'\n[[rules.allowlists]]\npaths = ['values']\n",
    "text for a list": PAT.replace("['GHP_']", "'never,GHP_'"),
    "no rules": "title = 'nothing'\n",
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGS)
def test_configurations(both, name):
    both.write({**FILES, "base.toml": PAT + NAME, "gitleaks.toml": CONFIGS[name]})
    assert both.ours("gitleaks.toml") == both.gitleaks("gitleaks.toml")


def test_configurations_find_something(both):
    """So that two empty sets above are not taken for agreement."""
    both.write({**FILES, "base.toml": PAT + NAME})
    empty = []
    for name, text in CONFIGS.items():
        both.write({"gitleaks.toml": text})
        empty += [] if both.ours("gitleaks.toml") else [name]
    assert empty == ["keywords that are not there", "no rules"]


WRONG = {
    "not TOML": ("a = \n", 1, "not TOML"),
    "a pattern that RE2 does not take": (PAT + "[[rules]]\nid = 'x'\nregex = '''a(?=b)'''\n", 7, "RE2 does not take"),
    "a group that is not there": (PAT + "secretGroup = 3\n", 1, "the regex has 2 groups"),
    "no id": ("[[rules]]\nregex = 'a'\n", 1, "without an id"),
    "nothing to find": ("[[rules]]\nid = 'a'\n", 1, "neither regex nor path"),
    "an empty allowlist": ("\n[allowlist]\ndescription = 'x'\n", 2, "checks nothing"),
    "a rule's empty allowlist": (PAT + "[[rules.allowlists]]\ndescription = 'x'\n", 5, "checks nothing"),
    "both ways": ("[allowlist]\npaths = ['a']\n[[allowlists]]\npaths = ['b']\n", 1, "one way only"),
    "a condition": ("[[allowlists]]\ncondition = 'XOR'\npaths = ['a']\n", 2, "AND or OR"),
    "a target": ("[[allowlists]]\nregexTarget = 'file'\npaths = ['a']\n", 2, "secret, match or line"),
    "a target rule": ("[[allowlists]]\ntargetRules = ['x']\npaths = ['a']\n", 1, "there is no rule x"),
    "a required rule": (PAT + "[[rules.required]]\nid = 'x'\n", 5, "requires a rule x"),
    "a required rule without an id": (PAT + "[[rules.required]]\nwithinLines = 1\n", 5, "without an id"),
    "two to extend": ("[extend]\npath = 'x'\nuseDefault = true\n", 1, "both path and useDefault"),
    "a file that is not there": ("[extend]\npath = 'nowhere.toml'\n", 0, "nowhere.toml"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_gitleaks_refuses_is_refused_with_its_place(both, name):
    text, line, why = WRONG[name]
    both.write({"tree/a.yaml": "a: b\n", "g.toml": text})
    done = both.run("--rules", "gitleaks", "--gitleaks-config", "g.toml", "tree")
    said = done.stderr.decode()
    assert done.returncode == 3 and why in said and "help: " in said, said
    assert not line or f"g.toml:{line}:" in said, said
    assert both.refuses("g.toml")


def test_what_extend_may_not_do(both, rules):
    both.write({"tree/a.yaml": f"a: {TOKEN}\n", "g.toml": "[extend]\nurl = 'https://example.com/x'\n"})
    done = both.run("--gitleaks-config", "g.toml", "tree")
    assert done.returncode == 3 and b"g.toml:2:" in done.stderr and b"network" in done.stderr
    both.write({"g.toml": "[extend]\nuseDefault = true\n"})
    done = both.run("--gitleaks-config", "g.toml", "tree")
    assert done.returncode == 3 and b"g.toml:2:" in done.stderr and b"--gitleaks-default" in done.stderr
    found = both.ours("g.toml", "tree", "--gitleaks-default", rules)
    assert found == both.gitleaks("g.toml") == {("tree/a.yaml", "github-pat", 1)}


def test_allowlists_patterns_are_not_shown(both):
    both.write({"a.yaml": "a: b\n", "g.toml": PAT + "[[allowlists]]\nregexes = ['''Kd93kfo2xdQ1(''']\n"})
    done = both.run("--gitleaks-config", "g.toml", "a.yaml")
    assert done.returncode == 3 and b"g.toml:6:" in done.stderr and b"Kd93" not in done.stdout + done.stderr


def test_all_of_gitleaks_rules_are_there(both, rules):
    done = both.run("--gitleaks-config", rules, "--list-rules")
    ids = {line.split()[0] for line in done.stdout.decode().splitlines()}
    assert ids >= {rule["id"] for rule in tomllib.loads(rules.read_text())["rules"]} and "HM101" in ids
    done = both.run("--gitleaks-config", rules, "--explain", "github-pat")
    assert done.returncode == 0 and done.stdout.startswith(b"github-pat: ")


def test_rules_of_which_set(both):
    both.write({".gitleaks.toml": PAT, "v.yaml": f"token: {TOKEN}\npassword: Kd93kfo2xdQ1\n", "n.txt": f"{OTHER}\n"})
    found = lambda *words: {
        (one["file"], one["rule"]) for one in json.loads(both.run(*words, "--format", "json").stdout)["findings"]
    }
    own = {("v.yaml", "HM101"), ("v.yaml", "HM102"), ("n.txt", "HM102")}
    assert found() == found("--rules", "helm-me") == own
    assert found("--rules", "gitleaks") == {("v.yaml", "pat"), ("n.txt", "pat")}
    # What one of helm-me's rules has found is not said twice.
    assert found("--rules", "all") == own
    both.write({".helm-me-lint.yaml": "rules: {HM102: off, pat: warning}\n"})
    assert found("--rules", "all") == {("v.yaml", "HM101"), ("v.yaml", "pat"), ("n.txt", "pat")}
    assert both.run("--rules", "some").returncode == 2
    (both.folder / ".gitleaks.toml").unlink()
    done = both.run("--rules", "gitleaks")
    assert done.returncode == 3 and b"--gitleaks-config" in done.stderr


def test_gitleaksignore(both):
    both.write({**FILES, "g.toml": PAT + PIN, ".gitleaksignore": "# known\n\ntree/values.yaml:pat:2\ntree\\docs\\readme.md:pin:4\n"})
    found = both.ours("g.toml")
    assert found == both.gitleaks("g.toml") and ("tree/values.yaml", "pat", 4) in found
    assert not found & {("tree/values.yaml", "pat", 2), ("tree/docs/readme.md", "pin", 4)}
    both.write({"tree/.gitleaksignore": "tree/test/x.yaml:pin:2\n"})
    assert both.ours("g.toml") == both.gitleaks("g.toml") == found - {("tree/test/x.yaml", "pin", 2)}
    both.write({".gitleaksignore": "nonsense\n"})
    done = both.run("--gitleaks-config", "g.toml", "tree")
    assert done.returncode == 1 and b"warning" in done.stderr and b".gitleaksignore:1" in done.stderr


def test_suppressions_of_our_own(both):
    both.write({"g.toml": PAT, "a.txt": f"# helm-me:allow pat a test's\n{TOKEN}\n", "v.yaml": f"a: 1 # helm-me:allow my-rule x\n"})
    done = both.run("--gitleaks-config", "g.toml", "--rules", "gitleaks")
    assert done.returncode == 0 and b"1 suppressed" in done.stdout
    # Of a rule that this run is without nothing is said; one that has run is judged.
    assert both.run("v.yaml").returncode == 0
    both.write({"v.yaml": "a: 1 # helm-me:allow pat x\n"})
    assert b"HM404" in both.run("--gitleaks-config", "g.toml", "v.yaml").stdout


def test_no_value_is_shown(both, rules):
    both.write({"t.txt": f"{TOKEN}\n" + base64.b64encode(OTHER.encode()).decode() + "\n"})
    for form in ["text", "json", "sarif", "gitlab", "junit", "rdjson", "github"]:
        done = both.run("--rules", "gitleaks", "--gitleaks-config", rules, "--format", form, "t.txt")
        assert done.returncode == 1 and b"github-pat" in done.stdout
        for value in [TOKEN, OTHER, base64.b64encode(OTHER.encode()).decode()]:
            assert value.encode() not in done.stdout + done.stderr and value[4:12].encode() not in done.stdout


def test_known_differences(both):
    both.write({"g.toml": PAT, "tree/last.txt": f"# gitleaks:allow\n{TOKEN}"})
    assert both.ours("g.toml") == {("tree/last.txt", "pat", 2)} and both.gitleaks("g.toml") == set()
    both.write({"tree/last.txt": f"{TOKEN}\n", "g.toml": PAT + "[[allowlists]]\ncondition = 'AND'\npaths = ['last']\nregexes = ['never']\n"})
    assert both.ours("g.toml") == {("tree/last.txt", "pat", 1)} and both.gitleaks("g.toml") == set()
    both.write({"g.toml": PAT, ".gitleaksignore": "cafe01:tree/last.txt:pat:1\n"})
    assert both.ours("g.toml") == set() and both.gitleaks("g.toml") == {("tree/last.txt", "pat", 1)}
    both.write({"g.toml": PAT, ".gitleaksignore": "", "tree/last.txt": f"%PDF-1.7\n{TOKEN}\n"})
    assert both.ours("g.toml") == {("tree/last.txt", "pat", 2)} and both.gitleaks("g.toml") == set()


@pytest.mark.parametrize(
    "content",
    [
        ("ghp_" * 500_000).encode(),
        b"\xff\xfe\xfd password: " * 100_000,
        b"%41" * 500_000,
        b"password = " * 200_000,
        b"U+0041 " * 200_000,
        (base64.b64encode(base64.b64encode(b"password: " * 10_000))) * 20,
        b"\n" * 2_000_000,
        b"a" * 5_000_000,
    ],
    ids=["keywords", "not UTF-8", "percent", "generic", "code points", "base64 twice", "lines", "one word"],
)
def test_hostile_texts_end_in_bounded_time(both, rules, content):
    both.write({"t.txt": content})
    done = both.run("--rules", "gitleaks", "--gitleaks-config", rules, "t.txt")
    assert done.returncode in (0, 1), done.stderr.decode()[:500]


def test_a_pattern_of_monstrous_size(both):
    both.write({"a.yaml": "xyz: b\n", "g.toml": "[[rules]]\nid = 'm'\nregex = '''(?:(?:\\pL{1,500}){1,50}){1,40}z'''\n"})
    done = both.run("--rules", "gitleaks", "--gitleaks-config", "g.toml", "a.yaml")
    assert done.returncode == 3 and b"g.toml:3:" in done.stderr, done.stderr.decode()
