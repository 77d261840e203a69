"""Containers: archives, JSONL files and tables that hold many papers. They are listed once, and each paper is read when its turn
comes, by whichever process.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from pipeline.batch.archives import Archive, Member, OfficeFileError, allowance, open_archive, too_much
from pipeline.readers import ENDINGS, Limits, ReadError, too_large
from pipeline.readers.text import read as read_text

ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")
LINES = (".jsonl", ".ndjson")
TABLES = {".csv": ",", ".tsv": "\t"}
# Archives in archives.
_DEEPEST = 3


class Columns(NamedTuple):
    """The fields of a JSONL file, or the columns of a table, that hold a paper's id and its text."""

    id: str = "id"
    text: str = "text"


COLUMNS = Columns()


class Step(NamedTuple):
    """A step into a container: to a `member` of an archive, a `line` or a `row`; `field` is where these have their text.

    `at` and `size` are what the archive finds its member by; first byte and length of a line; number of a row, from 0.
    """

    kind: str
    at: int
    size: int = 0
    field: str = ""


class Found(NamedTuple):
    """A paper in a container: its path, what it is called for short, the way to it, or why it cannot be read."""

    path: str
    short: str
    steps: tuple[Step, ...]
    fault: str | None = None


class _Budget:
    """What is left of the members that an archive may have, and of the bytes of containers in it, at any depth."""

    def __init__(self, size: int, limits: Limits) -> None:
        self._members = self._members_left = limits.members
        self._bytes = self._bytes_left = allowance(size, limits)

    def spend(self, members: int = 0, size: int = 0) -> None:
        self._members_left -= members
        self._bytes_left -= size
        if self._members_left < 0:
            raise _SpentError(f"the archive holds more than {self._members:,} files; split it")
        if self._bytes_left < 0:
            raise _SpentError(str(too_much(self._bytes)))


class _SpentError(ReadError):
    """An archive is beyond a limit as a whole."""


def kind_of(name: str) -> str | None:
    """Tell by its ending what a file is: `paper`, `archive`, `lines`, `table`, or None.

    >>> kind_of("a.DOCX"), kind_of("a.tar.gz"), kind_of("a.jsonl"), kind_of("a.csv"), kind_of("a.png")
    ('paper', 'archive', 'lines', 'table', None)
    """
    name = name.casefold()
    kinds = {"paper": ENDINGS, "archive": ARCHIVES, "lines": LINES, "table": tuple(TABLES)}
    return next((kind for kind, endings in kinds.items() if name.endswith(endings)), None)


def short(path: str) -> str:
    """Return a path without its ending.

    >>> short("a.b/c"), short("a/b.tar.md")
    ('a.b/c', 'a/b.tar')
    """
    folder, slash, name = path.rpartition("/")
    return folder + slash + (name.rpartition(".")[0] or name)


def list_container(file: Path, kind: str, path: str, prefix: str, limits: Limits, columns: Columns) -> Iterator[Found]:
    """List the papers of a file; `path` stands in messages, `prefix` before the paths of what is inside.

    What cannot be read is a paper with its fault; where that is the container itself, its path is `path`.
    """
    try:
        with file.open("rb") as stream:
            if kind == "archive":
                size = file.stat().st_size
                yield from _Listing(limits, columns, _Budget(size, limits)).archive(stream, size, path, prefix, ())
            else:
                yield from _list_records(stream, kind, path, prefix, (), limits, columns)
    except OSError as error:
        yield Found(path, path, (), f"{path}: cannot be opened ({error.strerror}); check that it is readable")


