"""Glyphs into segments (what is printed without a gap), segments into lines, a line into its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.readers.pdf.glyphs import Box, Font, Glyph
from pipeline.readers.superscripts import plain

# All in parts of the type size. A gap this wide parts segments, one this wide parts words.
_SEGMENT_GAP = 0.9
_WORD_GAP = 0.2
_DRAWN_SPACE = 0.1
_WIDE_GAP = 0.6
_SAME_BASELINE = 0.06
_ASCENT, _DESCENT = 0.86, 0.16
# Type below this part of the line's, and shifted by this part of its size, is raised or lowered.
_SMALL = 0.82
_SHIFT = 0.08

_FIGURE = 0.45
_LOOK_BACK = 12
_FEWEST_GLYPHS = 8

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")
_FULL_WIDTH = re.compile("[！-～]{2}")
_NUMBERING = re.compile(r"(?:[图表圖]|Fig\.?|Table)? ?[\d.]{1,6}")


class Segment:
    """Glyphs that follow one another on one baseline, from left to right."""

    __slots__ = ("baseline", "glyphs", "left", "right", "size")

    def __init__(self, glyph: Glyph) -> None:
        """Begin with a glyph."""
        self.glyphs = [glyph]
        self.left, self.right, self.baseline, self.size = glyph.left, glyph.right, glyph.baseline, glyph.size

    def takes(self, glyph: Glyph) -> bool:
        """Tell whether a glyph goes on with the segment."""
        size = self.size
        return (
            abs(glyph.baseline - self.baseline) < _SAME_BASELINE * size
            and abs(glyph.size - size) < 0.1 * size
            and glyph.left - self.right < _SEGMENT_GAP * size
            and glyph.left >= self.glyphs[-1].left - 0.1 * size
        )

    def add(self, glyph: Glyph) -> None:
        """Add a glyph."""
        self.glyphs.append(glyph)
        self.right = max(self.right, glyph.right)

    @property
    def top(self) -> float:
        """Upper edge of the type."""
        return self.baseline - _ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of the type."""
        return self.baseline + _DESCENT * self.size


