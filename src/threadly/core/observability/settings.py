"""What the observability package wants to be told; each part of it has a section of its own."""

from threadly.core.config import Section
from threadly.core.observability.errors.settings import ErrorSettings
from threadly.core.observability.health.settings import HealthSettings
from threadly.core.observability.logs.settings import LogSettings
from threadly.core.observability.private import OpsSettings
from threadly.core.observability.tracing.settings import TracingSettings


class ObservabilitySettings(Section):
    """How a process tells what happens in it."""

    tells_requests: bool = True
    """Whether each request has a line in the log; those that fail have one in any case."""

    logs: LogSettings = LogSettings()
    ops: OpsSettings = OpsSettings()
    tracing: TracingSettings = TracingSettings()
    health: HealthSettings = HealthSettings()
    errors: ErrorSettings = ErrorSettings()
