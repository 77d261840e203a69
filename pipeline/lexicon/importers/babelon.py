"""Translations of an ontology's names in Babelon's TSV, as HPO publishes its Chinese ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import Job
from pipeline.lexicon.terms import curie_of

COLUMNS = ("translation_language", "subject_id", "predicate_id", "source_value", "translation_value")
_NAMING = re.compile(r"rdfs:label|skos:(?:pref|alt)Label|oboInOwl:has(?:Exact)?Synonym", re.I)


def read_babelon(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read the Chinese names of each term; its rows may stand apart, so they are kept until the end of the file.

    Raises:
        FormatError: where the header is not Babelon's.
    """
    terms: dict[str, tuple[int, list[str], list[str]]] = {}
    for number, row in job.rows(COLUMNS):
        if not row["translation_language"].startswith("zh"):
            job.left_out["not into Chinese"] += 1
        elif not _NAMING.fullmatch(row["predicate_id"]):
            job.left_out[f"{row['predicate_id']} is no name"] += 1
        elif not row["translation_value"].strip():
            job.left_out["not translated"] += 1
        else:
            _, zh, en = terms.setdefault(curie_of(row["subject_id"]), (number, [], []))
            # Translators write several names into one label: 多毛症；女性多毛症.
            zh += re.split("[；;]", row["translation_value"])
            en.append(row["source_value"])
    for curie, (number, zh, en) in terms.items():
        for concept in job.concept(number, curie, "", zh, en):
            yield number, concept
