"""A linear score of mention pairs: integer weights of words and word classes around and between the ends.

The weights of what stands around an end are summed once for each mention, those of what lies between two ends are differences of
running sums; a pair costs four look-ups. Integers make the score the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pipeline.extract.pairs import CLASSES, TYPES, Ints, View

MAINS = len(CLASSES) + 2
KINDS = len(TYPES) + 1
# The tokens looked at around an end, from its first (-2, -1) and last token on.
PLACES = 4
APART = 9
# An end's role: mediator or outcome, and whether the mediator stands first.
ROLES = 4


class Layout:
    """Where each block of weights stands in one flat array; `words` is the vocabulary with weights of its own."""

    def __init__(self, words: Sequence[str]) -> None:
        """Number the words: 0 is any other word, 1 is an edge of the sentence, then the types of names, then the vocabulary."""
        self.special = 2 + KINDS
        self.words = {word: self.special + i for i, word in enumerate(words)}
        size = self.special + len(words)
        shapes: dict[str, tuple[int, ...]] = {
            "word": (ROLES, PLACES, size),
            "main": (ROLES, PLACES, MAINS),
            "type": (ROLES, KINDS),
            "types": (2, KINDS, KINDS),
            "apart": (2, APART),
            "between": (2, size),
            "follow": (2, MAINS, MAINS),
        }
        self.shapes = shapes
        self.offsets: dict[str, int] = {}
        self.size = 0
        for name, shape in shapes.items():
            self.offsets[name] = self.size
            self.size += int(np.prod(shape))

    def blocks(self, weights: Ints) -> Mapping[str, Ints]:
        """Return the blocks of a flat array of weights."""
        return {
            name: weights[self.offsets[name] : self.offsets[name] + int(np.prod(shape))].reshape(shape)
            for name, shape in self.shapes.items()
        }

    def numbers(self, words: Sequence[str], seen: View) -> Ints:
        """Return the number of each token, and of the edge of a sentence behind the last."""
        get = self.words.get
        found = np.array([*(get(word, 0) for word in words), 1], np.int64)
        for start, end, kind in zip(seen.start.tolist(), seen.end.tolist(), seen.facts[:, 0].tolist(), strict=True):
            if seen.main[start] == CLASSES.index("mention"):
                found[start:end] = 2 + kind
        return found


def _around(seen: View) -> Iterator[Ints]:
    """Yield the tokens around each mention, place by place; outside of its sentence, the edge."""
    for at in (seen.start - 2, seen.start - 1, seen.end, seen.end + 1):
        yield np.where((at >= seen.first) & (at < seen.last), at, len(seen.main) - 1)


def score(layout: Layout, weights: Ints, words: Sequence[str], seen: View, mediator: Ints, outcome: Ints) -> Ints:
    """Return the linear score of each pair of mentions."""
    blocks = layout.blocks(weights)
    number = layout.numbers(words, seen)
    kind = seen.facts[:, 0]
    ends = blocks["type"][:, kind].copy()
    for place, at in enumerate(_around(seen)):
        ends += blocks["word"][:, place, number[at]] + blocks["main"][:, place, seen.main[at]]
    size = len(words)
    word_sums = np.zeros((2, size + 1), np.int64)
    np.cumsum(blocks["between"][:, number[:size]], axis=1, out=word_sums[:, 1:])
    pair_sums = np.zeros((2, size + 1), np.int64)
    np.cumsum(blocks["follow"][:, seen.main[:size], seen.main[1:]], axis=1, out=pair_sums[:, 1:])
    backward, left, right = _between(seen, mediator, outcome)
    last = np.maximum(right - 1, 0)
    within = np.where(right > left, pair_sums[backward, last] - pair_sums[backward, left], 0)
    closing = np.where(right > left, blocks["follow"][backward, seen.main[last], MAINS - 1], 0)
    total: Ints = (
        ends[2 * backward, mediator]
        + ends[2 * backward + 1, outcome]
        + word_sums[backward, right]
        - word_sums[backward, left]
        + within
        + closing
        + blocks["types"][backward, kind[mediator], kind[outcome]]
        + blocks["apart"][backward, _apart(seen, mediator, outcome)]
    )
    return total


def _between(seen: View, mediator: Ints, outcome: Ints) -> tuple[Ints, Ints, Ints]:
    """Return whether the outcome stands first, and the tokens between the ends; none where they are in two sentences."""
    backward = (seen.start[mediator] > seen.start[outcome]).astype(np.int64)
    left = np.where(backward, seen.end[outcome], seen.end[mediator])
    right = np.where(backward, seen.start[mediator], seen.start[outcome])
    apart = seen.sentence[mediator] != seen.sentence[outcome]
    return backward, left, np.where(apart, left, np.maximum(right, left))


def _apart(seen: View, mediator: Ints, outcome: Ints) -> Ints:
    apart: Ints = np.minimum(APART - 1, np.abs(seen.place[mediator] - seen.place[outcome]))
    return apart


def design(layout: Layout, words: Sequence[str], seen: View, mediator: Ints, outcome: Ints) -> Iterator[list[int]]:
    """Yield, for each pair, the places in the flat array of the weights that `score` adds up; for training."""
    number = layout.numbers(words, seen).tolist()
    main = seen.main.tolist()
    kind = seen.facts[:, 0].tolist()
    around = np.array(list(_around(seen))).T.tolist()
    backward, left, right = (column.tolist() for column in _between(seen, mediator, outcome))
    apart = _apart(seen, mediator, outcome).tolist()

    def at(block: str, *index: int) -> int:
        return layout.offsets[block] + int(np.ravel_multi_index(index, layout.shapes[block]))

    for n, (m, o) in enumerate(zip(mediator.tolist(), outcome.tolist(), strict=True)):
        turned = backward[n]
        places = [at("types", turned, kind[m], kind[o]), at("apart", turned, apart[n])]
        for role, end in ((2 * turned, m), (2 * turned + 1, o)):
            places.append(at("type", role, kind[end]))
            for place, token in enumerate(around[end]):
                places += [at("word", role, place, number[token]), at("main", role, place, main[token])]
        for token in range(left[n], right[n]):
            following = main[token + 1] if token + 1 < right[n] else MAINS - 1
            places += [at("between", turned, number[token]), at("follow", turned, main[token], following)]
        yield places
