"""Serve a Google with the built-in mailbox in it, for trying `recipflow connect gmail` by hand.

python -m tests.fakes.google
recipflow connect gmail --client client.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from recipflow.demo import MORNING, unpack
from tests.fakes.google import Google, Quota, serving
from tests.fakes.google.filling import fill

ADDRESS = "noor@haddad.example"
#: How X-Gmail-Labels, as Takeout writes them, are called in the API.
_LABELS = {
    "inbox": "INBOX",
    "sent": "SENT",
    "unread": "UNREAD",
    "starred": "STARRED",
    "important": "IMPORTANT",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fakes.google",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--mbox", type=Path, help="another mailbox, with X-Gmail-Labels; default: the demo's")
    parser.add_argument("--ics", type=Path, help="another calendar")
    parser.add_argument("--address", default=ADDRESS)
    parser.add_argument("--client", type=Path, default=Path("client.json"), help="where to write the client")
    parser.add_argument(
        "--as-dated", action="store_true", help="leave the dates; default: as if it ended now"
    )
    parser.add_argument("--quota", type=int, default=0, help="enforce so many units a minute")
    given = parser.parse_args()
    google = Google(address=given.address)
    google.quota = Quota(given.quota, time.time) if given.quota else None
    with tempfile.TemporaryDirectory() as folder:
        demo = unpack(Path(folder))
        late = 0.0 if given.as_dated or given.mbox else (datetime.now(UTC) - MORNING).total_seconds()
        fill(google, given.mbox or demo.mail, given.ics or demo.calendar, later=late)
    with serving(google, given.port):
        given.client.write_text(json.dumps(google.client_json(), indent=1), encoding="utf-8")
        print(f"A Google with {len(google.mail.mails)} messages of {given.address} is at {google.url}")
        print(f"Now: recipflow connect gmail --client {given.client}")
        print("Ctrl-C ends it.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()
    for problem in google.problems:
        print(f"What Google would not have understood, or said: {problem}")


if __name__ == "__main__":
    main()
