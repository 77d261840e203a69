"""Lines of a printed text, and what can be seen of each by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.normalise.characters import HAN
from pipeline.normalise.offsets import Traced
from pipeline.tables import read_table, resource

SPACE = " \u3000"
_LINE = re.compile(rf"[^{SPACE}\n][^\n]*")

# A text of fewer stops may be a stretch cut out of one sentence; one of fewer lines has no usual line.
_FEWEST_STOPS = 3
_FEWEST_LINES = 3
_FEWEST_LINES_FOR_HEADS = 8
_WIDEST = 90
_MOST_CHARACTERS = 45
_HEAD = re.compile(r"第 ?\d{1,4} ?页(?:[,，/ ]?共 ?\d{1,4} ?页)?|[-—·. ]{0,4}\d{1,4}[-—·. ]{0,4}")


class Line(NamedTuple):
    """A line that is not empty; `start` and `end` leave out the white space around it."""

    start: int
    end: int
    empty_before: int
    indent: int
    width: int
    """Columns as printed: a Chinese or full-width character takes two."""


class Usual(NamedTuple):
    """What most of a paper's text stands in."""

    width: int
    characters: int

    def is_short(self, line: Line) -> bool:
        """Tell whether a line ends well before the margin, counted in columns and in characters."""
        return line.width < 0.6 * self.width and line.end - line.start < 0.6 * self.characters

    def is_filled(self, line: Line) -> bool:
        """Tell whether a line of a wrapped paper runs to the margin."""
        return 0 < 0.9 * self.width <= line.width and not self.is_paragraphs

    @property
    def is_paragraphs(self) -> bool:
        """Tell whether the paper was not wrapped: most of its lines are paragraphs."""
        return self.width == _WIDEST


def lines_of(traced: Traced, source: str) -> list[Line]:
    """List the lines of a text that hold anything."""
    lines = []
    text, at = traced.text, 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        while text[end - 1] in SPACE:
            end -= 1
        gap = text[at:start]
        printed = source[traced.starts[start] : traced.ends[end - 1]]
        # UTF-8 takes one byte for what is one column wide and three for what is two: near enough, and fast.
        width = (len(printed.encode("utf-8", "surrogatepass")) + len(printed)) // 2
        lines.append(Line(start, end, max(0, gap.count("\n") - 1), gap.count("\u3000"), width))
        at = end
    return lines


def usual(text: str, lines: Sequence[Line]) -> Usual:
    """Measure a paper's usual line; all 0 for a text too short to have one, such as a single sentence."""
    if len(lines) < _FEWEST_LINES or sum(map(text.count, "。！？")) < _FEWEST_STOPS:
        return Usual(0, 0)
    width = _median([line.width for line in lines])
    return Usual(min(_WIDEST, width), min(_MOST_CHARACTERS, _median([line.end - line.start for line in lines])))


def _median(lengths: Sequence[int]) -> int:
    """Find the length of the line in which the middle of the text stands."""
    rest = sum(lengths) / 2
    for length in sorted(lengths):
        rest -= length
        if rest <= 0:
            return length
    return 0


def running_heads(text: str, lines: Sequence[Line]) -> frozenset[int]:
    """Find heads, feet and page numbers: the indices of lines that recur, or that are a number between empty lines.

    The first and the last line are left out: they may be cut.
    """
    found = set()
    alike: dict[str, list[int]] = {}
    for index, line in enumerate(lines[1:-1], 1):
        if line.end - line.start > 60:
            continue
        printed = text[line.start : line.end]
        if _HEAD.fullmatch(printed):
            if "页" in printed or (line.empty_before and lines[index + 1].empty_before):
                found.add(index)
        elif (
            len(printed) > 3
            and printed[-1] not in "。！？，、；：,;:"
            and not printed.startswith(("#", "|", "<", "!["))
        ):
            alike.setdefault(re.sub(r"\d+", "0", printed), []).append(index)
    if len(lines) >= _FEWEST_LINES_FOR_HEADS:
        found.update(index for indices in alike.values() if len(indices) > 2 for index in indices)
    return frozenset(found)


class Marker(NamedTuple):
    """What the beginning of a line says: the kind of its block, and whether that alone begins one."""

    kind: str
    level: int
    is_hard: bool
    is_alone: bool


