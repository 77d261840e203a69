"""Which part of a web page is the paper: what is hidden or page furniture goes, and the smallest element with all of the rest stays.

Furniture is known by its role, by the words of its class, by its heading, by how it begins, and by being nothing but links.
Nothing that holds a good part of the page's text, the title or the reference list is ever taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from pipeline.sections import heading_kind
from pipeline.tables import Row, read_table, resource

Element = Any
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN_CLASSES = ("sr-only", "visually-hidden", "screen-reader-text", "MathJax", "MathJax_Display", "MathJax_Preview")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BLOCKS: frozenset[str] = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset")
)
_BLOCKS |= frozenset(
    ("figcaption", "figure", "form", "header", "li", "main", "ol", "p", "pre", "section", "ul", *HEADINGS)
)
_BLOCKS |= frozenset(("table", "tbody", "td", "tfoot", "th", "thead", "tr"))
_REFERENCES = frozenset(("references", "reflist", "bibliography", "referencelist", "refs"))
_CAPTION = re.compile(r"(?:图|表|圖|Fig|Tab)[a-z]*\.?\s*\d", re.IGNORECASE)
_KINDS = ("class", "heading", "line", "role", "tag")
# A block of fewer characters may be a teaser, a button, a line of a menu.
_RUNNING = 40
_LINE = 100
_HEADING = 20
_LARGE = 0.3
_ALL = 0.9
_LINKED = 0.6
_DECORATION = " 　\u00a0:：·>»[]【】()（）|"


class Page(NamedTuple):
    """The part of a page that is the paper, the heading that bears its title, and the heading or box of its references."""

    main: Element
    title: Element | None
    references: Element | None


class _Weight(NamedTuple):
    """Characters of an element: all, within links to other pages, within running text."""

    all: int = 0
    linked: int = 0
    running: int = 0


def _check(row: Row) -> str | None:
    return None if row["kind"] in _KINDS else f"kind is {row['kind']!r}; it must be one of {', '.join(_KINDS)}"


@cache
def _furniture(kind: str) -> frozenset[str]:
    rows = read_table(resource("furniture.tsv"), ("word", "kind"), key=("word", "kind"), check=_check)
    return frozenset(row["word"] for row in rows if row["kind"] == kind)


@cache
def _line() -> re.Pattern[str]:
    words = sorted(_furniture("line"), key=lambda word: (-len(word), word))
    return re.compile(rf"[\s{re.escape(_DECORATION)}]*(?:{'|'.join(map(re.escape, words))})", re.IGNORECASE)


def find_main(root: Element, title: str | None) -> Page:
    """Find the paper in a page, whose furniture is emptied in the tree; `title` is what its metadata say."""
    body = root.find(".//body")
    body = root if body is None else body
    _drop_unseen(body)
    bearer = _title(body, title)
    references = _references(body)
    kept = {one for anchor in (bearer, references) if anchor is not None for one in (anchor, *anchor.iterancestors())}
    weights = _weigh(body)
    furniture = [one for one in body.iter(etree.Element) if _is_furniture(one, weights, kept, body)]
    for element in furniture:
        drop(element)
    for element in [one for one in body.iter(etree.Element) if one not in kept and _has_furniture_heading(one)]:
        _drop_under(element, weights, kept, body)
    weights = _weigh(body)
    main = body
    anchors = [anchor for anchor in (bearer, references) if anchor is not None]
    while (inner := _inner(main, weights, kept if anchors else set())) is not None:
        main = inner
    after = _after(main, references)
    for element in [one for one in main.iter(*_BLOCKS) if _is_linked(one, weights, kept, after)]:
        drop(element)
    return Page(main, bearer, references)


def drop(element: Element) -> None:
    """Empty an element; the text behind it stays."""
    # To take it out of the tree would copy that text, at a cost that grows with the square of a page's scripts.
    element.clear(keep_tail=True)
    element.tag = "span"


def bare(element: Element, longest: int = 200) -> str:
    """Return an element's text without white space at its ends; empty where it is longer than `longest`."""
    text = " ".join(beginning(element, longest * 4).split())
    return text if len(text) <= longest else ""


def beginning(element: Element, length: int) -> str:
    """Return at least `length` characters of an element's text, or all of it."""
    parts: list[str] = []
    for part in element.itertext(etree.Element):
        parts.append(part)
        length -= len(part)
        if length < 0:
            break
    return "".join(parts)


def _drop_unseen(body: Element) -> None:
    never = _furniture("tag")
    for element in list(body.iter()):
        tag = element.tag
        if not isinstance(tag, str) or tag in never:
            drop(element)
        elif tag == "script":
            if not (element.get("type") or "").startswith("math/"):
                drop(element)
        elif element is not body and element.attrib and _is_unseen(element):
            drop(element)


def _is_unseen(element: Element) -> bool:
    style = element.get("style")
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or (style is not None and _UNSEEN.search(style) is not None)
        or element.get("role") in _furniture("role")
        or not set((element.get("class") or "").split()).isdisjoint(_UNSEEN_CLASSES)
    )


