"""The TOML files that come with recipflow, parsed: wording, profiles, norms, and what else is no rule."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The file `name` of the built-in pack. Kept once read: treat it as read-only."""
    return tomllib.loads(files("recipflow_rules").joinpath(name).read_text(encoding="utf-8"))
