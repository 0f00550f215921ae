"""A command that has commands of its own, with what each is for said in full."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

WHOLE = 10_000
"""Letters of a description, of which click shows 45 and cuts the rest with "..."; what is longer goes on below."""


class Group(TyperGroup):
    """A group whose help wraps its commands' descriptions and cuts none."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        known = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(WHOLE)) for name, one in known if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
