"""`meo evaluate`: a run against gold files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.shared import console, table, usage_errors, write_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipeline.evaluate.report import Figures, Report


def evaluate(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    gold: Annotated[list[Path], typer.Option(help="A .gold file; may be repeated.", exists=True, dir_okay=False)],
    texts: Annotated[
        Path | None,
        typer.Option(
            help="NAME.txt of gold documents that the run lacks, to check them.", exists=True, file_okay=False
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="List every miss and mistake with its evidence.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write all of it as JSON.")] = False,
) -> None:
    """Score a run against gold: the benchmark's figures, by document, relation and rule, with misses and mistakes."""
    from pipeline.evaluate.gold import GoldError
    from pipeline.evaluate.report import evaluate as score_run
    from pipeline.schema import RunError

    with usage_errors(RunError, GoldError):
        report = score_run(run, gold, texts)
    if as_json:
        write_json(report)
        return
    screen = console()
    if verbose:
        _print_lists(screen, report)
    _print_figures(screen, report)


def _print_lists(screen: Console, report: Report) -> None:
    from rich.text import Text

    for title, rows in (("Missed", report.missed), ("Wrong", report.wrong)):
        screen.print(Text(f"{title} ({len(rows):,})", style="bold"))
        for row in rows:
            rule = getattr(row, "rule", None)
            cause = f"{rule}: {row.cause}" if rule else row.cause
            said = Text.assemble(f"  {row.doc_id}  ", (row.triple, "cyan"), (f"  {cause}", "yellow"))
            screen.print(said, soft_wrap=True)
            screen.print(
                Text(f"    {row.start}-{row.end} {' '.join(row.evidence.split())}", style="dim"), soft_wrap=True
            )
        screen.print()


def _print_figures(screen: Console, report: Report) -> None:
    from rich.text import Text

    screen.print(_figures("Documents", "document", report.documents))
    screen.print(_figures("Relations", "relation", report.relations))
    screen.print(_figures("Rules (recall: the rule's share of all gold triples)", "rule", report.rules))
    if report.causes:
        causes = table("Why triples were missed", ("cause", "triples"), numbers=("triples",))
        for cause, count in report.causes.items():
            causes.add_row(cause, f"{count:,}")
        screen.print(causes)
    if report.confidence:
        bins = table(
            f"Confidence (expected calibration error {report.calibration_error:.3f})",
            ("from", "to", "mean", "right", "wrong", "share right"),
            numbers=("mean", "right", "wrong", "share right"),
        )
        for row in report.confidence:
            bins.add_row(
                f"{row.low:.1f}",
                f"{row.high:.1f}",
                f"{row.confidence:.3f}",
                f"{row.right:,}",
                f"{row.wrong:,}",
                f"{row.precision:.3f}",
            )
        screen.print(bins)
    screen.print(_figures("Against gold", "level", report.levels))
    for name, agreement in (
        ("certainty agrees", report.certainty),
        ("negation agrees", report.negation),
        ("citations agree", report.citations),
        ("gold ends that a mention names", report.ends),
    ):
        if agreement.of:
            screen.print(f"{name}: {agreement.agree:,} of {agreement.of:,} ({agreement.agree / agreement.of:.1%})")
    if report.absent:
        screen.print(Text(f"not in the run, so all missed: {', '.join(report.absent)}", style="red"))


def _figures(title: str, group: str, rows: dict[str, Figures]) -> Table:
    numbers = ("P", "R", "F1", "right", "wrong", "gold")
    shown = table(title, (group, *numbers), numbers=numbers)
    for name, row in rows.items():
        shares = (f"{share:.3f}" for share in (row.precision, row.recall, row.f1))
        shown.add_row(name, *shares, f"{row.right:,}", f"{row.wrong:,}", f"{row.gold:,}")
    return shown
