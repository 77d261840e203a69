"""What JATS and HTML have in common: paragraphs that gather inline text, and figures that wait for the paragraph's end."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from pipeline.readers.citing import written

Element = Any
_WIDEST = 20
_MOST_COLUMNS = 100
_LONGEST_REPEATED = 200
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_WRAPPED = re.compile(r"\$\$(.*)\$\$|\$(.*)\$|\\\[(.*)\\\]|\\\((.*)\\\)", re.DOTALL)


class Flow:
    """The paragraph that is being gathered, before it goes into the drawing."""

    def __init__(
        self,
        draw: Callable[[str], None],
        handlers: Mapping[str, Callable[[Element], None]],
        *,
        apart: Container[str],
        aside: Container[str] = (),
    ) -> None:
        """Begin with no text; each paragraph is handed to `draw`.

        In inline text, `handlers` add the elements of their tags; what is `apart` has a space around it, what is `aside` is left out.
        """
        self._draw = draw
        self._handlers = handlers
        self._apart, self._aside = apart, aside
        self._parts: list[str] = []
        self._later: list[Callable[[], None]] = []
        self._prefix = ""

    def text(self, text: str) -> None:
        """Add inline text as it stands."""
        self._parts.append(text)

    def ends_with(self, endings: tuple[str, ...]) -> bool:
        """Tell whether the paragraph so far ends with one of these, white space but for line breaks aside."""
        for part in reversed(self._parts):
            if kept := part.rstrip(" \t\u3000\u00a0"):
                return kept.endswith(endings)
        return False

    def begin(self, prefix: str) -> None:
        """End the paragraph; the next one begins with `prefix`: the mark of a list item, the label of a part of an abstract."""
        self.end()
        self._prefix = prefix

    def later(self, draw: Callable[[], None]) -> None:
        """Draw something once the paragraph has ended, so that it does not stand inside a sentence."""
        self._later.append(draw)

    def end(self) -> None:
        """End the paragraph, if one is open."""
        text = "".join(self._parts)
        self._parts.clear()
        if text and not text.isspace():
            self._draw(self._prefix + written(text.strip()))
            self._prefix = ""
        waiting, self._later = self._later, []
        for draw in waiting:
            draw()

    def inline(self, element: Element) -> None:
        """Add the text of an element whose blocks are parted by no more than a space."""
        if element.text:
            self._parts.append(element.text)
        for child in element:
            tag = child.tag
            if tag in self._handlers:
                self._handlers[tag](child)
            elif tag not in self._aside:
                space = [" "] if tag in self._apart else []
                self._parts += space
                self.inline(child)
                self._parts += space
            if child.tail:
                self._parts.append(child.tail)

    def gathered(self, element: Element) -> str:
        """Return an element's inline text, apart from the paragraph that it stands in; links in it are still tokens of `citing`."""
        parts, self._parts = self._parts, []
        self.inline(element)
        text, self._parts = "".join(self._parts), parts
        return text


def rows(table: Element, content: Callable[[Element], str]) -> list[list[str]]:
    """Return the cells of a table of the HTML model; a short cell over several rows stands in each, one over several columns once,
    followed by empty ones.
    """
    out: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for row in _table_rows(table):
        cells: list[str] = []
        held, below = below, {}
        for cell in row.iterchildren("td", "th"):
            _fill(cells, held, below)
            text = written(content(cell).strip())
            deep, wide = _span(cell, "rowspan"), _span(cell, "colspan")
            for part in (text, *[""] * (wide - 1)):
                if deep > 1 and len(cells) < _MOST_COLUMNS:
                    below[len(cells)] = (deep - 1, part if len(part) <= _LONGEST_REPEATED else "")
                cells.append(part)
        _fill(cells, held, below)
        if cells:
            out.append(cells)
    return out


def _table_rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, not those of tables in it."""
    for part in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if part.tag == "tr":
            yield part
        else:
            yield from part.iterchildren("tr")


def _fill(cells: list[str], held: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]) -> None:
    """Add the cells that reach down from the rows above."""
    while len(cells) in held:
        left, text = held.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Element, attribute: str) -> int:
    value = cell.get(attribute) or ""
    return min(max(int(value), 1), _WIDEST) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def math_text(element: Element) -> str:
    """Return what a MathML formula prints, in one line: fractions with a slash, annotations left out.

    >>> from lxml import etree
    >>> math_text(etree.fromstring("<math><mi>v</mi><mo>=</mo><mfrac><mi>s</mi><msup><mi>t</mi><mn>2</mn></msup></mfrac></math>"))
    'v=s/t2'
    """
    tag = element.tag
    if tag in ("annotation", "annotation-xml", "mspace", "mphantom"):
        return ""
    children = [math_text(child) for child in element if isinstance(child.tag, str)]
    if tag == "mfrac" and len(children) == 2:
        return "/".join(part if re.fullmatch(r"[\w.%]+", part) else f"({part})" for part in children)
    if tag in ("msqrt", "mroot"):
        return f"√({children[0] if children else ''})"
    text: str = (element.text or "").strip() + "".join(children)
    return text


def tex(source: str) -> str:
    r"""Return a TeX formula between dollars, in one line; the normaliser unfolds what is plain.

    >>> tex(r"\documentclass{minimal}\begin{document}$$\alpha _2$$\end{document}")
    '$\\alpha _2$'
    """
    match = _DOCUMENT.search(source)
    formula = (match[1] if match else source).strip()
    if wrapped := _WRAPPED.fullmatch(formula):
        formula = next(part for part in wrapped.groups() if part is not None).strip()
    formula = " ".join(formula.replace("$", " ").split())
    return f"${formula}$" if formula else ""
