"""Cues on spans: negation and hedging.

After NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009): a cue's scope is its clause from the cue on; which
statement falls in it is decided by the extractor, which knows the clauses. `doc.spans["cues"]` holds the cue spans,
labelled `negation` or `hedge`.
"""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.frames import Grammar
from pipeline.spans import Plain, set_spans, spans_of

KINDS = ("negation", "hedge")


class Qualifier:
    """The component that marks negation and hedging cues."""

    def __init__(self, grammar: Grammar) -> None:
        """Pick the cue words from the grammar."""
        self.cues = {
            word: next(kind for kind in KINDS if kind in classes)
            for word, classes in grammar.classes.items()
            if not classes.isdisjoint(KINDS)
        }

    def __call__(self, doc: Doc) -> Doc:
        """Mark the cues of the mined sentences."""
        words: list[str] = doc.user_data["words"]
        cues = (
            Plain(token, token + 1, kind)
            for sentence in spans_of(doc, "sentences")
            for token in range(sentence.start, sentence.end)
            if (kind := self.cues.get(words[token]))
        )
        set_spans(doc, "cues", cues)
        return doc
