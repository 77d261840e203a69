"""An index of English names over the unpacked vocabularies: name -> terms, best first.

Kept as one SQLite file beside the vocabularies and built again when they change.
"""

from __future__ import annotations

import difflib
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.terms import ALIAS, Term
from pipeline.lexicon.vocabularies import VOCABULARIES, read_terms

FORMAT = 3
TREES = re.compile(r"[A-Z]\d\d")
_WORD = re.compile(r"[^\W_]+")
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψω",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
        ],
        strict=True,
    )
)
_SPELL = str.maketrans(_GREEK | {"ς": "sigma", "µ": "mu", "–": "-", "’": "'"})


class Hit(NamedTuple):
    """A term that bears a name: how well it fits (`loose` first), and what the name is to it (`kind`)."""

    loose: bool
    kind: int
    exact_case: bool
    curie: str
    name: str
    vocabulary: str
    tag: str


def plain(name: str) -> str:
    """Return the name in lower case with Greek letters spelt, which is how names are compared at first.

    >>> plain("NF-κB")
    'nf-kappab'
    """
    return name.lower().translate(_SPELL)


def loose(name: str) -> str:
    """Return the letters and digits of a name, plurals made singular: the second, more tolerant comparison.

    >>> loose("Anti-Inflammatory Agents, Non-Steroidal") == loose("antiinflammatory agent nonsteroidal")
    True
    """
    return "".join(_singular(word) for word in _WORD.findall(plain(name).replace("'s", "s")))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]


class Vocabularies:
    """The vocabularies of a folder, asked by English name."""

    def __init__(self, folder: Path) -> None:
        """Open the index of `folder`, building it first where it is missing or older than its files.

        Raises:
            FileNotFoundError: when the folder holds no vocabularies.
        """
        self.folder = folder
        self._connection = sqlite3.connect(_index(folder))

    @classmethod
    def open(cls, folder: Path | None) -> Vocabularies:
        """Open `folder`, or the folder that the environment variable MEO_VOCABULARIES names."""
        named = folder or os.environ.get("MEO_VOCABULARIES")
        if not named:
            raise FileNotFoundError("no vocabularies: give --vocabularies FOLDER or set MEO_VOCABULARIES")
        return cls(Path(named))

    def term(self, curie: str) -> tuple[str, str] | None:
        """Return the official name and the vocabulary of an identifier, or None."""
        row = self._connection.execute("SELECT name, vocabulary FROM terms WHERE curie = ?", (curie,)).fetchone()
        return (row[0], row[1]) if row else None

    def names(self, curie: str) -> list[str]:
        """Return every name of an identifier, the official one first."""
        query = "SELECT name FROM names WHERE curie = ? ORDER BY kind, rowid"
        return [row[0] for row in self._connection.execute(query, (curie,))]

    def official(self, vocabulary: str) -> list[str]:
        """Return the official names (symbols) of a vocabulary."""
        query = "SELECT name FROM terms WHERE vocabulary = ? ORDER BY name"
        return [row[0] for row in self._connection.execute(query, (vocabulary,))]

    def look_up(self, name: str) -> list[Hit]:
        """Return the terms that bear the name, in no order of vocabularies; exact comparisons hide tolerant ones."""
        query = """SELECT names.plain != ?, kind, names.name = ?, terms.curie, terms.name, vocabulary, tag
                   FROM names JOIN terms ON terms.curie = names.curie WHERE names.loose = ?"""
        rows = self._connection.execute(query, (plain(name), name, loose(name)))
        return [Hit(bool(far), kind, bool(same), *rest) for far, kind, same, *rest in rows]

    def suggest(self, name: str, vocabularies: Sequence[str], count: int = 3) -> list[str]:
        """Return names of these vocabularies that share a word with `name` and look most like it."""
        words = [f'"{word}"*' for word in _WORD.findall(plain(name)) if len(word) > 2]
        if not words:
            return []
        marks = ",".join("?" * len(vocabularies))
        query = f"""SELECT DISTINCT names.name FROM search JOIN names ON names.rowid = search.rowid
                    JOIN terms ON terms.curie = names.curie
                    WHERE search MATCH ? AND vocabulary IN ({marks}) ORDER BY rank LIMIT 400"""
        rows = self._connection.execute(query, (" OR ".join(words), *vocabularies))
        lowered = {plain(row[0]): row[0] for row in rows}
        return [lowered[close] for close in difflib.get_close_matches(plain(name), lowered, count, 0.5)]


def _index(folder: Path) -> Path:
    sources = [folder / f"{vocabulary.prefix}.tsv" for vocabulary in VOCABULARIES]
    if missing := [path.name for path in sources if not path.is_file()]:
        remedy = f"run python -m pipeline.lexicon.vocabularies {folder}"
        raise FileNotFoundError(f"{folder}: no {', '.join(missing)}; {remedy}")
    path = folder / f"index-{FORMAT}.sqlite"
    if not path.is_file() or path.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        scratch = folder / f"index-{os.getpid()}.tmp"
        _build(scratch, sources)
        scratch.replace(path)
    return path


def _build(path: Path, sources: Sequence[Path]) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(
            """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
               CREATE TABLE terms (curie TEXT PRIMARY KEY, name TEXT, vocabulary TEXT, tag TEXT) WITHOUT ROWID;
               CREATE TABLE names (name TEXT, plain TEXT, loose TEXT, kind INTEGER, curie TEXT);
               CREATE VIRTUAL TABLE search USING fts5 (name, content = 'names', detail = 'none');"""
        )
        headings: dict[str, str] = {}
        for source in sources:
            terms = list(_placed(read_terms(source), source.stem, headings))
            rows = ((term.curie, term.name, source.stem, term.tag) for term in terms)
            connection.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?, ?)", rows)
            connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", _name_rows(terms, source.stem))
        connection.executescript(
            """CREATE INDEX by_loose ON names (loose); CREATE INDEX by_curie ON names (curie);
               INSERT INTO search (rowid, name) SELECT rowid, name FROM names;"""
        )
    connection.close()


def _placed(terms: Iterator[Term], vocabulary: str, headings: dict[str, str]) -> Iterator[Term]:
    """Give supplementary MeSH records the tree of the headings they are mapped to."""
    for term in terms:
        if vocabulary == "mesh":
            headings[term.curie.removeprefix("mesh:")] = term.tag
        if vocabulary == "mesh_supplement":
            trees = sorted({tree for heading in term.tag.split() for tree in headings.get(heading, "").split()})
            term = term._replace(tag=" ".join(trees))
        yield term


def _name_rows(terms: Sequence[Term], vocabulary: str) -> Iterator[tuple[str, str, str, int, str]]:
    for term in terms:
        for name, kind in term.names:
            yield name, plain(name), loose(name), kind, term.curie
            if vocabulary == "fplx" and "_" in name:
                yield name.replace("_", " "), plain(name.replace("_", " ")), loose(name), kind, term.curie


__all__ = ["ALIAS", "Hit", "Vocabularies", "loose", "plain"]
