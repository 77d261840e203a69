"""Train the judge of readings on gold files, or measure it by cross-validation.

    python benchmarks/judge.py --papers PAPERS --texts TEXTS --gold train.gold [--verdicts verdicts.tsv] [--check seed.gold dev.gold]
        [--folds 5] [--write]

PAPERS is a folder of whole papers without gold: how often each name acts there, and is acted on, as the frames read them. A document
never sees the counts of its own paper, and folds hold papers together. Verdicts say of single triples of whole papers whether they are
right (1), wrong (0) or right but for their direction (d): all else in those papers is left out.

Candidates are labelled by the scorer's own matching; of those that match one gold triple the best-scored is kept as right and the
others are left out, as is what matches optional triples only. Scores that a later step learns from are always those of a model that has not
seen the document. `--write` replaces `resources/models/judge.npz` and `roles.tsv`. Needs lightgbm and scikit-learn (extra `train`).
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.build import Pipeline
from pipeline.evaluate.gold import GoldTriple, read_gold
from pipeline.evaluate.report import calibration_error, reliability
from pipeline.evaluate.score import HEADLINE, ReadEffect, ReadEnd, ReadTriple, agreement, score
from pipeline.extract import linear
from pipeline.extract.features import Framed, direction_of, every_pair, framed
from pipeline.extract.judge import Judge, Model, Scored, compared, confidences, member_of, save_model
from pipeline.extract.pairs import DIRECTIONS, Ints, Scene, View, view
from pipeline.extract.rivals import UNIT
from pipeline.extract.roles import COLUMNS, NONE, Role, Roles, add_roles, count_roles, names_of
from pipeline.extract.trees import Trees
from pipeline.readers import open_source
from pipeline.record import Recorder
from pipeline.spans import spans_of
from pipeline.tables import read_table, resource

# A direction that no gold triple has.
NO_WAY = len(DIRECTIONS)
# Precision is worth this much of F1.
SLACK = 0.005
VERDICTS = ("paper", "mediator_start", "mediator_end", "outcome_start", "outcome_end", "verdict")
# Verdicts are of papers as a run meets them, passages of the richest stretches: one verdict counts for so many pairs of passages.
WHOLE = 2
# The log-odds below which a pair beside a verdict is wrong, though nobody judged it: what was shown had better ones.
HOPELESS = -2 * UNIT
INNER = 4
RARE = 4
BOOST = {
    "learning_rate": 0.05,
    "num_leaves": 31,
    "max_depth": 6,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 3,
    "verbosity": -1,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}
PAIRS = BOOST | {"objective": "binary"}
WAYS = BOOST | {
    "objective": "multiclass",
    "num_class": len(DIRECTIONS),
    "num_leaves": 10,
    "min_data_in_leaf": 12,
    "feature_fraction": 0.3,
}
ROUNDS, WAY_ROUNDS = 250, 60


class Paper(NamedTuple):
    """A document with its gold: `golds[i]` are, for the pair `i`, (gold index, required, agreeing directions); `judge` has a view of
    the roles of names without the document's own paper, and no model.
    """

    name: str
    gold: list[GoldTriple]
    doc: Any
    recorder: Recorder
    scene: Scene
    seen: View
    read: Framed
    cues: dict[int, str]
    mediator: Ints
    outcome: Ints
    golds: list[list[tuple[int, bool, frozenset[int]]]]
    framed: np.ndarray[Any, Any]
    own: Ints
    judge: Judge


class Corpus:
    """How names behave in each paper of a folder, as the frames read them."""

    def __init__(self, pipeline: Pipeline, folder: Path) -> None:
        self.papers: dict[str, Roles] = {}
        for path in sorted(folder.glob("*.md")):
            _, _, doc = pipeline.parse(open_source(path).text)
            scene, _ = extractor(pipeline).read(doc)
            self.papers[path.stem] = count_roles(scene, names_of(scene))
        self.total = add_roles(self.papers.values())
        self.bearing = Counter(name for roles in self.papers.values() for name in roles)

    def without(self, document: str) -> Roles:
        """Return the roles of names that two papers have besides the document's own; its name ends in that of its paper."""
        own = next((roles for name, roles in self.papers.items() if name.endswith(f"-{paper_of(document)}")), {})
        found = {}
        for name, role in self.total.items():
            rest = Role(*(a - b for a, b in zip(role, own.get(name, NONE), strict=True)))
            if self.bearing[name] - (name in own) > 1 and rest.mediator + rest.outcome and not name.startswith("#"):
                found[name] = rest
        return found


