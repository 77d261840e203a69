"""Train the tagger of unlisted names on mentions judged by reading and on the ends of gold triples, or measure it.

    python benchmarks/tagger.py --papers PAPERS --judged mentions_judged.tsv --texts TEXTS --gold train.gold
                                [--check dev.gold] [--folds 8] [--write]

A stretch is right where a reader judged it so (`right`, `curie`), or where it bears the name of a gold triple's end. `--folds` tells how
many of the judged stretches and of the ends a model keeps that has not seen their documents. `--write` replaces
`resources/models/tagger.tsv`. Needs scikit-learn (extra `train`).
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from mentions import ends
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.build import TAGGER, Pipeline
from pipeline.evaluate.gold import read_gold
from pipeline.evaluate.names import Variants, key_offsets, signs, variants
from pipeline.readers import open_source
from pipeline.recognise import SCORES
from pipeline.recognise.found import Found
from pipeline.recognise.tagger import BIAS, UNIT, Tagger
from pipeline.record import Recorder
from pipeline.spans import spans_of
from pipeline.tables import read_table, resource

COLUMNS = ("doc", "norm", "type", "curie", "verdict", "note")
RIGHT = ("right", "curie")
CUTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
STRENGTH = 0.3
RARE = 2


class Stretch(NamedTuple):
    """An unlisted stretch: document, offsets of the source, normalised name, type, features."""

    doc: str
    start: int
    end: int
    norm: str
    type: str
    features: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=Path, required=True, help="folder of the judged papers, NAME.md")
    parser.add_argument("--judged", type=Path, nargs="+", required=True, help="tables of judged mentions")
    parser.add_argument("--texts", type=Path, required=True, help="folder of the gold's NAME.txt")
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument(
        "--check", type=Path, nargs="*", default=[], help="gold whose ends are counted, not learned from"
    )
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    reader = Reader()
    judged = judged_stretches(reader, args.papers, args.judged)
    gold = [(stretch, 1) for path in args.gold for stretch in gold_stretches(reader, args.texts, path)]
    checks = {path.stem: list(gold_stretches(reader, args.texts, path)) for path in args.check}
    data = Data([*judged, *gold], len(judged))
    measure(data, args.folds)
    model = data.fit(np.arange(len(data.labels)))
    for name, stretches in checks.items():
        scores = model.decision_function(data.matrix([stretch.features for stretch in stretches]))
        print(
            f"{name}: of {len(stretches)} ends kept "
            + ", ".join(f"{c} {np.mean(likely(scores) >= c):.3f}" for c in CUTS)
        )
    if args.write:
        write(data, model)


class Reader:
    """Finds the unlisted stretches of a text with their features."""

    def __init__(self) -> None:
        """Make a pipeline that leaves every stretch in."""
        self.pipeline = Pipeline((TAGGER, "judge"))
        recogniser: Any = self.pipeline.stages[0][1]
        self.tagger = Tagger(recogniser.grammar, recogniser.forms, self.pipeline.segmenter.is_word)

    def read(self, doc_id: str, path: Path) -> Iterator[Stretch]:
        source = open_source(path).text
        normalised, sections, doc = self.pipeline.parse(source)
        mentions = Recorder(doc, normalised, source, doc_id, sections).every_mention()
        facts = doc.user_data["mentions"]
        found = [
            Found(span.start, span.end, span.label, method, 0 if zh or en else None, (0,) * len(candidates), score=own)
            for span, (method, score, zh, en, candidates) in zip(spans_of(doc, "mentions"), facts, strict=True)
            for own in [None if score == SCORES[method] else score]
        ]
        records = {each.start: mention for each, mention in zip(found, mentions, strict=True)}
        sentences = [(span.start, span.end) for span in spans_of(doc, "sentences")]
        for each, features in self.tagger.features(doc.user_data["words"], sentences, found):
            mention = records[each.start]
            yield Stretch(doc_id, mention.start, mention.end, mention.norm, mention.type, features)


def judged_stretches(reader: Reader, papers: Path, tables: Sequence[Path]) -> list[tuple[Stretch, int]]:
    rows = [row for path in tables for row in read_table(path, COLUMNS, key=("doc", "norm", "type", "curie"))]
    verdicts = {(row["doc"], row["norm"], row["type"]): row["verdict"] in RIGHT for row in rows if not row["curie"]}
    return [
        (stretch, int(right))
        for doc in sorted({row["doc"] for row in rows})
        for stretch in reader.read(doc, papers / f"{doc}.md")
        if (right := verdicts.get((doc, stretch.norm, stretch.type))) is not None
    ]


def gold_stretches(reader: Reader, texts: Path, gold: Path) -> Iterator[Stretch]:
    """Yield the stretches that bear the name of a gold triple's end, in its evidence."""
    sources = {path.stem: open_source(path).text for path in sorted(texts.glob("*.txt"))}
    docs, triples = read_gold(gold, sources)
    wanted: dict[str, list[tuple[int, int, Variants]]] = defaultdict(list)
    for end, triple in ends(triples):
        wanted[triple.doc].append((triple.start, triple.end, end))
    for doc in sorted(docs):
        _, offsets = key_offsets(sources[doc])
        for stretch in reader.read(doc, texts / f"{doc}.txt"):
            first, last = bisect_left(offsets, stretch.start), bisect_left(offsets, stretch.end)
            name = variants([stretch.norm])
            if any(
                last > bisect_left(offsets, start)
                and first < bisect_left(offsets, end)
                and signs(accepted, name, False)
                for start, end, accepted in wanted[doc]
            ):
                yield stretch


