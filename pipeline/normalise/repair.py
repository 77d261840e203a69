"""Repair of what scanning, fonts and layout broke: wrong glyphs, letters read as others, lost brackets, glued words.

Each repair is a pure function `Traced -> Traced`, looks at the match and its direct neighbours only, and is recorded.
It is made only where the printed form is no word or name and the repaired one is: what is not sure stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.model import Repair
from pipeline.normalise.characters import HAN
from pipeline.normalise.citations import numbers
from pipeline.normalise.layout import english_words
from pipeline.normalise.offsets import Traced
from pipeline.tables import Row, read_table, resource

_ALNUM = "[A-Za-z0-9]"
# A name ends before anything but a letter or digit; `NF-kBp65` and `TNF-amRNA` lost a space.
_ENDS = "(?=p(?:50|52|65)(?!\\d)|mRNA|[^A-Za-z0-9α-ω]|\\Z)"


def repair_glyphs(traced: Traced) -> Traced:
    """Put back the signs that a journal's font maps to rare Chinese characters, each where nothing else can stand.

    >>> repair_glyphs(Traced.of("野代谢综合征冶患者的TNF鄄琢为3.2依0.5，P约0.05，5忆端")).text
    "“代谢综合征”患者的TNF-α为3.2±0.5，P<0.05，5'端"
    """
    for glyph in _glyphs():
        if glyph.printed in traced.text:
            traced = traced.rewrite(glyph.pattern, _glyph(glyph), kind="glyph")
    return traced


def repair_brackets(traced: Traced) -> Traced:
    """Complete citation marks whose bracket was lost or read as another sign; letters in them are digits.

    >>> repair_brackets(Traced.of("骨吸收【24]，骨形成“65]，王某等[17研究了[1I-13]。")).text
    '骨吸收[24]，骨形成[65]，王某等[17]研究了[11-13]。'
    """
    if "]" not in traced.text and "[" not in traced.text and "】" not in traced.text:
        return traced
    traced = traced.rewrite(_LETTERED, _digits_in_mark, kind="bracket")
    traced = traced.rewrite(_OTHER_OPENING, _mark, kind="bracket").rewrite(_OTHER_CLOSING, _mark, kind="bracket")
    return traced.rewrite(_UNOPENED, _opened, kind="bracket").rewrite(_UNCLOSED, _closed, kind="bracket")


def repair_characters(traced: Traced) -> Traced:
    """Replace a Chinese character that was read as its double, in the words of repairs_words.tsv.

    >>> repair_characters(Traced.of("进人细胞后促进人体细胞调亡")).text
    '进入细胞后促进人体细胞凋亡'
    """
    pattern, table = _characters()
    return traced.rewrite(pattern, lambda match: table[match[0]], kind="character")


def repair_numbers(traced: Traced) -> Traced:
    """Read letters as digits in the number of a symbol whose family has that number.

    >>> repair_numbers(Traced.of("IL-1O、IL-l、HSP9O、miR-15O与IGF-I、CDS")).text
    'IL-10、IL-1、HSP90、miR-150与IGF-I、CDS'
    """
    return traced.rewrite(_numbers().pattern, _number, kind="digit")


def repair_names(traced: Traced) -> Traced:
    """Give names their Greek letters and other signs back, by the misreadings of repairs_names.tsv.

    >>> repair_names(Traced.of("NF-KBp65、TNF-a、IFN-y、TGF-p1与P13K，而非PPARA")).text
    'NF-κBp65、TNF-α、IFN-γ、TGF-β1与PI3K，而非PPARA'
    """
    pattern, table = _names()
    return traced.rewrite(pattern, lambda match: table[match[0]], kind="name")


def repair_glue(traced: Traced) -> Traced:
    """Part English words that were run together, where only one way to part them gives words.

    >>> repair_glue(Traced.of("肿瘤坏死因子(tumornecrosisfactor)")).text
    '肿瘤坏死因子(tumor necrosis factor)'
    """
    return traced.rewrite(_GLUED, lambda match: _parted(match[0]), kind="glue")


def repair_lines(traced: Traced) -> Traced:
    """Make all the repairs that need words whole: lines are joined, and the script is simplified.

    >>> repair_lines(Traced.of("细胞调亡[24】与IL-lβ")).text
    '细胞凋亡[24]与IL-1β'
    """
    for repair in (repair_brackets, repair_characters, repair_numbers, repair_names, repair_glue):
        traced = repair(traced)
    return traced


def last_repairs(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Sort repairs by place; of several of one stretch the last tells the form that it got."""
    by_place = {(repair.start, repair.end): repair for repair in repairs}
    return tuple(by_place[place] for place in sorted(by_place))


# Glyphs

