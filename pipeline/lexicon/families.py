"""Names that follow a pattern: one row for a whole family of genes, `白细胞介素-{n}` for IL2, IL3, IL4 and on.

`families.tsv` is written by hand: the pattern of the symbol, of the Chinese and of the English names, and the numbers that are
meant. `family_members.tsv` is written by `python -m pipeline.lexicon.ground families.tsv`: which of those numbers exist in HGNC,
with identifier and approved symbol. A member takes no name that a concept table gives to another concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.concept import Concept, split_names
from pipeline.lexicon.fold import keys
from pipeline.tables import Row, read_table

COLUMNS = ("symbol", "zh", "en", "range", "group")
MEMBER_COLUMNS = ("symbol", "n", "curie", "name")
_ITEM = re.compile(r"(\d+)-(\d+)|([0-9A-Za-z-]+)|\*")


class Family(NamedTuple):
    """A row of families.tsv; `{n}` stands for the number as printed in names and, in capitals, in the symbol.

    `group` is the English name by which a number is looked up that has paralogs (MIR124-1, MIR124-2) and no symbol of its own.
    """

    symbol: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    range: str
    group: str


class Member(NamedTuple):
    """A number of a family that exists, with its identifier and official name."""

    symbol: str
    n: str
    curie: str
    name: str


def _family_fault(row: Row) -> str | None:
    cells = (row["symbol"], *split_names(row["zh"]), *split_names(row["en"]), *filter(None, [row["group"]]))
    if lacking := [cell for cell in cells if cell.count("{n}") != 1]:
        return f"{lacking[0]!r} must have {{n}} once"
    if bad := [item for item in row["range"].split() if not _ITEM.fullmatch(item)]:
        return (
            f"range has {bad[0]!r}; it must be numbers, stretches as 2-7, letters, or * for every symbol of the pattern"
        )
    return None if row["range"] else "range is empty; write * for every symbol of the pattern"


def read_families(path: Path) -> list[Family]:
    """Read families.tsv.

    Raises:
        TableError: naming every bad row.
    """
    rows = read_table(path, COLUMNS, key=("symbol",), check=_family_fault)
    return [
        Family(row["symbol"], split_names(row["zh"]), split_names(row["en"]), row["range"], row["group"])
        for row in rows
    ]


def read_members(path: Path) -> list[Member]:
    """Read family_members.tsv.

    Raises:
        TableError: naming every bad row.
    """
    rows = read_table(path, MEMBER_COLUMNS, key=("symbol", "n"))
    return [Member(row["symbol"], row["n"], row["curie"], row["name"]) for row in rows]


def numbers(family: Family, symbols: Iterable[str]) -> list[str]:
    """Return the numbers that a family's range means; `*` takes them from the `symbols` that have the pattern.

    Paralogs count as one number: 124 of MIR124-1 and MIR124-2, 29b of MIR29B1.
    """
    found: list[str] = []
    for item in family.range.split():
        if item == "*":
            head, tail = family.symbol.split("{n}")
            pattern = re.compile(rf"{re.escape(head)}(\d+[A-Z]?)(?:-?\d+)?{re.escape(tail)}")
            found += [match[1].lower() for symbol in symbols if (match := pattern.fullmatch(symbol))]
        elif match := re.fullmatch(r"(\d+)-(\d+)", item):
            found += [str(number) for number in range(int(match[1]), int(match[2]) + 1)]
        else:
            found.append(item)
    return list(dict.fromkeys(found))


def expand(families: Iterable[Family], members: Iterable[Member]) -> Iterator[Concept]:
    """Yield the concepts of all members, with their names."""
    by_symbol = {family.symbol: family for family in families}
    for member in members:
        family = by_symbol[member.symbol]
        zh, en = ([pattern.replace("{n}", member.n) for pattern in patterns] for patterns in (family.zh, family.en))
        english = dict.fromkeys([member.name, member.symbol.replace("{n}", member.n.upper()), *en])
        yield Concept(member.curie or None, "gene_or_protein", tuple(zh), tuple(english), "families")


def layer(listed: Sequence[Concept], expanded: Iterable[Concept]) -> list[Concept]:
    """Add the members of families to listed concepts: names to those that are listed, and new concepts."""
    concepts = list(listed)
    owners = [place for place, concept in enumerate(concepts) for _ in concept.names]
    names = (name for concept in concepts for name in concept.names)
    bearers = dict(zip(keys(names), owners, strict=True))
    places: dict[str | None, int] = {concept.curie: place for place, concept in enumerate(concepts) if concept.curie}
    for member in expanded:
        place = places.setdefault(member.curie, len(concepts)) if member.curie else len(concepts)
        if place == len(concepts):
            concepts.append(member._replace(zh=(), en=()))
        new: list[tuple[str, ...]] = []
        for cell in (member.zh, member.en):
            own = zip(cell, keys(cell), strict=True)
            new.append(tuple(name for name, folded in own if bearers.setdefault(folded, place) == place))
        old = concepts[place]
        concepts[place] = old._replace(
            zh=tuple(dict.fromkeys(old.zh + new[0])), en=tuple(dict.fromkeys(old.en + new[1]))
        )
    return concepts
