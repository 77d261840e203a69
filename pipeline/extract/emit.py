"""Readings of a frame's match: mediators times outcomes, with the sign that words of change and good or bad put on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.extract.items import Item, Member
from pipeline.extract.reading import Reading
from pipeline.extract.state import Match
from pipeline.frames import BY_VALUE, SIGNS, Grammar


class Emitter:
    """Turns matches into readings."""

    def __init__(self, grammar: Grammar) -> None:
        """Keep the grammar."""
        self.grammar = grammar

    def emit(
        self,
        match: Match,
        clause: Sequence[Item],
        words: Sequence[str],
        fills: Mapping[str, tuple[Member, ...]],
    ) -> Iterator[Reading]:
        """Yield the readings of a match: mediators times outcomes; `fills` are the members that the state gives."""
        frame = match.rule.frame
        relation = self.relation(match, clause, words)
        if relation in ("", "change") or frame.relation in ("none", "change"):
            return
        slots = dict(fills) | {name: clause[i].members for name, i in match.slots.items()}
        pairs = self._pairs(frame.mediator, frame.outcome, slots)
        inside = clause[match.start : match.end]
        negated = sum(i.negated for i in inside) % 2 == 1 or relation == "no_association"
        hedged = any(i.hedged for i in inside)
        trigger = clause[match.slots.get("t", match.end - 1)]
        if relation == "no_association":
            relation = "association"
        for mediator, outcome in pairs:
            if (mediator.start, mediator.end) == (outcome.start, outcome.end) and mediator.mention == outcome.mention:
                continue
            signed, told = fold(self.by_value(relation, outcome, words), outcome)
            if negated and signed in ("increases", "decreases", "regulates"):
                yield Reading(
                    mediator, "causes_no_change", told, (trigger.start, trigger.end), False, hedged, frame.name
                )
            else:
                yield Reading(mediator, signed, told, (trigger.start, trigger.end), negated, hedged, frame.name)

    def by_value(self, relation: str, outcome: Member, words: Sequence[str]) -> str:
        """Return what 改善 and 控制 mean for an outcome: a bad thing decreases, a good one increases."""
        if relation not in BY_VALUE:
            return relation
        last = outcome.tail[1] if outcome.tail else outcome.end
        name = "".join(words[outcome.start : outcome.end])
        whole = "".join(words[outcome.start : last])
        is_bad = outcome.type in ("disease", "phenotype") if not outcome.tail else False
        return (
            "decreases"
            if is_bad or name.endswith(self.grammar.bad) or whole.endswith(self.grammar.bad)
            else BY_VALUE[relation]
        )

    @staticmethod
    def _pairs(mediator: str, outcome: str, slots: dict[str, tuple[Member, ...]]) -> list[tuple[Member, Member]]:
        if mediator == outcome:
            members = slots.get(mediator, ())
            return [(members[0], m) for m in members[1:]]
        # 对B有影响: who has it may stand further off.
        acting = slots.get(mediator) or (slots.get("subject", ()) if mediator == "m" else ())
        return [(m, o) for m in acting for o in slots.get(outcome, ())]

    def relation(self, match: Match, clause: Sequence[Item], words: Sequence[str]) -> str:
        """Return the relation that a match states: the frame's own or its trigger's, with the second trigger's sign."""
        told = self.grammar.relation_of
        relation = match.rule.frame.relation
        if relation in ("trigger", "change"):
            relation = told.get(words[clause[match.slots["t"]].start], "")
        if "u" in match.slots:
            sign = SIGNS.get(told.get(words[clause[match.slots["u"]].start], ""), 0)
            if sign == 0:
                return "regulates"
            relation = flip(relation) if sign < 0 else relation
        return relation


def flip(relation: str) -> str:
    """Return the relation of the other sign."""
    pairs = {"increases": "decreases", "positive_correlation": "negative_correlation"}
    return (pairs | {b: a for a, b in pairs.items()}).get(relation, relation)


def fold(relation: str, outcome: Member) -> tuple[str, Member]:
    """Fold an outcome's own change into the relation: 引起(骨量减少) is `decreases` 骨量."""
    if relation in ("increases", "decreases") and outcome.change:
        return (flip(relation) if outcome.change < 0 else relation), outcome._replace(change=0)
    return relation, outcome
