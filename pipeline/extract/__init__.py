"""Triples: frames over clauses propose readings.

The component writes `doc.user_data["readings"]` and `doc.user_data["traces"]` as plain lists (see `reading.py`).
"""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.extract.items import make_items, without_modifiers
from pipeline.extract.nouns import join_nouns
from pipeline.extract.reader import Reader
from pipeline.extract.reading import Reading, Trace
from pipeline.extract.state import State
from pipeline.frames import Grammar

__all__ = ["Extractor", "Reading", "Trace"]

QUESTION_MARKS = frozenset("？?")


class Extractor:
    """The component that reads triples."""

    def __init__(self, grammar: Grammar) -> None:
        """Keep the grammar."""
        self.grammar = grammar
        self.reader = Reader(grammar)

    def __call__(self, doc: Doc) -> Doc:
        """Read every mined sentence of a Doc that has mentions and cues."""
        words = [token.text for token in doc]
        mentions = {span.start: (span.end, i, span.label_) for i, span in enumerate(doc.spans["mentions"])}
        cues = {span.start: span.label_ for span in doc.spans["cues"]}
        state = State()
        readings: list[tuple[int, Reading]] = []
        traces: list[tuple[int, Trace]] = []
        for number, sentence in enumerate(doc.spans["sentences"]):
            if words[sentence.end - 1] in QUESTION_MARKS:
                traces.append((number, Trace(sentence.start, sentence.end, "question")))
                continue
            items = make_items(words, sentence.start, sentence.end, mentions, cues, self.grammar)
            items = join_nouns(without_modifiers(items), words, self.grammar)
            found, reasons, state = self.reader.read(items, words, state)
            readings.extend((number, reading) for reading in found)
            traces.extend((number, trace) for trace in reasons)
        doc.user_data["readings"] = readings
        doc.user_data["traces"] = traces
        return doc
