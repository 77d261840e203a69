"""The lexicon as the commands see it: ours, and a user's tables with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.lexicon import Lexicon

Folders = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", help="A folder of your own tables; may be repeated.", exists=True, file_okay=False),
]


def load(folders: Sequence[Path]) -> Lexicon:
    """Read our tables and those of `folders`.

    Raises:
        TableError: naming every bad row of the first bad table.
    """
    from pipeline.lexicon import Lexicon
    from pipeline.lexicon.concept import read_concepts
    from pipeline.lexicon.sources import concept_tables

    ours = Lexicon.load()
    tables = (path for folder in folders for path in concept_tables(folder))
    more = [concept for path in tables for concept in read_concepts(path, ordered=False)]
    return Lexicon((*ours.concepts, *more), ambiguous=ours.ambiguous) if more else ours
