"""A stateful stand-in for the parts of Microsoft Graph that recipflow uses: mail and calendar of one mailbox.

Every object it gives is held to Microsoft's published metadata (`csdl`); what is not in there (status codes, paging,
headers) follows the documentation, rule by rule (`rules`). It breaks on demand (`faults`).

    python -m tests.fakes.graph            serves the demo mailbox, for trying `recipflow connect outlook` by hand
"""
