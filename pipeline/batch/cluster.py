"""What reads the documents of a run on many machines: a Dask scheduler's workers, each with a child process that reads.

The child is that of `engine.py`, so the limits of a document hold there as they do on one machine; a worker that is lost gives its
documents back to the scheduler, which hands them to others. The ledger stays with the command, the one who writes.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, Self

import distributed

from pipeline import __version__
from pipeline.batch.engine import EngineError, Workers
from pipeline.batch.work import Answer, Job, Task, lost

# Documents in hand for each thread of a worker: one that it reads, and one that is there when it is done.
_AHEAD = 2
_PATIENCE = 30.0


class _Said(NamedTuple):
    """What a worker of the cluster reads with, and what became of a document."""

    version: str
    lexicon_digest: str
    answer: Answer | None


class Cluster:
    """The engine of a cluster: see `pipeline.batch.engine.Engine`."""

    def __init__(self, job: Job, address: str) -> None:
        """Connect to the scheduler at `address`, such as tcp://host:8786.

        Raises:
            EngineError: where no scheduler answers, or it has no workers.
        """
        self._job = job
        self._address = address
        self._digest: str | None = None
        try:
            self._client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(f"no scheduler answers at {address} ({error}); start one with: dask scheduler") from error
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            self._client.close()
            raise EngineError(
                f"the scheduler at {address} has no workers; start some with: dask worker {address} --nthreads 1"
            ) from error
        self.workers = self._threads()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what is in hand; the cluster goes on."""
        self._client.close()

    def ready(self) -> str:
        """Let one worker build a reader; see `Engine`."""
        self._digest = self._checked(self._client.submit(_ask, self._job, None, pure=False).result()).lexicon_digest
        return self._digest

    def run(self, tasks: Iterable[Task], *, alone: bool = False) -> Iterator[Answer]:
        """Share the tasks out over the workers that are there now; see `Engine`."""
        waiting = iter(tasks)
        given: dict[object, Task] = {}
        answers = distributed.as_completed(loop=self._client.loop)
        while True:
            most = 1 if alone else _AHEAD * self._threads()
            for task in islice(waiting, max(0, most - len(given))):
                future = self._client.submit(_ask, self._job, task, alone=alone, pure=False)
                given[future.key] = task
                answers.add(future)
            if not given:
                return
            future = next(answers)
            task = given.pop(future.key)
            try:
                answer = self._checked(future.result()).answer
            except distributed.KilledWorker:
                answer = lost(task.item, "crash: the workers of the cluster died over this document", 0.0)
            if answer:
                yield answer

    def _threads(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _checked(self, said: _Said) -> _Said:
        if said.version != __version__ or self._digest not in (None, said.lexicon_digest):
            raise EngineError(
                f"a worker of {self._address} has meo {said.version} with the lexicon {said.lexicon_digest[:12]}, but this is "
                f"{__version__} and another worker has {(self._digest or said.lexicon_digest)[:12]}; install the same on all machines"
            )
        return said


_local = threading.local()


def _ask(job: Job, task: Task | None, *, alone: bool = False) -> _Said:
    """Read a document on a worker of the cluster, in a child process that is kept for the next, or a new one; or only start that."""
    if multiprocessing.current_process().daemon:
        raise EngineError(
            "the workers of the cluster may not start processes; start them with DASK_DISTRIBUTED__WORKER__DAEMON=false"
        )
    held: tuple[Job, Workers, str] | None = getattr(_local, "held", None)
    if held is None or held[0] != job or alone:
        if held:
            held[1].__exit__()
        workers = Workers(job, 1)
        held = _local.held = job, workers, workers.ready()
    _, workers, digest = held
    return _Said(__version__, digest, next(workers.run([task])) if task else None)
