"""`meo lexicon mine` over small corpora."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.batch.mining import Mined, rank
from pipeline.cli.app import app
from pipeline.lexicon import Concept, Lexicon
from pipeline.lexicon.importers import READERS, Job
from pipeline.recognise.definitions import Definition

meo = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb"})
HEADER = "zh\ten\tabbr\tdocuments\tcurie\tknown"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    texts = [
        "结果表明，促进巢脾素样因子（nest spleen factor，NSF）的表达。骨保护素（osteoprotegerin，OPG）升高。",
        "本文综述血清巢脾素样因子（nest spleen factor, NSF）与骨保护素（OPG）的关系。",
        "巢脾素样因子（nest-spleen factor，NSF）是一种因子。见图（Figure 1）。",
    ]
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def mined(*words: str) -> list[str]:
    result = meo.invoke(app, ["lexicon", "mine", *words])
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_definitions_are_counted_by_documents_and_grounded(corpus: Path) -> None:
    assert mined(str(corpus)) == [
        HEADER,
        "巢脾素样因子\tnest spleen factor\tNSF\t3\t\tno",
        "骨保护素\tosteoprotegerin\tOPG\t2\thgnc:11909\tyes",
    ]


def test_only_new_names_and_least_documents(corpus: Path) -> None:
    assert len(mined(str(corpus), "--new")) == 2
    assert len(mined(str(corpus), "--documents", "3")) == 2
    assert mined(str(corpus), "--documents", "4") == [HEADER]


def test_the_table_is_written_and_comes_back_as_a_lexicon(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "mined.tsv"
    (said,) = mined(str(corpus), "--out", str(out))
    assert said.startswith("2 definitions of 3 documents in")
    job = Job(out, "mined", type="gene_or_protein", columns={"en": ["en", "abbr"]})
    concepts = [concept for _, concept in READERS["tsv"](job)]
    assert concepts[0].names == ("巢脾素样因子", "nest spleen factor", "NSF")
    assert concepts[1].curie == "hgnc:11909"


def test_a_document_that_cannot_be_read_is_told(corpus: Path) -> None:
    (corpus / "bad.txt").write_bytes(b"\x00\xff\xfe\x81" * 50)
    result = meo.invoke(app, ["lexicon", "mine", str(corpus)])
    assert result.exit_code == 1
    assert "bad.txt: " in result.output
    assert "骨保护素" in result.output


def test_a_wrong_corpus_is_a_usage_error(tmp_path: Path) -> None:
    assert meo.invoke(app, ["lexicon", "mine", str(tmp_path / "nowhere")]).exit_code == 2


def defined(before: str, en: str, abbr: str, certain: int = 1) -> list[Definition]:
    return [Definition(tuple(before.split()), certain, en, abbr)]


LEXICON = Lexicon(
    [Concept("hgnc:11892", "gene_or_protein", ("肿瘤坏死因子",), ("TNF", "tumor necrosis factor"), "team")]
)


def test_documents_tell_together_where_a_name_begins() -> None:
    documents = [
        defined("促进 甘油 醛 -3- 磷酸 脱氢酶", "", "GAPDH"),
        defined("检测 甘油 醛 -3- 磷酸 脱氢酶", "", "GAPDH"),
        defined("甘油 醛 -3- 磷酸 脱氢酶", "", "GAPDH"),
    ]
    assert [row.zh for row in rank(documents, LEXICON)] == ["甘油醛-3-磷酸脱氢酶"]


def test_two_names_of_one_abbreviation_have_a_row_each() -> None:
    usual = [defined(f"{verb} 甘油 醛 -3- 磷酸 脱氢酶", "", "GAPDH") for verb in ("促进", "检测", "抗", "以")]
    other = [defined(f"{verb} 磷酸 甘油 醛 脱氢酶", "", "GAPDH") for verb in ("促进", "检测", "内参")]
    assert [(row.zh, row.documents) for row in rank([*other, *usual], LEXICON)] == [
        ("甘油醛-3-磷酸脱氢酶", 4),
        ("磷酸甘油醛脱氢酶", 3),
    ]


def test_of_few_documents_the_certain_part_counts() -> None:
    assert [row.zh for row in rank([defined("促进 甘油 脱氢酶", "", "GD", 2)], LEXICON)] == ["甘油脱氢酶"]


def test_spellings_of_the_english_name_are_joined() -> None:
    documents = [
        defined("肿瘤坏死因子", "tumornecrosis factr", "TNF"),
        defined("肿瘤坏死因子", "tumornecrosis factr", "TNF"),
        defined("肿瘤坏死因子", "tumor necrosis factor", "TNF"),
        defined("肿瘤坏死因子", "", "TNF"),
    ]
    assert rank(documents, LEXICON) == [Mined("肿瘤坏死因子", "tumor necrosis factor", "TNF", 4, "hgnc:11892", True)]


def test_what_one_abbreviation_means_elsewhere_has_its_own_row() -> None:
    documents = [defined("阿尔茨海默病", "Alzheimer disease", "AD"), defined("特应性皮炎", "atopic dermatitis", "AD")]
    rows = rank(documents, LEXICON)
    assert [row.zh for row in rows] == ["特应性皮炎", "阿尔茨海默病"]
    assert rows == rank(documents[::-1], LEXICON)
