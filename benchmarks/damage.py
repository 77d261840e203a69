"""What damage costs: F1 on gold files for the clean texts and for copies damaged as PDF extraction damages.

    python benchmarks/damage.py BENCHMARK [--gold seed dev] [--seeds 1 2 3 4 5]

BENCHMARK is a folder with NAME.gold, `texts/*.txt`, and `damage.py`, whose `damage(text, seed=…)` gives a damaged copy.
A gold file's evidence is found in either, so the same gold scores both.
"""

from __future__ import annotations

import argparse
import runpy
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline import model
from pipeline.build import Pipeline
from pipeline.evaluate.gold import read_gold
from pipeline.evaluate.score import HEADLINE, ReadTriple, score
from pipeline.readers import open_source

# The most that the mean over the gold files may lose.
ALLOWED = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark", type=Path)
    parser.add_argument("--gold", nargs="+", default=["seed", "dev"], help="names of gold files")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3, 4, 5])
    args = parser.parse_args()
    began = time.perf_counter()
    damage = runpy.run_path(str(args.benchmark / "damage.py"))["damage"]
    golds = [args.benchmark / f"{name}.gold" for name in args.gold]
    texts = {path.stem: open_source(path).text for path in sorted((args.benchmark / "texts").glob("*.txt"))}
    wanted = sorted({doc for path in golds for doc in read_gold(path, texts)[0]})
    clean = {doc: texts[doc] for doc in wanted}
    pipeline = Pipeline()
    whole = measure(pipeline, golds, clean)
    print(f"{'texts':10}" + "".join(f"{name:>20}" for name in (*args.gold, "mean")))
    print_row("clean", whole, whole)
    lost = []
    for seed in args.seeds:
        scores = measure(pipeline, golds, {doc: damage(text, seed=seed) for doc, text in clean.items()})
        print_row(f"seed {seed}", scores, whole)
        lost.append((sum(whole) - sum(scores)) / len(golds))
    over = sum(loss > ALLOWED for loss in lost)
    print(f"\n{len(wanted)} texts, {len(lost)} seeds, {over} that lose more than {ALLOWED} in the mean, ", end="")
    print(f"{time.perf_counter() - began:.0f} s")


def measure(pipeline: Pipeline, golds: Sequence[Path], texts: Mapping[str, str]) -> list[float]:
    """Read the texts and give F1 on each gold file, at the headline level."""
    found: dict[str, list[ReadTriple]] = {}
    for doc, text in texts.items():
        source = model.Source(text=text, format="text", encoding="utf-8")
        triples = pipeline.read(source, doc_id=doc, path=f"{doc}.txt", sha256="").triples
        found[doc] = [msgspec.convert(triple, ReadTriple, from_attributes=True) for triple in triples]
    scores = []
    for path in golds:
        docs, gold = read_gold(path, texts)
        scores.append(score(gold, [triple for doc in docs for triple in found[doc]])[HEADLINE].f1)
    return scores


def print_row(name: str, scores: Sequence[float], whole: Sequence[float]) -> None:
    """Print F1, and what it is more than that of the clean texts."""
    pairs = zip((*scores, sum(scores) / len(scores)), (*whole, sum(whole) / len(whole)), strict=True)
    print(f"{name:10}" + "".join(f"{f1:10.4f} ({f1 - clean:+.4f})" for f1, clean in pairs), flush=True)


if __name__ == "__main__":
    main()
