"""Real archives, JSONL files and tables: what is listed, what is read, and whose failure a bad one is."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch.containers import Columns
from pipeline.batch.corpus import Input, find_inputs, load, open_input
from pipeline.readers import Limits, ReadError

TEXT = "炎症促进骨吸收。"


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(files: dict[str, str | bytes], *more: tarfile.TarInfo, mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            encoded = data.encode() if isinstance(data, str) else data
            info.size = len(encoded)
            archive.addfile(info, io.BytesIO(encoded))
        for info in more:
            archive.addfile(info)
    return bytes(stream.getvalue())


def listed(folder: Path, name: str, data: bytes, limits: Limits = Limits()) -> list[Input]:  # noqa: B008
    (folder / name).write_bytes(data)
    return find_inputs(folder / name, limits)


def names(inputs: list[Input]) -> list[tuple[str, str]]:
    return [(item.doc_id, item.path) for item in inputs]


def read(inputs: list[Input], limits: Limits = Limits()) -> dict[str, str]:  # noqa: B008
    """Read each paper as a worker does that gets it pickled; what cannot be read is its reason."""
    found = {}
    for item in inputs:
        try:
            found[item.doc_id] = open_input(pickle.loads(pickle.dumps(item)), limits).source.text
        except ReadError as error:
            found[item.doc_id] = f"! {error}"
    return found


PACKERS: dict[str, Callable[[dict[str, str | bytes]], bytes]] = {
    "a.zip": zipped,
    "b.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "a.tar": tarred,
    "a.tar.gz": lambda files: tarred(files, mode="w:gz"),
    "a.tgz": lambda files: tarred(files, mode="w:gz"),
    "a.tar.bz2": lambda files: tarred(files, mode="w:bz2"),
    "a.tar.xz": lambda files: tarred(files, mode="w:xz"),
}


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_is_read_like_the_folder_it_holds(tmp_path: Path, name: str) -> None:
    files: dict[str, str | bytes] = {
        "二/b.md": "二", "a.txt": "一", "a.md": "三", "p.png": b"\x89PNG", ".x/h.md": "h", "__MACOSX/a.md": "m", "t.csv": "id,text\n",
    }  # fmt: skip
    inputs = listed(tmp_path, name, PACKERS[name](files))
    assert names(inputs) == [("二/b", "二/b.md"), ("a.txt", "a.txt"), ("a.md", "a.md")]
    assert read(inputs) == {"二/b": "二", "a.txt": "一", "a.md": "三"}
    assert read(list(reversed(inputs))) == read(inputs)
    assert len(pickle.dumps(inputs[0])) < 500


def test_archives_in_archives_to_three(tmp_path: Path) -> None:
    data = zipped({"deep.md": TEXT})
    for level in (3, 2, 1):
        pack = PACKERS["a.tar.gz"] if level == 2 else zipped
        data = pack({f"{level}.md": str(level), f"in{level}.{'tgz' if level == 3 else 'zip'}": data})
    inputs = listed(tmp_path, "a.zip", data)
    found = read(inputs)
    assert found["1"] == "1"
    assert found["in1.zip/2"] == "2"
    assert found["in1.zip/in2.zip/3"] == "3"
    assert found["in1.zip/in2.zip/in3.tgz"].startswith(
        "! in1.zip/in2.zip/in3.tgz: archives in archives nest more than 3 deep"
    )


@pytest.mark.parametrize(
    ("name", "pack"), [("a.md.gz", gzip.compress), ("a.md.bz2", bz2.compress), ("a.md.xz", lzma.compress)]
)
def test_a_compressed_paper(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    inputs = listed(tmp_path, name, pack(TEXT.encode()))
    assert names(inputs) == [("a", name)]
    assert read(inputs) == {"a": TEXT}


def test_records_in_archives(tmp_path: Path) -> None:
    lines = '{"id": "x", "text": "一"}\n{"id": "y", "text": "二"}\n'
    inputs = listed(tmp_path, "a.zip", zipped({"b.jsonl": lines, "c.jsonl.gz": gzip.compress(lines.encode())}))
    assert read(inputs) == {"b.jsonl/x": "一", "b.jsonl/y": "二", "c.jsonl.gz/x": "一", "c.jsonl.gz/y": "二"}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_paths_that_leave_the_archive_are_refused_one_by_one(
    tmp_path: Path, pack: Callable[[dict[str, str | bytes]], bytes]
) -> None:
    files: dict[str, str | bytes] = {
        "../up.md": "x",
        "/root.md": "x",
        "a/../../b.md": "x",
        "C:/c.md": "x",
        "good..md": TEXT,
    }
    found = read(listed(tmp_path, "a.bin", pack(files)) if pack is zipped else listed(tmp_path, "a.tar", pack(files)))
    assert found.pop("good.") == TEXT
    assert len(found) == 4
    assert all("its path leaves the archive; pack it anew" in reason for reason in found.values())


def test_links_and_devices_are_skipped(tmp_path: Path) -> None:
    link, device, hard = tarfile.TarInfo("link.md"), tarfile.TarInfo("device.md"), tarfile.TarInfo("hard.md")
    link.type, link.linkname, device.type = tarfile.SYMTYPE, "/etc/passwd", tarfile.CHRTYPE
    hard.type, hard.linkname = tarfile.LNKTYPE, "a.md"
    assert read(listed(tmp_path, "a.tar", tarred({"a.md": TEXT}, link, device, hard))) == {"a": TEXT}
    stream = io.BytesIO(zipped({"a.md": TEXT}))
    with zipfile.ZipFile(stream, "a") as archive:
        info = zipfile.ZipInfo("link.md")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert read(listed(tmp_path, "a.zip", stream.getvalue())) == {"a": TEXT}


def test_names_of_chinese_windows(tmp_path: Path) -> None:
    placeholder = zipped({"XXXX/a.md": TEXT}, zipfile.ZIP_STORED)
    data = placeholder.replace(b"XXXX/", "骨骼".encode("gb18030") + b"\\")
    assert read(listed(tmp_path, "a.zip", data)) == {"骨骼/a": TEXT}


def test_an_encrypted_member_is_its_own_failure(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.md": TEXT, "b.md": TEXT}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    found = read(listed(tmp_path, "a.zip", bytes(data)))
    assert found == {"a": TEXT, "b": "! b.md: it is encrypted; unpack the archive with its password"}


def test_a_damaged_member_is_its_own_failure(tmp_path: Path) -> None:
    data = zipped({"a.md": TEXT, "b.md": "骨" * 9}, zipfile.ZIP_STORED)
    found = read(listed(tmp_path, "a.zip", data.replace("骨骨".encode(), "骨牧".encode(), 1)))
    assert found["a"] == TEXT
    assert found["b"].startswith("! b.md: the archive is cut short or damaged (Bad CRC-32")


def test_a_member_that_stands_twice_is_named(tmp_path: Path) -> None:
    data = zipped({"a.md": TEXT, "b.md": "二"}).replace(b"b.md", b"a.md")
    found = read(listed(tmp_path, "a.zip", data))
    assert found == {"a": TEXT, "a.md (1)": "! a.md: stands twice in the archive; rename one"}


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
def test_of_an_archive_cut_short_the_beginning_is_read(tmp_path: Path, name: str) -> None:
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(30_000))
    data = PACKERS[name]({"a.md": TEXT, "b.md": noise, "c.md": TEXT})
    found = read(listed(tmp_path, name, data[: len(data) // 2]))
    assert "the archive is cut short" in found[name] or "unexpected end" in found[name]
    assert set(found) <= {"a", "b", name}
    if name in ("a.tar", "a.tar.gz"):
        assert found["a"] == TEXT


def test_a_damaged_header_is_no_end(tmp_path: Path) -> None:
    data = bytearray(tarred({"a.md": TEXT, "b.md": TEXT}))
    data[1024] ^= 1
    found = read(listed(tmp_path, "a.tar", bytes(data)))
    assert found == {"a": TEXT, "a.tar": "! a.tar: the archive is damaged after its last readable member; get it again"}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.gz"])
def test_what_is_no_archive_is_one_failure(tmp_path: Path, name: str) -> None:
    (found,) = read(listed(tmp_path, name, b"PK\x03\x04 no" if name == "a.zip" else b"no archive")).values()
    assert found.startswith(f"! {name}: ")


def test_a_docx_called_zip_is_a_paper(tmp_path: Path) -> None:
    inputs = listed(tmp_path, "a.zip", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}))
    assert names(inputs) == [("a", "a.zip")]
    assert "no Word document" in read(inputs)["a"]
    nested = listed(tmp_path, "b.zip", zipped({"c.zip": (tmp_path / "a.zip").read_bytes(), "d.md": TEXT}))
    assert read(nested)["d"] == TEXT
    assert "no Word document" in read(nested)["c"]


def test_limits_of_archives(tmp_path: Path) -> None:
    many = zipped({f"{number}.md": TEXT for number in range(5)})
    found = read(listed(tmp_path, "many.zip", many, Limits(members=3)))
    assert found.pop("many.zip") == "! many.zip: the archive holds more than 3 files; split it"
    assert list(found) == ["0", "1", "2"]
    inside = zipped({"x.zip": many, "y.md": TEXT})
    assert "many.zip: the archive holds" in str(read(listed(tmp_path, "many.zip", inside, Limits(members=3))).values())
    small = Limits(size=1000, expanded=4000)
    bomb = b"\0" * 1_000_000
    for name in ("a.zip", "a.tar.gz", "a.tar.xz"):
        packed = PACKERS[name]({"a.md": TEXT, "b.md": bomb})
        assert len(packed) < 3000
        found = read(listed(tmp_path, name, packed, small), small)
        assert "the archive expands to more than" in found[name]
    found = read(listed(tmp_path, "a.md.gz", gzip.compress(bomb), small), small)
    assert found == {"a": "! a.md.gz: it is larger than 1,000 bytes; raise --max-bytes"}


def test_a_declared_size_that_lies_is_found_out(tmp_path: Path) -> None:
    data = zipped({"a.md": b"x" * 1_000_000, "b.md": TEXT})
    lying = data.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    found = read(listed(tmp_path, "a.zip", lying))
    assert found["b"] == TEXT
    assert found["a"].startswith("! a.md: the archive is cut short or damaged")


def jsonl(*lines: object) -> bytes:
    return "".join(line + "\n" if isinstance(line, str) else json.dumps(line) + "\n" for line in lines).encode()


def test_lines_of_jsonl(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + jsonl(
        {"id": "x.5", "text": TEXT, "more": [1]},
        '{"id": "y", "text": ',
        "",
        {"id": 7, "text": "<html>不是网页</html>"},
        {"id": "x.5", "text": "又一"},
        {"text": "无号"},
        {"id": "z", "text": " "},
        ["no"],
        {"id": True, "text": "真"},
    )
    data += '{"id": "gbk", "text": "骨"}\n'.encode("gb18030") + b'{"id": "last", "text": "\xe6\x9c\xab"}'
    inputs = listed(tmp_path, "a.jsonl", data)
    found = read(inputs)
    assert {key: text for key, text in found.items() if not text.startswith("!")} == {
        "x.5": TEXT, "7": "<html>不是网页</html>", "last": "末",
    }  # fmt: skip
    assert [item.path for item in inputs] == [f"a.jsonl:{number}" for number in (1, 2, 4, 5, 6, 7, 8, 9, 10, 11)]
    assert "a.jsonl:2: this is no JSON (" in found["a.jsonl:2"]
    assert "the id 'x.5' stands already in line 1" in found["a.jsonl:5"]
    assert "'id' is missing or empty" in found["a.jsonl:6"]
    assert "'text' is missing or empty" in found["a.jsonl:7"]
    assert "no JSON object" in found["a.jsonl:8"]
    assert "'id' is missing" in found["a.jsonl:9"]
    assert "in UTF-8" in found["a.jsonl:10"]


def test_a_line_too_long_and_one_nested_too_deeply(tmp_path: Path) -> None:
    data = jsonl({"id": "a", "text": "x" * 500}, {"id": "b", "text": TEXT}, "[" * 100_000)
    found = read(listed(tmp_path, "a.jsonl", data, Limits(size=200_000)))
    assert found["b"] == TEXT
    assert "no JSON" in found["a.jsonl:3"]
    found = read(listed(tmp_path, "a.jsonl", data, Limits(size=300)))
    assert found["a.jsonl:1"].endswith("the line is longer than 300 bytes; raise --max-bytes")
    assert found["b"] == TEXT


TABLE = 'id,标题,text\n1,甲,"第一行\n第二行，""引号"""\n2,乙,骨吸收增加\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables(tmp_path: Path, encoding: str) -> None:
    inputs = listed(tmp_path, "a.csv", TABLE.encode(encoding))
    assert names(inputs) == [("1", "a.csv:2"), ("2", "a.csv:4")]
    assert read(inputs) == {"1": '第一行\n第二行，"引号"', "2": "骨吸收增加"}


