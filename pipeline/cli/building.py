"""How the commands build the pipeline, once in every process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.build import Pipeline


class BuildError(ValueError):
    """The pipeline cannot be built as asked; the message names what is allowed."""


@dataclass(frozen=True)
class Build:
    """Builds the pipeline without the frames and recognisers in `disable`."""

    disable: tuple[str, ...] = ()

    def __call__(self) -> Pipeline:
        """Build it.

        Raises:
            BuildError: where a resource does not follow its rules, or `disable` names something unknown.
        """
        from pipeline.build import Pipeline

        try:
            return Pipeline(self.disable)
        except ValueError as error:
            raise BuildError(str(error)) from error
