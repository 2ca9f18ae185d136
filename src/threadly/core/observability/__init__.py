"""What happens in a process, told so that it can be understood elsewhere: logs, metrics, traces, errors, health.

Mechanisms only: it knows neither a database nor a marketplace.
"""

from threadly.core.observability.collecting import SOCKET, Collector, NoRoomForSocket, private_folder
from threadly.core.observability.context import Work, current
from threadly.core.observability.private import OpsSettings, host_and_port
from threadly.core.observability.reporting import Reporter
from threadly.core.observability.settings import ObservabilitySettings

__all__ = [
    "SOCKET",
    "Collector",
    "NoRoomForSocket",
    "ObservabilitySettings",
    "OpsSettings",
    "Reporter",
    "Work",
    "current",
    "host_and_port",
    "private_folder",
]
