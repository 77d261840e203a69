"""What is known of a pair of mentions, as a row of numbers: for the boosted trees of the judge."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.extract.pairs import CLASS, DIRECTIONS, FAR, PARTS, Ints, Kinds, Scene, View, candidates
from pipeline.extract.reading import Reading
from pipeline.extract.roles import names_of

REACH = 200
_DIRECTION = {"positive_correlation": 0, "negative_correlation": 1} | {name: i for i, name in enumerate(DIRECTIONS)}


class Framed(NamedTuple):
    """What frames read, by pair: the number of the first reading of each pair, and arrays over all readings."""

    pairs: dict[tuple[int, int], int]
    mediator: Ints
    outcome: Ints
    trigger: Ints
    direction: Ints
    trust: npt.NDArray[np.float64]
    flags: Ints


def framed(scene: Scene) -> Framed:
    """Return what the frames read as arrays; the confidence of their readings is the share of the frame's that is right."""
    pairs: dict[tuple[int, int], int] = {}
    rows = []
    for n, (_, reading) in enumerate(scene.readings):
        ends = reading.mediator.mention, reading.outcome.mention
        pairs.setdefault(ends, n)
        rows.append(
            (
                *ends,
                reading.trigger[0],
                direction_of(reading),
                int(reading.mediator.antecedent is not None),
                int(reading.negated),
            )
        )
    table = np.array(rows, np.int64).reshape(-1, 6)
    trusted = np.array([reading.confidence for _, reading in scene.readings])
    return Framed(pairs, table[:, 0], table[:, 1], table[:, 2], table[:, 3], trusted, table[:, 4:])


def every_pair(seen: View, scene: Scene, read: Framed) -> tuple[Ints, Ints]:
    """Return all candidates by mediator and outcome: the pairs of `candidates`, and what frames read besides, from afar."""
    size = len(seen.start)
    mediator, outcome = candidates(seen, scene)
    codes = np.sort(
        np.concatenate([mediator * size + outcome, np.array([m * size + o for m, o in read.pairs], np.int64)])
    )
    # Not `union1d`, whose hash table grows slow over codes as regular as these.
    codes = codes[np.diff(codes, prepend=-1) > 0]
    return codes // size, codes % size


def direction_of(reading: Reading) -> int:
    """Return the direction that a reading states, as an index of `DIRECTIONS`."""
    if reading.negated and reading.relation in ("increases", "decreases", "regulates"):
        return DIRECTIONS.index("causes_no_change")
    return _DIRECTION.get(reading.relation, DIRECTIONS.index("association"))


def features(
    seen: View, kinds: Kinds, scene: Scene, read: Framed, mediator: Ints, outcome: Ints, linear: Ints
) -> npt.NDArray[np.float64]:
    """Return one row of numbers for each pair: where its ends are, what is between and around them, what frames read."""
    ms, me, os, oe = seen.start[mediator], seen.end[mediator], seen.start[outcome], seen.end[outcome]
    inside = seen.sentence[mediator] == seen.sentence[outcome]
    forward = ms < os
    left = np.where(forward, me, oe)
    right = np.maximum(np.where(inside, np.where(forward, os, ms), left), left)
    begin, stop = seen.first[outcome], seen.last[outcome]
    lead, trail = np.minimum(ms, os), np.maximum(me, oe)
    columns: list[Any] = [
        *(forward, right - left, seen.place[mediator], seen.place[outcome], seen.among[outcome]),
        *(np.abs(seen.place[mediator] - seen.place[outcome]), stop - begin, inside, linear),
    ]
    columns.extend((seen.sums[right] - seen.sums[left]).T)
    facts_m, facts_o = seen.facts[mediator], seen.facts[outcome]
    columns.extend(facts_m[:, :7].T)
    columns.extend(facts_o[:, :7].T)
    columns.append((facts_m[:, 7] == facts_o[:, 7]) & (facts_m[:, 7] >= 0))
    depth = seen.sums[:, CLASS["open"]] - seen.sums[:, CLASS["close"]]
    columns += [depth[ms] - depth[begin], depth[os] - depth[begin]]
    for token, base, low, high in _triggers(seen, me, os, oe, left, right, lead, trail, begin, stop, inside):
        columns.extend(_trigger_columns(seen, kinds, token, base, low, high))
    for at in (ms - 1, ms - 2, me, me + 1, os - 1, os - 2, oe, oe + 1):
        columns.append(_main_at(seen, at, begin, stop))
    for name in ("comma", "colon", "effect", "reporting", "aim", "question", "toward", "pronoun"):
        place = CLASS[name]
        columns += [
            seen.sums[lead, place] - seen.sums[begin, place],
            seen.sums[stop, place] - seen.sums[np.minimum(trail, stop), place],
        ]
    # What a sentence is made of: one of methods has many numbers, one of results many names.
    columns += [seen.sums[stop, CLASS[name]] - seen.sums[begin, CLASS[name]] for name in ("number", "word", "mention")]
    numbers: dict[str, int] = {}
    names = np.array([numbers.setdefault(name, len(numbers)) for name in names_of(scene)], np.int64)
    columns.append(names[mediator] == names[outcome])
    columns.extend(_acting_columns(seen, scene, mediator, outcome))
    columns.extend(_frame_columns(seen, read, mediator, outcome))
    return np.array([np.asarray(column, np.float64) for column in columns]).T


