"""`meo lexicon lookup`: what the lexicon knows under a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.lexicon.loading import Folders, load
from pipeline.cli.shared import console, usage_errors, write_json

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.lexicon.lookup import Answer, Bearer


def lookup(
    term: Annotated[str, typer.Argument(help="A Chinese or English name, or an identifier.")],
    lexicon: Folders = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write all of it as JSON.")] = False,
) -> None:
    """Show who bears a name: identifier, type, all names, the rows they come from, and who shares them.

    Exits with 1 where nobody does; names that look like it are suggested.
    """
    from pipeline.lexicon.lookup import look_up
    from pipeline.tables import TableError, resource

    with usage_errors(TableError):
        answer = look_up(load(lexicon), term, [resource("concepts"), *(lexicon or ())])
    if as_json:
        write_json(answer)
    else:
        _print(console(), answer)
    if not answer.bearers:
        raise typer.Exit(1)


def _print(screen: Console, answer: Answer) -> None:
    from rich.text import Text

    if answer.ambiguous:
        note = f"{answer.term} is never grounded from its form alone: it stands in ambiguous.tsv"
        screen.print(Text(note, style="yellow"), soft_wrap=True)
    if not answer.bearers:
        screen.print(Text(f"Nothing is called {answer.term}.", style="red"))
        if answer.suggestions:
            screen.print(Text(f"Like it: {', '.join(answer.suggestions)}"), soft_wrap=True)
    for bearer in answer.bearers:
        _print_bearer(screen, bearer)


def _print_bearer(screen: Console, bearer: Bearer) -> None:
    from rich.table import Table
    from rich.text import Text

    head = Text.assemble((bearer.curie or "no identifier", "bold"), f"  {bearer.type}")
    if not bearer.meant:
        head.append(f"  in another form only: {', '.join(bearer.as_listed)}", style="yellow")
    screen.print(head)
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=10, style="dim")
    rows.add_column(overflow="fold")
    facts = [("zh", " | ".join(bearer.zh)), ("en", " | ".join(bearer.en)), ("source", bearer.source)]
    facts += [("row", _near(row)) for row in bearer.rows]
    facts += [("shared", f"{name}: {', '.join(others)}") for name, others in bearer.shared.items()]
    for name, value in facts:
        if value:
            rows.add_row(f"  {name}", Text(value))
    screen.print(rows)


def _near(row: str) -> str:
    """Show a row's path as it is from here, where it is below here."""
    path = Path(row)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else row
