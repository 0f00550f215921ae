"""Build the third mailbox (a year of one acoustician's mail and meetings).

python -m tests.data.third_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="third mailbox",
    zone=ZoneInfo("Pacific/Auckland"),
    domain="quietworks.example",
    list_id="list.tinshed.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
