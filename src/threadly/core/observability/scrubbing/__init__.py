"""Nothing private leaves by a log line, a trace, a metric or an error: by name or by form."""

from threadly.core.observability.scrubbing.names import is_private
from threadly.core.observability.scrubbing.text import LONGEST, scrub_text
from threadly.core.observability.scrubbing.values import scrub

__all__ = ["LONGEST", "is_private", "scrub", "scrub_text"]
