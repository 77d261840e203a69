"""Whatever bytes a reader gets, it reads them or refuses them with a reason; `benchmarks/fuzz.py` does this for longer."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.normalise import normalise
from pipeline.readers import ReadError, read_source
from pipeline.references import find_references, parse_reference
from pipeline.sections import find_sections

BEGINNINGS = {
    "pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
    "xml": b"<?xml version='1.0'?>\n<article><body><p>",
    "html": b"<!DOCTYPE html><html><body><p>",
    "docx": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "md": b"# ",
    "txt": b"",
}
MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<sup>",
                "<xref rid='b1' ref-type='bibr'>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<sec>",
                "<title>",
                "&#0;",
            ),
            *(
                "$",
                "\\mathrm {",
                "}",
                "^ { [ 2 7 ] }",
                "![](",
                "# ",
                "| ",
                "参考文献\n",
                "[1]",
                "[30。",
                "等3发现",
                "\n\n",
                "，",
                "。",
                "骨吸收",
            ),
            *(
                "\u200b",
                "\U001001b0",
                "\U0001f9ec",
                "\ue000",
                "（",
                "〔",
                "1. ",
                "图1 ",
                "摘要：",
                "2 结果",
                "－",
                "\r",
                "\x0c",
            ),
        ]
    ),
    max_size=60,
).map("".join)
QUIET = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def read(data: bytes, name: str) -> None:
    source = refusal = None
    try:
        source = read_source(data, name)
    except ReadError as error:
        refusal = str(error).strip()
    assert source or refusal
    if source:
        source.text.encode()
        check(source.text)


def check(text: str) -> None:
    normalised = normalise(text)
    assert len(normalised.starts) == len(normalised.ends) == len(normalised.text)
    assert all(0 <= start <= end <= len(text) for start, end in zip(normalised.starts, normalised.ends, strict=True))
    for _, entry in find_references(normalised, find_sections(normalised), text).values():
        parse_reference(entry)


@pytest.mark.parametrize("ending", BEGINNINGS)
@QUIET
@given(rest=st.binary(max_size=400))
def test_any_bytes(ending: str, rest: bytes) -> None:
    read(BEGINNINGS[ending] + rest, f"paper.{ending}")


@pytest.mark.parametrize("ending", ["xml", "html", "md", "txt"])
@QUIET
@given(rest=MARKUP)
def test_any_markup(ending: str, rest: str) -> None:
    read(BEGINNINGS[ending] + rest.encode(), f"paper.{ending}")


@QUIET
@given(text=st.text(max_size=300))
@example(text="[1]" * 80)
def test_any_text_keeps_its_way_back(text: str) -> None:
    check(text)
