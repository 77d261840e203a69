"""Blocks: what each line of a paper is read as, and where a paragraph ends."""

from __future__ import annotations

import pytest

from pipeline.normalise import normalise

WRAPPED = """２　炎症相关骨质疏松症的发病机制

升高的致炎性介质与临床上很多慢性炎症疾病

患者发生骨量减少和骨密度减低有关。构建了一

种慢性系统性炎症诱导骨质丢失的体内的模型。
受试大鼠按剂量分为三组，分别治疗九十天。
２􀆰 １　环氧化酶⁃２（ＣＯＸ⁃２）

普遍认为环氧化酶⁃２在体外能诱导破骨细胞的
形成，其特异的抑制剂抑制破骨细胞生成。

３ 个月后，骨密度较对照组明显减低。

参考文献

［１］Smith BJ, Lerner MR. Systemic effects. Bone, 2006, 38: 378.
［２］张三，李四．骨质疏松．中国骨质疏松杂志，2010，16: 5.
"""


def kinds(text: str) -> list[tuple[str, int, str]]:
    result = normalise(text)
    return [(block.kind, block.level, result.text[block.start : block.end]) for block in result.blocks]


def test_wrapped_paper() -> None:
    blocks = kinds(WRAPPED)
    assert [kind for kind, _, _ in blocks] == [
        "heading",
        "paragraph",
        "heading",
        "paragraph",
        "heading",
        "reference",
        "reference",
    ]
    assert [(level, text) for kind, level, text in blocks if kind == "heading"] == [
        (1, "2炎症相关骨质疏松症的发病机制"),
        (2, "2.1环氧化酶-2(COX-2)"),
        (1, "参考文献"),
    ]
    # A sentence that ends at the margin does not end the paragraph.
    assert blocks[1][2].startswith("升高的致炎性介质与临床上很多慢性炎症疾病患者发生")
    assert blocks[1][2].count("。") == 3
    assert blocks[3][2].endswith("3个月后，骨密度较对照组明显减低。")
    # A reference list's labels are no citations.
    assert normalise(WRAPPED).citations == ()


@pytest.mark.parametrize(
    ("line", "kind", "level"),
    [
        ("# 1 引言", "heading", 1),
        ("### 1.1 骨", "heading", 3),
        ("![](images/a.jpg)", "image", 0),
        ("<table><tr><td>骨</td></tr></table>", "table", 0),
        ("| 组别 | 例数 |", "table", 0),
        ("关键词：骨；炎症", "front", 0),
        ("关 键 词 骨", "front", 0),
        ("Key words: bone", "front", 0),
        ("DOI：10.1000/1", "front", 0),
        ("摘要：炎症引起骨丢失。", "paragraph", 0),
        ("• 骨吸收", "list", 0),
        ("（1）骨吸收增加。", "list", 0),
        ("图 1 骨吸收", "caption", 0),
        ("一、骨吸收", "heading", 1),
        ("第二章 骨吸收", "heading", 1),
        ("2.1.3 骨吸收", "heading", 3),
        ("3 月大的雄性大鼠", "paragraph", 0),
    ],
)
def test_kinds(line: str, kind: str, level: int) -> None:
    text = f"骨吸收增加。\n{line}\n\n\n近期的研究证实了这一点。"
    assert kinds(text)[1][:2] == (kind, level)


def test_table_rows_are_one_block() -> None:
    assert [kind for kind, _, _ in kinds("骨吸收。\n| a | b |\n| 1 | 2 |\n近期的研究。")] == [
        "paragraph",
        "table",
        "paragraph",
    ]


def test_running_heads_stand_apart() -> None:
    page = "炎症引起骨丢失的机制在许多研究中得到了证实，并且与破骨细胞\n有关。\n\n中国骨质疏松杂志 2012 年第 {} 期\n\n· {} ·\n\n"
    text = "".join(page.format(number, number + 120) for number in range(1, 5))
    heads = [text for kind, _, text in kinds(text) if kind == "running_head"]
    assert heads.count("·121·") == 1
    assert sum("中国骨质疏松杂志" in head for head in heads) == 4


@pytest.mark.parametrize(
    "text",
    [
        "见于 3 月\n1 日的研究",
        "如\n图 1 所示的骨吸收",
        "治疗\n90 天的大鼠",
        "白细胞介素\n1、TNF-α 的浓度",
        "3 治疗药物\n的研究",
        "Smith et al.\nreported",
    ],
)
def test_a_stretch_is_joined(text: str) -> None:
    assert "\n" not in normalise(text).text
