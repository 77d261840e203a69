"""The lines of a paper in reading order, drawn as headings, paragraphs, captions, tables, notes and references."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pipeline.normalise.lines import Line as TextLine
from pipeline.normalise.lines import Marker, marker
from pipeline.readers.drawing import Drawing, Printed
from pipeline.readers.pdf.glyphs import Box
from pipeline.readers.pdf.joining import text_of
from pipeline.readers.pdf.lines import Line, is_wide
from pipeline.readers.pdf.pages import Piece
from pipeline.readers.pdf.tables import CAPTION, TABLE_CAPTION
from pipeline.readers.superscripts import byline
from pipeline.sections import heading_kind

# In parts of the type size.
_INDENT = (1.2, 4.5)
_SHORT = 0.3
_VERY_SHORT = 0.25
_PITCH = 2.1
_CLOSE = 1.05
_SMALL = 0.93
_TITLE = 1.25
_LATIN_WIDTH = 0.55
_LONGEST_HEADING = 40
_LONGEST_TITLE = 5
_END = re.compile(r"[。！？!?；;：:][”’」』\"')）\]]*(?:\[[\d,，、–~\-]{1,20}\])*\Z|[a-z\d)\]]\.\Z")
# Opening brackets, then a Chinese character or a Latin word.
_FIRST = re.compile(r"[（(“‘《\[]*(?:[\u2e80-\u9fff]|[^\s\u2e80-\uffef]*)")
_OPEN = re.compile(r"[，、,（(“‘《\-/～~–]\Z")
_CANNOT_BEGIN = tuple("，。、；：！？）)]”’》%,;:.?!")
_NOT_HEADING = re.compile(r"[。；！？]|，.*，|[.,;:，、：]\Z")
_LABEL = re.compile(r"(?:[\[［【(（](\d{1,3})[\]］】)）]|(\d{1,3})(?:[.．、\]]|\s)(?!\d))\s*")
_NOT_LABEL = re.compile(r"[。，；！？]")
_FRONT = re.compile(r"[\[【(]?(?:摘\s*要|关\s*键\s*词|Abstract|ABSTRACT|Key\s?words|中图分类号|收稿日期)")


_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass
class _Block:
    kind: str
    lines: list[Line]
    level: int = 0
    label: str = ""


@dataclass
class Writer:
    """Reads pieces one by one; `size` and `font` are those of most text."""

    size: float
    font: str
    drawing: Drawing
    places: Mapping[int, Callable[[Box], Box]]
    references: dict[str, str] = field(default_factory=dict)
    title: str | None = None
    _open: _Block | None = None
    _floats: list[_Block] = field(default_factory=list)
    _notes: list[_Block] = field(default_factory=list)
    _in_references: bool = False
    _is_front: bool = True

    def write(self, pieces: Sequence[Piece]) -> None:
        """Draw a whole paper."""
        for piece in pieces:
            if piece.kind == "table":
                self._draw_table(piece)
            elif piece.kind == "note":
                self._notes.extend(self._parts(piece.lines))
            else:
                self._read(piece)
        self._close()
        for note in self._notes:
            self._draw(note)

    def _read(self, piece: Piece) -> None:
        at = 0
        while at < len(piece.lines):
            at += self._step(piece.lines, at)

    def _step(self, lines: Sequence[Line], at: int) -> int:
        """Read the block, or the line, at an index; return how many lines it took."""
        line = lines[at]
        if count := self._title_lines(lines, at):
            self._close()
            self._draw(_Block("heading", list(lines[at : at + count]), 1))
            return count
        if CAPTION.match(line.text) and self._begins(line):
            count = _run(lines, at)
            self._floats.append(_Block("caption", list(lines[at : at + count])))
            return count
        mark = _mark(line.text)
        if count := self._heading_lines(lines, at, mark):
            self._close()
            text = "".join(each.text for each in lines[at : at + count])
            self._in_references = heading_kind(text) == "references"
            self._is_front = False
            level = mark.level + 1 if mark is not None and mark.kind == "heading" else 2
            self._draw(_Block("heading", list(lines[at : at + count]), level))
            return count
        if self._is_label(line):
            self._floats.append(_Block("label", [line]))
        else:
            self._take(line)
        return 1

    def _is_label(self, line: Line) -> bool:
        """Tell what stands in a figure, or under a table, in smaller type: it must not part the paragraph that it stands in."""
        if self._in_references or self._is_front or line.size > _SMALL * self.size:
            return False
        last = self._open.lines[-1] if self._open is not None else None
        if last is not None and line.size < _SMALL * last.size and not _END.search(last.text):
            return True
        return (last is None or line.size < _SMALL * last.size) and not _NOT_LABEL.search(line.text)

    def _take(self, line: Line) -> None:
        """Add a line to the open paragraph or entry, or begin one with it."""
        if self._in_references:
            label = self._next_label(line)
            if label or self._open is None:
                self._close()
                self._open = _Block("reference", [line], label=label)
            else:
                self._open.lines.append(line)
        elif self._open is None or self._begins(line):
            self._close()
            self._open = _Block("paragraph", [line])
        else:
            self._open.lines.append(line)

    def _next_label(self, line: Line) -> str:
        """Return the label of a line that begins the next entry of the reference list."""
        match = _LABEL.match(line.text)
        if match is None:
            return ""
        label = match[1] or match[2]
        last = next(reversed(self.references), "0")
        if self._open is not None and self._open.label:
            last = self._open.label
        return label if 0 < int(label) - int(last or 0) <= 2 else ""

    def _begins(self, line: Line) -> bool:
        """Tell whether a line begins a paragraph."""
        if self._open is None:
            return True
        lines = self._open.lines
        return _breaks(lines[-1], line, is_first=len(lines) == 1, is_parted=bool(self._floats))

    def _title_lines(self, lines: Sequence[Line], at: int) -> int:
        """Count the lines of the paper's title; 0 where it does not begin here."""
        line = lines[at]
        if self.title is not None or line.page != 1 or line.size < _TITLE * self.size or len(line.text) < 4:
            return 0
        largest = max(each.size for each in lines[at:] if each.page == 1)
        if line.size < 0.95 * largest or _mark(line.text) is not None:
            return 0
        count = _run(lines, at)
        if count > _LONGEST_TITLE:
            return 0
        self.title = text_of(lines[at : at + count], self._printed(lines[at : at + count]))[0]
        return count

    def _heading_lines(self, lines: Sequence[Line], at: int, mark: Marker | None) -> int:
        """Count the lines of the heading that begins here; 0 where none does."""
        line = lines[at]
        is_numbered = mark is not None and mark.kind == "heading"
        if len(line.text) > _LONGEST_HEADING or (mark is not None and not is_numbered) or _FRONT.match(line.text):
            return 0
        if _NOT_HEADING.search(line.text.rstrip("：:")) or CAPTION.match(line.text):
            return 0
        is_label = mark is not None and mark.is_hard
        is_set_off = line.size > 1.04 * self.size or (line.font.name != self.font and _is_chinese(line.text))
        is_short = line.right < line.column[1] - 2 * line.size
        if self._in_references and not is_label and line.size <= 1.04 * self.size:
            return 0
        if not (is_label or (is_numbered and (is_set_off or is_short)) or (is_set_off and not self._is_front)):
            return 0
        if not is_set_off and not self._begins(line) and not is_label:
            return 0
        count = 1
        while (
            is_set_off
            and count < 3
            and at + count < len(lines)
            and lines[at + count - 1].right > line.column[1] - 3 * line.size
            and _is_alike(line, lines[at + count])
            and _mark(lines[at + count].text) is None
        ):
            count += 1
        if at + count < len(lines) and count > 1 and _is_alike(line, lines[at + count]):
            # A whole paragraph in the type of a heading is none.
            return 0
        return count

    def _parts(self, lines: Sequence[Line]) -> list[_Block]:
        """Part notes into paragraphs."""
        blocks: list[_Block] = []
        for line in lines:
            if blocks and not _breaks(blocks[-1].lines[-1], line, is_first=False):
                blocks[-1].lines.append(line)
            else:
                blocks.append(_Block("paragraph", [line]))
        return blocks

    def _draw_table(self, piece: Piece) -> None:
        self._floats.append(_Block("table", piece.lines))

    def _close(self) -> None:
        """Draw the open paragraph, then what floated in it."""
        block, self._open = self._open, None
        if block is not None:
            self._draw(block)
        floats, self._floats = self._floats, []
        for block, after in zip_longest(floats, floats[1:]):
            if block.kind == "label" and after is not None and after.kind == block.kind:
                # The labels of a figure are one block, which its caption follows.
                after.lines[:0] = block.lines
            else:
                is_figure = block.kind == "label" and after is not None and after.kind == "caption"
                self._draw(_Block("labels", block.lines) if is_figure else block)

    def _printed(self, lines: Sequence[Line]) -> list[Printed]:
        return [Printed(line.text, line.page, self.places[line.page](line.box)) for line in lines]

    def _draw(self, block: _Block) -> None:
        printed = self._printed(block.lines)
        if block.kind == "table":
            rows = [line.text.split("\t") for line in block.lines]
            cells = [each._replace(text=cell) for each, row in zip(printed, rows, strict=True) for cell in row]
            self.drawing.table(rows, cells)
            return
        if block.kind == "labels":
            self.drawing.caption(" ".join(line.text for line in block.lines), "图", printed)
            return
        text, printed = text_of(block.lines, printed)
        if block.kind == "heading":
            self.drawing.heading(text, block.level, printed)
        elif block.kind == "caption":
            self.drawing.caption(text, "表" if TABLE_CAPTION.match(text) else "图", printed)
        elif block.kind == "reference" and block.label:
            bare = text[match.end() :] if (match := _LABEL.match(text)) else text
            if printed:
                printed[0] = printed[0]._replace(text=_LABEL.sub("", printed[0].text, count=1))
            self.references[block.label] = bare
            self.drawing.reference(block.label, bare, printed)
        else:
            if self._is_front and (names := byline(text)) != text:
                text, printed = names, [each._replace(text=byline(each.text)) for each in printed]
            self.drawing.paragraph(text, printed)


