"""Mentions: spans that name a concept, found by dictionary, definition, word form, and as open noun chunks.

The component writes `doc.spans["mentions"]` (label: concept type, id: CURIE) and, in the same order,
`doc.user_data["mentions"]`: plain lists `[method, score, zh, en, candidates]`.
"""

from __future__ import annotations

from spacy.tokens import Doc, Span

from pipeline.frames import Grammar
from pipeline.lexicon import Lexicon
from pipeline.recognise.abbreviations import find_definitions
from pipeline.recognise.chunks import Chunker
from pipeline.recognise.forms import Forms
from pipeline.recognise.found import Found
from pipeline.recognise.parts import go_on

SCORES = {"dictionary": 0.95, "abbreviation": 0.9, "morphology": 0.6, "pattern": 0.4}


class Recogniser:
    """The component that finds mentions; `disable` names recognisers to leave out."""

    def __init__(self, lexicon: Lexicon, grammar: Grammar, forms: Forms, disable: tuple[str, ...] = ()) -> None:
        """Keep the tables that the recognisers read."""
        self.lexicon = lexicon
        self.grammar = grammar
        self.forms = forms
        self.disable = frozenset(disable)
        self.chunker = Chunker(grammar, forms, self.disable)

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions of a segmented Doc."""
        words: list[str] = doc.user_data["words"]
        names: dict[int, Found] = {}
        if "dictionary" not in self.disable:
            for token, _end, ambiguous, *concepts in doc.user_data["names"]:
                if not ambiguous:
                    names[token] = self._named(token, concepts, "dictionary")
        sentences = [(span.start, span.end) for span in doc.spans["sentences"]]
        if "abbreviation" not in self.disable:
            definitions = find_definitions(words, sentences, names, self.lexicon, self.grammar, self.forms)
            for start, end in sentences:
                for token in range(start, end):
                    if token not in names and words[token] in definitions:
                        concepts, kind = definitions[words[token]]
                        names[token] = (
                            self._named(token, concepts, "abbreviation")
                            if concepts
                            else Found(token, token + 1, kind, "abbreviation", None, ())
                        )
        spaced = frozenset(doc.to_array("SPACY").nonzero()[0].tolist())
        found: list[Found] = []
        for start, end in sentences:
            inside = {token: names[token] for token in range(start, end) if token in names}
            go_on(words, spaced, end, inside, self.lexicon, self.grammar)
            found.extend(self.chunker.find(words, start, end, inside))
        self._store(doc, found)
        return doc

    def _named(self, token: int, concepts: list[int], method: str) -> Found:
        first = self.lexicon.concepts[concepts[0]]
        return Found(token, token + 1, first.type, method, concepts[0], tuple(concepts[1:]))

    def _store(self, doc: Doc, found: list[Found]) -> None:
        spans, facts = [], []
        for item in found:
            concept = None if item.concept is None else self.lexicon.concepts[item.concept]
            others = [self.lexicon.concepts[i] for i in item.others]
            spans.append(Span(doc, item.start, item.end, label=item.type, kb_id=(concept and concept.curie) or ""))
            score = SCORES[item.method] / (1 + len(others))
            candidates = [[other.curie, round(score, 3)] for other in others if other.curie]
            zh = concept.zh[0] if concept and concept.zh else None
            en = concept.en[0] if concept and concept.en else None
            facts.append([item.method, round(score, 3), zh, en, candidates])
        doc.spans["mentions"] = spans
        doc.user_data["mentions"] = facts
