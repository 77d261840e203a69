"""Definitions as printed, for a person to read: `中文名(English name, ABBR)` with what stands before the bracket.

Where the Chinese name begins is open here: several definitions of one abbreviation tell it together (`batch/mining.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.frames import Grammar
from pipeline.recognise.abbreviations import bracketed, letters_fit

# Classes of words that may be part of a name; before any other listed word it begins.
_IN_NAMES = frozenset(
    {
        *("verb", "effect", "change", "induce", "perturb", "bind", "role", "action"),
        *("aspect", "adjective", "locative", "quantity", "generic"),
    }
)
_TIES = "-/,'·+"
_MOST_TOKENS = 12


class Definition(NamedTuple):
    """What a bracket defines: the tokens before it in which the name ends, the English name (may be empty), the abbreviation.

    `certain` is the number of the last tokens that make up the name as far as one definition tells.
    """

    before: tuple[str, ...]
    certain: int
    en: str
    abbr: str


def definitions(
    words: Sequence[str], sentences: Sequence[tuple[int, int]], names: frozenset[int], grammar: Grammar
) -> Iterator[Definition]:
    """Yield the definitions of tokenised sentences; `names` are the tokens that the lexicon knows."""
    for start, bracket, parts in bracketed(words, sentences):
        first = bracket
        while first > start and bracket - first < _MOST_TOKENS and _may_stand(words, first - 1, names, grammar):
            first -= 1
        while first < bracket and not words[first][0].isalnum():
            first += 1
        before = tuple(words[first:bracket])
        if not any(word[0] >= "\u3400" for word in before):
            continue
        en = next((part for part in parts[:-1] if letters_fit(parts[-1], part)), "")
        # 因子, 蛋白 end a name where the bracket tells one; without it a maker or a group is told: 试剂盒(TaKaRa).
        if bracket - 1 in names or words[bracket - 1] not in grammar.classes or (en and len(before) > 1):
            yield Definition(before, _certain(words, first, bracket, names, grammar), en, parts[-1])


def _may_stand(words: Sequence[str], token: int, names: frozenset[int], grammar: Grammar) -> bool:
    word = words[token]
    if token in names or word in _TIES:
        return True
    return word[0].isalnum() and grammar.classes.get(word, _IN_NAMES) <= _IN_NAMES


def _certain(words: Sequence[str], first: int, bracket: int, names: frozenset[int], grammar: Grammar) -> int:
    if bracket - 1 in names:
        return 1
    size = 2 if words[bracket - 1] in grammar.classes else 1
    while size < bracket - first and words[bracket - size - 1] not in grammar.classes:
        size += 1
    return size
