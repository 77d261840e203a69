"""A paper of a structured format, drawn as Markdown text: what every reader but that of plain text hands on.

The stages behind know a paper by its text alone, so a heading is a line with `#`, a paragraph one line, a table row a line
between bars; blocks are parted by an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline.model import Place, Source
from pipeline.readers.error import ReadError

_WHITE = re.compile(r"\s+")
_CAPTION = re.compile(r"(?:附?[图表圖]|Fig|Tab)", re.IGNORECASE)


class Printed(NamedTuple):
    """A stretch of a block as printed: its page (from 1) and its box, left, top, right, bottom in points from the page's top left."""

    text: str
    page: int
    box: tuple[float, float, float, float]


class Drawing:
    """Collects the blocks of a paper in reading order."""

    def __init__(self) -> None:
        """Begin with an empty text."""
        self._blocks: list[str] = []
        self._length = 0
        self._places: list[Place] = []

    def heading(self, text: str, level: int, printed: Sequence[Printed] = ()) -> None:
        """Add a heading; levels count from 1."""
        if line := _line(text):
            self._add(f"{'#' * min(level, 6)} {line}", printed)

    def paragraph(self, text: str, printed: Sequence[Printed] = ()) -> None:
        """Add a paragraph; white space is as in HTML: any stretch of it is one space."""
        if line := _line(text):
            self._add(line, printed)

    def caption(self, text: str, kind: str = "图", printed: Sequence[Printed] = ()) -> None:
        """Add the caption of a figure (or of a table, 表); one that does not say so is told to be one."""
        if line := _line(text):
            self._add(line if _CAPTION.match(line) else f"{kind} {line}", printed)

    def table(self, rows: Sequence[Sequence[str]], printed: Sequence[Printed] = ()) -> None:
        """Add a table, cell by cell; what is `printed` are its cells."""
        lines = [f"| {' | '.join(_line(cell).replace('|', '¦') for cell in row)} |" for row in rows if any(row)]
        if lines:
            self._add("\n".join(lines), printed)

    def reference(self, label: str, text: str, printed: Sequence[Printed] = ()) -> None:
        """Add an entry of the reference list, under a heading 参考文献 that the reader adds itself."""
        if line := _line(text):
            self._add(f"[{label}] {line}" if label else line, printed)

    def _add(self, block: str, printed: Sequence[Printed]) -> None:
        """Add a block and the places of the stretches of it that are `printed`, in their order."""
        start = self._length + (2 if self._blocks else 0)
        at = 0
        for stretch in printed:
            text = _line(stretch.text)
            found = block.find(text, at) if text else -1
            if found >= 0:
                at = found + len(text)
                box = [round(side, 1) for side in stretch.box]
                self._places.append(Place(start=start + found, end=start + at, page=stretch.page, box=box))
        self._length = start + len(block)
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
