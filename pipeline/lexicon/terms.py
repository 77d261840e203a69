"""A term of a vocabulary, as every reader of one gives it."""

from __future__ import annotations

from typing import NamedTuple

PREFERRED, FULL, SYNONYM, ALIAS = range(4)
"""What a name is to its term: the name itself (a symbol), the full name of a symbol, a synonym, a loose or former name."""

NAMES = "|"


class Term(NamedTuple):
    """A concept of a vocabulary; `tag` says where in its tree it stands, `names` are (name, kind)."""

    curie: str
    name: str
    tag: str
    names: tuple[tuple[str, int], ...]


def clean(name: str) -> str:
    """Put a name on one line and free it of the characters that the table format uses."""
    return " ".join(name.replace(NAMES, "/").split())


def curie_of(identifier: str) -> str:
    """Return an identifier as the Bioregistry writes it, its prefix in lower case.

    >>> curie_of("HP:0000001")
    'hp:0000001'
    """
    prefix, _, local = identifier.partition(":")
    return f"{prefix.lower()}:{local}"
