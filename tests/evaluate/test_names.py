import pytest

from pipeline.evaluate.names import key, key_offsets, same, signs, variants


def test_key_folds_what_extraction_damages() -> None:
    assert key("ＩＬ\u20111β ，0\U001001b05") == "il-1β,0.5"


def test_offsets_point_at_the_source_character() -> None:
    folded, offsets = key_offsets("㎎ Ⅱ")
    assert folded == "mgii"
    assert offsets == [0, 0, 2, 2]


@pytest.mark.parametrize(
    ("a", "b", "strict", "relaxed"),
    [
        ("tnf-α", "tnfα", True, True),
        ("骨吸收", "骨吸收活性", False, True),
        ("il-1", "il-10", False, False),
        ("rank", "rankl", False, False),
        ("tnf", "tnf受体", False, False),
        ("cox-2", "cox-2抑制剂", False, False),
        ("骨", "骨量", False, False),
        ("il-1", "il-10与il-1", False, True),
    ],
)
def test_same(a: str, b: str, strict: bool, relaxed: bool) -> None:
    assert same(a, b, False) is strict
    assert same(a, b, True) is relaxed
    assert same(b, a, True) is relaxed


def test_a_change_word_turns_the_sign() -> None:
    assert signs(variants(["骨量减少"]), variants(["骨量"]), False) == {-1}
    assert signs(variants(["雌激素"], -1), variants(["雌激素缺乏"]), False) == {1}
    assert signs(variants(["骨丢失"]), variants(["骨"]), False) == set()
