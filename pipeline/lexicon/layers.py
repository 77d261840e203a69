"""Folders of concept tables, read and laid over each other.

A user's tables have the columns of the shipped ones and lie over them, a later folder over an earlier one. A row whose
identifier is known already adds its names, and they come before the old ones; its type and source are what it says. Any other
row is a new concept. A name that the user gives to a concept is taken from the concepts below, in all its spellings but
not in another case: `CCl4` takes nothing from `CCL4`. A concept that has lost its last name is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from pipeline.lexicon.concept import COLUMNS, Concept, read_concepts
from pipeline.lexicon.entries import strict
from pipeline.lexicon.families import expand, layer, read_families, read_members
from pipeline.lexicon.fold import LATIN, cased, key, keys
from pipeline.tables import TableError, read_table, resource

# The capital at the head of a word.
_CAPITAL = re.compile(rf"(?<![{LATIN}0-9])[A-Z]")
_BESIDE = ("families", "family_members", "ambiguous")


def _beside(folder: Path) -> dict[str, Path]:
    return {name: folder.parent / f"{name}.tsv" for name in _BESIDE}


def shipped_digest(folder: Path) -> str:
    """Return the digest of a concepts folder and of the tables beside it."""
    return _digest((*sorted(folder.glob("*.tsv")), *_beside(folder).values(), resource("greek.tsv")))


def user_digest(folder: Path) -> str:
    """Return the digest of a user's concept tables.

    Raises:
        TableError: where there are none.
    """
    return _digest(_tables(folder))


def _digest(paths: Iterable[Path]) -> str:
    digest = sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _tables(folder: Path) -> list[Path]:
    if tables := sorted(folder.glob("*.tsv")):
        return tables
    columns = ", ".join(COLUMNS)
    lack = "holds no .tsv table" if folder.is_dir() else "is no folder"
    raise TableError(f"{folder}: {lack}; give a folder of concept tables with the columns {columns}")


def read_shipped(folder: Path) -> tuple[list[Concept], list[str]]:
    """Read a concepts folder, with the families beside it; also return the ambiguous names.

    Raises:
        TableError: naming every bad row of the first bad table.
    """
    beside = _beside(folder)
    concepts = [each for path in sorted(folder.glob("*.tsv")) for each in read_concepts(path, ordered=False)]
    if beside["families"].is_file():
        concepts = layer(concepts, expand(read_families(beside["families"]), read_members(beside["family_members"])))
    listed = beside["ambiguous"]
    rows = read_table(listed, ("name", "reason"), key=("name",)) if listed.is_file() else []
    return concepts, [row["name"] for row in rows]


def read_user(folder: Path) -> list[Concept]:
    """Read a user's concept tables; rows need no order.

    Raises:
        TableError: naming every bad row of all tables, or that there are no tables.
    """
    concepts: list[Concept] = []
    faults: list[str] = []
    for path in _tables(folder):
        try:
            concepts += read_concepts(path, ordered=False)
        except TableError as error:
            faults.append(str(error))
        except UnicodeDecodeError as error:
            faults.append(f"{path}: not UTF-8 ({error}); save it as UTF-8")
    if faults:
        raise TableError("\n".join(faults))
    return concepts


def overlay(below: Sequence[Concept], rows: Iterable[Concept]) -> list[Concept]:
    """Lay a user's rows over concepts; how is told at the head of this file.

    >>> below = [Concept("a:1", "drug", ("甲",), ("one",), "team"), Concept("a:2", "drug", ("乙",), ("two",), "team")]
    >>> [(c.curie, c.names) for c in overlay(below, [Concept("a:2", "drug", ("甲", "丙"), (), "me")])]
    [('a:1', ('one',)), ('a:2', ('甲', '丙', '乙', 'two'))]
    """
    concepts = list(below)
    places: dict[str, int] = {}
    for place, concept in enumerate(below):
        if concept.curie:
            places.setdefault(concept.curie, place)
    over: dict[int, Concept] = {}
    for row in rows:
        place = places.setdefault(row.curie, len(concepts)) if row.curie else len(concepts)
        if place == len(concepts):
            concepts.append(row)
        over[place] = _joined(over[place], row) if place in over else row
    claims: dict[str, list[tuple[str, int]]] = {}
    for place, concept in over.items():
        concepts[place] = _joined(concept, concepts[place])
        for name in concept.names:
            claims.setdefault(key(name), []).append((name, place))
    return [each for place, concept in enumerate(concepts) if (each := _left(concept, place, claims)).names]


def _joined(first: Concept, second: Concept) -> Concept:
    zh, en = first.zh + second.zh, first.en + second.en
    return first._replace(zh=tuple(dict.fromkeys(zh)), en=tuple(dict.fromkeys(en)))


def _left(concept: Concept, place: int, claims: dict[str, list[tuple[str, int]]]) -> Concept:
    """Return a concept without the names that rows above give to others."""
    names = concept.names
    lost = {
        name
        for name, folded in zip(names, keys(names), strict=True)
        if (claimed := [owner for other, owner in claims.get(folded, ()) if _same(name, other)])
        and place not in claimed
    }
    if not lost:
        return concept
    zh, en = (tuple(name for name in cell if name not in lost) for cell in (concept.zh, concept.en))
    return concept._replace(zh=zh, en=en)


def _same(name: str, other: str) -> bool:
    """Whether two names of one key are the same: in case, too, but for capitals at the heads of ordinary words.

    >>> _same("TNF-alpha", "TNF-α"), _same("Aspirin", "aspirin"), _same("CCl4", "CCL4"), _same("No", "NO")
    (True, True, False, False)
    """
    if cased(name) == cased(other):
        return True
    return not (strict(name) or strict(other)) and _small(name) == _small(other)


def _small(name: str) -> str:
    return cased(_CAPITAL.sub(lambda match: match[0].lower(), name))
