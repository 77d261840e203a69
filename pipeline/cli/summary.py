"""The summary that a run ends with."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.batch.folder import Sums
from pipeline.batch.run import Finished
from pipeline.cli.shared import effect, table


def print_summary(screen: Console, finished: Finished, out: Path) -> None:
    """Print what a run found, where it is, what failed and why, and how long it took."""
    run, sums = finished
    counts, timings = run.counts, run.timings
    facts = _grid()
    speed = f"{timings.documents_per_second:,.1f} documents/s, {timings.characters_per_second:,.0f} characters/s"
    kept = f", {counts.kept:,} kept from before" if counts.kept else ""
    failed = f"  ({counts.failures:,} more failed)" if counts.failures else ""
    rows = [
        ("documents", f"{counts.documents:,}{kept}{failed}"),
        ("characters", f"{counts.characters:,}"),
        ("sentences", f"{counts.sentences:,}"),
        ("mentions", f"{counts.mentions:,}"),
        ("triples", f"{counts.triples:,}"),
        ("time", f"{timings.seconds:.1f} s, {speed}, workers: {timings.workers}"),
    ]
    for name, value in rows:
        facts.add_row(name, value)
    screen.print(facts)
    if counts.relations:
        screen.print(_relations(counts.relations))
        screen.print(_statements(sums))
    if sums.failures:
        screen.print(_failures(sums))
    screen.print(f"The run is in [bold]{escape(str(out))}[/bold]")


def _grid() -> Table:
    shown = Table.grid(padding=(0, 2))
    shown.add_column(style="bold")
    shown.add_column()
    return shown


def _relations(relations: dict[str, int]) -> Table:
    shown = table("Triples by relation", ("relation", "triples", "share"), numbers=("triples", "share"))
    total = sum(relations.values())
    for relation, count in relations.items():
        shown.add_row(effect(relation), f"{count:,}", f"{count / total:.1%}")
    return shown


def _statements(sums: Sums) -> Table:
    shown = table("The most frequent triples", ("times", "mediator", "effect", "outcome"), numbers=("times",))
    for statement, count in sums.statements:
        words = effect(statement.relation, negated=statement.negated)
        shown.add_row(f"{count:,}", _name(*statement.mediator), words, _name(*statement.outcome))
    return shown


def _name(zh: str, en: str | None) -> Text:
    return Text.assemble(zh, (f" {en}", "dim")) if en and en != zh else Text(zh)


def _failures(sums: Sums) -> Table:
    shown = table("Documents that could not be processed", ("document", "stage", "reason"))
    for failure in sums.failed:
        shown.add_row(Text(failure.path), failure.stage, Text(failure.error, style="red"))
    if more := sums.failures - len(sums.failed):
        shown.add_row(f"… and {more:,} more: failures.jsonl", "", "")
    return shown
