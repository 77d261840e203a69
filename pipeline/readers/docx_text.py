"""The paragraphs and tables of a DOCX part in document order, as they read with all changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lxml import etree

from pipeline.readers.docx_styles import RunLook, Styles, W, is_numbered, level, look, switch, value
from pipeline.readers.superscripts import plain
from pipeline.tables import read_table, resource

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What only wraps its content.
_WRAPPERS = {
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir", "rubyBase")
}
_TEXTS = {
    W + name: text for name, text in {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}.items()
}
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_PICTURES = {W + "drawing", W + "pict", W + "object"}
# A code point that is no surrogate.
_CODE = re.compile("[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2}|[0-9A-Fa-f]{1,3}")
# Marks inside the text of a paragraph while it is put together; XML has no control characters.
_RAISED = re.compile("\x01([^\x02]*)\x02")
_RAISED_ALL = re.compile("[\x01\x02]")
_NOTE = re.compile("\x03[a-z]+:[^\x04]*\x04")
_NOTE_IN_BRACKETS = re.compile("[\\[［](?:[\\d\x01\x02,，、;；~～–—-]|\x03[a-z]+:[^\x04]*\x04)+[\\]］]")


class Block(NamedTuple):
    """A paragraph, or a table with its rows; `level` is that of a heading, from 1."""

    text: str
    style: str | None = None
    level: int = 0
    is_numbered: bool = False
    rows: list[list[str]] | None = None


class Note(NamedTuple):
    """A mark in the text that leads to a footnote or endnote; `kind` is `footnote` or `endnote`."""

    kind: str
    id: str


@cache
def _symbols() -> dict[tuple[str, int], str]:
    """Map (font, code) to the character that a symbol font shows there."""
    rows = read_table(resource("symbol_fonts.tsv"), ("font", "code", "char", "name"), key=("font", "code"))
    return {(row["font"], int(row["code"], 16)): row["char"] for row in rows}


def symbol(font: str | None, code: int) -> str:
    """Return the character that a font shows for a code, at its place or in the private use area (U+F000-U+F0FF)."""
    plain_code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return _symbols().get(((font or "").casefold(), plain_code), chr(code))


class Story:
    """Reads parts of one document; `notes` are the note marks met so far, with their numbers within their kind."""

    def __init__(self, styles: Styles) -> None:
        """Begin without notes."""
        self.styles = styles
        self.notes: dict[Note, int] = {}
        self.cited: set[Note] = set()
        # For each open field whether its code is being read.
        self._fields: list[bool] = []

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Yield what stands in a body, a cell, a note or a text box; text boxes come after their paragraph."""
        carried = ""
        for element in _content(parent):
            if element.tag == W + "tbl":
                yield from self._table(element)
                continue
            if element.tag != W + "p":
                continue
            properties = element.find(W + "pPr")
            style = value(None if properties is None else properties.find(W + "pStyle"))
            pieces: list[str] = [carried]
            boxes: list[etree._Element] = []
            self._inline(element, self.styles.look(style), pieces, boxes)
            # A field's code ends in its paragraph; one that is not closed hides no more than that.
            self._fields = [False] * len(self._fields)
            joined, carried = "".join(pieces), ""
            mark = None if properties is None else properties.find(W + "rPr")
            if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
                # The end of this paragraph is deleted: the next goes on in it.
                carried = joined
            else:
                yield self._paragraph(joined, style, properties)
            for box in boxes:
                yield from self.blocks(box)
        if carried:
            yield Block(self._settled(carried))

    def _paragraph(self, joined: str, style: str | None, properties: etree._Element | None) -> Block:
        own, numbered = level(properties), is_numbered(properties)
        return Block(
            self._settled(joined),
            style,
            self.styles.level(style) if own is None else own,
            self.styles.is_numbered(style) if numbered is None else numbered,
        )

    def _settled(self, text: str) -> str:
        """Turn the marks of superscripts and notes into text."""
        text = text.replace("\x02\x01", "")
        text = _NOTE_IN_BRACKETS.sub(self._cite, text)
        text = _NOTE.sub("", text)

        def replace(match: re.Match[str]) -> str:
            before = _RAISED_ALL.sub("", text[max(0, match.start() - 40) : match.start()])
            return plain(before, match[1], _RAISED_ALL.sub("", text[match.end() : match.end() + 8]))

        return _RAISED.sub(replace, text)

    def _cite(self, match: re.Match[str]) -> str:
        """Number the notes that stand between brackets: they are citations, and the notes the reference list."""

        def number(mark: re.Match[str]) -> str:
            note = Note(*mark[0][1:-1].split(":", 1))
            self.cited.add(note)
            return str(self.notes[note])

        return _RAISED_ALL.sub("", _NOTE.sub(number, match[0]))

    def _inline(self, parent: etree._Element, base: RunLook, pieces: list[str], boxes: list[etree._Element]) -> None:
        for element in parent:
            tag = element.tag
            if tag == W + "r":
                self._run(element, base, pieces, boxes)
            elif tag in _WRAPPERS:
                self._inline(element, base, pieces, boxes)
            elif tag == W + "sdt":
                for content in _controlled(element):
                    self._inline(content, base, pieces, boxes)
            elif tag == _COMPATIBLE + "AlternateContent":
                for choice in _choice(element):
                    self._inline(choice, base, pieces, boxes)
            elif tag in (_MATH + "oMath", _MATH + "oMathPara") and not any(self._fields):
                pieces.append(_formula(element))

    def _run(self, run: etree._Element, base: RunLook, pieces: list[str], boxes: list[etree._Element]) -> None:
        properties = run.find(W + "rPr")
        style = value(None if properties is None else properties.find(W + "rStyle"))
        shown = look(properties).over(self.styles.look(style)).over(base)
        said: list[str] = []
        self._run_content(run, shown, said, boxes)
        if said and not shown.is_hidden:
            text = "".join(said)
            pieces.append(f"\x01{text}\x02" if shown.is_raised else text)

    def _run_content(self, run: etree._Element, shown: RunLook, said: list[str], boxes: list[etree._Element]) -> None:
        for element in run:
            tag = element.tag
            if tag == W + "fldChar":
                self._field(value(element, "fldCharType"))
            elif any(self._fields) or shown.is_hidden:
                continue
            elif tag == W + "t":
                text = element.text or ""
                said.append("".join(symbol(shown.font, ord(c)) for c in text) if shown.font == "symbol" else text)
            elif tag in _TEXTS:
                said.append(_TEXTS[tag])
            elif tag == W + "sym":
                said.append(_sym(element))
            elif tag in _NOTES:
                note = Note(_NOTES[tag], value(element, "id") or "")
                self.notes.setdefault(note, 1 + sum(other.kind == note.kind for other in self.notes))
                said.append(f"\x03{note.kind}:{note.id}\x04")
            elif tag == W + "ruby":
                self._inline(element, shown, said, boxes)
            elif tag == _COMPATIBLE + "AlternateContent":
                for choice in _choice(element):
                    self._run_content(choice, shown, said, boxes)
            elif tag in _PICTURES:
                boxes += _text_boxes(element)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """Yield a table; one of a single cell is a frame around its content."""
        rows = [row for row in _content(table) if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None]
        cells = [[cell for cell in _content(row) if cell.tag == W + "tc"] for row in rows]
        if len(cells) == 1 and len(cells[0]) == 1:
            yield from self.blocks(cells[0][0])
        elif cells:
            yield Block("", rows=[[text for cell in row for text in self._cell(cell)] for row in cells])

    def _cell(self, cell: etree._Element) -> list[str]:
        """Return the text of a cell, with an empty one for each more column that it spans."""
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        is_below = merged is not None and value(merged) != "restart"
        if is_below or cell.find(f"{W}tcPr/{W}cellDel") is not None:
            return [""]
        blocks = self.blocks(cell)
        texts = [" ".join(map(" ".join, block.rows)) if block.rows else block.text for block in blocks]
        span = value(cell.find(f"{W}tcPr/{W}gridSpan")) or "1"
        return [" ".join(filter(None, texts)), *[""] * (min(int(span), 64) - 1 if span.isdigit() else 0)]


