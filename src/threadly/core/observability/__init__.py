"""What happens in a process, told so that it can be understood elsewhere: logs, metrics, traces, errors, health.

Mechanisms only: it knows neither a database nor a marketplace.
"""

from threadly.core.observability.collecting import SOCKET, Collector, NoRoomForSocket, private_folder
from threadly.core.observability.context import Work, current
from threadly.core.observability.failures import Failure, failure_of
from threadly.core.observability.logs import Logs, LogSettings, set_up_logs
from threadly.core.observability.middleware import Telemetry
from threadly.core.observability.observing import Observed, observing
from threadly.core.observability.private import OpsSettings, host_and_port
from threadly.core.observability.reporting import Reporter
from threadly.core.observability.scrubbing import LONGEST, is_private, scrub, scrub_text
from threadly.core.observability.settings import ObservabilitySettings

__all__ = [
    "LONGEST",
    "SOCKET",
    "Collector",
    "Failure",
    "LogSettings",
    "Logs",
    "NoRoomForSocket",
    "ObservabilitySettings",
    "Observed",
    "OpsSettings",
    "Reporter",
    "Telemetry",
    "Work",
    "current",
    "failure_of",
    "host_and_port",
    "is_private",
    "observing",
    "private_folder",
    "scrub",
    "scrub_text",
    "set_up_logs",
]
