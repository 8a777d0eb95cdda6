"""Where the schema of the policy file and its reader cannot or need not agree, each with its reason: the whole list.
A gap that is not written down here fails test_schema.py.
"""

import typing

from schema_cases import LONG, bundle, contract, generate, value


class Beyond(typing.NamedTuple):
    """What the program alone can see: the schema takes these."""

    reason: str
    message: str  # a regular expression, of what the reader says
    bodies: list


# A schema looks at one place at a time, and at nothing but the policy. The reader looks further.
BEYOND = [
    Beyond(
        "arithmetic between keys", "no value can meet .* contradict each other",
        [contract("minLength: 3, maxLength: 2"), contract("length: 3, minLength: 4"),
         contract("length: 5, maxLength: 4")],
    ),
    Beyond(
        "a default against the contract beside it", "the default of .* breaks it",
        [contract("length: 3, default: abcd"), contract("charset: hex, default: xyz"),
         contract("pattern: a+, default: b")],
    ),
    Beyond(
        "what generate makes against the contract beside it", "generate of .* makes",
        [contract("length: 128, generate: {hex: 63}"), contract("maxLength: 35, generate: {uuid: true}"),
         contract("charset: digits, generate: {hex: 4}")],
    ),
    Beyond(
        "RE2's syntax, which is not that of ECMA-262", "is no regular expression",
        [contract("pattern: '['"), contract("pattern: '(?=a)b'"), contract("pattern: 'a{1001}'")],
    ),
    Beyond(
        "a key that has to be one of required", "is not in required of",
        [bundle("required: {AB: {}}, existingSecret: {name: a, keys: {AC: b}}"),
         bundle("required: {AB: {}}, replaces: {s: {k: AC}}")],
    ),
    Beyond(
        "the patterns of allow against what is asked for", "is outside of allow",
        ["allow: {}\n" + value("{env: A}"), "allow: {env: [B*]}\n" + value("{env: A}"),
         "allow: {file: [env/*]}\n" + value("{file: a}"), "allow: {env: [A]}\n" + bundle("secretsFiles: [a]"),
         "allow: {local: [a]}\n" + value("ref+local://b#/c")],
    ),
    Beyond(
        "two names that are one once the variables are filled in", "stands twice in replaces",
        [bundle("replaces: {'${release}': {a: A}, r: {b: B}}")],
    ),
    Beyond(
        "the length and the form of a name with its variables filled in", 'is no name of a Secret: "r[.a]+"',
        [bundle("target: '${release}" + LONG + "'"), bundle("target: '${release}." + LONG + "'")],
    ),
]  # fmt: skip

# What comes of the policy once it is read: these messages mean that the reader took it.
RUNNING = [
    Beyond(
        "target may stand in defaults or in another file, and --deliver may make up for it", "and has no target",
        [value("{env: A}"), bundle("secretsFiles: [a]")],
    ),
    Beyond(
        "which source wins, over all files and defaults", "more than one source, which precedence: strict forbids",
        [bundle("precedence: strict, existingSecret: a, secretsFiles: [a]")],
    ),
    Beyond(
        "values", "the value of .* breaks its contract",
        [bundle("target: t, required: {K: {length: 3}}, secrets: {K: abcd}")],
    ),
    Beyond(
        "what External Secrets can read in the cluster", "is nothing that External Secrets could read",
        [bundle("delivery: externalSecret, target: t, secretStoreRef: {name: s}, secrets: {K: a}"),
         bundle("delivery: externalSecret, target: t, secretStoreRef: {name: s}, secretsFiles: [a.yaml]")],
    ),
    Beyond(
        "the grammar of a reference, which is looked at with its value",
        "something stands behind a reference|there is no option|a \"%\" without two hexadecimal digits",
        [bundle(f"target: t, secrets: {{K: 'ref+local://{rest}'}}") for rest in ("a?b#/c", "a?b=c#/d", "a b#/c", "a%x")],
    ),
    Beyond(
        "the file system", "is outside the policy's folder|a file's path is empty or holds a NUL|is no regular file",
        [bundle("target: t, secretsFiles: [/etc/hostname]"), bundle("target: t, secretsFiles: [../a]"),
         bundle("target: t, secretsFiles: [a/../../b]"), bundle('target: t, secretsFiles: ["a\\0b"]'),
         bundle("target: t, secretsFiles: [.]"), bundle("target: t, secrets: {K: {file: /a}}")],
    ),
]  # fmt: skip