class _Listing:
    """Lists an archive and what is in it."""

    def __init__(self, limits: Limits, columns: Columns, budget: _Budget) -> None:
        self._limits, self._columns, self._budget = limits, columns, budget

    def archive(self, stream: BinaryIO, size: int, path: str, prefix: str, way: tuple[Step, ...]) -> Iterator[Found]:
        """Yield what an opened archive holds, as far as it can be read."""
        seen: set[str] = set()
        try:
            archive = open_archive(stream, size, self._limits)
            for member in archive.members():
                self._budget.spend(members=1)
                # A compressed single file is called as what it is in, without its ending.
                inside = prefix + member.name if member.name else path
                name = member.name or short(path)
                if member.name in seen:
                    twice = f"{inside} ({member.at})"
                    yield Found(twice, twice, (), f"{inside}: stands twice in the archive; rename one")
                    continue
                seen.add(member.name)
                kind = kind_of(name) or (None if member.name else "paper")
                below = f"{inside}/" if member.name else prefix
                yield from self._member(archive, member, kind, inside, below, way)
        except OfficeFileError:
            yield Found(path, short(path), way)
        except ReadError as error:
            if way and isinstance(error, _SpentError):
                raise
            yield Found(path, path, (), f"{path}: {error}")

    def _member(
        self, archive: Archive, member: Member, kind: str | None, path: str, below: str, way: tuple[Step, ...]
    ) -> Iterator[Found]:
        step = Step("member", member.at, member.size)
        if kind is None or kind == "table":
            return
        if member.fault:
            yield Found(path, short(path), (), f"{path}: {member.fault}")
        elif kind == "paper":
            yield Found(path, short(path) if member.name else short(short(path)), (*way, step))
        elif kind == "archive" and len(way) + 1 >= min(_DEEPEST, self._limits.depth):
            yield Found(path, path, (), f"{path}: archives in archives nest more than {_DEEPEST} deep; unpack them")
        else:
            yield from self._container(archive, step, kind, path, below, way)

    def _container(
        self, archive: Archive, step: Step, kind: str, path: str, below: str, way: tuple[Step, ...]
    ) -> Iterator[Found]:
        try:
            data = archive.read(step.at, step.size, self._limits.expanded)
            if len(data) > self._limits.expanded:
                raise too_much(self._limits.expanded)
        except ReadError as error:
            yield Found(path, path, (), f"{path}: {error}")
            return
        self._budget.spend(size=len(data))
        stream = io.BytesIO(data)
        if kind == "archive":
            yield from self.archive(stream, len(data), path, below, (*way, step))
        else:
            yield from _list_records(stream, kind, path, below, (*way, step), self._limits, self._columns)


class _Record(NamedTuple):
    """A line or row: where it stands, for people (from 1) and for `Step`; its id and text, or what is wrong with them."""

    number: int
    at: int
    size: int
    id: Any
    text: Any
    fault: str | None = None


def _list_records(
    stream: BinaryIO, kind: str, path: str, prefix: str, way: tuple[Step, ...], limits: Limits, columns: Columns
) -> Iterator[Found]:
    step = "line" if kind == "lines" else "row"
    seen: dict[str, int] = {}
    try:
        records = (
            _lines(stream, limits, columns)
            if kind == "lines"
            else _rows(stream.read(limits.size + 1), path, limits, columns)
        )
        for record in records:
            here = f"{path}:{record.number}"
            fault = record.fault
            if not fault and (first := seen.setdefault(record.id, record.number)) != record.number:
                fault = f"the {columns.id} {record.id!r} stands already in line {first}; give each paper its own"
            if fault:
                yield Found(here, here, (), f"{here}: {fault}")
            else:
                yield Found(here, prefix + record.id, (*way, Step(step, record.at, record.size, columns.text)))
    except ReadError as error:
        yield Found(path, path, (), str(error))


def _lines(stream: BinaryIO, limits: Limits, columns: Columns) -> Iterator[_Record]:
    at = number = 0
    while line := stream.readline(limits.size + 1):
        number += 1
        begin, at = at, at + len(line)
        if len(line) > limits.size:
            while line and not line.endswith(b"\n"):
                line = stream.readline(limits.size)
                at += len(line)
            yield _Record(number, begin, 0, "", "", f"the line is longer than {limits.size:,} bytes; raise --max-bytes")
        elif line.strip().removeprefix(b"\xef\xbb\xbf"):
            yield _record(line, number, begin, columns)


def _record(line: bytes, number: int, at: int, columns: Columns) -> _Record:
    def wrong(fault: str) -> _Record:
        return _Record(number, at, len(line), "", "", fault)

    try:
        fields = _object(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return wrong(f"this is no JSON ({error}); write one object a line, in UTF-8")
    if not isinstance(fields, dict):
        return wrong(f"this is no JSON object; write one with {columns.id} and {columns.text} a line")
    return _checked(_Record(number, at, len(line), fields.get(columns.id), fields.get(columns.text)), columns)


def _object(line: bytes) -> Any:
    return msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))


