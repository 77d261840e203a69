"""What a lexicon knows under a name: its concepts, their rows, and who else bears their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import pairwise
from pathlib import Path

import msgspec

from pipeline.lexicon.fold import key, keys
from pipeline.lexicon.lexicon import Lexicon
from pipeline.lexicon.sources import rows_behind
from pipeline.normalise import normalise

_SUGGESTIONS = 5
# The least share of character pairs that a suggestion has in common with what was asked.
_ALIKE = 0.35


class Bearer(msgspec.Struct, frozen=True):
    """A concept that bears the name; `as_listed` are its spellings of the name, `rows` file:line.

    `meant` is false where the form asked for means another bearer (`no` is not `NO`); `shared` tells who else bears its other
    names.
    """

    curie: str | None
    type: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    source: str
    rows: list[str]
    as_listed: list[str]
    meant: bool
    shared: dict[str, list[str]]


class Answer(msgspec.Struct, frozen=True):
    """What is known under a term; `ambiguous` says that it is never grounded from its form alone."""

    term: str
    key: str
    ambiguous: bool
    bearers: list[Bearer]
    suggestions: list[str]


def look_up(lexicon: Lexicon, term: str, folders: Sequence[Path]) -> Answer:
    """Look a name or an identifier up; `folders` hold the tables that the lexicon was read from."""
    printed = normalise(term).text.strip() or term.strip()
    wanted = key(printed)
    names = list(lexicon.names())
    folded = keys(name for name, _ in names)
    listed: dict[int, list[str]] = {}
    for (name, place), each in zip(names, folded, strict=True):
        if each == wanted:
            listed.setdefault(place, []).append(name)
    meant = lexicon.lookup(printed)
    for place, concept in enumerate(lexicon.concepts):
        if concept.curie == term.strip().lower():
            listed.setdefault(place, [])
            meant = (*meant, place)
    places = sorted(listed, key=lambda place: (place not in meant, place))
    own = {key(name) for place in places for name in lexicon.concepts[place].names}
    sharing: dict[str, set[int]] = {}
    for (_, place), each in zip(names, folded, strict=True):
        if each in own:
            sharing.setdefault(each, set()).add(place)
    rows = rows_behind([lexicon.concepts[place] for place in places], folders)
    bearers = [
        Bearer(*concept, rows[at], listed[place], place in meant, _shared(lexicon, place, wanted, sharing))
        for at, place in enumerate(places)
        for concept in [lexicon.concepts[place]]
    ]
    ambiguous = wanted in set(keys(sorted(lexicon.ambiguous)))
    return Answer(term, wanted, ambiguous, bearers, [] if bearers else suggest(wanted, names, folded))


def _shared(lexicon: Lexicon, place: int, wanted: str, sharing: dict[str, set[int]]) -> dict[str, list[str]]:
    """Return the names of a concept, but for the one asked for, that others bear, too, and who they are."""
    shared = {}
    for name in lexicon.concepts[place].names:
        others = sorted(sharing[key(name)] - {place})
        if others and key(name) != wanted:
            shared[name] = [_label(lexicon, other) for other in others]
    return shared


def _label(lexicon: Lexicon, place: int) -> str:
    concept = lexicon.concepts[place]
    return f"{concept.names[0]} ({concept.curie or concept.type})"


def suggest(wanted: str, names: Iterable[tuple[str, int]], folded: Iterable[str]) -> list[str]:
    """Return the names, one a concept, whose keys share most pairs of characters with `wanted`."""
    asked = _pairs(wanted)
    best: dict[int, tuple[float, str]] = {}
    for (name, place), each in zip(names, folded, strict=True):
        common = (asked & _pairs(each)).total() if asked.keys() & set(each) else 0
        alike = 2 * common / (2 * (len(wanted) + len(each)))
        if alike >= _ALIKE and alike > best.get(place, (0.0, ""))[0]:
            best[place] = alike, name
    ranked = nlargest(_SUGGESTIONS, best.items(), key=lambda item: (item[1][0], -item[0]))
    return list(dict.fromkeys(name for _, (_, name) in ranked))


def _pairs(text: str) -> Counter[str]:
    """Count the characters of a text and their pairs: single ones matter, as names of two characters are many."""
    return Counter(text) + Counter(map("".join, pairwise(text)))
