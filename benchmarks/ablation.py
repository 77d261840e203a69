"""What each frame, the judge and each recogniser is worth: F1 on gold files with one of them switched off at a time.

    python benchmarks/ablation.py --texts FOLDER GOLD... [--only NAME...]

Texts are cut and their mentions found once; a frame then costs one more pass of the extractor. The table is sorted by
what is lost on the mean; what stands at its end with a gain does harm. Without the dictionary its names are still
whole tokens: the cut stays as it is.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc

from pipeline import model
from pipeline.build import JUDGE, RECOGNISERS, Pipeline
from pipeline.evaluate.gold import GoldTriple, read_gold
from pipeline.evaluate.score import HEADLINE, Level, ReadTriple, score
from pipeline.normalise import Normalised
from pipeline.readers import open_source
from pipeline.record import Recorder


class Parsed(NamedTuple):
    """A text that is parsed once and extracted from many times."""

    doc_id: str
    text: str
    normalised: Normalised
    sections: list[model.Section]
    doc: Doc


class Gold(NamedTuple):
    """A gold file."""

    name: str
    docs: frozenset[str]
    triples: list[GoldTriple]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--texts", type=Path, required=True, help="folder of NAME.txt")
    parser.add_argument("--only", nargs="+", help="switch off these only")
    args = parser.parse_args()
    began = time.perf_counter()
    texts = {path.stem: open_source(path).text for path in sorted(args.texts.glob("*.txt"))}
    golds = []
    for path in args.gold:
        docs, triples = read_gold(path, texts)
        golds.append(Gold(path.stem, frozenset(docs), triples))
    pipeline = Pipeline()
    wanted = sorted({doc for gold in golds for doc in gold.docs})
    parsed = [Parsed(doc, texts[doc], *pipeline.parse(texts[doc])) for doc in wanted]
    whole = measure(parsed, golds)
    # Recognisers come last: they overwrite the mentions that the frames work on.
    names = [*(frame.name for frame in pipeline.grammar.frames), JUDGE, *RECOGNISERS]
    rows = []
    for name in names:
        if args.only and name not in args.only:
            continue
        for stage_name, stage in Pipeline(disable=(name,)).stages:
            if name in RECOGNISERS or stage_name == "extract":
                for item in parsed:
                    stage(item.doc)
        without = measure(parsed, golds)
        moved = [b.f1 - a.f1 for a, b in zip(whole, without, strict=True)]
        rows.append((-sum(moved) / len(moved), name, moved, without))
    print_table(golds, whole, sorted(rows, key=lambda row: (-row[0], row[1])))
    print(f"\n{len(parsed)} texts, {len(rows)} switched off in turn, {time.perf_counter() - began:.0f} s")


def measure(parsed: Sequence[Parsed], golds: Sequence[Gold]) -> list[Level]:
    """Score what the documents hold now against each gold file, at the headline level."""
    found: dict[str, list[ReadTriple]] = {}
    for item in parsed:
        triples = Recorder(item.doc, item.normalised, item.text, item.doc_id, item.sections).triples()
        found[item.doc_id] = [msgspec.convert(triple, ReadTriple, from_attributes=True) for triple in triples]
    return [
        score(gold.triples, [triple for doc in sorted(gold.docs) for triple in found[doc]])[HEADLINE] for gold in golds
    ]


def print_table(
    golds: Sequence[Gold], whole: Sequence[Level], rows: Sequence[tuple[float, str, list[float], list[Level]]]
) -> None:
    """Print F1 points with each one off, and what that loses."""
    print(f"{'without':24}{'lost':>8}" + "".join(f"{gold.name[:20]:>21}" for gold in golds))
    print(f"{'(nothing)':24}{'':8}" + "".join(f"{100 * level.f1:12.2f}         " for level in whole))
    for loss, name, moved, levels in rows:
        cells = "".join(f"{100 * b.f1:12.2f} ({100 * a:+6.2f})" for a, b in zip(moved, levels, strict=True))
        print(f"{name:24}{100 * loss:8.2f}{cells}")


if __name__ == "__main__":
    main()
