"""One broken input."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Expected = Literal["error", "read", "either"]


@dataclass(frozen=True)
class Case:
    """`name` is its path below the folder of broken inputs; `expected` is whether a reader refuses it, must read it, or may do
    either: a paper that lost its end is still a paper. `make` gives its bytes, so that the large ones exist only while they are read.
    """

    name: str
    expected: Expected
    make: Callable[[], bytes]


def given(name: str, expected: Expected, data: bytes | str) -> Case:
    """Return a case of bytes, or of text in UTF-8."""
    content = data.encode() if isinstance(data, str) else data
    return Case(name, expected, lambda: content)


def swollen(head: bytes, size: int, tail: bytes = b"", *, wbits: int = zlib.MAX_WBITS) -> bytes:
    """Deflate `size` spaces between a head and a tail, a piece at a time; `wbits` chooses the wrapping as in `zlib`."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, wbits)
    piece = b" " * 1_000_000
    middle = [deflate.compress(piece) for _ in range(size // len(piece))]
    return b"".join([deflate.compress(head), *middle, deflate.compress(tail), deflate.flush()])
