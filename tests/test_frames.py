"""Every frame is documented by its own examples, and reads them."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.build import Pipeline
from pipeline.extract.items import Member
from pipeline.frames import Frame, Grammar, read_frames
from pipeline.tables import TableError, resource

FRAMES = read_frames(resource("frames"))
EXAMPLES = [(frame.name, text, triples) for frame in FRAMES for text, triples in frame.examples]


@cache
def pipeline(*disable: str) -> Pipeline:
    return Pipeline(disable=disable)


def read(text: str, *disable: str) -> dict[str, str]:
    """Return the triples of a sentence, each with the frame that read it."""
    _, _, doc = pipeline(*disable).parse(text)

    def name(member: Member) -> str:
        printed = doc[member.start : member.end].text
        return printed + {1: "{+}", -1: "{-}", 0: ""}[member.change]

    readings = [reading for _, reading in doc.user_data["readings"]]
    return {f"{name(r.mediator)} > {r.relation} > {name(r.outcome)}": r.rule for r in readings}


@pytest.mark.parametrize(("frame", "text", "triples"), EXAMPLES)
def test_example(frame: str, text: str, triples: tuple[str, ...]) -> None:
    assert set(read(text, "judge")) == set(triples), frame


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
def test_every_frame_shows_what_it_reads_and_what_not(frame: Frame) -> None:
    assert len(frame.examples) > 1, f"{frame.name} wants an example of each"
    if frame.relation not in ("none", "change"):
        used = [frame.name in read(text, "judge").values() for text, _ in frame.examples]
        assert any(used), f"{frame.name} reads none of its examples"
        assert not all(used), f"{frame.name} has no example of what it must not read"


@pytest.mark.parametrize(
    "text",
    [
        "本文探讨雌激素对骨吸收的影响。",
        "雌激素是否抑制骨吸收尚不清楚。",
        "雌激素抑制骨吸收吗？",
        "TNF-α是肿瘤坏死因子家族的一员。",
    ],
)
def test_no_claim(text: str) -> None:
    assert not read(text)


def test_frames_can_be_switched_off() -> None:
    assert "effect" not in {frame.name for frame in Grammar(disable=("effect",)).frames}
    with pytest.raises(ValueError, match="nothing is called nonsense"):
        Pipeline(disable=("nonsense",))


@pytest.mark.parametrize("pattern", ["<o", "nosuchclass", "effect=x"])
def test_bad_pattern(pattern: str) -> None:
    with pytest.raises(TableError):
        pipeline().grammar.compile(pattern)
