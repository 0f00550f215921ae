"""What deriving needs besides the facts: who the user is, what the user said of people, and how to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from recipflow.guards import GiftRule, GiftRules, PublicSector
from recipflow.model import Contact, ContactId, Group, NormName, ProfileName, Tag
from recipflow.providers import PROVIDERS, domain_of
from recipflow.standing import Norm, Profile, Terms, terms

if TYPE_CHECKING:  # slow to load, and `today` reads nothing
    from recipflow.machines import Machines
    from recipflow.reading import Reader


@dataclass(frozen=True, kw_only=True)
class Context:
    """The same facts under the same context derive to the same ledgers."""

    me: frozenset[str]
    reader: Reader
    machines: Machines
    profiles: Mapping[ProfileName, Profile]
    norms: Mapping[NormName, Norm]
    zone: tzinfo
    assistants: frozenset[str] = frozenset()  #: whose mail in the user's name counts as the user's
    people: tuple[Contact, ...] = ()  #: what the user said of people
    default_profile: ProfileName = ProfileName.BUSINESS
    default_norm: NormName = NormName.NEUTRAL
    groups: tuple[Group, ...] = ()  #: the first that holds somebody counts
    silenced: frozenset[str] = frozenset()  #: domains of which the user wants no advice about anybody
    added: frozenset[str] = frozenset()  #: addresses the user named though no mail shows them
    public: PublicSector = field(default_factory=PublicSector)
    gift_rules: GiftRules = field(default_factory=GiftRules)

    @cached_property
    def by_address(self) -> dict[str, Contact]:
        """Whom the user has said each address to be."""
        return {address: one for one in self.people for address in one.addresses}

    @cached_property
    def houses(self) -> frozenset[str]:
        """The domains of the organisations the user works in."""
        return frozenset(map(domain_of, self.me)) - PROVIDERS

    def colleague(self, contact: Contact) -> bool:
        """Whether they work where the user does: most of what passes between them is said, not written.

        Whom the user calls close is family or a friend, whatever domain they share.
        """
        if contact.profile is ProfileName.CLOSE:
            return False
        return any(domain_of(address) in self.houses for address in contact.addresses)

    @cached_property
    def _terms(self) -> dict[tuple[ProfileName, NormName], Terms]:
        return {
            (profile, norm): terms(self.profiles[profile], self.norms[norm])
            for profile in self.profiles
            for norm in self.norms
        }

    def group(self, address: str) -> tuple[str, ...]:
        """The addresses of whoever has this one, the primary one first."""
        said = self.by_address.get(address)
        return said.addresses if said else (address,)

    def contact(self, contact: ContactId, addresses: tuple[str, ...], name: str) -> Contact:
        """A contact as the mail shows it, with what the user said of it."""
        if (said := self.by_address.get(contact)) is None:
            known = Contact(
                id=contact, addresses=addresses, name=name, tags=self._seen_of(addresses, frozenset())
            )
        else:
            tags = said.tags | self._seen_of(addresses, said.tags)
            known = replace(said, id=contact, addresses=addresses, name=said.name or name, tags=tags)
        return self._assumed(known) if self.groups or self.default_norm is not NormName.NEUTRAL else known

    def _assumed(self, contact: Contact) -> Contact:
        """With what is assumed of their group, or of everybody, where the user said nothing of them alone."""
        group = next((one for one in self.groups if one.holds(contact)), None) or Group()
        contact = replace(contact, profile=contact.profile or group.profile)
        if contact.norm_said:
            return contact
        norm = group.norm or self.default_norm
        said = group.norm is not None or norm is not NormName.NEUTRAL
        return replace(contact, norm=norm, norm_said=said)

    def gift_rule(self, contact: Contact) -> GiftRule | None:
        """The rule about gifts that is likely to bind them: the user's choice, else as their domain tells."""
        chosen = self.gift_rules.named(contact.gift_rule) if contact.gift_rule else None
        return chosen or self.gift_rules.likely(contact.addresses)

    def _seen_of(self, addresses: tuple[str, ...], said: frozenset[Tag]) -> frozenset[Tag]:
        """What their addresses tell, where the user's own tags do not say otherwise."""
        seen = set()
        if any(domain_of(one) in self.silenced for one in addresses):
            seen.add(Tag.NEVER)
        if Tag.NOT_PUBLIC not in said and any(map(self.public.holds, addresses)):
            seen.add(Tag.PUBLIC_SECTOR)
        return frozenset(seen)

    def terms(self, contact: Contact) -> Terms:
        """The rates to fold this contact's ledger with; an unconfirmed profile is read as the default one."""
        return self._terms[contact.profile or self.default_profile, contact.norm]
