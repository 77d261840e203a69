"""`meo lexicon mine`: new names out of a corpus."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import Build, BuildError
from pipeline.cli.lexicon.loading import Folders, load
from pipeline.cli.shared import CORPUS_HELP, usage_errors

if TYPE_CHECKING:
    from pipeline.batch.corpus import Input
    from pipeline.build import Pipeline
    from pipeline.lexicon import Lexicon
    from pipeline.readers import ReadError
    from pipeline.recognise.definitions import Definition


def mine(
    corpus: Annotated[Path, typer.Argument(help=CORPUS_HELP)],
    out: Annotated[
        Path | None, typer.Option(help="The TSV file to write; standard output if left out.", dir_okay=False)
    ] = None,
    documents: Annotated[int, typer.Option(min=1, help="Leave out what stands in fewer documents.")] = 2,
    new: Annotated[bool, typer.Option("--new", help="Leave out Chinese names that the lexicon has.")] = False,
    lexicon: Folders = None,
) -> None:
    """List the definitions `中文(English, ABBR)` of a corpus, the most frequent first, for a person to accept.

    Columns: zh, en, abbr, documents, curie (by the English name), known (whether the lexicon has the Chinese name).
    """
    from pipeline.batch.corpus import CorpusError, find_inputs
    from pipeline.batch.mining import collect, rank, write_mined, write_table
    from pipeline.tables import TableError

    unread: list[Input] = []

    def skip(item: Input, error: ReadError) -> None:
        typer.secho(f"{item.path}: {error}", fg="red", err=True)
        unread.append(item)

    with usage_errors(CorpusError, BuildError, TableError):
        inputs = find_inputs(corpus)
        pipeline, ours = Build()(), load(lexicon)
    rows = rank(collect(inputs, _reader(pipeline, ours), skip), ours, least=documents)
    rows = [row for row in rows if not (new and row.known)]
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_table(rows, out)
        typer.echo(f"{len(rows):,} definitions of {len(inputs) - len(unread):,} documents in {out}")
    else:
        write_mined(rows, sys.stdout)
    if unread:
        raise typer.Exit(1)


def _reader(pipeline: Pipeline, lexicon: Lexicon) -> Callable[[str], Iterator[Definition]]:
    """Return what finds the definitions of a text: the stages up to the tokens are enough.

    The pipeline's lexicon has guard words (蛋白, 培养), which would cut names that are not listed yet.
    """
    from pipeline.normalise import normalise
    from pipeline.recognise.definitions import definitions
    from pipeline.sections import find_sections, mined_blocks
    from pipeline.segment import Segmenter
    from pipeline.spans import spans_of

    segmenter = Segmenter(pipeline.segmenter.vocab, lexicon, pipeline.grammar)

    def read(text: str) -> Iterator[Definition]:
        normalised = normalise(text)
        doc = segmenter.segment(normalised, mined_blocks(normalised, find_sections(normalised)))
        names = frozenset(token for token, _, _, *concepts in doc.user_data["names"] if concepts)
        sentences = [(span.start, span.end) for span in spans_of(doc, "sentences")]
        return definitions(doc.user_data["words"], sentences, names, pipeline.grammar)

    return read
