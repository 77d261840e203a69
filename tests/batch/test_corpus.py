import os
import zipfile
from pathlib import Path

import pytest

from pipeline.batch.corpus import CorpusError, find_inputs, load


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("炎症促进骨吸收。", encoding="utf-8")


def test_documents_come_by_path_and_others_are_left(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a/二.TXT", "a/1.txt", "a/picture.png", ".git/x.txt", "a/.hidden.md", "z.txt.bak")
    assert [(item.doc_id, item.path) for item in find_inputs(tmp_path)] == [
        ("a/1", "a/1.txt"),
        ("a/二", "a/二.TXT"),
        ("b", "b.md"),
    ]


def test_files_that_would_share_a_name_keep_their_endings(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "a.md", "a.txt.md", "b.txt", "x/a.txt")
    ids = [item.doc_id for item in find_inputs(tmp_path)]
    assert ids == ["a.md", "a.txt", "a.txt.md", "b", "x/a"]


def test_one_file_is_a_corpus(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt")
    (item,) = find_inputs(tmp_path / "a.txt")
    assert (item.doc_id, item.path) == ("a", "a.txt")


def test_a_folder_of_everything_keeps_its_order(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a.docx", "d.docm", "t.csv", "z.png")
    (tmp_path / "c.jsonl").write_text('{"id": "2", "text": "二"}\n{"id": "1", "text": "一"}\nno\n', encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("y.md", "一")
        archive.writestr("x/b.md", "二")
    (tmp_path / "broken.tar.gz").write_bytes(b"\x1f\x8b")
    inputs = find_inputs(tmp_path)
    assert [item.doc_id for item in inputs] == [
        "a",
        "a.zip/y",
        "a.zip/x/b",
        "b",
        "broken.tar.gz",
        "c.jsonl/2",
        "c.jsonl/1",
        "c.jsonl:3",
        "d",
    ]
    assert [item.doc_id for item in inputs if item.fault] == ["broken.tar.gz", "c.jsonl:3"]
    assert load(inputs[2]) == "二".encode()
    assert load(inputs[5]) == "二"


def test_members_and_lines_that_would_share_a_name_keep_their_paths(tmp_path: Path) -> None:
    make(tmp_path, "c.jsonl.d/1.md")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.md", "一")
        archive.writestr("x.txt", "二")
    assert [item.doc_id for item in find_inputs(tmp_path)] == ["a.zip/x.md", "a.zip/x.txt", "c.jsonl.d/1"]


def test_a_pattern(tmp_path: Path) -> None:
    make(tmp_path, "p/1.txt", "p/2.md", "p/q/3.txt", "p/.h.txt", "p/4.png")
    (tmp_path / "p" / "t.csv").write_text("id,text\n7,一\n", encoding="utf-8")

    def ids(pattern: str) -> list[str]:
        return [item.doc_id for item in find_inputs(tmp_path / pattern)]

    assert ids("p/*.txt") == ["1"]
    assert ids("*/*.txt") == ["p/1"]
    assert ids("p/**/*.txt") == ["1", "q/3"]
    assert ids("p/*") == ["1", "2", "t.csv/7"]
    with pytest.raises(CorpusError, match="nothing to read here"):
        ids("p/*.docx")


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    make(tmp_path, "a[1]/x.md")
    assert [item.path for item in find_inputs(tmp_path / "a[1]")] == ["x.md"]


def test_an_archive_without_an_ending(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "papers", "w") as archive:
        archive.writestr("x.md", "一")
    assert [item.doc_id for item in find_inputs(tmp_path / "papers")] == ["x"]


def test_a_name_that_is_not_utf8_can_be_written(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xc7.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (item,) = find_inputs(tmp_path)
    assert item.path.encode("utf-8") == b"\\xb9\\xc7.txt" or item.path.isprintable()


@pytest.mark.parametrize(("name", "message"), [("missing", "no such file or folder"), ("", "nothing to read here")])
def test_nothing_to_read(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CorpusError, match=f"{message}.*give a folder of papers .*\\.md .*\\.docx"):
        find_inputs(tmp_path / name)
