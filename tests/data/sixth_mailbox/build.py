"""Build the sixth mailbox (thirteen months of a founder's mail and meetings).

python -m tests.data.sixth_mailbox.build DIRECTORY
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox

MAILBOX = Mailbox(
    directory=Path(__file__).parent,
    title="sixth mailbox",
    zone=ZoneInfo("Europe/London"),
    domain="whisperwall.example",
    list_id="list.museumaudio.example",
)

if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
