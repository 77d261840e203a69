"""A text that remembers where each of its characters was printed."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.model import Repair, RepairKind, UnknownGlyph

_BREAK = "\n\n\n"


@cache
def _counted(bits: int) -> array[int]:
    """Return all numbers below 2 ** `bits` and that one itself: slices of it are made faster than it is."""
    return array("I", range((1 << bits) + 1))


@dataclass(frozen=True, slots=True)
class Traced:
    """A text with, for each character, the source stretch that it came from.

    `starts[i]` and `ends[i]` are code points of the source text, half open. `repairs` are in the order in which they were made.
    """

    text: str
    starts: array[int]
    ends: array[int]
    repairs: tuple[Repair, ...] = ()

    @classmethod
    def of(cls, source: str) -> Traced:
        """Trace a source text that has not been changed yet."""
        places = _counted(len(source).bit_length())
        return cls(source, places[: len(source)], places[1 : len(source) + 1])

    def same_length(self, text: str) -> Traced:
        """Replace the text by one in which every character keeps its place."""
        if len(text) != len(self.text):
            raise ValueError(f"a replacement of {len(text)} characters for {len(self.text)}: the lengths must be equal")
        return Traced(text, self.starts, self.ends, self.repairs)

    def rewrite(
        self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], *, kind: RepairKind | None = None
    ) -> Traced:
        """Replace matches as `re.sub` does. Every new character stands for its whole match; with a `kind`, each is a repair.

        >>> traced = Traced.of("ﬁbrin").rewrite(re.compile("ﬁ"), lambda match: "fi")
        >>> traced.text, list(traced.starts), list(traced.ends)
        ('fibrin', [0, 0, 1, 2, 3, 4], [1, 1, 2, 3, 4, 5])
        """
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        repairs: list[Repair] = []
        at = 0
        for match in pattern.finditer(self.text):
            old, new = match[0], replace(match)
            if new == old:
                continue
            first, last = match.span()
            if kind:
                repairs.append(Repair(kind, self.starts[first], self.ends[last - 1], new))
            pieces += self.text[at:first], new
            starts += self.starts[at:first]
            ends += self.ends[at:first]
            if len(new) == 1:
                starts.append(self.starts[first])
                ends.append(self.ends[last - 1])
            elif new:
                starts += array("I", [self.starts[first]]) * len(new)
                ends += array("I", [self.ends[last - 1]]) * len(new)
            at = last
        if not at:
            return self
        pieces.append(self.text[at:])
        return Traced("".join(pieces), starts + self.starts[at:], ends + self.ends[at:], (*self.repairs, *repairs))

    def break_at(self, places: Sequence[int]) -> Traced:
        """Put a break of three lines, which ends any block, before each of these offsets, in order.

        It stands for the character before it.

        >>> Traced.of("摘要骨").break_at([2]).text
        '摘要\\n\\n\\n骨'
        """
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        at = 0
        for place in places:
            pieces += self.text[at:place], _BREAK
            starts += self.starts[at:place] + self.starts[place - 1 : place] * len(_BREAK)
            ends += self.ends[at:place] + self.ends[place - 1 : place] * len(_BREAK)
            at = place
        if not at:
            return self
        pieces.append(self.text[at:])
        return Traced("".join(pieces), starts + self.starts[at:], ends + self.ends[at:])


@dataclass(frozen=True, slots=True)
class Citation:
    """A printed citation mark; `start` and `end` are offsets of the normalised text."""

    start: int
    end: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the normalised text that layout sets apart.

    `kind` is `heading`, `paragraph`, `list`, `caption`, `front` (关键词, DOI, funding …), `reference`, `table`, `image`
    or `running_head`. `level` counts from 1 for headings and is 0 for all else.
    """

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and the way back to its source.

    Blocks are separated by one `"\\n"`; inside a block there is none.
    """

    text: str
    starts: array[int]
    ends: array[int]
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    unknown_glyphs: tuple[UnknownGlyph, ...]
    script: str
    repairs: tuple[Repair, ...] = ()

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source stretch (code points) that `text[start:end]` was printed as.

        An empty span gives an empty one. Characters that were printed as one (a ligature, a formula) give all of it.

        Raises:
            IndexError: where the span does not lie in the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"span {start}:{end} does not lie in a text of {len(self.text)} characters")
        if start == end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """Widen a span inside a block so that it does not cut characters that were printed as one."""
        starts, ends, text = self.starts, self.ends, self.text
        if start < end:
            while start and ends[start - 1] > starts[start] and text[start - 1] != "\n":
                start -= 1
            while end < len(starts) and starts[end] < ends[end - 1] and text[end] != "\n":
                end += 1
        return start, end
