"""Every table follows its rules and stands in SOURCES.tsv."""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.lexicon import Concept, Lexicon
from pipeline.lexicon.concept import COLUMNS, fault
from pipeline.tables import read_table, resource

ROOT = Path(__file__).parents[1]
CONCEPTS = sorted(resource("concepts").glob("*.tsv"))
CURIE = re.compile(
    r"hgnc:\d+|mesh:[A-Z]\d+|go:\d{7}|chebi:\d+|hp:\d{7}|mondo:\d{7}|doid:\d+|cl:\d{7}|uberon:\d{7}|fplx:[\w\-]+"
    r"|ncbitaxon:\d+|efo:\d{7}"
)


def sources() -> list[dict[str, str]]:
    return read_table(resource("SOURCES.tsv"), ("file", "origin", "version", "licence", "rows"), key=("file",))


def test_every_table_has_its_source_and_row_count() -> None:
    spec = importlib.util.spec_from_file_location("sources", ROOT / "benchmarks" / "sources.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    counted = {path.relative_to(module.RESOURCES).as_posix(): module.rows_of(path) for path in module.listed()}
    stated = {row["file"]: int(row["rows"]) for row in sources()}
    assert stated == counted, "python benchmarks/sources.py brings SOURCES.tsv up to date"
    assert all("?" not in cell for row in sources() for cell in row.values())


@pytest.mark.parametrize("path", CONCEPTS, ids=lambda path: path.stem)
def test_concept_table(path: Path) -> None:
    rows = read_table(path, COLUMNS, check=fault)
    names = [(row["type"], row["en"]) for row in rows]
    assert len(set(names)) == len(names), "rows are unique by type and English names"
    assert not [row["curie"] for row in rows if row["curie"] and not CURIE.fullmatch(row["curie"])]


def test_one_identifier_is_one_concept_of_a_type() -> None:
    owners: dict[tuple[str, str], list[Concept]] = defaultdict(list)
    for concept in Lexicon.load().concepts:
        if concept.curie:
            owners[concept.curie, concept.type].append(concept)
    assert not [key for key, concepts in owners.items() if len(concepts) > 1]


def test_lexicon_finds_whole_names() -> None:
    lexicon = Lexicon.load()

    def found(text: str) -> list[str]:
        return [text[match.start : match.end] for match in lexicon.find(text)]

    assert found("IL-10升高") == ["IL-10"]
    assert found("RANKL与OPG") == ["RANKL", "OPG"]
    assert found("肿瘤坏死因子alpha、TNFα和TNF-α") == ["肿瘤坏死因子alpha", "TNFα", "TNF-α"]
    assert lexicon.lookup("NF-kappaB") == lexicon.lookup("NF-κB") != ()
