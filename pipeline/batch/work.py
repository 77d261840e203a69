"""One document, from its file to the lines that a run writes; whatever goes wrong is its failure and nobody else's."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

import msgspec

from pipeline import model
from pipeline.batch.corpus import Input, digest_of, load, open_loaded
from pipeline.readers import LIMITS, Limits, ReadError

# Bytes of a packed result: SQLite takes no more.
_LARGEST = 900_000_000


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


class Bounds(NamedTuple):
    """What one document may take: `seconds` by the clock, and megabytes of `memory` of its whole process."""

    seconds: float = 300
    memory: int = 2_000


BOUNDS = Bounds()


class Job(NamedTuple):
    """What all documents of a run share."""

    build: Build
    limits: Limits = LIMITS
    bounds: Bounds = BOUNDS


class Task(NamedTuple):
    """A document to read; `known` is the digest of the bytes that an earlier run read it from."""

    item: Input
    known: str | None = None


class Statement(NamedTuple):
    """What a triple says whichever the document; the ends are (Chinese or printed name, English name)."""

    mediator: tuple[str, str | None]
    relation: str
    negated: bool
    outcome: tuple[str, str | None]


class Tally(msgspec.Struct, frozen=True):
    """Sums of a document; `characters` are code points of the source text, `stages` seconds of work."""

    characters: int
    sentences: int
    mentions: int
    triples: int
    relations: dict[str, int]
    statements: list[tuple[Statement, int]]
    stages: dict[str, float]


class Result(msgspec.Struct, frozen=True):
    """What one document adds to the tables, as encoded lines, and to the sums."""

    documents: bytes
    mentions: bytes
    triples: bytes
    tally: Tally


State = Literal["done", "unchanged", "failed", "lost"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document.

    It is `done`, with its packed result; `unchanged` since it was read; `failed`; or `lost`: its process ended, or had to. `stage` and
    `error` say where and why.
    """

    doc_id: str
    path: str
    state: State
    seconds: float = 0.0
    sha256: str | None = None
    result: bytes = b""
    characters: int = 0
    triples: int = 0
    stage: str | None = None
    error: str | None = None


def pack(result: Result) -> bytes:
    """Return a result as the ledger keeps it."""
    return zlib.compress(msgspec.msgpack.encode(result), 1)


def unpack(packed: bytes) -> Result:
    """Return the result that was packed."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=Result)


def process(reader: Reader, task: Task, limits: Limits) -> Answer:
    """Read one document. Any error becomes a failure that names the stage; the run goes on.

    Raises:
        MemoryError: where the process has no memory left for it.
    """
    item = task.item
    before = dict(reader.timings)
    began = time.perf_counter()
    stage = "readers"
    try:
        data = load(item, limits)
        digest = digest_of(data)
        if digest == task.known:
            return Answer(doc_id=item.doc_id, path=item.path, state="unchanged")
        source = open_loaded(item, data, limits)
        stages = {"readers": time.perf_counter() - began}
        stage = "read"
        found = reader.read(source, doc_id=item.doc_id, path=item.path, sha256=digest)
        stage = "batch"
        stages |= {name: seconds - before.get(name, 0.0) for name, seconds in reader.timings.items()}
        packed = pack(_result(found, stages))
        if len(packed) > _LARGEST:
            raise ReadError(f"{item.path}: what is found in it takes more than {_LARGEST:,} bytes; split it")
    except Exception as error:
        if _out_of_memory(error):
            raise MemoryError from error
        return _failed(item, getattr(error, "stage", stage), reason(error), time.perf_counter() - began)
    return Answer(
        doc_id=item.doc_id,
        path=item.path,
        state="done",
        seconds=time.perf_counter() - began,
        sha256=digest,
        result=packed,
        characters=len(source.text),
        triples=len(found.triples),
    )


def lost(item: Input, reason: str, seconds: float) -> Answer:
    """Return what a document leaves that took its process with it."""
    return msgspec.structs.replace(_failed(item, "batch", reason, seconds), state="lost")


def _failed(item: Input, stage: str, reason: str, seconds: float) -> Answer:
    return Answer(doc_id=item.doc_id, path=item.path, state="failed", seconds=seconds, stage=stage, error=reason)


def _out_of_memory(error: BaseException | None) -> bool:
    """Whether an error is, or tells of, one that memory ran out: readers make one of their own from what a library raises."""
    while error:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def reason(error: Exception) -> str:
    """Say what went wrong in one line that is the same in every run, and that can be written as UTF-8."""
    if isinstance(error, ReadError):
        told = str(error)
    elif isinstance(error, OSError):
        told = error.strerror or type(error).__name__
    else:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f" (in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno})" if trace else ""
        told = f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
    return told.encode("utf-8", "backslashreplace").decode("utf-8")


def _result(found: model.DocumentResult, stages: dict[str, float]) -> Result:
    began = time.perf_counter()
    encode = msgspec.json.Encoder().encode_lines
    lines = encode([found.document]), encode(found.mentions), encode(found.triples)
    stages["batch"] = time.perf_counter() - began
    return Result(*lines, _tally(found, stages))


def _tally(found: model.DocumentResult, stages: dict[str, float]) -> Tally:
    statements = Counter(
        Statement(_name(triple.mediator), triple.effect.relation, triple.effect.negated, _name(triple.outcome))
        for triple in found.triples
    )
    return Tally(
        characters=len(found.document.source_text),
        sentences=len(found.document.sentences),
        mentions=len(found.mentions),
        triples=len(found.triples),
        relations=Counter(triple.effect.relation for triple in found.triples),
        statements=list(statements.items()),
        stages=stages,
    )


def _name(end: model.End) -> tuple[str, str | None]:
    sign = {"increased": "↑", "decreased": "↓"}.get(end.change or "", "")
    return (end.zh or end.norm) + sign, end.en
