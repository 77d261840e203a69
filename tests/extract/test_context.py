"""The circumstances of a sentence."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.context import FIELDS, find_context
from pipeline.model import Context
from pipeline.tables import TableError

MENTIONS = {
    "2型糖尿病": ("disease", "mondo:0005148"),
    "LPS": ("chemical", "chebi:16412"),
    "RAW264.7细胞": ("cell", "cellosaurus:CVCL_0493"),
    "人脐静脉内皮细胞": ("cell", None),
    "骨髓": ("anatomy", "uberon:0002371"),
    "去卵巢": ("procedure", None),
    "小鼠双微体2": ("gene_or_protein", "hgnc:6973"),
}


def read(sentence: str) -> dict[str, list[str]]:
    """Return the printed words by field; the names of MENTIONS that the sentence holds are its mentions."""
    mentions = [
        (sentence.index(name), sentence.index(name) + len(name), kind, curie)
        for name, (kind, curie) in MENTIONS.items()
        if name in sentence
    ]
    found = find_context(sentence, mentions)
    return {field: [sentence[hit.start : hit.end] for hit in hits] for field, hits in found.items() if hits}


def test_every_field_of_the_record_is_there() -> None:
    assert tuple(find_context("", ())) == FIELDS == Context.__struct_fields__


@pytest.mark.parametrize(
    ("sentence", "field", "printed"),
    [
        ("SD大鼠和C57BL/6J小鼠", "species", ["SD大鼠", "C57BL/6J小鼠"]),
        ("在猪", "species", ["猪"]),
        ("兔抗大鼠抗体，胎牛血清，牛奶，SHRXY", "species", []),
        ("人脐静脉内皮细胞增殖", "species", ["人"]),
        ("病人和成人", "species", []),
        ("小鼠双微体2升高", "species", []),
        ("绝经后妇女与健康女性", "population", ["绝经后妇女", "健康女性"]),
        ("2型糖尿病患者", "population", ["2型糖尿病患者"]),
        ("2型糖尿病的患者", "condition", ["2型糖尿病"]),
        ("去卵巢大鼠", "condition", ["去卵巢"]),
        ("2型糖尿病升高", "condition", []),
        ("在LPS刺激下", "condition", ["LPS"]),
        ("在高糖条件下", "condition", ["高糖"]),
        ("在此条件下和在不同条件下", "condition", []),
        ("抑制RAW264.7细胞", "cell", ["RAW264.7细胞"]),
        ("骨髓中", "anatomy", ["骨髓"]),
        ("灌胃5mg/(kg·d)或3.3 mg/d", "dose", ["5mg/(kg·d)", "3.3 mg/d"]),
        ("1、5、10 μmol/L和20mg·kg-1·d-1", "dose", ["1、5、10 μmol/L", "20mg·kg-1·d-1"]),
        ("血糖≥16.7mmol/L，(3.2±0.5)mmol/L，离心 1000 g", "dose", []),
        ("大剂量使用", "dose", ["大剂量"]),
        ("连续90天，12周和24h后，3个月，0~48 h", "duration", ["90天", "12周", "24h", "3个月", "0~48 h"]),
        ("8周龄，2016年3月，第7天，CD3d，天津", "duration", []),
        ("体外、在体和Meta分析", "system", ["体外", "在体", "Meta分析"]),
        ("较对照组升高", "comparator", ["对照组"]),
        ("与安慰剂相比，比正常组低", "comparator", ["安慰剂", "正常组"]),
        ("与模型组(n=5)比较", "comparator", ["模型组"]),
        ("比例较空白对照组和阴性对照组升高", "comparator", ["空白对照组和阴性对照组"]),
        ("与之相比，比例升高，对比组织", "comparator", []),
    ],
)
def test_field(sentence: str, field: str, printed: list[str]) -> None:
    assert read(sentence).get(field, []) == printed


def test_identifiers_and_terms() -> None:
    sentence = "在LPS刺激下，体外培养的小鼠RAW264.7细胞"
    start = sentence.index("LPS")
    found = find_context(sentence, [(start, start + 3, "chemical", "chebi:16412")])
    assert [hit.curie for hit in found["condition"]] == ["chebi:16412"]
    assert [hit.curie for hit in found["species"]] == ["ncbitaxon:10090"]
    assert [hit.value for hit in found["system"]] == ["in vitro"]


def test_a_bad_table_is_named(tmp_path: Path) -> None:
    table = tmp_path / "context.tsv"
    table.write_text("field\tword\tcurie\tvalue\nspecies\t大鼠\t10116\t\nsystem\t体外\t\tvitro\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"(?s)context\.tsv:2: curie is .*context\.tsv:3: value is"):
        find_context("", (), table)


@given(st.text("在与比较于对照组和大鼠小患者1.5mg/kgdh周~刺激条件下，、() ", max_size=60))
def test_hits_are_in_order_apart_and_inside(sentence: str) -> None:
    for hits in find_context(sentence, ()).values():
        last = 0
        for hit in hits:
            assert last <= hit.start < hit.end <= len(sentence)
            last = hit.end


@pytest.mark.parametrize("piece", ["1", "1、", "10 ", "1mg/", "与", "在", "较", "比组", "大", "患者", "和组"])
def test_time_is_linear(piece: str) -> None:
    start = time.process_time()
    find_context(piece * (20_000 // len(piece)), ())
    # About 0.05 s; a pattern that goes back over what it read would take minutes.
    assert time.process_time() - start < 2
