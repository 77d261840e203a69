"""The HTML reader: the paper comes out whole, what the page has around it does not, and only `ReadError`s are raised."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Source
from pipeline.readers import LIMITS, ReadError, read_source

TITLE = "炎症因子与骨吸收关系的研究进展"
TEXTS = (
    "白细胞介素-6由巨噬细胞分泌，它促进破骨细胞的形成，并且抑制成骨细胞的增殖与分化，从而使骨吸收增加",
    "肿瘤坏死因子α激活核因子κB信号通路，使炎症反应增强，并促进软骨细胞的凋亡，其机制尚不完全清楚",
    "维生素D缺乏与骨密度降低有关，补充维生素D后患者的血钙水平明显升高，骨折的风险随之下降",
)
REFERENCES = [
    f"作者{who}, 王五. 细胞因子与骨[J]. 骨骼杂志, 201{at}, {at}(2): 1{at}-2{at}." for at, who in enumerate("甲乙丙", 1)
]
MENU = "<ul><li><a href='/'>首页</a></li><li><a href='/t'>投稿须知</a></li><li><a href='/l'>登录</a></li></ul>"
OTHERS = "<ul><li><a href='/1'>别的论文的题目，长得像一句话</a></li><li><a href='/2'>另一篇论文：长期随访的结果</a></li></ul>"
FOREIGN = (
    "首页",
    "投稿",
    "登录",
    "别的",
    "另一篇",
    "广告",
    "分享",
    "微信",
    "版权",
    "ICP",
    "Cookie",
    "浏览次数",
    "订阅",
    "热门",
    "var x",
)
META = (
    f"<meta name='citation_title' content='{TITLE}'><meta name='citation_author' content='张, 三'>"
    "<meta name='citation_author' content='李四'><meta name='citation_author' content='Zhang San'>"
    "<meta name='citation_doi' content='doi:10.1000/g.1'><meta name='citation_journal_title' content='骨骼杂志'>"
    "<meta name='citation_publication_date' content='2021/03/01'><meta name='citation_firstpage' content='5'>"
    "<meta name='citation_lastpage' content='9'><meta name='keywords' content='骨吸收；炎症'>"
    f"<title>{TITLE} - 骨骼杂志</title><script>var x = '<p>骨</p>';</script><style>p {{}}</style>"
)


def read(text: str | bytes, name: str = "a.html") -> Source:
    return read_source(text.encode() if isinstance(text, str) else text, name)


def blocks(body: str) -> list[str]:
    return read(f"<!DOCTYPE html><html><body>{body}</body></html>").text.strip().split("\n\n")


def modern() -> str:
    parts = "".join(
        f"<section><h2>{at} 细胞因子</h2><p>{text}<sup><a href='#r{at}'>{at}</a></sup>。</p></section>"
        for at, text in enumerate(TEXTS, 1)
    )
    entries = "".join(
        f"<li id='r{at}'>{entry} <a href='https://doi.org/1'>[DOI]</a></li>" for at, entry in enumerate(REFERENCES, 1)
    )
    return (
        f"<!DOCTYPE html><html><head>{META}</head><body><header><h1>骨骼杂志 订阅</h1></header><nav>{MENU}</nav>"
        f"<div class='cookie-banner'>本站使用Cookie。<button>同意</button></div><main><article><h1>{TITLE}</h1>"
        f"<div class='share'>分享到：<a href='w'>微信</a></div>{parts}<section><h2>参考文献</h2><ol>{entries}</ol></section></article>"
        f"<aside><h3>相关文章</h3>{OTHERS}</aside></main><footer>版权所有 © 骨骼杂志 京ICP备1号</footer></body></html>"
    )


def divisions() -> str:
    parts = "".join(
        f"<div><h3>{at} 细胞因子</h3><p>&nbsp;&nbsp;{text}<sup>[{at}]</sup>。</p></div>"
        for at, text in enumerate(TEXTS, 1)
    )
    entries = "".join(
        f"<tr><td>[{at}]</td><td>{entry}<br><a href='x'>[CrossRef]</a></td></tr>"
        for at, entry in enumerate(REFERENCES, 1)
    )
    return (
        f"<html><head>{META}</head><body><div id=header><div class=logo>骨骼杂志 订阅</div><div class=menu>{MENU}</div></div>"
        f"<div class=wrap><div class=left><div class=crumbs>当前位置：<a href='/'>首页</a></div><div class=t>{TITLE}</div>"
        f"<div>浏览次数：123</div><div class=text>{parts}</div><div class=ref><h3>参考文献</h3><table>{entries}</table></div></div>"
        f"<div class=right><div class=box><h4>热门文章</h4>{OTHERS}</div><div class=box><div>推荐阅读</div><div><a href='/9'>另一篇</a>"
        "<p>另一篇论文的摘要：本文随访了骨质疏松患者，共纳入患者三百例，结果表明治疗有效，不良反应的发生较少。</p></div></div>"
        "<div class=adv><a href='ad'>广告</a></div></div></div><div class=foot><p>版权所有　京ICP备1号</p></div></body></html>"
    )


def layout_table() -> str:
    parts = "".join(
        f"<p><b>{at} 细胞因子</b></p>　　{text}<sup>[<a href='#r{at}'>{at}</a>]</sup>。<br>"
        for at, text in enumerate(TEXTS, 1)
    )
    entries = "<br>".join(f"<a name=r{at}></a>[{at}] {entry}" for at, entry in enumerate(REFERENCES, 1))
    return (
        f"<html><head>{META}</head><body><table><tr><td colspan=2>{MENU}</td></tr><tr><td><table><tr><td>热门文章</td></tr>"
        f"<tr><td><a href=1>别的论文</a></td></tr></table><a href=ad>广告</a></td><td><font size=5><b>{TITLE}</b></font><br>{parts}"
        f"<p><b>参考文献</b></p><p>{entries}</p><p>上一篇：<a href=0>另一篇</a></p></td></tr><tr><td>版权所有：沪ICP备1号</td></tr></table>"
    )


def xhtml() -> str:
    parts = "".join(
        f"<h2>{at} 细胞因子</h2><p>{text}<sup><a href='#r{at}'>[{at}]</a></sup>。</p>"
        for at, text in enumerate(TEXTS, 1)
    )
    entries = "".join(f"<p id='r{at}'>{at}. {entry}</p>" for at, entry in enumerate(REFERENCES, 1))
    head = META.replace("'><", "'/><").replace("'<p>骨</p>'", "1")
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head>'
        f"<body><div class='topbar'>登录 订阅</div><div id='nav'>{MENU}</div><div><h1>{TITLE}</h1><a id='top'/>{parts}"
        f"<div id='references'>{entries}</div></div><div class='sidebar'>{OTHERS}</div><div id='footer'>版权所有 ICP</div></body></html>"
    )


@pytest.mark.parametrize("make", [modern, divisions, layout_table, xhtml])
def test_a_page_gives_its_paper_and_nothing_else(make) -> None:
    source = read(make())
    drawn = source.text.replace("(DOI)", "").split("\n\n")
    assert drawn[0] == f"# {TITLE}"
    bare = [line.strip("# \n") for line in drawn[1:]]
    body = [line for at, text in enumerate(TEXTS, 1) for line in (f"{at} 细胞因子", f"{text}[{at}]。")]
    assert bare == [*body, "参考文献", *(f"[{at}] {entry}" for at, entry in enumerate(REFERENCES, 1))]
    assert [word for word in FOREIGN if word in source.text] == []
    assert source.references == {str(at): entry for at, entry in enumerate(REFERENCES, 1)}
    assert source.title == TITLE
    assert (source.format, source.encoding) == ("html", "utf-8")
    assert source.metadata == {
        "doi": "10.1000/g.1",
        "journal": "骨骼杂志",
        "year": 2021,
        "pages": "5-9",
        "authors": ["张三", "李四"],
        "keywords": ["骨吸收", "炎症"],
    }


@pytest.mark.parametrize(
    ("inline", "drawn"),
    [
        ("CD4<sup>+</sup>T<em>细胞</em>与H<sub>2</sub>O", "CD4+T细胞与H2O"),
        ("增加<sup>[3]</sup>。", "增加[3]。"),
        ("增加<sup>[3,5-7]</sup>。", "增加[3,5-7]。"),
        ("增加<sup><a href='#ref3'>3</a></sup>。", "增加[3]。"),
        ("增加<sup><a href='#ref3'>3</a>, <a href='#ref5'>5</a></sup>。", "增加[3,5]。"),
        ("增加[<a href='#b3'>3</a>–<a href='#b5'>5</a>]。", "增加[3-5]。"),
        ("增加<sup><a href='x.html#cite_note-4'>[4]</a></sup>。", "增加[4]。"),
        ("增加<a href='#bibr12-1'>12</a>。", "增加[12]。"),
        ("见表<a href='#t1'>1</a>", "见表1"),
        ("骨<ruby>吸<rp>(</rp><rt>xi</rt><rp>)</rp></ruby>收", "骨吸收"),
        ("骨<span style='display: none'>无</span><b hidden>无</b><i aria-hidden='true'>无</i>吸收", "骨吸收"),
        ("IL-6&nbsp;&alpha;&ndash;&lt;&#946;", "IL-6 α–<β"),
        ("骨吸收<br>增加", "骨吸收 增加"),
        ("设<math><mi>a</mi><mo>=</mo><mn>2</mn></math>。", "设a=2。"),
        (r"设<script type='math/tex'>\alpha</script>。", r"设$\alpha$。"),
        ("骨<!-- 无 -->吸收\n  增加", "骨吸收 增加"),
    ],
)
def test_inline(inline: str, drawn: str) -> None:
    assert blocks(f"<p>{inline}</p>") == [drawn]


def test_author_and_year_lead_to_the_number_of_the_entry() -> None:
    body = "<p>增加(<a href='#x'>Li, 2010</a>; <a href='#y'>王五, 2011</a>)，<a href='#y'>王五</a>认为</p><h2>参考文献</h2>"
    drawn = blocks(body + "<ul><li id='x'>Li M. 2010.</li><li><a id='y'></a>王五. 2011.</li></ul>")
    assert drawn == ["增加[1,2]，王五[2]认为", "## 参考文献", "[1] Li M. 2010.", "[2] 王五. 2011."]


def test_blocks() -> None:
    drawn = blocks(
        "<h1>题</h1><h2>一<br>节</h2><div>前言<p>正文</p>后语</div><ul><li>甲<ul><li>乙</li></ul></li></ul><ol><li><p>一</p></li>"
        "<li>二</li></ol>"
        "<figure><img src=x><figcaption>骨的结构</figcaption></figure>"
        "<table><caption>分组</caption><tr><th>组<th>骨</tr><tr><td>甲<td>1</table>"
        "<dl><dt>词</dt><dd>义</dd></dl>骨吸收。<br>　　新段<br><br>又一段"
    )
    assert drawn == [
        "# 题",
        "## 一 节",
        "前言",
        "正文",
        "后语",
        "• 甲",
        "• 乙",
        "(1) 一",
        "(2) 二",
        "图 骨的结构",
        "表 分组",
        "| 组 | 骨 |\n| 甲 | 1 |",
        "词",
        "义",
        "骨吸收。",
        "新段",
        "又一段",
    ]


def test_entries_of_two_lines_are_one_and_the_list_ends_with_the_next_heading() -> None:
    drawn = blocks(
        "<h2>参考文献</h2><p>[1] 王五. 骨.</p><p>Wang W. Bone.</p><p>[2] 李四.</p><h2>附录</h2><p>骨吸收。</p>"
    )
    assert drawn == ["## 参考文献", "[1] 王五. 骨. Wang W. Bone.", "[2] 李四.", "## 附录", "骨吸收。"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", "rot13", "x"])
def test_the_declared_charset_counts_only_where_it_fits(encoding: str, declared: str) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body><script>{'x' * 30000}</script><p>骨吸收增加是重要的，一般不可忽略。</p>"
    source = read(page.encode(encoding))
    assert source.text == "骨吸收增加是重要的，一般不可忽略。\n"
    assert source.encoding == {"utf-16": "utf-16-le"}.get(encoding, encoding)


def test_a_charset_of_latin_text_is_kept() -> None:
    page = "<html><head><meta charset='windows-1252'></head><body><p>Osteoclasts naïve, café “quoted” – 5 µg.</p>"
    assert read(page.encode("windows-1252")).text == "Osteoclasts naïve, café “quoted” – 5 µg.\n"


def test_a_web_archive_is_read_by_its_page() -> None:
    head = "From: <Saved by Blink>\r\nSubject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=B\r\n\r\n"
    part = "--B\r\nContent-Type: {}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--B--\r\n"
    page = b64encode("<html><body><p>骨吸收增加。</p></body></html>".encode()).decode()
    assert read_source((head + part.format("text/html", page)).encode(), "a.mhtml").text == "骨吸收增加。\n"
    with pytest.raises(ReadError, match=r"a.mht: this web archive holds no page; save the page as HTML"):
        read_source((head + part.format("image/png", page)).encode(), "a.mht")


def test_metadata_of_json_ld_and_the_title_of_the_page() -> None:
    data = """{"@graph": [{"@type": "WebSite", "name": "站"}, {"@type": ["ScholarlyArticle"], "headline": "骨吸收", "author":
    [{"name": "张三"}], "datePublished": "2020-05-01", "isPartOf": {"name": "骨骼杂志"}, "sameAs": "https://doi.org/10.1000/a",
    "license": "https://creativecommons.org/licenses/by/4.0/"}]}"""
    source = read(
        f"<html><head><script type='application/ld+json'>{data}</script></head><body><p>骨吸收增加。</p></body></html>"
    )
    assert source.text == "# 骨吸收\n\n骨吸收增加。\n"
    assert source.metadata == {
        "doi": "10.1000/a",
        "journal": "骨骼杂志",
        "year": 2020,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "authors": ["张三"],
    }
    assert read("<html><head><title>骨密度_骨骼杂志</title></head><body><p>骨吸收。").title == "骨密度"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html></html>", "holds no text"),
        ("<!DOCTYPE html>", "holds no"),
        ("<html><body><script>var x</script><nav>首页</nav></body></html>", "holds no text"),
        ("<html><body>" + "<div>" * 300 + "骨", "deeper than the limit of 250"),
        ("<html><body>" + "<div>" * 200_000 + "骨", "deeper than the limit of 250"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><body>" + "<div>" * 300 + "骨", "deeper than the limit of 250"),
    ],
)
def test_refused(page: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read(page)
    with pytest.raises(ReadError, match="limit of 3"):
        read_source("<html><body><div><p>骨</p></div></body></html>".encode(), "a.html", LIMITS._replace(depth=3))


def test_a_page_cut_short_is_read_as_far_as_it_goes() -> None:
    assert blocks("<p>骨吸收增加。</p><p>骨密<b") == ["骨吸收增加。", "骨密"]


TOKENS = [
    "<a href='#r1'>",
    "</a>",
    "<sup>",
    "<table>",
    "<td rowspan='9'>",
    "</div>",
    "<br>",
    "&x;",
    "&#1;",
    "<!--",
    "]]>",
    "[1",
    "\0",
    "<h2>",
]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from([modern, divisions, layout_table, xhtml]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(TOKENS), st.integers(0, 40)), max_size=8),
)
def test_a_damaged_page_is_read_or_refused(make, damages) -> None:
    page = make()
    for where, token, cut in damages:
        at = int(where * len(page))
        page = page[:at] + token + page[at + cut :]
    with suppress(ReadError):
        assert "\x01" not in read(page).text


@pytest.mark.parametrize("tag", ["div", "sup", "a href='#r1'", "ul><li", "math", "table><tr><td", "i"])
def test_deep_elements_are_read_up_to_the_limit(tag: str) -> None:
    count = 240 // (tag.count("<") + 1)
    assert "骨" in read(f"<html><body><p>{f'<{tag}>' * count}骨").text
