"""Lines about what happens, for people at a terminal and for programs elsewhere.

Whoever tells something takes structlog (`_log = structlog.get_logger(__name__)`), and needs nothing of this: it is
`set_up_logs` that decides where the lines go, in whoever runs the process.
"""

from threadly.core.observability.logs.setting_up import LogNotWritable, Logs, set_up_logs
from threadly.core.observability.logs.settings import LogSettings

__all__ = ["LogNotWritable", "LogSettings", "Logs", "set_up_logs"]
