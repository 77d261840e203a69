"""A worker: a child process that reads one document after the other, under the limits of a run.

The limits hold in here, so that they do so, too, where the process that started the worker is gone: the kernel ends a worker
whose alarm goes off, whatever it is doing, and gives it no more memory than it may have.
"""

from __future__ import annotations

import gc
import pickle
import resource
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from pipeline.batch.work import Answer, Build, Job, Reader, Task, lost, process

# How many new objects start the garbage collector: a document leaves hardly any cycle behind, and makes many thousand tuples.
_OBJECTS = 50_000
_MEGABYTE = 1 << 20


class Ready(NamedTuple):
    """The first thing a worker says: what it reads with."""

    lexicon_digest: str


def ready(build: Build) -> Reader:
    """Build a reader, and keep this process's garbage collector from walking through its tables again and again."""
    reader = build()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    return reader


def serve(pipe: Connection, job: Job) -> None:
    """Say `Ready`, or what building raised; then answer each task, until nobody listens."""
    # These go to all processes of a terminal or a service; it is for the one that started this to say when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _limit_memory(job.bounds.memory)
    # Whoever listened is gone: nobody wants to hear more.
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            reader = ready(job.build)
            pipe.send(Ready(reader.lexicon_digest))
        except Exception as error:
            pipe.send(_sendable(error, job))
            return
        while True:
            task: Task = pipe.recv()
            pipe.send(_answer(reader, task, job))


def _answer(reader: Reader, task: Task, job: Job) -> Answer:
    began = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, job.bounds.seconds)
    try:
        return process(reader, task, job.limits)
    except MemoryError:
        return lost(task.item, too_much(job), time.perf_counter() - began)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def too_much(job: Job) -> str:
    """Return why a document failed that took all memory."""
    return f"memory: this needs more than {job.bounds.memory:,} MB for its process; raise --max-memory"


def died(job: Job, code: int | None) -> str:
    """Return why a document failed over which its process ended with an exit code, or by a signal."""
    if code == -signal.SIGALRM:
        return f"timeout: this takes more than {job.bounds.seconds:g} s; raise --timeout"
    return f"crash: the worker process died over this document ({ended(code)})"


def ended(code: int | None) -> str:
    """Say how a process ended.

    >>> ended(-9), ended(3)
    ('SIGKILL', 'exit code 3')
    """
    try:
        return signal.Signals(-(code or 0)).name
    except ValueError:
        return f"exit code {code}"


def _limit_memory(megabytes: int) -> None:
    """Bound what this process may write to: its heap and private mappings; libraries and files that it maps do not count."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = megabytes * _MEGABYTE
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _sendable(error: Exception, job: Job) -> Exception:
    if isinstance(error, MemoryError):
        return MemoryError(f"a worker cannot start in {job.bounds.memory:,} MB; raise --max-memory")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
