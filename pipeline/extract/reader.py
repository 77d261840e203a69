"""One left-to-right reader of a sentence's clauses: frames propose, state fills what a clause leaves unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.extract.clauses import after_report, as_cause, split_clauses, take_topic, takes_object, without_comparison
from pipeline.extract.items import Item, Member
from pipeline.extract.nouns import join_lists
from pipeline.extract.reading import Reading, Trace
from pipeline.frames import BY_VALUE, SIGNS, TRIGGERS, Grammar, Rule

# What gets a treatment and is none.
RECEIVERS = frozenset({"disease", "organism", "cell", "anatomy", "phenotype", ""})

# 疾病与分子相关: the molecule is what is spoken of, whichever stands first.
MUTUAL = frozenset({"association", "positive_correlation", "negative_correlation"})
ILLS = frozenset({"disease", "phenotype"})
MOLECULES = frozenset({"gene_or_protein", "complex_or_family", "chemical", "pathway"})


class State(NamedTuple):
    """What is carried along: who acts (`subject`), who acted already, under what (`topic`), in what (`place`), the last
    treatment, and who acted in the sentence `before`.
    """

    subject: tuple[Member, ...] = ()
    agent: tuple[Member, ...] = ()
    topic: tuple[Member, ...] = ()
    place: tuple[Member, ...] = ()
    treatment: tuple[Member, ...] = ()
    before: tuple[Member, ...] = ()


class Match(NamedTuple):
    """A frame that matched a clause's items `start:end`."""

    rule: Rule
    start: int
    end: int
    slots: dict[str, int]


