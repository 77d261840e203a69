"""The paper as JATS XML, as a journal's web page, and as DOCX."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from making.paper import Block, Paper, cited, pieces

Write = Callable[[str], str]
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# A member of a ZIP needs a date; the format's first.
_DATE = (1980, 1, 1, 0, 0, 0)


def _inline(text: str, writers: dict[str, Write]) -> str:
    return "".join(writers[kind](piece) for kind, piece in pieces(text))


def _with_footnote(text: str, paper: Paper, mark: str) -> str:
    """Put the mark of the footnote, already written, behind the words that it belongs to."""
    words = escape(paper.extra["footnote_after"])
    return text.replace(words, words + mark, 1)


def jats(paper: Paper) -> str:
    """Write the paper as a JATS article."""
    extra = paper.extra
    people = "\n".join(
        '<contrib contrib-type="author"><name name-style="eastern">'
        f"<surname>{author['surname']}</surname><given-names>{author['given']}</given-names></name>"
        f'<xref ref-type="aff" rid="aff{author["affiliation"]}"><sup>{author["affiliation"]}</sup></xref></contrib>'
        for author in extra["authors"]
    )
    places = "\n".join(
        f'<aff id="aff{number}"><label>{number}</label>{place["text"]}</aff>'
        for number, place in enumerate(extra["affiliations"], 1)
    )
    keywords = "".join(f"<kwd>{word}</kwd>" for word in paper.keywords)
    references = "\n".join(
        f'<ref id="B{number}"><label>{number}</label><mixed-citation>{text}</mixed-citation></ref>'
        for number, text in paper.references.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.3 20210610//EN" "JATS-journalpublishing1-3.dtd">
<article article-type="review-article" dtd-version="1.3" xml:lang="zh" xmlns:xlink="http://www.w3.org/1999/xlink">
<front>
<journal-meta><journal-title-group><journal-title>{extra["journal"]}</journal-title></journal-title-group></journal-meta>
<article-meta>
<article-id pub-id-type="doi">{extra["doi"]}</article-id>
<title-group><article-title>{paper.title}</article-title></title-group>
<contrib-group>
{people}
{places}
</contrib-group>
<author-notes><fn><p>{extra["note"]}</p></fn></author-notes>
<pub-date publication-format="print"><year>{extra["year"]}</year></pub-date>
<volume>{extra["volume"]}</volume><issue>{extra["issue"]}</issue><fpage>{extra["first_page"]}</fpage>
<abstract><title>摘要</title><p>{_jats_text(paper.abstract, paper)}</p></abstract>
<kwd-group kwd-group-type="author" xml:lang="zh">{keywords}</kwd-group>
</article-meta>
</front>
<body>
{"".join(_jats_sections(paper))}</body>
<back>
<fn-group><fn id="fn1"><label>*</label><p>{extra["footnote"]}</p></fn></fn-group>
<ref-list><title>参考文献</title>
{references}
</ref-list>
</back>
</article>
"""


def _jats_text(text: str, paper: Paper) -> str:
    def citation(mark: str) -> str:
        linked = (f'<xref ref-type="bibr" rid="B{x}">{x}</xref>' if x.isdigit() else x for x in cited(mark))
        return f"<sup>{''.join(linked)}</sup>"

    writers: dict[str, Write] = {"text": escape, "italic": "<italic>{}</italic>".format, "citation": citation}
    written = _inline(text, writers)
    return _with_footnote(written, paper, '<xref ref-type="fn" rid="fn1"><sup>*</sup></xref>')


def _jats_sections(paper: Paper) -> Iterator[str]:
    depth = 0
    for block in paper.body:
        if block.kind == "heading":
            closed = max(0, depth - block.level + 1)
            yield "</sec>\n" * closed + f"<sec><title>{block.text}</title>\n"
            depth = block.level
        else:
            yield _jats_block(block, paper) + "\n"
    yield "</sec>\n" * depth


def _jats_block(block: Block, paper: Paper) -> str:
    if block.kind == "paragraph":
        return f"<p>{_jats_text(block.text, paper)}</p>"
    label, _, caption = block.text.partition(" ")
    title = f"<label>{label}</label><caption><title>{caption}</title></caption>"
    if block.kind == "figure":
        return f'<fig id="F1">{title}<graphic xlink:href="figure1.png"/></fig>'
    return f'<table-wrap id="T1">{title}<table>{_rows(paper)}</table></table-wrap>'


