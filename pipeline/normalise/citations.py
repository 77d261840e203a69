"""Citation marks in running text and the numbers that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.normalise.offsets import Block, Citation

# A comma is often printed, or read, as a full stop: [13.30], [2.5.14-16].
# One whose other half layout lost closes where Chinese text goes on. What is sure of those `repair.py` has mended; [21 may be
# 21 or 2, so it stays as printed and counts as what it reads.
_MARK = re.compile(
    r"\[(\d{1,3}(?: ?(?:[,，、;；.]|[-~—]{1,2}) ?\d{1,3})*)"
    r"(?:\](?: ?([-~]) ?\[(\d{1,3})\])?|[lI|J]?(?=[。，；\u4e00-\u9fff])(?![，；、] ?\d))"
)
# What stands before an interval: OR 1.4 [1.2-3.5], 95% CI [1.2-3.5].
_BEFORE_INTERVAL = re.compile(r"(?:[\d%=:,]|CI|区间) ?$")
_PART = re.compile(r"(\d+)(?: ?[-~—]{1,2} ?(\d+))?")
# Marks that lost both halves of their bracket, `张三等3发现`; `repair.py` has put back the one that others lost.
_BARE = re.compile(
    r"(?<=等)\d{1,3}(?:[,，\-~]\d{1,3})*"
    r"(?=(?:研究)?(?:发现|报道|认为|证实|指出|证明|表明|观察到|提出)|研究(?![所院组对小中]))"
)
_MOST = 500
_LONGEST_RANGE = 50


def numbers(inside: str) -> tuple[str, ...]:
    """Spread out what stands between the brackets of a citation mark; empty where it cannot be one.

    >>> numbers("5,7-9")
    ('5', '7', '8', '9')
    >>> numbers("0-3"), numbers("9-7"), numbers("1-400")
    ((), (), ())
    """
    found: list[str] = []
    for match in _PART.finditer(inside):
        first = int(match[1])
        last = int(match[2] or first)
        if not 1 <= first <= last < _MOST or last - first > _LONGEST_RANGE:
            return ()
        found += map(str, range(first, last + 1))
    return tuple(dict.fromkeys(found))


def citations(text: str, blocks: Sequence[Block]) -> tuple[Citation, ...]:
    """Find the citation marks of a normalised text; the labels of a reference list are none."""
    labels = {block.start for block in blocks if block.kind == "reference"}
    return tuple(sorted([*_marks(text, labels), *_bare(text)], key=lambda citation: citation.start))


def _bare(text: str) -> Iterator[Citation]:
    for match in _BARE.finditer(text):
        if cited := numbers(match[0]):
            yield Citation(match.start(), match.end(), cited)


def _marks(text: str, labels: set[int]) -> Iterator[Citation]:
    for match in _MARK.finditer(text):
        inside = f"{match[1]}-{match[3]}" if match[2] else match[1]
        if "." in inside and _BEFORE_INTERVAL.search(text[max(0, match.start() - 4) : match.start()]):
            continue
        if match.start() not in labels and (cited := numbers(inside)):
            yield Citation(match.start(), match.end(), cited)
