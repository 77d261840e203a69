"""What is printed on a page: its glyphs and rules, each with its place; the only file that calls pdfium for them.

Coordinates are points in the reading frame: from the page's top left corner, turned so that most text runs to the right.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Box = tuple[float, float, float, float]

_BOLD = 600
_BOLD_NAMES = ("bold", "black", "heavy", "hei", "黑")
_THICKEST_RULE = 2.0
_SHORTEST_RULE = 8.0
# pdfium's own sign for a hyphen at the end of a line, and the soft hyphen.
_HYPHENS = "\x02\ufffe\u00ad"


class Font(NamedTuple):
    """A font by its name, without the tag of a subset."""

    name: str
    is_bold: bool


class Glyph(NamedTuple):
    """A printed character; `left` and `right` bound its advance, `size` is that of its type; `space` says that a white space was drawn, or
    guessed by pdfium, before it.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: Font
    space: bool


class Page(NamedTuple):
    """A page's glyphs in drawing order and its horizontal rules as boxes; `unknown` counts glyphs that say no character."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Box]
    unknown: int
    turn: Turn
    shown: Turn

    def place(self, box: Box) -> Box:
        """Give a box of the reading frame as it is on the page as shown."""
        return box if self.turn == self.shown else self.shown.box(self.turn.back(box))


class Turn(NamedTuple):
    """The way from a page's own coordinates (upwards from its lower left) to those of a frame turned clockwise by `angle`."""

    angle: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the frame."""
        size = self.right - self.left, self.top - self.bottom
        return (size[1], size[0]) if self.angle % 180 else size

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point."""
        if self.angle == 0:
            return x - self.left, self.top - y
        if self.angle == 90:
            return y - self.bottom, x - self.left
        if self.angle == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, box: Box) -> Box:
        """Turn a box given by any two opposite corners."""
        (x0, y0), (x1, y1) = self.point(*box[:2]), self.point(*box[2:])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def back(self, box: Box) -> Box:
        """Find the corners, in the page's own coordinates, of a box in the frame."""

        def point(x: float, y: float) -> tuple[float, float]:
            if self.angle == 0:
                return x + self.left, self.top - y
            if self.angle == 90:
                return y + self.left, x + self.bottom
            if self.angle == 180:
                return self.right - x, y + self.bottom
            return self.right - y, self.top - x

        return (*point(*box[:2]), *point(*box[2:]))


class _Style(NamedTuple):
    size: float
    angle: int | None
    font: Font


class _Character(NamedTuple):
    """A character that is not white: its box and origin in the page's own coordinates, its style, whether a space stands before."""

    text: str
    box: Box
    x: float
    y: float
    style: _Style
    space: bool


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """Read a page; `number` counts from 1. Glyphs that stand askew, off the page or across the usual direction are left out."""
    shown = Turn(page.get_rotation(), *page.get_cropbox())
    textpage = page.get_textpage()
    try:
        found, unknown = _characters(textpage.raw)
    finally:
        textpage.close()
    angles = Counter(each.style.angle for each in found if each.style.angle is not None)
    angle = max(angles, key=lambda each: (angles[each], each == shown.angle)) if angles else shown.angle
    turn = shown._replace(angle=angle)
    width, height = turn.size
    glyphs = []
    for text, box, x, y, style, space in found:
        if style.angle != angle:
            continue
        baseline = turn.point(x, y)[1]
        left, _, right, _ = turn.box(box)
        if -1 <= left <= width and 0 <= baseline <= height + 1:
            glyphs.append(Glyph(text, left, max(left, right), baseline, style.size, style.font, space))
    return Page(number, width, height, glyphs, _rules(page, turn), unknown, turn, shown)


def _characters(textpage: Any) -> tuple[list[_Character], int]:
    """List the characters that are not white, and count those that say nothing."""
    styles: dict[int, _Style] = {}
    fonts: dict[int, Font] = {}
    found: list[_Character] = []
    unknown, space = 0, False
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_at, x_at, y_at = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        text = chr(code) if code else ""
        if not text or text.isspace():
            unknown += not text
            space = space or bool(text)
            if text and found and raw.FPDFText_IsGenerated(textpage, index) == 0:
                raw.FPDFText_GetCharOrigin(textpage, index, x_at, y_at)
                found[-1] = _up_to(found[-1], x.value)
            continue
        if text in _HYPHENS:
            text = "-"
        elif text < " ":
            unknown += 1
            continue
        pointer = raw.FPDFText_GetTextObject(textpage, index)
        key = ctypes.cast(pointer, ctypes.c_void_p).value or 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(textpage, index, pointer, fonts)
        raw.FPDFText_GetLooseCharBox(textpage, index, box_at)
        raw.FPDFText_GetCharOrigin(textpage, index, x_at, y_at)
        bounds = box.left, box.bottom, box.right, box.top
        found.append(_Character(text, bounds, x.value, y.value, style, space))
        space = False
    return found, unknown


def _up_to(character: _Character, x: float) -> _Character:
    """End a character's box where a drawn space begins: a font that stands in for a missing one may be wider."""
    left, bottom, right, top = character.box
    return (
        character._replace(box=(left, bottom, x, top)) if character.style.angle == 0 and left < x < right else character
    )


def _style(textpage: Any, index: int, pointer: Any, fonts: dict[int, Font]) -> _Style:
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(textpage, index)
    angle: int | None = 0
    if raw.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d)
        degrees = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        nearest = round(degrees / 90) * 90
        angle = nearest % 360 if abs(degrees - nearest) < 5 else None
    handle = raw.FPDFTextObj_GetFont(pointer) if pointer else None
    key = ctypes.cast(handle, ctypes.c_void_p).value or 0 if handle else 0
    if key not in fonts:
        fonts[key] = _font(handle)
    return _Style(max(size, 0.1), angle, fonts[key])


def _font(handle: Any) -> Font:
    if not handle:
        return Font("", False)
    length = raw.FPDFFont_GetBaseFontName(handle, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    raw.FPDFFont_GetBaseFontName(handle, buffer, length)
    name = buffer.value.decode("utf-8", "replace").split("+")[-1]
    is_bold = raw.FPDFFont_GetWeight(handle) >= _BOLD or any(part in name.casefold() for part in _BOLD_NAMES)
    return Font(name, is_bold)


def _rules(page: pdfium.PdfPage, turn: Turn) -> list[Box]:
    """List the horizontal rules, from the top; those that touch end to end are one."""
    bounds = [ctypes.c_float() for _ in range(4)]
    rules = []
    for item in _objects(page.raw):
        if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, bounds)):
            continue
        left, top, right, bottom = turn.box((bounds[0].value, bounds[1].value, bounds[2].value, bounds[3].value))
        if bottom - top <= _THICKEST_RULE and right - left >= _SHORTEST_RULE:
            rules.append((left, top, right, bottom))
    merged: list[Box] = []
    for rule in sorted(rules, key=lambda rule: (round(rule[1]), rule[0])):
        last = merged[-1] if merged else None
        if last and abs(last[1] - rule[1]) < _THICKEST_RULE and rule[0] <= last[2] + 1:
            merged[-1] = (last[0], min(last[1], rule[1]), max(last[2], rule[2]), max(last[3], rule[3]))
        else:
            merged.append(rule)
    return merged


def _objects(page: Any) -> Iterator[Any]:
    """Yield the drawn lines and images of a page."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield item
