"""Runs over documents that raise, kill their worker, or are read as the text says: nothing else is affected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.brittle import Broken, Build, Dying, go, tables
from pipeline import model
from pipeline.batch.engine import EngineError
from pipeline.batch.events import DocumentRead, Event, RunStarted
from pipeline.batch.folder import OutputError
from pipeline.batch.run import run_corpus
from pipeline.schema import TABLES, read_records, read_run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text("好文章。", encoding="utf-8")
    return folder


def failures(run: Path) -> Iterator[tuple[str, str, str]]:
    return ((f.doc_id, f.stage, f.error) for f in read_records(run, "failures", model.Failure))


def test_a_run_holds_all_its_files(corpus: Path, tmp_path: Path) -> None:
    heard: list[Event] = []
    out = tmp_path / "new" / "run"
    finished = run_corpus(Build(), corpus, out, workers=1, hear=heard.append)
    files = ["ledger.sqlite", "run.json", *(f"{table}.jsonl" for table in TABLES)]
    assert sorted(path.name for path in out.iterdir()) == sorted(files)
    assert [path.name for path in out.parent.iterdir()] == ["run"]
    assert read_run(out) == finished.run
    assert (finished.run.counts.documents, finished.run.counts.characters) == (30, 120)
    assert finished.run.timings.stages["read"] == 15.0
    assert finished.run.lexicon_digest == "digest"
    first, *read, _ = heard
    assert isinstance(first, RunStarted)
    assert first.documents == 30
    assert [(e.doc_id, e.state) for e in read if isinstance(e, DocumentRead)] == [
        (f"{n:02}", "done") for n in range(30)
    ]
    assert list(failures(out)) == []


def test_a_failure_is_one_documents_own(corpus: Path, tmp_path: Path) -> None:
    (corpus / "03.txt").write_text("raise", encoding="utf-8")
    (corpus / "04.txt").write_text("surrogate", encoding="utf-8")
    (corpus / "05.txt").write_bytes(b"\x00\xff\xfe\x81" * 50)
    finished = go(corpus, tmp_path / "run")
    found = list(failures(tmp_path / "run"))
    assert [(doc_id, stage) for doc_id, stage, _ in found] == [("03", "read"), ("04", "batch"), ("05", "readers")]
    assert found[0][2].startswith("IndexError: list index out of range (in obey, line ")
    assert (finished.run.counts.documents, finished.run.counts.failures) == (27, 3)


def test_bytes_do_not_depend_on_the_workers(corpus: Path, tmp_path: Path) -> None:
    (corpus / "07.txt").write_text("raise", encoding="utf-8")
    go(corpus, tmp_path / "one")
    go(corpus, tmp_path / "two", workers=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_no_more_workers_than_documents(corpus: Path, tmp_path: Path) -> None:
    assert go(corpus / "01.txt", tmp_path / "run", workers=8).run.timings.workers == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_pipeline_that_cannot_be_built_is_no_failure_of_documents(corpus: Path, tmp_path: Path, workers: int) -> None:
    with pytest.raises(ValueError, match="no such frame"):
        run_corpus(Broken(), corpus, tmp_path / "run", workers=workers)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_workers_that_do_not_start_are_told_of(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"workers end before they can read anything \(exit code 7\)"):
        run_corpus(Dying(), corpus, tmp_path / "run", workers=2)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_a_run_is_replaced_and_other_files_stay(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    go(corpus, out)
    (out / "notes.txt").write_text("mine")
    (corpus / "00.txt").unlink()
    assert go(corpus, out).run.counts.documents == 29
    assert read_run(out).counts.documents == 29
    assert (out / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "run"]


def test_a_folder_with_other_things_is_refused(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match="holds other things than a run; give another --out, or --force"):
        go(corpus, out)
    go(corpus, out, force=True)
    assert (out / "thesis.docx").read_text() == "years of work"
    assert read_run(out).counts.documents == 30


def test_a_file_is_no_run_folder(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(OutputError, match="is a file; give a folder"):
        go(corpus, tmp_path / "run", force=True)
