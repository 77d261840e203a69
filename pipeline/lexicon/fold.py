"""Look-up keys: one key for every way to write a name.

Case, hyphens, spaces, apostrophes, Greek letters or their spellings, and Roman or Arabic numerals make no difference:
`NF-κB`, `NFkappaB`, `NF-kB`; `IL-1β`, `IL 1beta`; `II型胶原`, `2型胶原`. What a change may look at lies inside one run of
Latin letters, so that a name has the same key wherever it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.tables import read_table, resource

LATIN = "A-Za-z\u00aa-\u024f\u0370-\u03ff"
_SEPARATORS = r" \-'\u2010\u2011\u2013\u2019\u2032\u2212"
# A word with the separators after it, or separators alone; NF-κB in whatever spelling is one word.
_RUN = re.compile(rf"(?:[Nn][Ff][ -]?[Kk](?=[Bb](?![a-z])))?[{LATIN}0-9]+[{_SEPARATORS}]*|[{_SEPARATORS}]+")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}


class Edit(NamedTuple):
    """A change of length: from key offset `start` on (for ends of spans: `end`), the key is `shift` characters shorter."""

    start: int
    end: int
    shift: int


class Folded(NamedTuple):
    """A key and where its characters stand in the text; offsets are code points.

    A span of the key begins in the text `shifts[n]` later, n being how many of `starts` are not beyond it; and likewise ends.
    """

    key: str
    starts: list[int]
    ends: list[int]
    shifts: list[int]

    def source_start(self, offset: int) -> int:
        """Return where in the text the key's character `offset` begins."""
        return offset + self.shifts[bisect_right(self.starts, offset)]

    def source_end(self, offset: int) -> int:
        """Return where in the text the stretch ends that ends before the key's character `offset`."""
        return offset + self.shifts[bisect_right(self.ends, offset)]


@cache
def greek_letters() -> dict[str, tuple[str, bool]]:
    """Return the spellings: name -> letter, and whether it may touch other Latin letters (TNFalpha)."""
    rows = read_table(resource("greek.tsv"), ("letter", "spelling", "use"), key=("letter",))
    return {row["spelling"]: (row["letter"], row["use"] == "joined") for row in rows}


@cache
def _edit() -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """Compile the pattern of all that changes length, and what a match becomes: one character or none."""
    spellings = greek_letters()
    forms = {form: spelling for spelling in spellings for form in (spelling, spelling.title(), spelling.upper())}
    joined = [form for form, spelling in forms.items() if spellings[spelling][1]]
    lower = "|".join(form for form in joined if form.islower())
    every = "|".join(joined)
    short = "|".join(form for form, spelling in forms.items() if not spellings[spelling][1])
    numerals = "|".join(sorted(_ROMAN, key=len, reverse=True))
    long_numerals = "|".join(sorted(set(_ROMAN) - {"I", "V"}, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<greek>(?<![A-Za-z])(?:{every})|(?<=[A-Z])(?:{lower})|(?:{every})(?![A-Za-z])|(?:{lower})(?=[A-Z])"
        rf"|(?:(?<![A-Za-z])|(?<=[A-Z])(?=[a-z]))(?:{short})(?![A-Za-z]))"
        rf"|(?P<roman>(?<![{LATIN}0-9])(?:{numerals})(?![{LATIN}0-9])|(?<=[a-z])(?:{long_numerals})(?![{LATIN}0-9]))"
        rf"|(?P<kappa>(?<![a-z0-9])k(?=B(?![A-Za-z]))|(?:(?<=[Nn][Ff])|(?<=[Nn][Ff][ -]))[kK](?=[bB](?![A-Za-z])))"
        rf"|[{_SEPARATORS}]+"
    )

    def becomes(match: re.Match[str]) -> str:
        if match.lastgroup == "greek":
            return spellings[match[0].lower()][0]
        if match.lastgroup == "roman":
            return _ROMAN[match[0]]
        return "κ" if match.lastgroup == "kappa" else ""

    return pattern, becomes


_SAME = str.maketrans("ςµßϕϵϑϰϱ", "σμβφεθκρ")


@lru_cache(maxsize=1 << 16)
def _fold_run(run: str) -> tuple[str, tuple[Edit, ...]]:
    pattern, becomes = _edit()
    parts: list[str] = []
    edits: list[Edit] = []
    at = size = 0
    for match in pattern.finditer(run):
        start, end = match.span()
        new = becomes(match)
        size += start - at
        if end - start != len(new):
            edits.append(Edit(size + len(new), size + 1, end - start - len(new)))
        size += len(new)
        parts += run[at:start], new
        at = end
    parts.append(run[at:])
    key = "".join(parts).translate(_SAME)
    lowered = key.lower()
    return (lowered if len(lowered) == len(key) else "".join(map(_lower, key))).translate(_SAME), tuple(edits)


def _lower(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> Folded:
    """Return the look-up key of a text, with the way back to its offsets.

    >>> fold("NF-kappaB").key == fold("NF-κB").key == fold("nf κb").key == fold("NFkB").key
    True
    >>> folded = fold("抑制 TNF-alpha")
    >>> folded.key, folded.source_start(2), folded.source_end(6)
    ('抑制tnfα', 3, 12)
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    shifts = [0]
    at = removed = 0
    for match in _RUN.finditer(text):
        run = match[0]
        folded, edits = _fold_run(run)
        if folded == run:
            continue
        start, end = match.span()
        if edits:
            base = start - removed
            for first, last, shift in edits:
                starts.append(base + first)
                ends.append(base + last)
                removed += shift
                shifts.append(removed)
        parts += text[at:start], folded
        at = end
    parts.append(text[at:])
    return Folded("".join(parts), starts, ends, shifts)


def key(name: str) -> str:
    """Return the look-up key of a name."""
    return _RUN.sub(lambda match: _fold_run(match[0])[0], name)


def keys(names: Iterable[str]) -> list[str]:
    """Return the look-up keys of many names, in one pass."""
    joined = "\n".join(names)
    return key(joined).split("\n") if joined else []


def cased(name: str) -> str:
    """Return the look-up key of a name with its case kept: `NF-kB` and `NFκB` are the same, `no` and `NO` are not."""
    pattern, becomes = _edit()
    return pattern.sub(becomes, name)
