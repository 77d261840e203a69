"""What a frame reads: one mediator, effect and outcome, by token indices."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.extract.items import Member


class Reading(NamedTuple):
    """One triple before it is written out; `trigger` is a token span."""

    mediator: Member
    relation: str
    outcome: Member
    trigger: tuple[int, int]
    negated: bool
    hedged: bool
    rule: str
    via: tuple[Member, ...] = ()
    confidence: float = 0.5


class Trace(NamedTuple):
    """Why a clause gave no triple, for `meo explain`; a token span and a reason."""

    start: int
    end: int
    reason: str
