"""A reader that takes a text as an order, and a program that runs it with the arguments CORPUS OUT WORKERS."""

import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import model
from pipeline.batch.events import Event
from pipeline.batch.run import Finished, run_corpus
from pipeline.batch.work import Bounds
from pipeline.schema import TABLES

# Of a document of these tests: generous on a busy machine, short for one that hangs.
BOUNDS = Bounds(seconds=3, memory=300)


@dataclass
class Brittle:
    """Does what the text says; the second time, `once` is no order any more: its first sentence is a file that is there then."""

    timings: dict[str, float] = field(default_factory=dict)
    lexicon_digest: str = "digest"

    def read(self, source: model.Source, *, doc_id: str, path: str, sha256: str) -> model.DocumentResult:
        self.timings["read"] = self.timings.get("read", 0.0) + 0.5
        obey(source.text)
        text = "\ud800" if "surrogate" in source.text else source.text
        document = model.Document(
            doc_id=doc_id,
            path=path,
            sha256=sha256,
            format=source.format,
            encoding=source.encoding,
            title=None,
            language="zh",
            script="simplified",
            metadata={},
            source_text=source.text,
            text=text,
            sections=[],
            sentences=[],
            references={},
            unknown_glyphs=[],
        )
        return model.DocumentResult(document, [], [])


def obey(text: str) -> None:
    order, _, rest = text.partition(" ")
    match order:
        case "once" if not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(int(rest))
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "sleep":
            time.sleep(float(rest))
        case "hang":
            # In C, with the interpreter locked.
            re.match(r"(a+)+b", "a" * 64)
        case "eat":
            bytearray(1 << 40)
        case "raise":
            raise IndexError("list index\nout of range")


@dataclass(frozen=True)
class Build:
    name: str = "brittle"

    def __call__(self) -> Brittle:
        return Brittle()


@dataclass(frozen=True)
class Broken:
    def __call__(self) -> Brittle:
        raise ValueError("no such frame")


@dataclass(frozen=True)
class Dying:
    def __call__(self) -> Brittle:
        os._exit(7)


def go(corpus: Path, out: Path, workers: int | None = 1, **options: object) -> Finished:
    return run_corpus(Build(), corpus, out, workers=workers, bounds=BOUNDS, **options)  # type: ignore[arg-type]


def tables(run: Path) -> dict[str, bytes]:
    return {table: (run / f"{table}.jsonl").read_bytes() for table in TABLES}


def main() -> None:
    corpus, out, workers = sys.argv[1:]
    go(Path(corpus), Path(out), int(workers), hear=tell)


def tell(event: Event) -> None:
    sys.stdout.write(f"{event}\n")
    sys.stdout.flush()
