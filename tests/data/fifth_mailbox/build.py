"""Build the fifth mailbox (thirteen months of one salesman's mail and meetings).

python -m tests.data.fifth_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="fifth mailbox",
    zone=ZoneInfo("Europe/Dublin"),
    domain="tallydock.example",
    list_id="list.liffeyrunners.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
