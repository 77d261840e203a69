"""Matching of a run's triples with gold triples, and the figures that follow.

A predicted triple matches a gold triple when its evidence overlaps the gold evidence (code points of the source text),
both ends name the same things, and the effect agrees after the change words of the ends are folded into its sign.
Matching is one to one and maximal. Optional gold triples are never missed, and what matches only them is neither right
nor wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from pipeline.evaluate.gold import GoldTriple
from pipeline.evaluate.names import Variants, signs, variants

_SIGN = {
    "increases": 1,
    "decreases": -1,
    "positive_correlation": 1,
    "negative_correlation": -1,
    "causes_no_change": 0,
    "association": None,
    "regulates": None,
    "binds": None,
}
_MARKS = {"decreased": "{-}", "increased": "{+}"}
HEADLINE = "relaxed ends, direction (headline)"


class ReadEnd(msgspec.Struct, frozen=True):
    """What the scorer reads of an end; other programs' triples may leave the rest out."""

    text: str
    norm: str | None = None
    zh: str | None = None
    en: str | None = None
    change: str | None = None
    aspect_text: str | None = None
    aliases: list[str] = []

    @property
    def marked(self) -> str:
        """The end as a gold file would write it."""
        return self.text + _MARKS.get(self.change or "", "")

    def variants(self) -> Variants:
        """All names that the end goes by, with the sign of its change."""
        names = [self.text, self.norm, self.zh, self.en, *self.aliases]
        if self.text and self.aspect_text:
            names.append(self.text + self.aspect_text)
        return variants([name for name in names if name], -1 if self.change == "decreased" else 1)


class ReadEffect(msgspec.Struct, frozen=True):
    """What the scorer reads of an effect."""

    relation: str
    negated: bool | None = False
    certainty: str | None = "asserted"


class ReadEvidence(msgspec.Struct, frozen=True):
    """Where a triple's evidence lies in the source text."""

    start: int
    end: int


class ReadTriple(msgspec.Struct, frozen=True):
    """What the scorer reads of a line of triples.jsonl."""

    doc_id: str
    mediator: ReadEnd
    effect: ReadEffect
    outcome: ReadEnd
    evidence: ReadEvidence
    citations: list[str | int] = []
    confidence: float | None = None
    rule: str = "unnamed"

    @property
    def line(self) -> str:
        """The triple as a gold file would write it."""
        negated = "NOT " if self.effect.negated else ""
        return f"{self.mediator.marked} > {negated}{self.effect.relation} > {self.outcome.marked}"


@dataclass(frozen=True)
class Edge:
    """A gold triple and a predicted one with overlapping evidence and the same ends, and where they match."""

    gold: int
    predicted: int
    levels: frozenset[str]


