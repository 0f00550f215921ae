"""Which mailboxes are public bodies', by their domain: a guess that misses many, and that the user's word beats."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from recipflow.errors import UserError

_LISTS = ("auto", "auto_third_level", "us_locality")


@dataclass(frozen=True, slots=True)
class PublicSector:
    """The suffixes of public bodies' domains."""

    suffixes: frozenset[str] = frozenset()

    def holds(self, address: str) -> bool:
        """Whether the address ends, label by label, in one of them: `x@gov.uk.evil.com` does not."""
        return longest_suffix(address, self.suffixes) is not None


def longest_suffix(address: str, suffixes: Collection[str]) -> str | None:
    """The longest of these domains that the address is at, or below; None for none."""
    labels = address.rpartition("@")[2].rstrip(".").lower().split(".")
    endings = (".".join(labels[start:]) for start in range(len(labels)))
    return next((ending for ending in endings if ending in suffixes), None)


def read_public_sector(toml: Mapping[str, Any], source: str = "public_sector.toml") -> PublicSector:
    """The suffixes of a parsed file; UserError with every list in it that is none of domains."""
    extra = toml.get("extra", {})
    lists = {name: toml.get(name, "") for name in _LISTS}
    lists |= {f"extra.{name}": domains for name, domains in extra.items()} if isinstance(extra, dict) else {}
    problems = [
        f"{source}: {name} must be domains in one text" for name, one in lists.items() if not _domains(one)
    ]
    if problems:
        raise UserError(problems)
    known = (domain for domains in lists.values() for domain in domains.split())
    return PublicSector(frozenset(known) - frozenset(toml.get("exclude", {})))


def _domains(value: object) -> bool:
    return isinstance(value, str) and value == value.lower()
