"""What one run finds that another does not: triples gained, lost and changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from pipeline.model import End, Triple
from pipeline.schema import read_records

# Counters and what follows from the rest: they may move without the reading being another.
_PASSING = frozenset({"triple_id", "mention_id", "evidence.text"})


class Change(msgspec.Struct, frozen=True):
    """One field of a triple that the two runs write differently."""

    field: str
    before: Any
    after: Any


class Changed(msgspec.Struct, frozen=True):
    """A triple that both runs read from the same place, differently."""

    before: Triple
    after: Triple
    changes: list[Change]


class Tally(msgspec.Struct, frozen=True):
    """How many triples a document or a rule gained, lost and has changed."""

    gained: int
    lost: int
    changed: int


class Differences(msgspec.Struct, frozen=True):
    """From run A to run B. `only_a` and `only_b` are documents that one of them lacks."""

    same: int
    gained: list[Triple]
    lost: list[Triple]
    changed: list[Changed]
    documents: dict[str, Tally]
    rules: dict[str, Tally]
    only_a: list[str]
    only_b: list[str]


class _Id(msgspec.Struct, frozen=True):
    doc_id: str


def compare(run_a: Path, run_b: Path) -> Differences:
    """Compare two run folders.

    Raises:
        RunError: where one of them is no run folder.
    """
    ids_a, ids_b = ([record.doc_id for record in read_records(run, "documents", _Id)] for run in (run_a, run_b))
    before, after = _by_document(run_a), _by_document(run_b)
    same, gained, lost, changed = 0, [], [], []
    for doc in dict.fromkeys([*ids_a, *ids_b, *before, *after]):
        pairs, old, new = _pair(before.get(doc, []), after.get(doc, []))
        lost += old
        gained += new
        for a, b in pairs:
            if changes := list(_changes(a, b)):
                changed.append(Changed(a, b, changes))
            else:
                same += 1
    return Differences(
        same=same,
        gained=gained,
        lost=lost,
        changed=changed,
        documents=_tallies((t.doc_id for t in gained), (t.doc_id for t in lost), (c.after.doc_id for c in changed)),
        rules=_tallies((t.rule for t in gained), (t.rule for t in lost), (c.after.rule for c in changed)),
        only_a=sorted(set(ids_a) - set(ids_b)),
        only_b=sorted(set(ids_b) - set(ids_a)),
    )


def _by_document(run: Path) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in read_records(run, "triples", Triple):
        found[triple.doc_id].append(triple)
    return found


def _pair(before: list[Triple], after: list[Triple]) -> tuple[list[tuple[Triple, Triple]], list[Triple], list[Triple]]:
    """Pair the triples of one document, the closest first; what is left on each side is lost or gained.

    Closest is the same identifier, then the same ends, then ends that overlap; the evidence always overlaps.
    """
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for close in (_same_id, _same_ends, _touching_ends):
        for i, a in enumerate(before):
            if i not in pairs:
                for j, b in enumerate(after):
                    if j not in used and close(a, b):
                        pairs[i] = j
                        used.add(j)
                        break
    return (
        [(before[i], after[j]) for i, j in sorted(pairs.items())],
        [a for i, a in enumerate(before) if i not in pairs],
        [b for j, b in enumerate(after) if j not in used],
    )


def _overlap(a: Any, b: Any) -> bool:
    return bool(a.start < b.end and b.start < a.end)


def _same_id(a: Triple, b: Triple) -> bool:
    return a.triple_id == b.triple_id


def _same_ends(a: Triple, b: Triple) -> bool:
    return _overlap(a.evidence, b.evidence) and _place(a.mediator, a.outcome) == _place(b.mediator, b.outcome)


def _place(*ends: End) -> list[tuple[int, int]]:
    return [(end.start, end.end) for end in ends]


def _touching_ends(a: Triple, b: Triple) -> bool:
    return _overlap(a.evidence, b.evidence) and _overlap(a.mediator, b.mediator) and _overlap(a.outcome, b.outcome)


def _changes(a: Triple, b: Triple) -> Iterator[Change]:
    flat_a, flat_b = (dict(_flat("", msgspec.to_builtins(triple))) for triple in (a, b))
    for name in dict.fromkeys([*flat_a, *flat_b]):
        before, after = flat_a.get(name), flat_b.get(name)
        if before != after and name not in _PASSING and name.rpartition(".")[2] not in _PASSING:
            yield Change(name, before, after)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested objects under dotted names; a list is one leaf."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    else:
        yield prefix, value


def _tallies(gained: Iterable[str], lost: Iterable[str], changed: Iterable[str]) -> dict[str, Tally]:
    counts = Counter(gained), Counter(lost), Counter(changed)
    groups = set().union(*counts)
    ranked = sorted(groups, key=lambda group: (-sum(count[group] for count in counts), group))
    return {group: Tally(*(count[group] for count in counts)) for group in ranked}