# Counted things: `3 月大的大鼠` begins no heading, `2 组织形态` does.
COUNTED = r"月|年|天|周(?!期)|日|例|名|只|个|型|种(?![属群])|次|倍|组(?![织成蛋])|岁|期|小时|分钟|位(?!点)|项|篇|[a-z]{1,3}(?![A-Za-z\d])"
_NUMBERED = re.compile(
    # A manuscript's line number may stand before a dotted one.
    rf"(?:\d{{1,3}}[{SPACE}](?=\d{{1,2}}\.\d))?(?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})[.、]?[{SPACE}]*(?![{SPACE}\d.,，、。~%±×/<>=+\-]|{COUNTED})"
    rf"|[一二三四五六七八九十]{{1,3}}、|\([一二三四五六七八九十]{{1,3}}\)|第[{SPACE}]?[一二三四五六七八九十\d]{{1,3}}[{SPACE}]?[章节部]"
)
_CAPTION = re.compile(
    rf"(?:续?[图表]|Fig(?:ure)?s?\.?|FIG\.?|Tab(?:le)?s?\.?|TABLE)[{SPACE}]*S?\d{{1,2}}"
    # A sentence about the figure, not the words under it.
    rf"(?![{SPACE}]*(?:[为是]|显示|表明|总结|列出|给出|反映|说明|所示|可[知见以]))"
)
_REFERENCE = re.compile(rf"(?:\d{{1,3}}[{SPACE}]?)?\[\d{{1,3}}\]?[{SPACE}]*(?:[A-Z]|[{HAN}]{{2,4}}[,，.])")
_ITEM = re.compile(r"\(\d{1,2}\)|\d{1,2}\)|[\u2460-\u2473]")


@cache
def _marker() -> re.Pattern[str]:
    labels: dict[str, list[str]] = {}
    for row in read_table(resource("headings.tsv"), ("label", "kind"), key=("label",)):
        spaced = f"[{SPACE}]*".join(map(re.escape, row["label"].replace(" ", "")))
        # 关键词 are often printed as one with what follows: `Keywordsbone`.
        is_latin = row["label"].isascii() and not row["label"].lower().startswith("key")
        # A Latin label needs a border, a Chinese one is printed with or without.
        labels.setdefault(row["kind"], []).append(spaced + (rf"(?=[:{SPACE}：\].\n])" if is_latin else ""))

    def any_of(kind: str) -> str:
        return "|".join(sorted(labels[kind], key=len, reverse=True))

    bracket = rf"[\[(]?[{SPACE}]*"
    number = rf"(?:\d{{1,3}}[{SPACE}]*)?"
    return re.compile(
        rf"(?P<hashes>#{{1,6}})[{SPACE}]+[^\n]|(?P<image>!\[)|(?P<table>\||<table|<html)"
        rf"|(?P<bullet>[•●▪■◆*][{SPACE}]+(?=[^\n])|-[{SPACE}]+(?=[{HAN}]))"
        rf"|(?P<title>(?:{any_of('text')}|{any_of('heading')})[\])]?(?=[:：]?[{SPACE}]*\n))"
        # A manuscript's line number, or the mark of a footnote, may stand before the label.
        rf"|(?P<text>{number}{bracket}(?:{any_of('text')}))"
        rf"|(?P<front>(?:{number}|(?:\\?[*#△▲])+[{SPACE}]*){bracket}(?:{any_of('front')}))"
    )


def marker(text: str, line: Line) -> Marker | None:
    """Read the mark that a line begins with, if any.

    Nothing here relies on where the text ends: a stretch cut out of a paper reads as it does in the paper.
    """
    if match := _marker().match(text, line.start):
        kind = match.lastgroup or ""
        if kind == "hashes":
            return Marker("heading", len(match["hashes"]), True, True)
        if kind == "title":
            return Marker("heading", 1, True, True)
        return Marker({"text": "paragraph", "bullet": "list"}.get(kind, kind), 0, True, False)
    if _REFERENCE.match(text, line.start, line.end):
        return Marker("reference", 0, False, False)
    if _CAPTION.match(text, line.start, line.end):
        return Marker("caption", 0, False, False)
    if _ITEM.match(text, line.start, line.end):
        return Marker("list", 0, False, False)
    if match := _NUMBERED.match(text, line.start, line.end):
        dotted = match["dotted"]
        return Marker("heading", dotted.count(".") + 1 if dotted else 1, False, False)
    return None
