"""The benchmark scripts run, over the project's own samples."""

import os
import re
import subprocess
import sys
from pathlib import Path

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


def test_ablation_shows_what_a_frame_is_worth() -> None:
    samples, gold = ROOT / "corpora" / "samples", ROOT / "corpora" / "gold" / "inflammation-bone.gold"
    said = script("ablation.py", str(gold), "--texts", str(samples), "--only", "effect", "pattern")
    assert "1 texts, 2 switched off in turn" in said
    whole = re.search(r"^\(nothing\) +([\d.]+)", said, re.M)
    without = re.search(r"^effect +([\d.]+) +([\d.]+) +\( *(-[\d.]+)\)", said, re.M)
    assert whole
    assert without
    assert float(without[2]) < float(whole[1])
