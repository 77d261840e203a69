"""Citation marks of marked-up papers: links to the reference list, written as the text of a printed paper has them: `[3-5]`.

A link becomes a token, \\x01 its numbers \\x03 what it shows \\x02; tokens that stand together are then written as one mark.
Those three characters cannot stand in XML, and are taken out of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPEN, _CLOSE = "[［【〔(（", "]］】〕)）"
_DASHES = r"\-‐‑‒–—−~～"
_WITHIN = r"\s*+(?:[,，、;；" + _DASHES + r"]\s*+)?+"
_LINK = r"\x01[^\x01\x02]*+\x02"
_BARE = r"\x01[^\x01-\x03]*+\x02"
_NUMBER = r"\d{1,3}+(?!\d)"
_GROUP = rf"(?:{_LINK}|{_NUMBER})(?:{_WITHIN}(?:{_LINK}|{_NUMBER}))*+"
_BRACKETED = re.compile(rf"[{re.escape(_OPEN)}]\s*+({_GROUP})\s*+[{re.escape(_CLOSE)}]")
_ALONE = re.compile(_GROUP)
_RUN = re.compile(rf"{_BARE}(?:{_WITHIN}{_BARE})++")
_TOKEN = re.compile(r"\x01([^\x01-\x03]*)(?:\x03([^\x01\x02]*))?\x02")
_NUMERIC = re.compile(rf"\d{{1,3}}(?:\s*[,，、;；{_DASHES}]\s*\d{{1,3}})*")
_DASH = re.compile(rf"\s*[{_DASHES}]+\s*")
_COMMA = re.compile(r"\s*[,，、;；]\s*|(?<=\d)\s+(?=\d)")
_MARKS = re.compile("[\x01-\x03]|&#(?:0*[1-3](?![0-9])|x0*[1-3](?![0-9a-f]));?", re.IGNORECASE)
# Brackets in brackets: `[<sup>[3]</sup>]`.
_DEEPEST = 3
_LONGEST = 200


def link(text: str, numbers: Sequence[int] = ()) -> str:
    """Return the token of a link that shows `text` and leads to the entries `numbers` of the reference list.

    Text that is no number (王某等, 2010) stays, before the mark; a link that leads nowhere and shows none is plain text.

    >>> written(f"骨吸收增加{link('[3]', [3])}，{link('Li, 2010', [4])}。")
    '骨吸收增加[3]，Li, 2010[4]。'
    """
    if "\x01" in text:
        # A link in a link: the inner one says what is cited.
        return text
    shown = text.strip()
    bare = shown.strip(_OPEN + _CLOSE + " ")
    is_numeric = is_number(shown)
    if not numbers and not is_numeric:
        return text
    said = _tidy(bare) if is_numeric else ""
    if numbers and not {str(number) for number in numbers} <= set(_spread(said)):
        said = ",".join(map(str, dict.fromkeys(numbers)))
    if is_numeric or not bare or bare.isdigit():
        before, _, after = shown.partition(bare) if bare else ("", "", "")
        # A year links to an entry by itself only in brackets: Li (2010).
        token = f"\x01{said}\x02" if is_numeric or not bare else f"\x01{said}\x03{bare}\x02"
        return f"{before}{token}{after}"
    return f"\x01{said}\x03{shown}\x02"


def is_number(text: str) -> bool:
    """Tell whether a link shows no more than numbers of entries.

    >>> is_number("[3–5]"), is_number("2010")
    (True, False)
    """
    return len(text) < _LONGEST and bool(_NUMERIC.fullmatch(text.strip(_OPEN + _CLOSE + " \n")))


def raised(text: str) -> str:
    """Return the content of a superscript; one that is nothing but links and numbers is one mark.

    >>> written(raised(f"{link('3')}–{link('5')}") + raised("2+"))
    '[3-5]2+'
    """
    return f"[{text}]" if "\x01" in text and _ALONE.fullmatch(text.strip()) else text


def written(text: str) -> str:
    """Write the tokens of a paragraph as citation marks.

    >>> written(f"[{link('1')}, {link('3')}—5]和({link('Li, 2010', [7])}；{link('Xu, 2011', [9])})")
    '[1,3-5]和[7,9]'
    """
    if "\x01" not in text:
        return text
    for _ in range(_DEEPEST):
        text, count = _BRACKETED.subn(_in_brackets, text)
        if not count:
            break
    text = _RUN.sub(_joined, text)
    return _TOKEN.sub(lambda match: f"{match[2] or ''}[{match[1]}]", text)


def clean(text: str) -> str:
    """Put a space for each character that tokens are made of, as such or as a number.

    >>> clean("a&#1;b&#x02;c\\x03d&#10;")
    'a b c d&#10;'
    """
    return _MARKS.sub(" ", text)


def _in_brackets(match: re.Match[str]) -> str:
    return _joined(match) if "\x01" in match[0] else match[0]


def _joined(match: re.Match[str]) -> str:
    group = match[1] if match.lastindex else match[0]
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(group):
        parts += _between(group[end : token.start()], bool(parts)), token[1]
        end = token.end()
    parts.append(_between(group[end:], False))
    return f"\x01{_tidy(''.join(parts))}\x02"


def _between(text: str, is_inside: bool) -> str:
    """Return what parts two links: a dash, a comma, or nothing, which is read as a comma."""
    return text if text.strip() or not is_inside else ","


def _tidy(numbers: str) -> str:
    return _COMMA.sub(",", _DASH.sub("-", numbers.strip()))


def _spread(numbers: str) -> list[str]:
    """Return the numbers that a mark stands for."""
    found: list[str] = []
    for part in numbers.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and last.isdigit() and int(first) <= int(last) <= int(first) + 100:
            found += map(str, range(int(first), int(last) + 1))
        else:
            found.append(part)
    return found
