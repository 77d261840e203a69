"""Names in text: what must be found, and what must not."""

from __future__ import annotations

import pickle
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Concept, Lexicon
from pipeline.tables import TableError, read_table

CASES = Path(__file__).parents[1] / "cases"
LEXICON = Lexicon.load()
HEADER = "curie\ttype\tzh\ten\tsource\n"


def small(*rows: tuple[str, str, str], ambiguous: tuple[str, ...] = (), guards: tuple[str, ...] = ()) -> Lexicon:
    concepts = [
        Concept(curie or None, "gene_or_protein", tuple(zh.split()), tuple(en.split("|")), "team")
        for curie, zh, en in rows
    ]
    return Lexicon(concepts, ambiguous=ambiguous, guards=guards)


def found(lexicon: Lexicon, text: str) -> list[str]:
    return [text[match.start : match.end] for match in lexicon.find(text) if match.concepts and not match.ambiguous]


@pytest.mark.parametrize(
    "row", read_table(CASES / "lexicon_positives.tsv", ("text", "found", "why")), ids=lambda row: row["text"]
)
def test_found(row: dict[str, str]) -> None:
    names = row["found"].split("|")
    assert [name for name in found(LEXICON, row["text"]) if name in names] == names


@pytest.mark.parametrize(
    "row", read_table(CASES / "lexicon_negatives.tsv", ("text", "absent", "why")), ids=lambda row: row["text"]
)
def test_not_found(row: dict[str, str]) -> None:
    assert not set(found(LEXICON, row["text"])) & set(row["absent"].split("|"))


def test_the_form_decides_between_bearers_of_a_name() -> None:
    lexicon = small(
        ("hgnc:1", "血管紧张素II", "Ang II"), ("hgnc:2", "血管生成素2", "Ang-2"), ("", "", "CCl4"), ("", "", "CCL4")
    )
    assert lexicon.lookup("Ang II") == (0,)
    assert lexicon.lookup("Ang-2") == (1,)
    assert lexicon.lookup("CCl4") == (2,)
    assert lexicon.lookup("CCL4") == (3,)


def test_leftmost_then_longest() -> None:
    lexicon = small(("", "骨质疏松", "a1"), ("", "骨质疏松症", "a2"), ("", "松症状", "a3"))
    assert found(lexicon, "骨质疏松症状") == ["骨质疏松症"]


def test_a_guard_keeps_a_name_from_being_cut_out() -> None:
    assert found(small(("", "体能", "a")), "机体能量") == ["体能"]
    assert found(small(("", "体能", "a"), guards=("机体",)), "机体能量") == []


def test_an_ambiguous_name_is_found_and_says_so() -> None:
    lexicon = small(("", "一氧化氮", "NO"), ("", "海马", "hippocampus"), ambiguous=("海马",))
    assert [(match.ambiguous, match.concepts) for match in lexicon.find("海马与NO及一氧化氮")] == [
        (True, (1,)),
        (True, (0,)),
        (False, (0,)),
    ]


def test_pickles_without_its_automaton() -> None:
    lexicon = small(("", "骨质疏松", "a"))
    lexicon.find("骨质疏松")
    again = pickle.loads(pickle.dumps(lexicon))
    assert again.find("骨质疏松") == lexicon.find("骨质疏松")


def test_digest_follows_the_tables(tmp_path: Path) -> None:
    folder = tmp_path / "concepts"
    folder.mkdir()
    table = folder / "some.tsv"
    table.write_text(HEADER + "\tdrug\t阿司匹林\taspirin\tteam\n", encoding="utf-8")
    first = Lexicon.load(folder)
    assert [concept.zh for concept in first.concepts] == [("阿司匹林",)]
    table.write_text(HEADER + "\tdrug\t布洛芬\tibuprofen\tteam\n", encoding="utf-8")
    assert Lexicon.load(folder).digest != first.digest


def test_a_bad_row_names_file_and_line(tmp_path: Path) -> None:
    table = tmp_path / "some.tsv"
    table.write_text(
        HEADER + "\tdrug\t阿司匹林|阿司匹林\taspirin\tteam\n\tmedicine\t布洛芬\t\tteam\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match=r"some\.tsv:2: zh has a name twice(.|\n)*some\.tsv:3: type is 'medicine'"):
        Lexicon.load(tmp_path)


@given(st.text(alphabet=st.sampled_from("TNFαIL-6 1BMSCs骨质疏松症的、(\n"), max_size=60))
def test_matches_are_in_order_apart_and_bear_their_names(text: str) -> None:
    matches = LEXICON.find(text)
    assert all(left.end <= right.start for left, right in pairwise(matches))
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    for match in matches:
        name = text[match.start : match.end]
        assert set(match.concepts) <= {*LEXICON.lookup(name), *LEXICON.lookup(name.removesuffix("s"))}


def test_quick_enough() -> None:
    text = (
        "破骨细胞前体在RANKL和TNF-α作用下分化，IL-6水平升高，骨吸收增强。这种变化在老年小鼠中尤其明显，但机制尚不清楚。"
        * 500
    )
    LEXICON.find(text[:100])
    began = time.process_time()
    LEXICON.find(text)
    assert len(text) / (time.process_time() - began) > 500_000
