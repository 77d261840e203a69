"""Runs that are killed, stopped or starved, and documents that take their process with them: the bytes are the same in the end."""

import os
import random
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from batch.brittle import Build, go, tables
from pipeline import model
from pipeline.batch.events import DocumentRead, Event, RunStarted
from pipeline.batch.folder import OutputError
from pipeline.batch.run import UnfinishedError, run_corpus
from pipeline.batch.status import read_status
from pipeline.schema import RunError, read_records, read_run

ROOT = Path(__file__).parents[2]
PROGRAM = "from batch.brittle import main; main()"
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"sleep 0.0{number % 7}", encoding="utf-8")
    return folder


def begin(corpus: Path, out: Path, workers: int = 2) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(corpus), str(out), str(workers)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def heard(corpus: Path, out: Path, **options: object) -> tuple[RunStarted, dict[str, str]]:
    events: list[Event] = []
    go(corpus, out, hear=events.append, **options)
    assert isinstance(events[0], RunStarted)
    return events[0], {e.doc_id: e.state for e in events if isinstance(e, DocumentRead)}


def failures(run: Path) -> dict[str, str]:
    assert {f.stage for f in read_records(run, "failures", model.Failure)} <= {"batch"}
    return {f.doc_id: f.error for f in read_records(run, "failures", model.Failure)}


def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    (corpus / "03.txt").write_text("raise", encoding="utf-8")
    go(corpus, tmp_path / "undisturbed")
    out, chance = tmp_path / "run", random.Random(6)
    read: list[str] = []
    for kill in range(8):
        with begin(corpus, out) as run:
            with suppress(subprocess.TimeoutExpired):
                run.wait(chance.uniform(0.3, 1.5) if kill < 7 else None)
            run.kill()
            said, _ = run.communicate()
        read += [line for line in said.splitlines() if "state='done'" in line]
    assert run.returncode == 0
    assert tables(out) == tables(tmp_path / "undisturbed")
    # What was told as done is not read again.
    ids = [line.partition("doc_id='")[2][:2] for line in read]
    assert len(set(ids)) == len(ids)


