"""The names of all concepts, found in text by one automaton (Aho & Corasick 1975).

Names and text are folded to the same look-up key (`fold.py`); matches are kept where they do not cut a Latin word or a
number, and of those that overlap the leftmost, then the longest, wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from pipeline.lexicon.concept import COLUMNS, Concept, concept, fault
from pipeline.lexicon.fold import LATIN, fold, key
from pipeline.tables import read_table, resource

_INNER = re.compile(rf"[{LATIN}0-9]")
_SHORT_LATIN = re.compile(rf"[{LATIN}0-9 \-]{{1,3}}")


class Match(NamedTuple):
    """A name in a text: offsets are code points; `concepts` index `Lexicon.concepts`, none for a guard word.

    `ambiguous` says that the form alone does not tell the concept (`ambiguous.tsv`).
    """

    start: int
    end: int
    concepts: tuple[int, ...]
    ambiguous: bool


class Lexicon:
    """All concepts of a folder of tables; picklable, the automaton is built at first use in each process."""

    def __init__(
        self,
        concepts: Sequence[Concept],
        *,
        ambiguous: Iterable[str] = (),
        guards: Iterable[str] = (),
        digest: str = "",
    ) -> None:
        """Take concepts; `guards` are words that are matched like names but stand for no concept: no name may cut them."""
        self.concepts = tuple(concepts)
        self.ambiguous = frozenset(ambiguous)
        self.guards = frozenset(guards)
        self.digest = digest

    @classmethod
    def load(cls, folder: Path | None = None, *, guards: Iterable[str] = ()) -> Lexicon:
        """Read every table of a concepts folder, the shipped one by default.

        Raises:
            TableError: naming every bad row.
        """
        folder = folder or resource("concepts")
        digest = sha256()
        concepts: list[Concept] = []
        paths = sorted(folder.glob("*.tsv"))
        listed = folder.parent / "ambiguous.tsv"
        for path in paths:
            digest.update(path.read_bytes())
            concepts += [concept(row) for row in read_table(path, COLUMNS, check=fault)]
        ambiguous = (
            [row["name"] for row in read_table(listed, ("name", "reason"), key=("name",))] if listed.exists() else []
        )
        return cls(concepts, ambiguous=ambiguous, guards=guards, digest=digest.hexdigest())

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is built at first use: an automaton does not pickle."""
        return {name: self.__dict__[name] for name in ("concepts", "ambiguous", "guards", "digest")}

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i, item in enumerate(self.concepts):
            for name in item.names:
                rows = found.setdefault(key(name), [])
                if i not in rows:
                    rows.append(i)
        return found

    @cached_property
    def _forms(self) -> dict[str, frozenset[str]]:
        """The printed forms of the keys whose case matters: short Latin names and ambiguous ones."""
        forms: dict[str, set[str]] = {}
        for item in self.concepts:
            for name in item.names:
                if _SHORT_LATIN.fullmatch(name) or name in self.ambiguous:
                    forms.setdefault(key(name), set()).add(name.replace("-", "").replace(" ", ""))
        return {k: frozenset(v) for k, v in forms.items()}

    @cached_property
    def _keys(self) -> list[str]:
        keys = dict.fromkeys(k for k in self._by_key if len(k) > 1)
        keys.update(dict.fromkeys(key(word) for word in self.guards))
        return list(keys)

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self._keys)

    @cached_property
    def _ambiguous_keys(self) -> frozenset[str]:
        return frozenset(key(name) for name in self.ambiguous)

    def lookup(self, name: str) -> tuple[int, ...]:
        """Return the concepts that have a name, as indices of `concepts`."""
        return tuple(self._by_key.get(key(name), ()))

    def find(self, text: str) -> list[Match]:
        """Return the names in a normalised text, leftmost and longest first, without overlaps."""
        folded = fold(text)
        keys = self._keys
        found: list[tuple[int, int, int]] = []
        for index, first, last in self._automaton.find_matches_as_indexes(folded.key, overlapping=True):
            found.append((first, -last, index))
        found.sort()
        out: list[Match] = []
        at = 0
        for first, minus_last, index in found:
            if first < at:
                continue
            start, end = folded.source_start(first), folded.source_end(-minus_last)
            if _cuts_word(text, start, end):
                continue
            name = keys[index]
            concepts = self._by_key.get(name, ())
            if concepts and not self._case_agrees(name, text[start:end]):
                continue
            at = -minus_last
            out.append(Match(start, end, tuple(concepts), name in self._ambiguous_keys))
        return out

    def _case_agrees(self, name: str, printed: str) -> bool:
        forms = self._forms.get(name)
        return forms is None or printed.replace("-", "").replace(" ", "") in forms

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield every name with the index of its concept."""
        for i, item in enumerate(self.concepts):
            for name in item.names:
                yield name, i


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a match begins or ends inside a Latin word or a number: IL-1 in IL-10."""
    return bool(
        (start > 0 and _INNER.match(text[start - 1]) and _INNER.match(text[start]))
        or (end < len(text) and _INNER.match(text[end]) and _INNER.match(text[end - 1]))
    )