def paper_of(document: str) -> str:
    """Return what identifies the paper of a passage: the last part of its name."""
    return document.rpartition("_")[2]


def load(pipeline: Pipeline, corpus: Corpus, texts: Path, golds: Iterable[Path]) -> list[Paper]:
    sources = {path.stem: open_source(path).text for path in sorted(texts.glob("*.txt"))}
    papers = []
    for path in golds:
        names, triples = read_gold(path, sources)
        for name in names:
            normalised, sections, doc = pipeline.parse(sources[name])
            scene, _ = extractor(pipeline).read(doc)
            recorder = Recorder(doc, normalised, sources[name], name, sections)
            judge = Judge(pipeline.grammar)
            judge.roles = corpus.without(name)
            papers.append(paper(name, [t for t in triples if t.doc == name], doc, recorder, scene, judge))
    return papers


def load_verdicts(pipeline: Pipeline, corpus: Corpus, folder: Path, table: Path) -> list[Paper]:
    """Return the papers of a table of verdicts, with the pairs of the sentences that verdicts are about."""
    by_paper: dict[str, dict[tuple[int, ...], str]] = {}
    for row in read_table(table, VERDICTS, key=VERDICTS[:5]):
        by_paper.setdefault(row["paper"], {})[tuple(int(row[name]) for name in VERDICTS[1:5])] = row["verdict"]
    papers = []
    for name, verdicts in by_paper.items():
        text = open_source(folder / f"{name}.md").text
        normalised, sections, doc = pipeline.parse(text)
        scene, _ = extractor(pipeline).read(doc)
        recorder = Recorder(doc, normalised, text, name, sections)
        judge = Judge(pipeline.grammar)
        document = f"whole_{name.rpartition('-')[2]}"
        judge.roles = corpus.without(document)
        whole = paper(document, [], doc, recorder, scene, judge)
        spans = [recorder.printed(*member_span(scene, i)) for i in range(len(scene.spans))]
        ends = zip(whole.mediator.tolist(), whole.outcome.tolist(), strict=True)
        told = [verdicts.get((*spans[m][:2], *spans[o][:2]), "") for m, o in ends]
        about = {whole.seen.sentence[whole.outcome[n]] for n, verdict in enumerate(told) if verdict}
        kept = np.array([n for n, o in enumerate(whole.outcome.tolist()) if whole.seen.sentence[o] in about], np.int64)
        golds = [judged(told[n], n, int(whole.own[n])) for n in kept.tolist()]
        papers.append(
            whole._replace(
                mediator=whole.mediator[kept],
                outcome=whole.outcome[kept],
                golds=golds,
                framed=whole.framed[kept],
                own=whole.own[kept],
            )
        )
    return papers


def member_span(scene: Scene, mention: int) -> tuple[int, int]:
    member = member_of(scene, mention)
    return member.start, member.end


def judged(verdict: str, number: int, own: int) -> list[tuple[int, bool, frozenset[int]]]:
    """Return what a verdict says as gold would: a pair that nobody judged is like an optional one, and left out."""
    if verdict == "0":
        return []
    ways = {own} if verdict == "1" and own >= 0 else {NO_WAY}
    return [(number, bool(verdict), frozenset(ways))]


