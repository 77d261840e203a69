"""Characters: one form for each letter, digit, bracket, hyphen and glyph; Chinese or Latin punctuation by its place.

Every rule looks at the match and its direct neighbours only, so that a stretch cut out of a text comes out as it does
in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from pipeline.model import UnknownGlyph
from pipeline.normalise.offsets import Traced
from pipeline.tables import Row, read_table, resource

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# What Chinese typesetting counts as a full-width character: no space is wanted beside it.
CHINESE = HAN + "\u3000-\u303f\u3040-\u30ff\uff00-\uffef“”‘’…"
WORD = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u1e00-\u1eff"

# NFKC would turn these into something else than what is meant: Chinese punctuation, the ellipsis, circled numbers.
_NOT_FOLDED = frozenset("，：；！？…‥") | frozenset(map(chr, (*range(0x2460, 0x2474), *range(0x24B6, 0x2500))))
# The blocks in which NFKC changes anything, without Hangul, which it only composes, and enclosed emblems.
_FOLDED_BLOCKS = (
    (0xA0, 0x3400),
    (0xA640, 0xAC00),
    (0xF900, 0x10000),
    (0x1D400, 0x1D800),
    (0x2F800, 0x2FA20),
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_DROPPED = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_COMBINING = re.compile("[\u0300-\u036f]")
_DECOMPOSED = re.compile("[A-Za-z\u0370-\u03ff][\u0300-\u036f]+")
_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f"
_BREAKS = "\x0b\x0c\x1c-\x1e\x85\u2028\u2029"


class _Tables(NamedTuple):
    one_to_one: dict[str, str]
    longer: dict[str, str]
    pattern: re.Pattern[str]


def _check(row: Row) -> str | None:
    if not re.fullmatch(r"U\+[0-9A-F]{4,6}", row["from"]):
        return f"from is {row['from']!r}; it must be a code point such as U+2043"
    return None if len(row["to"]) == 1 else f"to is {row['to']!r}; it must be one character"


@cache
def _tables() -> _Tables:
    """Build the character tables; NFKC is the rule and characters.tsv the exceptions."""
    folded: dict[str, str] = {}
    for first, last in _FOLDED_BLOCKS:
        for char in map(chr, range(first, last)):
            to = unicodedata.normalize("NFKC", char)
            if to != char and char not in _NOT_FOLDED and to.strip() == to and not unicodedata.combining(to[0]):
                folded[char] = to
    rows = read_table(resource("characters.tsv"), ("from", "to", "kind", "name"), key=("from",), check=_check)
    table = {chr(int(row["from"][2:], 16)): row["to"] for row in rows}
    # A character that NFKC takes apart may hold one that the table folds: ⁻ is U+2212.
    folded = {char: "".join(table.get(part, part) for part in to) for char, to in folded.items()} | table
    one_to_one = {char: to for char, to in folded.items() if len(to) == 1}
    one_to_one |= dict.fromkeys(_members(_SPACES), " ") | dict.fromkeys(_members(_BREAKS), "\n")
    glyphs = {chr(int(row["from"][2:], 16)) for row in rows if row["kind"] == "glyph"}
    for glyph in glyphs:
        del one_to_one[glyph]
    longer = {char: to for char, to in folded.items() if len(to) > 1} | {glyph: table[glyph] for glyph in glyphs}
    singles, glyph_class = "".join(map(re.escape, sorted(longer))), "".join(sorted(glyphs))
    pattern = re.compile(
        # One class in front, so that what is not in it is skipped fast.
        rf"[{singles}{_DROPPED}\r]"
        # A journal's decimal point is as wide as a digit, so extraction sees a space, or a line's end, after it.
        rf"(?:(?:(?<=[0-9０-９][{glyph_class}])|(?<=[0-9０-９]\n[{glyph_class}])|(?<=[0-9０-９]\n\n[{glyph_class}]))"
        r"[ \u3000]*(?:\r?\n[ \u3000]*){0,2}(?=[0-9０-９]))?"
    )
    return _Tables(one_to_one, longer, pattern)


def _members(characters: str) -> list[str]:
    return [char for char in map(chr, range(0x2100)) if re.match(f"[{characters}]", char)]


def fold(traced: Traced) -> Traced:
    """Give every character its one form: full-width, compatibility, look-alike and private-use characters folded.

    >>> fold(Traced.of("ＣＯＸ⁃２ ３􀆰 ３ ㎎")).text
    'COX-2 3.3 mg'
    """
    tables = _tables()
    text = traced.text

    def replace(match: re.Match[str]) -> str:
        char = match[0][0]
        if char == "\r":
            return "" if text.startswith("\n", match.end()) else "\n"
        return tables.longer.get(char, "")

    traced = traced.rewrite(tables.pattern, replace)
    if _COMBINING.search(traced.text):
        traced = traced.rewrite(_DECOMPOSED, lambda match: unicodedata.normalize("NFC", match[0]))
    text = traced.text
    # A paper has few of them, so this is faster than `str.translate`; none stands for another.
    for char in tables.one_to_one.keys() & set(text):
        text = text.replace(char, tables.one_to_one[char])
    return traced.same_length(text)


def unknown_glyphs(traced: Traced) -> tuple[UnknownGlyph, ...]:
    """List the private-use characters that are left, with the source offset of the first of each."""
    found: dict[str, list[int]] = {}
    for match in _PRIVATE.finditer(traced.text):
        found.setdefault(match[0], []).append(match.start())
    return tuple(
        UnknownGlyph(f"U+{ord(char):04X}", len(places), traced.starts[places[0]])
        for char, places in sorted(found.items())
    )


class _Rule(NamedTuple):
    """A rewriting that is tried only where `sign` stands in the text."""

    sign: str
    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]


def _by(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text


# Signs whose form depends on the characters directly beside them; run after `fold`. Each pattern begins with its sign.
_BESIDE = (
    _Rule("\u00ad", re.compile(r"\u00ad(?<=[a-z]\u00ad)\s*(?=[a-z])"), _by("")),
    _Rule("\u00ad", re.compile("\u00ad"), _by("-")),
    _Rule("—", re.compile(rf"—(?<=[{WORD})\]]—)(?=[{WORD}(\[])"), _by("-")),
    _Rule("’", re.compile(rf"’(?<=[{WORD}]’)(?=[A-Za-z\-])"), _by("'")),
    _Rule("，", re.compile(r"，(?<=[0-9]，)(?=[0-9])(?![0-9.]+%)"), _by(",")),
    _Rule("：", re.compile(r"：(?<=[0-9]：)(?=[0-9])"), _by(":")),
    _Rule("ß", re.compile("ß(?<![a-z]ß)"), _by("β")),
    # `3. 1 倍`: a decimal point that was printed wide. Without the unit it could be a list number; `0. 05` could not.
    _Rule(". ", re.compile(r" (?<=[0-9]\. )(?<![0-9]{4}\. )[ \u3000]*(?=[0-9]+ ?[%‰±×倍])"), _by("")),
    _Rule("0. ", re.compile(r" (?<=0\. )(?<![0-9.]0\. )(?<![0-9] 0\. )[ \u3000]*(?=[0-9]+(?! ?[0-9]))"), _by("")),
)


def fold_beside(traced: Traced) -> Traced:
    """Decide the signs that depend on what is directly beside them.

    >>> fold_beside(Traced.of("IL—6 为 1，25，升高 3. 1 倍（HR=0.74，95%CI）")).text
    'IL-6 为 1,25，升高 3.1 倍（HR=0.74，95%CI）'
    """
    for rule in _BESIDE:
        if rule.sign in traced.text:
            traced = traced.rewrite(rule.pattern, rule.replace)
    return traced


_CHINESE_FORM = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_IS_LATIN = re.compile(rf"[{WORD}!-/:-@\[-`{{-~°±×μ≤≥<>]")
_PUNCTUATION = re.compile(rf"[,;:?!.](?:(?<=[,;:]) ?|(?<=[{HAN}][?!])(?!\[)|(?<=[{HAN}\])]\.)(?![A-Za-z0-9.\-/]))")
# Not the document type of a reference: `进展[J].`
_AFTER_CHINESE = re.compile(rf"[{HAN}][\[(](?![A-Z/]{{1,5}}[\])])[^\[\]()\n]{{1,40}}[\])]\Z")


def punctuate(traced: Traced) -> Traced:
    """Give punctuation beside Chinese its Chinese form; between Latin letters and digits it stays as it is.

    Runs after spaces and line breaks are settled. A sign at the edge of a block counts as beside Chinese.

    >>> punctuate(Traced.of("细胞,IL-6, TNF(1,25); 骨吸收[3].近期")).text
    '细胞，IL-6, TNF(1,25)；骨吸收[3]。近期'
    """
    text = traced.text

    def replace(match: re.Match[str]) -> str:
        sign, at = match[0][0], match.start()
        left, right = text[at - 1 : at], text[match.end() : match.end() + 1]
        if sign == ".":
            # A bracket or citation mark may stand between the Chinese and its full stop.
            is_stop = left not in ")]" or _AFTER_CHINESE.search(text, max(0, at - 44), at)
            return "。" if is_stop else "."
        if sign not in "?!" and _IS_LATIN.match(left) and _IS_LATIN.match(right):
            return match[0]
        return _CHINESE_FORM[sign]

    return traced.rewrite(_PUNCTUATION, replace)
