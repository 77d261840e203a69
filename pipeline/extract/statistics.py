"""Numbers that back a statement: estimates with their intervals and P values, percentages, group sizes.

One pass of one pattern over one normalised sentence finds the pieces; a second joins each interval and each P value to
the estimate before it. Every repetition is bounded and every number starts at its first digit, so the time is linear.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.tables import Row, read_table, resource

_NUMBER = r"\d{1,9}(?:\.\d{1,9})?(?![\d.]*\d)"
_SIGNED = rf"[-−]?{_NUMBER}"
_RANGE = r"[ ]?(?:~|-|–|—|至|到|to|,|，|、)[ ]?"
_DIGIT = re.compile("[0-9]")
_OPERATORS = {"为": "=", "小于": "<", "大于": ">"}
_WITH_INTERVAL = frozenset(("OR", "RR", "HR", "AUC", "WMD", "SMD", "MD", "β", "mean"))
# How far behind its estimate, in characters, an interval or a P value may stand.
_NEAR = 24
_KINDS = ("estimate", "test", "change")


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


class _Measures(NamedTuple):
    pattern: re.Pattern[str]
    names: dict[str, str]


def _check(row: Row) -> str | None:
    kind = row["kind"]
    return None if kind in _KINDS else f"kind is {kind!r}; it must be one of {', '.join(_KINDS)}"


@cache
def _measures(path: Path) -> _Measures:
    """Build the one pattern from the table of measures; the longest word comes first."""
    rows = read_table(path, ("word", "kind", "measure"), key=("word",), check=_check)
    longest = sorted(rows, key=lambda row: -len(row["word"]))
    words = {kind: "|".join(re.escape(row["word"]) for row in longest if row["kind"] == kind) for kind in _KINDS}
    pattern = rf"""
    (?<![A-Za-z0-9\-])                                                # OR值为1.35, HR 0.75, 比值比(OR)=1.35
      (?:(?P<ratio>{words["estimate"]})
         (?:\((?:{words["estimate"]})\))?(?:[ ]?值)?[ ]?(?:分别|=|:|：|为|是|[,，(])?[ ]?(?:为|是)?
        |(?P<test>{words["test"]})(?:\([\d, r]{{1,9}}\))?(?:[ ]?值)?[ ]?(?:=|为)[ ]?)
      (?P<estimate>{_SIGNED})(?![ ]?(?:次|bpm|beats))
  | (?P<both>(?:敏感|灵敏)[性度](?:和|与|、|及)特异[性度])分别(?:为|是|达)?[ ]?
      (?P<first>{_NUMBER})[ ]?%?(?:和|与|、|,|，|及)[ ]?(?P<second>{_NUMBER})[ ]?%?
  | (?P<accuracy>(?:敏感|灵敏|特异)[性度])(?:为|是|达|=|:|：)[ ]?(?P<accurate>{_NUMBER})[ ]?%?
  | (?:(?P<level>(?<![\d.])\d\d(?:\.\d)?)[ ]?%的?[ ]?)?(?:\bCI|可信区间|置信区间|(?<=%)[ ]?CI)(?:\(?CI\))?
      [ ,，:：=为(\[]{{0,4}}(?P<low>{_SIGNED}){_RANGE}(?P<high>{_SIGNED})
  | [(\[](?P<bare_low>{_SIGNED}){_RANGE}(?P<bare_high>{_SIGNED})[)\]]
  | (?<![A-Za-z])[Pp](?:[ ]?-?[ ]?(?:值|values?))?[ ]?均?(?P<operator><|>|=|≤|≥|为|小于|大于)[ ]?(?P<p>[01]?\.\d{{1,9}}|[01])(?![\d. ]*\d)
  | (?<![A-Za-z])[nN][ ]?=[ ]?(?P<n>\d{{1,9}})(?!\d)
  | (?<![\d.,第/~-])(?P<people>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,7}})[ ]?
      (?:名(?!义)|例(?![外如子])|只(?=[雌雄健成]|SD|Wistar|[A-Z]|[大小家豚白裸]?[鼠兔鸡犬猫]|动物))
  | (?<![\d.~:/-])(?P<fold>{_NUMBER})(?:~(?P<fold_to>{_NUMBER}))?[ ]?(?:余|多)?倍(?![稀镜体频性])
  | (?:(?:{words["change"]})[了至到为约近达仅高超过大分别由从 ]{{0,6}}|(?<=%)(?:和|与|、|,|，|及)[ ]?)
      (?:(?P<percent>{_NUMBER})(?:[ ]?%)(?![ ]?(?:的?可信|的?置信|CI))|(?P<part>\d)/(?P<whole>\d\d?)(?![\d/]))
  | (?:为|是|的|仅)(?:约|近|其)?(?P<share>1)/(?P<of>\d\d?)(?![\d/])
  | (?<![\d.])(?P<mean>{_SIGNED})[ ]?±[ ]?{_NUMBER}
    """
    return _Measures(re.compile(pattern, re.VERBOSE), {row["word"]: row["measure"] for row in rows})


def find_statistics(text: str) -> list[Found]:
    """Return the statistics of a normalised sentence, in order.

    An interval and a P value belong to the estimate right before them; alone they stand by themselves. An interval is
    given as printed, also where it does not hold its estimate. Offsets are code points of the sentence.

    Raises:
        TableError: if `measures.tsv` breaks its rules.

    >>> [(f.measure, f.value, f.ci_low, f.ci_high) for f in find_statistics("OR值为1.35(95%CI，1.08 to 1.68)")]
    [('OR', 1.35, 1.08, 1.68)]
    """
    found: list[Found] = []
    if not _DIGIT.search(text):
        return found
    pattern, names = _measures(resource("measures.tsv"))
    for match in pattern.finditer(text):
        last = found[-1] if found else None
        if last and (
            last.measure is None or match.start() - last.end > _NEAR or "；" in text[last.end : match.start()]
        ):
            last = None
        if match["low"] or match["bare_low"]:
            _add_interval(found, last, match)
        elif match["p"]:
            operator = _OPERATORS.get(match["operator"], match["operator"])
            if last and last.p_value is None:
                found[-1] = last._replace(end=match.end(), p_operator=operator, p_value=float(match["p"]))
            else:
                found.append(Found(*match.span(), p_operator=operator, p_value=float(match["p"])))
        else:
            found += _estimates(match, names)
    return found


def _add_interval(found: list[Found], last: Found | None, match: re.Match[str]) -> None:
    bare = match["low"] is None
    low, high = (_number(match["bare_low" if bare else "low"]), _number(match["bare_high" if bare else "high"]))
    level = float(match["level"]) if match["level"] else None
    fits = last is not None and last.ci_low is None
    if bare:
        # Two numbers in brackets are an interval right behind an estimate only: elsewhere they cite, or count.
        if last and fits and last.measure in _WITH_INTERVAL and match.start() - last.end <= 1:
            found[-1] = last._replace(end=match.end(), ci_low=low, ci_high=high)
    elif last and fits:
        found[-1] = last._replace(end=match.end(), ci_low=low, ci_high=high, ci_level=level)
    else:
        found.append(Found(*match.span(), ci_low=low, ci_high=high, ci_level=level))


def _estimates(match: re.Match[str], names: dict[str, str]) -> list[Found]:
    """Return what a piece says that is neither an interval nor a P value."""
    kind = match.lastgroup or ""
    start, end = match.span()
    if kind == "estimate":
        return [Found(start, end, names[match["ratio"] or match["test"]], _number(match["estimate"]))]
    if kind == "second":
        middle = match.end("first")
        sensitivity = Found(start, middle, "sensitivity", _number(match["first"]))
        return [sensitivity, Found(match.start("second"), end, "specificity", _number(match["second"]))]
    if kind == "accurate":
        measure = "specificity" if match["accuracy"].startswith("特异") else "sensitivity"
        return [Found(start, end, measure, _number(match["accurate"]))]
    if kind in ("n", "people"):
        return [Found(start, end, n=int(match[kind].replace(",", "")))]
    if kind in ("fold", "fold_to"):
        # Of a range (2~3倍) no single value is printed.
        return [Found(start, end, "fold", _number(match["fold"]) if kind == "fold" else None)]
    if kind == "whole":
        return _fraction(match.start("part"), end, match["part"], match["whole"], "percent", 100)
    if kind == "of":
        return _fraction(match.start("share"), end, match["share"], match["of"], "fold", 1)
    return [Found(match.start(kind), end, kind, _number(match[kind]))]


def _fraction(start: int, end: int, part: str, whole: str, measure: str, scale: int) -> list[Found]:
    if not int(whole):
        return []
    return [Found(start, end, measure, round(int(part) / int(whole) * scale, 4))]


def _number(printed: str) -> float:
    return float(printed.replace("−", "-"))
