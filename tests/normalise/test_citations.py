"""Citation marks and the numbers they stand for."""

from __future__ import annotations

import pytest

from pipeline.normalise import normalise


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("骨吸收［３］", [("3",)]),
        ("骨吸收[5,7-9]", [("5", "7", "8", "9")]),
        ("骨吸收[1, 3]，骨形成［４］", [("1", "3"), ("4",)]),
        ("骨吸收[10]－[12]", [("10", "11", "12")]),
        ("骨吸收［１４⁃１５］", [("14", "15")]),
        ("骨吸收〔3〕", [("3",)]),
        ("骨吸收[3~5]", [("3", "4", "5")]),
        ("骨吸收[7、9]", [("7", "9")]),
        ("OR 1.35 [95% CI, 1.08 to 1.68]", []),
        ("骨吸收[13.30]，骨形成[2.5.14-16]", [("13", "30"), ("2", "5", "14", "15", "16")]),
        ("比值比 1.35 [1.2-3.5]，95% CI [1.2-3.5]，[0.5]", []),
        ("见 [2012]", []),
        ("[J]", []),
        ("[0-3]", []),
        ("[501]", []),
        ("[9-7]", []),
    ],
)
def test_numbers(text: str, numbers: list[tuple[str, ...]]) -> None:
    result = normalise(text)
    assert [citation.numbers for citation in result.citations] == numbers
    for citation in result.citations:
        assert result.text[citation.start] == "["
        assert result.text[citation.end - 1] == "]"


@pytest.mark.parametrize(
    ("text", "printed", "number"),
    [
        ("骨吸收[16。", "[16", "16"),
        ("李某等[17研究发现", "[17", "17"),
        ("骨吸收[22l，并", "[22l", "22"),
        ("骨吸收[21，并", "[21", "21"),
        ("骨吸收【23]，并", "【23]", "23"),
        ("骨吸收9]。", "9]", "9"),
    ],
)
def test_a_mark_whose_bracket_is_lost_ends_before_the_text(text: str, printed: str, number: str) -> None:
    result = normalise(text)
    (citation,) = result.citations
    assert citation.numbers == (number,)
    start, end = result.source_span(citation.start, citation.end)
    assert text[start:end] == printed


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("李某等3发现骨吸收增加", [("3",)]),
        ("李某等3,5研究表明", [("3", "5")]),
        ("抑制骨吸收2-3]。", [("2", "3")]),
        ("雌、雄等3组小鼠", []),
        ("等3研究小组", []),
        ("骨吸收增加（图3]，", []),
        ("骨吸收[见表12]。", []),
    ],
)
def test_a_mark_without_its_brackets(text: str, numbers: list[tuple[str, ...]]) -> None:
    assert [citation.numbers for citation in normalise(text).citations] == numbers
