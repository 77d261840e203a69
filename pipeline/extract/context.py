"""Circumstances under which a sentence states something: species, population, cells, dose, time, comparator.

Words come from `context.tsv`, names from the mentions, and the rest from a few bounded patterns over one normalised
sentence, so the time is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.tables import Row, read_table, resource

FIELDS = ("species", "population", "cell", "anatomy", "condition", "dose", "duration", "system", "comparator")
_COLUMNS = ("field", "word", "curie", "value")
_SYSTEMS = ("in vitro", "in vivo", "clinical")
# What a person can have, or an animal be given.
_BORNE = frozenset(("disease", "phenotype", "process", "procedure", "exposure", "chemical", "drug"))
# Types whose names may begin with the species they are of: 人脐静脉内皮细胞.
_OF_SPECIES = frozenset(("cell", "anatomy", "organism"))

_ONE = r"(?:\d{1,3}(?: \d{3}){1,2}|\d{1,7}(?:\.\d{1,4})?)"
_AMOUNT = rf"(?<![A-Za-z\d.≥≤><=±·(/-])(?<!\d ){_ONE}(?: ?(?:~|-|–|至|、|,|，|和|或) ?{_ONE}){{0,4}} ?"
_PER = (
    r"(?:[/·] ?(?:\((?:kg|d|h|min|m2)(?:[·.*/ ](?:d|h|bw|BW|min|次))?\)|kg(?: ?BW| ?bw)?|m2|mL|ml|dL|L|d|h|min|day|天|日|次|片|g)"
    r"(?:-1)?(?![A-Za-z])){1,2}"
)
_DOSE = re.compile(
    rf"{_AMOUNT}(?:(?:mg|[μu]g|ng|pg|IU|U|[mμunp]?mol|[mμunp]M|c?Gy|mSv|kcal|ppm)(?:{_PER})?|(?:k?g|mL|ml|[μu]L|L){_PER})"
    r"(?![A-Za-z\d±])"
)
_DURATION = re.compile(
    r"(?<![A-Za-z\d.第±/·-])(?:\d{1,3}(?:\.\d)?(?: ?(?:~|-|–|至|、|,|和|或) ?\d{1,3}(?:\.\d)?){0,5}|[一二两三四五六七八九十半数]{1,3}) ?"
    r"(?:(?:d|h|min|wk)(?![A-Za-z\d/(-])|小时|分钟|天(?!然|津|性)|个?(?:星期|月(?!龄|份|经))|周(?!龄|围|期|边|岁|细|身)|年(?!龄|代|级|轻))"
)
# A month or a year that is a date, and the ages and time points of animals, are no duration.
_DATE = re.compile(r"\d ?月|[一二两三四五六七八九十] ?月|(?:19|20)\d\d ?年")
_UNDER = re.compile(
    r"在(?![不此该这本某其]|上述|一定|一般|通常|相同|同样|同一|特定|任何)(?P<x>[^，。；：、,;()\n在]{1,20}?)的?"
    r"(?:刺激|条件|状态|情况|环境|作用|处理|诱导|暴露|胁迫|背景|干预)之?下"
)
_GROUP = r"(?:组|对照组?|安慰剂组?|正常人|健康人群?|野生型|[大小]鼠)"
_COMPARED = re.compile(
    r"(?:与|同|和|跟)(?!之|其|此|前者|后者)(?P<with>[^，。；：,;()\n与同跟]{1,24}?)(?<!的)(?:\([^()\n]{1,12}\))?"
    r"(?:相比较?|比较|相较|对比)"
    r"|(?:相对于|相较于|相比于|较之|较于|[高低优大小多少]于|(?<!比)较|(?<![相对])比)(?![例较率值重之其])"
    rf"(?P<than>[^，。；：,;、()\n较比于]{{0,16}}?{_GROUP}(?:[和及、][^，。；：,;、()\n和及]{{1,10}}?组)?)(?![织成合分件装]|蛋白)"
)
# A beast in one character is none in 牛奶, 鸡蛋, 猪油, 胎牛, 蜗牛.
_BEAST = re.compile("[牛鸡猪兔鹅狗犬猴鸽]")
_OF_BEAST, _NO_BEAST = frozenset("奶乳肉蛋油血抗脂毛皮黄角痘"), frozenset("胎蜗海河天企金田")


class Hit(NamedTuple):
    """A word or stretch that names a circumstance; offsets are code points of the sentence.

    `value` is the controlled term where the field has one: `in vitro`, `in vivo` or `clinical` of a system.
    """

    start: int
    end: int
    curie: str | None = None
    value: str | None = None


class _Words(NamedTuple):
    pattern: re.Pattern[str]
    rows: dict[str, tuple[str | None, str | None]]


def _check(row: Row) -> str | None:
    if row["field"] not in FIELDS:
        return f"field is {row['field']!r}; it must be one of {', '.join(FIELDS)}"
    if (row["field"] == "system") != (row["value"] in _SYSTEMS):
        return f"value is {row['value']!r}; a system has one of {', '.join(_SYSTEMS)}, no other field has"
    if row["curie"] and not re.fullmatch(r"ncbitaxon:\d+", row["curie"]):
        return f"curie is {row['curie']!r}; it must be an identifier such as ncbitaxon:10090, or empty"
    return None


@cache
def _words(path: Path) -> dict[str, _Words]:
    """Read the table; one pattern a field, the longest word first."""
    rows: dict[str, dict[str, tuple[str | None, str | None]]] = {}
    for row in read_table(path, _COLUMNS, key=("field", "word"), check=_check):
        rows.setdefault(row["field"], {})[row["word"]] = (row["curie"] or None, row["value"] or None)
    return {field: _Words(_pattern(list(words)), words) for field, words in rows.items()}


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Match the longest word; branch on the first character, so that most places cost one look."""
    branches: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        branches.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(branches.items())))


