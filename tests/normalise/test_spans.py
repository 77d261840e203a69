"""A sentence cut out of a source text is normalised as it is in the whole text."""

from __future__ import annotations

import random
import re
import runpy
from pathlib import Path

import pytest

from pipeline.normalise import normalise

SHARED = Path(__file__).parents[2] / ".." / "shared"
TEXTS = sorted((SHARED / "benchmark" / "texts").glob("*.txt"))
PAPERS = sorted((SHARED / "corpora" / "chinaxiv").glob("*.md"))[::8][:40]
needs_shared = pytest.mark.skipif(not TEXTS, reason="the benchmark texts are not beside the project")


def check(source: str) -> None:
    """Compare every sentence of a text with what its own stretch of the source gives."""
    whole = normalise(source)
    for match in re.finditer(r"[^。！？\n]+[。！？]?", whole.text):
        a, b = whole.whole(*match.span())
        start, end = whole.source_span(a, b)
        assert normalise(source[start:end]).text == whole.text[a:b].strip(" ")


@needs_shared
@pytest.mark.parametrize("path", TEXTS + PAPERS, ids=lambda path: path.stem[:20])
def test_sentences(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@needs_shared
@pytest.mark.parametrize("path", TEXTS[::4], ids=lambda path: path.stem[:20])
def test_sentences_of_damaged_copies(path: Path) -> None:
    damage = runpy.run_path(str(SHARED / "benchmark" / "damage.py"))["damage"]
    check(damage(path.read_text(encoding="utf-8"), seed=1))


WORD = re.compile("[A-Za-z0-9\u0370-\u03ff]")
# A name neither begins nor ends with one of these; their form depends on what is beside them.
SIGNS = set(" ,.;:!?，、；：。！？'’—-#*|$&~<>/)]}([{^_=±+%\"\\")


def names(text: str, chance: random.Random) -> list[tuple[int, int]]:
    """Draw stretches inside sentences that a mention could be: they do not cut a Latin word."""
    drawn = []
    for match in re.finditer(r"[^。！？\n]{3,}", text):
        start = chance.randrange(*match.span())
        end = min(match.end(), start + chance.choice([1, 2, 4, 8, 20, 60]))
        while start > match.start() and WORD.match(text[start]) and WORD.match(text[start - 1]):
            start -= 1
        while end < match.end() and WORD.match(text[end - 1]) and WORD.match(text[end]):
            end += 1
        drawn.append((start, end))
    return drawn


@needs_shared
@pytest.mark.parametrize("path", TEXTS + PAPERS, ids=lambda path: path.stem[:20])
def test_names(path: Path) -> None:
    chance = random.Random(path.name)
    damage = runpy.run_path(str(SHARED / "benchmark" / "damage.py"))["damage"]
    source = path.read_text(encoding="utf-8")
    for text in (source, damage(source, seed=2)) if path in TEXTS else (source,):
        whole = normalise(text)
        for span in names(whole.text, chance):
            a, b = whole.whole(*span)
            if SIGNS.isdisjoint((whole.text[a], whole.text[b - 1])):
                start, end = whole.source_span(a, b)
                assert normalise(text[start:end]).text == whole.text[a:b]


@needs_shared
@pytest.mark.parametrize("path", TEXTS[::3], ids=lambda path: path.stem[:20])
def test_blocks_are_normal(path: Path) -> None:
    """Normalising the text of a paragraph again changes nothing."""
    whole = normalise(path.read_text(encoding="utf-8"))
    for block in whole.blocks:
        text = whole.text[block.start : block.end]
        assert normalise(text).text == text
