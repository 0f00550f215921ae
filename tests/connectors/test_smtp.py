"""The connector `smtp` against a real server: one letter to oneself, and what to think when the line breaks."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from recipflow_connectors.smtp import connect

from recipflow.connector import Enclosure, Letter, MailCourier, MemorySecrets
from recipflow.errors import AuthNeeded, CannotLook, RecipflowError, TryLater, Uncertain, UserError
from recipflow.testing.couriers import MailCourierContract

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

ANN = "ann@haven.example"
PASSWORD = "open-sesame"
CALENDAR = Enclosure("reminders.ics", "text/calendar; method=PUBLISH; charset=utf-8", "Grüße\r\n".encode())
LETTER = Letter(
    address=ANN,
    subject="Today, 3 March (rf-7q2x)",
    token="rf-7q2x",
    text="Dana helped you.\nGrüße an Inês.\n" + "x" * 2_000 + "\n.\nend\n",
    html="<p>Dana helped you.</p>",
    enclosures=(CALENDAR,),
)


_NOT_TAKEN = {
    "full": "552 5.2.2 mailbox full",
    "content": "554 5.7.1 rejected as spam",
    "busy at the end": "452 4.3.1 no room just now",
}


class Post:
    """Takes mail in, or fails in the way it is told to."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.fault = ""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return "550 5.7.60 not allowed to send as this sender" if self.fault == "sender" else "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answers = {"busy": "451 4.3.0 try again later", "recipient": "550 5.1.1 no such user"}
        envelope.rcpt_tos.append(address)
        return answers.get(self.fault, "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.fault in _NOT_TAKEN:
            return _NOT_TAKEN[self.fault]
        self.letters.append(envelope.content)
        if self.fault == "lost after DATA":
            server.transport.abort()
        return "250 taken"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def courier(post: Post) -> Iterator[Callable[..., MailCourier]]:
    with served(post) as port:
        yield lambda password=PASSWORD, **more: opened(port, password, **more)


@contextmanager
def served(post: Post) -> Iterator[int]:
    def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        if post.fault == "sign-in is away":
            return AuthResult(
                success=False, handled=True, message="454 4.7.0 Temporary authentication failure"
            )
        good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=0,
        server_hostname="localhost",  # else each line in waits until DNS has said what this computer is called
        authenticator=authenticated,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.port = free()
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def opened(port: int, password: str = PASSWORD, **settings: Any) -> MailCourier:
    where = {"address": ANN, "host": "127.0.0.1", "port": port, "security": "plain"}
    courier = connect(where | settings, MemorySecrets(password=password))
    assert isinstance(courier, MailCourier)
    return courier


@dataclass(frozen=True)
class PostBox:
    """What the contract for couriers asks of a mailbox."""

    port: int
    post: Post

    def connect(self) -> MailCourier:
        return opened(self.port)

    def delivered(self) -> list[tuple[str, str]]:
        mails = [message_from_bytes(raw, policy=default) for raw in self.post.letters]
        return [(str(one["To"]), str(one["Subject"])) for one in mails]


class TestContract(MailCourierContract):
    @pytest.fixture
    def mailbox(self, post: Post) -> Iterator[PostBox]:
        with served(post) as port:
            yield PostBox(port, post)


def test_a_letter_arrives_whole(post: Post, courier: Callable[..., MailCourier]) -> None:
    told = courier().send(LETTER)
    (raw,) = post.letters
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert (mail["From"], mail["To"], mail["Subject"]) == (ANN, ANN, LETTER.subject)
    assert mail["Message-ID"] == told == "<rf-7q2x.recipflow@haven.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert rich is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert LETTER.html in rich.get_content()
    (enclosed,) = mail.iter_attachments()
    assert enclosed.get_content_type() == "text/calendar"
    assert dict(enclosed["Content-Type"].params)["method"] == "PUBLISH"
    assert enclosed.get_payload(decode=True) == CALENDAR.content
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998


def test_the_same_letter_twice_is_the_same_mail(post: Post, courier: Callable[..., MailCourier]) -> None:
    assert courier().send(LETTER) == courier().send(LETTER)


def test_nobody_but_the_user_gets_a_letter(post: Post, courier: Callable[..., MailCourier]) -> None:
    with pytest.raises(UserError, match="alone"):
        courier().send(Letter(address="dana@harbour.example", subject="x", token="x", text="x", html="x"))
    assert post.letters == []


def test_the_name_of_the_computer_is_not_told(post: Post, courier: Callable[..., MailCourier]) -> None:
    courier().send(LETTER)
    assert socket.gethostname().encode() not in post.letters[0]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("busy", TryLater),
        ("sender", AuthNeeded),
        ("recipient", AuthNeeded),
        ("content", UserError),
        ("full", UserError),
        ("busy at the end", TryLater),
        ("lost after DATA", Uncertain),
    ],
)
def test_a_fault_is_one_of_four(
    post: Post, courier: Callable[..., MailCourier], fault: str, kind: type[RecipflowError]
) -> None:
    post.fault = fault
    with pytest.raises(kind) as raised:
        courier().send(LETTER)
    if isinstance(raised.value, AuthNeeded):
        assert raised.value.command == f"recipflow connect smtp {ANN}"
    assert len(post.letters) == (fault == "lost after DATA")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            "full",
            "127.0.0.1 does not take the letter (552: mailbox full): your mailbox is full, or the letter larger",
        ),
        (
            "content",
            "does not take the letter (554: rejected as spam): something in it looks unwanted to that server.",
        ),
    ],
)
def test_why_a_server_does_not_take_a_letter_is_said_with_the_setting_that_helps(
    post: Post, courier: Callable[..., MailCourier], fault: str, told: str
) -> None:
    post.fault = fault
    with pytest.raises(UserError) as raised:
        courier().send(LETTER)
    assert told in str(raised.value)
    assert "below [digest] in config.toml" in str(raised.value)


