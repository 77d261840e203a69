"""JATS, the XML of PubMed Central and of publishers: an article's text in reading order, its metadata and reference list.

What stands beside the text does not interrupt it: figures and tables follow their paragraph, footnotes stand at the end; marks
of footnotes are left out. Links to the reference list are drawn as citation marks, `[3-5]`. Reviews of an article and answers to
them (`sub-article`, `response`) are no part of it; its translation into Chinese is read in its place where it is in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pipeline.model import Source
from pipeline.readers.citing import link, raised, written
from pipeline.readers.drawing import Drawing
from pipeline.readers.error import ReadError
from pipeline.readers.flow import Flow, math_text, rows, tex
from pipeline.readers.jats_front import (
    article_meta,
    chinese_first,
    is_chinese,
    language,
    metadata,
    person,
    reference_numbers,
    reference_text,
)
from pipeline.readers.limits import LIMITS, Limits
from pipeline.readers.xml_tree import decoded, parse_xml, too_deep

Element = Any
_REMEDY = "give a JATS article (a root <article> with <front> or <body>), or convert it to one"
# Links to these are marks beside the text, no part of it.
_BESIDE = ("fn", "table-fn", "aff", "corresp", "author-notes", "contrib", "list-fn")
_STOPS = tuple("。．.：:？?！!")


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Read a JATS article.

    Raises:
        ReadError: where it is malformed XML, nests too deep, uses entities of its own, or is not one JATS article; `name` stands
            in the message.
    """
    text, encoding = decoded(data, name)
    article = _article(parse_xml(text, name, limits), name)
    drawing = Drawing()
    try:
        body = _Article(article, drawing)
        title = body.draw()
    except RecursionError as error:
        raise ReadError(too_deep(name, limits)) from error
    return drawing.source(
        name,
        format="jats",
        encoding=encoding,
        title=title,
        metadata=body.metadata,
        references=body.references,
    )


def _in_chinese(article: Element) -> Element:
    """Return the Chinese translation of an article in another language, or else the article."""
    if language(article) in ("", "zh"):
        return article
    found = (one for one in article.iterchildren("sub-article") if one.get("article-type") == "translation")
    return next((one for one in found if language(one) == "zh" and one.find("body") is not None), article)


def _article(root: Element, name: str) -> Element:
    found = (
        [root] if root.tag == "article" else [one for one in root.iter("article") if one.getparent().tag != "article"]
    )
    articles = [one for one in found if any(one.find(tag) is not None for tag in ("front", "body"))]
    if not articles:
        raise ReadError(f"{name}: this is XML with the root <{root.tag}>, but no JATS article; {_REMEDY}")
    if len(articles) > 1:
        raise ReadError(
            f"{name}: it holds {len(articles)} articles, and a file is one paper; write each to its own file"
        )
    return articles[0]


