"""The tagger: whether an unlisted stretch of words is a name, and of which type.

Linear scores over features of a stretch's form and surroundings, with integer weights (`models/tagger.tsv`, trained by
`benchmarks/tagger.py`), so that every machine decides the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.frames import Grammar
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found

_UPPER, _LOWER, _DIGITS = re.compile("[A-Z]+"), re.compile("[a-z]+"), re.compile(r"\d+(?:\.\d+)?")
_SHAPE = 10
_OFTEN = (1, 2, 4, 8)
_EDGES = ("<", ">")
# Words that say an effect: a sentence without one describes what was done.
_SAYING = frozenset({"verb", "effect", "change", "induce", "action", "role"})


class Scene(NamedTuple):
    """A sentence with its names: what the features of a stretch look at; `often` counts the words of the document."""

    words: Sequence[str]
    start: int
    end: int
    names: Mapping[int, Found]
    ends: Mapping[int, Found]
    often: Mapping[str, int]
    about: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str], start: int, end: int, names: Mapping[int, Found], often: Mapping[str, int], grammar: Grammar) -> Scene:
        """Make the scene of the sentence `start:end`."""
        inside = words[start:end]
        total = max(1, len(inside))
        digits = sum(word[0].isdigit() for word in inside)
        latin = sum(map(is_latin, inside))
        says = sum(not _SAYING.isdisjoint(grammar.classes.get(word, ())) for word in inside)
        about = (
            f"digits={10 * digits // total}",
            f"latin={min(5, 10 * latin // total)}",
            f"long={min(6, total // 10)}",
            f"says={min(3, says)}",
            f"names={min(6, 12 * len(names) // total)}",
        )
        return cls(words, start, end, names, {found.end: found for found in names.values()}, often, about)


def features(scene: Scene, found: Found, grammar: Grammar, forms: Forms, is_word: Callable[[str], bool]) -> list[str]:
    """Return the features of a stretch that was found without a concept."""
    words = scene.words
    return [
        *(f"method={found.method}", f"kind={found.type}", f"method+kind={found.method},{found.type}"),
        f"seam={int(_seam(words, scene.start, found.start, scene.end, is_word))}{int(_seam(words, scene.start, found.end, scene.end, is_word))}",
        *_form(scene.words[found.start : found.end], forms),
        *_around(scene, found, grammar),
        *scene.about,
    ]


def _seam(words: Sequence[str], first: int, at: int, last: int, is_word: Callable[[str], bool]) -> bool:
    """Whether a border lies within a word: what stands before and after it makes one, 组|织."""
    if not first < at < last:
        return False
    before, after = words[at - 1], words[at]
    return before[-1] >= "\u3400" and after[0] >= "\u3400" and (len(before) == 1 or len(after) == 1) and is_word(before[-1] + after[0])


def _form(inside: Sequence[str], forms: Forms) -> Iterator[str]:
    text = "".join(inside)
    yield f"tokens={min(5, len(inside))}"
    yield f"size={min(12, len(text))}"
    yield f"script={'latin' if is_latin(text) else 'han' if text.isalpha() and not text.isascii() else 'mixed'}"
    if any(c.isascii() for c in text):
        shape = _DIGITS.sub("0", _LOWER.sub("a", _UPPER.sub("A", text)))
        yield f"shape={shape[:_SHAPE]}"
    low = text.lower()
    for size in (1, 2, 3):
        yield f"ends={low[-size:]}"
        if size < 3:
            yield f"begins={low[:size]}"
    yield f"first={inside[0].lower()}"
    yield f"last={inside[-1].lower()}"
    yield f"suffix={next((low[-n:] for n in range(forms.longest, 0, -1) if low[-n:] in forms.suffixes), '')}"


def _around(scene: Scene, found: Found, grammar: Grammar) -> Iterator[str]:
    for place, at in (("before2", found.start - 2), ("before", found.start - 1), ("after", found.end), ("after2", found.end + 1)):
        if not scene.start <= at < scene.end:
            yield f"{place}={_EDGES[at >= scene.end]}"
            continue
        word = scene.words[at]
        yield f"{place}={word.lower()}"
        if len(word) > 1:
            yield f"{place}~{word[-1] if at < found.start else word[0]}"
        for name in grammar.classes.get(word, ()):
            yield f"{place}:{name}"
    if (before := scene.ends.get(found.start)) is not None:
        yield f"before@{before.type}"
    if (after := scene.names.get(found.end)) is not None:
        yield f"after@{after.type}"
    often = scene.often.get("".join(scene.words[found.start : found.end]), 0)
    yield f"often={sum(often > least for least in _OFTEN)}"
