"""Times that suit an ask or a hello, as events in a calendar of the user's own, that follow the facts and the user."""
