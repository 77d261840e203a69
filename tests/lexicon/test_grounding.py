"""The ends of the gold triples: whether the lexicon grounds the mentions that stand for them right.

The tables `grounding_judged*.tsv` hold, end by end, the mention that was found and the identifier that it got, judged by
reading: `right`, `wrong` or `missing` with what it should be, `none` where no vocabulary has the concept. A mention of length
zero says that the end was not recognised at all. Reasons that begin `known as` name the word by which the document, not the
lexicon, knows the mention.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.lexicon import Lexicon
from pipeline.normalise import normalise
from pipeline.tables import read_table

COLUMNS = ("end", "mention", "curie", "verdict", "reason")
TABLES = sorted(Path(__file__).parent.glob("grounding_judged*.tsv"))
JUDGED = {path.name: read_table(path, COLUMNS, key=("end", "mention", "curie")) for path in TABLES}
VERDICTS = ("right", "wrong", "missing", "none")
KNOWN_AS = "known as "
LEXICON = Lexicon.load()


def grounded(name: str) -> str | None:
    """Return the identifier of the best concept that bears a name as printed; None where no concept does."""
    name = normalise(name).text
    places = LEXICON.lookup(name)
    if not places:
        whole = [match for match in LEXICON.find(name) if (match.start, match.end) == (0, len(name))]
        places = tuple(place for match in whole for place in match.concepts)
    return LEXICON.concepts[places[0]].curie if places else None


@pytest.mark.parametrize("table", JUDGED)
def test_every_verdict_is_complete(table: str) -> None:
    for row in JUDGED[table]:
        assert row["verdict"] in VERDICTS, row
        assert row["reason"] or row["verdict"] in ("right", "none"), row
        assert row["curie"] or row["verdict"] != "right", row
        assert not row["curie"] or row["verdict"] in ("right", "wrong"), row


@pytest.mark.parametrize("table", JUDGED)
def test_what_is_right_stays_right(table: str) -> None:
    lost = []
    for row in JUDGED[table]:
        if row["verdict"] == "right":
            reason = row["reason"]
            name = reason.removeprefix(KNOWN_AS) if reason.startswith(KNOWN_AS) else row["mention"]
            if (curie := grounded(name)) != row["curie"]:
                lost.append((name, row["curie"], curie))
    assert not lost


def test_most_ends_that_have_a_concept_are_grounded_right() -> None:
    total: Counter[str] = Counter()
    for table, rows in JUDGED.items():
        counts = Counter(row["verdict"] for row in rows)
        total += counts
        sys.stdout.write(f"{table}: {', '.join(f'{verdict} {counts[verdict]}' for verdict in VERDICTS)}\n")
    assert total["right"] / (total["right"] + total["wrong"] + total["missing"]) >= 0.85
