"""A user's tables over the shipped ones, in real small folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicon import Lexicon
from pipeline.lexicon.layers import user_digest
from pipeline.tables import TableError

HEADER = "curie\ttype\tzh\ten\tsource\n"


def tables(folder: Path, **rows: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, row in rows.items():
        text = HEADER + "".join(line.replace(" ", "\t") + "\n" for line in row.split("\n"))
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return tables(
        tmp_path / "shipped" / "concepts",
        drugs="chebi:1 drug 阿司匹林|乙酰水杨酸 aspirin team\nchebi:2 drug 水杨酸 salicylate team",
        genes="hgnc:1 gene_or_protein 趋化因子4 CCL4 team\n chemical 四氯化碳 CCl4 team",
    )


def named(lexicon: Lexicon, name: str) -> list[str | None]:
    return [lexicon.concepts[place].curie for place in lexicon.lookup(name)]


def test_names_are_added_and_come_first(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", any="chebi:1 chemical 拜阿司匹灵|阿司匹林 Bayaspirin me")
    lexicon = Lexicon.load(shipped, user=[mine])
    (aspirin,) = (concept for concept in lexicon.concepts if concept.curie == "chebi:1")
    assert aspirin.zh == ("拜阿司匹灵", "阿司匹林", "乙酰水杨酸")
    assert aspirin.en == ("Bayaspirin", "aspirin")
    assert (aspirin.type, aspirin.source) == ("chemical", "me")
    assert [match.concepts for match in lexicon.find("拜阿司匹灵即乙酰水杨酸")] == [(0,), (0,)]


def test_new_concepts_are_found(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", one="my:1 drug 灵丹 Elixir me", two=" drug 妙药  me")
    lexicon = Lexicon.load(shipped, user=[mine])
    assert named(lexicon, "灵丹") == named(lexicon, "elixir") == ["my:1"]
    assert named(lexicon, "妙药") == [None]
    assert len(lexicon.concepts) == 6


def test_a_users_row_wins_an_equal_name(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", any="my:1 drug 乙酰水杨酸 Aspirin|salicylate me\nmy:2 drug 水杨酸  me")
    lexicon = Lexicon.load(shipped, user=[mine])
    assert named(lexicon, "乙酰水杨酸") == named(lexicon, "aspirin") == ["my:1"]
    assert named(lexicon, "阿司匹林") == ["chebi:1"]
    assert named(lexicon, "水杨酸") == ["my:2"]
    assert "chebi:2" not in [concept.curie for concept in lexicon.concepts], "it has lost its last name"


def test_names_that_form_tells_apart_stay(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", any="my:1 chemical 四氯甲烷 CCl4 me")
    lexicon = Lexicon.load(shipped, user=[mine])
    assert named(lexicon, "CCl4") == ["my:1"]
    assert named(lexicon, "CCL4") == ["hgnc:1"]


def test_the_last_folder_lies_on_top(shipped: Path, tmp_path: Path) -> None:
    one = tables(tmp_path / "one", any="my:1 drug 灵丹|妙药  me")
    two = tables(tmp_path / "two", any="my:2 drug 灵丹  me\nmy:1 drug 仙丹  me")
    lexicon = Lexicon.load(shipped, user=[one, two])
    assert named(lexicon, "灵丹") == ["my:2"]
    assert [concept.zh for concept in lexicon.concepts if concept.curie == "my:1"] == [("仙丹", "妙药")]
    turned = Lexicon.load(shipped, user=[two, one])
    assert named(turned, "灵丹") == ["my:1"]
    assert turned.digest != lexicon.digest != Lexicon.load(shipped).digest


def test_rows_of_one_folder_share_a_name_and_an_identifier(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", a="my:1 drug 灵丹 Elixir me\nmy:2 drug 灵丹  me", b="my:1 drug 仙丹  me")
    lexicon = Lexicon.load(shipped, user=[mine])
    assert named(lexicon, "灵丹") == ["my:1", "my:2"]
    assert [concept.zh for concept in lexicon.concepts if concept.curie == "my:1"] == [("灵丹", "仙丹")]


def test_a_changed_table_is_read_anew(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", any="my:1 drug 灵丹  me")
    before = user_digest(mine)
    assert named(Lexicon.load(shipped, user=[mine]), "灵丹") == ["my:1"]
    tables(mine, any="my:2 drug 灵丹  me")
    assert named(Lexicon.load(shipped, user=[mine]), "灵丹") == ["my:2"]
    assert user_digest(mine) != before


def test_bad_rows_of_all_tables_are_named(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine", one=" medicine 灵丹  me", two=" drug 灵丹")
    with pytest.raises(TableError) as raised:
        Lexicon.load(shipped, user=[mine])
    said = str(raised.value)
    assert f"{mine / 'one.tsv'}:2: type is 'medicine'; it must be one of gene_or_protein" in said
    assert f"{mine / 'two.tsv'}:2: 3 cells; the header has 5 columns" in said


def test_a_table_in_another_encoding_is_named(shipped: Path, tmp_path: Path) -> None:
    mine = tables(tmp_path / "mine")
    (mine / "any.tsv").write_text(HEADER + "\tdrug\t灵丹\t\tme\n", encoding="gb18030")
    with pytest.raises(TableError, match=r"any\.tsv: not UTF-8 (.+); save it as UTF-8"):
        Lexicon.load(shipped, user=[mine])


@pytest.mark.parametrize(("where", "lack"), [("empty", "holds no .tsv table"), ("nowhere", "is no folder")])
def test_a_folder_without_tables_is_told(shipped: Path, tmp_path: Path, where: str, lack: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TableError, match=f"{where}: {lack}; give a folder of concept tables with the columns curie"):
        Lexicon.load(shipped, user=[tmp_path / where])
