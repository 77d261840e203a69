"""LaTeX fragments, as layout models print letters, units and citation marks: `$\\kappa$`, `$6 5 \\%$`, `$^ { [ 2 7 ] }$`.

Only what reads from left to right as plain text is rewritten; fractions, sums and unknown commands stay as printed.
A fragment is rewritten as one: each character that it gives stands for the whole of it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.normalise.characters import CHINESE, HAN, WORD
from pipeline.normalise.offsets import Traced
from pipeline.tables import Row, read_table, resource

_CHINESE_FORM = {",": "，", ";": "；", ":": "："}
_EDGE_STOP = re.compile(r"^\.(?=[^A-Za-z0-9.\-/])|(?<=[)\]])\.$")
_KINDS = ("sign", "nothing", "space")
# The space that ends many a formula, `\ `, is printed without itself: `0 . 0 5 \$`. No paper's formula holds a dollar sign.
_MATH = rf"\$(?P<math>(?:\\[^${CHINESE}]|\\?、|[^$\\{CHINESE}]){{1,400}})\\?\$"
_FRAGMENT = re.compile(_MATH)
# Layout models read the hyphen of `TNF- α` twice: once as printed, once as the `\cdot` that opens the formula.
_DOUBLED = re.compile(rf"(?P<before>-[ \n]{{0,3}})?{_MATH}(?P<after>[ \n]{{0,2}}-)?")
_RAISED = re.compile(rf"(?<=[{WORD})\]])[ \u3000]+(?=\$[ {{]*[\^_])")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.S)
_NULL_DELIMITER = re.compile(r"\\(?:left|right)\s*\.")
# What prints nothing that is read: placeholders, marks over a letter, the frame of an array.
_UNPRINTED = re.compile(
    r"\\[hv]?phantom\s*\{[^{}]*\}|\\(?:stackrel|overset)\s*\{\s*(?:\\cdot|\\prime|\\circ|\\sim|\\bullet|[-.])?\s*\}\s*(?=\{\s*(?!\\_))"
    r"|(?<=\\operatorname)\s*\*|\\begin\s*\{\s*array\s*\}\s*\{[^{}]*\}|\\end\s*\{\s*array\s*\}"
)
# `37 \textcircled { C }`: the degree sign read as a ring around the letter.
_RING = re.compile(r"\\textcircled\s*\{\s*(?:\\[a-z]+\s*\{?\s*)?([A-Z])(?![A-Za-z])\s*\}?")
_POINT_BEFORE = re.compile(r"\.(?=[PpFtr]?\s?[<>=±+]|[<>=±])")
# The degrees of a freezer.
_BELOW_ZERO = re.compile(r"\A\. ?(?=(?:20|40|70|80) ?°C)")
_CIRCLED = re.compile(r"\\textcircled\s*\{\s*(?:\\[a-z]+\s*)*\{?\s*(\d{1,2})\s*\}?\s*\}")
_OPENING_DOT = re.compile(
    r"(?:[\s{_^]|\\(?:math[a-z]+|bf|boldsymbol|scriptstyle|nabla|sigma(?=[\s{}_]*\\cdot))(?![a-z])|\})*\\cdot(?![a-z])"
)
_DOT_AND_LETTER = re.compile(_OPENING_DOT.pattern + r"(?:[\s{}]|\\(?:math[a-z]+|bf)(?![a-z]))*[A-Z]")
_OPEN = re.compile(rf"[{WORD})\]\-] {{0,2}}\Z")
_COMPARED = re.compile(r"[PpFtr]?[<>=±]")
# A speck before a name, as in `$. \beta$ -catenin`; before a digit it may be a decimal point.
_SPECK = re.compile(r"\. ?(?=[A-Za-z\u0370-\u03ff])")
# A name after a unit: `\mathrm { L } ^ { - 1 } \mathrm { N a C l }`.
_AFTER_UNIT = re.compile(r"(?<=\})(?=\s*\\math[a-z]+\s*\{\s*[A-Z])(?<=- 1 \})")
_LAST_POINT = re.compile(r"(?<=[A-Za-z+\u0370-\u03ff])\.\Z")
_LETTER_AND_POINT = 2
_BEHIND = re.compile(rf"[ ]*(?:-|(?P<han>[{HAN}])|\Z)")
# What layout models read a mark that they cannot read as: a bracket that is never closed.
_STRAY = re.compile(r"\(2(?:0|4|04)号(?=[ \n]|\$|\Z)")
# The letter that fonts other than the text's turn an alpha into.
_ALPHA = re.compile(r"\s*\\(?:mathfrak|mathbf|mathtt|mathsf)\s*\{\s*a\s*\}\s*")


def _check(row: Row) -> str | None:
    if row["kind"] not in _KINDS:
        return f"kind is {row['kind']!r}; it must be one of {', '.join(_KINDS)}"
    return None if bool(row["to"]) == (row["kind"] == "sign") else "a sign needs a `to`, and nothing else has one"


@cache
def _commands() -> dict[str, str]:
    """Map each command that is understood to what it prints."""
    rows = read_table(resource("characters_latex.tsv"), ("command", "to", "kind"), key=("command",), check=_check)
    return {row["command"]: " " if row["kind"] == "space" else row["to"] for row in rows} | {r"\ ": " ", "~": " "}


@lru_cache(maxsize=1024)
def plain(math: str) -> str | None:
    r"""Return what a formula prints, or None where it is more than a row of characters.

    >>> plain(r"\mathrm { I C H } ^ { [ 2 7 ] }"), plain(r"6 5 \%"), plain(r"{ \mathrm { T } } _ { 3 }")
    ('ICH[27]', '65%', 'T3')
    >>> plain(r"\mathbf { \nabla } \cdot \mathbf { a }"), plain(r"\cdot P { < } 0 . 0 5"), plain(r"\frac { 1 } { 2 }")
    ('-α', 'P<0.05', None)
    >>> plain(r". \mathrm { T G F } \beta"), plain(r". 1 0"), plain(r"\mathrm { m L } ^ { - 1 } \mathrm { N a C l }")
    ('TGFβ', None, 'mL-1 NaCl')
    >>> plain(r"_ { . P < 0 . 0 5 }"), plain(r"\stackrel { \cdot } { \pm }"), plain(r"3 7 \mathrm { ~ \textcircled { C } }")
    ('P<0.05', '±', '37 °C')
    """
    # A command may have been broken at a line's end.
    math = math.replace("\n", "")
    if _ALPHA.fullmatch(math):
        return "α"
    math = _UNPRINTED.sub("", _NULL_DELIMITER.sub("", math))
    math = _RING.sub(lambda match: r"\circ C" if match[1] == "C" else match[1], math)
    math = _CIRCLED.sub(lambda match: chr(0x245F + int(match[1])) if 1 <= int(match[1]) <= 20 else match[0], math)
    opening = _OPENING_DOT.match(math := _AFTER_UNIT.sub("~", math))
    commands = _commands()
    parts: list[str] = []
    for token in _TOKEN.findall(math, opening.end() if opening else 0):
        if token[0] == "\\" or token == "~":
            printed = commands.get(token)
            if printed is None:
                return None
            parts.append(printed)
        elif token not in "{}^_" and not token.isspace():
            parts.append(token)
    text = re.sub(" {2,}", " ", "".join(parts)).strip(" ")
    if opening and not _COMPARED.match(text):
        text = "-" + ("α" if text == "a" else text)
    if text.endswith("·"):
        text = text[:-1] + "-"
    # A speck before a comparison, a sign or a name is read as a point.
    if text[:1] == ".":
        text = _SPECK.sub("", _BELOW_ZERO.sub("-", _POINT_BEFORE.sub("", text, count=1)), count=1)
    # A formula that begins with a point may be read as a full stop of the text before.
    return None if not text or text[0] == "." else _edges(text)


def _edges(text: str) -> str:
    """Give a formula's first and last sign its Chinese form, whatever stands beside the formula."""
    if text[:1] in _CHINESE_FORM:
        text = _CHINESE_FORM[text[0]] + text[1:]
    if text[-1:] in _CHINESE_FORM:
        text = text[:-1] + _CHINESE_FORM[text[-1]]
    return _EDGE_STOP.sub("。", text)


