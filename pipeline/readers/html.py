"""HTML and XHTML: the paper of a web page in reading order, without what the page has around it.

Links to the reference list are drawn as citation marks, `[3-5]`; the entries of that list are found by its heading, or by the
class of its box, and numbered by their labels or else their positions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from functools import partial
from typing import Any

from lxml import etree

from pipeline.model import Source
from pipeline.readers.citing import clean, is_number, link, raised, written
from pipeline.readers.drawing import Drawing
from pipeline.readers.error import ReadError
from pipeline.readers.flow import Flow, math_text, rows, tex
from pipeline.readers.html_front import front
from pipeline.readers.html_main import HEADINGS, Page, bare, beginning, find_main
from pipeline.readers.limits import LIMITS, Limits
from pipeline.readers.sniff import is_web_archive
from pipeline.readers.xml_tree import (
    MalformedError,
    check_elements,
    decoded,
    flatten,
    parse_xml,
    too_deep,
    without_declaration,
)

Element = Any
_XHTML = re.compile(r"\s*(?:<\?xml|<!DOCTYPE[^>]+XHTML|<html[^>]+xmlns)", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:[\[［【(（]\s*(\d{1,3})\s*[\]］】)）]|(\d{1,3})(?:\s*[.．、:：)）]|\s+)(?![\d]))\s*[.．、]?\s*"
)
# What a fragment that leads to an entry of a reference list is called: b3, ref-3, CR3, cite_note-3.
_FRAGMENT = re.compile(
    r"#(?:\w*[._-])?(?:b|bib|bibr|cit|cite|cr|endnote|note|r|ref|reference|rf|wx)s?[._-]?\d+(?:[._-]\d+)?\Z",
    re.IGNORECASE,
)
_LONGEST_LINK = 60
# Links that a site adds to each entry.
_SITES = re.compile(
    r"[\[(（【]?\s*(?:DOI|CrossRef|PubMed|PMC|Google Scholar|Baidu(?: Scholar)?|CNKI|Web of Science|ISI|Scopus|CAS|CSCD|View Article"
    r"|Full ?Text|Abstract|↩︎?|\^|本文引用|百度学术|万方|知网)\s*(?:\[\d+\]|\(\d+\))?\s*[\])）】]?",
    re.IGNORECASE,
)
# What follows the word in a heading: `参考文献(23)：`.
_COUNT = re.compile(r"\s*(?:[(（\[]\s*\d+\s*[)）\]])?[\s:：]*\Z")
_STOPS = ("。", "！", "？")
_FIGURE, _TABLE = "图", "表"
_LONGEST_CELL = 400


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Read a web page.

    Raises:
        ReadError: where it cannot be decoded, nests too deep or holds no text; `name` stands in the message.
    """
    text, encoding = decoded(_page_of(data, name), name)
    root = _parse(clean(text), name, limits)
    title, metadata = front(root)
    page = find_main(root, title)
    drawing = Drawing()
    body = _Body(page, drawing)
    try:
        said = body.draw(title)
    except RecursionError as error:
        raise ReadError(too_deep(name, limits)) from error
    return drawing.source(
        name, format="html", encoding=encoding, title=said, metadata=metadata, references=body.references
    )


def _page_of(data: bytes, name: str) -> bytes:
    """Return the page of a web archive (MHTML, RFC 2557), or what is none as it is."""
    if not is_web_archive(data):
        return data
    for part in message_from_bytes(data).walk():
        page = (
            part.get_payload(decode=True) if part.get_content_type() in ("text/html", "application/xhtml+xml") else None
        )
        if isinstance(page, bytes):
            return page
    raise ReadError(f"{name}: this web archive holds no page; save the page as HTML")


def _parse(text: str, name: str, limits: Limits) -> Element:
    """Return the tree of a page, XHTML as the XML that it is where it is well-formed."""
    if _XHTML.match(text):
        with suppress(MalformedError):
            return parse_xml(text, name, limits)
    text = without_declaration(text).replace("\0", "")
    check_elements(text.count("<") - text.count("</"), name, limits)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, etree.ParserError) as error:
        raise ReadError(f"{name}: this HTML file holds no elements; give one that holds a paper") from error
    if root is None:
        raise ReadError(f"{name}: this HTML file holds no elements; give one that holds a paper")
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise ReadError(too_deep(name, limits))
    flatten(root, name, limits)
    return root


