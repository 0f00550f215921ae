"""Gmail and Google Calendar, by the interfaces Google publishes."""
