"""The user's own rule packs: the `.toml` files of a few folders, read once, and looked at when first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipflow import assembly, packs
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.reading import Reader


class OwnPacks:
    """Those in these folders."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = folders

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """By path; a UserError names all that cannot be read."""
        return packs.read_files(file for folder in self._folders for file in sorted(folder.glob("*.toml")))

    def prove(self) -> None:
        """A UserError with every problem in them, as where one does not hold to its examples."""
        if self.tables:
            assembly.packs(self.tables)

    @cached_property
    def hold(self) -> bool:
        """Whether there is no problem in them."""
        try:
            self.prove()
        except UserError:
            return False
        return True

    def reader(self, zone: tzinfo) -> Reader:
        """A reader by these and the installed ones; `zone` is the user's."""
        return assembly.reader(self.tables, zone)

    def digest(self) -> str:
        """Tells these, with the installed ones, from any others."""
        return assembly.rules_digest(self.tables)
