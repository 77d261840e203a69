"""What a run tells while it goes on: to a terminal, to a log."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pipeline.batch.work import State


class RunStarted(msgspec.Struct, frozen=True, tag_field="event", tag="run_started"):
    """Workers can read, and it is known what is to be read.

    `known` documents were read by an earlier run and are kept where their bytes are the same; `dropped` ones are no longer in the
    corpus; `anew` names what has changed, so that nothing is kept.
    """

    run: str
    documents: int
    known: int
    dropped: int
    anew: str | None
    workers: int


class DocumentRead(msgspec.Struct, frozen=True, tag_field="event", tag="document"):
    """A document is done or failed, unchanged since an earlier run, or lost with its worker: then it is tried again at the end."""

    doc_id: str
    path: str
    state: State
    seconds: float
    characters: int
    triples: int
    stage: str | None
    error: str | None


class RunFinished(msgspec.Struct, frozen=True, tag_field="event", tag="run_finished"):
    """All documents are read and the tables stand."""

    run: str
    documents: int
    failures: int
    triples: int
    seconds: float


class RunStopped(msgspec.Struct, frozen=True, tag_field="event", tag="run_stopped"):
    """The run ended before its end; the same command goes on with it."""

    run: str
    reason: str


Event = RunStarted | DocumentRead | RunFinished | RunStopped
Hear = Callable[[Event], None]
