"""ZIP files and Word documents: bombs, lies in their headers, encryption, parts that are missing or hostile."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping

from making.broken.case import Case, given, swollen
from making.broken.markup import laughs, outside
from making.markup import package, word_part

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DATE = (1980, 1, 1, 0, 0, 0)
_PARAGRAPH = "<w:p><w:r><w:t>白细胞介素-6促进破骨细胞的形成。</w:t></w:r></w:p>"


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive, stored: deflated, its bytes would hang on the version of zlib."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content)
    return data.getvalue()


def _document(body: str, before: str = "") -> bytes:
    part = word_part("document", f"<w:body>{body}</w:body>")
    return package({"word/document.xml": part.replace("<w:document", f"{before}<w:document", 1)})


def _changed(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Take a document apart, change its members, and zip them again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    return zipped(members)


def _headers(data: bytes, *, field: int, value: bytes) -> bytes:
    """Overwrite a field of every header; `field` is its offset in a local header, two more in a central one."""
    spoilt = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", field), (b"PK\x01\x02", field + 2)):
        at = spoilt.find(magic)
        while at >= 0:
            spoilt[at + offset : at + offset + len(value)] = value
            at = spoilt.find(magic, at + 4)
    return bytes(spoilt)


def _bomb(size: int) -> bytes:
    """Return a document whose text is `size` spaces."""

    document = _document(_PARAGRAPH)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            head, _, tail = content.partition("白细胞".encode())
            with archive.open(_member(name), "w") as member:
                member.write(head)
                for _ in range(size // 1_000_000 if tail else 0):
                    member.write(b" " * 1_000_000)
                member.write(tail)
    return data.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _compound(streams: tuple[str, ...]) -> bytes:
    """Return an OLE compound file with empty streams of these names, as Word writes one that is encrypted."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    table = struct.pack("<II", 0xFFFFFFFD, end).ljust(sector, b"\xff")
    entries = b""
    for number, (name, kind) in enumerate([("Root Entry", 5), *((stream, 2) for stream in streams)]):
        written = name.encode("utf-16-le") + b"\0\0"
        following = number + 1 if 0 < number < len(streams) else free
        links = struct.pack("<III", free, following, 1 if number == 0 else free)
        entry = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1) + links
        entries += (entry + bytes(36) + struct.pack("<IQ", end, 0)).ljust(128, b"\0")
    return head[:sector] + table + entries.ljust(sector, b"\0")


def cases(formats: Mapping[str, bytes]) -> Iterator[Case]:
    """Yield the cases of this module."""
    yield from _documents(formats["paper.docx"])
    yield from _parts(formats["paper.docx"])
    yield from _archives(formats)


def _documents(paper: bytes) -> Iterator[Case]:
    yield given("docx/encrypted.docx", "error", _compound(("EncryptionInfo", "EncryptedPackage")))
    yield given("docx/old-word.doc.docx", "error", _compound(("WordDocument", "1Table")))
    yield given("docx/encrypted-members.docx", "error", _headers(paper, field=6, value=b"\x01\x00"))
    yield given("docx/unknown-compression.docx", "error", _headers(paper, field=8, value=b"\x63\x00"))
    yield given("docx/says-it-is-deflated.docx", "error", _headers(paper, field=8, value=b"\x08\x00"))
    yield given("docx/wrong-checksum.docx", "error", _headers(paper, field=14, value=b"\0\0\0\0"))
    yield given("docx/size-says-0.docx", "error", _headers(paper, field=22, value=bytes(4)))
    yield given("docx/size-says-4-gb.docx", "error", _headers(paper, field=22, value=b"\xfe\xff\xff\xff"))
    yield Case("docx/bomb.docx", "error", lambda: _bomb(600_000_000))
    yield Case(
        "docx/bomb-that-says-it-is-small.docx",
        "error",
        lambda: _headers(_bomb(600_000_000), field=22, value=struct.pack("<I", 1000)),
    )
    yield given("docx/begins-late.docx", "either", b"MZ" + bytes(500) + paper)
    yield given("docx/with-a-tail.docx", "read", paper + bytes(500))


