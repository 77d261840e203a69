"""Documents spread over worker processes and collected in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache

from pipeline.batch.corpus import Input
from pipeline.batch.work import Build, Reader, Written, failed, process
from pipeline.readers import Limits

# Documents in hand for each worker: enough to keep it busy, few enough to bound memory.
_AHEAD = 4
# How many new objects start the garbage collector: a document leaves hardly any cycle behind, and makes many thousand tuples.
_OBJECTS = 50_000


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ready(build: Build) -> Reader:
    """Build a reader, and keep this process's garbage collector from walking through its tables again and again."""
    reader = build()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    return reader


def process_all(build: Build, inputs: Sequence[Input], workers: int, limits: Limits) -> Iterator[Written]:
    """Yield what each document gives, in the order of `inputs`, whatever the number of workers."""
    if workers == 1:
        reader = ready(build)
        return (process(reader, item, limits) for item in inputs)
    return _pooled(build, inputs, workers, limits)


def _pooled(build: Build, inputs: Sequence[Input], workers: int, limits: Limits) -> Iterator[Written]:
    """Share the documents out. Where a worker dies, the documents in hand are tried again one by one."""
    done = 0
    while done < len(inputs):
        try:
            for written in _window(build, inputs[done:], workers, limits):
                done += 1
                yield written
        except BrokenProcessPool:
            for item in inputs[done : done + workers * _AHEAD]:
                done += 1
                yield _alone(build, item, limits)


def _window(build: Build, inputs: Sequence[Input], workers: int, limits: Limits) -> Iterator[Written]:
    waiting: deque[Future[Written]] = deque()
    pool = _pool(workers)
    try:
        for item in inputs:
            waiting.append(pool.submit(_work, build, item, limits))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(build: Build, item: Input, limits: Limits) -> Written:
    with _pool(1) as pool:
        try:
            return pool.submit(_work, build, item, limits).result()
        except BrokenProcessPool:
            return failed(item, "batch", "the worker process died over this document (out of memory, or killed)")


def _pool(workers: int) -> ProcessPoolExecutor:
    # A fork would copy the threads' locks of the progress bar.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


@cache
def _reader(build: Build) -> Reader:
    return ready(build)


def _work(build: Build, item: Input, limits: Limits) -> Written:
    return process(_reader(build), item, limits)
