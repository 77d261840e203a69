"""Families: numbers, members, and how they lie under the listed concepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicon import Concept
from pipeline.lexicon.families import Family, Member, expand, layer, numbers, read_families, read_members
from pipeline.tables import TableError, resource

INTERLEUKINS = Family("IL{n}", ("白介素-{n}",), ("IL-{n}",), "2-4 17a", "")
HEADER = "symbol\tzh\ten\trange\tgroup\n"


def test_numbers_of_a_range() -> None:
    assert numbers(INTERLEUKINS, ()) == ["2", "3", "4", "17a"]


def test_numbers_of_all_symbols_with_paralogs_as_one() -> None:
    family = Family("MIR{n}", (), ("miR-{n}",), "*", "")
    assert numbers(family, ["MIR21", "MIR124-1", "MIR124-2", "MIR29B1", "MIR146A", "MIR17HG", "AMIR1"]) == [
        "21",
        "124",
        "29b",
        "146a",
    ]


def test_members_add_names_to_listed_concepts_and_take_none_from_others() -> None:
    listed = [
        Concept("hgnc:6025", "gene_or_protein", ("白细胞趋化因子",), ("CXCL8",), "team"),
        Concept("fplx:IL3", "complex_or_family", ("白介素-3",), ("IL3 family",), "team"),
    ]
    members = [
        Member("IL{n}", "2", "hgnc:6001", "IL2"),
        Member("IL{n}", "3", "hgnc:6011", "IL3"),
        Member("IL{n}", "8", "hgnc:6025", "CXCL8"),
    ]
    concepts = layer(listed, expand([INTERLEUKINS], members))
    assert [(concept.curie, concept.zh, concept.en) for concept in concepts] == [
        ("hgnc:6025", ("白细胞趋化因子", "白介素-8"), ("CXCL8", "IL8", "IL-8")),
        ("fplx:IL3", ("白介素-3",), ("IL3 family",)),
        ("hgnc:6001", ("白介素-2",), ("IL2", "IL-2")),
        ("hgnc:6011", (), ("IL3", "IL-3")),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("IL\t白介素-{n}\tIL-{n}\t1\t", "must have {n} once"),
        ("IL{n}\t白介素-{n}\tIL-{n}\t1–4\t", "range has '1–4'"),
        ("IL{n}\t白介素-{n}\tIL-{n}\t\t", "range is empty"),
    ],
)
def test_a_bad_family_is_named(tmp_path: Path, row: str, fault: str) -> None:
    path = tmp_path / "families.tsv"
    path.write_text(f"{HEADER}{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"families\.tsv:2: .*{fault}"):
        read_families(path)


def test_every_member_belongs_to_a_family() -> None:
    families = {family.symbol for family in read_families(resource("families.tsv"))}
    members = read_members(resource("family_members.tsv"))
    assert {member.symbol for member in members} == families
