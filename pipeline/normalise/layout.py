"""Layout: which line breaks end a block, and which only wrap a sentence.

A break needs evidence that can be seen at the break itself: the lines before and after it. What a whole paper shows
(its usual line, its running heads) counts only in a text of several sentences, so that a sentence cut out of a paper is
joined as it was joined there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.normalise.breaks import set_apart
from pipeline.normalise.characters import HAN, WORD
from pipeline.normalise.lines import SPACE, Line, Marker, Usual, lines_of, marker, running_heads, usual
from pipeline.normalise.offsets import Block, Traced
from pipeline.tables import read_table, resource

# Latin words that end in a point within a sentence.
_ABBREVIATED = "approx|resp|spp|subsp|Figs|Tabs|Refs|Eqs|Prof|cont|Univ|Acad|Inst|Dept|Biol|Chem|Med"
_SENTENCE_END = re.compile(
    r"[。！？!?][”’\"')\]]*(?:\[[\d,，、~\- ]{1,20}\])*\Z"
    rf"|[{HAN}\]]\.\Z"
    rf"|[ ,;(](?!(?:{_ABBREVIATED})\.)[A-Za-z\-]*[a-z]{{3,}}[)\]]*\.\Z"
)
_CANNOT_BEGIN = tuple("，。、；：！？)]”’》%,;:.?!")
_CANNOT_END = tuple("，、；：,;:([“‘《/-—~+=<>&的与和及或在对为是以由从被将使")
_RUNS_ON = re.compile(rf"[^()\n]*(?:\([^()\n]*\)[^()\n]*)*(?:\(|\n[{SPACE}]*\()")
_NOT_TITLE = re.compile(r"[，。；！？]")
# What a title may hold all the same: a bracket, and a comma between names.
_IN_TITLE = re.compile(r"\([^()\n]*\)|，(?=[A-Z])")
# A single space that parts words stays as it is.
_WHITE = re.compile(rf"(?! (?<=[{WORD},.;:)\]] )(?=[{WORD}])(?!(?<=[A-Z0-9] )[α-λν-ω]))[{SPACE}\n]+")
_BROKEN = re.compile(rf"-(?<=[a-z]-)[{SPACE}]*\n[{SPACE}]*(?:\n[{SPACE}]*)?(?=[a-z])")
_HASHES = re.compile(r"^#{1,6} ", re.M)


Kinds = tuple[tuple[str, int], ...]


def lay_out(traced: Traced, source: str) -> tuple[Traced, Kinds]:
    """Join wrapped lines, drop the white space that only typesetting put there, and set blocks apart by one line break.

    Returns the kind and level of each block beside the text.
    """
    traced = set_apart(traced).rewrite(_BROKEN, _hyphen)
    text = traced.text
    kinds = _read(text, lines_of(traced, source))

    def replace(match: re.Match[str]) -> str:
        white, left, right = match[0], match.start() - 1, match.end()
        if left < 0 or right == len(text):
            return ""
        if right in kinds:
            return "\n"
        if not _keeps_space(text[left], text[right]):
            return " " if text[left] == "#" and _opens_line(text, left, kinds) else ""
        return _at_wrap(text, left, right) if "\n" in white and " " not in white and "\u3000" not in white else " "

    traced = traced.rewrite(_WHITE, replace)
    if "#" in traced.text:
        traced = traced.rewrite(_HASHES, lambda _: "")
    return traced, tuple(kinds.values())


def _opens_line(text: str, last: int, kinds: Mapping[int, tuple[str, int]]) -> bool:
    """Tell whether the hash at `last` ends the mark of a Markdown heading."""
    first = last
    while first and text[first - 1] == "#":
        first -= 1
    return first in kinds and last - first < 6


def blocks_of(text: str, kinds: Kinds) -> tuple[Block, ...]:
    """Find the blocks of a laid-out text: its lines."""
    blocks = []
    at = 0
    for part, (kind, level) in zip(text.split("\n"), kinds, strict=bool(kinds)):
        blocks.append(Block(at, at + len(part), kind, level))
        at += len(part) + 1
    return tuple(blocks)


class _Reading:
    """The block that is being read, line by line."""

    def __init__(self, kind: str, level: int, *, is_alone: bool = False) -> None:
        """Begin a block; one that is `is_alone` ends with its line, one that `is_note` stands under a table."""
        self.kind = kind
        self.level = level
        self.is_alone = is_alone
        self.is_note = False
        self.depth = 0
        self.is_open = False

    def add(self, printed: str) -> None:
        """Take in a line: count its brackets, and see whether it leaves a table open."""
        self.depth += printed.count("(") - printed.count(")")
        if self.kind == "table":
            self.is_open = printed.rfind("</table") < printed.rfind("<table") or (self.is_open and "</t" not in printed)


def _read(text: str, lines: Sequence[Line]) -> dict[int, tuple[str, int]]:
    """Map the start of each block's first line to the block's kind and level, in order."""
    measure = usual(text, lines)
    heads = running_heads(text, lines)
    blocks: dict[int, tuple[str, int]] = {}
    block, before = None, None
    for index, line in enumerate(lines):
        mark = marker(text, line)
        is_head = index in heads
        if block is None or before is None or is_head or _breaks(text, before, line, mark, block, measure):
            is_note = block is not None and block.kind == "table"
            block = _open(text, line, mark, measure, is_first=index == 0, is_head=is_head)
            block.is_note = is_note
            blocks[line.start] = (block.kind, block.level)
        block.add(text[line.start : line.end])
        before = line
    return blocks


def _open(text: str, line: Line, mark: Marker | None, measure: Usual, *, is_first: bool, is_head: bool) -> _Reading:
    """Begin a block at a line."""
    if is_head:
        return _Reading("running_head", 0, is_alone=True)
    # The first line of a stretch may begin inside a sentence: only what cannot stand there makes it more than text.
    is_cut = is_first and not measure.width
    if mark is None or (is_cut and not (mark.is_hard and (mark.kind != "heading" or text[line.start] == "#"))):
        return _Reading("paragraph", 0)
    if mark.kind == "heading" and not mark.is_hard:
        # A full line is a heading only where its bracket runs on: numbered paragraphs begin alike.
        # In a paper whose lines are paragraphs a title by itself may be longer than a wrapped line, and so may one that
        # was set apart from its text.
        is_alone = _EMPTY_LINE.match(text, line.end) if measure.is_paragraphs else text.startswith("\n\n\n", line.end)
        is_title = is_alone and line.end - line.start <= _LONGEST_TITLE
        is_filled = not is_title and line.width > max(0.8 * measure.width, 40) and not _RUNS_ON.match(text, line.start)
        title = text[line.start : line.end]
        if is_filled or title[-1] in ".,;:" or _NOT_TITLE.search(_IN_TITLE.sub("", title) if is_title else title):
            return _Reading("list" if mark.level == 1 else "paragraph", 0)
        return _Reading("heading", mark.level, is_alone=True)
    return _Reading(mark.kind, mark.level, is_alone=mark.is_alone)


def _breaks(text: str, before: Line, line: Line, mark: Marker | None, block: _Reading, measure: Usual) -> bool:
    """Tell whether a new block begins at a line."""
    first, last = text[line.start], text[before.end - 1]
    if block.is_open or (block.kind == "table" and first == last == "|"):
        return False
    if (mark is not None and mark.is_hard) or block.kind in ("running_head", "table"):
        return True
    if block.kind == "image" and last == ")":
        return True
    if block.is_alone:
        # A heading runs on while a bracket is open, into a bracket of its own, and from a full line into a short one.
        runs_on = measure.is_filled(before) and measure.is_short(line) and mark is None and text[line.end - 1] != "。"
        is_bracket = first == "(" and (mark is None or mark.kind != "list")
        return line.empty_before > 1 or not (block.depth > 0 or is_bracket or runs_on)
    if last == "-" and first.islower():
        return False
    if line.empty_before > 1 or line.indent > 1 or (line.empty_before and _ends_at_empty(last, before, block, measure)):
        return True
    if (line.empty_before or block.kind == "front") and _is_apart(text, before, line, mark, block, measure):
        return True
    if first in _CANNOT_BEGIN:
        return False
    if mark is not None and mark.kind == "reference" and (last in ".。;；)]" or (last.isascii() and last.isalnum())):
        return True
    if _SENTENCE_END.search(text, max(before.start, before.end - 40), before.end):
        # A sentence may end at the margin in the middle of a paragraph.
        in_paragraph = mark is None and last in "。！？" and measure.is_filled(before)
        return not first.islower() and not in_paragraph
    return measure.is_short(before) and last not in _CANNOT_END and first not in "的了着"


def _ends_at_empty(last: str, before: Line, block: _Reading, measure: Usual) -> bool:
    """Tell whether an empty line ends a block where a wrapped sentence would run on over it."""
    if block.kind == "caption" or (block.kind == "front" and measure.width and not measure.is_filled(before)):
        return True
    # In a paper whose lines are paragraphs, a citation mark has lost its full stop more often than its next line.
    return measure.is_paragraphs and last == "]"


_TITLE_OF = re.compile(
    rf"(?:图|表)[{SPACE}]*\d{{1,2}}[{SPACE}]*(?=[{HAN}A-Z])(?![所可中显结示表明提和与及])[^。！？]*\n"
)
_REFERS = tuple("见如由从在据与和及(")
_HAS_HAN = re.compile(f"[{HAN}]")
_NOTE_END = re.compile(r"@[\w\-]+(?:\.[A-Za-z]{2,7})+\Z|(?:19|20)\d\d[,，;] ?\d.{0,12}[:：] ?\d+[-~]\d+\.?\Z", re.ASCII)
_LATIN_LINE = 60
_LONGEST_NAME = 20
_LONGEST_TITLE = 60
_EMPTY_LINE = re.compile(rf"[{SPACE}]*\n[{SPACE}]*\n")
# The words under a figure that has panels.
_PANELS = re.compile(r"\(?[Aa]\)?[:：](?=[^\n]*\S)")


def _is_apart(text: str, before: Line, line: Line, mark: Marker | None, block: _Reading, measure: Usual) -> bool:
    """Tell whether a line behind an empty one is of another kind than the text before it.

    It follows an address or the pages of a citation, or it is a caption that no word before it refers to, the words
    under a figure, a dotted heading behind Latin text, or Chinese behind a line of English or behind a table's note.
    """
    last = text[before.end - 1]
    if _NOTE_END.search(text, max(before.start, before.end - 40), before.end):
        return True
    if _PANELS.match(text, line.start, line.end):
        return True
    if mark is not None and mark.kind == "caption":
        return last not in _REFERS and _TITLE_OF.match(text, line.start) is not None
    if mark is not None and mark.kind == "heading" and mark.level > 1:
        return (last.isascii() or measure.is_paragraphs) and last not in _CANNOT_END
    # A Chinese line may begin with a name, but not where a bracket of English runs on.
    begins = line.start + (0 if block.depth > 0 else _LONGEST_NAME)
    is_chinese = _HAS_HAN.search(text, line.start, min(line.end, begins + 1)) is not None
    is_latin = block.kind == "front" or block.is_note or before.end - before.start > _LATIN_LINE
    return is_chinese and is_latin and not _HAS_HAN.search(text, before.start, before.end)


_PARTED = re.compile(rf"(?![A-Z0-9][α-λν-ω])[{WORD},.;:)\]][{WORD}]")


def _keeps_space(left: str, right: str) -> bool:
    """Tell whether a space between two characters parts words: between Latin words, after their punctuation.

    A Greek letter belongs to the capital or digit before it, `IL-1 β`; the micro sign to its unit.
    """
    return bool(_PARTED.match(left + right))


@cache
def english_words() -> frozenset[str]:
    """List the English words that papers use, in lower case."""
    return frozenset(row["word"] for row in read_table(resource("characters_english.tsv"), ("word",), key=("word",)))


_LETTERS_BEFORE = re.compile(r"[A-Za-z]+\Z")
_LETTERS = re.compile(r"[A-Za-z]+(?P<digit>[0-9])?")
_WORD = re.compile(f"[{WORD}]")


def _at_wrap(text: str, left: int, right: int) -> str:
    """Decide whether a line that ends and begins in Latin letters was broken between two words or inside one."""
    before = _LETTERS_BEFORE.search(text, max(0, left - 30), left + 1)
    after = _LETTERS.match(text, right)
    if before is None or after is None:
        return "" if _WORD.match(text[left]) or text[right].isdigit() else " "
    return " " if parts_words(before[0], after[0]) else ""


def parts_words(before: str, after: str) -> bool:
    """Tell whether a wrap between these letters stands for a space, by a list of English words and by capitals.

    `after` has the digit that follows its letters, if any.

    >>> parts_words("nitric", "oxide"), parts_words("Smith", "BJ"), parts_words("of", "COX")
    (True, True, True)
    >>> parts_words("express", "ion"), parts_words("TN", "F"), parts_words("Adipo", "R1"), parts_words("siRNA", "s")
    (False, False, False, False)
    """
    words = english_words()
    left, right = before.lower(), after.lower()
    if left in words and right in words and (before.islower() or before.istitle()):
        return True
    if left + right in words or (len(after) == 1 and after.islower()):
        return False
    is_name = len(before) > 2 and before.istitle()
    if is_name and after.isupper() and after.isalpha() and (len(after) > 1 or len(before) > 5):
        return True
    # mTOR and siRNA are in the list, but go on into names: mTORC1.
    is_word = left in words and (before.islower() or before.istitle())
    return (is_word and (len(left) > 4 or after[0].isupper())) or (right in words and len(right) > 3)


def _hyphen(match: re.Match[str]) -> str:
    """Keep a hyphen at a line's end unless it parts one word that is written without."""
    before = _LETTERS_BEFORE.search(match.string, max(0, match.start() - 30), match.start())
    after = _LETTERS.match(match.string, match.end())
    return "" if is_one_word(before[0] if before else "", after[0] if after else "") else "-"


def is_one_word(before: str, after: str) -> bool:
    """Tell whether letters on both sides of a hyphen at a line's end are a word that is written without it.

    >>> is_one_word("inflam", "mation"), is_one_word("anti", "inflammatory")
    (True, False)
    """
    first, second = before.lower(), after.lower()
    words = english_words()
    return first + second in words and not (first in words and second in words)
