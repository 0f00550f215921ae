"""Build the seventh mailbox (eleven months of a repair-café organiser's mail and meetings).

python -m tests.data.seventh_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="seventh mailbox",
    zone=ZoneInfo("Europe/Brussels"),
    domain="tweedeadem.example",
    list_id="list.tweedeadem.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
