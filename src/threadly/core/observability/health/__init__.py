"""Health: checks that look in the background, and answers from memory: is it alive, can it serve, how is it.

    health = Health([Check("database", "responseTime", look)], version="1.4.0")
    app = HealthRoutes(app, health)

    async with health.watching():
        ...

Promises: of a check `checks`, of looking `watching`, of what is said `report`, of saying it `routes`.
"""

from threadly.core.observability.health.checks import Apart, Check, Reading, Status, Unhealthy
from threadly.core.observability.health.lag import loop_lag
from threadly.core.observability.health.report import TOPIC, Detail, Report, merged, package_health
from threadly.core.observability.health.routes import ALIVE, HEALTH, LIVEZ, MEDIA_TYPE, PROBES, READYZ, HealthRoutes
from threadly.core.observability.health.settings import HealthSettings
from threadly.core.observability.health.watching import Health

__all__ = [
    "ALIVE",
    "HEALTH",
    "LIVEZ",
    "MEDIA_TYPE",
    "PROBES",
    "READYZ",
    "TOPIC",
    "Apart",
    "Check",
    "Detail",
    "Health",
    "HealthRoutes",
    "HealthSettings",
    "Reading",
    "Report",
    "Status",
    "Unhealthy",
    "loop_lag",
    "merged",
    "package_health",
]
