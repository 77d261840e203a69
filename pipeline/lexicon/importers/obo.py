"""Ontologies in OBO format: HPO, GO, Mondo, ChEBI, Uberon, Cell Ontology, FamPlex …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import FormatError, Job
from pipeline.lexicon.terms import ALIAS, PREFERRED, SYNONYM, Term, curie_of

_SYNONYM = re.compile(r'"(.*)" (\w+)')


class Stanza(NamedTuple):
    """A stanza of an OBO file: the line of its head, the head, and its (tag, value) pairs in order."""

    line: int
    head: str
    fields: list[tuple[str, str]]

    def first(self, tag: str) -> str:
        """Return the first value of a tag; an empty string where it has none."""
        return next((value for name, value in self.fields if name == tag), "")


def stanzas(lines: Iterable[tuple[int, str]]) -> Iterator[Stanza]:
    """Yield the stanzas of numbered lines, the file's header first (its head is empty)."""
    stanza = Stanza(1, "", [])
    for number, line in lines:
        if line.startswith("["):
            yield stanza
            stanza = Stanza(number, line.strip(), [])
        elif line:
            tag, _, value = line.partition(": ")
            stanza.fields.append((tag, value))
    yield stanza


def obo_term(stanza: Stanza) -> Term | None:
    """Return the term of a stanza; None where it is another thing or obsolete. Its tag is its namespace.

    What is no exact synonym counts as an alias. FamPlex has its names in its identifiers.
    """
    if stanza.head != "[Term]" or stanza.first("is_obsolete") == "true":
        return None
    curie, label = curie_of(stanza.first("id")), stanza.first("name")
    name = curie.partition(":")[2] if curie.startswith("fplx:") else label
    names = [(name, PREFERRED)]
    if label != name:
        names.append((label, SYNONYM))
    found = (_SYNONYM.match(value) for tag, value in stanza.fields if tag == "synonym")
    names += [
        (match[1].replace('\\"', '"'), SYNONYM if match[2] == "EXACT" else ALIAS)
        for match in found
        if match is not None
    ]
    return Term(curie, name, stanza.first("namespace"), tuple(names))


def read_obo(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read the terms with their exact synonyms.

    Raises:
        FormatError: where the file has no OBO header.
    """
    found = stanzas(job.lines())
    if not (next(found).first("format-version")):
        raise FormatError(f"{job.path}:1: no format-version; this is not an OBO file")
    for stanza in found:
        if stanza.head != "[Term]":
            continue
        if lacking := [tag for tag in ("id", "name") if not stanza.first(tag)]:
            if stanza.first("is_obsolete") != "true":
                job.fault(stanza.line, f"the term has no {' and no '.join(lacking)}")
        elif term := obo_term(stanza):
            for concept in job.term(stanza.line, job.without_related(term)):
                yield stanza.line, concept
        else:
            job.left_out["obsolete term"] += 1
