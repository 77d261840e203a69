"""The columns of a page: found from where its segments stand, whatever the order in which they were drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.readers.pdf.glyphs import Box
from pipeline.readers.pdf.lines import Segment, rows_of

# In points: how far edges that are set alike may differ.
_JITTER = 1.5
# How far the rules of a table may begin before the text of its column.
_OUTDENT = 8.0
# In parts of the type size: the narrowest gutter, and how much of two columns must stand side by side.
_GUTTER = 0.7
_BESIDE = 3.0
_MORE_THAN_A_LINE = 2.3
_NARROWEST_COLUMN = 6.0
_FULLEST_LABELS = 0.35
_MOST_CANDIDATES = 16
_DEEPEST = 4
# One line in this many shows the right edge: the lines of ragged text end where they may.
_SHARE_OF_RIGHTS = 8


class Flow(NamedTuple):
    """Rows that are read one after the other, set between two edges."""

    left: float
    right: float
    rows: list[list[Segment]]


def flows_of(segments: Sequence[Segment], tables: Sequence[Box], depth: int = 0) -> list[Flow]:
    """Order what stands on a page: band by band from the top, within a band column by column from the left."""
    if not segments:
        return []
    x = _gutter(segments, tables) if depth < _DEEPEST else None
    if x is None:
        return [_flow(segments)]
    full = _across(segments, tables, x)
    marked = set(map(id, full))
    rest = [each for each in segments if id(each) not in marked]
    left, right = _edges([[each] for each in full]) if full else _edges([[each] for each in segments])
    borders = sorted((row[0].baseline, row) for row in rows_of(full)) if full else []
    flows: list[Flow] = []
    above = float("-inf")
    for border, row in [*borders, (float("inf"), [])]:
        band = [each for each in rest if above < each.baseline <= border]
        flows += _band(band, tables, x, (left, right), depth)
        if row:
            flows.append(Flow(left, right, [row]))
        above = border
    return _merged(flows)


def _band(
    band: Sequence[Segment], tables: Sequence[Box], x: float, edges: tuple[float, float], depth: int
) -> list[Flow]:
    """Order what stands between two full-width lines."""
    first = [each for each in band if each.left < x - _JITTER]
    second = [each for each in band if each.left >= x - _JITTER]
    rows = rows_of(band)
    beside = sum(1 for row in rows if row[0].left < x - _JITTER <= row[-1].left)
    if len(rows) <= 2 and (beside == len(rows) == 1 or not first or not second):
        # The short last line of a full-width paragraph, or one that a wide gap parts.
        return [Flow(*edges, rows)] if rows else []
    return flows_of(first, tables, depth + 1) + flows_of(second, tables, depth + 1)


def _flow(segments: Sequence[Segment]) -> Flow:
    rows = rows_of(segments)
    return Flow(*_edges(rows), rows)


def _edges(rows: Sequence[Sequence[Segment]]) -> tuple[float, float]:
    """Find the edges between which rows are set: where most begin, and the outermost at which enough of them end."""
    lefts, rights = [row[0].left for row in rows], sorted((row[-1].right for row in rows), reverse=True)
    left = min(lefts, key=lambda edge: (-sum(abs(edge - other) < _JITTER for other in lefts), edge))
    enough = max(2, len(rights) // _SHARE_OF_RIGHTS)
    pairs = zip(rights, rights[enough - 1 :], strict=False)
    return left, next((first for first, last in pairs if first - last < 2 * _JITTER), rights[0])


def _merged(flows: Iterable[Flow]) -> list[Flow]:
    """Join flows of full width that follow one another."""
    merged: list[Flow] = []
    for flow in flows:
        if merged and merged[-1][:2] == flow[:2]:
            merged[-1].rows.extend(flow.rows)
        else:
            merged.append(flow)
    return merged


def _across(segments: Sequence[Segment], tables: Sequence[Box], x: float) -> list[Segment]:
    """List what stands across a gutter, with what stands on the same lines or in the same table."""
    wide = [table for table in tables if table[0] < x - _OUTDENT and table[2] > x + _JITTER]
    crossing = [each for each in segments if each.left < x - _JITTER and each.right > x + _JITTER]
    spans = sorted([(each.top, each.bottom) for each in crossing] + [(table[1], table[3]) for table in wide])
    full = []
    for each in segments:
        middle = each.baseline - 0.35 * each.size
        if any(top <= middle <= bottom for top, bottom in spans):
            full.append(each)
    return full


def _gutter(segments: Sequence[Segment], tables: Sequence[Box]) -> float | None:
    """Find the left edge of the column beside which most text stands; None for a page of one column."""
    edges = Counter(round(each.left) for each in segments)
    counted = Counter({edge: edges[edge] + edges[edge + 1] for edge in edges})
    best, most = None, 0.0
    for edge, count in counted.most_common(_MOST_CANDIDATES):
        if count < _BESIDE:
            continue
        x = float(edge)
        beside = _beside(segments, tables, x)
        if beside > most:
            best, most = x, beside
    return best


def _beside(segments: Sequence[Segment], tables: Sequence[Box], x: float) -> float:
    """Measure how high text stands on both sides of an edge; 0 where they are not columns."""
    marked = set(map(id, _across(segments, tables, x)))
    rest = [each for each in segments if id(each) not in marked]
    sides = [each for each in rest if each.left < x - _JITTER], [each for each in rest if each.left >= x - _JITTER]
    if min(map(len, sides)) < _BESIDE:
        return 0.0
    heights = [_union((each.top - 0.5 * each.size, each.bottom + 0.5 * each.size) for each in side) for side in sides]
    size = sorted(each.size for each in rest)[len(rest) // 2]
    # What stands beside in one line only are parts of a line, such as names.
    common = [span for span in _overlap(*heights) if span[1] - span[0] > _MORE_THAN_A_LINE * size]
    height = sum(bottom - top for top, bottom in common)
    if height < _BESIDE * size:
        return 0.0
    beside = [[each for each in side if _is_in(common, each.baseline - 0.35 * each.size)] for side in sides]
    if not all(beside) or not all(_is_column(side, size) for side in beside):
        return 0.0
    rights = sorted(each.right for each in beside[0])
    strip = min(each.left for each in beside[1]) - rights[int(0.9 * (len(rights) - 1))]
    return height if strip >= _GUTTER * size else 0.0


def _is_column(segments: Sequence[Segment], size: float) -> bool:
    """Tell lines of text from labels, numbers and cells: they are wide, and fill most of their width."""
    left, right = min(each.left for each in segments), max(each.right for each in segments)
    if right - left < _NARROWEST_COLUMN * size:
        return False
    rows = rows_of(segments)
    filled = sum(each.right - each.left for each in segments)
    return len(rows) >= _BESIDE and filled > _FULLEST_LABELS * len(rows) * (right - left)


def _union(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for top, bottom in sorted(spans):
        if merged and top <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    return merged


def _overlap(first: Sequence[tuple[float, float]], second: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    common = []
    for top, bottom in first:
        for other_top, other_bottom in second:
            low, high = max(top, other_top), min(bottom, other_bottom)
            if low < high:
                common.append((low, high))
    return common


def _is_in(spans: Iterable[tuple[float, float]], y: float) -> bool:
    return any(top <= y <= bottom for top, bottom in spans)
