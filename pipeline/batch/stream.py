"""Documents in a pipe: a line of JSON in, a line of JSON out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import msgspec

from pipeline import model
from pipeline.batch.containers import COLUMNS, Columns
from pipeline.batch.work import Reader, reason


class Read(msgspec.Struct, frozen=True):
    """What one line gave: the records of its document, or what was wrong with it. `doc_id` is None where the line has none."""

    doc_id: str | None
    document: model.Document | None = None
    mentions: list[model.Mention] = []
    triples: list[model.Triple] = []
    error: str | None = None


def read_lines(reader: Reader, lines: Iterable[bytes], columns: Columns = COLUMNS) -> Iterator[bytes]:
    """Yield a line for each line that is not empty, in their order: `Read` as JSON. No line spoils another."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield msgspec.json.encode(_read(reader, line, number, columns)) + b"\n"


def _read(reader: Reader, line: bytes, number: int, columns: Columns) -> Read:
    doc_id = None
    try:
        row: Any = msgspec.json.decode(line)
        if not isinstance(row, dict) or not isinstance(row.get(columns.text), str):
            return Read(None, error=f"line {number}: no object with text in the field `{columns.text}`")
        doc_id = str(row.get(columns.id) or number)
        source = model.Source(text=row[columns.text], format="text", encoding="utf-8")
        digest = sha256(source.text.encode()).hexdigest()
        found = reader.read(source, doc_id=doc_id, path=f"line {number}", sha256=digest)
    except Exception as error:
        return Read(doc_id, error=f"line {number}: {reason(error)}")
    return Read(doc_id, found.document, found.mentions, found.triples)
