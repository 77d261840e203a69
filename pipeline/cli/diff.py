"""`meo diff`: what one run finds that another does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.shared import console, said, table, usage_errors, write_json

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.evaluate.differences import Tally
    from pipeline.model import Triple


def diff(
    run_a: Annotated[Path, typer.Argument(help="The run before.")],
    run_b: Annotated[Path, typer.Argument(help="The run after.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write all of it as JSON.")] = False,
) -> None:
    """List the triples that run B gained, lost or reads differently than run A."""
    from rich.text import Text

    from pipeline.evaluate.differences import compare
    from pipeline.schema import RunError

    with usage_errors(RunError):
        result = compare(run_a, run_b)
    if as_json:
        write_json(result)
        return
    screen = console()
    for mark, style, triples in (("+", "green", result.gained), ("-", "red", result.lost)):
        for triple in triples:
            screen.print(Text.assemble((f"{mark} ", style), _where(triple), said(triple)), soft_wrap=True)
            screen.print(Text(f"    {triple.evidence.text}", style="dim"), soft_wrap=True)
    for changed in result.changed:
        screen.print(Text.assemble(("~ ", "yellow"), _where(changed.after), said(changed.after)), soft_wrap=True)
        for change in changed.changes:
            moved = f"    {change.field}: {_short(change.before)} → {_short(change.after)}"
            screen.print(Text(moved, style="yellow"), soft_wrap=True)
    if result.documents:
        screen.print(_tallies("Documents", "document", result.documents))
        screen.print(_tallies("Rules", "rule", result.rules))
    for name, docs in ((run_a, result.only_a), (run_b, result.only_b)):
        if docs:
            screen.print(Text(f"only in {name}: {', '.join(docs)}"))
    counts = f"{len(result.gained):,} gained, {len(result.lost):,} lost, {len(result.changed):,} changed"
    screen.print(f"{counts}, {result.same:,} the same")


def _where(triple: Triple) -> tuple[str, str]:
    return f"{triple.doc_id} {triple.evidence.start}-{triple.evidence.end} [{triple.rule}]  ", "dim"


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _tallies(title: str, group: str, rows: dict[str, Tally]) -> Table:
    numbers = ("gained", "lost", "changed")
    shown = table(title, (group, *numbers), numbers=numbers)
    for name, row in rows.items():
        shown.add_row(name, *(f"{count:,}" for count in (row.gained, row.lost, row.changed)))
    return shown
