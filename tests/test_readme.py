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
    samples |= {"RUN...": run, "OUT": str(folder / "out")}
    samples |= {"TERM": "IL-6", "FORMAT": "thuocl", "FOLDER": str(folder / "lexicon")}
    shown = re.findall(r"^\| `meo (.+?)` \|", README, re.M)
    assert {line.split()[0] for line in shown} == {
        *("run", "status", "merge", "export", "stream", "explain", "evaluate", "diff", "schema", "lexicon")
    }
    words_of = {"evaluate": gold, "lexicon": str(folder / "words.txt")}
    (folder / "words.txt").write_text("骨松症\n", encoding="utf-8")
    for line in shown:
        words = shlex.split(line)
        filled = [samples.get(word, words_of.get(words[0], word) if word == "FILE" else word) for word in words]
        if words[:2] == ["lexicon", "import"]:
            filled += ["--type", "disease"]
        if words[0] == "explain":
            filled[1] = str(next((ROOT / "corpora" / "samples").glob("inflammation*.txt")))
        if words[0] in ("merge", "export"):
            filled[filled.index("--out") + 1] += f"-{words[0]}"
        assert meo(*filled, text='{"text": "骨"}' if words[0] == "stream" else None)


def test_many_machines_and_other_forms(folder: Path) -> None:
    """The commands of both sections run in their order; a cluster is another test's, which starts it as shown here."""
    (folder / "CORPUS").symlink_to(ROOT / "corpora" / "samples")
    for title in ("Many machines", "Other forms"):
        block = re.search(rf"## {title}\n.+?```sh\n(.+?)```", README, re.S)
        assert block
        for line in block[1].splitlines():
            asked, _, command = line.rpartition(" | ")
            text = shlex.split(asked)[1] if asked else None
            assert meo(*shlex.split(command)[1:], text=text, cwd=folder)
    assert (folder / "RUN" / "triples.jsonl").read_bytes() == (folder / "outputs/samples/triples.jsonl").read_bytes()
    assert list((folder / "tables" / "triples").iterdir())


def test_lexicon_block(tmp_path: Path) -> None:
    """The commands of the section run in their order, over small files of the formats that it names."""
    files = {
        "hp-zh.babelon.tsv": "translation_language\tsubject_id\tpredicate_id\tsource_value\ttranslation_value\n"
        "zh\tHP:0000939\trdfs:label\tOsteoporosis\t骨质疏松\n",
        "hp.obo": "format-version: 1.2\n\n[Term]\nid: HP:0000939\nname: Osteoporosis\n",
        "THUOCL_medical.txt": "骨松症\t12\n",
        "accepted.tsv": "zh\ten\tabbr\ttype\n骨松因子\tbone loosening factor\tBLF\tgene_or_protein\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "corpus").symlink_to(ROOT / "corpora" / "samples")
    block = re.search(r"## Lexicon\n\n```sh\n(.+?)```", README, re.S)
    assert block
    said = [meo(*shlex.split(line)[1:], cwd=tmp_path) for line in block[1].splitlines()]
    assert "hgnc:6018" in said[0]
    assert "0 errors" in said[-2]
    assert "hp:0000939" in said[-1]
    assert (tmp_path / "mined.tsv").is_file()
