"""One paper in every format: its triples are the same, and the files are what their script writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.build import Pipeline
from pipeline.evaluate.names import key
from pipeline.model import DocumentResult
from pipeline.readers import open_source

CORPORA = Path(__file__).parents[2] / "corpora"
FORMATS = CORPORA / "samples" / "formats"
FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
SHARE = 0.98
TITLE = "钠-葡萄糖协同转运蛋白2抑制剂治疗心力衰竭的研究进展"
NAMES = sorted(path.name for path in FORMATS.iterdir())
Read = Callable[[str], DocumentResult]


@pytest.fixture(scope="module")
def read() -> Read:
    pipeline = Pipeline()

    @cache
    def read_one(name: str) -> DocumentResult:
        return pipeline.read(open_source(FORMATS / name), doc_id=name, path=name, sha256="")

    return read_one


def statements(result: DocumentResult) -> set[tuple[str, str, str]]:
    return {(key(t.mediator.norm), t.effect.relation, key(t.outcome.norm)) for t in result.triples}


def test_every_format_is_there_and_small() -> None:
    assert len(NAMES) == 11
    assert all((FORMATS / name).stat().st_size < 300_000 for name in NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "paper.txt"])
def test_triples_are_those_of_the_text(name: str, read: Read) -> None:
    wanted, found = statements(read("paper.txt")), statements(read(name))
    assert len(wanted) > 50
    lost, more = sorted(wanted - found), sorted(found - wanted)
    assert len(lost) <= (1 - SHARE) * len(wanted), f"lost: {lost}; more: {more}"
    assert len(more) <= (1 - SHARE) * len(wanted), f"more: {more}; lost: {lost}"


@pytest.mark.parametrize("name", NAMES)
def test_spans_lie_in_the_text_that_was_drawn(name: str, read: Read) -> None:
    result = read(name)
    text = result.document.source_text
    for triple in result.triples:
        for end in (triple.mediator, triple.outcome):
            assert text[end.start : end.end] == end.text
    assert all(0 <= place.start < place.end <= len(text) for place in result.document.places)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_around_the_paper_is_mined(name: str, read: Read) -> None:
    """The side bar's statements, the deleted words of the tracked change, and the reference list."""
    said = " ".join(key(triple.evidence.text) for triple in read(name).triples)
    assert not [word for word in ("维生素d", "尼古丁", "可能减少", "示例文献", "版权") if word in said]


@pytest.mark.parametrize("name", NAMES)
def test_citations_are_those_of_the_text(name: str, read: Read) -> None:
    wanted = {number for triple in read("paper.txt").triples for number in triple.citations}
    assert {number for triple in read(name).triples for number in triple.citations} == wanted


# In damaged text the line of authors is one with the title.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "paper.damaged.txt"])
def test_title(name: str, read: Read) -> None:
    assert key(read(name).document.title or "") == key(TITLE)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".pdf", ".docx", ".html", ".xml"))])
def test_what_the_format_says(name: str, read: Read) -> None:
    document = read(name).document
    assert document.metadata["authors"] == ["张示例", "李样本", "欧阳范文"]
    assert key(document.references["13"]) == key("编写组. 示例文献十三.")
    assert len(document.references) == 13


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".pdf")])
def test_numbers_of_affiliations_are_no_citations(name: str, read: Read) -> None:
    assert "张示例1，李样本2，欧阳范文1" in read(name).document.source_text.split("\n")


@pytest.mark.skipif(
    not (find_spec("reportlab") and version("reportlab").startswith("5.1.")),
    reason="other versions of reportlab write other bytes: pip install '.[samples]'",
)
@pytest.mark.skipif(not FONT.is_file(), reason="the font is not installed: apt-get install fonts-wqy-microhei")
def test_script_writes_the_same_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(CORPORA / "make_samples.py"), str(tmp_path)], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    assert [name for name in NAMES if (tmp_path / name).read_bytes() != (FORMATS / name).read_bytes()] == []
