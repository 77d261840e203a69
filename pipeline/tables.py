"""Strict reader for the project's TSV tables: every bad row of a file in one error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path

Row = dict[str, str]


class TableError(ValueError):
    """A table does not follow its rules; the message names every bad row as file:line."""


@cache
def resource(name: str) -> Path:
    """Return the path of a shipped resource, e.g. `resource("cues.tsv")`.

    In a wheel the resources lie inside the package; in a checkout they lie beside it.
    """
    package = Path(__file__).parent
    inside = package / "_resources"
    return (inside if inside.is_dir() else package.parent / "resources") / name


def read_table(
    path: Path,
    columns: Sequence[str],
    *,
    key: Sequence[str] = (),
    check: Callable[[Row], str | None] | None = None,
) -> list[Row]:
    """Read a TSV file with exactly `columns` as its header.

    `key` names the columns by which rows must be unique and sorted; `check` returns what is wrong with a row, or None.
    Lines that start with `#` are comments.

    Raises:
        TableError: naming every bad row at once.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    faults: list[str] = []
    if not lines or lines[0].split("\t") != list(columns):
        raise TableError(f"{path}:1: header is {lines[0]!r}; it must be {chr(9).join(columns)!r}")
    rows: list[Row] = []
    key_of = itemgetter(*key) if key else None
    previous: str | tuple[str, ...] = ""
    seen: dict[str | tuple[str, ...], int] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            faults.append(f"{path}:{number}: {len(cells)} cells; the header has {len(columns)} columns")
            continue
        row = dict(zip(columns, cells, strict=True))
        if list(map(str.strip, cells)) != cells:
            faults += [
                f"{path}:{number}: {column} has white space around it: {cell!r}"
                for column, cell in row.items()
                if cell != cell.strip()
            ]
        if key_of:
            this = key_of(row)
            if (first := seen.setdefault(this, number)) != number:
                faults.append(f"{path}:{number}: {this!r} stands already in line {first}")
            elif previous and this < previous:
                faults.append(f"{path}:{number}: {this!r} is out of order; it belongs before {previous!r}")
            previous = this
        if check and (fault := check(row)):
            faults.append(f"{path}:{number}: {fault}")
        rows.append(row)
    if faults:
        raise TableError("\n".join(faults))
    return rows