def _title(body: Element, title: str | None) -> Element | None:
    """Find the heading that bears the title: the one that says the same, or the first of the page within an article."""
    if title:
        wanted = _squeezed(title)
        for tags in (HEADINGS, ("div", "p", "td", "span", "strong", "font")):
            for element in body.iter(*tags):
                text = _squeezed(bare(element, len(title) + 40))
                if text and (text == wanted or (element.tag in HEADINGS and len(text) > 4 and wanted.startswith(text))):
                    return element
    first = None
    for element in body.iter("h1"):
        if any(one.tag in ("article", "main") for one in element.iterancestors()):
            return element
        first = element if first is None else first
    return first


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _references(body: Element) -> Element | None:
    """Find the last heading of a reference list, or else the box of one."""
    found: Element = None
    box: Element = None
    for element in body.iter(*_BLOCKS, "strong", "b", "span", "font"):
        text = bare(element, _HEADING).strip(_DECORATION)
        if text and heading_kind(text) == "references" and not _is_link(element):
            # Of elements in each other it is the one that is marked as a heading, or the outermost.
            is_inner = found is not None and any(one is found for one in element.iterancestors())
            if not is_inner or (element.tag in HEADINGS and found.tag not in HEADINGS):
                found = element
        elif box is None and not _REFERENCES.isdisjoint(_words(element)) and element.tag not in HEADINGS:
            box = element
    return box if found is None else found


def _is_link(element: Element) -> bool:
    """Tell whether an element is only a link to the heading that it names: an item of a menu."""
    return element.tag not in HEADINGS and (
        any(one.get("href") for one in element.iter("a")) or any(one.tag == "a" for one in element.iterancestors())
    )


def _words(element: Element) -> set[str]:
    label = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.casefold() for word in _WORD.findall(label)} if label != " " else set()


def _weigh(body: Element) -> dict[Element, _Weight]:
    """Weigh each element: how much text it has, in links, and in blocks of running text."""
    weights: dict[Element, _Weight] = {}
    # What inline elements leave to the block that they stand in.
    flat: dict[Element, tuple[int, int]] = {}
    for _, element in etree.iterwalk(body, events=("end",)):
        own, linked, running, total, links = len((element.text or "").strip()), 0, 0, 0, 0
        for child in element:
            weight, (loose, loose_links) = weights[child], flat.pop(child)
            total, links, running = total + weight.all, links + weight.linked, running + weight.running
            own, linked = own + loose, linked + loose_links
            tail = len((child.tail or "").strip())
            own, total = own + tail, total + tail
        total += len((element.text or "").strip())
        if element.tag == "a" and (element.get("href") or "#")[0] != "#":
            links, linked = total, own
        is_block = element.tag in _BLOCKS or element is body
        if is_block:
            running += own if own >= _RUNNING and linked < own * _LINKED else 0
        weights[element] = _Weight(total, links, running)
        flat[element] = (0, 0) if is_block else (own, linked)
    return weights


def _is_small(element: Element, weights: dict[Element, _Weight], body: Element) -> bool:
    return weights[element].all <= weights[body].all * _LARGE


def _is_furniture(element: Element, weights: dict[Element, _Weight], kept: set[Element], body: Element) -> bool:
    if element in kept:
        return False
    if element.tag == "header":
        return _is_small(element, weights, body) and element.find(".//p") is None
    if not _words(element).isdisjoint(_furniture("class")) and _is_small(element, weights, body):
        return True
    return (
        element.tag in _BLOCKS
        and 0 < weights[element].all < _LINE
        and _line().match(bare(element, _LINE)) is not None
        and element.find(".//p") is None
    )


def _has_furniture_heading(element: Element) -> bool:
    if element.tag in ("html", "body", "table", "tr", "tbody"):
        return False
    text = bare(element, _HEADING).strip(_DECORATION).casefold()
    return text in _furniture("heading")


def _drop_under(element: Element, weights: dict[Element, _Weight], kept: set[Element], body: Element) -> None:
    """Drop what stands under a heading of furniture: the box that it opens, or what follows up to the next heading."""
    box = element
    while True:
        parent = box.getparent()
        if parent is None or parent is body or parent in kept or not _is_small(parent, weights, body):
            break
        if box.getprevious() is not None or (parent.text or "").strip():
            break
        box = parent
    if box is element or box.tag in HEADINGS:
        for sibling in list(_under(box, weights, kept, body)):
            drop(sibling)
    drop(box)


def _under(heading: Element, weights: dict[Element, _Weight], kept: set[Element], body: Element) -> Iterator[Element]:
    for sibling in heading.itersiblings():
        if sibling in kept or sibling.tag in HEADINGS or not _is_small(sibling, weights, body):
            return
        if sibling.tag not in ("ul", "ol", "dl", "table") and weights.get(sibling, _Weight()).linked == 0:
            return
        yield sibling


def _inner(element: Element, weights: dict[Element, _Weight], kept: set[Element]) -> Element | None:
    """Return the child that holds all that matters of an element."""
    anchors = [child for child in element if child in kept]
    if len(anchors) > 1:
        return None
    running = weights[element].running
    for child in anchors or element:
        if (
            child.tag in _BLOCKS
            and child.tag not in ("p", "li", *HEADINGS)
            and weights[child].running >= running * _ALL > 0
        ):
            return child
    return None


def _after(main: Element, references: Element | None) -> set[Element]:
    """Return the elements that come after the heading of the reference list, or stand in its box."""
    after: set[Element] = set()
    is_after = False
    for element in main.iter(etree.Element) if references is not None else ():
        is_after = is_after or element is references
        if is_after:
            after.add(element)
    return after


def _is_linked(element: Element, weights: dict[Element, _Weight], kept: set[Element], after: set[Element]) -> bool:
    """Tell whether a block is nothing but links to other pages; the reference list may be that."""
    weight = weights[element]
    if not weight.linked or weight.linked <= weight.all * _LINKED or element in kept:
        return False
    if element.tag in (*HEADINGS, "figcaption", "td", "th", "tr", "tbody", "thead") or element in after:
        return False
    if _CAPTION.match(bare(element)):
        return False
    return not any(one.tag in (*HEADINGS, "table") for one in element.iterancestors("table", *HEADINGS))
