"""Line breaks that a layout model lost, or put line numbers at: settled before the lines are read.

Every rule looks at what is directly beside the break, so that a stretch cut out of a paper comes out as it does there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.normalise.characters import HAN
from pipeline.normalise.glued import heading_borders
from pipeline.normalise.offsets import Traced

_SPACE = " \u3000"
# Manuscripts with numbered lines: `控  \n21 固醇`. Markdown's hard break shows that the line was printed so; a number
# with its unit is text.
_COUNTED = r"月|年|天|周|日|例|名|只|个|型|种|次|倍|组|岁|期|小时|分钟|位|项|篇|[头窝株条段家类级号代份万亿]|[a-z]{1,3}(?![A-Za-z])"
_LINE_NUMBER = re.compile(
    rf"  \n(?:(?<=[{HAN}，、]  \n)|(?<=[a-z]{{3}}  \n))[ ]*\d{{1,3}}[ ]?(?!{_COUNTED})(?=[{HAN}]|(?<= )[a-z]{{4}})"
)
# Labels that end the line before them, wherever they are printed; 关键词 is not among them: methods name theirs.
_LABEL = re.compile(
    "|".join(rf"{bracket}摘[{_SPACE}]*要[{_SPACE}]*(?:[:：\]】]|[\[【]?(?:目的|背景))" for bracket in ("", r"\[", "【"))
    + rf"|(?:中图分类号|文献标[识志]码|收稿日期|基金项目|作者简介|通[信讯]作者)[{_SPACE}]*[:：]"
    rf"|参考文献[{_SPACE}]*[:：]?[ ]*\n"
)
_STARS = re.compile(r"(?:\\?\*)+\Z")
_NOT_BEFORE_LABEL = tuple("\n[【(（*\\")
_NO_TEXT = re.compile(r"[\s\d#*.\\]*")
# Text that runs on behind what front matter or a page's foot ended with: an address, a class number, a DOI.
_ADDRESS = re.compile(rf"@(?<=[\w.\-]@)[\w\-]+(?:\.[A-Za-z]{{2,7}}){{1,3}}[ ]?(?=[{HAN}])", re.ASCII)
_FRONT_ENDS = re.compile(
    rf"(?:(?:中图|学科|科学)分类号[ :：]*[A-Z][A-Z\d.;,/+\- ]*[\dA-Z]|文献标[识志]码[ :：]*[A-Z]?|文章编号[ :：]*[\dA-Z()\-]*"
    rf"|(?:DOI|doi)[ :：]*10\.\d{{4,9}}/[!-~]+)[ \u3000]*(?=[{HAN}\n])(?![\s\u3000]*(?:文献标|文章编|中图分|学科分|DOI|doi))"
)
# A caption in two languages, one line after the other or in one line, and an English one.
_CAPTION = re.compile(
    r"\n(?=[图表][ \u3000]*(?P<number>\d{1,2})[^\n。！？]{2,120}(?:\n[ ]*){0,2}(?:Fig|FIG|Tab|TAB)[A-Za-z]*\.? ?(?P=number)(?!\d)"
    r"|(?:Fig|FIG|Tab|TAB)[A-Za-z]*\.? ?\d{1,2}[.:]? ?[A-Z][a-z]{2})"
)


def set_apart(traced: Traced) -> Traced:
    """Drop the numbers of numbered lines, and break the line before a label or a caption,
    and behind an address or a heading.

    >>> set_apart(Traced.of("抑制血清中胆  \\n21 固醇的合成")).text
    '抑制血清中胆\\n固醇的合成'
    >>> set_apart(Traced.of("（农业大学，北京100000）摘要：骨吸收")).text.split()
    ['（农业大学，北京100000）', '摘要：骨吸收']
    >>> set_apart(Traced.of("2.1 药物对骨吸收的影响由表 4 可知")).text.split()
    ['2.1', '药物对骨吸收的影响', '由表', '4', '可知']
    """
    traced = traced.rewrite(_LINE_NUMBER, lambda _: "\n")
    return traced.break_at(sorted(set(_places(traced.text))))


def _places(text: str) -> Iterator[int]:
    for match in _LABEL.finditer(text):
        place = match.start()
        if stars := _STARS.search(text, max(0, place - 9), place):
            place = stars.start()
        line = text[text.rfind("\n", 0, place) + 1 : place].rstrip(_SPACE)
        # A line's number or the mark of a heading does not count as text before the label.
        if not _NO_TEXT.fullmatch(line) and not line.endswith(_NOT_BEFORE_LABEL):
            yield place
    yield from (place for place in heading_borders(text) if place)
    for pattern in (_ADDRESS, _FRONT_ENDS, _CAPTION):
        yield from (match.end() for match in pattern.finditer(text) if match.end())
