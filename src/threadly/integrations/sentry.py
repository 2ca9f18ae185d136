"""Sentry, or what speaks like it (GlitchTip, Bugsink), as a receiver of failures that were looked at closely.

The SDK is used for its transport alone: no integration is installed, nothing of it is global, and events are made of
reports, which hold no local variable, no line of source, no body, header, address or cookie. Its `send_default_pii` is
off, as it is by itself (naming it is deprecated), and `before_send` scrubs every text once more. Of a person there is
an id.

Guaranteed: `take` puts an event into a bounded queue, or counts that it found no room; a thread of its own sends. An
endpoint that hangs or refuses costs what waits there, up to 100 events, and at the end as long as `close` is told.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final, cast

import structlog
from prometheus_client import Counter
from sentry_sdk import Client
from sentry_sdk.transport import HttpTransport
from sentry_sdk.types import Event, Hint

from threadly.core.observability import is_private, scrub_text
from threadly.core.observability.errors import Report

MOST_WAITING: Final = 100
_SEND_SECONDS: Final = 5
_TELLS_EACH_EVENT: Final = "sentry_sdk.errors"
_DEEPEST: Final = 16
_HIDDEN: Final = "[secret]"
_TAGS: Final = ("route", "method", "job")
"""Of these there are as many as the program has; ids and texts are no tags."""
_TRACE: Final = ("trace_id", "span_id")

UNSENT: Final = Counter(
    "threadly_errors_unsent_total", "Failures that Sentry was not told of: no room, no answer, a refusal.", ["reason"]
)

_log: Final = structlog.get_logger(__name__)


class Sentry:
    """A project there.

    Args:
        dsn: Its address, with the key.
        share: Of what is looked at closely, how much is told.
    """

    def __init__(self, dsn: str, *, release: str, environment: str, share: float = 1.0) -> None:
        logging.getLogger(_TELLS_EACH_EVENT).setLevel(logging.CRITICAL)
        self.client: Final = Client(
            dsn=dsn,
            release=release,
            environment=environment,
            sample_rate=share,
            before_send=_scrubbed_event,
            transport=_Transport,
            transport_queue_size=MOST_WAITING,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            propagate_traces=False,
            send_client_reports=False,
            enable_backpressure_handling=False,
            spotlight=False,
            debug=False,
        )

    def take(self, report: Report) -> None:
        """Has it sent, in a while."""
        self.client.capture_event(event_of(report))

    def close(self, within: timedelta) -> None:
        """Sends what waits, for so long at most; what is left then is lost."""
        self.client.close(timeout=within.total_seconds())


class _Transport(HttpTransport):
    TIMEOUT = _SEND_SECONDS

    def on_dropped_event(self, reason: str) -> None:
        """Counts it; the log says so once, and whenever they have grown tenfold."""
        if reason == "full_queue":
            reason = "no_room"
        elif not reason.startswith("status_"):
            reason = "no_answer"
        UNSENT.labels(reason).inc()
        self._unsent = getattr(self, "_unsent", 0) + 1
        if str(self._unsent).strip("0") == "1":
            _log.warning("Sentry is not told of failures.", reason=reason, untold=self._unsent)


def event_of(report: Report) -> Event:
    """A report in Sentry's form (its event payload)."""
    group, sample = report.group, report.sample
    context = sample.context
    told: dict[str, Any] = {
        "timestamp": sample.at.isoformat(),
        "level": group.level,
        "logger": "threadly",
        "server_name": report.process,
        "transaction": context.get("route") or context.get("job") or "",
        "fingerprint": [group.id],
        "exception": {"values": _exceptions(sample.failure)},
        "breadcrumbs": {
            "values": [
                {
                    "timestamp": _before(sample.at, crumb.seconds_before),
                    "category": crumb.category,
                    "level": crumb.level,
                    "message": crumb.message,
                }
                for crumb in sample.breadcrumbs
            ]
        },
        "tags": {name: context[name] for name in _TAGS if name in context},
        "contexts": {
            "trace": {name: context[name] for name in _TRACE if name in context},
            "marketplace": {name: value for name, value in context.items() if name not in _TRACE},
            "kind": {
                "id": group.id,
                "count": group.count,
                "first_seen": group.first_seen.isoformat(),
                "where": list(group.where),
            },
        },
    }
    if "member_id" in context:
        told["user"] = {"id": context["member_id"]}
    return cast("Event", told)


def _exceptions(failure: dict[str, Any]) -> list[dict[str, Any]]:
    """The causes first, as Sentry wants them; members of a group before it."""
    module, _, name = str(failure["type"]).rpartition(".")
    own = {
        "type": name,
        "module": module or None,
        "value": failure["message"],
        "stacktrace": {"frames": [_frame(frame) for frame in failure.get("frames", [])]},
    }
    below: list[dict[str, Any]] = []
    for each in (failure.get("cause"), *failure.get("members", [])):
        if each is not None:
            below = _exceptions(each) + below
    return [*below, own]


def _frame(told: str) -> dict[str, Any]:
    file, line, function = told.split(":", 2)
    return {
        "filename": file,
        "lineno": int(line),
        "function": function,
        "module": file.removesuffix(".py").replace("/", "."),
        "in_app": file.startswith("threadly/"),
    }


def _before(at: datetime, seconds: float) -> str:
    return (at - timedelta(seconds=seconds)).isoformat()


def _scrubbed_event(event: Event, _: Hint) -> Event:
    """What goes, after the SDK has added what it knows: every text of it scrubbed."""
    return cast("Event", _scrubbed(event, _DEEPEST))


def _scrubbed(value: Any, deeper: int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return scrub_text(value)
    if deeper <= 0:
        return None
    if isinstance(value, dict):
        return {
            name: _HIDDEN if is_private(name) and isinstance(each, str) else _scrubbed(each, deeper - 1)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_scrubbed(each, deeper - 1) for each in value]
    return value
