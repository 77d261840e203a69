"""`meo lexicon lookup` over the shipped lexicon and a user's folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.lexicon import Concept, Lexicon
from pipeline.lexicon.lookup import look_up, suggest

HEADER = "curie\ttype\tzh\ten\tsource\n"
meo = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb"})


def asked(*words: str) -> dict[str, list[dict[str, object]]]:
    result = meo.invoke(app, ["lexicon", "lookup", *words, "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("term", ["IL-6", "il6", "白介素-6", "白介素 6", "介白素-6", "hgnc:6018", "HGNC:6018"])
def test_every_way_to_write_a_name_finds_its_concept(term: str) -> None:
    bearer = asked(term)["bearers"][0]
    assert bearer["curie"] == "hgnc:6018"
    assert "白细胞介素-6" in bearer["zh"]  # type: ignore[operator]


def test_traditional_characters() -> None:
    assert asked("腫瘤壞死因子")["bearers"][0]["curie"] == "hgnc:11892"


def test_rows_are_where_the_names_stand() -> None:
    bearer = asked("成骨细胞")["bearers"][0]
    (row,) = bearer["rows"]  # type: ignore[misc]
    path, _, line = str(row).rpartition(":")
    cells = Path(path).read_text(encoding="utf-8").split("\n")[int(line) - 1].split("\t")
    assert cells[0] == bearer["curie"]
    assert "成骨细胞" in cells[2].split("|")


def test_a_members_row_of_a_family_is_told() -> None:
    assert any("family_members.tsv:" in row for row in asked("IL-6")["bearers"][0]["rows"])  # type: ignore[attr-defined]


def test_what_is_printed() -> None:
    said = meo.invoke(app, ["lexicon", "lookup", "NO"]).stdout
    for word in ("ambiguous.tsv", "chebi:16480", "chemical", "一氧化氮", "nitric oxide", "team", "chemicals.tsv:"):
        assert word in said
    assert "in another form only: NO" in meo.invoke(app, ["lexicon", "lookup", "no"]).stdout


def test_nothing_found_gives_suggestions_and_exit_code_one() -> None:
    result = meo.invoke(app, ["lexicon", "lookup", "破骨样细袍"])
    assert result.exit_code == 1
    assert "Nothing is called 破骨样细袍." in result.stdout
    assert "破骨样细胞" in result.stdout
    answer = json.loads(meo.invoke(app, ["lexicon", "lookup", "osteoclastt", "--json"]).stdout)
    assert answer["bearers"] == []
    assert answer["suggestions"][0] == "osteoclast"


def test_a_users_table_is_asked_too(tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text(HEADER + "hgnc:6018\tgene_or_protein\t某某因子\t\tme\n", encoding="utf-8")
    bearer = asked("某某因子", "--lexicon", str(tmp_path))["bearers"][0]
    assert bearer["curie"] == "hgnc:6018"
    assert f"{tmp_path / 'mine.tsv'}:2" in bearer["rows"]  # type: ignore[operator]
    assert any("genes.tsv:" in row for row in bearer["rows"])  # type: ignore[attr-defined]


def test_a_users_broken_table_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text(HEADER + "\tgene\t某某因子\t\tme\n", encoding="utf-8")
    result = meo.invoke(app, ["lexicon", "lookup", "某某因子", "--lexicon", str(tmp_path)])
    assert result.exit_code == 2
    assert "mine.tsv:2: type is 'gene'; it must be one of" in result.output


def test_who_else_bears_a_name() -> None:
    concepts = [
        Concept("a:1", "chemical", ("四氯化碳",), ("CCl4",), "team"),
        Concept("a:2", "gene_or_protein", ("趋化因子4",), ("CCL4", "MIP-1β"), "team"),
        Concept("a:3", "complex_or_family", ("趋化因子家族",), ("MIP-1beta",), "team"),
    ]
    answer = look_up(Lexicon(concepts, ambiguous=["ccl4"]), "CCL4", [])
    assert [(bearer.curie, bearer.meant, bearer.as_listed) for bearer in answer.bearers] == [
        ("a:2", True, ["CCL4"]),
        ("a:1", False, ["CCl4"]),
    ]
    assert answer.bearers[0].shared == {"MIP-1β": ["趋化因子家族 (a:3)"]}
    assert answer.ambiguous


def test_suggestions_are_ranked_and_one_a_concept() -> None:
    names = [("骨密度", 0), ("骨矿物质密度", 0), ("骨质疏松", 1), ("肝", 2)]
    assert suggest("骨密渡", names, [name for name, _ in names]) == ["骨密度"]
    assert suggest("x", names, [name for name, _ in names]) == []
