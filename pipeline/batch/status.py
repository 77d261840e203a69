"""How a run stands, read from its ledger while it goes on or afterwards."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec

from pipeline.batch.folder import is_claimed
from pipeline.batch.ledger import VERSION
from pipeline.schema import LEDGER, RunError, is_run


class InHand(msgspec.Struct, frozen=True):
    """A document that is being read, and for how many seconds."""

    path: str
    seconds: float


class Status(msgspec.Struct, frozen=True):
    """How a run stands.

    `state` is `running`, `finished`, or `stopped` before its end. `known` documents of an earlier run are still to be compared; they
    count as `planned`, too. `rate` is documents read a second, and `seconds_left` what it promises, of the last minutes while the run goes
    on. `failures` counts by kind.
    """

    state: str
    process: int
    workers: int
    documents: int
    done: int
    failed: int
    planned: int
    known: int
    kept: int
    seconds: float
    rate: float
    seconds_left: float | None
    in_hand: list[InHand]
    failures: dict[str, int]


# The rate is that of so many last seconds.
_RECENT = 300
_COUNTS = """
SELECT count(*), sum(state = 'done'), sum(state = 'failed'), sum(state IN ('planned', 'running')),
    sum(state IN ('planned', 'running') AND sha256 IS NOT NULL), sum(kept), max(finished)
FROM documents
"""
# A document that was lost with its worker has its kind before the colon.
_FAILURES = """
SELECT iif(stage = 'batch', 'batch: ' || substr(error, 1, instr(error || ':', ':') - 1), stage) AS kind, count(*)
FROM documents WHERE state = 'failed' GROUP BY kind ORDER BY count(*) DESC, kind
"""


def read_status(run: Path) -> Status:
    """Tell how a run stands.

    Raises:
        RunError: where the folder holds no ledger, or one that cannot be read.
    """
    path = run / LEDGER
    if not path.is_file():
        raise RunError(
            f"{run} holds no {LEDGER}, so no run was begun there; begin one with: meo run CORPUS --out {run}"
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
            return _status(db, running=is_claimed(run), whole=is_run(run))
    except sqlite3.Error as error:
        raise RunError(f"{path} cannot be read ({error}); ask again, or begin anew with: meo run --restart") from error


def _status(db: sqlite3.Connection, *, running: bool, whole: bool) -> Status:
    # All that follows is of one moment.
    db.execute("PRAGMA query_only = ON")
    db.execute("BEGIN")
    if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
        raise sqlite3.DatabaseError("it is just being made, or of another version of meo")
    session = db.execute("SELECT process, workers, began, ended FROM session").fetchone()
    process, workers, began, ended = session or (0, 0, time.time(), None)
    documents, done, failed, planned, known, kept, last = (value or 0 for value in db.execute(_COUNTS).fetchone())
    now = time.time() if running else ended or max(last, began)
    since = max(began, now - _RECENT) if running else began
    (read,) = db.execute("SELECT count(*) FROM documents WHERE finished >= ?", (since,)).fetchone()
    rate = read / max(now - since, 1e-9)
    rows = db.execute("SELECT path, ? - started FROM documents WHERE state = 'running' ORDER BY place", (now,))
    return Status(
        state="running" if running else "finished" if ended and whole else "stopped",
        process=process,
        workers=workers,
        documents=documents,
        done=done,
        failed=failed,
        planned=planned,
        known=known,
        kept=kept,
        seconds=round(now - began, 1),
        rate=round(rate, 3),
        seconds_left=round(planned / rate, 1) if running and rate else None,
        in_hand=[InHand(path, round(seconds, 1)) for path, seconds in rows] if running else [],
        failures=dict(db.execute(_FAILURES).fetchall()),
    )
