"""`meo merge`: several runs as one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.shared import console, usage_errors


def merge(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="The folders of finished runs, such as shards.")],
    out: Annotated[Path, typer.Option(help="The run folder to write.")],
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things, too.")] = False,
) -> None:
    """Put runs together: the shards of a corpus in its order, other runs one behind the other."""
    from pipeline.batch.folder import OutputError
    from pipeline.batch.merge import MergeError, merge_runs
    from pipeline.cli.summary import print_summary
    from pipeline.schema import RunError

    with usage_errors(RunError, MergeError, OutputError):
        finished = merge_runs(runs, out, force=force)
    print_summary(console(), finished, out)
