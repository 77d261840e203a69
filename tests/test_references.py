"""The numbered reference list: its labels in all their forms, and the parts of an entry."""

from __future__ import annotations

import pytest

from pipeline.normalise import normalise
from pipeline.references import find_references, parse_reference
from pipeline.sections import find_sections

TEXT = """# 1 引言

炎症使骨吸收增加[1]，并且抑制骨形成[2]。近期的研究证实了这一点。

# 参考文献

{}
"""
SMITH = "Smith B J,Lerner M R.Systemic effects of inflammation[J].Bone,2006,38(3):378-386."
ZHANG = "张三,李四,等.骨吸收的机制[J].生理学报,2010,16(5):5-9."
MILLER = "Miller A.Osteoclasts in culture[J].Cell Reports,2014,7:12-20."


def listed(entries: str, text: str = TEXT) -> dict[str, str]:
    source = text.format(entries)
    normalised = normalise(source)
    found = find_references(normalised, find_sections(normalised), source)
    return {number: printed for number, (printed, _) in found.items()}


@pytest.mark.parametrize(
    "form", ["[{}] ", "[{}]", "[{}", "[{}) ", "［{}］", "[{}J", "{}. ", "{}.", "（{}）", "({}) ", "{}) ", "{}] ", "{} "]
)
def test_forms_of_labels(form: str) -> None:
    lines = [form.format(number) + entry for number, entry in enumerate((SMITH, MILLER, SMITH), 1)]
    assert list(listed("\n\n".join(lines))) == ["1", "2", "3"]


@pytest.mark.parametrize("form", ["[{}]", "{}、", "{}．"])
def test_chinese_entries(form: str) -> None:
    found = listed("\n".join(form.format(number) + ZHANG for number in (1, 2)))
    assert found == {"1": ZHANG, "2": ZHANG}


def test_entries_over_lines_and_several_in_a_line() -> None:
    entries = (
        f"[1]Smith B J,Lerner M R.Systemic effects\nof inflammation[J].Bone,2006,38(3):378-386.[2]{MILLER}\n[3]{SMITH}"
    )
    found = listed(entries)
    assert found["1"] == "Smith B J,Lerner M R.Systemic effects of inflammation[J].Bone,2006,38(3):378-386."
    assert found["2"] == MILLER
    assert found["3"] == SMITH


def test_columns_in_another_order() -> None:
    assert sorted(listed(f"[1]{SMITH}\n\n[4]{MILLER}\n\n[2]{SMITH}\n\n[3]{MILLER}")) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("between", ["\n\n", " ", " 2]", "]"])
def test_a_lost_number_is_restored_where_the_works_are_as_many_as_the_numbers(between: str) -> None:
    found = listed(f"[1]{SMITH}{between}{MILLER}\n\n[3]{SMITH}")
    assert (found["2"], found["3"]) == (MILLER, SMITH)


def test_a_lost_entry_is_not_made_up() -> None:
    assert list(listed(f"[1]{SMITH}\n\n[4]{SMITH}")) == ["1", "4"]


def test_what_follows_the_list_is_no_part_of_it() -> None:
    after = "Effects of inflammation on bone\n\nAbstract: Inflammation increases bone resorption in ageing rats.\n"
    assert listed(f"[1]{SMITH}\n\n[2]{MILLER}（编辑：王五）\n\n{after}") == {"1": SMITH, "2": MILLER}


def test_a_list_without_heading() -> None:
    text = TEXT.replace("# 参考文献\n", "")
    assert list(listed(f"[1]{SMITH}\n\n[2]{MILLER}", text)) == ["1", "2"]


def test_a_list_without_numbers_gives_none() -> None:
    assert listed("Smith B J, Lerner M R, 2006. Systemic effects of inflammation. Bone, 38(3): 378-386.") == {}


def parts(text: str) -> tuple[object, ...]:
    entry = parse_reference(text)
    return entry.authors, entry.title, entry.journal, entry.year, entry.volume, entry.issue, entry.pages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SMITH, (["Smith B J", "Lerner M R"], "Systemic effects of inflammation", "Bone", 2006, "38", "3", "378-386")),
        (ZHANG, (["张三", "李四"], "骨吸收的机制", "生理学报", 2010, "16", "5", "5-9")),
        (
            "Kim S.Y., Lee J.H. Bone loss in rats. J Bone Miner Res. 2O14 Mar;29(3):e12.",
            (["Kim S.Y", "Lee J.H"], "Bone loss in rats", "J Bone Miner Res", 2014, "29", "3", "e12"),
        ),
        (
            "Smith BJ, et al., 2006. Bone loss: a review. Journal of Bone Research, 37(2): 202-208.",
            (["Smith BJ"], "Bone loss: a review", "Journal of Bone Research", 2006, "37", "2", "202-208"),
        ),
        (
            "王五。骨丢失的研究[D].硕士学位论文。北京：某大学，2013.",
            (["王五"], "骨丢失的研究", None, 2013, None, None, None),
        ),
        ("王五.骨丢失[J].某学报,2015(4):28-30.", (["王五"], "骨丢失", "某学报", 2015, None, "4", "28-30")),
        (
            "王五.骨丢失[J].某学报,2015,6(4):28-30. Wang W. Bone loss in ageing rats[J]. Some Journal,2015,6(4):28-30.",
            (["王五"], "骨丢失", "某学报", 2015, "6", "4", "28-30"),
        ),
        (
            "Miller A.Bone cells[M]//SMITH B.Skeleton.New York:Someone,2010:30-37.",
            (["Miller A"], "Bone cells", None, 2010, None, None, "30-37"),
        ),
        (
            "Miller A.Bone cells[J].Bone,2016,[Epub ahead of print].",
            (["Miller A"], "Bone cells", "Bone", 2016, None, None, None),
        ),
    ],
)
def test_parts_of_an_entry(text: str, expected: tuple[object, ...]) -> None:
    assert parts(text) == expected


def test_doi() -> None:
    entry = parse_reference("Smith BJ. Bone loss. Bone. 2006;38:378-86. https://doi.org/10.1000/b.2006.1.")
    assert (entry.doi, entry.pages) == ("10.1000/b.2006.1", "378-86")
