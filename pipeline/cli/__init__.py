"""The `meo` command: one file a sub-command, each of which imports what it needs when it is called."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; exit with 0, 1 where some documents failed, or 2 where the call was wrong."""
    from pipeline.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            # A terminal that cannot show Chinese is no reason to stop.
            reconfigure(errors="backslashreplace")
    app(prog_name="meo")
