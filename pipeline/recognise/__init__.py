"""Mentions: spans that name a concept, found by dictionary, definition, word form, and as open noun chunks.

The component writes `doc.spans["mentions"]` (label: concept type, id: CURIE) and, in the same order,
`doc.user_data["mentions"]`: plain lists `[method, score, zh, en, candidates]`; `doc.user_data["doubtful"]` are the indices of
those that are hardly names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Doc

from pipeline.frames import Grammar
from pipeline.lexicon import PART, SURE, Lexicon
from pipeline.recognise.abbreviations import find_definitions
from pipeline.recognise.chunks import Chunker, cut_long_forms, latin_brackets
from pipeline.recognise.disambiguate import Disambiguator
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found
from pipeline.recognise.parts import go_on
from pipeline.recognise.shown import read_symbols, settle
from pipeline.recognise.tagger import LEAST, LIKELY, Tagger
from pipeline.spans import Plain, set_spans, spans_of

# Bases of a primer printed in groups: AGT CGA GGT.
_CODON = re.compile("[ACGTU]{3,}")
SCORES = {"dictionary": 0.95, "abbreviation": 0.9, "morphology": 0.6, "pattern": 0.4}


class Recogniser:
    """The component that finds mentions; `disable` names recognisers to leave out."""

    def __init__(
        self,
        lexicon: Lexicon,
        grammar: Grammar,
        forms: Forms,
        tagger: Tagger | None,
        disable: tuple[str, ...] = (),
    ) -> None:
        """Keep the tables that the recognisers read; without a tagger every unlisted stretch counts as a name."""
        self.lexicon = lexicon
        self.grammar = grammar
        self.forms = forms
        self.disable = frozenset(disable)
        self.chunker = Chunker(grammar, forms, self.disable)
        self.disambiguator = Disambiguator(lexicon)
        self.symbols = read_symbols()
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions of a segmented Doc."""
        words: list[str] = doc.user_data["words"]
        sentences = [(span.start, span.end) for span in spans_of(doc, "sentences")]
        names: dict[int, Found] = {}
        unclear: dict[int, list[int]] = {}
        if "dictionary" not in self.disable:
            for token, _end, state, *concepts in doc.user_data["names"]:
                if _is_of_primer(words, token):
                    continue
                if state == SURE:
                    names[token] = self._named(token, concepts, "dictionary")
                elif state == PART:
                    names[token] = Found(
                        token, token + 1, self.lexicon.concepts[concepts[0]].type, "morphology", None, ()
                    )
                elif is_latin(words[token]):
                    unclear[token] = concepts
        if "abbreviation" not in self.disable:
            self._define(words, sentences, names)
        silent = self._disambiguate(doc, words, sentences, names, unclear)
        spaced = frozenset(doc.to_array("SPACY").nonzero()[0].tolist())
        found: list[Found] = []
        for start, end in sentences:
            inside = {token: names[token] for token in range(start, end) if token in names}
            for token in list(cut_long_forms(words, start, end, inside, self.forms.joining)):
                del inside[token]
            go_on(words, spaced, end, inside, self.lexicon, self.grammar)
            found.extend(self.chunker.find(words, start, end, inside, silent))
        found = list(settle(words, found, self.symbols))
        if self.tagger:
            found = _weighed(self.tagger.weigh(words, sentences, found), found, names)
        self._store(doc, found)
        return doc

    def _define(self, words: list[str], sentences: list[tuple[int, int]], names: dict[int, Found]) -> None:
        """Add to the names what abbreviations the document defines."""
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

    def _disambiguate(
        self,
        doc: Doc,
        words: list[str],
        sentences: list[tuple[int, int]],
        names: dict[int, Found],
        unclear: dict[int, list[int]],
    ) -> frozenset[int]:
        """Add to the names what ambiguous ones are found to be; return the tokens that are no names.

        A definition that names no listed concept (曲线下面积(AUC)) gives way to evidence for one of the senses.
        """
        if "dictionary" in self.disable:
            return frozenset()
        senses = self.disambiguator.senses
        asked = {
            token: unclear.get(token, [])
            for start, end in sentences
            for token in range(start, end)
            if (token in unclear or words[token] in senses) and (token not in names or names[token].concept is None)
        }
        sure = {token: found for token, found in names.items() if token not in asked}
        found = self.disambiguator.resolve(words, sentences, sure, asked, doc.text)
        aside: frozenset[int] = frozenset()
        if any(mention and mention.concept is None for mention in found.values()):
            aside = frozenset().union(*(latin_brackets(words, start, end) for start, end in sentences))
        for token, mention in found.items():
            if mention is None:
                names.pop(token, None)
            elif mention.concept is not None or (token not in names and token not in aside):
                names[token] = mention
        return frozenset(token for token, mention in found.items() if mention is None)

    def _named(self, token: int, concepts: list[int], method: str) -> Found:
        first = self.lexicon.concepts[concepts[0]]
        return Found(token, token + 1, first.type, method, concepts[0], tuple(concepts[1:]))

    def _store(self, doc: Doc, found: list[Found]) -> None:
        spans, facts = [], []
        for item in found:
            concept = None if item.concept is None else self.lexicon.concepts[item.concept]
            others = [self.lexicon.concepts[i] for i in item.others]
            spans.append(Plain(item.start, item.end, item.type, (concept and concept.curie) or ""))
            sure = SCORES[item.method] if item.score is None else item.score
            shares = item.shares or (1 / (1 + len(others)),) * (1 + len(others))
            score = sure * (shares[0] if concept or not item.shares else 1)
            rest = shares[-len(others) :] if others else ()
            weighed = SCORES["dictionary"] if item.shares else sure
            candidates = [
                [other.curie, round(weighed * share, 3)]
                for other, share in zip(others, rest, strict=True)
                if other.curie
            ]
            zh = concept.zh[0] if concept and concept.zh else None
            en = concept.en[0] if concept and concept.en else None
            facts.append([item.method, round(score, 3), zh, en, candidates])
        doc.user_data["doubtful"] = [
            i for i, item in enumerate(found) if item.score is not None and item.score < LIKELY
        ]
        set_spans(doc, "mentions", spans)
        doc.user_data["mentions"] = facts


def _weighed(weighed: Iterable[tuple[Found, float]], found: Iterable[Found], names: Mapping[int, Found]) -> list[Found]:
    """Return the mentions without unlisted ones that are hardly names; the listed names in those stand for themselves."""
    likely = {each.start: score for each, score in weighed}
    out: list[Found] = []
    for each in found:
        score = likely.get(each.start)
        if score is None:
            out.append(each)
        elif score >= LEAST:
            out.append(each._replace(score=round(score, 3)))
        else:
            inside = (names[token] for token in range(each.start, each.end) if token in names)
            out.extend(name for name in inside if name.concept is not None)
    return out


def _is_of_primer(words: Sequence[str], token: int) -> bool:
    """Whether a word is a group of bases beside another one.

    >>> _is_of_primer(["AGT", "CGA"], 1), _is_of_primer(["CAT", "活性"], 0)
    (True, False)
    """
    beside = [*words[max(0, token - 1) : token], *words[token + 1 : token + 2]]
    return bool(_CODON.fullmatch(words[token])) and any(map(_CODON.fullmatch, beside))