# Each pattern begins with its glyph, which the search skips to.
_PLACES = {
    # `TNF-琢`, `TNF鄄琢` (its hyphen is put back first), `IκB琢`; without the hyphen Chinese may go on: `A琢磨`.
    "name": "{0}(?:(?<=[A-Za-z0-9]-{0})|(?<=[A-Z]{0})(?![{HAN}]))",
    "hyphen": "{0}(?<=[A-Za-z0-9]{0})(?=[A-Za-z0-9琢茁酌资])",
    "inside": "{0}(?:(?<=F-{0})|(?<=(?<![A-Za-z])I{0}))(?=B)",
    "unit": "{0}(?:(?<=[0-9]{0})|(?<=[0-9] {0}))(?=(?:g|L|l|m|mol|M)(?![A-Za-z]))",
    "degree": "{0}(?<=[0-9]{0})(?=[，。；、)])",
    "number": "{0}(?<=[0-9]{0})(?=[0-9])",
    "P": "{0}(?<=(?<![A-Za-z])[Pp]{0})(?=0[.])",
    "prime": "{0}(?<=(?<![0-9])[35]{0})(?=-|端|非翻译)",
    "opening": "{0}(?![生外鼠猪兔兽菊])(?=[^野冶\n]{1,40}冶(?![炼金铸]))",
    "closing": "{0}(?![炼金铸])",
}


class _Glyph(NamedTuple):
    printed: str
    repaired: str
    pattern: re.Pattern[str]


def _check_glyph(row: Row) -> str | None:
    if row["place"] not in _PLACES:
        return f"place is {row['place']!r}; it must be one of {', '.join(_PLACES)}"
    return None if len(row["printed"]) == 1 and row["repaired"] else "printed must be a character, repaired not empty"


@cache
def _glyphs() -> tuple[_Glyph, ...]:
    columns = ("printed", "repaired", "place")
    rows = read_table(resource("repairs_glyphs.tsv"), columns, key=("printed",), check=_check_glyph)
    # Hyphens first, for names show by them; opening quotation marks before closing ones.
    rows.sort(key=lambda row: (row["place"] != "hyphen", row["place"] == "closing"))
    return tuple(
        _Glyph(
            row["printed"],
            row["repaired"],
            re.compile(_PLACES[row["place"]].replace("{0}", row["printed"]).replace("{HAN}", HAN)),
        )
        for row in rows
    )


def _glyph(glyph: _Glyph) -> Callable[[re.Match[str]], str]:
    if glyph.repaired != "”":
        return lambda _: glyph.repaired

    def close(match: re.Match[str]) -> str:
        before = match.string[max(0, match.start() - 41) : match.start()]
        return glyph.repaired if before.rfind("“") > before.rfind("”") else match[0]

    return close


# Citation marks

_LOOKALIKE = str.maketrans("lI|oOSZ", "1110052")
_MORE = r"(?: ?[-,，、~.;；] ?\d{1,3})*"
_LIST = r"\d{1,3}" + _MORE
# A letter by itself may be anything but the first number of a range.
_LETTERED = re.compile(
    r"\[(?=[-~,，lIoO]*\d)[0-9lIoO]{1,3}(?:[-~][0-9lIoO]{1,3}|[,，](?=[lIoO]{0,2}\d)[0-9lIoO]{1,3})*\]"
    rf"(?=[。，；、){HAN}])"
)
_OTHER_OPENING = re.compile(rf"[【“‘'\"({{|](?=\d)(?<=[{HAN}A-Za-z)].)(?P<inside>{_LIST})[\]】](?=[。，；、{HAN}])")
_OTHER_CLOSING = re.compile(rf"\[(?<=[{HAN}A-Za-z)]\[)(?P<inside>{_LIST})[】}}](?=[。，；、{HAN}])")
_UNOPENED = re.compile(rf"(?P<inside>\d(?<=[{HAN}]\d)\d{{0,2}}{_MORE})\](?=[。，；{HAN}])")
# A bracket whose other half was lost closes where Chinese text goes on.
_UNCLOSED = re.compile(rf"\[(?P<inside>{_LIST})(?P<read>[lI|J]?)(?=[。，；\u4e00-\u9fff])(?![，；、] ?\d)")


def _mark(match: re.Match[str]) -> str:
    """Put a mark in its brackets, if its numbers can be citations: up to 99, for a lost bracket often reads as 1."""
    cited = numbers(match["inside"])
    return f"[{match['inside']}]" if cited and all(len(number) < 3 for number in cited) else match[0]


def _digits_in_mark(match: re.Match[str]) -> str:
    """Read the letters of a mark as digits, if its numbers then can be citations."""
    read: str = match[0].translate(_LOOKALIKE)
    return read if numbers(read[1:-1]) else match[0]


def _opened(match: re.Match[str]) -> str:
    """Open a mark that was only closed, unless its bracket was opened further to the left."""
    before = match.string[max(0, match.start() - 40) : match.start()]
    is_open = before.rfind("[") > before.rfind("]")
    return match[0] if is_open or before.endswith(("图", "表", "式")) else _mark(match)


def _closed(match: re.Match[str]) -> str:
    """Close a mark that was only opened: [16。, [22l，; a last 1 may itself be the bracket, [21 or [1l."""
    inside = match["inside"]
    is_sure = len(inside) > 1 if match["read"] else inside == "1" or not inside.endswith("1")
    return _mark(match) if is_sure else match[0]


# Words and names


