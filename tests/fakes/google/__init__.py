"""A stateful stand-in for Google under the real client libraries; `python -m tests.fakes.google` serves it by hand."""

from tests.fakes.google.faults import Fault, Faults, Quota
from tests.fakes.google.mail import Mailbox
from tests.fakes.google.server import Google, serving

__all__ = ["Fault", "Faults", "Google", "Mailbox", "Quota", "serving"]
