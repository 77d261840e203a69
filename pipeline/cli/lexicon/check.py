"""`meo lexicon check`: every error of every table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import Build, BuildError
from pipeline.cli.shared import console, usage_errors

if TYPE_CHECKING:
    from pipeline.lexicon.index import Vocabularies


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A lexicon folder; our own tables if left out.", exists=True, file_okay=False)
    ] = None,
    vocabularies: Annotated[
        Path | None,
        typer.Option(
            help="Unpacked vocabularies: every identifier must be there and bear the row's English name.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    notes: Annotated[
        bool,
        typer.Option("--notes", help="Also tell which names are never found, repeated, or have several concepts."),
    ] = False,
) -> None:
    """List every error of every table as file:line, all at once; exit with 1 where there is one."""
    from pipeline.lexicon.check import check_lexicon, unread_names
    from pipeline.lexicon.ground import clashes
    from pipeline.lexicon.index import Vocabularies
    from pipeline.tables import resource

    with usage_errors(FileNotFoundError):
        known: Vocabularies | None = Vocabularies.open(vocabularies) if vocabularies else None
    if folder:
        checked = check_lexicon(folder, vocabularies=known)
        faults, tables = checked.faults, checked.tables
        if not tables:
            raise typer.BadParameter(f"{folder}: no tables here; a lexicon folder holds .tsv files")
    else:
        checked = check_lexicon(resource("concepts"), resource("."), vocabularies=known)
        faults, tables = _with_others(checked.faults, checked.tables)
    if notes:
        for note in (*unread_names(checked.rows), *clashes([row.concept for row in checked.rows])):
            typer.echo(note)
    screen = console()
    for fault in faults:
        typer.echo(fault)
    errors = f"{len(faults):,} error{'' if len(faults) == 1 else 's'}"
    screen.print(f"{tables:,} tables, {len(checked.rows):,} concepts, {errors}", style="red" if faults else "green")
    if faults:
        raise typer.Exit(1)


def _with_others(faults: list[str], tables: int) -> tuple[list[str], int]:
    """Add what is wrong with our other tables: their shape, and what the stages that read them refuse."""
    from pipeline.lexicon.check import check_shape, faults_of
    from pipeline.lexicon.sources import BESIDE
    from pipeline.tables import resource

    root = resource(".")
    paths = (path for path in sorted(root.rglob("*.tsv")) if path.parent.name != "concepts" and path.name not in BESIDE)
    for path in paths:
        faults = faults + faults_of(path, check_shape)
        tables += 1
    try:
        Build()()
    except BuildError as error:
        faults = faults + str(error).split("\n")
    return list(dict.fromkeys(faults)), tables
