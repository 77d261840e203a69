from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from pipeline.evaluate.differences import Tally, compare
from pipeline.model import Context, Effect, End, Evidence, Relation, Triple
from pipeline.schema import RunError

NO_CONTEXT = Context([], [], [], [], [], [], [], [], [])


def end(text: str, start: int, *, mention_id: str | None = None) -> End:
    return End(
        mention_id=mention_id,
        text=text,
        norm=text,
        start=start,
        end=start + len(text),
        type="gene_or_protein",
        curie=None,
        zh=text,
        en=None,
        change=None,
        aspect=None,
        aspect_text=None,
        antecedent=None,
    )


def triple(
    mediator: End,
    relation: Relation,
    outcome: End,
    *,
    doc_id: str = "a",
    at: int = 0,
    rule: str = "active",
    negated: bool = False,
) -> Triple:
    """A triple whose evidence is the forty characters from `at`."""
    return Triple(
        triple_id=f"{doc_id}:{at}:{mediator.start}:{relation}:{outcome.start}",
        doc_id=doc_id,
        mediator=mediator,
        effect=Effect(relation, "抑制", at, at + 2, negated, "asserted", None),
        outcome=outcome,
        evidence=Evidence("……", at, at + 40, None),
        context=NO_CONTEXT,
        statistics=[],
        citations=["3"],
        via=[],
        confidence=0.8,
        rule=rule,
    )


A, B, C = end("TNF-α", 0), end("骨吸收", 10), end("骨量", 20)


def run(folder: Path, documents: Iterable[str], triples: Iterable[Triple]) -> Path:
    folder.mkdir()
    encode = msgspec.json.Encoder().encode_lines
    (folder / "documents.jsonl").write_bytes(encode([{"doc_id": doc} for doc in documents]))
    (folder / "triples.jsonl").write_bytes(encode(triples))
    return folder


def test_same_runs_do_not_differ(tmp_path: Path) -> None:
    triples = [triple(A, "increases", B), triple(A, "decreases", C)]
    result = compare(run(tmp_path / "a", "a", triples), run(tmp_path / "b", "a", triples))
    assert (result.same, result.gained, result.lost, result.changed) == (2, [], [], [])


def test_gained_lost_changed(tmp_path: Path) -> None:
    before = [triple(A, "increases", B), triple(A, "decreases", C, rule="passive")]
    after = [
        triple(A, "decreases", B, negated=True),
        triple(B, "decreases", C),
        triple(A, "decreases", C, doc_id="new"),
    ]
    result = compare(run(tmp_path / "a", ["a", "old"], before), run(tmp_path / "b", ["a", "new"], after))
    (changed,) = result.changed
    assert [(c.field, c.before, c.after) for c in changed.changes] == [
        ("effect.relation", "increases", "decreases"),
        ("effect.negated", False, True),
    ]
    assert result.lost == [before[1]]
    assert result.gained == after[1:]
    assert result.documents == {"a": Tally(1, 1, 1), "new": Tally(1, 0, 0)}
    assert result.rules == {"active": Tally(2, 0, 1), "passive": Tally(0, 1, 0)}
    assert (result.only_a, result.only_b) == (["old"], ["new"])


def test_a_longer_end_is_a_change(tmp_path: Path) -> None:
    longer = end("破骨细胞骨吸收", 6)
    result = compare(
        run(tmp_path / "a", "a", [triple(A, "increases", B)]),
        run(tmp_path / "b", "a", [triple(A, "increases", longer)]),
    )
    (changed,) = result.changed
    assert ("outcome.norm", "骨吸收", "破骨细胞骨吸收") in [(c.field, c.before, c.after) for c in changed.changes]


def test_a_moved_counter_is_no_change(tmp_path: Path) -> None:
    moved = msgspec.structs.replace(A, mention_id="a:7")
    result = compare(
        run(tmp_path / "a", "a", [triple(A, "increases", B)]), run(tmp_path / "b", "a", [triple(moved, "increases", B)])
    )
    assert result.same == 1


def test_another_sentence_is_another_triple(tmp_path: Path) -> None:
    result = compare(
        run(tmp_path / "a", "a", [triple(A, "increases", B)]),
        run(tmp_path / "b", "a", [triple(A, "increases", B, at=100)]),
    )
    assert (len(result.gained), len(result.lost), result.changed) == (1, 1, [])


def test_not_a_run_folder(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is not a run folder: it has no documents\.jsonl; make one with: meo run"):
        compare(tmp_path, tmp_path)
