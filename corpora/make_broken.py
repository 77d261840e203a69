"""Write the broken inputs: `python corpora/make_broken.py [FOLDER [LARGEST]]`.

They are made from `samples/formats/` with the standard library alone. Those of more than
LARGEST bytes are left out: they exist only while the tests read them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from making.broken import Case, cases

HERE = Path(__file__).parent
LARGEST = 12_000


def broken() -> Iterator[Case]:
    """Yield all of them, in order."""
    folder = HERE / "samples" / "formats"
    yield from cases({path.name: path.read_bytes() for path in sorted(folder.iterdir())})


def main() -> None:
    """Write the small ones."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "broken"
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else LARGEST
    for case in broken():
        data = case.make()
        if len(data) <= largest:
            path = folder / case.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


if __name__ == "__main__":
    main()
