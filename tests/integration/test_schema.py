"""The schema of the policy file and the reader agree, on every policy that is put to both.

`jsonschema` is asked about what Kubernetes' YAML parser would load, the program by running it on an empty stream: 0 and
5 (something that the policy names is not there) mean that it took the policy. Where the two cannot agree stands in
schema_limits.py with the reason, and nowhere else.
"""

import copy
import json
import random
import re
import subprocess

import jsonschema
import kubernetes_yaml
import pytest
from conftest import ROOT, clean_environment
from schema_cases import HEAD, RIGHT, RIGHT_TEXTS, WRONG, WRONG_TEXTS, bundle, contract, generate, value
from schema_limits import BEYOND, LAXER, RUNNING, SPELLING

SEED = 11
MUTATIONS = 600


# The two that are asked


def pattern(validator, expression, instance, schema):
    """As in ECMA-262, where `$` is the very end. Python's also stands before a final line end."""
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", expression), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {expression!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": pattern})


@pytest.fixture(scope="session")
def schema(program):
    """As the program prints it."""
    done = subprocess.run([program, "init", "--schema"], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def refused_by_schema(schema):
    """What the schema has against a policy, as text or as it was loaded; nothing: it takes it."""
    validator = Validator(schema)

    def refusals(policy):
        try:
            loaded = kubernetes_yaml.load(policy) if isinstance(policy, str) else policy
        except kubernetes_yaml.NotReadable as error:
            return [str(error)]
        return [error.message for error in validator.iter_errors(loaded)]

    return refusals


@pytest.fixture
def errors_of_reader(program, tmp_path):
    """The program's errors about a policy, a text or a file; none: it took it."""

    def errors(policy):
        path = tmp_path / "policy.yaml" if isinstance(policy, str) else policy
        if isinstance(policy, str):
            path.write_bytes(policy.encode())
        done = subprocess.run(
            ["helm-me-post", "--policy", path.name, "--release", "r", "--namespace", "n"], executable=program,
            stdin=subprocess.DEVNULL, capture_output=True, cwd=path.parent, timeout=60,
            env=clean_environment(HOME="/nonexistent", HELM_ME_DIAGNOSTICS_FORMAT="json"),
        )  # fmt: skip
        assert done.returncode in (0, 3, 5), done.stderr
        found = json.loads(done.stderr)["errors"] if done.stderr else []
        assert {error["kind"] for error in found} <= {"bad_input", "not_found"}
        assert bool(found) == (done.returncode != 0)
        return found

    return errors


@pytest.fixture
def refused_by_reader(errors_of_reader):
    """The messages against a policy, without those of the run that follows."""
    return lambda policy: [
        error["message"] for error in errors_of_reader(policy)
        if error["kind"] == "bad_input" and not is_one_of(RUNNING, error["message"])
    ]  # fmt: skip


def is_one_of(beyonds, message):
    return any(re.search(beyond.message, message) for beyond in beyonds)


def agree(said, refused):
    """Whether the reader's messages and the schema's come to the same."""
    return bool(said) == bool(refused) or (said != [] and all(is_one_of(BEYOND, message) for message in said))


@pytest.mark.parametrize(
    "text, loaded",
    [("yes", True), ("n", False), ("~", None), ("0123", 83), ("0x1F", 31), ("1_0", 10), ("1e3", 1000.0), ("-5", -5),
     ("2020-01-01", "2020-01-01"), ("12:30", "12:30"), ("'yes'", "yes"),
     ("{on: a, 0x10: b}", {"true": "a", "16": "b"})],
)  # fmt: skip
def test_yaml_is_read_as_kubernetes_does(text, loaded):
    found = kubernetes_yaml.load(text)
    assert (found, type(found)) == (loaded, type(loaded))


# The tables


def short(given):
    """A test's name: what stands in the policy, or what is said of it."""
    text = given if isinstance(given, str) else given.reason
    return text.removeprefix(HEAD).strip()[:80] or "empty"


@pytest.mark.parametrize("policy", [HEAD + body for body in RIGHT] + RIGHT_TEXTS, ids=short)
def test_both_take(policy, refused_by_schema, refused_by_reader):
    assert refused_by_reader(policy) == []
    assert refused_by_schema(policy) == []


@pytest.mark.parametrize(
    "policy, message", [(HEAD + body, message) for body, message in WRONG] + WRONG_TEXTS, ids=short
)
def test_both_refuse(policy, message, refused_by_schema, refused_by_reader):
    assert message in " / ".join(refused_by_reader(policy))
    assert refused_by_schema(policy) != []


@pytest.mark.parametrize(
    "beyond, body", [(beyond, body) for beyond in BEYOND + RUNNING + SPELLING for body in beyond.bodies], ids=short
)
def test_beyond_the_schema(beyond, body, refused_by_schema, errors_of_reader):
    said = [error["message"] for error in errors_of_reader(HEAD + body) if error["kind"] == "bad_input"]
    assert said and all(re.search(beyond.message, message) for message in said), said
    assert refused_by_schema(HEAD + body) == []


@pytest.mark.parametrize("reason, body", [(reason, body) for reason, bodies in LAXER for body in bodies], ids=short)
def test_the_reader_is_laxer(reason, body, refused_by_schema, refused_by_reader):
    assert refused_by_reader(HEAD + body) == []
    loaded = kubernetes_yaml.load(HEAD + body)
    assert refused_by_schema(loaded) != []
    assert refused_by_schema(without_lax_forms(loaded)) == []


def without_lax_forms(policy):
    """What LAXER names, taken out."""
    policy = copy.deepcopy(policy)

    def each(value):
        return list(value.items()) if isinstance(value, dict) else []

    def drop(mapping, is_lax):
        for key, value in each(mapping):
            if is_lax(key, value):
                del mapping[key]

    def is_later_key(key, value):
        later = ("promote", "certificate")
        return key in later and value in (None, "", [], {})

    drop(policy, is_later_key)
    drop(policy.get("defaults"), is_later_key)
    for _, one in each(policy.get("bundles")):
        drop(one, is_later_key)
        if isinstance(one, dict):
            existing = one.get("existingSecret")
            drop(existing.get("keys") if isinstance(existing, dict) else None,
                 lambda key, value: value in (None, "", [], {}))  # fmt: skip
            drop(one.get("replaces"), lambda key, value: key == "")
            drop(one.get("secrets"), lambda key, value: value in ({"env": True}, {"env": False}))
    return policy


# Policies of the tests, and what becomes of them

FILES = sorted(
    path for path in (ROOT / "testdata").rglob("*.yaml")
    if not {"fuzz", "templates"} & set(path.parts) and path.name != "input.yaml"
    and "kind: SecretPolicy" in path.read_text()
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "testdata")))
def test_policies_of_the_tests(path, refused_by_schema, refused_by_reader):
    said, refused = refused_by_reader(path), refused_by_schema(path.read_text())
    assert agree(said, refused), (said, refused)


