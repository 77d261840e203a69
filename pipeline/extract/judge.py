"""A learned judge of what frames read, and of the pairs that they missed.

Candidates are all ordered pairs of mentions in a sentence, and all readings of frames. A linear score drops most pairs; boosted
trees score the rest; a second ensemble sees, besides, how a pair's rivals and its siblings in a list were scored. A reading whose
pair scores below the threshold is dropped; a pair above it that no frame read becomes a reading, its direction voted by a third
ensemble. Trained by `benchmarks/judge.py` on gold files; figures stand in the card beside the model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.extract import linear
from pipeline.extract.features import Framed, every_pair, features, framed
from pipeline.extract.items import Member
from pipeline.extract.pairs import BREAKS, DIRECTIONS, Ints, Kinds, Scene, View, view
from pipeline.extract.reading import Reading
from pipeline.extract.rivals import UNIT, elsewhere, rivals
from pipeline.extract.roles import Roles, load_roles, names_of, role_columns
from pipeline.extract.trees import Trees
from pipeline.frames import Grammar
from pipeline.tables import resource

RULE = "judge"
# What scores lower after the first pass does not see the second, after the second no vote: far below any cut.
HOPE, LIKELY = -3 * UNIT, -UNIT


class Model(NamedTuple):
    """What training gives: vocabulary and weights of the linear score, three ensembles, and the cuts.

    `floor` is the linear score that a pair needs; `vouched` the share of right directions where a frame says it; `cut` the
    confidence that a reading needs; `columns` how wide the rows were that it was trained on.
    """

    words: tuple[str, ...]
    weights: Ints
    first: Trees
    second: Trees
    direction: Trees
    floor: int
    vouched: float
    cut: float
    columns: int


def load_model(path: Path) -> Model:
    """Read a model that `save_model` wrote."""
    with np.load(path, allow_pickle=False) as held:
        return Model(
            words=tuple(held["words"].tolist()),
            weights=held["weights"].astype(np.int64),
            first=_trees(held, "first"),
            second=_trees(held, "second"),
            direction=_trees(held, "direction"),
            floor=int(held["floor"]),
            vouched=float(held["vouched"]),
            cut=float(held["cut"]),
            columns=int(held["columns"]),
        )


def _trees(held: Any, name: str) -> Trees:
    feature, child, value = (held[f"{name}_{part}"].astype(np.int64) for part in ("feature", "child", "value"))
    return Trees(feature, held[f"{name}_threshold"], child, value, int(held[f"{name}_depth"]))


def save_model(model: Model, path: Path) -> None:
    """Write a model as compressed arrays."""
    held: dict[str, Any] = {"words": np.array(model.words), "weights": model.weights.astype(np.int16)}
    for name in ("first", "second", "direction"):
        trees: Trees = getattr(model, name)
        held |= {f"{name}_{part}": getattr(trees, part) for part in ("threshold", "depth")}
        held |= {f"{name}_{part}": getattr(trees, part).astype(np.int16) for part in ("feature", "child", "value")}
    np.savez_compressed(path, **held, floor=model.floor, vouched=model.vouched, cut=model.cut, columns=model.columns)


class Scored(NamedTuple):
    """The candidates of a document, their rows, their scores after the second pass, and the votes for each direction."""

    mediator: Ints
    outcome: Ints
    rows: npt.NDArray[np.float64]
    score: Ints
    votes: Ints


class Judge:
    """Judges the readings of a document."""

    def __init__(self, grammar: Grammar) -> None:
        """Keep the grammar; the shipped model is read at first use."""
        self.grammar = grammar

    def with_model(self, model: Model, roles: Roles) -> Judge:
        """Return a judge with another model and other roles."""
        other = Judge(self.grammar)
        other.model, other.roles = model, roles
        return other

    @cached_property
    def kinds(self) -> Kinds:
        """What the grammar says of words, as numbers."""
        return Kinds(self.grammar)

    @cached_property
    def model(self) -> Model:
        """The trained model."""
        return load_model(resource("models/judge.npz"))

    @cached_property
    def roles(self) -> Roles:
        """How names behave in papers."""
        return load_roles(resource("models/roles.tsv"))

    @cached_property
    def layout(self) -> linear.Layout:
        """Where the weights of the linear score stand."""
        return linear.Layout(self.model.words)

    def __call__(
        self, scene: Scene, cues: Mapping[int, str]
    ) -> tuple[list[tuple[int, Reading]], list[tuple[int, Reading]]]:
        """Return the readings of a document that hold, those that the frames missed among them, and those that do not hold.

        `cues` gives the tokens that are negation or hedge cues.
        """
        if not len(scene.spans):
            return [], []
        seen = view(scene, self.kinds)
        read = framed(scene)
        scored = self.score(scene, seen, read)
        if not len(scored.score):
            return [], []
        pairs = list(zip(scored.mediator.tolist(), scored.outcome.tolist(), strict=True))
        said = [pair in read.pairs for pair in pairs]
        sure = dict(zip(pairs, confidences(scored, said, self.model.vouched), strict=True))
        cut = self.model.cut
        judged = [(n, r._replace(confidence=sure[r.mediator.mention, r.outcome.mention])) for n, r in scene.readings]
        kept = [(number, reading) for number, reading in judged if reading.confidence > cut]
        dropped = [(number, reading) for number, reading in judged if reading.confidence <= cut]
        fresh = [n for n, pair in enumerate(pairs) if sure[pair] > cut and not said[n]]
        fresh.sort(key=lambda n: -scored.score[n])
        kept += self._added(scene, seen, scored, fresh, sure, cues, kept)
        return sorted(
            kept, key=lambda told: (told[0], told[1].trigger, told[1].mediator.start, told[1].outcome.start)
        ), dropped

    def score(self, scene: Scene, seen: View, read: Framed) -> Scored:
        """Return the candidates of a document with their scores."""
        model = self.model
        mediator, outcome, base = self.shortlist(scene, seen, read)
        if not len(mediator):
            return Scored(mediator, outcome, np.zeros((0, 0)), base, np.zeros((0, len(DIRECTIONS)), np.int64))
        rows = self.rows(scene, seen, read, mediator, outcome, base)
        first = model.first.score(rows)[:, 0]
        rows = np.hstack([rows, compared(scene, seen, mediator, outcome, first)])
        score, votes = first.copy(), np.zeros((len(rows), len(DIRECTIONS)), np.int64)
        hopeful = np.flatnonzero(first > HOPE)
        score[hopeful] = model.second.score(rows[hopeful])[:, 0]
        # Where the pair alone is not sure enough, its direction does not matter.
        likely = np.flatnonzero(score > LIKELY)
        votes[likely] = model.direction.score(rows[likely], len(DIRECTIONS))
        return Scored(mediator, outcome, rows, score, votes)

    def rows(
        self, scene: Scene, seen: View, read: Framed, mediator: Ints, outcome: Ints, base: Ints
    ) -> npt.NDArray[np.float64]:
        """Return what the first pass sees of each pair; `base` is its linear score."""
        told = features(seen, self.kinds, scene, read, mediator, outcome, base)
        return np.hstack([told, role_columns(scene, self.roles, mediator, outcome)])

    def shortlist(self, scene: Scene, seen: View, read: Framed) -> tuple[Ints, Ints, Ints]:
        """Return the pairs that frames read or whose linear score is above the floor, and those scores."""
        mediator, outcome = every_pair(seen, scene, read)
        base = linear.score(self.layout, self.model.weights, scene.words, seen, mediator, outcome)
        pairs = zip(mediator.tolist(), outcome.tolist(), strict=True)
        told = np.fromiter((pair in read.pairs for pair in pairs), bool, len(base))
        kept = told | (base > self.model.floor)
        return mediator[kept], outcome[kept], base[kept]

    def _added(
        self,
        scene: Scene,
        seen: View,
        scored: Scored,
        fresh: Sequence[int],
        sure: Mapping[tuple[int, int], float],
        cues: Mapping[int, str],
        read: Sequence[tuple[int, Reading]],
    ) -> list[tuple[int, Reading]]:
        """Return readings of pairs that no frame read, each pair of concepts once a sentence; `fresh` are candidates, the best first."""
        names = names_of(scene)
        known = {(number, names[r.mediator.mention], names[r.outcome.mention]) for number, r in read}
        out = []
        for n in fresh:
            mediator, outcome = int(scored.mediator[n]), int(scored.outcome[n])
            number = int(seen.sentence[outcome])
            same = (number, names[mediator], names[outcome])
            if same in known or same[1] == same[2]:
                continue
            known.add(same)
            trigger = _trigger(seen, mediator, outcome)
            reading = Reading(
                member_of(scene, mediator),
                self._relation(DIRECTIONS[int(scored.votes[n].argmax())], scene.words[trigger]),
                member_of(scene, outcome),
                (trigger, trigger + 1),
                False,
                _hedged(seen, cues, mediator, outcome),
                RULE,
                confidence=sure[mediator, outcome],
            )
            out.append((number, reading))
        return out

    def _relation(self, direction: str, trigger: str) -> str:
        """Return the relation of a direction: the trigger's own where it agrees."""
        own = self.grammar.relation_of.get(trigger, "")
        agreeing = {
            "increases": ("positive_correlation",),
            "decreases": ("negative_correlation",),
            "association": ("regulates", "binds"),
        }
        return own if own in agreeing.get(direction, ()) else direction


