"""Where the tables of a page are: between rules of one width that have cells between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.readers.pdf.glyphs import Box
from pipeline.readers.pdf.lines import Segment, cells_of, rows_of

CAPTION = re.compile(
    r"(?:续?附?[图表圖]|Fig(?:ure)?s?\.?|FIG(?:URE)?\.?|Tab(?:le)?s?\.?|TABLE)[ \u3000]*S?\d{1,2}(?!\d|[.．]\d)"
)
TABLE_CAPTION = re.compile(r"续?附?表|Tab|TAB")
_NARROWEST = 80.0
_SAME_EDGE = 4.0
_LINES_TO_CAPTION = 4.5
_LONGEST_CELL = 14
_WIDEST_CELL = 0.45
_FEWEST_CELLS = 3
_FEWEST_GLYPHS = 1.7


def tables_of(segments: Sequence[Segment], rules: Iterable[Box]) -> list[Box]:
    """Find the boxes of the tables that rules show."""
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule[1]):
        if rule[2] - rule[0] < _NARROWEST:
            continue
        group = next((each for each in groups if _is_as_wide(each[0], rule)), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    return [table for group in groups for table in _chains(segments, group)]


def _is_as_wide(first: Box, second: Box) -> bool:
    return abs(first[0] - second[0]) < _SAME_EDGE and abs(first[2] - second[2]) < _SAME_EDGE


def _chains(segments: Sequence[Segment], rules: Sequence[Box]) -> list[Box]:
    """Join rules of one width that have nothing but cells between them."""
    left, right = rules[0][0] - _SAME_EDGE, rules[0][2] + _SAME_EDGE
    inside = [each for each in segments if left <= each.left and each.right <= right]
    found: list[Box] = []
    chain, rows, most = [rules[0]], 0, 0
    for above, below in [*pairwise(rules), (rules[-1], None)]:
        cells = _cells([each for each in inside if below and above[1] <= each.baseline <= below[1] + 1])
        if below and (not cells or _are_cells(cells, right - left)):
            chain.append(below)
            rows += len(cells)
            most = max(most, *map(len, cells)) if cells else most
            continue
        if rows and len(chain) > 1 and (len(chain) > 2 or most > 2 or _has_caption(inside, chain[0])):
            found.append((left, chain[0][1], right, chain[-1][3]))
        if below:
            chain, rows, most = [below], 0, 0
    return found


def _cells(segments: Sequence[Segment]) -> list[list[list[Segment]]]:
    return [cells_of(row) for row in rows_of(segments)]


def _are_cells(rows: Sequence[Sequence[Sequence[Segment]]], width: float) -> bool:
    """Tell cells from lines of running text, set in however many columns."""
    cells = [cell for row in rows for cell in row]
    glyphs = sum(len(segment.glyphs) for cell in cells for segment in cell)
    wide = sum(cell[-1].right - cell[0].left for cell in cells)
    is_parted = sum(len(row) > 1 for row in rows) >= 0.5 * len(rows)
    return is_parted and glyphs <= _LONGEST_CELL * len(cells) and wide <= _WIDEST_CELL * width * len(cells)


def _has_caption(segments: Sequence[Segment], rule: Box) -> bool:
    above = [each for each in segments if 0 <= rule[1] - each.baseline < _LINES_TO_CAPTION * each.size]
    return any(TABLE_CAPTION.match("".join(glyph.text for glyph in each.glyphs[:3])) for each in above)


def gapped(rows: Sequence[Sequence[Segment]]) -> set[int]:
    """Find the rows of tables without rules: those that follow one another and have gaps as only cells have; their indices."""
    wide = [_is_gapped(row) for row in rows]
    return {
        index
        for index, is_wide in enumerate(wide)
        if is_wide and (any(wide[max(0, index - 1) : index]) or any(wide[index + 1 : index + 2]))
    }


def _is_gapped(row: Sequence[Segment]) -> bool:
    cells = cells_of(row)
    # A line that is spaced out letter by letter has many gaps, too.
    return len(cells) >= _FEWEST_CELLS and sum(len(segment.glyphs) for segment in row) >= _FEWEST_GLYPHS * len(cells)
