"""Running heads, running feet and page numbers: what recurs, or counts, at the upper and lower edge of the pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.readers.pdf.lines import Segment, cells_of, rows_of

_ROWS = 3
_SHARE = 3
_FEWEST = 2
_FEWEST_PAGES_OF_HEADS = 3
_DIGITS = re.compile(r"\d+")
_WHITE = re.compile(r"[\s\u3000]+")
_PAGE_NUMBER = re.compile(r"[-–—·•.\s]*(?:第\s*)?(\d{1,5})(?:\s*页)?(?:\s*[/／,，]?\s*共?\s*\d{1,5}\s*页?)?[-–—·•.\s]*")
_TRAILING = re.compile(r"[\s\u3400-\u9fff](\d{1,5})[-–—·•\s]*\Z")
_SENTENCE = re.compile(r"[。；]")
_APART = 1.6
_SMALL = 0.75

Row = list[Segment]


def running(pages: Sequence[Sequence[Segment]]) -> list[set[int]]:
    """Find, for each page, the segments (by `id`) of its running head, running foot and page number."""
    edges = [_edges(page) for page in pages]
    found: list[set[int]] = [set() for _ in pages]
    shift = _numbering(edges)
    for index, rows in enumerate(edges):
        for row, _ in rows:
            number = [
                part for cell in cells_of(row) if shift is not None and _number(cell) == index + shift for part in cell
            ]
            found[index].update(map(id, number))
            has_number = bool(number) or (shift is not None and index + shift in _ends(row))
            if has_number and len(pages) >= _FEWEST_PAGES_OF_HEADS and not _SENTENCE.search(_text(row)):
                found[index].update(map(id, row))
    if len(pages) >= _FEWEST_PAGES_OF_HEADS:
        for parity in (slice(0, None, 2), slice(1, None, 2), slice(None)):
            _recurring(edges[parity], found[parity])
    elif len(pages) == 1:
        _lone(pages[0], found[0])
    return found


def _edges(page: Sequence[Segment]) -> list[tuple[Row, str]]:
    """List the outermost rows of a page, each with its edge."""
    rows = rows_of(page)
    count = min(_ROWS, len(rows) // 2)
    return [(row, "head") for row in rows[:count]] + [(row, "foot") for row in rows[len(rows) - count :]]


def _text(row: Sequence[Segment]) -> str:
    return " ".join(_printed(segment) for segment in row)


def _printed(segment: Segment) -> str:
    return "".join((" " if glyph.space else "") + glyph.text for glyph in segment.glyphs).strip()


def _recurring(edges: Sequence[Sequence[tuple[Row, str]]], found: Sequence[set[int]]) -> None:
    """Mark the rows whose text, digits aside, stands at the same edge of enough of these pages."""
    keys = [[(_DIGITS.sub("0", _WHITE.sub("", _text(row))), edge) for row, edge in rows] for rows in edges]
    counts = Counter(key for page in keys for key in set(page))
    enough = max(_FEWEST, -(-len(edges) // _SHARE))
    for rows, page, marked in zip(edges, keys, found, strict=True):
        for (row, _), key in zip(rows, page, strict=True):
            if counts[key] >= enough:
                marked.update(map(id, row))


def _numbering(edges: Sequence[Sequence[tuple[Row, str]]]) -> int | None:
    """Find what must be added to a page's index to get the number printed on it; None where none counts."""
    shifts: Counter[int] = Counter()
    for index, rows in enumerate(edges):
        numbers = {number for row, _ in rows for number in (*_ends(row), *_numbers(row))}
        shifts.update(number - index for number in numbers)
    if not shifts:
        return None
    shift, count = max(shifts.items(), key=lambda item: (item[1], -abs(item[0])))
    return shift if count >= max(_FEWEST, len(edges) // 2) else None


def _numbers(row: Row) -> list[int]:
    return [number for cell in cells_of(row) if (number := _number(cell)) is not None]


def _number(cell: Row) -> int | None:
    """Read what stands apart from the rest of its row as a page number."""
    match = _PAGE_NUMBER.fullmatch(_text(cell))
    return int(match[1]) if match else None


def _ends(row: Row) -> list[int]:
    """List the number with which a row ends; one that it begins with may be that of a heading, a small one is a mark."""
    if row[-1].size < _SMALL * max(segment.size for segment in row):
        return []
    match = _TRAILING.search(_text(row))
    return [int(match[1])] if match else []


def _lone(page: Sequence[Segment], found: set[int]) -> None:
    """Mark the number that stands alone and apart at the edge of a single page."""
    rows = rows_of(page)
    for row, beside in [*list(pairwise(rows))[:1], *[(after, before) for before, after in list(pairwise(rows))[-1:]]]:
        is_apart = abs(row[0].baseline - beside[0].baseline) > _APART * beside[0].size
        if is_apart and _number(row) is not None:
            found.update(map(id, row))
