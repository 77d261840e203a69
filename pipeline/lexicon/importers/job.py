"""One import: the file that is read, what the caller wants, and the account of its lines."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.concept import TYPES, Concept
from pipeline.lexicon.terms import ALIAS, Term, clean
from pipeline.model import ConceptType
from pipeline.normalise import normalise
from pipeline.tables import Row, read_table, resource

CURIE = re.compile(r"[a-z][\w.]*:\S+")
_HAN = re.compile(r"[\u3400-\u9fff]")


class FormatError(ValueError):
    """The file is not in the format asked for, or cannot be imported so; the message names the remedy."""


class Fault(NamedTuple):
    """A line that could not be read, and why."""

    line: int
    message: str


class Kind(NamedTuple):
    """The type of the terms of a vocabulary whose tag begins with `tag`; the least rank wins."""

    tag: str
    rank: int
    type: ConceptType


@cache
def kinds() -> Mapping[str, Sequence[Kind]]:
    """Return the types of the vocabularies' terms, the longest tags first."""

    def check(row: Row) -> str | None:
        if row["type"] not in TYPES:
            return f"type is {row['type']!r}; it must be one of {', '.join(TYPES)}"
        return None if row["rank"].isdigit() else f"rank is {row['rank']!r}; it must be a number"

    found: dict[str, list[Kind]] = {}
    columns = ("vocabulary", "tag", "rank", "type")
    for row in read_table(resource("vocabulary_types.tsv"), columns, key=("vocabulary", "tag"), check=check):
        kind = next(kind for kind in TYPES if kind == row["type"])
        found.setdefault(row["vocabulary"], []).append(Kind(row["tag"], int(row["rank"]), kind))
    return {name: sorted(rows, key=lambda row: -len(row.tag)) for name, rows in found.items()}


def type_of(curie: str, tag: str) -> ConceptType | None:
    """Return the type of a term by its vocabulary and its places there, divided by spaces; None where none is listed.

    >>> type_of("hp:0000939", ""), type_of("mesh:D007333", "D06 D12"), type_of("efo:0000001", "")
    ('phenotype', 'gene_or_protein', None)
    """
    listed = kinds().get(curie.partition(":")[0], ())
    fitting = (next((kind for kind in listed if place.startswith(kind.tag)), None) for place in tag.split(" "))
    best = min((kind for kind in fitting if kind), key=lambda kind: kind.rank, default=None)
    return best.type if best else None


@dataclass
class Job:
    """What is imported and how; the readers keep the account: `faults`, why lines were `left_out`, how many were `joined`.

    `type` overrides the types of `vocabulary_types.tsv`; `related` takes broad, narrow and related synonyms, too; `columns`
    gives the columns of a TSV file that hold another name's content; `prefix` goes before bare identifiers.
    """

    path: Path
    source: str
    type: ConceptType | None = None
    related: bool = False
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prefix: str = ""
    faults: list[Fault] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    joined: int = 0

    def fault(self, line: int, message: str) -> None:
        """Note a line that could not be read."""
        self.faults.append(Fault(line, message))

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers; one that is not UTF-8 is a fault."""
        with gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    self.fault(number, f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8")

    def rows(self, needed: Sequence[str]) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a TSV file with a header, by column, with their line numbers; `#` begins a comment.

        Raises:
            FormatError: where the header lacks one of the columns `needed`.
        """
        header: list[str] = []
        for number, line in self.lines():
            if not line or line.startswith("#"):
                continue
            cells = line.split("\t")
            if not header:
                header = cells
                if lacking := [name for name in needed if name not in header]:
                    raise FormatError(
                        f"{self.path}:{number}: the header has no column {', '.join(lacking)}; it has {', '.join(header)}"
                    )
            elif len(cells) > len(header):
                self.fault(number, f"{len(cells)} cells; the header has {len(header)} columns")
            else:
                # Spreadsheets drop empty cells at the end.
                yield number, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))

    def term(self, line: int, term: Term) -> Iterator[Concept]:
        """Yield the concept of an English term."""
        names = sorted(term.names, key=lambda pair: pair[1])
        return self.concept(line, term.curie, term.tag, (), [name for name, _ in names])

    def without_related(self, term: Term) -> Term:
        """Leave out the synonyms of a term that do not mean the same, unless they are wanted."""
        if self.related:
            return term
        return term._replace(names=tuple(pair for pair in term.names if pair[1] != ALIAS))

    def concept(
        self, line: int, curie: str, tag: str, zh: Iterable[str], en: Iterable[str], own: str = ""
    ) -> Iterator[Concept]:
        """Yield a concept of what a line says, its names as the pipeline prints them; or note why there is none.

        A type of its `own` goes before all others.
        """
        if own and own not in TYPES:
            self.fault(line, f"type is {own!r}; it must be one of {', '.join(TYPES)}")
            return
        if curie and not CURIE.fullmatch(curie):
            self.fault(line, f"the identifier is {curie!r}; it must be PREFIX:LOCAL as the Bioregistry writes it")
            return
        kind = next((kind for kind in TYPES if kind == own), None) or self.type or type_of(curie, tag)
        names = printed(zh), printed(en)
        if not any(names):
            self.fault(line, "there is no name here")
        elif kind is None:
            told = curie.partition(":")[0]
            whose = f"this term of {told}" if told else "rows without an identifier"
            self.left_out[f"no type is known for {whose}; give --type"] += 1
        else:
            yield Concept(curie or None, kind, *names, self.source)


Reader = Callable[[Job], Iterator[tuple[int, Concept]]]
"""Yields the concepts of a file, each with the line that it begins in."""


def printed(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as they stand in normalised text, each once.

    >>> printed(["腫瘤壞死因子（TNF）", "Ⅱ型糖尿病", "TNF"])
    ('肿瘤坏死因子(TNF)', 'II型糖尿病', 'TNF')
    """
    cleaned = (clean(name if name.isascii() else normalise(name).text) for name in names)
    return tuple(dict.fromkeys(filter(None, cleaned)))


def is_chinese(name: str) -> bool:
    """Whether a name has a Chinese character."""
    return bool(_HAN.search(name))