@dataclass(frozen=True)
class Level:
    """The figures of one level of matching.

    `taken` maps predictions to gold; `repeats` are further readings of a triple that is matched already, not errors.
    """

    golds: Sequence[GoldTriple]
    predicted: Sequence[ReadTriple]
    taken: dict[int, int]
    repeats: frozenset[int]

    @cached_property
    def right(self) -> int:
        """Predictions that match a required gold triple."""
        return sum(not self.golds[i].optional for i in self.taken.values())

    @cached_property
    def wrong(self) -> int:
        """Predictions that match nothing."""
        return len(self.predicted) - len(self.taken) - len(self.repeats)

    @cached_property
    def gold(self) -> int:
        """Required gold triples."""
        return sum(not g.optional for g in self.golds)

    @property
    def precision(self) -> float:
        """Right of right and wrong."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Right of the required gold triples."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def missed(self) -> list[int]:
        """Required gold triples that nothing matches."""
        found = set(self.taken.values())
        return [i for i, g in enumerate(self.golds) if not g.optional and i not in found]

    def errors(self) -> list[int]:
        """Predictions that match nothing."""
        return [j for j in range(len(self.predicted)) if j not in self.taken and j not in self.repeats]


def score(golds: Sequence[GoldTriple], predicted: Sequence[ReadTriple]) -> dict[str, Level]:
    """Match at every level: relaxed ends contain one another, strict ones are equal."""
    edges = list(find_edges(golds, predicted))
    names = (HEADLINE, "relaxed ends, exact relation", "strict ends, direction", "pairs only")
    return {name: _level(golds, predicted, [e for e in edges if name in e.levels]) for name in names}


def find_edges(golds: Sequence[GoldTriple], predicted: Sequence[ReadTriple]) -> Iterable[Edge]:
    """Yield every pair that matches at some level, by gold, then by prediction."""
    by_doc: dict[str, list[tuple[int, int, int, Variants, Variants]]] = defaultdict(list)
    for j, p in enumerate(predicted):
        row = (p.evidence.start, p.evidence.end, j, p.mediator.variants(), p.outcome.variants())
        by_doc[p.doc_id].append(row)
    starts = {}
    longest = {}
    for doc, rows in by_doc.items():
        rows.sort(key=lambda row: row[0])
        starts[doc] = [row[0] for row in rows]
        longest[doc] = max(end - start for start, end, *_ in rows)
    for i, g in enumerate(golds):
        rows = by_doc.get(g.doc, [])
        first = bisect_left(starts[g.doc], g.start - longest[g.doc]) if rows else 0
        last = bisect_left(starts[g.doc], g.end) if rows else 0
        near = sorted((row for row in rows[first:last] if row[1] > g.start), key=lambda row: row[2])
        for _, _, j, mediator, outcome in near:
            if levels := agreement(g, predicted[j].effect, mediator, outcome):
                yield Edge(i, j, levels)


def agreement(g: GoldTriple, effect: ReadEffect, mediator: Variants, outcome: Variants) -> frozenset[str]:
    """Return the levels at which an effect between two named ends agrees with a gold triple."""
    first = signs(g.mediator, mediator, True)
    second = signs(g.outcome, outcome, True) if first else first
    if not first or not second:
        return frozenset()
    levels = {"pairs only"}
    if effect.relation in _SIGN:
        products = {a * b for a in first for b in second}
        agreeing = {sign for sign in products if _directions(g, sign) & _direction(effect)}
        if agreeing:
            levels.add(HEADLINE)
        if agreeing and (effect.relation in g.relations or min(agreeing) < 0):
            levels.add("relaxed ends, exact relation")
        strict = {a * b for a in signs(g.mediator, mediator, False) for b in signs(g.outcome, outcome, False)}
        if any(_directions(g, sign) & _direction(effect) for sign in strict):
            levels.add("strict ends, direction")
    return frozenset(levels)


def _directions(g: GoldTriple, sign: int) -> set[str]:
    return {_way(_SIGN[relation], sign) for relation in g.relations}


def _direction(effect: ReadEffect) -> set[str]:
    return {"none"} if effect.negated else {_way(_SIGN[effect.relation], 1)}


def _way(relation_sign: int | None, sign: int) -> str:
    if relation_sign is None:
        return "related"
    return "none" if relation_sign == 0 else "up" if relation_sign * sign > 0 else "down"


def _level(golds: Sequence[GoldTriple], predicted: Sequence[ReadTriple], edges: list[Edge]) -> Level:
    choices: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        choices[edge.gold].append(edge.predicted)
    taken = _assign(choices, lambda i: golds[i].optional)
    return Level(golds, predicted, taken, frozenset(edge.predicted for edge in edges) - taken.keys())


def _assign(choices: dict[int, list[int]], optional: Callable[[int], bool]) -> dict[int, int]:
    """Match one to one, as many as possible, required gold first: {prediction: gold}."""
    taken: dict[int, int] = {}

    def augment(i: int, seen: set[int]) -> bool:
        for j in choices[i]:
            if j not in seen:
                seen.add(j)
                if j not in taken or augment(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in sorted(choices, key=lambda i: (optional(i), i)):
        augment(i, set())
    return taken
