"""Repairs: what is made, what is left alone, and what is written down of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.normalise import normalise
from pipeline.normalise.layout import english_words
from pipeline.tables import read_table, resource

CASES = read_table(
    Path(__file__).parents[1] / "cases" / "repairs.tsv", ("printed", "normalised", "repairs"), key=("printed",)
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["printed"])
def test_case(case: dict[str, str]) -> None:
    result = normalise(case["printed"])
    assert result.text == case["normalised"]
    assert " ".join(repair.kind for repair in result.repairs) == case["repairs"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["printed"])
def test_what_is_repaired_stays_so(case: dict[str, str]) -> None:
    result = normalise(case["normalised"])
    assert result.text == case["normalised"]
    assert result.repairs == ()


def test_a_repair_names_its_source_stretch() -> None:
    text = "药物进\n人细胞，使IL－1Ｏ升高［１７研究"
    repairs = normalise(text).repairs
    assert [(repair.kind, text[repair.start : repair.end], repair.text) for repair in repairs] == [
        ("character", "进\n人", "进入"),
        ("digit", "IL－1Ｏ", "IL-10"),
        ("bracket", "［１７", "[17]"),
    ]


def test_the_last_form_of_a_stretch_is_told() -> None:
    (repair,) = normalise("TNF-a").repairs
    assert (repair.start, repair.end, repair.text) == (0, 5, "TNF-α")


def test_repaired_words_and_names_differ_from_all_printed_ones() -> None:
    words = read_table(resource("repairs_words.tsv"), ("printed", "repaired", "not_after", "not_before"))
    names = read_table(resource("repairs_names.tsv"), ("printed", "repaired"))
    for rows in (words, names):
        printed = {row["printed"] for row in rows}
        assert printed.isdisjoint(row["repaired"] for row in rows)
    assert all(len(row["printed"]) == len(row["repaired"]) for row in words)


def test_parts_of_glued_words_are_words() -> None:
    rows = read_table(resource("repairs_parts.tsv"), ("word", "stands"), key=("word",))
    assert {row["word"] for row in rows} <= english_words()


def test_gene_symbols_are_left_alone() -> None:
    rows = read_table(resource("family_members.tsv"), ("symbol", "n", "curie", "name"))
    assert not [row["name"] for row in rows if normalise(row["name"]).repairs]
