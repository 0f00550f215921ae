"""The nouns of recipflow: what is observed, what it does, and what is advised.

Terminology (one noun per concept, in code, tables, logs, help and docs):

*interaction*  one observed fact: a message, or a version of a meeting; immutable.
*contact*      a person: one or more addresses; known by its primary address, the `ContactId`.
*act*          what an interaction does towards one contact.
*entry*        an interaction as one contact's ledger sees it, with its acts.
*ledger*       a contact's entries in the order of time, interaction id, position in the text.
*open item*    an ask, promise or grant still waiting.
*plan*         what the user intends with a contact.
*nudge*        one piece of advice to the user.

All instants are aware datetimes in UTC. All addresses are lower case. Value is in favour units
(fu; 1 fu is about a quarter of an hour of somebody's attention).
"""

from __future__ import annotations

from recipflow.model.acts import (
    COUNTS,
    REMARKS,
    TANGIBLE,
    YES,
    Act,
    ActType,
    Channel,
    ContactId,
    Entry,
    Flag,
    Kind,
    Side,
)
from recipflow.model.advising import (
    Asking,
    Nudge,
    NudgeKind,
    Question,
)
from recipflow.model.interactions import (
    CROWD,
    KEPT_HEADERS,
    UNKNOWN,
    Attachment,
    Attendee,
    Form,
    Interaction,
    Meeting,
    Message,
    PartStat,
    Party,
)
from recipflow.model.people import (
    Contact,
    Group,
    NormName,
    Plan,
    ProfileName,
    Tag,
)

__all__ = [
    "COUNTS",
    "CROWD",
    "KEPT_HEADERS",
    "REMARKS",
    "TANGIBLE",
    "UNKNOWN",
    "YES",
    "Act",
    "ActType",
    "Asking",
    "Attachment",
    "Attendee",
    "Channel",
    "Contact",
    "ContactId",
    "Entry",
    "Flag",
    "Form",
    "Group",
    "Interaction",
    "Kind",
    "Meeting",
    "Message",
    "NormName",
    "Nudge",
    "NudgeKind",
    "PartStat",
    "Party",
    "Plan",
    "ProfileName",
    "Question",
    "Side",
    "Tag",
]