def _rows(paper: Paper) -> str:
    head, *rows = paper.rows
    return (
        f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr></thead>\n<tbody>"
        + "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        + "</tbody>"
    )


def html(paper: Paper) -> str:
    """Write the paper as a web page, with what stands around it on a journal's site."""
    extra = paper.extra
    metas = [("citation_title", paper.title), *(("citation_author", name) for name in paper.authors)]
    metas += [("citation_doi", extra["doi"]), ("citation_journal_title", extra["journal"])]
    metas += [("citation_publication_date", str(extra["year"]))]
    head = "\n".join(f'<meta name="{name}" content="{content}">' for name, content in metas)
    references = "\n".join(
        f'<li id="ref{number}">[{number}] {text} <a href="#">[CrossRef]</a></li>'
        for number, text in paper.references.items()
    )
    places = "<br>".join(place["text"] for place in extra["affiliations"])
    body = "\n".join(_html_block(block, paper) for block in paper.body)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{paper.title} - {extra["journal"]}</title>
{head}
<style>nav, aside {{ float: left }}</style>
<script>var counter = "维生素D缺乏增加骨折风险。";</script>
</head>
<body>
<header><a href="/">{extra["journal"]}</a><form><input value="检索"></form></header>
<nav><ul><li><a href="/">首页</a></li><li><a href="/issues">过刊浏览</a></li><li><a href="/submit">在线投稿</a></li></ul></nav>
<aside class="sidebar"><h3>相关文章</h3><ul>
<li><a href="/2">维生素D缺乏增加老年人骨折的风险，补充钙剂能够降低髋部骨折的发生率。</a></li>
<li><a href="/3">吸烟促进肺癌的发生，烟草中的尼古丁抑制细胞凋亡。</a></li>
</ul></aside>
<main><article>
<h1>{paper.title}</h1>
<p class="authors">{"，".join(paper.authors)}</p>
<p class="affiliations">{places}</p>
<section id="abstract"><h2>摘要</h2>
<p>{_html_text(paper.abstract, paper)}</p>
<p><strong>关键词：</strong>{"；".join(paper.keywords)}</p></section>
{body}
<section id="references"><h2>参考文献</h2>
<ol class="references">
{references}
</ol></section>
<section class="footnotes"><p id="fn1">* {extra["footnote"]}</p></section>
</article></main>
<footer><p>版权所有 © {extra["journal"]}编辑部</p><p>访问次数：1234</p></footer>
</body>
</html>
"""


def _html_text(text: str, paper: Paper) -> str:
    def citation(mark: str) -> str:
        linked = (f'<a href="#ref{part}">{part}</a>' if part.isdigit() else part for part in cited(mark))
        return f"<sup>{''.join(linked)}</sup>"

    written = _inline(text, {"text": escape, "italic": "<i>{}</i>".format, "citation": citation})
    return _with_footnote(written, paper, '<sup><a href="#fn1">*</a></sup>')


def _html_block(block: Block, paper: Paper) -> str:
    if block.kind == "heading":
        return f"<h{block.level + 1}>{block.text}</h{block.level + 1}>"
    if block.kind == "figure":
        return f'<figure><img src="figure1.png" alt=""><figcaption>{block.text}</figcaption></figure>'
    if block.kind == "table":
        return f"<table><caption>{block.text}</caption>{_rows(paper)}</table>"
    return f"<p>{_html_text(block.text, paper)}</p>"


def docx(paper: Paper) -> bytes:
    """Write the paper as a Word document with a tracked change, a footnote and raised citation marks."""
    body = [_word_paragraph(_run(paper.title), "Title"), _word_paragraph(_run("，".join(paper.authors)))]
    body += [_word_paragraph(_run(place["text"])) for place in paper.extra["affiliations"]]
    body += [_word_paragraph(_run("摘要：", "<w:b/>") + _word_text(paper.abstract, paper))]
    body += [_word_paragraph(_run("关键词：", "<w:b/>") + _run("；".join(paper.keywords)))]
    body += [_word_block(block, paper) for block in paper.body]
    body += [_word_paragraph(_run("参考文献"), "Heading1")]
    body += [_word_paragraph(_run(f"[{number}] {text}")) for number, text in paper.references.items()]
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
        for style, name in (("Title", "Title"), ("Heading1", "heading 1"), ("Heading2", "heading 2"))
    )
    note = _word_paragraph("<w:r><w:footnoteRef/></w:r>" + _run(paper.extra["footnote"]))
    core = (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{paper.title}</dc:title><dc:creator>{'；'.join(paper.authors)}</dc:creator></cp:coreProperties>"
    )
    return package(
        {
            "word/document.xml": word_part("document", f"<w:body>{''.join(body)}</w:body>"),
            "word/styles.xml": word_part("styles", styles),
            "word/footnotes.xml": word_part("footnotes", f'<w:footnote w:id="1">{note}</w:footnote>'),
            "docProps/core.xml": _DECLARED + core,
        }
    )


def word_part(name: str, content: str) -> str:
    """Return a part of a Word document, whole."""
    return f'{_DECLARED}<w:{name} xmlns:w="{_W}">{content}</w:{name}>'


def package(parts: dict[str, str]) -> bytes:
    """Zip the parts of a Word document, stored so that every machine writes the same bytes."""
    kinds = {
        "word/document.xml": "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        "word/styles.xml": "vnd.openxmlformats-officedocument.wordprocessingml.styles",
        "word/footnotes.xml": "vnd.openxmlformats-officedocument.wordprocessingml.footnotes",
        "docProps/core.xml": "vnd.openxmlformats-package.core-properties",
    }
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/{kinds[name]}+xml"/>' for name in parts if name in kinds
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    top = {"word/document.xml": f"{_OFFICE}/officeDocument"}
    top["docProps/core.xml"] = f"{_PACKAGE}/relationships/metadata/core-properties"
    inner = {f"word/{kind}.xml": f"{_OFFICE}/{kind}" for kind in ("styles", "footnotes")}
    members = {
        "[Content_Types].xml": f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">{defaults}{types}</Types>',
        "_rels/.rels": _relations(parts, top, ""),
        "word/_rels/document.xml.rels": _relations(parts, inner, "word/"),
        **parts,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content.encode())
    return data.getvalue()


def _relations(parts: dict[str, str], kinds: dict[str, str], folder: str) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{kinds[name]}" Target="{name.removeprefix(folder)}"/>'
        for number, name in enumerate((name for name in kinds if name in parts), 1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _run(text: str, looks: str = "", tag: str = "w:t") -> str:
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{properties}<{tag} xml:space="preserve">{escape(text)}</{tag}></w:r>'


def _word_paragraph(runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _word_text(text: str, paper: Paper) -> str:
    """Write runs; the footnote's mark and the tracked change stand where `paper.toml` puts them."""
    extra = paper.extra
    written = []
    for kind, piece in pieces(text):
        looks = {"citation": '<w:vertAlign w:val="superscript"/>', "italic": "<w:i/>"}.get(kind, "")
        before, inserted, after = piece.partition(extra["inserted"])
        if kind == "text" and inserted:
            who = 'w:author="编辑" w:date="2024-01-01T00:00:00Z"'
            written += [_run(before)] if before else []
            written += [f'<w:del w:id="1" {who}>{_run(extra["deleted"], tag="w:delText")}</w:del>']
            written += [f'<w:ins w:id="2" {who}>{_run(inserted)}</w:ins>', _run(after)]
            continue
        before, words, after = piece.partition(extra["footnote_after"])
        written += [_run(before + words, looks)]
        if words:
            reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r>'
            written += [reference, _run(after)]
    return "".join(written)


def _word_block(block: Block, paper: Paper) -> str:
    if block.kind == "heading":
        return _word_paragraph(_run(block.text), f"Heading{block.level}")
    if block.kind == "paragraph":
        return _word_paragraph(_word_text(block.text, paper))
    caption = _word_paragraph(_run(block.text))
    if block.kind == "figure":
        return caption
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{_word_paragraph(_run(cell))}</w:tc>' for cell in row)}</w:tr>" for row in paper.rows
    )
    return f"{caption}<w:tbl>{rows}</w:tbl>"
