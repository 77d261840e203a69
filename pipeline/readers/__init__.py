"""Readers: a file in, its text and what the format says about it out; one module per format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from pipeline.model import Source
from pipeline.readers.error import ReadError
from pipeline.readers.limits import LIMITS, Limits, limits_for
from pipeline.readers.sniff import sniff

__all__ = [
    "ENDINGS",
    "LIMITS",
    "Limits",
    "ReadError",
    "limits_for",
    "open_source",
    "read_file",
    "read_source",
    "too_large",
]

# Each has `read(data, name, limits) -> Source`, and loads its library when it is first needed.
_READERS = {
    "docx": "pipeline.readers.docx",
    "html": "pipeline.readers.html",
    "jats": "pipeline.readers.jats",
    "pdf": "pipeline.readers.pdf",
    "text": "pipeline.readers.text",
}
ENDINGS = (
    *(".md", ".markdown", ".txt", ".text", ".pdf", ".docx", ".docm"),
    *(".xml", ".nxml", ".jats", ".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht"),
)


def open_source(path: Path, limits: Limits = LIMITS) -> Source:
    """Read a file with the reader of its format; `Source.text` is what all offsets count in.

    Raises:
        ReadError: where the file cannot be read; the message names the reason and the remedy.
    """
    return read_source(read_file(path, path.name, limits), path.name, limits)


def read_file(path: Path, name: str, limits: Limits = LIMITS) -> bytes:
    """Return what a file holds; `name` stands in messages.

    Raises:
        ReadError: where it cannot be opened, or is larger than the limit.
    """
    try:
        size = path.stat().st_size
        if size > limits.size:
            raise ReadError(too_large(name, size, limits))
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{name}: cannot be opened ({error.strerror}); check that it exists and is readable") from error


def read_source(data: bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Read what a file holds; its format is found by content, `name` counts where that leaves it open.

    Raises:
        ReadError: where it cannot be read; the message names the reason and the remedy.
    """
    if len(data) > limits.size:
        raise ReadError(too_large(name, len(data), limits))
    found = sniff(data, name)
    module = _READERS.get(found)
    if module is None:
        what = "a ZIP, tar or compressed archive" if found == "archive" else f"a {found.upper()} file"
        raise ReadError(f"{name}: this is {what}, which is not read as a paper; known are {' '.join(sorted(_READERS))}")
    source: Source = import_module(module).read(data, name, limits)
    return source


def too_large(name: str, size: int, limits: Limits) -> str:
    """Say that a file is larger than the limit."""
    return f"{name}: {size:,} bytes are more than the limit of {limits.size:,}; split it, or raise the limit `size`"
