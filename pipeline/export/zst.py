"""JSON lines compressed by Zstandard (RFC 8878)."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import msgspec

_LEVEL = 6


def open_part(path: Path, _: type[msgspec.Struct]) -> BinaryIO:
    """Open a file to write lines to."""
    import zstandard

    part: BinaryIO = zstandard.open(path, "wb", cctx=zstandard.ZstdCompressor(level=_LEVEL))
    return part
