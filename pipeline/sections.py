"""Sections of a paper by its headings, and which blocks are worth reading.

A heading opens a section that runs to the next heading. Reference lists, front matter, tables and blocks without
Chinese are kept in the text but not mined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import takewhile

import msgspec

from pipeline.model import Section, SectionKind
from pipeline.normalise import Block, Normalised
from pipeline.tables import read_table, resource

_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBERING = re.compile(
    r"^[#\s]*(?:第?[0-9一二三四五六七八九十]+[章节部分]?(?:\.[0-9]+)*[.、．\s]*|[(（][0-9一二三四五六七八九十]+[)）])"
)
_NUMBER = re.compile(r"[#\s]*(?P<number>\d{1,2})(?!\d)")
_ABSTRACT = re.compile(r"(?:\d{1,3} ?)?[\s【\[]*(?:摘\s*要|内容提要|Abstract)[】\]:：\s]*", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[，。；！？]|\[\d")
_STOP = re.compile("[。！？]|[、，]$")
# The mark of a footnote on a title is read as `！`.
_TITLE_STOP = re.compile(r"[。？]|！(?!\Z)|[、，]\Z")
# What the boxes of a diagram hold, and the arrows between them.
_DIAGRAM = re.compile("[↑↓→←⇌][^。]*[↑↓→←⇌]")
# What the panels of a figure show: `A：对照组；B：模型组`.
_LEGEND = re.compile(r"\(?[Aa]\)?[.:：、] ?[^。]{1,80}?[；;，,。] ?\(?[Bb]\)?[.:：、]")
# Names of authors are shorter.
_CLAUSE = re.compile("，[^，]{12,}")
_ADDRESS = re.compile(r"[\w.\-]+@[\w\-]+\.[A-Za-z]{2,}", re.ASCII)
# The volume, issue and pages that a citation ends with: `2018,38(6):2156-2162`.
_VOLUME = re.compile(r"(?:19|20)\d\d[,，;；] ?\d{1,3} ?(?:\([^()]{1,8}\))?[:：;；] ?\d{1,5}")
_AFFILIATION = re.compile(r"(?:大学|学院|医院|研究[院所]|中心|公司|实验室).{0,60}?(?<!\d)\d{6}(?!\d)")
# What a title has at least: words, not a post code or a line's number alone.
_WORDS = re.compile(r"[\u3400-\u9fff]{4}|[A-Za-z]{4}")
_FEWEST_PARAGRAPHS = 3
_LONGEST_TITLE = 80
_LONGEST_NOTE = 500
_NOT_READ: tuple[SectionKind, ...] = ("references",)


@cache
def section_words() -> tuple[tuple[str, SectionKind], ...]:
    """Return (word, kind) pairs: a heading that holds the word opens a section of that kind; longest word first."""
    rows = read_table(resource("sections.tsv"), ("word", "kind"), key=("word",))
    return tuple(sorted(((r["word"], r["kind"]) for r in rows), key=lambda pair: (-len(pair[0]), pair)))  # type: ignore[misc]


def heading_kind(title: str) -> SectionKind:
    """Return the kind of section that a heading opens.

    >>> heading_kind("参考文献"), heading_kind("2.1 环氧化酶-2")
    ('references', 'body')
    """
    bare = _NUMBERING.sub("", title).strip(" :：#*").lower()
    words = section_words()
    if len(bare) > len(words[0][0]) + 4:
        return "body"
    for word, kind in words:
        if bare.startswith(word) and len(bare) <= len(word) + 4:
            return kind
    return "body"


def find_sections(normalised: Normalised) -> list[Section]:
    """Return the sections of a text, in order and without gaps; offsets in the normalised text."""
    sections: list[Section] = []
    title: str | None = None
    kind: SectionKind = "front"
    start = 0
    for block in normalised.blocks:
        text = normalised.text[block.start : block.end]
        new: tuple[str | None, SectionKind]
        if block.kind == "heading":
            new = (text.strip("# "), heading_kind(text))
        elif _ABSTRACT.match(text) and kind == "front":
            new = (None, "abstract")
        elif kind in ("front", "abstract") and title is None and _is_running(text) and not _ABSTRACT.match(text):
            new = (None, "body") if kind == "abstract" else (title, kind)
        else:
            continue
        if new == (title, kind):
            continue
        if block.start > start:
            sections.append(Section(title=title, kind=kind, start=start, end=block.start))
        (title, kind), start = new, block.start
    if start < len(normalised.text):
        sections.append(Section(title=title, kind=kind, start=start, end=len(normalised.text)))
    return list(_with_methods(sections))


def _with_methods(sections: list[Section]) -> Iterator[Section]:
    """Yield the sections; those under a heading of methods are methods, too.

    They are told by their number (1.2 under 1); without one, what lies between the methods and the results belongs to them.
    """
    told = max((n for n, section in enumerate(sections) if section.kind in ("results", "discussion")), default=-1)
    number: str | None = None
    inside = False
    for n, section in enumerate(sections):
        match = _NUMBER.match(section.title or "")
        own = match["number"] if match else None
        if section.kind != "body":
            inside, number = section.kind == "methods", own
        else:
            inside = inside and (own == number if own and number else n < told)
        yield msgspec.structs.replace(section, kind="methods") if inside else section


def find_title(normalised: Normalised) -> str | None:
    """Return the title of a paper: a heading before its abstract, or else its first line where that is none of a text, or else
    the first heading that is not that of a usual part, such as 引言.
    """
    blocks = [(block.kind, normalised.text[block.start : block.end].strip("# ")) for block in normalised.blocks]
    headings = [text for kind, text in blocks if kind == "heading" and heading_kind(text) == "body"]
    front = list(takewhile(lambda block: not _opens(*block), blocks))
    before = [text for kind, text in front if kind == "heading" and not _NUMBERING.match(text)]
    first = [text for kind, text in front[:1] if kind == "paragraph" and len(text) < _LONGEST_TITLE]
    lines = [text for text in (*before, *first) if _WORDS.search(text) and not _STOP.search(text)]
    return next((text for text in (*lines, *headings) if text), None)


def _opens(kind: str, text: str) -> bool:
    """Tell whether a block is the first behind the title and the authors of a paper."""
    if kind == "heading":
        return heading_kind(text) != "body"
    return kind == "front" or bool(_ABSTRACT.match(text)) or _is_running(text)


def _is_running(text: str) -> bool:
    """Whether a block is a paragraph of running Chinese."""
    return len(text) > 40 and "。" in text and len(_HAN.findall(text)) > len(text) * 0.3


def mined_blocks(normalised: Normalised, sections: list[Section]) -> list[Block]:
    """Return the blocks that hold running Chinese text outside the reference list and the front matter.

    Those in a section of methods are of the kind `methods`: what they name is told, what they say is no claim.
    """
    closed = [(s.start, s.end) for s in sections if s.kind in _NOT_READ]
    front = [(s.start, s.end) for s in sections if s.kind == "front"]
    methods = [(s.start, s.end) for s in sections if s.kind == "methods"]
    blocks = [(b, normalised.text[b.start : b.end]) for b in normalised.blocks if b.kind in ("paragraph", "list")]
    # A paper shows by its paragraphs what is none; in a note of a few lines each may be a sentence without its stop.
    is_paper = sum(_is_running(text) for _, text in blocks) >= _FEWEST_PARAGRAPHS
    out = []
    for block, text in blocks:
        if any(start <= block.start < end for start, end in closed):
            continue
        if is_paper and _is_no_text(text, is_front=any(start <= block.start < end for start, end in front)):
            continue
        han = len(_HAN.findall(text))
        if han >= 4 and han * 6 > len(text):
            is_method = any(start <= block.start < end for start, end in methods)
            out.append(replace(block, kind="methods") if is_method else block)
    return out


def _is_no_text(text: str, *, is_front: bool) -> bool:
    """Tell whether a block of a paper is a title, a line of authors, a footnote on one, a figure's legend, or a
    citation of the paper itself.

    >>> _is_no_text("李四(农业大学动物科学学院，北京100193)", is_front=False), _is_no_text("骨吸收增加。", is_front=True)
    (True, False)
    """
    if is_front and not _TITLE_STOP.search(text) and not _CLAUSE.search(text):
        return True
    if _DIAGRAM.search(text) and not _STOP.search(text):
        return True
    if (not _PUNCTUATION.search(text) and len(text) < _LONGEST_TITLE) or _LEGEND.match(text):
        return True
    if len(text) > _LONGEST_NOTE:
        return False
    return any(pattern.search(text) for pattern in (_ADDRESS, _VOLUME)) or bool(
        _AFFILIATION.search(text) and not _STOP.search(text)
    )
