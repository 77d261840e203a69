"""Script: traditional characters written in simplified ones."""

from __future__ import annotations

import re
from functools import cache
from operator import ne

import opencc

from pipeline.normalise.characters import HAN
from pipeline.normalise.offsets import Traced

_NOT_HAN = re.compile(f"[^{HAN}]+")
# A simplified paper holds a few forms that OpenCC changes (於, 癥); a traditional one changes in every third character.
_SHARE = 0.03


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(traced: Traced) -> tuple[Traced, str]:
    """Return the text in simplified characters, and the script that it was in: `simplified` or `traditional`.

    >>> traced, script = simplify(Traced.of("腫瘤壞死因子"))
    >>> traced.text, script
    ('肿瘤坏死因子', 'traditional')
    """
    before = traced.text
    after = _converter().convert(before)
    if before == after:
        return traced, "simplified"
    if len(before) != len(after):
        after = "".join(map(_one, before))
    changed = sum(map(ne, before, after))
    han = len(_NOT_HAN.sub("", before))
    return traced.same_length(after), "traditional" if changed > _SHARE * han else "simplified"


def _one(char: str) -> str:
    new: str = _converter().convert(char)
    return new if len(new) == 1 else char
