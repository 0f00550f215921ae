"""The standing model: what is believed about one contact at one moment, as a fold over that contact's acts.

The mathematics is MODEL.md's: linear first-order decays, so that the state is a handful of numbers, one act is
one O(1) step, and advancing the clock composes. Times are days (UTC, since 1970), values favour units.
Nothing here is a probability.
"""

from recipflow.standing.acts import Outcome, ask, give, outcome, receive, settle, thanks
from recipflow.standing.asking import (
    followup_from,
    gaps_end,
    lapses_at,
    open_ask,
    refused_gap_ends,
    retreat_until,
)
from recipflow.standing.changes import owes, owing_changes_at, pressure_falls_at
from recipflow.standing.checking import AskWarning, Caution, Check, check, thanks_missed_from
from recipflow.standing.etiquette import Norm, Profile, Terms, terms
from recipflow.standing.pools import Debt, Pools
from recipflow.standing.reading import read_norms, read_profiles
from recipflow.standing.state import Anchor, Answer, Ask, Standing, advance, from_list, to_list
from recipflow.standing.windows import Window, stale_at, window
from recipflow.standing.worth import GiveWarning, Relevance, Worth, value

__all__ = [
    "Anchor",
    "Answer",
    "Ask",
    "AskWarning",
    "Caution",
    "Check",
    "Debt",
    "GiveWarning",
    "Norm",
    "Outcome",
    "Pools",
    "Profile",
    "Relevance",
    "Standing",
    "Terms",
    "Window",
    "Worth",
    "advance",
    "ask",
    "check",
    "followup_from",
    "from_list",
    "gaps_end",
    "give",
    "lapses_at",
    "open_ask",
    "outcome",
    "owes",
    "owing_changes_at",
    "pressure_falls_at",
    "read_norms",
    "read_profiles",
    "receive",
    "refused_gap_ends",
    "retreat_until",
    "settle",
    "stale_at",
    "terms",
    "thanks",
    "thanks_missed_from",
    "to_list",
    "value",
    "window",
]
