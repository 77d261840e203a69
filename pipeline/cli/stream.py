"""`meo stream`: for use in a pipe."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.cli.building import LEXICON_HELP, Build, BuildError
from pipeline.cli.shared import usage_errors


def stream(
    disable: Annotated[
        list[str] | None,
        typer.Option(help="A frame, a recogniser, the tagger or the judge to leave out; may be repeated."),
    ] = None,
    lexicon: Annotated[list[str] | None, typer.Option(metavar="FOLDER", help=LEXICON_HELP)] = None,
    id_column: Annotated[str, typer.Option(help="The field with a document's id.")] = "id",
    text_column: Annotated[str, typer.Option(help="The field with a document's text.")] = "text",
) -> None:
    """Read a document a line of JSON from standard input, and write a line with its mentions and triples for each at once."""
    from pipeline.batch.containers import Columns
    from pipeline.batch.stream import read_lines

    with usage_errors(BuildError):
        reader = Build(tuple(disable or ()), tuple(lexicon or ()))()
    for line in read_lines(reader, sys.stdin.buffer, Columns(id_column, text_column)):
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
