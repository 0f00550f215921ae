"""What an address tells by itself: whether a machine reads it, which role it has, whose name stands on it."""

from __future__ import annotations

import re
from functools import lru_cache

_AUTOMATIC = re.compile(
    r"""(?x)
    (?:.*[._+-])?(?:no|dont|donot|do-not|do_not|nao|não)[._-]?(?:reply|replies|respond|responder|response)\b.*
    | (?:.*[._+-])?(?:noreply|donotreply|naoresponder|noresponder|nepasrepondre|unmonitored|null)\b.*
    | (?:.*[._+-])?(?:ne-pas-repondre|nicht-antworten|nichtantworten|keine-antwort|noreplies)
    | mailer-?daemon | postmaster | (?:.+-)?bounces?(?:[+=._-].*)? | daemon | root | nobody
    | undisclosed-recipients? | calendar-notification | (?:.*[._-])?notifications? | notify
    | (?:.*[._-])?alerts? | (?:.*-)?unsubscribe(?:[+=._-].*)? | (?:un)?subscribe(?:[+._-].*)?
    | .+-(?:request|owner|admin|subscribe|leave|join|confirm|help) | owner-.+ | listserv | majordomo | mailman
    | leave(?:[+=-].*)? | reply[+-].+ | (?:reply|r)-?[0-9a-f]{16,} | [0-9a-f]{20,} | .*=.*=.*
    | comments-noreply | (?:.*-)?autoreply
    """
)
_AUTOMATIC_DOMAIN = re.compile(
    r"(?:.*\.)?(?:calendar\.google\.com|docs\.google\.com|reply\.github\.com|bounces?\..+"
    r"|noreply\..+|unsubscribe\..+|invalid)"
)
_ROLES = """
    abuse accounting accounts admin administrator all announcements billing book booking bookings
    care careers compliance contact contacto contato customercare customerservice desk dev digest
    editor enquiries events everyone facturas faturas feedback finance geral hello help helpdesk hi
    hola hr info information inquiries invoices it jobs kontakt legal loja mail marketing media
    members news newsletter office ola orders payments payroll press privacy promo receipts
    reception recruiting reservas reservations returns sales security service services shipping shop
    soporte staff store subscriptions suporte support survey team tech ticket tickets updates
    webmaster welcome
"""
_ROLE = frozenset(_ROLES.split())
_PAGER = re.compile(r"(?:^|[^a-z])(?:pager|beeper|sms|mypage)(?:[^a-z]|$)")
_PAGERS = re.compile(
    r"(?:my|alpha)?pag(?:er|ers|ing|enet)|mobile|sms|mms|txt|vtext|tmomail|messaging"
    r"|(?:\w+-?)?skytel\w*|skyte[lk]|archwireless|mobilecomm|airtouchpaging|metrocall"
)
"""Names in a domain that services for pagers and short messages have."""
_LONGEST_ADDRESS = 320  # RFC 5321, and a bound for the patterns


@lru_cache(maxsize=16384)
def looks_automatic(address: str) -> bool:
    """Nobody reads what is sent there: no-reply, bounce, list command, notification, one-off addresses."""
    local, _, domain = address.lower().rpartition("@")
    if not local or not domain or len(address) > _LONGEST_ADDRESS:
        return True
    return bool(_AUTOMATIC.fullmatch(local) or _AUTOMATIC_DOMAIN.fullmatch(domain))


def is_role(address: str) -> bool:
    """`support@`, `billing@`: a person only if the user has an exchange with whoever reads it."""
    return address.lower().partition("@")[0] in _ROLE


def is_pager(address: str) -> bool:
    """Whether what is sent there lights up on a pager or a telephone, and is of that hour."""
    local, _, domain = address.lower().partition("@")
    return _PAGER.search(local) is not None or any(map(_PAGERS.fullmatch, domain.split(".")))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


_VIA = re.compile(r"\s*[(\[]?\b(?:via|through|über|por)\s+[^()\[\]]*[)\]]?\s*$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>)\s*")
_SUFFIX = re.compile(
    r"(?:jr|sr|ii|iii|iv|phd|ph\.d|md|m\.d|esq|mba|cpa|dds|llc|inc|ltd|gmbh)\.?", re.IGNORECASE
)
_LONGEST = 200


@lru_cache(maxsize=16384)
def clean_name(name: str) -> str:
    """A display name as its owner would sign: no quotes, no "via X", no aside, "Last, First" turned round."""
    text = " ".join(name[:_LONGEST].split()).strip("'\"“”‘’ ")
    text = _VIA.sub("", text)
    text = _ASIDE.sub(" ", text).strip(" ,;'\"")
    if "@" in text:
        return ""
    last, comma, first = text.partition(",")
    if comma and first.strip() and not _SUFFIX.fullmatch(first.strip()) and "," not in first:
        text = f"{first.strip()} {last.strip()}"
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) > 3 and " " in text and (text.isupper() or text.islower()):
        text = text.title()
    return text if letters else ""


def name_from_address(address: str) -> str:
    """What the local part suggests: `dana.ruiz@…` is Dana Ruiz; an unparted one stays as it is."""
    local = address.partition("@")[0].partition("+")[0]
    parts = [part for part in re.split(r"[._-]+", local) if part]
    if len(parts) < 2 or not all(part.isalpha() for part in parts):
        return local
    return " ".join(part.capitalize() for part in parts)
