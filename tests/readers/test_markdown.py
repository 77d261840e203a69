"""A paper as layout models write it: only its claims give triples, and names in LaTeX are mentions with right borders."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline import model
from pipeline.build import Pipeline

PAPER = r"""# 甲药对骨吸收影响的实验研究！

张三1，李四2\*，王五1

（1.某某大学医学院，北京100000；2.某某医院骨科，上海200000）摘要：目的 探讨骨吸收的机制。结果表明，IL-6促进破骨细胞分化。

关键词：IL-6抑制成骨细胞；骨吸收 中图分类号：R681 文献标识码：A

Abstract: IL-6 promotes osteoclast differentiation in vitro and in vivo.

基金项目：国家自然科学基金（IL-6促进骨吸收的机制，00000000）

# 1 引言

炎症在骨代谢中有重要作用[1]。$\mathrm { H } _ { 2 } \mathrm { O } _ { 2 }$ 促进细胞凋亡，而 $\beta .$ -catenin抑制细胞凋亡[2]。

2.1甲药下调TNF- $\cdot \alpha$ 的表达采用免疫印迹法检测，结果显示， $\mathrm { C a } ^ { 2 + } .$ 内流激活NF- $\kappa \mathrm { B }$ 。

2.2 IL-1对破骨细胞增殖的影响 结果表明，IL-17促进破骨细胞增殖，这与以往的研究结果一致，其机制还有待进一步的研究来说明。

2.3IL-4抑制炎症反应(inflammation，IR)的分子机制

炎症反应在骨的代谢中有重要作用，近年来的研究也证实了这一点，并且指出它与许多疾病有关。

表1 IL-10抑制TNF-α的结果

<table><tr><td>IL-10</td><td>抑制骨吸收</td></tr></table>

$^ { \mathrm { a } } P { < } 0 . 0 5$ ， $^ { \mathrm { b } } P { < } 0 . 0 1$

IL-18促进成骨细胞凋亡（204号 $( P { < } 0 . 0 5 )$ ，与对照组相比差异有统计学意义，这一结果与他人的报道一致。

同列数据肩标不同字母表示IL-6促进骨吸收差异显著。

![](images/a.jpg)

图1 IL-6对骨吸收的促进作用

A：IL-6促进骨吸收的情况。B：IL-8促进骨吸收的情况。

免疫系统 IL-6 促进 ↑ 骨吸收 ↓ 破骨细胞

4结论 甲药抑制骨吸收。

# 参考文献

[1] 张三，李四．IL-6促进骨吸收的机制[J]．某学报，2010，16(3)：5-8.
"""

CLAIMS = {
    ("IL-6", "increases", "破骨细胞分化"),
    ("炎症", "regulates", "骨代谢"),
    ("H2O2", "increases", "细胞凋亡"),
    ("β-catenin", "decreases", "细胞凋亡"),
    ("Ca2+内流", "increases", "NF-κB"),
    ("IL-17", "increases", "破骨细胞"),
    ("IL-18", "increases", "成骨细胞凋亡"),
    ("甲药", "decreases", "骨吸收"),
}

SENTENCES = {
    "结果表明，IL-6促进破骨细胞分化。",
    "炎症在骨代谢中有重要作用[1]。",
    "H2O2促进细胞凋亡，而β-catenin抑制细胞凋亡[2]。",
    "采用免疫印迹法检测，结果显示，Ca2+内流激活NF-κB。",
    "结果表明，IL-17促进破骨细胞增殖，这与以往的研究结果一致，其机制还有待进一步的研究来说明。",
    "IL-18促进成骨细胞凋亡(P<0.05)，与对照组相比差异有统计学意义，这一结果与他人的报道一致。",
    "甲药抑制骨吸收。",
}


@cache
def read() -> model.DocumentResult:
    source = model.Source(text=PAPER, format="text", encoding="utf-8")
    return Pipeline().read(source, doc_id="paper", path="paper.md", sha256="0" * 64)


def test_only_claims_give_triples() -> None:
    said = {(t.mediator.norm, t.effect.relation, t.outcome.norm) for t in read().triples}
    assert said >= CLAIMS
    # The judge may read an end more in a sentence that claims something; no other line gives any.
    claiming = {
        t.evidence.text for t in read().triples if (t.mediator.norm, t.effect.relation, t.outcome.norm) in CLAIMS
    }
    assert {t.evidence.text for t in read().triples} == claiming == SENTENCES


@pytest.mark.parametrize(
    ("printed", "norm"),
    [
        (r"$\mathrm { H } _ { 2 } \mathrm { O } _ { 2 }$", "H2O2"),
        (r"$\beta .$ -catenin", "β-catenin"),
        (r"$\mathrm { C a } ^ { 2 + } .$ 内流", "Ca2+内流"),
        (r"NF- $\kappa \mathrm { B }$", "NF-κB"),
    ],
)
def test_names_in_latex_are_mentions(printed: str, norm: str) -> None:
    assert (printed, norm) in {(mention.text, mention.norm) for mention in read().mentions}
