"""The tagger: what it keeps of unlisted names, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import Pipeline
from pipeline.model import Source
from pipeline.recognise.tagger import Tagger
from pipeline.tables import TableError


@pytest.fixture(scope="module", name="pipeline")
def make_pipeline() -> Pipeline:
    return Pipeline()


def written(pipeline: Pipeline, text: str) -> dict[str, float]:
    """Return the unlisted mentions that are written for a text, with their scores."""
    source = Source(text=text, format="text", encoding="utf-8")
    mentions = pipeline.read(source, doc_id="d", path="d.txt", sha256="").mentions
    return {m.norm: m.score for m in mentions if not m.zh and not m.en}


def test_what_is_hardly_a_name_is_not_written(pipeline: Pipeline) -> None:
    everything = Pipeline(("tagger",))
    text = "全国生产重组的样品，分别切取大小片段，采用SYSTAT13.0进行分析。"
    assert len(written(pipeline, text)) < len(written(everything, text))


def test_without_the_tagger_open_chunks_are_written_too(pipeline: Pipeline) -> None:
    text = "其中绿色环保的工业化规模得到发展。"
    assert "绿色环保" in written(Pipeline(("tagger",)), text)
    assert "绿色环保" not in written(pipeline, text)


def test_scores_are_likelihoods(pipeline: Pipeline) -> None:
    scores = written(pipeline, "ABC12蛋白抑制了乳突上皮细胞的增殖，XYZ9受体激活了QRS3通路。")
    assert scores
    assert all(0.2 <= score <= 1 for score in scores.values())


def test_every_bad_weight_is_named(tmp_path: Path, pipeline: Pipeline) -> None:
    table = tmp_path / "tagger.tsv"
    table.write_text("feature\tweight\na\t1.5\nb\t7\nc\tx\n", encoding="utf-8")
    recogniser = pipeline.stages[0][1]
    with pytest.raises(TableError) as error:
        Tagger(recogniser.grammar, recogniser.forms, pipeline.segmenter.is_word, table)  # type: ignore[attr-defined]
    assert "tagger.tsv:2" in str(error.value)
    assert "tagger.tsv:4" in str(error.value)
    assert "tagger.tsv:3" not in str(error.value)
