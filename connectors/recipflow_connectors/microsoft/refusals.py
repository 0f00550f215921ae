"""What Microsoft's sign-in says when it refuses, in words; what to do is decided by the OAuth error alone.

The AADSTS numbers are for reading only, and may change (https://learn.microsoft.com/entra/identity-platform/
reference-error-codes): an unknown one is told by its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recipflow.errors import AuthNeeded, RecipflowError, TryLater

_NUMBER = re.compile(r"AADSTS(\d{4,8})")
#: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
_PASSING = frozenset({"temporarily_unavailable", "server_error", "request_timeout"})
_PASSING_NUMBERS = frozenset({"90033", "90024", "50196"})

_ADMINISTRATOR = (
    "your organisation lets nobody use this application before an administrator has allowed it: "
    "`recipflow connect outlook --explain` prints the text to send them"
)
_BLOCKED = (
    "your organisation's rules forbid it from this computer or place: ask your administrator, or read the mail of a "
    "program that is already set up here (`recipflow connect files --thunderbird`)"
)
_SIGNED_OUT = "Microsoft has ended the sign-in: a changed password, a security rule, or long disuse"
_REASONS = {
    "65001": "the permission was never given, or was taken back",
    "65004": "the permission was declined",
    "90094": _ADMINISTRATOR,
    "90095": _ADMINISTRATOR,
    "900941": _ADMINISTRATOR,
    "90093": _ADMINISTRATOR,
    "650052": _ADMINISTRATOR,
    "50105": "your organisation has not assigned this application to you: ask your administrator to",
    "53000": _BLOCKED,
    "53001": _BLOCKED,
    "53003": _BLOCKED,
    "530032": _BLOCKED,
    "530034": _BLOCKED,
    "50020": "this account does not belong to the organisation named by --tenant",
    "50058": "nobody is signed in",
    "50076": "Microsoft asks for a second proof of who you are",
    "50079": "Microsoft asks you to set up a second proof of who you are",
    "50034": "Microsoft knows no such account",
    "50173": _SIGNED_OUT,
    "50078": _SIGNED_OUT,
    "70008": _SIGNED_OUT,
    "70043": _SIGNED_OUT,
    "700082": _SIGNED_OUT,
    "700084": _SIGNED_OUT,
    "70016": "the code was not typed in yet",
    "70019": "the code was not typed in time",
    "700016": "there is no application with this client id in your organisation: check --client-id and --tenant",
    "90002": "there is no organisation of this name: check --tenant",
    "7000218": 'the application lacks "Allow public client flows": switch it on in Entra, under Authentication',
    "500113": "the application lacks the redirect URI http://localhost: add it in Entra, under Authentication",
    "50011": "the application lacks the redirect URI http://localhost: add it in Entra, under Authentication",
    "70011": "the application may not ask for these permissions: check them in Entra, under API permissions",
}
NEEDS_ADMINISTRATOR = frozenset(
    {"65001", *(number for number, said in _REASONS.items() if said == _ADMINISTRATOR)}
)
_BY_ERROR = {
    "access_denied": "the permission was declined",
    "authorization_declined": "the permission was declined",
    "expired_token": "the code was not typed in time",
    "consent_required": _REASONS["65001"],
    "interaction_required": "Microsoft asks you to sign in again",
    "login_required": "Microsoft asks you to sign in again",
    "invalid_grant": _SIGNED_OUT,
    "invalid_client": _REASONS["7000218"],
    "unauthorized_client": _REASONS["700016"],
}


def refused(answer: Mapping[str, Any], *, command: str) -> RecipflowError:
    """The error a refusal of the token endpoint stands for."""
    error = str(answer.get("error") or "unknown")
    number = aadsts(answer)
    if error in _PASSING or number in _PASSING_NUMBERS:
        return TryLater(f"Microsoft's sign-in is not available ({error})")
    said = _REASONS.get(number) or _BY_ERROR.get(error) or "Microsoft refuses to sign you in"
    known = re.sub(r"[^\w]", "", error)[:60] + (f", AADSTS{number}" if number else "")
    return AuthNeeded(f"{said} ({known})", command=command)


def aadsts(answer: Mapping[str, Any]) -> str:
    """The number in its description; "" when there is none."""
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes:
        return str(codes[0])
    found = _NUMBER.search(str(answer.get("error_description") or ""))
    return found[1] if found else ""
