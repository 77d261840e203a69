"""`meo lexicon`: look into the lexicon, check it, and extend it."""

from __future__ import annotations

import typer

from pipeline.cli.lexicon.check import check
from pipeline.cli.lexicon.importing import import_
from pipeline.cli.lexicon.lookup import lookup
from pipeline.cli.lexicon.mine import mine

lexicon = typer.Typer(
    name="lexicon",
    help="Look names up, check the tables, import vocabularies, find new names in a corpus.",
    no_args_is_help=True,
)
for command in (lookup, check, mine):
    lexicon.command()(command)
lexicon.command("import")(import_)
