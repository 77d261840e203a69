"""Reads every broken input, one line of JSON each: run by `test_broken.py` in a process of its own.

A line says the case's name, what became of it, and the most memory that the process has used, in bytes. Arguments are beginnings
of names, for some of them only. The process may not take more memory or time than the machine can spare.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "corpora")]

from make_broken import broken  # noqa: E402

from pipeline.readers import ReadError, read_source  # noqa: E402

_ADDRESSES = 4_000_000_000
_SECONDS = 600


def outcome(data: bytes, name: str) -> str:
    """Return `read`, `error: …` of a ReadError, or the name of any other exception."""
    try:
        source = read_source(data, name)
    except ReadError as error:
        return f"error: {error}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "read" if source.text.strip() else "empty"


def main() -> None:
    """Read them all."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    wanted = sys.argv[1:]
    for case in broken():
        if wanted and not any(case.name.startswith(name) for name in wanted):
            continue
        data = case.make()
        result = outcome(data, case.name.rpartition("/")[2])
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        row = {"name": case.name, "expected": case.expected, "size": len(data), "outcome": result, "memory": most}
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
