"""What every reader raises."""


class ReadError(ValueError):
    """A file cannot be read; the message says why and what helps."""