class _Body:
    """A page's paper that is being drawn."""

    def __init__(self, page: Page, drawing: Drawing) -> None:
        """Find the entries of the reference list, to which the links in the text lead."""
        self._page = page
        self._drawing = drawing
        handlers = {tag: partial(handler, self) for tag, handler in _INLINE.items()}
        self._flow = Flow(self._paragraph, handlers, apart=_BLOCKS)
        self._is_listing = False
        self._entries: list[tuple[str, str]] = []
        self._has_title = False
        self._numbers = _numbers(page)
        self.references: dict[str, str] = {}

    def draw(self, title: str | None) -> str | None:
        """Draw all of it, and return its title; a title that stands only in the metadata is drawn before the text."""
        bearer = self._page.title
        inside = bearer is not None and any(one is self._page.main for one in (bearer, *bearer.iterancestors()))
        if bearer is not None and (not title or inside):
            title = bare(bearer) or title
        if title and not inside:
            self._drawing.heading(title, 1)
        self._walk(self._page.main)
        self._flow.end()
        self._end_list()
        return title

    def _paragraph(self, text: str) -> None:
        if not self._is_listing:
            self._drawing.paragraph(text)
            return
        label, entry = _labelled(text)
        if not label and self._entries and self._entries[-1][0] and not text.startswith("\x01"):
            # The second line of a labelled entry: its translation, its DOI.
            before = self._entries[-1]
            self._entries[-1] = (before[0], f"{before[1]} {entry}")
        else:
            self._entries.append((label, entry))

    def _entry(self, text: str) -> None:
        label, entry = _labelled(text)
        if entry:
            self._entries.append((label, entry))

    def _end_list(self) -> None:
        entries, self._entries, self._is_listing = self._entries, [], False
        for position, (label, text) in enumerate(entries, 1):
            number = label or str(position)
            self._drawing.reference(number, text)
            self.references.setdefault(number, " ".join(text.split()))

    def _inline(self, element: Element) -> str:
        return written(self._flow.gathered(element).strip())

    def _walk(self, element: Element) -> None:
        if element is self._page.references:
            self._begin_list(element)
        elif element is self._page.title:
            self._flow.end()
            self._drawing.heading(self._inline(element), 1)
        elif element.tag in _BLOCKS:
            _BLOCKS[element.tag](self, element)
        elif element.tag in _INLINE:
            _INLINE[element.tag](self, element)
        else:
            self._walk_children(element)

    def _walk_children(self, element: Element) -> None:
        if element.text:
            self._flow.text(element.text)
        for child in element:
            self._walk(child)
            if child.tail:
                self._flow.text(child.tail)

    def _begin_list(self, element: Element) -> None:
        self._flow.end()
        self._end_list()
        said = _COUNT.sub("", bare(element, 20))
        level = int(element.tag[1]) if element.tag in HEADINGS else 1
        self._drawing.heading(said or "参考文献", level)
        self._is_listing = True
        if not said:
            self._walk_children(element)
            self._flow.end()
            self._end_list()

    def _heading(self, element: Element) -> None:
        self._flow.end()
        self._end_list()
        self._drawing.heading(self._inline(element), int(element.tag[1]))

    def _block(self, element: Element) -> None:
        self._flow.end()
        self._walk_children(element)
        self._flow.end()
        # A list ends with the section that its heading stands in.
        if self._is_listing and element.tag == "section" and self._page.references in element.iterdescendants():
            self._end_list()

    def _line_break(self, _: Element) -> None:
        """A break between sentences, and the second of two, ends a paragraph."""
        if self._is_listing or self._flow.ends_with(("\n", *_STOPS)):
            self._flow.end()
        else:
            self._flow.text("\n")

    def _list(self, element: Element) -> None:
        self._flow.end()
        for position, item in enumerate(element.iterchildren("li"), 1):
            if self._is_listing:
                self._entry(self._inline(item))
                continue
            self._flow.begin(f"({position}) " if element.tag == "ol" else "• ")
            self._walk_children(item)
            self._flow.begin("")

    def _caption(self, element: Element) -> None:
        kind = _TABLE if element.tag == "caption" or element.getparent().find(".//table") is not None else _FIGURE
        text = self._inline(element)
        self._flow.later(lambda: self._drawing.caption(text, kind))

    def _table(self, element: Element) -> None:
        if self._is_listing:
            self._flow.end()
            for row in rows(element, self._inline):
                self._entry(" ".join(row))
        elif _is_data(element):
            self._flow.later(lambda: self._draw_table(element))
        else:
            self._block(element)

    def _draw_table(self, element: Element) -> None:
        for caption in element.iterchildren("caption"):
            self._drawing.caption(self._inline(caption), _TABLE)
        self._drawing.table(rows(element, self._inline))

    def _link(self, element: Element) -> None:
        text = self._flow.gathered(element)
        if self._is_listing:
            self._flow.text("" if _SITES.fullmatch(text.strip()) else text)
            return
        target = element.get("href") or ""
        fragment = target.rpartition("#")[2] if "#" in target else ""
        number = self._numbers.get(fragment)
        if fragment and is_number(text) and (number is not None or _FRAGMENT.search(target)):
            # The number that is shown is the label; what the fragment leads to may be a list of several entries.
            self._flow.text(link(text))
        elif number is not None and len(text) <= _LONGEST_LINK:
            self._flow.text(link(text, [number]))
        else:
            self._flow.text(text)

    def _superscript(self, element: Element) -> None:
        self._flow.text(raised(self._flow.gathered(element)))

    def _math(self, element: Element) -> None:
        self._flow.text(math_text(element))

    def _script(self, element: Element) -> None:
        self._flow.text(tex("".join(element.itertext())))


