"""Mentions within runs of noun-like tokens: names, unlisted names by word form, open chunks as last resort.

A run is a stretch of tokens between cue words. Names stand; an unlisted stretch that begins a run or follows a bearer or
a place is a mention of its own; one that comes right after a name is that name's tail and no mention (the extractor
reads it as its aspect); one before a name is its modifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.frames import Grammar
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found

# Classes that may stand inside an unlisted name but neither begin nor end it.
_INNER = frozenset({"adjective", "quantity", "locative"})
_PUNCTUATION = frozenset("，。；：、！？()[]{}“”‘’《》<>|=≥≤±×~*#$%&@^_\\\"' \n\t·—…")


def find_chunks(
    words: list[str],
    start: int,
    end: int,
    names: dict[int, Found],
    grammar: Grammar,
    forms: Forms,
    disable: frozenset[str],
) -> Iterator[Found]:
    """Yield the mentions of the tokens `start:end`, in order."""
    run: list[int] = []
    at = start
    while at < end:
        token = at
        at += 1
        if token in names:
            at = names[token].end
            run.extend(range(token, at))
        elif is_content(words, token, end, run, grammar, forms):
            run.append(token)
        elif run:
            yield from _in_run(words, run, names, grammar, forms, disable)
            run = []
    if run:
        yield from _in_run(words, run, names, grammar, forms, disable)


def is_content(words: list[str], token: int, end: int, run: list[int], grammar: Grammar, forms: Forms) -> bool:
    """Whether a token that is no listed name can be part of a noun chunk."""
    word = words[token]
    if word in _PUNCTUATION or not word[0].isalnum():
        return False
    classes = grammar.classes.get(word)
    if classes is None:
        return True
    if not classes.isdisjoint(_INNER):
        return bool(run) and token + 1 < end and grammar.classes.get(words[token + 1]) is None
    if "role" in classes and word in forms.suffixes and run:
        return True
    # 损伤, 感染 … end a name where no noun follows (心肌损伤), and are verbs elsewhere (损伤心肌).
    if word in forms.suffixes and run and len(word) > 1:
        following = words[token + 1] if token + 1 < end else "。"
        return following[0] in _PUNCTUATION or following in grammar.classes
    return False


def _in_run(
    words: list[str], run: list[int], names: dict[int, Found], grammar: Grammar, forms: Forms, disable: frozenset[str]
) -> Iterator[Found]:
    """Yield the names of a run, and a mention for its unlisted stretch where that is no name's tail or modifier."""
    named = {at for token in run if token in names for at in range(token, names[token].end)}
    while run and run[-1] not in named and not _INNER.isdisjoint(grammar.classes.get(words[run[-1]], ())):
        run = run[:-1]
    stretches: list[list[int]] = []
    beyond = 0
    for token in run:
        if token < beyond:
            continue
        if token in names:
            beyond = names[token].end
            stretches.append(list(range(token, beyond)))
        elif stretches and stretches[-1][0] not in names:
            stretches[-1].append(token)
        else:
            stretches.append([token])
    names = dict(names)
    stretches = _merged(words, stretches, names, forms)
    bounded: list[list[int] | None] = [None, *stretches, None]
    for (before, stretch), (_, after) in zip(pairwise(bounded), pairwise(bounded[1:]), strict=False):
        if stretch is None:
            break
        if stretch[0] in names:
            yield names[stretch[0]]
        else:
            left = names[before[0]] if before else None
            yield from _unlisted(words, stretch, left, after is not None, forms, disable)


def _merged(words: list[str], stretches: list[list[int]], names: dict[int, Found], forms: Forms) -> list[list[int]]:
    """Join a name and the word right after it that makes it another thing: 雌激素 + 受体, COX-2 + 抑制剂."""
    out: list[list[int]] = []
    for stretch in stretches:
        text = "".join(words[stretch[0] : stretch[-1] + 1])
        kind = forms.heads.get(text)
        if kind and out and out[-1][0] in names and out[-1][-1] + 1 == stretch[0]:
            first = out[-1][0]
            names[first] = Found(first, stretch[-1] + 1, kind, "morphology", None, ())
            out[-1] = [*out[-1], *stretch]
        else:
            out.append(stretch)
    return out


def _unlisted(
    words: list[str], stretch: list[int], left: Found | None, before_name: bool, forms: Forms, disable: frozenset[str]
) -> Iterator[Found]:
    while len(stretch) > 1 and words[stretch[0]].isdigit():
        stretch = stretch[1:]
    text = "".join(words[stretch[0] : stretch[-1] + 1])
    if len(stretch) == 1 and text.endswith("性") and len(text) > 2:
        return
    kind, method = _kind(words, stretch, text, forms)
    if kind is None or method in disable or len(text) < 2 or text.isdigit():
        return
    if before_name and method == "pattern":
        return
    if left is not None and left.type not in ("organism", "anatomy") and method == "pattern":
        return
    yield Found(stretch[0], stretch[-1] + 1, kind, method, None, ())


def _kind(words: list[str], stretch: list[int], text: str, forms: Forms) -> tuple[str | None, str]:
    """Return the type of an unlisted stretch and how it was found out."""
    if len(stretch) == 1 and is_latin(words[stretch[0]]):
        return forms.by_shape(words[stretch[0]]), "morphology"
    if kind := forms.by_suffix(text):
        return kind, "morphology"
    if is_latin(text):
        return forms.by_shape(text.replace(" ", "")) and "chemical", "morphology"
    return "process", "pattern"
