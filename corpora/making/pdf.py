"""The paper as PDF: one column, two columns, and two columns whose lines are drawn in turns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from making.paper import Paper, pieces

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
_NAME = "WenQuanYi"
# The sheet of Chinese journals, 16K, in points.
_PAGE = (524.0, 737.0)
_SIZE, _LEADING, _MARGIN, _GUTTER = 10.5, 21.0, 54.0, 22.0
_TOP, _BOTTOM = _PAGE[1] - 70, 80.0
_NOT_FIRST = frozenset("，。、；：！？）]》”’％%～,.;:)")
_NOT_LAST = frozenset("（[《“‘(")
# A Latin word or number is not parted at a line's end.
_UNIT = re.compile(r"[A-Za-z0-9.\-+/Α-ω]+|.", re.S)


@dataclass(frozen=True)
class Glyphs:
    """A stretch of one size; citation marks are small and raised."""

    text: str
    is_raised: bool = False

    def width(self, size: float) -> float:
        """The width in points."""
        return float(pdfmetrics.stringWidth(self.text, _NAME, size * (0.6 if self.is_raised else 1)))


@dataclass
class Line:
    """One printed line; `fill` is the width that its characters are spread over, 0 for none; `rules` are heights above its
    baseline; a column may not end after a line that `keeps`.
    """

    glyphs: list[Glyphs] = field(default_factory=list)
    size: float = _SIZE
    indent: float = 0
    fill: float = 0
    leading: float = _LEADING
    is_centred: bool = False
    keeps: bool = False
    cells: tuple[tuple[float, str], ...] = ()
    rules: tuple[float, ...] = ()
    width_of_rules: float = 0
    bars: tuple[tuple[str, float], ...] = ()

    def width(self) -> float:
        """The width in points, before it is spread."""
        return sum(glyphs.width(self.size) for glyphs in self.glyphs)


def _clings(unit: Glyphs) -> bool:
    """Tell whether a unit may not begin a line."""
    return unit.is_raised or unit.text[0] in _NOT_FIRST


def _wrap(
    text: str, width: float, *, size: float = _SIZE, indent: float = 0, is_justified: bool = True
) -> Iterator[Line]:
    """Break a paragraph into lines that no stop begins and no opening bracket ends."""
    units = [
        Glyphs(unit, kind == "citation")
        for kind, piece in pieces(text)
        for unit in ([piece] if kind == "citation" else _UNIT.findall(piece))
    ]
    line, used = Line(size=size, indent=indent), indent
    for unit in units:
        over = used + unit.width(size) - width
        # One stop may hang over the margin.
        if over > (size if _clings(unit) else 0) and line.glyphs:
            carried: list[Glyphs] = []
            while line.glyphs and (_clings((carried or [unit])[0]) or line.glyphs[-1].text in _NOT_LAST):
                carried.insert(0, line.glyphs.pop())
            line.fill = width - line.indent if is_justified else 0
            yield line
            line = Line(carried, size=size)
            used = sum(glyphs.width(size) for glyphs in carried)
            if unit.text == " ":
                continue
        line.glyphs.append(unit)
        used += unit.width(size)
    line.leading = size * 1.6
    yield line


def _front(paper: Paper, width: float) -> Iterator[Line]:
    for line in _wrap(paper.title, width, size=16, is_justified=False):
        line.is_centred, line.leading = True, 26
        yield line
    marks = [str(author["affiliation"]) for author in paper.extra["authors"]]
    names = [Glyphs(name) for name in paper.authors]
    comma = Glyphs("，")
    glyphs = [part for name, mark in zip(names, marks, strict=True) for part in (name, Glyphs(mark, True), comma)]
    yield Line(glyphs[:-1], size=11, is_centred=True, leading=20)
    for number, affiliation in enumerate(paper.extra["affiliations"], 1):
        yield Line([Glyphs(f"{number}. {affiliation['text']}")], size=8.5, is_centred=True, leading=14)
    yield Line(leading=6)
    yield from _wrap(f"摘要：{paper.abstract}", width, size=9)
    yield from _wrap(f"关键词：{'；'.join(paper.keywords)}", width, size=9)
    yield Line(leading=8)


def _body(paper: Paper, width: float) -> Iterator[Line]:
    for block in paper.body:
        if block.kind == "heading":
            yield Line(leading=5, keeps=True)
            yield from _heading(block.text, width, 13 if block.level == 1 else 11.5)
        elif block.kind == "paragraph":
            yield from _wrap(block.text, width, indent=2 * _SIZE)
        elif block.kind == "table":
            yield Line([Glyphs(block.text)], size=9, is_centred=True, leading=15, keeps=True)
            yield from _table(paper.rows, width)
            yield Line(leading=8)
        else:
            figure = paper.extra["figure"]
            bars = tuple(zip(figure["labels"], figure["values"], strict=True))
            yield Line(size=7, leading=60, bars=bars, keeps=True)
            yield Line([Glyphs(block.text)], size=9, is_centred=True, leading=18)
    yield Line(leading=5, keeps=True)
    yield from _heading("参考文献", width, 13)
    for number, text in paper.references.items():
        yield Line([Glyphs(f"[{number}] {text}")], size=8.5, leading=13)


def _heading(text: str, width: float, size: float) -> Iterator[Line]:
    for line in _wrap(text, width, size=size, is_justified=False):
        line.keeps = True
        yield line


def _table(rows: list[list[str]], width: float) -> Iterator[Line]:
    """Set a table with three rules: above and below its heading, and at its end."""
    for number, row in enumerate(rows):
        rules = ((9.0, -4.0) if number == 0 else ()) + ((-4.0,) if number == len(rows) - 1 else ())
        cells = tuple(_columns(row, width))
        yield Line(size=6.5, leading=13, cells=cells, rules=rules, width_of_rules=width, keeps=number < len(rows) - 1)


def _columns(row: list[str], width: float) -> Iterator[tuple[float, str]]:
    for start, cell in zip((0.0, 0.38, 0.575, 0.71), row, strict=True):
        yield start * width, cell


class _Printer:
    """Draws lines on the pages of a PDF; coordinates are points from the bottom left corner."""

    def __init__(self, paper: Paper, *, is_journal: bool) -> None:
        self._paper = paper
        self._is_journal = is_journal
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=_PAGE, invariant=1, pageCompression=1)
        self._canvas.setTitle(paper.title)
        self._canvas.setAuthor("；".join(paper.authors))
        self._page = 0

    def page(self) -> None:
        """Begin a page with what stands at its head and foot."""
        if self._page:
            self._canvas.showPage()
        self._page += 1
        extra = self._paper.extra
        number = extra["first_page"] + self._page - 1
        issue = f"{extra['journal']} {extra['year']}年第{extra['volume']}卷第{extra['issue']}期"
        head = f"{self._paper.authors[0]}，等. {self._paper.title}" if self._page % 2 == 0 else issue
        if not self._is_journal:
            self._print(Line([Glyphs(str(self._page))], size=8), _PAGE[0] / 2, 40)
            return
        self._print(Line([Glyphs(head)], size=8), _MARGIN, _PAGE[1] - 50)
        self._print(Line([Glyphs(f"·{number}·")], size=8), _PAGE[0] - _MARGIN - 30, _PAGE[1] - 50)
        self._canvas.line(_MARGIN, _PAGE[1] - 56, _PAGE[0] - _MARGIN, _PAGE[1] - 56)
        if self._page == 1:
            self._canvas.line(_MARGIN, _BOTTOM - 8, _MARGIN + 90, _BOTTOM - 8)
            self._print(Line([Glyphs(f"DOI：{extra['doi']}")], size=7.5), _MARGIN, _BOTTOM - 19)
            self._print(Line([Glyphs(extra["note"])], size=7.5), _MARGIN, _BOTTOM - 30)

    def stack(self, lines: Iterable[Line], x: float, y: float, width: float) -> Iterator[float]:
        """Draw lines one below the other, one at each step; yields where the next one goes."""
        for line in lines:
            y -= line.leading
            self._print(line, x + (width - line.width()) / 2 if line.is_centred else x + line.indent, y)
            yield y

    def _print(self, line: Line, x: float, y: float) -> None:
        # A blank that trails or a mark that hangs over the margin is not spread.
        count = sum(len(glyphs.text) for glyphs in line.glyphs)
        space = max(0.0, (line.fill - line.width()) / (count - 1)) if line.fill and count > 1 else 0.0
        for glyphs in line.glyphs:
            text = self._canvas.beginText(x, y + (line.size * 0.4 if glyphs.is_raised else 0))
            text.setFont(_NAME, line.size * (0.6 if glyphs.is_raised else 1))
            text.setCharSpace(space)
            text.textOut(glyphs.text)
            self._canvas.drawText(text)
            x += glyphs.width(line.size) + space * len(glyphs.text)
        self._canvas.setFont(_NAME, line.size)
        for height in line.rules:
            self._canvas.line(x, y + height, x + line.width_of_rules, y + height)
        for offset, cell in line.cells:
            self._canvas.drawString(x + offset, y, cell)
        for index, (label, value) in enumerate(line.bars):
            self._canvas.rect(x + 90, y + 15 * index + 5, 100 * value, 9, fill=1)
            self._canvas.drawString(x, y + 15 * index + 6, label)
            self._canvas.drawString(x + 95 + 100 * value, y + 15 * index + 6, str(value))

    def bytes(self) -> bytes:
        """Close the file and return it."""
        self._canvas.save()
        return self._bytes.getvalue()


def _fill(lines: list[Line], height: float) -> list[Line]:
    """Take from the front what fits into a column."""
    taken: list[Line] = []
    while lines and (height := height - lines[0].leading) >= 0:
        taken.append(lines.pop(0))
    while lines and taken and taken[-1].keeps:
        lines.insert(0, taken.pop())
    return taken


@cache
def _register() -> None:
    pdfmetrics.registerFont(TTFont(_NAME, str(FONT), subfontIndex=0))


def one_column(paper: Paper) -> bytes:
    """Write the paper as a preprint is printed."""
    _register()
    width = _PAGE[0] - 2 * _MARGIN
    printer = _Printer(paper, is_journal=False)
    lines = [*_front(paper, width), *_body(paper, width)]
    while lines:
        printer.page()
        list(printer.stack(_fill(lines, _TOP - _BOTTOM), _MARGIN, _TOP, width))
    return printer.bytes()


def two_columns(paper: Paper, *, is_alternating: bool = False) -> bytes:
    """Write the paper as a journal prints it; `is_alternating` draws a line of the left column, then one of the right."""
    _register()
    whole = _PAGE[0] - 2 * _MARGIN
    width = (whole - _GUTTER) / 2
    printer = _Printer(paper, is_journal=True)
    printer.page()
    top = list(printer.stack(_front(paper, whole), _MARGIN, _TOP, whole))[-1]
    lines = list(_body(paper, width))
    while lines:
        # The columns of the last page are of one length.
        height = min(top - _BOTTOM, sum(line.leading for line in lines) / 2 + 2 * _LEADING)
        places = [(_fill(lines, height), _MARGIN + side * (width + _GUTTER)) for side in (0, 1)]
        columns = [printer.stack(column, x, top, width) for column, x in places]
        if is_alternating:
            while [None for column in columns if next(column, None) is not None]:
                pass
        else:
            for column in columns:
                list(column)
        if lines:
            printer.page()
            top = _TOP
    return printer.bytes()
