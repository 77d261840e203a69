"""Write one paper in every format that meo reads: `python corpora/make_samples.py [FOLDER]`.

The paper is `samples/paper.toml` and the sample that it names. Needs the extra `samples` and the font WenQuanYi Micro Hei (Debian
`fonts-wqy-microhei`); the same source, libraries and font give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from making import markup, text
from making.paper import Paper, read_paper

HERE = Path(__file__).parent
_SEED = 1


def formats(paper: Paper) -> dict[str, bytes]:
    """Return the files by name."""
    import opencc
    from making import pdf

    plain = text.plain(paper)
    # Big5 proper lacks 酶 and 苷, so the supplement of Hong Kong; neither has the full-width tilde.
    traditional = opencc.OpenCC("s2hk").convert(plain).replace("～", "-")
    return {
        "paper.txt": plain.encode(),
        "paper.damaged.txt": text.damaged(paper, _SEED).encode(),
        "paper.gb18030.txt": plain.encode("gb18030"),
        "paper.big5.txt": traditional.encode("big5hkscs"),
        "paper.md": text.markdown(paper).encode(),
        "paper.jats.xml": markup.jats(paper).encode(),
        "paper.html": markup.html(paper).encode(),
        "paper.docx": markup.docx(paper),
        "paper.one-column.pdf": pdf.one_column(paper),
        "paper.two-column.pdf": pdf.two_columns(paper),
        "paper.alternating.pdf": pdf.two_columns(paper, is_alternating=True),
    }


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "samples" / "formats"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in formats(read_paper(HERE / "samples" / "paper.toml")).items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
