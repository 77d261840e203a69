"""A finished run in other forms: compressed tables and Parquet, whole or in parts of so many documents.

One file a form, each with `open_part(path, record)`: something that takes the encoded lines of a table and is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Protocol

import msgspec

from pipeline.export import gz, parquet, zst
from pipeline.schema import TABLES, read_run, record_lines

PART = "part-{:05}"


class Part(Protocol):
    """A file that takes the lines of a table."""

    def write(self, lines: bytes) -> object:
        """Take whole lines of JSON."""
        ...

    def close(self) -> None:
        """Write what is left, and close the file."""
        ...


FORMS: dict[str, Callable[[Path, type[msgspec.Struct]], Part]] = {
    "jsonl.gz": gz.open_part,
    "jsonl.zst": zst.open_part,
    "parquet": parquet.open_part,
}


class ExportError(ValueError):
    """The run cannot be written there; the message says why and what to do."""


class _Of(msgspec.Struct):
    """The document that a line is of."""

    doc_id: str


def export(run: Path, out: Path, form: str, *, documents: int | None = None) -> list[Path]:
    """Write the tables of a finished run to the folder `out`, and return the files; the order of the lines stays.

    A table is one file, NAME.FORM, or with `documents` a folder NAME of files, each with what so many documents gave.

    Raises:
        RunError: where the run is not finished, or cannot be read.
        ExportError: where `out` is not a new or an empty folder.
    """
    read_run(run)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} is there already; give a new or an empty folder for --out")
    part_of: dict[str, int] = {}
    if documents:
        of = msgspec.json.Decoder(_Of)
        for table in ("documents", "failures"):
            part_of |= {of.decode(line).doc_id: n // documents for n, line in enumerate(record_lines(run, table))}
    written = []
    for table, record in TABLES.items():
        for number, lines in _parts(run, table, part_of):
            name = f"{PART.format(number)}.{form}" if documents else f"{table}.{form}"
            path = out / table / name if documents else out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(FORMS[form](path, record)) as part:
                for line in lines:
                    part.write(line)
            written.append(path)
    return written


def _parts(run: Path, table: str, part_of: dict[str, int]) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Yield the lines of a table by part; without parts, and of an empty table, all are one."""
    lines = record_lines(run, table)
    if not part_of:
        yield 0, lines
        return
    of = msgspec.json.Decoder(_Of)
    empty = True
    for number, group in groupby(lines, lambda line: part_of[of.decode(line).doc_id]):
        empty = False
        yield number, group
    if empty:
        yield 0, iter(())