def _any_of(words: Mapping[str, str], *, not_after: str = "") -> str:
    """Return a pattern for words, the longest first, each with what must hold behind it, and none behind a character of `not_after`.

    They are parted by their first characters, so that whatever begins with none of these is skipped fast.
    """
    heads: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        heads.setdefault(word[0], []).append(re.escape(word[1:]) + words[word])
    alone = {head: f"(?<!{not_after}{head})" if not_after else "" for head in heads}
    return "|".join(f"{head}{alone[head]}(?:{'|'.join(rest)})" for head, rest in sorted(heads.items()))


@cache
def _characters() -> tuple[re.Pattern[str], dict[str, str]]:
    columns = ("printed", "repaired", "not_after", "not_before")
    rows = read_table(resource("repairs_words.tsv"), columns, key=("printed",))
    words = {
        row["printed"]: (f"(?<![{row['not_after']}]{row['printed']})" if row["not_after"] else "")
        + (f"(?![{row['not_before']}])" if row["not_before"] else "")
        for row in rows
    }
    return re.compile(_any_of(words)), {row["printed"]: row["repaired"] for row in rows}


class _Numbers(NamedTuple):
    pattern: re.Pattern[str]
    numbers: dict[str, frozenset[int]]
    alone: dict[str, frozenset[str]]


def _range(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _check_numbers(row: Row) -> str | None:
    if not re.fullmatch(r"[1-9]\d*(?:-[1-9]\d*)?(?: [1-9]\d*(?:-[1-9]\d*)?)*", row["numbers"]):
        return f"numbers is {row['numbers']!r}; it must be numbers and ranges such as `2 4-7`"
    return None if re.fullmatch("(?:[lIZ](?: [lIZ])*)?", row["alone"]) else "alone may hold l, I and Z"


@cache
def _numbers() -> _Numbers:
    columns = ("symbol", "numbers", "alone")
    rows = read_table(resource("repairs_numbers.tsv"), columns, key=("symbol",), check=_check_numbers)
    symbols = _any_of(dict.fromkeys((row["symbol"] for row in rows), ""), not_after=_ALNUM)
    return _Numbers(
        re.compile(
            rf"(?P<symbol>{symbols})-?"
            r"(?P<number>(?!\d+(?!\d|[lIOoSZ]))[0-9lIOoSZ]{1,4})(?=[a-d]?(?![A-Za-z0-9]))"
        ),
        {row["symbol"]: _range(row["numbers"]) for row in rows},
        {row["symbol"]: frozenset(row["alone"].split()) for row in rows},
    )


def _number(match: re.Match[str]) -> str:
    """Give a symbol the number that its letters stand for, if its family has it; S and Z follow a digit or stand alone.

    Letters only are a number after a hyphen, IL-lO, but not those of a Roman one.
    """
    symbol, printed = match["symbol"], match["number"]
    read = printed.translate(_LOOKALIKE)
    tables = _numbers()
    has_digit = any(char.isdigit() for char in printed) and printed[0] not in "SZ"
    is_number = (
        has_digit or printed in tables.alone[symbol] or re.fullmatch("-(?!I+$)[lI][lIOo]+", match[0][len(symbol) :])
    )
    if not is_number or read[0] == "0" or int(read) not in tables.numbers[symbol]:
        return match[0]
    return match[0][: match.start("number") - match.start()] + read


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    rows = read_table(resource("repairs_names.tsv"), ("printed", "repaired"), key=("printed",))
    names = _any_of(dict.fromkeys((row["printed"] for row in rows), ""), not_after=_ALNUM)
    return re.compile(f"(?:{names}){_ENDS}"), {row["printed"]: row["repaired"] for row in rows}


# Glued words

# Not the host of an address.
_GLUED = re.compile(
    r"(?<![A-Za-z0-9])(?<!www\.)(?<!://)[a-z]{12,60}(?![A-Za-z0-9])(?!\.(?:com|edu|gov|net|org)(?![a-z]))"
)
_SHORTEST = 3
_SHORT = 4


def _check_part(row: Row) -> str | None:
    return None if row["stands"] in ("yes", "no") else f"stands is {row['stands']!r}; it must be yes or no"


@cache
def _parts() -> frozenset[str]:
    """List the words that glued words may be made of: short ones that are listed, and longer ones but combining forms."""
    rows = read_table(resource("repairs_parts.tsv"), ("word", "stands"), key=("word",), check=_check_part)
    stands = {row["word"]: row["stands"] == "yes" for row in rows}
    return frozenset(word for word in english_words() if stands.get(word, len(word) > _SHORT))


@lru_cache(maxsize=4096)
def _parted(glued: str) -> str:
    """Part a run of letters into words if there is exactly one way to, else leave it."""
    if glued in english_words():
        return glued
    words = _parts()
    # ways[i] are the first two ways, at most, to part what stands before i.
    ways: list[list[str]] = [[""], *([] for _ in glued)]
    for end in range(_SHORTEST, len(glued) + 1):
        for start in range(end - _SHORTEST + 1):
            if ways[start] and glued[start:end] in words:
                ways[end] += [f"{way} {glued[start:end]}" for way in ways[start]]
        del ways[end][2:]
    return ways[-1][0][1:] if len(ways[-1]) == 1 else glued
