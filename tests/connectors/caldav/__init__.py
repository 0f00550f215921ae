"""CalDAV against two servers nobody here wrote."""
