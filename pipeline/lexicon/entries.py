"""What each look-up key stands for: which concepts, and in which form of the name.

The entries of all keys lie side by side in four columns: quick to store and to load, and small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.lexicon.fold import LATIN, cased, key, keys

AMBIGUOUS, BORDERED, FORMED = 1, 2, 4
WORD = frozenset(chr(code) for code in range(0x400) if re.match(rf"[{LATIN}0-9]", chr(code)))
_LATIN_NAME = re.compile(rf"[{LATIN}0-9 \-]+")


class Forms(NamedTuple):
    """Which concepts bear a key in a certain form: as it is listed, or with its case but another spelling."""

    exact: dict[str, tuple[int, ...]]
    cased: dict[str, tuple[int, ...]]


class Entries(NamedTuple):
    """The keys, and at the same place what each stands for.

    `concepts` bear a name of the key whatever its case; none for a guard word. `flags` say that the key is AMBIGUOUS, that what
    stands beside a match matters (BORDERED: Latin letters, digits, a single Chinese character), and that form makes a
    difference (FORMED): then `forms` has it.
    """

    keys: list[str]
    concepts: list[tuple[int, ...]]
    flags: bytes
    forms: dict[int, Forms]

    def agreeing(self, place: int, printed: str) -> tuple[int, ...]:
        """Return the concepts that are meant by what is printed, by its form."""
        if not self.flags[place] & FORMED:
            return self.concepts[place]
        form = _compact(printed)
        if " " in printed and len(form) < 4 and form.isalpha() and form.isascii():
            return ()
        forms = self.forms[place]
        return forms.exact.get(form) or forms.cased.get(cased(printed)) or self.concepts[place]


def make_entries(
    names: Iterable[tuple[str, int]], *, ambiguous: Iterable[str] = (), guards: Iterable[str] = ()
) -> Entries:
    """Make the entries of names, each with the index of its concept, and of words that stand for no concept.

    An ambiguous name that no concept bears is a guard, too.
    """
    listed, unclear = list(names), sorted(ambiguous)
    bearers: dict[str, dict[int, list[str]]] = {}
    for folded, (name, place) in zip(keys(name for name, _ in listed), listed, strict=True):
        bearers.setdefault(folded, {}).setdefault(place, []).append(name)
    doubtful = {key(name) for name in unclear}
    for folded in keys((*sorted(guards), *unclear)):
        bearers.setdefault(folded, {})
    concepts: list[tuple[int, ...]] = []
    flags = bytearray()
    forms: dict[int, Forms] = {}
    for at, (folded, group) in enumerate(bearers.items()):
        vague = folded in doubtful and bool(group)
        loose = _loose(folded, group, vague)
        formed = len(group) > 1 or len(loose) < len(group)
        if formed:
            forms[at] = _forms(group)
        concepts.append(loose)
        flags.append(AMBIGUOUS * vague | BORDERED * _bordered(folded) | FORMED * formed)
    return Entries(list(bearers), concepts, bytes(flags), forms)


def _loose(folded: str, group: Mapping[int, list[str]], ambiguous: bool) -> tuple[int, ...]:
    if ambiguous or len(folded) < 7:
        return tuple(place for place, names in group.items() if not (ambiguous or all(map(strict, names))))
    return tuple(group)


def _forms(group: Mapping[int, list[str]]) -> Forms:
    forms = Forms({}, {})
    for place, names in group.items():
        spellings = list(map(cased, names))
        for column, listed in zip(forms, (map(_compact, names), (*spellings, *map(str.upper, spellings))), strict=True):
            for name in dict.fromkeys(listed):
                column[name] = (*column.get(name, ()), place)
    return forms


def strict(name: str) -> bool:
    """Whether a name must agree in case: of three Latin letters and digits, or an abbreviation that could be a word.

    >>> [name for name in ("NO", "TNF", "E2", "TIME", "RANK", "IL-6", "p53", "Snail", "apelin", "铁") if strict(name)]
    ['NO', 'TNF', 'E2', 'TIME', 'RANK', 'IL-6', 'p53']
    """
    if not _LATIN_NAME.fullmatch(name):
        return False
    compact = _compact(name)
    return len(compact) < 4 or (len(compact) < 7 and compact.isalpha() and sum(map(str.isupper, compact)) > 1)


def _compact(name: str) -> str:
    return name.replace("-", "").replace(" ", "")


def _bordered(folded: str) -> bool:
    return len(folded) == 1 or folded[0] in WORD or folded[-1] in WORD
