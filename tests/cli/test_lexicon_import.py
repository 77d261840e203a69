"""`meo lexicon import`, and what it writes read by the other commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.lexicon.importing import Format
from pipeline.lexicon.importers import READERS

WORDS = "骨松症\t31\n破骨样胞\tmany\n骨\t4\n"
meo = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb"})


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(WORDS, encoding="utf-8")
    return path


def run(words: Path, *more: str, code: int = 0) -> str:
    into = str(words.parent / "mine")
    result = meo.invoke(app, ["lexicon", "import", str(words), "--into", into, *more])
    assert result.exit_code == code, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_every_format_has_its_reader() -> None:
    assert [str(each) for each in Format] == list(READERS)


def test_bad_lines_are_told_and_the_others_imported(words: Path) -> None:
    said = run(words, "--as", "thuocl", "--type", "disease", code=1)
    assert f"{words}:2: 'many' is no count" in said
    assert "1 concepts in" in said
    assert "1 bad lines" in said
    assert "1 left out: word of one character" in said
    table = (words.parent / "mine" / "words.tsv").read_text(encoding="utf-8")
    assert table == "curie\ttype\tzh\ten\tsource\n\tdisease\t骨松症\t\twords.txt\n"


def test_what_is_imported_is_found(words: Path) -> None:
    run(words, "--as", "thuocl", "--type", "disease", "--source", "mine", code=1)
    mine = str(words.parent / "mine")
    assert meo.invoke(app, ["lexicon", "check", mine]).exit_code == 0
    said = meo.invoke(app, ["lexicon", "lookup", "骨松症", "--lexicon", mine])
    assert said.exit_code == 0
    assert "disease" in said.stdout


def test_columns_of_a_tsv_file(tmp_path: Path) -> None:
    path = tmp_path / "icd.csv"
    path.write_text("code\t名称\nM81\t骨松症\nM81\t骨疏症\n", encoding="utf-8")
    given = ["--column", "curie=code", "--column", "zh=名称", "--prefix", "icd10", "--name", "icd"]
    said = run(path, "--as", "tsv", *given)
    assert "1 rows joined" in said
    assert "icd10:M81\tdisease\t骨松症|骨疏症\t\ticd.csv" in (tmp_path / "mine" / "icd.tsv").read_text(encoding="utf-8")


def test_a_table_is_replaced_only_by_force(words: Path) -> None:
    call = ["--as", "thuocl", "--type", "disease"]
    run(words, *call, code=1)
    assert "or --force to replace it" in run(words, *call, code=2)
    run(words, *call, "--force", code=1)


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        (["--as", "thuocl"], "give the type of its words with --type"),
        (["--as", "thuocl", "--type", "illness"], "--type is illness; it must be one of gene_or_protein"),
        (["--as", "hgnc"], "the header does not begin with HGNC ID"),
        (["--as", "tsv", "--column", "zh"], "it must be OURS=THEIRS"),
        (["--as", "thuocl", "--name", "a/b"], "give another --name"),
        (["--as", "excel"], "'thuocl'"),
    ],
)
def test_a_wrong_call_gives_exit_code_two_and_the_remedy(words: Path, more: list[str], remedy: str) -> None:
    assert remedy in run(words, *more, code=2)
    assert not list((words.parent / "mine").glob("*"))


def test_many_bad_lines_are_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("骨松症\n" + "骨松症\tx\n" * 60, encoding="utf-8")
    assert "… and 10 more" in run(path, "--as", "thuocl", "--type", "disease", code=1)
