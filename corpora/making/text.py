"""The paper as plain text, as damaged text, and as the Markdown of a layout model."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from making.paper import Block, Paper

_STATISTIC = re.compile(r"95%CI (?P<low>[\d.]+)～(?P<high>[\d.]+)|(?P<name>HR|P)(?P<sign>[=<])(?P<value>[\d.]+)")
_CITATION = re.compile(r"\[([\d,]+)\]")
_GREEK = {"α": r"\alpha", "β": r"\beta"}
_SIGNS = {"=": "=", "<": "<"}


def plain(paper: Paper) -> str:
    """Write the paper as an author saves it: one line a paragraph, an empty line between."""
    return "\n\n".join([*_front(paper), *_body(paper), "参考文献", "\n".join(_references(paper))]) + "\n"


def _front(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield "，".join(paper.authors)
    yield "\n".join(affiliation["text"] for affiliation in paper.extra["affiliations"])
    yield f"摘要：{paper.abstract}"
    yield f"关键词：{'；'.join(paper.keywords)}"


def _body(paper: Paper) -> Iterator[str]:
    for block in paper.body:
        yield block.text
        if block.kind == "table":
            yield "\n".join("\t".join(row) for row in paper.rows)


def _references(paper: Paper) -> list[str]:
    return [f"[{number}] {text}" for number, text in paper.references.items()]


def damaged(paper: Paper, seed: int) -> str:
    """Spoil the plain text as PDF extraction spoils journals; nothing is lost but where lines and spaces were."""
    rng = random.Random(seed)
    text = re.sub(r"(?<=\w)-(?=\w)", "\u2043", plain(paper))
    text = re.sub(r"(?<=\d)\.(?=\d)", "\U001001b0 ", text)
    text = re.sub(r"[A-Za-z0-9()\[\]/%<>+=]", lambda match: chr(ord(match[0]) + 0xFEE0), text)
    text = re.sub(r"[，。；]", lambda match: match[0] + " " * (rng.random() < 0.5), text)
    lines = [part for line in text.split("\n") for part in _wrapped(line, rng)]
    return "\n".join(_justified(line, rng) if rng.random() < 0.1 else line for line in lines)


def _wrapped(line: str, rng: random.Random) -> Iterator[str]:
    """Break a line hard every 32 to 38 characters, within words too; a quarter of the breaks leave an empty line."""
    while len(line) > 40:
        cut = 32 + int(rng.random() * 7)
        yield line[:cut]
        if rng.random() < 0.25:
            yield ""
        line = line[cut:]
    yield line


def _justified(line: str, rng: random.Random) -> str:
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", lambda _: " " * (rng.random() < 0.6), line)


def markdown(paper: Paper) -> str:
    """Write the paper as a layout model writes a scanned one: every heading of one level, LaTeX for what is not plain."""
    parts = [f"# {paper.title}", " ".join(paper.authors)]
    parts += [affiliation["text"] for affiliation in paper.extra["affiliations"]]
    parts += [_latex(f"摘要：{paper.abstract}"), f"关键词：{'；'.join(paper.keywords)}"]
    for block in paper.body:
        parts += _markdown(block, paper)
    return "\n\n".join([*parts, "# 参考文献", *_references(paper)]) + "\n"


def _markdown(block: Block, paper: Paper) -> list[str]:
    if block.kind == "heading":
        return [f"# {block.text}"]
    if block.kind == "table":
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in paper.rows)
        return [block.text, f"<table>{rows}</table>"]
    if block.kind == "figure":
        return [f"![](images/{'0123456789abcdef' * 4}.jpg)  \n{block.text}"]
    return [_latex(block.text)]


def _latex(text: str) -> str:
    r"""Put statistics, Greek letters and citation marks into formulas.

    >>> _latex("IL-1β升高[4]（HR=0.74，95%CI 0.65～0.85）")
    'IL-1 $\\beta$ 升高 $^ { [ 4 ] }$ （ $\\mathrm { H R } = 0 . 7 4$ ， $9 5 \\% \\mathrm { C I }$ 0.65～0.85）'
    """
    text = _STATISTIC.sub(_statistic, text)
    text = _CITATION.sub(lambda match: f" $^ {{ [ {' '.join(match[1])} ] }}$ ", text)
    text = re.sub(r"([αβ])(\d?)", lambda match: f" ${f'{_GREEK[match[1]]} {match[2]}'.rstrip()}$ ", text)
    return re.sub(r" +(?=[。])", "", text)


def _statistic(match: re.Match[str]) -> str:
    if match["low"]:
        return rf" $9 5 \% \mathrm {{ C I }}$ {match['low']}～{match['high']}"
    name = rf"\mathrm {{ {' '.join(match['name'])} }}"
    return rf" ${name} {_SIGNS[match['sign']]} {' '.join(match['value'])}$ "
