"""Printed lines of one paragraph into its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.normalise.layout import is_one_word, parts_words
from pipeline.readers.drawing import Printed
from pipeline.readers.pdf.lines import Line

_BEFORE = re.compile(r"[A-Za-z]+\Z")
_AFTER = re.compile(r"[A-Za-z]+[0-9]?")
_WORD_BEFORE = re.compile(r"(?<![A-Za-z])[a-z]{2,}\Z")
_WORD_AFTER = re.compile(r"[a-z]{2,}(?![A-Za-z])")
_DECIMAL = re.compile(r"\d+\.\d")
_BROKEN = re.compile(r"[a-z]-\Z")
# After these a Latin word begins anew: words are set with a space behind them.
_SPACED = tuple(",;:.?!)]%")
_TIED = tuple("-/(–~[")


def join(before: str, after: str) -> tuple[str, str]:
    """Return the text of a line and what stands between it and the next.

    >>> join("骨吸", "收"), join("nitric", "oxide"), join("inflam-", "mation"), join("IL-", "6"), join("NF-", "κB")
    (('骨吸', ''), ('nitric', ' '), ('inflam', ''), ('IL-', ''), ('NF-', ''))
    """
    if not before or not after:
        return before, ""
    if _BROKEN.search(before) and after[0].islower() and after[0].isascii():
        left, right = _BEFORE.search(before[:-1]), _AFTER.match(after)
        is_one = left is not None and right is not None and is_one_word(left[0], right[0])
        return (before[:-1] if is_one else before), ""
    if not after[0].isascii() or not before[-1].isascii() or before.endswith(_TIED):
        return before, ""
    left, right = _BEFORE.search(before), _AFTER.match(after)
    if left and right:
        return before, " " if parts_words(left[0], right[0]) or _are_words(left[0], right[0]) else ""
    if before.endswith(_SPACED) and (after[0].isalnum() or after[0] == "("):
        return before, " "
    if after[0] == "(":
        return before, " " if before[-1].isalnum() else ""
    # Of a word and a number, a break stands for a space where the word is one in lower case: `type 2`, not `IL6`.
    if _DECIMAL.match(after):
        return before, " " if before[-1].isalpha() else ""
    is_word = (_WORD_BEFORE.search(before) and after[0].isdigit()) or (
        before[-1].isdigit() and _WORD_AFTER.match(after)
    )
    return before, " " if is_word else ""


def _are_words(left: str, right: str) -> bool:
    """Tell two unlisted words from the halves of a listed one: what is printed breaks inside a word at a hyphen, if at all."""
    return left.islower() and right.islower() and min(len(left), len(right)) > 2 and not is_one_word(left, right)


def text_of(lines: Sequence[Line], boxes: Sequence[Printed]) -> tuple[str, list[Printed]]:
    """Join the lines of a paragraph; each line's text and place, as it stands in the text."""
    parts: list[str] = []
    printed = []
    for index, line in enumerate(lines):
        after = lines[index + 1].text if index + 1 < len(lines) else ""
        text, between = join(line.text, after)
        printed.append(boxes[index]._replace(text=text))
        parts += [text, between]
    return "".join(parts), printed
