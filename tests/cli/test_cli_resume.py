"""`meo run` that is stopped and given again, and what it tells of itself: the real command and pipeline."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.schema import TABLES

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "140"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resume") / "corpus"
    folder.mkdir()
    sample = ROOT / "corpora" / "samples" / "inflammation-bone.txt"
    for number in range(12):
        shutil.copy(sample, folder / f"{number:02}.txt")
    return folder


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, words)]


def meo(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), env=ENVIRONMENT, capture_output=True, text=True, check=False)


def begin(*words: object) -> subprocess.Popen[str]:
    def hear_sigint() -> None:
        # Tests that are run in the background do not, nor would what they start.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return subprocess.Popen(command(*words), env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, preexec_fn=hear_sigint)


def tables(run: Path) -> dict[str, bytes]:
    return {table: (run / f"{table}.jsonl").read_bytes() for table in TABLES}


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_run_stopped_by_signals_goes_on_with_the_same_command(corpus: Path, tmp_path: Path) -> None:
    out, log = tmp_path / "run", tmp_path / "log.jsonl"
    words = ("run", corpus, "--out", out, "--workers", 2, "--log-file", log)
    for number in (signal.SIGTERM, signal.SIGINT):
        with begin(*words) as run:
            assert run.stderr
            told = next(line for line in run.stderr if " of 12 documents" in line)
            run.send_signal(number)
            rest = run.stderr.read()
        assert run.returncode == 128 + number, told + rest
        assert "Traceback" not in rest
        assert f"meo: stopped; what is read is kept, and the same command goes on with {out}" in rest
        assert lines(log)[-1]["event"] == "run_stopped"
        assert lines(log)[-1]["reason"] == number.name
    stopped = meo("status", out)
    assert "stopped; the command that began it goes on with it" in stopped.stdout
    last = meo(*words)
    assert last.returncode == 0, last.stderr
    assert "read before are kept where their bytes are the same" in last.stderr
    assert "kept from before" in last.stdout
    # Every document was read once.
    read = [line["doc_id"] for line in lines(log) if line["event"] == "document" and line["state"] == "done"]
    assert sorted(map(str, read)) == [f"{number:02}" for number in range(12)]
    assert meo("run", corpus, "--out", tmp_path / "undisturbed", "--quiet").stderr == ""
    assert tables(out) == tables(tmp_path / "undisturbed")


def test_what_a_run_tells(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    shutil.copy(corpus / "00.txt", tmp_path / "corpus")
    (tmp_path / "corpus" / "bad.txt").write_bytes(b"\x00\xff\xfe\x81" * 50)
    out, log = tmp_path / "run", tmp_path / "log.jsonl"
    options = ("--timeout", 60, "--max-memory", 1500, "--log-file", log)
    done = meo("run", tmp_path / "corpus", "--out", out, "--quiet", *options)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    settings = json.loads((out / "run.json").read_text(encoding="utf-8"))["settings"]
    assert (settings["timeout"], settings["max_memory"]) == (60, 1500)
    first, *documents, last = lines(log)
    assert (first["event"], first["documents"], first["workers"]) == ("run_started", 2, 2)
    assert {(line["doc_id"], line["state"], line["stage"]) for line in documents} == {
        ("00", "done", None),
        ("bad", "failed", "readers"),
    }
    assert (last["event"], last["documents"], last["failures"]) == ("run_finished", 1, 1)
    now = json.loads(meo("status", out, "--json").stdout)
    assert (now["state"], now["done"], now["failed"], now["failures"]) == ("finished", 1, 1, {"readers": 1})
    said = meo("status", out).stdout
    assert "2 of 2 (100.0%)" in said
    assert "1 readers" in said
    assert meo("status", tmp_path).returncode == 2
    wrong = meo("run", corpus, "--out", out, "--log-file", tmp_path / "no" / "log")
    assert wrong.returncode == 2
    assert "give another --log-file" in " ".join(wrong.stderr.replace("│", " ").split())


def test_memory_that_is_too_little_to_start_is_told(corpus: Path, tmp_path: Path) -> None:
    done = meo("run", corpus, "--out", tmp_path / "run", "--max-memory", 60)
    assert done.returncode == 3
    assert "raise --max-memory" in done.stderr
    assert not (tmp_path / "run").exists()