def _acting_columns(seen: View, scene: Scene, mediator: Ints, outcome: Ints) -> list[Any]:
    """Return, for each part that a mention can have in a clause, whether the mediator has it where the outcome stands; whether the
    outcome has it there; and whether anything has.
    """
    size = len(seen.start)
    starts = np.array([at for at, _ in scene.acting], np.int64)
    clause = np.searchsorted(starts, seen.start[outcome], side="right") - 1
    # What each mention is in each clause, a bit a part; `codes` are mentions of clauses.
    parts: dict[int, int] = {}
    filled = np.zeros(len(scene.acting) + 1, np.int64)
    for n, (_, acting) in enumerate(scene.acting):
        for part, mentions in enumerate(acting):
            if mentions:
                filled[n] |= 1 << part
                for mention in mentions:
                    code = n * size + mention
                    parts[code] = parts.get(code, 0) | 1 << part
    codes = np.array(sorted(parts), np.int64)
    bits = np.array([parts[code] for code in codes.tolist()] + [0], np.int64)

    def of(mention: Ints) -> Ints:
        wanted = clause * size + mention
        at = np.searchsorted(codes, wanted)
        return np.where(np.append(codes, -1)[at] == wanted, bits[at], 0)

    told = of(mediator), of(outcome), filled[clause]
    return [bit >> part & 1 for part in range(PARTS) for bit in told]


def _main_at(seen: View, at: Ints, begin: Ints, stop: Ints) -> Ints:
    """Return the main class of the token `at`, or the edge class outside of the sentence."""
    return seen.main[np.where((at >= begin) & (at < stop), at, len(seen.main) - 1)]


