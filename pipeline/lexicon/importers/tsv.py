"""Any TSV file with a header: columns `curie`, `type`, `zh`, `en`, `source`, or others that the caller says hold them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lexicon.concept import COLUMNS, SEPARATOR, Concept
from pipeline.lexicon.importers.job import FormatError, Job
from pipeline.lexicon.terms import curie_of
from pipeline.tables import Row


def read_tsv(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read rows: names joined by `|`; a type of its own goes before the one that the caller gives for all.

    Rows of one type that share the identifier, or without one the first name, are one concept.

    Raises:
        FormatError: where a column is asked for that the header lacks, or none holds a name.
    """
    if unknown := [name for name in job.columns if name not in COLUMNS]:
        raise FormatError(f"there is no column {', '.join(unknown)} in a concept table; it has {', '.join(COLUMNS)}")
    found: dict[tuple[str, str], tuple[int, Concept]] = {}
    given = [column for columns in job.columns.values() for column in columns]
    for number, row in job.rows(given):
        if not any(name in row for key in ("zh", "en") for name in job.columns.get(key, (key,))):
            remedy = f"say which holds the names, e.g. --column zh={next(iter(row))}"
            raise FormatError(f"{job.path}: no column zh or en; it has {', '.join(row)}: {remedy}")
        identifiers = _cells(job, row, "curie")
        if len(identifiers) > 1:
            job.fault(number, f"there are {len(identifiers)} identifiers: {' '.join(identifiers)}; keep one")
            continue
        curie = "".join(identifiers)
        if curie and job.prefix and ":" not in curie:
            curie = f"{job.prefix}:{curie}"
        zh, en, own, source = (_cells(job, row, key) for key in ("zh", "en", "type", "source"))
        for concept in job.concept(number, curie_of(curie) if ":" in curie else curie, "", zh, en, "".join(own)):
            name = concept.type, concept.curie or concept.names[0]
            first = found.setdefault(name, (number, concept._replace(source=source[0] if source else concept.source)))
            if first[0] != number:
                found[name] = first[0], _joined(first[1], concept)
                job.joined += 1
    yield from found.values()


def _joined(first: Concept, second: Concept) -> Concept:
    zh, en = (tuple(dict.fromkeys(old + new)) for old, new in ((first.zh, second.zh), (first.en, second.en)))
    return first._replace(zh=zh, en=en)


def _cells(job: Job, row: Row, key: str) -> list[str]:
    cells = (row.get(column, "") for column in job.columns.get(key, (key,)))
    return [part.strip() for cell in cells for part in cell.split(SEPARATOR) if part.strip()]
