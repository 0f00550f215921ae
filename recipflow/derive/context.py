"""What deriving needs besides the facts: who the user is, what the user said of people, and how to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cached_property

from recipflow.machines import Machines
from recipflow.model import Contact, ContactId, NormName, ProfileName
from recipflow.reading import Reader
from recipflow.standing import Norm, Profile, Terms, terms


@dataclass(frozen=True, kw_only=True)
class Context:
    """The same facts under the same context derive to the same ledgers."""

    me: frozenset[str]
    reader: Reader
    machines: Machines
    profiles: Mapping[ProfileName, Profile]
    norms: Mapping[NormName, Norm]
    zone: tzinfo
    people: tuple[Contact, ...] = ()  #: what the user said of people
    default_profile: ProfileName = ProfileName.BUSINESS
    apart: frozenset[str] = field(
        default_factory=frozenset
    )  #: addresses split off whatever said they belong together

    @cached_property
    def by_address(self) -> dict[str, Contact]:
        """Whom the user has said each address to be."""
        return {address: one for one in self.people for address in one.addresses}

    @cached_property
    def _terms(self) -> dict[tuple[ProfileName, NormName], Terms]:
        return {
            (profile, norm): terms(self.profiles[profile], self.norms[norm])
            for profile in self.profiles
            for norm in self.norms
        }

    def contact(self, contact: ContactId, addresses: tuple[str, ...], name: str) -> Contact:
        """A contact as the mail shows it, with what the user said of it."""
        said = self.by_address.get(contact)
        if said is None:
            return Contact(id=contact, addresses=addresses, name=name)
        return replace(said, id=contact, addresses=addresses, name=said.name or name)

    def terms(self, contact: Contact) -> Terms:
        """The rates to fold this contact's ledger with; an unconfirmed profile is read as the default one."""
        return self._terms[contact.profile or self.default_profile, contact.norm]
