"""Where advice stops: public bodies and the rules about gifts that may apply to them."""

from recipflow.guards.limits import GiftRule, GiftRules, read_gift_rules
from recipflow.guards.public import PublicSector, read_public_sector
from recipflow.guards.register import Gift, Total, totals

__all__ = [
    "Gift",
    "GiftRule",
    "GiftRules",
    "PublicSector",
    "Total",
    "read_gift_rules",
    "read_public_sector",
    "totals",
]
