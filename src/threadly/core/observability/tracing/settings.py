"""What tracing wants to be told."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from threadly.core.config import Secret, Section, address_of


def _expect_pairs(headers: Secret) -> Secret:
    if not _HEADERS.fullmatch(headers.get_secret_value()):
        raise ValueError("should be like name=value,name=value")
    return headers


_HEADERS: Final = re.compile(r"(?: *[!#$%&'*+.^_`|~0-9A-Za-z-]+=[^,]*(?:,|$))*")


class TracingSettings(Section):
    """Which requests and jobs are told as traces, and to whom."""

    endpoint: Annotated[Secret, address_of("http", "https")] | None = Field(
        default=None, examples=["http://collector:4318"]
    )
    """Where spans are sent: an OpenTelemetry collector, or anything that takes OTLP over HTTP, as
    `http://collector:4318`. Without it, requests and jobs still have trace ids, which stand in every log line."""

    headers: Annotated[Secret, AfterValidator(_expect_pairs)] = Field(default=Secret(""), examples=["api-key=…"])
    """What is sent along to the endpoint, often a key: `name=value,name=value`."""

    ratio: float = Field(default=0.01, ge=0, le=1)
    """How many traces that begin here are told whatever becomes of them: 0.01 is one in a hundred. Who calls us may
    have decided already (W3C `traceparent`); a proxy of THREADLY_SERVER__TRUSTED_PROXIES is followed in that."""

    slow: timedelta = Field(default=timedelta(seconds=1), ge=timedelta(0), le=timedelta(hours=1))
    """What takes this long is always told, and so is what fails."""

    most_slow_or_failed: int = Field(default=20, ge=0)
    """How many traces a second each process tells because they were slow or failed; the others are counted, so that an
    outage does not send more than it explains."""

    timeout: timedelta = Field(default=timedelta(seconds=5), gt=timedelta(0), le=timedelta(minutes=10))
    """How long the endpoint may take to accept one batch. No request waits for it."""

    service: str = Field(default="threadly", min_length=1)
    """What the sender is called there (`service.name`)."""


def headers_of(settings: TracingSettings) -> Mapping[str, str]:
    """The headers, by name."""
    pairs = (pair.partition("=") for pair in settings.headers.get_secret_value().split(",") if pair)
    return {name.strip(): value.strip() for name, _, value in pairs}
