"""Runs in other forms: what is read back is what the run says."""

import gzip
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.export import FORMS, ExportError, export
from pipeline.schema import TABLES, RunError

pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra `export`")
zstandard = pytest.importorskip("zstandard", reason="needs the extra `export`")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    corpus, out = folder / "corpus", folder / "run"
    shutil.copytree(Path(__file__).parents[2] / "corpora" / "samples", corpus)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 cut")
    done = CliRunner().invoke(app, ["run", str(corpus), "--out", str(out), "--quiet", "--workers", "2"])
    assert done.exit_code == 1
    return out


def read(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst"])
def test_compressed_tables_hold_the_same_lines(run: Path, tmp_path: Path, form: str) -> None:
    export(run, tmp_path / "whole", form)
    export(run, tmp_path / "again", form)
    export(run, tmp_path / "parts", form, documents=3)
    for table in TABLES:
        lines = (run / f"{table}.jsonl").read_bytes()
        assert read(tmp_path / "whole" / f"{table}.{form}") == lines
        assert (tmp_path / "again" / f"{table}.{form}").read_bytes() == (
            tmp_path / f"whole/{table}.{form}"
        ).read_bytes()
        parts = sorted((tmp_path / "parts" / table).iterdir())
        assert b"".join(map(read, parts)) == lines
    assert len(list((tmp_path / "parts" / "documents").iterdir())) > 3


def as_json(value: object) -> object:
    """Turn the maps of Parquet, lists of pairs, back to objects."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        pairs = value and all(isinstance(each, tuple) for each in value)
        return {key: as_json(each) for key, each in value} if pairs else [as_json(each) for each in value]
    return value


@pytest.mark.parametrize("part", [None, 4])
def test_parquet_holds_the_same_records(run: Path, tmp_path: Path, part: int | None) -> None:
    export(run, tmp_path / "out", "parquet", documents=part)
    for table in TABLES:
        lines = [json.loads(line) for line in (run / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()]
        path = tmp_path / "out" / (table if part else f"{table}.parquet")
        rows = [as_json(row) for row in pq.read_table(path).to_pylist()]
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines, strict=True):
            assert isinstance(row, dict)
            for field, value in line.items():
                read_back = json.loads(row[field]) if field == "metadata" else row[field]
                assert (read_back or None) == (value or None), (table, field)
    assert len(pd.read_parquet(tmp_path / "out" / ("triples" if part else "triples.parquet"))) > 100


def test_what_cannot_be_written(run: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").touch()
    with pytest.raises(ExportError, match="is there already"):
        export(run, tmp_path / "full", "parquet")
    with pytest.raises(RunError, match="is not a run folder"):
        export(tmp_path / "full", tmp_path / "out", "parquet")


def test_the_command(run: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(run), "--out", str(tmp_path / "out"), "--format", "jsonl.gz"])
    assert (done.exit_code, done.output) == (0, f"4 files in {tmp_path / 'out'}\n")
    assert set(FORMS) == {"jsonl.gz", "jsonl.zst", "parquet"}
