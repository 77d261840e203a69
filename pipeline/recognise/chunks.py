"""Mentions within runs of noun-like tokens: names, unlisted names by word form, open chunks as last resort.

A run is a stretch of tokens between cue words. Names stand; an unlisted stretch that begins a run or follows a bearer or
a place is a mention of its own; one that comes right after a name is that name's tail and no mention (the extractor
reads it as its aspect); one before a name is its modifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.frames import Grammar
from pipeline.recognise.forms import Forms, is_latin
from pipeline.recognise.found import Found

# Classes that may stand inside an unlisted name but neither begin nor end it.
_INNER = frozenset({"adjective", "quantity", "locative"})
_PUNCTUATION = frozenset("，。；：、！？()[]{}“”‘’《》<>|=≥≤±×~*#$%&@^_\\\"' \n\t·—…")
# 神经元 + 表皮样瘤 is one name; 破骨细胞 + 凋亡过程 is a name with its aspect; a protein after a name is a name of its own.
_COMPOUNDS = frozenset({"cell", "chemical", "complex_or_family", "disease", "drug", "pathway", "phenotype"})
# An open chunk is no longer than this in characters.
_LONGEST = 10
_PROSE = re.compile("[A-Z]?[a-z]{2,}")
_ET_AL = frozenset({"et", "al", "etal"})
# What is named for the first time in a bracket: an abbreviation.
_ABBREVIATION = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z0-9α-ω-]{2,10}")


class Chunker(NamedTuple):
    """Finds the mentions of a sentence among its names and the tokens between them."""

    grammar: Grammar
    forms: Forms
    disable: frozenset[str] = frozenset()

    def find(
        self, words: list[str], start: int, end: int, names: dict[int, Found], silent: frozenset[int] = frozenset()
    ) -> Iterator[Found]:
        """Yield the mentions of the tokens `start:end`, in order; `silent` tokens are known to be no name."""
        run: list[int] = []
        aside = latin_brackets(words, start, end)
        at = start
        while at < end:
            token = at
            at += 1
            if token in names:
                at = names[token].end
                run.extend(range(token, at))
            elif token not in aside and token not in silent and self._is_content(words, token, end, run):
                run.append(token)
            elif run:
                yield from self._in_run(words, run, end, names)
                run = []
        if run:
            yield from self._in_run(words, run, end, names)

    def _is_content(self, words: list[str], token: int, end: int, run: list[int]) -> bool:
        """Whether a token that is no listed name can be part of a noun chunk."""
        word = words[token]
        if word in _PUNCTUATION or not word[0].isalnum() or word in self.forms.no_names:
            return False
        classes = self.grammar.classes.get(word)
        if classes is None:
            return True
        if not classes.isdisjoint(_INNER):
            return bool(run) and token + 1 < end and self.grammar.classes.get(words[token + 1]) is None
        suffixes = self.forms.suffixes
        if "role" in classes and word in suffixes and run:
            return True
        # 损伤, 感染 … end a name where no noun follows (心肌损伤), and are verbs elsewhere (损伤心肌).
        if word in suffixes and run and len(word) > 1:
            following = words[token + 1] if token + 1 < end else "。"
            return following[0] in _PUNCTUATION or following in self.grammar.classes
        return False

    def _in_run(self, words: list[str], run: list[int], end: int, names: dict[int, Found]) -> Iterator[Found]:
        """Yield the names of a run, and a mention for its unlisted stretch where that is no name's tail or modifier."""
        names = {token: names[token] for token in run if token in names}
        named = {at for token, name in names.items() for at in range(token, name.end)}
        while run and run[-1] not in named and not _INNER.isdisjoint(self.grammar.classes.get(words[run[-1]], ())):
            run = run[:-1]
        if len(names) == 1 and len(named) == len(run):
            yield from names.values()
            return
        if not names:
            if run:
                yield from self._unlisted(words, run, end, None, before_name=False)
            return
        stretches = self._merged(words, _stretches(run, names), names)
        bounded: list[list[int] | None] = [None, *stretches, None]
        for (before, stretch), (_, after) in zip(pairwise(bounded), pairwise(bounded[1:]), strict=False):
            if stretch is None:
                break
            if stretch[0] in names:
                yield names[stretch[0]]
            else:
                left = names[before[0]] if before else None
                yield from self._unlisted(words, stretch, end, left, before_name=after is not None)

    def _is_author(self, words: list[str], stretch: list[int], end: int) -> bool:
        """Whether a stretch is the author of a cited work: 王某等[3], Smith et al, Smith等报道."""
        if any(words[token] in _ET_AL for token in stretch):
            return True
        at = stretch[-1] + 1
        if at + 1 >= end or "etc" not in self.grammar.classes.get(words[at], ()):
            return False
        following = words[at + 1]
        return following in "[(" or "reporting" in self.grammar.classes.get(following, ())

    def _is_foreign(self, words: list[str], stretch: list[int], end: int) -> bool:
        """Whether an unlisted Latin stretch is a maker, a tool, a command of LaTeX or a piece of English prose."""
        first, last = stretch[0], stretch[-1]
        if not all(is_latin(words[token]) or not words[token][0].isalpha() for token in stretch):
            return False
        before = words[first - 1] if first else ""
        after = words[last + 1] if last + 1 < end else ""
        if before == "\\" or after in self.forms.after:
            return True
        # An English word beside it that is a word of prose: in lower case, and no unit.
        return any(_PROSE.fullmatch(word) and not self.forms.is_measure(word) for word in (before, after))

    def _is_maker(self, words: list[str], stretch: list[int], end: int) -> bool:
        """Whether an unlisted stretch begins the name of a company or an institute, or comes after 购自.

        天根|生化|科技|有限公司; 购自|武汉|三鹰.
        """
        start = stretch[0] - 1
        while start >= 0 and "generic" in self.grammar.classes.get(words[start], ()):
            start -= 1
        if start >= 0 and words[start] in self.forms.bought:
            return True
        at = stretch[-1] + 1
        while at < end and words[at] in self.forms.amid:
            at += 1
        return at < end and words[at] in self.forms.makers

    def _merged(self, words: list[str], stretches: list[list[int]], names: dict[int, Found]) -> list[list[int]]:
        """Join a name and the word right after it that makes it another thing: 雌激素 + 受体, COX-2 + 抑制剂."""
        out: list[list[int]] = []
        for stretch in stretches:
            text = "".join(words[stretch[0] : stretch[-1] + 1])
            kind = self.forms.heads.get(text)
            if kind is None and stretch[0] not in names:
                kind = self._of_compound(text)
            if kind and out and out[-1][0] in names and out[-1][-1] + 1 == stretch[0]:
                first = out[-1][0]
                names[first] = Found(first, stretch[-1] + 1, kind, "morphology", None, ())
                out[-1] = [*out[-1], *stretch]
            else:
                out.append(stretch)
        return out

    def _of_compound(self, text: str) -> str | None:
        """Return the type of a word whose form names an entity, so that a name before it is part of its name."""
        kind = self.forms.by_suffix(text)
        return kind if kind in _COMPOUNDS else None

    def _unlisted(
        self, words: list[str], stretch: list[int], end: int, left: Found | None, *, before_name: bool
    ) -> Iterator[Found]:
        """Yield the mention that an unlisted stretch is, if any; `left` is the name before it."""
        if (
            self._is_author(words, stretch, end)
            or self._is_foreign(words, stretch, end)
            or self._is_maker(words, stretch, end)
        ):
            return
        forms = self.forms
        while len(stretch) > 1 and forms.is_measure(words[stretch[0]]):
            stretch = stretch[1:]
        while len(stretch) > 1 and forms.is_measure(words[stretch[-1]]):
            stretch = stretch[:-1]
        # 精准|化|疾病, 抗炎|症|作用: the first character is the end of the word before.
        if words[stretch[0]] in forms.bound and stretch[0] > 0 and words[stretch[0] - 1][-1].isalpha():
            if len(stretch) == 1 or left is not None:
                return
            stretch = stretch[1:]
        text = "".join(words[stretch[0] : stretch[-1] + 1])
        if len(stretch) == 1 and text.endswith("性") and len(text) > 2:
            return
        kind, method = self._kind(words, stretch, text)
        if self.forms.names_nothing(text) or (method == "pattern" and not self._is_open_name(words, stretch)):
            return
        if kind is None or method in self.disable or len(text) < 2 or text.isdigit():
            return
        if method == "pattern" and (before_name or (left is not None and left.type not in ("organism", "anatomy"))):
            return
        yield Found(stretch[0], stretch[-1] + 1, kind, method, None, ())

    def _kind(self, words: list[str], stretch: list[int], text: str) -> tuple[str | None, str]:
        """Return the type of an unlisted stretch and how it was found out."""
        forms = self.forms
        if len(stretch) == 1 and is_latin(words[stretch[0]]):
            return forms.by_shape(words[stretch[0]]), "morphology"
        if kind := forms.by_suffix(text):
            return kind, "morphology"
        if len(stretch) == 1:
            return forms.alone.get(text), "pattern"
        if is_latin(text):
            return forms.latin_head(words[stretch[-1]]), "morphology"
        return "process", "pattern"

    def _is_open_name(self, words: list[str], stretch: list[int]) -> bool:
        """Whether an open chunk can be a name: short, with a known word and without an amount or a Latin word in it."""
        inside = [words[token] for token in stretch]
        known = any(len(word) > 1 and "\u3400" <= word[0] <= "\u9fff" for word in inside)
        return known and sum(map(len, inside)) <= _LONGEST and not any(map(self._is_no_part, inside))

    def _is_no_part(self, word: str) -> bool:
        """Whether a word cannot stand in an open chunk: an amount, or one with Latin letters or digits."""
        return word.isascii() or self.forms.is_measure(word)


