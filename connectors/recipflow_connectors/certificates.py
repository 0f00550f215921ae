"""What to say of a server whose certificate cannot be trusted: what is wrong with it, and the way out, in one line."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

#: What OpenSSL says of it, by number (openssl-verification-options(1), x509_vfy.h).
_DATES = frozenset({9, 10})
_NAMES = frozenset({62, 64})


def distrusted(fault: BaseException) -> str:
    """What to say where a certificate is what is wrong; "" where it is something else."""
    found = next((one for one in _beneath(fault) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if found is None:
        return ""
    return f"its certificate cannot be trusted ({found.verify_message.rstrip('.')}): {_way_out(found)}"


def _way_out(found: ssl.SSLCertVerificationError) -> str:
    if found.verify_code in _NAMES:
        return "give the name it was made out to as the server's in config.toml, if that is your server"
    if found.verify_code in _DATES:
        return "who runs the server has to renew it, unless the clock of this computer is wrong"
    return "if it comes from an authority you trust, name that one's file in the variable REQUESTS_CA_BUNDLE"


def _beneath(fault: BaseException) -> Iterator[BaseException]:
    """The fault and what it stands for: libraries wrap what went wrong in what they call it."""
    yield fault
    for one in (fault.__cause__, getattr(fault, "reason", None), *fault.args):
        if isinstance(one, BaseException):
            yield from _beneath(one)
