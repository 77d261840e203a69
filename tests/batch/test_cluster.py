"""Runs on the workers of a Dask scheduler, as processes of their own on this machine: the bytes are those of one machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from batch.brittle import BOUNDS, Build, go, tables
from pipeline import model
from pipeline.batch.engine import EngineError
from pipeline.batch.events import DocumentRead, Event
from pipeline.batch.run import run_corpus
from pipeline.schema import read_records

pytest.importorskip("distributed", reason="needs the extra `cluster`")

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
# As the README shows it, but for the port, and a worker a process.
SHOWN = (
    "dask scheduler --port 8786\n"
    "DASK_DISTRIBUTED__WORKER__DAEMON=false dask worker tcp://HOST:8786 --nthreads 1 --nworkers 4\n"
    "meo run CORPUS --out RUN --cluster tcp://HOST:8786\n"
)
SCHEDULER = [
    sys.executable,
    "-m",
    "distributed.cli.dask_scheduler",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--no-dashboard",
]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard"]


class Dask(NamedTuple):
    address: str
    workers: list[subprocess.Popen[str]]


def start(command: list[str], folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, env=ENVIRONMENT | environment, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    with start(SCHEDULER, tmp_path) as process:
        assert process.stderr
        said = next(line for line in process.stderr if "Scheduler at" in line)
        yield re.findall(r"tcp://[\d.:]+", said)[0]
        process.kill()


@pytest.fixture
def dask(scheduler: str, tmp_path: Path) -> Iterator[Dask]:
    workers = [start([*WORKER, scheduler], tmp_path) for _ in range(2)]
    yield Dask(scheduler, workers)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        with suppress(subprocess.TimeoutExpired):
            worker.communicate(timeout=20)
        worker.kill()
        worker.communicate()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"sleep 0.{number % 4}", encoding="utf-8")
    for name, order in (
        ("crash", "crash"),
        ("hang", "hang"),
        ("raise", "raise"),
        ("once", f"once {tmp_path / 'mark'}"),
    ):
        (folder / f"{name}.txt").write_text(order, encoding="utf-8")
    return folder


def on_cluster(address: str, corpus: Path, out: Path, **options: object) -> None:
    from pipeline.batch.cluster import Cluster

    run_corpus(
        Build(),
        corpus,
        out,
        bounds=BOUNDS,
        engine=lambda job, _: Cluster(job, address),
        **options,  # type: ignore[arg-type]
    )


def test_a_cluster_gives_the_bytes_of_one_machine(dask: Dask, corpus: Path, tmp_path: Path) -> None:
    on_cluster(dask.address, corpus, tmp_path / "cluster")
    (tmp_path / "mark").unlink()
    go(corpus, tmp_path / "alone", workers=2)
    assert tables(tmp_path / "cluster") == tables(tmp_path / "alone")
    failed = {f.doc_id: f.error for f in read_records(tmp_path / "cluster", "failures", model.Failure)}
    assert set(failed) == {"crash", "hang", "raise"}
    assert failed["crash"].startswith("crash: ")
    assert failed["hang"].startswith("timeout: ")


def test_what_a_killed_worker_had_in_hand_goes_to_another(dask: Dask, corpus: Path, tmp_path: Path) -> None:
    def hear(event: Event) -> None:
        if isinstance(event, DocumentRead) and event.doc_id == "05":
            dask.workers[0].kill()

    on_cluster(dask.address, corpus, tmp_path / "cluster", hear=hear)
    (tmp_path / "mark").unlink()
    go(corpus, tmp_path / "alone", workers=2)
    assert tables(tmp_path / "cluster") == tables(tmp_path / "alone")


def test_the_readme_shows_these_commands(dask: Dask, tmp_path: Path) -> None:
    assert SHOWN in (ROOT / "README.md").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "run", str(ROOT / "corpora" / "samples"), "--cluster", dask.address]
    subprocess.run([*command, "--out", str(tmp_path / "run"), "--quiet"], env=ENVIRONMENT, check=True)
    assert (tmp_path / "run" / "triples.jsonl").stat().st_size


def test_a_scheduler_without_workers_and_none_at_all(
    scheduler: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.cluster._PATIENCE", 1.0)
    with pytest.raises(EngineError, match=r"has no workers; start some with: dask worker"):
        on_cluster(scheduler, corpus, tmp_path / "run")
    with pytest.raises(EngineError, match=r"no scheduler answers at tcp://127.0.0.1:9 .*dask scheduler"):
        on_cluster("tcp://127.0.0.1:9", corpus, tmp_path / "run")


def test_workers_that_may_not_start_processes(scheduler: str, corpus: Path, tmp_path: Path) -> None:
    worker = start([*WORKER, scheduler], tmp_path, DASK_DISTRIBUTED__WORKER__DAEMON="true")
    try:
        with pytest.raises(EngineError, match=r"start them with DASK_DISTRIBUTED__WORKER__DAEMON=false"):
            on_cluster(scheduler, corpus, tmp_path / "run")
    finally:
        worker.terminate()
        worker.communicate()