def extractor(pipeline: Pipeline) -> Any:
    return dict(pipeline.stages)["extract"]


def paper(name: str, gold: list[GoldTriple], doc: Any, recorder: Recorder, scene: Scene, judge: Judge) -> Paper:
    seen = view(scene, judge.kinds)
    read = framed(scene)
    mediator, outcome = every_pair(seen, scene, read)
    names = {i: end(recorder, member_of(scene, i)).variants() for i in range(len(scene.spans))}
    bounds = [recorder.printed(*span)[:2] for span in scene.sentences]
    near = [[(i, g) for i, g in enumerate(gold) if g.start < b and a < g.end] for a, b in bounds]
    labels, said, own = [], [], []
    for m, o in zip(mediator.tolist(), outcome.tolist(), strict=True):
        number = read.pairs.get((m, o))
        found: dict[int, tuple[bool, set[int]]] = {}
        for i, g in near[seen.sentence[o]]:
            ways = {
                w
                for w, relation in enumerate(DIRECTIONS)
                if HEADLINE in agreement(g, ReadEffect(relation), names[m], names[o])
            }
            if ways:
                found[i] = (not g.optional, ways)
        if number is not None:
            reading = scene.readings[number][1]
            ends = end(recorder, reading.mediator).variants(), end(recorder, reading.outcome).variants()
            for i, g in near[scene.readings[number][0]]:
                levels = agreement(g, ReadEffect(reading.relation, reading.negated), *ends)
                if "pairs only" in levels:
                    ways = (
                        {direction_of(reading)}
                        if HEADLINE in levels
                        else found.get(i, (0, {NO_WAY}))[1] - {direction_of(reading)}
                    )
                    found[i] = (not g.optional, ways or {NO_WAY})
        labels.append([(i, required, frozenset(ways)) for i, (required, ways) in found.items()])
        said.append(number is not None)
        own.append(-1 if number is None else direction_of(scene.readings[number][1]))
    cues = {span.start: span.label for span in spans_of(doc, "cues")}
    table = np.array(said, bool), np.array(own, np.int64)
    return Paper(name, gold, doc, recorder, scene, seen, read, cues, mediator, outcome, labels, *table, judge)


def end(recorder: Recorder, member: Any) -> ReadEnd:
    return msgspec.convert(msgspec.to_builtins(recorder.end(member)), ReadEnd)


def best_of(papers: Sequence[Paper], scores: Sequence[Any]) -> list[Ints]:
    """Label candidates: 1 the best of a gold triple, 0 no match, -1 left out."""
    out = []
    for paper, points in zip(papers, scores, strict=True):
        label = np.array([0 if not found else -1 for found in paper.golds])
        best: dict[int, int] = {}
        for n, found in enumerate(paper.golds):
            for i, required, _ in found:
                if required and (i not in best or points[n] > points[best[i]]):
                    best[i] = n
        label[list(best.values())] = 1
        out.append(label)
    return out


def folds(papers: Sequence[Paper], parts: int) -> Ints:
    """Return the fold of each document; those of one paper are in one fold."""
    sources = sorted({paper_of(p.name) for p in papers})
    part = dict(zip(sources, np.random.default_rng(7).permutation(len(sources)) % parts, strict=True))
    return np.array([part[paper_of(p.name)] for p in papers])


def held_out(papers: Sequence[Paper], fit: Callable[[list[int]], Any], predict: Callable[[Any, int], Any]) -> list[Any]:
    """Return for each paper what a model says that was trained without it."""
    part = folds(papers, INNER)
    out: list[Any] = [None] * len(papers)
    for k in range(INNER):
        held = fit([i for i in range(len(papers)) if part[i] != k])
        for i in np.flatnonzero(part == k):
            out[i] = predict(held, int(i))
    return out