def _content(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements inside `parent`, those of wrappers in their place; what is deleted or moved away is in none."""
    for element in parent:
        if element.tag in _WRAPPERS:
            yield from _content(element)
        elif element.tag == W + "sdt":
            for content in _controlled(element):
                yield from _content(content)
        elif element.tag == _COMPATIBLE + "AlternateContent":
            for choice in _choice(element):
                yield from _content(choice)
        else:
            yield element


def _controlled(control: etree._Element) -> list[etree._Element]:
    """Return the content of a content control, unless it is the text that only asks for content."""
    is_empty = switch(control.find(f"{W}sdtPr/{W}showingPlcHdr"))
    return [] if is_empty else control.findall(W + "sdtContent")


def _choice(alternatives: etree._Element) -> list[etree._Element]:
    """Return the first of several forms of the same content."""
    forms = [form for name in ("Choice", "Fallback") for form in alternatives.iterchildren(_COMPATIBLE + name)]
    return forms[:1]


def _text_boxes(picture: etree._Element) -> list[etree._Element]:
    """Return the contents of text boxes in a drawing; those inside another's content, or in a second form, are not its own."""
    found: list[etree._Element] = []
    for element in picture:
        if element.tag == W + "txbxContent":
            found.append(element)
        elif element.tag == _COMPATIBLE + "AlternateContent":
            found += [box for choice in _choice(element) for box in _text_boxes(choice)]
        else:
            found += _text_boxes(element)
    return found


def _sym(element: etree._Element) -> str:
    code = value(element, "char") or ""
    return symbol(value(element, "font"), int(code, 16)) if _CODE.fullmatch(code) else ""


def _formula(formula: etree._Element) -> str:
    """Write a formula in a line: the letters and signs as they follow each other, a fraction with a stroke."""
    if formula.tag == _MATH + "t":
        return formula.text or ""
    parts = [_formula(child) for child in formula if isinstance(child.tag, str)]
    return "/".join(filter(None, parts)) if formula.tag == _MATH + "f" else "".join(parts)
