"""One left-to-right reader of a sentence's clauses: frames propose, state fills what a clause leaves unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.clauses import (
    after_report,
    as_cause,
    split_clauses,
    take_topic,
    takes_object,
    without_comparison,
    without_modals,
)
from pipeline.extract.emit import Emitter
from pipeline.extract.items import Item, Member
from pipeline.extract.lists import continued, fold_examples, join_lists
from pipeline.extract.reading import Reading, Trace
from pipeline.extract.state import Match, State, slots_of
from pipeline.frames import SIGNS, Grammar

# What gets a treatment and is none.
RECEIVERS = frozenset({"disease", "organism", "cell", "anatomy", "phenotype", ""})


# Where a topic says under what, these only bear what happens: 热应激下，小鼠….
BEARERS = frozenset({"organism", "cell"})


def _changed(member: Member, sign: int) -> Member:
    """Put a change on a member; 敲除X的小鼠: X is changed, and the mouse bears it."""
    if member.type in BEARERS and member.owners and member.owners[-1].type not in (*BEARERS, "anatomy", ""):
        *others, lost = member.owners
        return member._replace(owners=(*others, lost._replace(change=sign, bearer=True)))
    return member._replace(change=(member.change or 1) * sign)


class SentenceRead(NamedTuple):
    """What the frames read in a sentence, why clauses gave nothing, the state after it, after each clause (by its first token), and
    the clauses that claim nothing.
    """

    readings: list[Reading]
    traces: list[Trace]
    state: State
    states: list[tuple[int, State]]
    barred: list[tuple[int, int]]


class Reader:
    """Reads sentences with a grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Keep the grammar and the frames of each level."""
        self.grammar = grammar
        self.emitter = Emitter(grammar)
        self.embedded = grammar.rules.get("embedded", ())
        clause = grammar.rules.get("clause", ())
        self.clause = {code: tuple(r for r in clause if code in r.begins) for code in grammar.code_of.values()}

    def read(self, items: Sequence[Item], words: Sequence[str], state: State) -> SentenceRead:
        """Return the readings of one sentence, the reasons of clauses without one, and the state after each clause."""
        readings: list[Reading] = []
        traces: list[Trace] = []
        states: list[tuple[int, State]] = []
        barred: list[tuple[int, int]] = []
        state = State(treatment=state.treatment, before=state.subject or state.agent or state.before)
        for clause, begins in split_clauses(items):
            if begins:
                state = state._replace(agent=())
            if reason := self._not_a_claim(clause):
                barred.append((clause[0].start, clause[-1].end))
                traces.append(Trace(clause[0].start, clause[-1].end, reason))
                continue
            states.append((clause[0].start, state))
            if readings and (more := continued(clause, words, readings, self.emitter)):
                readings.extend(more)
                continue
            found, state, reason = self._read_clause(clause, words, state)
            states[-1] = (clause[0].start, state)
            readings.extend(found)
            if not found:
                traces.append(Trace(clause[0].start, clause[-1].end, reason))
        return SentenceRead(readings, traces, state, states, barred)

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
        clause = join_lists(without_comparison(clause))
        clause = fold_examples(clause)
        readings: list[Reading] = []
        clause = self._embedded(clause, words, readings)
        clause = join_lists(without_modals(clause))
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
        for at, item in enumerate(clause):
            if item.reference in ("pronoun", "possessive", "group"):
                group = item.reference == "group"
                source = state.treatment if group else state.subject or state.before
                if not group and at and state.object and takes_object(clause[at - 1]):
                    source = state.object
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
                match = Match(rule, found.start(), found.end(), slots_of(found))
                readings.extend(self.emitter.emit(match, clause, words, {}))
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
            sign = SIGNS.get(self.emitter.relation(match, clause, words), 0)
            members = tuple(_changed(m, sign) for m in members)
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
        subject: tuple[Member, ...] = ()
        last: tuple[Member, ...] = ()
        reason = "no effect word"
        at = 0
        while at < len(clause):
            match = self._match(codes, at, clause, state)
            if match is None:
                # A clause's first noun acts; another one only where nothing acts yet.
                if clause[at].members and not (
                    (at and (subject or state.subject)) or (state.topic and clause[at].members[0].type in BEARERS)
                ):
                    subject = clause[at].members
                if "administer" in clause[at].classes:
                    near = [clause[i].members for i in (at - 1, at + 1) if 0 <= i < len(clause) and clause[i].members]
                    near = [members for members in near if members[0].type not in RECEIVERS]
                    if near:
                        state = state._replace(treatment=near[0])
                at += 1
                continue
            fills = {
                "subject": subject or state.subject or state.topic,
                "topic": self._cause(match, clause, state),
                "place": state.place,
                "nearest": last or subject or state.subject,
            }
            found = list(self.emitter.emit(match, clause, words, fills))
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
            state = state._replace(object=last)
            at = match.end
        is_aside = len(clause) == 1 and not readings and state.subject
        if subject and not is_aside:
            state = state._replace(subject=subject)
        return readings, state, reason

    def _changed(self, match: Match, clause: Sequence[Item], words: Sequence[str]) -> tuple[Member, ...]:
        sign = SIGNS.get(self.emitter.relation(match, clause, words), 0)
        return tuple(m._replace(change=sign) for m in clause[match.slots["o"]].members)

    def _cause(self, match: Match, clause: Sequence[Item], state: State) -> tuple[Member, ...]:
        """Return the mediator of a change that names none: the bearer of what changes, the topic, or who acted before."""
        if "o" in match.slots and not match.rule.frame.changed:
            owners = [m.owners for m in clause[match.slots["o"]].members]
            bearers = tuple(c for group in owners for o in group if o.bearer and (c := as_cause(o)))
            if bearers:
                return tuple(dict.fromkeys(bearers))
        return state.topic or state.agent

    def _match(self, codes: str, at: int, clause: Sequence[Item], state: State) -> Match | None:
        for rule in self.clause[codes[at]]:
            found = rule.regex.match(codes, at)
            if found and found.end() > at:
                match = Match(rule, at, found.end(), slots_of(found))
                if rule.frame.changed and not (state.topic and all(m.change for m in clause[match.slots["o"]].members)):
                    continue
                return match
        return None
