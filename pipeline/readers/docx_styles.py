"""The styles of a DOCX: what a paragraph or a run inherits from the style that it names."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])|([一二三四五六1-6])级标题")
_DIGITS = "一二三四五六"
# A style is based on another; files with longer chains, or with circles, are damaged.
_LONGEST = 20


class Style(NamedTuple):
    """A paragraph or character style, with what it is based on; `level` counts from 1, 0 is running text; None is unsaid."""

    name: str
    based: str | None
    level: int | None
    is_numbered: bool | None
    run: RunLook


class RunLook(NamedTuple):
    """What of a run's look bears on its text; None is unsaid."""

    is_hidden: bool | None = None
    is_raised: bool | None = None
    font: str | None = None

    def over(self, other: RunLook) -> RunLook:
        """Return this look, with what it leaves unsaid from `other`."""
        return RunLook(
            other.is_hidden if self.is_hidden is None else self.is_hidden,
            other.is_raised if self.is_raised is None else self.is_raised,
            other.font if self.font is None else self.font,
        )


def value(element: etree._Element | None, attribute: str = "val") -> str | None:
    """Return an attribute of an element that may be missing."""
    return None if element is None else element.get(W + attribute)


def switch(element: etree._Element | None) -> bool | None:
    """Return whether a property such as `w:vanish` is on; None where it is not there."""
    return None if element is None else value(element) not in _OFF


def look(properties: etree._Element | None) -> RunLook:
    """Read `w:rPr`."""
    if properties is None:
        return RunLook()
    fonts = properties.find(W + "rFonts")
    font = value(fonts, "ascii") or value(fonts, "hAnsi")
    align = value(properties.find(W + "vertAlign"))
    return RunLook(
        switch(properties.find(W + "vanish")),
        None if align is None else align == "superscript",
        None if font is None else font.casefold(),
    )


def level(properties: etree._Element | None) -> int | None:
    """Return the heading level that `w:pPr` gives: from 1, and 0 for running text."""
    outline = value(None if properties is None else properties.find(W + "outlineLvl"))
    return None if outline is None or not outline.isdigit() else (int(outline) + 1) % 10


def is_numbered(properties: etree._Element | None) -> bool | None:
    """Tell whether `w:pPr` makes a paragraph an item of a list."""
    number = None if properties is None else properties.find(f"{W}numPr/{W}numId")
    return None if number is None else value(number) != "0"


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        """Read the part `styles`; without it no style says anything."""
        self._styles: dict[str, Style] = {}
        for element in () if root is None else root.iterchildren(W + "style"):
            properties = element.find(W + "pPr")
            self._styles[value(element, "styleId") or ""] = Style(
                (value(element.find(W + "name")) or "").casefold(),
                value(element.find(W + "basedOn")),
                level(properties),
                is_numbered(properties),
                look(element.find(W + "rPr")),
            )

    def chain(self, style: str | None) -> list[Style]:
        """Return a style and what it is based on; a name that the file does not define counts by itself."""
        found: list[Style] = []
        while style and len(found) < _LONGEST:
            found.append(self._styles.get(style) or Style(style.casefold(), None, None, None, RunLook()))
            style = found[-1].based
        return found

    def level(self, style: str | None) -> int:
        """Return the heading level of a paragraph style, by its outline level or by its name; 0 for running text."""
        for each in self.chain(style):
            if each.level is not None:
                return each.level
            if match := _HEADING.match(each.name):
                return int(match[1] or 0) or _DIGITS.find(match[2]) + 1 or int(match[2])
        return 0

    def is_numbered(self, style: str | None) -> bool:
        """Tell whether paragraphs of a style are items of a list."""
        return next((each.is_numbered for each in self.chain(style) if each.is_numbered is not None), False)

    def look(self, style: str | None) -> RunLook:
        """Return how runs of a style look."""
        result = RunLook()
        for each in self.chain(style):
            result = result.over(each.run)
        return result

    def is_called(self, style: str | None, names: tuple[str, ...]) -> bool:
        """Tell whether a style, or one that it is based on, begins with one of `names` (in small letters)."""
        return any(each.name.startswith(names) for each in self.chain(style))
