"""The tokenizer cuts as jieba does, from a dictionary that is unpacked as needed."""

from __future__ import annotations

import re
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from pipeline.frames import Grammar
from pipeline.lexicon import PART, SURE, Concept, Lexicon
from pipeline.readers import open_source
from pipeline.segment import HAN, Segmenter, Tokenizer

SAMPLES = sorted(
    path for path in (Path(__file__).parents[1] / "corpora" / "samples").iterdir() if path.suffix in (".txt", ".md")
)
MORE = [word for word in Grammar().classes if len(word) > 1]


def plain() -> jieba.Tokenizer:
    """Return jieba's own tokenizer with the grammar's words, and without jieba's own cache."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in MORE:
        if not tokenizer.FREQ.get(word):
            tokenizer.add_word(word)
    return tokenizer


PLAIN, OURS = plain(), Tokenizer(MORE)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_cuts_the_samples_as_jieba_does(path: Path) -> None:
    text = open_source(path).text
    for part in (text, *re.findall(f"[{HAN}]+", text)):
        assert list(OURS.cut(part, HMM=False)) == list(PLAIN.cut(part, HMM=False))


@given(st.text(alphabet=st.sampled_from([*"".join(MORE), *"龘𠮷〇㐀가aB9.%+#& \n，。"]), max_size=40))
def test_cuts_anything_as_jieba_does(text: str) -> None:
    assert list(OURS.cut(text, HMM=False)) == list(PLAIN.cut(text, HMM=False))


def test_words_that_are_added_stay_whole() -> None:
    assert list(Tokenizer(["灵丹妙药丸"]).cut("吃灵丹妙药丸了", HMM=False)) == ["吃", "灵丹妙药丸", "了"]
    assert "灵丹妙药丸" not in list(OURS.cut("吃灵丹妙药丸了", HMM=False))


def test_a_name_within_a_word_of_the_dictionary_is_not_that_name() -> None:
    names = ("脊椎", "血清", "甲醛", "吸烟", "肿瘤")
    lexicon = Lexicon([Concept(None, "process", (name,), (), "team") for name in names])
    segmenter = Segmenter(Vocab(), lexicon, Grammar())
    for text, wanted in {
        "脊椎动物的血清型": [],
        "用多聚甲醛固定": [["多聚甲醛", PART]],
        "吸烟者的肿瘤": [["吸烟", SURE], ["肿瘤", SURE]],
    }.items():
        doc = segmenter(text)
        assert [[doc[token].text, state] for token, _, state, *_ in doc.user_data["names"]] == wanted, text
