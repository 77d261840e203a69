"""What `meo run` shows and logs while it goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from pipeline.batch.events import DocumentRead, Event, Hear, RunStarted

if TYPE_CHECKING:
    from rich.console import Console

# Seconds after which a plain line is due.
_DUE = 60


def duration(seconds: float) -> str:
    """Return seconds as people say them.

    >>> duration(7), duration(3700), duration(200_000)
    ('7 s', '1 h 01 min', '2 d 7 h')
    """
    minutes, hours = round(seconds) // 60, round(seconds) // 3600
    if minutes < 1:
        return f"{seconds:.0f} s"
    if hours < 1:
        return f"{minutes} min {round(seconds) % 60:02} s"
    return f"{hours} h {minutes % 60:02} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


class Course:
    """Where a run stands, by what was heard of it."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.total = self.done = self.failed = self.kept = self.triples = 0
        self._began = time.monotonic()

    def hear(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, RunStarted):
            self.total, self._began = event.documents, time.monotonic()
        elif isinstance(event, DocumentRead) and event.state != "lost":
            self.done += 1
            self.failed += event.state == "failed"
            self.kept += event.state == "unchanged"
            self.triples += event.triples

    def pace(self) -> str:
        """Return the rate and the time left, as far as something was read."""
        rate = (self.done - self.kept) / max(time.monotonic() - self._began, 1e-9)
        if not rate:
            return ""
        return f"{rate:.1f} documents/s, {duration((self.total - self.done) / rate)} left"

    def found(self) -> str:
        """Return what was found, and failed, and kept from before."""
        counts = ((self.triples, "triples"), (self.failed, "failed"), (self.kept, "kept"))
        return ", ".join(f"{count:,} {name}" for count, name in counts if count)


@contextmanager
def listening(screen: Console, log: Path | None, *, quiet: bool) -> Iterator[Hear]:
    """Give what hears of a run: it shows a bar on a terminal, else lines, and adds to a log.

    Raises:
        typer.BadParameter: where the log cannot be written.
    """
    with ExitStack() as stack:
        hearers = [stack.enter_context(_log(log))] if log else []
        if not quiet:
            hearers.append(stack.enter_context(_bar(screen)) if screen.is_terminal else _lines(screen))

        def hear(event: Event) -> None:
            for each in hearers:
                each(event)

        yield hear


@contextmanager
def _log(path: Path) -> Iterator[Hear]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise typer.BadParameter(f"{path}: cannot be written ({error.strerror}); give another --log-file") from error
    with file:

        def write(event: Event) -> None:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            file.write(msgspec.json.encode({"time": now, **msgspec.to_builtins(event)}) + b"\n")
            file.flush()

        yield write


def _about(event: RunStarted) -> str:
    told = f"{event.documents:,} documents, {event.workers} workers"
    if event.known:
        told += f"; {event.known:,} read before are kept where their bytes are the same"
    if event.dropped:
        told += f"; {event.dropped:,} that are gone are dropped"
    if event.anew:
        told += f"; all are read anew, as these changed: {event.anew}"
    return told


def _lines(screen: Console) -> Hear:
    course, said = Course(), time.monotonic()

    def show(event: Event) -> None:
        nonlocal said
        before = course.done
        course.hear(event)
        if isinstance(event, RunStarted):
            screen.print(_about(event))
        elif course.done > before:
            tenth = course.done * 10 // course.total > before * 10 // course.total
            if tenth or time.monotonic() - said > _DUE:
                said = time.monotonic()
                parts = [f"{course.done:,} of {course.total:,} documents", course.found(), course.pace()]
                screen.print(", ".join(filter(None, parts)))

    return show


@contextmanager
def _bar(screen: Console) -> Iterator[Hear]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}")
    course = Course()
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("starting", total=None, told="")

        def show(event: Event) -> None:
            course.hear(event)
            if isinstance(event, RunStarted):
                bar.console.print(_about(event))
            description = "writing" if course.done == course.total else "reading"
            told = ", ".join(filter(None, (course.found(), course.pace())))
            bar.update(task, description=description, completed=course.done, total=course.total, told=told)

        yield show
