"""The sub-commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli.diff import diff
from pipeline.cli.evaluate import evaluate
from pipeline.cli.explain import explain
from pipeline.cli.export import export
from pipeline.cli.lexicon import lexicon
from pipeline.cli.merge import merge
from pipeline.cli.run import run
from pipeline.cli.schema import schema
from pipeline.cli.status import status
from pipeline.cli.stream import stream

app = typer.Typer(
    help="Read Chinese biomedical reviews and write down which mediator has which effect on which outcome.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, status, merge, export, stream, explain, evaluate, diff, schema):
    app.command()(command)
app.add_typer(lexicon)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"meo {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass
