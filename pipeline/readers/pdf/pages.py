"""Pages into pieces in reading order: running text, tables, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from pipeline.readers.pdf.columns import Flow, flows_of
from pipeline.readers.pdf.glyphs import Box, Page
from pipeline.readers.pdf.lines import Line, Segment, cells_of, line_of
from pipeline.readers.pdf.tables import CAPTION, gapped, tables_of
from pipeline.sections import heading_kind

_NOTE = re.compile(
    r"[*＊#△▲†‡①-⑳]|(?:\d{1,2}\s*)?(?:基金|项目基金|作者|第一作者|通[讯信]|收稿|修回|注[:：]|Corresponding|Supported|E-?mail|Foundation)"
)
_SMALL = 0.95
_LOWEST = 0.5
_APART = 2.2
_FOOT = 0.88


class Piece(NamedTuple):
    """Lines of one column (`text`), of one table (`table`, cells parted by tabs) or of footnotes (`note`)."""

    kind: str
    lines: list[Line]


def usual_type(pages: Sequence[Sequence[Segment]]) -> tuple[float, str]:
    """Find the size of most text, and the font of most Chinese text of that size."""
    sizes: Counter[float] = Counter()
    fonts: Counter[tuple[float, str]] = Counter()
    for page in pages:
        for segment in page:
            sizes[round(segment.size, 1)] += len(segment.glyphs)
            for glyph in segment.glyphs:
                if "\u3400" <= glyph.text <= "\u9fff":
                    fonts[round(segment.size, 1), glyph.font.name] += 1
    size = max(sizes, key=lambda each: (sizes[each], each))
    names = {name: count for (each, name), count in fonts.items() if each == size}
    return size, max(names, key=lambda name: (names[name], name)) if names else ""


def pieces_of(page: Page, segments: Sequence[Segment], size: float) -> list[Piece]:
    """Order what stands on a page, heads and feet left out; boxes are those of the page as shown."""
    tables = tables_of(segments, page.rules)
    pieces = []
    for flow in flows_of(segments, tables):
        loose = gapped(flow.rows)
        keys = [_table_of(row, tables, is_loose=index in loose) for index, row in enumerate(flow.rows)]
        for table, group in groupby(zip(keys, flow.rows, strict=True), key=itemgetter(0)):
            if table is not None:
                pieces.append(Piece("table", [_cells(page, row, flow) for _, row in group]))
            else:
                lines = [line_of(row, page.number, (flow.left, flow.right)) for _, row in group]
                pieces += _parted(lines, page, size)
    return pieces


def _table_of(row: Sequence[Segment], tables: Sequence[Box], *, is_loose: bool) -> int | None:
    """Tell in which table a row stands, -1 for one without rules."""
    middle = row[0].baseline - 0.35 * row[0].size
    for index, (left, top, right, bottom) in enumerate(tables):
        if top <= middle <= bottom and left <= row[0].left and row[-1].right <= right:
            return index
    return -1 if is_loose else None


def _cells(page: Page, row: Sequence[Segment], flow: Flow) -> Line:
    column = (flow.left, flow.right)
    cells = [line_of(cell, page.number, column) for cell in cells_of(row)]
    return replace(line_of(row, page.number, column), text="\t".join(cell.text for cell in cells))


def _parted(lines: list[Line], page: Page, size: float) -> list[Piece]:
    """Part the lines of a column into text and the notes at its foot."""
    at = _first_note(lines, page, size)
    parts = [Piece("text", lines[:at]), Piece("note", lines[at:])]
    return [piece for piece in parts if piece.lines]


def _first_note(lines: Sequence[Line], page: Page, size: float) -> int:
    """Find where the footnotes of a column begin: smaller type to its end, below a rule or a gap, or with a note's mark."""
    first = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line.size > _SMALL * size or line.top < _LOWEST * page.height or CAPTION.match(line.text):
            break
        above = lines[index - 1] if index else None
        if above is not None and heading_kind(above.text) == "references":
            return len(lines)
        is_low = above is not None and line.top > _FOOT * page.height
        is_apart = is_low and above is not None and line.baseline - above.baseline > _APART * size
        if is_apart or _NOTE.match(line.text) or _has_rule(above, line, page):
            first = index
    return first


def _has_rule(above: Line | None, line: Line, page: Page) -> bool:
    """Tell whether a rule parts two lines, at the left of their column."""
    top = above.baseline if above is not None else line.top - 2 * line.size
    return any(
        top < rule[1] <= line.baseline - 0.5 * line.size and abs(rule[0] - line.column[0]) < 2 * line.size
        for rule in page.rules
    )