def _triggers(
    seen: View,
    me: Ints,
    os: Ints,
    oe: Ints,
    left: Ints,
    right: Ints,
    lead: Ints,
    trail: Ints,
    begin: Ints,
    stop: Ints,
    inside: Any,
) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Return effect words of interest: the token, what its distance is from, and the bounds that it must lie in."""
    empty = np.where(inside, right, left)
    nearest = seen.before[os]
    return [
        (seen.after[left], left, left, empty),
        (seen.before[right], right, left, empty),
        (seen.after[trail], trail, trail, np.minimum(stop, trail + 6)),
        (seen.before[lead], lead, np.maximum(begin, lead - 6), lead),
        (nearest, os, begin, os),
        (seen.before[np.maximum(nearest, 0)], os, begin, os),
        (seen.after[oe], oe, oe, np.minimum(stop, oe + 14)),
        (seen.after[me], me, me, np.minimum(stop, me + 12)),
    ]


def _trigger_columns(seen: View, kinds: Kinds, token: Ints, base: Ints, low: Ints, high: Ints) -> list[Ints]:
    """Return of an effect word: distance, sign, relation, main class, negated, commas and names from the base, what comes next."""
    size = len(seen.kind)
    valid = (token >= low) & (token < high) & (token >= 0) & (token < size)
    at = np.where(valid, token, 0)
    kind = seen.kind[at]
    negation, comma, mention = CLASS["negation"], CLASS["comma"], CLASS["mention"]
    denied = seen.sums[at, negation] - seen.sums[np.maximum(at - 2, 0), negation]
    commas, names = (np.abs(seen.sums[at, place] - seen.sums[base, place]) for place in (comma, mention))
    told = (
        np.abs(token - base),
        kinds.sign[kind],
        kinds.relation[kind],
        seen.main[at],
        denied,
        commas,
        names,
        seen.main[at + 1],
    )
    return [
        np.where(valid, column, missing) for column, missing in zip(told, (FAR, 0, -1, -1, 0, 0, 0, -1), strict=True)
    ]


def _frame_columns(seen: View, read: Framed, mediator: Ints, outcome: Ints) -> list[Any]:
    """Return what frames read of a pair, of its reverse, and of its ends with others."""
    size = len(mediator)
    own = np.array(
        [read.pairs.get(pair, -1) for pair in zip(mediator.tolist(), outcome.tolist(), strict=True)], np.int64
    )
    back = np.array(
        [read.pairs.get(pair, -1) for pair in zip(outcome.tolist(), mediator.tolist(), strict=True)], np.int64
    )
    mentions = len(seen.start)
    acts, suffers = np.bincount(read.mediator, minlength=mentions), np.bincount(read.outcome, minlength=mentions)
    sentence = np.bincount(seen.sentence[read.outcome], minlength=int(seen.sentence.max(initial=0)) + 1)
    columns: list[Any] = [own >= 0, back >= 0]
    trust, trigger, direction = np.append(read.trust, 0.0), np.append(read.trigger, 0), np.append(read.direction, -1)
    flags = np.vstack([read.flags, np.zeros((1, 2), np.int64)])
    columns += [trust[own], trust[back], direction[own], direction[back]]
    columns += [acts[mediator], suffers[outcome], acts[outcome], suffers[mediator], sentence[seen.sentence[outcome]]]
    columns += [np.where(own >= 0, trigger[own] - seen.start[outcome], FAR), flags[own, 0], flags[own, 1]]
    columns += _sibling_columns(seen, read, (mediator, outcome), (read.mediator, read.outcome), size)
    columns += _sibling_columns(seen, read, (outcome, mediator), (read.outcome, read.mediator), size)
    return columns


def _sibling_columns(
    seen: View, read: Framed, pair: tuple[Ints, Ints], ends: tuple[Ints, Ints], size: int
) -> list[Any]:
    """Return of the readings that share the pair's first end: how near their other end is, the nearest one's direction, the best
    trust, and the direction of one whose other end stands in a list with the pair's. Ends further apart than `REACH` tokens are
    strangers, so that the cost stays linear in the length of a list.
    """
    whole = len(seen.kind) + REACH
    code = pair[0] * whole + seen.start[pair[1]]
    order = np.argsort(code, kind="stable")
    keys = code[order]
    group = seen.facts[:, 7]
    shared, other = ends
    place = shared * whole + seen.start[other]
    low = np.searchsorted(keys, np.maximum(place - REACH, shared * whole))
    high = np.searchsorted(keys, place + np.minimum(REACH, whole - 1 - seen.start[other]), side="right")
    # Each reading beside each pair that shares its end.
    number = np.repeat(np.arange(len(shared)), high - low)
    rows = order[np.arange(len(number)) + np.repeat(low - np.cumsum(high - low) + (high - low), high - low)]
    apart = pair[1][rows] != other[number]
    number, rows = number[apart], rows[apart]
    theirs, own = other[number], pair[1][rows]
    far = np.abs(seen.start[own] - seen.start[theirs])
    near, way, trust, listed = np.full(size, FAR), np.full(size, -1), np.zeros(size), np.full(size, -1)
    np.minimum.at(near, rows, far)
    np.maximum.at(trust, rows, read.trust[number])
    # Of readings equally near the first counts, of those in a list the last; of several writes to one place the last stays.
    nearest = np.flatnonzero((far == near[rows]) & (far < FAR))[::-1]
    way[rows[nearest]] = read.direction[number[nearest]]
    joined = np.flatnonzero((group[theirs] >= 0) & (group[own] == group[theirs]))
    listed[rows[joined]] = read.direction[number[joined]]
    return [near, way, trust, listed]
