"""`meo export`: a run's tables in other forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.shared import usage_errors


def export(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.")],
    out: Annotated[Path, typer.Option(help="The folder to write; a new or an empty one.")],
    form: Annotated[
        Literal["jsonl.gz", "jsonl.zst", "parquet"], typer.Option("--format", help="The form of the tables.")
    ],
    documents: Annotated[
        int | None,
        typer.Option("--part", min=1, metavar="N", help="A folder a table, with a file for every N documents."),
    ] = None,
) -> None:
    """Write the tables of a run compressed or as Parquet."""
    from pipeline.export import ExportError
    from pipeline.export import export as write
    from pipeline.schema import RunError

    with usage_errors(RunError, ExportError):
        try:
            written = write(run, out, form, documents=documents)
        except ImportError as error:
            raise ExportError(
                f"{form} needs {error.name}; install it with: pip install 'meo-pipeline[export]'"
            ) from error
    typer.echo(f"{len(written)} files in {out}")
