"""DOCX, and DOCM alike: the text as it reads with all changes accepted, drawn as Markdown.

The parts are read by lxml itself: python-docx refuses DOCM files and packages with a loose end, and does not see content
controls (where reference managers put their lists), notes, text boxes or changes.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

from lxml import etree

from pipeline.model import Source
from pipeline.readers.docx_styles import Styles, W, value
from pipeline.readers.docx_text import Block, Note, Story
from pipeline.readers.drawing import Drawing
from pipeline.readers.error import ReadError
from pipeline.readers.limits import LIMITS, Limits
from pipeline.readers.package import Package
from pipeline.readers.superscripts import byline

_OLE = b"\xd0\xcf\x11\xe0"
_CAPTIONS = ("caption", "题注", "題註", "图题", "表题", "table caption", "figure caption")
_CONTENTS = ("toc ", "toc标题", "table of contents", "目录")
_TITLES = ("title", "标题", "標題")
_REFERENCES = re.compile(
    r"[【\[\s]*(?:\d{1,2}[.、\s]*)?(?:参\s*考\s*文\s*献|參\s*考\s*文\s*獻|references|bibliography)[】\]\s:：]*", re.I
)
_LABEL = re.compile(r"\s*(?:[\[［【(（](\d{1,3})[\]］】)）][.．、]?|(\d{1,3})(?:[.．、)）\]]|\s))\s*(?=\D)")
# What is longer, or holds a full stop, is a paragraph that was only made to look like a heading.
_LONGEST_HEADING = 120
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "authors": "{http://purl.org/dc/elements/1.1/}creator",
    "keywords": "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords",
    "year": "{http://purl.org/dc/terms/}created",
}


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Draw a document; footnotes and endnotes stand at its end, its reference list is labelled.

    Raises:
        ReadError: for what is no DOCX, is encrypted, damaged, beyond the limits, or holds no text; `name` stands in the message.
    """
    if data.startswith(_OLE):
        raise ReadError(f"{name}: the document is encrypted; open it with its password and save it without one")
    package = Package(data, name, limits)
    path = package.related("", "officeDocument") or "word/document.xml"
    document = package.part(path)
    body = None if document is None else document.find(W + "body")
    if body is None:
        raise ReadError(f"{name}: this Office file holds no Word document; save the text as DOCX or plain text")
    story = Story(Styles(package.part(package.related(path, "styles"))))
    blocks = [block for block in story.blocks(body) if not story.styles.is_called(block.style, _CONTENTS)]
    paper = _Paper(story.styles)
    paper.draw(blocks)
    paper.draw_notes(story, {kind: package.part(package.related(path, f"{kind}s")) for kind in ("footnote", "endnote")})
    metadata = _metadata(package.part(package.related("", "core-properties")))
    title = paper.title or metadata.pop("title", None)
    metadata.pop("title", None)
    return paper.drawing.source(
        name, format="docx", encoding="utf-8", title=title, metadata=metadata, references=paper.references
    )


class _Paper:
    """Draws blocks; `title` is the paragraph in the title's style, `references` what each label of the list says."""

    def __init__(self, styles: Styles) -> None:
        self.drawing = Drawing()
        self.title: str | None = None
        self.references: dict[str, str] = {}
        self._styles = styles
        self._is_in_references = False
        self._is_front = True
        self._number = 0

    def draw(self, blocks: list[Block]) -> None:
        """Draw the blocks of the body."""
        for block, following in zip_longest(blocks, blocks[1:]):
            text = block.text.strip()
            if block.rows is not None:
                self.drawing.table(block.rows)
            elif not text:
                continue
            elif self.title is None and self._is_title(block):
                self.title = " ".join(text.split())
                self.drawing.heading(text, 1)
            elif _REFERENCES.fullmatch(text):
                self._open_references(text, block.level or 1)
            elif block.level and len(text) <= _LONGEST_HEADING and "。" not in text:
                self._is_in_references = False
                self._is_front = False
                self.drawing.heading(text, block.level)
            elif self._styles.is_called(block.style, _CAPTIONS):
                is_above_table = following is not None and following.rows is not None
                self.drawing.caption(text, "表" if is_above_table else "图")
            elif self._is_in_references:
                self._reference(text, block)
            else:
                self.drawing.paragraph(byline(text) if self._is_front else text)

    def _is_title(self, block: Block) -> bool:
        chain = self._styles.chain(block.style)
        return any(style.name in _TITLES for style in chain) and not (block.level and len(chain) > 1)

    def _open_references(self, text: str, level: int) -> None:
        self._is_in_references = True
        self._number = 0
        self.drawing.heading(text, level)

    def _reference(self, text: str, block: Block) -> None:
        """Draw an entry; one whose number the word processor prints gets it: what the text cites is that number."""
        label = ""
        if match := _LABEL.match(text):
            label, text = match[1] or match[2], text[match.end() :]
        elif block.is_numbered:
            label = str(self._number + 1)
        if label:
            self._number = int(label)
            self.references.setdefault(label, " ".join(text.split()))
        self.drawing.reference(label, text)

    def draw_notes(self, story: Story, parts: dict[str, etree._Element | None]) -> None:
        """Draw the notes that the text leads to: those that it cites in brackets are its references."""
        texts = {
            Note(kind, value(note, "id") or ""): [block.text for block in story.blocks(note) if block.text.strip()]
            for kind, root in parts.items()
            for note in (() if root is None else root.iterchildren(W + kind))
        }
        notes = sorted(story.notes, key=lambda note: (note.kind != "footnote", story.notes[note]))
        cited = [note for note in notes if note in story.cited and texts.get(note)]
        if cited and not self._is_in_references:
            self._open_references("参考文献", 1)
        for note in cited:
            label, text = str(story.notes[note]), " ".join(" ".join(texts[note]).split())
            self.references.setdefault(label, text)
            self.drawing.reference(label, text)
        others = [text for note in notes if note not in story.cited for text in texts.get(note, ())]
        if others:
            self.drawing.heading("脚注", 1)
        for text in others:
            self.drawing.paragraph(text)


def _metadata(core: etree._Element | None) -> dict[str, Any]:
    """Return what the core properties say: title, authors, keywords, year of creation."""
    if core is None:
        return {}
    said = {key: " ".join((core.findtext(tag) or "").split()) for key, tag in _CORE.items()}
    found: dict[str, Any] = {"title": said["title"]}
    found["authors"] = _listed(said["authors"])
    found["keywords"] = _listed(said["keywords"])
    found["year"] = int(said["year"][:4]) if re.match(r"(?:19|20)\d\d(?!\d)", said["year"]) else None
    return {key: each for key, each in found.items() if each}


def _listed(text: str) -> list[str]:
    return [part for part in map(str.strip, re.split(r"[;；,，、]", text)) if part]