def _breaks(last: Line, line: Line, *, is_first: bool, is_parted: bool = False) -> bool:
    """Tell whether a paragraph ends between two lines: its first and second, or two that a figure or table may part."""
    is_end = bool(_END.search(last.text))
    if line.text.startswith(_CANNOT_BEGIN) or (_OPEN.search(last.text) and abs(last.size - line.size) < 0.5):
        return False
    if abs(last.size - line.size) > 0.06 * max(last.size, line.size):
        return True
    is_alongside = last.page == line.page and last.column == line.column
    is_below = is_alongside and line.baseline > last.baseline and not is_parted
    indent = (line.left - line.column[0]) / line.size
    is_indented = _INDENT[0] < indent < _INDENT[1] and not (is_below and not is_first and _is_flush(last, line))
    # What a line leaves empty beyond what the next begins with, which may not be broken.
    left_over = last.column[1] - last.right - _first_width(line)
    if is_end and left_over > _SHORT * last.size:
        return True
    if not is_below:
        return is_end and is_indented
    if line.baseline - last.baseline > _PITCH * max(last.size, line.size):
        return True
    return is_indented or left_over > _VERY_SHORT * (last.column[1] - last.column[0])


def _first_width(line: Line) -> float:
    """Estimate the width of what may not be broken at the beginning of a line."""
    match = _FIRST.match(line.text)
    return sum(1.0 if is_wide(char) else _LATIN_WIDTH for char in match[0]) * line.size if match else 0.0


def _is_flush(last: Line, line: Line) -> bool:
    return abs(last.left - line.left) < 0.3 * line.size


def _is_alike(first: Line, second: Line) -> bool:
    """Tell whether two lines are set in one type, one below the other."""
    return abs(first.size - second.size) < 0.3 and first.font == second.font and first.page == second.page


def _run(lines: Sequence[Line], at: int) -> int:
    """Count the lines from an index that are set in one type and close together, up to an end."""
    count = 1
    while at + count < len(lines):
        last, line = lines[at + count - 1], lines[at + count]
        is_close = 0 < line.baseline - last.baseline < 1.9 * line.size
        if not is_close or not _is_alike(lines[at], line) or CAPTION.match(line.text) or _mark(line.text) is not None:
            break
        if _END.search(last.text) and last.right + _first_width(line) < last.column[1] - _SHORT * last.size:
            break
        count += 1
    return count


def _mark(text: str) -> Marker | None:
    """Read the mark that a line begins with, as the normaliser will."""
    return marker(text.translate(_FOLDED) + "\n", TextLine(0, len(text), 1, 0, len(text)))


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)
