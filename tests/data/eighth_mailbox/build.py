"""Build the eighth mailbox."""
from pathlib import Path
import sys
from zoneinfo import ZoneInfo
from tests.data.building import build
from tests.data.sources import Mailbox
MAILBOX = Mailbox(directory=Path(__file__).parent, title="eighth mailbox", zone=ZoneInfo("Australia/Hobart"), domain="meandervets.example", list_id="list.goatclinic.example")
if __name__ == "__main__":
    build(MAILBOX, Path(sys.argv[1]))