@dataclass
class Line:
    """A printed line; `left` and `right` are its own, `column` the edges between which it was set."""

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    font: Font
    column: tuple[float, float]

    @property
    def top(self) -> float:
        """Upper edge of the type."""
        return self.baseline - _ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of the type."""
        return self.baseline + _DESCENT * self.size

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


def is_wide(char: str) -> bool:
    """Tell whether a character takes a full square."""
    return _WIDE.match(char) is not None


def segments_of(glyphs: Iterable[Glyph]) -> list[Segment]:
    """Part glyphs in drawing order into segments."""
    segments: list[Segment] = []
    last: Segment | None = None
    for glyph in glyphs:
        if last is not None and last.takes(glyph):
            last.add(glyph)
        else:
            last = Segment(glyph)
            segments.append(last)
    return segments


def rows_of(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Gather segments that stand side by side, raised and lowered ones with the type they belong to; from the top down."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: (-round(each.size, 1), each.baseline, each.left)):
        middle = segment.baseline - 0.35 * segment.size
        row = next((row for row in rows if row[0].top < middle < row[0].bottom and _is_level(row[0], segment)), None)
        if row is None:
            rows.append([segment])
        else:
            row.append(segment)
    for row in rows:
        row.sort(key=lambda each: each.left)
    return sorted(rows, key=lambda row: _seed(row).baseline)


def _is_level(seed: Segment, segment: Segment) -> bool:
    """Tell whether a segment of full-sized type shares the baseline of its row."""
    return segment.size < _SMALL * seed.size or abs(segment.baseline - seed.baseline) < 0.3 * seed.size


def _seed(row: Sequence[Segment]) -> Segment:
    """Find the segment that says where a row stands: that of the largest type."""
    return max(row, key=lambda each: (round(each.size, 1), len(each.glyphs)))


def line_of(row: Sequence[Segment], page: int, column: tuple[float, float]) -> Line:
    """Read a row as one line."""
    sizes: Counter[tuple[float, float]] = Counter()
    for segment in row:
        sizes[round(segment.size, 1), round(segment.baseline, 1)] += len(segment.glyphs)
    size, baseline = max(sizes, key=lambda key: (sizes[key] * (key[0] ** 2), key))
    glyphs = sorted((glyph for segment in row for glyph in segment.glyphs), key=lambda glyph: glyph.left)
    fonts = Counter(glyph.font for glyph in glyphs if _WIDE.match(glyph.text)) or Counter(g.font for g in glyphs)
    return Line(
        text_of(glyphs, size, baseline),
        page,
        min(segment.left for segment in row),
        max(segment.right for segment in row),
        baseline,
        size,
        max(fonts, key=lambda font: (fonts[font], font)),
        column,
    )


def text_of(glyphs: Sequence[Glyph], size: float, baseline: float) -> str:
    """Join glyphs from left to right; raised numbers that can only be citations are put in brackets."""
    parts: list[str] = []
    raised: list[str] = []
    last: Glyph | None = None
    usual = _usual_gap(glyphs)
    for glyph in glyphs:
        if last is not None and last.text == glyph.text and glyph.left - last.left < 0.12 * size:
            continue
        is_raised = glyph.size < _SMALL * size and baseline - glyph.baseline > _SHIFT * size
        if not is_raised and raised:
            _put(parts, raised, glyph.text)
        is_numbering = last is not None and last.text.isdigit() and _NUMBERING.fullmatch("".join(parts)) is not None
        wide_gap = _WORD_GAP if is_numbering and not is_raised else _WIDE_GAP
        space = " " if last is not None and _has_space(last, glyph, wide_gap, usual) else ""
        (raised if is_raised else parts).append(space + glyph.text)
        last = glyph
    _put(parts, raised, "")
    text = "".join(parts)
    # Beyond the BMP a character may come as two surrogates.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def _put(parts: list[str], raised: list[str], after: str) -> None:
    """Add a raised stretch to the text before it; at the beginning of a line only what is `after` tells a citation from `³H`."""
    stretch = "".join(raised)
    raised.clear()
    before = "".join(parts[-_LOOK_BACK:])
    parts.append(plain(before or ("" if after[:1].isascii() else "，"), stretch, after))


def _usual_gap(glyphs: Sequence[Glyph]) -> float:
    """Measure how far the characters of a line are spaced out to fill it, in parts of the type size."""
    if len(glyphs) < _FEWEST_GLYPHS:
        return 0.0
    gaps = sorted((after.left - before.right) / after.size for before, after in pairwise(glyphs))
    return max(0.0, gaps[len(gaps) // 2])


def _has_space(before: Glyph, after: Glyph, wide_gap: float, usual: float) -> bool:
    """Tell whether a gap parts words; between Chinese characters it mostly fills the line."""
    size = min(before.size, after.size)
    # Figures take half a square, whatever narrow box a figure one has.
    gap = after.left - max(before.right, before.left + _FIGURE * size * before.text.isdigit()) - usual * size
    wide = bool(_WIDE.match(before.text)) + bool(_WIDE.match(after.text))
    if after.space and gap > _DRAWN_SPACE * size and (not wide or _FULL_WIDTH.fullmatch(before.text + after.text)):
        return True
    return gap > (wide_gap if wide else _WORD_GAP) * size


def cells_of(row: Sequence[Segment]) -> list[list[Segment]]:
    """Part a row at its wide gaps."""
    cells: list[list[Segment]] = []
    for segment in row:
        if cells and segment.left - cells[-1][-1].right <= _SEGMENT_GAP * max(segment.size, cells[-1][-1].size):
            cells[-1].append(segment)
        else:
            cells.append([segment])
    return cells
