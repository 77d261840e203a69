"""What a run folder holds: its tables, the record type of each, their JSON Schema, and reading them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipeline.model import SCHEMA_VERSION, Document, Failure, Mention, Triple

MANIFEST = "run.json"
LEDGER = "ledger.sqlite"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Versions(msgspec.Struct, frozen=True):
    """The programs that made a run; `packages` are those that decide what it finds."""

    pipeline: str
    python: str
    packages: dict[str, str]


class UserLexicon(msgspec.Struct, frozen=True):
    """A user's folder of concept tables, and the digest of what it held."""

    path: str
    digest: str


class Settings(msgspec.Struct, frozen=True):
    """What a run was asked to do.

    `disabled` are the frames and recognisers that were switched off; `lexicons` lay over the shipped concepts, the last on top.
    `max_bytes` and `max_pages` are the limits of a file; the columns hold ids and texts in JSONL files and tables; `timeout` and
    `max_memory` are the seconds and megabytes that one document may take; `shard` is the part of the corpus that was read.
    """

    corpus: str
    disabled: list[str]
    lexicons: list[UserLexicon] = []
    max_bytes: int | None = None
    max_pages: int | None = None
    id_column: str | None = None
    text_column: str | None = None
    timeout: float | None = None
    max_memory: int | None = None
    shard: str | None = None


class Counts(msgspec.Struct, frozen=True):
    """How much a run read and found; `characters` are code points of the source texts.

    `kept` documents are as an earlier run on the folder read them; `retried` ones took their worker process with them, and were tried
    again alone.
    """

    documents: int
    failures: int
    characters: int
    sentences: int
    mentions: int
    triples: int
    relations: dict[str, int]
    kept: int = 0
    retried: int = 0


class Timings(msgspec.Struct, frozen=True):
    """Seconds by the clock since the command was given, and of work in each stage, summed over the documents of the run.

    The rates are by the clock, too, and count what was read since then, without the documents that were kept.
    """

    seconds: float
    workers: int
    stages: dict[str, float]
    documents_per_second: float = 0.0
    characters_per_second: float = 0.0


class Run(msgspec.Struct, frozen=True):
    """run.json: what ran, over what, and how it went."""

    schema_version: str
    versions: Versions
    settings: Settings
    lexicon_digest: str | None
    counts: Counts
    timings: Timings
    started: str
    finished: str


TABLES: dict[str, type[msgspec.Struct]] = {
    "documents": Document,
    "mentions": Mention,
    "triples": Triple,
    "failures": Failure,
}
RECORDS: dict[str, type[msgspec.Struct]] = {**TABLES, "run": Run}

Record = TypeVar("Record", bound=msgspec.Struct)


class RunError(ValueError):
    """A folder is not a readable run folder; the message says what is wrong and what to do."""


def table_path(run: Path, table: str) -> Path:
    """Return where `table` lies in the run folder."""
    return run / f"{table}.jsonl"


def is_run(folder: Path) -> bool:
    """Tell whether a finished run lies in `folder`."""
    return (folder / MANIFEST).is_file()


def read_run(folder: Path) -> Run:
    """Read run.json.

    Raises:
        RunError: where the folder holds no readable run.json.
    """
    if not is_run(folder):
        raise RunError(
            f"{folder} is not a run folder: it has no {MANIFEST}; make one with: meo run CORPUS --out {folder}"
        )
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Run)
    except msgspec.MsgspecError as error:
        raise RunError(f"{folder / MANIFEST}: {error}; run the corpus again with this version of meo") from error


def read_records(run: Path, table: str, record: type[Record]) -> Iterator[Record]:
    """Read one table of a run, line by line, as `record`: the table's own type, or one with fewer fields.

    Raises:
        RunError: where the table is missing or a line does not fit the type.
    """
    decoder = msgspec.json.Decoder(record)
    for number, line in enumerate(record_lines(run, table), 1):
        try:
            yield decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            where = f"{table_path(run, table)}:{number}"
            raise RunError(f"{where}: {error}; run the corpus again with this version of meo") from error


def record_lines(run: Path, table: str) -> Iterator[bytes]:
    """Read one table of a run as its lines.

    Raises:
        RunError: where the table is missing.
    """
    path = table_path(run, table)
    if (run / LEDGER).is_file() and not is_run(run):
        raise RunError(f"the run in {run} is not finished; the command that began it goes on with it")
    if not path.is_file():
        raise RunError(f"{run} is not a run folder: it has no {path.name}; make one with: meo run CORPUS --out {run}")
    with path.open("rb") as lines:
        yield from lines


def record_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of a table, or of run.json (`run`)."""
    (schema,), components = msgspec.json.schema_components([RECORDS[name]], ref_template="#/$defs/{name}")
    return {"$schema": DIALECT, "title": name, **schema, "$defs": _strict(components)}


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a whole run: an object that holds each table as an array, and `run`."""
    schemas, components = msgspec.json.schema_components(list(RECORDS.values()), ref_template="#/$defs/{name}")
    by_name = dict(zip(RECORDS, schemas, strict=True))
    tables = {name: {"type": "array", "items": by_name[name]} for name in TABLES}
    return {
        "$schema": DIALECT,
        "title": f"meo run, schema version {SCHEMA_VERSION}",
        "type": "object",
        "properties": tables | {"run": by_name["run"]},
        "required": list(RECORDS),
        "additionalProperties": False,
        "$defs": _strict(components),
    }


def _strict(components: dict[str, Any]) -> dict[str, Any]:
    """Close every record: all its fields are written, and no others."""
    return {
        name: {**schema, "required": list(schema["properties"]), "additionalProperties": False}
        if "properties" in schema
        else schema
        for name, schema in sorted(components.items())
    }
