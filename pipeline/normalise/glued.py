"""Numbered headings that a layout model printed in one line with text: where each begins, and where its text does.

A heading shows by its number at the beginning of a line or sentence. It ends in a word that titles end in, right before
a word that sentences begin with or before a name that the title has, too; or it is the one word of a section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.normalise.characters import HAN
from pipeline.normalise.lines import COUNTED, SPACE
from pipeline.tables import Row, read_table, resource

_NUMBER = re.compile(
    rf"[0-9](?<![A-Za-z0-9.][0-9])[0-9]?(?P<dotted>(?:\.\d{{1,2}}){{1,3}}[.、]?)?[{SPACE}]*(?!{COUNTED})(?=[{HAN}A-Zα-ω]|[a-z]{{1,3}}[A-Z\d\-])"
)
_TITLE = re.compile(r"(?:[^，,。；：:;！？\n]|[，,](?=[A-Z])){4,90}")
_STOPS = "。！？"
# What a wrapped line of text may end with, but no title.
_CUT = "的与和及或在对为是以由从被将使、-("
_EMPTY_LINE = re.compile(rf"[{SPACE}]*\n[{SPACE}]*\n")
_NEXT = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}")
_NAME = re.compile(rf"(?![的与和及对在中])[{HAN}]{{3}}|[A-Za-z][\w\-]{{2,}}", re.ASCII)
_PARTED = re.compile(rf"[{HAN}][{SPACE}]+[{HAN}]")
_ATTRIBUTE = re.compile("的[^的，]{2,9}\\Z")
_EFFECT = re.compile(
    rf"的(?:影响|作用)[{SPACE}]*(?:\n[{SPACE}]*){{0,2}}(?=[{HAN}A-Z])"
    r"(?![较显明不很并是的及和与最更程因结效机作力大小主均也还仍无比呈为可进情研以]|有(?!研究))"
)
# Behind the one word of a section stands its text, not more of a sentence about it.
_NO_SECTION = "的是和与及、，。：:了表显提发证中部"


def _check(row: Row) -> str | None:
    return None if row["place"] in ("begin", "end") else f"place is {row['place']!r}; it must be begin or end"


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words, key=lambda word: (-len(word), word))))


@cache
def _borders() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a title ends in, and what a sentence begins with."""
    rows = read_table(resource("heading_borders.tsv"), ("word", "place"), key=("word",), check=_check)
    ends, begins = ([row["word"] for row in rows if row["place"] == place] for place in ("end", "begin"))
    return _any_of(ends), _any_of(begins)


@cache
def _sections() -> re.Pattern[str]:
    """Return the headings of one word that text may be printed behind: 结论, 讨论, 引言."""
    rows = read_table(resource("sections.tsv"), ("word", "kind"), key=("word",))
    kinds = ("conclusion", "discussion", "introduction")
    words = _any_of([row["word"] for row in rows if row["kind"] in kinds and not row["word"].isascii()])
    return re.compile(rf"(?:{words.pattern})(?![{_NO_SECTION}])")


def heading_borders(text: str) -> Iterator[int]:
    """Yield where glued headings begin and where the text behind each does, in order.

    >>> text = "骨吸收增加。2.1 药物处理后蛋白的表达采用免疫印迹检测。"
    >>> [text[place:] for place in heading_borders(text)]
    ['2.1 药物处理后蛋白的表达采用免疫印迹检测。', '采用免疫印迹检测。']
    >>> text = "骨吸收增加[3]。4结论 药物抑制骨吸收。"
    >>> [text[place:] for place in heading_borders(text)]
    ['4结论 药物抑制骨吸收。', ' 药物抑制骨吸收。']
    """
    last = 0
    for number in _NUMBER.finditer(text):
        start = number.start()
        before = _before(text, start)
        begins_line = before in ("", "\n") or start == last
        if not (begins_line or before in ("。", "！", "？", ")", "]")):
            continue
        section = _sections().match(text, number.end())
        if section:
            last = section.end()
        elif (begins_line or before in _STOPS) and (end := _title_end(text, number, begins_line=begins_line)):
            last = end
        else:
            continue
        yield from (start, last)


def _before(text: str, at: int) -> str:
    """Return the character before a place, spaces apart."""
    while at and text[at - 1] in SPACE:
        at -= 1
    return text[at - 1 : at]


def _title_end(text: str, number: re.Match[str], *, begins_line: bool) -> int | None:
    """Return where the title behind a number ends, if text stands behind it.

    Without a dot the number may be a line's: such a title must begin with the name that the text begins with.
    """
    title = _TITLE.match(text, number.end())
    if title is None:
        return None
    first, stop = title.span()
    if number["dotted"] is None:
        return next((at for at, name, _ in _ends(text, first, stop) if name and text.startswith(name, first)), None)
    _, begins = _borders()
    found = (
        at
        for at, name, end in _ends(text, first, stop)
        if (name and name in text[first:end])
        or _is_spaced(text, first, end, at)
        or begins.match(text, at)
        or _NEXT.match(text, at)
        or _is_nominal(text, at, end)
    )
    effect = _EFFECT.search(text, first, min(len(text), stop + 4))
    borders = [border for border in (next(found, None), effect and effect.end()) if border]
    if borders:
        return min(borders)
    return stop if not begins_line and _EMPTY_LINE.match(text, stop) and text[stop - 1] not in _CUT else None


def _ends(text: str, first: int, stop: int) -> Iterator[tuple[int, str | None, int]]:
    """Yield for each word that the title may end in: where the text begins behind it, with which name, and its end."""
    ends, _ = _borders()
    for end in ends.finditer(text, first + 2, stop):
        at = end.end()
        while at < stop and text[at] in SPACE:
            at += 1
        if at < stop:
            name = _NAME.match(text, at)
            yield at, name and name[0], end.end()


def _is_spaced(text: str, first: int, end: int, at: int) -> bool:
    """Tell whether the only space between Chinese characters is the one behind a word that titles end in."""
    return end < at and _PARTED.match(text, end - 1) is not None and not _PARTED.search(text, first, end)


def _is_nominal(text: str, at: int, end: int) -> bool:
    """Tell whether a word has an attribute and a Latin name behind it: where it is a noun the name is not its object."""
    return text[at].isascii() and text[at].isupper() and _ATTRIBUTE.search(text, end - 10, end) is not None
