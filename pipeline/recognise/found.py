"""What a recogniser finds."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """A mention by token indices; `concept` and `others` index the lexicon's concepts.

    `shares` say how likely each of them is, where that was weighed: the concept first (if there is one), then the others.
    `score` says how likely an unlisted mention is one at all.
    """

    start: int
    end: int
    type: str
    method: str
    concept: int | None
    others: tuple[int, ...]
    shares: tuple[float, ...] = ()
    score: float | None = None

    @property
    def is_unlisted(self) -> bool:
        """Whether nothing but form and surroundings speak for it."""
        return self.concept is None and not self.others and self.score is None
