"""What `recipflow connect outlook --explain` says: what to prepare at Microsoft, and what to send an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from recipflow_connectors.microsoft.tokens import (
    LOGIN,
    READ_CALENDARS,
    READ_MAIL,
    READ_SHARED_MAIL,
    SEND_MAIL,
    WRITE_CALENDARS,
)

_WHAT = """\
To read Outlook, recipflow needs an application of your own at Microsoft Entra. It costs nothing, holds no secret, and \
takes five minutes. You need a directory to make it in: with a work or school account you have one; with a private \
account, sign up for a free Azure account first.

1. Open https://entra.microsoft.com, then: App registrations, New registration.
2. Name it recipflow. Supported account types: any organizational directory and personal Microsoft accounts. Redirect \
URI: "Public client/native (mobile & desktop)", and http://localhost
3. Authentication, Settings: "Allow public client flows" to Yes. Without it, signing in with a code fails.
4. API permissions, Add, Microsoft Graph, Delegated: Mail.Read and Calendars.Read. To have the digest sent by Outlook, \
Mail.Send as well; to have reminders in the calendar, Calendars.ReadWrite; to read shared mailboxes, \
Mail.Read.Shared. Make no client secret.
5. Overview: copy the Application (client) ID. Then:

   recipflow connect outlook --client-id THE-ID

No browser on this computer: add --device-code, and sign in on any other device.
"""
_WRONG = """\
What Microsoft may say instead:

   Need admin approval       your organisation wants an administrator to allow it first
   AADSTS65001, 90094        the same
   AADSTS700016              the client id is wrong, or another organisation's: give --tenant
   AADSTS50011, 500113       http://localhost is missing (step 2)
   AADSTS7000218             public client flows are not allowed (step 3)
   AADSTS53003               your organisation forbids it from here; what Thunderbird has
                             needs nobody's leave: recipflow connect files --thunderbird
"""
STEPS = f"{_WHAT}\n{_WRONG}"

_ADMINISTRATOR = """\
For your administrator, to send as it is:

   I should like to use recipflow (open source, Apache-2.0) with my own mailbox. It
   runs on my laptop only, and gives mail and calendar data to nobody. It is a public
   client without a secret, signs in as me (delegated, not application permissions),
   and asks for:
{scopes}
   Please grant consent to these delegated permissions of Microsoft Graph:

   {link}

   or in Entra: Enterprise applications, Admin consent requests.
"""
_WHY = {
    READ_MAIL: "read my mail; it cannot change, send or delete any",
    READ_SHARED_MAIL: "read shared mailboxes that I am a member of; it cannot change any",
    READ_CALENDARS: "read my calendars",
    SEND_MAIL: "send the daily digest, to myself",
    WRITE_CALENDARS: "keep reminders in a calendar of their own",
}


def for_administrator(client_id: str, tenant: str, scopes: Iterable[str], *, login: str = LOGIN) -> str:
    """The text to send: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent."""
    wanted = list(scopes)
    asked = " ".join(f"https://graph.microsoft.com/{scope}" for scope in wanted)
    query = urlencode(
        {"client_id": client_id or "THE-ID", "scope": asked, "redirect_uri": "http://localhost"},
        quote_via=quote,
    )
    of = tenant if tenant not in ("", "common") else "organizations"
    return _ADMINISTRATOR.format(
        scopes="".join(f"     {scope}: {_WHY[scope]}\n" for scope in wanted),
        link=f"{login.rstrip('/')}/{of}/v2.0/adminconsent?{query}",
    )
