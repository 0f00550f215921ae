"""The user's consent on Google's own page: by loopback and PKCE, for a client of type Desktop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from recipflow.connector import Talk
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow_connectors.environment import environment
from recipflow_connectors.google import auth
from recipflow_connectors.google.auth import Grant

#: Seconds in which the user has to find the way through Google's pages.
PATIENCE = 900


def granted(talk: Talk, client: Mapping[str, str], scopes: Sequence[str]) -> Grant:
    """Send the user to Google's page, and wait for what comes back: on this computer, for nobody else to hear."""
    from google_auth_oauthlib.flow import InstalledAppFlow  # type: ignore[import-untyped]

    flow = InstalledAppFlow.from_client_config({"installed": dict(client)}, scopes=list(scopes))
    auth.trust(flow.oauth2session)
    make_url = flow.authorization_url

    def shown(**parameters: Any) -> tuple[str, str]:
        url, state = make_url(**parameters)
        if talk.browse(url):
            talk.say("Your browser shows Google's page. Sign in there, and tick every box.")
        else:
            talk.say(f"Open this page in a browser on this computer:\n\n  {url}\n")
        return url, state

    flow.authorization_url = shown
    with _as_google_answers(client["token_uri"]), flow.oauth2session:
        _run(flow)
    token = flow.oauth2session.token
    return Grant(
        client=client,
        refresh_token=token["refresh_token"],
        scopes=tuple(sorted(_scopes(token["scope"]))),
        granted_at=datetime.now(UTC).isoformat(),
    )


def _run(flow: Any) -> None:
    from google_auth_oauthlib.flow import WSGITimeoutError
    from oauthlib.oauth2 import AccessDeniedError, OAuth2Error  # type: ignore[import-untyped]
    from requests.exceptions import RequestException

    try:
        flow.run_local_server(
            host="127.0.0.1",
            port=0,
            open_browser=False,
            authorization_prompt_message=None,
            success_message="recipflow has heard from Google. You can close this page, and look where you started.",
            timeout_seconds=PATIENCE,
            access_type="offline",
            prompt="consent",  # without it, a second sign-in brings no refresh token
        )
    except AccessDeniedError as refused:
        raise UserError("You did not allow it on Google's page, so nothing was connected.") from refused
    except WSGITimeoutError as late:
        raise UserError("Nothing came back from Google's page. Start again when you are ready.") from late
    except OAuth2Error as refused:
        told = f"Google refused the sign-in: {refused.description or refused.error}"
        raise AuthNeeded(told, command="recipflow connect gmail --explain") from refused
    except RequestException as away:
        raise TryLater(f"Google's sign-in cannot be reached ({type(away).__name__}).") from away


def _as_google_answers(token_uri: str) -> AbstractContextManager[None]:
    """oauthlib reads from the environment that a user may untick scopes, and that http is well on this computer."""
    names = ["OAUTHLIB_RELAX_TOKEN_SCOPE"]
    if urlsplit(token_uri).hostname in ("127.0.0.1", "localhost", "::1"):
        names.append("OAUTHLIB_INSECURE_TRANSPORT")
    return environment(dict.fromkeys(names, "1"))


def _scopes(given: Any) -> list[str]:
    return given.split() if isinstance(given, str) else list(given)
