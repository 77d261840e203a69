"""`meo schema`: the JSON Schema of what a run writes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.shared import write_json


class Table(StrEnum):
    """What a run folder holds."""

    DOCUMENTS = "documents"
    MENTIONS = "mentions"
    TRIPLES = "triples"
    FAILURES = "failures"
    RUN = "run"


def schema(
    table: Annotated[
        Table | None, typer.Argument(help="One table's lines, or run.json; all together if left out.")
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of a run's records."""
    from pipeline.schema import record_schema, run_schema

    write_json(record_schema(table.value) if table else run_schema())
