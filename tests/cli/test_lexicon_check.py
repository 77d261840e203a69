"""`meo lexicon check` over the shipped tables and broken ones."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.lexicon.check import check_lexicon, check_shape, faults_of
from pipeline.tables import resource

HEADER = "curie\ttype\tzh\ten\tsource\n"
VOCABULARIES = os.environ.get("MEO_VOCABULARIES")
meo = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb"})


def test_the_shipped_tables_are_sound() -> None:
    result = meo.invoke(app, ["lexicon", "check"])
    assert result.exit_code == 0, result.output
    assert result.stdout.rstrip().endswith(" 0 errors")


@pytest.mark.skipif(not VOCABULARIES, reason="MEO_VOCABULARIES names no folder of unpacked vocabularies")
def test_every_shipped_identifier_is_right() -> None:
    result = meo.invoke(app, ["lexicon", "check", "--vocabularies", str(VOCABULARIES)])
    assert result.exit_code == 0, result.output


def test_every_error_of_every_table_at_once(tmp_path: Path) -> None:
    rows = [
        "hp:0000939\tphenotype\t骨质疏松\tOsteoporosis\tme",
        "\tbone\t骨\t\tme",
        "\tdrug\t\t\tme",
        "HP:1\tphenotype\t甲|甲\t\tme",
        "HP:2\tphenotype\t乙\t\tme",
        "\tdrug\t丙\t\t",
        "\tdrug\t丁\tme",
        "hp:0000939\tphenotype\t骨松\t\tme",
        "\tdrug\t戊 \t\tme",
    ]
    (tmp_path / "a.tsv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("zh\ten\n", encoding="utf-8")
    (tmp_path / "c.tsv").write_bytes(HEADER.encode() + "\tdrug\t骨\t\tme\n".encode("gbk"))
    result = meo.invoke(app, ["lexicon", "check", str(tmp_path)])
    assert result.exit_code == 1
    said = result.stdout
    for where, what in {
        "a.tsv:3": "type is 'bone'; it must be one of",
        "a.tsv:4": "a concept needs a name",
        "a.tsv:5": "zh has a name twice",
        "a.tsv:6": "curie is 'HP:2'; it must be prefix:local, the prefix in lower case",
        "a.tsv:7": "source is empty; say where the row comes from",
        "a.tsv:8": "4 cells; the header has 5 columns",
        "a.tsv:9": f"hp:0000939 stands already in {tmp_path / 'a.tsv'}:2; join the two rows, or remove one",
        "a.tsv:10": "white space around",
        "b.tsv:1": "header is 'zh\\ten'; it must be",
        "c.tsv:2": "not UTF-8; save the table as UTF-8",
    }.items():
        assert any(f"{where}: " in line and what in line for line in said.split("\n")), (where, said)
    assert "3 tables, " in said


def test_a_users_tables_may_add_to_each_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.tsv").write_text(f"{HEADER}hp:0000939\tphenotype\t骨{name}\t\tme\n", encoding="utf-8")
    result = meo.invoke(app, ["lexicon", "check", str(tmp_path)])
    assert result.exit_code == 0
    assert "2 tables, 2 concepts, 0 errors" in result.stdout


def test_notes_tell_names_of_several_concepts(tmp_path: Path) -> None:
    rows = "\tdrug\t甲药\tNO\tme\n\tchemical\t乙物|辅酶Ⅱ\tNO\tme\n"
    (tmp_path / "a.tsv").write_text(HEADER + rows, encoding="utf-8")
    result = meo.invoke(app, ["lexicon", "check", str(tmp_path), "--notes"])
    assert result.exit_code == 0
    assert "a.tsv:3: '辅酶Ⅱ' is never found, as text is read as '辅酶II'; write it so" in result.stdout
    assert "one name, several concepts: no: drug NO; chemical NO" in result.stdout


def test_a_folder_without_tables_is_a_usage_error(tmp_path: Path) -> None:
    result = meo.invoke(app, ["lexicon", "check", str(tmp_path)])
    assert result.exit_code == 2
    assert "a lexicon folder holds .tsv files" in " ".join(result.output.replace("│", " ").split())


def test_families_and_what_stands_beside(tmp_path: Path) -> None:
    concepts = tmp_path / "concepts"
    concepts.mkdir()
    shutil.copy(resource("concepts/cells.tsv"), concepts)
    shutil.copy(resource("concepts/cells.tsv"), concepts / "again.tsv")
    families = tmp_path / "families.tsv"
    families.write_text("symbol\tzh\ten\trange\tgroup\nIL{n}\t白介素\t\t2-7\t\n", encoding="utf-8")
    members = tmp_path / "family_members.tsv"
    members.write_text("symbol\tn\tcurie\tname\nCD{n}\t4\thgnc:1678\tCD4\n", encoding="utf-8")
    (tmp_path / "ambiguous.tsv").write_text("name\treason\nB\tx\nA\tx\n", encoding="utf-8")
    faults = check_lexicon(concepts, tmp_path).faults
    assert f"{members}:2: 'CD{{n}}' is no symbol of families.tsv" in faults
    assert f"{families}:2: '白介素' must have {{n}} once" in faults
    assert any("ambiguous.tsv:3: " in fault and "out of order" in fault for fault in faults)
    assert any("cells.tsv:2: " in fault and "again.tsv:2; join the two rows" in fault for fault in faults)
    members.unlink()
    lacking = f"{families}:1: no family_members.tsv beside it; run python -m pipeline.lexicon.ground {families}"
    assert lacking in check_lexicon(concepts, tmp_path).faults


@pytest.mark.parametrize("text", ["a\ta\n", "a\t\n", "a\tb\nx\n", "a\n x\n"])
def test_the_shape_of_other_tables(text: str, tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text(text, encoding="utf-8")
    assert len(faults_of(path, check_shape)) == 1
