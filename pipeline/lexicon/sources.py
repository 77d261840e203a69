"""Which rows of which tables a concept comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.concept import COLUMNS, Concept, concept, fault
from pipeline.tables import resource

FAMILIES, MEMBERS, AMBIGUOUS = "families.tsv", "family_members.tsv", "ambiguous.tsv"
BESIDE = (FAMILIES, MEMBERS, AMBIGUOUS)
"""The tables beside the shipped concepts."""


class Row(NamedTuple):
    """A sound row of a concept table."""

    path: Path
    line: int
    concept: Concept

    @property
    def place(self) -> str:
        """The row as file:line."""
        return f"{self.path}:{self.line}"


def sound_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a concept table that follow the rules, leaving out the others."""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            cells = line.rstrip("\n").split("\t")
            if number == 1 or line.startswith("#") or len(cells) != len(COLUMNS):
                continue
            row = dict(zip(COLUMNS, cells, strict=True))
            if fault(row) is None:
                yield Row(path, number, concept(row))


def rows_behind(concepts: Sequence[Concept], folders: Sequence[Path]) -> list[list[str]]:
    """Return for each concept the rows, as file:line, that its names come from; names of families count as one row."""
    members = _member_lines()
    wanted: dict[tuple[str, str], set[int]] = {}
    for place, each in enumerate(concepts):
        for handle in _handles(each):
            wanted.setdefault(handle, set()).add(place)
    found: list[list[str]] = [[] for _ in concepts]
    for path in (path for folder in folders for path in sorted(folder.glob("*.tsv"))):
        for row in sound_rows(path):
            for place in sorted({place for handle in _handles(row.concept) for place in wanted.get(handle, ())}):
                whole = concepts[place]
                # A user's table may have taken some of the names away, or changed the type.
                if row.concept.curie == whole.curie and not set(row.concept.names).isdisjoint(whole.names):
                    found[place].append(row.place)
    for place, each in enumerate(concepts):
        if each.curie in members and each.type == "gene_or_protein":
            found[place].append(members[each.curie])
    return found


def _handles(concept: Concept) -> list[tuple[str, str]]:
    return [("", concept.curie)] if concept.curie else [(concept.type, name) for name in concept.names]


def _member_lines() -> dict[str, str]:
    path = resource(MEMBERS)
    lines = path.read_text(encoding="utf-8").split("\n")
    pairs = ((line.split("\t"), number) for number, line in enumerate(lines, 1))
    return {cells[2]: f"{path}:{number}" for cells, number in pairs if number > 1 and len(cells) > 2 and cells[2]}
