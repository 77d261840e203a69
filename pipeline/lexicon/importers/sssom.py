"""Mappings in SSSOM's TSV: what a term is called in another vocabulary is a name of it.

The object's identifier is the concept's. A subject may be a bare name (column `literal`, or type `rdfs literal`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import Job, is_chinese
from pipeline.lexicon.terms import curie_of

COLUMNS = ("predicate_id", "object_id")
# Only what means the same is a name; a broader or a close match is not.
_SAME = re.compile(
    r"skos:exactMatch|owl:(?:equivalentClass|sameAs)|oboInOwl:hasExactSynonym|rdfs:label|skos:(?:pref|alt)Label", re.I
)


def read_sssom(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read the names of each object; its rows may stand apart, so they are kept until the end of the file.

    Raises:
        FormatError: where the header is not SSSOM's.
    """
    terms: dict[str, tuple[int, list[str]]] = {}
    for number, row in job.rows(COLUMNS):
        if not _SAME.fullmatch(row["predicate_id"]):
            job.left_out[f"{row['predicate_id'] or 'no predicate'} is not the same"] += 1
        elif row.get("predicate_modifier"):
            job.left_out["negated mapping"] += 1
        elif not row["object_id"]:
            job.fault(number, "object_id is empty; a mapping needs the identifier that it maps to")
        else:
            names = [row.get(column, "") for column in ("object_label", "subject_label", "literal")]
            terms.setdefault(curie_of(row["object_id"]), (number, []))[1].extend(names)
    for curie, (number, names) in terms.items():
        zh, en = ([name for name in names if is_chinese(name) is chinese] for chinese in (True, False))
        for concept in job.concept(number, curie, "", zh, en):
            yield number, concept
