"""What a document shows an unlisted Latin name to be."""

from __future__ import annotations

from typing import get_args

from pipeline.model import ConceptType
from pipeline.recognise.found import Found
from pipeline.recognise.shown import LABEL, NONE, read_symbols, settle

SYMBOLS = read_symbols()


def _gene(at: int, method: str = "morphology", concept: int | None = None) -> Found:
    return Found(at, at + 1, "gene_or_protein", method, concept, ())


def test_the_table_says_types() -> None:
    assert set(SYMBOLS.values()) <= {*get_args(ConceptType), NONE, LABEL}


def test_a_bare_name_is_what_the_words_after_it_say_elsewhere() -> None:
    words = ["KK47", "细胞", "。", "KK47", "生长"]
    assert [each.type for each in settle(words, [_gene(0), _gene(3)], SYMBOLS)] == ["cell", "cell"]


def test_a_gene_that_is_called_so_stays_one() -> None:
    words = ["Abc", "细胞", "Abc", "基因"]
    assert [each.type for each in settle(words, [_gene(0), _gene(2)], SYMBOLS)] == ["gene_or_protein"] * 2


def test_the_label_of_a_group_is_no_name_but_its_treatment_is_one() -> None:
    words = ["P100", "组", "、", "Cy", "组"]
    found = [_gene(0, "dictionary", 7), _gene(3)]
    assert list(settle(words, found, SYMBOLS)) == [found[1]]
