"""Inputs that are broken or hostile, by systematic variation of the paper's formats; standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from making.broken import archives, damage, markup, pdf, texts
from making.broken.case import Case

__all__ = ["Case", "cases"]


def cases(formats: Mapping[str, bytes]) -> Iterator[Case]:
    """Yield every broken input; `formats` are the paper's files by name."""
    yield from damage.cases(formats)
    yield from texts.cases(formats)
    yield from markup.cases(formats)
    yield from archives.cases(formats)
    yield from pdf.cases()
