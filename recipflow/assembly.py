"""Puts the pure parts together with what is installed and what the user set: rules, profiles, norms, machines."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from recipflow.derive.context import Context
from recipflow.derive.source import digest_of_source
from recipflow.guards import read_gift_rules, read_public_sector
from recipflow.model import Contact, NormName, ProfileName
from recipflow.packs import read_bytes, read_folder, read_json, read_toml
from recipflow.standing import Norm, Profile, read_norms, read_profiles
from recipflow.wording import Wording

if TYPE_CHECKING:
    from recipflow.machines import Machines
    from recipflow.reading import Reader
    from recipflow.reading.judge import Judge
    from recipflow.rules.rule import Pack

LANGUAGES = ("en", "de", "pt", "es")
"""The languages that have a pack."""

FIRST = "en"
"""The language whose judge has weights of its own."""

GLOSSED = ("de", "pt", "es")
"""Languages whose words are put in English for a judge that they share."""


@cache
def machines() -> Machines:
    """The installed rules for telling machines from people; they change only with the installation."""
    from recipflow.machines import Machines

    return Machines(read_toml("machine.toml"))


def reader(own: Mapping[str, dict[str, Any]] | None = None, zone: tzinfo = UTC) -> Reader:
    """A reader by the installed packs and the user's `own` files, by name; UserError with every problem in them.

    `zone` is the user's: by its days a letter's "tomorrow" is told.
    """
    from recipflow.reading import Reader

    return Reader(packs(own), judges(), zone)


def judges() -> Judges:
    """The judge of each language that has one."""
    return Judges()


class Judges(Mapping[str, "Judge"]):
    """The judge of each language that has one, loaded when it is first asked for: few mailboxes need all."""

    def __init__(self) -> None:
        self._loaded: dict[str, Judge] = {}

    @property
    def loaded(self) -> frozenset[str]:
        """The languages whose judge was asked for."""
        return frozenset(self._loaded)

    def __getitem__(self, language: str) -> Judge:
        from recipflow.reading.judge import Judge

        if language not in (FIRST, *GLOSSED):
            raise KeyError(language)
        if language not in self._loaded:
            weights = "judge/en.json" if language == FIRST else "judge/glossed.json"
            self._loaded[language] = Judge(words_of_judge(language), read_json(weights))
        return self._loaded[language]

    def __iter__(self) -> Iterator[str]:
        return iter((FIRST, *GLOSSED))

    def __len__(self) -> int:
        return 1 + len(GLOSSED)


def words_of_judge(language: str) -> dict[str, Any]:
    """What the judge of a language knows of words: those of English, and what the language's own are in English."""
    from recipflow.reading.features import glossed

    words = read_toml("judge/en.toml")
    if language == FIRST:
        return words
    return words | {"spelled": glossed(read_toml(f"judge/{language}.toml")["english"])}


def packs(
    own: Mapping[str, dict[str, Any]] | None = None, *, without: Container[str] = ()
) -> tuple[Pack, ...]:
    """The installed packs and the user's `own`, which must hold to their examples; UserError with every problem in them.

    Installed files named in `without` are left out: others stand in their place.
    """
    from recipflow.rules.loading import load

    files = {name: table for name, table in installed().items() if name not in without}
    ours = load(files, proven=True)
    return ours + _proven(own, ours) if own else ours


def installed() -> dict[str, dict[str, Any]]:
    """The installed files of rules that read messages and meetings, by name."""
    files: dict[str, dict[str, Any]] = {"meeting.toml": read_toml("meeting.toml")}
    for language in LANGUAGES:
        files |= read_folder(language)
    return files


def _proven(own: Mapping[str, dict[str, Any]], installed: tuple[Pack, ...]) -> tuple[Pack, ...]:
    from recipflow.rules.proving import proven

    return proven(own, beside=installed)


def rules_digest(own: Mapping[str, dict[str, Any]] | None = None) -> str:
    """Tells one set of rules, read and folded by one state of the code, from another."""
    known = [
        version("recipflow"),
        digest_of_source(),
        read_toml("meeting.toml"),
        *map(read_folder, LANGUAGES),
    ]
    told = blake2b(digest_size=8)
    for at, one in enumerate([*known, own or {}]):  # all in one text is megabytes, at the height of an import
        text = json.dumps(one, sort_keys=True, default=str)
        told.update((f", {text}" if at else f"[{text}").encode())
    told.update(b"]")
    names = ("en.json", "glossed.json", *(f"{language}.toml" for language in (FIRST, *GLOSSED)))
    for name in names:
        told.update(read_bytes(f"judge/{name}"))
    return told.hexdigest()


def profiles(changes: Mapping[ProfileName, Mapping[str, Any]] | None = None) -> dict[ProfileName, Profile]:
    """The profiles, with the user's changes to the few numbers worth changing."""
    known = read_profiles(read_toml("profiles.toml"))
    return {name: replace(profile, **(changes or {}).get(name, {})) for name, profile in known.items()}


def wording() -> Wording:
    """Every sentence we say, as installed."""
    return Wording(read_toml("wording.toml"))


def norms() -> dict[NormName, Norm]:
    return read_norms(read_toml("norms.toml"))


def context(me: Iterable[str], zone: tzinfo, people: Iterable[Contact] = (), **more: Any) -> Context:
    """Everything deriving needs, from what is installed and what the user said."""
    return Context(
        me=frozenset(me),
        reader=more.pop("reader", None) or reader(zone=zone),
        machines=more.pop("machines", None) or machines(),
        profiles=more.pop("profiles", None) or profiles(),
        norms=norms(),
        public=read_public_sector(read_toml("public_sector.toml")),
        gift_rules=read_gift_rules(read_toml("gift_limits.toml")),
        zone=zone,
        people=tuple(people),
        assistants=frozenset(more.pop("assistants", ())),
        **more,
    )
