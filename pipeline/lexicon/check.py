"""Every fault of every table of a lexicon at once, each as file:line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.concept import read_concepts
from pipeline.lexicon.families import read_families, read_members
from pipeline.lexicon.fold import key, keys
from pipeline.lexicon.ground import wrong
from pipeline.lexicon.importers.job import CURIE
from pipeline.lexicon.index import Vocabularies
from pipeline.lexicon.sources import AMBIGUOUS, BESIDE, FAMILIES, MEMBERS, Row, sound_rows
from pipeline.normalise import normalise
from pipeline.tables import TableError, read_table


class Checked(NamedTuple):
    """How many tables there are, the sound rows of concepts, and every fault."""

    tables: int
    rows: list[Row]
    faults: list[str]


def check_lexicon(folder: Path, beside: Path | None = None, *, vocabularies: Vocabularies | None = None) -> Checked:
    """Check the concept tables of `folder` and, of a shipped lexicon, the families and ambiguous names in `beside`.

    In a user's folder one table may add names to what another lists; in ours a concept has one row. With `vocabularies`
    every identifier must be there and bear the row's first English name.
    """
    tables = sorted(folder.glob("*.tsv"))
    faults: list[str] = []
    for path in tables:
        faults += faults_of(path, lambda path: read_concepts(path, ordered=False))
    parts = [list(sound_rows(path)) for path in tables]
    rows = [row for part in parts for row in part]
    for part in [rows] if beside else parts:
        faults += repeated(part)
    faults += _odd_identifiers(rows)
    others = [path for path in (beside / name for name in BESIDE) if path.is_file()] if beside else []
    for path in others:
        faults += faults_of(path, _READERS[path.name])
    if beside:
        faults += _members_without_family(beside)
    if vocabularies:
        faults += [f"{row.place}: {fault}" for row in rows if (fault := wrong(row.concept, vocabularies))]
    return Checked(len(tables) + len(others), rows, list(dict.fromkeys(faults)))


def faults_of(path: Path, read: Callable[[Path], object]) -> list[str]:
    """Return what a reader finds wrong with a table, a line a fault."""
    try:
        read(path)
    except TableError as error:
        return str(error).split("\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        return [f"{path}:{line}: not UTF-8; save the table as UTF-8"]
    return []


def check_shape(path: Path) -> None:
    """Check of any table that its header, its cells and its rows are whole.

    Raises:
        TableError: naming every bad row at once.
    """
    header = path.read_text(encoding="utf-8").split("\n", 1)[0].split("\t")
    if "" in header or len(set(header)) < len(header):
        raise TableError(f"{path}:1: the header has an empty or a repeated column: {' '.join(header)!r}")
    read_table(path, header)


def repeated(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the rows whose identifier, or whose first name where there is none, another row of the type has."""
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        concept = row.concept
        first = seen.setdefault((concept.type, concept.curie or concept.names[0]), row)
        if first is not row:
            what = concept.curie or concept.names[0]
            yield f"{row.place}: {what} stands already in {first.place}; join the two rows, or remove one"


def unread_names(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the names that no text can match, as normalisation folds or repairs them (Ⅱ, PPARy), and their rows lack the other."""
    for row in rows:
        known = set(keys(row.concept.names))
        for name in row.concept.names:
            read = normalise(name)
            is_changed = read.text != name and (read.repairs or not name.isascii())
            if is_changed and key(read.text) not in known:
                yield f"{row.place}: {name!r} is never found, as text is read as {read.text!r}; write it so"


def _odd_identifiers(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        if row.concept.curie and not CURIE.fullmatch(row.concept.curie):
            yield f"{row.place}: curie is {row.concept.curie!r}; it must be prefix:local, the prefix in lower case"


def _members_without_family(beside: Path) -> Iterator[str]:
    families, members = beside / FAMILIES, beside / MEMBERS
    if not members.is_file():
        if families.is_file():
            yield f"{families}:1: no {MEMBERS} beside it; run python -m pipeline.lexicon.ground {families}"
        return
    known = _first_cells(families)
    for number, symbol in enumerate(_first_cells(members)[1:], 2):
        if symbol and not symbol.startswith("#") and symbol not in known:
            yield f"{members}:{number}: {symbol!r} is no symbol of {FAMILIES}"


def _first_cells(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [line.split("\t", 1)[0] for line in lines]


def _read_ambiguous(path: Path) -> None:
    read_table(path, ("name", "reason"), key=("name",))


_READERS: dict[str, Callable[[Path], object]] = {
    FAMILIES: read_families,
    MEMBERS: read_members,
    AMBIGUOUS: _read_ambiguous,
}
