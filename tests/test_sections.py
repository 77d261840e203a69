"""Which blocks of a paper hold running text."""

from __future__ import annotations

import pytest

from pipeline.normalise import normalise
from pipeline.sections import find_sections, find_title, mined_blocks

PARAGRAPH = "炎症在许多疾病中促进骨吸收，并且抑制骨形成，这与破骨细胞和成骨细胞的活性有关，近期的研究也证实了这一点。"
PAPER = f"{{front}}\n\n摘要：{PARAGRAPH}\n\n# 1 引言\n\n{PARAGRAPH}\n\n{{body}}\n\n{PARAGRAPH}\n"


def mined(text: str) -> list[str]:
    normalised = normalise(text)
    return [normalised.text[b.start : b.end] for b in mined_blocks(normalised, find_sections(normalised))]


@pytest.mark.parametrize(
    "front",
    [
        "炎症促进骨吸收的机制",
        "炎症对骨吸收的影响张三1 李四2\\*（1.农业大学动物科学学院，北京100193；2.某某医院，北京100850）",
        "张三，李四，王五（农业大学动物科学学院，北京 100193）",
    ],
)
def test_front_matter_is_not_mined(front: str) -> None:
    assert len(mined(PAPER.format(front=front, body=""))) == 3


@pytest.mark.parametrize(
    "body",
    [
        "药物对骨吸收的影响",
        "张三，李四。炎症促进骨吸收。某学报，2018，38（6）：2156-2162.",
        "张三，某大学教授。研究方向为炎症促进骨吸收的机制。E-mail：zhang@example.cn",
        "某某医院骨科，湖南长沙 410000",
        "A：药物促进骨吸收；B：药物抑制骨吸收。",
    ],
)
def test_notes_are_not_mined(body: str) -> None:
    assert len(mined(PAPER.format(front="", body=body))) == 3


@pytest.mark.parametrize(
    "body", ["炎症促进骨吸收，并抑制", "炎症促进骨吸收[3]", "炎症促进骨吸收。", "炎症促进骨\n\n吸收，并抑制骨形成。"]
)
def test_running_text_is_mined(body: str) -> None:
    assert len(mined(PAPER.format(front="", body=body))) == 4


def test_a_note_without_stops_is_mined() -> None:
    assert mined("IL-6促进骨吸收\n\nTNF-α促进骨吸收") != []


def test_the_heading_of_a_list_in_two_languages() -> None:
    text = PAPER.format(front="", body=f"参考文献（References）：\n\n[1] 张三. {PARAGRAPH}")
    assert [section.kind for section in find_sections(normalise(text))][-1] == "references"


METHODS = f"""# 炎症促进骨吸收

{PARAGRAPH}

# {{methods}}

{{paragraph}}

# {{part}}

用药物处理细胞，测定药物对细胞增殖的影响，取样品，加缓冲液，离心后测定吸光度，计算增殖率，每组设三个重复。

# {{results}}

{PARAGRAPH}
"""


@pytest.mark.parametrize(
    ("methods", "part", "results"),
    [
        ("1 材料与方法", "1.2 细胞培养", "2 药物对骨吸收的影响"),
        ("1 材料与方法", "细胞培养", "2 结果"),
        ("材料与方法", "1.1 细胞培养", "结果"),
        ("材料与方法", "细胞培养", "结果与讨论"),
    ],
)
def test_parts_of_methods_are_methods(methods: str, part: str, results: str) -> None:
    normalised = normalise(METHODS.format(methods=methods, part=part, results=results, paragraph=PARAGRAPH))
    sections = find_sections(normalised)
    kinds = [section.kind for section in sections]
    assert kinds[-3:-1] == ["methods", "methods"]
    assert kinds[-1] != "methods"
    blocks = mined_blocks(normalised, sections)
    assert [block.kind for block in blocks] == ["paragraph", "methods", "methods", "paragraph"]


def test_without_results_unnumbered_headings_are_no_methods() -> None:
    normalised = normalise(METHODS.format(methods="方法", part="炎症与骨", results="骨", paragraph=PARAGRAPH))
    assert [section.kind for section in find_sections(normalised)].count("methods") == 1


RUNNING = (
    "\n\n研究表明，白细胞介素-6能够促进破骨细胞的形成，抑制成骨细胞的增殖与分化，从而引起骨质疏松症患者的骨丢失。\n"
)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("炎症与骨代谢的研究\n\n# 引言", "炎症与骨代谢的研究"),
        ("炎症与骨代谢\n\n摘要：骨丢失。\n\n1 炎症与骨", "炎症与骨代谢"),
        ("# 炎症与骨代谢\n\n张三，李四\n\n# 引言", "炎症与骨代谢"),
        ("临床研究\n\n# 炎症与骨代谢\n\n张三\n\n# 摘要", "炎症与骨代谢"),
        ("100193)\n\n# 引言", None),
        ("# 引言", None),
        ("# 引言\n\n# 2.1 炎症与骨", "2.1炎症与骨"),
        ("", None),
    ],
)
def test_title(head: str, title: str | None) -> None:
    assert find_title(normalise(head + RUNNING)) == title
