"""Names of several meanings: both senses of each, told by the document, the neighbours and case."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import Pipeline
from pipeline.recognise.disambiguate import Hints, choose, read_senses, shares
from pipeline.tables import TableError

LEAD = "研究发现，这一点在多数情况下是如此，也就是说，"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def meaning(pipeline: Pipeline, name: str, text: str) -> str | None:
    """Return the Chinese name of what the last mention of `name` means; `-` where it is no mention, None where undecided."""
    _, _, doc = pipeline.parse(LEAD + text)
    found = [
        facts[2]
        for span, facts in zip(doc.spans["mentions"], doc.user_data["mentions"], strict=True)
        if span.text == name
    ]
    return found[-1] if found else "-"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("NO", "内皮细胞中eNOS活性下降，导致NO水平降低。", "一氧化氮"),
        ("NO", "一氧化氮参与血管张力的调节，而氧化应激使NO减少。", "一氧化氮"),
        ("OR", "吸烟者的患病风险升高(OR=2.31，95%CI：1.20-4.45)。", "-"),
        ("OR", "Logistic回归显示比值比为2.1，OR与年龄有关。", "-"),
        ("CI", "糖尿病增加死亡风险(HR=1.52，95%CI：1.10-2.09)。", "-"),
        ("CI", "脑梗死是常见的卒中，炎症反应加重CI患者的神经功能缺损。", "脑梗死"),
        ("AS", "泡沫细胞形成是AS的早期改变，ox-LDL促进斑块进展。", "动脉粥样硬化"),
        ("AS", "AS患者骶髂关节受累，HLA-B27多为阳性。", "强直性脊柱炎"),
        ("CAT", "该药提高SOD、CAT活性并降低MDA含量。", "过氧化氢酶"),
        ("CAT", "慢阻肺评估测试反映症状，治疗降低CAT评分。", "-"),
        ("MRI", "MRI扫描显示病灶位于脑室旁。", "磁共振成像"),
        ("RA", "滑膜炎症促进RA患者的关节破坏。", "类风湿关节炎"),
        ("RA", "RA与RAR结合后促进诱导分化。", "视黄酸"),
        ("RA", "三尖瓣反流使RA扩大，右心室肥厚。", "心房"),
        ("PD", "黑质多巴胺能神经元丢失是PD的特征。", "帕金森病"),
        ("PD", "与血液透析相比，PD患者的残余肾功能下降较慢。", "腹膜透析"),
        ("AD", "Aβ沉积促进AD患者认知功能下降。", "阿尔茨海默病"),
        ("AD", "皮肤屏障受损加重AD患者的瘙痒。", "特应性皮炎"),
        ("AD", "主动脉壁的炎症促进AD进展，最终形成夹层。", "主动脉夹层"),
        ("HR", "该药使血压和HR降低，平均动脉压不变。", "心率"),
        ("HR", "高表达者预后较差(HR=1.85)。", "-"),
        ("COPD", "吸烟促进COPD的发生。", "慢性阻塞性肺疾病"),
        ("AP-1", "TNF-α激活AP-1和NF-κB。", "激活蛋白-1"),
        ("海马", "慢性应激使海马的突触减少，学习记忆下降。", "海马"),
        ("海马", "海马是名贵药材，海马温肾。", "-"),
    ],
)
def test_both_senses(pipeline: Pipeline, name: str, text: str, wanted: str) -> None:
    assert meaning(pipeline, name, text) == wanted


def test_a_definition_comes_first(pipeline: Pipeline) -> None:
    text = "特应性皮炎(atopic dermatitis，AD)是慢性皮肤病。\n\nAβ沉积与认知和痴呆有关，但IL-4促进AD。"
    assert meaning(pipeline, "AD", text) == "特应性皮炎"


@pytest.mark.parametrize("word", ["活动", "药物"])
def test_everyday_words_are_no_concepts(pipeline: Pipeline, word: str) -> None:
    _, _, doc = pipeline.parse(f"{LEAD}{word}可以减轻炎症。")
    assert not [span for span in doc.spans["mentions"] if span.text == word and span.kb_id_]


@pytest.mark.parametrize("name", ["RA", "AD", "PD"])
def test_what_stays_undecided_keeps_its_candidates(pipeline: Pipeline, name: str) -> None:
    _, _, doc = pipeline.parse(f"{LEAD}{name}受到了广泛的关注。")
    found = [
        (span.kb_id_, facts[4])
        for span, facts in zip(doc.spans["mentions"], doc.user_data["mentions"], strict=True)
        if span.text == name
    ]
    assert found
    for curie, candidates in found:
        assert not curie
        assert len(candidates) > 1
        scores = [score for _, score in candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score < 1 for score in scores)


def test_case_tells_names_apart(pipeline: Pipeline) -> None:
    assert meaning(pipeline, "No", "内皮细胞中eNOS活性下降，No生成减少。") != "一氧化氮"


def test_part_of_a_longer_name_is_left_alone(pipeline: Pipeline) -> None:
    assert meaning(pipeline, "CSF", "脑脊液中的GM-CSF促进炎症。") != "脑脊液"


def test_every_sense_that_is_a_concept_is_in_the_lexicon(pipeline: Pipeline) -> None:
    lines = (Path(__file__).parents[2] / "resources" / "senses.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert sum(map(len, read_senses(pipeline.lexicon).values())) == len(lines)


def test_choice_and_shares() -> None:
    assert choose([]) is None
    assert choose([2.0, 1.5]) is None
    assert choose([1.0, 4.0]) == 1
    assert sum(shares([2.0, 2.0])) < 1


def test_hints_read_numbers_as_one_sign() -> None:
    assert "statistic" in Hints.read().at(["OR", "=", "2.31"], 0, 0, 3)


def test_a_wrong_side_or_kind_is_an_error(pipeline: Pipeline, tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text("word\tside\ttype\n患者\tbeside\tdisease\n", encoding="utf-8")
    with pytest.raises(TableError, match="before or after"):
        Hints.read(table)
    table.write_text("name\tsense\tkind\tnear\nAD\t皮炎\tskin\t\n", encoding="utf-8")
    with pytest.raises(TableError, match="one of concept"):
        read_senses(pipeline.lexicon, table)
