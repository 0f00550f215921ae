"""Google's sign-in: consent with scopes that can be unticked, PKCE, refreshing, revoking, tokens that die."""

from __future__ import annotations

import hashlib
import html
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakes.google.answers import Answer

CLIENT_ID, CLIENT_SECRET = "1234-fake.apps.googleusercontent.com", "GOCSPX-fake"
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class _Code:
    scopes: frozenset[str]
    redirect: str
    challenge: str


@dataclass
class OAuth:
    """Who has been let in, and to what."""

    url: str = ""
    codes: dict[str, _Code] = field(default_factory=dict)
    refresh: dict[str, frozenset[str]] = field(default_factory=dict)
    access: dict[str, frozenset[str]] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    def client_json(self, **more: str) -> dict[str, Any]:
        """What the console lets a user download for a Desktop client; with further addresses of this fake."""
        installed = {
            "client_id": CLIENT_ID,
            "project_id": "fake",
            "auth_uri": f"{self.url}/o/oauth2/v2/auth",
            "token_uri": f"{self.url}/token",
            "client_secret": CLIENT_SECRET,
            "redirect_uris": ["http://localhost"],
        }
        return {"installed": installed | more}

    def grant(self, *scopes: str) -> str:
        """A refresh token for these scopes, without the ceremony."""
        token = f"1//refresh-{next(self._number)}"
        self.refresh[token] = frozenset(scopes)
        return token

    def expire_access(self) -> None:
        self.access.clear()

    def revoke_all(self) -> None:
        self.access.clear()
        self.refresh.clear()

    def granted(self, authorization: str) -> frozenset[str] | None:
        return self.access.get(authorization.removeprefix("Bearer "))

    def consent(self, query: Mapping[str, list[str]]) -> Answer:
        """The page the browser is sent to; with `answer=allow` or `deny`, what its buttons do."""
        given = {name: values[0] for name, values in query.items()}
        if problem := _problem(given):
            return Answer(status=400, html=f"<h1>Access blocked</h1><p>{html.escape(problem)}</p>")
        if given.get("answer") == "deny":
            return _redirect(given, error="access_denied")
        if given.get("answer") != "allow":
            return Answer(html=_page(given))
        ticked = query.get("ticked", given["scope"].split())
        code = f"4/code-{next(self._number)}"
        self.codes[code] = _Code(frozenset(ticked), given["redirect_uri"], given["code_challenge"])
        return _redirect(given, code=code, scope=" ".join(ticked))

    def token(self, form: Mapping[str, list[str]], authorization: str) -> Answer:
        given = {name: values[0] for name, values in form.items()} | _basic(authorization)
        if given.get("client_id") != CLIENT_ID or given.get("client_secret") != CLIENT_SECRET:
            return _refusal("invalid_client", "The OAuth client was not found.", status=401)
        if given.get("grant_type") == "refresh_token":
            scopes = self.refresh.get(given.get("refresh_token", ""))
            if scopes is None:
                return _refusal("invalid_grant", "Token has been expired or revoked.")
            return self._issue(scopes)
        code = self.codes.pop(given.get("code", ""), None)
        if code is None or code.redirect != given.get("redirect_uri") or not _proves(given, code.challenge):
            return _refusal("invalid_grant", "Malformed auth code.")
        return self._issue(code.scopes, refresh_token=self.grant(*code.scopes))

    def revoke(self, form: Mapping[str, list[str]]) -> Answer:
        token = form.get("token", [""])[0]
        if token not in self.refresh and token not in self.access:
            return _refusal("invalid_token", "Token expired or revoked")
        self.refresh.pop(token, None)
        self.access.clear()
        self.revoked.append(token)
        return Answer(body={})

    def _issue(self, scopes: frozenset[str], **more: str) -> Answer:
        token = f"ya29.{next(self._number)}"
        self.access[token] = scopes
        told = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return Answer(body={**told, "scope": " ".join(sorted(scopes)), **more})


def _basic(authorization: str) -> dict[str, str]:
    """A client that says who it is in the header, as RFC 6749 would rather have it."""
    kind, _, value = authorization.partition(" ")
    if kind != "Basic":
        return {}
    client, _, secret = b64decode(value).decode().partition(":")
    return {"client_id": client, "client_secret": secret}


def _problem(given: Mapping[str, str]) -> str:
    """Why the consent page would show an error; empty when it would not."""
    if given.get("client_id") != CLIENT_ID:
        return "Error 401: invalid_client"
    if urlsplit(given.get("redirect_uri", "")).hostname not in LOOPBACK:
        return "Error 400: redirect_uri_mismatch"
    if given.get("code_challenge_method") != "S256" or not given.get("state"):
        return "Error 400: invalid_request"
    return ""


def _page(given: Mapping[str, str]) -> str:
    boxes = "".join(
        f'<p><label><input type="checkbox" name="ticked" value="{html.escape(one)}" checked> '
        f"{html.escape(one)}</label></p>"
        for one in given["scope"].split()
    )
    kept = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in given.items()
    )
    buttons = (
        '<button name="answer" value="allow">Continue</button> <button name="answer" value="deny">Cancel'
    )
    title = "<!doctype html><h1>recipflow wants access to your Google Account</h1>"
    return f"{title}<form>{kept}{boxes}{buttons}</button></form>"


def _redirect(given: Mapping[str, str], **told: str) -> Answer:
    location = given["redirect_uri"] + "?" + urlencode({"state": given["state"], **told})
    return Answer(status=302, headers={"Location": location})


def _proves(given: Mapping[str, str], challenge: str) -> bool:
    digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=") == challenge


def _refusal(error: str, description: str, *, status: int = 400) -> Answer:
    return Answer(status=status, body={"error": error, "error_description": description})
