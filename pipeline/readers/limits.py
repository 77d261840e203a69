"""What a reader will take on: beyond these sizes a file is refused, with the name of the limit in the message."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Sizes that no honest paper reaches.

    `size` and `expanded` are bytes of a file, and of what is unpacked or expanded from it; `pages` those of a PDF; `depth` how
    deep elements, or archives in archives, may nest; `elements` how many of them there may be, as each takes more memory than
    its tag; `members` the files of an archive.
    """

    size: int = 100_000_000
    expanded: int = 400_000_000
    pages: int = 2_000
    depth: int = 250
    elements: int = 2_000_000
    members: int = 100_000


LIMITS = Limits()


def limits_for(size: int | None = None, pages: int | None = None) -> Limits:
    """Return the limits with another size of a file or number of pages; what a file expands to goes with its size.

    >>> limits_for(200_000_000).expanded, limits_for() == LIMITS
    (800000000, True)
    """
    size = size or LIMITS.size
    return LIMITS._replace(size=size, expanded=size * LIMITS.expanded // LIMITS.size, pages=pages or LIMITS.pages)
