"""Normalised text -> spaCy Doc: lexicon names whole, jieba for the gaps, sentences.

Token borders decide what the later stages see: a name of the lexicon is one token, a run of Latin letters, Greek letters
and digits is one token, and what is between is cut by a private `jieba.Tokenizer` without its hidden Markov model.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from math import log
from pathlib import Path
from typing import NamedTuple

import jieba
import msgspec
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.frames import Grammar
from pipeline.lexicon import PART, SURE, UNCLEAR, Lexicon
from pipeline.lexicon.cache import cached
from pipeline.normalise import Block, Normalised
from pipeline.spans import Plain, set_spans
from pipeline.tables import read_table, resource

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇\U00020000-\U0003134f"
_LETTER = rf"[^\W_{HAN}]"
# One token: a Latin word with what ties its parts together (IL-1β, CD4+, 1,25, 0.05, p38, C/EBPα, 3'UTR).
_RUN = re.compile(rf"{_LETTER}+(?:(?:[-.'’+*:]|,(?=\d{{3}}(?!\d)))*{_LETTER}+)*\+?|[{HAN}]+|\s+|.", re.S)
_SENTENCE_END = re.compile(rf"[。！？!?]+[”’」』)\]]*|(?<=[{HAN})\]])\.(?=\s|[{HAN}]|$)|\n+")
_HAN = re.compile(rf"[{HAN}]+")
# The longest part of a word beside a name that is looked at.
_LONGEST_PART = 3
# Blocks that hold no running text: their tokens are not looked at.
MINED = frozenset({"paragraph", "list"})


class Words(NamedTuple):
    """jieba's dictionary, packed by first character: what follows it, in a word or in the beginning of one -> frequency."""

    total: int
    packed: dict[str, bytes]


def _read_words(more: Sequence[str]) -> Words:
    """Read jieba's dictionary and add words that it lacks, as jieba does."""
    plain = jieba.Tokenizer()
    # Not `initialize`: it would take what it reads from a file that anybody may have written.
    plain.FREQ, plain.total = plain.gen_pfdict(plain.get_dict_file())
    plain.initialized = True
    for word in more:
        if not plain.FREQ.get(word):
            plain.add_word(word)
    by_first: dict[str, dict[str, int]] = {}
    for word, frequency in plain.FREQ.items():
        by_first.setdefault(word[0], {})[word[1:]] = frequency
    return Words(plain.total, {first: msgspec.msgpack.encode(rest) for first, rest in by_first.items()})


class Tokenizer(jieba.Tokenizer):  # type: ignore[misc]
    """jieba's tokenizer, for `cut(…, HMM=False)` only: it cuts the same, but unpacks of the dictionary what a text needs."""

    def __init__(self, more: Sequence[str]) -> None:
        """Read the dictionary from the cache; `more` words are added where it lacks them."""
        super().__init__()
        status = Path(jieba.__file__).with_name(jieba.DEFAULT_DICT_NAME).stat()
        parts = (jieba.__version__, f"{status.st_size} {status.st_mtime_ns}", Path(__file__).read_bytes(), *more)
        words = cached("words", parts, Words, lambda: _read_words(more))
        self.total = words.total
        self.initialized = True
        self._packed = words.packed
        self._weights: dict[str, dict[str, float]] = {}

    def get_DAG(self, sentence: str) -> str:  # noqa: N802
        """Return the sentence: `calc` finds the words of the graph itself."""
        return sentence

    def calc(self, sentence: str, DAG: str, route: dict[int, tuple[float, int]]) -> None:  # noqa: ARG002, N803
        """Find the likeliest way from each character to the end: its weight, and the last character of its first word."""
        end = len(sentence)
        route[end] = (0.0, 0)
        unknown = log(1) - log(self.total)
        for start in range(end - 1, -1, -1):
            rests = self._weights.get(sentence[start]) or self._unpack(sentence[start])
            best, last = float("-inf"), start
            stop = start + 1
            while stop <= end and (weight := rests.get(sentence[start + 1 : stop])) is not None:
                # A beginning that is no word has no weight. Of two ways of one weight jieba takes that of the longer word.
                if weight and (sum_ := weight + route[stop][0]) >= best:
                    best, last = sum_, stop - 1
                stop += 1
            route[start] = (best, last) if best > float("-inf") else (unknown + route[start + 1][0], start)

    def is_word(self, text: str) -> bool:
        """Whether a text is a word of the dictionary."""
        return (self._weights.get(text[0]) or self._unpack(text[0])).get(text[1:], 0.0) < 0

    def _unpack(self, first: str) -> dict[str, float]:
        packed = self._packed.get(first)
        rests: dict[str, int] = msgspec.msgpack.decode(packed, type=dict[str, int]) if packed else {"": 0}
        scale = log(self.total)
        weights = {rest: log(frequency) - scale if frequency else 0.0 for rest, frequency in rests.items()}
        self._weights[first] = weights
        return weights


