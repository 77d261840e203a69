"""XML and HTML that expand, reach out, nest, or lie about their encoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from making.broken.case import Case, given

_TEXT = "白细胞介素-6促进破骨细胞的形成。"
_LEVELS = 10


def article(body: str, *, before: str = "", declared: str = "UTF-8") -> str:
    """Return a JATS article of one paragraph; `before` is its document type."""
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n{before}<article xml:lang="zh"><front><article-meta><title-group>'
        f"<article-title>炎症与骨</article-title></title-group></article-meta></front><body>{body}</body></article>\n"
    )


def page(body: str, *, head: str = '<meta charset="utf-8">') -> str:
    """Return a web page."""
    return f"<!DOCTYPE html>\n<html><head>{head}<title>炎症与骨</title></head><body>{body}</body></html>\n"


def laughs(root: str) -> str:
    """Return a document type whose entity `l9` expands to ten thousand million words."""
    entities = '<!ENTITY l0 "骨">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, _LEVELS)
    )
    return f"<!DOCTYPE {root} [{entities}]>\n"


def outside(root: str, where: str) -> str:
    """Return a document type with an entity `x` of another place."""
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{where}">]>\n'


def cases(formats: Mapping[str, bytes]) -> Iterator[Case]:
    """Yield the cases of this module."""
    yield from _xml()
    yield from _encodings(formats)
    yield from _html(formats)


def _xml() -> Iterator[Case]:
    paragraph = f"<p>{_TEXT}</p>"
    yield given("xml/laughs.xml", "error", article("<p>&l9;</p>", before=laughs("article")))
    yield given("xml/laughs-in-attribute.xml", "error", article('<p id="&l9;">骨</p>', before=laughs("article")))
    wide = f'<!DOCTYPE article [<!ENTITY a "{"骨" * 20_000}">]>\n'
    yield given("xml/quadratic.xml", "error", article(f"<p>{'&a;' * 20_000}</p>", before=wide))
    looped = '<!DOCTYPE article [<!ENTITY a "&b;"><!ENTITY b "&a;">]>\n'
    yield given("xml/entity-loop.xml", "error", article("<p>&a;</p>", before=looped))
    for kind, where in (
        ("file", "file:///etc/passwd"),
        ("http", "http://127.0.0.1:9/x"),
        ("relative", "../paper.toml"),
    ):
        yield given(f"xml/outside-{kind}.xml", "either", article("<p>骨&x;</p>", before=outside("article", where)))
    parameter = '<!DOCTYPE article [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>\n'
    yield given("xml/outside-parameter.xml", "either", article(paragraph, before=parameter))
    dtd = '<!DOCTYPE article SYSTEM "http://127.0.0.1:9/x.dtd">\n'
    yield given("xml/outside-dtd.xml", "read", article(paragraph, before=dtd))
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    yield given("xml/xinclude.xml", "read", article(paragraph + include))
    yield given("xml/unknown-entity.xml", "either", article("<p>骨&nbsp;&alpha;</p>"))
    for depth in (300, 5_000, 200_000):
        nested = "<sec>" * depth + paragraph + "</sec>" * depth
        yield Case(f"xml/nested-{depth}.xml", "error", lambda nested=nested: article(nested).encode())  # type: ignore[misc]
    inline = "<italic>" * 3_000 + "骨" + "</italic>" * 3_000
    yield given("xml/nested-inline.xml", "error", article(f"<p>{inline}</p>"))
    yield given("xml/unclosed.xml", "error", article(paragraph).replace("</body></article>", ""))
    yield given("xml/two-roots.xml", "error", article(paragraph) + "<article></article>")
    yield given("xml/wrong-nesting.xml", "error", article("<p><bold>骨</p></bold>"))
    yield given("xml/long-name.xml", "error", article(f"<p><{'a' * 3000}>骨</{'b' * 3000}></p>"))
    yield given("xml/comment-not-closed.xml", "error", article(f"<p>骨<!--\n{_TEXT}\n</p>"))
    yield given("xml/unbound-prefix.xml", "either", article(f'{paragraph}<fig><graphic xlink:href="a.png"/></fig>'))
    yield given("xml/no-root.xml", "error", '<?xml version="1.0"?>\n<!-- nothing -->\n')
    yield given("xml/no-text.xml", "error", '<?xml version="1.0"?>\n<article><front/><body><p/></body></article>')
    yield given("xml/another-root.xml", "either", '<?xml version="1.0"?>\n<svg><text>骨</text></svg>')
    yield given("xml/null-byte.xml", "error", article("<p>骨\0骨</p>"))
    yield given("xml/control-character.xml", "error", article("<p>骨\x07骨</p>"))
    yield given("xml/surrogate-reference.xml", "error", article("<p>骨&#xD800;</p>"))
    yield given("xml/number-reference-too-large.xml", "error", article("<p>骨&#x7FFFFFFF;</p>"))
    many = " ".join(f'a{number}=""' for number in range(9000))
    yield given("xml/many-attributes.xml", "either", article(f"<p {many}>骨</p>"))
    yield Case("xml/long-attribute.xml", "either", lambda: article(f'<p id="{"a" * 12_000_000}">骨</p>').encode())
    yield Case("xml/empty-elements.xml", "error", lambda: article(paragraph + "<p/>" * 24_000_000).encode())
    yield given("xml/cdata.xml", "read", article(f"<p><![CDATA[{_TEXT}<b>]]></p>"))


def _encodings(formats: Mapping[str, bytes]) -> Iterator[Case]:
    whole = formats["paper.jats.xml"].decode()
    for declared, encoding in (
        ("UTF-8", "gb18030"),
        ("GB2312", "utf-8"),
        ("UTF-16", "utf-8"),
        ("ISO-8859-1", "utf-8"),
        ("no-such-encoding", "utf-8"),
        ("UTF-8", "utf-16"),
    ):
        data = whole.replace('encoding="UTF-8"', f'encoding="{declared}"', 1).encode(encoding)
        yield given(f"xml/says-{declared.lower()}-is-{encoding}.xml", "either", data)
    told = whole.replace('encoding="UTF-8"', 'encoding="GB18030"', 1).encode("gb18030")
    yield given("xml/gb18030.xml", "read", told)


def _html(formats: Mapping[str, bytes]) -> Iterator[Case]:
    paragraph = f"<p>{_TEXT * 3}</p>"
    for tag in ("div", "b", "table><tr><td", "ul><li", "font", "p><select"):
        name = tag.replace("><", "-")
        yield given(f"html/nested-{name}.html", "either", page(f"<{tag}>" * 20_000 + paragraph))
    whole = formats["paper.html"].decode()
    for declared, encoding in (
        ("gb2312", "gb18030"),
        ("utf-8", "gb18030"),
        ("big5", "utf-8"),
        ("no-such-encoding", "utf-8"),
        ("utf-16", "utf-8"),
        ("utf-8", "utf-16"),
        ("utf-8", "utf-16-le"),
    ):
        data = whole.replace('charset="utf-8"', f'charset="{declared}"', 1).encode(encoding)
        yield given(f"html/says-{declared}-is-{encoding}.html", "read", data)
    yield given("html/only-script.html", "either", page("<script>var a = '骨';</script><style>p {}</style>"))
    yield given("html/only-navigation.html", "either", page("<nav><a href='/'>首页</a></nav><footer>版权所有</footer>"))
    yield given("html/frames.html", "error", "<html><frameset><frame src='a.html'></frameset></html>")
    yield given("html/comment-not-closed.html", "either", page(f"{paragraph}<!-- {paragraph}"))
    yield given("html/script-not-closed.html", "either", page(f"{paragraph}<script>{paragraph}"))
    yield given("html/null-bytes.html", "either", page(paragraph.replace("细胞", "细\0胞")))
    yield given("html/surrogate-reference.html", "either", page(f"{paragraph}<p>骨&#xD800;&#0;&#x110000;&#xFFFE;</p>"))
    yield given("html/entities.html", "either", page("<p>" + "&nosuch;&amp;lt;&alpha" * 5000 + "</p>"))
    yield given("html/laughs.html", "either", laughs("html") + page(f"{paragraph}<p>&l9;</p>"))
    yield given("html/outside.html", "either", outside("html", "file:///etc/passwd") + page(f"{paragraph}<p>&x;</p>"))
    yield given("html/attributes.html", "read", page(f"<p {' '.join(f'a{n}=1' for n in range(9000))}>{_TEXT}</p>"))
    yield given("html/data-image.html", "read", page(f'<img src="data:image/png;base64,{"A" * 9000}">{paragraph}'))
    yield given(
        "html/redirect.html", "either", page("", head='<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">')
    )
    yield Case("html/one-line.html", "read", lambda: page(f"<p>{_TEXT * 100_000}</p>").encode())
    yield Case("html/empty-elements.html", "either", lambda: page(f"<p>{_TEXT}</p>" + "<p>" * 30_000_000).encode())
    yield Case("html/many-elements.html", "read", lambda: page(f"<p>{_TEXT}</p>" * 100_000).encode())
