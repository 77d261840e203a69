"""Triples: frames over clauses propose readings, a learned judge chooses and adds what they missed.

The component writes `doc.user_data["readings"]` and `doc.user_data["traces"]` as plain lists (see `reading.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.extract.items import Item, Member, make_items, without_modifiers
from pipeline.extract.judge import Judge
from pipeline.extract.lists import join_lists
from pipeline.extract.nouns import join_nouns
from pipeline.extract.pairs import Acting, Scene
from pipeline.extract.reader import Reader
from pipeline.extract.reading import Reading, Trace
from pipeline.extract.state import State
from pipeline.frames import Grammar
from pipeline.spans import spans_of

__all__ = ["Extractor", "Reading", "Trace"]

QUESTION_MARKS = frozenset("？?")


class Extractor:
    """The component that reads triples; without a judge, all readings of frames stand."""

    def __init__(self, grammar: Grammar, *, judge: bool = True) -> None:
        """Keep the grammar."""
        self.grammar = grammar
        self.reader = Reader(grammar)
        self.judge = Judge(grammar) if judge else None

    def __call__(self, doc: Doc) -> Doc:
        """Read every mined sentence of a Doc that has mentions and cues."""
        scene, traces = self.read(doc)
        readings: list[tuple[int, Reading]] = list(scene.readings)
        if self.judge is not None:
            readings, dropped = self.judge(scene, {span.start: span.label for span in spans_of(doc, "cues")})
            traces += [(number, _unlikely(reading)) for number, reading in dropped]
        doc.user_data["readings"] = readings
        doc.user_data["traces"] = traces
        return doc

    def read(self, doc: Doc) -> tuple[Scene, list[tuple[int, Trace]]]:
        """Return what the frames read, in its scene, and why clauses gave nothing."""
        words: list[str] = doc.user_data["words"]
        spans = spans_of(doc, "mentions")
        mentions = {span.start: (span.end, i, span.label) for i, span in enumerate(spans)}
        cues = {span.start: span.label for span in spans_of(doc, "cues")}
        state = State()
        readings: list[tuple[int, Reading]] = []
        traces: list[tuple[int, Trace]] = []
        members: dict[int, Member] = {}
        groups: dict[int, int] = {}
        barred: list[tuple[int, int]] = []
        acting: list[tuple[int, Acting]] = []
        sentences = [(span.start, span.end) for span in spans_of(doc, "sentences")]
        for number, (start, end, kind, _) in enumerate(spans_of(doc, "sentences")):
            if kind == "methods":
                barred.append((start, end))
                traces.append((number, Trace(start, end, "methods")))
                continue
            items = make_items(words, start, end, mentions, cues, self.grammar)
            items = join_nouns(without_modifiers(items), words, self.grammar)
            _note(items, members, groups)
            if words[end - 1] in QUESTION_MARKS:
                barred.append((start, end))
                traces.append((number, Trace(start, end, "question")))
                continue
            told = self.reader.read(items, words, state)
            state = told.state
            barred.extend(told.barred)
            acting.extend((at, _acting(after)) for at, after in told.states)
            trust = self.grammar.trust
            # An aspect without a name (其表达, with nothing that 其 could stand for) is no end.
            named = (r for r in told.readings if r.mediator.mention >= 0 and r.outcome.mention >= 0)
            readings.extend((number, r._replace(confidence=trust.get(r.rule, 0.5))) for r in named)
            traces.extend((number, trace) for trace in told.traces)
        scene = Scene(
            words=words,
            spans=[(span.start, span.end) for span in spans],
            types=[span.label for span in spans],
            concepts=[span.kb_id for span in spans],
            methods=[facts[0] for facts in doc.user_data["mentions"]],
            sentences=sentences,
            members=members,
            groups=groups,
            barred=barred,
            acting=acting,
            readings=readings,
        )
        return scene, traces


def _unlikely(reading: Reading) -> Trace:
    """Return why a reading was dropped: the stretch from its first end to its last."""
    start = min(reading.mediator.start, reading.outcome.start)
    end = max(reading.mediator.end, reading.outcome.end)
    return Trace(start, end, f"{reading.rule}: judged unlikely, confidence {reading.confidence:.2f}")


def _acting(state: State) -> Acting:
    """Return the mentions that may act in a clause, by their part in the state."""
    parts = (state.subject, state.agent, state.topic, state.treatment, state.object)
    return tuple(frozenset(member.mention for member in part) for part in parts)


def _note(items: Sequence[Item], members: dict[int, Member], groups: dict[int, int]) -> None:
    """Add the nouns of a sentence, those before others included, and the list that each stands in."""
    for item in items:
        pending = list(item.members)
        while pending:
            member = pending.pop()
            pending.extend(member.owners)
            if member.mention >= 0:
                members.setdefault(member.mention, member)
    for number, item in enumerate(join_lists(items)):
        for member in item.members:
            groups.setdefault(member.mention, number)
