"""`python -m tests.fakes.graph`: Outlook on this computer, to connect recipflow to by hand.

It serves the demo mailbox, or --mail and --calendar, and signs in whoever presses the button. Stop it with Ctrl-C.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from recipflow.demo import unpack
from tests.fakes.entra import FakeEntra
from tests.fakes.graph.calendar import Calendars
from tests.fakes.graph.load import load_calendar, load_mail
from tests.fakes.graph.mailbox import Mailbox, recipient, stamp
from tests.fakes.graph.server import FakeGraph


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.graph", description=__doc__)
    parser.add_argument("--mail", type=Path, help="an mbox; default: the demo mailbox")
    parser.add_argument("--calendar", type=Path, help="an .ics file; default: the demo calendar")
    parser.add_argument("--address", default="noor@haddad.example", help="whose mailbox it is")
    parser.add_argument("--port", type=int, default=0, help="of Graph; the next one signs in")
    given = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        demo = unpack(home)
        mailbox, calendars = Mailbox(given.address), Calendars(given.address)
        now = datetime.now(UTC)
        messages = load_mail(given.mail or demo.mail, mailbox, now=now)
        meetings = load_calendar(given.calendar or demo.calendar, calendars, now=now)
        graph = stack.enter_context(FakeGraph(mailbox, calendars, port=given.port))
        office = graph.share(_office(given.address, now))
        port = given.port + 1 if given.port else 0
        entra = stack.enter_context(FakeEntra(graph.tokens, address=given.address, port=port))
        ca = entra.write_ca(home / "ca.pem")
        print(f"{messages} messages and {meetings} meetings of {given.address}. In another terminal:\n")
        print(f"  export REQUESTS_CA_BUNDLE={ca}")
        print(
            f"  recipflow connect outlook --client-id {entra.client_id} "
            f"--login-url {entra.url} --graph-url {graph.url}\n"
        )
        print(f"There is a shared mailbox as well: --mailbox {office.address}\n", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")


def _office(address: str, now: datetime) -> Mailbox:
    """A mailbox the user shares with Pat, who has answered from it; so has the user."""
    domain, times = address.partition("@")[2], {"receivedDateTime": stamp(now), "sentDateTime": stamp(now)}
    office, rui = Mailbox(f"office@{domain}", "Office"), recipient("rui@example.net", "Rui Alves")
    ours = recipient(office.address, office.name)
    office.add({**times, "from": rui, "toRecipients": [ours], "subject": "When are you open?"})
    for sender in (f"pat@{domain}", address):
        answer = {"from": ours, "sender": recipient(sender), "toRecipients": [rui], "subject": "Re: When?"}
        office.add({**times, **answer}, "sentitems")
    return office


if __name__ == "__main__":
    main()
