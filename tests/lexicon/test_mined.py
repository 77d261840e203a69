"""Definitions mined from papers: how many the lexicon knows, and whether it grounds them right.

`mined_judged.tsv` holds every definition `中文(English, ABBR)` that three or more papers of ChinaXiv (github:DreamBlooms,
CC BY 4.0) give, each judged by reading: `wrong` with the reason, or `right` with the identifier of the concept, empty where
no vocabulary has it, and its official name.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicon import Lexicon
from pipeline.tables import read_table

COLUMNS = ("zh", "en", "abbr", "judged", "curie", "note")
JUDGED = read_table(Path(__file__).with_name("mined_judged.tsv"), COLUMNS, key=("zh", "en", "abbr"))
RIGHT = [row for row in JUDGED if row["judged"] == "right"]
MINED = Path(__file__).parents[3] / "shared" / "vocabularies" / "mined_chinaxiv" / "zh_en_abbr.tsv"
LEXICON = Lexicon.load()


def whole(name: str) -> list[str]:
    """Return the identifiers of the concepts where the lexicon finds the name as one, best first; none where it does not."""
    matches = [match for match in LEXICON.find(name) if (match.start, match.end) == (0, len(name))]
    return [LEXICON.concepts[place].curie or "" for match in matches for place in match.concepts]


@pytest.mark.skipif(not MINED.is_file(), reason="the mined definitions are not here")
def test_every_definition_of_three_papers_is_judged() -> None:
    lines = [line.split("\t") for line in MINED.read_text(encoding="utf-8").splitlines()[1:]]
    mined = sorted((zh, en, abbr) for zh, en, abbr, papers, _ in lines if int(papers) >= 3)
    assert sorted((row["zh"], row["en"], row["abbr"]) for row in JUDGED) == mined


def test_a_wrong_definition_says_why_and_has_no_identifier() -> None:
    wrong = [row for row in JUDGED if row["judged"] == "wrong"]
    assert all(row["note"] and not row["curie"] for row in wrong)
    assert len(wrong) + len(RIGHT) == len(JUDGED)
    assert 0.15 < len(wrong) / len(JUDGED) < 0.25


def test_right_definitions_are_found_whole() -> None:
    assert sum(bool(whole(row["zh"])) for row in RIGHT) / len(RIGHT) >= 0.95


def test_right_definitions_have_the_right_identifier() -> None:
    grounded = [row for row in RIGHT if row["curie"]]
    right = sum(row["curie"] in whole(row["zh"])[:1] for row in grounded)
    assert right / len(grounded) >= 0.95
    assert sum(row["curie"] in whole(row["zh"])[:1] for row in RIGHT) / len(RIGHT) >= 0.95
