"""The numbers of a sentence: cases as data, spans, and time."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.statistics import find_statistics

CASES = json.loads((Path(__file__).parents[1] / "cases" / "statistics.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    sentence = case["sentence"]
    found = []
    for item in find_statistics(sentence):
        facts = item._asdict()
        start, end = facts.pop("start"), facts.pop("end")
        found.append({"text": sentence[start:end]} | {key: value for key, value in facts.items() if value is not None})
    assert found == case["found"]


@given(st.text("OR值为=1.0259%CI,()[]~-P<>n名例倍± 升高和，；", max_size=60))
def test_spans_are_in_order_apart_and_inside(sentence: str) -> None:
    last = 0
    for item in find_statistics(sentence):
        assert last <= item.start < item.end <= len(sentence)
        last = item.end


@pytest.mark.parametrize(
    "piece", ["1", "1.", "1,", "1-", "1 ", "1/", "12±", "P<0.05,", "95%CI", "OR 1", "升高1", "1例"]
)
def test_time_is_linear(piece: str) -> None:
    sentence = "1" + piece * (20_000 // len(piece))
    start = time.process_time()
    find_statistics(sentence)
    # About 0.02 s; a pattern that goes back over what it read would take minutes.
    assert time.process_time() - start < 1
