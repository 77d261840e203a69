"""The judge: parts that can be said by hand, and that the shipped model can be read and judges."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from pipeline.build import Pipeline
from pipeline.extract import Extractor, linear
from pipeline.extract.features import framed
from pipeline.extract.judge import Judge
from pipeline.extract.pairs import Scene, candidates, view
from pipeline.extract.rivals import LOWEST, chances, elsewhere, rivals
from pipeline.extract.roles import Role, add_roles, count_roles, names_of, role_columns
from pipeline.extract.trees import Trees
from pipeline.tables import resource

TEXT = "TNF-α可促进破骨细胞分化，抑制成骨细胞的形成，从而导致骨丢失。雌激素对IL-6、IL-1和RANKL的表达没有影响。"


@cache
def pipeline() -> Pipeline:
    return Pipeline()


@cache
def judge() -> Judge:
    return Judge(pipeline().grammar)


def scene_of(text: str) -> Scene:
    framed = Pipeline(disable=("judge",))
    _, _, doc = framed.parse(text)
    extractor = dict(framed.stages)["extract"]
    assert isinstance(extractor, Extractor)
    return extractor.read(doc)[0]


def test_the_linear_score_is_the_sum_of_the_weights_that_training_sees() -> None:
    scene = scene_of(TEXT)
    seen = view(scene, judge().kinds)
    mediator, outcome = candidates(seen, scene)
    layout = linear.Layout(("促进", "抑制", "、", "的"))
    weights = np.random.default_rng(3).integers(-500, 500, layout.size)
    found = linear.score(layout, weights, scene.words, seen, mediator, outcome)
    summed = [int(weights[places].sum()) for places in linear.design(layout, scene.words, seen, mediator, outcome)]
    assert found.tolist() == summed
    assert len(summed) > 20


def test_trees_walk_to_their_leaves() -> None:
    # x0 <= 1 ? (x1 <= 5 ? 10 : 20) : 30, and a stump on x1.
    inf = np.inf
    trees = Trees(
        feature=np.array([[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]),
        threshold=np.array([[1.0, 5.0, inf, inf, inf], [5.0, inf, inf, inf, inf]]),
        child=np.array([[1, 3, 2, 3, 4], [1, 1, 2, 3, 4]]),
        value=np.array([[0, 0, 30, 10, 20], [0, 1, 2, 0, 0]]),
        depth=2,
    )
    rows = np.array([[0.0, 5.0], [1.0, 6.0], [2.0, 0.0]])
    assert trees.score(rows)[:, 0].tolist() == [11, 22, 31]
    assert trees.score(rows, 2).tolist() == [[10, 1], [20, 2], [30, 1]]
    many = np.tile(rows, (200, 1))
    assert trees.score(many)[:, 0].tolist() == [11, 22, 31] * 200
    assert trees.score(rows[:0]).shape == (0, 1)


def test_rivals_look_at_the_same_outcome_the_same_mediator_and_the_reverse() -> None:
    scene = scene_of("雌激素抑制IL-6。")
    seen = view(scene, judge().kinds)
    mediator, outcome = np.array([0, 1]), np.array([1, 0])
    rows = rivals(seen, mediator, outcome, np.array([700, -300]))
    assert rows[:, 0].tolist() == [700, -300]
    assert rows[:, 1].tolist() == [LOWEST, LOWEST]
    assert rows[:, 7].tolist() == [-300, 700]


def test_chances_are_probabilities_in_thousandths() -> None:
    assert chances(np.array([0, 1000, -1000, 50_000, -50_000])).tolist() == [500, 731, 269, 1000, 0]


def test_a_pair_is_seen_beside_its_names_elsewhere() -> None:
    scene = scene_of("雌激素抑制IL-6。雌激素降低IL-6。")
    seen = view(scene, judge().kinds)
    mediator, outcome = np.array([0, 1, 2]), np.array([1, 0, 3])
    rows = elsewhere(seen, np.array([0, 1, 0, 1]), mediator, outcome, np.array([0, LOWEST, 1000]))
    # Estrogen is named twice and acts once more, in the other sentence, at 0.731; so does the pair.
    assert rows[0, :5].tolist() == [731, 731, 0, 0, 2]
    assert rows[0, 10] == 731
    assert rows[2, 10] == 500


def test_roles_are_counted_by_name_and_added_up() -> None:
    scene = scene_of("雌激素抑制IL-6。雌激素降低IL-6。")
    names = names_of(scene)
    assert len(set(names)) == 2
    own = count_roles(scene, names)
    assert own[names[0]] == Role(2, 2, 0)
    assert own[names[1]] == Role(2, 0, 2)
    both = add_roles([own, {names[1]: Role(1, 1, 1)}])
    assert both[names[1]] == Role(3, 1, 3)
    row = role_columns(scene, both, np.array([0]), np.array([1]))[0].tolist()
    # In the corpus: acting among its readings, readings a mention, mentions; then the same of the outcome.
    assert row[:5] == [750, 750, 2, 750, 250]
    assert row[5:8] == [333, 1000, 3]
    assert row[-2:] == [2, 0]


def test_a_row_of_features_for_every_pair() -> None:
    scene = scene_of(TEXT)
    seen = view(scene, judge().kinds)
    mediator, outcome = candidates(seen, scene)
    read = framed(scene)
    rows = judge().rows(scene, seen, read, mediator, outcome, np.zeros(len(mediator), np.int64))
    assert rows.shape[0] == len(mediator)
    assert np.isfinite(rows).all()
    assert rows.shape[1] == judge().model.columns, "the features have changed: train the judge anew"
    assert len(judge().model.weights) == judge().layout.size, "the word classes have changed: train the judge anew"


@pytest.mark.parametrize("text", ["炎症。", "你好。", "炎症促进骨吸收吗？", "骨吸收，骨吸收。"])
def test_nothing_to_judge(text: str) -> None:
    _, _, doc = pipeline().parse(text)
    assert doc.user_data["readings"] == []


def test_it_judges_and_says_how_sure_it_is() -> None:
    _, _, doc = pipeline().parse(TEXT)
    readings = [reading for _, reading in doc.user_data["readings"]]
    assert readings
    assert all(judge().model.cut < reading.confidence <= 1 for reading in readings)
    ends = {(doc[r.mediator.start].text, r.relation, doc[r.outcome.start].text) for r in readings}
    assert ("TNF-α", "increases", "破骨细胞分化") in ends


def test_the_same_twice() -> None:
    first, second = (pipeline().parse(TEXT)[2].user_data["readings"] for _ in range(2))
    assert first == second


def test_the_model_is_small_and_has_a_card() -> None:
    model, card = resource("models/judge.npz"), resource("models/judge.md")
    assert model.stat().st_size < 3_000_000
    text = card.read_text(encoding="utf-8")
    assert all(word in text for word in ("Data", "Figures", "benchmarks/judge.py"))
