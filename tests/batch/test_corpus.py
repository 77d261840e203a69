import os
from pathlib import Path

import pytest

from pipeline.batch.corpus import CorpusError, find_inputs


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


def test_a_name_that_is_not_utf8_can_be_written(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xc7.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (item,) = find_inputs(tmp_path)
    assert item.path.encode("utf-8") == b"\\xb9\\xc7.txt" or item.path.isprintable()


@pytest.mark.parametrize(("name", "message"), [("missing", "no such file or folder"), ("", "nothing to read here")])
def test_nothing_to_read(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CorpusError, match=f"{message}.*\\.md or \\.txt"):
        find_inputs(tmp_path / name)
