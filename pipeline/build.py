"""The stages in order; the only place that knows the order."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline import model
from pipeline.extract import Extractor
from pipeline.frames import Grammar
from pipeline.lexicon import Lexicon
from pipeline.normalise import Normalised, normalise
from pipeline.qualify import Qualifier
from pipeline.recognise import Recogniser
from pipeline.recognise.forms import Forms
from pipeline.recognise.tagger import Tagger
from pipeline.record import Recorder
from pipeline.references import find_references, parse_reference
from pipeline.sections import find_sections, find_title, mined_blocks
from pipeline.segment import Segmenter

T = TypeVar("T")
RECOGNISERS = ("dictionary", "abbreviation", "morphology", "pattern")
JUDGE, TAGGER = "judge", "tagger"


class Pipeline:
    """Reads documents."""

    def __init__(self, disable: Iterable[str] = (), *, lexicons: Iterable[str] = ()) -> None:
        """Read the resources.

        `disable` names frames and recognisers to leave out, the judge or the tagger; `lexicons` are folders of concept tables that lie over
        the shipped ones, the last on top.

        Raises:
            TableError: where a table does not follow its rules.
            ValueError: where `disable` names something that does not exist.
        """
        disable = tuple(disable)
        self.grammar = Grammar(disable=disable)
        unknown = [name for name in self.grammar.unknown_disabled if name not in (*RECOGNISERS, TAGGER, JUDGE)]
        if unknown:
            known = [*RECOGNISERS, TAGGER, JUDGE, *(frame.name for frame in self.grammar.frames)]
            raise ValueError(f"nothing is called {', '.join(unknown)}; allowed: {', '.join(known)}")
        forms = Forms()
        guards = [
            word for word in (*self.grammar.classes, *self.grammar.whole, *forms.chinese_no_names) if len(word) > 1
        ]
        self.lexicon = Lexicon.load(guards=guards, user=map(Path, lexicons))
        self.segmenter = Segmenter(Vocab(), self.lexicon, self.grammar)
        tagger = None if TAGGER in disable else Tagger(self.grammar, forms, self.segmenter.is_word)
        self.stages: tuple[tuple[str, Callable[[Doc], Doc]], ...] = (
            ("recognise", Recogniser(self.lexicon, self.grammar, forms, tagger, disable)),
            ("qualify", Qualifier(self.grammar)),
            ("extract", Extractor(self.grammar, judge=JUDGE not in disable)),
        )
        self.timings: dict[str, float] = defaultdict(float)

    @cached_property
    def lexicon_digest(self) -> str:
        """The digest of the lexicon's tables."""
        return self.lexicon.digest

    def _timed(self, stage: str, call: Callable[[], T]) -> T:
        began = time.perf_counter()
        try:
            return call()
        except Exception as error:
            error.stage = stage  # type: ignore[attr-defined]
            raise
        finally:
            self.timings[stage] += time.perf_counter() - began

    def parse(self, text: str) -> tuple[Normalised, list[model.Section], Doc]:
        """Run all stages over a source text; sections have offsets in the normalised text."""
        normalised = self._timed("normalise", lambda: normalise(text))
        sections = self._timed("sections", lambda: find_sections(normalised))
        doc = self._timed("segment", lambda: self.segmenter.segment(normalised, mined_blocks(normalised, sections)))
        for name, stage in self.stages:
            doc = self._timed(name, lambda stage=stage, doc=doc: stage(doc))  # type: ignore[misc]
        return normalised, sections, doc

    def read(self, source: model.Source, *, doc_id: str, path: str, sha256: str) -> model.DocumentResult:
        """Return all that one document gives."""
        # What spaCy learns of words ends with their document: else memory grows with the corpus.
        with self.segmenter.vocab.memory_zone():
            normalised, sections, doc = self.parse(source.text)
            return self._timed("record", lambda: record(source, normalised, sections, doc, (doc_id, path, sha256)))


def record(
    source: model.Source,
    normalised: Normalised,
    sections: list[model.Section],
    doc: Doc,
    identity: tuple[str, str, str],
) -> model.DocumentResult:
    """Return the records of a parsed document; `identity` is its id, path and digest."""
    doc_id, path, digest = identity
    recorder = Recorder(doc, normalised, source.text, doc_id, sections)
    listed = {number: (text, text) for number, text in source.references.items()}
    listed = listed or find_references(normalised, sections, source.text)
    document = model.Document(
        doc_id=doc_id,
        path=path,
        sha256=digest,
        format=source.format,
        encoding=source.encoding,
        title=source.title or find_title(normalised),
        language="zh",
        script="traditional" if normalised.script == "traditional" else "simplified",
        metadata=source.metadata,
        source_text=source.text,
        text=normalised.text,
        sections=[_in_source(section, normalised) for section in sections],
        sentences=[model.Span(*recorder.printed(first, last)[:2]) for first, last in recorder.sentences],
        references={number: printed for number, (printed, _) in listed.items()},
        unknown_glyphs=list(normalised.unknown_glyphs),
        places=source.places,
        bibliography={number: parse_reference(text) for number, (_, text) in listed.items()},
        repairs=list(normalised.repairs),
    )
    return model.DocumentResult(document=document, mentions=recorder.mentions(), triples=recorder.triples())


def _in_source(section: model.Section, normalised: Normalised) -> model.Section:
    start, end = normalised.source_span(section.start, section.end)
    return model.Section(title=section.title, kind=section.kind, start=start, end=end)
