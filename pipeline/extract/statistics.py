"""Numbers that back a statement: estimates with their intervals, P values, group sizes.

Everything is found by a few linear patterns over one normalised sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
_MEASURES = {
    "or": "OR",
    "aor": "OR",
    "比值比": "OR",
    "优势比": "OR",
    "rr": "RR",
    "相对危险度": "RR",
    "相对风险": "RR",
    "hr": "HR",
    "风险比": "HR",
    "r": "r",
    "相关系数": "r",
    "β": "β",
    "auc": "AUC",
    "灵敏度": "sensitivity",
    "敏感度": "sensitivity",
    "特异度": "specificity",
    "wmd": "WMD",
    "smd": "SMD",
    "md": "MD",
    "χ2": "χ2",
    "t": "t",
    "f": "F",
}
_NAMES = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_ESTIMATE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<measure>{_NAMES})(?:值)?[ ,，(]{{0,2}}(?:分别)?(?:=|:|：|为|是| )[ ]?(?P<value>{_NUMBER})(?![\d.])",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    rf"(?P<level>\d{{2}}(?:\.\d)?)% ?(?:CI|可信区间|置信区间)[ ,，:：=为(\[]{{0,4}}(?P<low>{_NUMBER})"
    rf" ?(?:~|-|－|—|至|to|,|，|、)[ ]?(?P<high>{_NUMBER})(?![\d.])",
    re.IGNORECASE,
)
_P_VALUE = re.compile(r"(?<![A-Za-z])[Pp](?:值|-value)? ?(?:均)?(?P<operator><|>|=|≤|≥|为|小于|大于) ?(?P<value>0?\.\d{1,9}|1\.0{1,9}|[01])(?![\d.])")
_SIZE = re.compile(r"(?<![A-Za-z])n ?= ?(?P<n>\d{1,9})(?!\d)|(?<![\d.])(?P<people>\d{1,7}) ?(?:名|例)(?!外)")
_FOLD = re.compile(rf"(?<![\d.])(?P<value>{_NUMBER}) ?倍")
_PERCENT = re.compile(rf"(?:升高|增加|提高|上升|降低|减少|下降|缩短|延长)了?(?:约|近|至)?(?P<value>{_NUMBER}) ?%(?! ?(?:CI|可信|置信))")
_MEAN = re.compile(rf"(?<![\d.])(?P<value>{_NUMBER}) ?± ?(?P<spread>{_NUMBER})(?![\d.])")
_OPERATORS = {"为": "=", "小于": "<", "大于": ">"}


class Found(NamedTuple):
    """A printed number with what belongs to it; offsets are code points of the sentence."""

    start: int
    end: int
    measure: str | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float | None = None
    p_operator: str | None = None
    p_value: float | None = None
    n: int | None = None


def find_statistics(text: str) -> list[Found]:
    """Return the statistics of a normalised sentence, in order.

    An interval and a P value belong to the estimate before them; alone they stand by themselves.

    >>> [(f.measure, f.value, f.ci_low, f.ci_high) for f in find_statistics("OR值为1.35(95%CI，1.08 to 1.68)")]
    [('OR', 1.35, 1.08, 1.68)]
    """
    if not any(char.isdigit() for char in text):
        return []
    found = [_estimate(match) for match in _ESTIMATE.finditer(text)]
    for pattern, measure in ((_FOLD, "fold"), (_PERCENT, "percent"), (_MEAN, "mean")):
        found += [Found(m.start(), m.end(), measure, float(m["value"])) for m in pattern.finditer(text)]
    found += [Found(m.start(), m.end(), n=int(m["n"] or m["people"])) for m in _SIZE.finditer(text)]
    found.sort()
    for interval in _INTERVAL.finditer(text):
        _attach(
            found,
            interval.start(),
            interval.end(),
            {"ci_low": float(interval["low"]), "ci_high": float(interval["high"]), "ci_level": float(interval["level"])},
        )
    for p in _P_VALUE.finditer(text):
        facts = {"p_operator": _OPERATORS.get(p["operator"], p["operator"]), "p_value": float(p["value"])}
        _attach(found, p.start(), p.end(), facts)
    return sorted(found)


def _estimate(match: re.Match[str]) -> Found:
    return Found(match.start(), match.end(), _MEASURES[match["measure"].lower()], float(match["value"]))


def _attach(found: list[Found], start: int, end: int, facts: dict[str, float | str]) -> None:
    """Give facts to the last estimate before them that has none of the kind; else let them stand alone."""
    key = next(iter(facts))
    for place in range(len(found) - 1, -1, -1):
        item = found[place]
        if item.start < start and item.n is None and item.end >= start - 40:
            if getattr(item, key) is None and item.measure is not None:
                found[place] = item._replace(end=max(item.end, end), **facts)
                return
            break
    found.append(Found(start, end, **facts))  # type: ignore[arg-type]
    found.sort()
