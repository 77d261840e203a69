"""Which spans are mentions, and where their borders are."""

from __future__ import annotations

import pytest

from pipeline.build import Pipeline

# What makes a line running text and no heading.
LEAD = "研究发现，这一点在多数情况下是如此，也就是说，"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def mentions(pipeline: Pipeline, text: str) -> list[str]:
    _, _, doc = pipeline.parse(LEAD + text)
    return [span.text for span in doc.spans["mentions"]]


def concepts(pipeline: Pipeline, text: str) -> dict[str, str | None]:
    _, _, doc = pipeline.parse(LEAD + text)
    return {
        span.text: facts[3]
        for span, facts in zip(doc.spans["mentions"], doc.user_data["mentions"], strict=True)
        if facts[0] == "dictionary"
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("caspase-99激活。", ["caspase-99"]),
        ("它激活Smad2/33。", ["Smad2/33"]),
        ("TNF-α、9例患者", ["TNF-α"]),
    ],
)
def test_numbers_and_letters_tied_to_a_name(pipeline: Pipeline, text: str, wanted: list[str]) -> None:
    assert mentions(pipeline, text) == wanted


def test_a_name_goes_on_with_de_where_it_is_listed_without(pipeline: Pipeline) -> None:
    assert concepts(pipeline, "蛋白质的合成受到抑制。") == {"蛋白质的合成": "Protein Biosynthesis"}
    assert mentions(pipeline, "血糖的下降。") == ["血糖"]


def test_a_list_shares_the_head_of_its_last_name(pipeline: Pipeline) -> None:
    shared, alone = concepts(pipeline, "钙、磷代谢紊乱。"), concepts(pipeline, "钙、磷升高。")
    assert shared["钙"] == concepts(pipeline, "钙代谢紊乱。")["钙代谢"]
    assert shared["钙"] != alone["钙"]


def test_numbers_listed_after_a_name_are_names(pipeline: Pipeline) -> None:
    assert concepts(pipeline, "MMP-2、9和-13的表达升高。") == {"MMP-2": "MMP2", "9": "MMP9", "-13": "MMP13"}
    assert concepts(pipeline, "IL-6和8周后的变化。") == {"IL-6": "IL6"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("王某等[15]报道了它们的差异。", []),
        ("Smith等(2010)报道IL-6升高。", ["IL-6"]),
        ("这一作用得到证实(Zhang et al, 2018b)。", []),
        ("差异有统计学意义(P<0.05)，与以往的16-17个结果一致。", []),
    ],
)
def test_authors_and_numbers_are_no_names(pipeline: Pipeline, text: str, wanted: list[str]) -> None:
    assert mentions(pipeline, text) == wanted


def test_a_single_word_is_no_open_chunk_unless_listed(pipeline: Pipeline) -> None:
    assert mentions(pipeline, "IL-6促进细胞的悖论。") == ["IL-6", "细胞"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("它抑制血清高敏C反应蛋白。", "C反应蛋白"),
        ("类风湿关节炎患者的IL-6升高。", "类风湿关节炎"),
        ("患者血清白介素-6升高。", "白介素-6"),
    ],
)
def test_borders_leave_out_bearers_and_fluids(pipeline: Pipeline, text: str, wanted: str) -> None:
    found = mentions(pipeline, text)
    assert any(name.endswith(wanted) for name in found)
    assert not any("患者" in name or ("血清" in name and len(name) > len("血清")) for name in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("这与肾上腺髓质瘤有关。", "肾上腺髓质瘤"),
        ("乙醇提取物有此作用。", "乙醇提取物"),
        ("这与XYZ2信号通路抑制剂有关。", "XYZ2"),
    ],
)
def test_a_name_and_a_word_form_are_one_name(pipeline: Pipeline, text: str, wanted: str) -> None:
    assert wanted in mentions(pipeline, text)


def test_reagents_and_methods_are_whole_names(pipeline: Pipeline) -> None:
    assert mentions(pipeline, "加入PBS和胎牛血清。") == ["PBS", "胎牛血清"]
    assert mentions(pipeline, "滴加HRP标记二抗。") == ["HRP标记二抗"]
    assert mentions(pipeline, "限制性内切酶切割后作琼脂糖凝胶电泳。") == ["限制性内切酶", "琼脂糖凝胶电泳"]


@pytest.mark.parametrize(
    "text", ["用酶标仪检测。", "换用新鲜缓冲液。", "用SPSS19.0和graphpad检验。", "登录号AB123456。"]
)
def test_methods_and_reagents_are_no_names(pipeline: Pipeline, text: str) -> None:
    assert mentions(pipeline, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "质粒购自天根生化科技有限公司。",
        "质粒购自上海某某基因医药科技股份有限公司。",
        "质粒(Gibco)购自美国。",
        "质粒购自武汉某鹰。",
    ],
)
def test_a_maker_is_no_name(pipeline: Pipeline, text: str) -> None:
    assert mentions(pipeline, text) == ["质粒"]