# What the policy is written as: a schema sees it when YAML has been read. A program that writes JSON brings none of it.
SPELLING = [
    Beyond(
        "a number or boolean that YAML reads as another text than is written", "is no text to YAML",
        [value("yes"), value("0123"), value("0x1F"), value("1e3"), value("1_000"), value("+5"), value("-0"),
         value("TRUE"), value("2020-01-01"), contract("default: on"), contract("pattern: 010"),
         generate("hex: 4, prefix: 1.0"), bundle("secretsFiles: [0x10]"), value("{file: 1e1}"), "allow: {env: [1_0]}",
         bundle("existingSecret: 2020-01-01"), "secretNameFields: ['', 2020-01-01 a/b:c]"],
    ),
    Beyond(
        "a number that is whole, but not written so", "must be a whole number",
        [contract("length: 0x80"), contract("length: 0200"), contract("length: 1e2"), contract("length: 128.0"),
         contract("length: +8"), contract("length: 1_0"), contract("length: -0"), generate("hex: 0b11")],
    ),
    Beyond(
        "a boolean that is not written true or false", "must be true or false",
        [generate("hex: 4, uuid: no"), value("{file: a, raw: yes}"), value("{file: a, raw: True}"),
         value("{file: a, raw: on}")],
    ),
    Beyond(
        "a key without quotes that is a number to YAML", "is a number or a boolean to YAML",
        [bundle("replaces: {8080: {a: A}}"), bundle("replaces: {true: {a: A}}")],
    ),
    Beyond(
        "a name that YAML changes into one that is right", "may hold letters",
        [bundle("existingSecret: {name: a, keys: {A: +5}}"), bundle("replaces: {a: {k: +5}}")],
    ),
    Beyond("keys that stand twice", "stands twice in its mapping", ["arguments: warn\narguments: error"]),
    Beyond("tags", "tags are not read here", [bundle("target: !name a"), "arguments: !!binary warn"]),
    Beyond("merge keys", 'unknown key "<<"', ["bundles: {a: &a {target: t}, b: {<<: *a}}"]),
    Beyond("further documents", "a second document stands in the file", ["arguments: warn\n---\narguments: warn"]),
    Beyond("what YAML's readers take in two ways", "readers of YAML do not agree", ['metadata: {name: "\\N"}']),
    Beyond("size and depth", "larger than 1 MiB", ["# " + "a" * 1024 * 1024]),
    Beyond("size and depth", "nested too deeply", ["metadata: {name: " + "[" * 70 + "]" * 70 + "}"]),
]  # fmt: skip

# The other way round: what the reader lets pass, and an editor had better not.
LAXER = [
    (
        "keys of a later version: the reader takes them while they are empty, the schema does not offer them",
        ["promote: ", "defaults: {certificate: ''}", bundle("promote: null")],
    ),
    (
        "a key without a value in existingSecret's keys is skipped before its name is looked at",
        [bundle("existingSecret: {name: a, keys: {'A B': }}"), bundle("existingSecret: {name: a, keys: {'': []}}")],
    ),
    (
        "an empty Secret's name in replaces is skipped, and what stands under it",
        [bundle("replaces: {'': {a: A}}"), bundle("replaces: {'': text}")],
    ),
    ("true and false are names of variables", [value("{env: true}"), value("{env: false}")]),
]  # fmt: skip
