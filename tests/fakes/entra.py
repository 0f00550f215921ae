"""A stand-in for Microsoft's sign-in: authorization code with PKCE, device code, refreshing; over TLS, as msal insists.

By hand, its page signs in whoever presses the button. https://learn.microsoft.com/entra/identity-platform/v2-protocols
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import ssl
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme

from tests.fakes.served import Served

Form = dict[str, str]
_OPEN_ID = {"openid", "profile", "offline_access"}


class FakeEntra(Served):
    """Use it as a context manager. `tokens` is where the access tokens it gives are written, with their scopes."""

    def __init__(
        self,
        tokens: dict[str, frozenset[str]],
        *,
        address: str = "alex@contoso.example",
        port: int = 0,
        lasts: int = 3600,
    ) -> None:
        self.address, self.lasts = address, lasts
        self.client_id = "11111111-2222-3333-4444-555555555555"
        self.tokens = tokens
        self.refusal: dict[str, Any] = {}  #: the next answers of the token endpoint, while it is set
        self.withheld: set[str] = set()  #: scopes that are not granted, whatever is asked for
        self.refreshed = 0
        self._codes: dict[str, Form] = {}
        self._devices: dict[str, Form] = {}
        self._refresh: dict[str, str] = {}
        self.authority_key = trustme.CA()
        super().__init__(port, type("Handler", (_Handler,), {"entra": self}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority_key.issue_cert("localhost").configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    @property
    def url(self) -> str:
        """What `login_url` is to be."""
        return f"https://localhost:{self._server.server_port}"

    def write_ca(self, path: Path) -> Path:
        """The certificate to trust it by, for REQUESTS_CA_BUNDLE."""
        self.authority_key.cert_pem.write_to_path(str(path))
        return path

    def revoke(self) -> None:
        """The user is signed out everywhere."""
        self._refresh.clear()
        self.tokens.clear()

    def approve(self) -> None:
        """Somebody types in every code that waits."""
        for form in self._devices.values():
            form["approved"] = "yes"

    def authorize(self, query: Form) -> Form:
        """What the page posts back to the redirect address."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return {"code": code, "state": query["state"]}

    def token(self, form: Form) -> tuple[int, dict[str, Any]]:
        if self.refusal:
            return 400, self.refusal
        match form.get("grant_type"):
            case "authorization_code":
                asked = self._codes.pop(form["code"], None)
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                if asked is None or _url64(digest) != asked.get("code_challenge"):
                    return 400, _refused("invalid_grant", 54005)
                return 200, self._granted(asked["scope"], nonce=asked["nonce"])
            case "refresh_token":
                if form["refresh_token"] not in self._refresh:
                    return 400, _refused("invalid_grant", 50173)
                self.refreshed += 1
                return self._again(form)
            case "urn:ietf:params:oauth:grant-type:device_code" | "device_code":
                waiting = self._devices[form["device_code"]]
                if "approved" not in waiting:
                    return 400, _refused("authorization_pending", 70016)
                return 200, self._granted(waiting["scope"])
        return 400, _refused("unsupported_grant_type", 70003)

    def _again(self, form: Form) -> tuple[int, dict[str, Any]]:
        """A refresh token gives every scope that was consented to, and no other."""
        consented = set(self._refresh[form["refresh_token"]].split())
        if set(form.get("scope", "").split()) - _OPEN_ID - consented:
            return 400, {**_refused("invalid_grant", 65001), "suberror": "consent_required"}
        del self._refresh[form["refresh_token"]]
        return 200, self._granted(" ".join(sorted(consented)))

    def device(self, form: Form) -> dict[str, Any]:
        code = secrets.token_urlsafe(16)
        self._devices[code] = dict(form)
        return {
            "device_code": code,
            "user_code": "ABCD-EFGH",
            "verification_uri": f"{self.url}/device",
            "expires_in": 900,
            "interval": 1,
            "message": "",
        }

    def _granted(self, scope: str, *, nonce: str = "") -> dict[str, Any]:
        asked = {one.removeprefix("https://graph.microsoft.com/") for one in scope.split()} - _OPEN_ID
        granted = asked - self.withheld
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens[access] = frozenset(granted)
        self._refresh[refresh] = " ".join(granted)
        return {
            "token_type": "Bearer",
            "scope": " ".join(sorted(granted | {"openid", "profile"})),
            "expires_in": self.lasts,
            "ext_expires_in": self.lasts,
            "access_token": access,
            "refresh_token": refresh,
            "id_token": self._id_token(nonce),
            "client_info": _url64(json.dumps({"uid": "u1", "utid": "t1"}).encode()),
        }

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "aud": self.client_id,
            "iss": f"{self.url}/common/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "sub": "alex",
            "oid": "u1",
            "tid": "t1",
            "preferred_username": self.address,
            "ver": "2.0",
        } | ({"nonce": nonce} if nonce else {})
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return ".".join((*(_url64(json.dumps(one).encode()) for one in parts), ""))

    def configuration(self, tenant: str) -> dict[str, Any]:
        base = f"{self.url}/{tenant}/oauth2/v2.0"
        return {
            "issuer": f"{self.url}/{tenant}/v2.0",
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "device_authorization_endpoint": f"{base}/devicecode",
        }


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    entra: FakeEntra

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.endswith("/openid-configuration"):
            self._json(200, self.entra.configuration(parts.path.split("/")[1]))
        elif parts.path.endswith("/authorize"):
            query = dict(parse_qsl(parts.query))
            self._page(
                _form(query["redirect_uri"], self.entra.authorize(query), f"Sign in as {self.entra.address}")
            )
        elif parts.path == "/device":
            self._page(_form("/device", {}, f"The code is right: sign in as {self.entra.address}"))
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = dict(parse_qsl(self.rfile.read(length).decode()))
        if self.path.endswith("/token"):
            self._json(*self.entra.token(form))
        elif self.path.endswith("/devicecode"):
            self._json(200, self.entra.device(form))
        else:
            self.entra.approve()
            self._page("Signed in.")

    def _json(self, status: int, found: dict[str, Any]) -> None:
        self._write(status, "application/json", json.dumps(found))

    def _page(self, body: str) -> None:
        self._write(200, "text/html; charset=utf-8", f"<!doctype html><title>Sign in</title>{body}")

    def _write(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


def _form(action: str, fields: Form, button: str) -> str:
    inputs = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in fields.items()
    )
    return f'<form method="post" action="{html.escape(action)}">{inputs}<button>{html.escape(button)}</button></form>'


def _refused(error: str, number: int) -> dict[str, Any]:
    return {"error": error, "error_description": f"AADSTS{number}: no.", "error_codes": [number]}


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
