"""What a reader yields, written as a concept table."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TextIO

from pipeline.lexicon.concept import COLUMNS, Concept, cells
from pipeline.lexicon.importers.job import FormatError, Job, Reader


def import_file(read: Reader, job: Job, out: Path) -> int:
    """Write the concepts of a file to the table `out`, row by row as they are read; return how many there are.

    Nothing shows at `out` before the end.

    Raises:
        FormatError: where the file is not in the reader's format, or gives no concept at all.
        OSError: where it cannot be read.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = out.with_name(f".{out.name}.part")
    try:
        with scratch.open("w", encoding="utf-8") as file:
            written = _write(read, job, file)
        if not written:
            raise FormatError(f"{job.path}: nothing in it can be imported so; {_why(job)}")
        scratch.replace(out)
    finally:
        with suppress(FileNotFoundError):
            scratch.unlink()
    return written


def _write(read: Reader, job: Job, file: TextIO) -> int:
    file.write("\t".join(COLUMNS) + "\n")
    seen: dict[str, int] = {}
    for line, concept in read(job):
        name = _identity(concept)
        if (first := seen.setdefault(name, line)) != line:
            job.fault(line, f"{name} stands already in line {first}; join the two")
        else:
            file.write("\t".join(cells(concept)) + "\n")
    return len(seen)


def _identity(concept: Concept) -> str:
    return concept.curie or f"{concept.type} {concept.names[0]}"


def _why(job: Job) -> str:
    reasons = [f"line {fault.line}: {fault.message}" for fault in job.faults[:1]]
    reasons += [f"{count:,} left out: {reason}" for reason, count in job.left_out.most_common(1)]
    return "; ".join(reasons) or "it is empty"
