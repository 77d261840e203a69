"""XML as a tree, safely: no DTD is loaded, no entity of the file's own is expanded, nothing is fetched."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from pipeline.readers.error import ReadError
from pipeline.readers.limits import Limits
from pipeline.readers.text import Decoded, decode

Element = Any
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)",
    re.IGNORECASE,
)
_HEAD = 4096
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*>")
_PROLOG = re.compile(r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+(?=<!DOCTYPE)", re.IGNORECASE)
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_SUBSET = rf"\[(?:<!--(?:[^-]|-(?!->))*+-->|<\?(?:[^?]|\?(?!>))*+\?>|{_QUOTED}|<|[^\]\"'<])*+\]"
_DOCTYPE = re.compile(rf"<!DOCTYPE(?:{_QUOTED}|[^\[\"'>])*+(?:{_SUBSET}\s*+)?+>", re.IGNORECASE)
# Comments and CDATA come first: what looks like an entity in them is none.
_ENTITY = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|&([A-Za-z_][\w.\-]*+);", re.DOTALL)
_ENTITY_DECLARED = re.compile(r"<!ENTITY\s+(?:%\s+)?([^\s%]+)")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))


class MalformedError(ReadError):
    """A text is no XML, or none that stands by itself; as HTML it may still be read."""


def decoded(data: bytes, name: str) -> Decoded:
    """Decode a marked-up file; the encoding that it declares counts where it fits.

    Raises:
        ReadError: where no encoding fits.
    """
    match = _DECLARED.search(data, 0, _HEAD)
    return decode(data, name, (match[1] or match[2]).decode("ascii", "replace") if match else None)


def parse_xml(text: str, name: str, limits: Limits) -> Element:
    """Return the root of an XML text; tags are without their namespaces, comments and processing instructions are gone.

    Raises:
        MalformedError: where it is malformed or cut short, or uses an entity that only its own DTD defines.
        ReadError: where it nests deeper than `limits.depth` or has more than `limits.elements`.
    """
    check_elements(text.count("<") - text.count("</"), name, limits)
    text = _without_dtd(text, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        reason = re.sub(r"\s*,? line \d+, column \d+.*", "", error.msg or "it is empty", flags=re.DOTALL)
        if "xcessive depth" in reason:
            raise ReadError(too_deep(name, limits)) from error
        line, column = error.position
        raise MalformedError(
            f"{name}: this is malformed XML: {reason} (line {line}, column {column}); correct it there, or fetch the file again"
        ) from error
    flatten(root, name, limits)
    return root


def flatten(root: Element, name: str, limits: Limits) -> None:
    """Take the namespaces off all tags, and check how deep they nest.

    Raises:
        ReadError: where they nest deeper than `limits.depth`.
    """
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        if depth > limits.depth:
            raise ReadError(too_deep(name, limits))
        tag = element.tag
        if isinstance(tag, str) and tag.startswith("{"):
            element.tag = tag.rpartition("}")[2] or "unnamed"


def check_elements(count: int, name: str, limits: Limits) -> None:
    """Refuse a tree before it is built.

    Raises:
        ReadError: where it would have more elements than `limits.elements`.
    """
    if count > limits.elements:
        raise ReadError(
            f"{name}: {count:,} elements are more than the limit of {limits.elements:,}; no paper has as many: check the file, "
            "or split it"
        )


def too_deep(name: str, limits: Limits) -> str:
    """Say that elements nest too deep."""
    return f"{name}: its elements nest deeper than the limit of {limits.depth}; no paper's do: check the file"


def without_declaration(text: str) -> str:
    """Return the text behind the XML declaration, if there is one."""
    text = text.lstrip("\ufeff")
    match = _DECLARATION.match(text)
    return text[match.end() :] if match else text


def _without_dtd(text: str, name: str) -> str:
    """Return the text without declaration and DTD, and with the named characters of HTML and JATS as characters."""
    text = without_declaration(text)
    declared = ""
    if prolog := _PROLOG.match(text):
        doctype = _DOCTYPE.match(text, prolog.end())
        if doctype is None:
            line = text.count("\n", 0, prolog.end()) + 1
            raise MalformedError(
                f"{name}: this is malformed XML: its DOCTYPE does not end (line {line}, column 1); correct it there"
            )
        declared = doctype[0]
        # Its line breaks stay, so that errors name the lines of the file.
        text = text[: doctype.start()] + "\n" * declared.count("\n") + text[doctype.end() :]

    own = frozenset(_ENTITY_DECLARED.findall(declared))

    def character(match: re.Match[str]) -> str:
        entity = match[1]
        if entity is None or entity in _OF_XML:
            return match[0]
        found = html5.get(f"{entity};")
        if found is None or entity in own:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            raise MalformedError(
                f"{name}: it uses the entity &{entity}; of its own (line {line}, column {column}), which is not expanded for "
                "safety; only the named characters of HTML and JATS are: write its text in its place"
            )
        return found if found not in "<&" else f"&#{ord(found)};"

    return _ENTITY.sub(character, text) if "&" in text else text
