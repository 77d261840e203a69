from pathlib import Path

import pytest

from pipeline.evaluate.gold import GoldError, read_gold

TEXT = "雌激素减少升高ＴＮＦ⁃α 的\n水平[3]。"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "a.gold"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_evidence_is_found_in_the_printed_text(tmp_path: Path) -> None:
    path = write(tmp_path, "# note", "doc a", "= 升高tnf-α的水平", "雌激素{-} > increases|regulates > TNF-α ; ~ [3]")
    docs, (triple,) = read_gold(path, {"a": TEXT})
    assert docs == ["a"]
    assert TEXT[triple.start : triple.end] == "升高ＴＮＦ⁃α 的\n水平"
    assert triple.relations == ("increases", "regulates")
    assert triple.hedged
    assert not triple.optional
    assert triple.citations == {"3"}
    assert ("雌激素", -1) in triple.mediator


def test_offsets_may_be_given(tmp_path: Path) -> None:
    _, (triple,) = read_gold(write(tmp_path, "doc a", "@ 5 12", "A > binds > B ; ?"), {"a": TEXT})
    assert (triple.start, triple.end, triple.optional) == (5, 12, True)


def test_a_document_without_triples_counts(tmp_path: Path) -> None:
    assert read_gold(write(tmp_path, "doc a", "doc b"), {}) == (["a", "b"], [])


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path, "A > binds > B", "doc a", "A > binds > B", "= nowhere", "A > helps > B", "A > binds", "@ 1", "@ a b"
    )
    with pytest.raises(GoldError) as error:
        read_gold(path, {"a": TEXT})
    lines = str(error.value).splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "3", "4", "5", "6", "7", "8"]
    assert "allowed: association" in lines[3]
    assert "copy it from the text" in lines[2]
