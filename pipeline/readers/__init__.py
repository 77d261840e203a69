"""Readers: a file in, its text and what the format says about it out; one module per format."""

from __future__ import annotations

from pathlib import Path

from pipeline.model import Source
from pipeline.readers import text
from pipeline.readers.error import ReadError

__all__ = ["ReadError", "open_source"]

_BY_ENDING = {".txt": text.read, ".md": text.read, ".text": text.read, ".markdown": text.read}


def open_source(path: Path) -> Source:
    """Read a file with the reader of its format; `Source.text` is what all offsets count in.

    Raises:
        ReadError: where the file cannot be read as text; the message names the reason and the remedy.
    """
    read = _BY_ENDING.get(path.suffix.lower())
    if read is None:
        known = " ".join(sorted(_BY_ENDING))
        raise ReadError(
            f"{path.name}: no reader for {path.suffix or 'a file without ending'}; known endings are {known}"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{path.name}: cannot be opened ({error.strerror}); check that it exists and is readable"
        ) from error
    return read(data, path.name)
