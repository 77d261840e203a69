"""The DOCX reader, over documents that the tests make: by python-docx, and by hand where it cannot write something."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document

from pipeline.model import Source
from pipeline.readers import LIMITS, Limits, ReadError, read_source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for path, part in parts.items():
            archive.writestr(path, part)
    return stream.getvalue()


def relationships(**targets: str) -> str:
    inside = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{path}"/>' for kind, path in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def part(name: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {NAMESPACES}>{inside}</w:{name}>'


def by_hand(body: str, **parts: str) -> bytes:
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(officeDocument="word/document.xml"),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relationships(**{name: f"{name}.xml" for name in parts}),
    }
    return packed(files | {f"word/{name}.xml": part(name, inside) for name, inside in parts.items()})


def p(inside: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def sup(text: str) -> str:
    return r(text, '<w:vertAlign w:val="superscript"/>')


def field(code: str, result: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{separate}{result}{end}"


def source(body: str, **parts: str) -> Source:
    return read_source(by_hand(body, **parts), "a.docx")


def text(body: str, **parts: str) -> str:
    return source(body, **parts).text


def saved(make: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    make(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_document_as_a_word_processor_writes_it() -> None:
    def make(document: Document) -> None:
        document.core_properties.title = "未命名"
        document.core_properties.author = "张三; 李四"
        document.core_properties.keywords = "骨吸收，炎症"
        document.core_properties.created = datetime(2021, 3, 1, tzinfo=UTC)
        document.add_heading("炎症与骨", 0)
        document.add_heading("引言", 1)
        document.add_paragraph("炎症促进骨吸收。")
        table = document.add_table(2, 2)
        for cell, word in zip(table._cells, ("因子", "作用", "TNF-α", "促进"), strict=True):
            cell.text = word
        document.add_paragraph("因子", style="Caption")
        document.add_heading("机制", 2)
        document.add_paragraph("抑制骨形成。", style="List Number")
        document.sections[0].header.paragraphs[0].text = "页眉"

    found = read_source(saved(make), "a.docx")
    assert found.text == (
        "# 炎症与骨\n\n# 引言\n\n炎症促进骨吸收。\n\n| 因子 | 作用 |\n| TNF-α | 促进 |\n\n图 因子\n\n## 机制\n\n抑制骨形成。\n"
    )
    assert (found.format, found.encoding, found.title) == ("docx", "utf-8", "炎症与骨")
    assert found.metadata == {"authors": ["张三", "李四"], "keywords": ["骨吸收", "炎症"], "year": 2021}


def test_headings_by_style_name_base_and_outline_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="标题 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="章"/><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="y"><w:name w:val="节"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="z"><w:name w:val="二级标题"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="circle"><w:basedOn w:val="circle"/></w:style>'
    )
    rows = [("1", "甲"), ("x", "乙"), ("y", "丙"), ("z", "丁"), ("circle", "戊"), ("unknown", "己"), ("Heading3", "庚")]
    body = "".join(p(r(word), f'<w:pStyle w:val="{style}"/>') for style, word in rows)
    body += p(r("辛"), '<w:outlineLvl w:val="0"/>') + p(r("壬"), '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
    body += p(r("这是一句话。只是看起来像标题。"), '<w:pStyle w:val="1"/>')
    assert text(body, styles=styles).split("\n\n") == [
        "# 甲", "# 乙", "## 丙", "## 丁", "戊", "己", "### 庚", "# 辛", "壬", "这是一句话。只是看起来像标题。\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (r("骨吸收") + sup("3") + r("。"), "骨吸收[3]。"),
        (r("骨吸收") + sup("3") + sup(",5") + sup("-7") + r("。"), "骨吸收[3,5-7]。"),
        (r("骨吸收") + sup("[3]") + r("。"), "骨吸收[3]。"),
        (r("骨吸收[") + sup("3") + r("]。"), "骨吸收[3]。"),
        (r("TNF-α") + sup("12") + r("促进"), "TNF-α[12]促进"),
        (r("CD4") + sup("+") + r("T细胞"), "CD4+T细胞"),
        (r("H") + r("2", '<w:vertAlign w:val="subscript"/>') + r("O"), "H2O"),
        (r("Ca") + sup("2+"), "Ca2+"),
        (r("5×10") + sup("6") + r("个/cm") + sup("2"), "5×106个/cm2"),
        (r("采用") + sup("125") + r("I标记"), "采用125I标记"),
        (r("骨") + r("3", '<w:rStyle w:val="up"/>') + r("。"), "骨[3]。"),
        (sup("1") + r("某大学"), "1某大学"),
    ],
)
def test_superscripts(inside: str, expected: str) -> None:
    up = '<w:style w:type="character" w:styleId="up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    assert text(p(inside), styles=up) == f"{expected}\n"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (r("甲") + f"<w:ins>{r('乙')}</w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del>", "甲乙"),
        (f"<w:moveFrom>{r('乙')}</w:moveFrom>{r('甲')}<w:moveTo>{r('乙')}</w:moveTo>", "甲乙"),
        (f"<w:hyperlink>{r('甲')}</w:hyperlink><w:smartTag>{r('乙')}</w:smartTag>", "甲乙"),
        (r("甲") + field(" ADDIN EN.CITE ", sup("[1]")) + r("乙"), "甲[1]乙"),
        (r("甲") + field(" IF ", field(" REF ", r("丙"))) + r("乙"), "甲丙乙"),
        (f'<w:fldSimple w:instr=" PAGE ">{r("7")}</w:fldSimple>', "7"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("码") + "</w:p><w:p>" + r("文"), "文"),
        ("<w:r><w:t>TNF</w:t><w:noBreakHyphen/><w:t>osteo</w:t><w:softHyphen/><w:t>clast</w:t></w:r>", "TNF-osteoclast"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a b c"),
        ('<w:r><w:t>TNF-</w:t><w:sym w:font="Symbol" w:char="F061"/></w:r>', "TNF-α"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0E0"/><w:sym w:font="Mine" w:char="F0E0"/></w:r>', "→\uf0e0"),
        ('<w:r><w:t>甲</w:t><w:sym w:font="Symbol" w:char="D800"/><w:sym w:char="x"/></w:r>', "甲"),
        (r("NF-") + r("\uf06bk", '<w:rFonts w:ascii="Symbol"/>') + r("B"), "NF-κκB"),
        (r("甲") + r("密", "<w:vanish/>") + r("乙", '<w:vanish w:val="0"/>'), "甲乙"),
        (r("甲") + r("密", '<w:rStyle w:val="hidden"/>'), "甲"),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + r("点此输入") + "</w:sdtContent></w:sdt>"
            "<w:sdt><w:sdtContent>" + r("甲") + "</w:sdtContent></w:sdt>",
            "甲",
        ),
        ("<w:r><w:ruby><w:rt>" + r("gǔ") + "</w:rt><w:rubyBase>" + r("骨") + "</w:rubyBase></w:ruby></w:r>", "骨"),
        ("<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>", "a/b"),
        ("<!-- note -->" + r("甲"), "甲"),
    ],
)  # fmt: skip
def test_runs(inside: str, expected: str) -> None:
    hidden = '<w:style w:type="character" w:styleId="hidden"><w:rPr><w:vanish/></w:rPr></w:style>'
    assert text(p(inside), styles=hidden) == f"{expected}\n"


def test_a_deleted_end_of_paragraph_joins_and_deleted_rows_are_out() -> None:
    def cell(inside: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"

    body = p(r("炎症促进"), "<w:rPr><w:del/></w:rPr>") + p(r("骨吸收。"))
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(p(r('删')))}</w:tr>"
    first = cell(p(r("甲|")), '<w:gridSpan w:val="2"/>') + cell(p(r("乙")) + p(r("丙")))
    second = cell(p(r("丁")), "<w:vMerge/>") + cell(p("")) + cell(p(r("戊")))
    body += f"<w:tbl>{deleted}<w:tr>{first}</w:tr><w:ins><w:tr>{second}</w:tr></w:ins></w:tbl>"
    assert text(body) == "炎症促进骨吸收。\n\n| 甲¦ |  | 乙 丙 |\n|  |  | 戊 |\n"


def test_content_controls_frames_and_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p(r('框'))}</w:txbxContent>"
    body = p(
        r("前")
        + "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        + box
        + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox>"
        + box
        + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        + r("后")
    )
    body += f"<w:sdt><w:sdtContent>{p(r('控件'))}</w:sdtContent></w:sdt>"
    body += f"<w:tbl><w:tr><w:tc>{p(r('单格'))}{p(r('两段'))}</w:tc></w:tr></w:tbl><w:sectPr/>"
    assert text(body) == "前后\n\n框\n\n控件\n\n单格\n\n两段\n"


def test_captions_and_the_table_of_contents() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in {"c": "caption", "t": "toc 1", "d": "题注"}.items()
    )
    body = p(r("1 引言\t1"), '<w:pStyle w:val="t"/>') + p(
        r("图") + field(" SEQ ", r("1")) + r(" 通路"), '<w:pStyle w:val="c"/>'
    )
    body += (
        p(r("因子"), '<w:pStyle w:val="d"/>')
        + f"<w:tbl><w:tr><w:tc>{p(r('a'))}</w:tc><w:tc>{p(r('b'))}</w:tc></w:tr></w:tbl>"
    )
    assert text(body, styles=styles) == "图1 通路\n\n表 因子\n\n| a | b |\n"


def note(kind: str, number: int, words: str) -> str:
    return f'<w:{kind} w:id="{number}">{p(f"<w:r><w:{kind}Ref/></w:r>" + r(words))}</w:{kind}>'


def mark(kind: str, number: int) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_come_at_the_end_and_their_marks_are_nothing() -> None:
    body = p(r("骨吸收") + mark("endnote", 2) + r("增加") + mark("footnote", 1) + r("。"))
    footnotes = f'<w:footnote w:type="separator" w:id="0">{p(r("线"))}</w:footnote>' + note("footnote", 1, "脚。")
    endnotes = note("endnote", 2, "尾。") + note("endnote", 3, "无人引用。")
    assert text(body, footnotes=footnotes, endnotes=endnotes) == "骨吸收增加。\n\n# 脚注\n\n脚。\n\n尾。\n"


def test_notes_in_brackets_are_citations() -> None:
    body = p(
        r("骨吸收[")
        + mark("endnote", 7)
        + r("]增加")
        + sup("[")
        + mark("endnote", 5)
        + sup(",")
        + mark("endnote", 7)
        + sup("]")
    )
    found = source(body, endnotes=note("endnote", 5, "乙文") + note("endnote", 7, "甲文"))
    assert found.text == "骨吸收[1]增加[2,1]\n\n# 参考文献\n\n[1] 甲文\n\n[2] 乙文\n"
    assert found.references == {"1": "甲文", "2": "乙文"}


def test_the_reference_list_has_its_labels() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = p(r("第一条"), numbered) + p(r("参考文献：")) + p(r("[1] 王某. 骨吸收[J]. 2020."))
    body += p(r("李某. 炎症[J]. 2021."), numbered) + p(r("3. 赵某. 细胞."))
    found = source(body)
    assert found.references == {"1": "王某. 骨吸收[J]. 2020.", "2": "李某. 炎症[J]. 2021.", "3": "赵某. 细胞."}
    assert found.text.startswith("第一条\n\n# 参考文献：\n\n[1] 王某. 骨吸收[J]. 2020.\n\n[2] 李某")


def test_macro_files_the_strict_variant_and_other_part_names() -> None:
    strict = part("document", f"<w:body>{p(r('骨吸收'))}</w:body>").replace(
        W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document2.xml": strict,
        "word/vbaProject.bin": b"\0",
    }
    data = packed(files | {"_rels/.rels": relationships(officeDocument="/word/document2.xml")})
    assert read_source(data, "a.docm").text == "骨吸收\n"


BOMB = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
GOOD = by_hand(p(r("骨吸收")))


def with_document(document: str | bytes) -> bytes:
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


@pytest.mark.parametrize(
    ("data", "limits", "message"),
    [
        (GOOD[:300], LIMITS, "cut short or damaged"),
        (with_document(part("document", "")), LIMITS, "holds no Word document"),
        (by_hand(p("")), LIMITS, "holds no text"),
        (with_document(b"<w:document"), LIMITS, r"word/document\.xml cannot be parsed"),
        (with_document(BOMB + part("document", "")[38:]), LIMITS, "declares a document type"),
        (with_document((BOMB + part("document", "")[38:]).encode("utf-16")), LIMITS, "declares a document type"),
        (by_hand("<w:p>" * 300 + "</w:p>" * 300), LIMITS, "cannot be parsed .*depth|nest more than"),
        (by_hand("<w:p>" * 100 + "</w:p>" * 100), Limits(depth=50), "nest more than 50 deep"),
        (by_hand(p(r("骨" * 100_000))), Limits(expanded=100_000), "expands to more than the limit of 100,000 bytes"),
        (GOOD, Limits(members=2), "4 members are more than the limit of 2"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), LIMITS, "encrypted; open it with its password"),
        (packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}), LIMITS, "not read as a paper"),
    ],
)  # fmt: skip
def test_refused(data: bytes, limits: Limits, message: str) -> None:
    with pytest.raises(ReadError, match=rf"a\.docx: .*{message}"):
        read_source(data, "a.docx", limits)


def test_sizes_that_lie_and_damaged_members_are_refused() -> None:
    big = by_hand(p(r("骨" * 100_000)))
    with zipfile.ZipFile(io.BytesIO(big)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lying = big.replace(size.to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(ReadError, match=r"cut short or damaged|cannot be parsed"):
        read_source(lying, "a.docx", Limits(expanded=100_000))
    spoiled = packed(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": part("document", p(r("骨吸收")))}, zipfile.ZIP_STORED
    )
    with pytest.raises(ReadError, match=r"word/document\.xml is cut short or damaged"):
        read_source(spoiled.replace("骨吸收".encode(), "骨吸牧".encode()), "a.docx")


def test_an_encrypted_member_is_named() -> None:
    data = bytearray(packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "x"}, zipfile.ZIP_STORED))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 8] |= 1
    with pytest.raises(ReadError, match="encrypted; save it without a password"):
        read_source(bytes(data), "a.docx")


@pytest.mark.parametrize("at", range(8))
def test_whatever_is_spoiled_gives_a_read_error_or_a_text(at: int) -> None:
    """One byte in eight of the directory of a package is spoiled, beginning with another byte each time."""
    for place in range(GOOD.index(b"PK\x01\x02") + at, len(GOOD), 8):
        spoiled = bytearray(GOOD)
        spoiled[place] ^= 0x55
        with suppress(ReadError):
            assert read_source(bytes(spoiled), "a.docx").text
