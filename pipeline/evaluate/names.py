"""When two ends name the same thing.

All comparison is done on a key text: NFKC, lower case, hyphen variants folded, no white space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from pipeline.tables import read_table, resource

# The look-alikes that extracted papers print for one character; the benchmark's own list.
_FOLD = dict.fromkeys("\u2043\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\u00ad", "-") | {
    "\U001001b0": ".",
    "\u2032": "'",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\uff61": "。",
}
_GLUED = re.compile(r"[a-z0-9]{2}")
_LOOSE = re.compile(r"[-/的()]")

Variants = frozenset[tuple[str, int]]
"""The names of one end as key texts, each with the sign that its change words put on the triple."""


@lru_cache(maxsize=65536)
def _fold(char: str) -> str:
    folded = "".join(_FOLD.get(c, c) for c in unicodedata.normalize("NFKC", _FOLD.get(char, char)))
    return "".join(low for c in folded if not c.isspace() for low in c.lower())


def key(text: str) -> str:
    """Return the key text.

    >>> key("ＴＮＦ⁃ α")
    'tnf-α'
    """
    return "".join(map(_fold, text))


def key_offsets(text: str) -> tuple[str, list[int]]:
    """Return the key text and, for each of its characters, the offset in `text` that it came from."""
    folded = [_fold(char) for char in text]
    return "".join(folded), [at for at, chars in enumerate(folded) for _ in chars]


def variants(names: Iterable[str], sign: int = 1) -> Variants:
    """Return every name as it is and without a change word at its end, which turns the sign (骨量减少: 骨量, -1)."""
    found: set[tuple[str, int]] = set()
    for name in filter(None, map(key, names)):
        base, change = _fold_change(name)
        found |= {(name, sign), (base, sign * change)}
    return frozenset(found)


@lru_cache(maxsize=65536)
def signs(a: Variants, b: Variants, relaxed: bool) -> frozenset[int]:
    """Return the sign products under which the two ends name the same thing; empty where they do not."""
    return frozenset(sa * sb for name_a, sa in a for name_b, sb in b if same(name_a, name_b, relaxed))


@lru_cache(maxsize=262144)
def same(a: str, b: str, relaxed: bool) -> bool:
    """Tell whether two key texts are equal, or (relaxed) whether one stands in the other as a name of its own."""
    if a == b or _LOOSE.sub("", a) == _LOOSE.sub("", b):
        return True
    short, long = sorted((a, b), key=len)
    return relaxed and len(short) >= 2 and _contains(long, short)


def _contains(long: str, short: str) -> bool:
    """Tell whether `short` is a name within `long`.

    It is none where it is a piece of a Latin word or number (IL-1 in IL-10), nor where what is left names another thing
    (TNF in TNF receptor).
    """
    others = _words()["other_thing"]
    at = long.find(short)
    while at >= 0:
        before, after = long[:at], long[at + len(short) :]
        glued = _GLUED.fullmatch(before[-1:] + short[0]) or _GLUED.fullmatch(short[-1] + after[:1])
        if not glued and not any(word in before or word in after for word in others):
            return True
        at = long.find(short, at + 1)
    return False


def _fold_change(name: str) -> tuple[str, int]:
    words = _words()
    # A loss or a gain that is a thing of its own, such as bone loss, keeps its change word.
    if name.endswith(words["whole"]):
        return name, 1
    for role, sign in (("down", -1), ("up", 1)):
        for word in words[role]:
            if name.endswith(word) and len(name) - len(word) >= 2:
                return name.removesuffix(word).removesuffix("的"), sign
    return name, 1


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = read_table(resource("scoring.tsv"), ("role", "text"), key=("role", "text"))
    roles = ("down", "other_thing", "up", "whole")
    return {role: tuple(row["text"] for row in rows if row["role"] == role) for role in roles}
