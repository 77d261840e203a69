"""One document, from its file to the lines that a run writes; whatever goes wrong is its failure and nobody else's."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from pipeline import model
from pipeline.batch.corpus import Input, open_input
from pipeline.readers import Limits, ReadError


class Reader(Protocol):
    """What a batch needs of the pipeline; `timings` are seconds of work a stage since it was built."""

    timings: dict[str, float]

    def read(self, source: model.Source, *, doc_id: str, path: str, sha256: str) -> model.DocumentResult:
        """Return all that one document gives."""
        ...

    @property
    def lexicon_digest(self) -> str:
        """The digest of the lexicon's tables."""
        ...


Build = Callable[[], Reader]
"""Builds a reader; it is called once a process, so it must pickle, and what it unpickles to must equal it."""


class Statement(NamedTuple):
    """What a triple says whichever the document; the ends are (Chinese or printed name, English name)."""

    mediator: tuple[str, str | None]
    relation: str
    negated: bool
    outcome: tuple[str, str | None]


@dataclass
class Tally:
    """Sums over documents; `characters` are code points of the source texts."""

    documents: int = 0
    characters: int = 0
    sentences: int = 0
    mentions: int = 0
    triples: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    statements: Counter[Statement] = field(default_factory=Counter)
    stages: dict[str, float] = field(default_factory=dict)
    failures: list[model.Failure] = field(default_factory=list)
    lexicon_digest: str | None = None

    def add(self, other: Tally) -> None:
        """Add the sums of another."""
        self.documents += other.documents
        self.characters += other.characters
        self.sentences += other.sentences
        self.mentions += other.mentions
        self.triples += other.triples
        self.relations.update(other.relations)
        self.statements.update(other.statements)
        for stage, seconds in other.stages.items():
            self.spend(stage, seconds)
        self.failures += other.failures
        self.lexicon_digest = self.lexicon_digest or other.lexicon_digest

    def spend(self, stage: str, seconds: float) -> None:
        """Add time to a stage."""
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds


class Written(NamedTuple):
    """What one document adds to each table, encoded, and to the sums."""

    tables: dict[str, bytes]
    tally: Tally


def process(reader: Reader, item: Input, limits: Limits) -> Written:
    """Read one document. Any error becomes a failure that names the stage; the run goes on."""
    before = dict(reader.timings)
    tally = Tally(lexicon_digest=reader.lexicon_digest)
    stage = "readers"
    clock = time.perf_counter
    try:
        began = clock()
        source, digest = open_input(item, limits)
        tally.spend("readers", clock() - began)
        stage = "read"
        result = reader.read(source, doc_id=item.doc_id, path=item.path, sha256=digest)
        stage = "batch"
        began = clock()
        encode = msgspec.json.Encoder().encode_lines
        tables = {
            "documents": encode([result.document]),
            "mentions": encode(result.mentions),
            "triples": encode(result.triples),
        }
        _count(tally, result)
        for name, seconds in reader.timings.items():
            tally.spend(name, seconds - before.get(name, 0.0))
        tally.spend("batch", clock() - began)
    except Exception as error:
        return failed(item, getattr(error, "stage", stage), _reason(error))
    return Written(tables, tally)


def failed(item: Input, stage: str, reason: str) -> Written:
    """Return what a document leaves that could not be processed."""
    failure = model.Failure(doc_id=item.doc_id, path=item.path, stage=stage, error=reason)
    return Written({"failures": msgspec.json.Encoder().encode_lines([failure])}, Tally(failures=[failure]))


def _reason(error: Exception) -> str:
    """Say what went wrong in one line that is the same in every run."""
    if isinstance(error, ReadError):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" (in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno})" if trace else ""
    text = " ".join(str(error).split()).encode("utf-8", "backslashreplace").decode("utf-8")
    return f"{type(error).__name__}: {text}{place}"


def _count(tally: Tally, result: model.DocumentResult) -> None:
    tally.documents = 1
    tally.characters = len(result.document.source_text)
    tally.sentences = len(result.document.sentences)
    tally.mentions = len(result.mentions)
    tally.triples = len(result.triples)
    for triple in result.triples:
        effect = triple.effect
        tally.relations[effect.relation] += 1
        tally.statements[Statement(_name(triple.mediator), effect.relation, effect.negated, _name(triple.outcome))] += 1


def _name(end: model.End) -> tuple[str, str | None]:
    sign = {"increased": "↑", "decreased": "↓"}.get(end.change or "", "")
    return (end.zh or end.norm) + sign, end.en