def vocabulary(papers: Sequence[Paper]) -> tuple[str, ...]:
    listed = papers[0].judge.kinds.of
    counts = Counter(w for p in papers for a, b in p.scene.sentences for w in p.scene.words[a:b] if w in listed)
    return tuple(sorted(word for word, count in counts.items() if count >= RARE))


def fit(papers: Sequence[Paper]) -> tuple[Model, str]:
    words = vocabulary(papers)
    layout = linear.Layout(words)
    rows = [list(linear.design(layout, p.scene.words, p.seen, p.mediator, p.outcome)) for p in papers]
    matrix = [
        csr_matrix(
            (
                np.ones(sum(map(len, r)), np.float32),
                np.fromiter(itertools.chain(*r), np.int32),
                np.cumsum([0, *map(len, r)]),
            ),
            shape=(len(r), layout.size),
        )
        for r in rows
    ]
    labels = best_of(
        papers, [100 * p.framed - np.abs(p.seen.start[p.mediator] - p.seen.start[p.outcome]) for p in papers]
    )

    def fit_linear(chosen: list[int]) -> Any:
        x = np.concatenate([labels[i] for i in chosen])
        from scipy.sparse import vstack

        stacked = vstack([matrix[i] for i in chosen]).tocsr()
        columns = np.flatnonzero(np.asarray((stacked != 0).sum(axis=0)).ravel() >= RARE)
        model = LogisticRegression(C=0.12, max_iter=300, solver="liblinear").fit(stacked[x >= 0][:, columns], x[x >= 0])
        weights = np.zeros(layout.size, np.int64)
        weights[columns] = np.clip(np.round(model.coef_[0] * UNIT), -32000, 32000)
        return weights

    def say_linear(weights: Any, i: int) -> Ints:
        p = papers[i]
        return linear.score(layout, weights, p.scene.words, p.seen, p.mediator, p.outcome)

    for _ in range(2):
        base = held_out(papers, fit_linear, say_linear)
        labels = best_of(papers, [s + 2 * UNIT * p.framed for s, p in zip(base, papers, strict=True)])
    weights = fit_linear(list(range(len(papers))))
    right = np.concatenate([s[(y == 1) & ~p.framed] for s, y, p in zip(base, labels, papers, strict=True)])
    floor = int(np.quantile(right, 0.06))
    kept = [np.flatnonzero(p.framed | (s > floor)) for s, p in zip(base, papers, strict=True)]
    alive = [i for i, k in enumerate(kept) if len(k)]
    papers, base, labels, kept = ([each[i] for i in alive] for each in (papers, base, labels, kept))
    tables = [
        p.judge.rows(p.scene, p.seen, p.read, p.mediator[k], p.outcome[k], s[k])
        for p, k, s in zip(papers, kept, base, strict=True)
    ]

    def fit_trees(
        data: list[Any], params: dict[str, Any], target: list[Ints], rounds: int
    ) -> Callable[[list[int]], Any]:
        def run(chosen: list[int]) -> Any:
            x, y = np.concatenate([data[i] for i in chosen]), np.concatenate([target[i] for i in chosen])
            weight = np.concatenate([np.full(len(data[i]), 1 if papers[i].gold else WHOLE) for i in chosen])
            return lightgbm.train(params, lightgbm.Dataset(x[y >= 0], y[y >= 0], weight=weight[y >= 0]), rounds)

        return run

    def say_trees(data: list[Any]) -> Callable[[Any, int], Any]:
        return lambda model, i: np.round(model.predict(data[i], raw_score=True) * UNIT).astype(np.int64)

    def learned(targets: list[Ints], points: list[Ints]) -> list[Ints]:
        """Count as wrong what nobody judged beside a verdict, where it is hopeless: what was shown for a verdict was not."""
        return [
            y if p.gold else np.where((y < 0) & (s < HOPELESS), 0, y)
            for y, s, p in zip(targets, points, papers, strict=True)
        ]

    def relabel(points: list[Ints]) -> list[Ints]:
        full = [np.full(len(p.mediator), -50 * UNIT) for p in papers]
        for whole, k, s, p in zip(full, kept, points, papers, strict=True):
            whole[k] = s + 2 * UNIT * p.framed[k]
        return best_of(papers, full)

    targets = learned(
        [y[k] for y, k in zip(labels, kept, strict=True)], [s[k] for s, k in zip(base, kept, strict=True)]
    )
    for _ in range(2):
        first = held_out(papers, fit_trees(tables, PAIRS, targets, ROUNDS), say_trees(tables))
        labels = relabel(first)
        targets = learned([y[k] for y, k in zip(labels, kept, strict=True)], first)
    everyone = list(range(len(papers)))
    first_model = fit_trees(tables, PAIRS, targets, ROUNDS)(everyone)
    wide = [
        np.hstack([x, compared(p.scene, p.seen, p.mediator[k], p.outcome[k], s)])
        for x, p, k, s in zip(tables, papers, kept, first, strict=True)
    ]
    second = held_out(papers, fit_trees(wide, PAIRS, targets, ROUNDS), say_trees(wide))
    second_model = fit_trees(wide, PAIRS, targets, ROUNDS)(everyone)
    ways = [way_labels(p, k, y) for p, k, y in zip(papers, kept, targets, strict=True)]
    way_model = fit_trees(wide, WAYS, ways, WAY_ROUNDS)(everyone)
    voted = held_out(papers, fit_trees(wide, WAYS, ways, WAY_ROUNDS), say_trees(wide))
    vouched, cut, curve = best_cut(papers, kept, second, voted)
    trees = convert(first_model), convert(second_model), convert(way_model, len(DIRECTIONS))
    return Model(words, weights, *trees, floor, vouched, cut, tables[0].shape[1]), curve


