"""What a document shows an unlisted Latin name to be: KK47细胞 says a cell line, B1组 a group, wherever the name stands.

By its shape such a name is a gene; the words after it (`symbols.tsv`) are counted over the document, for authors write
the bare name where they have said once what it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.recognise.forms import is_latin
from pipeline.recognise.found import Found
from pipeline.tables import read_table, resource

# What the table says beside types of concepts: no name at all; a group, which is named for its label or its treatment.
NONE, LABEL = "none", "label"
_GENE = "gene_or_protein"
# Other words must say so this much oftener than those that say a gene.
_LEAD = 3
# One word beside a name decides nothing where the name stands oftener than this.
_SAID_OF = 20
# A letter and a small or round number is a label of a group or a dose, too, though a gene of the dictionary may bear it.
_LABEL = re.compile(r"[A-Z]{1,2}(?:\d{1,2}|\d+0)")
_REACH = 3


def read_symbols(path: Path | None = None) -> dict[str, str]:
    """Read which type the word after a Latin name says that the name is of."""
    rows = read_table(path or resource("symbols.tsv"), ("word", "type"), key=("word",))
    return {row["word"]: row["type"] for row in rows}


def shown(words: Sequence[str], names: Collection[str], symbols: Mapping[str, str]) -> dict[str, str]:
    """Return the types that the words after the names say, where they say one clearly and no gene.

    >>> shown(["KK47", "细胞", "与", "B1", "组", "的", "Abc1", "基因"], {"KK47", "B1", "Abc1"}, {"细胞": "cell", "组": "label"})
    {'KK47': 'cell', 'B1': 'label'}
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stands: Counter[str] = Counter()
    longest = max(map(len, symbols))
    for at, word in enumerate(words):
        if word in names:
            stands[word] += 1
            after = "".join(words[at + 1 : at + 1 + _REACH])
            kind = next((symbols[after[:n]] for n in range(longest, 0, -1) if after[:n] in symbols), None)
            if kind:
                counts[word][kind] += 1
    out = {}
    for name, said in counts.items():
        kind, often = said.most_common(1)[0]
        clear = often >= _LEAD * (said.total() - often) and often * _SAID_OF >= stands[name]
        if clear and kind != _GENE:
            out[name] = kind
    return out


def settle(words: Sequence[str], found: Sequence[Found], symbols: Mapping[str, str]) -> Iterator[Found]:
    """Yield the mentions with the types that the document shows, without those that it shows to be no names."""
    asked = {words[each.start] for each in found if _is_bare(words, each) or _is_label(words, each)}
    types = shown(words, asked, symbols) if asked else {}
    for each in found:
        word = words[each.start]
        kind = types.get(word) if each.end - each.start == 1 else None
        if kind == LABEL and _LABEL.fullmatch(word):
            continue
        if kind is None or kind == LABEL or not _is_bare(words, each):
            yield each
        elif kind != NONE:
            yield each._replace(type=kind)


def _is_bare(words: Sequence[str], each: Found) -> bool:
    """Whether a mention is an unlisted Latin word that is taken for a gene by its shape only."""
    return each.is_unlisted and each.end - each.start == 1 and each.type == _GENE and is_latin(words[each.start])


def _is_label(words: Sequence[str], each: Found) -> bool:
    """Whether a mention is a listed gene that may as well be a label."""
    return each.method == "dictionary" and each.type == _GENE and bool(_LABEL.fullmatch(words[each.start]))
