"""Where secrets live: in the system's keyring, else in files that only the user can read.

Secrets are put into *vaults*, one for each sign-in ("google:ann@example.org"); accounts name the vault they use in
config.toml, and nothing else of a secret ever stands there.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from recipflow.connector import MemorySecrets, Secrets
from recipflow.errors import UserError
from recipflow.secrets.files import FileVault


class Keep(StrEnum):
    """`secrets` in config.toml: where secrets are kept."""

    AUTO = "auto"  #: the keyring where it can be used without a question, else files
    KEYRING = "keyring"
    FILE = "file"


class Vault(Secrets, Protocol):
    """The secrets of one sign-in."""

    def names(self) -> tuple[str, ...]:
        """What they are called."""
        ...


def vault(name: str, tokens: Path, keep: Keep) -> Secrets:
    """The vault of that name, files of it under `tokens`; an account that names none has no secrets to keep."""
    if not name:
        return MemorySecrets()
    return _kept(name, tokens, keep)


def names(name: str, tokens: Path, keep: Keep) -> tuple[str, ...]:
    """What the secrets in a vault are called; TryLater where the keyring that may hold them is locked."""
    return _kept(name, tokens, keep).names()


def empty(name: str, tokens: Path, keep: Keep) -> None:
    """Remove every secret in a vault."""
    kept = _kept(name, tokens, keep)
    for secret in kept.names():
        kept.drop(secret)


def _kept(name: str, tokens: Path, keep: Keep) -> Vault:
    if keep is Keep.FILE:
        return FileVault(tokens, name)
    from recipflow.secrets import keyrings

    if keep is Keep.AUTO:
        return keyrings.Either(name, FileVault(tokens, name))
    ring = keyrings.backend()
    if ring is None:
        raise UserError(
            'config.toml: secrets: no keyring can be used here; write secrets = "auto" or "file", and a file '
            "for you alone is used instead."
        )
    return keyrings.KeyringVault(name, ring)
