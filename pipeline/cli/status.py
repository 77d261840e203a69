"""`meo status`: how a run stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.shared import console, usage_errors, write_json

if TYPE_CHECKING:
    from pipeline.batch.status import Status


def status(
    run: Annotated[Path, typer.Argument(help="A run folder, while a run writes to it or afterwards.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write all of it as JSON.")] = False,
) -> None:
    """Show how far a run is, how fast, how long it will take, and what failed."""
    from rich.table import Table
    from rich.text import Text

    from pipeline.batch.status import read_status
    from pipeline.schema import RunError

    with usage_errors(RunError):
        now = read_status(run)
    if as_json:
        write_json(now)
        return
    shown = Table.grid(padding=(0, 2))
    shown.add_column(style="bold")
    shown.add_column(overflow="fold")
    for name, value in _rows(now):
        shown.add_row(name, Text(value))
    console().print(shown)


def _rows(now: Status) -> list[tuple[str, str]]:
    from pipeline.cli.progress import duration

    over = now.done + now.failed
    share = f" ({over / now.documents:.1%})" if now.documents else ""
    by = f", process {now.process}, {now.workers} workers" if now.state == "running" else ""
    goes_on = "; the command that began it goes on with it" if now.state == "stopped" else ""
    rows = [
        ("state", now.state + by + goes_on),
        (
            "documents",
            f"{over:,} of {now.documents:,}{share}" + (f", {now.kept:,} kept from before" if now.kept else ""),
        ),
        ("rate", f"{now.rate:.2f} documents/s"),
        (
            "time",
            duration(now.seconds) + (f", {duration(now.seconds_left)} left" if now.seconds_left is not None else ""),
        ),
    ]
    rows += [("in hand", f"{each.path}, for {duration(each.seconds)}") for each in now.in_hand]
    rows += [("failed", f"{count:,} {kind}") for kind, count in now.failures.items()]
    return rows
