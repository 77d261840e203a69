"""Names that go on: with a number or a letter (caspase-99, ERK1/2), with 的, or over a list.

The 9 of MMP-2、9 is MMP-9, the 钙 of 钙、磷代谢 is 钙代谢, and 细菌的生长 is 细菌生长.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

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
_HAN = re.compile(r"[\u3400-\u9fff]+")
# What X的Y names as XY does: what happens to X, not what is measured of it, and no kind of thing.
_OF = frozenset({"process", "phenotype", "disease"})
# No listed head that a list shares is shorter: 磷|代谢.
_HEAD = 2


def go_on(
    words: Sequence[str],
    spaced: Container[int],
    end: int,
    names: dict[int, Found],
    lexicon: Lexicon,
    grammar: Grammar,
) -> None:
    """Let the names of a sentence that ends at `end` go on, in place; `spaced` holds the tokens with a space behind them."""
    beyond = 0
    for token in sorted(names):
        if token < beyond:
            del names[token]
            continue
        found = _tied(words, spaced, end, names[token], lexicon)
        if found.end + 1 < end:
            if words[found.end] == "的":
                found = _of(words, names, found, lexicon, grammar)
            elif words[found.end] in _SEPARATORS and found.end + 1 in names:
                found = _shared(words, found, names[found.end + 1], lexicon)
        names[token] = found
        beyond = found.end
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


def _of(words: Sequence[str], names: Mapping[int, Found], found: Found, lexicon: Lexicon, grammar: Grammar) -> Found:
    """Return a name with the 的 and the word after it where they name what is listed without 的.

    下降 and the like are no part of a name: they are its change.
    """
    after = names.get(found.end + 1)
    stop = after.end if after else found.end + 2
    if "change" in grammar.classes.get(words[stop - 1], ()):
        return found
    concepts = lexicon.lookup("".join((*words[found.start : found.end], *words[found.end + 1 : stop])))
    if not concepts or (after and after.concept in concepts):
        return found
    kind = lexicon.concepts[concepts[0]].type
    if kind not in _OF:
        return found
    return Found(found.start, stop, kind, "dictionary", concepts[0], concepts[1:])


def _shared(words: Sequence[str], found: Found, after: Found, lexicon: Lexicon) -> Found:
    """Return a name as what it names with the head of the name after it in a list: 钙 of 钙、磷代谢."""
    listed = "".join(words[after.start : after.end])
    if found.concept is None or not _HAN.fullmatch(listed) or found.type == after.type:
        return found
    name = "".join(words[found.start : found.end])
    for size in range(1, len(listed) - _HEAD + 1):
        concepts = lexicon.lookup(name + listed[size:])
        if concepts and any(lexicon.concepts[i].type == found.type for i in lexicon.lookup(listed[:size])):
            kind = lexicon.concepts[concepts[0]].type
            return Found(found.start, found.end, kind, "dictionary", concepts[0], concepts[1:])
    return found


def _closes(words: Sequence[str], at: int, end: int, grammar: Grammar) -> bool:
    """Whether what follows a number shows that it counts nothing: 、9升高, not 、9周."""
    if at >= end or words[at][0] in _STOPS or words[at] in _SEPARATORS:
        return True
    classes = grammar.classes.get(words[at])
    return classes is not None and classes.isdisjoint(_AMOUNT)
