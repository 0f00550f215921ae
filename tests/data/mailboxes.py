"""Twelve fictional mailboxes beside the gold one: a year of one person's mail and meetings each.

python -m tests.data.mailboxes NAME DIRECTORY       (NAME: second, third … thirteenth)
"""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.data.building import build
from tests.data.sources import Mailbox


def _mailbox(name: str, zone: str, domain: str, list_id: str) -> Mailbox:
    directory = Path(__file__).parent / f"{name}_mailbox"
    return Mailbox(
        directory=directory, title=f"{name} mailbox", zone=ZoneInfo(zone), domain=domain, list_id=list_id
    )


SECOND = _mailbox("second", "America/Vancouver", "wayfindercraft.example", "list.openshelves.example")
THIRD = _mailbox("third", "Pacific/Auckland", "quietworks.example", "list.tinshed.example")
FOURTH = _mailbox("fourth", "Africa/Johannesburg", "emberandpip.example", "list.makersyard.example")
FIFTH = _mailbox("fifth", "Europe/Dublin", "tallydock.example", "list.liffeyrunners.example")
SIXTH = _mailbox("sixth", "Europe/London", "whisperwall.example", "list.museumaudio.example")
SEVENTH = _mailbox("seventh", "Europe/Brussels", "tweedeadem.example", "list.tweedeadem.example")
EIGHTH = _mailbox("eighth", "Australia/Hobart", "meandervets.example", "list.goatclinic.example")
NINTH = _mailbox("ninth", "America/New_York", "threeriverspiano.example", "list.tunersguildpgh.example")
TENTH = _mailbox("tenth", "Asia/Kuala_Lumpur", "kertaslama.example", "list.paperclinicpg.example")
ELEVENTH = _mailbox("eleventh", "Europe/Stockholm", "ekdahlljus.example", "list.morkertimmen.example")
TWELFTH = _mailbox("twelfth", "America/Denver", "elleryheat.example", "list.warmdoor.example")
THIRTEENTH = _mailbox("thirteenth", "Asia/Singapore", "lowceiling.example", "list.lightsdown.example")

MAILBOXES = {
    box.title.split()[0]: box
    for box in (
        SECOND,
        THIRD,
        FOURTH,
        FIFTH,
        SIXTH,
        SEVENTH,
        EIGHTH,
        NINTH,
        TENTH,
        ELEVENTH,
        TWELFTH,
        THIRTEENTH,
    )
}

if __name__ == "__main__":
    build(MAILBOXES[sys.argv[1]], Path(sys.argv[2]))