class Data:
    """Stretches as a matrix; the first `judged` of them were judged by reading, the others are ends of gold triples."""

    def __init__(self, labelled: Sequence[tuple[Stretch, int]], judged: int) -> None:
        """Count the features; a name that a document repeats weighs less each time."""
        self.stretches = [stretch for stretch, _ in labelled]
        self.labels = np.array([label for _, label in labelled])
        self.judged = np.arange(len(labelled)) < judged
        names = [(each.doc, each.norm, each.type) for each in self.stretches]
        often = Counter(names)
        self.weights = np.array([often[name] ** -0.5 for name in names])
        counts = Counter(feature for each in self.stretches for feature in set(each.features))
        self.ids = {feature: i for i, feature in enumerate(sorted(f for f, count in counts.items() if count >= RARE))}
        self.rows = self.matrix([each.features for each in self.stretches])

    def matrix(self, features: Sequence[Sequence[str]]) -> Any:
        cells = [(i, self.ids[f]) for i, row in enumerate(features) for f in sorted(set(row)) if f in self.ids]
        rows, columns = zip(*cells, strict=True)
        return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(features), len(self.ids)))

    def fit(self, places: Any) -> Any:
        model = LogisticRegression(C=STRENGTH, max_iter=500)
        return model.fit(self.rows[places], self.labels[places], sample_weight=self.weights[places])


def likely(scores: Any) -> Any:
    return 1 / (1 + np.exp(-scores))


def measure(data: Data, folds: int) -> None:
    """Print what a model keeps of documents that it has not seen, cut by cut."""
    docs = [each.doc for each in data.stretches]
    scores = np.zeros(len(docs))
    for train, test in GroupKFold(folds).split(data.rows, data.labels, docs):
        scores[test] = data.fit(train).decision_function(data.rows[test])
    groups = defaultdict(list)
    for i, each in enumerate(data.stretches):
        groups[each.doc, each.norm, each.type].append(i)
    for places in groups.values():
        scores[places] = scores[places].mean()
    judged, right = data.judged, data.labels == 1
    print(f"{judged.sum()} judged stretches, {(judged & right).sum()} right; {(~judged).sum()} ends of gold triples")
    for cut in CUTS:
        kept = likely(scores) >= cut
        print(
            f"cut {cut}: keeps {kept[judged].mean():.3f} of the judged, right {right[kept & judged].mean():.3f},"
            f" of the right {kept[judged & right].mean():.3f}, of the ends {kept[~judged].mean():.3f}"
        )


def write(data: Data, model: Any) -> None:
    weights = {BIAS: round(UNIT * float(model.intercept_[0]))}
    weights |= {feature: round(UNIT * float(model.coef_[0][i])) for feature, i in data.ids.items()}
    rows = [f"{feature}\t{weight}" for feature, weight in sorted(weights.items()) if weight]
    resource("models/tagger.tsv").write_text("\n".join(["feature\tweight", *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} weights written")


if __name__ == "__main__":
    main()
