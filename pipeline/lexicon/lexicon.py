"""The names of all concepts, found in text by one automaton (Aho & Corasick 1975).

Names and text are folded to the same look-up key (`fold.py`); matches are kept where they do not cut a Latin word or a
number, and of those that overlap the leftmost, then the longest, wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from pipeline.lexicon.concept import Concept, read_concepts
from pipeline.lexicon.families import expand, layer, read_families, read_members
from pipeline.lexicon.fold import LATIN, cased, fold, key, keys
from pipeline.tables import read_table, resource

_WORD = frozenset(chr(code) for code in range(0x400) if re.match(rf"[{LATIN}0-9]", chr(code)))
_LATIN_NAME = re.compile(rf"[{LATIN}0-9 \-]+")
_TWO_CAPITALS = re.compile("[A-Z]{2}")
# What may follow a name without a border: a plural, the arm of a microRNA, and the RNA that is meant.
_TAIL = re.compile(rf"(?<=[A-Z])s(?![{LATIN}0-9])|(?<=[0-9a-z])-[35]p(?![{LATIN}0-9])")
_RNA = ("mRNA", "siRNA", "shRNA", "miRNA")
# What may stand beside a name of one Chinese character; in other places it is a part of a word.
_APART = re.compile(r"[^\u3400-\u9fff]|[和与及或的对等在使被把将为是]")


class Match(NamedTuple):
    """A name in a text: offsets are code points; `concepts` index `Lexicon.concepts`, none for a guard word.

    `ambiguous` says that the form alone does not tell the concept: it stands in `ambiguous.tsv`, or is two capital letters.
    """

    start: int
    end: int
    concepts: tuple[int, ...]
    ambiguous: bool


class Entry(NamedTuple):
    """What a key stands for.

    `concepts` bear a name of the key whatever its case; `exact` and `cased` say which bear it in a certain form: as it is
    listed, or with its case but another spelling. Both are empty where form makes no difference. `bordered` says that what stands
    beside a match matters: Latin letters, digits, a single Chinese character.
    """

    concepts: tuple[int, ...]
    exact: dict[str, tuple[int, ...]]
    cased: dict[str, tuple[int, ...]]
    ambiguous: bool
    bordered: bool


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
        """Take concepts; `guards` are words that are matched like names but stand for no concept: no name may cut them.

        An ambiguous name that no concept bears is a guard, too.
        """
        self.concepts = tuple(concepts)
        self.ambiguous = frozenset(ambiguous)
        self.guards = frozenset(guards)
        self.digest = digest

    @classmethod
    def load(cls, folder: Path | None = None, *, guards: Iterable[str] = ()) -> Lexicon:
        """Read the tables of a concepts folder (the shipped one by default), with the families and ambiguous names beside it.

        Raises:
            TableError: naming every bad row of the first bad table.
        """
        folder = folder or resource("concepts")
        beside = {name: folder.parent / f"{name}.tsv" for name in ("families", "family_members", "ambiguous")}
        digest = sha256()
        for path in (*sorted(folder.glob("*.tsv")), *beside.values(), resource("greek.tsv")):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        concepts = [each for path in sorted(folder.glob("*.tsv")) for each in read_concepts(path, ordered=False)]
        if beside["families"].is_file():
            members = expand(read_families(beside["families"]), read_members(beside["family_members"]))
            concepts = layer(concepts, members)
        listed = beside["ambiguous"]
        rows = read_table(listed, ("name", "reason"), key=("name",)) if listed.is_file() else []
        return cls(concepts, ambiguous=(row["name"] for row in rows), guards=guards, digest=digest.hexdigest())

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is built at first use: an automaton does not pickle."""
        return {name: self.__dict__[name] for name in ("concepts", "ambiguous", "guards", "digest")}

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        """What each key stands for."""
        bearers: dict[str, dict[int, list[str]]] = {}
        names = list(self.names())
        for folded, (name, place) in zip(keys(name for name, _ in names), names, strict=True):
            bearers.setdefault(folded, {}).setdefault(place, []).append(name)
        ambiguous = {key(name) for name in self.ambiguous}
        entries = {folded: _entry(folded, group, folded in ambiguous) for folded, group in bearers.items()}
        for folded in keys((*self.guards, *sorted(self.ambiguous))):
            entries.setdefault(folded, Entry((), {}, {}, False, _bordered(folded)))
        return entries

    @cached_property
    def _automaton(self) -> tuple[ahocorasick_rs.AhoCorasick, list[Entry]]:
        return ahocorasick_rs.AhoCorasick(self._entries), list(self._entries.values())

    def lookup(self, name: str) -> tuple[int, ...]:
        """Return the concepts that have a name, as indices of `concepts`; short names must agree in case."""
        entry = self._entries.get(key(name))
        return _agreeing(entry, name) if entry else ()

    def find(self, text: str) -> list[Match]:
        """Return the names in a normalised text, leftmost and longest first, without overlaps."""
        automaton, entries = self._automaton
        folded = fold(text)
        _, starts, ends, shifts = folded
        found = automaton.find_matches_as_indexes(folded.key, overlapping=True)
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
            concepts, exact, _, ambiguous, bordered = entries[index]
            if bordered and not (end := _end_of_name(text, start, end)):
                continue
            if exact:
                if not (concepts := _agreeing(entries[index], text[start:end])):
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


