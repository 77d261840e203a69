"""JSON lines compressed by gzip (RFC 1952), without a name or a time in them: the same bytes every time."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec


def open_part(path: Path, _: type[msgspec.Struct]) -> gzip.GzipFile:
    """Open a file to write lines to."""
    return _Closing(path)


class _Closing(gzip.GzipFile):
    """Closes the file beneath it, too."""

    def __init__(self, path: Path) -> None:
        self._beneath = path.open("wb")
        super().__init__("", "wb", 6, self._beneath, mtime=0)

    def close(self) -> None:
        super().close()
        self._beneath.close()
