"""Coordination: A、B和C, A等因子, …，如A、B; and the lists that go on over commas."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.emit import Emitter, fold
from pipeline.extract.items import Item, Member
from pipeline.extract.reading import Reading

# Classes of the words that join nouns.
JOINING = frozenset({"list", "with", "or", "etc"})


def join_lists(items: Sequence[Item]) -> list[Item]:
    """Return a clause's items with coordinated nouns (A、B和C, A与B) made one noun item with several members."""
    if all(item.classes.isdisjoint(JOINING) for item in items):
        return list(items)
    keep = _prepositions(items)
    out: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        if "noun" in item.classes:
            stop, group = at + 1, list(item.members)
            while (joined := _joined(items, stop, keep)) is not None:
                group.extend(_shared(items[joined].members, group))
                stop = joined + 1
            if stop < len(items) and items[stop].classes == {"etc"}:
                stop += 1
                if stop + 1 < len(items) and "correlate" in items[stop].classes and "noun" in items[stop + 1].classes:
                    stop += 1
                # A、B等(相关)因子: the class name after 等 says what A and B are.
                if stop < len(items) and "noun" in items[stop].classes and len(group) >= 1:
                    group = _with_tail(group, items[stop])
                    stop += 1
            last = items[stop - 1]
            flags = items[at:stop]
            out.append(
                item._replace(
                    end=last.end,
                    members=tuple(group),
                    negated=any(i.negated for i in flags),
                    hedged=any(i.hedged for i in flags),
                )
            )
            at = stop
        else:
            out.append(item)
            at += 1
    return out


def _joined(items: Sequence[Item], at: int, keep: frozenset[int]) -> int | None:
    """Return the index of the noun that a separator at `at` joins on, or None."""
    if at + 1 < len(items) and items[at].classes == {"etc"} and "noun" in items[at + 1].classes:
        # A、B等因子: no further member, but what A and B are.
        return None
    seen = False
    while at < len(items) and at not in keep and not items[at].classes.isdisjoint(JOINING):
        seen = True
        at += 1
    return at if seen and at < len(items) and "noun" in items[at].classes else None


def _shared(members: Sequence[Member], group: Sequence[Member]) -> list[Member]:
    """Give a bare aspect in a list (A的表达和分泌) the head that stands before it."""
    return [
        group[-1]._replace(tail=m.tail, aspect=m.aspect) if m.mention < 0 and m.tail and group else m for m in members
    ]


def _with_tail(group: list[Member], item: Item) -> list[Member]:
    """Spread the aspect after 等 (A、B等因子的表达) over the members."""
    last = item.members[-1] if item.members else None
    if last is None or last.tail is None:
        return group
    return [m if m.tail else m._replace(tail=last.tail, aspect=last.aspect) for m in group]


def _prepositions(items: Sequence[Item]) -> frozenset[int]:
    """Return the indices of the 与/和 that are prepositions (与X相关, 与X结合).

    Of each word of correlation it is the first 与-word before it with only nouns and light words between; 与, 同 and 跟
    go before 和 and 及.
    """
    found = set()
    begin = 0
    for i, item in enumerate(items):
        if "change" not in item.classes and not item.classes.isdisjoint(
            {"effect", "comma", "colon", "reporting", "be"}
        ):
            begin = i + 1
        if "correlate" in item.classes:
            marks = [k for k in range(begin, i) if "with" in items[k].classes]
            strong = [k for k in marks if items[k].end - items[k].start == 1 and "strong" in items[k].classes]
            if marks:
                found.add((strong or marks)[0])
                begin = i + 1
    return frozenset(found)


def continued(
    clause: Sequence[Item], words: Sequence[str], readings: Sequence[Reading], emitter: Emitter
) -> list[Reading]:
    """Read a clause of nouns only as the rest of the list that the clause before ends with (抑制A、B，C和D)."""
    last = readings[-1]
    joined = join_lists(clause)
    if len(joined) == 2 and "such" in joined[0].classes and joined[1].members and not joined[1].reference:
        return _examples(joined[1].members, readings)
    ends_role = len(joined) == 3 and "of" in joined[1].classes and "role" in joined[2].classes
    if not (len(joined) == 1 or ends_role) or not joined[0].members or joined[0].reference:
        return []
    if max(last.outcome.end, last.trigger[1]) + 4 < joined[0].start or last.trigger[0] > last.outcome.start:
        return []
    same = {r.mediator: r for r in readings if (r.trigger, r.rule) == (last.trigger, last.rule)}
    relation = emitter.grammar.relations["effect"].get(words[last.trigger[0]], last.relation)
    if last.relation == "causes_no_change":
        relation = last.relation
    folded = [fold(emitter.by_value(relation, m, words), m) for m in joined[0].members]
    return [r._replace(relation=told, outcome=m) for r in same.values() for told, m in folded]


def _examples(members: Sequence[Member], readings: Sequence[Reading]) -> list[Reading]:
    """Read …，如A、B: what was said of the last noun holds for its examples."""
    last = readings[-1]
    if last.outcome.start > last.mediator.start:
        same = [r for r in readings if r.outcome == last.outcome]
        return [r._replace(outcome=m) for r in same for m in members]
    same = [r for r in readings if r.mediator == last.mediator]
    return [r._replace(mediator=m) for r in same for m in members]


def fold_examples(clause: list[Item]) -> list[Item]:
    """炎性疾病如A、B: the examples stand for the class."""
    out: list[Item] = []
    for item in clause:
        if "noun" in item.classes and len(out) > 1 and "such" in out[-1].classes and "noun" in out[-2].classes:
            out[-2:] = [item._replace(start=out[-2].start)]
        else:
            out.append(item)
    return out
