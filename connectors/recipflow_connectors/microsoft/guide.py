"""What `recipflow connect outlook --explain` says: what to prepare at Microsoft, and what to send an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from recipflow_connectors.microsoft.tokens import LOGIN, READ_CALENDARS, READ_MAIL, SEND_MAIL, WRITE_CALENDARS

STEPS = f"""\
To read Outlook, recipflow needs an application of your own at Microsoft Entra. It costs nothing, holds no secret, and
takes five minutes. You need a directory to make it in: with a work or school account you have one; with a private
account, sign up for a free Azure account first.

1. Open https://entra.microsoft.com, then: App registrations, New registration.
2. Name it recipflow. Supported account types: any organizational directory and personal Microsoft accounts.
   Redirect URI: "Public client/native (mobile & desktop)", and http://localhost
3. Authentication, Settings: "Allow public client flows" to Yes. Without it signing in with a code fails.
4. API permissions, Add, Microsoft Graph, Delegated: {READ_MAIL} and {READ_CALENDARS}. To have the digest sent by
   Outlook, {SEND_MAIL} as well; to have reminders in the calendar, {WRITE_CALENDARS}. Make no client secret.
5. Overview: copy the Application (client) ID. Then:

   recipflow connect outlook --client-id THE-ID

What can go wrong at Microsoft:
   "Need admin approval", AADSTS90094, AADSTS65001: your organisation wants an administrator to allow it (below).
   AADSTS700016: the client id is wrong, or the application is of another organisation: give --tenant.
   AADSTS50011, AADSTS500113: http://localhost is missing in step 2.   AADSTS7000218: step 3 is missing.
   AADSTS53003: the organisation forbids it from here. Reading your Thunderbird mail needs nobody's leave:
   recipflow connect files --thunderbird
No browser on this computer: add --device-code, and sign in on any other device.
"""

_ADMINISTRATOR = """\
For your administrator, to send as it is:

   I should like to use recipflow (open source, Apache-2.0) with my own mailbox. It runs on my laptop only, and sends
   no mail or calendar data to anybody. It is a public client without a secret, signs in as me (delegated, not
   application permissions), and asks for:
{scopes}
   Please grant consent for these delegated permissions of Microsoft Graph, for me or for everybody:
   {link}
   or in Entra: Enterprise applications, Consent and permissions, or a consent request of mine that waits there.
"""
_WHY = {
    READ_MAIL: "read my mail; it cannot change, send or delete any",
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