def test_every_policy_of_the_tests_is_looked_at():
    assert set((ROOT / "testdata").rglob("policy.yaml")) - set(FILES) == {
        ROOT / "testdata/charts/own-policy/templates/policy.yaml"  # a template of Helm's
    }


VALUES = [
    None, "", [], {}, 0, 1, 7, 128, 1048576, 1048577, -1, 1.5, 10**15, True, False,
    "text", "a-1.b", "A_B", "a b", "128", "true", "${release}-a", "${other}", "ref+vault://a#/b", "ref+local://a#/b",
    "A/b:c", "warn", "strict", "error", "hex", "native", "secret", "apply",
    ["a"], ["native"], ["A/b:c"], [1], [[]], [{}], [None], {"a": "b"}, {"a": {}}, {"a": None}, {"a": {"b": "c"}},
    {"env": "A"}, {"file": "a"}, {"env": "A", "file": "a"}, {"name": "a"}, {"keys": {}}, {"hex": 4}, {"uuid": True},
    {"alphabet": "abc", "length": 3}, {"length": 3},
]  # fmt: skip
NAMES = ["a", "A_B", "a b", "", "K", "${release}", "promote", "bridge", "target ", "Target"]


def places(node):
    """Every (container, key or index) below the node."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
    for key, below in list(entries):
        yield node, key
        yield from places(below)


def mutate(policy, names, choice):
    container, key = choice(list(places(policy)))
    change = choice(["drop", "retype", "retype", "rename", "graft", "add"])
    if change == "drop":
        del container[key]
    elif change == "rename" and isinstance(container, dict):
        container[choice(names)] = container.pop(key)
    elif change == "graft":
        other, there = choice(list(places(policy)))
        container[key] = copy.deepcopy(other[there])
    elif change == "add" and isinstance(container, dict):
        container[choice(names)] = choice(VALUES)
    else:
        container[key] = choice(VALUES)


def test_mutated_policies(schema, refused_by_schema, refused_by_reader):
    """Written as JSON, which keeps what YAML's typing of plain text would change."""
    choice = random.Random(SEED).choice
    full = kubernetes_yaml.load((ROOT / "testdata/fuzz/policy_fuzz/every-field.yaml").read_text())
    names = sorted({key for properties, _ in declared(schema) for key in properties}) + NAMES
    counts = {"taken": 0, "refused": 0}
    for _ in range(MUTATIONS):
        policy = copy.deepcopy(full)
        for _ in range(choice([1, 1, 1, 2, 3])):
            mutate(policy, names, choice)
        text = json.dumps(policy, ensure_ascii=False)
        said = refused_by_reader(text)
        refused = refused_by_schema(policy if said else without_lax_forms(policy))
        assert agree(said, refused), f"{text}\nreader: {said}\nschema: {refused}"
        counts["refused" if said else "taken"] += 1
    assert min(counts.values()) > MUTATIONS / 6, counts


