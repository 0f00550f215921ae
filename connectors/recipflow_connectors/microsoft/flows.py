"""Who somebody is, by Microsoft's own page: in the browser with a loopback address, else with a code on any other device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from recipflow.connector import Talk
from recipflow.errors import AuthNeeded, TryLater
from recipflow_connectors.microsoft import guide, settings
from recipflow_connectors.microsoft.failures import CONNECT
from recipflow_connectors.microsoft.loopback import Loopback
from recipflow_connectors.microsoft.refusals import NEEDS_ADMINISTRATOR, aadsts, refused
from recipflow_connectors.microsoft.tokens import LOGIN, application, verify

if TYPE_CHECKING:
    import msal

#: Seconds somebody may take to sign in.
PATIENCE = 300.0


def signed_in(
    talk: Talk, common: Mapping[str, Any], given: Mapping[str, Any], scopes: list[str]
) -> tuple[str, Mapping[str, Any]]:
    """What msal keeps, and the answer: by the browser, else by a code. Raises AuthNeeded or TryLater."""
    import msal
    import requests

    known, cache = settings.checked(common, "outlook"), msal.SerializableTokenCache()
    app = application(known.client_id, known.authority, cache)
    hint = str(given.get("address") or "") or None
    try:
        answer = None if given.get("device_code") else _by_browser(talk, app, scopes, hint)
        answer = answer or _by_code(talk, app, scopes)
    except requests.RequestException as fault:
        raise TryLater(f"Microsoft's sign-in cannot be reached: {type(fault).__name__}") from fault
    if "access_token" not in answer:
        if aadsts(answer) in NEEDS_ADMINISTRATOR:
            talk.say(
                guide.for_administrator(
                    known.client_id, known.tenant, scopes, login=str(common.get("login_url") or LOGIN)
                )
            )
        raise refused(answer, command=CONNECT)
    verify(answer, scopes, command=CONNECT)
    return cache.serialize(), answer


def _by_browser(
    talk: Talk, app: msal.PublicClientApplication, scopes: list[str], hint: str | None
) -> dict[str, Any] | None:
    """By the authorization code flow with PKCE; None where there is no browser, or nobody came back from it."""
    with Loopback() as loopback:
        flow = app.initiate_auth_code_flow(
            scopes,
            redirect_uri=loopback.url,
            response_mode="form_post",
            login_hint=hint,
            prompt=None if hint else "select_account",
        )
        if not talk.browse(flow["auth_uri"]):
            return None
        talk.say(
            "Sign in on the page that opens in your browser; it comes back by itself. "
            "If none opens: stop this (Ctrl-C), and add --device-code."
        )
        answer = loopback.wait(flow["state"], PATIENCE)
    if not answer:
        talk.say("The browser did not come back. Then with a code:")
        return None
    if "error" in answer:
        return answer
    try:
        found: dict[str, Any] = app.acquire_token_by_auth_code_flow(flow, answer)
    except (ValueError, RuntimeError) as fault:  # the answer belongs to another request
        raise AuthNeeded("the browser came back with an answer to something else", command=CONNECT) from fault
    return found


def _by_code(talk: Talk, app: msal.PublicClientApplication, scopes: list[str]) -> dict[str, Any]:
    """By the device authorization grant (RFC 8628), for as long as the code is good."""
    flow = app.initiate_device_flow(scopes)
    if "user_code" not in flow:
        return dict(flow)
    talk.say(f"On any device, open {flow['verification_uri']} and type in:\n\n   {flow['user_code']}\n")
    found: dict[str, Any] = app.acquire_token_by_device_flow(flow)
    return found
