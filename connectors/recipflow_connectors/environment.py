"""Variables of the environment that are set for a while: what some libraries are told in no other way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def environment(more: Mapping[str, str]) -> Iterator[None]:
    """The environment with these variables in it, and afterwards as it was."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