# The schema itself


def declared(node):
    """The `properties` of every mapping that knows all its keys, with the mapping's schema."""
    if isinstance(node, dict):
        if node.get("additionalProperties") is False:
            yield node["properties"], node
        for below in node.values():
            yield from declared(below)
    elif isinstance(node, list):
        for below in node:
            yield from declared(below)


def test_is_the_file_and_a_schema(program, schema):
    file = (ROOT / "schema/helm-me.schema.json").read_bytes()
    assert subprocess.run([program, "init", "--schema"], capture_output=True, check=True).stdout == file
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_is_described_with_an_example(schema):
    for properties, _ in declared(schema):
        for key, below in properties.items():
            definition = schema["$defs"].get(below.get("$ref", "").removeprefix("#/$defs/"), {})
            description = below.get("description") or definition.get("description", "")
            assert re.search("example|Example: ", description) or "const" in below, key


def alternatives(schema, node):
    node = {**schema["$defs"].get(node.get("$ref", "").removeprefix("#/$defs/"), {}), **node}
    yield node
    for one in node.get("anyOf", []):
        yield from alternatives(schema, one)


def at(schema, path):
    """All that the schema says of a place in a policy; `*` is any name or item."""
    found = [schema]
    for key in path.split():
        steps = [
            one.get("properties", {}).get(key) or one.get("additionalProperties") or one.get("items") for one in found
        ]
        found = [one for step in steps if step for one in alternatives(schema, step)]
    return found


FAR = "zzzzzzzzzzzz"  # near no word, so that the reader lists those that it knows
KEYS = [
    ("", f"{FAR}: 1"),
    ("metadata", f"metadata: {{{FAR}: 1}}"),
    ("allow", f"allow: {{{FAR}: 1}}"),
    ("defaults", f"defaults: {{{FAR}: 1}}"),
    ("bundles *", bundle(f"{FAR}: 1")),
    ("bundles * existingSecret", bundle(f"existingSecret: {{name: a, {FAR}: 1}}")),
    ("bundles * secrets *", value(f"{{{FAR}: 1}}")),
    ("bundles * required *", contract(f"{FAR}: 1")),
    ("bundles * required * generate", generate(f"{FAR}: 1")),
]
WORDS = [
    ("arguments", "arguments: {}"),
    ("defaults arguments", "defaults: {{arguments: {}}}"),
    ("defaults delivery", "defaults: {{delivery: {}}}"),
    ("defaults precedence", "defaults: {{precedence: {}}}"),
    ("dialects *", "dialects: [{}]"),
    ("bundles * delivery", "bundles: {{b: {{delivery: {}}}}}"),
    ("bundles * precedence", "bundles: {{b: {{precedence: {}}}}}"),
    ("bundles * required * charset", "bundles: {{b: {{required: {{K: {{charset: {}}}}}}}}}"),
]


def listed(text):
    return set(re.split(", | and ", text))


@pytest.mark.parametrize("path, body", KEYS, ids=lambda text: text.split(FAR)[0] or "root")
def test_the_schema_has_every_key_of_the_reader(path, body, schema, errors_of_reader):
    (error,) = errors_of_reader(HEAD + body)
    assert error["help"].startswith("known are ")
    keys = {key for one in at(schema, path) for key in one.get("properties", {})}
    assert keys == listed(error["help"].removeprefix("known are "))


@pytest.mark.parametrize("path, body", WORDS, ids=lambda text: text.split("{")[0] or "root")
def test_the_schema_has_every_word_of_the_reader(path, body, schema, errors_of_reader, refused_by_reader):
    (error,) = errors_of_reader(HEAD + body.format(FAR))
    words = listed(error["message"].split(" must be one of ")[1])
    taken = {word for word in words if not refused_by_reader(HEAD + body.format(word))}
    assert {word for one in at(schema, path) for word in one.get("enum", [])} == taken
    assert taken and words - taken <= {"externalSecret", "sealedSecret", "apply"}  # not in this version