def _stretches(run: list[int], names: dict[int, Found]) -> list[list[int]]:
    """Cut a run into its names and the stretches of unlisted tokens between them."""
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
    return stretches


def cut_long_forms(
    words: list[str], start: int, end: int, names: dict[int, Found], joining: frozenset[str]
) -> Iterator[int]:
    """Yield where a name is a part of the English long form in a bracket: fatty acid of (fatty acid transport protein).

    Words that are `joining` (and, of, cells) stand between or after names.
    """
    aside = latin_brackets(words, start, end)
    for token, found in names.items():
        if token in aside and any(
            at in aside and _PROSE.fullmatch(words[at]) and words[at] not in joining for at in (token - 1, found.end)
        ):
            yield token


def latin_brackets(words: list[str], start: int, end: int) -> frozenset[int]:
    """Return the tokens in brackets without a Chinese word: long forms, authors, numbers, no unlisted names.

    An abbreviation that ends a bracket is not among them.
    """
    inside: set[int] = set()
    opened = -1
    for token in range(start, end):
        if words[token] == "(":
            opened = token
        elif words[token] == ")" and opened >= 0:
            if all(word[0] < "\u3400" or word[0] > "\u9fff" for word in words[opened:token]):
                last = token - 1 if _ABBREVIATION.fullmatch(words[token - 1]) else token
                inside.update(range(opened + 1, last))
            opened = -1
    return frozenset(inside)