class Reader:
    """Reads sentences with a grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Keep the grammar and the frames of each level."""
        self.grammar = grammar
        self.noun = grammar.code_of[frozenset({"noun"})]
        self.embedded = grammar.rules.get("embedded", ())
        self.clause = grammar.rules.get("clause", ())

    def read(
        self, items: Sequence[Item], words: Sequence[str], state: State
    ) -> tuple[list[Reading], list[Trace], State]:
        """Return the readings of one sentence, the reasons of clauses without one, and the state after it."""
        readings: list[Reading] = []
        traces: list[Trace] = []
        state = State(treatment=state.treatment, before=state.subject or state.agent or state.before)
        for clause, begins in split_clauses(items):
            if begins:
                state = state._replace(agent=())
            if reason := self._not_a_claim(clause):
                traces.append(Trace(clause[0].start, clause[-1].end, reason))
                continue
            if readings and (more := self._continued(clause, words, readings)):
                readings.extend(more)
                continue
            found, state, reason = self._read_clause(clause, words, state)
            readings.extend(found)
            if not found:
                traces.append(Trace(clause[0].start, clause[-1].end, reason))
        return readings, traces, state

    def _continued(self, clause: Sequence[Item], words: Sequence[str], readings: Sequence[Reading]) -> list[Reading]:
        """Read a clause of nouns only as the rest of the list that the clause before ends with (抑制A、B，C和D)."""
        last = readings[-1]
        joined = join_lists(clause)
        if len(joined) == 2 and "such" in joined[0].classes and joined[1].members and not joined[1].reference:
            return self._examples(joined[1].members, readings)
        ends_role = len(joined) == 3 and "of" in joined[1].classes and "role" in joined[2].classes
        if not (len(joined) == 1 or ends_role) or not joined[0].members or joined[0].reference:
            return []
        if max(last.outcome.end, last.trigger[1]) + 4 < joined[0].start or last.trigger[0] > last.outcome.start:
            return []
        same = {r.mediator: r for r in readings if (r.trigger, r.rule) == (last.trigger, last.rule)}
        relation = self.grammar.relations["effect"].get(words[last.trigger[0]], last.relation)
        if last.relation == "causes_no_change":
            relation = last.relation
        folded = [fold(self._by_value(relation, m, words), m) for m in joined[0].members]
        return [r._replace(relation=told, outcome=m) for r in same.values() for told, m in folded]

    @staticmethod
    def _examples(members: Sequence[Member], readings: Sequence[Reading]) -> list[Reading]:
        """Read …，如A、B: what was said of the last noun holds for its examples."""
        last = readings[-1]
        if last.outcome.start > last.mediator.start:
            same = [r for r in readings if r.outcome == last.outcome]
            return [r._replace(outcome=m) for r in same for m in members]
        same = [r for r in readings if r.mediator == last.mediator]
        return [r._replace(mediator=m) for r in same for m in members]

    @staticmethod
    def _not_a_claim(clause: Sequence[Item]) -> str:
        for item in clause:
            if "question" in item.classes:
                return "question or condition"
            if "aim" in item.classes:
                return "aim or method"
        return ""

    def _read_clause(
        self, clause: Sequence[Item], words: Sequence[str], state: State
    ) -> tuple[list[Reading], State, str]:
        hedged = any(item.hedged for item in clause)
        prefix, clause = after_report(clause)
        if any("at" in item.classes for item in prefix):
            _, topic, place = take_topic(prefix)
            state = state._replace(topic=topic or state.topic, place=place)
        clause, state = self._resolve(clause, state)
        clause = join_lists(clause)
        clause = self._such(clause)
        readings: list[Reading] = []
        clause = self._embedded(clause, words, readings)
        clause = [item for item in clause if item.classes != {"modal"}]
        clause = without_comparison(clause)
        clause, topic, place = take_topic(clause)
        if topic or place:
            state = state._replace(topic=topic or state.topic, place=place)
        found, state, reason = self._frames(clause, words, state)
        readings.extend(found)
        if hedged:
            readings = [r._replace(hedged=True) for r in readings]
        return readings, state, reason

    def _resolve(self, clause: Sequence[Item], state: State) -> tuple[list[Item], State]:
        """Fill in what 它, 其表达 and 治疗组 stand for."""
        out = []
        for item in clause:
            if item.reference in ("pronoun", "possessive", "group"):
                group = item.reference == "group"
                source = state.treatment if group else state.subject or state.before
                placeholder = item.members[0]
                members = tuple(
                    m._replace(
                        antecedent=(item.start, item.end),
                        tail=placeholder.tail,
                        aspect=placeholder.aspect,
                        bearer=group,
                        owners=(),
                    )
                    for m in source
                )
                item = item._replace(members=members, reference="")
            elif item.reference == "grouped":
                bearers = tuple(m._replace(bearer=True) for m in state.treatment)
                members = tuple(m._replace(owners=(*m.owners, *bearers)) for m in item.members)
                item = item._replace(members=members, reference="")
            if item.classes == {"noun"} and not item.members:
                continue
            out.append(item)
        return out, state

    def _such(self, clause: list[Item]) -> list[Item]:
        """炎性疾病如A、B: the examples stand for the class."""
        out: list[Item] = []
        for item in clause:
            if "noun" in item.classes and len(out) > 1 and "such" in out[-1].classes and "noun" in out[-2].classes:
                out[-2:] = [item._replace(start=out[-2].start)]
            else:
                out.append(item)
        return out

    def _embedded(self, clause: list[Item], words: Sequence[str], readings: list[Reading]) -> list[Item]:
        """Read relations inside noun phrases (X诱导的Y) and leave their head noun; repeat until none is left."""
        changed = True
        while changed:
            changed = False
            codes = "".join(item.code for item in clause)
            for rule in self.embedded:
                found = rule.regex.search(codes)
                if not found:
                    continue
                match = Match(rule, found.start(), found.end(), _slots(found))
                readings.extend(self._emit(match, clause, words, (), ()))
                clause[match.start : match.end] = [self._head(match, clause, words)]
                changed = True
                break
        return clause

    def _head(self, match: Match, clause: Sequence[Item], words: Sequence[str]) -> Item:
        """Return the noun item that an embedded frame leaves: its outcome slot, with owners or a change."""
        frame = match.rule.frame
        inside = clause[match.start : match.end]
        kept = clause[match.slots["keep" if "keep" in match.slots else "o"]]
        members = kept.members
        if frame.relation == "change":
            sign = SIGNS.get(self._relation(match, clause, words), 0)
            members = tuple(m._replace(change=(m.change or 1) * sign) for m in members)
        elif "m" in match.slots:
            causes = tuple(m._replace(bearer=True) for m in clause[match.slots["m"]].members)
            members = tuple(m._replace(owners=(*m.owners, *causes)) for m in members)
        return kept._replace(
            start=inside[0].start,
            end=inside[-1].end,
            members=members,
            negated=any(i.negated for i in inside),
            hedged=any(i.hedged for i in inside),
        )

    def _frames(self, clause: Sequence[Item], words: Sequence[str], state: State) -> tuple[list[Reading], State, str]:
        """Scan a clause from left to right with the clause frames."""
        codes = "".join(item.code for item in clause)
        readings: list[Reading] = []
        if stated := self._change_alone(clause, state):
            return stated, state, ""
        subject: tuple[Member, ...] = ()
        last: tuple[Member, ...] = ()
        reason = "no effect word"
        at = 0
        while at < len(clause):
            match = self._match(codes, at)
            if match is None:
                if clause[at].members and not (at and (subject or state.subject) and takes_object(clause[at - 1])):
                    subject = clause[at].members
                if "administer" in clause[at].classes:
                    near = [clause[i].members for i in (at - 1, at + 1) if 0 <= i < len(clause) and clause[i].members]
                    near = [members for members in near if members[0].type not in RECEIVERS]
                    if near:
                        state = state._replace(treatment=near[0])
                at += 1
                continue
            nearest = last or subject or state.subject
            acting = subject or state.subject or state.topic
            found = list(
                self._emit(match, clause, words, acting, self._cause(match, clause, state), state.place, nearest)
            )
            last = clause[match.slots["o"]].members if "o" in match.slots else last
            if found:
                agent = tuple(dict.fromkeys(r.mediator for r in found))
                state = state._replace(agent=agent)
                if not subject and not state.subject:
                    subject = agent
            else:
                reason = f"{match.rule.frame.name}: no mediator"
                if match.rule.frame.mediator == "topic" and "o" in match.slots:
                    subject = self._changed(match, clause, words)
                elif at and "via" in clause[at - 1].classes and "o" in match.slots:
                    subject = clause[match.slots["o"]].members
            readings.extend(found)
            at = match.end
        is_aside = len(clause) == 1 and not readings and state.subject
        if subject and not is_aside:
            state = state._replace(subject=subject)
        return readings, state, reason

    def _change_alone(self, clause: Sequence[Item], state: State) -> list[Reading]:
        """Read a clause that is one changed noun (X通路激活) under a topic."""
        if len(clause) != 1 or not state.topic or not all(m.change for m in clause[0].members):
            return []
        item = clause[0]
        relations = {1: "increases", -1: "decreases"}
        return [
            Reading(
                cause,
                relations[m.change],
                m._replace(change=0),
                (item.end - 1, item.end),
                item.negated,
                item.hedged,
                "change-alone",
            )
            for cause in state.topic
            for m in item.members
        ]

    def _changed(self, match: Match, clause: Sequence[Item], words: Sequence[str]) -> tuple[Member, ...]:
        sign = SIGNS.get(self._relation(match, clause, words), 0)
        return tuple(m._replace(change=sign) for m in clause[match.slots["o"]].members)

    def _cause(self, match: Match, clause: Sequence[Item], state: State) -> tuple[Member, ...]:
        """Return the mediator of a change that names none: the bearer of what changes, the topic, or who acted before."""
        if "o" in match.slots:
            owners = [m.owners for m in clause[match.slots["o"]].members]
            bearers = tuple(c for group in owners for o in group if o.bearer and (c := as_cause(o)))
            if bearers:
                return tuple(dict.fromkeys(bearers))
        return state.topic or state.agent

    def _match(self, codes: str, at: int) -> Match | None:
        for rule in self.clause:
            found = rule.regex.match(codes, at)
            if found and found.end() > at:
                return Match(rule, at, found.end(), _slots(found))
        return None

    def _emit(
        self,
        match: Match,
        clause: Sequence[Item],
        words: Sequence[str],
        subject: tuple[Member, ...],
        cause: tuple[Member, ...],
        place: tuple[Member, ...] = (),
        nearest: tuple[Member, ...] = (),
    ) -> Iterator[Reading]:
        """Yield the readings of a match: mediators times outcomes."""
        frame = match.rule.frame
        relation = self._relation(match, clause, words)
        if relation in ("", "change") or frame.relation in ("none", "change"):
            return
        slots = {name: clause[i].members for name, i in match.slots.items()}
        slots |= {"subject": subject, "topic": cause, "place": place, "nearest": nearest}
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
            if relation in MUTUAL and mediator.type in ILLS and outcome.type in MOLECULES:
                mediator, outcome = outcome, mediator
            signed, told = fold(self._by_value(relation, outcome, words), outcome)
            if negated and signed in ("increases", "decreases", "regulates"):
                yield Reading(
                    mediator, "causes_no_change", told, (trigger.start, trigger.end), False, hedged, frame.name
                )
            else:
                yield Reading(mediator, signed, told, (trigger.start, trigger.end), negated, hedged, frame.name)

    def _by_value(self, relation: str, outcome: Member, words: Sequence[str]) -> str:
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
        acting = slots.get(mediator) or (slots["subject"] if mediator == "m" else ())
        return [(m, o) for m in acting for o in slots.get(outcome, ())]

    def _relation(self, match: Match, clause: Sequence[Item], words: Sequence[str]) -> str:
        """Return the relation that a match states: the frame's own or its trigger's, with the second trigger's sign."""
        frame = match.rule.frame
        relation = frame.relation
        if relation in ("trigger", "change"):
            relation = self._of_trigger(clause[match.slots["t"]], words)
        if "u" in match.slots:
            sign = SIGNS.get(self._of_trigger(clause[match.slots["u"]], words), 0)
            if sign == 0:
                return "regulates"
            relation = flip(relation) if sign < 0 else relation
        return relation

    def _of_trigger(self, item: Item, words: Sequence[str]) -> str:
        word = words[item.start]
        for name in TRIGGERS:
            if relation := self.grammar.relations[name].get(word):
                return relation
        return ""


def _slots(found: object) -> dict[str, int]:
    """Return the item index of each group that took part in a match."""
    return {name: found.start(name) for name, text in found.groupdict().items() if text}  # type: ignore[attr-defined]


def flip(relation: str) -> str:
    """Return the relation of the other sign."""
    pairs = {"increases": "decreases", "positive_correlation": "negative_correlation"}
    return (pairs | {b: a for a, b in pairs.items()}).get(relation, relation)


def fold(relation: str, outcome: Member) -> tuple[str, Member]:
    """Fold an outcome's own change into the relation: 引起(骨量减少) is `decreases` 骨量."""
    if relation in ("increases", "decreases") and outcome.change:
        return (flip(relation) if outcome.change < 0 else relation), outcome._replace(change=0)
    return relation, outcome
