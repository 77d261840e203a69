"""The normaliser's cases as data, and properties that hold for any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise import normalise

CASES = json.loads((Path(__file__).parents[1] / "cases" / "normalise.json").read_text(encoding="utf-8"))
TEXTS = st.text() | st.lists(
    st.sampled_from(
        ["骨吸收", "TNF", "-", "α", "ＣＯＸ", "\n", " ", "[3]", "。", r"$\beta$", "$", "ﬁ", "3", "\U001001b0", "{"]
    )
).map("".join)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, str]) -> None:
    assert normalise(case["input"]).text == case["output"]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_offsets_are_monotone_and_in_range(text: str) -> None:
    result = normalise(text)
    assert len(result.starts) == len(result.ends) == len(result.text)
    assert list(result.starts) == sorted(result.starts)
    assert list(result.ends) == sorted(result.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(result.starts, result.ends, strict=True))
    start, end = result.source_span(0, len(result.text))
    assert 0 <= start <= end <= len(text)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_blocks_are_the_lines(text: str) -> None:
    result = normalise(text)
    assert [result.text[block.start : block.end] for block in result.blocks] == (
        result.text.split("\n") if result.text else []
    )


def test_citations_of_superscripts() -> None:
    result = normalise(r"诱导凋亡$^ { [ 2 7 ] }$，$\mathrm { I C H } ^ { [ 3 , 5 - 7 ] }$。")
    assert [citation.numbers for citation in result.citations] == [("27",), ("3", "5", "6", "7")]


def test_unknown_glyphs_are_reported() -> None:
    result = normalise("骨\ue123吸收")
    assert "\ue123" in result.text
    assert [(glyph.codepoint, glyph.count) for glyph in result.unknown_glyphs] == [("U+E123", 1)]


def test_script() -> None:
    assert normalise("腫瘤壞死因子").script == "traditional"
    assert normalise("肿瘤坏死因子").script == "simplified"
