"""What a first pull of a mailbox at Gmail costs, against a fake that enforces the published quota, by a simulated clock.

    python bench/gmail.py [--messages 10000] [--units 6000] [--message 20] [--latency 0.15]

The clock goes on while the connector waits for its quota, and with each request by the sixth part of the latency: six
are under way at once. Nothing is waited for in earnest.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime

from recipflow_connectors.google import auth, gmail
from recipflow_connectors.google.lanes import LANES
from recipflow_connectors.google.pace import Pace

from bench.gmailbox import ME, Postman
from tests.connectors.googling import Clock, granted
from tests.fakes.google import Fault, Google, Quota, serving
from tests.fakes.google.answers import Answer
from tests.fakes.google.faults import COSTS

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Distant(Google):
    """A Google at the end of a long line."""

    def __init__(self, clock: Clock, latency: float) -> None:
        super().__init__(address=ME, clock=clock)
        self._line, self._latency = clock, latency

    def answer(
        self, verb: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[Answer, Fault | None]:
        self._line.sleep(self._latency)
        return super().answer(verb, target, headers, content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=6_000, help="units a minute; 15000 in older projects")
    parser.add_argument("--message", type=int, default=20, help="units a message; 5 in older projects")
    parser.add_argument("--latency", type=float, default=0.15, help="seconds from a question to its answer")
    given = parser.parse_args()
    clock = Clock(NOW.timestamp())
    google = Distant(clock, given.latency / LANES)
    google.check_every = 100
    Postman(google, 1, NOW).fill(given.messages)
    COSTS["gmail.users.messages.get"] = given.message
    COSTS["gmail.users.threads.get"] = 2 * given.message
    google.quota = Quota(given.units, clock)
    with serving(google):
        _measure(google, google.quota, clock, given)


def _measure(google: Google, quota: Quota, clock: Clock, given: argparse.Namespace) -> None:
    pace = Pace(given.units, clock=clock, sleep=clock.sleep)
    settings = {"url": google.url, "units_per_message": given.message}
    connector = gmail.connect(settings, granted(google, auth.READ_MAIL), pace=pace, lanes=1)
    began, cursor, more, messages, heads = clock(), None, True, 0, 0
    while more:
        page = connector.pull(cursor, now=NOW)
        messages += len(page.interactions)
        heads += sum(getattr(one, "partial", False) for one in page.interactions)
        if cursor is None:
            print(f"first page: {messages} messages, {clock() - began:.0f} s after the beginning")
        cursor, more = page.cursor, page.more
    seconds = clock() - began
    print(
        f"{messages:,} messages, {heads:,} of them heads of newsletters and the like, in {seconds / 60:.1f} min"
    )
    print(
        f"share of the quota used: {quota.spent / seconds * 60 / given.units:.1%}; refused: {quota.refused}"
    )
    print(f"a message: {google.calls.total() / messages:.2f} requests, {quota.spent / messages:.1f} units")
    problems = google.problems or "none"
    print(f"what did not fit Google's discovery documents: {problems}")


if __name__ == "__main__":
    main()
