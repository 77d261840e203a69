"""Shards and other runs put together: the bytes are those of one run."""

from pathlib import Path

import msgspec
import pytest

from batch.brittle import go, tables
from pipeline.batch.corpus import CorpusError, Shard, find_inputs
from pipeline.batch.events import DocumentRead, Event, RunStarted
from pipeline.batch.merge import MergeError, merge_runs
from pipeline.schema import MANIFEST, Run, RunError, read_run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text("raise" if number == 7 else f"骨{number}", encoding="utf-8")
    return folder


def shards(corpus: Path, folder: Path, of: int = 3) -> list[Path]:
    for number in range(1, of + 1):
        go(corpus, folder / f"{number}", shard=Shard(number, of))
    return [folder / f"{number}" for number in range(1, of + 1)]


def test_merged_shards_are_the_run_over_the_corpus(corpus: Path, tmp_path: Path) -> None:
    go(corpus, tmp_path / "one")
    runs = shards(corpus, tmp_path / "shards")
    assert [read_run(run).settings.shard for run in runs] == ["1/3", "2/3", "3/3"]
    merged = merge_runs(runs[::-1], tmp_path / "merged")
    assert tables(tmp_path / "merged") == tables(tmp_path / "one")
    assert merged.run.counts == read_run(tmp_path / "one").counts
    assert merged.run.settings == read_run(tmp_path / "one").settings
    # The run goes on as if it had read all by itself; what failed is tried again.
    (corpus / "new.txt").write_text("骨", encoding="utf-8")
    events: list[Event] = []
    go(corpus, tmp_path / "merged", hear=events.append)
    assert isinstance(events[0], RunStarted)
    assert events[0].known == 29
    assert {e.doc_id for e in events if isinstance(e, DocumentRead) and e.state != "unchanged"} == {"07", "new"}


def test_a_shard_stays_the_same_when_the_corpus_grows(corpus: Path) -> None:
    before = {item.doc_id for item in find_inputs(corpus) if Shard(2, 3).holds(item.doc_id)}
    (corpus / "00a.txt").write_text("骨", encoding="utf-8")
    assert {item.doc_id for item in find_inputs(corpus) if Shard(2, 3).holds(item.doc_id)} - {"00a"} == before


def test_other_runs_come_one_behind_the_other(corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "000.txt").write_text("骨", encoding="utf-8")
    go(corpus, tmp_path / "a")
    go(other, tmp_path / "b")
    merge_runs([tmp_path / "a", tmp_path / "b"], tmp_path / "merged")
    together = tables(tmp_path / "merged")
    assert together == {name: lines + tables(tmp_path / "b")[name] for name, lines in tables(tmp_path / "a").items()}


def test_what_cannot_be_merged(corpus: Path, tmp_path: Path) -> None:
    runs = shards(corpus, tmp_path / "shards")
    with pytest.raises(MergeError, match=r"of 3 shards these are missing: 2"):
        merge_runs([runs[0], runs[2]], tmp_path / "merged")
    go(corpus, tmp_path / "one")
    with pytest.raises(MergeError, match=r"are not the shards of one corpus"):
        merge_runs([*runs, tmp_path / "one"], tmp_path / "merged")
    go(corpus, tmp_path / "two")
    with pytest.raises(MergeError, match=r"two holds the document 00, as a run before it does"):
        merge_runs([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    manifest = tmp_path / "two" / MANIFEST
    told = msgspec.json.decode(manifest.read_bytes(), type=Run)
    manifest.write_bytes(msgspec.json.encode(msgspec.structs.replace(told, lexicon_digest="another")))
    with pytest.raises(MergeError, match=r"differ in lexicon"):
        merge_runs([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    with pytest.raises(RunError, match=r"is not a run folder"):
        merge_runs([corpus], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/3/5"])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(CorpusError, match=r"give a part and how many there are, such as 3/8"):
        Shard.parse(text)


def test_a_list_names_files_from_its_folder(corpus: Path, tmp_path: Path) -> None:
    named = tmp_path / "papers.list"
    named.write_text("corpus/03.txt\n\n corpus/01.txt \ncorpus/03.txt\ncorpus/gone.txt\n", encoding="utf-8")
    go(Path(f"@{named}"), tmp_path / "run")
    found = [item.doc_id for item in find_inputs(Path(f"@{named}"))]
    assert found == ["corpus/03", "corpus/01", "corpus/gone"]
    assert read_run(tmp_path / "run").counts.documents == 2
    named.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CorpusError, match=r"papers.list: this list cannot be read"):
        find_inputs(Path(f"@{named}"))
