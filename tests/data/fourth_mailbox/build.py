"""Build the fourth mailbox (a year of one sauce maker's mail and meetings).

python -m tests.data.fourth_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="fourth mailbox",
    zone=ZoneInfo("Africa/Johannesburg"),
    domain="emberandpip.example",
    list_id="list.makersyard.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
