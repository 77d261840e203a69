"""The names of all concepts, found in text by one automaton (Aho & Corasick 1975).

Names and text are folded to the same look-up key (`fold.py`); matches are kept where they do not cut a Latin word or a
number, and of those that overlap the leftmost, then the longest, wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from pipeline.lexicon.cache import cached, digest_of
from pipeline.lexicon.concept import Concept
from pipeline.lexicon.entries import AMBIGUOUS, BORDERED, FORMED, WORD, Entries, make_entries
from pipeline.lexicon.fold import LATIN, fold, key
from pipeline.lexicon.layers import overlay, read_shipped, read_user, shipped_digest, user_digest
from pipeline.tables import resource

_TWO_CAPITALS = re.compile("[A-Z]{2}")
# What may follow a name without a border: a plural, the arm of a microRNA, and the RNA that is meant.
_TAIL = re.compile(rf"(?<=[A-Z])s(?![{LATIN}0-9])|(?<=[0-9a-z])-[35]p(?![{LATIN}0-9])")
_RNA = ("mRNA", "siRNA", "shRNA", "miRNA")
# What may stand beside a name of one Chinese character; in other places it is a part of a word.
_APART = re.compile(r"[^\u3400-\u9fff]|[和与及或的对等在使被把将为是]")


# How far a name in a text stands for its concepts: it does; more than form must decide; it ends a longer word (心血管).
SURE, UNCLEAR, PART = range(3)


class Match(NamedTuple):
    """A name in a text: offsets are code points; `concepts` index `Lexicon.concepts`, none for a guard word.

    `ambiguous` says that the form alone does not tell the concept: it stands in `ambiguous.tsv`, or is two capital letters.
    """

    start: int
    end: int
    concepts: tuple[int, ...]
    ambiguous: bool


class _Compiled(NamedTuple):
    """What the cache keeps of a lexicon."""

    concepts: tuple[Concept, ...]
    ambiguous: list[str]
    entries: Entries


class Lexicon:
    """All concepts of a folder of tables; picklable, the automaton is built at first use in each process."""

    def __init__(
        self,
        concepts: Sequence[Concept],
        *,
        ambiguous: Iterable[str] = (),
        guards: Iterable[str] = (),
        digest: str = "",
        entries: Entries | None = None,
    ) -> None:
        """Take concepts; `guards` are words that are matched like names but stand for no concept: no name may cut them.

        `entries` are those of the concepts and words, where they are known already.
        """
        self.concepts = tuple(concepts)
        self.ambiguous = frozenset(ambiguous)
        self.guards = frozenset(guards)
        self.digest = digest
        self.entries = entries or make_entries(self.names(), ambiguous=self.ambiguous, guards=self.guards)

    @classmethod
    def load(cls, folder: Path | None = None, *, guards: Iterable[str] = (), user: Iterable[Path] = ()) -> Lexicon:
        """Read the tables of a concepts folder (the shipped one by default), with the families and ambiguous names beside it.

        `user` are folders of concept tables that lie over it (`layers.py`), the last one on top. What comes of the tables is
        kept in the cache.

        Raises:
            TableError: naming every bad row of the first bad table, or of all tables of a user's folder.
        """
        folder, layers, words = folder or resource("concepts"), list(user), sorted(set(guards))
        digest = shipped_digest(folder)
        if layers:
            digest = digest_of((digest, *map(user_digest, layers)))

        def compiled() -> _Compiled:
            concepts, ambiguous = read_shipped(folder)
            for upper in layers:
                concepts = overlay(concepts, read_user(upper))
            lexicon = cls(concepts, ambiguous=ambiguous, guards=words)
            return _Compiled(lexicon.concepts, ambiguous, lexicon.entries)

        concepts, ambiguous, entries = cached("lexicon", (digest, *words), _Compiled, compiled)
        return cls(concepts, ambiguous=ambiguous, guards=words, digest=digest, entries=entries)

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is built at first use: an automaton does not pickle."""
        return {name: self.__dict__[name] for name in ("concepts", "ambiguous", "guards", "digest", "entries")}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {folded: place for place, folded in enumerate(self.entries.keys)}

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self.entries.keys)

    def lookup(self, name: str) -> tuple[int, ...]:
        """Return the concepts that have a name, as indices of `concepts`; short names must agree in case."""
        place = self._places.get(key(name))
        return () if place is None else self.entries.agreeing(place, name)

    def find(self, text: str) -> list[Match]:
        """Return the names in a normalised text, leftmost and longest first, without overlaps."""
        bearers, all_flags = self.entries.concepts, self.entries.flags
        folded = fold(text)
        _, starts, ends, shifts = folded
        found = self._automaton.find_matches_as_indexes(folded.key, overlapping=True)
        # They come by their ends; sorted by start, the longest first: a stable sort keeps the reversed order.
        found.reverse()
        found.sort(key=itemgetter(1))
        matches: list[Match] = []
        beyond = 0
        for index, first, last in found:
            if first < beyond:
                continue
            # As `folded.source_start` and `source_end`, written out because this is the innermost loop.
            start, end = first + shifts[bisect_right(starts, first)], last + shifts[bisect_right(ends, last)]
            concepts, flags = bearers[index], all_flags[index]
            ambiguous = bool(flags & AMBIGUOUS)
            if flags & BORDERED and not (end := _end_of_name(text, start, end)):
                continue
            if flags & FORMED:
                if not (concepts := self.entries.agreeing(index, text[start:end])):
                    continue
                ambiguous = ambiguous or bool(_TWO_CAPITALS.fullmatch(text, start, end))
            beyond = last
            matches.append(Match(start, end, concepts, ambiguous))
        return matches

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield every name with the index of its concept."""
        for place, concept in enumerate(self.concepts):
            for name in concept.names:
                yield name, place


def _end_of_name(text: str, start: int, end: int) -> int:
    """Return the end of a match with its tail; 0 where it cuts a Latin word, a number or, one character long, a Chinese word."""
    first, before, after = text[start], text[start - 1 : start], text[end : end + 1]
    if before in WORD and first in WORD:
        return 0
    if tail := _TAIL.match(text, end):
        return tail.end()
    if after in WORD and text[end - 1] in WORD and not text.startswith(_RNA, end):
        return 0
    if end - start == 1 and (first in WORD or not _APART.match(before or "\n") or not _APART.match(after or "\n")):
        return 0
    return end
