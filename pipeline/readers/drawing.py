"""A paper of a structured format, drawn as Markdown text: what every reader but that of plain text hands on.

The stages behind know a paper by its text alone, so a heading is a line with `#`, a paragraph one line, a table row a line
between bars; blocks are parted by an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipeline.model import Place, Source
from pipeline.readers.error import ReadError

_WHITE = re.compile(r"\s+")
_CAPTION = re.compile(r"(?:附?[图表圖]|Fig|Tab)", re.IGNORECASE)
Box = tuple[float, float, float, float]


class Drawing:
    """Collects the blocks of a paper in reading order."""

    def __init__(self) -> None:
        """Begin with an empty text."""
        self._blocks: list[str] = []
        self._length = 0
        self._places: list[Place] = []

    def heading(self, text: str, level: int) -> None:
        """Add a heading; levels count from 1."""
        if line := _line(text):
            self._add(f"{'#' * min(level, 6)} {line}")

    def paragraph(self, text: str) -> None:
        """Add a paragraph; white space is as in HTML: any stretch of it is one space."""
        if line := _line(text):
            self._add(line)

    def caption(self, text: str, kind: str = "图") -> None:
        """Add the caption of a figure (or of a table, 表); one that does not say so is told to be one."""
        if line := _line(text):
            self._add(line if _CAPTION.match(line) else f"{kind} {line}")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table, cell by cell."""
        lines = [f"| {' | '.join(_line(cell).replace('|', '¦') for cell in row)} |" for row in rows if any(row)]
        if lines:
            self._add("\n".join(lines))

    def reference(self, label: str, text: str) -> None:
        """Add an entry of the reference list, under a heading 参考文献 that the reader adds itself."""
        if line := _line(text):
            self._add(f"[{label}] {line}" if label else line)

    def lines(self, lines: Sequence[tuple[str, int, Box]]) -> None:
        """Add a paragraph of printed lines, each with its page (from 1) and box (left, top, right, bottom, in points from the
        page's top left corner); they are joined as they stand, and their places kept.
        """
        parts = [(text, page, box) for text, page, box in lines if text]
        if not parts:
            return
        at = self._length + (2 if self._blocks else 0)
        for text, page, box in parts:
            self._places.append(Place(start=at, end=at + len(text), page=page, box=[round(side, 1) for side in box]))
            at += len(text)
        self._add("".join(text for text, _, _ in parts))

    def _add(self, block: str) -> None:
        self._length += len(block) + (2 if self._blocks else 0)
        self._blocks.append(block)

    def source(
        self,
        name: str,
        *,
        format: str,  # noqa: A002 - the name of the field
        encoding: str,
        title: str | None = None,
        metadata: dict[str, Any] | None = None,
        references: dict[str, str] | None = None,
    ) -> Source:
        """Return what was drawn.

        Raises:
            ReadError: where nothing was; `name` stands in the message.
        """
        if not self._blocks:
            raise ReadError(f"{name}: this {format.upper()} file holds no text; give one that does")
        return Source(
            text="\n\n".join(self._blocks) + "\n",
            format=format,
            encoding=encoding,
            title=title,
            metadata=metadata or {},
            references=references or {},
            places=self._places,
        )


def _line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()
