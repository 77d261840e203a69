"""A concept and the tables that list concepts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, get_args

from pipeline.model import ConceptType
from pipeline.tables import Row, read_table

COLUMNS = ("curie", "type", "zh", "en", "source")
TYPES: tuple[ConceptType, ...] = get_args(ConceptType)
SEPARATOR = "|"


class Concept(NamedTuple):
    """One row of a table: an identifier (None where no vocabulary has it), a type and its names, preferred ones first."""

    curie: str | None
    type: ConceptType
    zh: tuple[str, ...]
    en: tuple[str, ...]
    source: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, Chinese ones first."""
        return self.zh + self.en


def split_names(cell: str) -> tuple[str, ...]:
    """Return the names of a cell, `|` between them."""
    return tuple(cell.split(SEPARATOR)) if cell else ()


def fault(row: Row) -> str | None:
    """Return what is wrong with a row of a concept table, or None."""
    if row["type"] not in TYPES:
        return f"type is {row['type']!r}; it must be one of {', '.join(TYPES)}"
    if not row["zh"] and not row["en"]:
        return "zh and en are both empty; a concept needs a name"
    for column in ("zh", "en"):
        names = split_names(row[column])
        if any(name != name.strip() or not name for name in names):
            return f"{column} has an empty name or white space around a name: {row[column]!r}"
        if len(set(names)) < len(names):
            return f"{column} has a name twice: {row[column]!r}"
    if row["source"] != "":
        return None
    return "source is empty; say where the row comes from, e.g. team"


def read_concepts(path: Path, *, ordered: bool = True) -> list[Concept]:
    """Read a concept table.

    Raises:
        TableError: naming every bad row; an order or a repetition is only a fault where `ordered`.
    """
    rows = read_table(path, COLUMNS, key=("type", "en", "zh") if ordered else (), check=fault)
    return [concept(row) for row in rows]


def concept(row: Row) -> Concept:
    """Make a concept of a checked row."""
    kind = next(kind for kind in TYPES if kind == row["type"])
    return Concept(row["curie"] or None, kind, split_names(row["zh"]), split_names(row["en"]), row["source"])


def cells(concept: Concept) -> tuple[str, ...]:
    """Return the cells of a concept's row."""
    return (
        concept.curie or "",
        concept.type,
        SEPARATOR.join(concept.zh),
        SEPARATOR.join(concept.en),
        concept.source,
    )