def unfold_latex(traced: Traced) -> Traced:
    r"""Write LaTeX fragments as plain text where they are no more than that.

    >>> unfold_latex(Traced.of(r"TNF- $\cdot \alpha$ 与 $\beta \cdot$ -catenin 及 CD4 $^ { + }$")).text
    'TNF-α 与 β-catenin 及 CD4+'
    >>> unfold_latex(Traced.of(r"对 $\cdot \mathrm { D P I }$ 的 $\mathrm { C a } ^ { 2 + } .$ 通道与 $\kappa .$ 酪蛋白")).text
    '对 DPI 的 Ca2+ 通道与 κ- 酪蛋白'
    """
    if "$" not in traced.text:
        return traced

    def replace(match: re.Match[str]) -> str:
        text = plain(match["math"])
        if text is None:
            return match[0]
        printed = match.string
        # A dot in front is the hyphen of the name that it stands behind, `TNF- \cdot α`; in front of a name it is a speck.
        if (
            text[0] == "-"
            and _DOT_AND_LETTER.match(match["math"])
            and not _OPEN.search(printed, match.start() - 3, match.start())
        ):
            text = text[1:]
        if behind := _BEHIND.match(printed, match.end()):
            # The hyphen of `κ-酪蛋白` is read as a point; before a hyphen the point is a speck.
            text = _LAST_POINT.sub("-" if behind["han"] and len(text) == _LETTER_AND_POINT else "", text)
        return text

    def drop_double(match: re.Match[str]) -> str:
        text = plain(match["math"]) or "$"
        before, after = match["before"], match["after"]
        doubles = (before and text[0] == "-") or (after and text[-1] == "-")
        return text if doubles else match[0]

    if "号" in traced.text:
        traced = traced.rewrite(_STRAY, lambda _: "", kind="bracket")
    traced = traced.rewrite(_RAISED, lambda _: "")
    return traced.rewrite(_DOUBLED, drop_double).rewrite(_FRAGMENT, replace)
