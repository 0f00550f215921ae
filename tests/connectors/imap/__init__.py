"""The connector `imap` against a real server."""
