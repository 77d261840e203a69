"""Broken and hostile inputs: each is refused with a reason or read, in little memory, and spoils no other."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CORPORA = ROOT / "corpora"
BROKEN = CORPORA / "broken"
MEMORY = 1_000_000_000
GROUPS = sorted(path.name for path in BROKEN.iterdir())


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    command = [sys.executable, str(Path(__file__).with_name("read_broken.py"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    last = rows[-1]["name"] if rows else "nothing"
    assert done.returncode == 0, f"the process ended after {last}: {done.stderr[-500:]}"
    return rows


def test_there_are_enough(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 200
    assert len({row["name"] for row in rows}) == len(rows)
    assert {row["name"].partition("/")[0] for row in rows} == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_each_is_refused_or_read(group: str, rows: list[dict[str, Any]]) -> None:
    wrong = []
    for row in rows:
        kind = row["outcome"].partition(":")[0]
        wanted = {"either": ("read", "error")}.get(row["expected"], (row["expected"],))
        if row["name"].startswith(f"{group}/") and kind not in wanted:
            wrong.append(f"{row['name']} ({row['expected']}): {row['outcome']}")
    assert not wrong, "\n".join(wrong)


def test_reasons_name_the_file(rows: list[dict[str, Any]]) -> None:
    refused = [row for row in rows if row["outcome"].startswith("error: ")]
    assert not [row for row in refused if row["name"].rpartition("/")[2] not in row["outcome"]]
    assert not [row for row in refused if len(row["outcome"]) > 1000 or "\n" in row["outcome"]]


def test_memory_stays_small(rows: list[dict[str, Any]]) -> None:
    first = next((row for row in rows if row["memory"] >= MEMORY), None)
    assert first is None, f"{first['name']} took {first['memory'] / 1e6:.0f} MB"


def test_nothing_outside_is_read(rows: list[dict[str, Any]]) -> None:
    assert "root:" not in json.dumps(rows)


def test_small_ones_are_those_of_the_script(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(CORPORA / "make_broken.py"), str(tmp_path)], check=True)
    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(BROKEN).as_posix(): path.read_bytes() for path in BROKEN.rglob("*") if path.is_file()}
    assert sum(map(len, kept.values())) < 2_000_000
    assert made.keys() == kept.keys()
    assert not [name for name in kept if made[name] != kept[name]]


def test_run_goes_on(tmp_path: Path) -> None:
    """A run over broken files reads the sound ones among them, and says of each other why not."""
    corpus, out = tmp_path / "corpus", tmp_path / "run"
    for group in ("nothing", "noise", "others", "docx", "xml", "pdf", "archives"):
        shutil.copytree(BROKEN / group, corpus / group)
    shutil.copy(CORPORA / "samples" / "formats" / "paper.txt", corpus / "sound.txt")
    command = [sys.executable, "-m", "pipeline", "run", str(corpus), "--out", str(out), "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1, done.stderr
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text(encoding="utf-8").splitlines()]
    documents = [json.loads(line) for line in (out / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {failure["stage"] for failure in failures} == {"readers"}
    assert all(Path(failure["path"]).name in failure["error"] for failure in failures)
    assert "sound" in {document["doc_id"] for document in documents}
    triples = (out / "triples.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum(json.loads(line)["doc_id"] == "sound" for line in triples) > 50