def test_a_killed_run_is_no_run_until_it_is_finished(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run = begin(corpus, out)
    assert run.stdout
    next(line for line in run.stdout if "DocumentRead" in line)
    now = read_status(out)
    assert (now.state, now.process, now.workers, now.documents) == ("running", run.pid, 2, 40)
    with pytest.raises(OutputError, match=r"another run writes to .*; see it with: meo status"):
        go(corpus, out)
    run.kill()
    run.communicate()
    now = read_status(out)
    assert now.state == "stopped"
    assert now.done + now.planned == 40
    with pytest.raises(RunError, match="is not finished; the command that began it goes on with it"):
        list(read_records(out, "triples", model.Triple))
    finished = go(corpus, out)
    assert finished.run.counts.kept >= now.done
    now = read_status(out)
    assert (now.state, now.done, now.planned, now.seconds_left) == ("finished", 40, 0, None)


def test_a_run_killed_while_its_tables_are_replaced(corpus: Path, tmp_path: Path) -> None:
    go(corpus, tmp_path / "run")
    whole = tables(tmp_path / "run")
    (tmp_path / "run" / "run.json").unlink()
    (tmp_path / "run" / "documents.jsonl").write_bytes(b"half")
    (tmp_path / "run" / ".triples.part").write_bytes(b"half")
    assert set(heard(corpus, tmp_path / "run")[1].values()) == {"unchanged"}
    assert tables(tmp_path / "run") == whole
    assert not (tmp_path / "run" / ".triples.part").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_takes_only_itself_down(corpus: Path, tmp_path: Path, workers: int) -> None:
    orders = {"01": "hang", "05": "crash", "09": "eat", "13": "leave 0", "17": "leave 3", "21": "sleep 60"}
    for doc_id, order in orders.items():
        (corpus / f"{doc_id}.txt").write_text(order, encoding="utf-8")
    (corpus / "25.txt").write_text(f"once {tmp_path / 'mark'}", encoding="utf-8")
    finished = go(corpus, tmp_path / "run", workers)
    late = "timeout: this takes more than 3 s; raise --timeout"
    crash = "crash: the worker process died over this document"
    assert failures(tmp_path / "run") == {
        "01": late,
        "05": f"{crash} (SIGSEGV)",
        "09": "memory: this needs more than 300 MB for its process; raise --max-memory",
        "13": f"{crash} (exit code 0)",
        "17": f"{crash} (exit code 3)",
        "21": late,
    }
    counts = finished.run.counts
    assert (counts.documents, counts.failures, counts.retried) == (34, 6, 7)
    kinds = {"batch: crash": 3, "batch: timeout": 2, "batch: memory": 1}
    assert read_status(tmp_path / "run").failures == kinds
    # The failed ones are tried again, and only these.
    (corpus / "05.txt").write_text("well", encoding="utf-8")
    for doc_id in ("01", "21"):
        (corpus / f"{doc_id}.txt").unlink()
    begun, states = heard(corpus, tmp_path / "run")
    assert (begun.documents, begun.known, begun.dropped) == (38, 34, 2)
    assert states.pop("05") == "done"
    assert {doc_id for doc_id, state in states.items() if state == "failed"} == {"09", "13", "17"}
    assert sum(state == "unchanged" for state in states.values()) == 34


def test_a_worker_that_is_killed_costs_nothing(corpus: Path, tmp_path: Path) -> None:
    go(corpus, tmp_path / "undisturbed")
    run = begin(corpus, tmp_path / "run")
    assert run.stdout
    next(line for line in run.stdout if "DocumentRead" in line)
    for worker in children(run.pid):
        os.kill(worker, signal.SIGKILL)
    said, _ = run.communicate()
    assert run.returncode == 0
    assert "state='lost'" in said
    assert tables(tmp_path / "run") == tables(tmp_path / "undisturbed")


def children(process: int) -> list[int]:
    """The processes that a process started to read with."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in listed if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_changed_corpus_costs_what_has_changed(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    begun, _ = heard(corpus, out)
    assert (begun.documents, begun.known, begun.dropped, begun.anew) == (40, 0, 0, None)
    (corpus / "00.txt").unlink()
    (corpus / "01.txt").write_text("changed", encoding="utf-8")
    (corpus / "000.txt").write_text("new", encoding="utf-8")
    (corpus / "02.txt").rename(corpus / "02.md")
    begun, states = heard(corpus, out)
    assert (begun.documents, begun.known, begun.dropped, begun.anew) == (40, 38, 1, None)
    assert {doc_id for doc_id, state in states.items() if state == "done"} == {"000", "01", "02"}
    assert read_run(out).counts.kept == 37
    go(corpus, tmp_path / "new")
    assert tables(out) == tables(tmp_path / "new")


def test_what_decides_the_bytes_makes_all_new(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    go(corpus, out)
    events: list[Event] = []
    run_corpus(Build("other"), corpus, out, hear=events.append)
    assert isinstance(events[0], RunStarted)
    assert (events[0].known, events[0].anew) == (0, "options")
    begun, states = heard(corpus, out)
    assert begun.anew == "options"
    assert set(states.values()) == {"done"}
    begun, states = heard(corpus, out, restart=True)
    assert (begun.known, begun.anew) == (0, None)
    assert set(states.values()) == {"done"}


def test_a_run_of_before_the_ledger_is_replaced(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    go(corpus, out)
    whole = tables(out)
    (out / "ledger.sqlite").unlink()
    (out / "triples.jsonl").write_text("old\n", encoding="utf-8")
    begun, _ = heard(corpus, out)
    assert begun.known == 0
    assert tables(out) == whole


def test_a_damaged_ledger_names_the_remedy(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    go(corpus, out)
    (out / "ledger.sqlite").write_bytes(b"no database" * 999)
    with pytest.raises(UnfinishedError, match=r"is damaged .*; --restart reads the corpus anew"):
        go(corpus, out)
    go(corpus, out, restart=True)
    assert read_status(out).state == "finished"


def test_a_full_disk_is_told_and_gone_on_from(corpus: Path, tmp_path: Path) -> None:
    """A limit of the size of files stands for the disk: what is beyond is not written."""
    for file in corpus.iterdir():
        file.write_text("".join(map(chr, random.Random(file.name).choices(range(0x4E00, 0x9FA5), k=20_000))))
    go(corpus, tmp_path / "undisturbed")
    out = tmp_path / "run"
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({1 << 20}, -1))"
    command = [sys.executable, "-c", f"{limit}; {PROGRAM}", str(corpus), str(out), "2"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert "UnfinishedError" in done.stderr
    assert "free some space, and give the command again" in done.stderr
    assert 0 < read_status(out).done < 40
    assert go(corpus, out).run.counts.kept > 0
    assert tables(out) == tables(tmp_path / "undisturbed")


def test_papers_in_containers_and_under_odd_names_are_known_again(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "run"
    corpus.mkdir()
    (corpus / "lines.jsonl").write_text('{"id": 1, "text": "一"}\n{"id": 2, "text": "二"}\nno JSON\n', encoding="utf-8")
    with zipfile.ZipFile(corpus / "archive.zip", "w") as archive:
        archive.writestr("folder/paper.md", "三")
    Path(os.fsdecode(os.fsencode(corpus) + b"/\xff\xfe.txt")).write_text("四", encoding="utf-8")
    begun, first = heard(corpus, out)
    assert sorted(first.values()) == ["done"] * 4 + ["failed"]
    whole = tables(out)
    begun, second = heard(corpus, out)
    assert (begun.documents, begun.known) == (5, 4)
    assert sorted(second.values()) == ["failed"] + ["unchanged"] * 4
    assert tables(out) == whole
    with zipfile.ZipFile(corpus / "archive.zip", "w") as archive:
        archive.writestr("folder/paper.md", "五")
    assert [doc_id for doc_id, state in heard(corpus, out)[1].items() if state == "done"] == [
        "archive.zip/folder/paper"
    ]
