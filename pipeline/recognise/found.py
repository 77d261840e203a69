"""What a recogniser finds."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """A mention by token indices; `concept` and `others` index the lexicon's concepts."""

    start: int
    end: int
    type: str
    method: str
    concept: int | None
    others: tuple[int, ...]