def _checked(record: _Record, columns: Columns) -> _Record:
    """Return a record with its id as a string, or with what is wrong with its id or text."""
    key = str(record.id) if isinstance(record.id, int) and not isinstance(record.id, bool) else record.id
    if not isinstance(key, str) or not key.strip():
        return record._replace(
            fault=f"{columns.id!r} is missing or empty; give a string, or name another by --id-column"
        )
    if not isinstance(record.text, str) or not record.text.strip():
        return record._replace(
            fault=f"{columns.text!r} is missing or empty; give a text, or name another by --text-column"
        )
    return record._replace(id=key.strip())


def _rows(data: bytes, path: str, limits: Limits, columns: Columns) -> Iterator[_Record]:
    """Yield the rows of a table; quoted cells may hold line breaks, and the encoding is found by content.

    Raises:
        ReadError: where the table is too large, cannot be decoded, or lacks the columns.
    """
    if len(data) > limits.size:
        raise ReadError(too_large(path, len(data), limits))
    delimiter = next((sign for ending, sign in TABLES.items() if path.casefold().endswith(ending)), ",")
    text = io.StringIO(read_text(data, path, limits).text, newline="")
    # The standard library's limit of a cell is a setting of the process; a paper is longer.
    usual = csv.field_size_limit(limits.size)
    try:
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        header = [cell.strip() for cell in next(rows, [])]
        if missing := [name for name in columns if name not in header]:
            raise ReadError(
                f"{path}: no column {' or '.join(map(repr, missing))}; its columns are {', '.join(header) or 'none'}: "
                "name those of the id and the text by --id-column and --text-column"
            )
        at = 0
        while True:
            number = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield _Record(number, at, 0, "", "", f"the row cannot be read ({error}); quote its cells")
            else:
                if row:
                    yield _row(row, number, at, header, columns)
            at += 1
    finally:
        csv.field_size_limit(usual)


def _row(row: list[str], number: int, at: int, header: list[str], columns: Columns) -> _Record:
    if len(row) != len(header):
        fault = f"the row has {len(row)} cells, the header {len(header)}; quote cells that hold the delimiter"
        return _Record(number, at, 0, "", "", fault)
    found = (row[header.index(name)] for name in columns)
    return _checked(_Record(number, at, 0, *found), columns)


def fetch(file: Path, steps: tuple[Step, ...], path: str, limits: Limits) -> bytes | str:
    """Return the paper that `steps` lead to: the bytes of a file, or the text of a line or row.

    Raises:
        ReadError: where it cannot be got, or is larger than the limit; `path` stands in the message.
    """
    *way, last = steps
    try:
        found = file.stat()
        inside = _Inside(file, (found.st_mtime_ns, found.st_size), tuple(way), limits)
        if last.kind == "member":
            data = _archive(inside).read(last.at, last.size, limits.size)
            if len(data) > limits.size:
                raise ReadError(f"it is larger than {limits.size:,} bytes; raise --max-bytes")
            return data
        if last.kind == "row":
            return _texts(inside, path.rpartition(":")[0], last.field)[last.at]
        with io.BytesIO(_held(inside)) if way else file.open("rb") as stream:
            stream.seek(last.at)
            text: str = _object(stream.read(last.size))[last.field]
            return text
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror}); check that it is readable") from error
    except (IndexError, KeyError, TypeError, msgspec.DecodeError) as error:
        raise ReadError(f"{path}: the file was changed while it was read; run again") from error


class _Inside(NamedTuple):
    """A container as it lay when it was opened: the file, its time and size, and the way to the container in it."""

    file: Path
    stamp: tuple[int, int]
    way: tuple[Step, ...]
    limits: Limits


# Papers come in order, so that the containers in hand are few: one of each depth.
@lru_cache(maxsize=_DEEPEST + 1)
def _archive(inside: _Inside) -> Archive:
    if not inside.way:
        return open_archive(inside.file.open("rb"), inside.stamp[1], inside.limits)
    data = _held(inside)
    return open_archive(io.BytesIO(data), len(data), inside.limits)


@lru_cache(maxsize=1)
def _held(inside: _Inside) -> bytes:
    """Return the bytes of a container that lies in an archive."""
    *way, last = inside.way
    return _archive(inside._replace(way=tuple(way))).read(last.at, last.size, inside.limits.expanded)


@lru_cache(maxsize=1)
def _texts(inside: _Inside, path: str, field: str) -> list[str]:
    """Return the texts of a table by the numbers of their rows; that of a row that cannot be read is empty."""
    texts: list[str] = []
    for record in _rows(inside.file.read_bytes(), path, inside.limits, Columns(field, field)):
        texts += [""] * (record.at - len(texts)) + [record.text]
    return texts
