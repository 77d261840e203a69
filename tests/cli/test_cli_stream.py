"""`meo stream` in a pipe: an answer comes before the next question."""

import json
import subprocess
import sys


def test_a_line_in_a_line_out() -> None:
    command = [sys.executable, "-m", "pipeline", "stream"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as pipe:
        assert pipe.stdin
        assert pipe.stdout

        def ask(line: bytes) -> dict[str, object]:
            assert pipe.stdin
            assert pipe.stdout
            pipe.stdin.write(line + b"\n")
            pipe.stdin.flush()
            return json.loads(pipe.stdout.readline())  # type: ignore[no-any-return]

        told = ask(json.dumps({"id": "a", "text": "TNF-α促进破骨细胞分化。"}).encode())
        assert told["doc_id"] == "a"
        assert [t["effect"]["relation"] for t in told["triples"]] == ["increases"]  # type: ignore[attr-defined]
        assert told["error"] is None
        assert ask(b"no json")["error"]
        assert ask(b'{"id": "c"}')["error"] == "line 3: no object with text in the field `text`"
        assert ask(json.dumps({"text": "骨"}).encode())["doc_id"] == "4"
        pipe.stdin.close()
        assert pipe.stdout.read() == b""
    assert pipe.returncode == 0
