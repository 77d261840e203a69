"""Names that a number, a letter or a list goes on with: caspase-99, ERK1/2, and the 9 of MMP-2、9."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from pipeline.frames import Grammar
from pipeline.lexicon import Lexicon
from pipeline.recognise.found import Found

_ENDS_LATIN = re.compile(r"[A-Za-z0-9α-ω]$")
# What a hyphen ties to a name: a number, an isoform's letter, a Roman number.
_TIED = re.compile(r"\d{1,3}[A-Za-zα-ω]?\d?|[A-Z]{1,2}|[a-dx]|[α-ωΑ-Ω]\d?|[IVX]{1,4}")
_NUMBER = re.compile(r"\d{1,3}")
_NUMBERED = re.compile(r"(?P<stem>.*[^\d.,-])(?P<hyphen>-?)\d{1,3}[a-dα-ω]?")
_LISTED = re.compile(r"\d{1,3}[a-dα-ω]?|[a-d]")
_SEPARATORS = frozenset("、和与及或")
_AMOUNT = frozenset({"quantity", "time"})
# A number that a listed name goes on with is hardly ever anything else.
_SCORE = 0.8
_STOPS = frozenset("，。；：、！？()[]《》“”,;的")


def go_on(
    words: Sequence[str],
    spaced: Container[int],
    end: int,
    names: dict[int, Found],
    lexicon: Lexicon,
    grammar: Grammar,
) -> None:
    """Let the names of a sentence that ends at `end` go on, in place; `spaced` holds the tokens with a space behind them."""
    for token in sorted(names):
        found = _tied(words, spaced, end, names[token], lexicon)
        names[token] = found
        numbered = _NUMBERED.fullmatch("".join(words[found.start : found.end]))
        at = found.end
        while numbered and at + 1 < end and words[at] in _SEPARATORS:
            first = at + 1
            last = first + 1 if words[first] == "-" and first + 1 < end else first
            if last in names or not _LISTED.fullmatch(words[last]) or not _closes(words, last + 1, end, grammar):
                break
            hyphens = dict.fromkeys((numbered["hyphen"], "-", ""))
            tried = (lexicon.lookup(numbered["stem"] + hyphen + words[last]) for hyphen in hyphens)
            concepts = next(filter(None, tried), ())
            if not concepts:
                break
            kind = lexicon.concepts[concepts[0]].type
            names[first] = Found(first, last + 1, kind, "dictionary", concepts[0], concepts[1:])
            at = last + 1


def _tied(words: Sequence[str], spaced: Container[int], end: int, found: Found, lexicon: Lexicon) -> Found:
    """Return a name with the numbers and letters that hyphens tie to it and the numbers after a slash (ERK1/2)."""
    stop = found.end
    while stop + 1 < end and stop - 1 not in spaced and stop not in spaced and _ENDS_LATIN.search(words[stop - 1]):
        tie, part = words[stop], words[stop + 1]
        slashed = tie == "/" and words[stop - 1][-1].isdigit() and _NUMBER.fullmatch(part)
        if not slashed and not (tie == "-" and _TIED.fullmatch(part)):
            break
        stop += 2
    if stop == found.end:
        return found
    concepts = lexicon.lookup("".join(words[found.start : stop]))
    if concepts:
        return Found(found.start, stop, lexicon.concepts[concepts[0]].type, "dictionary", concepts[0], concepts[1:])
    return Found(found.start, stop, found.type, "morphology", None, (), score=_SCORE)


def _closes(words: Sequence[str], at: int, end: int, grammar: Grammar) -> bool:
    """Whether what follows a number shows that it counts nothing: 、9升高, not 、9周."""
    if at >= end or words[at][0] in _STOPS or words[at] in _SEPARATORS:
        return True
    classes = grammar.classes.get(words[at])
    return classes is not None and classes.isdisjoint(_AMOUNT)
