"""The commands, over the project's own samples and the real pipeline."""

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import docx
import jsonschema
import pytest
from typer.testing import CliRunner

from pipeline import __version__
from pipeline.cli.app import app
from pipeline.lexicon.layers import user_digest
from pipeline.schema import RECORDS, TABLES, record_schema, run_schema

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpora" / "samples"
GOLD = ROOT / "corpora" / "gold"
SENTENCE = "雌激素缺乏可能升高TNF-α的水平。本研究探讨炎症对骨吸收的影响。"

meo = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb"})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the samples, made with one worker by the command itself."""
    out = tmp_path_factory.mktemp("cli") / "samples"
    result = meo.invoke(app, ["run", str(SAMPLES), "--out", str(out), "--workers", "1"])
    assert result.exit_code == 0, result.output
    (out / "output.txt").write_text(result.stdout, encoding="utf-8")
    return out


def test_version() -> None:
    assert meo.invoke(app, ["--version"]).stdout == f"meo {__version__}\n"


@pytest.mark.parametrize("command", ["run", "explain", "evaluate", "diff", "schema"])
def test_every_command_says_what_it_does(command: str) -> None:
    result = meo.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_the_summary_tells_what_was_found(run: Path) -> None:
    said = (run / "output.txt").read_text(encoding="utf-8")
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    assert f"documents   {counts['documents']}" in said
    assert f"triples     {counts['triples']:,}" in said
    for relation in counts["relations"]:
        assert relation in said
    assert "characters/s" in said
    assert "The most frequent triples" in said
    assert "could not be processed" not in said


def test_every_record_is_valid(run: Path) -> None:
    for table in TABLES:
        validator = jsonschema.Draft202012Validator(record_schema(table))
        for line in (run / f"{table}.jsonl").read_text(encoding="utf-8").splitlines():
            validator.validate(json.loads(line))
    manifest = json.loads((run / "run.json").read_text(encoding="utf-8"))
    jsonschema.validate(manifest, record_schema("run"))


