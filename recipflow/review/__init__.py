"""Did it work? What happened in a span of time, as counts and intervals; nobody is scored or ranked."""

from recipflow.review.counting import Count, Share, Spread, share, spread
from recipflow.review.tracing import Trace, trace

__all__ = ["Count", "Share", "Spread", "Trace", "share", "spread", "trace"]
