"""Pairs of mentions that could be the ends of a triple, and what stands around and between them, as arrays.

Everything here is gathered from arrays over the tokens of a document, so that the cost of a pair does not depend on how far
its ends are apart: what lies between them is a difference of running sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.extract.items import CLOSING, Member
from pipeline.extract.reading import Reading
from pipeline.frames import SEPARATORS, TRIGGERS, Grammar

Ints = npt.NDArray[np.int64]

# How far apart, in mentions, the ends of a pair may be.
WINDOW = 24
FAR = 99
# Classes of a token, the telling ones first: the first that a word has is its main class.
CLASSES = (
    *(
        "comma",
        "colon",
        "list",
        "open",
        "close",
        "of",
        "effect",
        "change",
        "correlate",
        "bind",
        "perturb",
        "role",
        "action",
    ),
    *(
        "induce",
        "depend",
        "than",
        "involve",
        "by",
        "toward",
        "with",
        "at",
        "among",
        "under",
        "be",
        "have",
        "cause",
        "via",
    ),
    *(
        "such",
        "etc",
        "or",
        "reporting",
        "pronoun",
        "possessive",
        "negation",
        "hedge",
        "verb",
        "adverb",
        "generic",
        "bearer",
    ),
    *("compare", "compared", "aspect", "administer", "aim", "question", "need", "split", "modal", "number", "word"),
    *("mention", "pos", "neg", "reg"),
)
CLASS = {name: i for i, name in enumerate(CLASSES)}
_NONE = len(CLASSES)
# The main classes that end a clause.
BREAKS = (CLASS["comma"], CLASS["colon"])
_EDGE = _NONE + 1
_TRIGGERS = frozenset((*TRIGGERS, "cause"))
_SIGNS = {"increases": "pos", "positive_correlation": "pos", "decreases": "neg", "negative_correlation": "neg"}
_RELATIONS = (
    *(
        "decreases",
        "negative_correlation",
        "causes_no_change",
        "",
        "association",
        "no_association",
        "regulates",
        "binds",
    ),
    *("controls", "improves", "positive_correlation", "increases"),
)
_MARKS = dict.fromkeys(CLOSING, "open") | dict.fromkeys(CLOSING.values(), "close") | SEPARATORS
TYPES = (
    *("gene_or_protein", "complex_or_family", "pathway", "chemical", "drug", "cell", "anatomy", "organism", "disease"),
    *("phenotype", "process", "procedure", "exposure", "measurement", "tcm"),
)
METHODS = ("dictionary", "abbreviation", "morphology", "pattern")
# Directions that a pair can have: what is said of a triple when the changes of its ends are folded in.
DIRECTIONS = ("increases", "decreases", "causes_no_change", "association")


class Kinds:
    """What the grammar says of a word, as numbers; a word that is in no list is a number, a word or a mark."""

    def __init__(self, grammar: Grammar) -> None:
        """Number the distinct kinds of words."""
        numbers: dict[tuple[frozenset[str], str], int] = {}
        self.of: dict[str, int] = {}
        listed = {**grammar.classes, **{mark: frozenset({name}) for mark, name in _MARKS.items()}}
        for word, classes in listed.items():
            told = grammar.relation_of.get(word, "")
            self.of[word] = numbers.setdefault((classes, told), len(numbers))
        others = (frozenset({"number"}), frozenset({"word"}), frozenset[str](), frozenset({"mention"}))
        self.number, self.word, self.mark, self.mention = (numbers.setdefault((c, ""), len(numbers)) for c in others)
        rows = [classes | ({_SIGNS.get(told, "reg")} if told else set()) for classes, told in numbers]
        self.classes = np.array([[name in row for name in CLASSES] for row in rows], np.int32)
        self.main = np.array([next((CLASS[name] for name in CLASSES if name in row), _NONE) for row in rows])
        self.trigger = np.array([not row.isdisjoint(_TRIGGERS) for row in rows])
        self.sign = np.array([("pos" in row) - ("neg" in row) for row in rows])
        self.relation = np.array([_RELATIONS.index(told) for _, told in numbers])

    def unlisted(self, word: str) -> int:
        """Return the kind of a word that is in no list."""
        return self.number if word[0].isdigit() else self.word if word[0].isalpha() else self.mark


# The mentions that a clause has as subject, as who acted before, as topic, as treatment, as what was acted on last.
Acting = tuple[frozenset[int], ...]
PARTS = 5


class Scene(NamedTuple):
    """A document: mentions by position, its sentences, and what the frames read; offsets are token indices.

    `members` gives what the reader made of a mention, `groups` the coordination that it stands in; `barred` are stretches that
    claim nothing, `acting` says of each clause, by its first token, who may act in it.
    """

    words: Sequence[str]
    spans: Sequence[tuple[int, int]]
    types: Sequence[str]
    concepts: Sequence[str]
    methods: Sequence[str]
    sentences: Sequence[tuple[int, int]]
    members: Mapping[int, Member]
    groups: Mapping[int, int]
    barred: Sequence[tuple[int, int]]
    acting: Sequence[tuple[int, Acting]]
    readings: Sequence[tuple[int, Reading]]


class View(NamedTuple):
    """A scene as arrays: over tokens, over mentions, and running sums over tokens (one longer)."""

    kind: Ints
    sums: Ints
    main: Ints
    before: Ints
    after: Ints
    start: Ints
    end: Ints
    sentence: Ints
    first: Ints
    last: Ints
    place: Ints
    among: Ints
    facts: Ints


def view(scene: Scene, kinds: Kinds) -> View:
    """Return a scene as arrays."""
    of, unlisted = kinds.of, kinds.unlisted
    kind = np.array([of[word] if word in of else unlisted(word) for word in scene.words], np.int64)
    size = len(kind)
    start = np.array([a for a, _ in scene.spans], np.int64)
    end = np.array([b for _, b in scene.spans], np.int64)
    named = np.zeros(size + 1, np.int64)
    np.add.at(named, start, 1)
    np.add.at(named, end, -1)
    inside = np.cumsum(named[:-1]) > 0
    # A name of one word that is an effect word, too, stays one: 分泌, 损伤.
    alone = start[(end - start == 1)]
    inside[alone[kinds.trigger[kind[alone]]]] = False
    kind = np.where(inside, kinds.mention, kind)
    rows = kinds.classes[kind]
    rows[:, CLASS["mention"]] = 0
    rows[start, CLASS["mention"]] = 1
    sums = np.zeros((size + 1, len(CLASSES)), np.int64)
    np.cumsum(rows, axis=0, out=sums[1:])
    index = np.arange(size)
    marked = kinds.trigger[kind]
    before = np.full(size + 1, -1)
    before[1:] = np.maximum.accumulate(np.where(marked, index, -1))
    after = np.full(size + 1, size)
    after[:-1] = np.minimum.accumulate(np.where(marked, index, size)[::-1])[::-1]
    bounds = np.array(scene.sentences, np.int64).reshape(-1, 2)
    sentence = np.searchsorted(bounds[:, 0], start, side="right") - 1
    firsts = np.searchsorted(start, bounds[:, 0])
    number = np.bincount(sentence, minlength=len(bounds))
    return View(
        kind=kind,
        sums=sums,
        main=np.append(kinds.main[kind], _EDGE),
        before=before,
        after=after,
        start=start,
        end=end,
        sentence=sentence,
        first=bounds[sentence, 0],
        last=bounds[sentence, 1],
        place=np.arange(len(start)) - firsts[sentence],
        among=number[sentence],
        facts=_facts(scene),
    )


def _facts(scene: Scene) -> Ints:
    """Return, for each mention: type, method, change, has a tail, is a bearer, owners, is in a group, the group."""
    rows = []
    for i, (kind, method) in enumerate(zip(scene.types, scene.methods, strict=True)):
        member, group = scene.members.get(i), scene.groups.get(i, -1)
        said = (
            (0, 0, 0, -1)
            if member is None
            else (member.change, int(member.tail is not None), int(member.bearer), len(member.owners))
        )
        rows.append(
            (TYPES.index(kind) if kind in TYPES else len(TYPES), METHODS.index(method), *said, int(group >= 0), group)
        )
    return np.array(rows, np.int64).reshape(-1, 8)


def candidates(seen: View, scene: Scene) -> tuple[Ints, Ints]:
    """Return all ordered pairs of mentions in one sentence that are not barred, at most `WINDOW` apart: mediators, outcomes."""
    silent = np.zeros(len(seen.kind) + 1, np.int64)
    for begin, stop in scene.barred:
        silent[begin] += 1
        silent[stop] -= 1
    free = np.cumsum(silent)[seen.start] == 0
    size = len(seen.start)
    index = np.arange(size)
    first: list[Ints] = []
    second: list[Ints] = []
    for apart in range(1, min(WINDOW, size - 1) + 1):
        near = index[:-apart][(seen.sentence[:-apart] == seen.sentence[apart:]) & free[:-apart] & free[apart:]]
        first.append(near)
        second.append(near + apart)
    if not first:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = np.concatenate(first), np.concatenate(second)
    return np.concatenate([left, right]), np.concatenate([right, left])
