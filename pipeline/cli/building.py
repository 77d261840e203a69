"""How the commands build the pipeline, once in every process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.build import Pipeline
    from pipeline.schema import UserLexicon

LEXICON_HELP = "A folder of your own concept tables, laid over the shipped ones; may be repeated, the last lies on top."


class BuildError(ValueError):
    """The pipeline cannot be built as asked; the message names what is allowed."""


@dataclass(frozen=True)
class Build:
    """Builds the pipeline without the frames and recognisers in `disable`, and with the user's folders of concept tables."""

    disable: tuple[str, ...] = ()
    lexicons: tuple[str, ...] = ()

    def __call__(self) -> Pipeline:
        """Build it.

        Raises:
            BuildError: where a resource does not follow its rules, or `disable` names something unknown.
        """
        from pipeline.build import Pipeline

        try:
            return Pipeline(self.disable, lexicons=self.lexicons)
        except ValueError as error:
            raise BuildError(str(error)) from error

    def user_lexicons(self) -> list[UserLexicon]:
        """Return the user's folders with their digests.

        Raises:
            BuildError: where a folder holds no tables.
        """
        from pipeline.lexicon.layers import user_digest
        from pipeline.schema import UserLexicon

        try:
            return [UserLexicon(Path(folder).as_posix(), user_digest(Path(folder))) for folder in self.lexicons]
        except ValueError as error:
            raise BuildError(str(error)) from error
