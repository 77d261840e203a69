"""Abbreviations that a document defines: 中文名(English name, ABBR).

After Schwartz & Hearst (2003), "A simple algorithm for identifying abbreviation definitions in biomedical text",
adapted: a Chinese name shares no letters with its abbreviation, so its left border is that of the noun chunk before the
bracket, and the English name in the bracket, where there is one, is checked against the abbreviation's letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.frames import Grammar
from pipeline.lexicon import Lexicon
from pipeline.lexicon.concept import Concept
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found

_ABBREVIATION = re.compile(r"(?=.*[A-Z])[A-Za-z0-9α-ω][A-Za-z0-9α-ω\-/+.]{1,11}")
_MAX_INSIDE = 24

Definition = tuple[list[int], str]


def letters_fit(abbreviation: str, name: str) -> bool:
    """Whether the letters of an abbreviation stand in its long form in order, the first at a word's start.

    >>> letters_fit("OPG", "osteoprotegerin"), letters_fit("TNF", "interleukin")
    (True, False)
    """
    wanted = [c for c in abbreviation.lower() if c.isalnum()]
    if not wanted or not name or name[0].lower() != wanted[0]:
        return False
    at = 0
    for c in wanted:
        at = name.lower().find(c, at)
        if at < 0:
            return c.isdigit()
        at += 1
    return True


def bracketed(words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield each bracket that may define an abbreviation: its sentence's start, its place, its parts, the abbreviation last."""
    for start, end in sentences:
        for token in range(start + 1, end):
            if words[token] != "(":
                continue
            close = next((i for i in range(token + 1, min(token + _MAX_INSIDE, end)) if words[i] == ")"), None)
            if close is None:
                continue
            parts = _parts(words[token + 1 : close])
            if not parts or not _ABBREVIATION.fullmatch(parts[-1]) or not is_latin(parts[-1]):
                continue
            if len(parts) == 1 or letters_fit(parts[-1], parts[0]):
                yield start, token, parts


def find_definitions(
    words: Sequence[str],
    sentences: Sequence[tuple[int, int]],
    names: dict[int, Found],
    lexicon: Lexicon,
    grammar: Grammar,
    forms: Forms,
) -> dict[str, Definition]:
    """Return what each abbreviation stands for: the concepts (may be none) and the type. First definition wins."""
    found: dict[str, Definition] = {}
    for start, token, parts in bracketed(words, sentences):
        known = parts[-1] in found or words[token - 1] in grammar.classes
        if not known and not any(map(forms.is_of_maker, parts)):
            found[parts[-1]] = _definition(words, start, token, names, parts, lexicon, grammar, forms)
    return {k: v for k, v in found.items() if v[1]}


def _parts(inside: Sequence[str]) -> list[str]:
    """Split what stands in a bracket at commas: long form, abbreviation."""
    text = " ".join(inside)
    parts = [re.sub(r" ?([-/.']) ?", r"\1", part).strip() for part in re.split(r"[，,;；:：]", text)]
    return [part for part in parts if part]


def _definition(
    words: Sequence[str],
    start: int,
    bracket: int,
    names: dict[int, Found],
    parts: list[str],
    lexicon: Lexicon,
    grammar: Grammar,
    forms: Forms,
) -> Definition:
    for name in parts[:-1]:
        if concepts := lexicon.lookup(name):
            return [concepts[0]], lexicon.concepts[concepts[0]].type
    before = names.get(bracket - 1)
    if before is not None and before.concept is not None:
        head_only = before.start > start and _goes_before(words[before.start - 1], grammar)
        if not head_only or _is_short_for(parts[-1], lexicon.concepts[before.concept]):
            return [before.concept, *before.others], before.type
        return [], before.type
    first = bracket
    while first > start and _goes_before(words[first - 1], grammar):
        first -= 1
    text = "".join(words[first:bracket])
    if len(text) < 2:
        return [], ""
    return [], forms.by_suffix(text) or forms.by_shape(parts[-1]) or ""


def _goes_before(word: str, grammar: Grammar) -> bool:
    """Whether a word before a name can belong to it: 栓塞 before 化疗(TACE)."""
    return word not in grammar.classes and word[0].isalnum()


def _is_short_for(abbreviation: str, concept: Concept) -> bool:
    """Whether an abbreviation is one of a concept's own names or fits one of them."""
    return any(abbreviation.lower() == name.lower() or letters_fit(abbreviation, name) for name in concept.en)
