"""Superscript numbers in running text: citation marks, or exponents, charges and isotopes."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\d{1,3}(?:[,，、;；\-–—~～]\d{1,3})*")
_ISOTOPE = re.compile(
    r"(?:[23]H|1[134]C|1[35]N|1[578]O|18F|3[23]P|35S|45Ca|51Cr|5[79]Fe|60Co|64Cu|6[78]Ga|89Zr|90Y|99Tc|111In|12[345]I|131I|177Lu|201Tl)"
    r"(?![A-Za-z])"
)
_CHARGE = tuple("+-–−＋－")
# What a mark may follow: Chinese, a bracket or a stop, or a Latin word or name (et al, IL-6, TNF-α, p53).
_AFTER = re.compile(
    r"(?:[\u3400-\u9fff]|[，。；：、！？”’》）】\])}.,;:!?\"'%％]"
    r"|(?:[A-Za-z]{2}|[A-Za-z]-)[A-Za-z0-9\u0370-\u03ff\-]*|[A-Za-z]\d{2,})\s*\Z"
)
_UNIT = re.compile(r"(?<![A-Za-z])(?:[kcdmnpμµ]?m|km|[kmμµn]?g|[kmμµd]?[lL]|log|min|mol|sec|inch)\s*\Z")


def plain(before: str, inside: str, after: str) -> str:
    """Return how the superscript `inside` is written in plain text, by what stands before and after it in its paragraph.

    >>> plain("促进骨吸收", "3, 5-7", "。"), plain("TNF-α", "12", "促进")
    ('[3,5-7]', '[12]')
    >>> plain("体积1 cm", "3", ""), plain("1×10", "9", "/L"), plain("Ca", "2", "+"), plain("用", "3", "H"), plain("CD4", "+", "")
    ('3', '9', '2', '3', '+')
    """
    numbers = "".join(inside.split())
    if not _NUMBERS.fullmatch(numbers) or _ISOTOPE.match(numbers + after) or after.startswith(_CHARGE):
        return inside
    return f"[{numbers}]" if _AFTER.search(before) and not _UNIT.search(before) else inside