def test_a_table_with_columns_of_its_own_and_bad_rows(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(f"pmid\tzh\n1\t{'长' * 200_000}\n\n2\n1\t又一\n3\t三\n", encoding="utf-8")
    found = read(find_inputs(tmp_path / "a.tsv", columns=Columns("pmid", "zh")))
    assert (len(found.pop("1")), found.pop("3")) == (200_000, "三")
    assert "the row has 1 cells, the header 2" in found["a.tsv:4"]
    assert "the pmid '1' stands already in line 2" in found["a.tsv:5"]
    (missing,) = read(find_inputs(tmp_path / "a.tsv")).values()
    assert "no column 'id' or 'text'; its columns are pmid, zh: name those" in missing
    (tmp_path / "b.csv").write_text('id,text\n1,好\n2,"没有结束\n', encoding="utf-8")
    assert list(read(find_inputs(tmp_path / "b.csv"))) == ["1", "b.csv:3"]


def test_a_container_that_changed_since_is_read_anew(tmp_path: Path) -> None:
    (before,) = listed(tmp_path, "a.zip", zipped({"a.md": TEXT}))
    assert load(before) == TEXT.encode()
    (after,) = listed(tmp_path, "a.zip", zipped({"a.md": TEXT * 2}))
    assert load(after) == (TEXT * 2).encode()
    (tmp_path / "a.zip").unlink()
    with pytest.raises(ReadError, match=r"a\.md: cannot be opened"):
        load(after)