def _labelled(text: str) -> tuple[str, str]:
    """Return the number and the rest of an entry.

    >>> _labelled("[3] 王五. 骨"), _labelled("12. Li M"), _labelled("2010年")
    (('3', '王五. 骨'), ('12', 'Li M'), ('', '2010年'))
    """
    match = _LABEL.match(text)
    if match is None:
        return "", text.strip()
    return str(int(match[1] or match[2])), text[match.end() :].strip()


def _numbers(page: Page) -> dict[str, int]:
    """Map the ids in the reference list to the numbers of their entries."""
    numbers: dict[str, int] = {}
    number, is_inside = 0, False
    for element in page.main.iter(etree.Element) if page.references is not None else ():
        if element is page.references:
            is_inside = True
        elif is_inside and element.tag in HEADINGS:
            is_inside = False
        if not is_inside:
            continue
        if element.tag in ("li", "tr", "p", "div", "dd", "dt"):
            label, _ = _labelled(beginning(element, 40))
            if label:
                number = int(label)
            elif element.tag in ("li", "tr"):
                number += 1
        elif label := _labelled((element.tail or "")[:40])[0]:
            number = int(label)
        for identifier in (element.get("id"), element.get("name")):
            if identifier and number:
                numbers.setdefault(identifier, number)
    return numbers


def _is_data(table: Element) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return False
    cells = list(table.iter("td", "th"))
    if any(one.tag == "th" for one in cells):
        return True
    is_short = all(sum(map(len, cell.itertext())) <= _LONGEST_CELL for cell in cells)
    return is_short and len(cells) > 3 and len(cells) > sum(1 for _ in table.iter("tr"))


_Handler = Callable[[_Body, Element], None]
_INLINE: dict[str, _Handler] = {
    "a": _Body._link,
    "sup": _Body._superscript,
    "math": _Body._math,
    "script": _Body._script,
}
_BLOCKS: dict[str, _Handler] = {
    **dict.fromkeys(HEADINGS, _Body._heading),
    **dict.fromkeys(
        ("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"), _Body._block
    ),
    **dict.fromkeys(
        ("fieldset", "figure", "form", "header", "hr", "li", "main", "p", "pre", "section", "summary"), _Body._block
    ),
    **dict.fromkeys(("tbody", "td", "tfoot", "th", "thead", "tr"), _Body._block),
    "br": _Body._line_break,
    "ul": _Body._list,
    "ol": _Body._list,
    "figcaption": _Body._caption,
    "caption": _Body._caption,
    "table": _Body._table,
}
