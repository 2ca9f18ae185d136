"""What libraries tell by the standard library's `logging`, and Python by `warnings`, goes the way of our own lines."""

import logging
from collections.abc import Callable
from typing import Any, Final

from threadly.core.observability.failures import exception_of
from threadly.core.observability.logs.logger import LEVELS

_ITS_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}

Tell = Callable[[str, str, dict[str, Any], BaseException | None, str], None]


class Handler(logging.Handler):
    """Passes records on: logger, level, fields, exception, and the sentence before values were put into it."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def handle(self, record: logging.LogRecord) -> bool:
        """Without the lock that handlers have: what comes next needs none, and a finaliser may log at any moment."""
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises."""
        try:
            event = record.getMessage()
        except Exception:  # noqa: BLE001  a library's own mistake, in its own arguments
            event = str(record.msg)
        if record.name == "py.warnings":  # which brings the line of source along
            event = event.partition("\n")[0]
        level = next((name for name, least in reversed(LEVELS.items()) if record.levelno >= least), "debug")
        fields = {"event": event, **{name: value for name, value in vars(record).items() if name not in _ITS_OWN}}
        self._tell(record.name, level, fields, exception_of(record.exc_info), str(record.msg))


def take_over(tell: Tell, *, least: str) -> None:
    """From now on, and instead of what was configured before. Libraries are told from warnings on, or from `info` on
    where all is wanted: below that they talk to their authors."""
    handler = Handler(tell)
    root = logging.getLogger()
    for other in list(root.handlers):
        root.removeHandler(other)
    root.addHandler(handler)
    told = logging.getLevelNamesMapping()[least.upper()]
    root.setLevel(logging.INFO if least == "debug" else max(logging.WARNING, told))
    logging.captureWarnings(capture=True)
