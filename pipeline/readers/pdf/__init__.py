"""PDF: its text layer, read as it is printed, column by column."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pypdfium2 as pdfium

from pipeline.model import Source
from pipeline.readers.drawing import Drawing
from pipeline.readers.error import ReadError
from pipeline.readers.limits import LIMITS, Limits
from pipeline.readers.pdf import guard
from pipeline.readers.pdf.blocks import Writer
from pipeline.readers.pdf.glyphs import Page, read_page
from pipeline.readers.pdf.lines import segments_of
from pipeline.readers.pdf.margins import running
from pipeline.readers.pdf.pages import Piece, pieces_of, usual_type

_OCR = "make a text layer first, such as with `ocrmypdf -l chi_sim in.pdf out.pdf`"
_NO_TITLE = re.compile(
    r"\.(?:docx?|wps|pdf|indd|fbd|s\d\d|tex)\b|Microsoft Word|untitled|无标题|^[\x21-\x7e]*$", re.IGNORECASE
)
_NAMES = re.compile(r"\s*[;；,，、]\s*")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s，。；、）)\]]+[A-Za-z0-9]")
_NO_NAME = re.compile(r"[\x21-\x7e]+")


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Draw the text of a PDF: paragraphs joined across lines, columns and pages, each line with its page and box.

    Raises:
        ReadError: for an empty, encrypted or damaged file, one of too many pages or that would swell, and one whose pages hold no
            characters.
    """
    guard.check(data, name, limits)
    document = _opened(data, name)
    try:
        count = len(document)
        if count > limits.pages:
            raise ReadError(
                f"{name}: {count:,} pages are more than the limit of {limits.pages:,}; split it, or raise the limit `pages`"
            )
        pages = _pages(document, name)
        said = _said(document)
    finally:
        document.close()
    _check(pages, name)
    return _drawn(pages, name, said)


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    if not data.strip():
        raise ReadError(f"{name}: the file is empty; give one that holds a paper")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).casefold():
            raise ReadError(
                f"{name}: this PDF is encrypted and needs a password; save it without one, as with `qpdf --decrypt`"
            ) from error
        if b"%%EOF" not in data[-2048:]:
            raise ReadError(
                f"{name}: this PDF is cut short (its end is missing); fetch the whole file again"
            ) from error
        raise ReadError(
            f"{name}: this PDF is damaged ({error}); fetch it again, or repair it, as with `qpdf in.pdf out.pdf`"
        ) from error


def _pages(document: pdfium.PdfDocument, name: str) -> list[Page]:
    pages = []
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise ReadError(
                f"{name}: page {index + 1} of this PDF is damaged; fetch it again, or repair it, as with `qpdf`"
            ) from error
        try:
            pages.append(read_page(page, index + 1))
        finally:
            page.close()
    return pages


def _said(document: pdfium.PdfDocument) -> dict[str, str]:
    """Return the document information; what is no text there is left out."""
    said = {}
    for key in document.METADATA_KEYS:
        with suppress(UnicodeDecodeError):
            said[key] = document.get_metadata_value(key).strip()
    return {key: value for key, value in said.items() if value}


def _check(pages: list[Page], name: str) -> None:
    printed, unknown = sum(len(page.glyphs) for page in pages), sum(page.unknown for page in pages)
    if not pages:
        raise ReadError(f"{name}: this PDF has no pages; give one that holds a paper")
    if not printed and not unknown:
        raise ReadError(f"{name}: no page of this PDF holds text (it is scanned, or empty); {_OCR}")
    if unknown > printed:
        raise ReadError(
            f"{name}: the fonts of this PDF do not say which characters they print; {_OCR}, with `--force-ocr`"
        )


def _drawn(pages: list[Page], name: str, said: dict[str, str]) -> Source:
    segments = [segments_of(page.glyphs) for page in pages]
    gone = running(segments)
    kept = [[each for each in page if id(each) not in marked] for page, marked in zip(segments, gone, strict=True)]
    # What is left of a paper of nothing but running heads is the heads.
    kept = kept if any(kept) else segments
    size, font = usual_type(kept)
    pieces: list[Piece] = []
    for page, left in zip(pages, kept, strict=True):
        pieces += pieces_of(page, left, size)
    writer = Writer(size, font, Drawing(), places={page.number: page.place for page in pages})
    writer.write(pieces)
    title = said.get("Title", "")
    return writer.drawing.source(
        name,
        format="pdf",
        encoding="utf-8",
        title=writer.title if not title or _NO_TITLE.search(title) else title,
        metadata=_metadata(said, " ".join(line.text for piece in pieces for line in piece.lines if line.page == 1)),
        references=writer.references,
    )


def _metadata(said: dict[str, str], first: str) -> dict[str, Any]:
    """Take authors from the document information, and the DOI from there or from the first page."""
    metadata: dict[str, Any] = {}
    match = _DOI.search(" ".join(said.values())) or _DOI.search(first)
    if match:
        metadata["doi"] = match[0]
    authors = said.get("Author", "")
    # A login name is no author.
    if authors and not _NO_NAME.fullmatch(authors):
        metadata["authors"] = [each for each in _NAMES.split(authors) if each]
    return metadata
