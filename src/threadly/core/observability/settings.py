"""What the observability package wants to be told; each part of it has a section of its own."""

from threadly.core.config import Section
from threadly.core.observability.logs.settings import LogSettings
from threadly.core.observability.private import OpsSettings


class ObservabilitySettings(Section):
    """How a process tells what happens in it."""

    logs: LogSettings = LogSettings()
    ops: OpsSettings = OpsSettings()
