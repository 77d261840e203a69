"""Copies damaged as PDF extraction damages read as the clean texts do."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

from pipeline.normalise import normalise

BENCHMARK = Path(__file__).parents[2] / ".." / "shared" / "benchmark"
TEXTS = sorted((BENCHMARK / "texts").glob("*.txt"))


def sentences(text: str) -> Counter[str]:
    """List the sentences, without the spaces that a wrap inside Latin text may have taken."""
    found = re.findall(r"[^。！？\n]+[。！？]*", normalise(text).text)
    return Counter(sentence.replace(" ", "") for sentence in found)


@pytest.mark.skipif(not TEXTS, reason="the benchmark texts are not beside the project")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_most_sentences_are_the_same(seed: int) -> None:
    damage = runpy.run_path(str(BENCHMARK / "damage.py"))["damage"]
    same = total = 0
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        clean, damaged = sentences(text), sentences(damage(text, seed=seed))
        same += (clean & damaged).total()
        total += clean.total()
    # The rest is where the clean text itself was cut by a page, and image captions over several lines.
    assert same / total > 0.97
