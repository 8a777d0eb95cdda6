"""Texts for gitleaks' rules: strings that a rule's pattern matches, made from the pattern itself."""

import random
import re
from re import _constants as constants
from re import _parser as parser

# What Go writes otherwise than Python.
CLASSES = {"alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "word": r"\w"}


def pythonic(pattern):
    for name, characters in CLASSES.items():
        pattern = pattern.replace(f"[:{name}:]", characters)
    pattern = re.sub(r"\(\?-?[imsU]+(?:-[imsU]+)?\)", "", pattern)  # flags for the rest: case is kept as it is written
    pattern = re.sub(r"\(\?[imsU]*-?[imsU]+:", "(?:", pattern)
    return pattern.replace(r"\z", r"\Z").replace("(?P<>", "(")


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, pattern):
        return "".join(self.of(part) for part in parser.parse(pythonic(pattern)))

    def all(self, parts):
        return "".join(self.of(part) for part in parts)

    def of(self, part):
        kind, value = part
        if kind is constants.LITERAL:
            return chr(value)
        if kind is constants.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        if kind is constants.ANY:
            return self.random.choice("abcdefghij0123456789")
        if kind is constants.IN:
            return self.one_of(value)
        if kind is constants.BRANCH:
            return self.all(self.random.choice(value[1]))
        if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            least, most, inner = value
            most = min(most, max(least, 1) + self.random.choice([0, 1, 4, 30]))
            return "".join(self.all(inner) for _ in range(self.random.randint(least, max(least, most))))
        if kind is constants.SUBPATTERN:
            return self.all(value[-1])
        if kind in (constants.AT, constants.ASSERT, constants.ASSERT_NOT):
            return ""
        if kind is constants.CATEGORY:
            return self.category(value)
        raise ValueError(f"no text for {kind}")

    def category(self, value):
        return self.random.choice(
            {
                constants.CATEGORY_DIGIT: "0123456789",
                constants.CATEGORY_WORD: "abcXYZ0189_",
                constants.CATEGORY_SPACE: " \t",
                constants.CATEGORY_NOT_SPACE: "aB3",
                constants.CATEGORY_NOT_WORD: " -",
                constants.CATEGORY_NOT_DIGIT: "ab",
            }[value]
        )

    def one_of(self, items):
        negated = items[0][0] is constants.NEGATE
        allowed = set()
        for kind, value in items[1:] if negated else items:
            if kind is constants.LITERAL:
                allowed.add(chr(value))
            elif kind is constants.RANGE:
                allowed.update(map(chr, range(value[0], min(value[1], 0x7E) + 1)))
            else:
                allowed.add(self.category(value))
        if negated:
            allowed = {c for c in map(chr, range(0x21, 0x7F)) if c not in allowed}
        return self.random.choice(sorted(allowed))
