"""New names out of a corpus: definitions of abbreviations, counted by documents, for a person to accept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from pipeline.batch.corpus import Input
from pipeline.lexicon import Lexicon
from pipeline.lexicon.fold import key
from pipeline.readers import ReadError, open_source
from pipeline.recognise.definitions import Definition

COLUMNS = ("zh", "en", "abbr", "documents", "curie", "known")
# The share of the documents in which the words before a bracket must be the same to be part of the name.
_SHARE = 0.6
# From how many documents on their agreement tells where a name begins.
_TELLING = 3


class Mined(NamedTuple):
    """A definition and in how many documents it stands; `curie` is the lexicon's by the English name.

    `known` says that the lexicon has the Chinese name.
    """

    zh: str
    en: str
    abbr: str
    documents: int
    curie: str
    known: bool


def collect(
    inputs: Iterable[Input], read: Callable[[str], Iterable[Definition]], skip: Callable[[Input, ReadError], None]
) -> list[list[Definition]]:
    """Return the definitions of each document, each once; `skip` hears of documents that cannot be read."""
    found = []
    for item in inputs:
        try:
            text = open_source(item.file).text
        except ReadError as error:
            skip(item, error)
        else:
            found.append(list(dict.fromkeys(read(text))))
    return found


def rank(documents: Iterable[Iterable[Definition]], lexicon: Lexicon, *, least: int = 1) -> list[Mined]:
    """Join the definitions of all documents, ground them by their English names, and order them by documents.

    What stands in fewer than `least` documents is left out.
    """
    groups: dict[tuple[str, str, str], dict[int, list[Definition]]] = defaultdict(lambda: defaultdict(list))
    for number, found in enumerate(documents):
        for each in found:
            # One abbreviation may mean several things; the ends of their names tell them apart.
            group = key(each.abbr), key(each.en), "".join(each.before)[-2:]
            groups[group][number].append(each)
    mined = [_joined(list(group.values()), lexicon) for group in groups.values() if len(group) >= least]
    return sorted(mined, key=lambda row: (-row.documents, row.zh, row.en, row.abbr))


def _joined(documents: Sequence[Sequence[Definition]], lexicon: Lexicon) -> Mined:
    zh = _name(documents)
    en, abbr = (_most(each[place] for found in documents for each in found) for place in (2, 3))
    concepts = [lexicon.concepts[place] for place in lexicon.lookup(str(en))] if en else []
    curies = dict.fromkeys(concept.curie for concept in concepts if concept.curie)
    return Mined(zh, str(en), str(abbr), len(documents), "|".join(curies), bool(lexicon.lookup(zh)))


def _name(documents: Sequence[Sequence[Definition]]) -> str:
    """Return the longest stretch before the bracket that enough documents share; of few documents, what is certain."""
    if len(documents) < _TELLING:
        sizes = Counter(each.before[len(each.before) - each.certain :] for found in documents for each in found)
        return _text(min(sizes, key=lambda words: (-sizes[words], len(words), words)))
    shared: Counter[str] = Counter()
    for found in documents:
        shared.update({text for each in found for text in _ends(each.before)})
    enough = [text for text, count in shared.items() if count >= _SHARE * len(documents)]
    return max(enough or shared, key=lambda text: (len(text) if enough else shared[text], shared[text], text))


def _ends(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words)):
        if words[start][0].isalnum():
            yield _text(words[start:])


def _text(words: Sequence[str]) -> str:
    return "".join(words)


def _most(values: Iterable[object]) -> object:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], str(value)))


def write_mined(rows: Iterable[Mined], file: TextIO) -> None:
    """Write the rows as a TSV file with a header."""
    file.write("\t".join(COLUMNS) + "\n")
    for row in rows:
        cells = (*row[:3], str(row.documents), row.curie, "yes" if row.known else "no")
        file.write("\t".join(cells) + "\n")


def write_table(rows: Iterable[Mined], path: Path) -> None:
    """Write the rows to a file; nothing shows there before it is whole."""
    scratch = path.with_name(f".{path.name}.part")
    with scratch.open("w", encoding="utf-8") as file:
        write_mined(rows, file)
    scratch.replace(path)
