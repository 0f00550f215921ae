"""Secrets that are put where they belong, and stay there only if all else that goes with them does."""

from __future__ import annotations

from collections.abc import Callable

from recipflow.connector import Secrets
from recipflow.errors import RecipflowError, UserError


class Provisional:
    """Vaults that know what stood in them before, to be opened by name like those they stand for."""

    def __init__(self, vaults: Callable[[str], Secrets]) -> None:
        self._vaults = vaults
        self._before: dict[tuple[str, str], str | None] = {}

    def __call__(self, vault: str) -> Secrets:
        return _Vault(self._vaults(vault), lambda name: self._note(vault, name))

    def put_back(self) -> None:
        """Every secret is what it was before; the last error of a vault that does not take it back, after all others did."""
        failed: RecipflowError | None = None
        for (vault, name), value in self._before.items():
            try:
                if value is None:
                    self._vaults(vault).drop(name)
                else:
                    self._vaults(vault).put(name, value)
            except RecipflowError as fault:
                failed = fault
        if failed:
            raise failed

    def _note(self, vault: str, name: str) -> None:
        if (vault, name) in self._before:
            return
        try:
            self._before[vault, name] = self._vaults(vault).get(name)
        except UserError:  # damaged: what cannot be read is not worth keeping
            self._before[vault, name] = None


class _Vault:
    def __init__(self, kept: Secrets, changes: Callable[[str], None]) -> None:
        self._kept = kept
        self._changes = changes

    def get(self, name: str) -> str | None:
        return self._kept.get(name)

    def put(self, name: str, value: str) -> None:
        self._changes(name)
        self._kept.put(name, value)

    def drop(self, name: str) -> None:
        self._changes(name)
        self._kept.drop(name)
