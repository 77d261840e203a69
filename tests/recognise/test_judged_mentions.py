"""Mentions judged one by one by reading: how many are names, whole, of the right type and the right concept.

`mentions_judged.tsv` (146 papers) served to find classes of error and to train the tagger. `mentions_unseen.tsv` was judged afterwards, on
papers that nobody had looked at; no row, rule or weight comes from it. The aim is 0.93 of the mentions and 0.90 of the identifiers.
Verdicts: `right`; `border`, a piece of a name or more than one; `no name`; `type`; `curie`, a right mention with another concept's
identifier. In the unseen papers an identifier one level broader than a merely compositional mention (重组质粒, plasmid) counts as right
where no nearer concept is in common use. Notes say what would be right.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.build import Pipeline
from pipeline.readers import open_source
from pipeline.tables import read_table

HERE = Path(__file__).parent
PAPERS = HERE.parents[1] / ".." / "shared" / "corpora" / "chinaxiv"
COLUMNS = ("doc", "norm", "type", "curie", "verdict", "note")
TABLES = ("mentions_judged.tsv", "mentions_unseen.tsv")
JUDGED = {name: read_table(HERE / name, COLUMNS, key=("doc", "norm", "type", "curie")) for name in TABLES}
VERDICTS = ("right", "border", "no name", "type", "curie")


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_judged(table: str) -> None:
    rows = JUDGED[table]
    assert {row["verdict"] for row in rows} <= set(VERDICTS)


def test_the_unseen_papers_are_others() -> None:
    seen, unseen = ({row["doc"] for row in JUDGED[table]} for table in TABLES)
    assert len(unseen) == 30
    assert not seen & unseen


@pytest.mark.skipif(not PAPERS.is_dir(), reason="the papers are not beside the project")
def test_precision_on_unseen_papers() -> None:
    verdicts = {(r["doc"], r["norm"], r["type"], r["curie"]): r["verdict"] for r in JUDGED["mentions_unseen.tsv"]}
    pipeline = Pipeline()
    counts: Counter[str] = Counter()
    identified: Counter[str] = Counter()
    for doc in sorted({doc for doc, *_ in verdicts}):
        path = PAPERS / f"{doc}.md"
        for mention in pipeline.read(open_source(path), doc_id=doc, path=path.name, sha256="").mentions:
            verdict = verdicts.get((doc, mention.norm, mention.type, mention.curie or ""), "not judged")
            counts[verdict] += 1
            if mention.curie:
                identified[verdict] += 1
    right, judged = counts["right"] + counts["curie"], counts.total() - counts["not judged"]
    named, known = identified["right"], identified.total() - identified["not judged"]
    sys.stdout.write(
        f"mentions {right / judged:.4f} of {judged}, identifiers {named / known:.4f} of {known}; {dict(counts)}\n"
    )
    assert counts["not judged"] <= 0.05 * counts.total()
    assert right / judged >= 0.93
    assert named / known >= 0.90
