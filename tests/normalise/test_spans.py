"""A sentence cut out of a source text is normalised as it is in the whole text."""

from __future__ import annotations

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
