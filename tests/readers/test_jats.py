"""The JATS reader: what of an article comes out, as which text, and what is refused."""

from __future__ import annotations

import tracemalloc

import pytest

from pipeline.model import Source
from pipeline.readers import LIMITS, ReadError, read_source

FRONT = """<front><journal-meta><journal-title-group><journal-title>Journal of Bones</journal-title>
<trans-title-group xml:lang="zh"><trans-title>骨骼杂志</trans-title></trans-title-group></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1000/gg.2021.01</article-id><article-id pub-id-type="pmid">1234</article-id>
<article-id pub-id-type="pmc">5678</article-id>
<title-group><article-title>白细胞介素-6与骨吸收<xref ref-type="fn" rid="f1"><sup>*</sup></xref></article-title>
<trans-title-group xml:lang="en"><trans-title>Interleukin-6 and bone</trans-title></trans-title-group></title-group>
<contrib-group><contrib contrib-type="author"><name-alternatives>
<name name-style="western" xml:lang="en"><surname>ZHANG</surname><given-names>San</given-names></name>
<name name-style="eastern" xml:lang="zh"><surname>张</surname><given-names>三</given-names></name></name-alternatives>
<xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="author"><name><surname>Miller</surname><given-names>Ann</given-names></name></contrib>
<contrib contrib-type="editor"><name><surname>李</surname><given-names>四</given-names></name></contrib></contrib-group>
<pub-date pub-type="ppub"><month>3</month><year>2021</year></pub-date>
<volume>12</volume><issue>3</issue><fpage>100</fpage><lpage>105</lpage>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>开放获取</license-p></license></permissions>
<abstract xml:lang="zh"><sec><title>目的</title><p>探讨IL-6对骨吸收的影响。</p></sec>
<sec><title>结果</title><p>IL-6促进骨吸收。</p></sec></abstract>
<trans-abstract xml:lang="en"><p>IL-6 drives bone loss.</p></trans-abstract>
<kwd-group xml:lang="en"><kwd>bone</kwd></kwd-group><kwd-group xml:lang="zh"><kwd>骨吸收</kwd><kwd>白细胞介素-6</kwd></kwd-group>
</article-meta></front>"""
BACK = """<back><ack><p>感谢同事。</p></ack><fn-group><fn id="n1"><label>①</label><p>已校正。</p></fn></fn-group><ref-list>
<title>References</title>
<ref id="b1"><label>1</label><mixed-citation><name><surname>Li</surname><given-names>M</given-names></name>. Bone loss. \
<source>Bone</source>, <year>2010</year>, 3: 1&ndash;5.</mixed-citation></ref>
<ref id="b2"><label>[2]</label><element-citation><person-group><name><surname>王</surname><given-names>五</given-names></name>
<name><surname>Xu</surname><given-names>L</given-names></name><etal/></person-group>
<article-title>骨细胞</article-title><source>骨骼杂志</source><year>2011</year><volume>4</volume><issue>2</issue>
<fpage>7</fpage><lpage>9</lpage><pub-id pub-id-type="doi">10.1/x</pub-id></element-citation></ref>
<ref id="b3"><label>3.</label><citation-alternatives><mixed-citation xml:lang="zh">赵六. 钙. 2012.</mixed-citation>
<mixed-citation xml:lang="en">Zhao L. Calcium. 2012.</mixed-citation></citation-alternatives></ref></ref-list></back>"""


def xml(body: str, front: str = FRONT, back: str = BACK) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS-1.dtd">\n'
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" '
        f'xml:lang="zh">{front}<body>{body}</body>{back}</article>'
    )


def read(text: str | bytes, name: str = "a.xml") -> Source:
    return read_source(text.encode() if isinstance(text, str) else text, name)


def blocks(body: str) -> list[str]:
    return read(xml(body, front="", back=BACK)).text.split("\n\n# 致谢")[0].strip().split("\n\n")


def paragraph(inline: str) -> str:
    return blocks(f"<p>{inline}</p>")[0]