class _Article:
    """An article that is being drawn."""

    def __init__(self, article: Element, drawing: Drawing) -> None:
        """Number its reference list, to which the links in the text lead; a translation shares it where it has none."""
        self._root = _in_chinese(article)
        self._drawing = drawing
        handlers = {tag: partial(handler, self) for tag, handler in _INLINE.items()}
        self._flow = Flow(drawing.paragraph, handlers, apart=_LINES, aside=_ASIDE)
        self._notes: list[Element] = []
        self._noted: set[Element] = set()
        self._level = 1
        self._numbers: dict[str, int] = {}
        self.references: dict[str, str] = {}
        self._entries = reference_numbers(self._root, self._plain) or reference_numbers(article, self._plain)
        for number, entry in self._entries:
            # A link leads to the entry, or to one of several citations in it.
            for one in (entry, *entry):
                if one.get("id"):
                    self._numbers.setdefault(one.get("id"), number)
        self.metadata = metadata(article, self._plain)
        if self._root is not article:
            # Identifiers and the issue are those of the article.
            said = metadata(self._root, self._plain)
            self.metadata |= {key: said[key] for key in ("authors", "keywords") if key in said}

    def draw(self) -> str | None:
        """Draw all of it, and return its title."""
        title = self._draw_front()
        for part in ("body", "floats-group", "back"):
            for element in self._root.findall(part):
                self._walk(element)
                self._flow.end()
        if self._notes:
            self._drawing.heading("脚注", 1)
        # A footnote may have footnotes, which the list then gets.
        for note in self._notes:
            self._drawing.paragraph(self._plain(note))
        self._draw_references()
        return title

    def _plain(self, element: Element) -> str:
        """Return an element's text on its own, in one line."""
        text = written(self._flow.gathered(element))
        return " ".join(text.split())

    def _walk(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            _BLOCKS[tag](self, element)
        elif tag in _INLINE:
            _INLINE[tag](self, element)
        else:
            self._walk_children(element)

    def _walk_children(self, element: Element, without: Sequence[Element | None] = ()) -> None:
        if element.text:
            self._flow.text(element.text)
        for child in element:
            if child not in without:
                self._walk(child)
            if child.tail:
                self._flow.text(child.tail)

    def _draw_front(self) -> str | None:
        meta = article_meta(self._root)
        if meta is None:
            return None
        titles = [self._plain(one) for one in meta.iterfind("title-group/article-title")]
        titles += [self._plain(one) for one in meta.iterfind("title-group/trans-title-group/trans-title")]
        titles += [self._plain(one) for one in meta.iterfind("title-group/trans-title")]
        titles = [title for title in titles if title]
        title = chinese_first(titles)
        if title:
            self._drawing.heading(title, 1)
        for other in titles:
            if other != title:
                self.metadata.setdefault("translated_title", other)
                self._drawing.paragraph(other)
        for abstract in meta.iterfind("abstract"):
            self._draw_abstract(abstract)
        for abstract in meta.iterfind("trans-abstract"):
            self._draw_abstract(abstract)
        return title

    def _draw_abstract(self, abstract: Element) -> None:
        text = self._plain(abstract)
        if not text:
            return
        heading = abstract.find("title")
        said = "" if heading is None else self._plain(heading)
        in_chinese = language(abstract) == "zh" or is_chinese(text)
        self._drawing.heading(said or ("摘要" if in_chinese else "Abstract"), 1)
        parts = abstract.findall("sec")
        self._walk_children(abstract, [heading, *parts])
        self._flow.end()
        for part in parts:
            self._draw_part(part)

    def _draw_part(self, part: Element) -> None:
        """Draw a part of a structured abstract: its title is no heading, but opens its text."""
        heading = part.find("title")
        label = "" if heading is None else self._plain(heading)
        if label and not label.endswith(_STOPS):
            label += "：" if is_chinese(label) else ":"
        self._flow.begin(label if is_chinese(label) or not label else f"{label} ")
        self._walk_children(part, [heading])
        self._flow.begin("")

    def _draw_references(self) -> None:
        if self._entries:
            self._drawing.heading("参考文献", 1)
        for number, entry in self._entries:
            if text := reference_text(entry, self._plain):
                self._drawing.reference(str(number), text)
                self.references[str(number)] = text

    def _section(self, element: Element, default: str = "") -> None:
        self._flow.end()
        label, title = element.find("label"), element.find("title")
        if title is None:
            title = element.find("caption/title")
        parts = ["" if one is None else self._plain(one) for one in (label, title)]
        if heading := " ".join(filter(None, parts)) or default:
            self._drawing.heading(heading, self._level)
        self._level += 1
        # The title of a box stands in its caption.
        captions = element.findall("caption") if title is not None and title.getparent() is not element else []
        for caption in captions:
            self._walk_children(caption, [title])
        self._walk_children(element, [label, title, *captions])
        self._level -= 1
        self._flow.end()

    def _acknowledgement(self, element: Element) -> None:
        self._section(element, "致谢")

    def _appendix(self, element: Element) -> None:
        self._section(element, "附录")

    def _block(self, element: Element) -> None:
        self._flow.end()
        self._walk_children(element)
        self._flow.end()

    def _list(self, element: Element) -> None:
        self._flow.end()
        is_ordered = element.get("list-type") in ("order", "alpha-lower", "alpha-upper", "roman-lower", "roman-upper")
        for position, item in enumerate(element.iterchildren("list-item"), 1):
            self._flow.begin(f"({position}) " if is_ordered else "• ")
            self._walk_children(item, [item.find("label")])
            self._flow.begin("")

    def _definitions(self, element: Element) -> None:
        self._flow.end()
        for item in element.iterchildren("def-item"):
            parts = [self._plain(one) for one in item.iterchildren("term", "def")]
            self._drawing.paragraph("：".join(filter(None, parts)))

    def _figure(self, element: Element) -> None:
        self._flow.later(lambda: self._draw_figure(element, "图"))

    def _table(self, element: Element) -> None:
        self._flow.later(lambda: self._draw_figure(element, "表"))

    def _draw_figure(self, element: Element, kind: str) -> None:
        parts = [self._plain(one) for one in element.iterchildren("label", "caption")]
        self._drawing.caption(" ".join(filter(None, parts)), kind)
        for child in element.iterchildren("fig", "table-wrap"):
            self._draw_figure(child, kind)
        tables = [element] if element.tag == "table" else element.xpath("table | alternatives/table")
        for table in tables:
            self._drawing.table(rows(table, self._plain))
        for foot in element.iterchildren("table-wrap-foot"):
            self._drawing.paragraph(self._plain(foot))

    def _note(self, element: Element) -> None:
        if element not in self._noted and element.getparent().tag != "author-notes":
            self._noted.add(element)
            self._notes.append(element)

    def _note_group(self, element: Element) -> None:
        for note in element.iterchildren("fn"):
            self._note(note)

    def _link(self, element: Element) -> None:
        kind = element.get("ref-type")
        if kind in _BESIDE:
            return
        text = self._flow.gathered(element)
        found = [self._numbers[one] for one in (element.get("rid") or "").split() if one in self._numbers]
        self._flow.text(link(text, found) if found or kind == "bibr" else text)

    def _superscript(self, element: Element) -> None:
        self._flow.text(raised(self._flow.gathered(element)))

    def _formula(self, element: Element) -> None:
        math = next(element.iter("math"), None)
        source = next(element.iter("tex-math"), None)
        if math is not None and (text := math_text(math)):
            self._flow.text(text)
        elif source is not None:
            self._flow.text(tex("".join(source.itertext())))
        else:
            for label in element.findall("label"):
                label.clear(keep_tail=True)
            self._flow.inline(element)

    def _person(self, element: Element) -> None:
        """Add a name in a reference; names between which nothing is printed are parted by a comma."""
        before = element.getprevious()
        if before is not None and before.tag == element.tag and not (before.tail or "").strip():
            self._flow.text(", ")
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            self._flow.inline(element)
        else:
            self._flow.text(person(element, self._plain, is_cited=True))

    def _break(self, _: Element) -> None:
        self._flow.text(" ")

    def _skip(self, _: Element) -> None:
        pass


_Handler = Callable[[_Article, Element], None]
_INLINE: dict[str, _Handler] = {
    "xref": _Article._link,
    "sup": _Article._superscript,
    "inline-formula": _Article._formula,
    "disp-formula": _Article._formula,
    "math": _Article._formula,
    "tex-math": _Article._formula,
    "name": _Article._person,
    "string-name": _Article._person,
    "break": _Article._break,
    "fn": _Article._note,
}
_BLOCKS: dict[str, _Handler] = {
    "sec": _Article._section,
    "ack": _Article._acknowledgement,
    "app": _Article._appendix,
    "boxed-text": _Article._section,
    "notes": _Article._section,
    "glossary": _Article._section,
    "bio": _Article._section,
    "p": _Article._block,
    "disp-quote": _Article._block,
    "verse-group": _Article._block,
    "title": _Article._block,
    "list": _Article._list,
    "def-list": _Article._definitions,
    "fig": _Article._figure,
    "fig-group": _Article._figure,
    "table-wrap": _Article._table,
    "table-wrap-group": _Article._table,
    "table": _Article._table,
    "fn-group": _Article._note_group,
}
_LINES = frozenset(("p", "title", "sec", "list-item", "label", "def", "term", "td", "th", "caption", "disp-quote"))
_ASIDE = frozenset(("fig", "table-wrap", "object-id", "alt-text", "long-desc"))
_BLOCKS |= dict.fromkeys(("ref-list", "object-id", "alt-text", "long-desc", "graphic", "sec-meta"), _Article._skip)
