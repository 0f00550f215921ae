"""Whatever goes wrong with a calendar server told apart: the user must act, or it passes; it was done, or perhaps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from recipflow.errors import AuthNeeded, Changed, TryLater, Uncertain
from recipflow_connectors.certificates import distrusted

CONNECT = "recipflow connect caldav"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@contextmanager
def told(again: str = CONNECT) -> Iterator[None]:
    """Whatever a server or the network does wrong becomes one of the two: AuthNeeded, with the command `again`, TryLater."""
    from caldav.lib.error import DAVError, RateLimitError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from niquests.exceptions import RequestException

    try:
        yield
    except RateLimitError as fault:
        raise TryLater("the calendar server is busy", after=fault.retry_after_seconds) from fault
    except DAVError as fault:
        if is_refusal(fault):
            raise AuthNeeded(_refusal(fault), command=again) from fault
        raise TryLater(f"the calendar server could not answer ({_status(fault)})") from fault
    except RequestException as fault:
        if said := distrusted(fault):
            raise TryLater(f"the calendar server: {said}") from fault
        raise TryLater(f"the calendar server could not be reached ({type(fault).__name__})") from fault
    except (LxmlError, AssertionError, ValueError) as fault:  # an answer that broke off, or is none
        raise TryLater(f"the calendar server's answer made no sense ({type(fault).__name__})") from fault


@contextmanager
def writing(again: str = CONNECT) -> Iterator[None]:
    """As `told`, but what may have been done in spite of it is Uncertain."""
    from niquests.exceptions import ConnectTimeout, RequestException

    try:
        with told(again):
            yield
    except TryLater as fault:
        cause = fault.__cause__
        never_left = isinstance(cause, ConnectTimeout) or (cause and distrusted(cause))
        if isinstance(cause, RequestException) and not never_left:
            raise Uncertain("the connection broke while an event was written") from fault
        raise


def checked(status: int) -> None:
    """Of an answer to a write."""
    if status in (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT):
        raise Changed("the event is not as it was")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Uncertain(f"the calendar server failed while an event was written ({status})")
    if status >= HTTPStatus.BAD_REQUEST:
        raise TryLater(f"the calendar server would not take an event ({status})")


def is_refusal(fault: Exception) -> bool:
    """Whether the user is not let in, or may not do that."""
    status = getattr(fault, "status", None)
    return status in _REFUSED or type(fault).__name__ == "AuthorizationError"


def _refusal(fault: Exception) -> str:
    if getattr(fault, "status", None) == HTTPStatus.FORBIDDEN:
        return "The calendar server does not let this user do that."
    return "The calendar server does not take the name or the password."


def _status(fault: Exception) -> str:
    return str(getattr(fault, "status", None) or type(fault).__name__)
