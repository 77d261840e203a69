"""How a name behaves: how often it acts, and is acted on, in a corpus and in the document at hand.

TNF-α is named to say what it does, bone loss to say what does it. The corpus counts are a table that `benchmarks/judge.py`
makes from what the frames read in the papers; the document's counts are of its own readings. All shares are in thousandths,
whole numbers, so that the rows are the same on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.extract.pairs import Ints, Scene
from pipeline.tables import read_table

COLUMNS = ("name", "mentions", "mediator", "outcome")
WHOLE = 1000


class Role(NamedTuple):
    """How many mentions a name has, and in how many readings it is the mediator and the outcome."""

    mentions: int
    mediator: int
    outcome: int


NONE = Role(0, 0, 0)
Roles = Mapping[str, Role]


def names_of(scene: Scene) -> list[str]:
    """Return what each mention names: its CURIE, or its words in lower case."""
    return [
        concept or "".join(scene.words[a:b]).lower()
        for concept, (a, b) in zip(scene.concepts, scene.spans, strict=True)
    ]


def load_roles(path: Path) -> Roles:
    """Read a table of roles."""
    rows = read_table(path, COLUMNS, key=("name",))
    return {row["name"]: Role(*(int(row[column]) for column in COLUMNS[1:])) for row in rows}


def count_roles(scene: Scene, names: Sequence[str]) -> Roles:
    """Return the roles of the names of a document, as its frames read them."""
    mentions = Counter(names)
    mediator = Counter(names[reading.mediator.mention] for _, reading in scene.readings)
    outcome = Counter(names[reading.outcome.mention] for _, reading in scene.readings)
    return {name: Role(count, mediator[name], outcome[name]) for name, count in mentions.items()}


def add_roles(tables: Iterable[Roles]) -> Roles:
    """Return the sums of several tables of roles."""
    total: dict[str, Role] = {}
    for table in tables:
        for name, role in table.items():
            held = total.get(name, NONE)
            total[name] = Role(*(a + b for a, b in zip(held, role, strict=True)))
    return total


def role_columns(scene: Scene, roles: Roles, mediator: Ints, outcome: Ints) -> npt.NDArray[np.float64]:
    """Return, for each pair, how its names behave in the corpus and in the document, and how often frames read both together there."""
    names = names_of(scene)
    own = count_roles(scene, names)
    told = np.array([_shares(roles.get(name, NONE)) for name in names], np.int64)
    here = np.array([_here(own[name]) for name in names], np.int64)
    pairs = Counter((names[r.mediator.mention], names[r.outcome.mention]) for _, r in scene.readings)
    ends = [(names[m], names[o]) for m, o in zip(mediator.tolist(), outcome.tolist(), strict=True)]
    together = np.array([(pairs[m, o], pairs[o, m]) for m, o in ends], np.int64).reshape(-1, 2)
    apart = told[mediator, :1] - told[outcome, :1]
    return np.hstack([told[mediator], told[outcome], apart, here[mediator], here[outcome], together]).astype(np.float64)


def _shares(role: Role) -> tuple[int, ...]:
    """Return of a role: mediator among readings, readings by mention, mentions, mediator and outcome by mention."""
    mentions, mediator, outcome = role
    ends = mediator + outcome
    return (
        WHOLE * (mediator + 1) // (ends + 2),
        WHOLE * (ends + 1) // (mentions + 2),
        mentions,
        WHOLE * (mediator + 1) // (mentions + 2),
        WHOLE * (outcome + 1) // (mentions + 2),
    )


def _here(role: Role) -> tuple[int, ...]:
    mentions, mediator, outcome = role
    return mediator, outcome, mentions, WHOLE * mediator // mentions, WHOLE * outcome // mentions
