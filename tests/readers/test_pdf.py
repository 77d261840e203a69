"""The PDF reader, on pages that are drawn here: columns, margins, notes, tables, marks, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Source
from pipeline.normalise import normalise
from pipeline.readers import LIMITS, ReadError, read_source

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
SIZE, PITCH = 9.0, 14.0
LEFT, RIGHT, GUTTER = 50.0, 305.0, 50.0
COLUMN = 27
SENTENCES = [
    f"{first}{verb}{second}，并使{third}在第{day}天显著减少。"
    for day, (first, verb, second, third) in enumerate(
        [
            ("肿瘤坏死因子", "促进破骨细胞的分化和", "骨吸收", "小鼠股骨的骨密度"),
            ("白细胞介素", "抑制成骨细胞的增殖及", "骨形成", "血清中骨钙素的含量"),
            ("前列腺素", "经受体增强基质金属蛋白酶的", "表达", "关节软骨中蛋白多糖"),
            ("一氧化氮", "诱导软骨细胞的凋亡与", "炎症反应", "滑膜组织的血流量"),
            ("干扰素", "阻断核因子受体活化因子配体引起的", "信号转导", "破骨细胞的数目"),
        ]
        * 10,
        1,
    )
]
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def pdf(*pages: Callable[[Canvas], None], **settings: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=True, **settings)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(*pages: Callable[[Canvas], None]) -> Source:
    return read_source(pdf(*pages), "paper.pdf")


def put(canvas: Canvas, x: float, y: float, text: str, size: float = SIZE, font: str = FONT) -> None:
    """Draw a line; `y` counts from the top."""
    canvas.setFont(font, size)
    canvas.drawString(x, HEIGHT - y, text)


def wrap(text: str, count: int = COLUMN, indent: bool = True) -> list[str]:
    text = ("　　" if indent else "") + text
    return [text[at : at + count] for at in range(0, len(text), count)]


def draw(canvas: Canvas, x: float, y: float, lines: Iterable[str]) -> None:
    for index, line in enumerate(lines):
        stripped = line.lstrip("　")
        put(canvas, x + SIZE * (len(line) - len(stripped)), y + index * PITCH, stripped)


def columns(text: str, y: float = 100.0, *, alternate: bool = False, indent: bool = True) -> Callable[[Canvas], None]:
    """Draw a text in two columns, column by column or line by line in turn."""
    lines = wrap(text, indent=indent)
    half = -(-len(lines) // 2)
    first, second = lines[:half], lines[half:]

    def page(canvas: Canvas) -> None:
        if not alternate:
            draw(canvas, LEFT, y, first)
            draw(canvas, RIGHT, y, second)
            return
        for index, pair in enumerate(zip_longest(first, second, fillvalue="")):
            for x, line in zip((LEFT, RIGHT), pair, strict=True):
                draw(canvas, x, y + index * PITCH, [line] if line else [])

    return page


def paragraphs(source: Source) -> list[str]:
    return source.text.strip().split("\n\n")


@pytest.mark.parametrize("alternate", [False, True])
def test_two_columns_in_whatever_order_they_are_drawn(alternate: bool) -> None:
    text = "".join(SENTENCES[:20])
    assert paragraphs(read(columns(text, alternate=alternate))) == [text]


def test_a_full_width_line_parts_the_page_into_bands() -> None:
    upper, lower = "".join(SENTENCES[:8]), "".join(SENTENCES[8:16])
    abstract = "".join(SENTENCES[16:20])

    def page(canvas: Canvas) -> None:
        put(canvas, 150, 60, "炎症与骨代谢关系的研究进展", 18)
        draw(canvas, LEFT, 90, wrap(abstract, 55))
        columns(upper, 200)(canvas)
        put(canvas, LEFT, 400, "图1 破骨细胞分化的信号通路以及各种细胞因子在骨髓微环境之中对它的影响与调节作用示意", 8)
        columns(lower, 430)(canvas)

    source = read(page)
    assert source.title == "炎症与骨代谢关系的研究进展"
    drawn = paragraphs(source)
    assert drawn[:3] == ["# 炎症与骨代谢关系的研究进展", abstract, upper]
    assert drawn[4] == lower
    assert drawn[3].startswith("图1 ")


def test_a_paragraph_goes_on_over_pages_without_heads_feet_and_numbers() -> None:
    text = "".join(SENTENCES)
    lines = wrap(text, 55)

    def page(number: int) -> Callable[[Canvas], None]:
        def on(canvas: Canvas) -> None:
            head = "中国骨与关节杂志 第26卷 第3期" if number % 2 else "编写组：炎症与骨代谢的关系"
            put(canvas, 200, 40, head, 8)
            put(canvas, 540 if number % 2 else 50, 40, str(number + 344), 8)
            draw(canvas, LEFT, 80, lines[number * 7 : number * 7 + 7])
            put(canvas, 280, 810, f"· {number + 344} ·", 8)

        return on

    assert paragraphs(read(*map(page, range(-(-len(lines) // 7))))) == [text]


def test_a_paper_of_two_pages_loses_its_page_numbers_only() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def on(canvas: Canvas) -> None:
            put(canvas, 200, 40, "中国骨与关节杂志", 8)
            draw(canvas, LEFT, 80, wrap("".join(SENTENCES[number * 4 : number * 4 + 4]), 55))
            put(canvas, 290, 810, str(number), 8)

        return on

    text = read(page(1), page(2)).text
    assert text.count("中国骨与关节杂志") == 2
    assert "\n1\n" not in text
    assert "\n2\n" not in text


def test_footnotes_stand_at_the_end() -> None:
    text = "".join(SENTENCES[:20])

    def page(canvas: Canvas) -> None:
        columns(text, 500)(canvas)
        canvas.line(LEFT, HEIGHT - 720, LEFT + 100, HEIGHT - 720)
        put(canvas, LEFT, 735, "基金项目：国家自然科学基金（81000000）", 7)
        put(canvas, LEFT, 747, "作者单位：某大学医学院", 7)

    drawn = paragraphs(read(page))
    assert drawn[0] == text
    assert "".join(drawn[1:]).startswith("基金项目")


@pytest.mark.parametrize("has_rules", [True, False])
def test_tables_are_no_running_text(has_rules: bool) -> None:
    before, after = "".join(SENTENCES[:4]), "".join(SENTENCES[4:8])

    def page(canvas: Canvas) -> None:
        draw(canvas, LEFT, 80, wrap(before, 55))
        put(canvas, 220, 200, "表1 各组小鼠的骨密度", 8)
        for y in (208, 224, 256) if has_rules else ():
            canvas.line(LEFT, HEIGHT - y, 540, HEIGHT - y)
        for y, row in (
            (220, ("组别", "例数", "骨密度")),
            (238, ("对照组", "10", "0.21")),
            (252, ("模型组", "10", "0.13")),
        ):
            for x, cell in zip((60, 250, 440), row, strict=True):
                put(canvas, x, y, cell, 8)
        draw(canvas, LEFT, 290, wrap(after, 55))

    drawn = paragraphs(read(page))
    assert drawn == [
        before,
        "表1 各组小鼠的骨密度",
        "| 组别 | 例数 | 骨密度 |\n| 对照组 | 10 | 0.21 |\n| 模型组 | 10 | 0.13 |",
        after,
    ]


def runs(canvas: Canvas, x: float, y: float, parts: Sequence[tuple[str, float]]) -> None:
    """Draw parts of a line, each raised by a part of the type size; what is raised or lowered is small."""
    for text, rise in parts:
        size = SIZE * 0.6 if rise else SIZE
        put(canvas, x, y - rise * SIZE, text, size)
        x += pdfmetrics.stringWidth(text, FONT, size)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([("破骨细胞促进骨吸收", 0), ("3", 0.35), ("，骨丢失。", 0)], "破骨细胞促进骨吸收[3]，骨丢失。"),
        ([("破骨细胞促进骨吸收", 0), ("3,5-7", 0.35), ("，骨丢失。", 0)], "破骨细胞促进骨吸收[3,5-7]，骨丢失。"),
        ([("破骨细胞促进骨吸收", 0), ("[3]", 0.35), ("，骨丢失。", 0)], "破骨细胞促进骨吸收[3]，骨丢失。"),
        ([("Chen等", 0), ("12", 0.35), ("发现骨吸收增加。", 0)], "Chen等[12]发现骨吸收增加。"),
        ([("破骨细胞表达RANKL", 0), ("10", 0.35), ("，骨丢失。", 0)], "破骨细胞表达RANKL[10]，骨丢失。"),
        ([("面积为5 cm", 0), ("2", 0.35), ("，共10", 0), ("6", 0.35), ("个细胞。", 0)], "面积为5 cm2，共106个细胞。"),
        (
            [("CD4", 0), ("+", 0.35), ("细胞产生H", 0), ("2", -0.15), ("O", 0), ("2", -0.15), ("，骨丢失。", 0)],
            "CD4+细胞产生H2O2，骨丢失。",
        ),
    ],
)
def test_raised_and_lowered_type(parts: list[tuple[str, float]], text: str) -> None:
    assert paragraphs(read(lambda canvas: runs(canvas, LEFT, 100, parts))) == [text]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["前列腺素在慢性关节炎的发生发展中加重了inflam-", "mation，"], "inflammation"),
        (["前列腺素在慢性关节炎的发生发展过程中提高了IL-", "6的表达，"], "IL-6的"),
        (["前列腺素在慢性关节炎的发生发展过程中减少了nitric", "oxide的产生，"], "nitric oxide的"),
        (["前列腺素在慢性关节炎的发生发展之中具有anti-", "inflammatory作用，"], "anti-inflammatory"),
    ],
)
def test_words_over_the_end_of_a_line(lines: list[str], text: str) -> None:
    body = wrap(SENTENCES[0] + SENTENCES[1], indent=False)
    assert text in read(lambda canvas: draw(canvas, LEFT, 100, [*lines, *body])).text


def test_headings_and_references() -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 150, 60, "炎症与骨代谢关系的研究进展", 18)
        put(canvas, LEFT, 100, "1 炎性介质", 12)
        put(canvas, LEFT, 120, "1.1 白细胞介素", 10)
        draw(canvas, LEFT, 140, wrap(SENTENCES[0] + SENTENCES[1], 55))
        put(canvas, LEFT, 200, "参考文献", 12)
        put(
            canvas,
            LEFT,
            220,
            "[1] 编写组，某某，某某. 炎症与骨代谢的关系以及抗炎治疗对骨密度的影响研究. 示例杂志，2020，1（1）：1-",
            8,
        )
        put(canvas, LEFT + 16, 232, "9.", 8)
        put(canvas, LEFT, 244, "[2] 编写组. 示例文献二. 示例杂志，2021，2（1）：10-19.", 8)

    source = read(page)
    drawn = paragraphs(source)
    assert drawn[1:3] == ["## 1 炎性介质", "### 1.1 白细胞介素"]
    assert drawn[3] == SENTENCES[0] + SENTENCES[1]
    assert drawn[4] == "## 参考文献"
    assert set(source.references) == {"1", "2"}
    assert source.references["1"].endswith("1-9.")


def test_every_line_has_its_place() -> None:
    text = "".join(SENTENCES[:20])
    source = read(columns(text))
    assert "".join(source.text[place.start : place.end] for place in source.places) == text
    first = source.places[0]
    assert (first.page, source.text[first.start : first.end]) == (1, wrap(text)[0].lstrip("　"))
    left, top, right, bottom = first.box
    assert left == pytest.approx(LEFT + 2 * SIZE, abs=1)
    assert right == pytest.approx(LEFT + COLUMN * SIZE, abs=2)
    assert top < 100 < bottom


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_pages(angle: int) -> None:
    text = "".join(SENTENCES[:20])

    def page(canvas: Canvas) -> None:
        if angle % 180:
            # The sides of the sheet are swapped with a quarter turn.
            canvas.setPageSize((HEIGHT, WIDTH))
        canvas.setPageRotation(angle)
        columns(text)(canvas)

    assert paragraphs(read(page)) == [text]


def test_whole_sentences_after_normalising() -> None:
    text = "".join(SENTENCES)
    found = normalise(read(columns(text[: len(text) // 2]), columns(text[len(text) // 2 :], indent=False)).text).text
    assert [sentence for sentence in SENTENCES if normalise(sentence).text not in found] == []


def test_document_information() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setTitle("炎症与骨代谢")
        canvas.setAuthor("张三; 李四")
        draw(canvas, LEFT, 100, wrap(SENTENCES[0], 55))
        put(canvas, LEFT, 300, "DOI: 10.1234/abc.2020.01")

    source = read(page)
    assert source.title == "炎症与骨代谢"
    assert source.metadata == {"authors": ["张三", "李四"], "doi": "10.1234/abc.2020.01"}


def test_what_stands_askew_or_twice() -> None:
    def page(canvas: Canvas) -> None:
        draw(canvas, LEFT, 80, wrap(SENTENCES[0] + SENTENCES[1], 55))
        canvas.saveState()
        canvas.rotate(45)
        put(canvas, 300, 800, "样刊", 40)
        canvas.restoreState()
        for shift in (0.0, 0.3, 0.6):
            put(canvas, LEFT + shift, 200, "2 讨论与结论", 11)

    assert paragraphs(read(page)) == [SENTENCES[0] + SENTENCES[1], "## 2 讨论与结论"]


def test_labels_in_a_figure_do_not_part_a_paragraph() -> None:
    lines = wrap("".join(SENTENCES[:6]), 55)

    def page(canvas: Canvas) -> None:
        put(canvas, LEFT, 60, "1 炎性介质", 12)
        draw(canvas, LEFT, 80, lines[:2])
        put(canvas, 200, 130, "RANKL", 7)
        put(canvas, 250, 150, "破骨细胞", 7)
        put(canvas, 220, 180, "图1 破骨细胞的分化", 8)
        draw(canvas, LEFT, 220, lines[2:])

    text = "".join(SENTENCES[:6])
    assert paragraphs(read(page)) == ["## 1 炎性介质", text, "图 RANKL 破骨细胞", "图1 破骨细胞的分化"]


PAPER = columns(SENTENCES[0])
REFUSED = [
    (b"%PDF-1.7\n", "cut short"),
    (pdf(PAPER)[:600], "cut short"),
    (b"%PDF-1.7\nnothing of the kind\n%%EOF\n", "damaged"),
    (pdf(PAPER, encrypt=StandardEncryption("secret", canPrint=0)), "password"),
    (pdf(lambda canvas: canvas.rect(100, 100, 200, 200, fill=1)), "ocrmypdf"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_source(data, "paper.pdf")


def test_too_many_pages() -> None:
    with pytest.raises(ReadError, match="limit `pages`"):
        read_source(pdf(PAPER, PAPER, PAPER), "paper.pdf", LIMITS._replace(pages=2))


def test_a_pdf_is_known_by_content(tmp_path: Path) -> None:
    assert read_source(pdf(PAPER), "paper").format == "pdf"
