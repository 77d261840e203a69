"""The ZIP package of an Office file: its parts as XML, expanded under limits and parsed without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import IO

from lxml import etree

from pipeline.readers.error import ReadError
from pipeline.readers.limits import Limits
from pipeline.readers.xml_tree import check_elements

_PIECE = 1_000_000
_REMEDY = "open it in a word processor and save it again as DOCX"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# The strict variant of the format differs in its namespaces only.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)


class Package:
    """The parts of an Office file."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        """Open the package; `name` stands in messages.

        Raises:
            ReadError: for what is no whole ZIP file, and where members or declared sizes are beyond the limits.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise ReadError(
                f"{name}: the file is cut short or damaged ({error}); get it again, or {_REMEDY}"
            ) from error
        self._name = name
        self._limits = limits
        self._left = limits.expanded
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise ReadError(
                f"{name}: {len(members):,} members are more than the limit of {limits.members:,}; {_REMEDY} without attachments"
            )
        if sum(member.file_size for member in members) > limits.expanded:
            raise self._too_large()
        self._members = {member.filename.casefold().lstrip("/"): member for member in members}

    def _too_large(self) -> ReadError:
        return ReadError(
            f"{self._name}: it expands to more than the limit of {self._limits.expanded:,} bytes; "
            f"{_REMEDY} without pictures, or raise the limit `expanded`"
        )

    def part(self, path: str | None) -> etree._Element | None:
        """Return the root element of a part, or None where there is no such part.

        Raises:
            ReadError: where it is encrypted, damaged, too large, nested too deeply, of too many elements, or declares entities.
        """
        member = self._members.get(path.casefold()) if path else None
        if member is None:
            return None
        data = self._expanded(member)
        if b"<!DOCTYPE" in (data.replace(b"\0", b"") if b"\0" in data else data):
            raise ReadError(f"{self._name}: {path} declares a document type, which no DOCX may; {_REMEDY}")
        check_elements(data.count(b"<") - data.count(b"</"), self._name, self._limits)
        for strict, usual in _STRICT if b"http://purl.oclc.org/ooxml/" in data else ():
            data = data.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise ReadError(f"{self._name}: {path} cannot be parsed ({error.msg}); {_REMEDY}") from error
        if root.xpath(f"boolean({'/*' * (self._limits.depth + 1)})"):
            raise ReadError(
                f"{self._name}: the elements of {path} nest more than {self._limits.depth} deep, the limit `depth`; {_REMEDY}"
            )
        return root

    def _expanded(self, member: zipfile.ZipInfo) -> bytes:
        if member.flag_bits & 1:
            raise ReadError(f"{self._name}: it is encrypted; save it without a password")
        try:
            with self._zip.open(member) as stream:
                data = self._read(stream)
        except ReadError:
            raise
        except _BROKEN as error:
            raise ReadError(
                f"{self._name}: {member.filename} is cut short or damaged ({error}); get the file again, or {_REMEDY}"
            ) from error
        return data

    def _read(self, stream: IO[bytes]) -> bytes:
        # One `read` of it all would hold what is too large twice over before it is refused.
        pieces = []
        while piece := stream.read(_PIECE):
            pieces.append(piece)
            self._left -= len(piece)
            if self._left < 0:
                raise self._too_large()
        return b"".join(pieces)

    def related(self, path: str, kind: str) -> str | None:
        """Return the path of the part that `path` (the package itself: "") refers to as `kind`, such as `styles`."""
        folder, file = posixpath.split(path)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        for relationship in () if root is None else root.iter(_RELATIONSHIP):
            if relationship.get("Type", "").endswith(f"/{kind}") and relationship.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, relationship.get("Target", ""))).lstrip("/")
        return None
