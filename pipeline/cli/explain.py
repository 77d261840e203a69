"""`meo explain`: how each sentence was read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import LEXICON_HELP, Build, BuildError
from pipeline.cli.shared import console, said, usage_errors, write_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pipeline.cli.explanation import Sentence
    from pipeline.model import Mention

_METHODS = {"dictionary": "bold blue", "abbreviation": "blue", "morphology": "magenta", "pattern": "cyan"}
_CUES = {"negation": "red", "hedge": "yellow"}


def explain(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file; standard input if left out.")] = "-",
    lexicon: Annotated[list[str] | None, typer.Option(metavar="FOLDER", help=LEXICON_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write all of it as JSON.")] = False,
) -> None:
    """Show how a text is read: tokens, mentions, cues, the frames that fired and the triples, or why there are none."""
    from pipeline.readers import ReadError

    with usage_errors(ReadError, BuildError):
        text = _read(source)
        pipeline = Build(lexicons=tuple(lexicon or ()))()
    from pipeline.cli.explanation import explain as explain_text

    sentences = explain_text(pipeline, text)
    if as_json:
        write_json(sentences)
        return
    screen = console()
    if not sentences:
        screen.print("There is no sentence here that meo reads: it reads running Chinese text.")
    for number, sentence in enumerate(sentences, 1):
        _print_sentence(screen, number, sentence)


def _read(source: str) -> str:
    if source != "-":
        from pipeline.readers import open_source

        if not Path(source).is_file():
            raise typer.BadParameter(f"{source}: no such file; give a file, or a sentence on standard input")
        return open_source(Path(source)).text
    if sys.stdin.isatty():
        typer.secho("Type or paste a Chinese text; end it with Ctrl-D.", err=True)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            f"standard input is not UTF-8 ({error}); save it to a file and give that: encodings of files are found out"
        ) from error


def _print_sentence(screen: Console, number: int, sentence: Sentence) -> None:
    from rich.text import Text

    screen.print(Text.assemble((f"{number}  ", "bold"), _coloured(sentence)))
    _row(screen, "tokens", Text(" | ", style="dim").join(Text(token) for token in sentence.tokens))
    for mention in sentence.mentions:
        _row(screen, "mention", _mention(mention))
    for cue in sentence.cues:
        _row(screen, "cue", Text.assemble((cue.text, _CUES.get(cue.kind, "yellow")), f"  {cue.kind}"))
    for triple in sentence.triples:
        how = f"   {triple.rule} on {triple.effect.trigger}, confidence {triple.confidence:.2f}"
        how += "".join(f", via {via.norm}" for via in triple.via)
        _row(screen, "triple", Text.assemble(said(triple), (how, "dim")))
    for clause in sentence.unread:
        _row(screen, "no triple", Text.assemble((clause.text, "dim"), (f"  {clause.reason}", "yellow")))
    screen.print()


def _row(screen: Console, name: str, value: Text) -> None:
    from rich.table import Table

    row = Table.grid(padding=(0, 1))
    row.add_column(width=13, style="bold")
    row.add_column(overflow="fold")
    row.add_row(f"   {name}", value)
    screen.print(row)


def _mention(mention: Mention) -> Text:
    from rich.text import Text

    names = " ".join(name for name in (mention.zh, mention.en) if name and name != mention.norm)
    return Text.assemble(
        (mention.norm, _METHODS[mention.method]),
        f"  {mention.curie or 'no identifier'}",
        (f"  {names}" if names else ""),
        (f"  {mention.type}, {mention.method} {mention.score:.2f}", "dim"),
    )


def _coloured(sentence: Sentence) -> Text:
    """The sentence with mentions and cues in colour, found again in the normalised text from left to right."""
    from rich.text import Text

    marks = [(mention.start, mention.norm, _METHODS[mention.method]) for mention in sentence.mentions]
    marks += [(cue.start, cue.text, _CUES.get(cue.kind, "yellow")) for cue in sentence.cues]
    shown = Text(sentence.text)
    at = 0
    for _, text, style in sorted(marks):
        start = sentence.text.find(text, at)
        if start >= 0:
            shown.stylize(style, start, start + len(text))
            at = start + len(text)
    return shown
