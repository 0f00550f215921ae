"""What deriving needs, out of what is installed, what config.toml sets, and what the user said since."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import tzinfo
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.derive import Context
from recipflow.errors import UserError
from recipflow.model import ProfileName
from recipflow.session import said
from recipflow.session.late import late
from recipflow.standing import Profile
from recipflow.store import Decision

if TYPE_CHECKING:
    from recipflow.reading import Reader
    from recipflow.settings import Settings


def context_of(
    settings: Settings, decisions: Collection[Decision], zone: tzinfo, reader: Callable[[], Reader]
) -> Context:
    """A UserError says what of the settings is at fault. What reads mail is loaded only when mail is read."""
    made = assembly.context(
        said.mine(settings.me.addresses, decisions),
        zone,
        said.people(settings.people(), decisions),
        assistants=(one for one, counts in settings.me.assistants.items() if counts),
        reader=late(reader),
        machines=late(assembly.machines),
        profiles=_profiles(settings),
        default_profile=settings.default_profile,
        default_norm=settings.default_norm,
        groups=tuple(one.group() for one in settings.groups),
        silenced=said.silenced(decisions),
        added=said.added(decisions),
    )
    _check_gift_rules(made)
    return made


def _check_gift_rules(made: Context) -> None:
    """A rule about gifts that nobody has heard of would pass for none."""
    known = {rule.id for rule in made.gift_rules.rules}
    wrong = sorted({one.gift_rule for one in made.people if one.gift_rule} - known)
    if wrong:
        raise UserError(f"config.toml: gift_rule: {', '.join(wrong)} is none of {', '.join(sorted(known))}")


def _profiles(settings: Settings) -> dict[ProfileName, Profile]:
    changes = {name: getattr(settings.profiles, name.value) for name in ProfileName}
    try:
        return assembly.profiles({name: one.model_dump(exclude_none=True) for name, one in changes.items()})
    except ValueError as wrong:
        raise UserError(f"config.toml: profiles: {wrong}") from wrong
