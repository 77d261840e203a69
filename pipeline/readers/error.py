"""What every reader raises."""

_BEGINNING, _END = 600, 300


class ReadError(ValueError):
    """A file cannot be read; the message says why and what helps.

    It is one line, however long what it quotes of the file is: the middle of a long one is left out.
    """

    def __init__(self, message: str) -> None:
        """Take the message."""
        line = " ".join(message.splitlines())
        super().__init__(line if len(line) <= _BEGINNING + _END else f"{line[:_BEGINNING]} … {line[-_END:]}")
