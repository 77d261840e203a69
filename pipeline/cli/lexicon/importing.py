"""`meo lexicon import`: a vocabulary of others into a lexicon folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.shared import console, usage_errors

if TYPE_CHECKING:
    from pipeline.lexicon.importers import Job
    from pipeline.model import ConceptType

_SHOWN = 50


class Format(StrEnum):
    """What can be imported."""

    BABELON = "hpo-babelon"
    OBO = "obo"
    HGNC = "hgnc"
    MESH = "mesh"
    SSSOM = "sssom"
    THUOCL = "thuocl"
    TSV = "tsv"


def import_(
    file: Annotated[Path, typer.Argument(help="The file to read; .gz is unpacked.", exists=True, dir_okay=False)],
    as_: Annotated[Format, typer.Option("--as", help="Its format.")],
    into: Annotated[Path, typer.Option(help="The lexicon folder that gets the table.", file_okay=False)],
    kind: Annotated[
        str | None, typer.Option("--type", help="The type of its concepts, where it does not follow from the source.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The table's name; the file's if left out.")] = None,
    source: Annotated[
        str | None, typer.Option(help="What its column source says; the file's name if left out.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="tsv: which column holds what, e.g. zh=名称; may be repeated, also for one of ours."),
    ] = None,
    prefix: Annotated[str, typer.Option(help="tsv: the prefix of bare identifiers, e.g. icd10.")] = "",
    related: Annotated[
        bool, typer.Option("--related", help="obo: take broad, narrow and related synonyms, too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a table of that name.")] = False,
) -> None:
    """Read a vocabulary into a table of our columns; bad lines are told, exit code 1, and the others imported."""
    from pipeline.lexicon.importers import READERS, FormatError, Job, import_file

    out = into / f"{_table_name(name or file.name)}.tsv"
    if out.exists() and not force:
        raise typer.BadParameter(f"{out} is there already; give --name for another table, or --force to replace it")
    job = Job(
        file,
        source or file.name,
        type=_type(kind),
        columns=_columns(column or ()),
        prefix=prefix,
        related=related,
    )
    with usage_errors(FormatError, OSError):
        written = import_file(READERS[as_.value], job, out)
    _account(job, written, out)
    if job.faults:
        raise typer.Exit(1)


def _type(kind: str | None) -> ConceptType | None:
    from pipeline.lexicon.concept import TYPES

    if kind is not None and kind not in TYPES:
        raise typer.BadParameter(f"--type is {kind}; it must be one of {', '.join(TYPES)}")
    return next((each for each in TYPES if each == kind), None)


def _table_name(name: str) -> str:
    stem = re.sub(r"(?:\.(?:tsv|txt|csv|obo|json|gz))+$", "", name).lstrip(".")
    if not stem or "/" in stem:
        raise typer.BadParameter(f"a concept table cannot be called {name}; give another --name")
    return stem


def _columns(pairs: Sequence[str]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        if not (ours and sign and theirs):
            raise typer.BadParameter(f"--column is {pair}; it must be OURS=THEIRS, e.g. zh=名称")
        columns.setdefault(ours, []).append(theirs)
    return columns


def _account(job: Job, written: int, out: Path) -> None:
    """Tell what became of the lines: what could not be read to standard error, the counts to standard output."""
    for fault in job.faults[:_SHOWN]:
        typer.secho(f"{job.path}:{fault.line}: {fault.message}", fg="red", err=True)
    if len(job.faults) > _SHOWN:
        typer.secho(f"… and {len(job.faults) - _SHOWN:,} more", fg="red", err=True)
    screen = console()
    screen.print(f"{written:,} concepts in {out}", markup=False, soft_wrap=True)
    if job.faults:
        screen.print(f"{len(job.faults):,} bad lines", markup=False)
    if job.joined:
        screen.print(f"{job.joined:,} rows joined with others of the same identifier or name", markup=False)
    for reason, count in sorted(job.left_out.items(), key=lambda pair: (-pair[1], pair[0])):
        screen.print(f"{count:,} left out: {reason}", markup=False, soft_wrap=True)
