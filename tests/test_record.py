"""Citations of triples: whose statement it is."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.build import Pipeline
from pipeline.model import Source


@cache
def pipeline() -> Pipeline:
    return Pipeline(disable=("judge",))


def citations(text: str) -> list[list[str]]:
    """Return the citations of each triple of a text, in order."""
    source = Source(text, "text", "utf-8")
    read = pipeline().read(source, doc_id="a", path="a", sha256="")
    return [triple.citations for triple in read.triples]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("雌激素抑制骨吸收[3]，TNF-α促进骨吸收[4]。", [["3"], ["4"]]),
        ("Gazzah等[46]和Kang等[47]发现雌激素抑制骨吸收。", [["46", "47"]]),
        ("雌激素抑制骨吸收[46]。TNF-α促进骨吸收。", [["46"], []]),
        ("王某等[15]研究了绝经妇女。结果表明雌激素抑制骨吸收。", [["15"]]),
        ("王某等[15]研究了绝经妇女。\n\n雌激素抑制骨吸收。", [[]]),
        ("王某等[15]研究了绝经妇女。李某等[16]研究了男性。雌激素抑制骨吸收。", [["16"]]),
        ("雌激素抑制骨吸收[16。", [["16"]]),
        ("李某等[17研究发现雌激素抑制骨吸收。", [["17"]]),
    ],
)
def test_citations(text: str, wanted: list[list[str]]) -> None:
    assert citations(text) == wanted
