"""Line numbers, labels, page feet, headings and captions that a layout model printed in one line with text."""

from __future__ import annotations

import pytest

from pipeline.normalise import normalise


def kinds(text: str) -> list[tuple[str, str]]:
    result = normalise(text)
    return [(block.kind, result.text[block.start : block.end]) for block in result.blocks]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("抑制血清中胆  \n21 固醇的合成", "抑制血清中胆固醇的合成"),
        ("支链氨基酸（branched chain amino  \n22 acid）的表  \n23达", "支链氨基酸(branched chain amino acid)的表达"),
        ("受试的是  \n12 只大鼠", "受试的是12只大鼠"),
        ("处理  \n24 h 后", "处理24 h后"),
        ("白细胞介素\n6 的表达", "白细胞介素6的表达"),
    ],
)
def test_line_numbers(source: str, text: str) -> None:
    assert normalise(source).text == text


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (
            "（农业大学动物学院，北京100193）摘要：炎症促进骨吸收。",
            [("paragraph", "(农业大学动物学院，北京100193)"), ("paragraph", "摘要：炎症促进骨吸收。")],
        ),
        (
            "炎症促进骨\n\n\\*通信作者：李四，教授，E-mail：li@example.cn吸收，并抑制骨形成。",
            [
                ("paragraph", "炎症促进骨"),
                ("front", "\\*通信作者：李四，教授，E-mail：li@example.cn"),
                ("paragraph", "吸收，并抑制骨形成。"),
            ],
        ),
        (
            "关键词：骨；炎症 中图分类号：S852.2 文献标识码：A 文章编号：炎症促进骨吸收。",
            [
                ("front", "关键词：骨；炎症"),
                ("front", "中图分类号：S852.2"),
                ("front", "文献标识码：A文章编号："),
                ("paragraph", "炎症促进骨吸收。"),
            ],
        ),
        ("Keywordsbone;inflammation", [("front", "Keywordsbone;inflammation")]),
        (
            "炎症促进骨吸收。2.1 药物对骨吸收的影响由表 4 可知，骨吸收增加。",
            [
                ("paragraph", "炎症促进骨吸收。"),
                ("heading", "2.1药物对骨吸收的影响"),
                ("paragraph", "由表4可知，骨吸收增加。"),
            ],
        ),
        (
            "2.1 药物对骨吸收的影响\n骨吸收在骨重建中起作用。",
            [("heading", "2.1药物对骨吸收的影响"), ("paragraph", "骨吸收在骨重建中起作用。")],
        ),
        ("2.1 药物对骨吸收的影响较大。", [("paragraph", "2.1药物对骨吸收的影响较大。")]),
        (
            "骨吸收增加。1.5免疫印迹法检测蛋白的表达收集各组细胞。",
            [
                ("paragraph", "骨吸收增加。"),
                ("heading", "1.5免疫印迹法检测蛋白的表达"),
                ("paragraph", "收集各组细胞。"),
            ],
        ),
        (
            "2.4 IL-6与骨吸收的相关性 结果显示，IL-6增加。",
            [("heading", "2.4 IL-6与骨吸收的相关性"), ("paragraph", "结果显示，IL-6增加。")],
        ),
        (
            "2.2 药物对炎症的调控炎症反应减弱。",
            [("paragraph", "2.2药物对炎症的调控炎症反应减弱。")],
        ),
        (
            "3 骨吸收的机制骨吸收受炎症调节。",
            [("heading", "3骨吸收的机制"), ("paragraph", "骨吸收受炎症调节。")],
        ),
        (
            "骨吸收增加[3]。4结论 骨吸收减少。",
            [("paragraph", "骨吸收增加[3]。"), ("heading", "4结论"), ("paragraph", "骨吸收减少。")],
        ),
        ("2.1 炎症使骨吸收增加，骨形成减少。", [("paragraph", "2.1炎症使骨吸收增加，骨形成减少。")]),
        (
            "（农业大学，北京 100193）摘要[目的]探讨骨吸收。",
            [("paragraph", "(农业大学，北京100193)"), ("paragraph", "摘要[目的]探讨骨吸收。")],
        ),
        (
            "骨吸收参与了骨折的\n图 2 药物对骨吸收的影响\nFig. 2 Effects of the drug",
            [
                ("paragraph", "骨吸收参与了骨折的"),
                ("caption", "图2药物对骨吸收的影响"),
                ("caption", "Fig. 2 Effects of the drug"),
            ],
        ),
        (
            "骨吸收参与了骨折的\n\n表 2 药物对骨吸收的影响\n\n发生发展。",
            [("paragraph", "骨吸收参与了骨折的"), ("caption", "表2药物对骨吸收的影响"), ("paragraph", "发生发展。")],
        ),
        (
            "张三。骨吸收。某学报，2018，38（6）：2156-2162.\n\n骨吸收增加。",
            [("paragraph", "张三。骨吸收。某学报，2018,38(6)：2156-2162."), ("paragraph", "骨吸收增加。")],
        ),
        ("# 参考文献\n\n（1）张三", [("heading", "参考文献"), ("list", "(1)张三")]),
    ],
)
def test_blocks(source: str, blocks: list[tuple[str, str]]) -> None:
    lead = ("paragraph", "骨吸收增加。骨形成减少。骨丢失。")
    assert kinds(f"{lead[1]}\n\n\n{source}") == [lead, *blocks]


@pytest.mark.parametrize(
    "line", ["图 4 为骨组织的切片，骨吸收增加。", "图 1 显示，炎症促进骨吸收。", "表 1 列出了骨吸收的因素。"]
)
def test_a_sentence_about_a_figure_is_no_caption(line: str) -> None:
    assert kinds(f"骨吸收增加。骨形成减少。骨丢失。\n\n\n{line}")[1][0] == "paragraph"


def test_what_a_break_stands_for() -> None:
    result = normalise("（北京100193）摘要：骨吸收。")
    assert result.text[10] == "\n"
    assert result.source_span(11, 13) == (10, 12)
    assert result.whole(9, 10) == (9, 10)
