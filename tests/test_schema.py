import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from pipeline.schema import RECORDS, TABLES, RunError, read_records, read_run, record_schema, run_schema
from pipeline.tables import resource


def test_the_shipped_schema_is_current() -> None:
    """After a change of the records: `meo schema > resources/schema.json`."""
    assert json.loads(resource("schema.json").read_text(encoding="utf-8")) == run_schema()


@pytest.mark.parametrize("name", RECORDS)
def test_every_schema_is_closed_and_follows_the_record(name: str) -> None:
    schema = record_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    record = schema["$defs"][RECORDS[name].__name__]
    assert record["additionalProperties"] is False
    assert record["required"] == list(RECORDS[name].__struct_fields__)


def test_a_failure_line_is_valid_and_others_are_not() -> None:
    validator = jsonschema.Draft202012Validator(record_schema("failures"))
    line = {"doc_id": "a", "path": "a.txt", "stage": "readers", "error": "empty"}
    assert validator.is_valid(line)
    assert not validator.is_valid(line | {"more": 1})
    assert not validator.is_valid({"doc_id": "a"})


def test_what_is_no_run_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no run\.json; make one with: meo run CORPUS --out"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text('{"schema_version": 1}')
    with pytest.raises(RunError, match="run the corpus again"):
        read_run(tmp_path)
    (tmp_path / "failures.jsonl").write_text(
        '{"doc_id": "a", "path": "p", "stage": "s", "error": "e"}\n{"doc_id": 1}\n'
    )
    with pytest.raises(RunError, match=r"failures\.jsonl:2: "):
        list(read_records(tmp_path, "failures", TABLES["failures"]))


def test_a_line_may_hold_more_than_is_asked_for(tmp_path: Path) -> None:
    class Lean(msgspec.Struct):
        doc_id: str

    (tmp_path / "triples.jsonl").write_text('{"doc_id": "a", "new_field": 1}\n')
    assert list(read_records(tmp_path, "triples", Lean)) == [Lean("a")]
