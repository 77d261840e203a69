"""New names out of a corpus: definitions of abbreviations, counted by documents, for a person to accept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from pipeline.batch.corpus import Input, open_input
from pipeline.lexicon import Lexicon
from pipeline.lexicon.fold import key
from pipeline.readers import ReadError
from pipeline.recognise.definitions import Definition

COLUMNS = ("zh", "en", "abbr", "documents", "curie", "known")
# The share of a name's documents in which a word must stand before it to be part of it.
_SHARE = 0.55
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
            text = open_input(item).source.text
        except ReadError as error:
            skip(item, error)
        else:
            found.append(list(dict.fromkeys(read(text))))
    return found


def rank(documents: Iterable[Iterable[Definition]], lexicon: Lexicon, *, least: int = 1) -> list[Mined]:
    """Join the definitions of all documents, ground them by their English names, and order them by documents.

    What stands in fewer than `least` documents is left out.
    """
    groups: dict[tuple[str, str], dict[int, list[Definition]]] = defaultdict(lambda: defaultdict(list))
    for number, found in enumerate(documents):
        for each in found:
            # One abbreviation may mean several things; the ends of their names tell them apart.
            groups[key(each.abbr), "".join(each.before)[-2:]][number].append(each)
    named: dict[tuple[str, str], dict[int, list[tuple[str, Definition]]]] = defaultdict(lambda: defaultdict(list))
    for (abbr, _), group in groups.items():
        rest: Mapping[int, list[Definition]] = group
        while rest:
            zh = _name(list(rest.values()))
            others: dict[int, list[Definition]] = defaultdict(list)
            for number, found in rest.items():
                for each in found:
                    if _text(each.before).endswith(zh):
                        named[key(zh), abbr][number].append((zh, each))
                    else:
                        # Some call it otherwise: 甘油醛-3-磷酸脱氢酶, 磷酸甘油醛脱氢酶.
                        others[number].append(each)
            rest = others
    mined = [_joined(group, lexicon) for group in named.values() if len(group) >= least]
    chinese = (row for row in mined if any(character >= "\u3400" for character in row.zh))
    return sorted(chinese, key=lambda row: (-row.documents, row.zh, row.en, row.abbr))


def _joined(documents: Mapping[int, Sequence[tuple[str, Definition]]], lexicon: Lexicon) -> Mined:
    pairs = [pair for found in documents.values() for pair in found]
    zh = _most(name for name, _ in pairs)
    english = [each.en for _, each in pairs if each.en]
    # Of several spellings (interleukin-6, interleukin6, interleuki6) one that the lexicon has.
    en = _most(name for name in english if lexicon.lookup(name)) or _most(english)
    concepts = [lexicon.concepts[place] for place in lexicon.lookup(en)] if en else []
    curies = dict.fromkeys(concept.curie for concept in concepts if concept.curie)
    abbr = _most(each.abbr for _, each in pairs)
    return Mined(zh, en, abbr, len(documents), "|".join(curies), bool(lexicon.lookup(zh)))


def _name(documents: Sequence[Sequence[Definition]]) -> str:
    """Return the name that the stretches before the brackets share; of few documents, what is certain.

    From the bracket to the left, a word belongs to the name as long as it stands before most of what follows it.
    """
    if len(documents) < _TELLING:
        return _most(_certain(each) for found in documents for each in found)
    shared: Counter[str] = Counter()
    for found in documents:
        shared.update({text for each in found for text in _ends(each.before)})
    name = max(shared, key=lambda text: (shared[text], -len(text), text))
    for text in sorted(shared, key=lambda text: (len(text), -shared[text], text)):
        if text.endswith(name) and shared[text] >= _SHARE * shared[name]:
            name = text
    usual = _most(_certain(each) for found in documents for each in found)
    return usual if usual.endswith(name) else name


def _certain(definition: Definition) -> str:
    return _text(definition.before[len(definition.before) - definition.certain :])


def _ends(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words)):
        if words[start][0].isalnum():
            yield _text(words[start:])


def _text(words: Sequence[str]) -> str:
    return "".join(words)


def _most(values: Iterable[str]) -> str:
    """Return the most frequent value, of several the first; an empty string where there is none."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default="")


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
