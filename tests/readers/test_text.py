"""The text reader: encodings found by content, and what is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from pipeline.readers import ReadError, open_source

SIMPLIFIED = "白细胞介素在骨吸收过程中的作用十分重要，它能够促进破骨细胞的形成，并且抑制成骨细胞的增殖与分化。"
TRADITIONAL = "白細胞介素在骨吸收過程中的作用十分重要，它能夠促進破骨細胞的形成，並且抑制成骨細胞的增殖與分化。"
MATRIX = [
    (SIMPLIFIED, "utf-8", b""),
    (SIMPLIFIED, "utf-8", codecs.BOM_UTF8),
    (SIMPLIFIED, "utf-16-le", b""),
    (SIMPLIFIED, "utf-16-le", codecs.BOM_UTF16_LE),
    (SIMPLIFIED, "utf-16-be", b""),
    (SIMPLIFIED, "utf-16-be", codecs.BOM_UTF16_BE),
    (SIMPLIFIED, "utf-32-le", codecs.BOM_UTF32_LE),
    (SIMPLIFIED, "utf-32-be", b""),
    (SIMPLIFIED, "gb18030", b""),
    (SIMPLIFIED, "gbk", b""),
    (TRADITIONAL, "big5", b""),
    (TRADITIONAL, "utf-8", b""),
]


@pytest.mark.parametrize(("text", "encoding", "mark"), MATRIX)
def test_encodings(tmp_path: Path, text: str, encoding: str, mark: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(mark + text.encode(encoding))
    source = open_source(path)
    assert source.text == text
    assert source.encoding == ("gb18030" if encoding == "gbk" else encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n ", "white space"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04abc", "ZIP"),
        (bytes(range(256)) * 4, "binary|not UTF-8"),
        (codecs.BOM_UTF8 + b"\xff\xff", "byte order mark"),
        ("白细胞".encode() + b"\xff\xfe\xff", "not UTF-8"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=reason):
        open_source(path)


def test_the_ending_does_not_matter_and_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("骨吸收", encoding="utf-8")
    assert open_source(tmp_path / "a.xyz").format == "text"
    with pytest.raises(ReadError, match="cannot be opened"):
        open_source(tmp_path / "a.txt")


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    text = "骨吸收\r\n\ufffd\u200b增加\r"
    path.write_bytes(text.encode())
    assert open_source(path).text == text