def find_context(
    text: str, mentions: Sequence[tuple[int, int, str, str | None]], table: Path | None = None
) -> dict[str, list[Hit]]:
    """Return the circumstances named in a normalised sentence, by field, each in order; every field is there.

    `mentions` are (start, end, type, CURIE), apart from each other; their offsets and those of the hits are code points
    of the sentence. `table` stands in for the shipped `context.tsv`.

    Raises:
        TableError: if the table breaks its rules.

    >>> {field: [(h.start, h.end, h.curie) for h in hits] for field, hits in find_context("SD大鼠灌胃8周", ()).items() if hits}
    {'species': [(0, 4, 'ncbitaxon:10116')], 'duration': [(6, 8, None)]}
    """
    mentions = sorted(mentions)
    found: dict[str, set[Hit]] = {field: set() for field in FIELDS}
    for field, words in _words(table or resource("context.tsv")).items():
        found[field].update(_listed(text, words, mentions))
    for start, end, kind, curie in mentions:
        if kind in ("cell", "anatomy"):
            found[kind].add(Hit(start, end, curie))
        if kind in _BORNE:
            _borne(text, start, end, curie, found)
    curies = {(start, end): curie for start, end, _, curie in mentions}
    for match in _UNDER.finditer(text):
        found["condition"].add(Hit(*match.span("x"), curies.get(match.span("x"))))
    for match in _COMPARED.finditer(text):
        group = "with" if match["with"] else "than"
        if match[group]:
            found["comparator"].add(Hit(*match.span(group), curies.get(match.span(group))))
    found["dose"].update(Hit(*_trimmed(match)) for match in _DOSE.finditer(text))
    found["duration"].update(Hit(*_trimmed(match)) for match in _DURATION.finditer(text) if not _DATE.match(match[0]))
    return {field: _apart(hits) for field, hits in found.items()}


def _listed(text: str, words: _Words, mentions: Sequence[tuple[int, int, str, str | None]]) -> list[Hit]:
    """Return the listed words, but for those inside a name and those that go on to the left or right in Latin letters."""
    hits = []
    for match in words.pattern.finditer(text):
        start, end = match.span()
        if _BEAST.fullmatch(match[0]) and (text[end : end + 1] in _OF_BEAST or text[start - 1 : start] in _NO_BEAST):
            continue
        if _goes_on(text, start) or _goes_on(text, end) or "抗" in (text[start - 1 : start], text[end : end + 1]):
            continue
        place = bisect_right(mentions, start, key=lambda mention: mention[0]) - 1
        if place >= 0 and mentions[place][1] >= end and mentions[place][:2] != (start, end):
            first, _, kind, _ = mentions[place]
            if kind not in _OF_SPECIES or first != start:
                continue
        elif match[0] == "人" and not _opens_name(start, end, mentions):
            continue
        hits.append(Hit(start, end, *words.rows[match[0]]))
    return hits


def _goes_on(text: str, place: int) -> bool:
    """Whether a Latin word or number runs over `place`."""
    pair = text[max(0, place - 1) : place + 1]
    return len(pair) == 2 and pair.isascii() and pair.isalnum()


def _opens_name(start: int, end: int, mentions: Sequence[tuple[int, int, str, str | None]]) -> bool:
    """Whether a cell or an organ is named right behind: 人 alone is a species there only."""
    place = bisect_right(mentions, start, key=lambda mention: mention[0])
    return place < len(mentions) and mentions[place][0] == end and mentions[place][2] in _OF_SPECIES


_WHO = re.compile(r"(?:的|型|性|合并症|初诊|住院|老年|女性|男性|儿童|成年){0,2}(?P<who>患者|病人|患儿|人群|孕妇)")
_ANIMAL = re.compile(r"的?(?:(?:[大小豚裸]?鼠|家兔|兔|猪|犬|猴|斑马鱼|细胞|动物)(?:模型)?|模型)(?!组织|学)")


def _borne(text: str, start: int, end: int, curie: str | None, found: dict[str, set[Hit]]) -> None:
    """Add what patients have (糖尿病患者) or animals model (糖尿病大鼠) as a condition, and the patients as a population."""
    if who := _WHO.match(text, end):
        found["population"].add(Hit(start, who.end()))
        found["condition"].add(Hit(start, end, curie))
    elif _ANIMAL.match(text, end):
        found["condition"].add(Hit(start, end, curie))


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), match.start() + len(match[0].rstrip())


def _apart(hits: set[Hit]) -> list[Hit]:
    """Put hits in order and keep the longest of those that overlap."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.curie or "")):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