def way_labels(paper: Paper, kept: Ints, target: Ints) -> Ints:
    out = np.full(len(kept), -1)
    for n in np.flatnonzero(target == 1):
        ways = Counter(
            way for _, required, ways in paper.golds[kept[n]] if required for way in ways if way < len(DIRECTIONS)
        )
        if ways:
            out[n] = paper.own[kept[n]] if paper.own[kept[n]] in ways else min(ways, key=lambda way: (-ways[way], way))
    return out


def best_cut(
    papers: Sequence[Paper], kept: list[Ints], second: list[Ints], voted: list[Any]
) -> tuple[float, float, str]:
    """Return how often a frame's direction is right, and the highest cut that costs less than `SLACK` of F1."""
    # Verdicts tell of single pairs, not of all that a text holds.
    whole = [i for i, p in enumerate(papers) if p.gold]
    papers, kept, second, voted = ([each[i] for i in whole] for each in (papers, kept, second, voted))
    said = [
        (p.own[k[n]], p.golds[k[n]])
        for p, k, s in zip(papers, kept, second, strict=True)
        for n in np.flatnonzero(p.framed[k] & (s > 0))
    ]
    said = [(own, found) for own, found in said if found]
    vouched = round(sum(any(own in ways for _, _, ways in found) for own, found in said) / len(said), 2)
    sure = [
        np.array(confidences(Scored(p.mediator[k], p.outcome[k], s, s, v), p.framed[k].tolist(), vouched))
        for p, k, s, v in zip(papers, kept, second, voted, strict=True)
    ]
    points = [(f1_at(papers, kept, second, voted, sure, cut / 100), cut / 100) for cut in range(20, 70, 5)]
    curve = ", ".join(f"{cut:.2f}: {f1:.3f}" for f1, cut in points)
    print(f"held out, F1 by cut: {curve}; vouched {vouched}", flush=True)
    best = max(points)[0]
    return vouched, max(cut for f1, cut in points if f1 > best - SLACK), curve