def test_a_wrong_password_is_the_users_to_mend(courier: Callable[..., MailCourier]) -> None:
    with pytest.raises(AuthNeeded) as raised:
        courier(password="mistaken").send(LETTER)
    assert "mistaken" not in str(raised.value)


def test_a_sign_in_that_is_away_for_a_while_passes() -> None:
    with (
        listening([], answer=b"454 4.7.0 Temporary failure\r\n") as port,
        pytest.raises(TryLater, match="Temporary"),
    ):
        opened(port, token_command=[sys.executable, "-c", "print('ya29.token')"]).send(LETTER)


def test_nobody_at_home_passes() -> None:
    with pytest.raises(TryLater, match="refused"):
        opened(free()).send(LETTER)


def test_what_was_sent_cannot_be_looked_up(courier: Callable[..., MailCourier]) -> None:
    with pytest.raises(CannotLook):
        courier().sent("rf-7q2x", since=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_token_goes_instead_of_a_password() -> None:
    said: list[bytes] = []
    with listening(said) as port, pytest.raises(AuthNeeded):
        opened(port, token_command=[sys.executable, "-c", "print('ya29.token')"]).send(LETTER)
    assert any(
        line.startswith(b"AUTH XOAUTH2 dXNlcj1hbm5AaGF2ZW4uZXhhbXBsZQFhdXRoPUJlYXJlciB5YTI5") for line in said
    )


@contextmanager
def listening(said: list[bytes], answer: bytes = b"535 5.7.8 no\r\n") -> Iterator[int]:
    """A server that knows tokens alone, and takes none."""

    def serve(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line, line.makefile("rb") as words:
            line.sendall(b"220 post\r\n")
            for one in words:
                said.append(one)
                greets = one[:4].upper() == b"EHLO"
                line.sendall(b"250-post\r\n250 AUTH XOAUTH2\r\n" if greets else answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
