"""The tests keep a cache of their own: neither does the user's decide what they see, nor do they fill it."""

import os
import tempfile

import pytest


def pytest_configure(config: pytest.Config) -> None:
    folder = tempfile.TemporaryDirectory(prefix="meo-tests-")
    os.environ["MEO_CACHE"] = folder.name
    config.add_cleanup(folder.cleanup)