def f1_at(
    papers: Sequence[Paper], kept: list[Ints], second: list[Ints], voted: list[Any], sure: list[Any], cut: float
) -> float:
    right = wrong = gold = 0
    for p, k, s, v, c in zip(papers, kept, second, voted, sure, strict=True):
        found: set[int] = set()
        gold += sum(not g.optional for g in p.gold)
        for n in sorted(np.flatnonzero(c > cut).tolist(), key=lambda n: -s[n]):
            way = p.own[k[n]] if p.own[k[n]] >= 0 else int(v[n].argmax())
            hits = [i for i, required, ways in p.golds[k[n]] if required and way in ways]
            fresh = next((i for i in hits if i not in found), None)
            if fresh is not None:
                found.add(fresh)
            wrong += not any(way in ways for _, _, ways in p.golds[k[n]])
        right += len(found)
    return 2 * right / max(1, right + wrong + gold)


def convert(booster: Any, classes: int = 1) -> Trees:
    """Turn a LightGBM model into arrays, the trees of a class together."""
    trees = [flatten(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    trees = [tree for c in range(classes) for tree in trees[c::classes]]
    width = max(len(tree) for tree in trees)
    padded = [tree + [(0, np.inf, n, 0, 0) for n in range(len(tree), width)] for tree in trees]
    columns = [np.array([[node[part] for node in tree] for tree in padded]) for part in range(4)]
    depth = max(node[4] for tree in trees for node in tree)
    return Trees(columns[0], columns[1].astype(np.float64), columns[2], columns[3], depth)


def flatten(root: dict[str, Any]) -> list[tuple[int, float, int, int, int]]:
    nodes: list[Any] = [None]
    queue = [(root, 0, 0)]
    while queue:
        node, at, depth = queue.pop(0)
        if "leaf_value" in node:
            nodes[at] = (0, np.inf, at, round(node["leaf_value"] * UNIT), depth)
        else:
            child = len(nodes)
            nodes += [None, None]
            nodes[at] = (node["split_feature"], node["threshold"], child, 0, depth)
            queue += [(node["left_child"], child, depth + 1), (node["right_child"], child + 1, depth + 1)]
    return nodes


def triples(judge: Judge, paper: Paper) -> list[ReadTriple]:
    """Return the triples of a paper as a run would write them."""
    found = {}
    for number, reading in judge(paper.scene, paper.cues)[0]:
        triple = paper.recorder.triple(number, reading)
        found.setdefault(triple.triple_id, triple)
    return [msgspec.convert(msgspec.to_builtins(t), ReadTriple) for t in found.values()]


CARD = """# The judge of readings

What it is: `judge.npz`, {pairs:,} integer weights of a linear score over {words:,} words, and three ensembles of boosted trees; read
by `pipeline/extract/judge.py`, which says what each is for. Trained by `benchmarks/judge.py` on {date}.

## Data
{data}

Names, frames and the frames' confidence come from work on the same passages, so that held-out figures flatter. The passages
are the richest of their papers: of whole papers less holds, as the samples in `tests/extract/triples_judged.tsv` tell. So a
verdict weighs {whole} times as much as a pair of the passages. A change of frames, word classes or tables asks for another training.

## Cuts
A reading needs a confidence above {cut}: the highest cut that costs less than {slack} of F1 on held-out scores ({curve}).
A frame's direction is trusted at {vouched}, the share that was right.

## Figures
{figures}
"""


def write(model: Model, roles: Roles, curve: str, data: Sequence[str], figures: Sequence[str]) -> None:
    save_model(model, resource("models/judge.npz"))
    rows = ["\t".join(map(str, (name, *role))) for name, role in sorted(roles.items())]
    resource("models/roles.tsv").write_text("\n".join(["\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    card = CARD.format(
        pairs=int((model.weights != 0).sum()),
        words=len(model.words),
        date=date.today().isoformat(),
        data="\n".join(f"- {line}" for line in data),
        cut=model.cut,
        slack=SLACK,
        whole=WHOLE,
        curve=curve,
        vouched=model.vouched,
        figures="\n".join(f"- {line}" for line in figures),
    )
    resource("models/judge.md").write_text(card, encoding="utf-8")


def report(title: str, model_of: Callable[[Paper], Model], papers: Sequence[Paper]) -> str:
    gold = [g for p in papers for g in p.gold]
    predicted = [t for p in papers for t in triples(p.judge.with_model(model_of(p), p.judge.roles), p)]
    levels = score(gold, predicted)
    head, strict = levels[HEADLINE], levels["strict ends, direction"]
    least = min(
        (score(p.gold, [t for t in predicted if t.doc_id == p.name])[HEADLINE].f1, p.name)
        for p in papers
        if not all(g.optional for g in p.gold)
    )
    line = (
        f"{title:26} P {head.precision:.3f} R {head.recall:.3f} F1 {head.f1:.3f}  strict {strict.f1:.3f}"
        f"  least {least[0]:.3f} ({least[1]})  calibration error {calibration_error(reliability(head)):.3f}"
    )
    print(line, flush=True)
    return line


def precision(title: str, papers: Sequence[Paper], model_of: Callable[[Paper], Model]) -> str:
    """Say how many of the right and of the wrong pairs of the verdicts a judge keeps that has not seen their papers."""
    kept: Counter[tuple[bool, bool]] = Counter()
    for p in papers:
        judge = p.judge.with_model(model_of(p), p.judge.roles)
        scored = judge.score(p.scene, p.seen, p.read)
        pairs = list(zip(scored.mediator.tolist(), scored.outcome.tolist(), strict=True))
        said = [pair in p.read.pairs for pair in pairs]
        sure = dict(zip(pairs, confidences(scored, said, judge.model.vouched), strict=True))
        for m, o, found in zip(p.mediator.tolist(), p.outcome.tolist(), p.golds, strict=True):
            if not found or found[0][1]:
                kept[bool(found), sure.get((m, o), 0) > judge.model.cut] += 1
    line = (
        f"{title}, held out: of {kept[True, True] + kept[True, False]} right pairs {kept[True, True]} are kept, "
        f"of {kept[False, True] + kept[False, False]} wrong ones {kept[False, True]}"
    )
    print(line, flush=True)
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--verdicts", type=Path)
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    pipeline = Pipeline(disable=("judge",))
    corpus = Corpus(pipeline, args.papers)
    groups = {path.stem: load(pipeline, corpus, args.texts, [path]) for path in args.gold}
    if args.verdicts:
        groups[args.verdicts.stem] = load_verdicts(pipeline, corpus, args.papers, args.verdicts)
    papers = list(itertools.chain(*groups.values()))
    others = {path.stem: load(pipeline, corpus, args.texts, [path]) for path in args.check}
    print(f"{len(papers)} papers, {sum(len(p.mediator) for p in papers)} candidates", flush=True)
    figures = []
    if args.folds:
        part = folds(papers, args.folds)
        models = [fit([p for p, k in zip(papers, part, strict=True) if k != fold])[0] for fold in range(args.folds)]
        where = {p.name: int(k) for p, k in zip(papers, part, strict=True)}
        for name, group in groups.items():
            if name == (args.verdicts and args.verdicts.stem):
                figures.append(precision(name, group, lambda p: models[where[p.name]]))
                continue
            figures.append(report(f"{name}, {args.folds} folds, held out", lambda p: models[where[p.name]], group))
    model, curve = fit(papers)
    figures += [report(f"{name}, not trained on", lambda _: model, group) for name, group in others.items()]
    if args.write:
        data = [
            f"{name}: {len(group)} papers, {sum(not g.optional for p in group for g in p.gold)} required triples"
            if any(p.gold for p in group)
            else f"{name}: {len(group)} papers, single triples of theirs judged by reading"
            for name, group in groups.items()
        ]
        write(model, corpus.without(""), curve, data, figures)


if __name__ == "__main__":
    main()
