"""How each sentence of a text was read, as a record."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from pipeline.build import Pipeline
from pipeline.model import Mention, Triple
from pipeline.record import Recorder
from pipeline.spans import spans_of


class Cue(msgspec.Struct, frozen=True):
    """A word of negation or doubt; offsets in the source text."""

    start: int
    end: int
    text: str
    kind: str


class Unread(msgspec.Struct, frozen=True):
    """A clause that gave no triple, and why; offsets in the source text."""

    start: int
    end: int
    text: str
    reason: str


class Sentence(msgspec.Struct, frozen=True):
    """One sentence: what was seen in it, and what was made of it; offsets in the source text."""

    start: int
    end: int
    text: str
    tokens: list[str]
    mentions: list[Mention]
    cues: list[Cue]
    triples: list[Triple]
    unread: list[Unread]


def explain(pipeline: Pipeline, text: str) -> list[Sentence]:
    """Read `text` as a document and tell how."""
    normalised, sections, doc = pipeline.parse(text)
    recorder = Recorder(doc, normalised, text, "text", sections)
    mentions = recorder.mentions()
    triples: dict[int, dict[str, Triple]] = defaultdict(dict)
    for number, reading in doc.user_data["readings"]:
        triple = recorder.triple(number, reading)
        triples[number].setdefault(triple.triple_id, triple)
    unread: dict[int, list[Unread]] = defaultdict(list)
    for number, trace in doc.user_data["traces"]:
        unread[number].append(Unread(*recorder.printed(trace.start, trace.end), trace.reason))
    cues = [Cue(*recorder.printed(span.start, span.end), span.label) for span in spans_of(doc, "cues")]
    sentences = []
    for number, (first, last) in enumerate(recorder.sentences):
        start, end, printed = recorder.printed(first, last)
        sentences.append(
            Sentence(
                start,
                end,
                printed,
                [token.text for token in doc[first:last]],
                [mention for mention in mentions if start <= mention.start < end],
                [cue for cue in cues if start <= cue.start < end],
                list(triples[number].values()),
                unread[number],
            )
        )
    return sentences
