"""Names of several meanings: which one a document and a sentence speak of.

A name of `ambiguous.tsv`, or of two capital letters, that the document does not define is weighed: each sense by its other
names in the document, by the words that go along with it (`senses.tsv`), and by the type that the neighbours ask for
(`hints.tsv`). The best sense is taken where it leads clearly; else all stay candidates. Form alone never decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.recognise.forms import is_latin
from pipeline.recognise.found import Found
from pipeline.tables import Row, read_table, resource

# Kinds of senses that are no concept: a mark, a maker, a method; a measure of statistics.
NONE, STATISTIC = "none", "statistic"
CONCEPT = "concept"
# What evidence is worth. One full name in the document, or a hint with one word that goes along, is enough to decide.
_FULL, _FULL_AGAIN, _FULL_HERE = 3.0, 0.25, 1.0
_NEAR, _NEAR_HERE, _MOST_NEAR = 0.75, 1.0, 3
_HINT, _WEAK_HINT, _SIBLING, _LISTED = 2.0, 1.0, 1.0, 0.5
_ENOUGH, _LEAD = 2.0, 1.0
# An English name shorter than this may be a part of another word.
_LONG = 8
_LEAST_SHARE = 0.03
_NUMBER = re.compile(r"\d[\d.,]*")
_SEPARATORS = frozenset("、/和与及或")
_TIES = frozenset("-_")
_REACH = 4


class Sense(NamedTuple):
    """What a name may mean: its kind (a concept's type, NONE or STATISTIC), full names, and words that go along with it."""

    kind: str
    concept: int | None
    full: tuple[str, ...]
    near: tuple[str, ...]
    listed: bool


class Stretch(NamedTuple):
    """What stands in a document or in one sentence: its text, its words, and how often it names each concept."""

    text: str
    lower: str
    words: frozenset[str]
    concepts: Mapping[int, int]

    @classmethod
    def of(cls, words: Sequence[str], concepts: Mapping[int, int], text: str = "") -> Stretch:
        """Make a stretch of its words; the text may hold more, as an abstract in English."""
        text = text or "".join(words)
        return cls(text, text.lower(), frozenset(words), concepts)


class Hints(NamedTuple):
    """Types that the text beside a name asks for; `0` in a word stands for any number."""

    before: dict[str, frozenset[str]]
    after: dict[str, frozenset[str]]

    @classmethod
    def read(cls, path: Path | None = None) -> Hints:
        """Read the table of hints."""
        hints = cls({}, {})
        for row in read_table(
            path or resource("hints.tsv"), ("word", "side", "type"), key=("word", "side"), check=_side
        ):
            side = hints.before if row["side"] == "before" else hints.after
            side[row["word"]] = frozenset(row["type"].split("|"))
        return hints

    def at(self, words: Sequence[str], token: int, start: int, end: int) -> frozenset[str]:
        """Return the types that the neighbours of a token ask for; none where they say nothing."""
        before = _NUMBER.sub("0", "".join(words[max(start, token - _REACH) : token]))
        after = _NUMBER.sub("0", "".join(words[token + 1 : min(end, token + 1 + _REACH)]))
        return _longest(self.before, before, -1) | _longest(self.after, after, 1)


def _longest(side: Mapping[str, frozenset[str]], text: str, way: int) -> frozenset[str]:
    """Return what the longest word of the table says with which a text begins (`way` 1) or ends (-1)."""
    for size in range(min(len(text), 6), 0, -1):
        if found := side.get(text[:size] if way > 0 else text[-size:]):
            return found
    return frozenset()


def _side(row: Row) -> str | None:
    return None if row["side"] in ("before", "after") else f"side is {row['side']!r}; it must be before or after"


def read_senses(lexicon: Lexicon, path: Path | None = None) -> dict[str, tuple[Sense, ...]]:
    """Read the table of senses; a concept is the one that bears the sense's first name.

    A sense whose concept is not in the lexicon is left out: a user may run with another one.
    """
    columns = ("name", "sense", "kind", "near")
    senses: dict[str, tuple[Sense, ...]] = {}
    for row in read_table(path or resource("senses.tsv"), columns, key=("name", "sense"), check=_kind):
        full = tuple(row["sense"].split("|"))
        near = tuple(row["near"].split("|")) if row["near"] else ()
        kind, concept = row["kind"], None
        if kind == CONCEPT:
            concept = next(iter(lexicon.lookup(full[0])), None)
            if concept is None:
                continue
            kind = lexicon.concepts[concept].type
        sense = Sense(
            kind, concept, full, near, row["name"] in (full if concept is None else lexicon.concepts[concept].names)
        )
        senses[row["name"]] = (*senses.get(row["name"], ()), sense)
    return senses


def _kind(row: Row) -> str | None:
    kinds = (CONCEPT, NONE, STATISTIC)
    return None if row["kind"] in kinds else f"kind is {row['kind']!r}; it must be one of {', '.join(kinds)}"


def evidence(sense: Sense, document: Stretch, sentence: Stretch, lexicon: Lexicon) -> float:
    """Return how much the other names of a sense and the words that go along with it speak for it."""
    points = _LISTED if sense.listed else 0.0
    count, here = 0, False
    if sense.concept is not None:
        count, here = document.concepts.get(sense.concept, 0), sense.concept in sentence.concepts
        long = (name.lower() for name in lexicon.concepts[sense.concept].en if len(name) >= _LONG)
        count = count or sum(name in document.lower for name in long)
    count = count or sum(name.lower() in document.lower for name in sense.full if not _is_short(name))
    if count:
        points += _FULL + _FULL_AGAIN * min(count - 1, 4) + _FULL_HERE * here
    points += _NEAR * min(_MOST_NEAR, sum(_stands(word, document) for word in sense.near))
    return points + _NEAR_HERE * min(_MOST_NEAR, sum(_stands(word, sentence) for word in sense.near))


def _is_short(name: str) -> bool:
    return is_latin(name) and len(name) < _LONG


def _stands(word: str, stretch: Stretch) -> bool:
    return word in stretch.words if is_latin(word) else word in stretch.text


def choose(points: Sequence[float]) -> int | None:
    """Return the sense that leads clearly, or None.

    >>> choose([3.5, 0.5]), choose([3.5, 3.0]), choose([1.5])
    (0, None, None)
    """
    order = sorted(range(len(points)), key=points.__getitem__, reverse=True)
    if not order or points[order[0]] < _ENOUGH:
        return None
    return order[0] if len(order) == 1 or points[order[0]] - points[order[1]] >= _LEAD else None


def shares(points: Sequence[float]) -> list[float]:
    """Return points as shares of one; what nobody thought of has its share, too.

    >>> [round(share, 2) for share in shares([3.0, 1.0])]
    [0.84, 0.11]
    """
    weights = list(map(exp, points))
    total = sum(weights) + 1
    return [weight / total for weight in weights]


class Disambiguator:
    """Weighs the senses of the ambiguous names of a document."""

    def __init__(self, lexicon: Lexicon, senses: Path | None = None, hints: Path | None = None) -> None:
        """Read the tables of senses and hints."""
        self.lexicon = lexicon
        self.senses = read_senses(lexicon, senses)
        self.hints = Hints.read(hints)

    def of(self, word: str, concepts: Sequence[int]) -> tuple[Sense, ...]:
        """Return the senses of a name: those of the table, then the other concepts that bear it."""
        senses = self.senses.get(word, ())
        known = {sense.concept for sense in senses}
        more = (Sense(self.lexicon.concepts[i].type, i, (), (), True) for i in concepts if i not in known)
        return (*senses, *more)

    def resolve(
        self,
        words: Sequence[str],
        sentences: Sequence[tuple[int, int]],
        names: Mapping[int, Found],
        ambiguous: Mapping[int, Sequence[int]],
        text: str = "",
    ) -> dict[int, Found | None]:
        """Return what each ambiguous token is found to be: a mention with or without a concept, or None for no name.

        `ambiguous` are the tokens with the concepts that bear them; `names` the mentions that are sure; `text` is the document's.
        """
        found: dict[int, Found | None] = {}
        if not ambiguous:
            return found
        document = Stretch.of(words, Counter(name.concept for name in names.values() if name.concept is not None), text)
        for start, end in sentences:
            weighed: dict[tuple[str, tuple[int, ...]], list[float]] = {}
            sentence: Stretch | None = None
            for token in range(start, end):
                if token not in ambiguous or _tied(words, token, start, end):
                    continue
                if sentence is None:
                    inside = (names[at].concept for at in range(start, end) if at in names)
                    sentence = Stretch.of(words[start:end], Counter(i for i in inside if i is not None))
                word, concepts = words[token], tuple(ambiguous[token])
                senses = self.of(word, concepts)
                base = weighed.get((word, concepts))
                if base is None:
                    base = [evidence(sense, document, sentence, self.lexicon) for sense in senses]
                    weighed[word, concepts] = base
                hinted = self.hints.at(words, token, start, end)
                siblings = _siblings(names, words, token)
                points = self._with_hints(word, senses, base, hinted, siblings)
                found.update(_found(token, senses, points, NONE in hinted))
        return found

    def _with_hints(
        self,
        word: str,
        senses: Sequence[Sense],
        base: Sequence[float],
        hinted: frozenset[str],
        siblings: frozenset[str],
    ) -> list[float]:
        # One concept of a name that is known to have several meanings: that its type fits says little.
        worth = _WEAK_HINT if len(senses) == 1 and word in self.lexicon.ambiguous else _HINT
        return [
            points + worth * (sense.kind in hinted) + _SIBLING * (sense.kind in siblings)
            for sense, points in zip(senses, base, strict=True)
        ]


def _found(token: int, senses: Sequence[Sense], points: Sequence[float], no_name: bool) -> dict[int, Found | None]:
    """Return what becomes of a token: nothing is said where there is no concept that it could be."""
    best = choose(points)
    if best is not None and senses[best].concept is None:
        return {token: None}
    if no_name and (best is None or points[best] < _FULL):
        return {token: None}
    share = shares(points)
    order = sorted(range(len(senses)), key=share.__getitem__, reverse=True)
    ranked = [i for i in order if senses[i].concept is not None and i != best and share[i] >= _LEAST_SHARE]
    if best is not None:
        ranked.insert(0, best)
    concepts = tuple(concept for i in ranked if (concept := senses[i].concept) is not None)
    if not concepts:
        return {}
    kind, parts = senses[ranked[0]].kind, tuple(share[i] for i in ranked)
    if best is None:
        return {token: Found(token, token + 1, kind, "morphology", None, concepts, parts)}
    return {token: Found(token, token + 1, kind, "dictionary", concepts[0], concepts[1:], parts)}


def _tied(words: Sequence[str], token: int, start: int, end: int) -> bool:
    """Whether a hyphen makes a token a part of a longer name: GM-CSF, 6-BA."""
    before = token - 1 > start and words[token - 1] in _TIES and words[token - 2][-1].isalnum()
    return before or (token + 2 < end and words[token + 1] in _TIES and words[token + 2][0].isalnum())


def _siblings(names: Mapping[int, Found], words: Sequence[str], token: int) -> frozenset[str]:
    """Return the types of the names that stand beside a token in a list."""
    beside = ((token - 1, token - 2), (token + 1, token + 2))
    return frozenset(names[other].type for tie, other in beside if other in names and words[tie] in _SEPARATORS)
