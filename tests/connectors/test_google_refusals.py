"""What Google, or the way there, refuses: the user must act, it passes by itself, or it may have been done."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from recipflow_connectors.google import auth, gmail
from recipflow_connectors.google.pace import Pace

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded, RecipflowError, TryLater, UserError
from recipflow.testing import NOW, ids, pull_all
from tests.fakes.google import Fault, Google
from tests.fakes.google.answers import Refused

from .googling import a_google, granted, mailbox
from .letters import letter

#: Status, reason: as https://developers.google.com/workspace/gmail/api/guides/handle-errors lists them, and what each is.
REFUSALS: list[tuple[int, str, type[RecipflowError]]] = [
    (400, "badRequest", UserError),
    (400, "failedPrecondition", AuthNeeded),
    (401, "authError", AuthNeeded),
    (403, "accessNotConfigured", AuthNeeded),
    (403, "dailyLimitExceeded", TryLater),
    (403, "domainPolicy", AuthNeeded),
    (403, "forbidden", AuthNeeded),
    (403, "insufficientPermissions", AuthNeeded),
    (403, "quotaExceeded", TryLater),
    (403, "rateLimitExceeded", TryLater),
    (403, "userRateLimitExceeded", TryLater),
    (408, "requestTimeout", TryLater),
    (429, "rateLimitExceeded", TryLater),
    (500, "backendError", TryLater),
    (502, "", TryLater),
    (503, "backendError", TryLater),
    (504, "", TryLater),
]


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


class _Refusing:
    """In place of one of Gmail's methods: it refuses."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused

    def __call__(self, _: object) -> Any:
        raise self.refused


def refusal(google: Google, refused: Refused) -> RecipflowError:
    google.methods["gmail.users.getProfile"] = _Refusing(refused)
    with pytest.raises(RecipflowError) as raised:
        mailbox(google, address="noor@haddad.example").pull(None, now=NOW)
    return raised.value


@pytest.mark.parametrize(("status", "reason", "kind"), REFUSALS)
def test_each_refusal_is_of_its_kind(
    google: Google, status: int, reason: str, kind: type[RecipflowError]
) -> None:
    found = refusal(google, Refused(status, reason, "told by Google"))
    assert type(found) is kind
    if isinstance(found, AuthNeeded):
        assert found.command.startswith("recipflow connect gmail noor@haddad.example")


def test_google_says_for_how_long(google: Google) -> None:
    found = refusal(google, Refused(429, "rateLimitExceeded", "", after=17))
    assert isinstance(found, TryLater)
    assert found.after == 17


def test_gmail_says_it_in_the_message_instead(google: Google) -> None:
    told = "User-rate limit exceeded.  Retry after 2099-01-01T00:00:00.000Z"
    found = refusal(google, Refused(403, "userRateLimitExceeded", told))
    assert isinstance(found, TryLater)
    assert found.after
    assert found.after > 1e9


def test_a_pause_that_is_over_is_none(google: Google) -> None:
    told = "User-rate limit exceeded.  Retry after 2020-01-01T00:00:00.000Z"
    found = refusal(google, Refused(403, "userRateLimitExceeded", told))
    assert isinstance(found, TryLater)
    assert found.after == 0


def _unreachable() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("place", ["mail", "sign-in"])
def test_without_a_network_it_passes_by_itself(google: Google, place: str) -> None:
    secrets = granted(google, auth.READ_MAIL)
    url = google.url
    if place == "mail":
        url = _unreachable()
    else:
        _with_client(secrets, token_uri=f"{_unreachable()}/token")
    with pytest.raises(TryLater):
        gmail.connect({"url": url}, secrets, pace=Pace(1e12)).pull(None, now=NOW)


def test_a_name_that_cannot_be_found_passes_by_itself(google: Google) -> None:
    secrets = granted(google, auth.READ_MAIL)
    with pytest.raises(TryLater):
        gmail.connect({"url": "https://no-such-host.invalid"}, secrets).pull(None, now=NOW)


def test_a_server_that_speaks_no_tls_passes_by_itself(google: Google) -> None:
    secrets = granted(google, auth.READ_MAIL)
    with pytest.raises(TryLater):
        gmail.connect({"url": google.url.replace("http:", "https:")}, secrets).pull(None, now=NOW)


def test_the_usual_variable_for_a_proxy_is_honoured(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    google.mail.deliver(letter(1), at=NOW)
    secrets = granted(google, auth.READ_MAIL)
    _with_client(secrets, token_uri="http://localhost:1/token")
    monkeypatch.setenv("http_proxy", google.url)
    connector = gmail.connect({"url": "http://localhost:1"}, secrets, pace=Pace(1e12))
    assert ids(pull_all(connector)) == {"1@ana.example"}


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"SSL_CERT_FILE": "own.pem"}, "own.pem"),
        ({"REQUESTS_CA_BUNDLE": "requests.pem", "SSL_CERT_FILE": "own.pem"}, "requests.pem"),
        ({}, True),
    ],
)
def test_the_usual_variables_for_certificates_are_honoured(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wanted: str | bool
) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    session = auth.plain()
    settings = session.merge_environment_settings(
        "https://oauth2.googleapis.com", {}, stream=False, verify=None, cert=None
    )
    assert settings["verify"] == wanted


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN_BUSY, Fault.BROKEN_BEFORE])
def test_a_sign_in_that_is_busy_passes_by_itself(google: Google, fault: Fault) -> None:
    google.faults.next("/token", *[fault] * 4)
    with pytest.raises(TryLater):
        mailbox(google).pull(None, now=NOW)


@pytest.mark.parametrize("kept", [None, "", "{}", "no json", '{"client": {}}'])
def test_secrets_that_hold_no_grant_ask_to_sign_in(kept: str | None) -> None:
    secrets = MemorySecrets(**({} if kept is None else {auth.SECRET: kept}))
    with pytest.raises(AuthNeeded, match="not signed in"):
        gmail.connect({}, secrets).pull(None, now=NOW)


def test_a_process_that_ends_with_a_connection_open_says_nothing_of_it(google: Google) -> None:
    told = json.dumps({auth.SECRET: granted(google, auth.READ_MAIL).get(auth.SECRET)})
    program = (
        "import json, sys; from datetime import UTC, datetime; from recipflow.connector import MemorySecrets\n"
        "from recipflow_connectors.google import gmail\n"
        "box = gmail.connect({'url': sys.argv[1]}, MemorySecrets(**json.loads(sys.argv[2])))\n"
        "box.pull(None, now=datetime.now(UTC))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, google.url, told], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_loaded_or_asked_before_it_is_needed() -> None:
    program = (
        "import sys\n"
        "from recipflow.connector import MemorySecrets\n"
        "from recipflow_connectors.google import gmail\n"
        "gmail.connect({'url': 'http://127.0.0.1:9'}, MemorySecrets())\n"
        "print(sorted({'googleapiclient', 'google.auth', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def _with_client(secrets: MemorySecrets, **changes: str) -> None:
    table = json.loads(secrets.get(auth.SECRET) or "")
    table["client"] |= changes
    secrets.put(auth.SECRET, json.dumps(table))
