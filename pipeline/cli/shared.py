"""What the sub-commands share: consoles, errors, and how triples look."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.model import End, Triple

_ARROWS = {
    "increases": "─▲→",
    "decreases": "─▼→",
    "causes_no_change": "─○→",
    "regulates": "─◇→",
    "association": "─~─",
    "positive_correlation": "─+─",
    "negative_correlation": "─-─",
    "binds": "─●─",
}
_COLOURS = {"increases": "green", "decreases": "red", "causes_no_change": "yellow"}
CORPUS_HELP = (
    "A folder, a file, an archive, a .jsonl, .csv or .tsv file, a pattern such as 'a/*.txt', @LIST for the files that a list names, "
    "or - for standard input."
)
# Wide enough for a triple a line where nothing says how wide the reader's window is.
_WIDTH = 140


def console(*, stderr: bool = False) -> Console:
    """Return a console; into a file or a pipe it writes plain lines of one width."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, highlight=False, width=None if stream.isatty() else _WIDTH)


@contextmanager
def usage_errors(*kinds: type[Exception]) -> Iterator[None]:
    """Tell the errors `kinds`, whose messages name the remedy, and exit with 2."""
    try:
        yield
    except kinds as error:
        typer.secho(f"meo: {error}", fg="red", err=True)
        raise typer.Exit(2) from error


def write_json(value: object) -> None:
    """Write a record as JSON to standard output."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def effect(relation: str, *, negated: bool = False, speculated: bool = False) -> Text:
    """Return a relation in its colour, with its arrow."""
    from rich.text import Text

    words = ("not " if negated else "") + relation + ("?" if speculated else "")
    return Text(f"{_ARROWS.get(relation, '─?─')} {words}", style=_COLOURS.get(relation, "cyan"))


def said(triple: Triple) -> Text:
    """Return what a triple says, with the preferred names of its ends."""
    from rich.text import Text

    told = triple.effect
    words = effect(told.relation, negated=told.negated, speculated=told.certainty == "speculated")
    return Text.assemble(_end(triple.mediator), " ", words, " ", _end(triple.outcome))


def _end(end: End) -> Text:
    from rich.text import Text

    sign = {"increased": "↑", "decreased": "↓"}.get(end.change or "", "")
    return Text.assemble(
        (end.norm + sign, "bold"),
        (f"的{end.aspect_text}" if end.aspect_text else ""),
        (f" {end.en}" if end.en else "", "dim"),
    )


def table(title: str, columns: Iterable[str], *, numbers: Iterable[str] = ()) -> Table:
    """Return an empty table; the columns `numbers` are set to the right."""
    from rich import box
    from rich.table import Table

    shown = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        right = column in numbers
        shown.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    return shown
