"""The lexicon as the commands see it: ours, and a user's tables over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import LEXICON_HELP

if TYPE_CHECKING:
    from pipeline.lexicon import Lexicon

Folders = Annotated[list[Path] | None, typer.Option("--lexicon", metavar="FOLDER", help=LEXICON_HELP)]


def load(folders: list[Path] | None) -> Lexicon:
    """Read our tables and those of `folders`.

    Raises:
        TableError: naming every bad row.
    """
    from pipeline.lexicon import Lexicon

    return Lexicon.load(user=folders or ())
