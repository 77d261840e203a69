"""The project's own samples are what their names say, and their gold is sound."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pytest

from pipeline.evaluate.gold import read_gold
from pipeline.evaluate.names import key
from pipeline.tables import read_table

CORPORA = Path(__file__).parents[1] / "corpora"
SAMPLES = CORPORA / "samples"
ENCODINGS = {"gb18030": "gb18030", "utf16": "utf-16"}
DAMAGED = "gut-microbiota-metabolism"
TRADITIONAL = "chronic-inflammation-cancer-tw"

ALL = sorted(path.name.removesuffix(".txt") for path in SAMPLES.glob("*.txt"))
COPIES = [name for name in ALL if "." in name]
ORIGINALS = [name for name in ALL if "." not in name]
PASSAGES = read_table(CORPORA / "papers" / "passages.tsv", ("name", "paper", "start", "end"), key=("name",))
GOLD_OF_PAPERS = sorted((CORPORA / "papers").glob("*.gold"))
PAPERS = CORPORA.parents[1] / "shared" / "corpora" / "chinaxiv"


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def test_there_are_enough_samples() -> None:
    assert len(ORIGINALS) >= 4
    assert {name.partition(".")[2] for name in COPIES} == set(ENCODINGS)


def test_every_sample_has_gold_and_no_gold_is_without_sample() -> None:
    assert sorted(path.stem for path in (CORPORA / "gold").glob("*.gold")) == ORIGINALS


@pytest.mark.parametrize("name", ORIGINALS)
def test_gold_is_sound(name: str) -> None:
    text = sample(name)
    documents, triples = read_gold(CORPORA / "gold" / f"{name}.gold", {name: text})
    assert documents == [name]
    required = [triple for triple in triples if not triple.optional]
    assert len(required) >= 50
    assert all(0 < triple.start < triple.end <= len(text) for triple in triples)
    assert len({triple.line + str(triple.start) for triple in triples}) == len(triples), "a triple is listed twice"
    marks = set(re.findall(r"\d+", ",".join(re.findall(r"\[([\d,-]+)\]", key(text)))))
    assert set().union(*(triple.citations for triple in triples)) <= marks


@pytest.mark.parametrize("name", ORIGINALS)
def test_ends_are_named_in_the_text(name: str) -> None:
    text = sample(name)
    whole = key(text)
    _, triples = read_gold(CORPORA / "gold" / f"{name}.gold", {name: text})
    for triple in triples:
        for end in (triple.mediator, triple.outcome):
            assert any(form in whole for form, _ in end), f"no name of an end stands in the text: {triple.line}"


@pytest.mark.parametrize("name", ORIGINALS)
def test_text_is_a_review(name: str) -> None:
    parts = [part for part in re.sub(r"[ \n]", "", sample(name)).partition("参考文献") if part]
    parts = parts if len(parts) == 3 else list(re.sub(r"[ \n]", "", sample(name)).partition("參考文獻"))
    body, _, references = parts
    assert 1200 <= len(body) <= 2500
    assert "摘要：" in body
    assert re.search(r"关键词：|關鍵詞：", body)
    assert re.search(r"结论|結論", body)
    assert re.search(r"示例文献|示例文獻", references)


@pytest.mark.parametrize("name", COPIES)
def test_copy_is_encoded_as_its_name_says(name: str) -> None:
    original, _, suffix = name.partition(".")
    data = (SAMPLES / f"{name}.txt").read_bytes()
    assert data.decode(ENCODINGS[suffix]) == sample(original)
    assert data.startswith(codecs.BOM_UTF16_LE) is (suffix == "utf16")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_damaged_sample_is_damaged() -> None:
    text = sample(DAMAGED)
    assert not re.search(r"[A-Za-z0-9]", text)
    assert "\u2043" in text
    assert "\U001001b0 " in text
    assert re.search(r"[\u4e00-\u9fff]\n\n?[\u4e00-\u9fff]", text), "no wrap within a sentence"
    assert re.search(r"(?:[\u4e00-\u9fff] ){4}", text), "no justified line"


@pytest.mark.parametrize("name", [name for name in ORIGINALS if name != DAMAGED])
def test_clean_samples_are_clean(name: str) -> None:
    text = sample(name)
    assert not re.search(r"[\u2043\U00100000-\U0010ffff\uff21-\uff5a]", text)
    assert not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", re.sub(r"(?m)^.*[一二三四五0-9.、] .*$", "", text))


def test_traditional_sample_speaks_as_taiwan_does() -> None:
    text = sample(TRADITIONAL)
    for term in ("腫瘤壞死因子", "介白素-6", "發炎", "蝕骨細胞", "嗜中性球", "標靶治療"):
        assert term in text
    assert not re.search("[为发这对与细肿]", text), "a simplified character in the traditional text"


def test_every_passage_has_gold_in_one_file() -> None:
    named = [name for path in GOLD_OF_PAPERS for name in read_gold(path, {})[0]]
    assert sorted(named) == [row["name"] for row in PASSAGES]


@pytest.mark.parametrize("path", GOLD_OF_PAPERS, ids=lambda path: path.name)
def test_gold_of_papers_is_sound(path: Path) -> None:
    length = {row["name"]: int(row["end"]) - int(row["start"]) for row in PASSAGES}
    _, triples = read_gold(path, {})
    assert all(0 <= triple.start < triple.end <= length[triple.doc] for triple in triples)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("=")], "evidence of a paper is given as offsets"


@pytest.mark.skipif(not PAPERS.is_dir(), reason="the papers are not beside the project")
@pytest.mark.parametrize("path", GOLD_OF_PAPERS, ids=lambda path: path.name)
def test_ends_are_named_in_the_passage(path: Path) -> None:
    texts = {}
    for row in PASSAGES:
        text = (PAPERS / f"{row['paper']}.md").read_text(encoding="utf-8")
        texts[row["name"]] = key(text[int(row["start"]) : int(row["end"])])
    _, triples = read_gold(path, {})
    for triple in triples:
        ends = () if triple.optional else (triple.mediator, triple.outcome)
        assert all(any(form in texts[triple.doc] for form, _ in end) for end in ends), triple.line