def confidences(scored: Scored, framed: Sequence[bool], vouched: float) -> list[float]:
    """Return the probability that a candidate holds and its direction is right; a frame vouches for the direction that it reads."""
    out = []
    for n, (value, said) in enumerate(zip(scored.score.tolist(), framed, strict=True)):
        pair = 1 / (1 + math.exp(-value / UNIT))
        way = vouched
        if not said and value > LIKELY:
            votes = scored.votes[n].tolist()
            best = max(votes)
            way = 1 / sum(math.exp((vote - best) / UNIT) for vote in votes)
        out.append(round(pair * way, 3))
    return out


def member_of(scene: Scene, mention: int) -> Member:
    """Return what the reader made of a mention; alone, where it made nothing of it."""
    start, end = scene.spans[mention]
    return scene.members.get(mention) or Member(start, end, mention, scene.types[mention])


def compared(scene: Scene, seen: View, mediator: Ints, outcome: Ints, score: Ints) -> npt.NDArray[np.float64]:
    """Return what the second pass sees besides: how a pair was scored beside its rivals and beside its names elsewhere."""
    numbers: dict[str, int] = {}
    names = np.array([numbers.setdefault(name, len(numbers)) for name in names_of(scene)], np.int64)
    return np.hstack([rivals(seen, mediator, outcome, score), elsewhere(seen, names, mediator, outcome, score)])


def _trigger(seen: View, mediator: int, outcome: int) -> int:
    """Return the effect word of a pair: the last between its ends, else the next behind, else the last before the outcome."""
    ends = sorted((mediator, outcome), key=lambda end: int(seen.start[end]))
    left, right = int(seen.end[ends[0]]), int(seen.start[ends[1]])
    between, behind, ahead = int(seen.before[right]), int(seen.after[seen.end[ends[1]]]), int(seen.before[left])
    if between >= left:
        return between
    if behind < int(seen.last[outcome]):
        return behind
    return ahead if ahead >= int(seen.first[outcome]) else left if left < right else int(seen.start[outcome])


def _hedged(seen: View, cues: Mapping[int, str], first: int, last: int) -> bool:
    """Whether a hedge stands in the pair's clauses: from the comma before its first end to its last end."""
    ends = sorted((first, last), key=lambda end: int(seen.start[end]))
    at, begin = int(seen.start[ends[0]]), int(seen.first[ends[0]])
    while at > begin and seen.main[at - 1] not in BREAKS:
        at -= 1
    return any(cues.get(token) == "hedge" for token in range(at, int(seen.end[ends[1]])))