def _parts(paper: bytes) -> Iterator[Case]:
    main = "word/document.xml"
    for name in ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/footnotes.xml"):
        without = _changed(paper, lambda members, name=name: members.pop(name))  # type: ignore[misc]
        yield given(f"docx/without-{name.rpartition('/')[2].strip('[].').replace(']', '')}.docx", "either", without)
    yield given("docx/without-document.docx", "error", _changed(paper, lambda members: members.pop(main)))
    yield given("docx/empty-document.docx", "error", _changed(paper, lambda members: members.update({main: b""})))
    cut = _changed(paper, lambda members: members.update({main: members[main][:3000]}))
    yield given("docx/cut-document.docx", "error", cut)
    cut = _changed(paper, lambda members: members.update({"word/styles.xml": members["word/styles.xml"][:200]}))
    yield given("docx/cut-styles.docx", "either", cut)
    cut = _changed(paper, lambda members: members.update({"word/footnotes.xml": b"\xff\xfe<w:"}))
    yield given("docx/cut-footnotes.docx", "either", cut)
    wide = _changed(paper, lambda members: members.update({main: _recoded(members[main], "utf-16")}))
    yield given("docx/utf16.docx", "read", wide)
    false = _changed(paper, lambda members: members.update({main: members[main].decode().encode("gb18030")}))
    yield given("docx/says-utf8-is-gb18030.docx", "error", false)
    yield given("docx/no-text.docx", "error", _document("<w:p/>"))
    yield given("docx/no-body.docx", "error", package({main: word_part("document", "")}))
    yield given("docx/laughs.docx", "error", _document(_PARAGRAPH.replace("白", "&l9;"), laughs("w:document")))
    for kind, where in (("file", "file:///etc/passwd"), ("http", "http://127.0.0.1:9/x")):
        data = _document(_PARAGRAPH.replace("白", "&x;"), outside("w:document", where))
        yield given(f"docx/outside-{kind}.docx", "either", data)
    for depth in (150, 2000):
        cell = "<w:tbl><w:tr><w:tc>" * depth + _PARAGRAPH + "</w:tc></w:tr></w:tbl>" * depth
        yield given(f"docx/nested-tables-{depth}.docx", "error", _document(cell))
    yield Case("docx/empty-elements.docx", "error", lambda: _document(_PARAGRAPH + "<w:p/>" * 12_000_000))
    runs = f"<w:p>{'<w:ins>' * 3000}<w:r><w:t>骨</w:t></w:r>{'</w:ins>' * 3000}</w:p>"
    yield given("docx/nested-changes.docx", "error", _document(runs))
    note = '<w:p><w:r><w:t>骨</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    looped = {main: word_part("document", f"<w:body>{note}</w:body>")}
    looped["word/footnotes.xml"] = word_part("footnotes", f'<w:footnote w:id="1">{note}</w:footnote>')
    yield given("docx/footnote-of-itself.docx", "either", package(looped))
    yield given("docx/footnote-missing.docx", "either", _document(note))
    styles = word_part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>',
    )
    styled = _PARAGRAPH.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr>')
    looped = {main: word_part("document", f"<w:body>{styled}</w:body>"), "word/styles.xml": styles}
    yield given("docx/styles-of-each-other.docx", "read", package(looped))


def _recoded(part: bytes, encoding: str) -> bytes:
    return part.decode().replace('encoding="UTF-8"', f'encoding="{encoding.upper()}"', 1).encode(encoding)


def _archives(formats: Mapping[str, bytes]) -> Iterator[Case]:
    text = formats["paper.txt"]
    yield given("archives/paper.txt.gz", "either", gzip.compress(text, 0, mtime=0))
    yield given("archives/cut.txt.gz", "error", gzip.compress(text, 0, mtime=0)[:-100])
    yield given("archives/paper.txt.bz2", "either", bz2.compress(text))
    yield given("archives/paper.txt.xz", "either", lzma.compress(text))
    yield Case("archives/bomb.txt.gz", "error", lambda: swollen(b"", 600_000_000, wbits=31))
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in ("paper.txt", "../paper.txt", "/paper.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    yield given("archives/paths.tar", "either", tar.getvalue())
    yield given(
        "archives/paths.zip", "either", zipped({"../../paper.txt": text, "/paper.txt": text, "C:\\paper.txt": text})
    )
    yield given("archives/empty.zip", "error", zipped({}))
    yield given("archives/encrypted.zip", "error", _headers(zipped({"paper.txt": text}), field=6, value=b"\x01\x00"))
    nested = zipped({"paper.txt": text})
    for _ in range(300):
        nested = zipped({"inner.zip": nested})
    yield given("archives/nested.zip", "error", nested)
    yield Case("archives/members.zip", "error", lambda: zipped({f"{number}.bin": b"" for number in range(60_000)}))
    sheet = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    yield given("archives/workbook.xlsx", "error", zipped(sheet))
    yield given("archives/book.epub", "either", zipped({"mimetype": b"application/epub+zip"}))
