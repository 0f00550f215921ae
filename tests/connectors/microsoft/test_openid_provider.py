"""msal's flows, as we use them, against an OpenID provider nobody here wrote.

RECIPFLOW_OIDC names a folder into which `npm install oidc-provider@9` was done. `.ci/run` does that where there is npm.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

import pytest
import requests
import trustme
from recipflow_connectors.microsoft.tokens import CACHE, Tokens, authority

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded
from tests.connectors.microsoft.test_signing_in import Person, Vaults

CLIENT = "11111111-2222-3333-4444-555555555555"
TENANT = "common"
SCRIPT = Path(__file__).parents[2] / "fakes" / "oidc.mjs"
ALEX = "alex@contoso.example"


FOLDER, NODE = os.environ.get("RECIPFLOW_OIDC"), shutil.which("node")
pytestmark = pytest.mark.skipif(
    not (FOLDER and NODE), reason="no OpenID provider: RECIPFLOW_OIDC names no folder, or there is no Node"
)


class Front(NamedTuple):
    """TLS in front of the provider, which speaks plain HTTP."""

    url: str
    ca: trustme.CA
    connect: list[int]  #: the port behind, once it is known


@pytest.fixture
def front() -> Iterator[Front]:
    ca, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Front(f"https://localhost:{listening.getsockname()[1]}", ca, [])
        threading.Thread(target=_accept, args=(listening, context, found.connect), daemon=True).start()
        yield found
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def provider(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where to sign in."""
    front.ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    assert NODE
    command = [NODE, str(SCRIPT), front.url, TENANT]
    with subprocess.Popen(
        command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        front.connect.append(int(process.stdout.readline()))
        yield front.url
        process.terminate()


class Browser(Person):
    """Goes through the provider's own pages: signs in as Alex, and consents."""

    def say(self, text: str) -> None:
        super().say(text)
        code = re.search(r"open (https://\S+) and type in:\n\n   (\S+)\n", text)
        if code:
            threading.Thread(target=walk, args=(code[1], code[2]), daemon=True).start()

    def _press(self, url: str) -> None:
        """OpenID gives what lasts only to who is asked for consent (Core 1.0, 11); Entra asks by itself."""
        walk(f"{url}&prompt=consent")


def walk(url: str, code: str = "") -> None:
    with requests.Session() as session:
        page = session.get(url, timeout=20)
        for _ in range(8):
            form = re.search(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL)
            if not form:
                return
            data = {
                html.unescape(name[1]): html.unescape(value[1]) if value else ""
                for field in re.findall(r"<input[^>]*>", form[2])
                if (name := re.search(r'name="([^"]+)"', field))
                for value in [re.search(r'value="([^"]*)"', field)]
            }
            data |= {"login": ALEX, "password": "x"} if "login" in data else {}
            data |= {"user_code": code, "confirm": "yes"} if code and "xsrf" in data else {}
            page = session.post(urljoin(page.url, html.unescape(form[1])), data=data, timeout=20)


def signed_in(provider: str, *, browser: bool) -> tuple[MemorySecrets, dict[str, Any]]:
    """By the code that `sign_in` uses, less the look at Graph, whose tokens these are not."""
    from recipflow_connectors.microsoft import flows

    person, scopes = Browser(browser=browser), ["Mail.Read", "Calendars.Read"]
    common = {"client_id": CLIENT, "login_url": provider}
    cache, answer = flows.signed_in(person, common, {"address": ALEX}, scopes)
    secrets = Vaults()("microsoft")
    secrets.put(CACHE, cache)
    return secrets, dict(answer)


@pytest.mark.parametrize("browser", [True, False], ids=["by browser", "by code"])
def test_signing_in_gives_tokens_that_are_renewed_and_end_when_the_cache_does(
    provider: str, browser: bool
) -> None:
    secrets, answer = signed_in(provider, browser=browser)
    assert answer["id_token_claims"]["preferred_username"] == ALEX
    tokens = Tokens(secrets, ["Mail.Read"], client_id=CLIENT, authority=authority(TENANT, provider))
    first = tokens()
    assert first == tokens()
    assert tokens(fresh=True) != first
    with pytest.raises(AuthNeeded):
        Tokens(MemorySecrets(), ["Mail.Read"], client_id=CLIENT, authority=authority(TENANT, provider))()


def _accept(listening: socket.socket, context: ssl.SSLContext, behind: list[int]) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(client, context, behind), daemon=True).start()


def _serve(client: socket.socket, context: ssl.SSLContext, behind: list[int]) -> None:
    try:
        with (
            context.wrap_socket(client, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", behind[0])) as inside,
        ):
            back = threading.Thread(target=_pipe, args=(inside, outside), daemon=True)
            back.start()
            _pipe(outside, inside)
            back.join()
    except OSError:
        return


def _pipe(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
