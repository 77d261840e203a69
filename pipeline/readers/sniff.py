"""The format of a file, by its content; its ending counts only where the content leaves it open."""

from __future__ import annotations

import io
import re
import zipfile

_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|!--|[A-Za-z])", re.IGNORECASE)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_JATS = re.compile(rb"<(?:!DOCTYPE\s+)?(?:pmc-articleset|article)[\s>]|Journal (?:Archiving|Publishing|Article)")
# The head of a message of several parts.
_WEB_ARCHIVE = re.compile(
    rb"\A(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?Content-Type:\s*multipart/related", re.IGNORECASE
)
_HEAD = 4096
HTML_ENDINGS = (".html", ".htm", ".xhtml", ".shtml", ".mhtml")


def sniff(data: bytes, name: str) -> str:
    """Return `pdf`, `docx`, `archive`, `jats`, `html` or `text`.

    >>> sniff(b"%PDF-1.7", "paper.txt"), sniff(b"<!DOCTYPE html><html>", "a"), sniff("骨吸收".encode(), "a.md")
    ('pdf', 'html', 'text')
    """
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx" if _is_docx(data) else "archive"
    if head.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        return "docx"
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")) or head[257:262] == b"ustar":
        return "archive"
    # In UTF-16 the letters of a tag are parted by zero bytes.
    plain = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if is_web_archive(data):
        return "html"
    if not _XML.match(plain):
        return "html" if name.casefold().endswith(HTML_ENDINGS) and b"<" in plain else "text"
    if _HTML.search(plain):
        return "html"
    if _JATS.search(plain):
        return "jats"
    return (
        "html" if name.casefold().endswith(HTML_ENDINGS) else "jats" if plain.lstrip().startswith(b"<?xml") else "text"
    )


def is_web_archive(data: bytes) -> bool:
    """Tell whether a file is MHTML, as which browsers save a page with what it shows."""
    return _WEB_ARCHIVE.match(data[:_HEAD]) is not None


def _is_docx(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
        return "[Content_Types].xml" in names and any(name.startswith("word/document") for name in names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # A DOCX cut short: its first member is the list of content types.
        return b"[Content_Types].xml" in data[:200]
