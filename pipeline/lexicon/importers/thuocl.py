"""Word lists without identifiers, as THUOCL publishes them: a word a line, maybe with its count after a tab."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.importers.job import FormatError, Job, is_chinese


def read_thuocl(job: Job) -> Iterator[tuple[int, Concept]]:
    """Read the words, all of the one type that the caller gives.

    Raises:
        FormatError: where no type is given.
    """
    if job.type is None:
        raise FormatError(f"{job.path}: a word list has no types; give the type of its words with --type")
    for number, line in job.lines():
        word, _, count = line.partition("\t")
        if not line.strip():
            continue
        if count and not count.strip().isdigit():
            job.fault(number, f"{count!r} is no count; a line is a word, or a word, a tab and its count")
        elif len(word.strip()) < 2:
            job.left_out["word of one character"] += 1
        else:
            zh, en = ((word,), ()) if is_chinese(word) else ((), (word,))
            for concept in job.concept(number, "", "", zh, en):
                yield number, concept
