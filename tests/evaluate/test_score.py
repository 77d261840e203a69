"""The figures are the benchmark scorer's, to the digit."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.evaluate import names
from pipeline.evaluate.names import key, key_offsets
from pipeline.evaluate.report import evaluate
from pipeline.evaluate.score import HEADLINE, ReadTriple

BENCHMARK = Path(__file__).parents[2] / ".." / "shared" / "benchmark"
needs_benchmark = pytest.mark.skipif(not BENCHMARK.is_dir(), reason="the shared benchmark is not beside the checkout")
RELATIONS = ["increases", "decreases", "causes_no_change", "regulates", "association", "negative_correlation", "binds"]


def triple(doc: str, start: int, end: int, mediator: str, relation: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {
        "doc_id": doc,
        "mediator": {"text": mediator, "change": more.get("mediator_change")},
        "effect": {"relation": relation, "negated": more.get("negated", False), "certainty": more.get("certainty")},
        "outcome": {"text": outcome, "change": None, "aspect_text": more.get("aspect")},
        "evidence": {"start": start, "end": end},
        "citations": more.get("citations", []),
        "confidence": more.get("confidence", 0.5),
        "rule": more.get("rule", "active"),
    }


def write_run(folder: Path, texts: dict[str, str], triples: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    documents = [{"doc_id": doc, "source_text": text} for doc, text in texts.items()]
    for name, rows in (("documents", documents), ("triples", triples), ("mentions", [])):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def guesses(gold: Path, texts: dict[str, str], rng: random.Random) -> list[dict[str, Any]]:
    """Triples that are right, nearly right and wrong, made from the gold itself."""
    found = []
    doc, span = "", (0, 0)
    for line in gold.read_text(encoding="utf-8").splitlines():
        if line.startswith("doc "):
            doc = line[4:].strip()
            folded, offsets = key_offsets(texts[doc])
        elif line.startswith("= "):
            at = folded.find(key(line[2:]))
            span = offsets[at], offsets[at] + len(line)
        elif line.startswith("@ "):
            span = int(line.split()[1]), int(line.split()[2])
        elif " > " in line and rng.random() < 0.8:
            parts = [rng.choice(part.strip().split("|")) for part in line.partition(" ; ")[0].split(" > ")]
            mediator, relation, outcome = (re.sub(r"\{.\}", "", part) for part in parts)
            if rng.random() < 0.2:
                relation = rng.choice(RELATIONS)
            if rng.random() < 0.2:
                mediator, outcome = outcome, mediator
            if rng.random() < 0.2:
                mediator += rng.choice(["活性", "受体", "减少", "1", "的增加"])
            shift = rng.choice([0, 0, 0, -3, 500])
            found.append(
                triple(
                    doc,
                    span[0] + shift,
                    span[1] + shift,
                    mediator,
                    relation,
                    outcome,
                    mediator_change=rng.choice([None, None, "decreased", "increased"]),
                    negated=rng.random() < 0.05,
                    certainty=rng.choice(["asserted", "asserted", "speculated"]),
                    aspect=rng.choice([None, None, "水平"]),
                    citations=re.findall(r"\d+", line.partition(" ; ")[2]) if rng.random() < 0.7 else ["1"],
                )
            )
    return found


def first_documents(gold: Path, folder: Path) -> Path:
    """A copy with the first dozen documents: the benchmark's scorer compares all with all, and is slow on many."""
    documents = gold.read_text(encoding="utf-8").split("\ndoc ")
    path = folder / gold.name
    path.write_text("\ndoc ".join(documents[:12]) + "\n", encoding="utf-8")
    return path


@needs_benchmark
@pytest.mark.parametrize("files", [("seed",), ("dev",), ("train",), ("seed", "dev")])
def test_same_figures_as_the_benchmark_scorer(files: tuple[str, ...], tmp_path: Path) -> None:
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted((BENCHMARK / "texts").glob("*.txt"))}
    golds = [first_documents(BENCHMARK / f"{name}.gold", tmp_path) for name in files]
    rng = random.Random(7)
    triples = [guess for gold in golds for guess in guesses(gold, texts, rng)]
    run = write_run(tmp_path / "run", texts, triples)
    command = [sys.executable, str(BENCHMARK / "score.py"), "--texts", str(BENCHMARK / "texts")]
    command += ["--triples", str(run / "triples.jsonl"), "--gold", *map(str, golds)]

    def scorer(*more: str) -> str:
        return subprocess.run([*command, *more], check=True, capture_output=True, text=True).stdout

    report = evaluate(run, golds)
    levels = {
        name: {field: getattr(figures, field) for field in ("precision", "recall", "f1", "right", "wrong", "gold")}
        for name, figures in report.levels.items()
    }
    assert levels == json.loads(scorer("--json"))
    assert levels[HEADLINE]["right"] > 0
    assert levels[HEADLINE]["wrong"] > 0
    verbose = scorer("--verbose")
    assert f"certainty agrees on {report.certainty.agree}/{report.certainty.of} " in verbose
    if report.citations.of:
        assert f"citations agree on {report.citations.agree}/{report.citations.of} " in verbose
    missed = verbose.split("missed:\n")[1].split("\nwrong:")[0].split("\n")
    assert [f"  {miss.doc_id}  {miss.triple}" for miss in report.missed] == missed
    for mistake in report.wrong:
        assert f"  {mistake.doc_id}  {mistake.triple}   in: " in verbose
    for doc, figures in report.documents.items():
        if figures.gold:
            assert f"  {doc:44} recall {figures.right}/{figures.gold}\n" in verbose


@needs_benchmark
def test_same_key_as_the_benchmark_scorer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARK))
    import score  # type: ignore[import-not-found]

    everything = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x30000), *range(0x100000, 0x100200)]))
    assert key_offsets(everything) == score.key(everything)
    words = score.DOWN_WORDS + score.UP_WORDS + score.WHOLE + score.OTHER_THING
    assert sorted(words) == sorted(word for group in names._words().values() for word in group)


def test_a_triple_needs_no_more_than_the_scorer_reads() -> None:
    assert msgspec.convert(triple("a", 0, 1, "A", "binds", "B"), ReadTriple).line == "A > binds > B"
