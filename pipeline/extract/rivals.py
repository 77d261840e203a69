"""How a pair was scored beside others: those of its sentence with which it competes, and those of its names elsewhere in the document."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.extract.pairs import Ints, View

# Scores are integers, this many to one unit of log-odds.
UNIT = 1000
LOWEST = -9 * UNIT
# The probability of each score from LOWEST to -LOWEST, in thousandths.
_CHANCES = np.round(1000 / (1 + np.exp(-np.arange(LOWEST, -LOWEST + 1) / UNIT))).astype(np.int64)


def chances(score: Ints) -> Ints:
    """Return the probabilities that scores stand for, in thousandths."""
    found: Ints = _CHANCES[np.clip(score, LOWEST, -LOWEST) - LOWEST]
    return found


def rivals(seen: View, mediator: Ints, outcome: Ints, score: Ints) -> npt.NDArray[np.float64]:
    """Return how pairs compare with others: own score, best of the same outcome, of the same mediator, best and mean of those
    whose other end stands in a list with theirs, the reverse pair's, and how many of the same outcome score higher.
    """
    size = len(seen.start)
    group = seen.facts[:, 7]
    single = group < 0
    listed = np.where(single, -1 - np.arange(size), seen.sentence * size + group) + size + 1
    span = int(listed.max(initial=0)) + 1
    columns = [score, _best_other(outcome, score), _best_other(mediator, score)]
    for key in (mediator * span + listed[outcome], outcome * span + listed[mediator]):
        columns += [_best_other(key, score), _mean_other(key, score)]
    codes = mediator * size + outcome
    order = np.argsort(codes)
    back = np.searchsorted(codes[order], outcome * size + mediator)
    back = np.minimum(back, len(codes) - 1)
    has = codes[order][back] == outcome * size + mediator
    columns += [np.where(has, score[order][back], LOWEST), _higher(outcome, score)]
    return np.array(columns, np.float64).T


def _best_other(key: Ints, score: Ints) -> Ints:
    """Return, for each row, the best score of the other rows with its key."""
    order = np.lexsort((-score, key))
    keys, scores = key[order], score[order]
    begins = np.append(True, keys[1:] != keys[:-1])
    number = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    ends = np.append(first[1:], len(keys))
    second = np.where(ends - first > 1, scores[np.minimum(first + 1, len(keys) - 1)], LOWEST)
    out = np.empty_like(score)
    out[order] = np.where(begins, second[number], scores[first][number])
    return out


def _mean_other(key: Ints, score: Ints) -> Ints:
    """Return, for each row, the mean score of the other rows with its key, rounded down."""
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    total = np.zeros(len(count), np.int64)
    np.add.at(total, inverse, score)
    others = count[inverse] - 1
    mean: Ints = np.where(others > 0, (total[inverse] - score) // np.maximum(others, 1), LOWEST)
    return mean


def _higher(key: Ints, score: Ints) -> Ints:
    """Return, for each row, how many rows with its key stand before it by score."""
    order = np.lexsort((-score, key))
    keys = key[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    number = np.cumsum(np.append(True, keys[1:] != keys[:-1])) - 1
    out = np.empty_like(score)
    out[order] = np.arange(len(key)) - first[number]
    return out


def elsewhere(seen: View, names: Ints, mediator: Ints, outcome: Ints, score: Ints) -> npt.NDArray[np.float64]:
    """Return how likely the names of a pair are ends elsewhere, in thousandths summed up; `names` numbers the name of each mention.

    Columns: of the mediator's and of the outcome's name, what its other mentions are as mediators and as outcomes, in sum and by
    mention, and how often it is named; the same two names as a pair elsewhere, and turned round; each end in the other role; and what
    else the sentence holds: for this outcome, for this mediator, in all, and for the ends in the other role.
    """
    mentions, count = len(names), int(names.max(initial=-1)) + 1
    chance = chances(score)
    named = np.bincount(names, minlength=count)
    acts, suffers = (_best(mentions, end, score) for end in (mediator, outcome))
    as_mediator, as_outcome = chances(acts), chances(suffers)
    columns: list[Ints] = []
    for end in (mediator, outcome):
        for own in (as_mediator, as_outcome):
            rest = _sums(count, names, own)[names[end]] - own[end]
            columns += [rest, rest // np.maximum(named[names[end]] - 1, 1)]
        columns.append(named[names[end]])
    code, turned = names[mediator] * count + names[outcome], names[outcome] * count + names[mediator]
    kinds, inverse = np.unique(code, return_inverse=True)
    total = np.append(_sums(len(kinds), inverse, chance), 0)
    place = np.searchsorted(kinds, turned)
    place = np.where(np.append(kinds, -1)[place] == turned, place, len(kinds))
    columns += [total[inverse] - chance, total[place], suffers[mediator], acts[outcome]]
    by_outcome, by_mediator = _sums(mentions, outcome, chance), _sums(mentions, mediator, chance)
    by_sentence = _sums(int(seen.sentence.max(initial=-1)) + 1, seen.sentence[outcome], chance)
    columns += [
        by_outcome[outcome] - chance,
        by_mediator[mediator] - chance,
        by_sentence[seen.sentence[outcome]] - chance,
    ]
    columns += [by_outcome[mediator], by_mediator[outcome]]
    return np.array(columns, np.float64).T


def _best(size: int, key: Ints, score: Ints) -> Ints:
    """Return the best score of each key."""
    best = np.full(size, LOWEST)
    np.maximum.at(best, key, score)
    return best


def _sums(size: int, key: Ints, value: Ints) -> Ints:
    """Return the sum of the values of each key."""
    total = np.zeros(size, np.int64)
    np.add.at(total, key, value)
    return total
