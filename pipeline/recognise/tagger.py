"""The tagger: how likely it is that an unlisted stretch of words is a name, with these borders and of this type.

A linear score over features of the stretch's form and surroundings, averaged over a document, with integer weights
(`models/tagger.tsv`, trained by `benchmarks/tagger.py`), so that every machine decides the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import exp
from pathlib import Path
from typing import NamedTuple

from pipeline.frames import Grammar
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found
from pipeline.tables import Row, read_table, resource

# Below this a stretch is no name.
LEAST = 0.2
# Below this it is doubtful: written only where a statement has it as an end.
LIKELY = 0.7
# What a score of 1 is in weights.
UNIT = 100
BIAS = "bias"
_UPPER, _LOWER, _DIGITS = re.compile("[A-Z]+"), re.compile("[a-z]+"), re.compile(r"\d+(?:\.\d+)?")
_SHAPE = 10
_OFTEN = (1, 2, 4, 8)
_PLACES = (("before2", -2), ("before", -1), ("after", 0), ("after2", 1))
# Words that say an effect: a sentence without one describes what was done.
_SAYING = frozenset({"verb", "effect", "change", "induce", "action", "role"})


class Scene(NamedTuple):
    """A sentence with its listed names; `often` counts the unlisted stretches of the document, `about` are features of it all."""

    words: Sequence[str]
    start: int
    end: int
    names: Mapping[int, Found]
    ends: Mapping[int, Found]
    often: Mapping[str, int]
    about: tuple[str, ...]


class Tagger:
    """Scores unlisted stretches; `is_word` says whether a text is a word of the language."""

    def __init__(
        self, grammar: Grammar, forms: Forms, is_word: Callable[[str], bool], path: Path | None = None
    ) -> None:
        """Read the weights."""
        self.grammar = grammar
        self.forms = forms
        self.is_word = is_word
        rows = read_table(path or resource("models/tagger.tsv"), ("feature", "weight"), key=("feature",), check=_weight)
        self.weights = {row["feature"]: int(row["weight"]) for row in rows}

    def weigh(
        self, words: Sequence[str], sentences: Iterable[tuple[int, int]], found: Sequence[Found]
    ) -> Iterator[tuple[Found, float]]:
        """Yield each unlisted stretch of a document with the likelihood that it is a name, in order."""
        get = self.weights.get
        bias = get(BIAS, 0)
        scores: list[tuple[Found, tuple[str, str], int]] = []
        sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        often: Counter[tuple[str, str]] = Counter()
        for each, features in self.features(words, sentences, found):
            key = "".join(words[each.start : each.end]), each.type
            score = bias + sum(get(feature, 0) for feature in features)
            scores.append((each, key, score))
            sums[key] += score
            often[key] += 1
        likely = {key: 1 / (1 + exp(-total / (UNIT * often[key]))) for key, total in sums.items()}
        for each, key, _ in scores:
            yield each, likely[key]

    def features(
        self, words: Sequence[str], sentences: Iterable[tuple[int, int]], found: Sequence[Found]
    ) -> Iterator[tuple[Found, list[str]]]:
        """Yield each unlisted stretch with its features; `found` are all mentions of the document, in order."""
        often = Counter("".join(words[each.start : each.end]) for each in found if each.is_unlisted)
        at = 0
        for start, end in sentences:
            first = at
            while at < len(found) and found[at].start < end:
                at += 1
            inside = found[first:at]
            unlisted = [each for each in inside if each.is_unlisted]
            if unlisted:
                names = [each for each in inside if not each.is_unlisted]
                scene = self._scene(words, start, end, names, often)
                for each in unlisted:
                    yield each, [*self._form(scene, each), *self._around(scene, each), *scene.about]

    def _scene(
        self, words: Sequence[str], start: int, end: int, names: Sequence[Found], often: Mapping[str, int]
    ) -> Scene:
        inside = words[start:end]
        total = max(1, len(inside))
        classes = self.grammar.classes
        says = sum(not _SAYING.isdisjoint(classes.get(word, ())) for word in inside)
        about = (
            f"digits={10 * sum(word[0].isdigit() for word in inside) // total}",
            f"latin={min(5, 10 * sum(word[0].isascii() and word[0].isalpha() for word in inside) // total)}",
            f"long={min(6, total // 10)}",
            f"says={min(3, says)}",
            f"names={min(6, 12 * len(names) // total)}",
        )
        return Scene(
            words, start, end, {each.start: each for each in names}, {each.end: each for each in names}, often, about
        )

    def _form(self, scene: Scene, found: Found) -> Iterator[str]:
        words = scene.words
        inside = words[found.start : found.end]
        text = "".join(inside)
        low = text.lower()
        yield f"method={found.method}"
        yield f"kind={found.type}"
        yield f"method+kind={found.method},{found.type}"
        seams = (found.start, found.end)
        yield "seam=" + "".join(
            "01"[scene.start < at < scene.end and self._seam(words[at - 1], words[at])] for at in seams
        )
        yield f"tokens={min(5, len(inside))}"
        yield f"size={min(12, len(text))}"
        yield f"script={'latin' if is_latin(text) else 'han' if text.isalpha() and not text.isascii() else 'mixed'}"
        if any(c.isascii() for c in text):
            yield f"shape={_DIGITS.sub('0', _LOWER.sub('a', _UPPER.sub('A', text)))[:_SHAPE]}"
        for size in (1, 2, 3):
            yield f"ends={low[-size:]}"
        yield f"begins={low[:1]}"
        yield f"begins={low[:2]}"
        yield f"first={inside[0].lower()}"
        yield f"last={inside[-1].lower()}"
        suffixes = self.forms.suffixes
        yield f"suffix={next((low[-n:] for n in range(self.forms.longest, 0, -1) if low[-n:] in suffixes), '')}"
        often = scene.often.get(text, 0)
        yield f"often={sum(often > least for least in _OFTEN)}"

    def _seam(self, before: str, after: str) -> bool:
        """Whether a border lies within a word: what stands before and after it makes one, 组|织."""
        if before[-1] < "\u3400" or after[0] < "\u3400" or (len(before) > 1 and len(after) > 1):
            return False
        return self.is_word(before[-1] + after[0])

    def _around(self, scene: Scene, found: Found) -> Iterator[str]:
        words, classes = scene.words, self.grammar.classes
        for place, away in _PLACES:
            at = (found.start if away < 0 else found.end) + away
            if not scene.start <= at < scene.end:
                yield f"{place}={'<' if away < 0 else '>'}"
                continue
            word = words[at]
            yield f"{place}={word.lower()}"
            if len(word) > 1:
                yield f"{place}~{word[-1] if away < 0 else word[0]}"
            for name in classes.get(word, ()):
                yield f"{place}:{name}"
        if (before := scene.ends.get(found.start)) is not None:
            yield f"before@{before.type}"
        if (after := scene.names.get(found.end)) is not None:
            yield f"after@{after.type}"


def _weight(row: Row) -> str | None:
    return None if row["weight"].lstrip("-").isdigit() else f"weight is {row['weight']!r}; it must be a whole number"