class Segmenter:
    """The tokenizer of the pipeline; `segment` also sets the sentences of the blocks that hold running text."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon, grammar: Grammar) -> None:
        """Keep the parts; jieba's dictionary is read at first use."""
        self.vocab = vocab
        self.lexicon = lexicon
        self.grammar = grammar
        rows = read_table(resource("beside.tsv"), ("part",), key=("part",))
        self.beside = frozenset(row["part"] for row in rows)

    @cached_property
    def jieba(self) -> Tokenizer:
        """A tokenizer of our own: jieba's global one leaks words between pipelines."""
        return Tokenizer([word for word in self.grammar.classes if len(word) > 1])

    def is_word(self, text: str) -> bool:
        """Whether a text is a word of jieba's dictionary."""
        return self.jieba.is_word(text)

    def __call__(self, text: str) -> Doc:
        """Cut a normalised text that has no layout; offsets are code points of `text`."""
        doc, _ = self._cut(text, [(0, len(text))])
        return doc

    def segment(self, normalised: Normalised, mined: Sequence[Block]) -> Doc:
        """Cut a document; only the blocks `mined` are cut finely and split into sentences.

        The Doc carries `spans["sentences"]`, each with the kind of its block, and `user_data["names"]`:
        `[first token, end token, state, concept, …]` a name; `user_data["words"]` are the tokens as strings.
        """
        text = normalised.text
        doc, starts = self._cut(text, [(block.start, block.end) for block in mined])
        sentences = []
        for block in mined:
            for start, end in split_sentences(text, block.start, block.end):
                first, last = bisect_left(starts, start), bisect_left(starts, end)
                if first < last:
                    sentences.append(Plain(first, last, block.kind))
        set_spans(doc, "sentences", sentences)
        return doc

    def _cut(self, text: str, stretches: Iterable[tuple[int, int]]) -> tuple[Doc, list[int]]:
        words: list[str] = []
        names: list[list[int]] = []
        at = 0
        for start, end in stretches:
            words.extend(_coarse(text[at:start]))
            self._cut_stretch(text[start:end], words, names)
            at = end
        words.extend(_coarse(text[at:]))
        tokens, spaces, starts, index = _with_spaces(words)
        doc = Doc(self.vocab, words=tokens, spaces=spaces)
        # A token of spaCy is made anew each time that it is asked for; the stages read plain strings.
        doc.user_data["words"] = tokens
        doc.user_data["names"] = [[index[first], index[first] + 1, *rest] for first, *rest in names]
        return doc, starts

    def _cut_stretch(self, text: str, words: list[str], names: list[list[int]]) -> None:
        cut = self.jieba.cut
        at = 0
        for match in self.lexicon.find(text):
            if match.start < at:
                continue
            start, end = self._whole(text, at, match.start, match.end) if match.concepts else (match.start, match.end)
            if at < start:
                self._cut_gap(text[at:start], words, cut)
            if match.concepts and end == match.end:
                state = PART if start < match.start else UNCLEAR if match.ambiguous else SURE
                names.append([len(words), state, *match.concepts])
            words.append(text[start:end])
            at = end
        if at < len(text):
            self._cut_gap(text[at:], words, cut)

    def _whole(self, text: str, at: int, start: int, end: int) -> tuple[int, int]:
        """Return the borders of the word of which a Chinese name is the end or the beginning: 心血管, 脊椎动物, 血清型.

        Nothing before `at` is looked at. A part that only stands beside names (抗, 者) makes no such word.
        """
        name = text[start:end]
        if not _HAN.fullmatch(name):
            return start, end
        for size in range(_LONGEST_PART, 0, -1):
            part = text[end : end + size]
            if (
                len(part) == size
                and _HAN.fullmatch(part)
                and part not in self.beside
                and self.jieba.is_word(name + part)
            ):
                return start, end + size
        for size in range(min(_LONGEST_PART, start - at), 0, -1):
            part = text[start - size : start]
            if _HAN.fullmatch(part) and part not in self.beside and self.jieba.is_word(part + name):
                return start - size, end
        return start, end

    @staticmethod
    def _cut_gap(gap: str, words: list[str], cut: Callable[..., Iterable[str]]) -> None:
        for run in _RUN.findall(gap):
            if len(run) > 1 and run[0] >= "\u3400":
                words.extend(cut(run, HMM=False))
            else:
                words.append(run)


def _coarse(text: str) -> list[str]:
    """Cut text that is not mined at line ends only, so that the words still make up the text."""
    return [part for part in re.split(r"(\n)", text) if part]


def _with_spaces(words: list[str]) -> tuple[list[str], list[bool], list[int], list[int]]:
    """Fold single spaces into the token before; also return token starts and, for each word, its token's index."""
    tokens: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    index: list[int] = []
    at = 0
    for word in words:
        if word == " " and tokens and not spaces[-1]:
            spaces[-1] = True
            index.append(len(tokens) - 1)
        else:
            index.append(len(tokens))
            tokens.append(word)
            spaces.append(False)
            starts.append(at)
        at += len(word)
    return tokens, spaces, starts, index


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]`, without white space at their ends."""
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        yield from _stripped(text, at, match.end())
        at = match.end()
    yield from _stripped(text, at, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
