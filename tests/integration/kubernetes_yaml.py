"""YAML as Kubernetes reads it: sigs.k8s.io/yaml, whose goyaml.v2 types plain scalars by resolve.go, much of YAML 1.1.
What is loaded is what JSON would hold: keys are text.
"""

import math
import re

import yaml

WORDS = {
    **dict.fromkeys("y Y yes Yes YES true True TRUE on On ON".split(), True),
    **dict.fromkeys("n N no No NO false False FALSE off Off OFF".split(), False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(".nan .NaN .NAN".split(), float("nan")),
    **dict.fromkeys(".inf .Inf .INF +.inf +.Inf +.INF".split(), float("inf")),
    **dict.fromkeys("-.inf -.Inf -.INF".split(), float("-inf")),
}
# Go's strconv.ParseInt with base 0, once the underscores are gone.
INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
BASES = (16, 2, 8, 10)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


PLAIN = "plain"


class NotReadable(Exception):
    """Kubernetes' parser refuses it as well."""


class Loader(yaml.SafeLoader):
    """Tags scalars that are plain and have no tag of their own."""

    yaml_implicit_resolvers = {}


Loader.add_implicit_resolver(PLAIN, re.compile(r".*", re.DOTALL), None)


def load(text):
    """The first document of the text."""
    try:
        root = next(iter(yaml.compose_all(text, Loader=Loader)), None)
        return None if root is None else convert(root)
    except (yaml.YAMLError, RecursionError) as error:
        raise NotReadable(str(error)) from None


def convert(node):
    if isinstance(node, yaml.SequenceNode):
        return [convert(item) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    mapping = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag == PLAIN and key.value == "<<":
            mapping = {**convert(value), **mapping}
        else:
            mapping[key_text(key)] = convert(value)
    return mapping


def scalar(node):
    return resolve(node.value) if node.tag == PLAIN else node.value


def resolve(text):
    """What a plain scalar means. Times stay text, and so do numbers to base 60."""
    if text in WORDS:
        return WORDS[text]
    if text[0] == ".":
        return finite(text)
    if text[0] not in "+-0123456789":
        return text
    plain = text.replace("_", "")
    if found := INTEGER.fullmatch(plain):
        digits, base = next((digits, base) for digits, base in zip(found.groups()[1:], BASES) if digits)
        number = int(found[1] + digits, base)
        return number if -(2**63) <= number < 2**64 else float(number)
    number = finite(plain)
    return text if isinstance(number, str) else number


def finite(text):
    number = float(text) if FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text


def key_text(node):
    if not isinstance(node, yaml.ScalarNode):
        raise NotReadable("a key that is no text")
    key = scalar(node)
    if key is None:
        raise NotReadable("a key that is null")
    if isinstance(key, bool):
        return "true" if key else "false"
    return key if isinstance(key, str) else format(key, "g") if isinstance(key, float) else str(key)
