"""All of it for one process by itself, in a few lines; whoever wants another arrangement takes the parts.

    async with observing(settings.observability, name="notes", version="1.4", own=("notes",)) as observed:
        async with observed.watching([Check("database", "responseTime", look)]) as health:
            yield observed.around(app, health, route_of=template)

From the first line on, what is logged goes where the settings say, `opentelemetry.trace` leads to our spans, and what
tasks leave behind is captured. Metrics, health and failures are told at the private address; or, where a process keeps
several of us, reported to that. What closes last is the log.

Guaranteed: who is to be told by the settings is told, or it does not start: an endpoint to which nobody here sends is
refused, as is an address that is taken. Not guaranteed: to be not ready for a while before the end, for which the
server has to say that it is about to stop (`threadly.core.asgi.stopping`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from threadly.core.asgi import ASGIApp, Peer, Scope
from threadly.core.config import ConfigurationError, Mistake, Profile
from threadly.core.observability.context import Work
from threadly.core.observability.errors import TOPIC as ERRORS
from threadly.core.observability.errors import Noise, Receiver, Tracker
from threadly.core.observability.health import PROBES, Check, Health, HealthRoutes
from threadly.core.observability.health import TOPIC as HEALTH
from threadly.core.observability.logs import set_up_logs
from threadly.core.observability.metrics import REQUESTS, snapshot, watch
from threadly.core.observability.metrics import TOPIC as METRICS
from threadly.core.observability.middleware import Telemetry
from threadly.core.observability.private import Listener, host_and_port, of_process
from threadly.core.observability.reporting import Reporter
from threadly.core.observability.settings import ObservabilitySettings
from threadly.core.observability.tracing import Receiver as SpanReceiver
from threadly.core.observability.tracing import Tracing, traced


@dataclass(slots=True)
class Observed:
    """A process that tells what happens in it."""

    settings: ObservabilitySettings
    version: str
    name: str
    tracing: Tracing
    errors: Tracker
    """Who is told of what nobody foresaw: `errors.capture(failure)`."""
    reporter: Reporter
    url: str | None = None
    """Where those who run it are told; None: nowhere here."""
    _watched: Health | None = field(default=None, init=False)

    def health(self) -> Health | None:
        """How it does; None while it starts."""
        return self._watched

    @asynccontextmanager
    async def watching(
        self, checks: Sequence[Check], *, stopping: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[Health]:
        """Looks at these until the block ends; until it begins, `/readyz` of the private address says: not ready.

        Args:
            stopping: Whether the server is about to stop, and so is not ready.
        """
        health = Health.told_by(
            self.settings.health, checks, version=self.version, service=self.name, stopping=stopping
        )
        async with health.watching():
            self.reporter.offer(HEALTH, health.told)
            self._watched = health
            try:
                yield health
            finally:
                self._watched = None

    def around(
        self,
        app: ASGIApp,
        health: Health,
        *,
        route_of: Callable[[Scope], str | None] | None = None,
        trusts: Callable[[Peer], bool] = lambda _: False,
        quiet: Collection[str] = PROBES,
        work: type[Work] = Work,
    ) -> ASGIApp:
        """The application with `/livez` and `/readyz` in front of it, and the one middleware around both.

        Args:
            route_of, trusts, quiet, work: As of `Telemetry`.
        """
        return Telemetry(
            HealthRoutes(app, health),
            tracing=self.tracing,
            requests=REQUESTS,
            trusts=trusts,
            route_of=route_of,
            is_told=self.settings.tells_requests,
            failed=self.errors.capture,
            quiet=quiet,
            work=work,
        )


@asynccontextmanager
async def observing(
    settings: ObservabilitySettings,
    *,
    name: str,
    version: str,
    own: tuple[str, ...],
    profile: Profile = Profile.PRODUCTION,
    noise: Noise | None = None,
    spans: SpanReceiver | None = None,
    failures: Sequence[Receiver] = (),
    variables: str = "THREADLY_OBSERVABILITY__",
) -> AsyncIterator[Observed]:
    """What happens in this process is told, for as long as the block lasts.

    Args:
        name: Of the process: stands in each of its lines.
        own: The application's packages, whose functions tell kinds of failures apart.
        profile: In production, lines are JSON even at a terminal.
        noise: Which failures are no news; all are, if not said.
        spans: Who takes the spans of traces that are told; an adapter of OTLP, as `threadly.integrations.otlp`.
        failures: Who is told of failures beside the log, as `threadly.integrations.sentry`; the caller closes them.
        variables: What the names of the variables begin with, for whoever has to mend one.

    Raises:
        ConfigurationError: Traces or failures are to be sent somewhere, and nobody was given who does.
        OpsPortTaken, OpsAddressNotUsable: The private address cannot be listened at.
    """
    _refuse_unsent(settings, spans, failures, variables)
    logs = set_up_logs(settings.logs, always={"process": name, "version": version}, json=profile is Profile.PRODUCTION)
    try:
        async with AsyncExitStack() as living:
            errors = Tracker(
                settings.errors,
                noise=noise or Noise(()),
                own=own,
                release=version,
                process=name,
                environment=profile,
                receivers=failures,
            )
            reporter = Reporter(settings.ops.socket)
            tracing = await living.enter_async_context(traced(settings.tracing, spans))
            observed = Observed(settings, version, name, tracing, errors, reporter)
            living.enter_context(errors.watching(asyncio.get_running_loop()))
            await living.enter_async_context(watch(name))
            await living.enter_async_context(_told(observed, variables))
            yield observed
    finally:
        await asyncio.to_thread(logs.close)


@asynccontextmanager
async def _told(observed: Observed, variables: str) -> AsyncIterator[None]:
    """Reports to the process that keeps us; where none does, answers who asks."""
    ops = observed.settings.ops
    place = host_and_port(ops.listen)
    observed.reporter.offer(METRICS, snapshot)
    observed.reporter.offer(ERRORS, observed.errors.told)
    if ops.socket is not None or place is None:
        async with observed.reporter.reporting():
            yield
        return
    routes = of_process(health=observed.health, failures=observed.errors.said)
    async with Listener(place, routes, setting=f"{variables}OPS__LISTEN").listening() as listener:
        observed.url = listener.url
        yield


def _refuse_unsent(
    settings: ObservabilitySettings, spans: SpanReceiver | None, failures: Sequence[Receiver], variables: str
) -> None:
    unsent = {
        "TRACING__ENDPOINT": settings.tracing.endpoint is not None and spans is None,
        "ERRORS__SENTRY_DSN": settings.errors.sentry_dsn is not None and not failures,
    }
    names = [f"{variables}{name}" for name, is_unsent in unsent.items() if is_unsent]
    if names:
        raise ConfigurationError(
            Mistake(f"{name} is set, and nothing in this application sends anything there.", name) for name in names
        )
