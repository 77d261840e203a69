"""What the reader carries from clause to clause, and what a frame's match is."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.extract.items import Member
from pipeline.frames import Rule


class State(NamedTuple):
    """What is carried along: who acts (`subject`), who acted already, under what (`topic`), in what (`place`), the last
    treatment, who acted in the sentence `before`, and what was acted on last (`object`).
    """

    subject: tuple[Member, ...] = ()
    agent: tuple[Member, ...] = ()
    topic: tuple[Member, ...] = ()
    place: tuple[Member, ...] = ()
    treatment: tuple[Member, ...] = ()
    before: tuple[Member, ...] = ()
    object: tuple[Member, ...] = ()


class Match(NamedTuple):
    """A frame that matched a clause's items `start:end`."""

    rule: Rule
    start: int
    end: int
    slots: dict[str, int]


def slots_of(found: object) -> dict[str, int]:
    """Return the item index of each group that took part in a match."""
    return {name: found.start(name) for name, text in found.groupdict().items() if text}  # type: ignore[attr-defined]
