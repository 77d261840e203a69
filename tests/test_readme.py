"""What the README shows is so."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = (
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/meo run corpora/samples --out outputs/samples",
    "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest",
)


def meo(*words: str, text: str | None = None, cwd: Path = ROOT) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    command = [sys.executable, "-m", "pipeline", *words]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=cwd, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    meo("run", str(ROOT / "corpora" / "samples"), "--out", str(folder / "outputs" / "samples"))
    return folder


def test_set_up_commands_stand_as_written() -> None:
    assert all(command in README for command in SET_UP)


def test_sentence_and_its_triples() -> None:
    block = re.search(r'echo "(.+)" \| meo explain\n(.+?)```', README, re.S)
    assert block
    printed = meo("explain", text=block[1])
    for line in block[2].splitlines():
        assert line.strip() in ("", "…") or line.strip() in printed


def test_python_block(folder: Path) -> None:
    block = re.search(r"```python\n(.+?)```", README, re.S)
    assert block
    done = subprocess.run([sys.executable, "-c", block[1]], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "increases" in done.stdout


def test_every_command_is_shown_and_runs(folder: Path) -> None:
    run = str(folder / "outputs" / "samples")
    gold = str(next((ROOT / "corpora" / "gold").glob("*.gold")))
    samples = {"CORPUS": str(ROOT / "corpora" / "samples"), "RUN": str(folder / "again"), "RUN_A": run, "RUN_B": run}
    shown = re.findall(r"^\| `meo (.+?)` \|", README, re.M)
    assert {line.split()[0] for line in shown} == {"run", "explain", "evaluate", "diff", "schema"}
    for line in shown:
        words = shlex.split(line)
        filled = [samples.get(word, gold if words[0] == "evaluate" and word == "FILE" else word) for word in words]
        if words[0] == "explain":
            filled[1] = str(next((ROOT / "corpora" / "samples").glob("inflammation*.txt")))
        assert meo(*filled)
