"""Build the second mailbox (a year of one consultant's mail and meetings).

python -m tests.data.second_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="second mailbox",
    zone=ZoneInfo("America/Vancouver"),
    domain="wayfindercraft.example",
    list_id="list.openshelves.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
