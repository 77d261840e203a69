"""What reads the documents of a run: worker processes of this machine, each with a pipe of its own.

A worker that hangs, dies or runs out of memory takes only the document in its hands with it: no queue or lock is shared that it
could leave broken, and another worker takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Protocol, Self

from pipeline.batch.work import Answer, Job, Task, lost
from pipeline.batch.worker import Ready, died, ended, serve

# How many workers in a row may end before they are ready, until that is no accident.
_FALSE_STARTS = 3


class EngineError(RuntimeError):
    """Workers cannot do their work; the message says why and what to do."""


class Engine(Protocol):
    """Reads documents somewhere, `workers` at once. Leaving its context ends all that it started."""

    workers: int

    def __enter__(self) -> Self:
        """Return itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """End all that it started, whatever that is doing."""
        ...

    def ready(self) -> str:
        """Build a first reader, and return the digest of its lexicon.

        Raises:
            Exception: what building raised.
            EngineError: where no worker starts.
        """
        ...

    def run(self, tasks: Iterable[Task], *, alone: bool = False) -> Iterator[Answer]:
        """Yield the answers as they come; a task is taken when somebody is free for it. The limits of the job hold.

        `alone` is one after the other, each in a new process, so that none bears what another left.
        """
        ...


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A child process, and the task in its hands."""

    def __init__(self, job: Job) -> None:
        # A fork would copy the locks of whatever threads there are.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, job), daemon=True)
        self._process.start()
        theirs.close()
        self.is_ready = False
        self.task: Task | None = None
        self.since = 0.0

    def give(self, task: Task) -> None:
        self.task, self.since = task, time.perf_counter()
        # Where it is dead already, its silence tells.
        with suppress(OSError):
            self.pipe.send(task)

    def end(self) -> int | None:
        """End the process, whatever it is doing, and return its exit code."""
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        self.pipe.close()
        return code


class Workers:
    """The engine of one machine."""

    def __init__(self, job: Job, workers: int) -> None:
        """Start nothing yet."""
        self.workers = workers
        self._job = job
        self._idle: list[_Worker] = []
        self._busy: dict[object, _Worker] = {}
        self._digest: str | None = None
        self._false_starts = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers; what they have in hand is not read."""
        for worker in (*self._idle, *self._busy.values()):
            worker.end()
        self._idle.clear()
        self._busy.clear()

    def ready(self) -> str:
        """Start the first worker; see `Engine`."""
        self._start()
        while self._digest is None:
            for pipe in wait([worker.pipe for worker in self._busy.values()]):
                self._hear(self._busy.pop(pipe))
        return self._digest

    def run(self, tasks: Iterable[Task], *, alone: bool = False) -> Iterator[Answer]:
        """Share the tasks out; see `Engine`."""
        waiting = iter(tasks)
        self._hand_out(waiting, alone)
        while self._busy:
            for pipe in wait([worker.pipe for worker in self._busy.values()]):
                answer = self._hear(self._busy.pop(pipe))
                # The worker goes on while the answer is written down.
                self._hand_out(waiting, alone)
                if answer:
                    yield answer

    def _start(self, task: Task | None = None) -> None:
        worker = _Worker(self._job)
        self._busy[worker.pipe] = worker
        if task:
            worker.give(task)

    def _hand_out(self, waiting: Iterator[Task], alone: bool) -> None:
        most = 1 if alone else self.workers
        while len(self._busy) < most and (task := next(waiting, None)):
            while alone and self._idle:
                self._idle.pop().end()
            if not self._idle:
                self._start(task)
                continue
            worker = self._idle.pop()
            self._busy[worker.pipe] = worker
            worker.give(task)

    def _hear(self, worker: _Worker) -> Answer | None:
        """Take what a worker says, an answer or that it is ready, or that it is dead."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        if isinstance(said, Exception):
            worker.end()
            raise said
        if isinstance(said, Ready):
            if self._digest not in (None, said.lexicon_digest):
                worker.end()
                raise EngineError("the lexicon was changed while the run went on; give the command again")
            self._digest, self._false_starts, worker.is_ready = said.lexicon_digest, 0, True
            if worker.task:
                self._busy[worker.pipe] = worker
            else:
                self._idle.append(worker)
            return None
        answer: Answer = said
        worker.task = None
        if answer.state == "lost":
            worker.end()
        else:
            self._idle.append(worker)
        return answer

    def _bury(self, worker: _Worker) -> Answer | None:
        code = worker.end()
        if worker.is_ready and worker.task:
            return lost(worker.task.item, died(self._job, code), time.perf_counter() - worker.since)
        self._false_starts += 1
        if self._false_starts == _FALSE_STARTS:
            raise EngineError(
                f"workers end before they can read anything ({ended(code)}); free some memory, or raise --max-memory"
            )
        self._start(worker.task)
        return None
