"""The benchmark scripts run, over the project's own samples."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "benchmarks" / name), *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=env).stdout


def test_throughput_names_every_stage() -> None:
    said = script("throughput.py", str(ROOT / "corpora" / "samples"), "--documents", "2")
    for row in ("readers", "normalise", "segment", "recognise", "extract", "record", "all stages", "jieba.lcut"):
        assert re.search(rf"^{row} +[\d.]+ +[\d,]+ +[\d.]+$", said, re.M), row
    assert re.search(r"peak memory \d+ MB; start-up to the first triple [\d.]+ s", said)


def test_fuzzing_counts_what_is_opened_refused_and_found(tmp_path: Path) -> None:
    said = script("fuzz.py", "--seconds", "2", "--format", "md", "csv", "--out", str(tmp_path), "--workers", "1")
    assert re.search(r"^md +\d+ +\d+ +0$", said, re.M)
    assert re.search(r"^csv +\d+ +\d+ +0$", said, re.M)
    assert re.search(r"^[\d,]+ inputs, 0 findings; the slowest took [\d.]+ s", said, re.M)


def test_speed_of_readers_names_every_format() -> None:
    said = script("readers.py", "--megabytes", "0.05", "--pages", "4")
    for name in ("one-column.pdf", "two-column.pdf, long", "docx", "html, long", "jats.xml, long", "md", "txt, long"):
        assert re.search(rf"^{name} +\d", said, re.M), name


def test_peers_read_the_same_text() -> None:
    pytest.importorskip("negspacy", reason="needs negspacy")
    said = script("peers.py", str(ROOT / "corpora" / "samples"), "--documents", "1")
    for row in ("jieba.lcut", "spaCy", "ours"):
        assert re.search(rf"^{row} +[\d.]+ +[\d,]+ +[\d.]+$", said, re.M), row


def test_ablation_shows_what_a_frame_is_worth() -> None:
    samples, gold = ROOT / "corpora" / "samples", ROOT / "corpora" / "gold" / "inflammation-bone.gold"
    said = script("ablation.py", str(gold), "--texts", str(samples), "--only", "effect", "pattern")
    assert "1 texts, 2 switched off in turn" in said
    whole = re.search(r"^\(nothing\) +([\d.]+)", said, re.M)
    without = re.search(r"^effect +([\d.]+) +([\d.]+) +\( *(-[\d.]+)\)", said, re.M)
    assert whole
    assert without
    assert float(without[2]) < float(whole[1])


def test_damage_is_measured_against_the_clean_texts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    shutil.copy(ROOT / "corpora" / "samples" / "inflammation-bone.txt", tmp_path / "texts")
    shutil.copy(ROOT / "corpora" / "gold" / "inflammation-bone.gold", tmp_path / "seed.gold")
    (tmp_path / "damage.py").write_text(
        "def damage(text, *, seed):\n    return text.replace('。', '。 ')\n", encoding="utf-8"
    )
    said = script("damage.py", str(tmp_path), "--gold", "seed", "--seeds", "1")
    clean = re.search(r"^clean +([\d.]+) \(\+0\.0000\)", said, re.M)
    damaged = re.search(r"^seed 1 +([\d.]+) \(\+0\.0000\)", said, re.M)
    assert clean
    assert damaged
    assert 0 < float(clean[1]) == float(damaged[1])
    assert "1 texts, 1 seeds, 0 that lose more than 0.01" in said
