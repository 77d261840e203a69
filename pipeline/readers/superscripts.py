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
# A line of authors: names of people, two or more of them with the numbers of their affiliations.
_PERSON = r"(?:[\u3400-\u9fff·]{2,8}|[A-Z][A-Za-z'’.-]*(?:\s+[A-Z][A-Za-z'’.-]*){1,3})"
_MARK = r"\[(\d{1,2}(?:[,\-]\d{1,2})*)\][*＊#△▲†‡]*"
_BYLINE = re.compile(rf"{_PERSON}\s*{_MARK}(?:[\s,，、;；]+{_PERSON}\s*(?:{_MARK})?)+[\s,，、;；]*")


def byline(text: str) -> str:
    """Return a line of authors with the numbers of their affiliations, which are no citations; any other text as it is.

    >>> byline("张示例[1]，李样本[2,3]，欧阳范文[1]"), byline("骨吸收[1]增加，骨形成[2]减少。")
    ('张示例1，李样本2,3，欧阳范文1', '骨吸收[1]增加，骨形成[2]减少。')
    """
    return (
        re.sub(_MARK, lambda match: match[0].replace("[", "").replace("]", ""), text)
        if _BYLINE.fullmatch(text)
        else text
    )


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