def test_keys_are_in_the_contracts_order_and_offsets_in_the_source(run: Path) -> None:
    texts = {}
    for line in (run / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert list(record) == list(RECORDS["documents"].__struct_fields__)
        texts[record["doc_id"]] = record["source_text"]
    found = 0
    for line in (run / "mentions.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert list(record) == list(RECORDS["mentions"].__struct_fields__)
        assert texts[record["doc_id"]][record["start"] : record["end"]] == record["text"]
        found += 1
    assert found > 100


def test_the_run_is_the_same_with_two_workers(run: Path, tmp_path: Path) -> None:
    result = meo.invoke(app, ["run", str(SAMPLES), "--out", str(tmp_path / "two"), "--workers", "2"])
    assert result.exit_code == 0, result.output
    for table in TABLES:
        assert (run / f"{table}.jsonl").read_bytes() == (tmp_path / "two" / f"{table}.jsonl").read_bytes()


def test_a_failed_document_gives_exit_code_one(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.txt").write_text(SENTENCE, encoding="utf-8")
    (corpus / "bad.txt").write_bytes(b"\x00\xff\xfe\x81" * 50)
    result = meo.invoke(app, ["run", str(corpus), "--out", str(tmp_path / "run")])
    assert result.exit_code == 1
    assert "(1 more failed)" in result.stdout
    assert "bad.txt" in result.stdout
    assert "readers" in result.stdout


def test_a_folder_of_one_of_each(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "text.txt").write_text(SENTENCE, encoding="gb18030")
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    document.save(str(corpus / "word.docx"))
    word = (corpus / "word.docx").read_bytes()
    (corpus / "macros.docm").write_bytes(word)
    with zipfile.ZipFile(corpus / "archive.zip", "w") as archive:
        archive.writestr("word.docx", word)
        archive.writestr("../out.md", SENTENCE)
    with tarfile.open(corpus / "archive.tar.gz", "w:gz") as tar:
        tar.add(corpus / "text.txt", "folder/text.txt")
    lines = [json.dumps({"id": "one", "text": SENTENCE}), "no JSON"]
    (corpus / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for workers in "12":
        out = str(tmp_path / workers)
        assert meo.invoke(app, ["run", str(corpus), "--out", out, "--workers", workers]).exit_code == 1
    for table in TABLES:
        assert (tmp_path / "1" / f"{table}.jsonl").read_bytes() == (tmp_path / "2" / f"{table}.jsonl").read_bytes()

    def column(table: str, name: str) -> list[str]:
        said = (tmp_path / "1" / f"{table}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line)[name] for line in said.splitlines()]

    ids = ["archive.tar.gz/folder/text", "archive.zip/word", "lines.jsonl/one", "macros", "text", "word"]
    assert column("documents", "doc_id") == ids
    assert column("triples", "doc_id") == ids
    assert column("documents", "format") == ["text", "docx", "text", "docx", "text", "docx"]
    assert column("failures", "path") == ["archive.zip/../out.md", "lines.jsonl:2"]


def test_standard_input_and_a_table_with_limits(tmp_path: Path) -> None:
    result = meo.invoke(app, ["run", "-", "--out", str(tmp_path / "a")], input=SENTENCE.encode("utf-16"))
    assert result.exit_code == 0, result.output
    document = json.loads((tmp_path / "a" / "documents.jsonl").read_text(encoding="utf-8"))
    assert (document["doc_id"], document["source_text"]) == ("stdin", SENTENCE)
    table = tmp_path / "papers.csv"
    table.write_text(f"pmid,zh\n1,{SENTENCE}\n", encoding="gb18030")
    call = [
        "run",
        str(table),
        "--out",
        str(tmp_path / "b"),
        "--id-column",
        "pmid",
        "--text-column",
        "zh",
        "--max-pages",
        "9",
    ]
    result = meo.invoke(app, call)
    assert result.exit_code == 0, result.output
    settings = json.loads((tmp_path / "b" / "run.json").read_text(encoding="utf-8"))["settings"]
    limits = {"max_bytes": 100_000_000, "max_pages": 9, "id_column": "pmid", "text_column": "zh"}
    assert settings == settings | limits
    result = meo.invoke(app, [*call[:4], "--max-bytes", "20"])
    assert result.exit_code == 1
    assert "bytes are more than the limit of 20" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["run", "nowhere", "--out", "{tmp}/run"], "give a folder of papers (.md"),
        (["run", str(SAMPLES), "--out", "{tmp}/full"], "give another --out, or --force"),
        (["run", str(SAMPLES), "--out", "{tmp}/run", "--disable", "nonsense"], "nothing is called nonsense; allowed: "),
        (["run", str(SAMPLES), "--out", "{tmp}/run", "--lexicon", "{tmp}/full"], "give a folder of concept tables"),
        (["run", str(SAMPLES)], "Missing option '--out'"),
        (["evaluate", "{tmp}", "--gold", str(GOLD / "inflammation-bone.gold")], "make one with: meo run"),
        (["evaluate", "{tmp}", "--gold", "nowhere.gold"], "nowhere.gold"),
        (["diff", "{tmp}", "{tmp}"], "make one with: meo run"),
        (["schema", "tables"], "documents"),
        (["explain", "nowhere.txt"], "no such file; give a file, or a sentence on standard input"),
    ],
)
def test_a_wrong_call_gives_exit_code_two_and_the_remedy(arguments: list[str], remedy: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    result = meo.invoke(app, [argument.replace("{tmp}", str(tmp_path)) for argument in arguments])
    assert result.exit_code == 2, result.output
    words = " ".join(result.output.replace("│", " ").split())
    assert remedy in words


def test_evaluate_prints_and_writes_the_same_figures(run: Path) -> None:
    call = ["evaluate", str(run), "--gold", str(GOLD / "inflammation-bone.gold")]
    report = json.loads(meo.invoke(app, [*call, "--json"]).stdout)
    head = report["levels"]["relaxed ends, direction (headline)"]
    said = meo.invoke(app, [*call, "--verbose"]).stdout
    assert f"{head['precision']:.3f}   {head['recall']:.3f}   {head['f1']:.3f}" in said
    assert f"Missed ({len(report['missed'])})" in said
    assert f"Wrong ({len(report['wrong'])})" in said
    assert head["right"] == sum(row["right"] for row in report["rules"].values())
    assert head["right"] == sum(row["right"] for row in report["relations"].values())
    assert sum(report["causes"].values()) == len(report["missed"]) == head["gold"] - head["right"]


def test_evaluate_names_documents_that_the_run_lacks(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "more.gold"
    shutil.copy(GOLD / "inflammation-bone.gold", gold)
    with gold.open("a", encoding="utf-8") as file:
        file.write("\ndoc elsewhere\n= 某文\nA > binds > B\n")
    result = meo.invoke(app, ["evaluate", str(run), "--gold", str(gold)])
    assert "not in the run, so all missed: elsewhere" in result.stdout
    (tmp_path / "elsewhere.txt").write_text("别的文章", encoding="utf-8")
    result = meo.invoke(app, ["evaluate", str(run), "--gold", str(gold), "--texts", str(tmp_path)])
    assert result.exit_code == 2
    assert "evidence is not in the text of elsewhere" in result.output


def test_diff_of_a_run_with_a_frame_switched_off(run: Path, tmp_path: Path) -> None:
    rule = json.loads((run / "triples.jsonl").read_text(encoding="utf-8").splitlines()[0])["rule"]
    out = tmp_path / "without"
    meo.invoke(app, ["run", str(SAMPLES), "--out", str(out), "--workers", "1", "--disable", rule])
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["settings"]["disabled"] == [rule]
    result = json.loads(meo.invoke(app, ["diff", str(run), str(out), "--json"]).stdout)
    assert result["rules"][rule]["lost"] > 0
    said = meo.invoke(app, ["diff", str(run), str(out)]).stdout
    counts = f"{len(result['gained'])} gained, {len(result['lost'])} lost, {len(result['changed'])} changed"
    assert f"{counts}, {result['same']:,} the same" in said
    assert "0 gained, 0 lost, 0 changed" in meo.invoke(app, ["diff", str(run), str(run)]).stdout


def test_a_users_lexicon_names_what_is_found(tmp_path: Path) -> None:
    tables = tmp_path / "mine"
    tables.mkdir()
    header = "curie\ttype\tzh\ten\tsource\n"
    (tables / "some.tsv").write_text(f"{header}my:1\tdrug\t灵丹仙药\tElixir\tme\n", encoding="utf-8")
    text = tmp_path / "text.txt"
    text.write_text("灵丹仙药抑制破骨细胞分化。", encoding="utf-8")
    assert "my:1" not in meo.invoke(app, ["explain", str(text)]).stdout
    said = meo.invoke(app, ["explain", str(text), "--lexicon", str(tables)]).stdout
    assert "灵丹仙药  my:1  Elixir  drug, dictionary" in said
    runs = {}
    for name, options in {"without": [], "with": ["--lexicon", str(tables)]}.items():
        result = meo.invoke(app, ["run", str(text), "--out", str(tmp_path / name), *options])
        assert result.exit_code == 0, result.output
        runs[name] = json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))
        jsonschema.validate(runs[name], record_schema("run"))
    assert runs["without"]["settings"]["lexicons"] == []
    assert runs["with"]["settings"]["lexicons"] == [{"path": tables.as_posix(), "digest": user_digest(tables)}]
    assert runs["with"]["lexicon_digest"] != runs["without"]["lexicon_digest"]
    triple = json.loads((tmp_path / "with" / "triples.jsonl").read_text(encoding="utf-8"))
    assert triple["mediator"]["curie"] == "my:1"


@pytest.mark.parametrize("command", [["run", str(SAMPLES), "--workers", "2", "--out"], ["explain", "--lexicon"]])
def test_a_broken_users_table_names_the_row_and_the_remedy(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    table = tmp_path / "mine" / "some.tsv"
    table.write_text("curie\ttype\tzh\ten\tsource\n\tmedicine\t灵丹\t\tme\n", encoding="utf-8")
    rest = [str(tmp_path / "run"), "--lexicon", str(table.parent)] if command[0] == "run" else [str(table.parent)]
    result = meo.invoke(app, [*command, *rest], input=SENTENCE)
    assert result.exit_code == 2
    assert f"{table}:2: type is 'medicine'; it must be one of" in result.output
    assert not (tmp_path / "run").exists()


def test_schema_prints_one_table_or_all() -> None:
    assert json.loads(meo.invoke(app, ["schema", "triples"]).stdout) == record_schema("triples")
    assert json.loads(meo.invoke(app, ["schema"]).stdout) == run_schema()


def test_explain_shows_what_was_read_and_why_not() -> None:
    said = meo.invoke(app, ["explain"], input=SENTENCE).stdout
    for word in ("tokens", "mention", "TNF-α", "hedge", "triple", "increases?", "no triple", "aim or method"):
        assert word in said


def test_explain_as_json_has_offsets_in_the_source() -> None:
    first, second = json.loads(meo.invoke(app, ["explain", "--json", "-"], input=SENTENCE).stdout)
    assert SENTENCE[first["start"] : first["end"]] == first["text"]
    assert "".join(first["tokens"]) == first["text"]
    for mention in first["mentions"]:
        assert SENTENCE[mention["start"] : mention["end"]] == mention["text"]
    assert [triple["effect"]["relation"] for triple in first["triples"]] == ["increases"]
    assert second["triples"] == []
    assert second["unread"]


def test_explain_of_nothing(tmp_path: Path) -> None:
    assert "running Chinese text" in meo.invoke(app, ["explain"], input="No Chinese here.").stdout
    assert meo.invoke(app, ["explain"], input=b"\xff\xfe\x00").exit_code == 2
