"""The cache: made once, read back, made anew where it cannot be used, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.lexicon import Concept, Lexicon, lexicon
from pipeline.lexicon.cache import cache_folder, cached, digest_of

HEADER = "curie\ttype\tzh\ten\tsource\n"
TEXT = "阿司匹林与TNF-α及CCL4、CCl4和NO的关系"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    concepts = tmp_path / "resources" / "concepts"
    concepts.mkdir(parents=True)
    rows = "\tdrug\t阿司匹林\taspirin\tteam\n\tchemical\t四氯化碳\tCCl4\tteam\nhgnc:1\tgene_or_protein\t\tCCL4|TNF-α\tteam\n"
    (concepts / "some.tsv").write_text(HEADER + rows, encoding="utf-8")
    (concepts.parent / "ambiguous.tsv").write_text("name\treason\nNO\tword\n", encoding="utf-8")
    return concepts


class Counted:
    """Makes a value and counts how often."""

    def __init__(self, value: list[str]) -> None:
        self.value, self.times = value, 0

    def __call__(self) -> list[str]:
        self.times += 1
        return self.value


def reads_tables(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that gets every folder whose tables are read."""
    read: list[Path] = []
    old = lexicon.read_shipped

    def hear(path: Path) -> tuple[list[Concept], list[str]]:
        read.append(path)
        return old(path)

    monkeypatch.setattr(lexicon, "read_shipped", hear)
    return read


def same(left: Lexicon, right: Lexicon) -> bool:
    return left.__getstate__() == right.__getstate__() and left.find(TEXT) == right.find(TEXT)


def test_is_made_once(folder: Path) -> None:
    make = Counted(["甲", "b"])
    assert [cached("some", ("a",), list[str], make) for _ in range(3)] == [["甲", "b"]] * 3
    assert make.times == 1
    assert [path.name.partition("-")[0] for path in folder.iterdir()] == ["some"]


def test_parts_do_not_run_into_each_other() -> None:
    assert digest_of(("ab", "c")) != digest_of(("a", "bc"))
    assert digest_of(("a",)) == digest_of((b"a",))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"value", b"other")),
        lambda path: path.write_bytes(os.urandom(500)),
        lambda path: path.unlink(),
    ],
    ids=["empty", "cut off", "changed", "noise", "gone"],
)
def test_what_is_damaged_is_made_anew(folder: Path, spoil: Callable[[Path], object]) -> None:
    make = Counted(["value"])
    cached("some", (), list[str], make)
    whole = next(folder.iterdir()).read_bytes()
    spoil(next(folder.iterdir()))
    assert cached("some", (), list[str], make) == ["value"]
    assert make.times == 2
    assert next(folder.iterdir()).read_bytes() == whole


def test_another_type_is_made_anew(folder: Path) -> None:
    cached("some", (), list[str], lambda: ["value"])
    assert cached("some", (), dict[str, int], lambda: {"value": 1}) == {"value": 1}


@pytest.mark.parametrize("where", ["a file", "a folder in a file", "a folder that holds the file's name as a folder"])
def test_works_where_nothing_can_be_written(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    make = Counted(["value"])
    if where.startswith("a folder that"):
        monkeypatch.setenv("MEO_CACHE", str(tmp_path))
        cached("some", (), list[str], make)
        path = next(tmp_path.iterdir())
        path.unlink()
        (path / "inner").mkdir(parents=True)
    else:
        (tmp_path / "file").write_text("mine")
        monkeypatch.setenv("MEO_CACHE", str(tmp_path / "file" / ("inner" if "folder" in where else "")))
    assert cached("some", (), list[str], make) == ["value"]
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.glob("*.part"))


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MEO_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "meo"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == tmp_path / ".cache" / "meo"
    monkeypatch.setenv("MEO_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def test_few_files_stay_those_used_last(folder: Path) -> None:
    def use(number: int) -> None:
        cached("some", (str(number),), list[str], lambda: ["value"])
        # The clock of a file system may be coarse.
        for age, path in enumerate(sorted(folder.glob("some-*"), key=lambda path: path.stat().st_mtime, reverse=True)):
            os.utime(path, (time.time() - 10 * age,) * 2)

    cached("other", (), list[str], lambda: ["value"])
    (folder / "some-left.part").write_text("half")
    os.utime(folder / "some-left.part", (0, 0))
    for number in (0, 1, 2, 3, 0, 4, 5):
        use(number)
    make = Counted(["value"])
    cached("some", ("0",), list[str], make)
    assert make.times == 0
    assert len(list(folder.glob("some-*"))) == 4
    assert len(list(folder.glob("other-*"))) == 1


def test_a_lexicon_from_the_cache_is_the_same(folder: Path, tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reads_tables(monkeypatch)
    made, loaded = Lexicon.load(tables, guards=("关系", "关")), Lexicon.load(tables, guards=("关", "关系"))
    assert len(read) == 1
    assert same(made, loaded)
    assert [TEXT[match.start : match.end] for match in loaded.find(TEXT)] == [
        *("阿司匹林", "TNF-α", "CCL4", "CCl4", "NO", "关系")
    ]


def test_the_shipped_lexicon_from_the_cache_is_the_same(folder: Path) -> None:
    assert same(Lexicon.load(), Lexicon.load())


@pytest.mark.parametrize("table", ["concepts/some.tsv", "concepts/new.tsv", "ambiguous.tsv"])
def test_a_changed_table_is_read_anew(folder: Path, tables: Path, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Lexicon.load(tables)
    read = reads_tables(monkeypatch)
    path = tables.parent / table
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    new = "阿司匹林\tword\n" if "ambiguous" in table else "\tdrug\t关系\t\tteam\n"
    path.write_text(before + new, encoding="utf-8")
    changed = Lexicon.load(tables)
    assert len(read) == 1
    assert changed.digest != first.digest
    assert changed.find(TEXT) != first.find(TEXT)


def test_other_guards_are_read_anew(folder: Path, tables: Path) -> None:
    assert Lexicon.load(tables).find("关系") == []
    assert len(Lexicon.load(tables, guards=("关系",)).find("关系")) == 1


def test_processes_that_start_at_once_do_not_disturb_each_other(folder: Path, tables: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.lexicon import Lexicon\n"
        "for _ in range(20):\n"
        "    found = Lexicon.load(Path(sys.argv[1])).find(sys.argv[2])\n"
        "    for path in Path(sys.argv[3]).glob('*.msgpack'): path.unlink(missing_ok=True)\n"
        "sys.stdout.write(str(len(found)))"
    )
    command = [sys.executable, "-c", code, str(tables), TEXT, str(folder)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    started = [subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True) for _ in range(4)]
    assert [process.communicate() for process in started] == [("5", "")] * 4
    assert not list(folder.glob("*.part"))