def test_a_whole_article() -> None:
    source = read(
        xml("<sec><label>1</label><title>引言</title><p>骨吸收<xref ref-type='bibr' rid='b2'>2</xref>。</p></sec>")
    )
    assert source.text.split("\n\n") == [
        "# 白细胞介素-6与骨吸收",
        "Interleukin-6 and bone",
        "# 摘要",
        "目的：探讨IL-6对骨吸收的影响。",
        "结果：IL-6促进骨吸收。",
        "# Abstract",
        "IL-6 drives bone loss.",
        "# 1 引言",
        "骨吸收[2]。",
        "# 致谢",
        "感谢同事。",
        "# 脚注",
        "① 已校正。",
        "# 参考文献",
        "[1] Li M. Bone loss. Bone, 2010, 3: 1–5.",
        "[2] 王五, Xu L, et al. 骨细胞. 骨骼杂志. 2011, 4(2): 7-9. doi: 10.1/x.",
        "[3] 赵六. 钙. 2012.\n",
    ]
    assert source.title == "白细胞介素-6与骨吸收"
    assert source.references["3"] == "赵六. 钙. 2012."
    assert (source.format, source.encoding) == ("jats", "utf-8")
    assert source.metadata == {
        "doi": "10.1000/gg.2021.01",
        "pmid": "1234",
        "pmcid": "PMC5678",
        "journal": "骨骼杂志",
        "year": 2021,
        "volume": "12",
        "issue": "3",
        "pages": "100-105",
        "authors": ["张三", "Ann Miller"],
        "keywords": ["骨吸收", "白细胞介素-6"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "translated_title": "Interleukin-6 and bone",
    }


def bibr(text: str, rid: str = "") -> str:
    return f'<xref ref-type="bibr" rid="{rid or "b" + text}">{text}</xref>'


@pytest.mark.parametrize(
    ("inline", "drawn"),
    [
        ("CD4<sup>+</sup>T<italic>细胞</italic>的<named-content>IL</named-content>-6", "CD4+T细胞的IL-6"),
        ("H<sub>2</sub>O与10<sup>3</sup>个", "H2O与103个"),
        (f"增加{bibr('3')}。", "增加[3]。"),
        (f"增加[{bibr('3')}]。", "增加[3]。"),
        (f"增加<sup>[{bibr('1')}-{bibr('3')}]</sup>。", "增加[1-3]。"),
        (f"增加<sup>{bibr('1')}–{bibr('3')}</sup>。", "增加[1-3]。"),
        (f"增加<sup>{bibr('1')},{bibr('3')}</sup>。", "增加[1,3]。"),
        (f"增加<sup>{bibr('1')}</sup><sup>，</sup><sup>{bibr('3')}</sup>。", "增加[1,3]。"),
        (f"增加{bibr('[3]', 'b3')}。", "增加[3]。"),
        (f"增加<sup>{bibr('<sup>[3]</sup>', 'b3')}</sup>。", "增加[3]。"),
        (f"增加[{bibr('1')}，2]。", "增加[1,2]。"),
        (f"增加{bibr('1-3', 'b1 b2 b3')}。", "增加[1-3]。"),
        (f"增加{bibr('1–3', 'b1')}。", "增加[1-3]。"),
        (f"增加{bibr('[1', 'b1')}-{bibr('3]', 'b3')}。", "增加[1-3]。"),
        (f"增加({bibr('Li, 2010', 'b1')}; {bibr('赵六, 2012', 'b3')})。", "增加[1,3]。"),
        (f"{bibr('Li等', 'b1')}发现", "Li等[1]发现"),
        (f"Li等({bibr('2010', 'b1')})发现", "Li等[1]发现"),
        (f"文献(见{bibr('3')})", "文献(见[3])"),
        (f"{bibr('1')}与{bibr('2')}", "[1]与[2]"),
        (f"增加{bibr('9', 'none')}。", "增加[9]。"),
        ("见<xref ref-type='fig' rid='g1'>图1</xref>", "见图1"),
        ("增加<xref ref-type='fn' rid='n1'>①</xref>。", "增加。"),
        ("&alpha;与&beta;&ndash;&lt;b&gt;&amp;&#946;", "α与β–<b>&β"),
        ("IL-6<!-- x &no; --><![CDATA[ &alpha; <b>]]><?pi x?>高", "IL-6 &alpha; <b>高"),
        ("骨\n  吸收", "骨 吸收"),
    ],
)
def test_inline(inline: str, drawn: str) -> None:
    assert paragraph(inline) == drawn


def test_formulas() -> None:
    math = "<mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mn>2</mml:mn></mml:mfrac></mml:math>"
    source = r"<tex-math>\documentclass{minimal}\begin{document}$$\frac{a}{2}$$\end{document}</tex-math>"
    for formula, drawn in (
        (f"<alternatives>{source}{math}</alternatives>", "a/2"),
        (source, r"$\frac{a}{2}$"),
        ("p<sub>3</sub>", "p3"),
    ):
        assert paragraph(f"设<inline-formula>{formula}</inline-formula>。") == f"设{drawn}。"
    assert paragraph(f"得<disp-formula><label>(1)</label>{math}</disp-formula>即") == "得a/2即"


def test_headings_nest_and_blocks_do_not_interrupt_a_paragraph() -> None:
    table = (
        "<table><thead><tr><th>组</th><th colspan='2'>骨</th></tr></thead>"
        "<tr><td rowspan='2'>甲</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4|5</td></tr></table>"
    )
    drawn = blocks(
        "<sec><title>结果</title><p>前文<fig id='g'><label>图1</label><caption><title>骨。</title><p>染色。</p></caption><graphic/></fig>"
        f"后文。</p><sec><title>细节</title><table-wrap><caption><p>分组</p></caption>{table}<table-wrap-foot><p>注：甲。</p></table-wrap-foot>"
        "</table-wrap><p>以下：<list list-type='order'><list-item><label>1.</label><p>一号。</p></list-item>"
        "<list-item><p>二号。</p></list-item></list>"
        "末尾。</p><list><list-item><p>点。</p></list-item></list></sec></sec>"
        "<boxed-text><label>框1</label><caption><title>要点</title></caption><p>骨吸收。</p></boxed-text>"
    )
    assert drawn == [
        "# 结果",
        "前文后文。",
        "图1 骨。 染色。",
        "## 细节",
        "表 分组",
        "| 组 | 骨 |  |\n| 甲 | 1 | 2 |\n| 甲 | 3 | 4¦5 |",
        "注：甲。",
        "以下：",
        "(1) 一号。",
        "(2) 二号。",
        "末尾。",
        "• 点。",
        "# 框1 要点",
        "骨吸收。",
    ]


def test_references_without_labels_are_numbered_by_position() -> None:
    back = "<back><ref-list><ref id='x'><mixed-citation>甲. 2001.</mixed-citation></ref>"
    back += "<ref id='y'><note><p>乙.</p></note></ref></ref-list></back>"
    source = read(xml(f"<p>增加{bibr('Li 2001', 'x')}，减少{bibr('乙', 'y')}。</p>", front="", back=back))
    assert source.text.startswith("增加Li 2001[1]，减少乙[2]。\n")
    assert source.references == {"1": "甲. 2001.", "2": "乙."}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"])
@pytest.mark.parametrize("declared", ["{}", "gb2312", "utf-8"])
def test_encodings(encoding: str, declared: str) -> None:
    text = xml("<p>骨吸收增加是重要的。</p>", front="", back="").replace('"UTF-8"', f'"{declared.format(encoding)}"')
    source = read(text.encode(encoding))
    assert source.text == "骨吸收增加是重要的。\n"
    assert source.encoding == {"utf-16": "utf-16-le"}.get(encoding, encoding)


def test_articles_in_other_elements_and_namespaces() -> None:
    inner = "<article xmlns='https://jats.nlm.nih.gov/ns/archiving/1.3/'><body><p>骨吸收。</p></body></article>"
    assert read(f"<pmc-articleset>{inner}</pmc-articleset>").text == "骨吸收。\n"
    assert read(f"<?xml version='1.0'?><oai:record xmlns:oai='http://oai'>{inner}</oai:record>").text == "骨吸收。\n"
    with pytest.raises(ReadError, match="holds 2 articles"):
        read(f"<pmc-articleset>{inner}{inner}</pmc-articleset>")


LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else ""}">'
    for n in range(60)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<?xml version='1.0'?><html2><p>骨</p></html2>", "root <html2>, but no JATS article"),
        (
            "<?xml version='1.0'?>\n<article><front/><body><p>骨</b></body></article>",
            r"malformed XML: .*\(line 2, column \d+\)",
        ),
        ("<article><front/><body><p>骨吸", r"malformed XML: .*line 1, column"),
        ("<?xml version='1.0'?>", "malformed"),
        ("<article><body/></article>", "holds no text"),
        (f"<!DOCTYPE article [{LAUGHS}]><article><body><p>&l59;</p></body></article>", "entity &l59; of its own"),
        (
            "<!DOCTYPE article [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><article><body><p>&x;</p></body></article>",
            "entity &x;",
        ),
        ("<!DOCTYPE article [<!ENTITY alpha 'b'>]><article><body><p>&alpha;</p></body></article>", "entity &alpha;"),
        (
            "<!DOCTYPE article [<!ENTITY % x SYSTEM 'http://127.0.0.1/'> %x;]><article><body><p>&y;</p></body></article>",
            "entity &y;",
        ),
        ("<!DOCTYPE article [<!ENTITY x 'b", "DOCTYPE does not end"),
        ("<article><body>" + "<sec>" * 240 + "<p>骨</p>" + "</sec>" * 240 + "</body></article>", None),
        (
            "<article><body>" + "<sec>" * 252 + "<p>骨</p>" + "</sec>" * 252 + "</body></article>",
            "deeper than the limit of 250",
        ),
        ("<article><body>" + "<sec>" * 200_000, "deeper than the limit"),
        ("<article><body><p>骨\x01</p></body></article>", "control characters"),
        ("<article><body><p>" + "骨吸收" * 100 + "\x01</p></body></article>", r"malformed XML: .*line 1, column"),
    ],
)
def test_refused(text: str, reason: str | None) -> None:
    if reason is None:
        assert read(text).text == "骨\n"
        return
    tracemalloc.start()
    with pytest.raises(ReadError, match=reason):
        read(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000


def test_limits_are_those_that_are_given() -> None:
    with pytest.raises(ReadError, match="limit of 5"):
        read_source(
            xml("<sec><sec><sec><sec><p>骨</p></sec></sec></sec></sec>").encode(), "a.xml", LIMITS._replace(depth=5)
        )


@pytest.mark.parametrize(
    "tag", ["sec", "sup", "italic", "xref ref-type='bibr' rid='b1'", "list><list-item", "boxed-text", "mml:math", "fn"]
)
def test_deep_elements_are_read_up_to_the_limit(tag: str) -> None:
    count = 240 // (tag.count("<") + 1)
    closing = "".join(f"</{one.split()[0]}>" for one in reversed(tag.split("><")))
    assert "骨" in read(xml(f"<p>{f'<{tag}>' * count}骨{closing * count}</p>", front="", back="")).text


def translated(kind: str, inside: str, *, main: str = "en") -> str:
    part = f"<sub-article article-type='{kind}' xml:lang='zh' id='s1'>{inside}</sub-article>"
    return (
        f"<article xml:lang='{main}'><front><journal-meta><journal-title>Bone</journal-title></journal-meta><article-meta>"
        "<article-id pub-id-type='doi'>10.1000/a</article-id><title-group><article-title>Bone</article-title></title-group>"
        "<pub-date><year>2021</year></pub-date></article-meta></front><body><p>IL-6 drives bone loss.</p></body>"
        f"<back><ref-list><ref id='b1'><mixed-citation>Li M. Bone.</mixed-citation></ref></ref-list></back>{part}</article>"
    )


REVIEW = (
    "<front-stub><title-group><article-title>审稿意见</article-title></title-group></front-stub><body><p>IL-6抑制骨形成。</p></body>"
    "<back><ref-list><ref id='s1b1'><mixed-citation>审稿人. 书.</mixed-citation></ref></ref-list></back>"
)
CHINESE = (
    "<front-stub><article-id pub-id-type='doi'>10.1000/a.zh</article-id><title-group><article-title>骨</article-title></title-group>"
    "<contrib-group><contrib contrib-type='author'><name><surname>王</surname><given-names>五</given-names></name></contrib>"
    "</contrib-group></front-stub><body><p>IL-6引起骨丢失<xref ref-type='bibr' rid='b1'>1</xref>。</p></body>"
)


@pytest.mark.parametrize("kind", ["reviewer-report", "reply", "editor-report"])
def test_reviews_are_no_part_of_an_article(kind: str) -> None:
    source = read_source(translated(kind, REVIEW).encode(), "a.xml")
    assert source.title == "Bone"
    assert "IL-6抑制骨形成" not in source.text
    assert source.references == {"1": "Li M. Bone."}
    without = (
        translated(kind, REVIEW)
        .replace("<ref id='b1'>", "<ref-none>")
        .replace("</ref></ref-list></back><sub", "</ref-none></ref-list></back><sub")
    )
    assert read_source(without.encode(), "a.xml").references == {}


def test_a_chinese_translation_is_read_for_the_article() -> None:
    source = read_source(translated("translation", CHINESE).encode(), "a.xml")
    assert source.text.split("\n\n") == ["# 骨", "IL-6引起骨丢失[1]。", "# 参考文献", "[1] Li M. Bone.\n"]
    assert source.title == "骨"
    assert source.metadata == {"doi": "10.1000/a", "journal": "Bone", "year": 2021, "authors": ["王五"]}
    assert "骨丢失" not in read_source(translated("translation", CHINESE, main="zh").encode(), "a.xml").text
