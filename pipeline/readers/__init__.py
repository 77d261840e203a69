"""Readers: one file per input format, picked by content."""

from __future__ import annotations

from pathlib import Path

from pipeline.model import Source
from pipeline.readers.text import ReadError, read_text

__all__ = ["ReadError", "open_source"]


def open_source(path: Path) -> Source:
    """Read a file.

    Raises:
        ReadError: saying why the file cannot be read, and the remedy.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"cannot be opened: {error.strerror or error}; check that the file is there and readable"
        ) from None
    return read_text(data)