def _strict(name: str) -> bool:
    """Whether a name must agree in case: of three Latin letters and digits, or an abbreviation that could be a word.

    >>> [name for name in ("NO", "TNF", "E2", "TIME", "RANK", "IL-6", "p53", "Snail", "apelin", "铁") if _strict(name)]
    ['NO', 'TNF', 'E2', 'TIME', 'RANK', 'IL-6', 'p53']
    """
    if not _LATIN_NAME.fullmatch(name):
        return False
    compact = _compact(name)
    return len(compact) < 4 or (len(compact) < 7 and compact.isalpha() and sum(map(str.isupper, compact)) > 1)


def _compact(name: str) -> str:
    return name.replace("-", "").replace(" ", "")


def _entry(folded: str, group: dict[int, list[str]], ambiguous: bool) -> Entry:
    """Make the entry of a key from the concepts that bear it and the names by which they do."""
    loose = tuple(group)
    if ambiguous or len(folded) < 7:
        loose = tuple(place for place, names in group.items() if not (ambiguous or all(map(_strict, names))))
    exact: dict[str, tuple[int, ...]] = {}
    spelt: dict[str, tuple[int, ...]] = {}
    if len(group) > 1 or not loose:
        for place, names in group.items():
            spellings = list(map(cased, names))
            for forms, listed in ((exact, map(_compact, names)), (spelt, (*spellings, *map(str.upper, spellings)))):
                for name in dict.fromkeys(listed):
                    forms[name] = (*forms.get(name, ()), place)
    return Entry(loose, exact, spelt, ambiguous, _bordered(folded))


def _agreeing(entry: Entry, printed: str) -> tuple[int, ...]:
    """Return the concepts of an entry that are meant by what is printed, by its form."""
    if not entry.exact:
        return entry.concepts
    form = _compact(printed)
    if " " in printed and len(form) < 4 and form.isalpha() and form.isascii():
        return ()
    return entry.exact.get(form) or entry.cased.get(cased(printed)) or entry.concepts


def _bordered(folded: str) -> bool:
    return len(folded) == 1 or folded[0] in _WORD or folded[-1] in _WORD


def _end_of_name(text: str, start: int, end: int) -> int:
    """Return the end of a match with its tail; 0 where it cuts a Latin word, a number or, one character long, a Chinese word."""
    first, before, after = text[start], text[start - 1 : start], text[end : end + 1]
    if before in _WORD and first in _WORD:
        return 0
    if tail := _TAIL.match(text, end):
        return tail.end()
    if after in _WORD and text[end - 1] in _WORD and not text.startswith(_RNA, end):
        return 0
    if end - start == 1 and (first in _WORD or not _APART.match(before or "\n") or not _APART.match(after or "\n")):
        return 0
    return end
